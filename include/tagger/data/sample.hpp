#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tagger {

/// One annotated picture. A label in neither list is a no.
struct Sample {
  std::string image_name;             ///< relative to the folder of pictures; may lie in subfolders
  std::vector<std::int32_t> yes;      ///< indices into Annotations::labels(), ascending
  std::vector<std::int32_t> unknown;  ///< likewise; none of them is in `yes`

  bool operator==(const Sample&) const = default;
};

}  // namespace tagger
