#pragma once

#include <algorithm>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <ATen/ops/index_select.h>
#include <ATen/ops/tensor.h>

#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/image/normalize.hpp>
#include <tagger/loader/batch.hpp>
#include <tagger/random.hpp>

namespace tagger {

struct LoaderOptions {
  std::int64_t batch_size = 32;
  int workers = 2;  ///< threads that decode; 0: the caller's own
  bool shuffle = false;
  bool drop_last = false;  ///< leave out a last batch that is not full
  std::uint64_t seed = 2020;
  std::int64_t epoch = 0;        ///< with the seed and a picture's index it decides order and augmentation
  std::int64_t first_batch = 0;  ///< start here: a resumed epoch
  bool fail_on_broken = false;   ///< throw at the first picture that cannot be read
  bool pinned = false;           ///< into page-locked memory, which a GPU reads faster, and beside other work
};

/// Batches in an epoch of `size` pictures. \throws OptionError for options that are out of range
inline std::int64_t batch_count(std::int64_t size, const LoaderOptions& options) {
  if (options.batch_size < 1) throw OptionError("the batch size must be at least 1");
  if (options.workers < 0) throw OptionError("the number of loader workers must not be negative");
  if (options.first_batch < 0) throw OptionError("the first batch must not be negative");
  return options.drop_last ? size / options.batch_size : (size + options.batch_size - 1) / options.batch_size;
}

/// Where a loader's pictures come from.
///
/// | Expression                        | Returns | Semantics                                                  |
/// |-----------------------------------|---------|------------------------------------------------------------|
/// | `source.size()`                   | integer | N                                                          |
/// | `source.label_count()`            | integer | K, may be 0                                                |
/// | `source.path(i)`                  | path    | names picture i in messages                                |
/// | `source.item_shape()`             | sizes   | of what the network is given of a picture: (3, H, W), or   |
/// |                                   |         | of its features where `source.feature_kind()` says so      |
/// | `source.feature_kind()`           | kind    | optional FeatureKind                                       |
/// | `source.read(i, random, out, l)`  |         | picture i to so many floats; (3, H, W) in layout l         |
/// | `source.targets(i, out)`          |         | K values of Label                                          |
///
/// Several threads read at once. Models: Dataset, PictureList.
template <class S>
concept PictureSource = requires(const S& source, std::int64_t i, const Random& random, std::span<float> out,
                                 std::span<std::int8_t> labels) {
  { source.size() } -> std::convertible_to<std::int64_t>;
  { source.label_count() } -> std::convertible_to<std::int64_t>;
  { source.path(i) } -> std::convertible_to<std::filesystem::path>;
  { source.item_shape() } -> std::convertible_to<std::vector<std::int64_t>>;
  { source.feature_kind() } -> std::convertible_to<std::optional<FeatureKind>>;
  source.read(i, random, out, Layout::interleaved);
  source.targets(i, labels);
};

/// The batches of one epoch, in order, decoded ahead by threads. Order and augmentation are functions of (seed, epoch,
/// index) alone, so that batches are the same byte for byte whatever the number of workers. At most `workers + 2`
/// batches are held at a time. A picture that cannot be read is left out of its batch and named in `Batch::broken`.
template <PictureSource Source>
class Loader {
 public:
  /// `source` must outlive the loader.
  Loader(const Source& source, LoaderOptions options) : Loader(source, options, order_of(source, options)) {}

  /// \param order  the pictures of the epoch, in place of `options.shuffle`; one that comes again is augmented anew
  Loader(const Source& source, LoaderOptions options, std::vector<std::int64_t> order)
      : source_(source), options_(options), order_(std::move(order)), turns_(turns_in(order_, source.size())) {
    batches_ = tagger::batch_count(std::ssize(order_), options_);
    next_ = started_ = std::min(options_.first_batch, batches_);
    if (source.feature_kind()) options_.workers = 0;  // to copy them takes less than to wake a thread
    if (options_.workers == 0) return;
    slots_.resize(static_cast<std::size_t>(options_.workers) + 2);
    try {
      for (int worker = 0; worker < options_.workers; ++worker) workers_.emplace_back([this] { work(); });
    } catch (...) {  // the system has no more threads
      stop();
      throw;
    }
  }
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  ~Loader() { stop(); }

