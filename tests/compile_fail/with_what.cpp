// tier: torch
// error: with<P>: P models no axis of a tagger
// error: neither a Backbone, a Head, an Activation, a Loss nor an Averaging
// error: with<P>: P models two axes of a tagger
// error: with<...> names two policies for the same axis
// with<P> must know which axis P replaces.
#include <tagger/activation/softmax.hpp>
#include <tagger/loss/softmax_cross_entropy.hpp>
#include <tagger/model/tagger.hpp>

struct Pixels : torch::nn::Module {
  static tagger::BackboneSpec spec() { return {.name = "pixels", .features = 3}; }
  tagger::FeatureMap forward(const at::Tensor& images) { return {images}; }
};

struct Both : tagger::Sigmoid {
#ifndef CORRECT
  using Sigmoid::operator();
  at::Tensor operator()(const tagger::Logits& logits, const tagger::Targets&) const { return logits.values; }
#endif
};

using Base = tagger::Tagger<Pixels>;
#ifdef CORRECT
using NoAxis = Base::with<tagger::Micro>;
using TwoOfOne = Base::with<tagger::Softmax, tagger::SoftmaxCrossEntropy>;
#else
using NoAxis = Base::with<int>;
using TwoOfOne = Base::with<tagger::Softmax, tagger::Sigmoid>;
#endif
using TwoAxes = Base::with<Both>;
