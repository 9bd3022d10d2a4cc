# tagger::libtorch, wherever LibTorch comes from. The first of these that is there:
#  1. TAGGER_LIBTORCH, a variable of CMake or of the environment: the `torch` folder of PyPI's wheel, its CPU side, and
#     its CUDA side where `pip install torch` has left all of it. The wheel's own find_package(Torch) asks for a CUDA
#     toolkit, hence a target of ours on the libraries needed.
#  2. find_package(Torch): a libtorch zip or a distribution's package (CMAKE_PREFIX_PATH says where).
#  3. What cmake/setup.sh has downloaded.
if(TARGET tagger::libtorch)
  return()
endif()

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
      string(CONCAT TAGGER_MISSING "LibTorch is missing: no ${file}. Run `bash cmake/setup.sh` to download it, or set "
        "TAGGER_LIBTORCH to the torch folder of PyPI's wheel, or CMAKE_PREFIX_PATH to where find_package(Torch) "
        "finds it.")
      if(TAGGER_FIND_MODE STREQUAL "QUIET")  # find_package(tagger) hands it on
        return()
      endif()
      message(FATAL_ERROR "${TAGGER_MISSING}")
    endif()
  endforeach()
endif()

option(TAGGER_CUDA "Link the CUDA side of PyPI's wheel where all of it is there" ON)
add_library(tagger::libtorch INTERFACE IMPORTED GLOBAL)
set(cuda "")
if(TAGGER_LIBTORCH)
  target_link_libraries(tagger::libtorch INTERFACE
    "${TAGGER_LIBTORCH}/lib/libtorch_cpu.so" "${TAGGER_LIBTORCH}/lib/libc10.so")
  target_include_directories(tagger::libtorch INTERFACE
    "${TAGGER_LIBTORCH}/include" "${TAGGER_LIBTORCH}/include/torch/csrc/api/include")
  if(TAGGER_CUDA AND EXISTS "${TAGGER_LIBTORCH}/lib/libtorch_cuda.so")
    execute_process(COMMAND ldd "${TAGGER_LIBTORCH}/lib/libtorch_cuda.so" OUTPUT_VARIABLE needs ERROR_QUIET)
    string(REGEX MATCHALL "[^ \t\n]+ => not found" absent "${needs}")
    if(absent)
      list(TRANSFORM absent REPLACE " .*" "")
      list(JOIN absent ", " absent)
      set(cuda "; its CUDA side is left out, as these are missing: ${absent}")
    else()
      # No symbol of it is named: it registers itself with libtorch_cpu.so when it is loaded.
      target_link_libraries(tagger::libtorch INTERFACE
        "-Wl,--push-state,--no-as-needed,${TAGGER_LIBTORCH}/lib/libtorch_cuda.so,--pop-state")
      set(cuda ", with CUDA")
    endif()
  endif()
  # libtorch_cpu.so names two CUDA runtime libraries that lie beside it and are found by its own RPATH.
  target_link_options(tagger::libtorch INTERFACE LINKER:--allow-shlib-undefined)
  set(found "${TAGGER_LIBTORCH}${cuda}")
else()
  # Not TORCH_CXX_FLAGS: they would set the ABI and the warnings of the user's own code.
  target_include_directories(tagger::libtorch INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(tagger::libtorch INTERFACE ${TORCH_LIBRARIES})
  set(found "find_package(Torch), ${Torch_DIR}")
endif()
if(NOT tagger_FIND_QUIETLY)
  message(STATUS "LibTorch: ${found}")
endif()
