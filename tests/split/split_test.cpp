// Splits, their groups, and how alike their parts are: measures of two peers (tests/oracles/splits.py).
#define BOOST_TEST_MODULE split
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/report/crc32c.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/report/split_table.hpp>
#include <tagger/split/any_splitter.hpp>
#include <tagger/split/quality.hpp>
#include <tagger/split/split.hpp>

#include "data/temporary_folder.hpp"

namespace {

using namespace tagger;

Annotations numbered(std::size_t count) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i) samples.push_back({.image_name = std::to_string(i), .yes = {0}});
  return Annotations({"sky"}, std::move(samples), "a.json");
}

const Json& golden() {
  static const Json file = read_json(std::filesystem::path(TAGGER_TEST_DATA) / "split" / "stratified.json");
  return file;
}

Annotations golden_set(const Json& set) {
  std::vector<std::string> labels;
  for (int label = 0; label < set.at("labels").get<int>(); ++label) labels.push_back(std::to_string(label));
  std::vector<Sample> samples;
  for (const auto& picture : set.at("pictures")) {
    Sample sample{.image_name = std::to_string(samples.size())};
    std::istringstream text(picture.get<std::string>());
    for (std::int32_t label = 0; text >> label;) sample.yes.push_back(label);
    samples.push_back(std::move(sample));
  }
  return {std::move(labels), std::move(samples)};
}

std::vector<std::size_t> parts_of(const Annotations& annotations, const AnySplitter& splitter,
                                  const std::vector<double>& shares) {
  return tagger::parts_of(annotations, splitter, shares, Groups(annotations.size()));
}

std::vector<std::size_t> sizes_of(const std::vector<std::size_t>& parts) {
  std::vector<std::size_t> sizes(*std::max_element(parts.begin(), parts.end()) + 1);
  for (const std::size_t part : parts) ++sizes[part];
  return sizes;
}

template <class Error>
auto says(const std::string& expected) {
  return [expected](const Error& error) {
    BOOST_TEST_INFO(error.what());
    return error.what() == expected;
  };
}

const std::vector<std::string> all_splitters{"first", "random", "stratified", "stratified:order=2"};

}  // namespace

BOOST_AUTO_TEST_CASE(the_tutorials_split_is_five_to_one_in_order) {
  const auto [train, test] = split(numbered(6000));
  BOOST_TEST(train.size() == 5000U);
  BOOST_TEST(test.size() == 1000U);
  BOOST_TEST(train.samples().back().image_name == "4999");
  BOOST_TEST(test.samples().front().image_name == "5000");
  BOOST_TEST(split(numbered(7)).train.size() == 5U);  // 5.8
  BOOST_TEST(split(numbered(10), 1, 1).test.size() == 5U);
  BOOST_CHECK_EXCEPTION(split(numbered(1)), OptionError,
                        says<OptionError>("a.json: 1 samples cannot be split 5 : 1; both parts need one at least"));
  BOOST_CHECK_THROW(split(numbered(9), 1, 0), OptionError);
  BOOST_CHECK_THROW(split(numbered(9), 0, 0), OptionError);
}

BOOST_AUTO_TEST_CASE(first_cuts_where_shares_end_rounded_down) {
  for (std::size_t count = 6; count < 300; ++count) {
    const auto sizes = sizes_of(parts_of(numbered(count), FirstSplit{}, {1, 2, 3}));
    BOOST_TEST(sizes == (std::vector{count / 6, count / 2 - count / 6, count - count / 2}));
  }
}

