// Features that are kept are what the backbone gives, are found again, and are never stale.
#include <chrono>

#include <boost/test/unit_test.hpp>

#include <tagger/predict/cache_features.hpp>

#include "support.hpp"

namespace {

/// Looks at places, by their mean.
struct PlacesHead : tagger::LinearHead {
  static constexpr std::string_view name = "places";
  using LinearHead::LinearHead;
  tagger::Logits forward(const tagger::FeatureMap& features) { return LinearHead::forward(features); }
};

struct Frozen {
  Frozen() { model->freeze_backbone(); }

  /// How many pictures the backbone was shown.
  template <class Model>
  std::int64_t cache(Model& tagger, tagger::Dataset& dataset) {
    std::int64_t shown = 0;
    auto cached = cache_features(tagger, dataset, folder.path() / "features",
                                 {.batch_size = 5, .progress = [&](auto, auto total) { shown = total; }});
    BOOST_REQUIRE(cached);
    dataset = *cached;
    return shown;
  }

  static auto says(std::string text) {
    return [text = std::move(text)](const std::exception& error) {
      BOOST_TEST_MESSAGE(error.what());
      return std::string(error.what()).find(text) != std::string::npos;
    };
  }

  TemporaryFolder folder;
  Data data{folder.path() / "pictures"};
  std::unique_ptr<TinyTagger> model = new_tagger();
};

void same_scores(const tagger::ScoredDataset& a, const tagger::ScoredDataset& b) {
  BOOST_TEST((a.targets == b.targets).all());
  BOOST_TEST(a.indices == b.indices, boost::test_tools::per_element());
  BOOST_TEST((a.scores - b.scores).abs().maxCoeff() < 1e-6);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(feature_cache, Frozen)

BOOST_AUTO_TEST_CASE(features_are_what_the_backbone_gives) {
  tagger::Dataset pictures = data.test, features = data.test;
  BOOST_TEST(cache(*model, features) == 12);
  BOOST_TEST(features.item_shape() == std::vector<std::int64_t>{16}, boost::test_tools::per_element());
  same_scores(score(*model, pictures), score(*model, features, {.batch_size = 7, .workers = 1}));

  tagger::Tagger<TinyNet>::with<PlacesHead> looking(colours);
  looking.freeze_backbone();
  tagger::Dataset maps = data.test;
  BOOST_TEST(cache(looking, maps) == 12);  // other weights, and more of them
  BOOST_TEST(maps.item_shape() == (std::vector<std::int64_t>{16, 5, 5}), boost::test_tools::per_element());
  same_scores(score(looking, pictures), score(looking, maps));
}

BOOST_AUTO_TEST_CASE(a_head_is_trained_on_them) {
  data.train.transform = tagger::evaluation_transform(shape());
  cache(*model, data.train);
  cache(*model, data.test);
  const auto before = score(*model, data.test);
  const auto backbone = model->backbone().parameters()[0].clone();
  const auto result = fit(*model, data.train, data.test, {.epochs = 3, .batch_size = 8});
  BOOST_TEST(result.history.epochs.back().mean_loss < result.history.epochs.front().mean_loss);
  BOOST_TEST((score(*model, data.test).scores - before.scores).abs().maxCoeff() > 1e-4);
  BOOST_TEST(torch::equal(backbone, model->backbone().parameters()[0]));
}

BOOST_AUTO_TEST_CASE(they_are_found_again_and_are_never_stale) {
  tagger::Dataset first = data.test, again = data.test;
  BOOST_TEST(cache(*model, first) == 12);
  BOOST_TEST(cache(*model, again) == 0);

  // A picture that has changed, if only in time.
  const auto path = data.test.path(4);
  std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::seconds(1));
  again = data.test;
  BOOST_TEST(cache(*model, again) == 1);

  // Other weights, another size, another background.
  auto other = new_tagger(8);
  other->freeze_backbone();
  again = data.test;
  BOOST_TEST(cache(*other, again) == 12);
  again = data.test;
  again.transform = tagger::evaluation_transform({.size = side + 1});
  BOOST_TEST(cache(*model, again) == 12);
  again = data.test;
  again.transform = tagger::Transform(side, side, tagger::Normalize{}, tagger::Resize{side, side},
                                      [](tagger::Picture p, tagger::Random&) {
                                        p.rgb[5] ^= 1;
                                        return p;
                                      });
  BOOST_TEST(cache(*model, again) == 12);
  again = data.test;
  again.decode.background = {1, 2, 3};
  BOOST_TEST(cache(*model, again) == 12);
  again = data.test;
  BOOST_TEST(cache(*model, again) == 0);
}

BOOST_AUTO_TEST_CASE(broken_and_missing_pictures_are_named) {
  damage(data.test.path(1), "no picture");
  std::filesystem::remove(data.test.path(11));
  tagger::Dataset features = data.test;
  BOOST_TEST(cache(*model, features) == 11);
  const auto scored = score(*model, features);
  BOOST_TEST(scored.indices.size() == 10u);
  BOOST_REQUIRE(scored.broken.size() == 2u);
  BOOST_TEST(scored.broken[0].path == data.test.path(1));
  BOOST_TEST(scored.broken[0].reason.find("test1.jpg") != std::string::npos);
  BOOST_TEST(scored.broken[1].reason.find("test11.jpg: No such file") != std::string::npos);
  same_scores(score(*model, data.test), scored);

  make_pictures(data.test.folder, 12, "test");  // mended
  features = data.test;
  cache(*model, features);
  BOOST_TEST(score(*model, features).broken.empty());
}

BOOST_AUTO_TEST_CASE(what_was_interrupted_goes_on) {
  int batches = 0;
  const auto stopped = cache_features(*model, data.test, folder.path() / "features",
                                      {.batch_size = 5, .workers = 0, .stop = [&] { return ++batches == 2; }});
  BOOST_TEST(!stopped);
  // Killed after a row was written and before its line, and in the middle of a line.
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "features")) {
    std::ofstream(entry.path() / "features.bin", std::ios::app | std::ios::binary) << "half a row";
    std::ofstream(entry.path() / "pictures.jsonl", std::ios::app | std::ios::binary) << R"(["/half/a/li)";
  }
  tagger::Dataset features = data.test;
  BOOST_TEST(cache(*model, features) == 2);
  same_scores(score(*model, data.test), score(*model, features));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_kept_says_why) {
  const auto where = folder.path() / "features";
  const auto unfrozen = new_tagger();
  BOOST_CHECK_EXCEPTION(cache_features(*unfrozen, data.test, where), tagger::OptionError,
                        says("of a frozen backbone only"));
  BOOST_CHECK_EXCEPTION(cache_features(*model, data.train, where), tagger::OptionError,
                        says("changes pictures at random"));
  cache_features(*model, data.test, where);
  const auto kept = std::filesystem::directory_iterator(where)->path();
  const auto lines = bytes_of(kept / "pictures.jsonl");
  damage(kept / "pictures.jsonl", "[]\n" + lines);
  BOOST_CHECK_EXCEPTION(cache_features(*model, data.test, where), tagger::DataError,
                        says("pictures.jsonl: line 1: is no [path, bytes, modified, reason]; remove the folder"));
  damage(kept / "pictures.jsonl", lines);
  std::filesystem::resize_file(kept / "features.bin", 100);
  BOOST_CHECK_EXCEPTION(cache_features(*model, data.test, where), tagger::FileError,
                        says("features.bin: is cut off; remove the folder"));
  damage(kept / "key.json", "{}");
  BOOST_CHECK_EXCEPTION(cache_features(*model, data.test, where), tagger::FileError, says("key.json: is of other"));
}

BOOST_AUTO_TEST_SUITE_END()
