// Every rule against all cuts tried one by one (tests/oracles/thresholds.py), and what its documentation promises.
#define BOOST_TEST_MODULE threshold
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/metrics/cardinality_threshold.hpp>
#include <tagger/random.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/threshold/any_threshold.hpp>

#include "matrices.hpp"

using namespace tagger;

namespace {

const Json& golden() {
  static const Json file = read_json(std::filesystem::path(TAGGER_TEST_DATA) / "threshold" / "thresholds.json");
  return file;
}

ValidationScores validation_of(const Json& json) {
  return {matrix_of<LabelMatrix>(json.at("targets")), matrix_of<ScoreMatrix>(json.at("scores")),
          json.at("fallback").get<double>()};
}

std::set<std::string> tested;

ThresholdChoice choose(const std::string& text, const ValidationScores& validation) {
  tested.insert(parse_policy(text).name);
  return AnyThreshold::named(text)(validation);
}

std::string notes_of(const ThresholdChoice& choice) {
  std::string text;
  for (const auto& note : choice.notes) {
    text += (note.label ? std::to_string(*note.label) : "all") + ": " + note.text + "\n";
  }
  return text;
}

/// Scores that say something of targets, from a seed.
ValidationScores random_set(std::uint64_t seed, Eigen::Index pictures, Eigen::Index labels, double share = 0.3) {
  Random random{seed, 0, 0};
  LabelMatrix targets(pictures, labels);
  ScoreMatrix scores(pictures, labels);
  for (Eigen::Index i = 0; i < targets.size(); ++i) {
    const bool yes = random.chance(share);
    targets.data()[i] = yes ? 1 : 0;
    scores.data()[i] =
        static_cast<float>(yes ? 1 - (1 - random.uniform()) * random.uniform() : random.uniform() * random.uniform());
  }
  return {targets, scores};
}

}  // namespace

BOOST_AUTO_TEST_CASE(thresholds_by_label_are_the_best_of_all_cuts) {
  int compared = 0;
  for (const auto& each : golden().at("cases")) {
    const ValidationScores validation = validation_of(each);
    for (const auto& [text, expected] : each.at("by_label").items()) {
      BOOST_TEST_CONTEXT(each.at("name") << ", " << text) {
        const auto thresholds = choose(text, validation).decision.thresholds;
        BOOST_TEST_REQUIRE(thresholds.size() == expected.size());
        for (std::size_t k = 0; k < thresholds.size(); ++k) {
          BOOST_TEST(thresholds[k] == expected[k].get<float>(),
                     "label " << k << ": " << thresholds[k] << ", not " << expected[k]);
          ++compared;
        }
      }
    }
  }
  BOOST_TEST(compared > 1000);
}

