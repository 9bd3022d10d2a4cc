#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/randn.h>
#include <torch/nn/init.h>
#include <torch/nn/module.h>

#include <tagger/backbone/keyed_module.hpp>
#include <tagger/configurable.hpp>
#include <tagger/data/annotations.hpp>
#include <tagger/error.hpp>
#include <tagger/head/concept.hpp>
#include <tagger/head/label_graph.hpp>
#include <tagger/head/word_vectors.hpp>

namespace tagger {

struct MlGcnHeadOptions {
  std::filesystem::path vectors{};  ///< GloVe's text file, read when a training begins; empty: vectors are learned
  std::int64_t vector_size = 300;
  std::int64_t hidden = 1024;
  double threshold = 0.4;  ///< labels i and j are joined where P(j | i) is at least this
  double share = 0.2;      ///< of what a label takes from those it is joined to

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("vectors", self.vectors, "GloVe text file with the words of the labels; without, vectors are learned");
    field("vector_size", self.vector_size, "numbers in a label's vector", at_least(1));
    field("hidden", self.hidden, "width of the graph network", at_least(1));
    field("threshold", self.threshold, "labels i and j are joined where P(j | i) is at least this", between(0, 1));
    field("share", self.share, "of what a label takes from the labels it is joined to", between(0, 0.999));
  }
};

/// ML-GCN: Chen, Wei, Wang and Guo, "Multi-label image recognition with graph convolutional networks", CVPR 2019. The
/// classifier is computed from the labels: vectors V of their words go through two graph convolutions over
/// label_graph() A, and meet the largest of each channel over the places of the picture:
///
///     W = A leaky_relu(A V W1) W2: (K, D),   logits_k = W_k max_j x_j
///
/// with a slope of 0.2. A is counted, and GloVe's vectors are read, when a training begins, and both are in the
/// weights; until then the labels are joined to none and their vectors are drawn. Learned vectors are drawn from a
/// normal distribution; other fresh weights and keys (gc1, gc2) as the authors' code. Takes K^2 numbers.
/// Models: Head.
struct MlGcnHead : torch::nn::Module {
  static constexpr std::string_view name = "ml_gcn";

  using Options = MlGcnHeadOptions;

  /// \param labels K
  MlGcnHead(const FeatureShape& features, std::int64_t labels, Options options = {}) : options(std::move(options)) {
    const Options& o = this->options;
    const at::Tensor drawn = at::randn({labels, o.vector_size});
    vectors_ = o.vectors.empty() ? register_parameter("vectors", drawn) : register_buffer("vectors", drawn);
    graph_ = register_buffer("graph", at::eye(labels));
    const auto convolution = [this](const char* key, std::int64_t in, std::int64_t out) {
      const auto layer = register_module(key, std::make_shared<torch::nn::Module>());
      const double bound = 1 / std::sqrt(static_cast<double>(out));
      return layer->register_parameter("weight", torch::nn::init::uniform_(at::empty({in, out}), -bound, bound));
    };
    weight1_ = convolution("gc1", o.vector_size, o.hidden);
    weight2_ = convolution("gc2", o.hidden, features.channels);
  }

  /// \throws FileError, DataError from label_vectors(); OptionError for annotations of another number of labels
  void begin_training(const Annotations& train) {
    if (std::ssize(train.labels()) != graph_.size(0)) {
      throw OptionError("ml_gcn: a head for " + std::to_string(graph_.size(0)) + " labels cannot be trained on " +
                        std::to_string(train.labels().size()));
    }
    const at::NoGradGuard no_gradient;
    const auto write = [](auto values, const at::Tensor& into) {
      into.copy_(at::from_blob(values.data(), {values.rows(), values.cols()}));
    };
    if (!options.vectors.empty()) {
      auto [values, unknown] = label_vectors(train.labels(), options.vectors, options.vector_size);
      write(std::move(values), vectors_);
      unknown_words = std::move(unknown);
    }
    write(label_graph(train, options.threshold, options.share), graph_);
  }

  template <PlaceFeatures F>
  Logits forward(const F& features) {
    const at::Tensor hidden = at::leaky_relu(graph_.matmul(vectors_.matmul(weight1_)), 0.2);
    return {at::linear(places(features).amax(1), graph_.matmul(hidden.matmul(weight2_)))};
  }

  Options options;
  std::vector<std::string> unknown_words;  ///< words of the labels without a vector, as the last training found them

 private:
  at::Tensor vectors_, graph_, weight1_, weight2_;
};

static_assert(HeadFor<MlGcnHead, FeatureMap> && HeadFor<MlGcnHead, TokenSequence> &&
              !HeadFor<MlGcnHead, FeatureVector>);

}  // namespace tagger
