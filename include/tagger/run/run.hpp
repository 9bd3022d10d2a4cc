#pragma once

#include <concepts>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <tagger/activation/meaning.hpp>
#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/image/evaluation_transform.hpp>
#include <tagger/model/any_tagger.hpp>
#include <tagger/model/memory_format.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/predict.hpp>
#include <tagger/run/run_config.hpp>
#include <tagger/weights/copy_weights.hpp>
#include <tagger/weights/state_dict.hpp>

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

/// A run, ready to tag, of its two parts wherever they are from: load_run() takes them from a folder.
/// \param weights  with our keys: see read_state_dict()
/// \param source   the file that `config` stands in, for errors
/// \throws WeightsError; OptionError when the run is of other policies than Model's
template <AnyTaggerType Model = AnyTagger>
Run<Model> make_run(RunConfig config, StateDict weights, const std::filesystem::path& source = {}) {
  Run<Model> run{.config = std::move(config), .model = nullptr};
  using B = typename Model::BackboneType;
  using H = typename Model::HeadType;
  using A = typename Model::ActivationType;
  using L = typename Model::LossType;
  Policies<B, H, A, L> policies{
      .backbone =
          detail::named_backbone<B>(source, run.config.hub.backbone, {.input_size = run.config.hub.transform.size}),
      .head = detail::named_head<H>(source, run.config.head),
      .activation = detail::named_policy<A>(source, "tagger.activation", run.config.activation),
      .loss = detail::named_policy<L>(source, "tagger.loss", run.config.loss)};
  try {
    run.model = std::make_unique<Model>(run.config.hub.labels, std::move(policies));
  } catch (const OptionError& error) {  // a loss and an activation that do not fit each other
    throw OptionError(source, "tagger", error.what());
  }
  copy_weights(*run.model, std::move(weights), Classifier::required);
  to_channels_last(*run.model);
  run.model->eval();
  return run;
}

}  // namespace tagger
