#pragma once

#include <filesystem>
#include <optional>
#include <system_error>

#include <tagger/activation/meaning.hpp>
#include <tagger/backbone/concept.hpp>
#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/image/transform.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/run/run_config.hpp>
#include <tagger/run/run_paths.hpp>
#include <tagger/weights/model_state.hpp>
#include <tagger/weights/safetensors.hpp>

namespace tagger {

/// What `model` has to say of itself in a run's config.json.
/// \param transform  of evaluation: evaluation_transform()'s
/// \param threshold  empty: what the scores imply, 0 where they imply none
/// \throws OptionError for any other transform, or when no score can pass the threshold
template <AnyTaggerType Model>
RunConfig run_config(const Model& model, const Transform& transform, std::optional<double> threshold = {}) {
  if (!transform.options()) {
    throw OptionError("a run keeps what evaluation_transform() was made from: evaluate with one that it has made");
  }
  check_threshold(model.meaning(), threshold);
  const BackboneSpec spec = model.backbone().spec();
  return {.hub = {.backbone = spec.name,
                  .features = feature_shape(model.backbone()).pooled,
                  .fixed_size = is_sized(model.backbone()),
                  .classes = model.label_count(),
                  .labels = model.labels(),
                  .transform = *transform.options(),
                  .first_conv = spec.first_conv,
                  .classifier = spec.classifier},
          .head = text_of(model.head()),
          .activation = text_of(model.activation()),
          .loss = text_of(model.loss()),
          .decision = {.threshold = threshold.value_or(model.meaning().threshold.value_or(0))}};
}

/// Writes config.json and model.safetensors into `folder`, making it if need be. \throws FileError
template <AnyTaggerType Model>
void save_run(const Model& model, const RunConfig& config, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw FileError(folder, "", "cannot be made: " + error.message());
  write_safetensors(weights_path(folder), state_dict_of(model));
  write_run_config(config_path(folder), config);
}

}  // namespace tagger
