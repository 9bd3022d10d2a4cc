#pragma once

#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include <tagger/model/arithmetic.hpp>

namespace tagger {

/// Prepares the process for training or tagging; call it first in a program, once.
/// - LibTorch computes on `threads` threads; 0: one a core.
/// - glibc keeps the memory of large tensors rather than returning it to the system at every step, which costs
///   time (docs/performance.md).
/// \param keep_memory  false leaves glibc as it is
inline void tune_runtime(int threads = 0, bool keep_memory = true) {
  at::set_num_threads(threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
#ifdef __GLIBC__
  if (keep_memory) {
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  }
#endif
}

/// One line for the start of a program: "cpu, 2 threads, 2 workers, bfloat16, seed 2020".
inline std::string describe_runtime(at::Device device, int workers, Arithmetic arithmetic, std::uint64_t seed) {
  const auto counted = [](int count, const std::string& noun) {
    return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
  };
  return device.str() + ", " + counted(at::get_num_threads(), "thread") + ", " + counted(workers, "loader worker") +
         ", " + std::string(arithmetic_name(arithmetic)) + ", seed " + std::to_string(seed);
}

}  // namespace tagger
