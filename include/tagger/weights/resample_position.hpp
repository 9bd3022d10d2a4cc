#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>

namespace tagger {

/// What a transformer learned of the places of patches, for another number of patches: the square grid resampled
/// bicubically, with antialiasing. timm calls it resample_abs_pos_embed.
/// \param positions  (1, prefix + s s, D), of any floating-point type
/// \param prefix     tokens that are no patches; theirs stay as they are
/// \param side       patches in a row of the new grid
/// \returns (1, prefix + side side, D), or `positions` itself where its grid is no square or has that side
inline at::Tensor resample_positions(const at::Tensor& positions, std::int64_t prefix, std::int64_t side) {
  const std::int64_t patches = positions.size(1) - prefix;
  const std::int64_t old_side = std::llround(std::sqrt(static_cast<double>(patches)));
  if (patches <= 0 || old_side * old_side != patches || old_side == side) return positions;
  const at::Tensor grid = positions.slice(1, prefix).to(at::kFloat).unflatten(1, {old_side, old_side});
  const at::Tensor resampled = at::_upsample_bicubic2d_aa(grid.permute({0, 3, 1, 2}).contiguous(), {side, side},
                                                          /*align_corners=*/false);
  return at::cat({positions.slice(1, 0, prefix), resampled.flatten(2).transpose(1, 2).to(positions.scalar_type())}, 1);
}

namespace detail {

/// Places of the `count` old values on an axis of `wanted` new ones, 0 in the middle: steps grow by a constant factor
/// from the middle, so that the outermost old value comes near the outermost new one.
inline std::vector<double> geometric_places(std::int64_t count, std::int64_t wanted) {
  const auto half = static_cast<std::size_t>(count / 2);
  double low = 1.01, high = 1.5, factor = low;
  while (high - low > 1e-6) {
    factor = (low + high) / 2;
    const double reach = (1 - std::pow(factor, static_cast<double>(half))) / (1 - factor);
    (reach > static_cast<double>(wanted / 2) ? high : low) = factor;
  }
  std::vector<double> places(2 * half + 1, 0);
  double place = 1;
  for (std::size_t i = 0; i < half; ++i) {
    places[half + 1 + i] = place;
    places[half - 1 - i] = -place;
    place += std::pow(factor, static_cast<double>(i + 1));
  }
  return places;
}

/// (wanted, count), what each old value is worth for each new one by linear interpolation, constant at the ends.
inline at::Tensor interpolation_weights(std::int64_t count, std::int64_t wanted) {
  const std::vector<double> places = geometric_places(count, wanted);
  at::Tensor weights = at::zeros({wanted, count}, at::kDouble);
  auto weight = weights.accessor<double, 2>();
  for (std::int64_t i = 0; i < wanted; ++i) {
    const auto place = static_cast<double>(i - wanted / 2);
    std::size_t right = 0;
    while (right < places.size() && places[right] < place) ++right;
    if (right == 0 || right == places.size()) {
      weight[i][right == 0 ? 0 : count - 1] = 1;
      continue;
    }
    const double share = (place - places[right - 1]) / (places[right] - places[right - 1]);
    weight[i][static_cast<std::int64_t>(right) - 1] = 1 - share;
    weight[i][static_cast<std::int64_t>(right)] = share;
  }
  return weights;
}

}  // namespace detail

/// What a windowed transformer (Swin) learned of the offsets between pixels, for windows of another side: linear
/// interpolation between places that grow apart geometrically, so that near offsets keep their values. timm calls it
/// resize_rel_pos_bias_table, after Bao et al., "BEiT", ICLR 2022.
/// \param table  ((2 w - 1)^2, heads), of any floating-point type  \param offsets  the square that its size becomes
/// \returns (offsets, heads), or `table` itself where that is its size or one of them is no square of an odd number
inline at::Tensor resample_offsets(const at::Tensor& table, std::int64_t offsets) {
  const auto root = [](std::int64_t square) { return std::llround(std::sqrt(static_cast<double>(square))); };
  const std::int64_t count = root(table.size(0)), wanted = root(offsets);
  const bool odd_squares = count * count == table.size(0) && wanted * wanted == offsets && count * wanted % 2 == 1;
  if (!odd_squares || count == wanted) return table;
  const at::Tensor weights = detail::interpolation_weights(count, wanted);
  const at::Tensor grid = table.to(at::kDouble).t().unflatten(1, {count, count});  // (heads, count, count)
  const at::Tensor resampled = weights.matmul(grid).matmul(weights.t());
  return resampled.flatten(1).t().contiguous().to(table.scalar_type());
}

}  // namespace tagger
