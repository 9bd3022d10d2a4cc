#pragma once

#include <cstdint>

#include <ATen/TensorOperators.h>
#include <ATen/core/IListRef.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/stack.h>

namespace tagger {

/// Where a transformer's patches are, told by rotating queries and keys: Su et al., "RoFormer: enhanced transformer
/// with rotary position embedding", 2021, along both axes of the picture. Of the D / heads = 4 n channels the first
/// half tells the row, the other the column; pair j of each, of n, turns by the angle position * base^(-j / n).
enum class Rotary {
  none,
  eva02,  ///< position from 0 on, of `places` along a side; base 10,000; a pair's channels are neighbours
  dinov3  ///< position from -2 pi to 2 pi, of the patch's centre; base 100; a pair's channels are 2 n apart
};

namespace detail {

/// The angles that queries and keys are turned by, for all tokens; one that does nothing where there is none.
class Rotation {
 public:
  Rotation() = default;

  /// \param rows, columns  of patches  \param prefix  tokens before them, which stay as they are
  /// \param channels  D / heads, a multiple of four  \param like  a tensor of the device on which it will be
  /// \param places  along a side, however many patches there are: what timm calls ref_feat_shape
  Rotation(Rotary kind, std::int64_t rows, std::int64_t columns, std::int64_t prefix, std::int64_t channels,
           const at::Tensor& like, double places = 16)
      : kind_(kind) {
    if (kind == Rotary::none) return;
    const auto options = like.options().dtype(at::kFloat);
    const std::int64_t pairs = channels / 4;
    const double base = kind == Rotary::eva02 ? 10000 : 100;
    const at::Tensor frequencies = at::pow(base, at::arange(pairs, options) / -static_cast<double>(pairs));
    const auto angles = [&](std::int64_t count) {  // (count, n)
      const auto size = static_cast<double>(count);
      const at::Tensor place = at::arange(count, options);
      constexpr double pi = 3.14159265358979323846;
      const at::Tensor position =
          kind == Rotary::eva02 ? place / size * places : ((place + 0.5) / size * 2 - 1) * (2 * pi);
      return position.unsqueeze(1) * frequencies;
    };
    at::Tensor all = at::cat({angles(rows).unsqueeze(1).expand({rows, columns, pairs}),
                              angles(columns).unsqueeze(0).expand({rows, columns, pairs})},
                             -1)
                         .flatten(0, 1);
    all = at::constant_pad_nd(all, {0, 0, prefix, 0});  // by an angle of nothing
    all = kind == Rotary::eva02 ? all.repeat_interleave(2, -1) : at::cat({all, all}, -1);
    sine_ = all.sin();
    cosine_ = all.cos();
  }

  /// \param x  (N, heads, T, D / heads)
  at::Tensor operator()(const at::Tensor& x) const {
    if (kind_ == Rotary::none) return x;
    at::Tensor turned;  // each pair by a quarter
    if (kind_ == Rotary::eva02) {
      const auto pairs = x.unflatten(-1, {-1, 2}).unbind(-1);
      turned = at::stack({-pairs[1], pairs[0]}, -1).flatten(-2);
    } else {
      const auto halves = x.chunk(2, -1);
      turned = at::cat({-halves[1], halves[0]}, -1);
    }
    return (x * cosine_ + turned * sine_).to(x.scalar_type());
  }

 private:
  Rotary kind_ = Rotary::none;
  at::Tensor sine_, cosine_;  ///< (T, D / heads)
};

}  // namespace detail

}  // namespace tagger
