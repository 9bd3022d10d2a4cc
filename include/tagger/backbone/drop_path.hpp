#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include <ATen/ops/empty.h>
#include <torch/nn/module.h>

#include <tagger/error.hpp>

namespace tagger {

namespace detail {

/// What a residual block adds, (N, ...), as it is outside of `training`; else for each picture left out with
/// probability `rate`, and divided by 1 - rate where it is not, so that its mean stays.
inline at::Tensor drop_path(const at::Tensor& branch, double rate, bool training) {
  if (!training || rate == 0) return branch;
  std::vector<std::int64_t> shape(static_cast<std::size_t>(branch.dim()), 1);
  shape[0] = branch.size(0);
  return branch * at::empty(shape, branch.options()).bernoulli_(1 - rate).div_(1 - rate);
}

}  // namespace detail

/// A block that adds something to what comes in, and leaves that out for some pictures in training, as set_drop_path()
/// says. Blocks of a backbone derive from it.
struct ResidualModule : torch::nn::Module {
  double drop_path_rate() const { return most_dropped * static_cast<double>(place) / static_cast<double>(places); }

  /// \param branch  (N, ...), what the block would add
  at::Tensor kept(const at::Tensor& branch) const { return detail::drop_path(branch, drop_path_rate(), is_training()); }

  double most_dropped = 0;             ///< the rate of the whole network
  std::int64_t place = 0, places = 1;  ///< this block's share of it is place / places
};

namespace detail {

/// The blocks of `network` that may leave out what they add.
inline std::vector<ResidualModule*> residual_modules(const torch::nn::Module& network) {
  std::vector<ResidualModule*> found;
  for (const auto& module : network.modules(/*include_self=*/false)) {
    if (auto* block = dynamic_cast<ResidualModule*>(module.get())) found.push_back(block);
  }
  return found;
}

}  // namespace detail

/// Numbers `blocks`, ResidualModules in their order, so that the first leaves out nothing and the last one most.
template <class Blocks>
void place_evenly(const Blocks& blocks) {
  std::int64_t place = 0;
  for (const auto& block : blocks) {
    block->place = place++;
    block->places = std::ssize(blocks) - 1;
  }
}

/// Stochastic depth, or drop path: in training each residual block leaves out what it adds, for each picture with a
/// probability of its own, that grows from 0 in the first block in equal steps; what is kept is divided by its
/// probability. The last block has `rate`, but in mobile networks, where timm divides by the number of all blocks: of B
/// blocks, block b has rate b / (B - 1), there rate b / B. Huang, Sun, Liu, Sedra and Weinberger, "Deep networks with
/// stochastic depth", ECCV 2016; rates and masks are timm's, `drop_path_rate`.
/// \throws OptionError where `rate` is not in [0, 1), or `network` has no such block
inline void set_drop_path(torch::nn::Module& network, double rate) {
  if (!(rate >= 0 && rate < 1)) {
    throw OptionError("a drop-path rate must be at least 0 and below 1, not " + std::to_string(rate));
  }
  const auto blocks = detail::residual_modules(network);
  if (blocks.empty()) {
    throw OptionError("the backbone has no residual blocks, of which a drop-path rate could leave any out");
  }
  for (auto* block : blocks) block->most_dropped = rate;
}

/// The rate that set_drop_path() has set; 0 where there are no blocks.
inline double drop_path_of(const torch::nn::Module& network) {
  const auto blocks = detail::residual_modules(network);
  return blocks.empty() ? 0 : blocks.front()->most_dropped;
}

}  // namespace tagger
