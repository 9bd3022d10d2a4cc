// Losses against golden values and gradients (tests/oracles/losses.py) and against what all must do, in their static
// and in their run-time form; activations against their formulas.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include <tagger/activation/any_activation.hpp>
#include <tagger/loss/any_loss.hpp>

using namespace tagger;
using nlohmann::json;

BOOST_AUTO_TEST_SUITE(losses)

namespace {

const json& golden() {
  static const json document = json::parse(std::ifstream(TAGGER_TEST_DATA "/losses/losses.json"));
  return document;
}

at::Tensor matrix(const json& rows) {
  std::vector<float> values;
  for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
  return at::tensor(values).view({static_cast<std::int64_t>(rows.size()), -1});
}

/// The training set called `name`, without its last `fewer` labels. Every other picture with unknown labels says which
/// ones it has not instead of which are unknown.
Annotations training_set(const std::string& name, std::size_t fewer = 0) {
  std::vector<Sample> samples;
  std::vector<std::string> labels{"sky", "sea", "dog", "cat", "sun"};
  labels.resize(labels.size() - fewer);
  for (const auto& row : golden()["training_sets"][name]) {
    Sample sample{std::to_string(samples.size()) + ".jpg", {}, {}};
    for (std::size_t label = 0; label < labels.size(); ++label) {
      const int target = row[label];
      if (target != 0) (target > 0 ? sample.yes : sample.unknown).push_back(static_cast<std::int32_t>(label));
    }
    if (!sample.unknown.empty() && samples.size() % 2 == 1) {
      sample.rest = Label::unknown;
      for (std::size_t label = 0; label < labels.size(); ++label) {
        if (row[label] == 0) sample.no.push_back(static_cast<std::int32_t>(label));
      }
    }
    samples.push_back(std::move(sample));
  }
  return {labels, samples};
}

Targets targets_of(const at::Tensor& values, const at::Tensor& known) {
  return {.values = values, .known = known.eq(1).all().item<bool>() ? at::Tensor() : known};
}

/// As the loader gives the pictures of a training set.
Targets targets_of(const json& training_set, const std::vector<std::int64_t>& pictures) {
  const at::Tensor rows = matrix(training_set).index_select(0, at::tensor(pictures));
  Targets targets = targets_of(rows.eq(1).to(at::kFloat), rows.ne(-1).to(at::kFloat));
  targets.pictures = at::tensor(pictures);
  return targets;
}

struct Result {
  at::Tensor value, gradient;
};

/// A loss in its static or its run-time form, so that one suite runs over both.
using Form = std::function<Result(const at::Tensor& logits, const Targets& targets)>;

template <Loss L>
Result apply(L& loss, const at::Tensor& logits, const Targets& targets) {
  const at::Tensor leaf = logits.detach().clone().requires_grad_();
  const at::Tensor value = loss(Logits{leaf}, targets);
  value.backward();
  return {value.detach(), leaf.grad()};
}

template <Loss L>
Form form(L loss, const Annotations& train, std::int64_t epoch) {
  hooks::begin_training(loss, train);
  hooks::begin_epoch(loss, epoch, 4);
  return [loss](const at::Tensor& logits, const Targets& targets) mutable { return apply(loss, logits, targets); };
}

/// Calls `check` with a loss in its run-time form and, where it is no sum, in its static form.
void in_both_forms(const std::string& text, auto&& check) {
  BOOST_TEST_CONTEXT(text << ", by name") { check(AnyLoss::named(text)); }
  const PolicyText wanted = parse_policy(text);
  if (parse_sum(text).size() > 1) return;
  visit_named<Losses>("loss", wanted.name, [&]<class L>() {
    BOOST_TEST_CONTEXT(text << ", static") {
      L loss{};
      configure(loss, wanted);
      check(loss);
    }
  });
}

std::vector<std::string> loss_names() { return policy_names<Losses>(); }

/// Losses that are about what is unknown, instead of leaving it out.
bool is_about_unknown(std::string_view name) {
  return name == "selective_asymmetric" || name == "weak_negative" || name == "entropy_maximization";
}

double number(const at::Tensor& tensor) { return tensor.item<double>(); }
double largest(const at::Tensor& tensor) { return number(tensor.abs().max()); }

void check_result(const Result& result, const json& expected) {
  BOOST_TEST(result.value.dim() == 0);
  BOOST_TEST(result.value.scalar_type() == at::kFloat);
  BOOST_TEST(number(result.value) == expected["value"].get<double>(), boost::test_tools::tolerance(1e-6));
  const at::Tensor gradient = matrix(expected["gradient"]);
  BOOST_TEST(largest(result.gradient - gradient) <= 1e-6 * largest(gradient));
}

struct Batch {
  at::Tensor logits;
  Targets targets;
};

Batch batch(const std::string& name) {
  const json& found = golden()["batches"][name];
  return {matrix(found["logits"]), targets_of(matrix(found["targets"]), matrix(found["known"]))};
}

template <class E>
void check_error(auto&& call, std::string_view message) {
  BOOST_CHECK_EXCEPTION(call(), E, [&](const E& error) {
    BOOST_TEST(std::string_view(error.what()).find(message) != std::string_view::npos, error.what());
    return true;
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE(values_and_gradients_are_the_golden) {
  std::vector<std::string> names = loss_names();
  for (const auto& each : golden()["cases"]) {
    const std::string text = each["loss"], name = each["batch"];
    BOOST_TEST_CONTEXT(name << ", epoch " << each["epoch"]) {
      const auto [logits, targets] = batch(name);
      const Annotations train = training_set(golden()["batches"][name]["training_set"]);
      in_both_forms(text,
                    [&](const auto& loss) { check_result(form(loss, train, each["epoch"])(logits, targets), each); });
    }
    std::erase(names, parse_policy(text).name);
  }
  BOOST_TEST(names.empty(), names.front() << " has no golden values");
}

BOOST_AUTO_TEST_CASE(memories_grow_as_the_golden) {
  const json& steps = golden()["steps"];
  for (const auto& each : golden()["memories"]) {
    const std::string set = each["training_set"];
    in_both_forms(each["loss"], [&](auto loss) {
      hooks::begin_training(loss, training_set(set));
      std::int64_t epoch = 0;
      for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i]["epoch"] != epoch) hooks::begin_epoch(loss, epoch = steps[i]["epoch"], 4);
        const Targets targets = targets_of(golden()["training_sets"][set], steps[i]["pictures"]);
        BOOST_TEST_CONTEXT(set << ", step " << i) {
          check_result(apply(loss, matrix(steps[i]["logits"]), targets), each["steps"][i]);
        }
      }
    });
  }
}

// A training that stops after any step and goes on from a checkpoint ends as one that did not.
BOOST_AUTO_TEST_CASE(what_is_remembered_is_the_state) {
  const json& steps = golden()["steps"];
  const json& sets = golden()["training_sets"];
  for (const std::string text : {"large_loss:mode=correct_permanently:delta=7", "entropy_maximization:warm_up_epochs=1",
                                 "0.5*entropy_maximization:warm_up_epochs=1+large_loss:mode=correct_permanently",
                                 "splc", "distribution_balanced", "binary_cross_entropy:positive_weight_cap=3"}) {
    for (const bool state_first : {false, true}) {
      BOOST_TEST_CONTEXT(text << ", state first: " << state_first) {
        const Annotations train = training_set("unknown");
        AnyLoss whole = AnyLoss::named(text), part = AnyLoss::named(text);
        whole.begin_training(train);
        std::int64_t epoch = 0;
        for (std::size_t i = 0; i < steps.size(); ++i) {
          if (steps[i]["epoch"] != epoch) whole.begin_epoch(epoch = steps[i]["epoch"], 4);
          const at::Tensor logits = matrix(steps[i]["logits"]);
          const Targets targets = targets_of(sets["unknown"], steps[i]["pictures"]);
          NamedTensors saved;
          for (const auto& [name, tensor] : whole.state()) saved.emplace_back(name, tensor.clone());
          const double expected = number(whole(Logits{logits}, targets));

          part = AnyLoss::named(text);
          part.begin_training(train);
          if (!state_first) part.begin_epoch(epoch, 4);
          const NamedTensors restored = part.state();
          BOOST_TEST_REQUIRE(restored.size() == saved.size());
          for (std::size_t t = 0; t < saved.size(); ++t) {
            BOOST_TEST(restored[t].first == saved[t].first);
            restored[t].second.copy_(saved[t].second);
          }
          if (state_first) part.begin_epoch(epoch, 4);
          BOOST_TEST(number(part(Logits{logits}, targets)) == expected);
        }
      }
    }
  }
}

// Samplers may put a picture into a batch twice.
BOOST_AUTO_TEST_CASE(views_of_one_picture_are_remembered_in_any_order) {
  const auto remembered = [](const std::string& text, const std::vector<std::int64_t>& order) {
    AnyLoss loss = AnyLoss::named(text);
    loss.begin_training(training_set("lists"));
    loss.begin_epoch(2, 4);
    const at::Tensor rows = at::tensor(order);
    const at::Tensor logits = matrix(golden()["steps"][0]["logits"]).slice(0, 0, 4).index_select(0, rows);
    const at::Tensor pictures = at::tensor({2, 0, 2, 2}, at::kLong).index_select(0, rows);
    const auto* const picture = pictures.const_data_ptr<std::int64_t>();
    loss(Logits{logits}, targets_of(golden()["training_sets"]["lists"], {picture, picture + 4}));
    return loss.state().front().second.clone();
  };
  for (const std::string text : {"large_loss:mode=correct_permanently:delta=40", "entropy_maximization"}) {
    BOOST_TEST_CONTEXT(text) {
      const at::Tensor found = remembered(text, {0, 1, 2, 3});
      for (const auto& order : std::vector<std::vector<std::int64_t>>{{3, 2, 1, 0}, {1, 0, 3, 2}, {2, 3, 0, 1}}) {
        BOOST_TEST(found.equal(remembered(text, order)));
      }
    }
  }
  // The highest of the three scores, for labels that are not listed.
  const at::Tensor logits = matrix(golden()["steps"][0]["logits"]),
                   scores = remembered("entropy_maximization", {0, 1, 2, 3})[2];
  const at::Tensor highest = logits.index_select(0, at::tensor({0, 2, 3}, at::kLong)).amax(0).sigmoid();
  const at::Tensor open = scores.isfinite();
  BOOST_TEST(open.any().item<bool>());
  BOOST_TEST(scores.masked_select(open).equal(highest.masked_select(open)));

  // A label that any view corrects is corrected: each picture's own large losses, whichever row they are in.
  tagger::detail::PictureMemory memory;
  memory.reset(training_set("lists"), 0, at::kBool);
  Targets twice = targets_of(golden()["training_sets"]["lists"], {1, 1, 3});
  const at::Tensor rows = at::tensor({1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1}).gt(0).view({3, 5});
  const at::Tensor before = rows.clone();
  memory.write(twice, rows, "a loss");
  BOOST_TEST(rows.equal(before));
  BOOST_TEST(memory.values[1].equal(at::tensor({1, 0, 1, 0, 0}).gt(0)));
  BOOST_TEST(memory.values[3].equal(rows[2]));
  BOOST_TEST(memory.values[0].logical_not().all().item<bool>());
}

BOOST_AUTO_TEST_CASE(gradients_are_slopes) {
  at::manual_seed(4);
  for (const std::string& name : loss_names()) {
    if (name == "selective_asymmetric") continue;  // no gradient goes through its powers
    for (const std::string set : {"lists", "unknown"}) {
      const auto [logits, targets] = batch(set);
      const Annotations train = training_set(set);
      const Form loss = form(AnyLoss::named(name), train, 1);
      const Result at = loss(logits, targets);
      for (int i = 0; i < 5; ++i) {
        const at::Tensor way = at::randn({6, 5});
        constexpr double h = 1e-2;
        const double slope = (number(loss(logits + h * way, targets).value.to(at::kDouble)) -
                              number(loss(logits - h * way, targets).value.to(at::kDouble))) /
                             (2 * h);
        const double ours = number((at.gradient * way).sum());
        BOOST_TEST(std::abs(ours - slope) < 2e-3 * number(at.gradient.norm() * way.norm()), name << ", " << set);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(unknown_labels_have_no_part) {
  const auto [logits, targets] = batch("unknown");
  const at::Tensor unknown = targets.known.eq(0);
  const at::Tensor absurd = at::where(unknown, at::full({6, 5}, 77.f), logits);
  const Targets nothing{at::zeros({6, 5}), at::zeros({6, 5})};
  for (const std::string& name : loss_names()) {
    if (is_about_unknown(name)) continue;
    in_both_forms(name, [&](const auto& any) {
      const Form loss = form(any, training_set("unknown"), 2);
      const Result result = loss(logits, targets);
      BOOST_TEST(number(loss(absurd, targets).value) == number(result.value));
      BOOST_TEST(largest(result.gradient * unknown) == 0);
      BOOST_TEST(largest(result.gradient) > 0);

      BOOST_TEST(number(loss(logits, nothing).value) == 0);
      BOOST_TEST(at::equal(loss(logits, nothing).gradient, at::zeros({6, 5})));
    });
  }
}

// A label that nobody knows anything about could as well not be there.
BOOST_AUTO_TEST_CASE(masked_is_removed) {
  const auto [logits, targets] = batch("lists");
  at::Tensor known = at::ones({6, 5});
  known.select(1, 4).zero_();
  const auto but_last = [](const at::Tensor& all) { return all.narrow(1, 0, 4); };
  for (std::string text : loss_names()) {
    if (text == "weak_negative" || text == "entropy_maximization" || text == "partial_binary_cross_entropy") continue;
    if (text == "selective_asymmetric") text += ":mode=ignore";
    const Annotations all = training_set("lists"), fewer = training_set("lists", 1);
    std::vector<Sample> samples = fewer.samples();
    for (Sample& sample : samples) sample.unknown = {4};
    in_both_forms(text, [&](const auto& loss) {
      const Result masked =
          form(loss, {all.labels(), samples}, 1)(logits, {.values = targets.values * known, .known = known});
      const Form shorter = form(loss, text.starts_with("selective") ? Annotations{all.labels(), samples} : fewer, 1);
      const Result removed = shorter(but_last(logits), {.values = but_last(targets.values), .known = but_last(known)});
      BOOST_TEST(number(masked.value) == number(removed.value), boost::test_tools::tolerance(1e-6));
      BOOST_TEST(largest(but_last(masked.gradient) - removed.gradient) <= 1e-6 * largest(removed.gradient));
    });
  }
}

// bfloat16 logits are computed with in float32, and get a gradient of their own type.
BOOST_AUTO_TEST_CASE(half_precision_is_computed_with_in_float) {
  for (const std::string& name : loss_names()) {
    const auto [logits, targets] = batch("unknown");
    const at::Tensor rounded = logits.to(at::kBFloat16);
    in_both_forms(name, [&](const auto& any) {
      const Form loss = form(any, training_set("unknown"), 2);
      const Result half = loss(rounded, targets), whole = loss(rounded.to(at::kFloat), targets);
      BOOST_TEST(half.value.scalar_type() == at::kFloat);
      BOOST_TEST(number(half.value) == number(whole.value));
      BOOST_TEST(half.gradient.scalar_type() == at::kBFloat16);
    });
  }
}

BOOST_AUTO_TEST_CASE(far_logits_are_finite) {
  const at::Tensor sign = 1 - 2 * at::arange(30, at::kFloat).view({6, 5}).remainder(2);
  std::vector<std::string> texts = loss_names();
  for (const char* text :
       {"asymmetric:gamma_negative=0.5:gamma_positive=0.5", "asymmetric:clip=0:gamma_negative=0.5", "focal:gamma=0.5",
        "hill:gamma=0.5", "splc:gamma=0.5", "large_loss:mode=correct_permanently:delta=50"}) {
    texts.emplace_back(text);
  }
  const at::Tensor pictures = at::arange(6);
  for (const std::string& text : texts) {
    for (const char* set : {"lists", "unknown"}) {
      const Form loss = form(AnyLoss::named(text), training_set(set), 2);
      for (const double size : {1e4, 100.}) {
        for (const at::Tensor& values : {at::zeros({6, 5}), at::ones({6, 5}), sign.gt(0).to(at::kFloat)}) {
          for (const at::Tensor& known : {at::ones({6, 5}), sign.gt(0).to(at::kFloat)}) {
            Targets targets = targets_of(values * known, known);
            for (const bool trains : {false, true}) {
              if (trains) targets.pictures = pictures;
              for (const double direction : {1., -1.}) {
                const auto [value, gradient] = loss(sign * size * direction, targets);
                BOOST_TEST(std::isfinite(number(value)), text);
                BOOST_TEST(at::isfinite(gradient).all().item<bool>(), text);
              }
            }
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_loss_says_what_scores_mean) {
  for (const std::string& name : loss_names()) {
    const auto meaning = AnyLoss::named(name).meaning();
    const auto expected = name == "zlpr"                            ? MeaningAtRunTime::of<SignedMargins>()
                          : name == "softmax_cross_entropy"         ? MeaningAtRunTime::of<OneDistribution>()
                          : name == "two_way" || name == "pairwise" ? MeaningAtRunTime::of<Ranking>()
                                                                    : MeaningAtRunTime::of<IndependentLabels>();
    BOOST_TEST((meaning == expected), name);
    BOOST_TEST((AnyActivation::that_means(meaning).meaning() == meaning), name);
  }
  BOOST_TEST(AnyLoss::named("zlpr").meaning().threshold.value() == 0);
  BOOST_TEST(!AnyLoss::named("two_way").meaning().threshold);
  BOOST_TEST((AnyLoss::named("hill+splc").meaning() == AnyLoss::named("hill").meaning()));
}

BOOST_AUTO_TEST_CASE(positive_weights_are_odds_with_a_cap) {
  BinaryCrossEntropy loss{.positive_weight_cap = 3};
  loss.begin_training({{"often", "rare", "never", "known"},
                       {{"a", {0}, {3}}, {"b", {0, 1}, {3}}, {"c", {0}, {}}, {"d", {}, {}}, {"e", {3}, {}}}});
  BOOST_TEST(at::allclose(loss.positive_weight, at::tensor({2 / 3.f, 3.f, 3.f, 2.f})));
  BinaryCrossEntropy off;
  off.begin_training(training_set("lists"));
  BOOST_TEST(!off.positive_weight.defined());
}

BOOST_AUTO_TEST_CASE(positive_weights_can_be_given) {
  const auto [logits, targets] = batch("unknown");
  BinaryCrossEntropy loss{.positive_weight = at::tensor(3.f)};
  const at::Tensor by_torch = at::binary_cross_entropy_with_logits(logits, targets.values, targets.known,
                                                                   at::full({5}, 3.f), at::Reduction::Sum);
  BOOST_TEST(number(loss(Logits{logits}, targets)) == number(by_torch / targets.known.sum()),
             boost::test_tools::tolerance(1e-6));
  loss.positive_weight = at::tensor({1.f, 2.f});
  check_error<OptionError>([&] { loss(Logits{logits}, targets); },
                           "positive_weight has 2 entries in 1 dimensions; give a scalar");
}

// The tutorial computes BCELoss from scores: the same number.
BOOST_AUTO_TEST_CASE(binary_cross_entropy_is_the_tutorials) {
  const auto [logits, targets] = batch("lists");
  const double ours = number(BinaryCrossEntropy{}(Logits{logits}, targets));
  const at::Tensor scores = Sigmoid{}(Logits{logits}).values;
  BOOST_TEST(std::abs(ours - number(at::binary_cross_entropy(scores, targets.values))) < 1e-6);
}

BOOST_AUTO_TEST_CASE(a_sum_weighs_its_losses) {
  const auto [logits, targets] = batch("unknown");
  SumOf<AsymmetricLoss, HillLoss, SumOf<FocalLoss, LargeLoss>> sum{
      .losses = {{.clip = 0}, {}, {.losses = {{.gamma = 1}, {}}}}, .weights = {0.5, 1, 2}};
  const std::string text = "0.5*asymmetric:clip=0+hill+2*(focal:gamma=1+large_loss)";
  BOOST_TEST(text_of(sum) == text);
  BOOST_TEST(AnyLoss::named(text).chosen() == text);
  BOOST_TEST(AnyLoss(sum).chosen() == text);
  BOOST_TEST(AnyLoss::named(" 0.5 * asymmetric:clip=0 + hill + 2*( focal:gamma=1 + (large_loss) )").chosen() == text);
  BOOST_TEST(AnyLoss::named("2*hill").chosen() == "2*hill");

  const Result expected = apply(sum, logits, targets);
  AnyLoss by_name = AnyLoss::named(text);
  BOOST_TEST(number(apply(by_name, logits, targets).value) == number(expected.value),
             boost::test_tools::tolerance(1e-6));
  double parts = 0;
  for (const auto& [weight, loss] :
       {std::pair{.5, "asymmetric:clip=0"}, {1., "hill"}, {2., "focal:gamma=1"}, {2., "large_loss"}}) {
    parts += weight * number(AnyLoss::named(loss)(Logits{logits}, targets));
  }
  BOOST_TEST(number(expected.value) == parts, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(a_sum_by_name_is_the_sum_of_types) {
  // [sum]
  SumOf<AsymmetricLoss, HillLoss> sum{.losses = {{.clip = 0}, {}}, .weights = {1, 0.5}};
  // [sum]
  AnyLoss by_name = AnyLoss::named("asymmetric:clip=0 + 0.5*hill");
  BOOST_TEST(by_name.chosen() == text_of(sum));
  const auto [logits, targets] = batch("lists");
  const Result expected = apply(sum, logits, targets), found = apply(by_name, logits, targets);
  BOOST_TEST(number(found.value) == number(expected.value));
  BOOST_TEST(at::equal(found.gradient, expected.gradient));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused) {
  const auto named = [](const char* text) { return [text] { AnyLoss::named(text); }; };
  check_error<OptionError>(named("focall"), "unknown loss \"focall\"; valid: binary_cross_entropy, focal, asymmetric");
  check_error<OptionError>(named("hill+focall"), "did you mean \"focal\"?");
  check_error<OptionError>(named("hill+zlpr"),
                           "the losses hill and zlpr cannot be summed: one trains a probability for each label");
  check_error<OptionError>(named("hill+"), "\"hill+\": a loss is missing; a sum of losses is written WEIGHT*LOSS+");
  check_error<OptionError>(named("(hill+splc"), "\"(hill+splc\": parentheses do not match");
  check_error<OptionError>(named("hill)+(splc"), "parentheses do not match");
  check_error<OptionError>(named("-1*hill"), "the weight \"-1\" is no number above 0");
  check_error<OptionError>(named("much*hill"), "the weight \"much\" is no number above 0");
  check_error<OptionError>(named("large_loss:mode=accept"),
                           "large_loss:mode=accept: unknown value \"accept\"; valid: reject, correct");
  check_error<OptionError>(named("asymmetric:clip=2"), "asymmetric:clip=2: must be between 0 and 1");

  const auto [logits, targets] = batch("lists");
  check_error<Error>([&] { DistributionBalancedLoss{}(Logits{logits}, targets); }, "call begin_training");
  SelectiveAsymmetricLoss selective{.prior = at::ones(3)};
  check_error<OptionError>([&] { selective(Logits{logits}, targets); }, "prior has 3 entries in 1 dimensions");

  Targets mixed = targets;
  mixed.values = targets.values * 0.7;
  mixed.pictures = at::arange(6);
  for (const char* text : {"large_loss:mode=correct_permanently", "entropy_maximization"}) {
    AnyLoss loss = AnyLoss::named(text);
    loss.begin_training(training_set("lists"));
    check_error<OptionError>([&] { loss(Logits{logits}, mixed); },
                             parse_policy(text).name + " remembers labels picture by picture");
  }
}

BOOST_AUTO_TEST_CASE(a_prior_can_be_given) {
  const auto [logits, targets] = batch("unknown");
  SelectiveAsymmetricLoss given{.likelihood_top = 0, .prior = at::tensor({1.f, 1.f, 1.f, 1.f, 1.f})};
  given.begin_training(training_set("unknown"));
  SelectiveAsymmetricLoss ignoring{.mode = SelectiveAsymmetricLoss::Mode::ignore};
  ignoring.begin_training(training_set("unknown"));
  BOOST_TEST(number(given(Logits{logits}, targets)) == number(ignoring(Logits{logits}, targets)));
}

BOOST_AUTO_TEST_CASE(activations_give_scores) {
  const at::Tensor logits = batch("lists").logits;
  const at::Tensor exact = logits.to(at::kDouble);
  const auto check = [&](const auto& activation, const at::Tensor& expected, float far_yes, float far_no) {
    const at::Tensor scores = activation(Logits{logits}).values;
    BOOST_TEST(scores.scalar_type() == at::kFloat);
    BOOST_TEST(largest(scores.to(at::kDouble) - expected) < 1e-6);
    const at::Tensor far = activation(Logits{at::tensor({1024.f, -1024.f}).view({1, 2}).to(at::kBFloat16)}).values;
    BOOST_TEST(far.scalar_type() == at::kFloat);
    BOOST_TEST(at::equal(far, at::tensor({far_yes, far_no}).view({1, 2})));
  };
  const at::Tensor sigmoid = 1 / (1 + (-exact).exp());
  check(Sigmoid{}, sigmoid, 1, 0);
  check(AnyActivation{Sigmoid{}}, sigmoid, 1, 0);
  check(AnyActivation::named("sigmoid"), sigmoid, 1, 0);
  const at::Tensor softmax = exact.exp() / exact.exp().sum(1, /*keepdim=*/true);
  check(Softmax{}, softmax, 1, 0);
  check(AnyActivation::named("softmax"), softmax, 1, 0);
  check(Margin{}, exact, 1024, -1024);
  check(AnyActivation::named("margin"), exact, 1024, -1024);
  check(Rank{}, exact, 1024, -1024);
  check(AnyActivation::named("rank"), exact, 1024, -1024);
}

BOOST_AUTO_TEST_SUITE_END()
