#pragma once

#include <filesystem>
#include <ostream>
#include <span>

#include <tagger/model/any_tagger.hpp>
#include <tagger/run/make_datasets.hpp>
#include <tagger/run/make_tagger.hpp>
#include <tagger/run/recipe.hpp>
#include <tagger/run/run_result.hpp>
#include <tagger/run/train_run.hpp>
#include <tagger/train/observer.hpp>
#include <tagger/weights/read_state_dict.hpp>

namespace tagger {

/// Trains a tagger by a recipe into a run folder: see train_run(). Of the recipe's policies only those count that
/// `model` does not have itself. Where it was stopped before the first step, the result says so.
/// \throws what make_datasets() and train_run() throw
template <AnyTaggerType Model>
RunResult train_recipe(Model& model, const Recipe& recipe, const RecipeData& data, const std::filesystem::path& output,
                       std::ostream& log, std::span<Observer* const> observers = {}) {
  const auto datasets = make_datasets(recipe, model, data, log);
  if (!datasets) {
    RunResult stopped;
    stopped.fit.stopped = true;
    return stopped;
  }
  return train_run(model, datasets->first, datasets->second, output, recipe.fit, observers);
}

/// The same, of the tagger that make_tagger() makes. \throws what that throws, too
inline RunResult train_recipe(const Recipe& recipe, const RecipeData& data, const std::filesystem::path& output,
                              std::ostream& log, std::span<Observer* const> observers = {}) {
  AnyTagger model = make_tagger(recipe, data.training.labels(), read_pretrained(recipe.weights), log);
  return train_recipe(model, recipe, data, output, log, observers);
}

}  // namespace tagger
