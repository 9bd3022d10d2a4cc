#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tagger/closest_name.hpp>
#include <tagger/data/annotations_format.hpp>
#include <tagger/data/check_annotations.hpp>
#include <tagger/data/json_fault.hpp>
#include <tagger/data/problem.hpp>
#include <tagger/data/sample.hpp>
#include <tagger/json.hpp>

namespace tagger::detail {

/// Receives the events of nlohmann's SAX parser. What is not understood is reported and passed over, so that a sink
/// that only collects sees every problem. `labels` may come after `samples`: names become numbers as they are met, and
/// finish() turns these into indices into `labels`.
class AnnotationsHandler final : public nlohmann::json_sax<Json> {
 public:
  /// Both must outlive the handler.
  AnnotationsHandler(std::string_view text, const ProblemSink& report) : text_(text), report_(report) {}

  bool null() override { return accept("null"), true; }
  bool boolean(bool) override { return accept("a boolean"), true; }
  bool number_integer(number_integer_t) override { return accept("a number"), true; }
  bool number_unsigned(number_unsigned_t) override { return accept("a number"), true; }
  bool number_float(number_float_t, const std::string&) override { return accept("a number"), true; }
  bool binary(binary_t&) override { return accept("binary data"), true; }

  bool string(std::string& text) override {
    const Slot slot = accept("a string");
    switch (slot) {
      case Slot::label:
        parsed_.labels.push_back(std::move(text));
        parsed_.label_positions.push_back(label_count_ - 1);
        break;
      case Slot::image_name:
        sample_.image_name = std::move(text);
        named_ = true;
        break;
      case Slot::yes_label:
      case Slot::unknown_label:
      case Slot::absent_label:
        (sample_.*list_of(slot)->indices).push_back(number_of(text));
        break;
      default:
        break;
    }
    return true;
  }

  bool start_object(std::size_t) override { return open(accept("an object")), true; }
  bool start_array(std::size_t) override { return open(accept("an array")), true; }
  bool end_object() override { return close(), true; }
  bool end_array() override { return close(), true; }

  bool key(std::string& name) override {
    if (skipped_ > 0) return true;
    next_ = slot_of(open_.back(), name);
    if (next_ == Slot::ignored) return true;
    if (std::exchange(seen(next_), true)) {
      report_({place(next_), "is there twice"});
      next_ = Slot::ignored;
    }
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception& error) override {
    broken_ = true;
    report_(json_fault(text_, position, error));
    return false;
  }

  /// To be called once, after the last event.
  ParsedAnnotations finish() {
    parsed_.whole = !broken_ && seen(Slot::labels) && seen(Slot::samples);
    if (!broken_ && root_) {
      for (const Slot slot : {Slot::labels, Slot::samples}) {
        if (!seen(slot)) report_({place(slot), "is missing; the file must have a list of this name"});
      }
    }
    resolve();
    return std::move(parsed_);
  }

 private:
  bool& seen(Slot slot) { return seen_[static_cast<std::size_t>(slot)]; }

  // The slot of the value that begins, and notes that it is there.
  Slot enter() {
    if (open_.empty()) return Slot::root;
    switch (open_.back()) {
      case Slot::labels:
        return ++label_count_, Slot::label;
      case Slot::samples:
        return ++sample_count_, Slot::sample;
      case Slot::yes_labels:
      case Slot::unknown_labels:
      case Slot::absent_labels:
        return ++list_count_, list_of(open_.back())->element;
      default:
        return next_;
    }
  }

  Slot accept(std::string_view found) {
    if (skipped_ > 0) return Slot::ignored;
    const Slot slot = enter();
    if (slot == Slot::ignored || wanted(slot) == found) return slot;
    report_({place(slot), std::string("expected ").append(wanted(slot)).append(", found ").append(found)});
    if (const auto* list = list_of(slot); list && list->element == slot) (sample_.*list->indices).push_back(no_label);
    return Slot::ignored;
  }

  void open(Slot slot) {
    if (slot == Slot::ignored) {
      ++skipped_;
      return;
    }
    open_.push_back(slot);
    list_count_ = 0;
    if (slot == Slot::root) root_ = true;
    if (slot == Slot::sample) {
      sample_ = {};
      named_ = seen(Slot::image_name) = false;
      for (const SlotList& each : slot_lists) seen(each.list) = false;
    }
    if (slot == Slot::absent_labels) sample_.rest = Label::unknown;
  }

