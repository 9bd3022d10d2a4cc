#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <tagger/weights/pickle.hpp>

namespace tagger::detail {

inline constexpr std::array<std::pair<std::string_view, DType>, 11> storage_classes{
    {{"FloatStorage", DType::float32},
     {"DoubleStorage", DType::float64},
     {"HalfStorage", DType::float16},
     {"BFloat16Storage", DType::bfloat16},
     {"LongStorage", DType::int64},
     {"IntStorage", DType::int32},
     {"ShortStorage", DType::int16},
     {"CharStorage", DType::int8},
     {"ByteStorage", DType::uint8},
     {"BoolStorage", DType::boolean},
     {"UntypedStorage", DType::uint8}}};

/// The class whose instances hold elements of `dtype`.
constexpr std::string_view storage_class(DType dtype) {
  for (const auto& [name, type] : storage_classes) {
    if (type == dtype) return name;
  }
  return {};
}

/// The whole list of names that mean something here. Whatever is not in it becomes a PickleForeign.
constexpr std::optional<PickleGlobal> known_global(std::string_view module, std::string_view name) {
  using Kind = PickleGlobal::Kind;
  if (module == "collections" && (name == "OrderedDict" || name == "Counter"))
    return PickleGlobal{Kind::dictionary, {}};
  if (module == "torch._utils") {
    // _rebuild_tensor and Parameter itself: files from before PyTorch 0.4, as torchvision's first ResNets.
    if (name == "_rebuild_tensor_v2" || name == "_rebuild_tensor") return PickleGlobal{Kind::tensor, {}};
    if (name == "_rebuild_parameter" || name == "_rebuild_parameter_with_state") {
      return PickleGlobal{Kind::parameter, {}};
    }
  }
  if (module == "torch.nn.parameter" && name == "Parameter") return PickleGlobal{Kind::parameter, {}};
  if (module == "torch" || module == "torch.cuda" || module == "torch.storage") {
    for (const auto& [storage, dtype] : storage_classes) {
      if (storage == name) return PickleGlobal{Kind::storage, dtype};
    }
  }
  if (module == "torch") {
    if (name == "Size") return PickleGlobal{Kind::size, {}};
    if (name == "device") return PickleGlobal{Kind::inert, {}};
    for (int i = 0; i < 10; ++i) {
      if (dtype_name(static_cast<DType>(i)) == name) return PickleGlobal{Kind::inert, {}};
    }
  }
  return std::nullopt;
}

}  // namespace tagger::detail
