// Networks, a step of training and the optimiser against golden values of tests/oracles/networks.py.
#define BOOST_TEST_MODULE networks
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <torch/utils.h>

#include <tagger/model/memory_format.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/train/adam.hpp>
#include <tagger/weights/model_state.hpp>

#include "networks/any_tagger.hpp"
#include "networks/generated.hpp"

using namespace tagger;

namespace {

constexpr int label_count = 7;
const std::vector<std::int64_t> picture_shape{2, 3, 96, 75};

const Json& golden(const std::string& file) {
  static std::map<std::string, Json> files;
  if (!files.contains(file)) files[file] = read_json(std::filesystem::path(TAGGER_TEST_DATA) / "networks" / file);
  return files[file];
}

at::Tensor rows(const Json& json) {
  std::vector<double> values;
  for (const auto& row : json) {
    for (const auto& value : row) values.push_back(value.get<double>());
  }
  return torch::tensor(values, at::kDouble).view({static_cast<std::int64_t>(json.size()), -1});
}

/// The largest difference, in parts of the largest expected value.
double difference(const at::Tensor& found, const at::Tensor& expected) {
  BOOST_REQUIRE_EQUAL(found.sizes(), expected.sizes());
  return ((found.to(at::kDouble) - expected).abs().max() / expected.abs().max()).item<double>();
}

template <class Model>
at::Tensor logits_of(Model& model, const at::Tensor& images) {
  const torch::NoGradGuard no_gradient;
  return model.forward(images).values;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_backbone_gives_the_logits_of_torchvision_or_timm) {
  const Json& networks = golden("logits.json").at("networks");
  BOOST_TEST(networks.size() == policy_names<Backbones>().size());
  const at::Tensor images = generated::tensor("images", picture_shape);
  for (const auto& name : policy_names<Backbones>()) {
    BOOST_TEST_CONTEXT(name) {
      auto model = any_tagger(name, generated::labels(label_count));
      generated::fill(model);
      const Json& expected = networks.at(name);
      std::int64_t count = 0;
      for (const auto& parameter : model.parameters()) count += parameter.numel();
      BOOST_TEST(count == expected.at("parameters").get<std::int64_t>());
      BOOST_TEST(model_state(model).size() == expected.at("tensors").get<std::size_t>());
      const at::Tensor logits = logits_of(model, images);
      BOOST_TEST(difference(logits, rows(expected.at("logits"))) < 1e-4);
      BOOST_TEST((logits[0] - logits[1]).abs().max().item<double>() > 0.01);  // it looks at the pictures
    }
  }
}

// What a program names as a type and what it names at run time are one network, however its pictures lie in memory.
BOOST_AUTO_TEST_CASE_TEMPLATE(static_and_dynamic_form_agree, Chosen,
                              decltype(std::tuple<ResNet18, ResNeXt50_32x4d, EfficientNetLite0>{})) {
  Tagger<Chosen> model{generated::labels(label_count)};
  model.eval();
  generated::fill(model);
  auto dynamic = any_tagger(Chosen::spec().name, generated::labels(label_count));
  generated::fill(dynamic);

  const auto names = [](const auto& tagger) {
    std::vector<std::string> names;
    for (const auto& [name, value] : model_state(tagger)) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
  };
  BOOST_TEST(names(model) == names(dynamic), boost::test_tools::per_element());

  const at::Tensor images = generated::tensor("images", picture_shape);
  const at::Tensor logits = logits_of(model, images);
  BOOST_TEST(difference(logits_of(dynamic, images), logits.to(at::kDouble)) < 1e-6);
  to_channels_last(model);
  BOOST_TEST(model.parameters().front().is_contiguous(at::MemoryFormat::ChannelsLast));
  const at::Tensor last = images.contiguous(at::MemoryFormat::ChannelsLast);
  BOOST_TEST(difference(logits_of(model, last), logits.to(at::kDouble)) < 1e-4);
}

namespace {

/// Compares a tensor with what the oracle's sample() says of it.
void check_sample(const at::Tensor& found, const Json& expected, double tolerance) {
  const at::Tensor flat = found.detach().contiguous().to(at::kDouble).flatten();
  const double norm = expected.at("norm").get<double>();
  BOOST_TEST(std::abs(flat.norm().item<double>() - norm) <= tolerance * norm);
  // An element may be next to nothing, and then it is the rounding of a sum: hold it against what elements are like.
  const double typical = norm / std::sqrt(static_cast<double>(flat.numel()));
  for (std::int64_t i = 0; i < 5; ++i) {
    const double value = expected.at("values").at(static_cast<std::size_t>(i)).get<double>();
    const double ours = flat[i * (flat.numel() - 1) / 4].item<double>();
    BOOST_TEST(std::abs(ours - value) <= tolerance * std::max(typical, std::abs(value)),
               "element " << i << ": " << ours << ", not " << value);
  }
}

/// A step of the recipe in `dtype`, without dropout.
struct Step {
  explicit Step(at::ScalarType dtype)
      : model(generated::labels(label_count),
              Policies<ResNeXt50_32x4d, LinearHead, Sigmoid, BinaryCrossEntropy>{.head = {.dropout = 0}}) {
    generated::fill(model);
    model.to(dtype);
    to_channels_last(model);
    model.train();
    const std::vector<std::int64_t> shape{4, 3, 64, 75};
    const at::Tensor images = generated::tensor("images", shape).to(dtype).contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor targets = torch::empty({shape[0], label_count});
    float* out = targets.mutable_data_ptr<float>();
    generated::uniform("targets", targets.numel(), [&](double u) { *out++ = u < 0.4 ? 1 : 0; });
    const at::Tensor value = model.loss()(model.forward(images), Targets{targets});
    value.backward();
    loss = value.item<double>();
  }

