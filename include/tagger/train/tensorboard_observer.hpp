#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <tagger/report/json_value.hpp>
#include <tagger/report/tensorboard.hpp>
#include <tagger/report/tensorboard_scores.hpp>
#include <tagger/train/observer.hpp>

namespace tagger {

/// Writes a training to TensorBoard under the tutorial's names: `train_loss` and `train/<averaging>/<metric>` (and
/// `learning_rate`, which is ours) at every step, `test/<averaging>/<metric>` at every evaluation, `epoch_loss` at the
/// end of every epoch. At every evaluation also what its scores look like: see write_test_scores(). A resumed training
/// continues its file where the checkpoint was made, so that no point is there twice.
class TensorBoardObserver : public Observer {
 public:
  /// \param folder  where the event file goes
  explicit TensorBoardObserver(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void on_step(const StepEvent& event) override {
    writer().scalar("train_loss", event.loss, event.step);
    writer().scalar("learning_rate", event.learning_rate, event.step);
    writer().scalars("train/", event.evaluation.metrics, event.step);
  }
  void on_test(const TestEvent& event) override {
    writer().scalars("test/", event.evaluation.metrics, event.step);
    if (event.targets == nullptr || event.scores == nullptr) return;
    write_test_scores(writer(), event.evaluation.labels, *event.targets, *event.scores, event.probabilities,
                      event.step);
  }
  void on_epoch(const EpochEvent& event) override { writer().scalar("epoch_loss", event.mean_loss, event.step); }

  std::string name() const override { return "tensorboard"; }
  std::string state() override {
    return dump_json({{"file", writer().path().filename().string()}, {"position", writer().position()}});
  }
  void restore(const std::string& state) override {
    const Json json = parse_json(state, "the state of the TensorBoard file");
    const JsonValue root{json, "the state of the TensorBoard file"};
    const auto file = folder_ / root["file"].text();
    writer_.reset();
    if (!std::filesystem::exists(file)) return;  // somebody has removed the curves: new ones begin here
    writer_.emplace(TensorBoardWriter::resume(file, static_cast<std::uint64_t>(root["position"].integer())));
  }

 private:
  TensorBoardWriter& writer() {
    if (!writer_) writer_.emplace(folder_);
    return *writer_;
  }

  std::filesystem::path folder_;
  std::optional<TensorBoardWriter> writer_;
};

}  // namespace tagger