BOOST_AUTO_TEST_CASE(thresholds_for_all_labels_are_the_best_of_all_cuts) {
  for (const auto& each : golden().at("cases")) {
    const ValidationScores validation = validation_of(each);
    for (const auto& [text, expected] : each.at("global").items()) {
      BOOST_TEST_CONTEXT(each.at("name") << ", " << text) {
        const Decision decision = choose(text, validation).decision;
        BOOST_TEST(decision.thresholds.empty());
        BOOST_TEST(decision.threshold == (expected.is_null() ? no_threshold : expected.get<double>()));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(fixed_and_top_k_need_no_scores) {
  const ValidationScores validation = random_set(1, 4, 5);
  BOOST_TEST((choose("fixed:value=0.35", validation).decision == Decision{.threshold = 0.35}));
  const Decision decision = choose("top_k:k=2", validation).decision;
  BOOST_TEST((decision == Decision{.threshold = no_threshold, .top_k = 2}));
  for (const auto& name : policy_names<Thresholds>()) BOOST_TEST(tested.contains(name), name << " has no oracle");
}

// The float halfway between neighbours would round up to the upper one, which is then not above it.
BOOST_AUTO_TEST_CASE(a_threshold_parts_neighbouring_floats) {
  Random random{3, 0, 0};
  for (int i = 0; i < 1000; ++i) {
    const auto below = static_cast<float>(random.uniform(-2, 2));
    const float above = std::nextafter(below, 3.0F);
    BOOST_TEST(above > halfway(above, below));
    BOOST_TEST(!(below > halfway(above, below)));
    const ScoreMatrix pictures{{below}, {above}};
    BOOST_TEST(decide(pictures, {.threshold = cardinality_threshold(pictures, 0.5)}).count() == 1);
  }
  BOOST_TEST(halfway(0.75F, 0.25F) == 0.5F);
  BOOST_TEST(halfway(std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()) == 0);
}

BOOST_AUTO_TEST_CASE(the_order_of_pictures_has_no_part_in_it) {
  const ValidationScores validation = random_set(4, 60, 70);
  const ValidationScores reversed(validation.targets().colwise().reverse(), validation.scores().colwise().reverse());
  for_each_policy<Thresholds>(
      [&]<class T>() { BOOST_TEST((T{}(validation).decision == T{}(reversed).decision), T::name); });
}

BOOST_AUTO_TEST_CASE(unknown_targets_are_as_pictures_that_are_not_there) {
  const ValidationScores whole = random_set(5, 80, 1);
  LabelMatrix targets = whole.targets();
  targets.bottomRows(30) = -1;
  const ValidationScores masked(targets, whole.scores());
  const ValidationScores shorter(whole.targets().topRows(50), whole.scores().topRows(50));
  for_each_policy<Thresholds>([&]<class T>() { BOOST_TEST((T{}(masked).decision == T{}(shorter).decision), T::name); });
}

BOOST_AUTO_TEST_CASE(what_could_not_be_followed_is_said) {
  LabelMatrix targets(12, 6);
  ScoreMatrix scores(12, 6);
  for (Eigen::Index i = 0; i < 12; ++i) {
    targets.row(i) << (i < 10), 0, 1, -1, (i == 1), (i < 10);
    scores.row(i).setConstant(static_cast<float>(12 - i) / 16);
  }
  scores(1, 4) = 0;  // the only picture is the last
  scores(11, 5) = 1;
  const ValidationScores validation(targets, scores);
  BOOST_TEST(notes_of(choose("precision", validation)) ==
             "1: no picture has it: the threshold is that of all labels together\n"
             "2: every picture has it: the threshold is that of all labels together\n"
             "3: nothing is known of it: the threshold is that of all labels together\n"
             "4: no threshold reaches the precision: it is not predicted; only 1 picture has it\n");
  BOOST_TEST(notes_of(choose("max_f1:shrink=3", validation)) ==
             "1: no picture has it: the threshold is that of all labels together\n"
             "2: every picture has it: the threshold is that of all labels together\n"
             "3: nothing is known of it: the threshold is that of all labels together\n"
             "4: only 1 picture has it: 75 % that of all labels\n");
  const ValidationScores unknown(LabelMatrix::Constant(3, 1, -1), ScoreMatrix::Constant(3, 1, 0.5F), 0.25);
  const ThresholdChoice nothing = choose("max_f1", unknown);
  BOOST_TEST(nothing.decision.thresholds.at(0) == 0.25F);
  BOOST_TEST(notes_of(nothing) == "0: nothing is known of it: the threshold is that of no choice\n");
  BOOST_TEST(notes_of(choose("global_f1", unknown)) ==
             "all: there is not both a yes and a no: the threshold is that of no choice\n");
  BOOST_TEST(notes_of(choose("conformal:alpha=0.05", validation)) ==
             "all: 12 pictures with a label are too few for alpha=0.05: everything is predicted\n");
}

// Pictures of which some are hard: what is promised holds over sets and pictures, not for each.
BOOST_AUTO_TEST_CASE(the_conformal_rule_keeps_its_promise) {
  static constexpr Eigen::Index labels = 6;
  constexpr int sets = 400, fresh = 100;
  const auto draw = [](Random& random, Eigen::Index pictures) {
    LabelMatrix targets(pictures, labels);
    ScoreMatrix scores(pictures, labels);
    for (Eigen::Index row = 0; row < pictures; ++row) {
      const double hard = random.uniform();
      for (Eigen::Index label = 0; label < labels; ++label) {
        const bool yes = label == 0 || random.chance(0.3);  // everyone has one
        targets(row, label) = yes ? 1 : 0;
        scores(row, label) = static_cast<float>(yes ? 1 - hard * random.uniform() : random.uniform());
      }
    }
    return ValidationScores{std::move(targets), std::move(scores)};
  };
  for (const auto& [alpha, calibration] : {std::pair{0.1, 20}, {0.1, 200}, {0.3, 50}, {0.05, 30}}) {
    Random random{9, static_cast<std::uint64_t>(calibration), 0};
    double sum = 0, squares = 0;
    for (int set = 0; set < sets; ++set) {
      const Decision decision = ConformalRecall{.alpha = alpha}(draw(random, calibration)).decision;
      const ValidationScores pictures = draw(random, fresh);
      const LabelMatrix predicted = decide(pictures.scores(), decision);
      double missed = 0;
      for (Eigen::Index row = 0; row < fresh; ++row) {
        const auto yes = pictures.targets().row(row) == 1;
        missed += static_cast<double>((yes && predicted.row(row) == 0).count()) / static_cast<double>(yes.count());
      }
      sum += missed / fresh;
      squares += missed / fresh * missed / fresh;
    }
    const double rate = sum / sets, error = std::sqrt((squares / sets - rate * rate) / sets);
    BOOST_TEST_CONTEXT("alpha " << alpha << ", " << calibration << " pictures: " << rate << " +- " << error) {
      BOOST_TEST(rate <= alpha + 3 * error);
      BOOST_TEST(rate >= alpha - 2.0 / (calibration + 1) - 3 * error);  // theorem 2: it predicts no more than it must
    }
  }
}

BOOST_AUTO_TEST_CASE(scores_that_nothing_can_be_chosen_from_are_refused) {
  const auto refused = [](const LabelMatrix& targets, const ScoreMatrix& scores, ScoreKind kind, const char* message) {
    BOOST_CHECK_EXCEPTION((ValidationScores{targets, scores, 0.5, kind}), DataError,
                          [&](const DataError& error) { return error.what() == std::string(message); });
  };
  const LabelMatrix targets = LabelMatrix::Zero(2, 2);
  ScoreMatrix scores = ScoreMatrix::Constant(2, 2, 0.5F);
  refused(targets, ScoreMatrix::Zero(2, 3), ScoreKind::probability, "targets are (2, 2), scores are (2, 3)");
  refused(LabelMatrix::Zero(0, 2), ScoreMatrix::Zero(0, 2), ScoreKind::margin,
          "there is no picture to choose thresholds from");
  scores(1, 0) = 1.5F;
  refused(targets, scores, ScoreKind::probability, "scores(1, 0): 1.5 is no probability");
  BOOST_TEST(MaxF1{}(ValidationScores{targets, scores, 0, ScoreKind::margin}).decision.thresholds.size() == 2u);
  scores(1, 0) = std::nanf("");
  refused(targets, scores, ScoreKind::margin, "scores(1, 0): nan is no margin");
}

BOOST_AUTO_TEST_CASE(a_rule_is_known_by_its_text) {
  BOOST_TEST(AnyThreshold(MaxF1{.shrink = 5}).chosen() == "max_f1:shrink=5");
  BOOST_TEST(AnyThreshold(GlobalF1{.average = GlobalAverage::macro}).chosen() == "global_f1:average=macro");
  const auto refused = [](const char* text, const std::string& message) {
    BOOST_CHECK_EXCEPTION(AnyThreshold::named(text), OptionError,
                          [&](const OptionError& error) { return error.what() == message; });
  };
  refused(
      "maxf1",
      "unknown threshold rule \"maxf1\"; valid: fixed, max_f1, precision, recall, break_even, cost, global_f1, top_k, "
      "conformal; did you mean \"max_f1\"?");
  refused("precision:at_least=1.5", "precision:at_least=1.5: must be between 0 and 1");
  refused("global_f1:average=weighted", "global_f1:average=weighted: unknown value \"weighted\"; valid: micro, macro");
  refused("top_k:k=0", "top_k:k=0: must be at least 1");
}

// [own]
/// As many pictures of each label as have it twice over: for a person who looks through them.
struct TwiceAsMany {
  static constexpr std::string_view name = "twice_as_many";

  double times = 2;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("times", self.times, "pictures to look through for each that has the label", tagger::at_least(1));
  }

  tagger::ThresholdChoice operator()(const tagger::ValidationScores& validation) const {
    return tagger::by_label(validation, 0, [this](const tagger::KnownScores& sorted) {
      const double wanted = times * static_cast<double>(sorted.yes.size());
      const auto value = [&](const tagger::Cut& cut) {
        return -std::abs(static_cast<double>(cut.predicted()) - wanted);
      };
      return tagger::ChosenCut{best_cut(sorted, value).threshold};
    });
  }
};
static_assert(tagger::Threshold<TwiceAsMany>);
// [own]

BOOST_AUTO_TEST_CASE(a_rule_of_ones_own_is_one_like_the_others) {
  using Mine = std::tuple<FixedThreshold, TwiceAsMany>;
  LabelMatrix targets(4, 1);
  ScoreMatrix scores(4, 1);
  targets << 1, 0, 0, 0;
  scores << 0.5F, 0.75F, 0.25F, 0;
  const auto choice = AnyThreshold::named<Mine>("twice_as_many:times=3")({targets, scores});
  BOOST_TEST(choice.decision.thresholds.at(0) == 0.125F);
  BOOST_CHECK_THROW(AnyThreshold::named<Mine>("max_f1"), OptionError);
}
