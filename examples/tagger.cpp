// The command line: train, evaluate and run multi-label image taggers, inspect annotations, score anybody's
// predictions.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/cli/command.hpp>
#include <tagger/cli/run_main.hpp>
#include <tagger/run/machine_options.hpp>
#include <tagger/run/presets.hpp>
#include <tagger/run/train_recipe.hpp>
#include <tagger/tagger.hpp>
#include <tagger/version.hpp>

namespace {

namespace fs = std::filesystem;
using tagger::OptionSet;

constexpr const char* annotations_shape =
    R"({"samples": [{"image_name": "a.jpg", "image_labels": ["sky"]}, ...], "labels": ["sky", ...]})";
constexpr const char* pictures_help = "JPEG, PNG and WebP; image_name may lie in subfolders";
constexpr const char* metrics_shape =
    R"({"samples": 1000, "threshold": 0.5, "metrics": {"micro/f1": 0.65, ...}, "labels": [{"name": "sky", )"
    R"("support": 61, "precision": 0.8, "recall": 0.7, "f1": 0.75}, ...]})";

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// The metrics of the same answer for every picture: the floor that a tagger must be above.
std::vector<std::pair<std::string, double>> guessing(const tagger::Annotations& train,
                                                     const tagger::Annotations& test) {
  const auto confusion = tagger::prior_confusion(tagger::label_frequencies(train.targets()), test.targets());
  return tagger::evaluate<tagger::Micro, tagger::Macro, tagger::Weighted, tagger::Samples>(confusion, test.labels())
      .metrics;
}

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

int train(const TrainOptions& options) {
  tagger::Recipe recipe = options.recipe;
  recipe.fit.workers = options.machine.workers;
  recipe.fit.arithmetic = options.machine.precision;
  options.machine.start(recipe.fit.seed);
  const auto training = tagger::read_annotations(options.annotations);
  const auto validation = tagger::match_labels(tagger::read_annotations(options.validation), training.labels());
  std::cout << training.size() << " training pictures, " << validation.size() << " validation pictures, "
            << training.labels().size() << " labels\n"
            << tagger::bar_chart(tagger::label_distribution(training)) << std::flush;

  const tagger::InterruptGuard interrupt;
  recipe.fit.stop = [&] { return interrupt.interrupted(); };
  tagger::ProgressObserver progress;
  tagger::Observer* observers[] = {&progress};
  const auto result = train_recipe(recipe, {training, validation, options.images, options.machine.decode},
                                   options.output, std::cerr, observers);
  tagger::list_broken(std::cerr, result.fit.broken);
  if (result.fit.stopped) {
    std::cerr << "stopped after step " << result.fit.history.step_loss.size() << "; go on with --resume\n";
    return 130;
  }
  std::cout << averages_table(result.evaluation, guessing(training, validation))
            << "best epoch: " << result.fit.best_epoch << " of " << result.fit.history.epochs.size()
            << "\nreport: " << (options.output / "report.html").string() << '\n';
  return 0;
}

struct NoOptions {
  void describe(OptionSet&) {}
};

/// What is known of every backbone: from each one's specification.
int list_backbones(const NoOptions&) {
  tagger::Table table({{"name"},
                       {"size", tagger::Align::right},
                       {"features", tagger::Align::right},
                       {"interpolation"},
                       {"weights"},
                       {"license"}});
  for (const auto& spec : tagger::backbone_specs()) {
    const auto pooled = spec.pooled_features > 0 ? spec.pooled_features : spec.features;
    std::vector<std::string> cells{spec.name, std::to_string(spec.input_size), std::to_string(pooled),
                                   std::string(interpolation_name(spec.interpolation))};
    if (spec.weights.empty()) {
      table.add({cells[0], cells[1], cells[2], cells[3], "", ""});
    }
    for (const auto& weights : spec.weights) {
      cells.resize(4);
      cells.push_back(weights.source);
      cells.push_back(weights.license);
      table.add(cells);
      cells.assign(4, "");
    }
  }
  std::cout << table;
  return 0;
}

/// The policies of a list, each with its fields, what they are by default and what they do.
template <class List>
void list_axis(const char* axis) {
  std::cout << axis << '\n';
  tagger::for_each_policy<List>([]<class P>() {
    std::cout << "  " << tagger::name_of<P>() << '\n';
    const auto fields = [] {
      if constexpr (requires { typename P::Options; }) {
        return tagger::fields_of(typename P::Options{});
      } else {
        return tagger::fields_of(P{});
      }
    }();
    for (const auto& field : fields) {
      std::cout << "    " << field.name << '=' << field.default_value << "  " << field.help << '\n';
    }
  });
}

int list_policies(const NoOptions&) {
  std::cout << "Each is written NAME[:FIELD=VALUE]..., for example asymmetric:gamma_negative=2:clip=0.1\n\n";
  list_axis<tagger::Heads>("Heads (--head)");
  list_axis<tagger::Losses>("Losses (--loss)");
  list_axis<tagger::Augmentations>("Augmentations (--augmentation)");
  list_axis<tagger::Optimizers>("Optimizers (--optimizer)");
  list_axis<tagger::Schedules>("Schedules (--schedule)");
  return 0;
}

int list_presets(const NoOptions&) {
  for (const auto& preset : tagger::presets()) std::cout << preset.name << "\n  " << preset.source << '\n';
  return 0;
}

struct EvaluateOptions {
  fs::path run, annotations, images;
  std::optional<double> threshold;
  std::optional<fs::path> training, json, scores;
  bool fail_on_broken = false;
  std::int64_t batch_size = 32;
  tagger::MachineOptions machine;

