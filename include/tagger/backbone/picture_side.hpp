#pragma once

#include <string>

#include <tagger/backbone/spec.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// The side of the pictures that a backbone is made for: what `options` ask for, else the specification's.
/// \throws OptionError, naming the multiple, where it does not divide as the network needs it
inline int picture_side(const BackboneSpec& spec, const BackboneOptions& options) {
  const int side = options.input_size == 0 ? spec.input_size : options.input_size;
  if (side < spec.size_multiple || side % spec.size_multiple != 0) {
    throw OptionError(spec.name + " does not take pictures of " + std::to_string(side) +
                      " pixels a side: give it a multiple of " + std::to_string(spec.size_multiple));
  }
  return side;
}

}  // namespace tagger
