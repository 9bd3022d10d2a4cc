#define BOOST_TEST_MODULE prepare
#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/data/prepare.hpp>

namespace {

using namespace tagger;

// sea 1, sky 3, snow 2, sun 2, moon 0
Annotations example() {
  return Annotations(
      {"sea", "sky", "snow", "sun", "moon"},
      {{"0.jpg", {1, 2}, {0}}, {"1.jpg", {0}, {1}}, {"2.jpg", {1, 3}, {}}, {"3.jpg", {}, {}}, {"4.jpg", {1, 2, 3}, {}}},
      "all.json");
}

Annotations numbered(std::size_t count) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i) samples.push_back({std::to_string(i), {0}, {}});
  return Annotations({"sky"}, std::move(samples), "a.json");
}

template <class Error>
auto says(const std::string& expected) {
  return [expected](const Error& error) { return error.what() == expected; };
}

}  // namespace

BOOST_AUTO_TEST_CASE(distribution_is_sorted_and_ties_keep_their_order) {
  const std::vector<LabelCount> expected{{"sky", 3}, {"snow", 2}, {"sun", 2}, {"sea", 1}, {"moon", 0}};
  BOOST_CHECK(label_distribution(example()) == expected);
}

BOOST_AUTO_TEST_CASE(most_frequent_labels_keep_their_order_and_drop_bare_samples) {
  const auto chosen = most_frequent_labels(example(), 2);
  const std::vector<std::string> labels{"sky", "snow"};  // snow is as frequent as sun, and comes first
  BOOST_CHECK(chosen.labels() == labels);
  const std::vector<Sample> samples{{"0.jpg", {0, 1}, {}}, {"2.jpg", {0}, {}}, {"4.jpg", {0, 1}, {}}};
  BOOST_CHECK(chosen.samples() == samples);
  BOOST_TEST(most_frequent_labels(example(), 5).size() == 4U);
  BOOST_CHECK_EXCEPTION(most_frequent_labels(example(), 6), OptionError,
                        says<OptionError>("all.json: the 6 most frequent labels were asked for; there are 5"));
  BOOST_CHECK_THROW(most_frequent_labels(example(), 0), OptionError);
}

BOOST_AUTO_TEST_CASE(labels_can_be_chosen_by_name_in_a_new_order) {
  const auto chosen = select_labels(example(), {"snow", "sea"});
  const std::vector<Sample> samples{{"0.jpg", {0}, {1}}, {"1.jpg", {1}, {}}, {"4.jpg", {0}, {}}};
  BOOST_CHECK(chosen.samples() == samples);
  const Annotations sparse({"sea", "sky", "snow"}, {{"0.jpg", {1}, {}, {0, 2}, Label::unknown}});
  BOOST_CHECK((select_labels(sparse, {"snow", "sky"}).samples()[0] == Sample{"0.jpg", {1}, {}, {0}, Label::unknown}));
  BOOST_CHECK_EXCEPTION(
      select_labels(example(), {"snwo"}), OptionError,
      says<OptionError>("all.json: unknown label \"snwo\"; valid: sea, sky, snow, sun, moon; did you mean \"snow\"?"));
  BOOST_CHECK_EXCEPTION(select_labels(example(), {"moon"}), DataError,
                        says<DataError>("all.json: samples: is empty; at least one picture is needed"));
  BOOST_CHECK_THROW(select_labels(example(), {"sky", "sky"}), DataError);
}

BOOST_AUTO_TEST_CASE(first_samples_are_the_first) {
  BOOST_TEST(first_samples(numbered(5), 2).samples().back().image_name == "1");
  BOOST_TEST(first_samples(numbered(5), 9).size() == 5U);
  BOOST_CHECK_THROW(first_samples(numbered(5), 0), DataError);
}

BOOST_AUTO_TEST_CASE(shuffling_is_a_function_of_the_seed) {
  const auto first = shuffle_samples(numbered(50), 1);
  BOOST_CHECK(first.samples() == shuffle_samples(numbered(50), 1).samples());
  BOOST_CHECK(first.samples() != shuffle_samples(numbered(50), 2).samples());
  BOOST_CHECK(first.samples() != numbered(50).samples());
  BOOST_CHECK(std::is_permutation(first.samples().begin(), first.samples().end(), numbered(50).samples().begin()));
}
