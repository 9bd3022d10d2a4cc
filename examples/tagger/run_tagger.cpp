#include "tagger/run_tagger.hpp"

#include <utility>

#include <tagger/activation/any_activation.hpp>
#include <tagger/predict/predict.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/run/run.hpp>
#include <tagger/run/run_paths.hpp>
#include <tagger/run/start_machine.hpp>

#include "tagger/read_run.hpp"

namespace tagger_program {

tagger::MeaningAtRunTime meaning_of(const tagger::RunConfig& config) {
  return tagger::AnyActivation::named(config.activation).meaning();
}

struct RunTagger::Model {
  tagger::Run<> run;
};

RunTagger::RunTagger(const std::filesystem::path& run, const tagger::MachineOptions& machine) {
  tagger::start_machine(machine);
  auto files = read_run(run);
  model_ = std::make_unique<Model>(
      tagger::make_run(std::move(files.config), std::move(files.weights), tagger::config_path(run)));
  model_->run.model->to(machine.device);
}

RunTagger::~RunTagger() = default;

const tagger::RunConfig& RunTagger::config() const { return model_->run.config; }

tagger::MeaningAtRunTime RunTagger::meaning() const { return model_->run.meaning(); }

tagger::ScoredDataset RunTagger::score(const tagger::Dataset& pictures, const tagger::ScoreOptions& options) {
  return tagger::score(*model_->run.model, pictures, options);
}

void RunTagger::predict(std::vector<std::filesystem::path> paths, const tagger::PredictOptions& options,
                        const std::function<void(const tagger::Prediction&)>& sink) {
  tagger::predict(*model_->run.model, std::move(paths), model_->run.transform(), options, sink);
}

}  // namespace tagger_program
