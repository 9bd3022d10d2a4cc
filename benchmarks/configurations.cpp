// Trains configurations, types or names, on the same pictures and puts their scores and costs into one table and page.
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <ATen/Context.h>

#include <tagger/cli/command.hpp>
#include <tagger/cli/run_main.hpp>
#include <tagger/loader/broken_picture.hpp>
#include <tagger/run/machine_options.hpp>
#include <tagger/run/start_machine.hpp>
#include <tagger/run/train_recipe.hpp>
#include <tagger/tagger.hpp>
#include <tagger/train/training_settings.hpp>
#include <tagger/version.hpp>

#include "comparison.hpp"
#include "comparison_page.hpp"
#include "comparison_table.hpp"
#include "grid.hpp"
#include "own_process.hpp"
#include "stopwatch.hpp"

namespace {

namespace fs = std::filesystem;
using tagger::Json;
using tagger::NusWide;
using tagger::Recipe;

struct Options {
  fs::path annotations, validation, images, output;
  Grid grid;
  bool types = false;
  int seeds = 1;
  Recipe recipe{.size = 64, .fit = {.epochs = 3, .evaluate_every = 0, .keep_checkpoints = 1}};
  tagger::MachineOptions machine;

  void describe(tagger::OptionSet& set) {
    set.section("Data");
    set.option("annotations", annotations, "A.json", "pictures to train on and their labels").required();
    set.option("validation", validation, "B.json", "pictures to score on").required();
    set.option("images", images, "DIR", "the folder that the pictures lie in").required();
    set.option("output", output, "FOLDER", "where the runs go; a command that was stopped goes on there").required();
    set.section("Configurations");
    grid.describe(set);
    set.option("seeds", seeds, "N", "trainings of each configuration, with as many seeds from --seed on").at_least(1);
    set.flag("types", types, "compare NusWide and three with<...> of it, too; without lists of names, only these");
    recipe.describe(set);
    machine.describe(set);
    set.file("A.json, B.json",
             R"({"samples": [{"image_name": "a.jpg", "image_labels": ["sky"]}, ...], "labels": ["sky", ...]})");
    set.file("DIR/a.jpg", "JPEG, PNG and WebP; image_name may lie in subfolders");
    set.file("DIR of --weights: DIR/resnet18.safetensors",
             "or .pth, by the backbone's name; others train from scratch");
    set.file("FOLDER/BACKBONE-HEAD-LOSS-seed-N/", "a run each, and its result.json: what has one is not run again");
    set.file("FOLDER/table.csv, FOLDER/table.json",
             "a row a configuration: micro/f1, micro/f1 deviation, ..., images_per_second, seconds, peak_megabytes");
    set.file("FOLDER/report.html", "the page: scores, costs, what failed, links to the runs");
  }
};

/// How a configuration is trained, be it a type or names.
struct Method {
  Configuration configuration;
  Recipe recipe;
  std::string preparation;  ///< what prepare() is the same for
  /// Finds out whether its parts fit, and computes the features that are kept. False when it was stopped.
  std::function<bool(const Recipe&, const tagger::RecipeData&)> prepare;
  std::function<tagger::RunResult(const Recipe&, const tagger::RecipeData&, const fs::path& run,
                                  std::span<tagger::Observer* const>)>
      train;
};

/// \param make  the tagger that a recipe and labels make
Method method(Configuration configuration, Recipe recipe, std::string preparation, at::Device device, auto make) {
  return {.configuration = std::move(configuration),
          .recipe = std::move(recipe),
          .preparation = std::move(preparation),
          .prepare =
              [make, device](const Recipe& recipe, const tagger::RecipeData& data) {
                auto model = make(recipe, data.training.labels());
                model.to(device);
                return !recipe.cache_features || make_datasets(recipe, model, data, std::cerr).has_value();
              },
          .train =
              [make, device](const Recipe& recipe, const tagger::RecipeData& data, const fs::path& run,
                             std::span<tagger::Observer* const> observers) {
                auto model = make(recipe, data.training.labels());
                model.to(device);
                return train_recipe(model, recipe, data, run, std::cerr, observers);
              }};
}

/// The recipe with the weights of its backbone, where --weights is a folder of several.
Recipe with_weights_of(const std::string& backbone, Recipe recipe) {
  if (!recipe.weights || !fs::is_directory(*recipe.weights) || fs::exists(*recipe.weights / "config.json")) {
    return recipe;
  }
  const fs::path folder = *std::exchange(recipe.weights, std::nullopt);
  for (const char* extension : {".safetensors", ".pth", ""}) {
    if (const auto file = folder / (backbone + extension); fs::exists(file)) {
      recipe.weights = file;
      break;
    }
  }
  return recipe;
}

template <tagger::AnyTaggerType Model>
Method of_type(const std::string& name, const Recipe& recipe, at::Device device) {
  const std::string backbone = tagger::name_of<typename Model::BackboneType>();
  const auto make = [](const Recipe& chosen, std::vector<std::string> labels) {
    at::manual_seed(chosen.fit.seed);
    Model model{std::move(labels)};
    if (chosen.weights) {
      const auto report = load_weights(model, *chosen.weights);
      std::cerr << chosen.weights->string() << ": " << to_text(report) << '\n';
    }
    if (chosen.freeze_backbone) model.freeze_backbone();
    return model;
  };
  return method({.name = name,
                 .backbone = backbone,
                 .head = tagger::name_of<typename Model::HeadType>(),
                 .loss = tagger::name_of<typename Model::LossType>(),
                 .title = name},
                with_weights_of(backbone, recipe), name, device, make);
}

Method of_names(const Recipe& recipe, at::Device device) {
  const std::string pair = recipe.backbone + " " + recipe.head.chosen(), loss = recipe.loss.chosen();
  return method({.name = pair + " " + loss, .backbone = recipe.backbone, .head = recipe.head.chosen(), .loss = loss},
                with_weights_of(recipe.backbone, recipe), pair, device,
                [](const Recipe& chosen, std::vector<std::string> labels) {
                  return make_tagger(chosen, std::move(labels), tagger::read_pretrained(chosen.weights), std::cerr);
                });
}

/// The parts of names that all of them share, which need no place in a title, and titles without them.
tagger::Facts name_what_differs(std::span<Method> methods) {
  const std::array<std::pair<const char*, std::string Configuration::*>, 3> parts{
      {{"backbone", &Configuration::backbone}, {"head", &Configuration::head}, {"loss", &Configuration::loss}}};
  tagger::Facts shared;
  for (const auto& [name, part] : parts) {
    std::set<std::string> values;
    for (const auto& each : methods) values.insert(each.configuration.*part);
    if (values.size() == 1) shared.emplace_back(name, *values.begin());
    if (values.size() <= 1 && methods.size() > 1) continue;
    for (auto& each : methods) {
      auto& title = each.configuration.title;
      title += (title.empty() ? "" : ", ") + each.configuration.*part;
    }
  }
  return methods.size() > 1 ? shared : tagger::Facts{};
}

/// All that decides a result: it must be the same for the result to stand.
Json settings_of(const Configuration& configuration, Recipe recipe, tagger::MachineOptions machine,
                 const tagger::RecipeData& data) {
  Json settings{{"backbone", configuration.backbone}, {"head", configuration.head}, {"loss", configuration.loss}};
  tagger::OptionSet set;
  recipe.describe(set);
  machine.describe(set);
  for (const auto& option : set.entries()) {
    const bool same_result = option.name == "threads" || option.name == "workers" || option.name == "device";
    if (!option.is_flag() && !same_result) settings.emplace(option.name, option.default_text);
  }
  settings["threshold"] = recipe.fit.threshold ? Json(*recipe.fit.threshold) : Json(nullptr);
  settings["select-by"] = recipe.fit.select_by;
  settings["freeze-backbone"] = recipe.freeze_backbone;
  settings["cache-features"] = recipe.cache_features;
  settings["decay-norms-and-biases"] = recipe.fit.layers.decay_norms_and_biases;
  settings["ema-warmup"] = recipe.fit.ema_warmup;
  settings["checksum of the training annotations"] = tagger::annotations_checksum(data.training);
  settings["checksum of the validation annotations"] = tagger::annotations_checksum(data.validation);
  return settings;
}

class Comparison {
 public:
  Comparison(const Options& options, tagger::RecipeData data) : options_(options), data_(std::move(data)) {
    if (options.types) {
      const Recipe& recipe = options_.recipe;
      const at::Device device = options_.machine.device;
      // [types]
      add(of_type<NusWide>("NusWide", recipe, device));
      add(of_type<NusWide::with<tagger::ResNet18>>("with<ResNet18>", recipe, device));
      add(of_type<NusWide::with<tagger::EfficientNetLite0>>("with<EfficientNetLite0>", recipe, device));
      add(of_type<NusWide::with<tagger::Softmax, tagger::SoftmaxCrossEntropy>>("with<Softmax, SoftmaxCrossEntropy>",
                                                                               recipe, device));
      // [types]
    }
    const std::size_t types = methods_.size();
    if (!options.types || !options.grid.empty()) {
      for (const auto& recipe : options.grid.recipes(options_.recipe)) add(of_names(recipe, options.machine.device));
    }
    shared_ = name_what_differs(std::span(methods_).subspan(types));
  }

