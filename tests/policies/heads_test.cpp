// Every head against golden values of tests/oracles/heads.py, as the type and by its name, on maps and on tokens.
#define BOOST_TEST_MODULE policies
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ATen/Context.h>
#include <ATen/core/grad_mode.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include <tagger/backbone/tresnet.hpp>
#include <tagger/head/any_head.hpp>
#include <tagger/model/autocast.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/weights/load_weights.hpp>

#include "networks/generated.hpp"
#include "weights/support.hpp"

using namespace tagger;
using weights_test::check_error;

BOOST_AUTO_TEST_SUITE(heads)

namespace {

constexpr std::int64_t pictures = 3, channels = 32, rows = 4, columns = 6, label_count = 7;

const Json& golden() {
  static const Json json = read_json(std::filesystem::path(TAGGER_TEST_DATA) / "heads" / "heads.json");
  return json;
}

at::Tensor matrix(const Json& json) {
  std::vector<double> values;
  for (const auto& row : json) {
    for (const auto& value : row) values.push_back(value.get<double>());
  }
  return torch::tensor(values, at::kDouble).view({static_cast<std::int64_t>(json.size()), -1});
}

/// The largest difference, in parts of the largest expected value.
double difference(const at::Tensor& found, const at::Tensor& expected) {
  BOOST_REQUIRE_EQUAL(found.sizes(), expected.sizes());
  return ((found - expected).to(at::kDouble).abs().max() / expected.abs().max()).item<double>();
}

FeatureShape shape(FeatureKind kind = FeatureKind::map) {
  return {.kind = kind, .channels = channels, .pooled = channels};
}

FeatureMap map() {
  return {generated::tensor("images", {pictures, channels, rows, columns}).contiguous(at::MemoryFormat::ChannelsLast)};
}

/// The map's pixels behind two tokens that no head should look at.
TokenSequence tokens() {
  const at::Tensor pixels = places(map());
  const at::Tensor first = torch::full({pictures, 2, channels}, 100);
  return {.values = torch::cat({first, pixels}, 1), .pooled = pixels.mean(1), .prefix = 2};
}

at::Tensor targets() {
  const at::Tensor values = torch::empty({pictures, label_count});
  float* out = values.mutable_data_ptr<float>();
  generated::uniform("targets", values.numel(), [&](double u) { *out++ = u < 0.4 ? 1 : 0; });
  return values;
}

Annotations annotations() {
  std::vector<Sample> samples;
  for (const auto& row : golden().at("label_graph").at("targets")) {
    Sample sample{.image_name = std::to_string(samples.size()) + ".png", .yes = {}, .unknown = {}};
    for (std::int32_t label = 0; label < label_count; ++label) {
      const int value = row.at(static_cast<std::size_t>(label)).get<int>();
      if (value == 1) sample.yes.push_back(label);
      if (value == 0) sample.no.push_back(label);
      if (value == -1) sample.unknown.push_back(label);
    }
    if (samples.size() % 2 == 1) sample.rest = Label::unknown;  // the lists of both forms say the same
    samples.push_back(std::move(sample));
  }
  return {generated::labels(label_count), std::move(samples)};
}

/// Calls `check` with the head that `text` names, once as its own type and once chosen at run time.
void in_both_forms(const std::string& text, const FeatureShape& features, std::int64_t labels, auto check) {
  const PolicyText wanted = parse_policy(text);
  visit_named<Heads>("head", wanted.name, [&]<class H>() {
    typename H::Options options{};
    configure(options, wanted);
    const auto head = std::make_shared<H>(features, labels, options);
    BOOST_TEST_CONTEXT(text) check(*head);
  });
  const auto head = std::make_shared<AnyHead>(features, labels, AnyHeadOptions::named(text));
  BOOST_TEST(text_of(*head) == text);
  BOOST_TEST_CONTEXT(text << ", by name") check(*head);
}

void fill(torch::nn::Module& head) {
  const at::NoGradGuard no_gradient;
  for (auto& parameter : head.named_parameters()) {
    if (parameter.key() == "p") continue;  // an exponent begins where it begins
    parameter.value().copy_(generated::tensor(parameter.key(), parameter.value().sizes().vec()));
  }
}

at::Tensor loss_of(const Logits& logits, const at::Tensor& wanted) {
  return torch::binary_cross_entropy_with_logits(logits.values.to(at::kFloat), wanted);
}

void check_sample(const at::Tensor& found, const Json& expected) {
  constexpr double tolerance = 1e-4, nothing = 1e-8;
  BOOST_REQUIRE(found.defined());
  const at::Tensor flat = found.contiguous().to(at::kDouble).flatten();
  const double norm = expected.at("norm").get<double>();
  BOOST_TEST(std::abs(flat.norm().item<double>() - norm) <= std::max(nothing, tolerance * norm));
  const double typical = norm / std::sqrt(static_cast<double>(flat.numel()));
  for (std::int64_t i = 0; i < 5; ++i) {
    const double value = expected.at("values").at(static_cast<std::size_t>(i)).get<double>();
    BOOST_TEST(std::abs(flat[i * (flat.numel() - 1) / 4].item<double>() - value) <=
               std::max(nothing, tolerance * std::max(typical, std::abs(value))));
  }
}

void check_gradients(const torch::nn::Module& head, const Json& expected) {
  std::set<std::string> ours, theirs;
  for (const auto& [name, value] : expected.items()) theirs.insert(name);
  for (const auto& parameter : head.named_parameters()) {
    if (!parameter.value().requires_grad()) continue;
    ours.insert(parameter.key());
    if (!theirs.contains(parameter.key())) continue;
    BOOST_TEST_CONTEXT(parameter.key()) check_sample(parameter.value().grad(), expected.at(parameter.key()));
  }
  BOOST_TEST(ours == theirs, boost::test_tools::per_element());
}

/// A head in each way that its computation can go.
std::vector<std::string> every_head() {
  std::vector<std::string> texts{"linear"};
  for (const auto& [text, expected] : golden().at("heads").items()) texts.push_back(text);
  return texts;
}

static_assert(HeadFor<LinearHead, FeatureVector>);
static_assert(!HeadFor<CsraHead, FeatureVector> && !HeadFor<MlDecoderHead, FeatureVector>);
static_assert(!HeadFor<Query2LabelHead, FeatureVector> && !HeadFor<MlGcnHead, FeatureVector>);
static_assert(!HeadFor<LinearHead, AnyFeatures> && !HeadFor<CsraHead, AnyFeatures>);  // that is what AnyHead is for

}  // namespace

