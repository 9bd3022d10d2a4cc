#pragma once

#include <concepts>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/transform.hpp>
#include <tagger/model/any_tagger.hpp>
#include <tagger/model/memory_format.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/run/run_config.hpp>
#include <tagger/weights/load_weights.hpp>

namespace tagger {

/// A trained tagger and what it was trained with: the two files that a run folder needs for tagging.
///
///     RUN/config.json          timm's hub layout, and what timm has no word for
///     RUN/model.safetensors    weights, to torchvision's or timm's keys
template <AnyTaggerType Model = AnyTagger>
struct Run {
  RunConfig config;
  std::unique_ptr<Model> model;

  Transform transform() const { return evaluation_transform(config.transform_options()); }
};

inline std::filesystem::path config_path(const std::filesystem::path& run) { return run / "config.json"; }
inline std::filesystem::path weights_path(const std::filesystem::path& run) { return run / "model.safetensors"; }

/// What `model` has to say of itself in a run's config.json.
/// \param transform  of evaluation; its size must be square
template <AnyTaggerType Model>
RunConfig run_config(const Model& model, const Transform& transform, double threshold = 0.5) {
  const BackboneSpec spec = model.backbone().spec();
  return {.architecture = spec.name,
          .features = spec.features,
          .labels = model.labels(),
          .size = transform.width(),
          .mean = transform.normalize().mean,
          .std = transform.normalize().std,
          .first_conv = spec.first_conv,
          .classifier = spec.classifier,
          .head = std::string(policy_name(model.head())),
          .activation = std::string(policy_name(model.activation())),
          .loss = std::string(policy_name(model.loss())),
          .dropout = model.head().options.dropout,
          .threshold = threshold};
}

/// Writes config.json and model.safetensors into `folder`, making it if need be. \throws FileError
template <AnyTaggerType Model>
void save_run(const Model& model, const RunConfig& config, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw FileError(folder, "", "cannot be made: " + error.message());
  save_weights(model, weights_path(folder));
  write_run_config(config_path(folder), config);
}

/// Opens a run folder, ready to tag. `load_run(folder)` opens any run whose policies this library knows by name;
/// `load_run<MyTagger>(folder)` opens one of that type.
/// \throws FileError, DataError, WeightsError; OptionError when the run is of another network than Model's
template <AnyTaggerType Model = AnyTagger>
Run<Model> load_run(const std::filesystem::path& folder) {
  using Backbone = typename Model::BackboneType;
  Run<Model> run{.config = read_run_config(config_path(folder)), .model = nullptr};
  const RunConfig& config = run.config;
  if constexpr (std::same_as<Model, AnyTagger>) {
    if (config.head != LinearHead::name) {
      throw OptionError(config_path(folder), "tagger.head",
                        unknown_name_message("head", config.head, std::array{LinearHead::name}));
    }
    run.model =
        std::make_unique<Model>(config.labels, Policies<Backbone, LinearHead, AnyActivation, AnyLoss>{
                                                   .backbone = std::make_shared<AnyBackbone>(config.architecture),
                                                   .head = {.dropout = config.dropout},
                                                   .activation = AnyActivation::named(config.activation),
                                                   .loss = AnyLoss::named(config.loss)});
  } else {
    run.model = std::make_unique<Model>(config.labels);
    const std::string name = run.model->backbone().spec().name;
    if (name != config.architecture) {
      throw OptionError(config_path(folder), "architecture",
                        "the run is of " + config.architecture + ", not of " + name);
    }
  }
  load_weights(*run.model, weights_path(folder), Classifier::required);
  to_channels_last(*run.model);
  run.model->eval();
  return run;
}

}  // namespace tagger
