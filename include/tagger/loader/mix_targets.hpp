#pragma once

#include <array>
#include <string_view>

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/maximum.h>

#include <tagger/enum_named.hpp>
#include <tagger/loss/targets.hpp>

namespace tagger {

/// What a mixture of two pictures is to be tagged with. The papers share. Uniting is what Zhang et al., "Bag of
/// freebies for training object detection neural networks", 2019, do with the objects of two pictures.
enum class MixedLabels {
  share,  ///< weight y_a + (1 - weight) y_b, for each label
  unite   ///< yes where either picture is
};

inline constexpr std::array<std::string_view, 2> mixed_labels_names{"share", "unite"};

/// \throws OptionError, listing the valid names
inline MixedLabels mixed_labels_named(std::string_view name) {
  return enum_named<MixedLabels>("way of mixing labels", name, mixed_labels_names);
}

/// The targets of pictures that are mixed with their partners. `share`: a label is unknown where it is unknown in a
/// picture of any weight. `unite`: a yes in either picture is known, whatever the other says; any other label is known
/// where both are. Whose pictures they are (Targets::pictures) can no longer be said.
/// \param partners  (N) int64, on the device of the targets
/// \param weight    of the picture itself, 0 to 1
inline Targets mix_targets(const Targets& targets, const at::Tensor& partners, double weight, MixedLabels labels) {
  if (weight >= 1) return targets;
  const auto of_partners = [&](const at::Tensor& rows) {
    return rows.defined() ? rows.index_select(0, partners) : at::Tensor();
  };
  const Targets others{of_partners(targets.values), of_partners(targets.known), of_partners(targets.pictures)};
  if (weight <= 0) return others;
  const bool unite = labels == MixedLabels::unite;
  Targets mixed{.values = unite ? at::maximum(targets.values, others.values)
                                : (targets.values * weight).add_(others.values, 1 - weight)};
  if (!targets.known.defined()) return mixed;
  mixed.known = targets.known * others.known;
  if (unite) mixed.known = at::maximum(mixed.known, mixed.values.ge(1));
  mixed.values.mul_(mixed.known);
  return mixed;
}

}  // namespace tagger
