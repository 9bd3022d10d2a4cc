#pragma once

#include <cstdint>
#include <iostream>
#include <optional>

#include <tagger/run/machine_options.hpp>
#include <tagger/train/runtime.hpp>

namespace tagger {

/// Sets threads and memory of the process, and how its device computes, and says so in a line, with the seed of a
/// program that has one.
/// \throws OptionError where there is no such device
inline void start_machine(const MachineOptions& machine, std::optional<std::uint64_t> seed = std::nullopt) {
  check_device(machine.device);
  const bool memory_kept = tune_runtime(machine.threads);
  tune_device(machine.device);
  std::cerr << describe_runtime(machine.device, machine.workers, machine.precision, memory_kept, seed) << '\n';
}

}  // namespace tagger
