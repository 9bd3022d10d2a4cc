// Steps of every optimizer against torch's and timm's (tests/oracles/optimizers.py), by name and as a type.
#define BOOST_TEST_MODULE optimizer
#include <array>
#include <cmath>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <tagger/optimizer/any_optimizer.hpp>
#include <tagger/optimizer/gradient_norm.hpp>
#include <tagger/optimizer/layer_options.hpp>
#include <tagger/optimizer/parameter_groups.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/train/weight_average.hpp>
#include <tagger/train/worst_nearby.hpp>

#include "networks/generated.hpp"

using namespace tagger;

namespace {

const Json& golden() {
  static const Json file = read_json(std::filesystem::path(TAGGER_TEST_DATA) / "optimizer" / "steps.json");
  return file;
}

at::Tensor gradient(int step, const std::string& name, const std::vector<std::int64_t>& shape) {
  return generated::tensor("gradient." + std::to_string(step) + "." + name, shape) * (10 / std::pow(4.0, step));
}

/// A matrix, a bias that learns half as fast and does not decay, and what has no gradient.
struct Parameters {
  at::Tensor weight = generated::tensor("weight", {3, 4}).requires_grad_();
  at::Tensor bias = generated::tensor("bias", {5}).requires_grad_();
  at::Tensor alone = at::ones({2}).requires_grad_();
  at::Tensor frozen = at::ones({2});

