#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <tagger/loader/broken_picture.hpp>
#include <tagger/report/history.hpp>
#include <tagger/report/history_json.hpp>
#include <tagger/report/json_value.hpp>

namespace tagger {

/// Where a training stands, apart from its tensors.
struct TrainingState {
  std::int64_t epoch = 0;            ///< epochs completed
  std::int64_t batch = 0;            ///< batches of the next epoch that are done
  std::int64_t step = 0;             ///< optimizer steps taken
  bool test_due = false;             ///< the test set is to be evaluated before anything else
  std::vector<double> epoch_losses;  ///< of the epoch under way
  double best = -1;                  ///< best value so far of the metric that selects; of a loss its negative
  std::int64_t best_epoch = 0;       ///< 0: none yet
  std::vector<double> scores;        ///< of the metric that selects, after each epoch
  History history;
  std::vector<BrokenPicture> broken;             ///< each picture once
  std::map<std::string, std::string> observers;  ///< what each observer wants to find again, by its name

  /// A step was taken.
  void add_step(double loss) {
    ++step;
    epoch_losses.push_back(loss);
    history.step_loss.push_back(loss);
  }

  /// The epoch under way, of at least one step, is over. Returns the mean loss of its steps.
  double add_epoch() {
    const double sum = std::accumulate(epoch_losses.begin(), epoch_losses.end(), 0.0);
    const double mean = sum / static_cast<double>(epoch_losses.size());
    ++epoch;
    batch = 0;
    epoch_losses.clear();
    history.epochs.push_back({.epoch = epoch, .step = step, .mean_loss = mean});
    return mean;
  }

  /// The test set has been evaluated.
  void add_test(Evaluation evaluation) {
    test_due = false;
    evaluation.labels.clear();  // kept for the last evaluation only: a history of them all would outgrow the weights
    history.tests.push_back({.step = step, .evaluation = std::move(evaluation)});
  }

  /// The metric that selects is `value` after the last epoch. Returns whether that is the best so far.
  bool add_score(double value) {
    scores.push_back(value);
    if (best_epoch > 0 && !(value > best)) return false;
    best = value;
    best_epoch = epoch;
    return true;
  }

  /// `patience` epochs have not been better than the best. Never where it is 0.
  bool has_stalled(std::int64_t patience) const {
    return patience > 0 && best_epoch > 0 && epoch - best_epoch >= patience;
  }

  /// The last epoch is over, and the next has not begun.
  bool between_epochs() const { return batch == 0 && epoch > 0; }
};

inline Json to_json(const TrainingState& state) {
  Json broken = Json::array();
  for (const auto& picture : state.broken)
    broken.push_back({{"path", picture.path.string()}, {"reason", picture.reason}});
  return {{"epoch", state.epoch},
          {"batch", state.batch},
          {"step", state.step},
          {"test_due", state.test_due ? 1 : 0},
          {"epoch_losses", state.epoch_losses},
          {"best", state.best},
          {"best_epoch", state.best_epoch},
          {"scores", state.scores},
          {"history", to_json(state.history)},
          {"broken", std::move(broken)},
          {"observers", state.observers}};
}

/// \throws DataError that names the file and the place in it
inline TrainingState training_state_from_json(const JsonValue& json) {
  TrainingState state{.epoch = json["epoch"].integer(),
                      .batch = json["batch"].integer(),
                      .step = json["step"].integer(),
                      .test_due = json["test_due"].integer() != 0,
                      .epoch_losses = {},
                      .best = json["best"].number(),
                      .best_epoch = json["best_epoch"].integer(),
                      .scores = {},
                      .history = history_from_json(json["history"]),
                      .broken = {},
                      .observers = {}};
  for (const auto& loss : json["epoch_losses"].elements()) state.epoch_losses.push_back(loss.number());
  for (const auto& score : json["scores"].elements()) state.scores.push_back(score.number());
  for (const auto& each : json["broken"].elements())
    state.broken.push_back({each["path"].text(), each["reason"].text()});
  for (const auto& [name, each] : json["observers"].members()) state.observers.emplace(name, each.text());
  return state;
}

}  // namespace tagger
