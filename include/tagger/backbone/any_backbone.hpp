#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <tagger/backbone/concept.hpp>
#include <tagger/backbone/convnext.hpp>
#include <tagger/backbone/dinov2.hpp>
#include <tagger/backbone/dinov3.hpp>
#include <tagger/backbone/drop_path.hpp>
#include <tagger/backbone/efficientnet.hpp>
#include <tagger/backbone/efficientnet_lite.hpp>
#include <tagger/backbone/eva02.hpp>
#include <tagger/backbone/mobilenet_v3.hpp>
#include <tagger/backbone/resnet.hpp>
#include <tagger/backbone/swin.hpp>
#include <tagger/backbone/tresnet.hpp>
#include <tagger/backbone/vit.hpp>
#include <tagger/policy_list.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {

/// The backbones that can be chosen by name at run time. To add one of your own, write your own list.
using Backbones =
    std::tuple<ResNet18, ResNet34, ResNet50, ResNet101, ResNet152, ResNeXt50_32x4d, ResNeXt101_32x8d, WideResNet50_2,
               ResNet18D, ResNet34D, ResNet50D, ResNet101D, ConvNeXtTiny, ConvNeXtSmall, ConvNeXtBase, ConvNeXtLarge,
               ConvNeXtV2Atto, ConvNeXtV2Nano, ConvNeXtV2Tiny, ConvNeXtV2Base, WDConvNeXtBase_448, TResNetM, TResNetL,
               TResNetV2L, MobileNetV3Large, MobileNetV3Small, EfficientNetB0, EfficientNetB1, EfficientNetB2,
               EfficientNetB3, EfficientNetLite0, EfficientNetLite1, EfficientNetLite2, EfficientNetLite3,
               EfficientNetLite4, ViTTinyPatch16_224, ViTSmallPatch16_224, ViTBasePatch16_224, ViTBasePatch32_224,
               ViTLargePatch16_224, ViTBasePatch16Clip_224, WDViTBasePatch16_448, WDViTLargePatch14_448,
               ViTSmallPatch14DINOv2, ViTBasePatch14DINOv2, ViTSmallPatch14Reg4DINOv2, ViTBasePatch14Reg4DINOv2,
               ViTSmallPatch16DINOv3, ViTBasePatch16DINOv3, EVA02TinyPatch14_336, EVA02SmallPatch14_336,
               EVA02BasePatch14_448, EVA02LargePatch14_448, WDEVA02LargePatch14_448, SwinTinyPatch4Window7_224,
               SwinSmallPatch4Window7_224, SwinBasePatch4Window7_224, SwinV2TinyWindow8_256, SwinV2BaseWindow8_256,
               WDSwinV2BaseWindow14_448>;

/// The specifications of a list of backbones, in its order.
template <class List = Backbones>
std::vector<BackboneSpec> backbone_specs() {
  std::vector<BackboneSpec> specs;
  for_each_policy<List>([&]<class B>() { specs.push_back(B::spec()); });
  return specs;
}

/// A backbone chosen by name at run time. Its parameters have the keys of the backbone that it stands for.
/// Models: Backbone.
class AnyBackbone : public torch::nn::Module {
 public:
  /// \throws OptionError, listing the valid names, when List has no backbone called `name`; what that backbone throws
  template <class List = Backbones>
  explicit AnyBackbone(std::string_view name, const BackboneOptions& options = {}, std::type_identity<List> = {}) {
    visit_named<List>("backbone", name, [&]<class B>() { choose<B>(options); });
  }

  AnyFeatures forward(const at::Tensor& images) { return forward_(*chosen_, images); }
  /// `file` as the chosen backbone has to have it; see load_weights().
  StateDict adapt(const StateDict& file) const { return adapt_(*chosen_, file); }
  const BackboneSpec& spec() const { return spec_; }
  FeatureKind kind() const { return kind_; }
  bool sized() const { return sized_; }

  void train(bool on = true) override {
    torch::nn::Module::train(on);
    chosen_->train(on);  // itself no child, because its children are ours, under the same keys
  }

 private:
  // No lambda of the constructor's: its type, and all that is made of it, would be named after the whole list. And
  // plain functions: a std::function of each would be compiled for each backbone of the list.
  template <Backbone B>
  void choose(const BackboneOptions& options) {
    forward_ = [](torch::nn::Module& chosen, const at::Tensor& images) -> AnyFeatures {
      return static_cast<B&>(chosen).forward(images);
    };
    adapt_ = [](const torch::nn::Module& chosen, const StateDict& file) -> StateDict {
      if constexpr (requires(const B& backbone) { backbone.adapt(file); }) {
        return static_cast<const B&>(chosen).adapt(file);
      } else {
        return file;
      }
    };
    kind_ = feature_kind<FeaturesOf<B>>;
    sized_ = std::constructible_from<B, BackboneOptions>;
    // Owned as what all are: make_backbone() would be compiled for each backbone of the list.
    std::unique_ptr<torch::nn::Module> backbone;
    if constexpr (std::constructible_from<B, BackboneOptions>) {
      backbone.reset(new B(options));
    } else {
      backbone.reset(new B);
    }
    adopt(std::move(backbone), options, B::spec());
  }

  void adopt(std::unique_ptr<torch::nn::Module> backbone, const BackboneOptions& options, BackboneSpec spec) {
    if (options.drop_path) set_drop_path(*backbone, *options.drop_path);
    for (auto& child : backbone->named_children()) register_module(child.key(), child.value());
    for (auto& parameter : backbone->named_parameters(/*recurse=*/false)) {
      register_parameter(parameter.key(), parameter.value());
    }
    for (auto& buffer : backbone->named_buffers(/*recurse=*/false)) register_buffer(buffer.key(), buffer.value());
    chosen_ = std::move(backbone);
    spec_ = std::move(spec);
  }

  std::shared_ptr<torch::nn::Module> chosen_;
  AnyFeatures (*forward_)(torch::nn::Module&, const at::Tensor&) = nullptr;
  StateDict (*adapt_)(const torch::nn::Module&, const StateDict&) = nullptr;
  FeatureKind kind_ = FeatureKind::map;
  bool sized_ = false;
  BackboneSpec spec_;
};

static_assert(Backbone<AnyBackbone>);

}  // namespace tagger
