#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <tagger/data/label.hpp>

namespace tagger {

/// One annotated picture. What few labels are is listed, what all others are is `rest`: a picture of Open Images has
/// been looked at for ten of 20,000 labels, and the rest is unknown. Indices into Annotations::labels(), ascending; no
/// label is in two lists, and Annotations keep the list of what `rest` is empty, so that equal pictures compare equal.
struct Sample {
  std::string image_name;  ///< relative to the folder of pictures; may lie in subfolders
  std::vector<std::int32_t> yes{};
  std::vector<std::int32_t> unknown{};
  std::vector<std::int32_t> no{};
  Label rest = Label::no;  ///< of a label in no list: no or unknown

  /// What is known of a label, by its index.
  Label label(std::int32_t index) const {
    const auto in = [index](const std::vector<std::int32_t>& list) {
      return std::binary_search(list.begin(), list.end(), index);
    };
    return in(yes) ? Label::yes : in(unknown) ? Label::unknown : in(no) ? Label::no : rest;
  }

  /// Writes the values of Label of all K labels.
  void targets(std::span<std::int8_t> out) const {
    const auto write = [out](const std::vector<std::int32_t>& list, Label label) {
      for (const std::int32_t index : list) out[static_cast<std::size_t>(index)] = static_cast<std::int8_t>(label);
    };
    std::fill(out.begin(), out.end(), static_cast<std::int8_t>(rest));
    write(yes, Label::yes);
    write(unknown, Label::unknown);
    write(no, Label::no);
  }

  bool operator==(const Sample&) const = default;
};

}  // namespace tagger
