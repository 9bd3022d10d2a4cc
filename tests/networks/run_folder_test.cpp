// Weights of every layout into taggers, and run folders: what is written is read again, and what does not fit says why.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/run/load_run.hpp>
#include <tagger/run/save_run.hpp>
#include <tagger/weights/load_weights.hpp>
#include <tagger/weights/pytorch_write.hpp>
#include <tagger/weights/rename.hpp>
#include <tagger/weights/save_weights.hpp>

#include "networks/any_tagger.hpp"
#include "networks/generated.hpp"
#include "weights/support.hpp"

using namespace tagger;
using weights_test::check_error;
using weights_test::Folder;

BOOST_AUTO_TEST_SUITE(run_folder)

namespace {

const std::vector<std::string> three{"sky", "sea", "sun"};

/// Tensors by published names, whatever torch laid them out like.
template <AnyTaggerType Model>
void check_generated(const Model& model, const std::string& but = "nothing") {
  for (const auto& [name, value] : model_state(model)) {
    if (name.starts_with(but)) continue;
    BOOST_TEST(torch::equal(value, generated::tensor(name, value.sizes().vec())), name << " is another");
  }
}

/// A file of a filled tagger, its names changed by `change`.
template <AnyTaggerType Model>
StateDict file_of(Model& model, auto change) {
  generated::fill(model);
  StateDict file;
  for (const auto& [name, value] : model_state(model)) file.add(change(name), as_data(value));
  return file;
}

const auto as_they_are = [](const std::string& name) { return name; };

/// The names that a renaming rule of ours leads from, for one that it leads to: it is read backwards.
std::string before(const std::string& name, const std::vector<Rename>& rules) {
  for (const auto& rule : rules) {
    if (name.starts_with(rule.to)) return rule.from + name.substr(rule.to.size());
  }
  BOOST_ERROR("no rule leads to " << name);
  return name;
}

}  // namespace

BOOST_AUTO_TEST_CASE(weights_come_back_from_each_kind_of_file) {
  const Folder folder("weights-kinds");
  auto model = any_tagger("resnet18", three);
  const StateDict file = file_of(model, as_they_are);
  save_weights(model, folder / "w.safetensors");
  write_pytorch(folder / "w.pth", file);
  for (const char* name : {"w.safetensors", "w.pth"}) {
    Tagger<ResNet18> other{three};
    const auto report = load_weights(other, folder / name, Classifier::required);
    BOOST_TEST(report.loaded.size() == file.size());
    BOOST_TEST(report.source == folder / name);
    check_generated(other);
  }
}

BOOST_AUTO_TEST_CASE(layouts_of_resnet) {
  auto model = any_tagger("resnet18", three);
  const auto load = [&](auto change) {
    Tagger<ResNet18> other{three};
    load_weights(other, file_of(model, change));
    check_generated(other);
  };
  load(as_they_are);                                                  // torchvision
  load([](const std::string& name) { return "module." + name; });     // DataParallel
  load([](const std::string& name) { return "_orig_mod." + name; });  // torch.compile
  const auto tutorial = [](const std::string& name) {
    return name.starts_with("fc.") ? "base_model.fc.1." + name.substr(3) : "base_model." + name;
  };
  load(tutorial);
  load([&](const std::string& name) { return "module." + tutorial(name); });
}

BOOST_AUTO_TEST_CASE(layout_of_pypis_efficientnet) {
  for (const char* name : {"tf_efficientnet_lite0", "tf_efficientnet_lite4"}) {
    BOOST_TEST_CONTEXT(name) {
      auto model = any_tagger(name, three);
      const auto rules = model.backbone().spec().renames;
      const auto pypi = [&](const std::string& name) { return before(name, rules); };
      auto other = any_tagger(name, three);
      load_weights(other, file_of(model, pypi), Classifier::required);
      check_generated(other);
      load_weights(other, file_of(model, [&](const std::string& name) { return "module." + pypi(name); }));
    }
  }
  // Some names as they are in the package's files.
  const StateDict file = [] {
    auto model = any_tagger("tf_efficientnet_lite0", three);
    const auto rules = model.backbone().spec().renames;
    return file_of(model, [&](const std::string& name) { return before(name, rules); });
  }();
  for (const char* name :
       {"_conv_stem.weight", "_bn0.running_mean", "_blocks.0._depthwise_conv.weight", "_blocks.0._bn2.weight",
        "_blocks.1._expand_conv.weight", "_blocks.15._bn2.bias", "_conv_head.weight", "_bn1.weight", "_fc.weight"}) {
    BOOST_TEST(file.contains(name), name);
  }
  BOOST_TEST(!file.contains("_blocks.0._expand_conv.weight"));
  BOOST_TEST(!file.contains("_blocks.16._bn2.bias"));
}

