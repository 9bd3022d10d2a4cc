#pragma once

#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/ops/full.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/stack.h>

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

  /// Of a picture that is in the batch several times, as samplers repeat some, the largest value of each label is kept:
  /// yes where any of its views says so, the highest of its scores. So the order in the batch does not matter.
  /// \param rows  (N, K)  \throws OptionError for targets between yes and no, on behalf of `loss`
  void write(const Targets& targets, const at::Tensor& rows, std::string_view loss) {
    if (targets.values.mul(targets.values.sub(1)).ne(0).any().item<bool>()) {
      throw OptionError(std::string(loss) +
                        " remembers labels picture by picture, and a mixture of pictures is none; "
                        "train it without mixing them");
    }
    const at::Tensor pictures = targets.pictures.cpu();
    values.index_copy_(0, pictures, united(pictures, rows.detach().to(values.options())));
  }

 private:
  /// `rows`, where those of one picture are alike: each has the largest value of each of its columns.
  static at::Tensor united(const at::Tensor& pictures, const at::Tensor& rows) {
    const std::int64_t* const picture = pictures.const_data_ptr<std::int64_t>();
    std::map<std::int64_t, at::Tensor> of_picture;
    std::vector<at::Tensor> all;
    for (std::int64_t i = 0; i < pictures.size(0); ++i) {
      const auto [first, is_new] = of_picture.try_emplace(picture[i], rows[i]);
      if (!is_new) first->second = at::maximum(first->second, rows[i]);
    }
    if (std::ssize(of_picture) == pictures.size(0)) return rows;
    for (std::int64_t i = 0; i < pictures.size(0); ++i) all.push_back(of_picture.at(picture[i]));
    return at::stack(all);
  }
};

}  // namespace tagger::detail
