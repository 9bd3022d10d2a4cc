#include <boost/test/unit_test.hpp>

#include <tagger/weights/hub_folder.hpp>

#include "weights/support.hpp"

using namespace tagger;
using namespace weights_test;

namespace {

/// A copy of the oracle's WD tagger, without its weights, to damage.
class HubCopy {
 public:
  HubCopy() {
    for (const auto* name : {"config.json", "selected_tags.csv"}) {
      put(folder_ / name, text_of(read_file(golden("wd_tagger") / name)));
    }
  }
  void replace(const char* name, const std::string& what, const std::string& by) {
    std::string text = text_of(read_file(folder_ / name));
    const auto place = text.find(what);
    BOOST_REQUIRE_MESSAGE(place != std::string::npos, what << " is not in " << text);
    put(folder_ / name, text.replace(place, what.size(), by));
  }
  std::filesystem::path operator/(std::string_view name) const { return folder_ / name; }
  HubFolder read() const { return read_hub_folder(folder_ / ""); }

 private:
  Folder folder_{"hub"};
};

void refuses(const char* file, const std::string& what, const std::string& by, std::string_view words) {
  HubCopy copy;
  copy.replace(file, what, by);
  BOOST_TEST_CONTEXT(by) {
    check_error<DataError>([&] { copy.read(); }, {file, words});
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_wd_tagger) {
  const auto hub = read_hub_folder(golden("wd_tagger"));
  BOOST_TEST(hub.config.backbone == "wd_vit_base_patch16_448");
  BOOST_TEST(hub.config.classifier == "head");
  BOOST_TEST(hub.config.features == 768);
  BOOST_TEST(hub.config.fixed_size);
  BOOST_TEST(hub.config.first_conv == "patch_embed.proj");
  BOOST_TEST(hub.config.transform.size == 64);
  BOOST_TEST(hub.config.transform.mean[2] == 0.5f);
  BOOST_TEST(hub.config.transform.std[0] == 0.5f);
  BOOST_TEST((hub.config.transform.interpolation == Interpolation::bicubic));
  BOOST_TEST((hub.config.transform.crop_mode == CropMode::pad));
  BOOST_TEST((hub.config.transform.channels == ChannelOrder::bgr));
  BOOST_TEST(hub.config.transform.crop == 1);
  BOOST_REQUIRE_EQUAL(hub.config.labels.size(), 11);
  BOOST_TEST(hub.config.labels[6] == "comma, quote\" and all");
  BOOST_TEST(hub.config.labels[8] == "сова");
  BOOST_TEST((hub.categories[0] == TagCategory::rating));
  BOOST_TEST((hub.categories[4] == TagCategory::general));
  BOOST_TEST((hub.categories[10] == TagCategory::character));
  BOOST_TEST(hub.thresholds[0] == 0.5);
  BOOST_TEST(hub.thresholds[4] == 0.35);
  BOOST_TEST(hub.thresholds[10] == 0.85);
}

BOOST_AUTO_TEST_CASE(any_folder_of_the_hub) {
  HubCopy copy;
  std::filesystem::remove(copy / "selected_tags.csv");
  check_error<DataError>([&] { copy.read(); }, {"config.json: label_names: is missing", "no selected_tags.csv"});
  put(copy / "config.json", R"({"architecture": "resnetd", "label_names": ["sky", "sea"], "num_classes": 2,
    "pretrained_cfg": {"input_size": [3, 288, 288], "interpolation": "bilinear", "crop_pct": 0.95,
    "mean": [0.1, 0.2, 0.3], "std": [1, 2, 3], "first_conv": ["conv1.0", "conv1.3"], "classifier": null}})");
  const auto hub = copy.read();
  BOOST_TEST(hub.config.backbone == "resnetd");
  BOOST_TEST(hub.config.labels == (std::vector<std::string>{"sky", "sea"}), boost::test_tools::per_element());
  BOOST_TEST(hub.config.transform.size == 288);
  BOOST_TEST(hub.config.transform.crop == 0.95);
  BOOST_TEST((hub.config.transform.interpolation == Interpolation::bilinear));
  BOOST_TEST((hub.config.transform.crop_mode == CropMode::center));
  BOOST_TEST((hub.config.transform.channels == ChannelOrder::rgb));
  BOOST_TEST(hub.config.first_conv == "");
  BOOST_TEST(hub.config.classifier == "");
  BOOST_TEST(hub.categories.empty());
  BOOST_TEST(hub.thresholds.empty());
}

// What the config.json of the published taggers say, version 3. Keys of first layers and classifiers are not there.
BOOST_AUTO_TEST_CASE(the_published_wd_taggers) {
  struct Published {
    const char *architecture, *model_args, *backbone;
    int features;
    bool fixed_size = true;
  };
  const std::string vit = R"("class_token": false, "global_pool": "avg", "fc_norm": false, "act_layer": "gelu_tanh"})";
  const std::string base = R"({"img_size": 448, )" + vit, large = R"({"img_size": 448, "patch_size": 14, )" + vit;
  for (const Published& tagger :
       {Published{"vit_base_patch16_224", base.c_str(), "wd_vit_base_patch16_448", 768},
        Published{"vit_large_patch16_224", large.c_str(), "wd_vit_large_patch14_448", 1024},
        Published{"swinv2_base_window8_256", R"({"act_layer": "gelu_tanh", "img_size": 448, "window_size": 14})",
                  "wd_swinv2_base_window14_448", 1024},
        Published{"convnext_base", R"({"act_layer": "gelu_tanh"})", "wd_convnext_base_448", 1024, false},
        Published{"eva02_large_patch14_448", R"({"img_size": 448, "ref_feat_shape": [32, 32]})",
                  "wd_eva02_large_patch14_448", 1024}}) {
    BOOST_TEST_CONTEXT(tagger.backbone) {
      HubCopy copy;
      const std::string classes = R"("num_classes": 11)";
      put(copy / "config.json",
          R"({"architecture": ")" + std::string(tagger.architecture) + R"(", )" + classes + R"(, "num_features": )" +
              std::to_string(tagger.features) + R"(, "global_pool": "avg", "model_args": )" + tagger.model_args +
              R"(, "pretrained_cfg": {"custom_load": false, "input_size": [3, 448, 448], "fixed_input_size": false,
              "interpolation": "bicubic", "crop_pct": 1.0, "crop_mode": "center", "mean": [0.5, 0.5, 0.5],
              "std": [0.5, 0.5, 0.5], )" +
              classes + R"(, "pool_size": null, "first_conv": null, "classifier": null}})");
      const auto hub = copy.read();
      BOOST_TEST(hub.config.backbone == tagger.backbone);
      BOOST_TEST(hub.config.features == tagger.features);
      BOOST_TEST(hub.config.fixed_size == tagger.fixed_size);
      BOOST_TEST(hub.config.transform.size == 448);
      BOOST_TEST(hub.config.transform.crop == 1);
      BOOST_TEST(hub.config.transform.mean[0] == 0.5f);
      BOOST_TEST((hub.config.transform.interpolation == Interpolation::bicubic));
      BOOST_TEST((hub.config.transform.crop_mode == CropMode::pad));
      BOOST_TEST((hub.config.transform.channels == ChannelOrder::bgr));
      BOOST_TEST(hub.config.first_conv == "");
      BOOST_TEST(hub.config.classifier == "");
      BOOST_TEST(hub.config.labels.size() == 11u);
      // Written and read again it is the same network.
      BOOST_TEST(read_hub_config({to_json(hub.config), "config.json"}).backbone == tagger.backbone);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_config_that_is_not_right) {
  refuses("config.json", "\"class_token\": false", "\"class_token\": true",
          "model_args: vit_base_patch16_224 with {\"num_classes\":11,");
  refuses("config.json", "\"vit_base_patch16_224\"", "\"vit_small_patch16_224\"",
          "model_args: vit_small_patch16_224 with {");
  refuses("config.json", "\"model_args\": {", "\"model_args\": [], \"x\": {", "with [] is a network that is not known");
  refuses("config.json", "\"architecture\"", "\"architect\"", "architecture: is missing");
  refuses("config.json", "\"input_size\": [\n      3,", "\"input_size\": [\n      1,",
          "pretrained_cfg.input_size: is not [3, size, size]");
  refuses("config.json", "\"bicubic\"", "\"lanczos\"",
          "pretrained_cfg.interpolation: unknown interpolation \"lanczos\"");
  refuses("config.json", "\"center\"", "\"border\"", "pretrained_cfg.crop_mode: unknown crop mode \"border\"");
  refuses("config.json", "\"crop_pct\": 1.0", "\"crop_pct\": 1.5", "pretrained_cfg.crop_pct: is not above 0");
  refuses("config.json", "\"std\": [\n      0.5", "\"std\": [\n      0",
          "pretrained_cfg.std: has a value that is not above");
  refuses("config.json", "\"std\": [\n      0.5,", "\"std\": [", "pretrained_cfg.std: has not three values");
  refuses("config.json", "\"mean\": [\n      0.5", "\"mean\": [\n      null",
          "pretrained_cfg.mean: has a value that is no");
  refuses("config.json", "\"num_classes\": 11,\n  \"num", "\"num_classes\": 12,\n  \"num",
          "selected_tags.csv: 11 tags, but config.json has num_classes 12");
  refuses("config.json", "\"num_classes\": 11,\n  \"num", "\"num_classes\": 11, \"label_names\": [\"a\"],\n  \"num",
          "num_classes: is not the number of label_names");
  HubCopy copy;
  put(copy / "preprocess.json", "{}");
  check_error<DataError>([&] { copy.read(); }, {"preprocess.json: pictures are prepared as this file says"});
  std::filesystem::remove(copy / "config.json");
  check_error<FileError>([&] { copy.read(); }, {"config.json"});
}

BOOST_AUTO_TEST_CASE(tags_that_are_not_right) {
  refuses("selected_tags.csv", "9999997,questionable,9,998\r\n", "", "10 tags, but config.json has num_classes 11");
  refuses("selected_tags.csv", ",category,", ",kind,", "line 1: there is not one column called category");
  refuses("selected_tags.csv", "tag_id", "name", "line 1: there is not one column called name");
  refuses("selected_tags.csv", "explicit,9", "explicit,8", "line 5, column 18: the category \"8\" is none of 0, 1, 3");
  refuses("selected_tags.csv", "explicit,9", "explicit,", "the category \"\" is none of");
  refuses("selected_tags.csv", "explicit,9", "explicit,9x", "the category \"9x\" is none of");
  refuses("selected_tags.csv", "explicit", "general", "line 5, column 9: the tag general is there twice");
  refuses("selected_tags.csv", "explicit", "", "line 5, column 9: a tag without a name");
  refuses("selected_tags.csv", "9,997", "9,997,1", "line 5, column 24: more fields than columns");
  refuses("selected_tags.csv", "9,997", "9", "line 5, column 18: fewer fields than columns");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  HubConfig config{.backbone = "wd_vit_base_patch16_448", .features = 768, .fixed_size = true, .classes = 1};
  config.labels = {"sky"};
  config.transform = {.size = 448, .interpolation = Interpolation::bicubic, .crop = 0.875};
  config.first_conv = "patch_embed.proj";
  config.classifier = "head";
  const Json json = to_json(config);
  BOOST_TEST(json.dump() ==
             R"({"architecture":"vit_base_patch16_224","num_classes":1,"num_features":768,"label_names":["sky"],)"
             R"("model_args":{"act_layer":"gelu_tanh","class_token":false,"fc_norm":false,"global_pool":"avg",)"
             R"("img_size":448},"pretrained_cfg":{"num_classes":1,"input_size":[3,448,448],"interpolation":"bicubic",)"
             R"("crop_pct":0.875,"crop_mode":"squash","mean":[0.485,0.456,0.406],"std":[0.229,0.224,0.225],)"
             R"("first_conv":"patch_embed.proj","classifier":"head"}})");
  BOOST_TEST(to_json(read_hub_config({json, "config.json"})).dump() == json.dump());
  config.backbone = "resnet18";
  config.fixed_size = false;
  BOOST_TEST(!to_json(config).contains("model_args"));
}

BOOST_AUTO_TEST_CASE(names_of_networks_that_timm_makes_of_others) {
  BOOST_TEST(to_timm("resnet18").architecture == "resnet18");
  BOOST_TEST(to_timm("resnet18").model_args == "{}");
  for (const auto& variant : timm_variants) {
    const auto timm = to_timm(variant.name);
    BOOST_TEST(timm.architecture != variant.name);
    BOOST_TEST(from_timm(std::string(timm.architecture), Json::parse(timm.model_args)).value() == variant.name);
  }
  BOOST_TEST(from_timm("resnet18", Json::parse(R"({"drop_rate": 0.2, "img_size": [64, 64]})")).value() == "resnet18");
  BOOST_TEST(!from_timm("resnet18", Json::parse(R"({"stem_width": 32})")).has_value());
}
