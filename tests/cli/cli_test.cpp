#define BOOST_TEST_MODULE cli
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <new>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/cli/run_main.hpp>

namespace {

enum class Precision { float32, bfloat16 };
constexpr std::array<std::string_view, 2> precision_names{"float32", "bfloat16"};

struct Options {
  std::filesystem::path images;
  std::int64_t batch_size = 32;
  std::uint64_t seed = 2020;
  int workers = 2;
  double learning_rate = 1e-4;
  std::optional<double> threshold;
  std::string backbone = "resnet18";
  Precision precision = Precision::float32;
  std::array<std::uint8_t, 3> background{255, 255, 255};
  std::vector<std::string> labels;
  bool resume = false;
  std::vector<std::filesystem::path> paths;

  void describe(tagger::OptionSet& set) {
    set.section("Data");
    set.option("images", images, "DIR", "folder of the pictures").required();
    set.option("label", labels, "NAME", "a label");
    set.section("Training");
    set.option("batch-size", batch_size, "N", "pictures a step").at_least(1);
    set.option("seed", seed, "N", "of everything random");
    set.option("workers", workers, "N", "threads that load").between(0, 64);
    set.option("learning-rate", learning_rate, "RATE", "Adam's step size").above(0);
    set.option("threshold", threshold, "T", "score from which a label is given").between(0, 1);
    set.option("backbone", backbone, "NAME", "network")
        .one_of(std::array{"resnet18", "resnet34", "efficientnet_lite0"});
    set.choice("precision", precision, precision_names, "of sums");
    set.option("background", background, "#RRGGBB", "colour behind transparent pictures");
    set.flag("resume", resume, "go on from the last checkpoint");
    set.positional("PATH", paths, "pictures");
    set.file("DIR/IMAGE_NAME", "the pictures");
  }
};

Options parse(std::vector<std::string> arguments, bool with_images = true) {
  if (with_images) arguments.insert(arguments.begin(), "--images=pictures");
  Options options;
  tagger::OptionSet set;
  options.describe(set);
  tagger::parse_arguments(arguments, set);
  return options;
}

std::string error_of(const std::vector<std::string>& arguments, bool with_images = true) {
  try {
    parse(arguments, with_images);
  } catch (const tagger::OptionError& error) {
    return error.what();
  }
  return "no error";
}

/// A configuration file that lives as long as a test.
struct Config {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("tagger cli test " + std::to_string(::getpid()) + ".json");
  explicit Config(std::string_view text) { tagger::write_file(path, text); }
  ~Config() { std::filesystem::remove(path); }
  std::vector<std::string> with(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.end(), {"--config", path.string()});
    return arguments;
  }
};

struct Outcome {
  int status;
  std::string out, err;
};

/// A program's exit status and what it printed.
Outcome run(std::vector<const char*> arguments, const tagger::Program& program) {
  arguments.insert(arguments.begin(), "program");
  std::ostringstream out, err;
  auto* old_out = std::cout.rdbuf(out.rdbuf());
  auto* old_err = std::cerr.rdbuf(err.rdbuf());
  const int status = tagger::run_main(static_cast<int>(arguments.size()), arguments.data(), program);
  std::cout.rdbuf(old_out);
  std::cerr.rdbuf(old_err);
  return {status, out.str(), err.str()};
}

