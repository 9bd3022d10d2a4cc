#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <ATen/Context.h>

#include <tagger/error.hpp>
#include <tagger/model/any_tagger.hpp>
#include <tagger/run/recipe.hpp>
#include <tagger/weights/copy_weights.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {

/// A tagger as the recipe wants it before the first step, a function of its seed.
/// \param pretrained  what read_state_dict() gives of `recipe.weights`, where it has any
/// \param log         told what of it has been loaded
/// \throws OptionError for policies that do not fit each other, or when the recipe has weights and they are not given;
///         WeightsError
inline AnyTagger make_tagger(const Recipe& recipe, std::vector<std::string> labels, std::optional<StateDict> pretrained,
                             std::ostream& log) {
  if (recipe.weights && !pretrained)
    throw OptionError("the recipe's weights have not been read: see read_pretrained()");
  at::manual_seed(recipe.fit.seed);
  AnyTagger model{std::move(labels),
                  {.backbone = std::make_shared<AnyBackbone>(
                       recipe.backbone, BackboneOptions{.input_size = recipe.size, .drop_path = recipe.drop_path}),
                   .head = recipe.head,
                   .activation = AnyActivation::that_means(recipe.loss.meaning()),
                   .loss = recipe.loss}};
  if (pretrained) {
    const std::string source = recipe.weights.value_or(pretrained->source).string();
    const auto report = copy_weights(model, *std::move(pretrained));
    log << source << ": " << to_text(report) << '\n';
  }
  if (recipe.freeze_backbone) model.freeze_backbone();
  return model;
}

}  // namespace tagger
