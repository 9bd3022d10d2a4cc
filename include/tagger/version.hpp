#pragma once

namespace tagger {

/// The version of this library. CMakeLists.txt reads it here.
inline constexpr const char* version = "0.1.0";

}  // namespace tagger
