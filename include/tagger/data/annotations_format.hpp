#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/data/sample.hpp>

namespace tagger::detail {

/// What a value in an annotation file is, by the place where it stands.
enum class Slot {
  root,
  labels,
  label,
  samples,
  sample,
  image_name,
  yes_labels,
  yes_label,
  unknown_labels,
  unknown_label,
  absent_labels,
  absent_label,
  ignored
};

struct SlotKey {
  Slot within;
  std::string_view key;
  Slot slot;
};
inline constexpr std::array<SlotKey, 6> slot_keys{{{Slot::root, "labels", Slot::labels},
                                                   {Slot::root, "samples", Slot::samples},
                                                   {Slot::sample, "image_name", Slot::image_name},
                                                   {Slot::sample, "image_labels", Slot::yes_labels},
                                                   {Slot::sample, "image_labels_unknown", Slot::unknown_labels},
                                                   {Slot::sample, "image_labels_absent", Slot::absent_labels}}};

/// The key under which a slot stands.
constexpr std::string_view key_of(Slot slot) {
  for (const SlotKey& each : slot_keys) {
    if (each.slot == slot) return each.key;
  }
  return {};
}

/// A sample's lists of labels: where each stands in the file and in the Sample.
struct SlotList {
  Slot list, element;
  std::vector<std::int32_t> Sample::* indices;
};
inline constexpr std::array<SlotList, 3> slot_lists{{{Slot::yes_labels, Slot::yes_label, &Sample::yes},
                                                     {Slot::unknown_labels, Slot::unknown_label, &Sample::unknown},
                                                     {Slot::absent_labels, Slot::absent_label, &Sample::no}}};

/// The list that is `slot` or that it is an element of; none for another slot.
constexpr const SlotList* list_of(Slot slot) {
  for (const SlotList& each : slot_lists) {
    if (each.list == slot || each.element == slot) return &each;
  }
  return nullptr;
}

/// What the value of `key` is, within an object of the kind `within`.
constexpr Slot slot_of(Slot within, std::string_view key) {
  for (const SlotKey& each : slot_keys) {
    if (each.within == within && each.key == key) return each.slot;
  }
  return Slot::ignored;
}

/// The JSON type that must stand there, in words.
constexpr std::string_view wanted(Slot slot) {
  switch (slot) {
    case Slot::root:
    case Slot::sample:
      return "an object";
    case Slot::labels:
    case Slot::samples:
    case Slot::yes_labels:
    case Slot::unknown_labels:
    case Slot::absent_labels:
      return "an array";
    default:
      return "a string";
  }
}

/// What could be understood of an annotation file. `positions` are the places in the file's lists, which differ from
/// the indices only where something before was no label or no sample.
struct ParsedAnnotations {
  std::vector<std::string> labels;
  std::vector<std::size_t> label_positions;
  std::vector<Sample> samples;  ///< with sorted indices into `labels`
  std::vector<std::size_t> sample_positions;
  bool whole = false;  ///< the JSON is right, and both lists are there
};

}  // namespace tagger::detail
