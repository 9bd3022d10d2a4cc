// Steps of every optimizer against torch's and timm's (tests/oracles/optimizers.py), by name and as a type.
#define BOOST_TEST_MODULE optimizer
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <tagger/optimizer/any_optimizer.hpp>
#include <tagger/optimizer/gradient_norm.hpp>
#include <tagger/optimizer/parameter_groups.hpp>
#include <tagger/report/json_value.hpp>

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
