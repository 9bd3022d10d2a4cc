// What scores become, against scikit-learn and scipy (tests/oracles/calibration.py).
#define BOOST_TEST_MODULE calibration
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/calibration/any_calibrator.hpp>
#include <tagger/random.hpp>
#include <tagger/report/json_value.hpp>

#include <threshold/matrices.hpp>

using namespace tagger;

namespace {

const Json& golden() {
  static const Json file = read_json(std::filesystem::path(TAGGER_TEST_DATA) / "calibration" / "calibration.json");
  return file;
}

ValidationScores validation_of(const Json& json) {
  return {matrix_of<LabelMatrix>(json.at("targets")), matrix_of<ScoreMatrix>(json.at("scores")), 0.5,
          json.at("kind") == "margin" ? ScoreKind::margin : ScoreKind::probability};
}

const std::vector<LogisticMap>& logistic(const CalibrationFit& fit) {
  return std::get<std::vector<LogisticMap>>(fit.calibration.maps);
}

const auto near = boost::test_tools::tolerance(1e-9);

/// Labels of pictures whose probability is the square of their score.
ValidationScores squared(std::uint64_t seed, Eigen::Index pictures) {
  Random random{seed, 0, 0};
  LabelMatrix targets(pictures, 2);
  ScoreMatrix scores(pictures, 2);
  for (Eigen::Index i = 0; i < targets.size(); ++i) {
    const double score = random.uniform();
    scores.data()[i] = static_cast<float>(score);
    targets.data()[i] = random.chance(score * score) ? 1 : 0;
  }
  return {targets, scores};
}

}  // namespace

