#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/weights/pickle_globals.hpp>
#include <tagger/weights/state_dict.hpp>
#include <tagger/weights/zip_writer.hpp>

namespace tagger {
namespace detail {

/// Writes the pickle (protocol 2) of an OrderedDict of tensors, the i-th in storage "i".
class StateDictPickler {
 public:
  std::string operator()(const StateDict& state) {
    out_ = "\x80\x02";
    global("collections", "OrderedDict");
    out_ += ")R(";
    std::size_t index = 0;
    for (const auto& [name, tensor] : state) {
      text(name);
      this->tensor(tensor, std::to_string(index++));
    }
    return out_ += "u.";
  }

 private:
  void tensor(const TensorData& tensor, const std::string& key) {
    global("torch._utils", "_rebuild_tensor_v2");
    out_ += "((";
    text("storage");
    global("torch", storage_class(tensor.dtype));
    text(key);
    text("cpu");
    integer(static_cast<std::int64_t>(tensor.numel()));
    out_ += "tQ";
    integer(0);
    out_ += '(';
    for (const std::int64_t size : tensor.shape) integer(size);
    out_ += "t(";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      std::int64_t stride = 1;
      for (const std::int64_t size : std::span(tensor.shape).subspan(i + 1)) stride *= size > 0 ? size : 1;
      integer(stride);
    }
    out_ += "t\x89";  // no gradient
    global("collections", "OrderedDict");
    out_ += ")RtR";
  }
  void global(std::string_view module, std::string_view name) {
    out_.append("c").append(module).append("\n").append(name).append("\n");
  }
  void text(std::string_view text) {
    out_ += 'X';
    bytes(text.size(), 4);
    out_ += text;
  }
  void integer(std::int64_t value) {
    out_ += "\x8a\x08";
    bytes(static_cast<std::uint64_t>(value), 8);
  }
  void bytes(std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) out_ += static_cast<char>(value >> 8 * i & 0xff);
  }

  std::string out_;
};

}  // namespace detail

/// Writes `state` to `path`, whole or not at all, as torch.save writes a state dict: torch.load opens it, with
/// weights_only=True too. The format has no place for the metadata. Below 4 GiB. \throws FileError, WeightsError
inline void write_pytorch(const std::filesystem::path& path, const StateDict& state) {
  detail::ZipWriter archive{path};
  archive.add("archive/data.pkl", detail::StateDictPickler{}(state));
  archive.add("archive/byteorder", "little");
  std::size_t index = 0;
  for (const auto& [name, tensor] : state) archive.add("archive/data/" + std::to_string(index++), tensor.bytes);
  archive.add("archive/version", "3\n");
  archive.commit();
}

}  // namespace tagger
