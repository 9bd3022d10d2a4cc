#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

#include <tagger/report/json_value.hpp>
#include <tagger/train/observer.hpp>

/// Times a training, and its steps alone: from the end of one to the end of the next, evaluations left out. A training
/// that is resumed goes on with the times that its checkpoint has.
class Stopwatch : public tagger::Observer {
 public:
  /// \param warm_up  steps at the beginning that are not counted
  explicit Stopwatch(std::int64_t warm_up = 1) : warm_up_(warm_up) {}

  void on_step(const tagger::StepEvent& event) override {
    const auto now = Clock::now();
    if (running_ && event.step_in_epoch > 1 && event.step > warm_up_) {
      step_seconds_ += std::chrono::duration<double>(now - last_).count();
      images_ += event.images;
    }
    running_ = true;
    last_ = now;
  }

  /// NaN where no step has been timed.
  double images_per_second() const {
    return step_seconds_ > 0 ? static_cast<double>(images_) / step_seconds_ : std::numeric_limits<double>::quiet_NaN();
  }
  /// Since this was made, and before, without what came after the checkpoint.
  double seconds() const { return before_ + std::chrono::duration<double>(Clock::now() - start_).count(); }

  std::string name() const override { return "stopwatch"; }
  std::string state() override {
    return tagger::dump_json({{"seconds", seconds()}, {"step_seconds", step_seconds_}, {"images", images_}});
  }
  void restore(const std::string& state) override {
    const auto json = tagger::parse_json(state, "checkpoint");
    const tagger::JsonValue root{json, "checkpoint", "stopwatch"};
    before_ = root["seconds"].number();
    step_seconds_ = root["step_seconds"].number();
    images_ = root["images"].integer();
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::int64_t warm_up_;
  Clock::time_point start_ = Clock::now(), last_;
  bool running_ = false;
  double before_ = 0, step_seconds_ = 0;
  std::int64_t images_ = 0;
};
