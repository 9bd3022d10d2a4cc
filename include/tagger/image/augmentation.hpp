#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <tagger/configurable.hpp>
#include <tagger/image/color_jitter.hpp>
#include <tagger/image/cutout.hpp>
#include <tagger/image/evaluation_transform.hpp>
#include <tagger/image/flip.hpp>
#include <tagger/image/rand_augment.hpp>
#include <tagger/image/random_affine.hpp>
#include <tagger/image/random_erasing.hpp>
#include <tagger/image/random_resized_crop.hpp>
#include <tagger/image/transform.hpp>
#include <tagger/image/transform_options.hpp>
#include <tagger/named_policy.hpp>

namespace tagger {

/// What is done to pictures in training, as one word.
///
/// | Expression         | Returns     | Semantics                                                            |
/// |--------------------|-------------|----------------------------------------------------------------------|
/// | `A{}`              |             | the defaults                                                         |
/// | `augment(options)` | Transform   | to what evaluation_transform(options) makes, in size and in channels |
/// | `A::name`          | string view | the name on command lines and in files                               |
///
/// Models: those of namespace augmentations.
template <class A>
concept Augmentation = std::default_initializable<A> && requires(const A& augment, const TransformOptions& options) {
  { augment(options) } -> std::same_as<Transform>;
  { A::name } -> std::convertible_to<std::string_view>;
};

namespace augmentations {

/// The published recipe of the NUS-WIDE tutorial: the square mirrored, rotated, moved and scaled about its centre, with
/// the mean colour around. ColorJitter without arguments, which the recipe has, does nothing. Models: Augmentation
struct Tutorial {
  static constexpr std::string_view name = "tutorial";

  double mirror = 0.5;
  double degrees = 20;
  double move = 0.2;
  double least_scale = 0.5;
  double most_scale = 1.5;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("mirror", self.mirror, "share of pictures that are mirrored left to right", between(0, 1));
    field("degrees", self.degrees, "rotation either way, at most", between(0, 180));
    field("move", self.move, "move either way, at most, as a share of the sides", between(0, 1));
    field("least_scale", self.least_scale, "scale, at least", above(0));
    field("most_scale", self.most_scale, "scale, at most", above(0));
  }

  Transform operator()(const TransformOptions& options) const {
    Color fill{};
    for (std::size_t c = 0; c < 3; ++c) fill[c] = static_cast<std::uint8_t>(options.mean[c] * 255.0f);
    return {options.size,
            options.size,
            options.normalize(),
            options.to_square(),
            RandomHorizontalFlip{mirror},
            ColorJitter{},
            RandomAffine{{.degrees = {-degrees, degrees},
                          .translate = {move, move},
                          .scale = {least_scale, most_scale},
                          .fill = fill}}};
  }
};

/// Every picture as evaluation takes it, in each epoch the same. Models: Augmentation
struct None {
  static constexpr std::string_view name = "none";

  Transform operator()(const TransformOptions& options) const { return evaluation_transform(options); }
};

/// The square, mirrored left to right or not. Models: Augmentation
struct Mirror {
  static constexpr std::string_view name = "mirror";

  double probability = 0.5;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("probability", self.probability, "share of pictures that are mirrored", between(0, 1));
  }

  Transform operator()(const TransformOptions& options) const {
    return {options.size, options.size, options.normalize(), options.to_square(), RandomHorizontalFlip{probability}};
  }
};

/// A random part of the picture itself, whatever the crop mode, then mirrored, then what else is asked for: how
/// ImageNet's classifiers are trained, in the order of torchvision's reference. With `least_area` 0.7 it is CSRA's
/// (Zhu and Wu, "Residual attention: a simple but effective method for multi-label recognition", ICCV 2021).
/// Models: Augmentation
struct RandomResizedCrop {
  static constexpr std::string_view name = "random_resized_crop";