BOOST_AUTO_TEST_CASE(the_classifier_of_other_labels_is_left_out) {
  auto published = any_tagger("resnet18", generated::labels(10));
  const StateDict file = file_of(published, as_they_are);
  Tagger<ResNet18> model{three};
  const at::Tensor before = model.head().weight.detach().clone();
  const auto report = load_weights(model, file);
  BOOST_TEST(report.left_out == (std::vector<std::string>{"fc.weight", "fc.bias"}), boost::test_tools::per_element());
  BOOST_TEST(torch::equal(model.head().weight, before));
  check_generated(model, "fc.");

  check_error<WeightsError>([&] { load_weights(model, file, Classifier::required); },
                            {"fc.weight: the network has float32 (3, 512), the file float32 (10, 512)"});
}

BOOST_AUTO_TEST_CASE(weights_of_another_network_load_nothing) {
  const Folder folder("weights-other");
  auto deeper = any_tagger("resnet34", three);
  generated::fill(deeper);
  save_weights(deeper, folder / "resnet34.safetensors");
  Tagger<ResNet18> model{three};
  const at::Tensor before = model.backbone().conv1->weight.detach().clone();
  check_error<WeightsError>([&] { load_weights(model, folder / "resnet34.safetensors"); },
                            {(folder / "resnet34.safetensors").string() + ": the weights do not fit the network",
                             "have no place in the network", "layer1.2.conv1.weight", "deeper network"});
  BOOST_TEST(torch::equal(model.backbone().conv1->weight, before));

  auto lite = any_tagger("tf_efficientnet_lite0", three);
  check_error<WeightsError>([&] { load_weights(lite, folder / "resnet34.safetensors"); },
                            {"are missing in the file", "conv_stem.weight", "it is of another kind of network"});
  check_error<FileError>([&] { load_weights(model, folder / "none.pth"); }, {"none.pth"});
}

