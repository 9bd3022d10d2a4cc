#pragma once

#include <string_view>

namespace tagger {

/// What features are: see FeatureMap, TokenSequence, FeatureVector.
enum class FeatureKind { map, tokens, vector };

constexpr std::string_view description(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::map:
      return "a map of features";
    case FeatureKind::tokens:
      return "a sequence of tokens";
    default:
      return "one vector a picture";
  }
}

}  // namespace tagger