  std::int64_t batch_count() const { return batches_; }

  /// The next batch, or nothing after the last. A batch is empty when none of its pictures could be read.
  /// \throws ImageError, FileError for a broken picture when `fail_on_broken` is set; whatever else a source throws
  std::optional<Batch> next() {
    if (next_ == batches_) return std::nullopt;
    if (options_.workers == 0) {
      Slot slot;
      open(slot, next_++);
      for (std::size_t item = 0; item < slot.indices.size(); ++item) load(slot, item);
      return close(slot);
    }
    std::unique_lock lock(mutex_);
    Slot& slot = slots_[static_cast<std::size_t>(next_) % slots_.size()];
    const auto ready = [&] { return slot.batch == next_ && slot.unfinished == 0; };
    changed_.wait(lock, [&] { return ready() || failure_; });
    if (!ready()) std::rethrow_exception(failure_);
    Slot finished = std::exchange(slot, Slot{});
    ++next_;
    lock.unlock();
    changed_.notify_all();
    return close(finished);
  }

 private:
  struct Slot {
    std::int64_t batch = -1;
    at::Tensor images;
    LabelMatrix labels;
    std::vector<std::int64_t> indices;
    std::vector<std::string> reasons;  ///< empty for a picture that was read
    std::vector<std::exception_ptr> failures;
    std::size_t handed_out = 0;
    std::size_t unfinished = 0;
  };

  static std::vector<std::int64_t> order_of(const Source& source, const LoaderOptions& options) {
    if (options.shuffle) return permutation(source.size(), options.seed, static_cast<std::uint64_t>(options.epoch));
    std::vector<std::int64_t> order(static_cast<std::size_t>(source.size()));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    return order;
  }

  /// How often each picture of `order` has come before.
  static std::vector<std::uint32_t> turns_in(const std::vector<std::int64_t>& order, std::int64_t size) {
    std::vector<std::uint32_t> turns, seen(static_cast<std::size_t>(size));
    turns.reserve(order.size());
    for (const std::int64_t index : order) turns.push_back(seen.at(static_cast<std::size_t>(index))++);
    return turns;
  }

  void open(Slot& slot, std::int64_t batch) const {
    const auto begin = static_cast<std::size_t>(batch * options_.batch_size);
    const auto count = std::min(static_cast<std::size_t>(options_.batch_size), order_.size() - begin);
    slot.indices.assign(order_.begin() + static_cast<std::ptrdiff_t>(begin),
                        order_.begin() + static_cast<std::ptrdiff_t>(begin + count));
    std::vector<std::int64_t> shape = source_.item_shape();
    shape.insert(shape.begin(), static_cast<std::int64_t>(count));
    slot.images =
        at::empty(shape, at::TensorOptions(at::kFloat).memory_format(memory_format()).pinned_memory(options_.pinned));
    slot.labels.resize(static_cast<Eigen::Index>(count), source_.label_count());
    slot.failures.resize(count);
    slot.reasons.resize(count);
    slot.handed_out = 0;
    slot.unfinished = count;
    slot.batch = batch;  // last: a slot that could not be opened is nobody's
  }

