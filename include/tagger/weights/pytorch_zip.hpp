#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <tagger/weights/pytorch_state.hpp>
#include <tagger/weights/state_dict.hpp>
#include <tagger/weights/unpickler.hpp>
#include <tagger/weights/zip_archive.hpp>

namespace tagger {
namespace detail {

/// Reverses the bytes of every element: what a machine of the other byte order wrote.
inline void swap_bytes(std::span<std::byte> bytes, std::size_t element_size) {
  for (; bytes.size() >= element_size; bytes = bytes.subspan(element_size)) {
    std::reverse(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(element_size));
  }
}

}  // namespace detail

/// Reads what torch.save writes since PyTorch 1.6: a zip archive with a pickle of the structure (data.pkl) and an entry
/// a storage (data/0 ...). Of a training checkpoint it reads the network alone: the dict under one of the names in
/// detail::state_dict_keys, else the top one. Strided tensors become contiguous; tensors that share a storage go on
/// sharing it. Nothing in the file is run. \throws FileError, WeightsError
inline StateDict read_pytorch_zip(const std::filesystem::path& path) {
  detail::ZipArchive archive{path};
  std::string root;
  for (const auto& name : archive.names()) {
    const std::size_t slash = name.find('/');
    if (root.empty() && slash != std::string::npos && std::string_view(name).substr(slash) == "/data.pkl") {
      root = name.substr(0, slash + 1);
    }
  }
  if (root.empty()) throw WeightsError(path, "", "a zip archive without data.pkl: torch.save did not write it");
  if (std::any_of(archive.names().begin(), archive.names().end(),
                  [&](const auto& name) { return name.starts_with(root + "code/"); })) {
    throw WeightsError(path, "",
                       "a TorchScript program, not weights: in Python, torch.save(torch.jit.load(path).state_dict(), "
                       "...) gives a file that can be read");
  }
  bool swapped = false;
  if (archive.contains(root + "byteorder")) {
    const auto bytes = archive.read(root + "byteorder");
    const std::string_view order(reinterpret_cast<const char*>(bytes.data.get()), bytes.size);
    swapped = order == "big";
    if (!swapped && order != "little") throw WeightsError(path, root + "byteorder", "neither \"little\" nor \"big\"");
  }

  const auto structure = archive.read(root + "data.pkl");
  detail::Pickle pickle;
  const auto top = detail::Unpickler{path, root + "data.pkl", structure.span(), pickle}.load();
  const auto load = [&](const std::string& key, std::size_t element_size) {
    auto bytes = archive.read(root + "data/" + key);
    if (swapped) detail::swap_bytes(bytes.span(), element_size);
    return detail::SharedBytes{bytes.span(), std::move(bytes.data)};
  };
  return detail::PyTorchState{path, pickle, load}.read(top);
}

}  // namespace tagger
