# cmake --install: headers, the targets for find_package(tagger), the program where it is built.
include(CMakePackageConfigHelpers)
set(folder "${CMAKE_INSTALL_LIBDIR}/cmake/tagger")

# Two sets of targets, so that find_package(tagger COMPONENTS light) does not look for LibTorch.
install(TARGETS tagger_light EXPORT taggerLightTargets FILE_SET HEADERS)
install(EXPORT taggerLightTargets NAMESPACE tagger:: DESTINATION "${folder}")
if(TARGET tagger)
  install(TARGETS tagger EXPORT taggerTargets FILE_SET HEADERS)
  install(EXPORT taggerTargets NAMESPACE tagger:: DESTINATION "${folder}")
endif()
if(TARGET tagger_program)
  set_target_properties(tagger_program PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
  install(TARGETS tagger_program)
endif()

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/taggerConfig.cmake.in" "${PROJECT_BINARY_DIR}/taggerConfig.cmake"
  INSTALL_DESTINATION "${folder}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/taggerConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
  "${PROJECT_BINARY_DIR}/taggerConfig.cmake" "${PROJECT_BINARY_DIR}/taggerConfigVersion.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/TaggerDependencies.cmake" "${CMAKE_CURRENT_LIST_DIR}/LibTorch.cmake"
  DESTINATION "${folder}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