BOOST_AUTO_TEST_CASE(every_head_gives_the_logits_and_gradients_of_its_paper) {
  std::set<std::string> seen;
  for (const auto& [text, expected] : golden().at("heads").items()) {
    seen.insert(parse_policy(text).name);
    in_both_forms(text, shape(), label_count, [&, &expected = expected, &text = text](auto& head) {
      fill(head);
      hooks::begin_training(head, annotations());
      head.eval();
      const Logits logits = head.forward(map());
      BOOST_TEST(difference(logits.values, matrix(expected.at("logits"))) < 1e-5);
      const at::Tensor loss = loss_of(logits, targets());
      BOOST_TEST(std::abs(loss.template item<double>() - expected.at("loss").template get<double>()) < 1e-5);
      loss.backward();
      check_gradients(head, expected.at("gradients"));

      const Json& on_tokens = golden().at("on_tokens");
      const Json& same = on_tokens.contains(text) ? on_tokens.at(text) : expected.at("logits");
      BOOST_TEST(difference(head.forward(tokens()).values, matrix(same)) < 1e-5);
    });
  }
  for (const auto& name : policy_names<Heads>()) BOOST_TEST(seen.contains(name), name << " has no oracle");
}

BOOST_AUTO_TEST_CASE(every_head_computes_in_bfloat16) {
  for (const auto& text : every_head()) {
    in_both_forms(text, shape(), label_count, [&](auto& head) {
      fill(head);
      hooks::begin_training(head, annotations());
      head.eval();
      const auto features = [](at::ScalarType type) { return FeatureMap{map().values.to(type)}; };
      const at::Tensor exact = head.forward(features(at::kFloat)).values;
      head.train();
      Logits rounded, trained;
      {
        const Autocast autocast(Arithmetic::bfloat16, at::kCPU);
        trained = head.forward(features(at::kBFloat16));
        head.eval();
        rounded = head.forward(features(at::kBFloat16));
      }
      BOOST_TEST(difference(rounded.values, exact) < 3e-2);
      BOOST_TEST(difference(rounded.values, exact) > 0);
      loss_of(trained, targets()).backward();
      for (const auto& parameter : head.named_parameters()) {
        if (!parameter.value().requires_grad()) continue;
        BOOST_REQUIRE(parameter.value().grad().defined());
        BOOST_TEST(parameter.value().grad().isfinite().all().template item<bool>(), parameter.key());
      }
    });
  }
}

