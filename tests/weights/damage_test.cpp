#define BOOST_TEST_MODULE damage
#include <boost/test/unit_test.hpp>

#include <tagger/random.hpp>
#include <tagger/weights/read_weights.hpp>

#include "weights/support.hpp"

using namespace tagger;
using namespace weights_test;

namespace {

constexpr const char* kFiles[] = {"types.safetensors",   "ours.safetensors", "types.pth",      "types_legacy.pth",
                                  "types_protocol4.pth", "layouts.pth",      "checkpoint.pth", "layouts_legacy.pth"};

/// What is read may be wrong, but all of it must be there.
void touch(const StateDict& state) {
  for (const auto& [name, tensor] : state) {
    BOOST_REQUIRE_EQUAL(tensor.bytes.size(), element_count(tensor.shape).value() * element_size(tensor.dtype));
    unsigned sum = 0;
    for (const auto byte : tensor.bytes) sum += std::to_integer<unsigned>(byte);
    BOOST_REQUIRE(sum <= 255 * tensor.bytes.size());
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_cut_off_at_any_byte) {
  const Folder folder{"damage-cut"};
  for (const auto* name : kFiles) {
    const std::string whole = text_of(read_file(golden(name)));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      put(folder / name, whole.substr(0, size));
      BOOST_TEST_CONTEXT(name << " of " << size << " bytes") {
        check_error<WeightsError>([&] { read_weights(folder / name); }, {name});
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(bytes_changed_at_random) {
  const Folder folder{"damage-bytes"};
  for (const auto* name : kFiles) {
    const std::string whole = text_of(read_file(golden(name)));
    std::size_t refused = 0;
    for (std::uint64_t round = 0; round < 3000; ++round) {
      Random random{2020, 0, round};
      std::string changed = whole;
      for (std::uint64_t i = random.below(4); i < 4; ++i) {
        changed[random.below(changed.size())] = static_cast<char>(random.below(256));
      }
      put(folder / name, changed);
      try {
        touch(read_weights(folder / name));
      } catch (const Error&) {
        ++refused;
      }
    }
    BOOST_TEST_MESSAGE(name << ": " << refused << " of 3000 refused");
    BOOST_TEST(refused > 0);
  }
}
