#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <tagger/backbone/any_backbone.hpp>
#include <tagger/cli/option_set.hpp>
#include <tagger/cli/policy_value.hpp>
#include <tagger/head/any_head.hpp>
#include <tagger/image/augmentation.hpp>
#include <tagger/image/crop_mode.hpp>
#include <tagger/image/interpolation.hpp>
#include <tagger/image/pixel_statistics.hpp>
#include <tagger/loss/any_loss.hpp>
#include <tagger/run/training_options.hpp>
#include <tagger/train/fit_options.hpp>

namespace tagger {

/// A method, by names: what decides what a tagger learns, apart from the pictures. The defaults are the published
/// NUS-WIDE recipe's.
struct Recipe {
  std::string backbone = "resnext50_32x4d";
  std::optional<std::filesystem::path> weights{};  ///< pretrained; without: from scratch
  std::optional<double> drop_path{};               ///< see set_drop_path(); empty: the backbone's own
  bool freeze_backbone = false;
  bool cache_features = false;  ///< of a frozen backbone: see cache_features()
  AnyHeadOptions head{};
  AnyLoss loss = BinaryCrossEntropy{};
  int size = 256;  ///< of both sides of the pictures that the network sees
  Interpolation interpolation = Interpolation::bilinear;
  CropMode crop_mode = CropMode::squash;
  ChannelOrder channels = ChannelOrder::rgb;
  PixelStatistics statistics = PixelStatistics::backbone;  ///< mean and deviation that pictures are normalised with
  AnyAugmentation augmentation = augmentations::Tutorial{};
  FitOptions fit{};

  void describe(OptionSet& set) {
    set.section("Method");
    set.option("backbone", backbone, "NAME", "the network that sees the pictures; `tagger backbones` lists them")
        .one_of(policy_names<Backbones>());
    set.option("weights", weights, "FILE",
               "pretrained weights, safetensors or PyTorch's, or a folder of them; without: from scratch");
    set.option("drop-path", drop_path, "RATE",
               "stochastic depth: share of the pictures for which training leaves out the last block, earlier ones for "
               "fewer")
        .between(0, 0.999999)
        .default_text("the backbone's own: 0.1 of Swin, 0 of others");
    set.flag("freeze-backbone", freeze_backbone, "train the head alone");
    set.flag("cache-features", cache_features,
             "look at each picture once: keep what the frozen backbone makes of it, without augmentation");
    set.option("head", head, "HEAD", "what tells labels from features, for example linear:dropout=0.5")
        .listing(policy_names<Heads>());
    set.option("loss", loss, "LOSS",
               "what training makes small; it settles what scores mean and the threshold that they imply; for example "
               "asymmetric:clip=0.1, or a sum, \"hill + 0.5*focal\"")
        .listing(policy_names<Losses>());
    set.section("Pictures");
    set.option("size", size, "PIXELS", "both sides of the pictures that the network sees").between(32, 4096);
    set.choice("interpolation", interpolation, interpolation_names, "how they are resized");
    set.choice("crop-mode", crop_mode, crop_mode_names, "how they become squares");
    set.choice("channels", channels, channel_order_names, "their order; the WD taggers' is bgr");
    set.choice("statistics", statistics, pixel_statistics_names,
               "mean and deviation that they are normalised with; backbone: those that its weights want");
    set.option("augmentation", augmentation, "NAME", "what is done to them in training, for example mirror")
        .listing(policy_names<Augmentations>());
    describe_training(set, fit);
  }

  TransformOptions transform(const BackboneSpec& spec) const {
    return {.size = size,
            .mean = mean_of(statistics, spec.mean),
            .std = std_of(statistics, spec.std),
            .interpolation = interpolation,
            .crop_mode = crop_mode,
            .channels = channels};
  }
};

}  // namespace tagger
