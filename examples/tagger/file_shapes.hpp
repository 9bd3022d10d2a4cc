#pragma once

namespace tagger_program {

// What the files look like that several commands read or write, for --help.
inline constexpr const char* annotations_shape =
    R"({"samples": [{"image_name": "a.jpg", "image_labels": ["sky"]}, ...], "labels": ["sky", ...]})";
inline constexpr const char* pictures_help = "JPEG, PNG and WebP; image_name may lie in subfolders";
inline constexpr const char* metrics_shape =
    R"({"samples": 1000, "threshold": 0.5, "metrics": {"micro/f1": 0.65, ...}, "labels": [{"name": "sky", )"
    R"("support": 61, "precision": 0.8, "recall": 0.7, "f1": 0.75}, ...]})";

}  // namespace tagger_program
