#pragma once

#include <chrono>
#include <cstdint>

#include <tagger/train/observer.hpp>

/// Times the training steps alone: from the end of one to the end of the next, evaluations left out.
class Stopwatch : public tagger::Observer {
 public:
  /// \param warm_up  steps at the beginning that are not counted
  explicit Stopwatch(std::int64_t warm_up = 1) : warm_up_(warm_up) {}

  void on_step(const tagger::StepEvent& event) override {
    const auto now = std::chrono::steady_clock::now();
    if (event.step_in_epoch > 1 && event.step > warm_up_) {
      seconds_ += std::chrono::duration<double>(now - last_).count();
      images_ += event.images;
    }
    last_ = now;
  }
  double images_per_second() const { return seconds_ > 0 ? static_cast<double>(images_) / seconds_ : 0; }

 private:
  std::int64_t warm_up_;
  std::chrono::steady_clock::time_point last_;
  double seconds_ = 0;
  std::int64_t images_ = 0;
};
