#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/random.hpp>
#include <tagger/sampler/concept.hpp>

namespace tagger {

/// Every label as often as any other: one is chosen in turn, then a picture that has it in turn. Both turns go through
/// all of them in a random order, then through all in another, on and on from epoch to epoch. An epoch has as many
/// pictures as there are; one without labels is never shown. Shen, Lin and Huang, "Relay backpropagation for effective
/// learning of deep convolutional neural networks", ECCV 2016, section 4. \throws DataError when no picture has a label
/// Models: Sampler.
struct ClassAwareSampler {
  static constexpr std::string_view name = "class_aware";

  std::vector<std::int64_t> operator()(const Annotations& annotations, std::uint64_t seed, std::uint64_t epoch) const {
    std::vector<Cards> having(annotations.labels().size());
    for (std::size_t i = 0; i < annotations.size(); ++i) {
      for (const std::int32_t label : annotations.samples()[i].yes) {
        having[static_cast<std::size_t>(label)].all.push_back(static_cast<std::int64_t>(i));
      }
    }
    Cards labels;
    for (std::size_t label = 0; label < having.size(); ++label) {
      if (!having[label].all.empty()) labels.all.push_back(static_cast<std::int64_t>(label));
    }
    if (labels.all.empty()) {
      throw DataError(annotations.source(), "samples", "no picture has a label that class_aware could choose it by");
    }
    std::vector<std::int64_t> pictures;
    const std::uint64_t size = annotations.size();
    for (std::uint64_t turn = epoch * size; turn < (epoch + 1) * size; ++turn) {  // of the whole training
      const auto label = static_cast<std::uint64_t>(labels.at(turn, seed, label_stream));
      pictures.push_back(having[label].at(turn / labels.all.size(), seed, picture_streams + label));
    }
    return pictures;
  }

 private:
  // No picture has such indices.
  static constexpr std::uint64_t label_stream = std::numeric_limits<std::uint64_t>::max() - 5;
  static constexpr std::uint64_t picture_streams = std::uint64_t{1} << 63;

  /// Dealt one by one; after the last they are shuffled anew.
  struct Cards {
    std::vector<std::int64_t> all, shuffled{};
    std::uint64_t round = 0;  ///< of dealing them all, that `shuffled` is for

    std::int64_t at(std::uint64_t turn, std::uint64_t seed, std::uint64_t stream) {
      if (shuffled.empty() || turn / all.size() != round) {
        round = turn / all.size();
        shuffled = all;
        Random random{seed, round, stream};
        shuffle(shuffled, random);
      }
      return shuffled[turn % all.size()];
    }
  };
};

static_assert(Sampler<ClassAwareSampler>);

}  // namespace tagger
