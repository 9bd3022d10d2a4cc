#pragma once

namespace tagger {

/// The version of this library, as CMakeLists.txt has it.
inline constexpr const char* version = "0.1.0";

}  // namespace tagger