  /// Trains what has no result yet. False when it was stopped.
  bool run() {
    const tagger::InterruptGuard interrupt;
    const auto interrupted = [&] { return interrupt.interrupted(); };
    for (auto& method : methods_) {
      for (auto& trial : method.configuration.trials) {
        if (trial.result) continue;
        if (interrupted()) return false;
        Ending ending = prepared(method, interrupted);
        if (ending.how == Ending::finished) {
          ending = in_own_process([&](const auto& stop) { return train(method, trial, stop); }, interrupted);
          if (ending.how == Ending::failed) std::cerr << method.configuration.title << ": " << ending.reason << '\n';
        }
        if (ending.how == Ending::stopped) return false;
        if (ending.how == Ending::finished) {
          trial.result = result_of(method, trial);
        } else {
          trial.failure = ending.reason;
        }
      }
    }
    return true;
  }

  std::vector<Configuration> configurations() const {
    std::vector<Configuration> all;
    for (const auto& method : methods_) all.push_back(method.configuration);
    return all;
  }
  const tagger::Facts& shared() const { return shared_; }

 private:
  void add(Method method) {
    Configuration& configuration = method.configuration;
    for (int i = 0; i < options_.seeds; ++i) {
      const std::uint64_t seed = options_.recipe.fit.seed + static_cast<std::uint64_t>(i);
      Trial trial{.seed = seed,
                  .folder = options_.output / folder_name(configuration.name + " seed " + std::to_string(seed))};
      if (!folders_.insert(trial.folder).second) {
        throw tagger::OptionError(configuration.name + ": is given twice");
      }
      trial.result = result_of(method, trial);
      configuration.trials.push_back(std::move(trial));
    }
    methods_.push_back(std::move(method));
  }

