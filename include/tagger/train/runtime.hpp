#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <thread>

#ifdef __GLIBC__  // known once a header of the standard library is there
#include <malloc.h>
#endif

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <torch/cuda.h>

#include <tagger/error.hpp>
#include <tagger/model/arithmetic.hpp>
#include <tagger/model/device.hpp>

namespace tagger {

/// Prepares the process for training or tagging; call it first in a program, once.
/// - LibTorch computes on `threads` threads; 0: one a core.
/// - glibc keeps the memory of large tensors rather than returning it to the system at every step, which costs
///   time (docs/performance.md).
/// \param keep_memory  false leaves glibc as it is
/// \return whether memory is kept: never with another C library
inline bool tune_runtime(int threads = 0, bool keep_memory = true) {
  at::set_num_threads(threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
#ifdef __GLIBC__
  if (keep_memory) {
    return mallopt(M_MMAP_MAX, 0) == 1 && mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max()) == 1;
  }
#endif
  return false;
}

/// \throws OptionError where this process cannot compute on `device`, saying what there is and what to do
inline void check_device(at::Device device) {
  if (device.is_cpu()) return;
  if (!at::Context::hasCUDART()) {
    throw OptionError(device.str() +
                      ": this LibTorch computes on the CPU only; build with one that has CUDA, see the README's "
                      "\"On a GPU\"");
  }
  const int count = torch::cuda::device_count();
  if (device.index() < count) return;
  if (count > 0) {
    throw OptionError(device.str() + ": there is no such GPU; LibTorch sees " + std::to_string(count) +
                      (count == 1 ? ": cuda:0" : ": cuda:0 to cuda:" + std::to_string(count - 1)));
  }
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  throw OptionError(device.str() + ": LibTorch has CUDA, but sees no GPU" +
                    (visible ? ", with CUDA_VISIBLE_DEVICES=" + std::string(visible) : std::string()) +
                    "; see whether nvidia-smi shows one, and a driver that is new enough");
}

/// Prepares a GPU for training or tagging; call it before anything is computed there, once. Does nothing for a CPU.
/// - What is computed twice has the same bits. LibTorch throws where it knows no such way: none of our policies needs
/// one.
/// - float32 is float32. LibTorch's convolutions would round to TF32 first, of 10 bits after the point.
/// \param same_bits  false lets LibTorch take the fastest way
inline void tune_device(at::Device device, bool same_bits = true) {
  if (!device.is_cuda()) return;
  at::globalContext().setAllowTF32CuDNN(false);
  if (!same_bits) return;
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);  // without, cuBLAS promises nothing
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/false);
  at::globalContext().setDeterministicFillUninitializedMemory(false);
}

/// Whether this processor has instructions for bfloat16. LibTorch does without, many times slower than in float32.
inline bool has_bfloat16_instructions() {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx512bf16");
#else
  return true;  // not asked
#endif
}

/// One line for the start of a program: "cpu, 2 threads, 2 loader workers, bfloat16, memory kept, seed 2020".
/// \param memory_kept  what tune_runtime() returned
/// \param seed         where the program draws anything at random
inline std::string describe_runtime(at::Device device, int workers, Arithmetic arithmetic, bool memory_kept,
                                    std::optional<std::uint64_t> seed = std::nullopt) {
  const auto counted = [](int count, const std::string& noun) {
    return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
  };
  const bool emulated = device.is_cpu() && arithmetic == Arithmetic::bfloat16 && !has_bfloat16_instructions();
  return device.str() + ", " + counted(at::get_num_threads(), "thread") + ", " + counted(workers, "loader worker") +
         ", " + std::string(arithmetic_name(arithmetic)) +
         (emulated ? " without instructions for it (float32 is faster here)" : "") +
         (memory_kept ? ", memory kept" : ", memory returned") + (seed ? ", seed " + std::to_string(*seed) : "");
}

}  // namespace tagger