BOOST_AUTO_TEST_CASE(dropout_acts_in_training_only) {
  for (const std::string text : {"linear", "ml_decoder", "query2label"}) {
    in_both_forms(text, shape(), label_count, [&](auto& head) {
      const auto differs = [&] { return !head.forward(map()).values.equal(head.forward(map()).values); };
      BOOST_TEST(differs());
      head.eval();
      BOOST_TEST(!differs());
    });
    in_both_forms(text + ":dropout=0", shape(), label_count,
                  [&](auto& head) { BOOST_TEST(head.forward(map()).values.equal(head.forward(map()).values)); });
  }
}

BOOST_AUTO_TEST_CASE(one_vector_a_picture_is_refused_with_the_reason) {
  for (const std::string name : {"csra", "ml_decoder", "query2label", "ml_gcn"}) {
    check_error<OptionError>(
        [&] { AnyHead(shape(FeatureKind::vector), label_count, AnyHeadOptions::named(name)); },
        {"the head " + name + " cannot take one vector a picture, which is what the backbone gives"});
  }
  check_error<OptionError>([] { AnyHead(shape(FeatureKind::vector), 3, AnyHeadOptions::named("linear:pooling=gem")); },
                           {"linear:pooling=gem: the backbone gives one vector a picture", "pooling=network"});
  check_error<OptionError>([] { LinearHead(shape(FeatureKind::vector), 3, {.pooling = Pooling::max}); },
                           {"linear:pooling=max"});
  check_error<OptionError>([] { AnyHeadOptions::named("linear:pooling=gm"); },
                           {"linear:pooling=gm: unknown value \"gm\"; valid: network, average, max, gem"});
  check_error<OptionError>([] { AnyHeadOptions::named("csra:heads=9"); }, {"csra:heads=9: must be between 1 and 8"});
  check_error<OptionError>([] { AnyHeadOptions::named("csra:lamda=1"); }, {"did you mean \"lambda\"?"});
  check_error<OptionError>([] { MlDecoderHead(shape(), 3, {.width = 30}); },
                           {"a width of 30 cannot be shared out among 8 heads"});
  check_error<OptionError>([] { Query2LabelHead(shape(), 3, {.width = 30}); },
                           {"query2label: a width of 30 is no multiple of 4"});
}

BOOST_AUTO_TEST_CASE(a_network_that_pools_in_its_own_way_is_overruled_by_choice_only) {
  const FeatureShape wider{.kind = FeatureKind::map, .channels = channels, .pooled = 5};
  const FeatureMap features{map().values, torch::ones({pictures, 5})};
  LinearHead by_network{wider, 2, {.dropout = 0}}, average{wider, 2, {.dropout = 0, .pooling = Pooling::average}};
  BOOST_TEST(by_network.weight.size(1) == 5);
  BOOST_TEST(average.weight.size(1) == channels);
  BOOST_TEST(torch::allclose(by_network.forward(features).values[0], by_network.weight.sum(1) + by_network.bias));
  BOOST_TEST(torch::allclose(average.forward(features).values,
                             map().values.mean({2, 3}).matmul(average.weight.t()) + average.bias, 1e-4, 1e-6));
}

