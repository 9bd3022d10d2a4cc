# cmake -DINCLUDE=<include/> -DLIGHT=<headers> -DTORCH=<headers> -P tiers.cmake
# What each header reaches through its includes: the light ones nothing of LibTorch, activation/ and loss/ only ATen,
# and tagger.hpp every other but cli/
# and what builds on it, which are for programs.
cmake_minimum_required(VERSION 3.25)
set(faults "")

include("${CMAKE_CURRENT_LIST_DIR}/reach.cmake")

foreach(path IN LISTS LIGHT TORCH)
  file(RELATIVE_PATH header "${INCLUDE}" "${path}")
  set(forbidden "")
  if(path IN_LIST LIGHT)
    set(forbidden "^(torch|ATen|c10|caffe2)/")
  elseif(header MATCHES "^tagger/(activation|loss)/")
    set(forbidden "^(torch|caffe2)/")
  endif()
  if(forbidden)
    reach("${header}" reached)
    list(FILTER reached INCLUDE REGEX "${forbidden}")
    if(reached)
      list(APPEND faults "${header} reaches ${reached}")
    endif()
  endif()
endforeach()

if(EXISTS "${INCLUDE}/tagger/tagger.hpp")
  reach("tagger/tagger.hpp" reached)
  foreach(path IN LISTS LIGHT TORCH)
    file(RELATIVE_PATH header "${INCLUDE}" "${path}")
    if(NOT header IN_LIST reached)
      reach("${header}" below)
      if(NOT below MATCHES "tagger/cli/")
        list(APPEND faults "tagger/tagger.hpp does not reach ${header}")
      endif()
    endif()
  endforeach()
endif()

if(faults)
  list(JOIN faults "\n" faults)
  message(FATAL_ERROR "${faults}")
endif()
