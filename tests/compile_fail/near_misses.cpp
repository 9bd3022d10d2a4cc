// tier: torch
// error: loss\(logits, targets\)
// error: return-type-requirement|type constraint
// error: Meaning
// error: Compatible<tagger::Sigmoid, tagger::SoftmaxCrossEntropy>
// A loss that gives a number and not a tensor, which no gradient flows through; an activation that does not say what
// its scores mean; a loss that trains another kind of scores.
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sum.h>

#include <tagger/activation/sigmoid.hpp>
#include <tagger/loss/binary_cross_entropy.hpp>
#include <tagger/loss/softmax_cross_entropy.hpp>

struct Number {
  using Meaning = tagger::IndependentLabels;
  static constexpr std::string_view name = "number";
#ifdef CORRECT
  at::Tensor operator()(const tagger::Logits& logits, const tagger::Targets&) const { return logits.values.sum(); }
#else
  double operator()(const tagger::Logits& logits, const tagger::Targets&) const {
    return logits.values.sum().item<double>();
  }
#endif
};
static_assert(tagger::Loss<Number>);

struct Meaningless {
#ifdef CORRECT
  using Meaning = tagger::IndependentLabels;
#endif
  static constexpr std::string_view name = "meaningless";
  tagger::Scores operator()(const tagger::Logits& logits) const { return {at::sigmoid(logits.values)}; }
};
static_assert(tagger::Activation<Meaningless>);

#ifdef CORRECT
static_assert(tagger::Compatible<tagger::Sigmoid, tagger::BinaryCrossEntropy>);
#else
static_assert(tagger::Compatible<tagger::Sigmoid, tagger::SoftmaxCrossEntropy>);
#endif
