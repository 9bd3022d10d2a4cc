// How deep in a network a parameter lies, by its name, and how fast it learns: as timm's layer-wise decay has it.
#define BOOST_TEST_MODULE layers
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/optimizer/layer_depth.hpp>
#include <tagger/report/json_value.hpp>

using namespace tagger;

BOOST_AUTO_TEST_CASE(layers_are_those_of_timm) {
  const Json golden = read_json(std::filesystem::path(TAGGER_TEST_DATA) / "optimizer" / "layers.json");
  const double decay = golden.at("layer_decay").get<double>();
  for (const auto& [network, rows] : golden.at("networks").items()) {
    BOOST_TEST_CONTEXT(network) {
      std::vector<std::string> names;
      for (const auto& row : rows) {
        const auto name = row.at(0).get<std::string>();
        if (!name.starts_with("fc.") && !name.starts_with("classifier.")) names.push_back(name);  // no backbone's
      }
      const auto [depths, count] = layer_depths(names);
      for (std::size_t i = 0; i < names.size(); ++i) {
        const double scale = std::pow(decay, static_cast<double>(count - depths[i]));
        BOOST_TEST(scale == rows.at(i).at(2).get<double>(), names[i] << ": " << scale);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(depths_go_from_the_pictures_to_the_head) {
  const auto layers = [](std::vector<std::string> names) { return layer_depths(names); };
  using Depths = std::vector<std::int64_t>;
  const auto deep_stem = layers({"conv1.0.weight", "conv1.3.weight", "layer1.0.conv1.weight", "layer1.1.bn1.weight"});
  BOOST_TEST((deep_stem.depths == Depths{0, 0, 1, 2}));
  BOOST_TEST(deep_stem.count == 3);
  const auto wrapped = layers({"body.conv1.weight", "body.layer1.0.conv1.0.weight", "body.layer1.1.conv1.0.weight"});
  BOOST_TEST((wrapped.depths == Depths{0, 1, 2}));
  const auto sequence = layers({"layers.0.weight", "layers.1.weight", "layers.1.bias", "layers.10.weight"});
  BOOST_TEST((sequence.depths == Depths{0, 1, 1, 2}));
  BOOST_TEST(sequence.count == 3);
  // A layer that is named again is where it was first.
  BOOST_TEST((layers({"a.0.w.x", "a.1.w.x", "a.0.v.x"}).depths == Depths{0, 1, 0}));
  const auto plain = layers({"conv1.weight", "conv1.bias", "bn1.weight", "scale"});
  BOOST_TEST((plain.depths == Depths{0, 0, 1, 2}));
  BOOST_TEST(plain.count == 3);
  BOOST_TEST(layers({}).count == 0);
}