  void describe(OptionSet& set) {
    set.option("run", run, "RUN", "a folder that tagger train has made").required();
    set.option("annotations", annotations, "B.json", "pictures and their labels").required();
    set.option("images", images, "DIR", "the folder that the pictures lie in").required();
    set.option("threshold", threshold, "T", "a label is predicted where its score is above").default_text("the run's");
    set.option("prior", training, "A.json", "what it was trained on: adds the F1 of guessing its most frequent labels");
    set.option("json", json, "FILE", "write the metrics here");
    set.option("scores", scores, "FILE.csv", "write the score of every picture and label here");
    set.option("batch-size", batch_size, "N", "pictures at a time").at_least(1);
    machine.describe(set);
    set.flag("fail-on-broken", fail_on_broken, "stop at the first picture that cannot be read");
    set.file("RUN/model.safetensors, RUN/config.json", "the tagger");
    set.file("B.json, A.json", annotations_shape);
    set.file("DIR/a.jpg", pictures_help);
    set.file("FILE of --json", metrics_shape);
    set.file("FILE.csv", "a header image_name,sky,..., a row of scores in [0, 1] a picture: `tagger metrics` reads it");
  }
};

int evaluate(const EvaluateOptions& options) {
  options.machine.start();
  auto run = tagger::load_run(options.run);
  check_threshold(*run.model, options.threshold);
  const tagger::Dataset dataset{
      tagger::match_labels(tagger::read_annotations(options.annotations), run.model->labels()), options.images,
      run.transform(), options.machine.decode};
  std::vector<std::pair<std::string, double>> prior;
  if (options.training) {
    prior = guessing(tagger::match_labels(tagger::read_annotations(*options.training), run.model->labels()),
                     dataset.annotations);
  }
  tagger::Progress progress;
  progress.begin("evaluate", dataset.size());
  std::int64_t done = 0;
  auto scoring = options.machine.scoring(options.batch_size);
  scoring.fail_on_broken = options.fail_on_broken;
  scoring.progress = [&](std::int64_t now, std::int64_t) { progress.advance(now - std::exchange(done, now)); };
  const auto scored = tagger::score(*run.model, dataset, scoring);
  progress.end();
  tagger::list_broken(std::cerr, scored.broken);
  const auto evaluation = tagger::evaluate(std::as_const(*run.model), scored,
                                           {.threshold = options.threshold.value_or(run.config.threshold)});
  // Shown before anything is written: a disk that is full must not cost the answer.
  std::cout << labels_table(evaluation) << '\n' << averages_table(evaluation, prior) << std::flush;
  if (options.json) tagger::write_evaluation(*options.json, evaluation);
  if (options.scores) {
    tagger::ScoreTable table{.images = {}, .labels = run.model->labels(), .values = scored.scores, .source = {}};
    for (const auto index : scored.indices) {
      table.images.push_back(dataset.annotations.samples()[static_cast<std::size_t>(index)].image_name);
    }
    tagger::write_scores(*options.scores, table);
  }
  return 0;
}

enum class Format { text, json, csv };

struct PredictOptions {
  fs::path run;
  std::vector<fs::path> paths;
  std::optional<double> threshold;
  Format format = Format::text;
  std::int64_t batch_size = 32;
  tagger::MachineOptions machine;

