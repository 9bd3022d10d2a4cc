# What our own programs (examples, benchmarks, tests) have in common. Nothing here reaches a user's target.
option(TAGGER_PRECOMPILE "Precompile torch.h for our own programs: worth it with clang, for daily work" OFF)

set(TAGGER_WARNINGS -Wall -Wextra)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 takes std::string's + and std::vector's < for overlaps and overruns (its bug 105651 and the like).
  list(APPEND TAGGER_WARNINGS -Wno-restrict -Wno-stringop-overread)
endif()

# tagger_program(<name> [LIGHT] SOURCES <file>...): a program with our warnings, on tagger::tagger; LIGHT: on
# tagger::light, so that it neither needs nor sees LibTorch. Under TAGGER_LIGHT_ONLY the others are left out: ask
# if(TARGET <name>) before you say more about one.
function(tagger_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "LIGHT" "" "SOURCES")
  if(TAGGER_LIGHT_ONLY AND NOT arg_LIGHT)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${name} PRIVATE ${TAGGER_WARNINGS})
  if(arg_LIGHT)
    target_link_libraries(${name} PRIVATE tagger::light)
  else()
    target_link_libraries(${name} PRIVATE tagger::tagger)
    if(TAGGER_PRECOMPILE)
      target_precompile_headers(${name} REUSE_FROM tagger_precompiled)
    endif()
  endif()
endfunction()

if(TAGGER_PRECOMPILE AND NOT TAGGER_LIGHT_ONLY)
  # One for all. Each program's options must be these, which is why they are set in one function.
  set(source "${PROJECT_BINARY_DIR}/tagger_precompiled.cpp")
  file(CONFIGURE OUTPUT "${source}" CONTENT "")
  add_library(tagger_precompiled OBJECT "${source}")
  set_target_properties(tagger_precompiled PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(tagger_precompiled PRIVATE ${TAGGER_WARNINGS})
  target_link_libraries(tagger_precompiled PRIVATE tagger::tagger)
  # A time stamp in it would keep ccache from knowing it again.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(tagger_precompiled PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
  # CMake adds clang's -fpch-instantiate-templates, without which each file instantiates torch.h's templates again.
  target_precompile_headers(tagger_precompiled PRIVATE <torch/torch.h> <Eigen/Core> <nlohmann/json.hpp>)
endif()
