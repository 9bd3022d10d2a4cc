#pragma once

#include <cstdint>
#include <iostream>
#include <optional>
#include <ostream>
#include <vector>

#include <tagger/cli/option_set.hpp>
#include <tagger/image/decode_options.hpp>
#include <tagger/loader/batch.hpp>
#include <tagger/model/arithmetic.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/train/runtime.hpp>

namespace tagger {

/// How a program computes and how it reads pictures: the options that all of them share.
struct MachineOptions {
  int threads = 0;
  int workers = 2;
  Arithmetic precision = Arithmetic::float32;
  DecodeOptions decode;

  void describe(OptionSet& set) {
    set.section("Machine");
    set.option("threads", threads, "N", "threads that compute").between(0, 1024).default_text("all cores");
    set.option("workers", workers, "N", "threads that decode pictures; 0: none besides").between(0, 256);
    set.choice("precision", precision, {{"float32", Arithmetic::float32}, {"bfloat16", Arithmetic::bfloat16}},
               "what convolutions are computed in");
    set.section("Pictures");
    set.option("background", decode.background, "#RRGGBB", "the colour behind transparent pictures");
    set.option("max-pixels", decode.max_pixels, "N", "pictures of more pixels are not decoded").at_least(1);
  }

  /// Sets threads and memory of the process and says so in a line, with the seed of a program that has one.
  void start(std::optional<std::uint64_t> seed = std::nullopt) const {
    const bool memory_kept = tune_runtime(threads);
    std::cerr << describe_runtime(at::kCPU, workers, precision, memory_kept, seed) << '\n';
  }

  ScoreOptions scoring(std::int64_t batch_size) const {
    return {.batch_size = batch_size, .workers = workers, .arithmetic = precision};
  }
};

/// Names pictures that could not be read at the end of a program, where they are seen.
inline void list_broken(std::ostream& out, const std::vector<BrokenPicture>& broken) {
  if (broken.empty()) return;
  out << broken.size() << (broken.size() == 1 ? " picture" : " pictures") << " could not be read:\n";
  for (const auto& picture : broken) out << "  " << picture.reason << '\n';
}

}  // namespace tagger
