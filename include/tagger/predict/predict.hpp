#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include <tagger/image/transform.hpp>
#include <tagger/loader/batch.hpp>
#include <tagger/loader/loader.hpp>
#include <tagger/loader/picture_list.hpp>
#include <tagger/model/autocast.hpp>
#include <tagger/model/evaluation_mode.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/prediction.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/threshold/decision.hpp>

namespace tagger {

/// Tags pictures and hands each prediction to `sink`, in the order of `paths`, as soon as its batch is done.
/// \param sink  called with a Prediction
template <AnyTaggerType Model>
void predict(Model& model, std::vector<std::filesystem::path> paths, const Transform& transform,
             const PredictOptions& options, std::invocable<Prediction> auto sink) {
  const EvaluationMode evaluation(model);
  const at::Device device = model.parameters().front().device();
  const PictureList pictures{.paths = std::move(paths), .transform = transform, .decode = options.decode};
  Loader loader(pictures, {.batch_size = options.batch_size, .workers = options.workers, .pinned = device.is_cuda()});
  std::int64_t next = 0;
  while (auto batch = loader.next()) {
    ScoreMatrix scores;
    LabelMatrix predicted;
    if (batch->size() > 0) {
      const Autocast autocast(options.arithmetic, device.type());
      scores = as_matrix(model.scores(on_device(batch->images, device)));
      if (options.calibration) scores = (*options.calibration)(std::move(scores));
      predicted = decide(scores, options.decision);
    }
    // What could be read and what could not lie apart in a batch; the dataset's order is restored here.
    std::size_t read = 0, broken = 0;
    while (read < batch->indices.size() || broken < batch->broken.size()) {
      Prediction prediction{.path = pictures.path(next), .scores = {}, .labels = {}};
      if (read < batch->indices.size() && batch->indices[read] == next) {
        const auto row = static_cast<Eigen::Index>(read++);
        prediction.scores.assign(scores.row(row).begin(), scores.row(row).end());
        for (std::size_t k = 0; k < prediction.scores.size(); ++k) {
          if (predicted(row, static_cast<Eigen::Index>(k)) == 1) prediction.labels.push_back(model.labels()[k]);
        }
      } else {
        prediction.error = batch->broken[broken++].reason;
      }
      ++next;
      sink(std::move(prediction));
    }
  }
}

/// Tags pictures; the predictions are in the order of `paths`.
template <AnyTaggerType Model>
std::vector<Prediction> predict(Model& model, std::vector<std::filesystem::path> paths, const Transform& transform,
                                const PredictOptions& options = {}) {
  std::vector<Prediction> predictions;
  predict(model, std::move(paths), transform, options,
          [&](Prediction prediction) { predictions.push_back(std::move(prediction)); });
  return predictions;
}

}  // namespace tagger