  double least_area = 0.08;
  double mirror = 0.5;
  int operations = 0;
  int magnitude = 9;
  double erase = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("least_area", self.least_area, "share of a picture's area that is kept, at least", between(0, 1));
    field("mirror", self.mirror, "share of pictures that are mirrored left to right", between(0, 1));
    field("operations", self.operations, "operations of RandAugment", between(0, 14));
    field("magnitude", self.magnitude, "their strength", between(0, 30));
    field("erase", self.erase, "share of pictures of which a part is erased", between(0, 1));
  }

  Transform operator()(const TransformOptions& options) const {
    return {options.size,
            options.size,
            options.normalize(),
            tagger::RandomResizedCrop{{.width = options.size,
                                       .height = options.size,
                                       .scale = {least_area, 1},
                                       .interpolation = options.interpolation}},
            RandomHorizontalFlip{mirror},
            tagger::RandAugment{{.operations = operations, .magnitude = magnitude}},
            RandomErasing{{.probability = erase}}};
  }
};

/// The square with a rectangle cut out, then RandAugment: how the authors of ASL (Ridnik et al., "Asymmetric loss for
/// multi-label classification", ICCV 2021), ML-Decoder (Ridnik et al., WACV 2023) and Query2Label (Liu et al., 2021)
/// train. This is the paper's RandAugment. Theirs (PyPI's randaugment) draws the strength of each operation anew, skips
/// each half of the time, and has Invert and a small cutout besides. Models: Augmentation
struct RandAugment {
  static constexpr std::string_view name = "rand_augment";

  int operations = 2;
  int magnitude = 9;
  double cutout = 0.5;
  double mirror = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("operations", self.operations, "operations a picture", between(0, 14));
    field("magnitude", self.magnitude, "their strength", between(0, 30));
    field("cutout", self.cutout, "sides of what is cut out, as a share of the picture's; 0: nothing", between(0, 1));
    field("mirror", self.mirror, "share of pictures that are mirrored left to right", between(0, 1));
  }

  Transform operator()(const TransformOptions& options) const {
    return {options.size,
            options.size,
            options.normalize(),
            options.to_square(),
            RandomHorizontalFlip{mirror},
            Cutout{cutout},
            tagger::RandAugment{{.operations = operations, .magnitude = magnitude}}};
  }
};

static_assert(Augmentation<Tutorial> && Augmentation<None> && Augmentation<Mirror> && Augmentation<RandomResizedCrop> &&
              Augmentation<RandAugment>);

}  // namespace augmentations

/// The augmentations that can be chosen by name.
using Augmentations = std::tuple<augmentations::Tutorial, augmentations::None, augmentations::Mirror,
                                 augmentations::RandomResizedCrop, augmentations::RandAugment>;

/// The published recipe's. \throws OptionError for options that are out of range
inline Transform training_transform(const TransformOptions& options = {}) { return augmentations::Tutorial{}(options); }

/// An augmentation chosen at run time: any model of Augmentation, or one of a list by its name.
/// Models: Augmentation.
class AnyAugmentation {
 public:
  static constexpr std::string_view name = "any";

  AnyAugmentation() : AnyAugmentation(augmentations::Tutorial{}) {}

  template <class A>
    requires(!std::same_as<A, AnyAugmentation>) && Augmentation<A>
  AnyAugmentation(A augmentation)  // NOLINT: every augmentation is an AnyAugmentation
      : chosen_(policy_text(A::name, augmentation)), apply_(std::move(augmentation)) {}

  /// \param text  NAME[:FIELD=VALUE]...  \throws OptionError, listing the valid names
  template <class List = Augmentations>
  static AnyAugmentation named(std::string_view text) {
    return named_policy<List, AnyAugmentation>("augmentation", text);
  }

  /// \throws OptionError for options that are out of range
  Transform operator()(const TransformOptions& options) const { return apply_(options); }
  const std::string& chosen() const { return chosen_; }

 private:
  std::string chosen_;
  std::function<Transform(const TransformOptions&)> apply_;
};

static_assert(Augmentation<AnyAugmentation>);

/// The one that is called so: `training_transform("rand_augment:magnitude=12")`.
/// \param text  NAME[:FIELD=VALUE]...
/// \throws OptionError, listing the valid names
template <class List = Augmentations>
Transform training_transform(std::string_view text, const TransformOptions& options = {}) {
  return AnyAugmentation::named<List>(text)(options);
}

}  // namespace tagger
