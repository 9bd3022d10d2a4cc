#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <tagger/train/observer.hpp>

namespace tagger {

/// All who watch a training, in the order in which they were given.
class Observers {
 public:
  /// `all` must outlive this.
  explicit Observers(std::span<Observer* const> all) : all_(all) {}

  /// `tell(&Observer::on_step, event)`
  template <class Event>
  void tell(void (Observer::*hear)(const Event&), const std::type_identity_t<Event>& event) const {
    for (auto* observer : all_) (observer->*hear)(event);
  }

  void message(std::string_view text) const {
    for (auto* observer : all_) observer->on_message(text);
  }

  /// What each wants to find again, by its name.
  std::map<std::string, std::string> states() const {
    std::map<std::string, std::string> states;
    for (auto* observer : all_) {
      if (const auto name = observer->name(); !name.empty()) states[name] = observer->state();
    }
    return states;
  }

  void restore(const std::map<std::string, std::string>& states) const {
    for (auto* observer : all_) {
      const auto state = states.find(observer->name());
      if (state != states.end()) observer->restore(state->second);
    }
  }

 private:
  std::span<Observer* const> all_;
};

}  // namespace tagger
