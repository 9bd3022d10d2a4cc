#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <tagger/mapped_file.hpp>
#include <tagger/weights/pytorch_state.hpp>
#include <tagger/weights/state_dict.hpp>
#include <tagger/weights/unpickler.hpp>

namespace tagger {
namespace detail {

/// The number 0x1950a86a20f9469cfc6c as a pickle holds it: a legacy file starts with the pickle of it.
inline constexpr std::array<std::uint8_t, 12> legacy_magic{0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46,
                                                           0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};

inline bool has_legacy_magic(std::span<const std::byte> head) {
  const auto start = head.first(std::min<std::size_t>(head.size(), 32));
  return std::search(start.begin(), start.end(), legacy_magic.begin(), legacy_magic.end(),
                     [](std::byte a, std::uint8_t b) { return a == std::byte{b}; }) != start.end();
}

}  // namespace detail

/// Reads what torch.save wrote before PyTorch 1.6, and writes still with _use_new_zipfile_serialization=False: pickles
/// of a magic number, the version, the machine, the structure and the storages' keys, then the storages, each its
/// number of elements and they. The file is mapped (detail::map_file). Otherwise as read_pytorch_zip. \throws
/// FileError, WeightsError
inline StateDict read_pytorch_legacy(const std::filesystem::path& path) {
  const auto [bytes, owner] = detail::map_file(path);
  if (!detail::has_legacy_magic(bytes)) throw WeightsError(path, "", "the magic number of torch.save is missing");
  detail::Pickle pickle;
  detail::Unpickler unpickler{path, "pickle", bytes, pickle};
  unpickler.load();  // the magic number
  const auto version = unpickler.load();
  if (const auto* number = pickle.as<std::int64_t>(version); number == nullptr || *number != 1001) {
    unpickler.refuse("not version 1001 of the format");
  }
  unpickler.load();  // the machine; whichever it was, the bytes are little endian
  const auto top = unpickler.load();
  const auto key_list = unpickler.load();
  const auto* keys = pickle.as<detail::PickleList>(key_list);
  if (keys == nullptr) unpickler.refuse("expected the list of storages");

  std::map<std::string, DType> types;  // only the structure knows how long an element is
  for (const auto& value : pickle.values()) {
    if (const auto* storage = std::get_if<detail::PickledStorage>(&value)) {
      types.emplace(*pickle.as<std::string>(storage->key), storage->dtype);
    }
  }
  std::map<std::string, std::span<const std::byte>> storages;
  auto rest = bytes.subspan(unpickler.position());
  for (const detail::PickleId id : keys->items) {
    const auto* key = pickle.as<std::string>(id);
    const auto type = key ? types.find(*key) : types.end();
    if (type == types.end()) unpickler.refuse("a storage is listed that no tensor uses");
    const std::string place = "storage \"" + *key + '"';
    if (rest.size() < 8) throw WeightsError(path, place, "the file is cut off");
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < 8; ++i) count |= std::to_integer<std::uint64_t>(rest[i]) << 8 * i;
    rest = rest.subspan(8);
    const std::size_t size = element_size(type->second);
    if (count > rest.size() / size) {
      throw WeightsError(path, place,
                         "it has " + std::to_string(count) + " elements of " + std::to_string(size) +
                             " bytes, but only " + std::to_string(rest.size()) + " bytes remain: the file is cut off");
    }
    storages.emplace(*key, rest.first(static_cast<std::size_t>(count) * size));
    rest = rest.subspan(static_cast<std::size_t>(count) * size);
  }
  if (!rest.empty()) {
    throw WeightsError(path, "", std::to_string(rest.size()) + " bytes after the last storage belong to none");
  }

  const auto load = [&storages, &path, owner = owner](const std::string& key, std::size_t) {
    const auto found = storages.find(key);
    if (found == storages.end()) throw WeightsError(path, "storage \"" + key + '"', "the file has no such storage");
    return detail::SharedBytes{found->second, owner};
  };
  return detail::PyTorchState{path, pickle, load}.read(top);
}

}  // namespace tagger