  void describe(OptionSet& set) {
    set.option("run", run, "RUN", "a folder that tagger train has made").required();
    set.positional("PATH", paths,
                   "pictures, folders of pictures (searched through), or - for a list of paths on "
                   "standard input, one a line")
        .required();
    set.option("threshold", threshold, "T", "a label is predicted where its score is above").default_text("the run's");
    set.choice("format", format, {{"text", Format::text}, {"json", Format::json}, {"csv", Format::csv}},
               "what is printed of each picture; json: an object a line");
    set.option("batch-size", batch_size, "N", "pictures at a time").at_least(1);
    machine.describe(set);
    set.file("RUN/model.safetensors, RUN/config.json", "the tagger");
    set.file("PATH/**.jpg", "also .jpeg, .png and .webp, in capitals too");
  }
};

bool looks_like_picture(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".jpg" || extension == ".jpeg" || extension == ".png" || extension == ".webp";
}

/// Adds the pictures in `folder` and in the folders below it to `found`, and folders that cannot be read to
/// `unreadable`. Links to folders are not followed.
void search(const fs::path& folder, std::vector<fs::path>& found, std::vector<tagger::Prediction>& unreadable) {
  const auto note = [&](const std::error_code& error) {
    unreadable.push_back(
        {folder, {}, {}, tagger::FileError(folder, "", "the folder cannot be read: " + error.message()).what()});
  };
  std::error_code error;
  auto entry = fs::directory_iterator(folder, error);
  if (error) return note(error);
  for (; entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code unknown;  // a broken link is no picture
    if (entry->is_directory(unknown) && !entry->is_symlink(unknown)) {
      search(entry->path(), found, unreadable);
    } else if (entry->is_regular_file(unknown) && looks_like_picture(entry->path())) {
      found.push_back(entry->path());
    }
  }
  if (error) note(error);
}

/// Folders give the pictures below them, sorted by path; what is named itself is taken as it is.
/// \param unreadable  gets each folder that cannot be read, and why
std::vector<fs::path> expand(const std::vector<fs::path>& given, std::vector<tagger::Prediction>& unreadable) {
  std::vector<fs::path> paths;
  for (const auto& path : given) {
    if (path == "-") {
      for (std::string line; std::getline(std::cin, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (!line.empty()) paths.emplace_back(line);
      }
      continue;
    }
    std::error_code unknown;  // what cannot be looked at is reported as a picture that cannot be read
    if (!fs::is_directory(path, unknown)) {
      paths.push_back(path);
      continue;
    }
    std::vector<fs::path> found;
    const auto before = unreadable.size();
    search(path, found, unreadable);
    if (found.empty() && unreadable.size() == before)
      throw tagger::FileError(path, "", "there is no picture (jpg, jpeg, png, webp) in this folder");
    std::sort(found.begin(), found.end());
    paths.insert(paths.end(), found.begin(), found.end());
  }
  return paths;
}

/// A score with the digits that a float has.
tagger::Json number(float score) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, score).ptr;
  double value = 0;
  std::from_chars(digits, end, value);
  return value;
}

