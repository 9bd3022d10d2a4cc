#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>
#include <new>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <zlib.h>
#include <pugixml.hpp>

#include <tagger/data/annotations.hpp>
#include <tagger/error.hpp>
#include <tagger/file.hpp>
#include <tagger/random.hpp>

/// Reads the Open Clip Art Library as Debian's packages openclipart-svg and openclipart-png lay it out: drawings
/// in svg/, some gzipped, with their tags inside, and each drawn as a picture at the same path in png/.
namespace openclipart {

struct Drawing {
  std::string image_name;         ///< below png/: "animals/bat.png"
  std::set<std::string> tags;     ///< normalised, at least one
  std::filesystem::path picture;  ///< the file that the picture is once links are followed
};

/// Lower case, without blanks around it and with one blank between words: " Flag  of Europe" is "flag of europe".
inline std::string normalized_tag(std::string_view text) {
  std::string tag;
  for (const char c : text) {
    const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (!blank) {
      tag += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!tag.empty() && tag.back() != ' ') {
      tag += ' ';
    }
  }
  if (tag.ends_with(' ')) tag.pop_back();
  return tag;
}

/// \throws DataError when the stream is broken, cut off, or longer than 256 MiB
inline std::vector<std::byte> gunzip(std::span<const std::byte> packed, const std::filesystem::path& file) {
  constexpr std::size_t most = std::size_t{256} << 20;
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::bad_alloc();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::vector<std::byte> bytes;
  int status = Z_OK;
  while (status == Z_OK && bytes.size() < most) {
    const std::size_t filled = bytes.size();
    bytes.resize(filled + (std::size_t{1} << 16));
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + filled);
    stream.avail_out = 1 << 16;
    status = inflate(&stream, Z_NO_FLUSH);
    bytes.resize(bytes.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END) throw tagger::DataError(file, "", "is no whole gzip file");
  return bytes;
}

/// The tags of a drawing: each rdf:li of its dc:subject. \throws DataError naming file and byte for broken XML
inline std::set<std::string> read_tags(const std::filesystem::path& file) {
  auto bytes = tagger::read_file(file);
  if (bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b}) bytes = gunzip(bytes, file);
  pugi::xml_document document;
  if (const auto result = document.load_buffer(bytes.data(), bytes.size()); !result) {
    throw tagger::DataError(file, "byte " + std::to_string(result.offset), result.description());
  }
  struct Walker : pugi::xml_tree_walker {
    std::set<std::string> tags;
    bool for_each(pugi::xml_node& node) override {
      if (std::string_view(node.name()) == "rdf:li" &&
          std::string_view(node.parent().parent().name()) == "dc:subject") {
        if (auto tag = normalized_tag(node.child_value()); !tag.empty()) tags.insert(std::move(tag));
      }
      return true;
    }
  } walker;
  document.traverse(walker);
  return std::move(walker.tags);
}

/// Every drawing that has a tag and a picture, in the order of their names.
/// \param report  is told about each drawing that cannot be read; it is left out
/// \throws FileError when there is no svg/ or png/ in `root`
inline std::vector<Drawing> read_drawings(const std::filesystem::path& root,
                                          const std::function<void(std::string_view)>& report) {
  namespace fs = std::filesystem;
  const fs::path svg = root / "svg", png = root / "png";
  for (const auto& folder : {svg, png}) {
    if (!fs::is_directory(folder)) {
      throw tagger::FileError(folder, "",
                              "is no folder; install openclipart-svg and openclipart-png, or name the root");
    }
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(svg)) {
    const auto extension = entry.path().extension();
    if (extension == ".svg" || extension == ".svgz") files.push_back(entry.path().lexically_relative(svg));
  }
  std::sort(files.begin(), files.end());

  std::vector<Drawing> drawings;
  for (const auto& file : files) {
    const auto image_name = fs::path(file).replace_extension(".png");
    std::error_code missing;
    auto picture = fs::canonical(png / image_name, missing);
    if (missing) continue;
    try {
      auto tags = read_tags(svg / file);
      if (!tags.empty()) drawings.push_back({image_name.string(), std::move(tags), std::move(picture)});
    } catch (const tagger::Error& error) {
      report(error.what());
    }
  }
  return drawings;
}

/// In a random order that the seed decides, so that a split does not go by folders. A picture that lies under several
/// names (every seventh does) keeps them together: none is learnt from under one name and tested under another.
inline std::vector<Drawing> shuffled(std::vector<Drawing> drawings, std::uint64_t seed) {
  std::map<std::filesystem::path, std::vector<Drawing>> by_picture;
  for (auto& drawing : drawings) by_picture[drawing.picture].push_back(std::move(drawing));
  std::vector<std::vector<Drawing>*> groups;
  for (auto& group : by_picture) groups.push_back(&group.second);
  // The order of the paths of the pictures would depend on where the root lies.
  std::sort(groups.begin(), groups.end(),
            [](const auto* a, const auto* b) { return a->front().image_name < b->front().image_name; });

  std::vector<Drawing> order;
  for (const std::int64_t i : tagger::permutation(std::ssize(groups), seed, 0)) {
    auto& group = *groups[static_cast<std::size_t>(i)];
    order.insert(order.end(), std::move_iterator(group.begin()), std::move_iterator(group.end()));
  }
  return order;
}

/// All tags are labels, in the order of the alphabet. \throws DataError when there is no drawing
inline tagger::Annotations annotations(const std::vector<Drawing>& drawings, const std::filesystem::path& root) {
  std::map<std::string, std::int32_t> index;
  for (const auto& drawing : drawings) {
    for (const auto& tag : drawing.tags) index.emplace(tag, 0);
  }
  std::vector<std::string> labels;
  for (auto& [tag, i] : index) {
    i = static_cast<std::int32_t>(labels.size());
    labels.push_back(tag);
  }
  std::vector<tagger::Sample> samples;
  for (const auto& drawing : drawings) {
    tagger::Sample sample{.image_name = drawing.image_name, .yes = {}, .unknown = {}};
    for (const auto& tag : drawing.tags) sample.yes.push_back(index.at(tag));
    samples.push_back(std::move(sample));
  }
  return {std::move(labels), std::move(samples), root};
}

}  // namespace openclipart
