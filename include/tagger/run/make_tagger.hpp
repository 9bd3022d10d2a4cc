#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <torch/utils.h>

#include <tagger/model/any_tagger.hpp>
#include <tagger/run/recipe.hpp>
#include <tagger/weights/load_weights.hpp>

namespace tagger {

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

}  // namespace tagger
