// What epochs show: how often, in which order, and that they are functions of seed and epoch alone.
#define BOOST_TEST_MODULE sampler
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/sampler/any_sampler.hpp>

namespace {

using namespace tagger;

using Pictures = std::vector<std::int64_t>;

/// 100 pictures: "sky" on 64, "sea" on 16 of them, "moon" on four others and on one of "sea", "fog" on none.
Annotations example() {
  std::vector<Sample> samples;
  for (int i = 0; i < 100; ++i) {
    Sample sample{.image_name = std::to_string(i)};
    if (i < 64) sample.yes.push_back(0);
    if (i < 16) sample.yes.push_back(1);
    if (i == 0 || (i >= 64 && i < 68)) sample.yes.push_back(2);
    if (i == 99) sample.unknown = {0, 1, 2, 3};
    samples.push_back(std::move(sample));
  }
  return Annotations({"sky", "sea", "moon", "fog"}, std::move(samples), "a.json");
}

std::vector<std::int64_t> counts(const Pictures& pictures) {
  std::vector<std::int64_t> count(100);
  for (const std::int64_t picture : pictures) ++count.at(static_cast<std::size_t>(picture));
  return count;
}

}  // namespace

BOOST_AUTO_TEST_CASE(uniform_shows_every_picture_once_in_the_order_of_the_loader) {
  BOOST_TEST(UniformSampler{}(example(), 7, 3) == permutation(100, 7, 3));
  BOOST_TEST(counts(UniformSampler{}(example(), 7, 3)) == std::vector<std::int64_t>(100, 1));
}