BOOST_AUTO_TEST_CASE(weights_begin_as_the_authors_draw_them) {
  at::manual_seed(1);
  const FeatureShape wide{.kind = FeatureKind::map, .channels = 400, .pooled = 400};
  const auto largest = [](const torch::nn::Module& head, const char* key) {
    return head.named_parameters()[key].abs().max().item<double>();
  };
  const auto deviation = [](const torch::nn::Module& head, const char* key) {
    return head.named_parameters()[key].std().item<double>();
  };
  const auto near = [](double found, double expected) { return std::abs(found / expected - 1) < 0.02; };

  const CsraHead csra{wide, 50, {.heads = 2}};
  BOOST_TEST(near(largest(csra, "multi_head.1.head.weight"), 1 / std::sqrt(400.0)));

  const MlDecoderHead decoder{wide, 250};
  BOOST_TEST(near(deviation(decoder, "decoder.query_embed.weight"), 1));
  BOOST_TEST(near(deviation(decoder, "decoder.duplicate_pooling"), std::sqrt(2 / (768.0 * 3 + 100 * 3))));
  BOOST_TEST(largest(decoder, "decoder.duplicate_pooling_bias") == 0);
  BOOST_TEST(near(largest(decoder, "decoder.layers.0.multihead_attn.in_proj_weight"), std::sqrt(6 / (4 * 768.0))));
  BOOST_TEST(near(largest(decoder, "decoder.layers.0.linear1.weight"), 1 / std::sqrt(768.0)));
  BOOST_TEST(near(largest(decoder, "decoder.embed_standart.weight"), 1 / std::sqrt(400.0)));

  const Query2LabelHead query{wide, 50};
  BOOST_TEST(near(deviation(query, "query_embed.weight"), 1));
  BOOST_TEST(near(largest(query, "transformer.encoder.layers.0.linear1.weight"), std::sqrt(6 / 2000.0)));
  BOOST_TEST(near(largest(query, "fc.W"), 1 / std::sqrt(400.0)));

  const MlGcnHead graph{wide, 50};
  BOOST_TEST(near(largest(graph, "gc1.weight"), 1 / std::sqrt(1024.0)));
  BOOST_TEST(near(largest(graph, "gc2.weight"), 1 / std::sqrt(400.0)));
  BOOST_TEST(graph.named_buffers()["graph"].equal(torch::eye(50)));
}

BOOST_AUTO_TEST_CASE(queries_are_trained_when_asked_to) {
  for (const bool learnable : {false, true}) {
    in_both_forms(learnable ? "ml_decoder:learnable_queries=true" : "ml_decoder", shape(), label_count,
                  [&](auto& head) {
                    loss_of(head.forward(map()), targets()).backward();
                    const at::Tensor queries = head.named_parameters()["decoder.query_embed.weight"];
                    BOOST_TEST(queries.requires_grad() == learnable);
                    BOOST_TEST(queries.grad().defined() == learnable);
                  });
  }
}

BOOST_AUTO_TEST_CASE(ten_thousand_labels_are_trained) {
  at::manual_seed(1);
  constexpr std::int64_t many = 10'000;
  MlDecoderHead head{shape(), many, {.dropout = 0}};
  std::int64_t count = 0;
  for (const auto& parameter : head.parameters()) count += parameter.numel();
  MlDecoderHead few{shape(), 100};
  for (const auto& parameter : few.parameters()) count -= parameter.numel();
  BOOST_TEST(count == (many - 100) * (768 + 1));  // a weight and a bias for each more label, and nothing else

  const at::Tensor wanted = torch::zeros({pictures, many});
  wanted.slice(1, 0, many, 997).fill_(1);
  double first = 0, last = 0;
  for (int step = 0; step < 4; ++step) {
    const Logits logits = head.forward(map());
    BOOST_REQUIRE_EQUAL(logits.values.sizes(), wanted.sizes());
    const at::Tensor loss = loss_of(logits, wanted) * many;
    last = loss.item<double>();
    if (step == 0) first = last;
    head.zero_grad();
    loss.backward();
    const at::NoGradGuard no_gradient;
    for (auto& parameter : head.parameters()) {
      if (parameter.grad().defined()) parameter.sub_(1e-3 * parameter.grad());
    }
  }
  BOOST_TEST(last < 0.9 * first);
}

BOOST_AUTO_TEST_CASE(labels_that_occur_together_are_joined) {
  const auto graph = label_graph(annotations());
  const at::Tensor expected = matrix(golden().at("label_graph").at("values"));
  for (Eigen::Index i = 0; i < label_count; ++i) {
    for (Eigen::Index j = 0; j < label_count; ++j) {
      BOOST_TEST(std::abs(graph(i, j) - expected[i][j].item<double>()) < 1e-6, i << ", " << j);
    }
  }
  // Alone is alone, and who is joined to all takes from each the same.
  const Annotations pair({"a", "b", "c"}, {{"1.png", {0, 1}, {}}, {"2.png", {0, 1, 2}, {}}, {"3.png", {2}, {0, 1}}});
  BOOST_TEST(label_graph(pair, 1, 0)(0, 0) == 1);
  BOOST_TEST(std::abs(label_graph(pair, 1)(2, 0) - 0.1f) < 1e-6f);  // where 0 and 1 are unknown they are no evidence
  BOOST_TEST(label_graph(pair, 0.9)(0, 2) == 0);                    // half of those with 0 have 2
  in_both_forms("ml_gcn", shape(), 3, [&](auto& head) {
    check_error<OptionError>([&] { hooks::begin_training(head, annotations()); },
                             {"ml_gcn: a head for 3 labels cannot be trained on 7"});
  });
}

