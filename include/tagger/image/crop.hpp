#pragma once

#include <cstddef>
#include <cstring>
#include <string>

#include <tagger/error.hpp>
#include <tagger/image/box.hpp>
#include <tagger/image/picture.hpp>

namespace tagger {

/// What `box` shows of `picture`; where it reaches beyond it, `fill`. \throws OptionError for a box without pixels
inline Picture crop(const Picture& picture, const Box& box, Color fill = {}) {
  if (box.width < 1 || box.height < 1) {
    throw OptionError("a picture cannot be cropped to " + std::to_string(box.width) + "x" + std::to_string(box.height));
  }
  Picture result(box.width, box.height);
  const Box shown = within(box, picture.width, picture.height);
  if (shown.width != box.width || shown.height != box.height) paint(result, {0, 0, box.width, box.height}, fill);
  if (shown.width == 0) return result;
  for (int y = shown.top; y < shown.top + shown.height; ++y) {
    std::memcpy(result.row(y - box.top) + std::ptrdiff_t{3} * (shown.left - box.left),
                picture.row(y) + std::ptrdiff_t{3} * shown.left,
                std::size_t{3} * static_cast<std::size_t>(shown.width));
  }
  return result;
}

}  // namespace tagger
