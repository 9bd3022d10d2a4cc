// A GPU gives what the CPU gives, to rounding: networks, heads, losses, trainings with every part of a recipe. What was
// made on one goes on on the other, and a training on a GPU that is stopped goes on to the same bits.
#define BOOST_TEST_MODULE gpu
#include <cmath>
#include <map>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ATen/Context.h>

#include <tagger/model/autocast.hpp>
#include <tagger/model/device.hpp>
#include <tagger/predict/cache_features.hpp>
#include <tagger/run/train_recipe.hpp>

#include "training/support.hpp"

namespace {

namespace fs = std::filesystem;
using tagger::Arithmetic;
using tagger::FitOptions;

const at::Device gpu{at::kCUDA, 0};

/// |a - b| / |b|, over all numbers.
double difference(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor left = a.detach().to(at::kCPU, at::kDouble), right = b.detach().to(at::kCPU, at::kDouble);
  return ((left - right).norm() / right.norm().clamp_min(1e-30)).item<double>();
}

std::vector<std::string> labels_of(int count) {
  std::vector<std::string> labels;
  for (int i = 0; i < count; ++i) labels.push_back("label" + std::to_string(i));
  return labels;
}

tagger::AnyTagger tagger_of(const std::string& backbone, const std::string& head, int labels, int size = 0) {
  at::manual_seed(3);
  return tagger::AnyTagger{
      labels_of(labels),
      {.backbone = std::make_shared<tagger::AnyBackbone>(backbone, tagger::BackboneOptions{.input_size = size}),
       .head = tagger::AnyHeadOptions::named(head),
       .activation = tagger::AnyActivation::named("sigmoid"),
       .loss = tagger::AnyLoss::named("binary_cross_entropy")}};
}

/// The gradients of all parameters, one after the other.
at::Tensor gradient_of(torch::nn::Module& model) {
  std::vector<at::Tensor> all;
  for (const auto& parameter : model.parameters()) {
    if (parameter.grad().defined()) all.push_back(parameter.grad().flatten().cpu());
  }
  return at::cat(all);
}

/// How far logits and gradients of a tagger on the GPU are from those on the CPU.
void check_agrees(tagger::AnyTagger& model, const at::Tensor& images, const std::string& what) {
  model.eval();
  const auto run = [&](at::Device device, Arithmetic arithmetic) {
    model.to(device);
    model.zero_grad();
    at::Tensor logits;
    {
      const tagger::Autocast autocast(arithmetic, device.type());
      logits = model.forward(images.to(device)).values.to(at::kFloat);
    }
    (logits * at::arange(1, logits.size(1) + 1, logits.options())).sum().backward();
    return std::pair{logits.detach().cpu(), gradient_of(model)};
  };
  const auto [exact, exact_gradient] = run(at::kCPU, Arithmetic::float32);
  const auto [logits, gradient] = run(gpu, Arithmetic::float32);
  const auto [rounded, rounded_gradient] = run(gpu, Arithmetic::bfloat16);
  BOOST_TEST_MESSAGE(what << ": logits " << difference(logits, exact) << ", gradients "
                          << difference(gradient, exact_gradient) << "; bfloat16 " << difference(rounded, exact) << ", "
                          << difference(rounded_gradient, exact_gradient));
  BOOST_TEST(difference(logits, exact) < 1e-4, what);
  BOOST_TEST(difference(gradient, exact_gradient) < 1e-3, what);
  BOOST_TEST(difference(rounded, exact) < 0.2, what);
  BOOST_TEST(rounded_gradient.isfinite().all().item<bool>(), what);
}

/// All weights, one after the other, to the bit.
at::Tensor weights_of(const auto& model) {
  std::vector<at::Tensor> all;
  for (const auto& [name, tensor] : tagger::model_state(model)) all.push_back(tensor.flatten().cpu().to(at::kDouble));
  return at::cat(all);
}

}  // namespace

/// Decides how all that follows is computed; without a GPU nothing can be said.
struct Gpu {
  Gpu() {
    tagger::check_device(gpu);
    tagger::tune_device(gpu);
  }
};

