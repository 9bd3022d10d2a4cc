# tagger::libtorch, wherever LibTorch comes from:
#  - TAGGER_LIBTORCH=<folder>: the `torch` folder of PyPI's wheel (its CPU side). The wheel's own find_package(Torch)
#    asks for a CUDA toolkit, hence a target of our own on the two libraries that a CPU program needs.
#  - otherwise find_package(Torch): a libtorch zip or a distribution's package (CMAKE_PREFIX_PATH says where).
if(TARGET tagger::libtorch)
  return()
endif()

set(TAGGER_LIBTORCH "$ENV{TAGGER_LIBTORCH}" CACHE PATH "The torch folder of PyPI's wheel; empty: find_package(Torch)")

add_library(tagger_libtorch INTERFACE)
add_library(tagger::libtorch ALIAS tagger_libtorch)

if(TAGGER_LIBTORCH)
  find_library(TAGGER_TORCH_CPU_LIBRARY torch_cpu HINTS "${TAGGER_LIBTORCH}/lib" NO_DEFAULT_PATH REQUIRED)
  find_library(TAGGER_C10_LIBRARY c10 HINTS "${TAGGER_LIBTORCH}/lib" NO_DEFAULT_PATH REQUIRED)
  target_include_directories(tagger_libtorch SYSTEM INTERFACE
    "${TAGGER_LIBTORCH}/include" "${TAGGER_LIBTORCH}/include/torch/csrc/api/include")
  target_link_libraries(tagger_libtorch INTERFACE "${TAGGER_TORCH_CPU_LIBRARY}" "${TAGGER_C10_LIBRARY}")
  # libtorch_cpu.so names two CUDA runtime libraries that lie beside it and are found by its own RPATH.
  target_link_options(tagger_libtorch INTERFACE LINKER:--allow-shlib-undefined)
else()
  find_package(Torch REQUIRED)
  # Not TORCH_CXX_FLAGS: they would set the ABI and the warnings of the user's own code.
  target_include_directories(tagger_libtorch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(tagger_libtorch INTERFACE ${TORCH_LIBRARIES})
endif()
