#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zlib.h>

#include <tagger/file.hpp>
#include <tagger/json.hpp>
#include <tagger/mapped_file.hpp>
#include <tagger/weights/safetensors_header.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {
namespace detail {

inline constexpr std::string_view checksum_key = "tagger.crc32";
inline constexpr std::string_view no_checksum = "00000000";
inline constexpr std::uint64_t longest_safetensors_header = 100'000'000;

inline std::uint32_t checksum(std::uint32_t start, std::span<const std::byte> bytes) {
  if (bytes.empty()) return start;  // zlib answers a null pointer with the first value of all
  return static_cast<std::uint32_t>(::crc32_z(start, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

inline std::string checksum_text(std::uint32_t value) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08x", static_cast<unsigned>(value));
  return text.data();
}

/// The eight digits of the checksum in a header that has one; empty elsewhere. (In a string of the JSON the quotes
/// would be escaped, so the pattern can only be the key.)
inline std::span<char> checksum_digits(std::span<char> header) {
  const std::string pattern = '"' + std::string(checksum_key) + "\":\"";
  const std::size_t at = std::string_view(header.data(), header.size()).find(pattern);
  if (at == std::string_view::npos || header.size() - at < pattern.size() + no_checksum.size()) return {};
  return header.subspan(at + pattern.size(), no_checksum.size());
}

inline void check_checksum(const std::filesystem::path& path, std::string header, std::span<const std::byte> data,
                           const std::string& expected) {
  const auto digits = checksum_digits(header);
  std::copy_n(no_checksum.begin(), digits.size(), digits.begin());
  const std::uint32_t crc = checksum(checksum(0, std::as_bytes(std::span(header))), data);
  if (checksum_text(crc) == expected) return;
  throw WeightsError(path, "",
                     "the contents do not have the checksum " + expected +
                         " that they were written with: the file is damaged (or was changed by a program that copied "
                         "its metadata: drop " +
                         std::string(checksum_key) + " there)");
}

/// \throws WeightsError unless the tensors lie one after the other, without gap or overlap, and fill the data
inline void check_layout(const std::filesystem::path& path, const SafetensorsHeader& header, std::uint64_t data_size) {
  std::vector<const SafetensorsHeader::Tensor*> tensors;
  for (const auto& each : header.tensors) tensors.push_back(&each);
  std::sort(tensors.begin(), tensors.end(),
            [](const auto* a, const auto* b) { return std::pair(a->begin, a->end) < std::pair(b->begin, b->end); });
  std::uint64_t position = 0;
  for (const auto* each : tensors) {
    const std::string offsets = "data_offsets [" + std::to_string(each->begin) + ", " + std::to_string(each->end) + "]";
    if (each->begin > each->end) throw WeightsError(path, each->name, offsets + " end before they begin");
    if (each->end > data_size) {
      throw WeightsError(path, each->name,
                         offsets + " pass the end of the file, which holds " + std::to_string(data_size) +
                             " bytes of tensors: is it cut off?");
    }
    if (each->begin != position) {
      throw WeightsError(path, each->name, offsets + " leave a gap or overlap: expected " + std::to_string(position));
    }
    position = each->end;
  }
  if (position != data_size) {
    throw WeightsError(path, "", std::to_string(data_size - position) + " bytes after the last tensor belong to none");
  }
}

}  // namespace detail

/// Reads a safetensors file (https://huggingface.co/docs/safetensors): eight bytes with the header's length, a JSON
/// header, the tensors' bytes. The file is mapped, not copied (see detail::map_file); the tensors are views of it,
/// which keep it alive, in the header's order. Every offset is checked against the file's size, and our checksum where
/// the file has it (it is left out of the metadata). \throws FileError, WeightsError
inline StateDict read_safetensors(const std::filesystem::path& path) {
  const auto [bytes, owner] = detail::map_file(path);
  if (bytes.size() < 8) {
    throw WeightsError(path, "", "its " + std::to_string(bytes.size()) + " bytes are too few for a safetensors file");
  }
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < 8; ++i) length |= std::to_integer<std::uint64_t>(bytes[i]) << 8 * i;
  if (length > detail::longest_safetensors_header) {
    throw WeightsError(path, "byte 0", "a header of " + std::to_string(length) + " bytes: this is no safetensors file");
  }
  if (length > bytes.size() - 8) {
    throw WeightsError(path, "byte 0",
                       "the header has " + std::to_string(length) + " bytes, the file only " +
                           std::to_string(bytes.size() - 8) + " after its length: it is cut off");
  }
  const std::string text(reinterpret_cast<const char*>(bytes.data()) + 8, static_cast<std::size_t>(length));
  const auto data = bytes.subspan(8 + static_cast<std::size_t>(length));

  detail::SafetensorsHeaderReader reader{path};
  read_json_events(text, reader);
  auto& header = reader.header;
  detail::check_layout(path, header, data.size());
  if (const auto found = header.metadata.find(std::string(detail::checksum_key)); found != header.metadata.end()) {
    detail::check_checksum(path, text, data, found->second);
    header.metadata.erase(found);
  }

  StateDict state;
  state.source = path;
  state.metadata = std::move(header.metadata);
  for (auto& each : header.tensors) {
    const auto view =
        data.subspan(static_cast<std::size_t>(each.begin), static_cast<std::size_t>(each.end - each.begin));
    state.add(std::move(each.name),
              {.dtype = each.dtype, .shape = std::move(each.shape), .bytes = view, .owner = owner});
  }
  return state;
}

/// Writes `state` to `path`, whole or not at all, straight from where its tensors lie. The metadata get a checksum of
/// header and data under "tagger.crc32". Python reads it with safetensors.torch.load_file.
/// \throws FileError; WeightsError for a name that is not UTF-8 or is "__metadata__"
inline void write_safetensors(const std::filesystem::path& path, const StateDict& state) {
  // Wide types first, as the format's own library does: every tensor is then aligned for its type.
  std::vector<std::span<const std::byte>> parts;
  std::vector<std::uint64_t> begins(state.size());
  std::uint64_t position = 0;
  for (const std::size_t size : {8, 4, 2, 1}) {
    std::size_t index = 0;
    for (const auto& [name, tensor] : state) {
      const std::size_t at = index++;
      if (element_size(tensor.dtype) != size) continue;
      begins[at] = position;
      position += tensor.bytes.size();
      parts.push_back(tensor.bytes);
    }
  }

  Json::object_t header;
  auto metadata = state.metadata;
  metadata[std::string(detail::checksum_key)] = detail::no_checksum;
  header.emplace_back("__metadata__", metadata);
  std::size_t index = 0;
  for (const auto& [name, tensor] : state) {
    const std::uint64_t begin = begins[index++];
    if (name == "__metadata__") throw WeightsError(path, name, "the format keeps this name for itself");
    Json fields;
    fields["dtype"] = detail::safetensors_name(tensor.dtype);
    fields["shape"] = tensor.shape;
    fields["data_offsets"] = {begin, begin + tensor.bytes.size()};
    header.emplace_back(name, std::move(fields));
  }

  std::string text;
  try {
    text = Json(std::move(header)).dump();
  } catch (const Json::type_error& error) {
    throw WeightsError(path, "header", std::string("a name or metadata is not UTF-8: ") + error.what());
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  if (text.size() > detail::longest_safetensors_header) throw WeightsError(path, "header", "longer than 100 MB");

  std::uint32_t crc = detail::checksum(0, std::as_bytes(std::span(text)));
  for (const auto part : parts) crc = detail::checksum(crc, part);
  const auto digits = detail::checksum_digits(text);
  std::copy_n(detail::checksum_text(crc).begin(), digits.size(), digits.begin());

  std::string length(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(text.size() >> 8 * i & 0xff);
  AtomicFile file{path};
  file.write(length);
  file.write(text);
  for (const auto part : parts) file.write(part);
  file.commit();
}

}  // namespace tagger
