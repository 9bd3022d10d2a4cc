// Which device is meant, and what is said where there is none such. On a GPU: tests/gpu.
#include <string>

#include <boost/test/unit_test.hpp>

#include <tagger/model/device.hpp>
#include <tagger/run/machine_options.hpp>
#include <tagger/train/runtime.hpp>

BOOST_AUTO_TEST_SUITE(devices)

BOOST_AUTO_TEST_CASE(names_are_read_and_written) {
  BOOST_TEST((tagger::device_named("cpu") == at::Device(at::kCPU)));
  BOOST_TEST((tagger::device_named("cuda") == at::Device(at::kCUDA, 0)));
  BOOST_TEST((tagger::device_named("cuda:12") == at::Device(at::kCUDA, 12)));
  using Traits = tagger::OptionTraits<at::Device>;
  for (const char* name : {"cpu", "cuda:0", "cuda:3"}) BOOST_TEST(Traits::format(Traits::parse(name)) == name);
}

BOOST_AUTO_TEST_CASE(other_names_are_refused) {
  for (const std::string name :
       {"", "gpu", "CPU", "cuda:", "cuda:x", "cuda:1x", "cuda:-1", "cuda:128", "cpu:0", "mps"}) {
    BOOST_CHECK_EXCEPTION(tagger::device_named(name), tagger::OptionError, [&](const tagger::OptionError& error) {
      return std::string(error.what()).starts_with("unknown device \"" + name + "\"; valid: cpu, cuda, cuda:N");
    });
  }
}

BOOST_AUTO_TEST_CASE(a_gpu_that_is_not_there_is_refused) {
  tagger::check_device(at::kCPU);
  BOOST_CHECK_EXCEPTION(tagger::check_device({at::kCUDA, 120}), tagger::OptionError, [](const auto& error) {
    const std::string text = error.what();
    BOOST_TEST_MESSAGE(text);
    return text.starts_with("cuda:120: ") && (text.find("LibTorch sees") != std::string::npos ||
                                              text.find("LibTorch has CUDA, but sees no GPU") != std::string::npos ||
                                              text.find("this LibTorch computes on the CPU only") != std::string::npos);
  });
}

BOOST_AUTO_TEST_SUITE_END()
