#pragma once

#include <string>
#include <vector>

#include <tagger/run/recipe.hpp>

namespace tagger {

/// A published method as a recipe to start from.
struct Preset {
  std::string name;
  std::string source;  ///< where its values are from, and what of it a recipe does not say
  Recipe recipe;
};

/// The methods that have a name. Where a method counts in epochs what a recipe counts in steps, or was tried with
/// several values, the source says which is here.
inline std::vector<Preset> presets() {
  const AnyAugmentation rand_augment = AnyAugmentation::named("rand_augment:operations=1:magnitude=17");
  const AnyLoss asymmetric = AnyLoss::named("asymmetric:gamma_positive=0:focusing_gradient=false");
  return {
      {.name = "nus-wide-tutorial",
       .source = "the PyTorch tutorial on NUS-WIDE; weights: torchvision's resnext50_32x4d",
       .recipe = {}},
      {.name = "asl",
       .source =
           "github.com/Alibaba-MIIL/ASL, train.py at 448 pixels, MS-COCO; 40 epochs of the one cycle that it lays "
           "out over 80 and leaves at 41; one operation of RandAugment for what PyPI's randaugment does",
       .recipe = {.backbone = "tresnet_l",
                  .head = AnyHeadOptions::named("linear:dropout=0"),
                  .loss = asymmetric,
                  .size = 448,
                  .augmentation = rand_augment,
                  .fit = {.epochs = 40,
                          .batch_size = 56,
                          .optimizer = AnyOptimizer::named("adam:weight_decay=1e-4"),
                          .learning_rate = 1e-4,
                          .schedule = AnySchedule::named("one_cycle:rise=0.2"),
                          .ema_decay = 0.9997,
                          .threshold = 0.8}}},
      {.name = "ml-decoder",
       .source = "github.com/Alibaba-MIIL/ML_Decoder, train.py, MS-COCO; its tresnet_l is timm's tresnet_v2_l; one "
                 "operation of RandAugment for what PyPI's randaugment does",
       .recipe = {.backbone = "tresnet_v2_l",
                  .head = AnyHeadOptions::named("ml_decoder"),
                  .loss = asymmetric,
                  .size = 448,
                  .augmentation = rand_augment,
                  .fit = {.epochs = 40,
                          .batch_size = 56,
                          .optimizer = AnyOptimizer::named("adam:weight_decay=1e-4"),
                          .learning_rate = 1e-4,
                          .schedule = AnySchedule::named("one_cycle:rise=0.2"),
                          .ema_decay = 0.9997,
                          .threshold = 0.75}}},
      {.name = "query2label",
       .source = "github.com/SlongLiu/query2labels, README, ResNet-101 at 448 pixels, MS-COCO; it also holds the batch "
                 "norms of the layers that it trains, and its cutout does next to nothing",
       .recipe = {.backbone = "resnet101",
                  .head = AnyHeadOptions::named("query2label"),
                  .loss = AnyLoss::named("asymmetric:gamma_negative=2:gamma_positive=0:clip=0:focusing_gradient=false:"
                                         "reduction=mean"),
                  .size = 448,
                  .augmentation = AnyAugmentation::named("rand_augment:operations=1:magnitude=17:cutout=0"),
                  .fit = {.epochs = 80,
                          .batch_size = 64,
                          .optimizer = AnyOptimizer::named("adamw:weight_decay=0.01"),
                          .learning_rate = 1e-4,
                          .schedule = AnySchedule::named("one_cycle:rise=0.2"),
                          .layers = {.frozen_layers = 4, .decay_norms_and_biases = true},
                          .ema_decay = 0.9997,
                          .patience = 9}}},
      {.name = "csra",
       .source = "github.com/Kevinz-code/CSRA, main.py and README, ResNet-101, MS-COCO",
       .recipe = {.backbone = "resnet101",
                  .head = AnyHeadOptions::named("csra:heads=4:lambda=0.5"),
                  .loss = BinaryCrossEntropy{},
                  .size = 448,
                  .statistics = PixelStatistics::none,
                  .augmentation = AnyAugmentation::named("random_resized_crop:least_area=0.7"),
                  .fit = {.epochs = 30,
                          .batch_size = 16,
                          .optimizer = AnyOptimizer::named("sgd:momentum=0.9:weight_decay=1e-4"),
                          .learning_rate = 0.1,
                          .schedule = AnySchedule::named("step:epochs=5:factor=0.1"),
                          .warmup_epochs = 2,
                          .layers = {.backbone_rate = 0.1, .decay_norms_and_biases = true}}}},
      {.name = "wd-tagger",
       .source =
           "github.com/SmilingWolf/JAX-CV, defaults of training_loop.py; of what the published WD taggers were "
           "trained with, their files say the drop-path rate alone; its cutout of a tenth of the picture is not here",
       .recipe = {.backbone = "wd_vit_base_patch16_448",
                  .drop_path = 0.1,
                  .head = AnyHeadOptions::named("linear:dropout=0"),
                  .loss = AnyLoss::named("asymmetric:gamma_negative=0:gamma_positive=0:clip=0:reduction=sum"),
                  .size = 448,
                  .interpolation = Interpolation::bicubic,
                  .crop_mode = CropMode::pad,
                  .channels = ChannelOrder::bgr,
                  .augmentation = AnyAugmentation::named("random_resized_crop:least_area=0.757"),
                  .fit = {.epochs = 50,
                          .batch_size = 64,
                          .optimizer = AnyOptimizer::named("lamb:weight_decay=1e-4:epsilon=1e-6:max_gradient_norm=1"),
                          .learning_rate = 1e-3,
                          .schedule = AnySchedule::named("cosine:end=0.01"),
                          .warmup_epochs = 5,
                          .mixing = {.mixup = 0.8},
                          .threshold = 0.2614}}},
      {.name = "linear-probe",
       .source = "a linear layer on features that are computed once; what demo.sh runs",
       .recipe = {.backbone = "tf_efficientnet_lite0",
                  .freeze_backbone = true,
                  .cache_features = true,
                  .size = 224,
                  .augmentation = augmentations::None{},
                  .fit = {.epochs = 30, .learning_rate = 3e-3, .evaluate_every = 0}}},
  };
}

inline std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const auto& preset : presets()) names.push_back(preset.name);
  return names;
}

}  // namespace tagger
