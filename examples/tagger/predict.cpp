#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/activation/meaning.hpp>
#include <tagger/cli/command.hpp>
#include <tagger/data/csv.hpp>
#include <tagger/image/picture_name.hpp>
#include <tagger/predict/prediction.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/run/machine_options.hpp>

#include "tagger/commands.hpp"
#include "tagger/run_tagger.hpp"

namespace tagger_program {
namespace {

namespace fs = std::filesystem;
using tagger::OptionSet;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

enum class Format { text, json, csv };
constexpr std::array<std::string_view, 3> format_names{"text", "json", "csv"};

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
    set.choice("format", format, format_names, "what is printed of each picture; json: an object a line");
    set.option("batch-size", batch_size, "N", "pictures at a time").at_least(1);
    machine.describe(set);
    set.file("RUN/model.safetensors, RUN/config.json", "the tagger");
    set.file("PATH/**.jpg", "also .jpeg, .png and .webp, in capitals too");
  }
};

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
    } else if (entry->is_regular_file(unknown) && tagger::has_picture_name(entry->path())) {
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

std::string as_json(const tagger::Prediction& prediction, const std::vector<std::string>& labels) {
  tagger::Json line{{"path", prediction.path.string()}};
  if (prediction.error) {
    line["error"] = *prediction.error;
    return tagger::dump_json(line);
  }
  line["labels"] = prediction.labels;
  auto scores = tagger::Json::object();
  for (std::size_t k = 0; k < labels.size(); ++k) scores[labels[k]] = tagger::short_decimal(prediction.scores[k]);
  line["scores"] = std::move(scores);
  return tagger::dump_json(line);
}

std::string as_csv(const tagger::Prediction& prediction) {
  std::string line = tagger::csv_field(prediction.path.string());
  for (const float score : prediction.scores) line += ',' + tagger::Json(tagger::short_decimal(score)).dump();
  return line;
}

std::string as_text(const tagger::Prediction& prediction) {
  return prediction.path.string() + ": " + (prediction.labels.empty() ? "no predictions" : joined(prediction.labels));
}

int predict(const PredictOptions& options) {
  std::vector<tagger::Prediction> unreadable;
  auto paths = expand(options.paths, unreadable);
  RunTagger run(options.run, options.machine);
  const auto& labels = run.config().hub.labels;
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
  tagger::check_threshold(run.meaning(), options.threshold);
  tagger::Decision decision = run.config().decision;
  if (options.threshold) decision = {.threshold = *options.threshold, .exclusive = std::move(decision.exclusive)};
  for (const auto& folder : unreadable) show(folder);
  run.predict(std::move(paths),
              {.calibration = run.config().calibration,
               .decision = std::move(decision),
               .batch_size = options.batch_size,
               .workers = options.machine.workers,
               .arithmetic = options.machine.precision,
               .decode = options.machine.decode},
              show);
  return failed ? 1 : 0;
}

}  // namespace

tagger::Command predict_command() { return tagger::command<PredictOptions>("predict", "Tag pictures.", predict); }

}  // namespace tagger_program
