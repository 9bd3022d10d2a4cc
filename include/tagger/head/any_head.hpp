#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include <tagger/configurable.hpp>
#include <tagger/head/csra.hpp>
#include <tagger/head/linear.hpp>
#include <tagger/head/ml_decoder.hpp>
#include <tagger/head/ml_gcn.hpp>
#include <tagger/head/query2label.hpp>
#include <tagger/policy_list.hpp>
#include <tagger/training_hooks.hpp>

namespace tagger {

/// The heads that can be chosen by name at run time.
using Heads = std::tuple<LinearHead, CsraHead, MlDecoderHead, Query2LabelHead, MlGcnHead>;

class AnyHead;

/// Which head an AnyHead becomes, and its options.
class AnyHeadOptions {
 public:
  AnyHeadOptions() : AnyHeadOptions(std::type_identity<LinearHead>{}, {}) {}

  template <Head H>
  AnyHeadOptions(std::type_identity<H>, const typename H::Options& options);

  /// \param text  NAME[:FIELD=VALUE]...  \throws OptionError, listing the valid names
  template <class List = Heads>
  static AnyHeadOptions named(std::string_view text) {
    AnyHeadOptions found;
    const PolicyText wanted = parse_policy(text);
    visit_named<List>("head", wanted.name, [&]<class H>() {
      typename H::Options options{};
      configure(options, wanted);
      found = AnyHeadOptions(std::type_identity<H>{}, options);
    });
    return found;
  }

  const std::string& chosen() const { return chosen_; }

 private:
  friend AnyHead;
  std::string chosen_;
  std::function<void(AnyHead&, const FeatureShape&, std::int64_t)> make_;
};

/// A head chosen at run time. Its parameters have the keys of the head that it stands for.
/// Models: Head.
class AnyHead : public torch::nn::Module {
 public:
  using Options = AnyHeadOptions;
  static constexpr std::string_view name = "any";

  /// \throws OptionError when the head cannot take features of that kind
  AnyHead(const FeatureShape& features, std::int64_t labels, Options chosen = {}) : options(std::move(chosen)) {
    options.make_(*this, features, labels);
  }

  Logits forward(const AnyFeatures& features) { return forward_(features); }
  void begin_training(const Annotations& train) { begin_training_(train); }
  void begin_epoch(std::int64_t epoch, std::int64_t epochs) { begin_epoch_(epoch, epochs); }
  NamedTensors state() { return state_(); }

  void train(bool on = true) override {
    torch::nn::Module::train(on);
    chosen_->train(on);  // itself no child, because its children are ours, under the same keys
  }

  const std::string& chosen() const { return options.chosen(); }
  bool needs_places() const { return needs_places_; }

  Options options;

 private:
  friend AnyHeadOptions;

  template <Head H>
  static bool takes(FeatureKind kind) {
    switch (kind) {
      case FeatureKind::map:
        return HeadFor<H, FeatureMap>;
      case FeatureKind::tokens:
        return HeadFor<H, TokenSequence>;
      default:
        return HeadFor<H, FeatureVector>;
    }
  }

  template <Head H>
  void become(const FeatureShape& features, std::int64_t labels, const typename H::Options& chosen) {
    if (!takes<H>(features.kind)) {
      throw OptionError("the head " + name_of<H>() + " cannot take " + std::string(description(features.kind)) +
                        ", which is what the backbone gives");
    }
    auto head = std::make_shared<H>(features, labels, chosen);
    adopt(*head);
    needs_places_ = tagger::needs_places(*head);
    forward_ = [head = head.get()](const AnyFeatures& given) {
      return std::visit(
          [head]<class F>(const F& kind) -> Logits {
            if constexpr (HeadFor<H, F>) {
              return head->forward(kind);
            } else {
              throw OptionError("the head " + name_of<H>() + " cannot take what the backbone gives");
            }
          },
          given);
    };
    begin_training_ = [head = head.get()](const Annotations& train) { hooks::begin_training(*head, train); };
    begin_epoch_ = [head = head.get()](std::int64_t epoch, std::int64_t epochs) {
      hooks::begin_epoch(*head, epoch, epochs);
    };
    state_ = [head = head.get()] { return hooks::state(*head); };
    chosen_ = std::move(head);
  }

  void adopt(const torch::nn::Module& head) {
    for (auto& child : head.named_children()) register_module(child.key(), child.value());
    for (auto& parameter : head.named_parameters(/*recurse=*/false)) {
      register_parameter(parameter.key(), parameter.value(), parameter.value().requires_grad());
    }
    for (auto& buffer : head.named_buffers(/*recurse=*/false)) register_buffer(buffer.key(), buffer.value());
  }

  std::shared_ptr<torch::nn::Module> chosen_;
  bool needs_places_ = false;
  std::function<Logits(const AnyFeatures&)> forward_;
  std::function<void(const Annotations&)> begin_training_;
  std::function<void(std::int64_t, std::int64_t)> begin_epoch_;
  std::function<NamedTensors()> state_;
};

template <Head H>
AnyHeadOptions::AnyHeadOptions(std::type_identity<H>, const typename H::Options& options)
    : chosen_(policy_text(H::name, options)),
      make_([options](AnyHead& head, const FeatureShape& features, std::int64_t labels) {
        head.become<H>(features, labels, options);
      }) {}

static_assert(HeadFor<AnyHead, AnyFeatures>);

}  // namespace tagger
