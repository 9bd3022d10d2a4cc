// The batches of an epoch are a function of (seed, epoch, index) alone, bad pictures are left out by name, memory is
// bounded, and what goes wrong in a thread is heard of in next().
#include <atomic>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "support.hpp"

BOOST_AUTO_TEST_SUITE(loading)

namespace {

using tagger::Batch;
using tagger::Loader;
using tagger::LoaderOptions;

template <class Source>
std::vector<Batch> all(const Source& source, const LoaderOptions& options) {
  Loader loader(source, options);
  std::vector<Batch> batches;
  while (auto batch = loader.next()) batches.push_back(std::move(*batch));
  BOOST_TEST(!loader.next());
  BOOST_TEST(std::ssize(batches) ==
             std::max<std::int64_t>(tagger::batch_count(source.size(), options) - options.first_batch, 0));
  return batches;
}

bool same(const Batch& a, const Batch& b) {
  return a.indices == b.indices && a.broken == b.broken && a.images.sizes() == b.images.sizes() &&
         a.images.strides() == b.images.strides() &&
         std::memcmp(a.images.data_ptr(), b.images.data_ptr(), a.images.nbytes()) == 0 &&
         a.labels.rows() == b.labels.rows() && (a.labels == b.labels).all();
}

/// Whether each batch is the other's, byte for byte.
bool same(const std::vector<Batch>& a, const std::vector<Batch>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Batch& one, const Batch& other) { return same(one, other); });
}

/// Numbers for pictures; `on_read` may do as it likes.
struct Numbers {
  std::int64_t count = 100;
  std::function<void(std::int64_t)> on_read = [](std::int64_t) {};
  std::function<void(std::int64_t)> on_targets = [](std::int64_t) {};
  std::function<int()> on_height = [] { return 1; };

  std::int64_t size() const { return count; }
  std::int64_t label_count() const { return 1; }
  std::filesystem::path path(std::int64_t index) const { return "number " + std::to_string(index); }
  std::vector<std::int64_t> item_shape() const { return {3, on_height(), 2}; }
  std::optional<tagger::FeatureKind> feature_kind() const { return std::nullopt; }
  void read(std::int64_t index, tagger::Random random, std::span<float> out, tagger::Layout) const {
    on_read(index);
    std::fill(out.begin(), out.end(), static_cast<float>(index));
    out.back() = static_cast<float>(random.uniform());
  }
  void targets(std::int64_t index, std::span<std::int8_t> out) const {
    on_targets(index);
    out[0] = static_cast<std::int8_t>(index % 2);
  }
};
static_assert(tagger::PictureSource<Numbers> && tagger::PictureSource<tagger::Dataset>);

struct Fixture {
  TemporaryFolder folder;
  Data data{folder.path(), 41, 3};
  LoaderOptions options{.batch_size = 4, .workers = 0, .shuffle = true, .drop_last = true, .seed = 1, .epoch = 2};

