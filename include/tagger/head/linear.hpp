#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

#include <torch/nn/init.h>
#include <torch/nn/module.h>

#include <tagger/configurable.hpp>
#include <tagger/head/concept.hpp>

namespace tagger {

struct LinearHeadOptions {
  double dropout = 0.2;  ///< share of the features set to zero in training

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("dropout", self.dropout, "share of the features set to zero in training", between(0, 0.999));
  }
};

/// logits = W dropout(features, pooled as the network does) + b, with W: (K, P) and b: (K). Fresh weights as torch's
/// Linear draws them. The published NUS-WIDE recipe's head, with its dropout.
/// Models: Head.
struct LinearHead : torch::nn::Module {
  static constexpr std::string_view name = "linear";

  using Options = LinearHeadOptions;

  /// \param labels K
  LinearHead(const FeatureShape& features, std::int64_t labels, Options options = {})
      : weight(register_parameter("weight", torch::empty({labels, features.pooled}))),
        bias(register_parameter("bias", torch::empty({labels}))),
        options(options) {
    const double bound = 1 / std::sqrt(static_cast<double>(features.pooled));
    torch::nn::init::uniform_(weight, -bound, bound);
    torch::nn::init::uniform_(bias, -bound, bound);
  }

  template <Features F>
    requires(!std::same_as<F, AnyFeatures>)
  Logits forward(const F& features) {
    return {torch::linear(torch::dropout(pooled(features), options.dropout, is_training()), weight, bias)};
  }

  at::Tensor weight, bias;
  Options options;
};

static_assert(HeadFor<LinearHead, FeatureMap> && HeadFor<LinearHead, TokenSequence> &&
              HeadFor<LinearHead, FeatureVector>);

}  // namespace tagger
