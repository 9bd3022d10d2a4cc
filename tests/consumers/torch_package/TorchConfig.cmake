# What a libtorch zip's or a distribution's package gives, on the libraries in TEST_LIBTORCH.
add_library(torch UNKNOWN IMPORTED)
set_target_properties(torch PROPERTIES IMPORTED_LOCATION "${TEST_LIBTORCH}/lib/libtorch_cpu.so")
target_link_options(torch INTERFACE LINKER:--allow-shlib-undefined)
set(TORCH_LIBRARIES torch "${TEST_LIBTORCH}/lib/libc10.so")
set(TORCH_INCLUDE_DIRS "${TEST_LIBTORCH}/include" "${TEST_LIBTORCH}/include/torch/csrc/api/include")
set(TORCH_CXX_FLAGS "-this-must-reach-nobody")
