// Losses and activations against their formulas, in their static and in their run-time form.
#define BOOST_TEST_MODULE losses
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ATen/ATen.h>

#include <tagger/loss/any_loss.hpp>

using namespace tagger;

namespace {

/// Pictures and labels of a small batch; every third label is unknown where `masked`.
struct Example {
  explicit Example(bool masked) {
    at::manual_seed(20);
    logits = 3 * at::randn({6, 5});
    targets.values = at::rand({6, 5}).lt(0.4).to(at::kFloat);
    targets.values[2].zero_();  // a picture without labels
    if (masked) {
      targets.known = at::arange(30).view({6, 5}).remainder(3).ne(0).to(at::kFloat);
      targets.values *= targets.known;
    }
  }
  at::Tensor logits;
  Targets targets;
};

double number(const at::Tensor& tensor) { return tensor.item<double>(); }

/// The definition of binary cross-entropy, entry by entry in float64.
double binary_cross_entropy(const at::Tensor& logits, const Targets& targets, const std::vector<double>& weights) {
  double sum = 0, known = 0;
  for (std::int64_t n = 0; n < logits.size(0); ++n) {
    for (std::int64_t k = 0; k < logits.size(1); ++k) {
      if (targets.known.defined() && targets.known[n][k].item<float>() == 0) continue;
      const double score = 1 / (1 + std::exp(-logits[n][k].item<double>()));
      const bool yes = targets.values[n][k].item<float>() == 1;
      sum -= yes ? weights[static_cast<std::size_t>(k)] * std::log(score) : std::log(1 - score);
      ++known;
    }
  }
  return sum / known;
}

/// The definition of softmax cross-entropy over the set of a picture's known labels.
double softmax_cross_entropy(const at::Tensor& logits, const Targets& targets) {
  double sum = 0, pictures = 0;
  for (std::int64_t n = 0; n < logits.size(0); ++n) {
    double total = 0, count = 0, of_labels = 0;
    for (std::int64_t k = 0; k < logits.size(1); ++k) {
      if (targets.known.defined() && targets.known[n][k].item<float>() == 0) continue;
      total += std::exp(logits[n][k].item<double>());
      if (targets.values[n][k].item<float>() != 1) continue;
      of_labels += logits[n][k].item<double>();
      ++count;
    }
    if (count == 0) continue;
    sum -= of_labels / count - std::log(total);
    ++pictures;
  }
  return sum / pictures;
}

template <Loss L>
at::Tensor gradient(const L& loss, const at::Tensor& logits, const Targets& targets) {
  const at::Tensor leaf = logits.detach().clone().requires_grad_();
  loss(Logits{leaf}, targets).backward();
  return leaf.grad();
}

/// What every loss must do, in its static and in its run-time form.
template <Loss L>
void check_loss(const L& loss, auto formula) {
  for (const bool masked : {false, true}) {
    BOOST_TEST_CONTEXT("masked: " << masked) {
      Example example{masked};
      const at::Tensor value = loss(Logits{example.logits}, example.targets);
      BOOST_TEST(value.dim() == 0);
      BOOST_TEST(value.scalar_type() == at::kFloat);
      BOOST_TEST(value.item<double>() == formula(example.logits, example.targets), boost::test_tools::tolerance(1e-6));

      const at::Tensor slope = gradient(loss, example.logits, example.targets);
      constexpr double h = 1e-4;
      const at::Tensor exact = example.logits.to(at::kDouble);
      for (std::int64_t n = 0; n < 6; ++n) {
        for (std::int64_t k = 0; k < 5; ++k) {
          at::Tensor up = exact.clone(), down = exact.clone();
          up[n][k] += h;
          down[n][k] -= h;
          const double numerical = (formula(up, example.targets) - formula(down, example.targets)) / (2 * h);
          BOOST_TEST(std::abs(slope[n][k].item<double>() - numerical) < 1e-6);
        }
      }

      // bfloat16 logits are computed with in float32, and get a gradient of their own type.
      const at::Tensor rounded = example.logits.to(at::kBFloat16);
      const at::Tensor of_rounded = loss(Logits{rounded}, example.targets);
      BOOST_TEST(of_rounded.scalar_type() == at::kFloat);
      BOOST_TEST(of_rounded.item<double>() == formula(rounded, example.targets), boost::test_tools::tolerance(1e-6));
      BOOST_TEST(gradient(loss, rounded, example.targets).scalar_type() == at::kBFloat16);
    }
  }

  Example unknown{true};
  const at::Tensor value = loss(Logits{unknown.logits}, unknown.targets);
  const at::Tensor absurd = at::where(unknown.targets.known.eq(0), at::full({6, 5}, 77.f), unknown.logits);
  BOOST_TEST(number(loss(Logits{absurd}, unknown.targets)) == number(value));  // nobody looks there
  const at::Tensor there = gradient(loss, unknown.logits, unknown.targets) * unknown.targets.known.eq(0);
  BOOST_TEST(number(there.abs().max()) == 0);

  const Targets nothing{at::zeros({6, 5}), at::zeros({6, 5})};
  BOOST_TEST(number(loss(Logits{unknown.logits}, nothing)) == 0);
  BOOST_TEST(at::equal(gradient(loss, unknown.logits, nothing), at::zeros({6, 5})));

  const at::Tensor far = 1000 - 2000 * at::arange(10, at::kFloat).view({2, 5}).remainder(2);
  const Targets both{at::ones({2, 5})};
  BOOST_TEST(std::isfinite(number(loss(Logits{far}, both))));
  BOOST_TEST(number(at::isfinite(gradient(loss, far, both)).all()) == 1);
}

}  // namespace

