#include "tagger/report_training.hpp"

#include <iostream>
#include <memory>
#include <utility>

#include <tagger/report/evaluation_table.hpp>
#include <tagger/run/run_report.hpp>
#include <tagger/train/progress_observer.hpp>
#include <tagger/train/tensorboard_observer.hpp>

#include "tagger/guessing.hpp"

namespace tagger_program {

TrainingObservers::TrainingObservers(const std::filesystem::path& run) {
  owned_.push_back(std::make_unique<tagger::TensorBoardObserver>(run));
  owned_.push_back(std::make_unique<tagger::ProgressObserver>());
  for (const auto& observer : owned_) all_.push_back(observer.get());
}

void report_training(tagger::FittedRun run, const tagger::Dataset& training, const tagger::Dataset& validation) {
  const auto report = run.lock.folder() / "report.html";
  const auto result = write_run_report(std::move(run), training, validation);
  std::cout << averages_table(result.evaluation, guessing(training.annotations, validation.annotations))
            << "best epoch: " << result.fit.best_epoch << " of " << result.fit.history.epochs.size()
            << "\nreport: " << report.string() << '\n';
}

}  // namespace tagger_program
