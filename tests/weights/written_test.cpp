#define BOOST_TEST_MODULE written
#include <boost/test/unit_test.hpp>

#include <cstdlib>

#include <tagger/weights/pytorch_write.hpp>
#include <tagger/weights/read_weights.hpp>
#include <tagger/weights/safetensors.hpp>

#include "weights/support.hpp"

using namespace tagger;
using namespace weights_test;

namespace {

/// The bytes that we write are those which Python was seen to read: tests/oracles/read_our_weights.py reads the golden
/// files. With TAGGER_WRITE_GOLDEN set they are written anew; run the script then.
template <class Write>
void check_written(const char* name, Write write) {
  if (std::getenv("TAGGER_WRITE_GOLDEN") != nullptr) write(golden(name));
  const Folder folder{"written"};
  write(folder / name);
  BOOST_TEST((read_file(folder / name) == read_file(golden(name))), name << " is not written as it was");
  for (const auto& expected : every_type()) check_tensor(read_weights(folder / name), expected);
}

}  // namespace

BOOST_AUTO_TEST_CASE(python_reads_what_we_write) {
  auto state = read_weights(golden("types.pth"));
  state.metadata = {{"format", "pt"}};
  check_written("ours.safetensors", [&](const auto& path) { write_safetensors(path, state); });
  check_written("ours.pth", [&](const auto& path) { write_pytorch(path, state); });
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written) {
  const Folder folder{"written-not"};
  check_error<FileError>([&] { write_pytorch(folder / "absent/f", StateDict{}); }, {"absent/f: cannot be written"});
}
