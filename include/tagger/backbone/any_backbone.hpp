#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <tagger/backbone/concept.hpp>
#include <tagger/backbone/efficientnet_lite.hpp>
#include <tagger/backbone/resnet.hpp>
#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// The backbones that can be chosen by name at run time. To add one of your own, write your own list.
using Backbones =
    std::tuple<ResNet18, ResNet34, ResNet50, ResNet101, ResNet152, ResNeXt50_32x4d, ResNeXt101_32x8d, WideResNet50_2,
               EfficientNetLite0, EfficientNetLite1, EfficientNetLite2, EfficientNetLite3, EfficientNetLite4>;

/// The specifications of a list of backbones, in its order.
template <class List = Backbones>
std::vector<BackboneSpec> backbone_specs() {
  return []<class... B>(std::type_identity<std::tuple<B...>>) {
    return std::vector<BackboneSpec>{B::spec()...};
  }(std::type_identity<List>{});
}

/// The names of a list of backbones, in its order.
template <class List = Backbones>
std::vector<std::string> backbone_names() {
  std::vector<std::string> names;
  for (const auto& spec : backbone_specs<List>()) names.push_back(spec.name);
  return names;
}

/// A backbone chosen by name at run time. Its parameters have the keys of the backbone that it stands for.
/// Models: Backbone.
class AnyBackbone : public torch::nn::Module {
 public:
  /// \throws OptionError, listing the valid names, when List has no backbone called `name`
  template <class List = Backbones>
  explicit AnyBackbone(std::string_view name, std::type_identity<List> list = {}) {
    if (!choose(name, list)) throw OptionError(unknown_name_message("backbone", name, backbone_names<List>()));
  }

  FeatureMap forward(const at::Tensor& images) { return forward_(images); }
  const BackboneSpec& spec() const { return spec_; }

  void train(bool on = true) override {
    torch::nn::Module::train(on);
    chosen_->train(on);  // itself no child, because its children are ours, under the same keys
  }

 private:
  template <class... B>
  bool choose(std::string_view name, std::type_identity<std::tuple<B...>>) {
    return ((B::spec().name == name && (adopt(std::make_shared<B>()), true)) || ...);
  }

  template <Backbone B>
  void adopt(std::shared_ptr<B> backbone) {
    static_assert(
        std::is_same_v<FeaturesOf<B>, FeatureMap>,
        "a backbone that is chosen at run time gives a FeatureMap: what heads take is settled at compile time");
    for (auto& child : backbone->named_children()) register_module(child.key(), child.value());
    for (auto& parameter : backbone->named_parameters(/*recurse=*/false)) {
      register_parameter(parameter.key(), parameter.value());
    }
    for (auto& buffer : backbone->named_buffers(/*recurse=*/false)) register_buffer(buffer.key(), buffer.value());
    spec_ = backbone->spec();
    forward_ = [backbone = backbone.get()](const at::Tensor& images) { return backbone->forward(images); };
    chosen_ = std::move(backbone);
  }

  std::shared_ptr<torch::nn::Module> chosen_;
  std::function<FeatureMap(const at::Tensor&)> forward_;
  BackboneSpec spec_;
};

static_assert(Backbone<AnyBackbone>);

}  // namespace tagger