  void close() {
    if (skipped_ > 0) {
      --skipped_;
      return;
    }
    const Slot slot = open_.back();
    open_.pop_back();
    if (slot == Slot::labels) labels_whole_ = true;
    if (slot == Slot::sample) finish_sample();
  }

  void finish_sample() {
    for (const Slot slot : {Slot::image_name, Slot::yes_labels}) {
      if (!seen(slot)) report_({place(slot), "is missing"});
    }
    if (!named_) return;
    parsed_.samples.push_back(std::move(sample_));
    parsed_.sample_positions.push_back(sample_count_ - 1);
  }

  std::string place(Slot slot) const {
    switch (slot) {
      case Slot::labels:
        return "labels";
      case Slot::label:
        return element("labels", label_count_ - 1);
      case Slot::samples:
        return "samples";
      case Slot::sample:
        return element("samples", sample_count_ - 1);
      case Slot::image_name:
      case Slot::yes_labels:
      case Slot::unknown_labels:
      case Slot::absent_labels:
        return place(Slot::sample).append(".").append(key_of(slot));
      case Slot::yes_label:
      case Slot::unknown_label:
      case Slot::absent_label:
        return element(place(list_of(slot)->list), list_count_ - 1);
      default:
        return "the whole file";
    }
  }

  std::int32_t number_of(std::string& name) {
    const auto [found, fresh] = numbers_.try_emplace(std::move(name), static_cast<std::int32_t>(numbers_.size()));
    return found->second;
  }

  void resolve() {
    std::vector<std::int32_t> index(numbers_.size(), no_label);
    for (std::size_t i = parsed_.labels.size(); i-- > 0;) {
      if (const auto found = numbers_.find(parsed_.labels[i]); found != numbers_.end()) {
        index[static_cast<std::size_t>(found->second)] = static_cast<std::int32_t>(i);
      }
    }
    for (std::size_t i = 0; i < parsed_.samples.size(); ++i) {
      for (const SlotList& each : slot_lists) {
        resolve(parsed_.samples[i].*each.indices, index, i, key_of(each.list));
      }
    }
  }

  void resolve(std::vector<std::int32_t>& list, const std::vector<std::int32_t>& index, std::size_t sample,
               std::string_view key) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::int32_t number = list[i];
      if (number == no_label) continue;
      list[i] = index[static_cast<std::size_t>(number)];
      if (list[i] == no_label && labels_whole_) {
        std::string place = element("samples", parsed_.sample_positions[sample]).append(".").append(key);
        report_({element(place, i), stranger(number)});
      }
    }
    std::erase(list, no_label);
    sort_unique(list);
  }

  // What to say of a label that is not in `labels`; looked for once a name, as a file may have 100,000 of them.
  const std::string& stranger(std::int32_t number) {
    std::string& message = strangers_[number];
    if (!message.empty()) return message;
    const auto of_number = [&](const auto& each) { return each.second == number; };
    const std::string& name = std::find_if(numbers_.begin(), numbers_.end(), of_number)->first;
    message = in_quotes(name) + " is not in labels";
    if (const auto meant = closest_name(name, parsed_.labels); !meant.empty()) {
      message += "; did you mean " + in_quotes(meant) + "?";
    }
    return message;
  }

  static constexpr std::int32_t no_label = -1;

  std::string_view text_;
  const ProblemSink& report_;
  ParsedAnnotations parsed_;
  std::unordered_map<std::string, std::int32_t> numbers_;
  std::unordered_map<std::int32_t, std::string> strangers_;

  std::vector<Slot> open_;  // the containers around the next value
  Slot next_ = Slot::ignored;
  std::size_t skipped_ = 0;  // open containers within something that is ignored
  std::size_t label_count_ = 0, sample_count_ = 0, list_count_ = 0;
  std::array<bool, static_cast<std::size_t>(Slot::ignored) + 1> seen_{};
  Sample sample_;
  bool named_ = false, root_ = false, labels_whole_ = false, broken_ = false;
};

/// Parses the JSON of read_annotations. Says nothing of what check_labels and check_samples look for.
inline ParsedAnnotations parse_annotations(std::string_view text, const ProblemSink& report) {
  AnnotationsHandler handler{text, report};
  read_json_events(text, handler);
  return handler.finish();
}

}  // namespace tagger::detail
