#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

#include <torch/nn/init.h>
#include <torch/nn/module.h>

#include <tagger/head/concept.hpp>

namespace tagger {

struct LinearHeadOptions {
  double dropout = 0.2;  ///< share of the features set to zero in training
};

/// logits = W dropout(mean over pixels of the features) + b, with W: (K, D) and b: (K). Fresh weights as torch's Linear
/// draws them. The published NUS-WIDE recipe's head, with its dropout.
/// Models: Head.
struct LinearHead : torch::nn::Module {
  static constexpr std::string_view name = "linear";

  using Options = LinearHeadOptions;

  /// \param features D  \param labels K
  LinearHead(std::int64_t features, std::int64_t labels, Options options = {})
      : weight(register_parameter("weight", torch::empty({labels, features}))),
        bias(register_parameter("bias", torch::empty({labels}))),
        options(options) {
    const double bound = 1 / std::sqrt(static_cast<double>(features));
    torch::nn::init::uniform_(weight, -bound, bound);
    torch::nn::init::uniform_(bias, -bound, bound);
  }

  Logits forward(const FeatureMap& features) {
    return forward(FeatureVector{features.values.mean({2, 3})});
  }

  Logits forward(const FeatureVector& features) {
    return {torch::linear(torch::dropout(features.values, options.dropout, is_training()), weight, bias)};
  }

  at::Tensor weight, bias;
  Options options;
};

static_assert(HeadFor<LinearHead, FeatureMap> && HeadFor<LinearHead, FeatureVector>);

}  // namespace tagger
