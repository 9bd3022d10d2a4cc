#pragma once

#include <unistd.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/file.hpp>
#include <tagger/weights/state_dict.hpp>

namespace weights_test {

inline std::filesystem::path golden(std::string_view name) {
  return std::filesystem::path(TAGGER_TEST_DATA) / "weights" / name;
}

/// A folder of its own, gone with it.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("tagger-" + name + '-' + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Writes without AtomicFile, whose fsync would take most of the time of thousands of small files.
inline void put(const std::filesystem::path& path, std::string_view bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  BOOST_REQUIRE(file != nullptr);
  BOOST_REQUIRE_EQUAL(std::fwrite(bytes.data(), 1, bytes.size(), file), bytes.size());
  BOOST_REQUIRE_EQUAL(std::fclose(file), 0);
}

/// Element i of the oracle's tensors: tests/oracles/weights.py, values().
inline double expected_value(int seed, std::size_t i, tagger::DType dtype) {
  using tagger::DType;
  const auto raw = static_cast<double>((i * 37 + static_cast<std::size_t>(seed) * 11) % 101);
  switch (dtype) {
    case DType::boolean:
      return static_cast<int>(raw) % 2;
    case DType::uint8:
      return raw;
    case DType::float32:
    case DType::float64:
    case DType::float16:
    case DType::bfloat16:
      return (raw - 50) / 8;
    default:
      return raw - 50;
  }
}

/// A half-precision number without special cases: ours are normal or zero.
inline double half(std::uint16_t bits) {
  if ((bits & 0x7fff) == 0) return 0;
  const double magnitude = std::bit_cast<float>(static_cast<std::uint32_t>((bits & 0x7fff) << 13) + (112u << 23));
  return bits & 0x8000 ? -magnitude : magnitude;
}

inline std::vector<double> doubles(const tagger::TensorData& tensor) {
  using tagger::DType;
  std::vector<double> result;
  const std::size_t size = tagger::element_size(tensor.dtype);
  const auto read = [&]<class T>(T, std::size_t i) {
    T value;
    std::memcpy(&value, tensor.bytes.data() + i * size, sizeof value);
    return value;
  };
  for (std::size_t i = 0; i < tensor.numel(); ++i) {
    switch (tensor.dtype) {
      case DType::float32:
        result.push_back(read(float{}, i));
        break;
      case DType::float64:
        result.push_back(read(double{}, i));
        break;
      case DType::float16:
        result.push_back(half(read(std::uint16_t{}, i)));
        break;
      case DType::bfloat16:
        result.push_back(std::bit_cast<float>(std::uint32_t{read(std::uint16_t{}, i)} << 16));
        break;
      case DType::int64:
        result.push_back(static_cast<double>(read(std::int64_t{}, i)));
        break;
      case DType::int32:
        result.push_back(read(std::int32_t{}, i));
        break;
      case DType::int16:
        result.push_back(read(std::int16_t{}, i));
        break;
      case DType::int8:
        result.push_back(read(std::int8_t{}, i));
        break;
      default:
        result.push_back(read(std::uint8_t{}, i));
    }
  }
  return result;
}

struct Expected {
  std::string_view name;
  int seed;
  std::vector<std::int64_t> shape;
  tagger::DType dtype = tagger::DType::float32;
};

inline std::vector<Expected> every_type() {
  using tagger::DType;
  return {{"float32", 1, {2, 3, 4}},
          {"float64", 2, {5}, DType::float64},
          {"float16", 3, {3, 3}, DType::float16},
          {"bfloat16", 4, {7}, DType::bfloat16},
          {"int64", 5, {2, 2}, DType::int64},
          {"int32", 6, {3}, DType::int32},
          {"int16", 7, {3}, DType::int16},
          {"int8", 8, {5}, DType::int8},
          {"uint8", 9, {3, 1}, DType::uint8},
          {"bool", 10, {5}, DType::boolean},
          {"scalar", 11, {}},
          {"num_batches_tracked", 12, {}, DType::int64},
          {"empty", 13, {0, 3}},
          {"ключ.weight", 14, {2}}};
}

inline void check_tensor(const tagger::StateDict& state, const Expected& expected) {
  BOOST_TEST_CONTEXT(state.source << ": " << expected.name) {
    const auto* tensor = state.find(expected.name);
    BOOST_REQUIRE(tensor != nullptr);
    BOOST_TEST(tensor->shape == expected.shape, boost::test_tools::per_element());
    BOOST_TEST(tagger::dtype_name(tensor->dtype) == tagger::dtype_name(expected.dtype));
    const auto found = doubles(*tensor);
    for (std::size_t i = 0; i < found.size(); ++i) {
      BOOST_TEST(found[i] == expected_value(expected.seed, i, expected.dtype));
    }
  }
}

/// Runs `action`; it must throw E with every one of `parts` in its message.
template <class E, class Action>
void check_error(Action action, std::initializer_list<std::string_view> parts) {
  try {
    action();
    BOOST_ERROR("nothing was thrown");
  } catch (const E& error) {
    for (const auto part : parts) {
      BOOST_TEST(std::string_view(error.what()).find(part) != std::string_view::npos,
                 '"' << part << "\" is not in: " << error.what());
    }
  }
}

}  // namespace weights_test
