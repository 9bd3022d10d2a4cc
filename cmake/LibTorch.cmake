# tagger::libtorch, wherever LibTorch comes from. The first of these that is there:
#  1. TAGGER_LIBTORCH, a variable of CMake or of the environment: the `torch` folder of PyPI's wheel, its CPU side. The
#     wheel's own find_package(Torch) asks for a CUDA toolkit, hence a target of ours on the two libraries needed.
#  2. find_package(Torch): a libtorch zip or a distribution's package (CMAKE_PREFIX_PATH says where).
#  3. What cmake/setup.sh has downloaded.
if(TARGET tagger::libtorch)
  return()
endif()
add_library(tagger::libtorch INTERFACE IMPORTED GLOBAL)

if(NOT TAGGER_LIBTORCH)
  set(TAGGER_LIBTORCH "$ENV{TAGGER_LIBTORCH}" CACHE PATH "The torch folder of PyPI's wheel" FORCE)
endif()
if(NOT TAGGER_LIBTORCH)
  find_package(Torch QUIET)
  if(NOT TORCH_LIBRARIES)
    set(cache "$ENV{TAGGER_CACHE}")
    if(NOT cache AND DEFINED ENV{XDG_CACHE_HOME})
      set(cache "$ENV{XDG_CACHE_HOME}/tagger")
    elseif(NOT cache)
      set(cache "$ENV{HOME}/.cache/tagger")
    endif()
    set(TAGGER_LIBTORCH "${cache}/libtorch-2.15.0/torch")
  endif()
endif()

if(TAGGER_LIBTORCH)
  foreach(library torch_cpu c10)
    set(file "${TAGGER_LIBTORCH}/lib/lib${library}.so")
    if(NOT EXISTS "${file}")
      message(FATAL_ERROR "LibTorch is missing: no ${file}. Run `bash cmake/setup.sh` to download it, or set "
        "TAGGER_LIBTORCH to the torch folder of PyPI's wheel, or CMAKE_PREFIX_PATH to where find_package(Torch) "
        "finds it.")
    endif()
    target_link_libraries(tagger::libtorch INTERFACE "${file}")
  endforeach()
  target_include_directories(tagger::libtorch INTERFACE
    "${TAGGER_LIBTORCH}/include" "${TAGGER_LIBTORCH}/include/torch/csrc/api/include")
  # libtorch_cpu.so names two CUDA runtime libraries that lie beside it and are found by its own RPATH.
  target_link_options(tagger::libtorch INTERFACE LINKER:--allow-shlib-undefined)
  message(STATUS "LibTorch: ${TAGGER_LIBTORCH}")
else()
  # Not TORCH_CXX_FLAGS: they would set the ABI and the warnings of the user's own code.
  target_include_directories(tagger::libtorch INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(tagger::libtorch INTERFACE ${TORCH_LIBRARIES})
  message(STATUS "LibTorch: find_package(Torch), ${Torch_DIR}")
endif()