std::string as_json(const tagger::Prediction& prediction, const std::vector<std::string>& labels) {
  tagger::Json line{{"path", prediction.path.string()}};
  if (prediction.error) {
    line["error"] = *prediction.error;
    return tagger::dump_json(line);
  }
  line["labels"] = prediction.labels;
  auto scores = tagger::Json::object();
  for (std::size_t k = 0; k < labels.size(); ++k) scores[labels[k]] = number(prediction.scores[k]);
  line["scores"] = std::move(scores);
  return tagger::dump_json(line);
}

std::string as_csv(const tagger::Prediction& prediction) {
  std::string line = tagger::csv_field(prediction.path.string());
  for (const float score : prediction.scores) line += ',' + number(score).dump();
  return line;
}

std::string as_text(const tagger::Prediction& prediction) {
  return prediction.path.string() + ": " + (prediction.labels.empty() ? "no predictions" : joined(prediction.labels));
}

int predict(const PredictOptions& options) {
  std::vector<tagger::Prediction> unreadable;
  auto paths = expand(options.paths, unreadable);
  options.machine.start();
  auto run = tagger::load_run(options.run);
  const auto& labels = run.model->labels();
  if (options.format == Format::csv) {
    std::cout << "path";
    for (const auto& label : labels) std::cout << ',' << tagger::csv_field(label);
    std::cout << '\n';
  }
  bool failed = false;
  const auto show = [&](const tagger::Prediction& prediction) {
    if (prediction.error) {
      failed = true;
      std::cerr << *prediction.error << '\n';
      if (options.format != Format::json) return;
    }
    switch (options.format) {
      case Format::text:
        std::cout << as_text(prediction) << std::endl;
        break;
      case Format::json:
        std::cout << as_json(prediction, labels) << std::endl;
        break;
      case Format::csv:
        std::cout << as_csv(prediction) << std::endl;
        break;
    }
  };
  check_threshold(*run.model, options.threshold);
  for (const auto& folder : unreadable) show(folder);
  tagger::predict(*run.model, std::move(paths), run.transform(),
                  {.threshold = options.threshold.value_or(run.config.threshold),
                   .thresholds = options.threshold ? std::vector<double>{} : run.config.thresholds,
                   .batch_size = options.batch_size,
                   .workers = options.machine.workers,
                   .arithmetic = options.machine.precision,
                   .decode = options.machine.decode},
                  show);
  return failed ? 1 : 0;
}

struct InspectOptions {
  fs::path annotations, images;

  void describe(OptionSet& set) {
    set.option("annotations", annotations, "A.json", "pictures and their labels").required();
    set.option("images", images, "DIR", "the folder that the pictures lie in").required();
    set.file("A.json", annotations_shape);
    set.file("DIR/a.jpg", pictures_help);
  }
};

void list(const std::string& title, const std::vector<std::string>& names) {
  constexpr std::size_t shown = 10;
  if (names.empty()) return;
  std::cout << names.size() << ' ' << title << ":\n";
  for (std::size_t i = 0; i < std::min(shown, names.size()); ++i) std::cout << "  " << names[i] << '\n';
  if (names.size() > shown) std::cout << "  ... and " << names.size() - shown << " more\n";
}

int inspect(const InspectOptions& options) {
  const auto found = tagger::inspect_annotations(options.annotations, options.images);
  std::cout << found.samples << " pictures, " << found.distribution.size() << " labels\n"
            << tagger::bar_chart(found.distribution);
  std::vector<std::string> problems;
  for (const auto& problem : found.problems) problems.push_back(problem.place + ": " + problem.what);
  list("problems", problems);
  list("pictures are missing in " + options.images.string(), found.missing_pictures);
  list("labels that no picture has", found.unused_labels);
  list("pictures without a label", found.samples_without_labels);
  return found.usable() ? 0 : 1;
}

struct PrepareOptions {
  fs::path annotations, train, validation;
  std::size_t labels = 27, samples = 6000, train_parts = 5, validation_parts = 1;
  std::optional<std::uint64_t> shuffle;

