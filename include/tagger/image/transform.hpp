#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/normalize.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/transform_options.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// From a decoded picture to the network's input: any steps, one after the other, then Normalize. The steps' types are
/// erased, so that a loader or a program holds one type whatever they are:
///
///     Transform transform{256, 256, Normalize{}, Resize{256, 256}, [](Picture picture, Random&) { return picture; }};
///
/// A Transform is immutable: many threads may apply it at once, each with its own Random.
class Transform {
 public:
  using Step = std::function<Picture(Picture, Random&)>;

  /// \param width, height  the size that comes out of the last step, whatever goes into the first
  /// \throws OptionError for a size that is not positive or a Normalize that is not valid
  template <PictureTransform... Steps>
  Transform(int width, int height, const Normalize& normalize, Steps... steps)
      : width_(width), height_(height), normalize_(normalize) {
    if (width < 1 || height < 1) throw OptionError("Transform: the size " + size(width, height) + " is not positive");
    normalize.validate();
    (steps_.emplace_back(std::move(steps)), ...);
  }

  int width() const { return width_; }
  int height() const { return height_; }
  const Normalize& normalize() const { return normalize_; }

  /// What evaluation_transform() has made it from: a run's config.json says so, and load_run() makes it again. Nothing
  /// for a transform of one's own.
  const std::optional<TransformOptions>& options() const { return options_; }
  void set_options(const TransformOptions& options) { options_ = options; }

  /// The steps alone: the picture before it is normalised.
  Picture picture(Picture picture, Random& random) const {
    for (const Step& step : steps_) picture = step(std::move(picture), random);
    return picture;
  }

  /// \param out  3 * height() * width() floats
  /// \throws OptionError when the steps yield another size than the one promised
  void operator()(Picture picture, Random& random, std::span<float> out, Layout layout = Layout::planar) const {
    picture = this->picture(std::move(picture), random);
    if (picture.width != width_ || picture.height != height_) {
      throw OptionError("Transform: the steps made " + size(picture.width, picture.height) + " pixels, not " +
                        size(width_, height_) + " as promised: end them with a Resize");
    }
    normalize_(picture, out, layout);
  }

 private:
  static std::string size(int width, int height) { return std::to_string(width) + "x" + std::to_string(height); }

  int width_;
  int height_;
  Normalize normalize_;
  std::vector<Step> steps_;
  std::optional<TransformOptions> options_;
};

}  // namespace tagger