  /// By published names.
  std::map<std::string, at::Tensor> tensors(auto take) const {
    std::map<std::string, at::Tensor> result;
    for (const auto& parameter : model.named_parameters()) {
      const std::string& key = parameter.key();
      result[key.starts_with("head.") ? "fc." + key.substr(5) : key.substr(9)] = take(parameter.value());
    }
    return result;
  }

  Tagger<ResNeXt50_32x4d> model;
  double loss = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_step_of_resnext50_is_that_of_torch) {
  const Json& expected = golden("step.json").at("step");
  const auto check = [&](const char* what, const std::map<std::string, at::Tensor>& found, double tolerance) {
    BOOST_TEST(expected.at(what).size() > 40);
    for (const auto& [name, sample] : expected.at(what).items()) {
      BOOST_TEST_CONTEXT(what << " of " << name) { check_sample(found.at(name), sample, tolerance); }
    }
  };
  Step step{at::kDouble};
  BOOST_TEST(step.loss == expected.at("loss").get<double>(), boost::test_tools::tolerance(1e-6));
  // The loss is float32 whatever the network is: its gradient has seven digits, and so has what follows from it.
  check("gradients", step.tensors([](const at::Tensor& parameter) { return parameter.grad(); }), 1e-5);
  std::map<std::string, at::Tensor> buffers;
  for (const auto& [name, value] : model_state(step.model)) buffers[name] = value;
  check("buffers", buffers, 1e-9);

  auto updates = step.tensors([](const at::Tensor& parameter) { return parameter.detach().clone(); });
  NamedTensors trained;
  for (const auto& parameter : step.model.named_parameters()) trained.emplace_back(parameter.key(), parameter.value());
  Adam{trained, {.learning_rate = 1e-4}}.step();
  for (const auto& [name, after] : step.tensors([](const at::Tensor& parameter) { return parameter.detach(); })) {
    updates[name] = after - updates[name];
  }
  check("updates", updates, 1e-4);
}

// As it is really trained. In float32 rounding decides on which side of a ReLU a value falls, and 50 layers of batch
// norm over few pixels make percents of it: Python's gradients in float32 are as far from its own in float64.
BOOST_AUTO_TEST_CASE(a_step_in_float32_is_near_it) {
  const Json& expected = golden("step.json").at("step");
  const Step step{at::kFloat};
  BOOST_TEST(step.loss == expected.at("loss").get<double>(), boost::test_tools::tolerance(1e-4));
  const auto gradients = step.tensors([](const at::Tensor& parameter) { return parameter.grad(); });
  for (const auto& [name, sample] : expected.at("gradients").items()) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(gradients.at(name).norm().item<double>() == sample.at("norm").get<double>(),
                 boost::test_tools::tolerance(0.05));
    }
  }
}

BOOST_AUTO_TEST_CASE(adam_is_that_of_torch) {
  for (const double decay : {0.0, 0.1}) {
    at::Tensor weight = generated::tensor("adam.weight", {3, 4}).requires_grad_();
    at::Tensor left_alone = torch::ones({2}).requires_grad_();
    Adam adam{{{"weight", weight}, {"alone", left_alone}}, {.learning_rate = 1e-2, .weight_decay = decay}};
    for (int i = 0; i < 5; ++i) {
      weight.mutable_grad() =
          generated::tensor("adam.gradient." + std::to_string(i) + ".weight", {3, 4}) / std::pow(10.0, i);
      adam.step();
    }
    const Json& expected = golden("step.json").at("adam").at(decay == 0 ? "0.0" : "0.1");
    BOOST_TEST(difference(weight.detach().flatten(), rows(Json::array({expected}))[0]) < 1e-6);
    BOOST_TEST(torch::equal(left_alone, torch::ones({2})));  // no gradient, no step
    adam.zero_gradients();
    BOOST_TEST(!weight.grad().defined());
  }
}
