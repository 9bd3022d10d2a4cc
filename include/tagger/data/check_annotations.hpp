#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/data/name_table.hpp>
#include <tagger/data/problem.hpp>
#include <tagger/data/sample.hpp>

namespace tagger::detail {

inline std::string in_quotes(std::string_view text) { return std::string("\"").append(text).append("\""); }

/// "samples[3]"
inline std::string element(std::string_view list, std::size_t index) {
  return std::string(list).append("[").append(std::to_string(index)).append("]");
}

inline void sort_unique(std::vector<std::int32_t>& indices) {
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
}

/// Why `name` is no usable image name; empty where it is one. A path that leaves the folder of pictures is none: an
/// annotation file must not be able to point a program at any other file of the machine.
inline std::string_view image_name_fault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.find('\0') != std::string_view::npos) return "contains a zero byte";
  if (name.front() == '/') return "is an absolute path; give it relative to the folder of pictures";
  if (name.find("..") == std::string_view::npos) return {};
  for (const auto& part : std::filesystem::path(name)) {
    if (part == "..") return "leaves the folder of pictures by \"..\"";
  }
  return {};
}

/// \param positions  where each label stands in its file; empty: where it stands in `labels`
inline void check_labels(std::span<const std::string> labels, std::span<const std::size_t> positions,
                         const ProblemSink& report) {
  const auto place = [&](std::size_t i) { return element("labels", positions.empty() ? i : positions[i]); };
  if (labels.empty()) report({"labels", "is empty; at least one label is needed"});
  std::unordered_map<std::string_view, std::size_t> first;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i].empty()) report({place(i), "is an empty name"});
    if (const auto [found, fresh] = first.try_emplace(labels[i], i); !fresh) {
      report({place(i), in_quotes(labels[i]) + " is listed twice, first as " + place(found->second)});
    }
  }
}

/// \param samples    with sorted indices
/// \param positions  where each sample stands in its file; empty: where it stands in `samples`
inline void check_samples(std::span<const std::string> labels, std::span<const Sample> samples,
                          std::span<const std::size_t> positions, const ProblemSink& report) {
  if (samples.empty()) report({"samples", "is empty; at least one picture is needed"});
  const auto place = [&](std::size_t i) { return element("samples", positions.empty() ? i : positions[i]); };
  NameTable first(samples.size());
  struct List {
    std::string_view key;
    std::vector<std::int32_t> Sample::* indices;
  };
  constexpr List yes{"image_labels", &Sample::yes}, unknown{"image_labels_unknown", &Sample::unknown},
      no{"image_labels_absent", &Sample::no};
  std::vector<std::int32_t> both;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Sample& sample = samples[i];
    if (const auto fault = image_name_fault(sample.image_name); !fault.empty()) {
      report({place(i) + ".image_name", in_quotes(sample.image_name).append(" ").append(fault)});
    }
    const auto name_of = [&](std::uint32_t number) { return std::string_view(samples[number].image_name); };
    const auto [number, fresh] = first.insert(sample.image_name, static_cast<std::uint32_t>(i), name_of);
    if (!fresh) {
      report({place(i) + ".image_name", in_quotes(sample.image_name) + " is listed twice, first as " + place(number)});
    }
    for (const auto* indices : {&sample.yes, &sample.unknown, &sample.no}) {
      if (!indices->empty() && (indices->front() < 0 || indices->back() >= std::ssize(labels))) {
        report({place(i), "a label's index is not in 0 ... " + std::to_string(std::ssize(labels) - 1)});
      }
    }
    if (sample.rest == Label::yes) report({place(i), "labels in no list cannot be a yes"});
    for (const auto& [one, other] : {std::pair{yes, unknown}, {yes, no}, {unknown, no}}) {
      const auto &left = sample.*one.indices, &right = sample.*other.indices;
      if (left.empty() || right.empty()) continue;
      both.clear();
      std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(both));
      for (const std::int32_t label : both) {
        if (label < 0 || label >= std::ssize(labels)) continue;
        std::string what = in_quotes(labels[static_cast<std::size_t>(label)]) + " is both in ";
        report({place(i), what.append(one.key).append(" and in ").append(other.key)});
      }
    }
  }
}

}  // namespace tagger::detail
