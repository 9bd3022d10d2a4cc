// A backbone, a loss and an averaging of one's own, each a type that models a concept, joined with the library's: as
// types, and, the loss being one line in a list, by name.
#include <iostream>
#include <string_view>
#include <tuple>
#include <utility>

#include <ATen/Context.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>

#include <tagger/tagger.hpp>

// [backbone]
/// Four strided convolutions: small enough to train from scratch in a minute.
struct TinyNet : torch::nn::Module {
  TinyNet() {
    for (const auto& [in, out] : {std::pair{3, 16}, {16, 32}, {32, 64}, {64, 128}}) {
      layers->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).stride(2).padding(1).bias(false)));
      layers->push_back(torch::nn::BatchNorm2d(out));
      layers->push_back(torch::nn::ReLU());
    }
    register_module("layers", layers);
  }
  tagger::FeatureMap forward(const at::Tensor& images) { return {layers->forward(images)}; }
  static tagger::BackboneSpec spec() { return {.name = "tiny_net", .features = 128, .input_size = 64}; }

  torch::nn::Sequential layers;
};
static_assert(tagger::Backbone<TinyNet>);
// [backbone]

// [loss]
/// Squared distance between score and target: Brier, 1950. Unknown labels have no part in it.
struct BrierLoss {
  using Meaning = tagger::IndependentLabels;
  static constexpr std::string_view name = "brier";

  at::Tensor operator()(const tagger::Logits& logits, const tagger::Targets& targets) const {
    const at::Tensor distance = (logits.values.to(at::kFloat).sigmoid() - targets.values).square();
    if (!targets.known.defined()) return distance.mean();
    return (distance * targets.known).sum() / targets.known.sum().clamp_min(1);
  }
};
static_assert(tagger::Loss<BrierLoss>);
// [loss]

// [averaging]
/// The mean over labels that occur at least ten times: rare labels make noise, not news.
struct Frequent {
  static constexpr std::string_view name = "frequent";
  static constexpr tagger::Slices slices = tagger::Slices::labels;

  double average(const Eigen::ArrayXd& values, const tagger::Counts& labels) const {
    const Eigen::ArrayXd counted = (labels.support() >= 10).cast<double>();
    return counted.sum() > 0 ? (values * counted).sum() / counted.sum() : 0;
  }
};
static_assert(tagger::Averaging<Frequent>);
// [averaging]

// [join]
using Mine = tagger::NusWide::with<TinyNet, BrierLoss, tagger::Macro, Frequent>;
// [join]

// [by name]
using MyLosses = decltype(std::tuple_cat(std::tuple<BrierLoss>{}, tagger::Losses{}));
using ByName = Mine::with<tagger::AnyActivation, tagger::AnyLoss>;
// [by name]

template <class Model>
int train(Model model, const char* train_json, const char* test_json, const char* images) {
  const auto train = tagger::read_annotations(train_json), test = tagger::read_annotations(test_json);
  tagger::ProgressObserver progress;
  tagger::Observer* observers[] = {&progress};
  const auto result =
      tagger::fit(model, {train, images, tagger::training_transform({.size = 64})},
                  {tagger::match_labels(test, train.labels()), images, tagger::evaluation_transform({.size = 64})},
                  {.epochs = 3, .learning_rate = 1e-3}, observers);
  std::cout << averages_table(result.evaluation);
  return 0;
}

int main(int argc, char** argv) try {
  if (argc != 4 && argc != 5) return std::cerr << "usage: custom_policy TRAIN.json TEST.json IMAGES [LOSS]\n", 2;
  tagger::tune_runtime();
  at::manual_seed(2020);  // of first weights
  const auto labels = tagger::read_annotations(argv[1]).labels();
  if (argc == 4) return train(Mine{labels}, argv[1], argv[2], argv[3]);
  const auto loss = tagger::AnyLoss::named<MyLosses>(argv[4]);
  return train(ByName{labels, {.activation = tagger::AnyActivation::that_means(loss.meaning()), .loss = loss}}, argv[1],
               argv[2], argv[3]);
} catch (const tagger::Error& error) {
  return std::cerr << "custom_policy: " << error.what() << '\n', 1;
}
