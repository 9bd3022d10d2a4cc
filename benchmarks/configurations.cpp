// Trains several configurations, each a type, on the same pictures and puts their scores and costs into one table.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tagger/cli/command.hpp>
#include <tagger/cli/run_main.hpp>
#include <tagger/run/machine_options.hpp>
#include <tagger/tagger.hpp>
#include <tagger/version.hpp>

#include "stopwatch.hpp"

namespace {

namespace fs = std::filesystem;
using tagger::NusWide;

struct Options {
  fs::path annotations, validation, images;
  std::optional<fs::path> weights, csv, json;
  int size = 64;
  tagger::FitOptions fit{.epochs = 3, .evaluate_every = 0};
  tagger::MachineOptions machine;

  void describe(tagger::OptionSet& set) {
    set.option("annotations", annotations, "A.json", "pictures to train on and their labels").required();
    set.option("validation", validation, "B.json", "pictures to score on").required();
    set.option("images", images, "DIR", "the folder that the pictures lie in").required();
    set.option("weights", weights, "DIR", "start from DIR/<backbone>.safetensors or .pth where there is one");
    set.option("size", size, "PIXELS", "both sides of the pictures that the network sees").between(32, 4096);
    set.option("epochs", fit.epochs, "N", "passes over the training pictures").at_least(1);
    set.option("batch-size", fit.batch_size, "N", "pictures a step").at_least(1);
    set.option("learning-rate", fit.learning_rate, "RATE", "of the optimizer").above(0);
    set.option("seed", fit.seed, "N", "of first weights, order, augmentation and dropout");
    set.option("csv", csv, "FILE", "write the table here");
    set.option("json", json, "FILE", "write the table here");
    machine.describe(set);
    set.file("A.json, B.json",
             R"({"samples": [{"image_name": "a.jpg", "image_labels": ["sky"]}, ...], "labels": ["sky", ...]})");
    set.file("DIR of --images: DIR/a.jpg", "JPEG, PNG and WebP; image_name may lie in subfolders");
    set.file("DIR of --weights: DIR/resnet18.safetensors",
             "or .pth, by the backbone's name; others train from scratch");
    set.file("FILE of --csv", "a header configuration,micro/precision,..., a row a configuration");
    set.file("FILE of --json", R"([{"configuration": "NusWide", "micro/f1": 0.65, ..., "images_per_second": 12.5, )"
                               R"("seconds": 60.1, "peak_megabytes": 900}, ...])");
  }
};

/// What a configuration reached and what it cost.
struct Row {
  std::string configuration;
  std::vector<std::pair<std::string, double>> f1;  ///< averaging, F1 of the best epoch
  double images_per_second = 0;                    ///< in training, evaluation left out
  double seconds = 0;                              ///< all in all
  double peak_megabytes = 0;
};

/// Keeps the metrics of the best epoch.
struct Best : tagger::Observer {
  std::vector<std::pair<std::string, double>> metrics;
  double macro_f1 = -1;

