#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include <tagger/weights/pytorch_legacy.hpp>
#include <tagger/weights/pytorch_zip.hpp>
#include <tagger/weights/safetensors.hpp>
#include <tagger/weights/sharded.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {
namespace detail {

/// The first bytes of a file, enough to tell what it is. \throws FileError
inline std::string read_head(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw FileError(path, "", std::generic_category().message(errno));
  std::string head(512, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return head;
}

/// What a file that holds no weights is, as far as its start tells; empty when it does not.
inline std::string_view describe_head(std::string_view head) {
  struct Signature {
    std::size_t at;
    std::string_view bytes;
    std::string_view what;
  };
  using namespace std::string_view_literals;
  static constexpr std::array signatures{
      Signature{0, "version https://git-lfs"sv,
                "a pointer of Git LFS in place of the file: fetch it with `git lfs pull`"},
      Signature{0, "\x89HDF\r\n\x1a\n"sv, "HDF5 (Keras); convert it to safetensors"},
      Signature{0, "\x93NUMPY"sv, "a NumPy array; convert it to safetensors"},
      Signature{0, "GGUF"sv, "GGUF; convert it to safetensors"},
      Signature{0, "\x1f\x8b"sv, "compressed by gzip; unpack it"},
      Signature{257, "ustar"sv, "a tar archive; unpack it (a file of PyTorch 0.1: load and save it in Python)"},
      Signature{0, "\x80"sv, "a pickle that torch.save did not write"},
      Signature{4, "TFL3"sv, "TensorFlow Lite; convert it to safetensors"}};
  for (const auto& each : signatures) {
    if (head.size() >= each.at && head.substr(each.at).starts_with(each.bytes)) return each.what;
  }
  // ONNX is a protocol buffer without a signature: the version of its format, then its producer's name.
  if (head.size() > 2 && head[0] == '\x08' && head[1] < 32 && head[2] == '\x12') {
    return "ONNX; save the network's state_dict() instead";
  }
  const std::size_t text = head.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (text != std::string_view::npos && head[text] == '<') {
    return "a web page or XML: what was downloaded is not the file but a page about it";
  }
  return {};
}

/// Text that starts with a brace. (The length of a safetensors header can be 123, which is one too; zeros follow it.)
inline bool is_json(std::string_view head) {
  const std::size_t text = head.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  return text != std::string_view::npos && head[text] == '{' && head.find('\0') == std::string_view::npos;
}

/// The file with the weights of a folder as timm, Hugging Face's libraries and timm's train.py leave them.
/// \throws FileError where there is none of them
inline std::filesystem::path weights_in(const std::filesystem::path& folder) {
  constexpr std::array<std::string_view, 7> names{"model.safetensors", "model.safetensors.index.json",
                                                  "pytorch_model.bin", "pytorch_model.bin.index.json",
                                                  "pytorch_model.pth", "model.pth",
                                                  "model_best.pth.tar"};
  std::error_code error;
  std::string tried;
  for (const auto name : names) {
    if (std::filesystem::exists(folder / name, error)) return folder / name;
    tried += (tried.empty() ? "" : ", ") + std::string(name);
  }
  throw FileError(folder, "", "a folder without weights: none of " + tried + " is in it; name the file");
}

/// One file with weights in it. \throws FileError, WeightsError
inline StateDict read_weights_file(const std::filesystem::path& path) {
  constexpr std::string_view accepted = "weights are safetensors, or a state dict that torch.save wrote (.pth, .pt)";
  const std::string head = read_head(path);
  if (head.empty()) throw WeightsError(path, "", "the file is empty; " + std::string(accepted));
  if (head.starts_with("PK\x03\x04")) return read_pytorch_zip(path);
  if (head.size() > 8 && head[8] == '{') return read_safetensors(path);
  if (has_legacy_magic(std::as_bytes(std::span(head)))) return read_pytorch_legacy(path);
  const auto what = describe_head(head);
  throw WeightsError(
      path, "",
      (what.empty() ? "not recognised" : "it looks like " + std::string(what)) + "; " + std::string(accepted));
}

}  // namespace detail

/// Reads weights, whatever the file is called: safetensors, what PyTorch's torch.save writes now (zip) and wrote before
/// 1.6 (legacy), or the index of weights in several such files (model.safetensors.index.json). Of a folder it reads the
/// file that detail::weights_in() finds.
/// \throws FileError, DataError; WeightsError that says what the file looks like instead
inline StateDict read_weights(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return read_weights(detail::weights_in(path));
  if (detail::is_json(detail::read_head(path))) return detail::read_sharded(path, detail::read_weights_file);
  return detail::read_weights_file(path);
}

}  // namespace tagger
