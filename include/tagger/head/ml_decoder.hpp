#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>

#include <ATen/core/Tensor.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/zeros.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/linear.h>

#include <tagger/backbone/keyed_module.hpp>
#include <tagger/backbone/layer_norm.hpp>
#include <tagger/configurable.hpp>
#include <tagger/head/attention.hpp>
#include <tagger/head/concept.hpp>

namespace tagger {

struct MlDecoderHeadOptions {
  std::int64_t groups = 100;  ///< G, queries, each for its share of the labels; never more than there are labels
  std::int64_t width = 768;
  std::int64_t heads = 8;
  std::int64_t feed_forward = 2048;
  double dropout = 0.1;
  bool learnable_queries = false;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("groups", self.groups, "queries, each for its share of the labels", at_least(1));
    field("width", self.width, "numbers in a query", at_least(1));
    field("heads", self.heads, "of attention", at_least(1));
    field("feed_forward", self.feed_forward, "width of the network that follows attention", at_least(1));
    field("dropout", self.dropout, "share set to zero in training", between(0, 0.999));
    field("learnable_queries", self.learnable_queries, "train the queries, which else stay as they are drawn");
  }
};

/// ML-Decoder: Ridnik et al., "ML-Decoder: scalable and versatile classification head", WACV 2023. G queries q attend
/// to the places of the picture, without attention among themselves, and each answers for ceil(K / G) labels:
///
///     x = relu(W places),   t = norm1(q + dropout(q)),   h = attention layer(t, x, x),   logits = group_fc(h)
///
/// Its cost grows with G, not with K, so that 10,000 labels can be trained. Keys and fresh weights as the authors'
/// code. Models: Head.
struct MlDecoderHead : torch::nn::Module {
  static constexpr std::string_view name = "ml_decoder";

  using Options = MlDecoderHeadOptions;

  /// \param labels K
  /// \throws OptionError when `width` is no multiple of `heads`
  MlDecoderHead(const FeatureShape& features, std::int64_t labels, Options options = {})
      : options(options), labels_(labels) {
    const std::int64_t groups = std::min(options.groups, labels), share = (labels + groups - 1) / groups;
    const detail::AttentionLayer::Shape shape{options.width, options.heads, options.feed_forward, options.dropout};
    layer_ = detail::register_at(*this, "decoder.layers.0",
                                 std::make_shared<detail::AttentionLayer>(shape, detail::decoder_layer));
    norm1_ = layer_->register_module("norm1", LayerNorm(options.width));
    embed_ = detail::register_at(*this, "decoder.embed_standart", torch::nn::Linear(features.channels, options.width));
    queries_ = detail::register_at(*this, "decoder.query_embed", std::make_shared<torch::nn::Module>())
                   ->register_parameter("weight", at::randn({groups, options.width}), options.learnable_queries);
    const auto decoder = named_children()["decoder"];
    weight_ = decoder->register_parameter("duplicate_pooling", at::empty({groups, options.width, share}));
    bias_ = decoder->register_parameter("duplicate_pooling_bias", at::zeros({labels}));
    torch::nn::init::xavier_normal_(weight_);
  }

  template <PlaceFeatures F>
  Logits forward(const F& features) {
    const at::Tensor x = at::relu(embed_(places(features)));
    const at::Tensor queries = queries_.expand({x.size(0), -1, -1});
    const at::Tensor target = norm1_(queries + layer_->dropout(queries));
    const at::Tensor h = layer_->forward(target, target, x, x);      // (N, G, D)
    const at::Tensor grouped = at::bmm(h.transpose(0, 1), weight_);  // (G, N, K / G)
    return {grouped.transpose(0, 1).flatten(1).slice(1, 0, labels_) + bias_};
  }

  Options options;

 private:
  std::int64_t labels_;
  std::shared_ptr<detail::AttentionLayer> layer_;
  LayerNorm norm1_{nullptr};
  torch::nn::Linear embed_{nullptr};
  at::Tensor queries_, weight_, bias_;
};

static_assert(HeadFor<MlDecoderHead, FeatureMap> && HeadFor<MlDecoderHead, TokenSequence> &&
              !HeadFor<MlDecoderHead, FeatureVector>);

}  // namespace tagger
