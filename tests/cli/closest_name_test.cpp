#define BOOST_TEST_MODULE closest_name
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/closest_name.hpp>

using tagger::closest_name;
using tagger::unknown_name_message;

BOOST_AUTO_TEST_CASE(finds_what_was_meant) {
  const std::vector<std::string> names{"batch-size", "backbone", "epochs", "resnext50_32x4d", "resnet50"};
  BOOST_TEST(closest_name("bacth-size", names) == "batch-size");
  BOOST_TEST(closest_name("batch_size", names) == "batch-size");
  BOOST_TEST(closest_name("Epochs", names) == "epochs");
  BOOST_TEST(closest_name("epoch", names) == "epochs");
  BOOST_TEST(closest_name("resnext50", names) == "resnext50_32x4d");
  BOOST_TEST(closest_name("resnet5", names) == "resnet50");
}

BOOST_AUTO_TEST_CASE(suggests_nothing_that_is_far) {
  const std::array<std::string_view, 3> names{"sky", "a", "water"};
  BOOST_TEST(closest_name("mountain", names) == "");
  BOOST_TEST(closest_name("b", names) == "");
  BOOST_TEST(closest_name("", names) == "");
  BOOST_TEST(closest_name("sky", std::vector<std::string>{}) == "");
}

BOOST_AUTO_TEST_CASE(distances) {
  using tagger::detail::edit_distance;
  BOOST_TEST(edit_distance("", "abc") == 3u);
  BOOST_TEST(edit_distance("abc", "") == 3u);
  BOOST_TEST(edit_distance("kitten", "sitting") == 3u);
  BOOST_TEST(edit_distance("ab", "ba") == 1u);
  BOOST_TEST(edit_distance("A_b", "a-B") == 0u);
}

BOOST_AUTO_TEST_CASE(message) {
  const std::vector<const char*> losses{"binary_cross_entropy", "focal"};
  BOOST_TEST(unknown_name_message("loss", "focl", losses) ==
             "unknown loss \"focl\"; valid: binary_cross_entropy, focal; did you mean \"focal\"?");
  BOOST_TEST(unknown_name_message("loss", "mse", losses) == "unknown loss \"mse\"; valid: binary_cross_entropy, focal");
  std::vector<std::string> many(50, "label");
  BOOST_TEST(unknown_name_message("label", "x", many).ends_with("label and 10 more"));
}
