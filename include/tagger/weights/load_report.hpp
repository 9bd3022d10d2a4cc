#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <ostream>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <tagger/weights/network_family.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {

/// A tensor that a network has a place for.
struct WantedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  DType dtype = DType::float32;
};

/// How a file's tensors fit a network's, name by name.
struct LoadReport {
  struct Mismatch {
    std::string name;
    std::string expected, found;  ///< "float32 (64, 3, 7, 7)"
  };

  std::filesystem::path source;
  std::vector<std::string> notes;       ///< how the file was read, and whose names it has
  std::vector<std::string> loaded;      ///< copy these
  std::vector<std::string> left_out;    ///< the classifier's, where the file's has other labels or there is none
  std::vector<std::string> defaulted;   ///< counters of batch norm that files before PyTorch 0.4.1 have not: leave 0
  std::vector<std::string> missing;     ///< the network has a place for them, the file has not them
  std::vector<std::string> unexpected;  ///< the other way round
  std::vector<Mismatch> mismatched;
  std::vector<std::string> hints;  ///< what may be the matter

  /// Everything but the classifier is there and nothing else.
  bool fits() const { return missing.empty() && unexpected.empty() && mismatched.empty(); }

  /// \throws WeightsError with the whole report unless fits()
  void require_fit() const;
};

namespace detail {

inline std::string tensor_text(DType dtype, std::span<const std::int64_t> shape) {
  return std::string(dtype_name(dtype)) + ' ' + shape_text(shape);
}

constexpr bool is_floating(DType dtype) {
  return dtype == DType::float32 || dtype == DType::float64 || dtype == DType::float16 || dtype == DType::bfloat16;
}

/// Floating-point types convert into each other; a quantised weight or a mask is no float. Axes of one element do not
/// count: a 1x1 convolution and a linear layer, (O, I, 1, 1) and (O, I), have the same values in the same order.
inline bool fits(const TensorData& found, const WantedTensor& wanted) {
  const auto more_than_one = [](std::int64_t size) { return size != 1; };
  return std::ranges::equal(found.shape | std::views::filter(more_than_one),
                            wanted.shape | std::views::filter(more_than_one)) &&
         is_floating(found.dtype) == is_floating(wanted.dtype);
}

/// What names have in common at their beginning, up to each dot: "a.b.c" and "a.b.d" give "a." and "a.b.".
inline std::vector<std::string> common_prefixes(const std::vector<std::string>& names) {
  std::vector<std::string> prefixes;
  if (names.empty()) return prefixes;
  const std::string& first = names.front();
  for (std::size_t dot = first.find('.'); dot != std::string::npos; dot = first.find('.', dot + 1)) {
    std::string prefix = first.substr(0, dot + 1);
    const auto starts = [&](const std::string& name) { return name.starts_with(prefix); };
    if (!std::all_of(names.begin(), names.end(), starts)) break;
    prefixes.push_back(std::move(prefix));
  }
  return prefixes;
}

/// The prefix that, taken off the names or put before them, makes most of them one of `wanted`; and how many.
inline std::pair<std::string, std::size_t> best_prefix(const std::vector<std::string>& prefixes, bool take_off,
                                                       const std::vector<std::string>& names,
                                                       const std::vector<std::string>& wanted) {
  const std::unordered_set<std::string> places(wanted.begin(), wanted.end());
  std::pair<std::string, std::size_t> best;
  for (const auto& prefix : prefixes) {
    const auto fits = std::count_if(names.begin(), names.end(), [&](const std::string& name) {
      return places.contains(take_off ? name.substr(prefix.size()) : prefix + name);
    });
    if (static_cast<std::size_t>(fits) > best.second) best = {prefix, static_cast<std::size_t>(fits)};
  }
  return best;
}

/// What the file is of, and what the network is, where their names tell and it is not the same.
inline std::string other_network(const StateDict& file, std::span<const WantedTensor> wanted) {
  NamedShapes found, places;
  for (const auto& [name, tensor] : file) found.emplace(name, tensor.shape);
  for (const auto& each : wanted) places.emplace(each.name, each.shape);
  const std::string theirs = describe_network(found), ours = describe_network(places);
  if (theirs.empty() || theirs == ours) return {};
  return "by its names the file is of " + theirs + (ours.empty() ? "" : ", the network is " + ours);
}

/// Guesses why nothing, or not all, fits.
inline std::vector<std::string> hints(const LoadReport& report, const StateDict& file,
                                      std::span<const WantedTensor> wanted) {
  std::vector<std::string> hints;
  const auto& names = report.unexpected;
  const auto rule = [&](const std::string& start, const std::string& prefix, const char* with, std::size_t count) {
    hints.push_back("the names in the file " + start + " \"" + prefix + "\": " + with + " it, " +
                    std::to_string(count) + " of them would fit (a renaming rule does that)");
  };
  if (const auto [prefix, count] = best_prefix(common_prefixes(names), true, names, report.missing); count > 0) {
    rule("start with", prefix, "without", count);
  } else if (const auto [prefix, count] = best_prefix(common_prefixes(report.missing), false, names, report.missing);
             count > 0) {
    rule("lack", prefix, "with", count);
  }
  if (hints.empty() && report.loaded.size() * 20 < wanted.size()) {
    hints.push_back("next to nothing of the file fits: it is of another kind of network");
  } else if (hints.empty() && report.missing.empty() != report.unexpected.empty()) {
    hints.push_back(report.missing.empty() ? "the file has all and more: it may be of a deeper network"
                                           : "the file has only a part: it may be of a shallower network");
  } else if (hints.empty() && report.missing.empty() && !report.mismatched.empty()) {
    hints.push_back("all names are right, shapes are not: it may be of a wider or a narrower network");
  }
  if (auto other = other_network(file, wanted); !other.empty()) hints.push_back(std::move(other));
  return hints;
}

}  // namespace detail