BOOST_AUTO_TEST_CASE(every_sampler_is_a_function_of_seed_and_epoch_and_keeps_its_length) {
  for (const std::string name : {"uniform", "repeat_factor:threshold=0.3", "class_aware"}) {
    BOOST_TEST_CONTEXT(name) {
      const auto sampler = AnySampler::named(name);
      const Pictures first = sampler(example(), 1, 5);
      BOOST_TEST(sampler(example(), 1, 5) == first);
      BOOST_TEST(sampler(example(), 1, 6) != first);
      BOOST_TEST(sampler(example(), 2, 5) != first);
      for (std::uint64_t epoch = 0; epoch < 50; ++epoch) {
        const Pictures pictures = sampler(example(), 1, epoch);
        BOOST_TEST(pictures.size() == first.size());
        BOOST_TEST(*std::min_element(pictures.begin(), pictures.end()) >= 0);
        BOOST_TEST(*std::max_element(pictures.begin(), pictures.end()) < 100);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(repeat_factors_are_the_papers) {
  const auto factors = RepeatFactorSampler{0.36}.factors(example());
  for (int i = 0; i < 100; ++i) {
    // f(sky) = 0.64, f(sea) = 0.16, f(moon) = 0.05; the rarest label of a picture decides
    const double expected = i == 0 || (i >= 64 && i < 68) ? std::sqrt(0.36 / 0.05) : i < 16 ? 1.5 : 1;
    BOOST_TEST(factors[static_cast<std::size_t>(i)] == expected, boost::test_tools::tolerance(1e-14));
  }
  BOOST_TEST(RepeatFactorSampler{0}.factors(example()) == std::vector<double>(100, 1.0));
}

BOOST_AUTO_TEST_CASE(pictures_come_as_often_as_their_repeat_factors) {
  const RepeatFactorSampler sampler{0.36};
  const auto factors = sampler.factors(example());
  double sum = 0;
  for (const double factor : factors) sum += factor;
  const double size = std::ceil(sum);
  constexpr int epochs = 4000;
  std::vector<double> mean(100);
  for (std::uint64_t epoch = 0; epoch < epochs; ++epoch) {
    const Pictures pictures = sampler(example(), 1, epoch);
    BOOST_TEST_REQUIRE(static_cast<double>(pictures.size()) == size);
    const auto count = counts(pictures);
    for (std::size_t i = 0; i < count.size(); ++i) {
      BOOST_TEST_REQUIRE(std::abs(static_cast<double>(count[i]) - factors[i] * size / sum) < 1);
      BOOST_TEST_REQUIRE(count[i] >= 1);
      mean[i] += static_cast<double>(count[i]) / epochs;
    }
  }
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const double expected = factors[i] * size / sum, fraction = expected - std::floor(expected);
    const double deviation = std::sqrt(fraction * (1 - fraction) / epochs);
    BOOST_TEST(std::abs(mean[i] - expected) < 5 * deviation + 1e-12, "picture " << i);
  }
}

BOOST_AUTO_TEST_CASE(repeats_do_not_stand_side_by_side) {
  const Pictures pictures = RepeatFactorSampler{1}(example(), 1, 0);
  int beside = 0;
  for (std::size_t i = 1; i < pictures.size(); ++i) beside += pictures[i] == pictures[i - 1];
  BOOST_TEST(beside < 10);  // of about 80 repeats; a list that is not shuffled has them all
  BOOST_TEST(!std::is_sorted(pictures.begin(), pictures.end()));
}

BOOST_AUTO_TEST_CASE(without_rare_labels_repeat_factor_shows_every_picture_once) {
  BOOST_TEST(counts(RepeatFactorSampler{0.001}(example(), 1, 0)) == std::vector<std::int64_t>(100, 1));
}

BOOST_AUTO_TEST_CASE(class_aware_deals_labels_and_their_pictures_in_turn) {
  // 96 epochs are 9600 turns: 3200 of each of three labels, 50 rounds of the 64 pictures of sky, 200 of the 16 of sea,
  // 640 of the 5 of moon
  std::vector<std::int64_t> total(100);
  for (std::uint64_t epoch = 0; epoch < 96; ++epoch) {
    const auto count = counts(ClassAwareSampler{}(example(), 3, epoch));
    for (std::size_t i = 0; i < count.size(); ++i) total[i] += count[i];
  }
  for (int i = 0; i < 100; ++i) {
    const std::int64_t expected = (i < 64 ? 50 : 0) + (i < 16 ? 200 : 0) + (i == 0 || (i >= 64 && i < 68) ? 640 : 0);
    BOOST_TEST(total[static_cast<std::size_t>(i)] == expected, "picture " << i);
  }
}

BOOST_AUTO_TEST_CASE(class_aware_needs_a_label) {
  const Annotations bare({"sky"}, {{.image_name = "a"}, {.image_name = "b"}}, "a.json");
  BOOST_CHECK_EXCEPTION(ClassAwareSampler{}(bare, 1, 0), DataError, [](const DataError& error) {
    return std::string(error.what()) == "a.json: samples: no picture has a label that class_aware could choose it by";
  });
  BOOST_TEST(RepeatFactorSampler{1}(bare, 1, 0).size() == 2U);
}

// [own]
/// A random share of the pictures in each epoch, for sets too large to be seen whole before every test.
struct ShareSampler {
  static constexpr std::string_view name = "share";

  double share = 0.1;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("share", self.share, "of the pictures, in an epoch", tagger::between(0, 1));
  }

  std::vector<std::int64_t> operator()(const tagger::Annotations& annotations, std::uint64_t seed,
                                       std::uint64_t epoch) const {
    auto pictures = tagger::permutation(std::ssize(annotations.samples()), seed, epoch);
    pictures.resize(static_cast<std::size_t>(std::ceil(share * static_cast<double>(pictures.size()))));
    return pictures;
  }
};
static_assert(tagger::Sampler<ShareSampler>);
// [own]

BOOST_AUTO_TEST_CASE(a_sampler_of_ones_own_is_one_like_the_others) {
  using Mine = std::tuple<UniformSampler, ShareSampler>;
  const auto sampler = AnySampler::named<Mine>("share:share=0.25");
  BOOST_TEST(sampler(example(), 1, 0).size() == 25U);
  BOOST_TEST(sampler.chosen() == "share:share=0.25");
}

BOOST_AUTO_TEST_CASE(samplers_are_chosen_by_name) {
  BOOST_TEST(AnySampler{}.chosen() == "uniform");
  BOOST_TEST(AnySampler::named("repeat_factor:threshold=0.01").chosen() == "repeat_factor:threshold=0.01");
  BOOST_TEST(AnySampler(RepeatFactorSampler{}).chosen() == "repeat_factor");
  BOOST_CHECK_THROW(AnySampler::named("repeat_factor:threshold=2"), OptionError);
  BOOST_CHECK_EXCEPTION(AnySampler::named("balanced"), OptionError, [](const OptionError& error) {
    return std::string(error.what()) == "unknown sampler \"balanced\"; valid: uniform, repeat_factor, class_aware";
  });
}
