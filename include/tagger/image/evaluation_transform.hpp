#pragma once

#include <tagger/image/transform.hpp>
#include <tagger/image/transform_options.hpp>

namespace tagger {

/// The picture as a square, normalised. \throws OptionError for options that are out of range
inline Transform evaluation_transform(const TransformOptions& options = {}) {
  Transform transform{options.size, options.size, options.normalize(), options.to_square()};
  transform.set_options(options);
  return transform;
}

}  // namespace tagger
