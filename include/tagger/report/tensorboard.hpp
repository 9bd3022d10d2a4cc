#pragma once

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/report/protobuf.hpp>
#include <tagger/report/record_file.hpp>
#include <tagger/report/threshold_counts.hpp>

namespace tagger {

/// Seconds since 1970: the time stamp of TensorBoard's events.
inline double wall_time_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// TensorBoard's event files in `folder`, oldest first; none where there is no such folder.
inline std::vector<std::filesystem::path> tensorboard_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
    if (entry.path().filename().string().starts_with("events.out.tfevents.")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Writes an event file for TensorBoard: scalars, pictures, PR curves and histograms over steps, readable while it
/// grows.
///
/// A run that resumes must not show points that it is about to make again: a checkpoint keeps the file's name and
/// `position()`, and the resumed run continues the file from there.
///
/// A record is an Event (tensorflow/core/util/event.proto), the first one names the format.
class TensorBoardWriter {
 public:
  /// Starts a file of its own in `folder`, which is made if need be. \throws FileError
  explicit TensorBoardWriter(const std::filesystem::path& folder, double wall_time = wall_time_now())
      : file_(RecordFile::create(new_name(folder, wall_time))) {
    detail::ProtobufMessage event;
    event.number(1, wall_time);
    event.text(3, "brain.Event:2");
    file_.append(event.bytes());
  }

  /// Continues `file` at byte `position`, an earlier `position()`; what lies behind it is cut off.
  /// \throws FileError, also when the file is shorter than that
  static TensorBoardWriter resume(const std::filesystem::path& file, std::uint64_t position) {
    return TensorBoardWriter{RecordFile::resume(file, position)};
  }

  const std::filesystem::path& path() const { return file_.path(); }

  /// One point of the curve `tag`. \throws FileError
  void scalar(std::string_view tag, double value, std::int64_t step, double wall_time = wall_time_now()) {
    detail::ProtobufMessage summary;
    add_scalar(summary, tag, value);
    write_event(summary, step, wall_time);
  }

  /// A point of each curve `prefix` + name, as one event: all metrics of a step at the price of one. \throws FileError
  void scalars(std::string_view prefix, std::span<const std::pair<std::string, double>> values, std::int64_t step,
               double wall_time = wall_time_now()) {
    detail::ProtobufMessage summary;
    for (const auto& [name, value] : values) add_scalar(summary, std::string(prefix) + name, value);
    write_event(summary, step, wall_time);
  }

  /// A picture, as the bytes of a PNG or JPEG file of that width and height. \throws FileError
  void image(std::string_view tag, std::span<const std::byte> encoded, int width, int height, std::int64_t step,
             double wall_time = wall_time_now()) {
    constexpr int rgb = 3;
    detail::ProtobufMessage image;
    image.integer(1, height);
    image.integer(2, width);
    image.integer(3, rgb);
    image.bytes(4, encoded);
    detail::ProtobufMessage value;
    value.text(1, tag);
    value.message(4, image);
    detail::ProtobufMessage summary;
    summary.message(1, value);
    write_event(summary, step, wall_time);
  }

  /// A curve of precision over recall, for TensorBoard's PR Curves: a (6, T) tensor of true and false positives, true
  /// and false negatives, precision and recall. \throws FileError
  void pr_curve(std::string_view tag, const ThresholdCounts& counts, std::int64_t step,
                double wall_time = wall_time_now()) {
    std::string values;
    const auto append = [&](double value) {
      detail::append_little_endian(values, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
    };
    const auto share = [](std::int64_t part, std::int64_t rest) {
      return part > 0 ? static_cast<double>(part) / static_cast<double>(part + rest) : 0.0;
    };
    for (const auto* row : {&counts.tp, &counts.fp, &counts.tn, &counts.fn}) {
      for (const auto count : *row) append(static_cast<double>(count));
    }
    for (std::size_t t = 0; t < counts.size(); ++t) append(share(counts.tp[t], counts.fp[t]));
    for (std::size_t t = 0; t < counts.size(); ++t) append(share(counts.tp[t], counts.fn[t]));
    detail::ProtobufMessage settings;  // PrCurvePluginData
    settings.integer(2, static_cast<std::int64_t>(counts.size()));
    constexpr int float32 = 1;
    write_tensor(tag, "pr_curves", settings, float32, 6, counts.size(), values, step, wall_time);
  }

  /// How many values lie in each of B equally wide parts from `low` to `high`, for TensorBoard's Histograms and
  /// Distributions: a (B, 3) tensor of left end, right end and count. \throws FileError
  void histogram(std::string_view tag, double low, double high, std::span<const std::int64_t> counts, std::int64_t step,
                 double wall_time = wall_time_now()) {
    std::string values;
    const auto append = [&](double value) {
      detail::append_little_endian(values, std::bit_cast<std::uint64_t>(value));
    };
    const double width = (high - low) / static_cast<double>(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
      append(low + static_cast<double>(i) * width);
      append(low + static_cast<double>(i + 1) * width);
      append(static_cast<double>(counts[i]));
    }
    constexpr int float64 = 2;
    write_tensor(tag, "histograms", {}, float64, counts.size(), 3, values, step, wall_time);
  }

  /// Returns when all events are on the disk. \throws FileError
  void flush() { file_.flush(); }

  /// The size of the file in bytes, once all of it is on the disk: a checkpoint that keeps it never points beyond the
  /// end of the file. \throws FileError
  std::uint64_t position() {
    flush();
    return file_.position();
  }

 private:
  explicit TensorBoardWriter(RecordFile file) : file_(std::move(file)) {}

  static std::filesystem::path new_name(const std::filesystem::path& folder, double wall_time) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw FileError(folder, "", "cannot be made: " + error.message());
    char host[256] = {};
    if (::gethostname(host, sizeof host - 1) != 0 || host[0] == '\0') host[0] = '-';
    const std::string stem = "events.out.tfevents." + std::to_string(static_cast<std::int64_t>(wall_time)) + '.' +
                             host + '.' + std::to_string(::getpid()) + '.';
    int count = 0;
    while (std::filesystem::exists(folder / (stem + std::to_string(count)), error)) ++count;
    return folder / (stem + std::to_string(count));
  }

  static void add_scalar(detail::ProtobufMessage& summary, std::string_view tag, double value) {
    detail::ProtobufMessage point;
    point.text(1, tag);
    point.number(2, static_cast<float>(value));
    summary.message(1, point);
  }

  /// A (rows, columns) tensor that the plug-in of that name shows.
  /// \param type      of DataType in tensorflow/core/framework/types.proto
  /// \param settings  the plug-in's own message
  void write_tensor(std::string_view tag, std::string_view plugin, const detail::ProtobufMessage& settings, int type,
                    std::size_t rows, std::size_t columns, std::string_view values, std::int64_t step,
                    double wall_time) {
    detail::ProtobufMessage shape;
    for (const std::size_t size : {rows, columns}) {
      detail::ProtobufMessage dimension;
      dimension.integer(1, static_cast<std::int64_t>(size));
      shape.message(2, dimension);
    }
    detail::ProtobufMessage tensor;
    tensor.integer(1, type);
    tensor.message(2, shape);
    tensor.text(4, values);
    detail::ProtobufMessage shown_by;
    shown_by.text(1, plugin);
    if (!settings.bytes().empty()) shown_by.message(2, settings);
    detail::ProtobufMessage metadata;
    metadata.message(1, shown_by);
    detail::ProtobufMessage value;
    value.text(1, tag);
    value.message(8, tensor);
    value.message(9, metadata);
    detail::ProtobufMessage summary;
    summary.message(1, value);
    write_event(summary, step, wall_time);
  }

  void write_event(const detail::ProtobufMessage& summary, std::int64_t step, double wall_time) {
    detail::ProtobufMessage event;
    event.number(1, wall_time);
    event.integer(2, step);
    event.message(5, summary);
    file_.append(event.bytes());
  }

  RecordFile file_;
};

}  // namespace tagger