  void on_test(const tagger::TestEvent& event) override {
    if (event.evaluation.at("macro/f1") <= macro_f1) return;
    macro_f1 = event.evaluation.at("macro/f1");
    metrics = event.evaluation.metrics;
  }
};

/// The weights of a backbone in the folder of them, by its name.
std::optional<fs::path> weights_of(const std::string& backbone, const std::optional<fs::path>& folder) {
  if (!folder) return std::nullopt;
  for (const char* extension : {".safetensors", ".pth"}) {
    if (const fs::path file = *folder / (backbone + extension); fs::exists(file)) return file;
  }
  return std::nullopt;
}

template <tagger::AnyTaggerType Model>
tagger::Json train(const Options& options, const tagger::Annotations& train, const tagger::Annotations& test) {
  torch::manual_seed(options.fit.seed);
  Model model{train.labels()};
  const auto& spec = model.backbone().spec();
  if (const auto file = weights_of(spec.name, options.weights)) {
    load_weights(model, *file);
    std::cerr << spec.name << ": " << file->string() << '\n';
  } else {
    std::cerr << spec.name << ": from scratch\n";
  }
  const tagger::TransformOptions shape{.size = options.size, .mean = spec.mean, .std = spec.std};
  tagger::ProgressObserver progress;
  Stopwatch stopwatch;
  Best best;
  tagger::Observer* observers[] = {&progress, &stopwatch, &best};
  fit(model, {train, options.images, training_transform(shape), options.machine.decode},
      {test, options.images, evaluation_transform(shape), options.machine.decode}, options.fit, observers);
  auto f1 = tagger::Json::object();
  for (const auto& [name, value] : best.metrics) {
    if (name.ends_with("/f1")) f1[name] = value;
  }
  return {{"f1", f1}, {"images_per_second", stopwatch.images_per_second()}};
}

/// Runs `work` in a process of its own, so that its peak memory is its own. LibTorch must not have been used before.
Row measure(const std::string& configuration, const auto& work) {
  int channel[2];
  if (::pipe(channel) != 0) throw tagger::Error("no pipe can be made");
  std::cout.flush();
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child < 0) throw tagger::Error("no process can be made");
  if (child == 0) {
    ::close(channel[0]);
    int status = 0;
    try {
      const std::string text = tagger::dump_json(work());
      status = ::write(channel[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1;
    } catch (const std::exception& error) {
      std::cerr << configuration << ": " << error.what() << std::endl;
      status = 1;
    }
    ::_exit(status);
  }
  ::close(channel[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = ::read(channel[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(channel[0]);
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw tagger::Error(configuration + ": did not finish");
  const auto json = tagger::parse_json(text, configuration);
  const tagger::JsonValue root{json, configuration};
  Row row{.configuration = configuration,
          .f1 = {},
          .images_per_second = root["images_per_second"].number(),
          .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          .peak_megabytes = static_cast<double>(usage.ru_maxrss) / 1024};
  for (const auto& [name, value] : root["f1"].members()) row.f1.emplace_back(name, value.number());
  return row;
}

void show(const std::vector<Row>& rows) {
  std::vector<tagger::Table::Column> columns{{"configuration"}};
  for (const auto& [name, value] : rows.front().f1) columns.push_back({name, tagger::Align::right});
  for (const char* title : {"images/s", "seconds", "peak MB"}) columns.push_back({title, tagger::Align::right});
  tagger::Table table(std::move(columns));
  for (const auto& row : rows) {
    std::vector<std::string> cells{row.configuration};
    for (const auto& [name, value] : row.f1) cells.push_back(tagger::format_number(value));
    cells.push_back(tagger::format_number(row.images_per_second, 1));
    cells.push_back(tagger::format_number(row.seconds, 1));
    cells.push_back(tagger::format_number(row.peak_megabytes, 0));
    table.add(std::move(cells));
  }
  std::cout << table << std::flush;
}

void write(const Options& options, const std::vector<Row>& rows) {
  auto json = tagger::Json::array();
  std::string csv;
  for (const auto& row : rows) {
    tagger::Json each{{"configuration", row.configuration}};
    for (const auto& [name, value] : row.f1) each[name] = value;
    each["images_per_second"] = row.images_per_second;
    each["seconds"] = row.seconds;
    each["peak_megabytes"] = row.peak_megabytes;
    if (csv.empty()) {
      for (const auto& [key, value] : each.items()) csv += (csv.empty() ? "" : ",") + key;
      csv += '\n';
    }
    std::string line;
    for (const auto& [key, value] : each.items()) {
      line +=
          (line.empty() ? "" : ",") + tagger::csv_field(value.is_string() ? value.get<std::string>() : value.dump());
    }
    csv += line + '\n';
    json.push_back(std::move(each));
  }
  if (options.csv) tagger::write_file(*options.csv, csv);
  if (options.json) tagger::write_file(*options.json, tagger::dump_json(json, 2) + "\n");
}

int run(const Options& given) {
  Options options = given;
  options.fit.workers = options.machine.workers;
  options.fit.arithmetic = options.machine.precision;
  if (options.weights && !fs::is_directory(*options.weights)) {
    throw tagger::OptionError("--weights: " + options.weights->string() + ": is no folder");
  }
  const auto training = tagger::read_annotations(options.annotations);
  const auto testing = tagger::match_labels(tagger::read_annotations(options.validation), training.labels());
  std::vector<Row> rows;
  bool failed = false;
  const auto add = [&]<class Model>(const std::string& name, std::type_identity<Model>) {
    try {
      rows.push_back(measure(name, [&] {
        std::cerr << name << ": ";
        options.machine.start(options.fit.seed);
        return train<Model>(options, training, testing);
      }));
    } catch (const tagger::Error& error) {  // the others still count
      std::cerr << error.what() << '\n';
      failed = true;
    }
  };
  // [configurations]
  add("NusWide", std::type_identity<NusWide>{});
  add("with<ResNet18>", std::type_identity<NusWide::with<tagger::ResNet18>>{});
  add("with<EfficientNetLite0>", std::type_identity<NusWide::with<tagger::EfficientNetLite0>>{});
  add("with<Softmax, SoftmaxCrossEntropy>",
      std::type_identity<NusWide::with<tagger::Softmax, tagger::SoftmaxCrossEntropy>>{});
  // [configurations]
  if (rows.empty()) return 1;
  show(rows);  // before anything is written: a disk that is full must not cost the answer
  write(options, rows);
  return failed ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  return tagger::run_main(
      argc, argv,
      {.name = "configurations",
       .version = tagger::version,
       .commands = {tagger::command<Options>("", "Train several configurations on the same pictures.", run)}});
}
