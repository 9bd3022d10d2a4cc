#pragma once

#include <cstdint>
#include <functional>

#include <tagger/model/arithmetic.hpp>

namespace tagger {

/// How a dataset is scored.
struct ScoreOptions {
  std::int64_t batch_size = 32;
  int workers = 2;
  Arithmetic arithmetic = Arithmetic::float32;
  bool fail_on_broken = false;
  std::function<void(std::int64_t done, std::int64_t total)> progress{};
  std::function<bool()> stop{};  ///< asked after every batch; true ends the scoring with what there is
};

}  // namespace tagger
