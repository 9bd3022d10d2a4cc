#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <tagger/calibration/calibration.hpp>
#include <tagger/image/decode_options.hpp>
#include <tagger/model/arithmetic.hpp>
#include <tagger/threshold/decision.hpp>

namespace tagger {

/// How pictures are tagged.
struct PredictOptions {
  std::optional<Calibration> calibration{};  ///< what scores go through first
  Decision decision{};                       ///< which labels are then predicted
  std::int64_t batch_size = 32;
  int workers = 2;
  Arithmetic arithmetic = Arithmetic::float32;
  DecodeOptions decode{};
};

/// What a tagger says of one picture.
struct Prediction {
  std::filesystem::path path;
  std::vector<float> scores;           ///< (K), in the order of the tagger's labels; empty when there is an error
  std::vector<std::string> labels;     ///< those that are predicted, in the tagger's order
  std::optional<std::string> error{};  ///< why the picture could not be read
};

}  // namespace tagger