  void describe(OptionSet& set) {
    set.option("annotations", annotations, "ALL.json", "pictures and their labels").required();
    set.option("train", train, "A.json", "written: the larger part, to train on").required();
    set.option("validation", validation, "B.json", "written: the smaller part, to score on").required();
    set.option("labels", labels, "K", "keep the K most frequent labels, and pictures that have one of them")
        .at_least(1);
    set.option("samples", samples, "N", "then the first N pictures").at_least(2);
    set.option("train-parts", train_parts, "N", "of the split").at_least(1);
    set.option("validation-parts", validation_parts, "N", "of the split").at_least(1);
    set.option("shuffle", shuffle, "SEED", "put the pictures into a random order first");
    set.file("ALL.json, A.json, B.json", annotations_shape);
  }
};

int prepare(const PrepareOptions& options) {
  auto all = tagger::read_annotations(options.annotations);
  if (options.shuffle) all = tagger::shuffle_samples(all, *options.shuffle);
  const auto kept = tagger::first_samples(tagger::most_frequent_labels(all, options.labels), options.samples);
  const auto parts = tagger::split(kept, options.train_parts, options.validation_parts);
  tagger::write_annotations(options.train, parts.train);
  tagger::write_annotations(options.validation, parts.test);
  std::cout << options.train.string() << ": " << parts.train.size() << " pictures\n"
            << options.validation.string() << ": " << parts.test.size() << " pictures\n"
            << tagger::bar_chart(tagger::label_distribution(kept));
  return 0;
}

struct MetricsOptions {
  fs::path scores, targets;
  double threshold = 0.5;
  std::optional<fs::path> json;

  void describe(OptionSet& set) {
    set.option("scores", scores, "S.csv", "a header of label names, a row of scores in [0, 1] a picture").required();
    set.option("targets", targets, "T.csv", "likewise: 1 yes, 0 no, -1 or nothing unknown").required();
    set.option("threshold", threshold, "T", "a label is predicted where its score is above").between(0, 1);
    set.option("json", json, "FILE", "write the metrics here");
    set.file("FILE of --json", metrics_shape);
    set.file("S.csv, T.csv", "a first column image_name matches rows by name, else they go by their order");
  }
};

int metrics(const MetricsOptions& options) {
  const auto scores = tagger::read_scores(options.scores);
  const auto targets = tagger::match_targets(tagger::read_targets(options.targets), scores);
  tagger::Confusion confusion(std::ssize(scores.labels));
  confusion.add(targets.values, scores.values, options.threshold);
  const auto evaluation = tagger::evaluate<tagger::Micro, tagger::Macro, tagger::Weighted, tagger::Samples>(
      confusion, scores.labels, {.threshold = options.threshold});
  std::cout << labels_table(evaluation) << '\n' << averages_table(evaluation) << std::flush;
  if (options.json) tagger::write_evaluation(*options.json, evaluation);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return tagger::run_main(
      argc, argv,
      {.name = "tagger",
       .version = tagger::version,
       .summary = "Train, evaluate and run multi-label image taggers.",
       .commands = {
           tagger::command<InspectOptions>("inspect", "Look at annotations before training on them.", inspect),
           tagger::command<PrepareOptions>("prepare", "Cut annotations to the frequent labels and split them.",
                                           prepare),
           tagger::command<TrainOptions>("train", "Train a tagger on annotated pictures.", train),
           tagger::command<EvaluateOptions>("evaluate", "Score a trained tagger on annotated pictures.", evaluate),
           tagger::command<PredictOptions>("predict", "Tag pictures.", predict),
           tagger::command<MetricsOptions>("metrics", "Score anybody's predictions.", metrics),
           tagger::command<NoOptions>("backbones", "List the networks and where their weights are.", list_backbones),
           tagger::command<NoOptions>("policies", "List heads, losses, augmentations, optimizers and schedules.",
                                      list_policies),
           tagger::command<NoOptions>("presets", "List the methods that train --preset knows.", list_presets)}});
}
