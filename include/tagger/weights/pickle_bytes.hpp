#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include <tagger/error.hpp>

namespace tagger::detail {

/// Takes numbers and texts from the bytes of a pickle, never past their end.
class PickleBytes {
 public:
  static constexpr std::size_t longest_pickle = std::size_t{32} << 20;

  PickleBytes(std::filesystem::path file, std::string place, std::span<const std::byte> bytes)
      : file_(std::move(file)), place_(std::move(place)), bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }
  std::size_t position() const { return position_; }

  /// Another pickle starts here.
  void begin_pickle() { end_ = std::min(bytes_.size(), position_ + longest_pickle); }

  /// The code of the next instruction; what is refused from now on is refused of it.
  std::uint8_t instruction() {
    instruction_ = position_;
    return std::to_integer<std::uint8_t>(take(1)[0]);
  }

  std::span<const std::byte> take(std::uint64_t count) {
    if (count > end_ - position_) {
      refuse(end_ < bytes_.size() ? "the pickle is longer than 32 MiB" : "the pickle ends early: the file is cut off");
    }
    const auto taken = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += taken.size();
    return taken;
  }
  /// An unsigned little-endian number of `size` bytes, at most 8.
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    std::size_t shift = 0;
    for (const std::byte each : take(size)) {
      value |= std::to_integer<std::uint64_t>(each) << std::exchange(shift, shift + 8);
    }
    return value;
  }
  std::string text(std::uint64_t size) {
    const auto taken = take(size);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }
  std::string line() {
    const auto rest = bytes_.subspan(position_, end_ - position_);
    std::string result =
        text(static_cast<std::uint64_t>(std::find(rest.begin(), rest.end(), std::byte{'\n'}) - rest.begin()));
    take(1);
    return result;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw WeightsError(file_, place_ + ", byte " + std::to_string(instruction_), what);
  }

 private:
  std::filesystem::path file_;
  std::string place_;
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0, instruction_ = 0, end_ = 0;
};

}  // namespace tagger::detail
