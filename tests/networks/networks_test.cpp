// Networks and a step of training against golden values of tests/oracles/*networks.py.
#define BOOST_TEST_MODULE networks
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/model/memory_format.hpp>
#include <tagger/optimizer/parameter_groups.hpp>
#include <tagger/weights/model_state.hpp>

#include "networks/any_tagger.hpp"
#include "networks/generated.hpp"
#include "networks/golden.hpp"

using namespace tagger;

BOOST_AUTO_TEST_SUITE(networks)

namespace {

constexpr int label_count = 7;
const std::vector<std::int64_t> picture_shape{2, 3, 96, 75};

/// What the oracles say of each network about `what`.
std::map<std::string, Json> from_oracles(const char* what) {
  std::map<std::string, Json> networks;
  for (const char* file : {"logits.json", "convolutional.json", "transformers.json"}) {
    if (!golden(file).contains(what)) continue;
    for (const auto& [name, expected] : golden(file).at(what).items()) networks.emplace(name, expected);
  }
  return networks;
}

at::Tensor images_for(const Json& expected) {
  return generated::tensor("images", expected.value("pictures", picture_shape));
}

AnyTagger filled(const std::string& name, const Json& expected) {
  const auto side = static_cast<int>(expected.value("pictures", picture_shape).at(2));
  auto model = any_tagger(name, generated::labels(label_count), {.input_size = side});
  generated::fill(model, expected.value("gain", 1.0));
  return model;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_backbone_gives_the_logits_of_torchvision_or_timm) {
  const auto networks = from_oracles("networks");
  BOOST_TEST(networks.size() == policy_names<Backbones>().size());
  for (const auto& name : policy_names<Backbones>()) {
    BOOST_TEST_CONTEXT(name) {
      const Json& expected = networks.at(name);
      auto model = filled(name, expected);
      std::int64_t count = 0;
      for (const auto& parameter : model.parameters()) count += parameter.numel();
      BOOST_TEST(count == expected.at("parameters").get<std::int64_t>());
      BOOST_TEST(model_state(model).size() == expected.at("tensors").get<std::size_t>());
      const at::Tensor logits = logits_of(model, images_for(expected));
      BOOST_TEST(difference(logits, rows(expected.at("logits"))) < 1e-4);
      BOOST_TEST((logits[0] - logits[1]).abs().max().item<double>() > 0.01);  // it looks at the pictures
    }
  }
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_timm) {
  const auto networks = from_oracles("networks");
  for (const auto& [name, norms] : golden("convolutional.json").at("gradients").items()) {
    BOOST_TEST_CONTEXT(name) {
      auto model = filled(name, networks.at(name));
      model.to(at::kDouble);
      model.train();
      model.head().eval();  // no dropout
      model.forward(images_for(networks.at(name)).to(at::kDouble)).values.square().mean().backward();
      const auto parameters = model.backbone().named_parameters();
      int compared = 0;
      for (const auto& [key, norm] : norms.items()) {
        const at::Tensor* parameter = parameters.find(key);
        if (parameter == nullptr) continue;  // the classifier's
        const double found = parameter->grad().norm().item<double>(), expected = norm.get<double>();
        // Of a shift that the next batch normalization takes away, both are what rounding leaves of zero.
        BOOST_TEST(std::abs(found - expected) <= 1e-6 * expected + 1e-12, key << ": " << found << ", not " << expected);
        ++compared;
      }
      BOOST_TEST(compared > 8);
    }
  }
}

BOOST_AUTO_TEST_CASE(tresnet_says_which_pictures_it_takes) {
  TResNet network{{.depths = {1, 1, 1, 1}, .width = 8}};
  BOOST_CHECK_EXCEPTION(network.forward(torch::zeros({1, 3, 64, 75})), OptionError, [](const OptionError& error) {
    return std::string(error.what()) == "a TResNet takes pictures whose sides are multiples of 4 pixels, not 75 x 64";
  });
}

BOOST_AUTO_TEST_CASE(fresh_weights_are_like_those_of_timm) {
  for (const auto& [name, tensors] : from_oracles("fresh")) {
    const AnyBackbone backbone{name};
    const auto parameters = backbone.named_parameters(), buffers = backbone.named_buffers();
    BOOST_TEST(tensors.size() > 20);
    for (const auto& [key, expected] : tensors.items()) {
      BOOST_TEST_CONTEXT(key << " of " << name) {
        const at::Tensor* found = parameters.contains(key) ? parameters.find(key) : buffers.find(key);
        BOOST_REQUIRE(found != nullptr);
        const double mean = expected.at(0).get<double>(), deviation = expected.at(1).get<double>();
        const at::Tensor values = found->detach().to(at::kDouble);
        BOOST_TEST(std::abs(values.std(/*unbiased=*/false).item<double>() - deviation) <= 0.05 * deviation);
        BOOST_TEST(std::abs(values.mean().item<double>() - mean) <= 0.05 * std::max(deviation, std::abs(mean)));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_catalogue_has_the_rows_of_timm) {
  std::map<std::string, BackboneSpec> specs;
  for (auto& spec : backbone_specs()) specs.emplace(spec.name, spec);
  for (const auto& [name, expected] : from_oracles("rows")) {
    BOOST_TEST_CONTEXT(name) {
      const BackboneSpec& spec = specs.at(name);
      BOOST_TEST(spec.features == expected.at("features").get<std::int64_t>());
      const std::int64_t pooled = spec.pooled_features > 0 ? spec.pooled_features : spec.features;
      BOOST_TEST(pooled == expected.at("pooled_features").get<std::int64_t>());
      BOOST_TEST(spec.input_size == expected.at("input_size").get<int>());
      BOOST_TEST((spec.mean == expected.at("mean").get<std::array<float, 3>>()));
      BOOST_TEST((spec.std == expected.at("std").get<std::array<float, 3>>()));
      BOOST_TEST(interpolation_name(spec.interpolation) == expected.at("interpolation").get<std::string>());
      BOOST_TEST(spec.crop == expected.at("crop").get<double>());
      BOOST_TEST(spec.first_conv == expected.at("first_conv").get<std::string>());
      BOOST_TEST(spec.classifier == expected.at("classifier").get<std::string>());
      BOOST_REQUIRE(!spec.weights.empty());
      BOOST_TEST(spec.weights.front().source == expected.at("source").get<std::string>());
      BOOST_TEST(spec.weights.front().license == expected.at("license").get<std::string>());
    }
  }
}

// What a program names as a type and what it names at run time are one network, however its pictures lie in memory.
BOOST_AUTO_TEST_CASE_TEMPLATE(static_and_dynamic_form_agree, Chosen,
                              decltype(std::tuple<ResNet18, ResNeXt50_32x4d, EfficientNetLite0, ConvNeXtV2Atto>{})) {
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
  std::vector<TrainedParameter> trained;
  for (const auto& parameter : step.model.named_parameters()) trained.push_back({parameter.key(), parameter.value()});
  ParameterGroups(trained, Adam{}).step({.rate = 1e-4});
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

BOOST_AUTO_TEST_SUITE_END()
