// MixUp and CutMix equal torchvision's, soft targets and their masks the formula's, and what is drawn is a function of
// (seed, step) with the distribution that it should have.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <vector>

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <networks/generated.hpp>
#include <tagger/loader/mixing.hpp>

BOOST_AUTO_TEST_SUITE(mixing)

namespace {

using namespace tagger;
using nlohmann::json;

constexpr std::int64_t n = 3, k = 5, height = 4, width = 6;
const at::Tensor before = at::tensor({2, 0, 1}, at::kLong);  // each picture's partner is the one before it

json golden() {
  std::ifstream stream(std::filesystem::path(TAGGER_TEST_DATA) / "loader" / "mixing.json");
  return json::parse(stream);
}

std::vector<float> uniform(const std::string& name, std::int64_t count) {
  std::vector<float> numbers;
  generated::uniform(name, count, [&](double u) { numbers.push_back(static_cast<float>(u)); });
  return numbers;
}

at::Tensor images() { return at::tensor(uniform("images", n * 3 * height * width)).view({n, 3, height, width}); }

Targets targets(bool some_unknown) {
  Targets made{.values = at::tensor(uniform("values", n * k)).lt(0.5).to(at::kFloat).view({n, k}),
               .pictures = at::tensor({7, 8, 9}, at::kLong)};
  if (!some_unknown) return made;
  made.known = at::tensor(uniform("known", n * k)).lt(0.7).to(at::kFloat).view({n, k});
  made.values *= made.known;
  return made;
}

void check_near(const at::Tensor& tensor, const json& numbers) {
  const auto expected = at::tensor(numbers.get<std::vector<double>>()).view_as(tensor);
  const double difference = (tensor.to(at::kDouble) - expected).abs().max().item<double>();
  BOOST_TEST(difference <= 2e-7);
}

MixedBatch mixed_as(const json& test, const Targets& targets, MixedLabels labels) {
  if (test.at("way") == "mixup") return mixup(images(), targets, before, test.at("weight"), labels);
  const auto [left, top, columns, rows] = test.at("box").get<std::array<int, 4>>();
  return cutmix(images(), targets, before, {left, top, columns, rows}, labels);
}

bool same(const at::Tensor& a, const at::Tensor& b) {
  return a.defined() == b.defined() && (!a.defined() || a.equal(b));
}

}  // namespace

BOOST_AUTO_TEST_CASE(pictures_and_targets_are_mixed_as_in_python) {
  const json file = golden();
  int checked = 0;
  for (const auto& test : file.at("cases")) {
    BOOST_TEST_CONTEXT(test.at("way") << ' ' << ++checked) {
      for (const auto& [labels, key] : {std::pair{MixedLabels::share, "share"}, {MixedLabels::unite, "unite"}}) {
        const MixedBatch all_known = mixed_as(test, targets(false), labels);
        check_near(all_known.images, test.at("images"));
        check_near(all_known.targets.values, test.at(key));
        BOOST_TEST(!all_known.targets.known.defined());
        BOOST_TEST(!all_known.targets.pictures.defined());
        const MixedBatch masked = mixed_as(test, targets(true), labels);
        check_near(masked.targets.known, test.at(std::string(key) + "_known"));
        check_near(masked.targets.values, test.at(std::string(key) + "_masked"));
      }
    }
  }
  BOOST_TEST(checked == 5);
}

BOOST_AUTO_TEST_CASE(a_picture_without_weight_has_no_say) {
  const Targets given = targets(true);
  for (const auto labels : {MixedLabels::share, MixedLabels::unite}) {
    const Targets own = mix_targets(given, before, 1, labels), others = mix_targets(given, before, 0, labels);
    BOOST_TEST((same(own.values, given.values) && same(own.known, given.known)));
    BOOST_TEST(same(own.pictures, given.pictures));
    BOOST_TEST(same(others.values, given.values.index_select(0, before)));
    BOOST_TEST(same(others.known, given.known.index_select(0, before)));
    BOOST_TEST(same(others.pictures, at::tensor({9, 7, 8}, at::kLong)));
  }
  const MixedBatch nothing = cutmix(images(), given, before, {}), all = cutmix(images(), given, before, {0, 0, 6, 4});
  BOOST_TEST((same(nothing.images, images()) && same(nothing.targets.values, given.values)));
  BOOST_TEST(same(all.images, images().index_select(0, before)));
  BOOST_TEST(same(all.targets.values, given.values.index_select(0, before)));
}

BOOST_AUTO_TEST_CASE(mixing_leaves_the_batch_and_its_layout_alone) {
  const at::Tensor batch = images().contiguous(at::MemoryFormat::ChannelsLast), copy = batch.clone();
  const Targets given = targets(true);
  for (const MixedBatch& made : {mixup(batch, given, before, 0.5), cutmix(batch, given, before, {1, 1, 3, 2})}) {
    BOOST_TEST(made.images.is_contiguous(at::MemoryFormat::ChannelsLast));
    BOOST_TEST((same(batch, copy) && same(given.values, targets(true).values)));
    BOOST_TEST(!same(made.images, batch));
  }
}

