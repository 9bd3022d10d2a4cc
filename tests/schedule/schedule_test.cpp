// Learning rates of every schedule against torch's and timm's (tests/oracles/schedules.py).
#define BOOST_TEST_MODULE schedule
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/report/json_value.hpp>
#include <tagger/schedule/any_schedule.hpp>
#include <tagger/schedule/warmup.hpp>

using namespace tagger;

namespace {

const Json& golden() {
  static const Json file = read_json(std::filesystem::path(TAGGER_TEST_DATA) / "schedule" / "rates.json");
  return file;
}

std::set<std::string> tested;

AnySchedule named(const Json& text) {
  tested.insert(parse_policy(text.get<std::string>()).name);
  return AnySchedule::named(text.get<std::string>());
}

const auto near = boost::test_tools::tolerance(1e-9);

}  // namespace

BOOST_AUTO_TEST_CASE(rates_are_those_of_torch_and_timm) {
  for (const auto& expected : golden().at("by_step")) {
    BOOST_TEST_CONTEXT(expected.at("schedule") << ", warm-up " << expected.at("warmup")) {
      const AnySchedule schedule = named(expected.at("schedule"));
      const Warmup warmup{expected.at("warmup").get<std::int64_t>()};
      const auto rates = expected.at("rates").get<std::vector<double>>();
      TrainingPosition position{.steps = expected.at("steps").get<std::int64_t>(),
                                .steps_per_epoch = expected.at("steps_per_epoch").get<std::int64_t>()};
      for (const double rate : rates) {
        const TrainingPosition later = warmup.after(position);
        BOOST_TEST(warmup.factor(position) * schedule(later) + 1 == rate + 1, near << "step " << position.step);
        if (expected.contains("momenta")) {
          const auto momenta = expected.at("momenta").get<std::vector<double>>();
          BOOST_TEST(schedule.momentum(later).value() == momenta[static_cast<std::size_t>(position.step)], near);
        } else {
          BOOST_TEST(!schedule.momentum(later));
        }
        ++position.step;
      }
      BOOST_TEST(position.step == position.steps);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_plateau_is_found_as_torch_finds_it) {
  const auto scores = golden().at("scores").get<std::vector<double>>();
  for (const auto& expected : golden().at("by_score")) {
    BOOST_TEST_CONTEXT(expected.at("schedule")) {
      const AnySchedule schedule = named(expected.at("schedule"));
      BOOST_TEST(schedule(TrainingPosition{}) == 1);
      const auto rates = expected.at("rates").get<std::vector<double>>();
      for (std::size_t i = 0; i < scores.size(); ++i) {
        BOOST_TEST(schedule({.scores = std::span(scores).first(i + 1)}) == rates[i], near << "score " << i);
      }
    }
  }
  for (const auto& name : policy_names<Schedules>()) BOOST_TEST(tested.contains(name), name << " has no oracle");
}

BOOST_AUTO_TEST_CASE(every_schedule_is_finite_at_every_length) {
  for_each_policy<Schedules>([]<class S>() {
    for (std::int64_t steps = 1; steps < 40; ++steps) {
      for (std::int64_t step = 0; step < steps; ++step) {
        const double rate = S{}({.step = step, .steps = steps});
        BOOST_TEST((rate >= 0 && rate <= 1), S::name << ", step " << step << " of " << steps << ": " << rate);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(a_schedule_is_known_by_its_text) {
  BOOST_TEST(AnySchedule(Cosine{.end = 0.01}).chosen() == "cosine:end=0.01");
  BOOST_TEST(AnySchedule(Cosine{}).needs_length());
  BOOST_TEST(!AnySchedule(Constant{}).needs_length());
  const auto refused = [](const char* text, const std::string& message) {
    BOOST_CHECK_EXCEPTION(AnySchedule::named(text), OptionError,
                          [&](const OptionError& error) { return error.what() == message; });
  };
  refused("cosin",
          "unknown schedule \"cosin\"; valid: constant, cosine, one_cycle, warmup_stable_decay, step, plateau; "
          "did you mean \"cosine\"?");
  refused("constant:end=0", "constant: unknown field \"end\"; valid: none");
  refused("step:epochs=0", "step:epochs=0: must be at least 1");
  refused("step:epochs=1.5", "step:epochs=1.5: is no whole number");
}

// [own]
/// Slower and slower, without an end: Vaswani et al., "Attention is all you need", NeurIPS 2017.
struct InverseSquareRoot {
  static constexpr std::string_view name = "inverse_square_root";
  static constexpr bool needs_length = false;

  double timescale = 1000;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("timescale", self.timescale, "steps after which a good third is off", tagger::above(0));
  }

  double operator()(const tagger::TrainingPosition& position) const {
    return 1 / std::sqrt(1 + static_cast<double>(position.step) / timescale);
  }
};
static_assert(tagger::Schedule<InverseSquareRoot>);
// [own]

BOOST_AUTO_TEST_CASE(a_schedule_of_ones_own_is_one_like_the_others) {
  using Mine = std::tuple<Constant, InverseSquareRoot>;
  const auto schedule = AnySchedule::named<Mine>("inverse_square_root:timescale=3");
  BOOST_TEST(schedule({.step = 9}) == 0.5);
  BOOST_TEST(!schedule.needs_length());
  BOOST_TEST(!schedule.momentum({}));
  BOOST_CHECK_THROW(AnySchedule::named<Mine>("cosine"), OptionError);
}
