#pragma once

#include <cstdint>
#include <iostream>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <tagger/report/progress.hpp>
#include <tagger/report/table.hpp>
#include <tagger/train/observer.hpp>

namespace tagger {

/// Shows a training to a person: a bar for each pass over pictures, and the tutorial's lines for evaluations and
/// epochs.
class ProgressObserver : public Observer {
 public:
  explicit ProgressObserver(std::ostream& out = std::cerr, ProgressOptions options = {})
      : progress_(out, std::move(options)) {}

  void on_epoch_begin(const EpochBeginEvent& event) override {
    epoch_ = event;
    begin_training(event.steps_done);
  }

  void on_step(const StepEvent& event) override {
    if (pass_ == Pass::training) {
      progress_.advance(event.images, event.loss);
    } else {  // after a test: the bar's clock starts now, so that this step is no part of its speed
      begin_training(event.step_in_epoch);
      progress_.advance(0, event.loss);
    }
    if (event.step_in_epoch == event.steps_per_epoch) end();
  }

  void on_test_progress(const TestProgressEvent& event) override {
    if (pass_ != Pass::testing) begin(Pass::testing, "test", event.total, 0), done_ = 0;
    progress_.advance(event.done - done_);
    done_ = event.done;
  }

  void on_test(const TestEvent& event) override {
    end();
    std::string line = "epoch " + std::to_string(event.epoch) + ", step " + std::to_string(event.step) + ": test:";
    for (const auto& [name, value] : event.evaluation.metrics) {
      const auto stroke = name.find("/f1");
      if (stroke != std::string::npos && name.size() == stroke + 3) {
        line += " " + name.substr(0, stroke) + " F1 " + format_number(value);
      }
    }
    progress_.line(line);
  }

  void on_epoch(const EpochEvent& event) override {
    end();
    progress_.line("epoch " + std::to_string(event.epoch) + "/" + std::to_string(event.epochs) + ", step " +
                   std::to_string(event.step) + ": train: mean loss " + format_number(event.mean_loss, 4));
  }

  void on_message(std::string_view text) override { progress_.line(text); }

 private:
  enum class Pass { none, training, testing };

  void begin_training(std::int64_t steps_done) {
    begin(Pass::training, "epoch " + std::to_string(epoch_.epoch) + "/" + std::to_string(epoch_.epochs),
          epoch_.steps_per_epoch * epoch_.batch_size, steps_done * epoch_.batch_size);
  }
  void begin(Pass pass, std::string title, std::int64_t total, std::int64_t done) {
    end();
    pass_ = pass;
    progress_.begin(std::move(title), total, done);
  }
  void end() {
    if (pass_ != Pass::none) progress_.end();
    pass_ = Pass::none;
  }

  Progress progress_;
  Pass pass_ = Pass::none;
  EpochBeginEvent epoch_;
  std::int64_t done_ = 0;
};

}  // namespace tagger
