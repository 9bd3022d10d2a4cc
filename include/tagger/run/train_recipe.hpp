#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <torch/utils.h>

#include <tagger/data/annotations.hpp>
#include <tagger/error.hpp>
#include <tagger/image/decode_options.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/model/any_tagger.hpp>
#include <tagger/predict/cache_features.hpp>
#include <tagger/report/progress.hpp>
#include <tagger/run/cache_folder.hpp>
#include <tagger/run/recipe.hpp>
#include <tagger/run/train_run.hpp>
#include <tagger/weights/load_weights.hpp>

namespace tagger {

/// What a recipe is tried on.
struct RecipeData {
  Annotations training, validation;  ///< of the same labels
  std::filesystem::path images;      ///< the folder of both
  DecodeOptions decode{};
};

/// A tagger as the recipe wants it before the first step, a function of its seed.
/// \param log  told what of the pretrained weights has been loaded
/// \throws OptionError for policies that do not fit each other; FileError, WeightsError
inline AnyTagger make_tagger(const Recipe& recipe, std::vector<std::string> labels, std::ostream& log) {
  torch::manual_seed(recipe.fit.seed);
  AnyTagger model{std::move(labels),
                  {.backbone = std::make_shared<AnyBackbone>(
                       recipe.backbone, BackboneOptions{.input_size = recipe.size, .drop_path = recipe.drop_path}),
                   .head = recipe.head,
                   .activation = AnyActivation::that_means(recipe.loss.meaning()),
                   .loss = recipe.loss}};
  if (recipe.weights) {
    const auto report = load_weights(model, *recipe.weights);
    log << recipe.weights->string() << ": " << to_text(report) << '\n';
  }
  if (recipe.freeze_backbone) model.freeze_backbone();
  return model;
}

/// The recipe's two sets, with the features of their pictures where it keeps them; nothing when `fit.stop` ended that.
/// \throws OptionError when features cannot be kept; FileError, DataError
template <AnyTaggerType Model>
std::optional<std::pair<Dataset, Dataset>> make_datasets(const Recipe& recipe, Model& model, const RecipeData& data,
                                                         std::ostream& log) {
  const TransformOptions options = recipe.transform(model.backbone().spec());
  const Transform plain = evaluation_transform(options);
  Dataset validation{data.validation, data.images, plain, data.decode};
  if (!recipe.cache_features) {
    return std::pair{Dataset{data.training, data.images, recipe.augmentation(options), data.decode}, validation};
  }
  if (recipe.augmentation.chosen() != Recipe{}.augmentation.chosen() && recipe.augmentation.chosen() != "none") {
    throw OptionError("features are kept of pictures as they are: the augmentation " + recipe.augmentation.chosen() +
                      " would never be seen");
  }
  const auto folder = cache_folder() / "features";
  log << "pictures without augmentation; their features are kept in " << folder.string() << '\n';
  const auto cached = [&](const Dataset& dataset) {
    Progress progress;
    std::int64_t done = -1;
    const auto advance = [&](std::int64_t now, std::int64_t total) {
      if (done < 0) progress.begin("features", total);
      progress.advance(now - std::max<std::int64_t>(std::exchange(done, now), 0));
    };
    auto result = cache_features(model, dataset, folder,
                                 {.batch_size = recipe.fit.batch_size,
                                  .workers = recipe.fit.workers,
                                  .arithmetic = recipe.fit.arithmetic,
                                  .fail_on_broken = recipe.fit.fail_on_broken,
                                  .progress = advance,
                                  .stop = recipe.fit.stop});
    progress.end();
    return result;
  };
  auto training = cached({data.training, data.images, plain, data.decode});
  if (!training) return std::nullopt;
  auto test = cached(validation);
  if (!test) return std::nullopt;
  return std::pair{*std::move(training), *std::move(test)};
}

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
  AnyTagger model = make_tagger(recipe, data.training.labels(), log);
  return train_recipe(model, recipe, data, output, log, observers);
}

}  // namespace tagger
