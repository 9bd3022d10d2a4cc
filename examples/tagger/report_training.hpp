#pragma once

#include <filesystem>

#include <tagger/loader/dataset.hpp>
#include <tagger/run/run_result.hpp>

namespace tagger_program {

/// Writes what is said of a training into its run, and prints what one looks at first.
/// \throws FileError
void report_training(const std::filesystem::path& run, const tagger::RunResult& result, const tagger::Dataset& training,
                     const tagger::Dataset& validation);

}  // namespace tagger_program
