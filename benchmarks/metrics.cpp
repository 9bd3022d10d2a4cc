// How long scores of many pictures take: the nine of the published recipe, mean average precision, and the same from
// sketches in bounded memory, with the bounds that they give.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/cli/command.hpp>
#include <tagger/cli/run_main.hpp>
#include <tagger/data/label.hpp>
#include <tagger/file.hpp>
#include <tagger/metrics/average_precision.hpp>
#include <tagger/metrics/evaluate.hpp>
#include <tagger/metrics/label_sketches.hpp>
#include <tagger/metrics/metric_set.hpp>
#include <tagger/metrics/prepared_metrics.hpp>
#include <tagger/random.hpp>
#include <tagger/report/table.hpp>
#include <tagger/version.hpp>

namespace {

namespace fs = std::filesystem;

struct Options {
  std::int64_t pictures = 100000, labels = 27, capacity = 512;
  int threads = 2, passes = 3;
  std::optional<fs::path> data;

  void describe(tagger::OptionSet& set) {
    set.option("pictures", pictures, "N", "how many").at_least(1);
    set.option("labels", labels, "K", "from one that half of the pictures have to one that a thousandth has")
        .at_least(1);
    set.option("threads", threads, "N", "of mean average precision and sketches").between(1, 256);
    set.option("capacity", capacity, "N", "different scores that a label's sketch keeps").at_least(1);
    set.option("passes", passes, "N", "of each; the fastest counts").at_least(1);
    set.option("data", data, "DIR", "scores and targets are written here for benchmarks/peers/metrics.py");
    set.file("DIR/scores.f32, DIR/targets.i8", "picture after picture: float32 and bytes, without a header");
  }
};

/// Targets at random, and scores of a tagger that is good but not sure.
struct Data {
  tagger::LabelMatrix targets;
  tagger::ScoreMatrix scores;

  explicit Data(const Options& options)
      : targets(options.pictures, options.labels), scores(options.pictures, options.labels) {
    const auto last = static_cast<double>(std::max<std::int64_t>(options.labels - 1, 1));
    for (Eigen::Index row = 0; row < targets.rows(); ++row) {
      tagger::Random random(2020, 0, static_cast<std::uint64_t>(row));
      for (Eigen::Index label = 0; label < targets.cols(); ++label) {
        const double share = 0.5 * std::pow(0.002, static_cast<double>(label) / last);
        const bool yes = random.chance(share);
        const double noise =
            std::sqrt(-2 * std::log1p(-random.uniform())) * std::cos(2 * std::numbers::pi * random.uniform());
        const double logit = std::log(share / (1 - share)) + 1.5 * noise + (yes ? 4 : -1);
        targets(row, label) = yes;
        scores(row, label) = static_cast<float>(1 / (1 + std::exp(-logit)));
      }
    }
  }
};

/// Seconds of the fastest pass.
double seconds(int passes, auto&& work) {
  double best = 1e300;
  for (int pass = 0; pass < passes; ++pass) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

int run(const Options& options) {
  const Data data(options);
  if (options.data) {
    fs::create_directories(*options.data);
    const auto write = [&](const char* name, const auto& matrix) {
      tagger::write_file(*options.data / name, {reinterpret_cast<const char*>(matrix.data()),
                                                static_cast<std::size_t>(matrix.size()) * sizeof *matrix.data()});
    };
    write("scores.f32", data.scores);
    write("targets.i8", data.targets);
  }
  const std::vector<std::string> labels = [&] {
    std::vector<std::string> names;
    for (std::int64_t label = 0; label < options.labels; ++label) names.push_back(std::to_string(label));
    return names;
  }();

  tagger::Evaluation nine;
  const double nine_seconds = seconds(options.passes, [&] {
    tagger::Confusion confusion(options.labels);
    confusion.add(data.targets, data.scores, 0.5);
    nine = tagger::evaluate<tagger::Micro, tagger::Macro, tagger::Samples>(confusion, labels);
  });
  const tagger::LabelMatrix predictions = (data.scores > 0.5F).cast<std::int8_t>();
  double mean_average_precision = 0;
  const double map_seconds = seconds(options.passes, [&] {
    tagger::MetricSet set;
    set.add(tagger::AveragePrecision{}, tagger::Macro{});
    using Prepared = tagger::PreparedMetrics;
    const Prepared prepared({data.targets, data.scores, predictions}, set, Prepared::Orders::made_when_needed,
                            options.threads);
    mean_average_precision = prepared({}, options.threads).front();
  });
  tagger::BoundedValue bounded;
  const double sketch_seconds = seconds(options.passes, [&] {
    tagger::LabelSketches sketches(options.labels, static_cast<std::size_t>(options.capacity));
    sketches.add(data.targets, data.scores, options.threads);
    bounded = sketches.macro([](const tagger::ScoreSketch& label) { return average_precision(label); });
  });
  const auto number = [](double value) { return tagger::format_number(value, 6); };
  std::cout << options.pictures << " pictures, " << options.labels << " labels\n"
            << "nine scores: " << number(nine_seconds) << " s, macro F1 " << number(nine.at("macro/f1")) << '\n'
            << "mean average precision: " << number(map_seconds) << " s, " << number(mean_average_precision) << '\n'
            << "from sketches of " << options.capacity << ": " << number(sketch_seconds) << " s, "
            << number(bounded.value) << ", between " << number(bounded.lower) << " and " << number(bounded.upper)
            << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return tagger::run_main(argc, argv,
                          {.name = "metrics",
                           .version = tagger::version,
                           .commands = {tagger::command<Options>("", "Time scores of many pictures.", run)}});
}