BOOST_AUTO_TEST_CASE(binary_cross_entropy_is_its_formula) {
  const auto formula = [](const at::Tensor& logits, const Targets& targets) {
    return binary_cross_entropy(logits, targets, std::vector<double>(5, 1));
  };
  check_loss(BinaryCrossEntropy{}, formula);
  check_loss(AnyLoss{BinaryCrossEntropy{}}, formula);
  check_loss(AnyLoss::named("binary_cross_entropy"), formula);
}

BOOST_AUTO_TEST_CASE(binary_cross_entropy_weighs_the_positive) {
  const std::vector<double> weights{1, 2, 0.5, 4, 10};
  const auto formula = [&](const at::Tensor& logits, const Targets& targets) {
    return binary_cross_entropy(logits, targets, weights);
  };
  check_loss(BinaryCrossEntropy{.positive_weight = at::tensor(weights, at::kFloat)}, formula);
  const BinaryCrossEntropy scalar{.positive_weight = at::tensor(3.f)};
  const auto says = [](const OptionError& error) {
    return std::string_view(error.what()).starts_with("positive_weight has 2 entries in 1 dimensions; give a scalar");
  };
  BOOST_CHECK_EXCEPTION((BinaryCrossEntropy{.positive_weight = at::tensor({1.f, 2.f})})(
                            {at::zeros({4, 3})}, {.values = at::zeros({4, 3}), .known = {}}),
                        OptionError, says);
  Example example{true};
  BOOST_TEST(scalar(Logits{example.logits}, example.targets).item<double>() ==
                 binary_cross_entropy(example.logits, example.targets, std::vector<double>(5, 3)),
             boost::test_tools::tolerance(1e-6));
}

// The tutorial computes BCELoss from scores: the same number.
BOOST_AUTO_TEST_CASE(binary_cross_entropy_is_the_tutorials) {
  Example example{false};
  const double ours = BinaryCrossEntropy{}(Logits{example.logits}, example.targets).item<double>();
  const at::Tensor scores = Sigmoid{}(Logits{example.logits}).values;
  const double tutorial = at::binary_cross_entropy(scores, example.targets.values).item<double>();
  BOOST_TEST(std::abs(ours - tutorial) < 1e-6);
}

BOOST_AUTO_TEST_CASE(softmax_cross_entropy_is_its_formula) {
  check_loss(SoftmaxCrossEntropy{}, softmax_cross_entropy);
  check_loss(AnyLoss::named("softmax_cross_entropy"), softmax_cross_entropy);
}

BOOST_AUTO_TEST_CASE(activations_give_scores) {
  Example example{false};
  const at::Tensor exact = example.logits.to(at::kDouble);
  const auto check = [&](const auto& activation, const at::Tensor& expected) {
    const at::Tensor scores = activation(Logits{example.logits}).values;
    BOOST_TEST(scores.scalar_type() == at::kFloat);
    BOOST_TEST(number((scores.to(at::kDouble) - expected).abs().max()) < 1e-6);
    const at::Tensor far = activation(Logits{at::tensor({1000.f, -1000.f}).view({1, 2}).to(at::kBFloat16)}).values;
    BOOST_TEST(far.scalar_type() == at::kFloat);
    BOOST_TEST(at::equal(far, at::tensor({1.f, 0.f}).view({1, 2})));
  };
  const at::Tensor sigmoid = 1 / (1 + (-exact).exp());
  check(Sigmoid{}, sigmoid);
  check(AnyActivation{Sigmoid{}}, sigmoid);
  check(AnyActivation::named("sigmoid"), sigmoid);
  const at::Tensor softmax = exact.exp() / exact.exp().sum(1, /*keepdim=*/true);
  check(Softmax{}, softmax);
  check(AnyActivation::named("softmax"), softmax);
}
