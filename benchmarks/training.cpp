// Images per second of training one network on real pictures: decoding, augmentation, both passes and Adam.
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include <tagger/activation/sigmoid.hpp>
#include <tagger/averaging/macro.hpp>
#include <tagger/backbone/any_backbone.hpp>
#include <tagger/cli/command.hpp>
#include <tagger/cli/run_main.hpp>
#include <tagger/data/read_annotations.hpp>
#include <tagger/head/any_head.hpp>
#include <tagger/image/augmentation.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/loss/binary_cross_entropy.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/report/table.hpp>
#include <tagger/run/machine_options.hpp>
#include <tagger/train/fit.hpp>
#include <tagger/train/runtime.hpp>
#include <tagger/version.hpp>

#include "stopwatch.hpp"

namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path annotations, images;
  std::string backbone = "resnext50_32x4d";
  int size = 256;
  std::int64_t batch_size = 16, steps = 20, warm_up = 3;
  bool return_memory = false;
  tagger::MachineOptions machine;

  void describe(tagger::OptionSet& set) {
    set.option("annotations", annotations, "A.json", "pictures to train on and their labels").required();
    set.option("images", images, "DIR", "the folder that the pictures lie in").required();
    set.option("backbone", backbone, "NAME", "the network").one_of(tagger::policy_names<tagger::Backbones>());
    set.option("size", size, "PIXELS", "both sides of the pictures that the network sees").between(32, 4096);
    set.option("batch-size", batch_size, "N", "pictures a step").at_least(1);
    set.option("steps", steps, "N", "steps to time").at_least(1);
    set.option("warm-up", warm_up, "N", "steps before that").at_least(1);
    set.flag("return-memory", return_memory, "let malloc return memory to the system, as it does when left alone");
    machine.describe(set);
    set.file("A.json",
             R"({"samples": [{"image_name": "a.jpg", "image_labels": ["sky"]}, ...], "labels": ["sky", ...]})");
    set.file("DIR/a.jpg", "JPEG, PNG and WebP; image_name may lie in subfolders");
  }
};

int run(const Options& options) {
  tagger::check_device(options.machine.device);
  const bool memory_kept = tagger::tune_runtime(options.machine.threads, !options.return_memory);
  tagger::tune_device(options.machine.device);
  std::cerr << tagger::describe_runtime(options.machine.device, options.machine.workers, options.machine.precision,
                                        memory_kept)
            << '\n';
  const auto annotations = tagger::read_annotations(options.annotations);
  tagger::Tagger<tagger::AnyBackbone, tagger::AnyHead, tagger::Sigmoid, tagger::BinaryCrossEntropy, tagger::Macro>
      model{annotations.labels(), {.backbone = std::make_shared<tagger::AnyBackbone>(options.backbone)}};
  model.to(options.machine.device);
  const auto& spec = model.backbone().spec();
  const tagger::TransformOptions shape{.size = options.size, .mean = spec.mean, .std = spec.std};
  const tagger::Dataset dataset{annotations, options.images, training_transform(shape), options.machine.decode};
  Stopwatch stopwatch{options.warm_up};
  struct Counter : tagger::Observer {
    std::int64_t steps = 0;
    void on_step(const tagger::StepEvent& event) override { steps = event.step; }
  } counter;
  tagger::Observer* observers[] = {&stopwatch, &counter};
  fit(model, dataset, dataset,
      {.epochs = 1000,
       .batch_size = options.batch_size,
       .workers = options.machine.workers,
       .evaluate_every = 0,
       .arithmetic = options.machine.precision,
       .stop = [&] { return counter.steps >= options.warm_up + options.steps; }},
      observers);
  std::cout << options.backbone << ", " << options.size << " pixels, batch " << options.batch_size << ", "
            << tagger::arithmetic_name(options.machine.precision) << ", " << options.machine.device << ": "
            << tagger::format_number(stopwatch.images_per_second(), 2) << " images/s\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return tagger::run_main(
      argc, argv,
      {.name = "training",
       .version = tagger::version,
       .commands = {tagger::command<Options>("", "Time the training of a network on real pictures.", run)}});
}
