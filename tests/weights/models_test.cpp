// Weights that others wrote in our networks, and ours in timm's: scores against golden ones by timm.
#define BOOST_TEST_MODULE weights_models
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <ATen/core/grad_mode.h>

#include <tagger/backbone/convnext.hpp>
#include <tagger/backbone/efficientnet_lite.hpp>
#include <tagger/backbone/resnet.hpp>
#include <tagger/backbone/vit.hpp>
#include <tagger/image/decode.hpp>
#include <tagger/image/evaluation_transform.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/run/load_run.hpp>
#include <tagger/run/save_run.hpp>
#include <tagger/weights/hub_folder.hpp>
#include <tagger/weights/load_weights.hpp>
#include <tagger/weights/save_weights.hpp>

#include "networks/generated.hpp"
#include "weights/support.hpp"

using namespace tagger;
using namespace weights_test;

namespace {

/// The WD tagger's network as tests/oracles/wd_tagger.py makes it: 2 blocks, 16 wide, for pictures of 64 pixels.
struct SmallWD : VisionTransformer {
  static constexpr VisionTransformerShape shape{
      .patch = 16,
      .depth = 2,
      .block = {.width = 16, .heads = 2, .hidden = 64, .feed_forward = FeedForward::gelu_tanh},
      .class_token = false,
      .pooling = TokenPooling::average};
  static BackboneSpec spec() {
    return {
        .name = "small_wd", .features = 16, .input_size = 64, .first_conv = "patch_embed.proj", .classifier = "head"};
  }
  SmallWD() : VisionTransformer(shape, spec(), {}) {}
};

void check_close(const at::Tensor& found, const Json& expected) {
  const at::Tensor values = found.flatten().to(at::kDouble);
  std::vector<double> flat;
  for (const auto& each : expected) {
    if (each.is_array()) {
      flat.insert(flat.end(), each.begin(), each.end());
    } else {
      flat.push_back(each);
    }
  }
  BOOST_REQUIRE_EQUAL(values.numel(), static_cast<std::int64_t>(flat.size()));
  const at::Tensor wanted = at::from_blob(flat.data(), {values.numel()}, at::kDouble);
  BOOST_TEST((values - wanted).abs().max().item<double>() <= 1e-4 * wanted.abs().max().item<double>());
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_wd_tagger_s_folder_scores_as_timm_does) {
  const auto folder = golden("wd_tagger");
  const auto hub = read_hub_folder(folder);
  Tagger<SmallWD> model{hub.config.labels};
  const auto report = load_weights(model, folder, Classifier::required);
  BOOST_TEST(report.fits());
  model.eval();
  const Transform transform = evaluation_transform(hub.config.transform);
  at::Tensor pixels = at::empty({1, 3, transform.height(), transform.width()});
  Random random{0, 0, 0};
  transform(decode(read_file(folder / "picture.png")), random,
            {pixels.mutable_data_ptr<float>(), static_cast<std::size_t>(pixels.numel())});
  const at::NoGradGuard no_gradient;
  check_close(model.scores(pixels).values, read_json(folder / "scores.json")["scores"]);
}

BOOST_AUTO_TEST_CASE(a_config_of_another_network) {
  const auto folder = golden("wd_tagger");
  Tagger<ResNet18> model{generated::labels(11)};
  const at::Tensor before = model.backbone().conv1->weight.detach().clone();
  check_error<WeightsError>(
      [&] { load_weights(model, folder); },
      {"model.safetensors: the weights do not fit the network: 0 tensors fit", "it is of another kind of network",
       "by its names the file is of a ViT of 2 blocks, 16 wide, the network is a ResNet of 2 + 2 + 2 + 2 blocks"});
  BOOST_TEST(torch::equal(model.backbone().conv1->weight, before));
}

BOOST_AUTO_TEST_CASE(a_file_of_transformers_loads) {
  Tagger<SmallWD> theirs{generated::labels(3)}, ours{generated::labels(3)};
  generated::fill(theirs);
  StateDict file;
  for (const auto& [name, tensor] : model_state(theirs)) {
    std::string to = name;
    const auto replace = [&](const std::string& what, const std::string& by) {
      if (const auto place = to.find(what); place != std::string::npos) to.replace(place, what.size(), by);
    };
    if (name.starts_with("norm.")) to = "vit.layernorm." + name.substr(5);
    if (name.starts_with("head.")) to = "classifier." + name.substr(5);
    replace("pos_embed", "vit.embeddings.position_embeddings");
    replace("patch_embed.proj", "vit.embeddings.patch_embeddings.projection");
    replace("blocks.", "vit.encoder.layer.");
    replace("norm1", "layernorm_before");
    replace("norm2", "layernorm_after");
    replace("attn.proj", "attention.output.dense");
    replace("mlp.fc1", "intermediate.dense");
    replace("mlp.fc2", "output.dense");
    if (to.find("attn.qkv") == std::string::npos) {
      file.add(to, as_data(tensor));
      continue;
    }
    const auto parts = tensor.chunk(3);
    const char* const names[] = {"query", "key", "value"};
    for (std::size_t i = 0; i < 3; ++i) {
      std::string part = to;
      file.add(part.replace(part.find("attn.qkv"), 8, std::string("attention.attention.") + names[i]),
               as_data(parts[i]));
    }
  }
  const auto report = load_weights(ours, file, Classifier::required);
  BOOST_REQUIRE(!report.notes.empty());
  BOOST_TEST(report.notes.front() == "renamed from the keys of Hugging Face's ViT");
  for (const auto& [name, tensor] : model_state(ours)) {
    BOOST_TEST(torch::equal(tensor, generated::tensor(name, tensor.sizes().vec())), name);
  }
}

BOOST_AUTO_TEST_CASE(half_precision_and_axes_of_one_element) {
  Tagger<ResNet18> model{generated::labels(3)};
  generated::fill(model);
  StateDict file;
  for (const auto& [name, tensor] : model_state(model)) {
    const bool linear = tensor.dim() == 4 && tensor.size(2) == 1;  // of downsample: 1x1
    const at::Tensor value = linear ? tensor.flatten(1) : tensor;
    file.add(name, as_data(tensor.is_floating_point() ? value.to(name.ends_with("bias") ? at::kHalf : at::kBFloat16)
                                                      : value));
  }
  Tagger<ResNet18> other{generated::labels(3)};
  const auto report = load_weights(other, file, Classifier::required);
  BOOST_TEST(report.loaded.size() == file.size());
  for (const auto& [name, tensor] : model_state(other)) {
    const at::Tensor expected = generated::tensor(name, tensor.sizes().vec());
    BOOST_TEST(torch::allclose(tensor, expected, 0.005, 1e-4), name);
  }
}

BOOST_AUTO_TEST_CASE(the_extension_says_how_weights_are_saved) {
  const Folder folder{"save-weights"};
  Tagger<SmallWD> model{generated::labels(3)};
  generated::fill(model);
  for (const auto* name : {"a.pth", "a.pt", "a.bin", "a.safetensors", "a"}) {
    save_weights(model, folder / name);
    const bool zip = weights_test::text_of(read_file(folder / name)).starts_with("PK");
    BOOST_TEST(zip == (name != std::string("a") && name != std::string("a.safetensors")), name);
    Tagger<SmallWD> other{generated::labels(3)};
    load_weights(other, folder / name, Classifier::required);
    BOOST_TEST(torch::equal(other.head().weight, model.head().weight));
  }
}

namespace {

/// A run of seeded weights: its config.json and logits are those with which tests/oracles/read_our_weights.py saw timm
/// open it. With TAGGER_WRITE_RUNS=DIR the runs are written there, for the script.
template <Backbone B>
void check_run(int size) {
  const std::string name = B::spec().name;
  BOOST_TEST_CONTEXT(name) {
    const Folder temporary{"timm-run"};
    const char* const kept = std::getenv("TAGGER_WRITE_RUNS");
    const std::filesystem::path folder = kept ? std::filesystem::path(kept) / name : temporary / name;
    Tagger<B> model{generated::labels(7), {.backbone = make_backbone<B>({.input_size = size})}};
    generated::fill(model);
    save_run(model, run_config(model, evaluation_transform({.size = size, .mean = B::spec().mean})), folder);
    save_weights(model, folder / "model.pth");
    if (kept) return;
    const Json expected = read_json(golden("runs.json"))["runs"][name];
    Json config = read_json(config_path(folder));
    config.erase("tagger");  // timm does not look at it
    BOOST_TEST(config.dump() == expected["config"].dump());
    const auto run = load_run<Tagger<B>>(folder);
    const at::NoGradGuard no_gradient;
    check_close(run.model->forward(generated::tensor("images", {2, 3, size, size})).values, expected["logits"]);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(timm_opens_our_runs) {
  check_run<ResNet18>(64);
  check_run<EfficientNetLite0>(64);
  check_run<ConvNeXtV2Atto>(64);
  check_run<ViTTinyPatch16_224>(64);
}