BOOST_AUTO_TEST_CASE(parts_hold_every_picture_once_in_the_sets_order) {
  for (const auto& name : all_splitters) {
    BOOST_TEST_CONTEXT(name) {
      const auto all = golden_set(golden().at("sets")[0]);
      const auto parts = split(all, AnySplitter::named(name), {0.7, 0.1, 0.2});
      std::vector<int> seen(all.size());
      for (const auto& part : parts) {
        BOOST_CHECK(part.labels() == all.labels());
        int last = -1;
        for (const auto& sample : part.samples()) {
          const int i = std::stoi(sample.image_name);
          BOOST_TEST(i > last);
          BOOST_CHECK(sample == all.samples()[static_cast<std::size_t>(i)]);
          ++seen[static_cast<std::size_t>(i)];
          last = i;
        }
      }
      BOOST_TEST(seen == std::vector<int>(all.size(), 1));
    }
  }
}

BOOST_AUTO_TEST_CASE(folds_test_each_picture_once) {
  const auto all = golden_set(golden().at("sets")[2]);
  for (const auto& name : all_splitters) {
    BOOST_TEST_CONTEXT(name) {
      const auto splitter = AnySplitter::named(name);
      std::vector<std::string> tested;
      for (const auto& [train, test] : folds(all, splitter, 5)) {
        BOOST_TEST(test.size() == 100U);
        BOOST_TEST(train.size() == 400U);
        for (const auto& sample : test.samples()) {
          tested.push_back(sample.image_name);
          BOOST_CHECK(std::find(train.samples().begin(), train.samples().end(), sample) == train.samples().end());
        }
      }
      std::sort(tested.begin(), tested.end());
      BOOST_CHECK(std::adjacent_find(tested.begin(), tested.end()) == tested.end());
      BOOST_TEST(tested.size() == all.size());
    }
  }
  BOOST_CHECK_EXCEPTION(
      folds(numbered(2), FirstSplit{}, 3), OptionError,
      says<OptionError>("a.json: 2 samples cannot be split 1 : 1 : 1; every part needs one at least"));
  BOOST_CHECK_THROW(folds(numbered(2), FirstSplit{}, 0), OptionError);
}

BOOST_AUTO_TEST_CASE(random_parts_are_a_function_of_the_seed_and_have_their_sizes) {
  const auto all = numbered(1000);
  const auto parts = parts_of(all, RandomSplit{1}, {8, 1, 1});
  BOOST_TEST(sizes_of(parts) == (std::vector<std::size_t>{800, 100, 100}));
  BOOST_TEST(parts == parts_of(all, RandomSplit{1}, {8, 1, 1}));
  BOOST_TEST(parts != parts_of(all, RandomSplit{2}, {8, 1, 1}));
  // as many of the first half as chance has it: 50 of 100, within four deviations
  const auto early = std::count(parts.begin(), parts.begin() + 500, 2U);
  BOOST_TEST(early > 30);
  BOOST_TEST(early < 70);
}

BOOST_AUTO_TEST_CASE(stratified_parts_are_a_function_of_the_seed) {
  const auto all = golden_set(golden().at("sets")[2]);
  for (const int order : {1, 2}) {
    const auto parts = parts_of(all, StratifiedSplit{order, 1}, {2, 1});
    BOOST_TEST(parts == parts_of(all, StratifiedSplit{order, 1}, {2, 1}));
    BOOST_TEST(parts != parts_of(all, StratifiedSplit{order, 2}, {2, 1}));
  }
  BOOST_CHECK_THROW(parts_of(all, StratifiedSplit{3}, {2, 1}), OptionError);
}

BOOST_AUTO_TEST_CASE(a_label_that_can_be_shared_out_evenly_is) {
  // 40 pictures of each of two labels, 20 of both, 12 of none
  std::vector<Sample> samples;
  for (int i = 0; i < 112; ++i) {
    Sample sample{.image_name = std::to_string(i)};
    if (i < 40 || (i >= 80 && i < 100)) sample.yes.push_back(0);
    if (i >= 40 && i < 100) sample.yes.push_back(1);
    samples.push_back(std::move(sample));
  }
  const Annotations all({"sea", "sky"}, std::move(samples));
  for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
    const auto quality = split_quality(all, parts_of(all, StratifiedSplit{2, seed}, {1, 1, 1, 1}), {1, 1, 1, 1});
    BOOST_TEST(quality.labels[0].deviation == 0);
    BOOST_TEST(quality.label_distribution == 0);
    BOOST_TEST(quality.pair_distribution == 0);
    BOOST_TEST(quality.examples_distribution == 0);
  }
}