/// Compares the tensors of a file with those that a network wants.
/// \param classifier  how the names of the network's last layer start ("fc."); it is left out, all of it, when the file
///                    has it with other shapes (another number of labels) or not at all. Empty: nothing is left out
inline LoadReport compare(const StateDict& file, std::span<const WantedTensor> wanted,
                          std::string_view classifier = {}) {
  LoadReport report;
  report.source = file.source;
  report.notes = file.notes;
  const auto of_classifier = [&](std::string_view name) { return !classifier.empty() && name.starts_with(classifier); };
  const bool classifier_fits = std::all_of(wanted.begin(), wanted.end(), [&](const WantedTensor& each) {
    const TensorData* found = file.find(each.name);
    return !of_classifier(each.name) || (found != nullptr && detail::fits(*found, each));
  });
  std::unordered_set<std::string_view> names;
  for (const auto& each : wanted) {
    names.insert(each.name);
    const TensorData* found = file.find(each.name);
    if (of_classifier(each.name) && !classifier_fits) {
      report.left_out.push_back(each.name);
    } else if (found == nullptr) {
      (each.name.ends_with("num_batches_tracked") ? report.defaulted : report.missing).push_back(each.name);
    } else if (!detail::fits(*found, each)) {
      report.mismatched.push_back(
          {each.name, detail::tensor_text(each.dtype, each.shape), detail::tensor_text(found->dtype, found->shape)});
    } else {
      report.loaded.push_back(each.name);
    }
  }
  for (const auto& [name, tensor] : file) {
    if (!names.contains(name) && !(of_classifier(name) && !classifier_fits)) report.unexpected.push_back(name);
  }
  if (!report.fits()) report.hints = detail::hints(report, file, wanted);
  return report;
}

/// Several lines for a person: how many fit, and the first few names of what does not.
inline std::string to_text(const LoadReport& report) {
  constexpr std::size_t shown = 8;
  std::string text =
      std::to_string(report.loaded.size()) + (report.loaded.size() == 1 ? " tensor fits" : " tensors fit");
  const auto list = [&](const auto& items, std::string_view title, const auto& line) {
    if (items.empty()) return;
    text += "\n  " + std::to_string(items.size()) + ' ' + std::string(title) + ':';
    for (std::size_t i = 0; i < std::min(shown, items.size()); ++i) text += "\n    " + line(items[i]);
    if (items.size() > shown) text += "\n    ... and " + std::to_string(items.size() - shown) + " more";
  };
  const auto name = [](const std::string& each) { return each; };
  for (const auto& note : report.notes) text += "\n  " + note;
  list(report.left_out, "of the classifier are left out: the file has none or of other labels", name);
  list(report.missing, "are missing in the file", name);
  list(report.unexpected, "of the file have no place in the network", name);
  list(report.mismatched, "have another shape or type", [](const LoadReport::Mismatch& each) {
    return each.name + ": the network has " + each.expected + ", the file " + each.found;
  });
  for (const auto& hint : report.hints) text += "\n  hint: " + hint;
  return text;
}

inline std::ostream& operator<<(std::ostream& out, const LoadReport& report) { return out << to_text(report); }

inline void LoadReport::require_fit() const {
  if (!fits()) throw WeightsError(source, "", "the weights do not fit the network: " + to_text(*this));
}

}  // namespace tagger
