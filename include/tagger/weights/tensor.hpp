#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <tagger/error.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {

inline at::ScalarType scalar_type(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return at::kFloat;
    case DType::float64:
      return at::kDouble;
    case DType::float16:
      return at::kHalf;
    case DType::bfloat16:
      return at::kBFloat16;
    case DType::int64:
      return at::kLong;
    case DType::int32:
      return at::kInt;
    case DType::int16:
      return at::kShort;
    case DType::int8:
      return at::kChar;
    case DType::uint8:
      return at::kByte;
    case DType::boolean:
      return at::kBool;
  }
  throw WeightsError("a tensor of a type that torch does not have");
}

inline DType dtype_of_tensor(const at::Tensor& tensor) {
  for (const DType dtype : {DType::float32, DType::float64, DType::float16, DType::bfloat16, DType::int64, DType::int32,
                            DType::int16, DType::int8, DType::uint8, DType::boolean}) {
    if (scalar_type(dtype) == tensor.scalar_type()) return dtype;
  }
  throw WeightsError("tensors of type " + std::string(c10::toString(tensor.scalar_type())) + " cannot be saved");
}

/// A view of `tensor`'s values, or of a contiguous copy of them on the CPU where it is neither; keeps them alive.
inline TensorData as_data(const at::Tensor& tensor) {
  auto owner = std::make_shared<const at::Tensor>(tensor.detach().to(at::kCPU).contiguous());
  const std::span bytes{static_cast<const std::byte*>(owner->const_data_ptr()), owner->nbytes()};
  return {.dtype = dtype_of_tensor(tensor), .shape = tensor.sizes().vec(), .bytes = bytes, .owner = std::move(owner)};
}

/// A tensor on the CPU with a copy of the values.
inline at::Tensor as_tensor(const TensorData& data) {
  at::Tensor tensor = at::empty(data.shape, at::TensorOptions(scalar_type(data.dtype)));
  if (!data.bytes.empty()) std::memcpy(tensor.data_ptr(), data.bytes.data(), data.bytes.size());
  return tensor;
}

/// A tensor on the CPU to read from while `data.owner` lives: it looks at the values where they are. A file's bytes
/// need not be aligned for their type; where they are not, it has a copy.
inline at::Tensor as_view(const TensorData& data) {
  const bool aligned = reinterpret_cast<std::uintptr_t>(data.bytes.data()) % element_size(data.dtype) == 0;
  if (!aligned || data.bytes.empty()) return as_tensor(data);
  return at::from_blob(const_cast<std::byte*>(data.bytes.data()), data.shape,
                       at::TensorOptions(scalar_type(data.dtype)));
}

}  // namespace tagger