/// Pictures, and a training of a small network on them that draws no dropout, whose masks differ by device.
struct Fixture : Gpu {
  TemporaryFolder folder;
  Data data{folder.path() / "images"};
  FitOptions options{.epochs = 2, .batch_size = 8, .workers = 1, .learning_rate = 1e-2, .evaluate_every = 0};

  std::unique_ptr<TinyTagger> tiny(at::Device device, double dropout = 0) const {
    at::manual_seed(7);
    auto model = std::make_unique<TinyTagger>(
        colours, tagger::Policies<TinyNet, tagger::LinearHead, tagger::Sigmoid, tagger::BinaryCrossEntropy>{
                     .head = {.dropout = dropout}});
    model->to(device);
    return model;
  }
  std::vector<double> losses(at::Device device) const {
    const auto model = tiny(device);
    return tagger::fit(*model, data.train, data.test, options).history.step_loss;
  }
  void check_same_losses(const std::string& what, double tolerance = 1e-4) const {
    const auto cpu = losses(at::kCPU), on_gpu = losses(gpu);
    BOOST_TEST_REQUIRE(cpu.size() == on_gpu.size());
    double largest = 0;
    for (std::size_t i = 0; i < cpu.size(); ++i) {
      largest = std::max(largest, std::abs(cpu[i] - on_gpu[i]) / std::max(std::abs(cpu[i]), 1e-6));
    }
    BOOST_TEST_MESSAGE(what << ": " << cpu.size() << " steps, losses differ by " << largest);
    BOOST_TEST(largest < tolerance, what);
  }
};

BOOST_FIXTURE_TEST_CASE(networks_agree, Gpu) {
  for (const auto& [backbone, size] : std::vector<std::pair<const char*, int>>{{"resnet18", 64},
                                                                               {"resnext50_32x4d", 64},
                                                                               {"resnet50d", 64},
                                                                               {"convnext_tiny", 64},
                                                                               {"convnextv2_atto", 64},
                                                                               {"tresnet_m", 64},
                                                                               {"mobilenetv3_large_100", 64},
                                                                               {"efficientnet_b0", 64},
                                                                               {"tf_efficientnet_lite0", 64},
                                                                               {"vit_tiny_patch16_224", 224},
                                                                               {"vit_base_patch16_clip_224", 224},
                                                                               {"vit_small_patch14_reg4_dinov2", 224},
                                                                               {"vit_small_patch16_dinov3", 224},
                                                                               {"eva02_tiny_patch14_336", 336},
                                                                               {"eva02_base_patch14_448", 224},
                                                                               {"swin_tiny_patch4_window7_224", 224},
                                                                               {"swinv2_tiny_window8_256", 256}}) {
    const std::string name = backbone;
    try {
      auto model = tagger_of(name, "linear", 5, size);
      at::manual_seed(5);
      check_agrees(model, at::randn({2, 3, size, size}), name);
    } catch (const std::exception& error) {
      BOOST_ERROR(name << ": " << error.what());
    }
  }
}

