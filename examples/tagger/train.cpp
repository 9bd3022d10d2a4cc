#include <cstddef>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tagger/cli/command.hpp>
#include <tagger/loader/broken_picture.hpp>
#include <tagger/run/fit_run.hpp>
#include <tagger/run/machine_options.hpp>
#include <tagger/run/make_datasets.hpp>
#include <tagger/run/make_tagger.hpp>
#include <tagger/run/presets.hpp>
#include <tagger/run/recipe.hpp>
#include <tagger/run/start_machine.hpp>
#include <tagger/train/interrupt.hpp>

#include "tagger/annotations.hpp"
#include "tagger/commands.hpp"
#include "tagger/file_shapes.hpp"
#include "tagger/read_run.hpp"
#include "tagger/report_training.hpp"

namespace tagger_program {
namespace {

namespace fs = std::filesystem;
using tagger::OptionSet;

struct TrainOptions {
  fs::path annotations, validation, images, output;
  std::optional<std::string> preset;
  tagger::Recipe recipe;
  tagger::MachineOptions machine;

  void start_from(std::string_view name) {
    for (const auto& each : tagger::presets()) {
      if (each.name == name) recipe = each.recipe;
    }
  }

  void describe(OptionSet& set) {
    set.option(
           "preset", preset, "NAME",
           "a published method to start from, which other options change; with --help: its values; `tagger presets` "
           "says where they are from")
        .one_of(tagger::preset_names());
    set.section("Data");
    set.option("annotations", annotations, "A.json", "pictures to train on and their labels").required();
    set.option("validation", validation, "B.json", "pictures to score the tagger on").required();
    set.option("images", images, "DIR", "the folder that the pictures lie in").required();
    set.option("output", output, "RUN", "the folder that the run goes into; made if need be").required();
    recipe.describe(set);
    machine.describe(set);
    set.flag("fail-on-broken", recipe.fit.fail_on_broken, "stop at the first picture that cannot be read");
    set.section("Run");
    set.flag("resume", recipe.fit.resume, "go on from the last checkpoint in RUN");
    set.option("keep-checkpoints", recipe.fit.keep_checkpoints, "N", "of the latest; the best is kept besides")
        .at_least(1);
    set.file("A.json, B.json", annotations_shape);
    set.file("DIR/a.jpg", pictures_help);
    set.file("RUN/model.safetensors, RUN/config.json", "the best epoch's tagger; Python's timm opens the folder");
    set.file("RUN/checkpoints/step-000000780.safetensors", "what --resume goes on from");
    set.file("RUN/events.out.tfevents.*", "curves for TensorBoard");
    set.file("RUN/metrics.json", "the best epoch's scores on B.json");
    set.file("RUN/report.html", "the page: distribution, curves, labels, pictures");
  }
};

int stopped_after(std::size_t steps) {
  std::cerr << "stopped after step " << steps << "; go on with --resume\n";
  return 130;
}

/// train_recipe(), but for what report_training.cpp and annotations.cpp do of it without LibTorch.
int train(const TrainOptions& options) {
  tagger::Recipe recipe = options.recipe;
  recipe.fit.workers = options.machine.workers;
  recipe.fit.arithmetic = options.machine.precision;
  tagger::start_machine(options.machine, recipe.fit.seed);
  const auto [training, validation] = training_annotations(options.annotations, options.validation);
  const tagger::InterruptGuard interrupt;
  recipe.fit.stop = [&] { return interrupt.interrupted(); };
  const TrainingObservers observers(options.output);
  auto model = make_tagger(recipe, training.labels(), first_weights(recipe.weights), std::cerr);
  model.to(options.machine.device);
  const auto datasets =
      make_datasets(recipe, model, {training, validation, options.images, options.machine.decode}, std::cerr);
  if (!datasets) return stopped_after(0);
  const auto& [train_set, test_set] = *datasets;
  auto run = fit_run(model, train_set, test_set, options.output, recipe.fit, observers.all());
  const tagger::FitResult& fit = run.result.fit;
  tagger::list_broken(std::cerr, fit.broken);
  if (fit.stopped) return stopped_after(fit.history.step_loss.size());
  report_training(std::move(run), train_set, test_set);
  return 0;
}

}  // namespace

tagger::Command train_command() {
  return tagger::command<TrainOptions>("train", "Train a tagger on annotated pictures.", train);
}

}  // namespace tagger_program
