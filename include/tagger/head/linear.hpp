#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include <ATen/ops/dropout.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linear.h>
#include <torch/nn/init.h>
#include <torch/nn/module.h>

#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/head/concept.hpp>
#include <tagger/head/pooling.hpp>

namespace tagger {

struct LinearHeadOptions {
  double dropout = 0.2;                ///< share of the features set to zero in training
  Pooling pooling = Pooling::network;  ///< any other works on the places of the picture: a map or tokens
  double gem_power = 3;                ///< what p of Pooling::gem begins with

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("dropout", self.dropout, "share of the features set to zero in training", between(0, 0.999));
    field("pooling", self.pooling, "network (as its own classifier does), average, max or gem (generalized mean)");
    field("gem_power", self.gem_power, "what the learned exponent of gem begins with", at_least(1));
  }
};

/// logits = W dropout(pooled features) + b, with W: (K, P) and b: (K); P is D unless the network pools in its own way.
/// Fresh weights as torch's Linear draws them. The published NUS-WIDE recipe's head, with its dropout.
/// Models: Head.
struct LinearHead : torch::nn::Module {
  static constexpr std::string_view name = "linear";

  using Options = LinearHeadOptions;

  /// \param labels K
  /// \throws OptionError when there is to be pooled what has no places
  LinearHead(const FeatureShape& features, std::int64_t labels, Options options = {}) : options(options) {
    const bool by_network = options.pooling == Pooling::network;
    if (!by_network && features.kind == FeatureKind::vector) {
      throw OptionError(
          "linear:pooling=" + std::string(enum_names<Pooling>[static_cast<std::size_t>(options.pooling)]) +
          ": the backbone gives one vector a picture, of which nothing is left to be pooled; "
          "leave pooling=network");
    }
    const std::int64_t width = by_network ? features.pooled : features.channels;
    weight = register_parameter("weight", at::empty({labels, width}));
    bias = register_parameter("bias", at::empty({labels}));
    if (options.pooling == Pooling::gem) p = register_parameter("p", at::full({1}, options.gem_power));
    const double bound = 1 / std::sqrt(static_cast<double>(width));
    torch::nn::init::uniform_(weight, -bound, bound);
    torch::nn::init::uniform_(bias, -bound, bound);
  }

  Logits forward(const FeatureVector& features) { return classify(pooled(features)); }
  template <PlaceFeatures F>
  Logits forward(const F& features) {
    return classify(pool(features, options.pooling, p));
  }

  bool needs_places() const { return options.pooling != Pooling::network; }

  at::Tensor weight, bias, p;
  Options options;

 private:
  Logits classify(const at::Tensor& vectors) {
    return {at::linear(at::dropout(vectors, options.dropout, is_training()), weight, bias)};
  }
};

static_assert(HeadFor<LinearHead, FeatureMap> && HeadFor<LinearHead, TokenSequence> &&
              HeadFor<LinearHead, FeatureVector>);

}  // namespace tagger