BOOST_AUTO_TEST_CASE(logistic_maps_are_those_of_the_least_log_loss) {
  for (const auto& each : golden().at("cases")) {
    const ValidationScores validation = validation_of(each);
    BOOST_TEST_CONTEXT(each.at("name")) {
      const auto platt = PlattScaling{}(validation);
      const auto apart = AnyCalibrator::named("temperature:per_label=true")(validation);
      const auto together = TemperatureScaling{}(validation);
      for (std::size_t k = 0; k < logistic(platt).size(); ++k) {
        BOOST_TEST_CONTEXT("label " << k) {
          BOOST_TEST(logistic(platt)[k].scale == each.at("platt")[k][0].get<double>(), near);
          BOOST_TEST(logistic(platt)[k].shift == each.at("platt")[k][1].get<double>(), near);
          BOOST_TEST(logistic(apart)[k].scale == each.at("temperature:per_label=true")[k].get<double>(), near);
          BOOST_TEST(logistic(together)[k].scale == each.at("temperature").get<double>(), near);
          BOOST_TEST(logistic(apart)[k].shift == 0);
          BOOST_TEST(logistic(together)[k].shift == 0);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(isotonic_maps_are_those_of_scikit_learn) {
  for (const auto& each : golden().at("cases")) {
    const ValidationScores validation = validation_of(each);
    const CalibrationFit fit = IsotonicCalibration{}(validation);
    const auto& maps = std::get<std::vector<PiecewiseMap>>(fit.calibration.maps);
    for (std::size_t k = 0; k < maps.size(); ++k) {
      for (std::size_t i = 0; i < each.at("grid").size(); ++i) {
        BOOST_TEST_CONTEXT(each.at("name") << ", label " << k << ", score " << each.at("grid")[i]) {
          const double probability = maps[k](each.at("grid")[i].get<float>(), validation.kind());
          BOOST_TEST(std::abs(probability - each.at("isotonic").at(k).at(i).get<double>()) < 1e-12);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_probability_becomes_what_it_says) {
  const ValidationScores known = squared(1, 4000), fresh = squared(2, 4000);
  std::set<std::string> tested;
  for_each_policy<Calibrators>([&]<class C>() {
    const Calibration calibration = C{}(known).calibration;
    const ScoreMatrix scores = calibration(fresh.scores());
    const auto loss = [](const ScoreMatrix& probabilities, const LabelMatrix& targets) {
      const Eigen::ArrayXXd p = probabilities.cast<double>().max(1e-9).min(1 - 1e-9);
      return -(targets == 1).select(p.log(), (1 - p).log()).mean();
    };
    double worst = 0;
    for (Eigen::Index i = 0; i < scores.size(); ++i) {
      const double score = fresh.scores().data()[i];
      worst = std::max(worst, std::abs(static_cast<double>(scores.data()[i]) - score * score));
    }
    BOOST_TEST_CONTEXT(C::name << ": off by " << worst) {
      const bool one_number = C::name == TemperatureScaling::name;  // which cannot move what is at 0.5
      BOOST_TEST((one_number || worst < 0.1));
      BOOST_TEST(loss(calibration(known.scores()), known.targets()) < loss(known.scores(), known.targets()));
      BOOST_TEST((one_number || loss(scores, fresh.targets()) < loss(fresh.scores(), fresh.targets()) - 0.03));
      BOOST_TEST(calibration.method == C::name);
      BOOST_TEST((calibration(fresh).kind() == ScoreKind::probability));
    }
    tested.insert(std::string(C::name));
  });
  BOOST_TEST(tested.size() == policy_names<Calibrators>().size());
}

BOOST_AUTO_TEST_CASE(unknown_targets_are_as_pictures_that_are_not_there) {
  const ValidationScores whole = squared(3, 100);
  LabelMatrix targets = whole.targets();
  targets.bottomRows(40) = -1;
  const ValidationScores masked(targets, whole.scores());
  const ValidationScores shorter(whole.targets().topRows(60), whole.scores().topRows(60));
  for_each_policy<Calibrators>(
      [&]<class C>() { BOOST_TEST((C{}(masked).calibration == C{}(shorter).calibration), C::name); });
}

BOOST_AUTO_TEST_CASE(labels_that_nothing_is_known_of_are_fitted_with_all_or_not_at_all) {
  LabelMatrix targets(4, 3);
  targets << 1, 0, -1,  //
      0, 0, -1,         //
      1, 0, -1,         //
      0, 0, -1;
  ScoreMatrix scores(4, 3);
  for (Eigen::Index i = 0; i < scores.size(); ++i) scores.data()[i] = static_cast<float>(i % 5) / 5;
  for (const char* text : {"platt", "isotonic", "temperature:per_label=true"}) {
    const auto fit = AnyCalibrator::named(text)({targets, scores});
    const ScoreMatrix made = fit.calibration(ScoreMatrix::Constant(1, 3, 0.3F));
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST_REQUIRE(fit.notes.size() == 2u);
      BOOST_TEST(fit.notes[0].text == "no picture has it: it gets the map of all labels together");
      BOOST_TEST(fit.notes[1].text == "nothing is known of it: it gets the map of all labels together");
      BOOST_TEST(made(0, 1) == made(0, 2));
    }
  }
  targets.setConstant(-1);
  for (const char* text : {"platt", "isotonic", "temperature", "temperature:per_label=true"}) {
    const auto fit = AnyCalibrator::named(text)({targets, scores});
    BOOST_TEST((fit.calibration(scores) == scores).all());
    BOOST_TEST(fit.notes.at(0).text.ends_with("scores stay as they are"));
  }
}

BOOST_AUTO_TEST_CASE(margins_become_probabilities) {
  const Calibration untouched{.input = ScoreKind::margin, .maps = std::vector<PiecewiseMap>(1)};
  BOOST_TEST(untouched(ScoreMatrix::Constant(1, 1, 0))(0, 0) == 0.5F);
  const Calibration halved{.input = ScoreKind::margin, .maps = std::vector<LogisticMap>{{.scale = 2, .shift = -1}}};
  BOOST_TEST(halved(ScoreMatrix::Constant(1, 1, 0.5F))(0, 0) == 0.5F);
  BOOST_TEST(halved(ScoreMatrix::Constant(1, 1, -40))(0, 0) > 0);
  BOOST_TEST(halved(ScoreMatrix::Constant(1, 1, -1e30F))(0, 0) == 0);  // and no overflow on the way
  BOOST_TEST(std::isnan(halved(ScoreMatrix::Constant(1, 1, std::nanf("")))(0, 0)));
}

BOOST_AUTO_TEST_CASE(certain_scores_have_finite_logits) {
  BOOST_TEST(logit_of(1, ScoreKind::probability) == 24 * std::log(2.0), boost::test_tools::tolerance(1e-7));
  BOOST_TEST(logit_of(0, ScoreKind::probability) == -logit_of(1, ScoreKind::probability), near);
  LabelMatrix targets(4, 1);
  ScoreMatrix scores(4, 1);
  targets << 1, 0, 1, 0;
  scores << 1, 0, 0, 1;
  for (const char* text : {"platt", "isotonic", "temperature"}) {
    const ScoreMatrix made = AnyCalibrator::named(text)({targets, scores}).calibration(scores);
    BOOST_TEST((made - 0.5F).abs().maxCoeff() < 0.1F, text << ": half of what it is certain of is wrong");
  }
}

BOOST_AUTO_TEST_CASE(scores_of_other_labels_are_refused) {
  const Calibration calibration{.maps = std::vector<LogisticMap>(3)};
  BOOST_CHECK_EXCEPTION(calibration(ScoreMatrix::Zero(1, 2)), DataError, [](const DataError& error) {
    return error.what() == std::string("the calibration is of 3 labels, scores are of 2");
  });
  BOOST_CHECK_EXCEPTION(AnyCalibrator::named("plat"), OptionError, [](const OptionError& error) {
    return error.what() == std::string(
                               "unknown calibration \"plat\"; valid: temperature, platt, isotonic; did you "
                               "mean \"platt\"?");
  });
}

// [own]
/// The prior of each label added to its logits: for a tagger that was trained as if all labels were as frequent as not.
struct AddPrior {
  static constexpr std::string_view name = "add_prior";

  tagger::CalibrationFit operator()(const tagger::ValidationScores& validation) const {
    return tagger::maps_by_label<tagger::LogisticMap>(validation, "add_prior", [](const tagger::KnownScores& known) {
      const auto yes = static_cast<double>(known.yes.size()), no = static_cast<double>(known.no.size());
      return tagger::LogisticMap{.shift = std::log(yes / no)};
    });
  }
};
static_assert(tagger::Calibrator<AddPrior>);
// [own]

BOOST_AUTO_TEST_CASE(a_calibrator_of_ones_own_is_one_like_the_others) {
  using Mine = std::tuple<PlattScaling, AddPrior>;
  const auto fit = AnyCalibrator::named<Mine>("add_prior")(squared(4, 50));
  BOOST_TEST(logistic(fit).size() == 2u);
  BOOST_TEST(logistic(fit)[0].shift < 0);  // a third has the label
  BOOST_CHECK_THROW(AnyCalibrator::named<Mine>("isotonic"), OptionError);
}
