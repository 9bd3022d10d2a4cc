#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/linear.h>
#include <torch/nn/modules/conv.h>

#include <tagger/backbone/keyed_module.hpp>
#include <tagger/configurable.hpp>
#include <tagger/head/concept.hpp>

namespace tagger {

struct CsraHeadOptions {
  std::int64_t heads = 1;
  double lambda = 0.1;  ///< the paper: 0.1 on VOC 2007, 0.4 on MS-COCO

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("heads", self.heads, "how many attentions of different temperatures are added up", between(1, 8));
    field("lambda", self.lambda, "weight of the attention beside the average", at_least(0));
  }
};

/// Class-specific residual attention: Zhu and Wu, "Residual attention: a simple but effective method for multi-label
/// recognition", ICCV 2021. Place j of the picture gives label k the score s_kj = w_k x_j / |w_k|, and
///
///     logits_k = sum over heads of mean_j s_kj + lambda sum_j softmax_j(T s_kj) s_kj
///
/// where each head has its own w: (K, D), and temperature T. The last of several has none, which is the maximum over j;
/// the others have 1, 2, 3 and so on, but 1, 2, 4 of 4 heads. The paper has 1, 2, 4, 6 or 8 heads. There is no bias.
/// Fresh weights as torch's Conv2d draws them. Keys as the authors' code.
/// Models: Head.
struct CsraHead : torch::nn::Module {
  static constexpr std::string_view name = "csra";

  using Options = CsraHeadOptions;

  /// \param labels K
  CsraHead(const FeatureShape& features, std::int64_t labels, Options options = {}) : options(options) {
    for (std::int64_t head = 0; head < options.heads; ++head) {
      torch::nn::Conv2d scores(torch::nn::Conv2dOptions(features.channels, labels, 1).bias(false));
      scores_.push_back(detail::register_at(*this, "multi_head." + std::to_string(head) + ".head", scores));
    }
  }

  template <PlaceFeatures F>
  Logits forward(const F& features) {
    const at::Tensor x = places(features);
    at::Tensor logits;
    for (std::size_t head = 0; head < scores_.size(); ++head) {
      const at::Tensor weight = scores_[head]->weight.flatten(1);
      const at::Tensor scores = at::linear(x, weight / weight.norm(2, 1, /*keepdim=*/true)).to(weight.scalar_type());
      const double temperature = temperature_of(head);
      const at::Tensor attended =
          std::isinf(temperature) ? scores.amax(1) : (scores.mul(temperature).softmax(1) * scores).sum(1);
      const at::Tensor added = scores.mean(1) + options.lambda * attended;
      logits = logits.defined() ? logits + added : added;
    }
    return {logits};
  }

  Options options;

 private:
  /// Infinity for the maximum.
  double temperature_of(std::size_t head) const {
    if (head > 0 && head + 1 == scores_.size()) return std::numeric_limits<double>::infinity();
    return scores_.size() == 4 && head == 2 ? 4 : static_cast<double>(head + 1);
  }

  std::vector<torch::nn::Conv2d> scores_;
};

static_assert(HeadFor<CsraHead, FeatureMap> && HeadFor<CsraHead, TokenSequence> && !HeadFor<CsraHead, FeatureVector>);

}  // namespace tagger
