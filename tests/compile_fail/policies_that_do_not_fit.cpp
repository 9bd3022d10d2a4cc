// tier: torch
// error: binary cross-entropy asks a yes-or-no question of each label and needs Sigmoid
// error: Replace both: with<Softmax, SoftmaxCrossEntropy>
// error: this head cannot take what this backbone gives
// Policies that are right each by itself, and not together.
#include <tagger/activation/softmax.hpp>
#include <tagger/loss/softmax_cross_entropy.hpp>
#include <tagger/model/tagger.hpp>

struct Pixels : torch::nn::Module {
  static tagger::BackboneSpec spec() { return {.name = "pixels", .features = 3}; }
  tagger::FeatureMap forward(const at::Tensor& images) { return {images}; }
};

struct VectorHead : tagger::LinearHead {
  using LinearHead::LinearHead;
#ifndef CORRECT
  tagger::Logits forward(const tagger::FeatureVector& features) { return LinearHead::forward(features); }
#endif
};

#ifdef CORRECT
using CounterExample = tagger::Tagger<Pixels>::with<tagger::Softmax, tagger::SoftmaxCrossEntropy>;
#else
using CounterExample = tagger::Tagger<Pixels>::with<tagger::Softmax>;
#endif
using OfVectors = tagger::Tagger<Pixels>::with<VectorHead>;

static_assert(sizeof(CounterExample) > 0);
static_assert(sizeof(OfVectors) > 0);
