// The published recipe, as one type: multi-label tagging of NUS-WIDE with a ResNeXt50 pretrained on ImageNet.
#include <cstdint>
#include <filesystem>
#include <iostream>

#include <ATen/Context.h>

#include <tagger/cli/command.hpp>
#include <tagger/cli/run_main.hpp>
#include <tagger/loader/broken_picture.hpp>
#include <tagger/run/machine_options.hpp>
#include <tagger/run/start_machine.hpp>
#include <tagger/run/training_options.hpp>
#include <tagger/tagger.hpp>
#include <tagger/version.hpp>

namespace {

namespace fs = std::filesystem;

struct Recipe {
  fs::path annotations, images, weights, output = "runs/nus_wide";
  std::size_t labels = 27, samples = 6000, train_parts = 5, test_parts = 1;
  int size = 256;
  tagger::FitOptions fit;
  tagger::MachineOptions machine;

  void describe(tagger::OptionSet& set) {
    set.section("Data");
    set.option("annotations", annotations, "NUS_WIDE.json", "all pictures and their labels").required();
    set.option("images", images, "DIR", "the folder that the pictures lie in").required();
    set.option("weights", weights, "FILE", "torchvision's resnext50_32x4d, as .pth or .safetensors").required();
    set.option("output", output, "RUN", "the folder that the run goes into; made if need be");
    set.option("labels", labels, "K", "keep the K most frequent labels").at_least(1);
    set.option("samples", samples, "N", "then the first N pictures").at_least(2);
    set.option("train-parts", train_parts, "N", "of the split").at_least(1);
    set.option("test-parts", test_parts, "N", "of the split").at_least(1);
    set.section("Pictures");
    set.option("size", size, "PIXELS", "both sides of the pictures that the network sees").between(32, 4096);
    describe_training(set, fit);
    set.section("Run");
    set.flag("resume", fit.resume, "go on from the last checkpoint in RUN");
    machine.describe(set);
    set.file("NUS_WIDE.json",
             R"({"samples": [{"image_name": "a.jpg", "image_labels": ["sky"]}, ...], "labels": ["sky", ...]})");
    set.file("DIR/a.jpg", "JPEG, PNG and WebP; image_name may lie in subfolders");
    set.file("RUN/train.json, RUN/test.json", "the prepared parts");
    set.file("RUN/report.html", "the page; model.safetensors, metrics.json, ... beside it");
  }
};

int run(const Recipe& given) {
  Recipe recipe = given;
  recipe.fit.workers = recipe.machine.workers;
  recipe.fit.arithmetic = recipe.machine.precision;
  tagger::start_machine(recipe.machine, recipe.fit.seed);

  const auto all = tagger::read_annotations(recipe.annotations);
  const auto [train, test] =
      tagger::split(tagger::first_samples(tagger::most_frequent_labels(all, recipe.labels), recipe.samples),
                    recipe.train_parts, recipe.test_parts);
  std::cout << tagger::bar_chart(tagger::label_distribution(train));

  // [recipe]
  at::manual_seed(recipe.fit.seed);
  tagger::NusWide model{train.labels()};
  std::cerr << load_weights(model, recipe.weights) << '\n';
  model.to(recipe.machine.device);
  const tagger::Dataset train_set{train, recipe.images, tagger::training_transform({.size = recipe.size}),
                                  recipe.machine.decode};
  const tagger::Dataset test_set{test, recipe.images, tagger::evaluation_transform({.size = recipe.size}),
                                 recipe.machine.decode};
  const tagger::InterruptGuard interrupt;
  recipe.fit.stop = [&] { return interrupt.interrupted(); };
  tagger::ProgressObserver progress;
  tagger::Observer* observers[] = {&progress};
  const auto result = train_run(model, train_set, test_set, recipe.output, recipe.fit, observers);
  // [recipe]

  tagger::list_broken(std::cerr, result.fit.broken);
  tagger::write_annotations(recipe.output / "train.json", train);  // not before: the folder may hold another run
  tagger::write_annotations(recipe.output / "test.json", test);
  if (result.fit.stopped) {
    std::cerr << "stopped after step " << result.fit.history.step_loss.size() << "; go on with --resume\n";
    return 130;
  }
  std::cout << averages_table(result.evaluation);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return tagger::run_main(argc, argv,
                          {.name = "nus_wide",
                           .version = tagger::version,
                           .commands = {tagger::command<Recipe>(
                               "", "Train the published NUS-WIDE recipe (defaults are the tutorial's).", run)}});
}
