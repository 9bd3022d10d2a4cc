#pragma once

namespace tagger {

/// What a metric is computed of, one value each: the entries of all labels and pictures as one, those of each label, or
/// those of each picture.
enum class Slices { everything, labels, pictures };

}  // namespace tagger