BOOST_AUTO_TEST_CASE(unknown_labels_are_not_shared_out) {
  // what is not a yes must not matter, whatever it is
  auto samples = golden_set(golden().at("sets")[2]).samples();
  const auto labels = golden_set(golden().at("sets")[2]).labels();
  const auto known = parts_of(Annotations(labels, samples), StratifiedSplit{2, 1}, {2, 1});
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (samples[i].label(static_cast<std::int32_t>(i % 14)) == Label::no) {
      samples[i].unknown.push_back(static_cast<std::int32_t>(i % 14));
    }
    if (i % 3 == 0) samples[i].rest = Label::unknown;
  }
  BOOST_TEST(parts_of(Annotations(labels, samples), StratifiedSplit{2, 1}, {2, 1}) == known);
}

BOOST_AUTO_TEST_CASE(measures_are_those_of_the_papers) {
  for (const auto& set : golden().at("sets")) {
    std::vector<std::size_t> parts;
    for (const char part : set.at("parts").get<std::string>()) parts.push_back(static_cast<std::size_t>(part - '0'));
    const auto quality = split_quality(golden_set(set), parts, {2, 1, 1});
    const auto near = boost::test_tools::tolerance(1e-12);
    const auto& measures = set.at("measures");
    BOOST_TEST(quality.label_distribution == measures.at("label_distribution").get<double>(), near);
    BOOST_TEST(quality.pair_distribution == measures.at("pair_distribution").get<double>(), near);
    BOOST_TEST(quality.examples_distribution == measures.at("examples_distribution").get<double>(), near);
  }
}