tagger::Program program_with(int (*body)(const Options&)) {
  return {.name = "tool",
          .version = "1.2.3",
          .summary = "Does things.",
          .commands = {tagger::command<Options>("train", "Train a tagger.", body),
                       tagger::command<Options>("predict", "Tag pictures.", body)}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(fills_fields) {
  const auto options = parse({"--batch-size",
                              "16",
                              "--seed=18446744073709551615",
                              "--learning-rate",
                              "1e-3",
                              "--threshold=0.25",
                              "--backbone",
                              "resnet34",
                              "--precision",
                              "bfloat16",
                              "--background",
                              "#0080ff",
                              "--label",
                              "sky",
                              "--label",
                              "sea view",
                              "--resume",
                              "a b.jpg",
                              "-",
                              "--",
                              "--odd.jpg"});
  BOOST_TEST(options.images == "pictures");
  BOOST_TEST(options.batch_size == 16);
  BOOST_TEST(options.seed == 18446744073709551615u);
  BOOST_TEST(options.learning_rate == 1e-3);
  BOOST_TEST(options.threshold.value() == 0.25);
  BOOST_TEST(options.backbone == "resnet34");
  BOOST_TEST((options.precision == Precision::bfloat16));
  BOOST_TEST((options.background == std::array<std::uint8_t, 3>{0, 128, 255}));
  BOOST_TEST((options.labels == std::vector<std::string>{"sky", "sea view"}));
  BOOST_TEST(options.resume);
  BOOST_TEST((options.paths == std::vector<std::filesystem::path>{"a b.jpg", "-", "--odd.jpg"}));
}

BOOST_AUTO_TEST_CASE(keeps_defaults) {
  const auto options = parse({});
  BOOST_TEST(options.batch_size == 32);
  BOOST_TEST(!options.threshold.has_value());
  BOOST_TEST(!options.resume);
  BOOST_TEST(options.paths.empty());
}

BOOST_AUTO_TEST_CASE(keeps_blanks_in_paths) {
  BOOST_TEST(parse({"--images", "my pictures/of 2020 "}, false).images == "my pictures/of 2020 ");
}

BOOST_AUTO_TEST_CASE(refuses_nonsense_numbers) {
  for (const std::string text : {"-1", "0", "32x", "x", " 32", "32 ", "3.5", "1e3", "0x10", "+5", "nan"}) {
    BOOST_TEST(error_of({"--batch-size", text}).starts_with("--batch-size: \"" + text + "\": needs a whole number"));
  }
  BOOST_TEST(error_of({"--batch-size", "0"}) == "--batch-size: \"0\": needs a whole number, 1 or more");
  BOOST_TEST(error_of({"--batch-size", "9223372036854775808"}) ==
             "--batch-size: \"9223372036854775808\": needs a whole number in range");
  BOOST_TEST(error_of({"--seed", "-1"}) == "--seed: \"-1\": needs a whole number");
  BOOST_TEST(error_of({"--workers", "65"}) == "--workers: \"65\": needs a whole number, 0 to 64");
  BOOST_TEST(error_of({"--workers=4294967298"}) == "--workers: \"4294967298\": needs a whole number in range");
  for (const std::string text : {"nan", "inf", "-inf", "1e999", "0.1f", "", "1,5"}) {
    BOOST_TEST(error_of({"--learning-rate", text}) == "--learning-rate: \"" + text + "\": needs a number");
  }
  BOOST_TEST(error_of({"--learning-rate", "0"}) == "--learning-rate: \"0\": needs a number, above 0");
  BOOST_TEST(error_of({"--learning-rate", "-0.5"}) == "--learning-rate: \"-0.5\": needs a number, above 0");
  BOOST_TEST(error_of({"--threshold", "1.01"}) == "--threshold: \"1.01\": needs a number, 0 to 1");
}

BOOST_AUTO_TEST_CASE(refuses_invalid_texts) {
  BOOST_TEST(error_of({"--images", ""}, false) == "--images: \"\": needs a path");
  BOOST_TEST(
      error_of({"--backbone", "resnet81"}) ==
      "--backbone: \"resnet81\": unknown name \"resnet81\"; valid: resnet18, resnet34, efficientnet_lite0; did you "
      "mean \"resnet18\"?");
  BOOST_TEST(
      error_of({"--precision", "float16"}) ==
      "--precision: \"float16\": unknown name \"float16\"; valid: float32, bfloat16; did you mean \"bfloat16\"?");
  for (const std::string text : {"0080ff", "#0080f", "#0080fg", "#0080fff", "white", "#-180ff"}) {
    BOOST_TEST(
        error_of({"--background", text}).starts_with("--background: \"" + text + "\": needs a colour as #rrggbb"));
  }
  BOOST_TEST(error_of({""}) == "PATH: needs a path");
}

BOOST_AUTO_TEST_CASE(guesses_no_names) {
  BOOST_TEST(error_of({"--batch", "16"}) == "unknown option \"--batch\"; did you mean \"--batch-size\"?");
  BOOST_TEST(error_of({"--bacth-size=16"}) == "unknown option \"--bacth-size\"; did you mean \"--batch-size\"?");
  BOOST_TEST(error_of({"--colour", "red"}) == "unknown option \"--colour\"");
  BOOST_TEST(error_of({"-x"}) == "unknown option \"-x\"");
}

BOOST_AUTO_TEST_CASE(refuses_misplaced_values) {
  BOOST_TEST(error_of({"--batch-size"}) == "--batch-size: needs a value");
  BOOST_TEST(error_of({"--batch-size", "--resume"}) == "--batch-size: needs a value");
  BOOST_TEST(parse({"--label=--resume"}).labels.front() == "--resume");
  BOOST_TEST(error_of({"--batch-size="}) == "--batch-size: needs a value");
  BOOST_TEST(error_of({"--resume=true"}) == "--resume: takes no value");
  BOOST_TEST(error_of({"--batch-size", "16", "--batch-size", "16"}) == "--batch-size: is given more than once");
  BOOST_TEST(error_of({"--resume", "--resume"}) == "--resume: is given more than once");
  BOOST_TEST(error_of({"--resume", "--no-resume"}) == "--resume: is given and taken back by --no-resume");
  BOOST_TEST(error_of({"--config", "a", "--config", "b"}) == "--config: is given more than once");
  BOOST_TEST(error_of({}, false) == "--images: is required");
}

BOOST_AUTO_TEST_CASE(reads_configuration_files) {
  const Config config(R"({"images": "my # pictures", "batch-size": 16, "learning-rate": 0.001, "resume": true,
                          "label": ["sky", "sea view"], "precision": "bfloat16"})");
  auto options = parse(config.with(), false);
  BOOST_TEST(options.images == "my # pictures");
  BOOST_TEST(options.batch_size == 16);
  BOOST_TEST(options.learning_rate == 0.001);
  BOOST_TEST(options.resume);
  BOOST_TEST((options.labels == std::vector<std::string>{"sky", "sea view"}));
  options = parse(config.with({"--batch-size", "8", "--no-resume", "--label", "tree"}), false);
  BOOST_TEST(options.batch_size == 8);
  BOOST_TEST(!options.resume);
  BOOST_TEST((options.labels == std::vector<std::string>{"tree"}));
}

BOOST_AUTO_TEST_CASE(refuses_invalid_configuration_files) {
  const auto message = [](std::string_view text) {
    const Config config(text);
    const auto error = error_of(config.with());
    BOOST_TEST(error.starts_with(config.path.string() + ": "));
    return error.substr(std::min(error.size(), config.path.string().size() + 2));
  };
  BOOST_TEST(message(R"({"bacth-size": 16})").starts_with("unknown option \"bacth-size\"; valid: images, label, "));
  BOOST_TEST(message(R"({"bacth-size": 16})").ends_with("did you mean \"batch-size\"?"));
  BOOST_TEST(message(R"({"batch-size": "16"})") == "batch-size: \"16\" needs a number, found string");
  BOOST_TEST(message(R"({"batch-size": [16]})") == "batch-size: [16] needs a number, found array");
  BOOST_TEST(message(R"({"batch-size": 0})") == "batch-size: 0 needs a whole number, 1 or more");
  BOOST_TEST(message(R"({"batch-size": 16.5})") == "batch-size: 16.5 needs a whole number");
  BOOST_TEST(message(R"({"resume": 1})") == "resume: 1 needs true or false, found number");
  BOOST_TEST(message(R"({"backbone": null})") == "backbone: null needs a string, found null");
  BOOST_TEST(message(R"({"label": ["a", 2]})") == "label: [\"a\",2] needs a string, found number");
  BOOST_TEST(message(R"({"seed": 1, "seed": 2})") == "seed: stands there twice");
  BOOST_TEST(message(R"([1])").starts_with("needs a JSON object"));
  BOOST_TEST(message(R"({"seed": )").starts_with("is not valid JSON: parse error at line 1, column 10"));
  BOOST_TEST(message("").starts_with("is not valid JSON"));
  BOOST_CHECK_EXCEPTION(parse({"--config", "/no/such.json"}), tagger::FileError, [](const tagger::FileError& error) {
    return std::string(error.what()) == "/no/such.json: No such file or directory";
  });
}

BOOST_AUTO_TEST_CASE(help) {
  const auto program = program_with([](const Options&) { return 0; });
  const auto [status, out, err] = run({"train", "--nonsense", "--help"}, program);
  BOOST_TEST(status == 0);
  BOOST_TEST(err.empty());
  BOOST_TEST(out.starts_with("Usage: tool train --images DIR [OPTION...] [PATH...]\n\nTrain a tagger.\n\nData:\n"));
  BOOST_TEST(out.find("  --images DIR          folder of the pictures (required)\n") != std::string::npos);
  BOOST_TEST(out.find("  --batch-size N        pictures a step (default: 32); 1 or more\n") != std::string::npos);
  BOOST_TEST(out.find("(default: 1e-4); above 0\n") != std::string::npos);
  BOOST_TEST(out.find("(default: float32); one of:") != std::string::npos);
  BOOST_TEST(out.find("(default: #ffffff)") != std::string::npos);
  BOOST_TEST(out.find("\nFiles:\n  DIR/IMAGE_NAME        the pictures\n") != std::string::npos);
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) BOOST_TEST(line.size() <= 80u, line);

  const auto listed = run({"--help"}, program);
  BOOST_TEST(listed.status == 0);
  BOOST_TEST(listed.out.find("\nCommands:\n  train           Train a tagger.\n  predict         Tag pictures.\n") !=
             std::string::npos);
  BOOST_TEST(run({"--version"}, program).out == "tool 1.2.3\n");
}

