#pragma once

#include <string_view>

#include <ATen/ops/softplus.h>

#include <tagger/configurable.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/log_sum_exp.hpp>

namespace tagger {

/// Ranks two ways: the labels of each picture, and the pictures of each label. Along each, over the logits x of known
/// labels, softplus(T_n log sum over no of exp(x / T_n) + T_p log sum over yes of exp(-x / T_p)): the highest no must
/// stay below the lowest yes. The mean over the pictures of the batch that have a yes, plus the mean over the labels
/// that have one. A soft target weighs the exponentials: y of a yes, 1 - y of a no. Only the order is trained: no logit
/// tells yes from no. Kobayashi, "Two-way multi-label loss", CVPR 2023; the defaults are his. Models: Loss.
struct TwoWayLoss {
  using Meaning = Ranking;
  static constexpr std::string_view name = "two_way";

  double positive_temperature = 4;
  double negative_temperature = 1;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("positive_temperature", self.positive_temperature, "higher: more than the lowest yes counts", above(0));
    field("negative_temperature", self.negative_temperature, "higher: more than the highest no counts", above(0));
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const detail::Sides sides(targets);
    const at::Tensor lowest_yes = values.div(-positive_temperature), highest_no = values.div(negative_temperature);
    const auto along = [&](std::int64_t dim) {
      const at::Tensor yes = detail::log_sum_exp(lowest_yes, sides.yes, dim).mul(positive_temperature);
      const at::Tensor no = detail::log_sum_exp(highest_no, sides.no, dim).mul(negative_temperature);
      const at::Tensor has_yes = sides.yes.sum(dim).gt(0);
      const at::Tensor sum = at::softplus(yes.add(no)).masked_fill(has_yes.logical_not(), 0).sum();
      return sum.div(has_yes.sum().clamp_min(1));
    };
    return along(1).add(along(0));
  }
};

static_assert(Loss<TwoWayLoss>);

}  // namespace tagger
