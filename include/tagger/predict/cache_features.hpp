#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tagger/backbone/features.hpp>
#include <tagger/error.hpp>
#include <tagger/image/fingerprint.hpp>
#include <tagger/loader/batch.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/loader/feature_table.hpp>
#include <tagger/loader/loader.hpp>
#include <tagger/loader/picture_list.hpp>
#include <tagger/model/autocast.hpp>
#include <tagger/model/evaluation_mode.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/report/crc32c.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/weights/tensor.hpp>

namespace tagger {

namespace detail {

/// What a head of this kind needs of features: a vector (N, P) where that is enough, else all places: (N, D, H, W) or
/// (N, L, D).
inline at::Tensor values_of(const FeatureMap& features, bool places) {
  return places ? features.values : pooled(features);
}
inline at::Tensor values_of(const TokenSequence& features, bool with_places) {
  return with_places ? places(features) : pooled(features);
}
inline at::Tensor values_of(const FeatureVector& features, bool) { return features.values; }
inline at::Tensor values_of(const AnyFeatures& features, bool places) {
  return std::visit([&](const auto& kind) { return values_of(kind, places); }, features);
}

inline std::string checksum(std::string_view text) {
  char digits[8];
  const auto end = std::to_chars(digits, digits + sizeof digits, crc32c(std::as_bytes(std::span(text))), 16).ptr;
  return {digits, end};
}

/// A text that other weights change.
inline std::string weights_checksum(const torch::nn::Module& module) {
  std::string text;
  const auto add = [&text](const auto& named) {
    text += named.key() + ' ' + std::to_string(crc32c(as_data(named.value()).bytes)) + '\n';
  };
  for (const auto& parameter : module.named_parameters()) add(parameter);
  for (const auto& buffer : module.named_buffers()) add(buffer);
  return checksum(text);
}

}  // namespace detail

/// The dataset with the features of its pictures in place of the pictures, as the tagger's backbone gives them: heads
/// and losses are then trained in seconds. Computes what `folder` does not have; a picture's features are found again
/// by its path, size and time of change, the backbone's weights, what the transform does and the precision, so that
/// they are never stale. Float32 on disk, 4 bytes times P a picture for a head that takes a vector, times D H W for one
/// that looks at places.
/// \param dataset  of a transform without randomness
/// \returns nothing when `options.stop` ended it; what was computed is kept
/// \throws OptionError when the backbone is not frozen, or the transform is random; FileError; DataError
template <AnyTaggerType Model>
std::optional<Dataset> cache_features(Model& model, const Dataset& dataset, const std::filesystem::path& folder,
                                      const ScoreOptions& options = {}) {
  if (!model.backbone_frozen()) {
    throw OptionError("features can be kept of a frozen backbone only: one that is trained gives others every step");
  }
  if (is_random(dataset.transform)) {
    throw OptionError(
        "the transform changes pictures at random: their features cannot be computed once and for all; take an "
        "evaluation transform");
  }
  check_labels(model, dataset);
  dataset.check_folder();
  const EvaluationMode evaluation(model);
  const at::Device device = model.parameters().front().device();
  const bool places = needs_places(model.head());
  const auto features_of = [&](const at::Tensor& images) {
    const Autocast autocast(options.arithmetic, device.type());
    return detail::values_of(model.features(on_device(images, device)), places).to(at::kCPU, at::kFloat).contiguous();
  };
  const at::Tensor trial = features_of(at::zeros({1, 3, dataset.transform.height(), dataset.transform.width()}));
  const std::vector<std::int64_t> shape(trial.sizes().begin() + 1, trial.sizes().end());
  Json key{{"backbone", model.backbone().spec().name},
           {"weights", detail::weights_checksum(model.backbone())},
           {"transform", fingerprint(dataset.transform)},
           {"size", {dataset.transform.width(), dataset.transform.height()}},
           {"background", dataset.decode.background},
           {"max_pixels", dataset.decode.max_pixels},
           {"precision", arithmetic_name(options.arithmetic)},
           {"shape", shape}};
  if (!device.is_cpu()) key["device"] = c10::DeviceTypeName(device.type(), /*lower_case=*/true);
  const std::string name = model.backbone().spec().name + "-" + detail::checksum(dump_json(key));
  auto file = std::make_shared<FeatureFile>(folder / name, key, trial.numel());

  std::vector<std::size_t> missing;
  PictureList pictures{.paths = {}, .transform = dataset.transform, .decode = dataset.decode};
  auto table = std::make_shared<FeatureTable>();
  table->entries.resize(static_cast<std::size_t>(dataset.size()));
  for (std::size_t i = 0; i < table->entries.size(); ++i) {
    auto& entry = table->entries[i];
    try {
      entry.key = PictureKey::of(dataset.path(static_cast<std::int64_t>(i)));
    } catch (const FileError& error) {
      entry.reason = error.what();  // it may be there the next time: not worth remembering
      continue;
    }
    if (file->find(entry.key)) continue;
    missing.push_back(i);
    pictures.paths.push_back(dataset.path(static_cast<std::int64_t>(i)));
  }
  const auto total = static_cast<std::int64_t>(missing.size());
  if (options.progress) options.progress(0, total);
  Loader loader(pictures, {.batch_size = options.batch_size, .workers = options.workers, .pinned = device.is_cuda()});
  std::int64_t done = 0;
  while (auto batch = loader.next()) {
    at::Tensor rows = at::empty({0});
    if (batch->size() > 0) rows = features_of(batch->images);
    std::vector<FeatureFile::Entry> entries;
    std::size_t read = 0, broken = 0;  // what could be read and what could not lie apart in a batch
    while (read < batch->indices.size() || broken < batch->broken.size()) {
      const auto& key = table->entries[missing[static_cast<std::size_t>(done)]].key;
      const bool readable = read < batch->indices.size() && batch->indices[read] == done;
      entries.push_back({.key = key, .reason = readable ? "" : batch->broken[broken].reason});
      ++(readable ? read : broken);
      ++done;
    }
    file->append(std::move(entries), {rows.const_data_ptr<float>(), static_cast<std::size_t>(rows.numel())});
    if (options.progress) options.progress(done, total);
    if (options.stop && options.stop()) return std::nullopt;
  }
  file->release();

  for (auto& entry : table->entries) {
    if (const auto* known = entry.reason.empty() ? file->find(entry.key) : nullptr) entry = *known;
  }
  table->kind = !places ? FeatureKind::vector : shape.size() == 3 ? FeatureKind::map : FeatureKind::tokens;
  table->shape = shape;
  table->file = std::move(file);
  Dataset cached = dataset;
  cached.features = std::move(table);
  return cached;
}

}  // namespace tagger