BOOST_AUTO_TEST_CASE(stratified_parts_are_as_alike_as_those_of_other_libraries) {
  const auto seeds = golden().at("seeds").get<std::uint64_t>();
  for (const auto& set : golden().at("sets")) {
    const auto all = golden_set(set);
    for (const auto& peer : set.at("splits")) {
      const auto shares = peer.at("shares").get<std::vector<double>>();
      const int order = peer.at("order");
      double labels = 0, pairs = 0, examples = 0;
      for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const auto quality = split_quality(all, parts_of(all, StratifiedSplit{order, seed}, shares), shares);
        labels += quality.label_distribution / static_cast<double>(seeds);
        pairs += quality.pair_distribution / static_cast<double>(seeds);
        examples += quality.examples_distribution / static_cast<double>(seeds);
      }
      BOOST_TEST_CONTEXT(peer.at("peer") << ", order " << order << ", " << shares.size() << " parts of "
                                         << all.size()) {
        const auto& mean = peer.at("mean");
        BOOST_TEST(labels <= mean.at("label_distribution").get<double>());
        BOOST_TEST(examples <= mean.at("examples_distribution").get<double>() + 1e-9);
        // 11 % worse in one case, where the peer's parts miss their sizes by 6.6 pictures and ours by 0.3
        if (order == 2) BOOST_TEST(pairs <= 1.15 * mean.at("pair_distribution").get<double>());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(groups_stay_together_whatever_splits_them) {
  const auto all = golden_set(golden().at("sets")[0]);
  std::vector<std::string> scenes;
  for (std::size_t i = 0; i < all.size(); ++i) scenes.push_back(i % 5 == 0 ? "" : std::to_string(i / 7 % 100));
  const Groups groups(scenes);
  BOOST_TEST(groups.pictures() == all.size());
  BOOST_TEST(groups.size() == 100 + all.size() / 5);
  for (const auto& name : all_splitters) {
    BOOST_TEST_CONTEXT(name) {
      const auto parts = tagger::parts_of(all, AnySplitter::named(name), {3, 1}, groups);
      for (std::size_t group = 0; group < groups.size(); ++group) {
        for (const std::size_t picture : groups.members(group)) {
          BOOST_TEST(parts[picture] == parts[groups.members(group).front()]);
        }
      }
      const auto sizes = sizes_of(parts);
      BOOST_TEST(std::abs(static_cast<double>(sizes[1]) - 300) <= 12);
      if (name == "first" || name == "random") continue;
      const auto quality = split_quality(all, parts, {3, 1});
      const auto random = split_quality(all, tagger::parts_of(all, RandomSplit{}, {3, 1}, groups), {3, 1});
      BOOST_TEST(quality.label_distribution < random.label_distribution / (name == "stratified" ? 3 : 1));
      BOOST_TEST(quality.pair_distribution < random.pair_distribution);
    }
  }
}

BOOST_AUTO_TEST_CASE(one_group_cannot_be_split) {
  const std::vector<std::string> scenes(4, "scene");
  BOOST_CHECK_EXCEPTION(
      split(numbered(4), RandomSplit{}, {1, 1}, Groups(scenes)), OptionError,
      says<OptionError>("a.json: 4 samples in 1 groups cannot be split 1 : 1; both parts need one at least"));
  BOOST_CHECK_EXCEPTION(split(numbered(3), RandomSplit{}, {1, 1}, Groups(scenes)), OptionError,
                        says<OptionError>("a.json: 3 samples in 1 groups cannot be split 1 : 1; the groups are of 4 "
                                          "pictures"));
  BOOST_CHECK_EXCEPTION(
      split(numbered(3), RandomSplit{}, {0.5, -1}), OptionError,
      says<OptionError>("a.json: 3 samples cannot be split 0.5 : -1; shares are numbers that are not negative"));
}

BOOST_AUTO_TEST_CASE(groups_come_from_folders) {
  const Annotations all({"sky"}, {{.image_name = "a/1.jpg"},
                                  {.image_name = "2.jpg"},
                                  {.image_name = "a/b/3.jpg"},
                                  {.image_name = "a/4.jpg"},
                                  {.image_name = "5.jpg"}});
  const Groups groups = groups_by_folder(all);
  BOOST_TEST(groups.size() == 3U);
  BOOST_TEST(groups.members(0) == (std::vector<std::size_t>{0, 3}), boost::test_tools::per_element());
  BOOST_TEST(groups.members(1) == (std::vector<std::size_t>{1, 4}), boost::test_tools::per_element());
  BOOST_TEST(groups.members(2) == (std::vector<std::size_t>{2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(groups_come_from_a_file) {
  const TemporaryFolder folder;
  const Annotations all({"sky"}, {{.image_name = "1.jpg"}, {.image_name = "2.jpg"}, {.image_name = "3, 4.jpg"}},
                        "a.json");
  const auto path = folder.file("scenes.csv", "image_name,group\n\"3, 4.jpg\",beach\n0.jpg,\n2.jpg,\n1.jpg,beach\n");
  const Groups groups = read_groups(path, all);
  BOOST_TEST(groups.size() == 2U);
  BOOST_TEST(groups.members(0) == (std::vector<std::size_t>{0, 2}), boost::test_tools::per_element());

  const auto fails = [&](const std::string& text, const std::string& why) {
    const auto file = folder.file("scenes.csv", text);
    BOOST_CHECK_EXCEPTION(read_groups(file, all), DataError, says<DataError>(file.string() + ": " + why));
  };
  fails("", "line 1: is not the header image_name,group");
  fails("image_name\n1.jpg\n", "line 1: is not the header image_name,group");
  fails("image_name,group,more\n1.jpg,a,b\n", "line 1: is not the header image_name,group");
  fails("image_name,group\n1.jpg\n",
        "line 2, column 1: the line has no group; a comma with nothing behind it leaves a picture alone");
  fails("image_name,group\n1.jpg,a,b\n", "line 2, column 7: the line has more than a picture and its group");
  fails("image_name,group\n1.jpg,a\n1.jpg,b\n", "line 3, column 7: picture \"1.jpg\" has two lines");
  fails("image_name,group\n1.jpg,a\n2.jpg,b\n", "has no line for picture \"3, 4.jpg\" of a.json");
}

BOOST_AUTO_TEST_CASE(splitters_are_chosen_by_name) {
  BOOST_TEST(AnySplitter::named("stratified:order=2:seed=7").chosen() == "stratified:order=2:seed=7");
  BOOST_TEST(AnySplitter{}.chosen() == "first");
  BOOST_CHECK_EXCEPTION(
      AnySplitter::named("statified"), OptionError,
      says<OptionError>("unknown split \"statified\"; valid: first, random, stratified; did you mean \"stratified\"?"));
  BOOST_CHECK_THROW(AnySplitter::named("stratified:order=3"), OptionError);
  BOOST_CHECK_THROW(AnySplitter::named("first:seed=3"), OptionError);
}

// [own]
/// By a checksum of the names: when a set grows, no picture changes sides.
struct NameSplit {
  static constexpr std::string_view name = "name";

  std::vector<std::size_t> operator()(const tagger::Annotations& annotations, const tagger::Groups& groups,
                                      const std::vector<double>& sizes) const {
    std::vector<std::size_t> parts(groups.size());
    for (std::size_t group = 0; group < groups.size(); ++group) {
      const std::string& first = annotations.samples()[groups.members(group).front()].image_name;
      double place = tagger::crc32c(std::as_bytes(std::span(first))) * 0x1p-32 * static_cast<double>(groups.pictures());
      while (parts[group] + 1 < sizes.size() && place >= sizes[parts[group]]) place -= sizes[parts[group]++];
    }
    return parts;
  }
};
static_assert(tagger::Splitter<NameSplit>);
// [own]

BOOST_AUTO_TEST_CASE(a_split_of_ones_own_is_one_like_the_others) {
  const auto half = parts_of(numbered(3000), NameSplit{}, {3, 1}),
             whole = parts_of(numbered(6000), NameSplit{}, {3, 1});
  BOOST_CHECK(std::equal(half.begin(), half.end(), whole.begin()));
  BOOST_TEST(std::abs(static_cast<double>(sizes_of(whole)[1]) - 1500) < 150);
  using Mine = std::tuple<FirstSplit, NameSplit>;
  BOOST_TEST(AnySplitter::named<Mine>("name").chosen() == "name");
  BOOST_CHECK_THROW(AnySplitter::named<Mine>("stratified"), OptionError);
}

BOOST_AUTO_TEST_CASE(the_table_begins_with_the_largest_deviation) {
  const Annotations all({"sea", "sky", "moon"}, {{.image_name = "0", .yes = {0, 1}},
                                                 {.image_name = "1", .yes = {1}},
                                                 {.image_name = "2", .yes = {1}},
                                                 {.image_name = "3", .yes = {1}},
                                                 {.image_name = "4"}});
  const auto quality = split_quality(all, {0, 0, 0, 1, 0}, {3, 1});
  BOOST_TEST(split_table(quality, {"train", "test"}) ==
             "share of            pictures    train    test  deviation\n"
             "------------------  --------  -------  ------  ---------\n"
             "what was asked for             75.0 %  25.0 %\n"
             "all pictures                   80.0 %  20.0 %\n"
             "sea                        1  100.0 %   0.0 %     25.0 %\n"
             "sky                        4   75.0 %  25.0 %      0.0 %\n"
             "moon                       0    0.0 %   0.0 %      0.0 %\n"
             "mean distance of odds: labels 1.08333, pairs of labels 0.16667\n");
  BOOST_TEST(split_table(quality, {"train", "test"}, 1).find("2 more labels deviate by 0.0 % at most\n") !=
             std::string::npos);
}
