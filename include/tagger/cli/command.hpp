#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <tagger/cli/option_set.hpp>

namespace tagger {

/// An aggregate whose fields are options: `void describe(OptionSet&)` binds each to a name.
template <typename T>
concept DescribesOptions = std::default_initializable<T> && requires(T options, OptionSet& set) {
  { options.describe(set) } -> std::same_as<void>;
};

/// Options that start from a set of values with a name where `--preset NAME` is given: `start_from(name)` sets them,
/// and leaves all as it is for a name that it does not know. What is given besides overrides them.
template <typename T>
concept HasPresets = DescribesOptions<T> && requires(T options, std::string_view name) {
  { options.start_from(name) } -> std::same_as<void>;
};

/// A command that is about to run: its options, first as they are by default, and what is done with them.
class CommandCall {
 public:
  virtual ~CommandCall() = default;
  virtual bool has_presets() const = 0;
  virtual void start_from(std::string_view preset) = 0;
  virtual void describe(OptionSet& set) = 0;
  virtual int run() const = 0;  ///< returns the exit status
};

/// Something that a program can be told to do. Made by command(). Of which type its options are, only a CommandCall
/// knows: what parses them and writes their help is compiled once, in run_main()'s file.
struct Command {
  std::string name;     ///< "train"
  std::string summary;  ///< one sentence
  std::function<std::unique_ptr<CommandCall>()> call;
};

/// `command<TrainOptions>("train", "Train a tagger.", [](const TrainOptions& options) { ...; return 0; })`
template <DescribesOptions Options, class Run>
  requires std::invocable<const Run&, const Options&>
Command command(std::string name, std::string summary, Run run) {
  class Call final : public CommandCall {
   public:
    explicit Call(Run run) : run_(std::move(run)) {}
    bool has_presets() const override { return HasPresets<Options>; }
    void start_from(std::string_view preset) override {
      if constexpr (HasPresets<Options>) options_.start_from(preset);
    }
    void describe(OptionSet& set) override { options_.describe(set); }
    int run() const override { return run_(options_); }

   private:
    Options options_{};
    Run run_;
  };
  return {.name = std::move(name), .summary = std::move(summary), .call = [run = std::move(run)] {
            return std::make_unique<Call>(run);
          }};
}

}  // namespace tagger