BOOST_AUTO_TEST_CASE(a_default_that_is_worked_out_does_not_hide_one_that_is_set) {
  const auto shown = [](std::optional<double> threshold) {
    tagger::OptionSet set;
    set.option("threshold", threshold, "T", "of scores").between(0, 1).default_text("worked out");
    return set.find("threshold")->default_text;
  };
  BOOST_TEST(shown(std::nullopt) == "worked out");
  BOOST_TEST(shown(0.8) == "0.8");
}

BOOST_AUTO_TEST_CASE(exit_statuses) {
  const auto good = program_with([](const Options& options) { return static_cast<int>(options.batch_size); });
  BOOST_TEST(run({"train", "--images", "x", "--batch-size", "7"}, good).status == 7);

  auto outcome = run({"train"}, good);
  BOOST_TEST(outcome.status == 2);
  BOOST_TEST(outcome.err == "tool: --images: is required\n");
  outcome = run({"trian"}, good);
  BOOST_TEST(outcome.status == 2);
  BOOST_TEST(outcome.err == "tool: unknown command \"trian\"; valid: train, predict; did you mean \"train\"?\n");
  outcome = run({}, good);
  BOOST_TEST(outcome.status == 2);
  BOOST_TEST(outcome.err == "tool: needs a command; try: tool --help\n");

  outcome = run({"train", "--images", "x"},
                program_with([](const Options&) -> int { throw tagger::DataError("a.json", "labels", "is empty"); }));
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(outcome.err == "tool: a.json: labels: is empty\n");
  outcome = run({"train", "--images", "x"}, program_with([](const Options&) -> int { throw std::bad_alloc(); }));
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(outcome.err == "tool: out of memory\n");
  outcome = run({"train", "--images", "x"}, program_with([](const Options&) -> int { throw 3; }));
  BOOST_TEST(outcome.status == 1);
}

BOOST_AUTO_TEST_CASE(unwritable_output) {
  const auto program = program_with([](const Options&) {
    std::cout.setstate(std::ios::badbit);
    return 0;
  });
  const auto outcome = run({"train", "--images", "x"}, program);
  std::cout.clear();
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(outcome.err == "tool: standard output cannot be written\n");
}

BOOST_AUTO_TEST_CASE(one_command) {
  const tagger::Program program{
      .name = "tool",
      .version = "1",
      .commands = {tagger::command<Options>(
          "", "Does one thing.", [](const Options& options) { return static_cast<int>(options.paths.size()); })}};
  BOOST_TEST(run({"--images", "x", "a", "b"}, program).status == 2);
  BOOST_TEST(
      run({"--help"}, program).out.starts_with("Usage: tool --images DIR [OPTION...] [PATH...]\n\nDoes one thing."));
}