  Recipe recipe_of(const Method& method, const Trial& trial) const {
    Recipe recipe = method.recipe;
    recipe.fit.seed = trial.seed;
    return recipe;
  }

  /// What an earlier run has left. \throws OptionError when it was made with other settings
  std::optional<TrialResult> result_of(const Method& method, const Trial& trial) const {
    const auto path = trial.folder / "result.json";
    if (!fs::exists(path)) return std::nullopt;
    const Json json = tagger::read_json(path);
    const tagger::JsonValue root{json, path};
    const auto settings = settings_of(method.configuration, recipe_of(method, trial), options_.machine, data_);
    const auto differences = tagger::settings_differences(root["settings"].json(), settings);
    if (!differences.empty()) {
      throw tagger::OptionError(path.string() + ": was made with other settings: " + differences +
                                "; choose another --output");
    }
    return trial_result_from_json(root);
  }

  /// Whether what the method shares with others is there: once for all of them.
  const Ending& prepared(const Method& method, const std::function<bool()>& interrupted) {
    const auto [ending, first] = preparations_.try_emplace(method.preparation);
    if (first) {
      ending->second = in_own_process(
          [&](const auto& stop) {
            tagger::check_device(options_.machine.device);
            tagger::tune_runtime(options_.machine.threads);
            tagger::tune_device(options_.machine.device);
            Recipe recipe = method.recipe;
            recipe.fit.stop = stop;
            return method.prepare(recipe, data_);
          },
          interrupted);
      if (ending->second.how == Ending::failed)
        std::cerr << method.preparation << ": " << ending->second.reason << '\n';
    }
    return ending->second;
  }

