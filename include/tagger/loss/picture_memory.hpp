#pragma once

#include <string>
#include <string_view>

#include <ATen/ops/full.h>
#include <ATen/ops/index_select.h>

#include <tagger/data/annotations.hpp>
#include <tagger/error.hpp>
#include <tagger/loss/targets.hpp>

namespace tagger::detail {

/// What a loss remembers of each label of each picture of the training set: (M, K), in memory of the CPU, where a
/// checkpoint reads and writes it.
struct PictureMemory {
  at::Tensor values{};

  void reset(const Annotations& train, double value, at::ScalarType type) {
    values = at::full({static_cast<std::int64_t>(train.size()), std::ssize(train.labels())}, value, type);
  }

  /// There is one, and the batch says which of its pictures its rows are.
  bool knows(const Targets& targets) const { return values.defined() && targets.pictures.defined(); }

  /// (N, K), of the batch's pictures, where `like` is
  at::Tensor read(const Targets& targets, const at::Tensor& like) const {
    return at::index_select(values, 0, targets.pictures.cpu()).to(like.device());
  }

  /// \throws OptionError for targets between yes and no, on behalf of `loss`
  void write(const Targets& targets, const at::Tensor& rows, std::string_view loss) {
    if (targets.values.mul(targets.values.sub(1)).ne(0).any().item<bool>()) {
      throw OptionError(std::string(loss) +
                        " remembers labels picture by picture, and a mixture of pictures is none; "
                        "train it without mixing them");
    }
    values.index_copy_(0, targets.pictures.cpu(), rows.detach().to(values.options()));
  }
};

}  // namespace tagger::detail