BOOST_AUTO_TEST_CASE(label_vectors_are_means_of_words) {
  const weights_test::Folder folder("heads");
  const auto file = folder / "vectors.txt";
  weights_test::put(file,
                    "sky 1 -2 0.5\nclear 3 0 1e-1\r\n. . 9 9 9\nNice -1 1 1\nnice 5 5 5\nsky 7 7 7\ncafé 2 2 2\n");
  const auto vectors = label_vectors({"clear_sky", "NICE sky", "Nice", "café-zzyzx"}, file, 3);
  const std::vector<std::vector<float>> expected{{2, -1, 0.3f}, {3, 1.5f, 2.75f}, {-1, 1, 1}, {2, 2, 2}};
  for (Eigen::Index i = 0; i < 4; ++i) {
    for (Eigen::Index j = 0; j < 3; ++j) {
      BOOST_TEST(
          std::abs(vectors.values(i, j) - expected[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)]) < 1e-6f,
          i << ", " << j);
    }
  }
  BOOST_TEST(vectors.unknown_words == std::vector<std::string>{"zzyzx"}, boost::test_tools::per_element());

  check_error<FileError>([&] { label_vectors({"sky"}, folder / "none.txt", 3); }, {"none.txt: No such file"});
  check_error<FileError>([&] { label_vectors({"sky"}, std::filesystem::temp_directory_path(), 3); },
                         {"cannot be read"});
  check_error<DataError>([&] { label_vectors({"sky", "zzyzx", "--"}, file, 3); },
                         {"vectors.txt: has no word of the labels \"zzyzx\", \"--\"; add lines"});
  check_error<DataError>([&] { label_vectors({"sky"}, file, 2); },
                         {"vectors.txt: line 1: 3 numbers after the word, where vector_size is 2"});
  const auto broken = [&](const char* text, const char* message) {
    weights_test::put(file, text);
    check_error<DataError>([&] { label_vectors({"sky"}, file, 2); }, {"vectors.txt: ", message});
  };
  broken("clear 1 2\nsea 1\nsky 1 2\n", "line 2: 1 numbers after the word, where vector_size is 2");
  broken("clear 1 2\nsky 1 two\n", "line 2: \"two\" is no number");
  broken("clear 1 2\n\nsky 1 2\n", "line 2: 0 numbers");
  broken("sky 1 2x\n", "line 1: \"2x\" is no number");
  broken("sky  1\n", "line 1: \"\" is no number");
  broken("sky nan 1\n", "line 1: \"nan\" is no number");
  broken("", "has no word of the labels \"sky\"");
}

// [own]
/// A label is there if some places say so: the mean of its `count` highest scores.
struct TopPlacesHead : torch::nn::Module {
  static constexpr std::string_view name = "top_places";

  struct Options {
    std::int64_t count = 3;
    template <class Self>
    static void fields(Self& self, auto&& field) {
      field("count", self.count, "places that have a say", tagger::at_least(1));
    }
  };

  TopPlacesHead(const tagger::FeatureShape& features, std::int64_t labels, Options options)
      : classify(register_module("classify", torch::nn::Linear(features.channels, labels))), options(options) {}

  template <tagger::PlaceFeatures F>
  tagger::Logits forward(const F& features) {
    const at::Tensor scores = classify(tagger::places(features));  // (N, L, K)
    return {std::get<0>(scores.topk(std::min(options.count, scores.size(1)), 1)).mean(1)};
  }

  torch::nn::Linear classify;
  Options options;
};
static_assert(tagger::HeadFor<TopPlacesHead, tagger::FeatureMap>);
// [own]

// [list]
using OwnHeads = std::tuple<tagger::LinearHead, TopPlacesHead>;
// [list]

