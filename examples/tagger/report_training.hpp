#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include <tagger/loader/dataset.hpp>
#include <tagger/run/run_result.hpp>
#include <tagger/train/observer.hpp>

namespace tagger_program {

/// Who watch a training: the terminal, and a file for TensorBoard in its run.
class TrainingObservers {
 public:
  explicit TrainingObservers(const std::filesystem::path& run);

  std::span<tagger::Observer* const> all() const { return all_; }

 private:
  std::vector<std::unique_ptr<tagger::Observer>> owned_;
  std::vector<tagger::Observer*> all_;
};

/// Writes what is said of a training into its run, and prints what one looks at first.
/// \throws FileError
void report_training(tagger::FittedRun run, const tagger::Dataset& training, const tagger::Dataset& validation);

}  // namespace tagger_program
