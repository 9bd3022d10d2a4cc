#define BOOST_TEST_MODULE file
#include <filesystem>
#include <iterator>
#include <string>

#include <boost/test/unit_test.hpp>

#include <tagger/file.hpp>

#include "temporary_folder.hpp"

namespace fs = std::filesystem;

BOOST_AUTO_TEST_CASE(a_file_that_is_replaced_keeps_its_permissions) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "secret.json";
  tagger::write_file(path, "old");
  for (const auto permissions : {fs::perms::owner_read | fs::perms::owner_write, fs::perms{0664}}) {
    fs::permissions(path, permissions);
    tagger::write_file(path, "new");
    BOOST_TEST(fs::file_size(path) == 3U);
    BOOST_CHECK(fs::status(path).permissions() == permissions);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_committed_leaves_the_old_file) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a.json";
  tagger::write_file(path, "old");
  {
    tagger::AtomicFile{path}.write("new and longer");
  }
  BOOST_TEST(fs::file_size(path) == 3U);
  BOOST_TEST(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}