BOOST_AUTO_TEST_CASE(boxes_are_torchvision_s) {
  const json file = golden();
  BOOST_TEST(file.at("boxes").size() == 40u);
  for (const auto& test : file.at("boxes")) {
    Random random{test.at("seed"), 3, 7};
    const auto [left, top, columns, rows] = test.at("box").get<std::array<int, 4>>();
    BOOST_TEST((cutmix_box(40, 30, test.at("weight"), random) == Box{left, top, columns, rows}), test.dump());
  }
}

BOOST_AUTO_TEST_CASE(weights_are_beta_distributed) {
  const auto arcsine = [](double x) { return 2 / std::numbers::pi * std::asin(std::sqrt(x)); };
  const auto identity = [](double x) { return x; };
  const auto smooth = [](double x) { return x * x * (3 - 2 * x); };
  const auto check = [](double alpha, auto distribution) {
    constexpr int count = 20000;
    std::vector<double> drawn(count);
    for (int i = 0; i < count; ++i) {
      Random random{3, 5, static_cast<std::uint64_t>(i)};
      drawn[static_cast<std::size_t>(i)] = tagger::detail::beta_variate(alpha, random);
    }
    std::sort(drawn.begin(), drawn.end());
    double distance = 0;  // of Kolmogorov and Smirnov
    for (int i = 0; i < count; ++i) {
      const double expected = distribution(drawn[static_cast<std::size_t>(i)]);
      distance =
          std::max({distance, std::abs(expected - i / double{count}), std::abs((i + 1) / double{count} - expected)});
    }
    BOOST_TEST(distance < 1.95 / std::sqrt(count), "alpha " << alpha << ": " << distance);  // p = 0.001
  };
  check(0.5, arcsine);
  check(1, identity);
  check(2, smooth);
  Random random{1, 1, 1};
  for (int i = 0; i < 100; ++i) {
    const double extreme = tagger::detail::beta_variate(1e-4, random);
    BOOST_REQUIRE((extreme >= 0 && extreme <= 1));
  }
}

BOOST_AUTO_TEST_CASE(a_step_is_mixed_by_its_own_numbers) {
  const auto step = [](const MixingOptions& options, std::uint64_t seed, std::uint64_t number) {
    Random random = mixing_random(seed, number);
    return mix(images(), targets(false), options, random);
  };
  const MixingOptions both{.mixup = 0.8, .cutmix = 1, .probability = 0.5};
  int untouched = 0, cut = 0;
  for (std::uint64_t number = 0; number < 400; ++number) {
    const MixedBatch once = step(both, 1, number), again = step(both, 1, number);
    BOOST_REQUIRE((same(once.images, again.images) && same(once.targets.values, again.targets.values)));
    if (once.targets.pictures.defined()) {
      ++untouched;
    } else {
      // CutMix makes no value that was not there
      cut += (once.images.eq(images()) + once.images.eq(images().index_select(0, before)) +
              once.images.eq(images().index_select(0, at::tensor({1, 2, 0}, at::kLong))))
                 .gt(0)
                 .all()
                 .item<bool>();
    }
  }
  BOOST_TEST(std::abs(untouched - 200) < 60);
  BOOST_TEST((cut > 30 && cut < 150), cut);
  BOOST_TEST(!same(step({.mixup = 1}, 1, 1).images, step({.mixup = 1}, 1, 2).images));
  BOOST_TEST(!same(step({.mixup = 1}, 1, 1).images, step({.mixup = 1}, 2, 1).images));
  BOOST_TEST(same(step({}, 1, 1).images, images()));
}

BOOST_AUTO_TEST_CASE(nonsense_is_refused) {
  const auto refusal = [](const MixingOptions& options) -> std::string {
    Random random = mixing_random(1, 1);
    try {
      mix(images(), targets(false), options, random);
    } catch (const OptionError& error) {
      return error.what();
    }
    return "";
  };
  BOOST_TEST(refusal({.mixup = -1}) == "mixing: mixup -1.000000 is not from 0 to 1000.000000");
  BOOST_TEST(refusal({.cutmix = NAN}).starts_with("mixing: cutmix nan"));
  BOOST_TEST(refusal({.probability = 2}).starts_with("mixing: probability 2.0"));
  BOOST_TEST(refusal({.cutmix_share = 2}).starts_with("mixing: cutmix_share 2.0"));
  BOOST_TEST((mixed_labels_named("unite") == MixedLabels::unite));
  BOOST_CHECK_THROW(mixed_labels_named("union"), OptionError);
}

BOOST_AUTO_TEST_SUITE_END()
