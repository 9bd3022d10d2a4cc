#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/image/encode.hpp>
#include <tagger/metrics/evaluate.hpp>
#include <tagger/random.hpp>
#include <tagger/report/page.hpp>

/// A name that would break a page which took it for markup, from both directions of writing.
inline const std::string odd_name = "</script><script>hacked=1</script>\"'&<b> שלום <!--";

/// Scores that follow the annotations with errors; labels that follow each other; 3 % are unknown. The last label is on
/// no picture.
inline tagger::PictureScores made_up_scores(std::size_t pictures, std::size_t labels) {
  tagger::PictureScores set;
  const auto rows = static_cast<Eigen::Index>(pictures), columns = static_cast<Eigen::Index>(labels);
  set.targets.resize(rows, columns);
  set.scores.resize(rows, columns);
  set.predictions.resize(rows, columns);
  for (std::size_t k = 0; k < labels; ++k)
    set.labels.push_back(k == 5 ? odd_name : (k == 7 ? "Label " : "label ") + std::to_string(k));
  for (Eigen::Index i = 0; i < rows; ++i) {
    tagger::Random random(20, 0, static_cast<std::uint64_t>(i));
    set.images.push_back("photos/2024/" + std::to_string(100'000 + i) + ".jpg");
    double topics[8];
    for (auto& topic : topics) topic = random.uniform(-3, 3);
    for (Eigen::Index k = 0; k < columns; ++k) {
      const double rarity = 1 + 4 * static_cast<double>(k) / static_cast<double>(columns);
      const double logit = 2 * topics[k % 8] + topics[3 * k % 7] - 2 * rarity;
      const bool yes = k + 1 < columns && random.chance(1 / (1 + std::exp(-logit)));
      set.targets(i, k) = static_cast<std::int8_t>(random.chance(0.03) ? -1 : yes);
      set.scores(i, k) = static_cast<float>(1 / (1 + std::exp(-logit - random.uniform(-2, 2) - (yes ? 1 : -1))));
      set.predictions(i, k) = set.scores(i, k) > 0.5f;
    }
  }
  return set;
}

/// A picture whose JPEG is as large as a photograph's.
inline std::vector<std::byte> made_up_thumbnail(std::size_t i) {
  tagger::Random random(21, 0, i);
  tagger::Picture picture(200, i % 3 == 0 ? 266 : 150);
  double waves[12];
  for (auto& wave : waves) wave = random.uniform();
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const double grain = random.uniform(-24, 24);
      for (int c = 0; c < 3; ++c) {
        const double value = 100 + 60 * std::sin(x * (0.02 + 0.08 * waves[c]) + 6 * waves[3 + c]) +
                             60 * std::cos(y * (0.02 + 0.08 * waves[6 + c]) + x * 0.03 * waves[9 + c]) + grain;
        const auto at = static_cast<std::size_t>((y * picture.width + x) * 3 + c);
        picture.rgb[at] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
      }
    }
  }
  return tagger::encode_jpeg(picture, 80);
}

/// The page of a whole run with these scores.
inline tagger::Page made_up_page(const tagger::PictureScores& set) {
  tagger::Page page;
  page.title = "made up";
  page.facts = {{"backbone", "resnext50_32x4d"}, {"seed", odd_name}};
  tagger::Confusion confusion(std::ssize(set.labels));
  confusion.add(set.targets, set.predictions);
  page.evaluation = evaluate<tagger::Micro, tagger::Macro, tagger::Samples>(confusion, set.labels);
  for (auto& label : page.evaluation.labels) {
    label.average_precision = label.support > 0 ? label.f1 : std::nan("");
    label.threshold = 0.5;
    label.expected_calibration_error = 0.1 * label.recall;
    page.distribution.push_back({label.name, 5 * label.support, label.support});
  }
  page.evaluation.metrics.emplace_back("hamming_loss", 0.05);
  page.evaluation.intervals = {{"micro/f1", {0.5, 0.75}}, {"hamming_loss", {0.04, 0.06}}};
  for (int step = 1; step <= 2000; ++step) page.history.step_loss.push_back(0.1 + 10.0 / (step + 15));
  for (int epoch = 1; epoch <= 10; ++epoch) page.history.tests.push_back({200 * epoch, page.evaluation});
  page.gallery = gallery(set, made_up_thumbnail, 60);
  for (std::size_t i = 0; i < std::min<std::size_t>(12, set.images.size()); ++i) {
    page.samples.push_back({set.images[i], made_up_thumbnail(i), {odd_name}});
  }
  page.details = score_details(set, made_up_thumbnail);
  return page;
}