BOOST_FIXTURE_TEST_CASE(heads_agree, Gpu) {
  for (const std::string head : {"linear:pooling=gem", "linear:pooling=max", "csra:heads=4", "ml_decoder",
                                 "query2label", "query2label:self_attention=true:width=64", "ml_gcn"}) {
    for (const std::string backbone : {"resnet18", "vit_tiny_patch16_224"}) {
      try {
        auto model = tagger_of(backbone, head, 7, 224);
        at::manual_seed(5);
        check_agrees(model, at::randn({2, 3, 224, 224}), head + " on " + backbone);
      } catch (const std::exception& error) {
        BOOST_ERROR(head << " on " << backbone << ": " << error.what());
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(losses_agree, Fixture) {
  std::vector<std::string> names;
  for (const auto& name : tagger::policy_names<tagger::Losses>()) names.emplace_back(name);
  for (const char* more : {"binary_cross_entropy:positive_weight_cap=5", "large_loss:mode=correct",
                           "large_loss:mode=correct_permanently", "selective_asymmetric:mode=ignore",
                           "splc:warm_up_epochs=0", "entropy_maximization:warm_up_epochs=0", "asymmetric + 0.1*hill"}) {
    names.emplace_back(more);
  }
  for (const bool unknown : {false, true}) {
    const auto train = make_pictures(folder.path() / (unknown ? "unknown" : "known"), 16, "", unknown);
    tagger::Targets targets = tagger::as_targets(train.targets());
    targets.pictures = at::arange(16);
    at::manual_seed(11);
    const at::Tensor drawn = at::randn({16, 3});
    for (const auto& name : names) {
      try {
        const auto run = [&](at::Device device) {
          auto loss = tagger::AnyLoss::named(name);
          loss.begin_training(train);
          const tagger::Targets there{targets.values.to(device),
                                      targets.known.defined() ? targets.known.to(device) : targets.known,
                                      targets.pictures.to(device)};
          std::vector<at::Tensor> found;
          for (const std::int64_t epoch : {1, 7, 8}) {
            loss.begin_epoch(epoch, 10);
            const at::Tensor logits = drawn.clone().to(device).requires_grad_();
            const at::Tensor value = loss({logits}, there);
            value.backward();
            found.push_back(value.detach().flatten().cpu());
            found.push_back(logits.grad().flatten().cpu());
          }
          return at::cat(found);
        };
        const at::Tensor cpu = run(at::kCPU), on_gpu = run(gpu);
        BOOST_TEST(cpu.isfinite().all().item<bool>(), name);
        BOOST_TEST(difference(on_gpu, cpu) < 1e-5, name << ": " << difference(on_gpu, cpu));
      } catch (const std::exception& error) {
        BOOST_ERROR(name << ": " << error.what());
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(trainings_agree, Fixture) {
  check_same_losses("adam");
  for (const auto& [optimizer, rate] : {std::pair{"adamw", 1e-2},
                                        {"sgd", 1e-2},
                                        {"sgd:momentum=0", 1e-2},
                                        {"sgd:nesterov=true", 1e-2},
                                        {"lamb", 1e-2}}) {
    options.optimizer = tagger::AnyOptimizer::named(optimizer);
    options.learning_rate = rate;
    check_same_losses(optimizer);
  }
  options.optimizer = tagger::Lion{};
  options.learning_rate = 1e-3;
  check_same_losses("lion", 1e-2);  // its steps are signs, which rounding turns over
  options.optimizer = tagger::AdamW{};
  options.accumulate = 3;
  check_same_losses("in parts");
  options.mixing = {.mixup = 0.4, .cutmix = 1};
  check_same_losses("mixed");
  options.ema_decay = 0.9;
  options.ema_warmup = true;
  options.clip_gradients = 0.5;
  options.sam_rho = 0.05;
  options.schedule = tagger::Cosine{};
  options.sampler = tagger::AnySampler::named("class_aware");
  options.layers.backbone_rate = 0.5;
  options.patience = 5;
  check_same_losses("all parts of a recipe");
}

BOOST_FIXTURE_TEST_CASE(every_network_and_head_is_trained_in_bfloat16, Fixture) {
  for (const auto& [backbone, head] :
       std::vector<std::pair<std::string, std::string>>{{"resnext50_32x4d", "linear"},
                                                        {"tresnet_m", "ml_decoder"},
                                                        {"convnext_tiny", "csra"},
                                                        {"vit_tiny_patch16_224", "query2label"},
                                                        {"swin_tiny_patch4_window7_224", "ml_gcn"},
                                                        {"swinv2_tiny_window8_256", "csra:heads=2"},
                                                        {"eva02_tiny_patch14_336", "linear"},
                                                        {"efficientnet_b0", "linear:pooling=gem"}}) {
    try {
      const auto shape = tagger::TransformOptions{.size = 112 * (backbone.starts_with("swinv2") ? 2 : 1)};
      tagger::Dataset train = data.train, test = data.test;
      train.transform = tagger::training_transform(shape);
      test.transform = tagger::evaluation_transform(shape);
      at::manual_seed(1);
      tagger::AnyTagger model{colours,
                              {.backbone = std::make_shared<tagger::AnyBackbone>(
                                   backbone, tagger::BackboneOptions{.input_size = static_cast<int>(shape.size)}),
                               .head = tagger::AnyHeadOptions::named(head),
                               .activation = tagger::AnyActivation::named("sigmoid"),
                               .loss = tagger::AnyLoss::named("large_loss:mode=correct_permanently")}};
      model.to(gpu);
      options.epochs = 2;
      options.learning_rate = 1e-4;
      options.arithmetic = Arithmetic::bfloat16;
      options.ema_decay = 0.9;
      const auto result = tagger::fit(model, train, test, options);
      BOOST_TEST(result.history.step_loss.size() == 10U);
      BOOST_TEST_MESSAGE(backbone << ", " << head << ": losses " << result.history.step_loss.front() << " to "
                                  << result.history.step_loss.back());
    } catch (const std::exception& error) {
      BOOST_ERROR(backbone << ", " << head << ": " << error.what());
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_stopped_training_goes_on_to_the_same_bits, Fixture) {
  options.mixing.mixup = 0.4;
  options.ema_decay = 0.9;
  options.sam_rho = 0.05;
  const auto run = [&](const fs::path& name, std::int64_t stop_after, at::Device first, at::Device then) {
    FitOptions here = options;
    here.checkpoints = folder.path() / name;
    std::int64_t asked = 0;
    if (stop_after > 0) {
      here.stop = [&] { return ++asked >= stop_after; };
      const auto stopped = tiny(first, 0.2);
      BOOST_TEST(tagger::fit(*stopped, data.train, data.test, here).stopped);
      here.stop = {};
      here.resume = true;
    }
    const auto model = tiny(then, 0.2);
    tagger::fit(*model, data.train, data.test, here);
    return weights_of(*model);
  };
  const at::Tensor undisturbed = run("undisturbed", 0, gpu, gpu);
  BOOST_TEST(run("again", 0, gpu, gpu).equal(undisturbed));
  for (const std::int64_t step : {1, 3, 6}) {
    BOOST_TEST(run("stopped" + std::to_string(step), step, gpu, gpu).equal(undisturbed), "after " << step);
  }
  // Where dropout is drawn elsewhere, it goes on all the same.
  BOOST_TEST(difference(run("to_cpu", 3, gpu, at::kCPU), undisturbed) < 0.1);
  BOOST_TEST(difference(run("to_gpu", 3, at::kCPU, gpu), undisturbed) < 0.1);
}

BOOST_FIXTURE_TEST_CASE(runs_are_the_same_on_both, Fixture) {
  tagger::Recipe recipe{.backbone = "resnet18", .size = 32, .fit = options};
  recipe.head = tagger::AnyHeadOptions::named("linear:dropout=0");
  const tagger::RecipeData given{data.train.annotations, data.test.annotations, folder.path() / "images"};
  std::ostringstream log;
  auto model = make_tagger(recipe, colours, std::nullopt, log);
  model.to(gpu);
  const auto result = train_recipe(model, recipe, given, folder.path() / "run", log);
  BOOST_TEST(result.evaluation.has("macro/f1"));

  auto here = tagger::load_run(folder.path() / "run"), there = tagger::load_run(folder.path() / "run");
  there.model->to(gpu);
  std::vector<fs::path> paths;
  for (const auto& sample : data.test.annotations.samples()) paths.push_back(data.test.folder / sample.image_name);
  const auto cpu = here.predict(paths), on_gpu = there.predict(paths);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (std::size_t k = 0; k < colours.size(); ++k) {
      BOOST_TEST(std::abs(cpu[i].scores[k] - on_gpu[i].scores[k]) < 1e-4);
    }
  }
  // Weights that are loaded where the tagger is, on the GPU.
  auto fresh = make_tagger(recipe, colours, std::nullopt, log);
  fresh.to(gpu);
  load_weights(fresh, folder.path() / "run", tagger::Classifier::required);
  BOOST_TEST(fresh.parameters().front().is_cuda());
  BOOST_TEST(weights_of(fresh).equal(weights_of(*there.model)));

  fresh.freeze_backbone();
  const auto cached = cache_features(fresh, data.test, folder.path() / "features");
  BOOST_TEST_REQUIRE(cached.has_value());
  BOOST_TEST((score(fresh, *cached).scores - score(fresh, data.test).scores).abs().maxCoeff() < 1e-5);
  BOOST_TEST(tagger::fit(fresh, *cached, *cached, options).history.step_loss.size() > 0U);
}
