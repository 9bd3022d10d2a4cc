#pragma once

#include <concepts>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/activation/scores.hpp>
#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/image/evaluation_transform.hpp>
#include <tagger/model/any_tagger.hpp>
#include <tagger/model/memory_format.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/predict.hpp>
#include <tagger/predict/score.hpp>
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

  /// What the scores mean that predict() gives: after a calibration each is a probability of its own.
  MeaningAtRunTime meaning() const {
    return config.calibration ? MeaningAtRunTime::of<IndependentLabels>() : model->meaning();
  }

  Transform transform() const { return evaluation_transform(config.hub.transform); }

  /// Tags pictures as the run says: its transform, its calibration, its thresholds. See tagger::predict().
  /// \param options  for all else; what it says of these is not looked at
  std::vector<Prediction> predict(std::vector<std::filesystem::path> paths, PredictOptions options = {}) {
    options.calibration = config.calibration;
    options.decision = config.decision;
    return tagger::predict(*model, std::move(paths), transform(), options);
  }
};

inline std::filesystem::path config_path(const std::filesystem::path& run) { return run / "config.json"; }
inline std::filesystem::path checkpoints_path(const std::filesystem::path& run) { return run / "checkpoints"; }
inline std::filesystem::path weights_path(const std::filesystem::path& run) { return run / "model.safetensors"; }

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
  save_weights(model, weights_path(folder));
  write_run_config(config_path(folder), config);
}

namespace detail {

/// The policy of a run that its config.json calls `text` at `place`: looked up by name where P is chosen at run time,
/// else a P, which must have that name. Errors say where the text stands.
template <class P>
P named_policy(const std::filesystem::path& config, const char* place, const std::string& text) {
  try {
    if constexpr (requires { P::named(text); }) {
      return P::named(text);
    } else {
      const PolicyText wanted = parse_policy(text);
      if (wanted.name != P::name)
        throw OptionError("the run is of " + wanted.name + ", not of " + std::string(P::name));
      P policy{};
      configure(policy, wanted);
      return policy;
    }
  } catch (const OptionError& error) {
    throw OptionError(config, place, error.what());
  }
}

template <Backbone B>
std::shared_ptr<B> named_backbone(const std::filesystem::path& config, const std::string& name,
                                  const BackboneOptions& options) {
  if constexpr (std::constructible_from<B, const std::string&>) {
    try {
      return std::make_shared<B>(name, options);
    } catch (const OptionError& error) {
      throw OptionError(config, "architecture", error.what());
    }
  } else {
    auto backbone = make_backbone<B>(options);
    const std::string ours = backbone->spec().name;
    if (name != ours) throw OptionError(config, "architecture", "the run is of " + name + ", not of " + ours);
    return backbone;
  }
}

template <Head H>
typename H::Options named_head(const std::filesystem::path& config, const std::string& text) {
  try {
    if constexpr (requires { H::Options::named(text); }) {
      return H::Options::named(text);
    } else {
      const PolicyText wanted = parse_policy(text);
      if (wanted.name != H::name)
        throw OptionError("the run is of " + wanted.name + ", not of " + std::string(H::name));
      typename H::Options options{};
      configure(options, wanted);
      return options;
    }
  } catch (const OptionError& error) {
    throw OptionError(config, "tagger.head", error.what());
  }
}

}  // namespace detail

/// Opens a run folder, ready to tag; a folder of timm's hub and a WD tagger's too, if they name their labels.
/// `load_run(folder)` opens any run whose policies this library knows by name;
/// `load_run<MyTagger>(folder)` opens one of that type.
/// \throws FileError, DataError, WeightsError; OptionError when the run is of other policies than Model's
template <AnyTaggerType Model = AnyTagger>
Run<Model> load_run(const std::filesystem::path& folder) {
  const auto path = config_path(folder);
  Run<Model> run{.config = read_run_config(folder), .model = nullptr};
  const RunConfig& config = run.config;
  using B = typename Model::BackboneType;
  using H = typename Model::HeadType;
  using A = typename Model::ActivationType;
  using L = typename Model::LossType;
  Policies<B, H, A, L> policies{
      .backbone = detail::named_backbone<B>(path, config.hub.backbone, {.input_size = config.hub.transform.size}),
      .head = detail::named_head<H>(path, config.head),
      .activation = detail::named_policy<A>(path, "tagger.activation", config.activation),
      .loss = detail::named_policy<L>(path, "tagger.loss", config.loss)};
  try {
    run.model = std::make_unique<Model>(config.hub.labels, std::move(policies));
  } catch (const OptionError& error) {  // a loss and an activation that do not fit each other
    throw OptionError(path, "tagger", error.what());
  }
  load_weights(*run.model, folder, Classifier::required);
  to_channels_last(*run.model);
  run.model->eval();
  return run;
}

}  // namespace tagger
