#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iterator>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tagger/data/annotations.hpp>
#include <tagger/data/check_annotations.hpp>
#include <tagger/data/name_table.hpp>
#include <tagger/data/sample.hpp>
#include <tagger/import/concept.hpp>

namespace tagger {
namespace detail {

/// A hash by which texts are found in a container of strings without being copied.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

}  // namespace detail

/// Puts annotations together from labels and pictures that come in any order, by name, and as often as they like.
/// Where a picture has a label twice, a certain answer beats an unknown one; a yes and a no make an unknown, which is
/// noted.
class AnnotationsBuilder {
 public:
  ImportNotes notes;

  /// The index of a label, a new one where it has not been met.
  std::int32_t label(std::string_view name) {
    if (const auto found = label_places_.find(name); found != label_places_.end()) return found->second;
    labels_.emplace_back(name);
    return label_places_.emplace(name, static_cast<std::int32_t>(labels_.size() - 1)).first->second;
  }
  const std::vector<std::string>& labels() const { return labels_; }

  struct Picture {
    std::size_t index;
    bool fresh;  ///< has not been met before
  };

  /// The picture called `name`. Nothing, and a note, where no picture can be called so.
  /// \param place  () -> std::string: where the name stands, for the note
  std::optional<Picture> picture(std::string_view name, auto&& place) {
    if (const auto fault = detail::image_name_fault(name); !fault.empty()) {
      notes.add("pictures whose name cannot be used, dropped",
                [&] { return Problem{place(), detail::in_quotes(name).append(" ").append(fault)}; });
      return std::nullopt;
    }
    const auto name_of = [this](std::uint32_t number) { return std::string_view(samples_[number].image_name); };
    const auto [number, fresh] = places_.insert(name, static_cast<std::uint32_t>(samples_.size()), name_of);
    if (fresh) samples_.push_back({.image_name = std::string(name)});
    return Picture{number, fresh};
  }
  Sample& sample(std::size_t index) { return samples_[index]; }
  std::size_t size() const { return samples_.size(); }

  /// Says what a label of a picture is.
  void mark(std::size_t picture, std::int32_t label, Label value) {
    Sample& sample = samples_[picture];
    (value == Label::yes ? sample.yes : value == Label::no ? sample.no : sample.unknown).push_back(label);
  }

  enum class Order { as_met, alphabet };

  /// What has been put together; nothing remains in the builder.
  /// \param source  for messages  \throws DataError when there is no picture or no label
  Imported finish(const std::filesystem::path& source, Order order) {
    if (order == Order::alphabet) sort_labels();
    for (Sample& sample : samples_) settle(sample);
    places_ = detail::NameTable();
    return {Annotations{std::move(labels_), std::move(samples_), source}, std::move(notes)};
  }

 private:
  void sort_labels() {
    std::vector<std::size_t> order(labels_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return labels_[a] < labels_[b]; });
    std::vector<std::string> sorted;
    std::vector<std::int32_t> place(order.size());
    for (const std::size_t old : order) {
      place[old] = static_cast<std::int32_t>(sorted.size());
      sorted.push_back(std::move(labels_[old]));
    }
    labels_ = std::move(sorted);
    for (Sample& sample : samples_) {
      for (auto* list : {&sample.yes, &sample.unknown, &sample.no}) {
        for (std::int32_t& label : *list) label = place[static_cast<std::size_t>(label)];
      }
    }
  }

  /// Sorts the lists, leaves each label in one of them, and keeps the shorter of two that say the same.
  void settle(Sample& sample) {
    for (auto* list : {&sample.yes, &sample.unknown, &sample.no}) detail::sort_unique(*list);
    std::vector<std::int32_t> disputed;
    std::set_intersection(sample.yes.begin(), sample.yes.end(), sample.no.begin(), sample.no.end(),
                          std::back_inserter(disputed));
    const auto without = [](std::vector<std::int32_t>& list, const std::vector<std::int32_t>& others) {
      if (others.empty()) return;
      std::erase_if(list, [&](auto each) { return std::binary_search(others.begin(), others.end(), each); });
    };
    without(sample.unknown, sample.yes);
    without(sample.unknown, sample.no);
    without(sample.yes, disputed);
    without(sample.no, disputed);
    for (const std::int32_t label : disputed) {
      notes.add("labels that a picture both has and has not, taken as unknown", [&] {
        return Problem{detail::in_quotes(sample.image_name),
                       detail::in_quotes(labels_[static_cast<std::size_t>(label)])};
      });
      sample.unknown.insert(std::lower_bound(sample.unknown.begin(), sample.unknown.end(), label), label);
    }
    const bool all_listed = sample.yes.size() + sample.unknown.size() + sample.no.size() == labels_.size();
    if (all_listed && sample.unknown.size() > sample.no.size()) sample.rest = Label::unknown;
  }

  std::vector<std::string> labels_;
  std::unordered_map<std::string, std::int32_t, detail::TextHash, std::equal_to<>> label_places_;
  std::vector<Sample> samples_;
  detail::NameTable places_;
};

}  // namespace tagger
