#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/conv.h>

#include <tagger/backbone/keyed_module.hpp>
#include <tagger/backbone/layer_norm.hpp>
#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/head/attention.hpp>
#include <tagger/head/concept.hpp>
#include <tagger/head/sine_position.hpp>

namespace tagger {

struct Query2LabelHeadOptions {
  std::int64_t width = 0;         ///< D of queries, a multiple of 4; 0: as many as the features have channels
  std::int64_t feed_forward = 0;  ///< 0: four times the width
  std::int64_t heads = 4;
  std::int64_t encoder_layers = 1;
  std::int64_t decoder_layers = 2;
  bool self_attention = false;  ///< among the queries, before they attend to the picture
  double dropout = 0.1;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("width", self.width, "numbers in a query; 0: as many as the features have channels", at_least(0));
    field("feed_forward", self.feed_forward, "width of the network that follows attention; 0: four times the width",
          at_least(0));
    field("heads", self.heads, "of attention", at_least(1));
    field("encoder_layers", self.encoder_layers, "of attention among the places of the picture", at_least(0));
    field("decoder_layers", self.decoder_layers, "of attention of the labels to the places", at_least(1));
    field("self_attention", self.self_attention, "let the labels attend to each other, too");
    field("dropout", self.dropout, "share set to zero in training", between(0, 0.999));
  }
};

/// Query2Label: Liu et al., "Query2Label: a simple transformer way to multi-label classification", 2021. Each label has
/// a query q_k, which asks the places of the picture in one layer after the other; what it has found then, h_k, is
/// weighed by the label's own w_k: logits_k = w_k h_k + b_k. Pixels of a map know where they are by sine_position();
/// tokens know it by themselves. Keys, fresh weights and defaults as the authors' code, in which queries do not attend
/// to each other unless asked to.
/// Models: Head.
struct Query2LabelHead : torch::nn::Module {
  static constexpr std::string_view name = "query2label";

  using Options = Query2LabelHeadOptions;

  /// \param labels K
  /// \throws OptionError when the width is no multiple of 4 or of `heads`
  Query2LabelHead(const FeatureShape& features, std::int64_t labels, Options options = {})
      : options(options), width_(options.width > 0 ? options.width : features.channels) {
    if (width_ % 4 != 0) {
      throw OptionError("query2label: a width of " + std::to_string(width_) +
                        " is no multiple of 4, which sine positions need; set width");
    }
    const detail::AttentionLayer::Shape shape{
        width_, options.heads, options.feed_forward > 0 ? options.feed_forward : 4 * width_, options.dropout};
    for (std::int64_t i = 0; i < options.encoder_layers; ++i) {
      encoder_.push_back(detail::register_at(*this, "transformer.encoder.layers." + std::to_string(i),
                                             std::make_shared<detail::AttentionLayer>(shape, detail::encoder_layer)));
    }
    for (std::int64_t i = 0; i < options.decoder_layers; ++i) {
      decoder_.push_back(detail::register_at(*this, "transformer.decoder.layers." + std::to_string(i),
                                             std::make_shared<Layer>(shape, options.self_attention)));
    }
    norm_ = detail::register_at(*this, "transformer.decoder.norm", LayerNorm(width_));
    for (auto& parameter : parameters()) {
      if (parameter.dim() > 1) torch::nn::init::xavier_uniform_(parameter);
    }
    if (width_ != features.channels) {
      projection_ =
          register_module("input_proj", torch::nn::Conv2d(torch::nn::Conv2dOptions(features.channels, width_, 1)));
    }
    queries_ = detail::register_at(*this, "query_embed", std::make_shared<torch::nn::Module>())
                   ->register_parameter("weight", at::randn({labels, width_}));
    const auto classifier = register_module("fc", std::make_shared<torch::nn::Module>());
    weight_ = classifier->register_parameter("W", at::empty({1, labels, width_}));
    bias_ = classifier->register_parameter("b", at::empty({1, labels}));
    const double bound = 1 / std::sqrt(static_cast<double>(width_));
    torch::nn::init::uniform_(weight_, -bound, bound);
    torch::nn::init::uniform_(bias_, -bound, bound);
  }

  template <PlaceFeatures F>
  Logits forward(const F& features) {
    at::Tensor x = places(features);
    if (projection_) x = at::linear(x, projection_->weight.flatten(1), projection_->bias);
    at::Tensor position = at::zeros({1, 1, 1}, weight_.options());
    if constexpr (std::same_as<F, FeatureMap>) {
      position = sine_position(features.values.size(2), features.values.size(3), width_, weight_.options());
    }
    for (const auto& layer : encoder_) {
      const at::Tensor placed = x + position;
      x = layer->forward(x, placed, placed, x);
    }
    const at::Tensor keys = x + position;
    at::Tensor h = at::zeros({x.size(0), queries_.size(0), width_}, weight_.options());
    for (const auto& layer : decoder_) h = layer->forward(h, queries_, keys, x);
    return {(norm_(h) * weight_).sum(-1) + bias_};
  }

  Options options;

 private:
  /// A decoder's layer, which may begin with attention among the queries.
  struct Layer : detail::AttentionLayer {
    Layer(const Shape& shape, bool self_attention) : AttentionLayer(shape, detail::decoder_layer) {
      if (!self_attention) return;
      self_attn = register_module(
          "self_attn", std::make_shared<detail::MultiheadAttention>(shape.width, shape.heads, shape.dropout));
      norm1 = register_module("norm1", LayerNorm(shape.width));
    }

    at::Tensor forward(at::Tensor h, const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values) {
      if (self_attn) {
        const at::Tensor asked = h + queries;
        h = norm1(h + dropout(self_attn->forward(asked, asked, h)));
      }
      return AttentionLayer::forward(h, h + queries, keys, values);
    }

    std::shared_ptr<detail::MultiheadAttention> self_attn;
    LayerNorm norm1{nullptr};
  };

  std::int64_t width_;
  std::vector<std::shared_ptr<detail::AttentionLayer>> encoder_;
  std::vector<std::shared_ptr<Layer>> decoder_;
  LayerNorm norm_{nullptr};
  torch::nn::Conv2d projection_{nullptr};
  at::Tensor queries_, weight_, bias_;
};

static_assert(HeadFor<Query2LabelHead, FeatureMap> && HeadFor<Query2LabelHead, TokenSequence> &&
              !HeadFor<Query2LabelHead, FeatureVector>);

}  // namespace tagger
