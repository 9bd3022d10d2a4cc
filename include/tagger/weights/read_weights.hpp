#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include <tagger/weights/pytorch_legacy.hpp>
#include <tagger/weights/pytorch_zip.hpp>
#include <tagger/weights/safetensors.hpp>
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
  if (text != std::string_view::npos && head[text] == '{') return "JSON; a folder's weights are in model.safetensors";
  return {};
}

}  // namespace detail

/// Reads weights, whatever the file is called: safetensors, or what PyTorch's torch.save writes now (zip) and wrote
/// before 1.6 (legacy). \throws FileError; WeightsError that says what the file looks like instead
inline StateDict read_weights(const std::filesystem::path& path) {
  constexpr std::string_view accepted = "weights are safetensors, or a state dict that torch.save wrote (.pth, .pt)";
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw WeightsError(path, "", "a folder; name the file in it, such as model.safetensors");
  }
  const std::string head = detail::read_head(path);
  if (head.empty()) throw WeightsError(path, "", "the file is empty; " + std::string(accepted));
  if (head.starts_with("PK\x03\x04")) return read_pytorch_zip(path);
  if (head.size() > 8 && head[8] == '{') return read_safetensors(path);
  if (detail::has_legacy_magic(std::as_bytes(std::span(head)))) return read_pytorch_legacy(path);
  const auto what = detail::describe_head(head);
  throw WeightsError(
      path, "",
      (what.empty() ? "not recognised" : "it looks like " + std::string(what)) + "; " + std::string(accepted));
}

}  // namespace tagger