  std::vector<TrainedParameter> all() const {
    return {{"weight", weight}, {"alone", alone}, {"bias", bias, 0.5, false}, {"frozen", frozen}};
  }
  void set_gradients(int step) {
    weight.mutable_grad() = gradient(step, "weight", {3, 4});
    bias.mutable_grad() = gradient(step, "bias", {5});
  }
};

double difference(const at::Tensor& found, const Json& expected) {
  const auto values = at::tensor(expected.get<std::vector<double>>());
  const auto flat = found.detach().to(at::kDouble).flatten();
  BOOST_REQUIRE_EQUAL(flat.sizes(), values.sizes());
  return ((flat - values).abs().max() / values.abs().max()).item<double>();
}

void take_steps(ParameterGroups& groups, Parameters& parameters, int from, int to) {
  for (int step = from; step < to; ++step) {
    groups.zero_gradients();
    parameters.set_gradients(step);
    groups.step({.rate = 0.02 / (step + 1)});
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_optimizer_steps_as_torch_or_timm) {
  std::set<std::string> tested;
  for (const auto& [text, expected] : golden().at("steps").items()) {
    BOOST_TEST_CONTEXT(text) {
      Parameters parameters;
      ParameterGroups groups(parameters.all(), AnyOptimizer::named(text));
      take_steps(groups, parameters, 0, 5);
      BOOST_TEST(difference(parameters.weight, expected.at("weight")) < 1e-6);
      BOOST_TEST(difference(parameters.bias, expected.at("bias")) < 1e-6);
      BOOST_TEST(parameters.alone.equal(at::ones({2})));  // no gradient, no step
      BOOST_TEST(parameters.frozen.equal(at::ones({2})));
      tested.insert(parse_policy(text).name);
    }
  }
  for (const auto& name : policy_names<Optimizers>()) BOOST_TEST(tested.contains(name), name << " has no oracle");
}

BOOST_AUTO_TEST_CASE(the_state_restores_an_optimizer_to_the_bit) {
  for_each_policy<Optimizers>([]<class O>() {
    BOOST_TEST_CONTEXT(O::name) {
      Parameters undisturbed;
      ParameterGroups all(undisturbed.all(), O{});
      take_steps(all, undisturbed, 0, 5);

      Parameters parameters;
      ParameterGroups first(parameters.all(), O{});
      take_steps(first, parameters, 0, 3);
      ParameterGroups second(parameters.all(), O{});
      const auto from = first.state(), to = second.state();
      BOOST_REQUIRE_EQUAL(from.size(), O::memory.size() * 3);  // the frozen one has none
      std::set<std::string> names;
      for (std::size_t i = 0; i < from.size(); ++i) {
        BOOST_TEST(to[i].first == from[i].first);
        to[i].second.copy_(from[i].second);
        names.insert(to[i].first);
      }
      BOOST_TEST(names.size() == from.size());
      BOOST_TEST(names.contains(std::string(O::memory[0].name) + ".bias"));
      take_steps(second, parameters, 3, 5);
      BOOST_TEST(parameters.weight.equal(undisturbed.weight));
      BOOST_TEST(parameters.bias.equal(undisturbed.bias));
    }
  });
}

BOOST_AUTO_TEST_CASE(a_schedule_may_set_the_momentum) {
  for (const auto& [scheduled, named] : {std::pair{"adam", "adam:beta1=0.8"},
                                         {"adamw", "adamw:beta1=0.8"},
                                         {"sgd", "sgd:momentum=0.8"},
                                         {"lion", "lion:beta1=0.8"},
                                         {"lamb", "lamb:beta1=0.8"}}) {
    Parameters one, two;
    ParameterGroups by_schedule(one.all(), AnyOptimizer::named(scheduled));
    ParameterGroups by_name(two.all(), AnyOptimizer::named(named));
    for (int step = 0; step < 3; ++step) {
      one.set_gradients(step);
      two.set_gradients(step);
      by_schedule.step({.rate = 0.01, .momentum = 0.8});
      by_name.step({.rate = 0.01});
    }
    BOOST_TEST(one.weight.equal(two.weight), scheduled);
  }
}

BOOST_AUTO_TEST_CASE(gradients_are_clipped_as_torch_clips_them) {
  for (const auto& [limit, expected] : golden().at("clipped").items()) {
    Parameters parameters;
    const ParameterGroups groups(parameters.all(), Adam{});
    parameters.set_gradients(0);
    clip_gradients(groups.gradients(), std::stod(limit));
    BOOST_TEST(difference(parameters.weight.grad(), expected.at("weight")) < 1e-6);
    BOOST_TEST(difference(parameters.bias.grad(), expected.at("bias")) < 1e-6);
    BOOST_TEST((gradient_norm(groups.gradients()).item<double>() < 0.5001) == (limit == "0.5"));
  }
}

BOOST_AUTO_TEST_CASE(weights_are_averaged_as_timm_averages_them) {
  for (const auto& [text, expected] : golden().at("averages").items()) {
    NamedTensors weights;
    const auto change = [&weights](int step) {
      for (auto& [name, tensor] : weights) {
        tensor.copy_(generated::tensor("average." + std::to_string(step) + "." + name, {3}) + step);
      }
    };
    for (const auto& [name, values] : expected.items()) weights.emplace_back(name, at::ones({3}));
    const at::Tensor count = at::ones({}, at::kLong);
    change(0);
    weights.emplace_back("count", count);
    WeightAverage average(weights, 0.9, text == "0.9 warmup");
    weights.pop_back();
    for (int step = 1; step <= 5; ++step) {
      change(step);
      count.fill_(step);
      average.update(step);
    }
    const NamedTensors averages = average.state();
    for (std::size_t i = 0; i < weights.size(); ++i) {
      BOOST_TEST(difference(averages[i].second, expected.at(averages[i].first)) < 1e-6,
                 text << ' ' << averages[i].first);
    }
    BOOST_TEST(averages.back().second.item<std::int64_t>() == 5);  // counts are not averaged
    const at::Tensor weight = weights[0].second.clone(), mean = averages[0].second.clone();
    {
      const AveragedWeights shown(average);
      BOOST_TEST(weights[0].second.equal(mean));
    }
    BOOST_TEST(weights[0].second.equal(weight));
    BOOST_TEST(averages[0].second.equal(mean));
  }
  WeightAverage none({{"weight", at::ones({3})}}, 0, false);
  none.update(1);
  none.exchange();
  BOOST_TEST(none.state().empty());
}

BOOST_AUTO_TEST_CASE(the_worst_nearby_lies_along_the_gradient) {
  Parameters parameters;
  const ParameterGroups groups(parameters.all(), Adam{});
  parameters.set_gradients(0);
  const at::Tensor weight = parameters.weight.detach().clone(), bias = parameters.bias.detach().clone();
  const at::Tensor statistics = at::ones({3});
  {
    const WorstNearby nearby(groups.parameters(), groups.gradients(), 0.05, {statistics});
    const double norm =
        std::sqrt((parameters.weight.grad().square().sum() + parameters.bias.grad().square().sum()).item<double>());
    BOOST_TEST((parameters.weight - weight - parameters.weight.grad() * (0.05 / norm)).abs().max().item<double>() <
               1e-7);
    BOOST_TEST((parameters.bias - bias - parameters.bias.grad() * (0.05 / norm)).abs().max().item<double>() < 1e-7);
    statistics.add_(1);
  }
  BOOST_TEST(parameters.weight.equal(weight));
  BOOST_TEST(parameters.bias.equal(bias));
  BOOST_TEST(statistics.equal(at::ones({3})));
}

BOOST_AUTO_TEST_CASE(each_layer_has_its_rate) {
  const NamedTensors backbone{
      {"conv1.weight", at::ones({2, 2})}, {"bn1.weight", at::ones({2})}, {"layer1.0.conv1.weight", at::ones({2, 2})}};
  const NamedTensors head{{"weight", at::ones({2, 2})}, {"bias", at::ones({2})}};
  const auto rates = [](const std::vector<TrainedParameter>& parameters) {
    std::vector<double> rates;
    for (const auto& each : parameters) rates.push_back(each.rate);
    return rates;
  };
  const auto decays = [](const std::vector<TrainedParameter>& parameters) {
    std::vector<bool> decays;
    for (const auto& each : parameters) decays.push_back(each.decays);
    return decays;
  };
  const auto plain = trained_parameters(backbone, head, {});
  BOOST_TEST((rates(plain) == std::vector<double>{1, 1, 1, 1, 1}));
  BOOST_TEST((decays(plain) == std::vector<bool>{true, false, true, true, false}));
  BOOST_TEST(plain[0].name == "backbone.conv1.weight");
  BOOST_TEST(plain[4].name == "head.bias");
  const auto layered =
      trained_parameters(backbone, head, {.backbone_rate = 0.1, .layer_decay = 0.5, .decay_norms_and_biases = true});
  BOOST_TEST((rates(layered) == std::vector<double>{0.025, 0.025, 0.05, 1, 1}));
  BOOST_TEST((decays(layered) == std::vector<bool>(5, true)));
}

BOOST_AUTO_TEST_CASE(an_optimizer_is_known_by_its_text) {
  BOOST_TEST(AnyOptimizer(SGD{.nesterov = true}).chosen() == "sgd:nesterov=true");
  BOOST_TEST(AnyOptimizer::named("sgd:nesterov=true").chosen() == "sgd:nesterov=true");
  BOOST_TEST(AnyOptimizer(AdamW{}).chosen() == "adamw");
  const auto refused = [](const char* text, const std::string& message) {
    BOOST_CHECK_EXCEPTION(AnyOptimizer::named(text), OptionError,
                          [&](const OptionError& error) { return error.what() == message; });
  };
  refused("adamv", "unknown optimizer \"adamv\"; valid: adam, adamw, sgd, lion, lamb; did you mean \"adam\"?");
  refused("sgd:beta1=0.9", "sgd: unknown field \"beta1\"; valid: momentum, nesterov, weight_decay");
  refused("adam:beta1=1.5", "adam:beta1=1.5: must be between 0 and 1");
  refused("lion:weight_decay=-1", "lion:weight_decay=-1: must be at least 0");
}

// [own]
/// Each weight moves by the learning rate: Bernstein et al., "signSGD", ICML 2018.
struct SignSGD {
  static constexpr std::string_view name = "sign_sgd";
  static constexpr std::array<tagger::OptimizerMemory, 0> memory{};

  double weight_decay = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("weight_decay", self.weight_decay, "times the weights, added to their gradients", tagger::at_least(0));
  }

  void step(std::span<tagger::ParameterGroup> groups, const tagger::StepSize& size) const {
    for (auto& group : groups) {
      const double decay = group.decays ? weight_decay : 0;
      for (std::size_t i = 0; i < group.parameters.size(); ++i) {
        at::Tensor& weight = group.parameters[i];
        weight.sub_((group.gradients[i] + decay * weight).sign(), size.rate * group.rate);
      }
    }
  }
};
static_assert(tagger::Optimizer<SignSGD>);
// [own]

BOOST_AUTO_TEST_CASE(an_optimizer_of_ones_own_is_one_like_the_others) {
  using Mine = std::tuple<SignSGD, Adam>;
  Parameters parameters;
  const at::Tensor before = parameters.bias.detach().clone();
  ParameterGroups groups(parameters.all(), AnyOptimizer::named<Mine>("sign_sgd:weight_decay=0.1"));
  BOOST_TEST(groups.state().empty());
  parameters.set_gradients(0);
  groups.step({.rate = 0.2});
  BOOST_TEST(parameters.bias.equal(before - gradient(0, "bias", {5}).sign() * 0.1));
  BOOST_CHECK_THROW(AnyOptimizer::named<Mine>("sgd"), OptionError);
}