namespace {

Transform pictures(int size) { return evaluation_transform({.size = size, .mean = {0.1f, 0.2f, 0.3f}}); }

/// A run of ResNet-18.
AnyTagger save(const std::filesystem::path& folder) {
  auto model = any_tagger("resnet18", three);
  generated::fill(model);
  auto config = run_config(model, pictures(64), 0.25);
  config.head = "linear:dropout=0.4";
  save_run(model, config, folder);
  return model;
}

/// The run's config.json with `what` replaced by `by`.
void edit(const std::filesystem::path& folder, const std::string& what, const std::string& by) {
  const auto path = config_path(folder);
  std::string text = weights_test::text_of(read_file(path));
  const auto place = text.find(what);
  BOOST_REQUIRE_MESSAGE(place != std::string::npos, what << " is not in " << text);
  weights_test::put(path, text.replace(place, what.size(), by));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_run_comes_back_in_either_form) {
  const Folder folder("run");
  auto saved = save(folder / "r");
  const at::Tensor images = generated::tensor("images", {2, 3, 64, 64});
  const at::Tensor scores = saved.scores(images).values;
  const auto check = [&](auto run) {
    BOOST_TEST(!run.model->is_training());
    BOOST_TEST(run.model->labels() == three, boost::test_tools::per_element());
    BOOST_TEST(tagger::text_of(run.model->head()) == "linear:dropout=0.4");
    BOOST_TEST(run.config.decision.threshold == 0.25);
    BOOST_TEST(run.transform().width() == 64);
    BOOST_TEST(run.transform().normalize().mean[2] == 0.3f);
    BOOST_TEST(torch::allclose(run.model->scores(images).values, scores, 1e-4, 1e-6));
  };
  check(load_run(folder / "r"));
  BOOST_TEST(read_json(config_path(folder / "r"))["pretrained_cfg"]["std"].dump() == "[0.229,0.224,0.225]");
  check(load_run<Tagger<ResNet18>>(folder / "r"));
  check(load_run<Tagger<ResNet18>::with<AnyBackbone, AnyHead, Weighted>>(folder / "r"));
  check(make_run(read_run_config(folder / "r"), state_dict_of(saved)));  // without a file of weights
}

BOOST_AUTO_TEST_CASE(a_run_of_other_policies_says_which) {
  const Folder folder("run-policies");
  save(folder / "r");
  const std::string config = config_path(folder / "r").string();
  check_error<OptionError>([&] { load_run<Tagger<ResNet34>>(folder / "r"); },
                           {config + ": architecture: the run is of resnet18, not of resnet34"});
  check_error<OptionError>([&] { load_run<Tagger<ResNet18>::with<Softmax, SoftmaxCrossEntropy>>(folder / "r"); },
                           {config + ": tagger.activation: the run is of sigmoid, not of softmax"});

  const auto damaged = [&](const char* what, const char* by, const std::string& message) {
    save(folder / "r");
    edit(folder / "r", what, by);
    check_error<OptionError>([&] { load_run(folder / "r"); }, {config + ": " + message});
  };
  damaged("\"resnet18\"", "\"resnet19\"", "architecture: unknown backbone \"resnet19\"; valid: resnet18");
  damaged("\"sigmoid\"", "\"sigmoyd\"", "tagger.activation: unknown activation \"sigmoyd\"; valid: sigmoid, softmax");
  damaged("\"binary_cross_entropy\"", "\"bce\"", "tagger.loss: unknown loss \"bce\"; valid: binary_cross_entropy");
  damaged("\"linear:", "\"attention:", "tagger.head: unknown head \"attention\"; valid: linear");
  damaged("dropout=0.4", "dropout=1.4", "tagger.head: linear:dropout=1.4: must be between 0 and 0.999");
  damaged("dropout=", "dropuot=",
          "tagger.head: linear: unknown field \"dropuot\"; valid: dropout, pooling, gem_power; did you mean");
  damaged("\"sigmoid\"", "\"softmax\"", "tagger: the loss binary_cross_entropy does not fit the activation softmax");

  save(folder / "r");
  edit(folder / "r", "\"resnet18\"", "\"resnet34\"");  // the weights know better
  check_error<WeightsError>([&] { load_run(folder / "r"); }, {"model.safetensors: the weights do not fit the network"});
}

BOOST_AUTO_TEST_CASE(a_damaged_config_names_the_place) {
  const Folder folder("run-damaged");
  save(folder / "good");
  std::filesystem::create_directories(folder / "r");
  const std::string config = config_path(folder / "r").string();
  const auto damaged = [&](const char* what, const char* by, const std::string& message) {
    std::filesystem::copy_file(config_path(folder / "good"), config, std::filesystem::copy_options::overwrite_existing);
    edit(folder / "r", what, by);
    check_error<DataError>([&] { load_run(folder / "r"); }, {config + ": " + message});
  };
  damaged("\"resnet18\"", "18", "architecture: a string is expected here");
  damaged("\"architecture\"", "\"architect\"", "architecture: is missing");
  damaged("\"sky\",", "", "num_classes: is not the number of label_names");
  damaged("\"sky\"", "null", "label_names[0]: a string is expected here");
  damaged("0.25", "1e39", "tagger.threshold: is no finite number");
  damaged("64", "-64", "pretrained_cfg.input_size: is not [3, size, size]");
  damaged("\"std\": [", "\"std\": [0,", "pretrained_cfg.std: has not three values");
  damaged("0.225", "0", "pretrained_cfg.std: has a value that is not above 0");
  damaged("{", "[", "byte ");
}

BOOST_AUTO_TEST_CASE(a_run_without_its_files) {
  const Folder folder("run-none");
  check_error<FileError>([&] { load_run(folder / "none"); }, {"config.json"});
  save(folder / "r");
  std::filesystem::resize_file(weights_path(folder / "r"), 1000);
  check_error<WeightsError>([&] { load_run(folder / "r"); }, {"model.safetensors"});
  std::filesystem::remove(weights_path(folder / "r"));
  check_error<FileError>([&] { load_run(folder / "r"); }, {"model.safetensors"});
  weights_test::put(folder / "file", "");
  check_error<FileError>([&] { save(folder / "file"); }, {"file"});
}

BOOST_AUTO_TEST_SUITE_END()