  std::vector<Batch> with_workers(int workers) const {
    auto changed = options;
    changed.workers = workers;
    return all(data.train, changed);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(batches_are_the_same_byte_for_byte_whatever_the_number_of_workers, Fixture) {
  const auto alone = with_workers(0);
  BOOST_TEST(alone.size() == 10U);
  for (const int workers : {1, 2, 8}) BOOST_TEST(same(alone, with_workers(workers)));
}

BOOST_FIXTURE_TEST_CASE(pictures_and_labels_lie_as_the_network_takes_them, Fixture) {
  for (const Batch& batch : with_workers(2)) {
    BOOST_TEST(batch.size() == 4);
    BOOST_TEST(batch.images.sizes() == (at::IntArrayRef{4, 3, side, side}));
    BOOST_TEST(batch.images.is_contiguous(at::MemoryFormat::ChannelsLast));
    for (std::size_t row = 0; row < 4; ++row) {
      const auto& sample = data.train.annotations.samples()[static_cast<std::size_t>(batch.indices[row])];
      const auto yes = batch.labels.row(static_cast<Eigen::Index>(row)).cast<int>().sum();
      BOOST_TEST(yes == std::ssize(sample.yes));
    }
  }
  // Without workers' help: the same floats as the transform's own.
  const auto batches = all(data.test, {.batch_size = 2, .workers = 2});
  std::vector<float> picture(3 * side * side);
  data.test.read(2, tagger::Random(2020, 0, 2), picture, tagger::Layout::interleaved);
  BOOST_TEST(batches.back().size() == 1);
  BOOST_TEST(std::memcmp(batches.back().images.data_ptr(), picture.data(), picture.size() * sizeof(float)) == 0);
}

BOOST_FIXTURE_TEST_CASE(order_and_augmentation_are_of_seed_epoch_and_index_alone, Fixture) {
  const auto first = with_workers(2);
  BOOST_TEST(same(first, with_workers(2)));
  const auto order = [](const std::vector<Batch>& batches) {
    std::vector<std::int64_t> indices;
    for (const auto& batch : batches) indices.insert(indices.end(), batch.indices.begin(), batch.indices.end());
    return indices;
  };
  auto changed = options;
  changed.epoch = 3;
  const auto next_epoch = all(data.train, changed);
  BOOST_TEST(order(first) != order(next_epoch));
  changed = options;
  changed.seed = 2;
  BOOST_TEST(order(first) != order(all(data.train, changed)));

  // A picture is augmented alike wherever it stands in whatever batch, and otherwise in another epoch.
  changed = options;
  changed.shuffle = false;
  changed.batch_size = 41;
  const auto in_order = all(data.train, changed).front();
  for (const Batch& batch : first) {
    for (std::int64_t row = 0; row < batch.size(); ++row) {
      BOOST_TEST(batch.images[row].equal(in_order.images[batch.indices[static_cast<std::size_t>(row)]]));
    }
  }
  changed.epoch = 3;
  const auto other_epoch = all(data.train, changed).front();
  int changed_pictures = 0;
  for (std::int64_t i = 0; i < 41; ++i) changed_pictures += !other_epoch.images[i].equal(in_order.images[i]);
  BOOST_TEST(changed_pictures == 41);
}

BOOST_FIXTURE_TEST_CASE(a_resumed_epoch_is_the_tail_of_the_whole_one, Fixture) {
  const auto whole = with_workers(0);
  for (const int workers : {0, 3}) {
    for (const std::int64_t first : {1, 7, 9, 10, 11}) {
      options.first_batch = first;
      const auto begin = whole.begin() + std::min<std::int64_t>(first, 10);
      BOOST_TEST(same(with_workers(workers), {begin, whole.end()}));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_picture_that_comes_again_is_augmented_anew, Fixture) {
  const std::vector<std::int64_t> order{3, 5, 3, 3, 7, 5, 0};
  options.drop_last = false;
  std::vector<Batch> alone;
  for (const int workers : {0, 2}) {
    options.workers = workers;
    Loader loader(data.train, options, order);
    BOOST_TEST(loader.batch_count() == 2);
    std::vector<Batch> batches;
    while (auto batch = loader.next()) batches.push_back(std::move(*batch));
    if (workers == 0) alone = batches;
    BOOST_TEST(same(alone, batches));
  }
  BOOST_TEST(alone[0].indices == (std::vector<std::int64_t>{3, 5, 3, 3}));
  BOOST_TEST(alone[1].indices == (std::vector<std::int64_t>{7, 5, 0}));
  BOOST_TEST(!alone[0].images[0].equal(alone[0].images[2]));
  BOOST_TEST(!alone[0].images[2].equal(alone[0].images[3]));
  BOOST_TEST(!alone[0].images[1].equal(alone[1].images[1]));
  // The first time it is augmented as it always is.
  options.batch_size = 41;
  options.shuffle = false;
  const auto in_order = all(data.train, options).front();
  BOOST_TEST(alone[0].images[0].equal(in_order.images[3]));
  BOOST_TEST(alone[1].images[0].equal(in_order.images[7]));
  // A resumed epoch knows what has come before.
  options.batch_size = 4;
  options.first_batch = 1;
  BOOST_TEST(same(*Loader(data.train, options, order).next(), alone[1]));
}

BOOST_AUTO_TEST_CASE(a_short_batch_is_last_or_dropped) {
  const Numbers ten{.count = 10};
  for (const int workers : {0, 1, 4}) {
    const auto kept = all(ten, {.batch_size = 4, .workers = workers});
    BOOST_TEST(kept.size() == 3U);
    BOOST_TEST((kept.back().indices == std::vector<std::int64_t>{8, 9}));
    BOOST_TEST(all(ten, {.batch_size = 4, .workers = workers, .drop_last = true}).size() == 2U);
    BOOST_TEST(all(ten, {.batch_size = 11, .workers = workers, .drop_last = true}).empty());
    BOOST_TEST(all(ten, {.batch_size = 11, .workers = workers}).size() == 1U);
    BOOST_TEST(all(Numbers{.count = 0}, {.batch_size = 4, .workers = workers}).empty());
  }
}

BOOST_FIXTURE_TEST_CASE(broken_pictures_are_left_out_and_named, Fixture) {
  std::filesystem::remove(folder.path() / "7.jpg");
  tagger::write_file(folder.path() / "9.jpg", "");
  tagger::write_file(folder.path() / "11.jpg", bytes_of(folder.path() / "11.jpg").substr(0, 300));
  options.drop_last = false;
  options.batch_size = 1;
  const auto batches = with_workers(2);
  BOOST_TEST(same(batches, with_workers(0)));
  std::vector<std::string> reasons;
  for (const Batch& batch : batches) {
    BOOST_TEST(batch.size() + std::ssize(batch.broken) == 1);
    BOOST_TEST(batch.images.size(0) == batch.size());
    BOOST_TEST(batch.labels.rows() == batch.size());
    for (const auto& [path, reason] : batch.broken) {
      BOOST_TEST(reason.starts_with(path.string() + ": "));
      reasons.push_back(path.filename().string() + reason.substr(path.string().size()));
    }
  }
  std::sort(reasons.begin(), reasons.end());
  BOOST_REQUIRE(reasons.size() == 3U);
  BOOST_TEST(reasons[0].starts_with("11.jpg: "));
  BOOST_TEST(reasons[1] == "7.jpg: No such file or directory");
  BOOST_TEST(reasons[2] == "9.jpg: the file is empty");

  options.batch_size = 41;
  const auto one = with_workers(3);
  BOOST_TEST(one.front().size() == 38);
  BOOST_TEST(one.front().broken.size() == 3U);
  for (const auto index : {7, 9, 11}) {
    BOOST_TEST((std::find(one.front().indices.begin(), one.front().indices.end(), index) == one.front().indices.end()));
  }
  options.fail_on_broken = true;
  for (const int workers : {0, 2}) BOOST_CHECK_THROW(with_workers(workers), tagger::Error);
}

BOOST_AUTO_TEST_CASE(what_a_source_throws_surfaces_in_next_and_in_its_turn) {
  const auto thrower = [](std::int64_t index) {
    if (index == 41) throw std::logic_error("41");
  };
  Numbers reads, targets;
  reads.on_read = targets.on_targets = thrower;
  for (const Numbers* source : {&reads, &targets}) {
    for (const int workers : {0, 1, 4}) {
      Loader loader(*source, {.batch_size = 4, .workers = workers});
      for (int i = 0; i < 10; ++i) BOOST_TEST(loader.next()->indices.front() == 4 * i);
      BOOST_CHECK_EXCEPTION(loader.next(), std::logic_error,
                            [](const auto& error) { return std::string(error.what()) == "41"; });
      BOOST_TEST(loader.next()->indices.front() == 44);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_batch_that_cannot_be_had_surfaces_in_next) {
  std::atomic<int> asked = 0;
  Numbers source;
  source.on_height = [&] { return ++asked > 5 ? throw std::bad_alloc() : 1; };
  for (const int workers : {0, 1, 4}) {
    asked = 0;
    Loader loader(source, {.batch_size = 4, .workers = workers});
    int batches = 0;
    const auto drain = [&] {
      while (loader.next()) ++batches;
    };
    BOOST_CHECK_THROW(drain(), std::bad_alloc);
    BOOST_TEST(batches <= 5);
  }
}

BOOST_AUTO_TEST_CASE(a_loader_may_be_given_up_at_any_moment) {
  std::atomic<int> reading = 0;
  Numbers slow{.count = 1000};
  slow.on_read = [&](std::int64_t) {
    ++reading;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    --reading;
  };
  for (int taken = 0; taken < 12; ++taken) {
    Loader loader(slow, {.batch_size = 3, .workers = 1 + taken % 4});
    for (int i = 0; i < taken; ++i) loader.next();
  }
  BOOST_TEST(reading == 0);
}

BOOST_AUTO_TEST_CASE(no_more_than_workers_and_two_batches_are_held) {
  for (const int workers : {1, 3}) {
    std::atomic<std::int64_t> farthest = 0;
    Numbers source{.count = 400};
    source.on_read = [&](std::int64_t index) {
      for (auto seen = farthest.load(); seen < index && !farthest.compare_exchange_weak(seen, index);) continue;
    };
    Loader loader(source, {.batch_size = 4, .workers = workers});
    for (int taken = 0; taken < 20; ++taken) {
      // Time enough to run ahead, were it possible.
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      BOOST_TEST(farthest < 4 * (taken + workers + 2));
      loader.next();
    }
    BOOST_TEST(farthest > 4 * 19);
  }
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused) {
  const Numbers source;
  BOOST_CHECK_THROW(Loader(source, {.batch_size = 0}), tagger::OptionError);
  BOOST_CHECK_THROW(Loader(source, {.batch_size = -1}), tagger::OptionError);
  BOOST_CHECK_THROW(Loader(source, {.workers = -1}), tagger::OptionError);
  BOOST_CHECK_THROW(Loader(source, {.first_batch = -1}), tagger::OptionError);
}

BOOST_AUTO_TEST_CASE(unknown_labels_are_masked_in_targets) {
  tagger::LabelMatrix labels(2, 2);
  labels << 1, 0, 0, 1;
  BOOST_TEST(!tagger::as_targets(labels).known.defined());
  labels << 1, -1, 0, 1;
  const auto targets = tagger::as_targets(labels);
  BOOST_TEST(targets.values.equal(at::tensor({1.f, 0.f, 0.f, 1.f}).view({2, 2})));
  BOOST_TEST(targets.known.equal(at::tensor({1.f, 0.f, 1.f, 1.f}).view({2, 2})));
}

BOOST_AUTO_TEST_SUITE_END()