  bool train(const Method& method, const Trial& trial, const std::function<bool()>& stop) const {
    Stopwatch stopwatch;
    std::cerr << '\n' << method.configuration.title << ": ";
    tagger::start_machine(options_.machine, trial.seed);
    tagger::ProgressObserver progress;
    tagger::Observer* observers[] = {&progress, &stopwatch};
    Recipe recipe = recipe_of(method, trial);
    recipe.fit.stop = stop;
    recipe.fit.resume = fs::exists(tagger::checkpoints_path(trial.folder));
    const auto run = method.train(recipe, data_, trial.folder, observers);
    tagger::list_broken(std::cerr, run.fit.broken);
    if (run.fit.stopped) return false;
    Json json = to_json(TrialResult{.metrics = run.evaluation.metrics,
                                    .images_per_second = stopwatch.images_per_second(),
                                    .seconds = stopwatch.seconds(),
                                    .peak_megabytes = peak_megabytes()});
    json["settings"] = settings_of(method.configuration, recipe_of(method, trial), options_.machine, data_);
    tagger::write_file(trial.folder / "result.json", tagger::dump_json(json, 2) + "\n");
    std::error_code error;  // they are large and many, and of no use any more
    fs::remove_all(tagger::checkpoints_path(trial.folder), error);
    return true;
  }

  const Options& options_;
  tagger::RecipeData data_;
  std::vector<Method> methods_;
  std::set<fs::path> folders_;
  std::map<std::string, Ending> preparations_;
  tagger::Facts shared_;
};

tagger::Facts facts(const Options& options, const tagger::RecipeData& data, const tagger::Facts& shared) {
  const Recipe& recipe = options.recipe;
  tagger::Facts facts = shared;
  for (auto& fact : tagger::Facts{
           {"training pictures", tagger::group_digits(data.training.size())},
           {"validation pictures", tagger::group_digits(data.validation.size())},
           {"labels", tagger::group_digits(data.training.labels().size())},
           {"seeds", std::to_string(recipe.fit.seed) +
                         (options.seeds > 1 ? " to " + std::to_string(recipe.fit.seed + options.seeds - 1) : "")},
           {"picture size", std::to_string(recipe.size) + " x " + std::to_string(recipe.size)},
           {"augmentation", recipe.cache_features ? "none" : recipe.augmentation.chosen()},
           {"backbone's weights", recipe.weights ? recipe.weights->filename().string() : "from scratch"},
           {"backbone is", recipe.freeze_backbone ? "frozen" : "trained"},
           {"epochs", std::to_string(recipe.fit.epochs)},
           {"batch size", std::to_string(recipe.fit.batch_size)},
           {"optimizer", recipe.fit.optimizer.chosen()},
           {"learning rate", tagger::short_number(recipe.fit.learning_rate)},
           {"schedule", recipe.fit.schedule.chosen()},
           {"precision", std::string(tagger::arithmetic_name(options.machine.precision))}}) {
    facts.push_back(std::move(fact));
  }
  return facts;
}

int run(const Options& given) {
  Options options = given;
  options.recipe.fit.workers = options.machine.workers;
  options.recipe.fit.arithmetic = options.machine.precision;
  if (options.recipe.fit.epochs < 1)
    throw tagger::OptionError("--epochs: needs 1 or more: there is nothing to compare");
  if (options.recipe.weights && !fs::exists(*options.recipe.weights)) {
    throw tagger::OptionError("--weights: " + options.recipe.weights->string() + ": there is no such file or folder");
  }
  const auto training = tagger::read_annotations(options.annotations);
  const tagger::RecipeData data{training,
                                tagger::match_labels(tagger::read_annotations(options.validation), training.labels()),
                                options.images, options.machine.decode};
  Comparison comparison(options, data);
  const bool complete = comparison.run();

  const auto configurations = comparison.configurations();
  for (const auto& [part, name] : comparison.shared()) std::cout << part << ": " << name << '\n';
  std::cout << to_table(configurations) << std::flush;  // before anything is written: a full disk must not cost it
  std::error_code error;
  fs::create_directories(options.output, error);  // where it fails, writing says why
  tagger::write_file(options.output / "table.csv", to_csv(configurations));
  tagger::write_file(options.output / "table.json", tagger::dump_json(to_json(configurations), 2) + "\n");
  const auto page = options.output / "report.html";
  tagger::write_file(page, render_comparison(configurations, facts(options, data, comparison.shared())));
  std::cout << "report: " << page.string() << '\n';
  if (!complete) {
    std::cerr << "stopped; the same command goes on\n";
    return 130;
  }
  return std::ranges::any_of(configurations, [](const auto& each) { return !failure(each).empty(); }) ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  return tagger::run_main(
      argc, argv,
      {.name = "configurations",
       .version = tagger::version,
       .commands = {tagger::command<Options>("", "Compare configurations on the same pictures.", run)}});
}
