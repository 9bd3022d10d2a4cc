#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tagger/cli/option_set.hpp>
#include <tagger/cli/option_value.hpp>
#include <tagger/image/decode_options.hpp>
#include <tagger/model/arithmetic.hpp>
#include <tagger/model/device.hpp>
#include <tagger/predict/score_options.hpp>

namespace tagger {

/// A device in words, as device_named() reads it.
template <>
struct OptionTraits<at::Device> {
  static constexpr ConfigType config_type = ConfigType::text;
  static at::Device parse(std::string_view text) { return device_named(text); }
  static std::string format(at::Device device) { return device.str(); }
};

/// How a program computes and how it reads pictures: the options that all of them share.
struct MachineOptions {
  at::Device device = at::kCPU;
  int threads = 0;
  int workers = 2;
  Arithmetic precision = Arithmetic::float32;
  DecodeOptions decode;

  void describe(OptionSet& set) {
    set.section("Machine");
    set.option("device", device, "NAME", "what networks compute on; cuda: the first GPU").listing(device_names);
    set.option("threads", threads, "N", "threads that compute").between(0, 1024).default_text("all cores");
    set.option("workers", workers, "N", "threads that decode pictures; 0: none besides").between(0, 256);
    set.choice("precision", precision, arithmetic_names, "what convolutions are computed in");
    set.section("Pictures");
    set.option("background", decode.background, "#RRGGBB", "the colour behind transparent pictures");
    set.option("max-pixels", decode.max_pixels, "N", "pictures of more pixels are not decoded").at_least(1);
  }

  ScoreOptions scoring(std::int64_t batch_size) const {
    return {.batch_size = batch_size, .workers = workers, .arithmetic = precision};
  }
};

}  // namespace tagger
