#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <tagger/loader/broken_picture.hpp>
#include <tagger/train/observers.hpp>

namespace tagger {

/// The pictures that a training could not read, each once. Observers are told of the first twenty.
class BrokenPictures {
 public:
  void add(const std::vector<BrokenPicture>& found, const Observers& observers) {
    for (const auto& picture : found) {
      if (!known_.insert(picture.path.native()).second) continue;
      all_.push_back(picture);
      if (all_.size() <= told_one_by_one) observers.message(picture.reason + "; the picture is left out");
      if (all_.size() == told_one_by_one) {
        observers.message("further pictures that cannot be read are listed at the end");
      }
    }
  }

  /// Goes on with those of a checkpoint, which observers have heard of.
  void restore(std::vector<BrokenPicture> known) {
    all_ = std::move(known);
    known_.clear();
    for (const auto& picture : all_) known_.insert(picture.path.native());
  }

  const std::vector<BrokenPicture>& all() const { return all_; }

 private:
  static constexpr std::size_t told_one_by_one = 20;

  std::vector<BrokenPicture> all_;
  std::unordered_set<std::string> known_;
};

}  // namespace tagger