BOOST_AUTO_TEST_CASE(a_head_of_ones_own_is_one_file_and_one_line) {
  TopPlacesHead head{shape(), 2, {.count = 1}};
  BOOST_TEST(head.forward(map()).values.equal(head.classify(places(map())).amax(1)));
  AnyHead by_name{shape(), 2, AnyHeadOptions::named<OwnHeads>("top_places:count=2")};
  by_name.named_parameters()["classify.weight"].data().copy_(head.classify->weight);
  BOOST_TEST(torch::all(by_name.forward(map()).values - by_name.named_parameters()["classify.bias"] <=
                        head.forward(map()).values - head.classify->bias)
                 .item<bool>());
  BOOST_TEST(text_of(by_name) == "top_places:count=2");
  check_error<OptionError>([] { AnyHeadOptions::named<OwnHeads>("top"); },
                           {"unknown head \"top\"; valid: linear, top_places; did you mean \"top_places\"?"});
  check_error<OptionError>([] { AnyHeadOptions::named("mldecoder"); },
                           {"unknown head \"mldecoder\"; valid: linear, csra, ml_decoder, query2label, ml_gcn",
                            "did you mean \"ml_decoder\"?"});
}

// As https://github.com/Alibaba-MIIL/ML_Decoder saves it.
BOOST_AUTO_TEST_CASE(a_file_of_ml_decoder_is_loaded_whole) {
  using Model = Tagger<TResNetM, MlDecoderHead>;
  Model model{generated::labels(label_count)}, filled{generated::labels(label_count)};
  generated::fill(filled);
  StateDict file;
  for (auto& [name, value] : model_state(filled)) {
    if (name.ends_with("num_batches_tracked")) continue;
    if (const std::string prefix = "head.fc.decoder."; name.starts_with(prefix)) {
      file.add("module.head.decoder." + name.substr(prefix.size()), as_data(value));
    } else {
      const bool factor = name.ends_with("bn.weight");
      file.add("module." + golden().at("miil_tresnet_m").at(name).get<std::string>(),
               as_data(factor ? 1e-5 - value : value));
    }
  }
  const LoadReport report = load_weights(model, std::move(file), Classifier::required);
  BOOST_TEST(report.loaded.size() == golden().at("miil_tresnet_m").size() + 19);  // all, and 19 tensors of the head
  const auto expected = model_state(filled), found = model_state(model);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BOOST_TEST(torch::allclose(found[i].second, expected[i].second, 0, 1e-6), expected[i].first);
  }
}

// What a run is trained with is in its weights: to tag it needs neither annotations nor vectors.
BOOST_AUTO_TEST_CASE(graph_and_vectors_are_in_the_weights) {
  const weights_test::Folder folder("heads-graph");
  const auto file = folder / "vectors.txt";
  weights_test::put(file, "label 1 -2 0.5\n0 1 1 1\n1 2 2 2\n2 3 1 2\n3 4 4 1\n4 0 1 0\n5 1 0 1\n");
  const std::string text = "ml_gcn:vectors=" + file.string() + ":vector_size=3:hidden=8";
  std::vector<std::pair<std::string, at::Tensor>> weights;
  at::Tensor logits;
  in_both_forms(text, shape(), label_count, [&](auto& head) {
    at::manual_seed(3);
    fill(head);
    const at::Tensor before = head.forward(map()).values;
    hooks::begin_training(head, annotations());
    logits = head.forward(map()).values;
    BOOST_TEST(!logits.equal(before));
    BOOST_TEST(!head.named_parameters().contains("vectors"));
    weights.clear();
    for (const auto& each : head.named_parameters()) weights.emplace_back(each.key(), each.value().clone());
    for (const auto& each : head.named_buffers()) weights.emplace_back(each.key(), each.value().clone());
    BOOST_TEST(weights.size() == 4);
  });
  std::filesystem::remove(file);
  in_both_forms(text, shape(), label_count, [&](auto& head) {
    const at::NoGradGuard no_gradient;
    auto parameters = head.named_parameters();
    auto buffers = head.named_buffers();
    for (const auto& [name, value] : weights) (parameters.contains(name) ? parameters : buffers)[name].copy_(value);
    BOOST_TEST(head.forward(map()).values.equal(logits));
    check_error<FileError>([&] { hooks::begin_training(head, annotations()); }, {"vectors.txt: No such file"});
  });
  MlGcnHead head{shape(), 2, {.vectors = file, .vector_size = 1}};
  weights_test::put(file, "sky 1\nsea 2\n");
  head.begin_training(Annotations({"blue sky", "sea"}, {{"1.png", {0}, {}}}));
  BOOST_TEST(head.unknown_words == std::vector<std::string>{"blue"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
