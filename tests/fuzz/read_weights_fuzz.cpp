// libFuzzer: reads its input as a weights file, and as the pickle of one, past the checksums that guard an archive.
// read_weights_fuzz -max_total_time=60 CORPUS tests/golden/weights

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <tagger/weights/read_weights.hpp>

namespace {

/// Every byte of every tensor is looked at, for the sanitizer to see.
void touch(const tagger::StateDict& state) {
  unsigned sum = 0;
  for (const auto& [name, tensor] : state) {
    for (const auto byte : tensor.bytes) sum += std::to_integer<unsigned>(byte);
  }
  volatile unsigned sink = sum;
  static_cast<void>(sink);
}

void read_as_file(std::span<const std::byte> input) {
  static const int file = ::memfd_create("weights", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (::ftruncate(file, 0) != 0 ||
      ::pwrite(file, input.data(), input.size(), 0) != static_cast<ssize_t>(input.size())) {
    std::abort();
  }
  try {
    touch(tagger::read_weights(path));
  } catch (const tagger::Error&) {
  }
}

void read_as_pickle(std::span<const std::byte> input) {
  try {
    tagger::detail::Pickle pickle;
    const auto top = tagger::detail::Unpickler{"fuzz", "pickle", input, pickle}.load();
    const auto load = [](const std::string&, std::size_t element_size) {
      auto bytes = std::make_shared<const std::vector<std::byte>>(24 * element_size);
      const std::span<const std::byte> view = *bytes;
      return tagger::detail::SharedBytes{view, std::move(bytes)};
    };
    touch(tagger::detail::PyTorchState{"fuzz", pickle, load}.read(top));
  } catch (const tagger::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  read_as_file(input);
  read_as_pickle(input);
  return 0;
}