  void load(Slot& slot, std::size_t item) const {
    const std::int64_t index = slot.indices[item];
    const auto row = static_cast<Eigen::Index>(item);
    const auto floats = static_cast<std::size_t>(slot.images.numel()) / slot.indices.size();
    const std::uint64_t turn = turns_[static_cast<std::size_t>(slot.batch * options_.batch_size) + item];
    const Random random{options_.seed, static_cast<std::uint64_t>(options_.epoch),
                        static_cast<std::uint64_t>(index) | turn << 40};
    try {
      source_.targets(index, {slot.labels.row(row).data(), static_cast<std::size_t>(slot.labels.cols())});
      source_.read(index, random, {static_cast<float*>(slot.images.data_ptr()) + item * floats, floats},
                   Layout::interleaved);
    } catch (const ImageError& error) {
      slot.reasons[item] = error.what();
      slot.failures[item] = std::current_exception();
    } catch (const FileError& error) {
      slot.reasons[item] = error.what();
      slot.failures[item] = std::current_exception();
    } catch (...) {
      slot.failures[item] = std::current_exception();
    }
  }

  at::MemoryFormat memory_format() const {
    return source_.feature_kind() ? at::MemoryFormat::Contiguous : at::MemoryFormat::ChannelsLast;
  }

  /// Leaves out what could not be read. Throws here, in the caller's thread, what a worker could not.
  Batch close(Slot& slot) const {
    Batch batch{.features = source_.feature_kind()};
    std::vector<std::int64_t> kept;
    for (std::size_t item = 0; item < slot.indices.size(); ++item) {
      if (slot.failures[item] && (options_.fail_on_broken || slot.reasons[item].empty())) {
        std::rethrow_exception(slot.failures[item]);
      }
      if (slot.failures[item]) {
        batch.broken.push_back({source_.path(slot.indices[item]), slot.reasons[item]});
      } else {
        kept.push_back(static_cast<std::int64_t>(item));
        batch.indices.push_back(slot.indices[item]);
      }
    }
    if (batch.broken.empty()) {
      batch.images = std::move(slot.images);
      batch.labels = std::move(slot.labels);
      return batch;
    }
    batch.images = slot.images.index_select(0, at::tensor(kept, at::kLong)).contiguous(memory_format());
    batch.labels.resize(std::ssize(kept), slot.labels.cols());
    for (Eigen::Index i = 0; i < batch.labels.rows(); ++i) {
      batch.labels.row(i) = slot.labels.row(kept[static_cast<std::size_t>(i)]);
    }
    return batch;
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (auto& worker : workers_) worker.join();
  }

  void work() {
    std::unique_lock lock(mutex_);
    try {
      work(lock);
    } catch (...) {  // no memory for another batch
      failure_ = std::current_exception();
      stopping_ = true;
      lock.unlock();
      changed_.notify_all();
    }
  }

  void work(std::unique_lock<std::mutex>& lock) {
    for (;;) {
      Slot* slot = nullptr;
      changed_.wait(lock, [&] { return stopping_ || (slot = slot_with_work()) || started_ == batches_; });
      if (stopping_ || !slot) return;
      const std::size_t item = slot->handed_out++;
      lock.unlock();
      load(*slot, item);
      lock.lock();
      if (--slot->unfinished == 0) changed_.notify_all();
    }
  }

  /// The earliest batch with a picture left to read, opening the next batch when there is room for it.
  Slot* slot_with_work() {
    for (std::int64_t batch = next_; batch < started_; ++batch) {
      Slot& slot = slots_[static_cast<std::size_t>(batch) % slots_.size()];
      if (slot.batch == batch && slot.handed_out < slot.indices.size()) return &slot;
    }
    if (started_ == batches_ || started_ - next_ >= static_cast<std::int64_t>(slots_.size())) return nullptr;
    Slot& slot = slots_[static_cast<std::size_t>(started_) % slots_.size()];
    open(slot, started_++);
    return &slot;
  }

  const Source& source_;
  LoaderOptions options_;
  std::vector<std::int64_t> order_;
  std::vector<std::uint32_t> turns_;  ///< how often each of them has come before
  std::int64_t batches_ = 0;
  std::int64_t next_ = 0;     ///< the batch that the caller gets next
  std::int64_t started_ = 0;  ///< the first batch that nobody works at yet
  std::vector<Slot> slots_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::exception_ptr failure_;  ///< what keeps the workers from going on
  std::vector<std::thread> workers_;
};

}  // namespace tagger
