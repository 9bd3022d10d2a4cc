#pragma once

#include <concepts>
#include <utility>

#include <tagger/image/picture.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// One step between a decoded picture and the network's input.
///
/// | Expression              | Returns | Semantics                                                                |
/// |-------------------------|---------|--------------------------------------------------------------------------|
/// | `step(picture, random)` | Picture | `step` is const and callable from many threads at once; every random     |
/// |                         |         | decision is drawn from `random` (a Random&), so that it can be repeated. |
///
/// A lambda `[](Picture picture, Random&) { ...; return picture; }` is a step.
/// Models: Resize, ResizeShorterSide, CenterCrop, PadToSquare, ToSquare, RandomResizedCrop, RandomHorizontalFlip,
/// RandomVerticalFlip, RandomAffine, ColorJitter, RandAugment, RandomErasing, Cutout.
template <class T>
concept PictureTransform = std::copy_constructible<T> && requires(const T& step, Picture picture, Random& random) {
  { step(std::move(picture), random) } -> std::same_as<Picture>;
};

}  // namespace tagger
