#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>
#include <utility>

#include <tagger/data/annotations.hpp>
#include <tagger/error.hpp>
#include <tagger/image/decode_options.hpp>
#include <tagger/image/evaluation_transform.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/cache_features.hpp>
#include <tagger/report/progress.hpp>
#include <tagger/run/cache_folder.hpp>
#include <tagger/run/recipe.hpp>

namespace tagger {

/// What a recipe is tried on.
struct RecipeData {
  Annotations training, validation;  ///< of the same labels
  std::filesystem::path images;      ///< the folder of both
  DecodeOptions decode{};
};

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

}  // namespace tagger
