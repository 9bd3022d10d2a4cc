#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ATen/core/grad_mode.h>

#include <tagger/report/json_value.hpp>

/// What the oracles of networks say, and how far we are from it.

inline const tagger::Json& golden(const std::string& file) {
  static std::map<std::string, tagger::Json> files;
  if (!files.contains(file)) {
    files[file] = tagger::read_json(std::filesystem::path(TAGGER_TEST_DATA) / "networks" / file);
  }
  return files[file];
}

inline at::Tensor rows(const tagger::Json& json) {
  std::vector<double> values;
  for (const auto& row : json) {
    for (const auto& value : row) values.push_back(value.get<double>());
  }
  return torch::tensor(values, at::kDouble).view({static_cast<std::int64_t>(json.size()), -1});
}

/// The largest difference, in parts of the largest expected value.
inline double difference(const at::Tensor& found, const at::Tensor& expected) {
  BOOST_REQUIRE_EQUAL(found.sizes(), expected.sizes());
  return ((found.to(at::kDouble) - expected).abs().max() / expected.abs().max()).item<double>();
}

template <class Model>
at::Tensor logits_of(Model& model, const at::Tensor& images) {
  const at::NoGradGuard no_gradient;
  return model.forward(images).values;
}

/// Compares a tensor with what the oracle's sample() says of it.
inline void check_sample(const at::Tensor& found, const tagger::Json& expected, double tolerance) {
  const at::Tensor flat = found.detach().contiguous().to(at::kDouble).flatten();
  const double norm = expected.at("norm").get<double>();
  BOOST_TEST(std::abs(flat.norm().item<double>() - norm) <= tolerance * norm);
  // An element may be next to nothing, and then it is the rounding of a sum: hold it against what elements are like.
  const double typical = norm / std::sqrt(static_cast<double>(flat.numel()));
  for (std::int64_t i = 0; i < 5; ++i) {
    const double value = expected.at("values").at(static_cast<std::size_t>(i)).get<double>();
    const double ours = flat[i * (flat.numel() - 1) / 4].item<double>();
    BOOST_TEST(std::abs(ours - value) <= tolerance * std::max(typical, std::abs(value)),
               "element " << i << ": " << ours << ", not " << value);
  }
}
