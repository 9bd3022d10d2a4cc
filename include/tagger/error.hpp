#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tagger {

/// Base of everything that tagger throws on purpose. A message names the file, the place in it and what is wrong with
/// it: `train.json: samples[3].image_labels[0]: "skyy" is not in labels`.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}

  /// \param file   the file at fault; empty where there is none
  /// \param place  the place in the file (a JSON path, a byte offset, a tensor's name); empty for the whole file
  /// \param what   what is wrong and, where it helps, what to do
  Error(const std::filesystem::path& file, std::string_view place, std::string_view what)
      : std::runtime_error(join(file.string(), place, what)) {}

 private:
  static std::string join(std::string_view file, std::string_view place, std::string_view what) {
    std::string message;
    for (const auto part : {file, place}) {
      if (!part.empty()) message.append(part).append(": ");
    }
    return message.append(what);
  }
};

/// A file or folder cannot be opened, read or written.
struct FileError : Error {
  using Error::Error;
};
/// Annotations, score tables or label lists that cannot be understood, or that contradict themselves or each other.
struct DataError : Error {
  using Error::Error;
};
/// A picture that cannot be decoded.
struct ImageError : Error {
  using Error::Error;
};
/// A weights file that cannot be understood or does not fit the network.
struct WeightsError : Error {
  using Error::Error;
};
/// An option or a name that is not valid; the message lists what is.
struct OptionError : Error {
  using Error::Error;
};

}  // namespace tagger
