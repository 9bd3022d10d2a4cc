// tier: torch
// error: Head
// error: Options
// error: Features
// A head that has no Options to be made with, and a backbone that gives bare tensors, which say not what they are.
#include <torch/nn/module.h>

#include <tagger/backbone/concept.hpp>
#include <tagger/head/concept.hpp>

struct Plain : torch::nn::Module {
  static constexpr std::string_view name = "plain";
#ifdef CORRECT
  struct Options {};
  Plain(const tagger::FeatureShape&, std::int64_t, Options) {}
  Options options;
#else
  Plain(const tagger::FeatureShape&, std::int64_t) {}
#endif
  tagger::Logits forward(const tagger::FeatureVector& features) { return {features.values}; }
};
static_assert(tagger::Head<Plain>);

struct Bare : torch::nn::Module {
  static tagger::BackboneSpec spec() { return {.name = "bare", .features = 3}; }
#ifdef CORRECT
  tagger::FeatureMap forward(const at::Tensor& images) { return {images}; }
#else
  at::Tensor forward(const at::Tensor& images) { return images; }
#endif
};
static_assert(tagger::Backbone<Bare>);
