#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <vector>

#include <tagger/data/annotations.hpp>
#include <tagger/split/groups.hpp>

namespace tagger {

/// Who decides which pictures are to train on and which to score on.
///
/// | Expression                            | Returns       | Semantics                                           |
/// |---------------------------------------|---------------|-----------------------------------------------------|
/// | `S{}`                                 |               | the defaults                                        |
/// | `splitter(annotations, groups, sizes)`| vector of     | (G): the part that each group of pictures goes to;  |
/// |                                       | std::size_t   | part p should get sizes[p] pictures, not always a   |
/// |                                       |               | whole number                                        |
/// | `S::name`                             | string view   | the name on command lines                           |
///
/// A pure function, of its seed too where it has one. The sizes add up to the number of pictures.
/// Models: FirstSplit, RandomSplit, StratifiedSplit.
template <class S>
concept Splitter = std::default_initializable<S> && std::copy_constructible<S> &&
                   requires(const S& splitter, const Annotations& annotations, const Groups& groups,
                            const std::vector<double>& sizes) {
                     { splitter(annotations, groups, sizes) } -> std::same_as<std::vector<std::size_t>>;
                     { S::name } -> std::convertible_to<std::string_view>;
                   };

}  // namespace tagger
