#define BOOST_TEST_MODULE progress
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <sstream>
#include <string>

#include <tagger/report/progress.hpp>
#include <tagger/train/progress_observer.hpp>

namespace {

using namespace std::chrono_literals;

struct Stage {
  std::ostringstream out;
  std::optional<int> width;
  std::chrono::steady_clock::time_point now{};

  tagger::ProgressOptions options(tagger::BarStyle style = tagger::BarStyle::ascii) {
    return {.width = [this] { return width; }, .style = style, .clock = [this] { return now; }};
  }
  std::string last_line() const {
    const std::string text = out.str();
    return text.substr(text.rfind("\x1b[K") + 3);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_duration_is_short) {
  BOOST_TEST(tagger::format_duration(9.4s) == "0:09");
  BOOST_TEST(tagger::format_duration(754s) == "12:34");
  BOOST_TEST(tagger::format_duration(3723s) == "1:02:03");
  BOOST_TEST(tagger::format_duration(-1s) == "0:00");
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_one_line_redrawn_in_place) {
  Stage stage;
  stage.width = 120;
  tagger::Progress progress{stage.out, stage.options()};
  progress.begin("epoch 1/2", 1000);
  stage.now += 5s;
  progress.advance(250, 0.25);
  BOOST_TEST(
      stage.last_line() ==
      "epoch 1/2  [#########                           ]   25 %  loss 0.2500  50.0 images/s  0:15 left  0:05 elapsed"
      "  250/1000");
  BOOST_TEST(stage.out.str().find('\n') == std::string::npos);
  progress.end();
  BOOST_TEST(stage.out.str().back() == '\n');
}

BOOST_AUTO_TEST_CASE(a_bar_never_wraps) {
  for (const auto style : {tagger::BarStyle::ascii, tagger::BarStyle::blocks}) {
    for (int width = 1; width < 200; ++width) {
      Stage stage;
      stage.width = width;
      tagger::Progress progress{stage.out, stage.options(style)};
      progress.begin("epoch 35/35", 5'000'000);
      stage.now += 1h;
      progress.advance(123'456, 0.123456);
      BOOST_TEST(tagger::text_width(stage.last_line()) < width, "width " << width << ": " << stage.last_line());
    }
  }
}

BOOST_AUTO_TEST_CASE(lines_in_between_stand_above_the_bar) {
  Stage stage;
  stage.width = 60;
  tagger::Progress progress{stage.out, stage.options()};
  progress.begin("test", 10);
  progress.line("broken.jpg: cannot be decoded");
  BOOST_TEST(stage.out.str().find("\r\x1b[Kbroken.jpg: cannot be decoded\n\r\x1b[Ktest") != std::string::npos);
  progress.end();
  progress.line("after");
  BOOST_TEST(stage.out.str().ends_with("\nafter\n"));
}

BOOST_AUTO_TEST_CASE(redraws_are_rare) {
  Stage stage;
  stage.width = 80;
  tagger::Progress progress{stage.out, stage.options()};
  progress.begin("epoch", 1000);
  const auto before = stage.out.str().size();
  stage.now += 50ms;
  progress.advance(1, 1.0);
  BOOST_TEST(stage.out.str().size() == before);
}

BOOST_AUTO_TEST_CASE(a_log_gets_whole_lines_at_intervals) {
  Stage stage;
  tagger::Progress progress{stage.out, stage.options()};
  progress.begin("epoch 1/1", 1000);
  for (int i = 0; i < 100; ++i) {  // 200 s in all: a line each tenth of the way
    stage.now += 2s;
    progress.advance(10, 0.5);
  }
  progress.end();
  const std::string text = stage.out.str();
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 10);
  BOOST_TEST(text.find_first_of("\r\x1b") == std::string::npos);
  BOOST_TEST(text.starts_with("epoch 1/1: 10 %, loss 0.5000, 5.0 images/s, 3:00 left, 0:20 elapsed, 100/1000\n"));
}

BOOST_AUTO_TEST_CASE(a_slow_log_is_not_silent_and_a_fast_one_not_loud) {
  Stage slow;
  tagger::Progress patient{slow.out, slow.options()};
  patient.begin("epoch", 1'000'000);
  slow.now += 61s;
  patient.advance(1);
  BOOST_TEST(slow.out.str().ends_with("1/1000000\n"));

  Stage fast;
  tagger::Progress quick{fast.out, fast.options()};
  quick.begin("epoch", 10);
  for (int i = 0; i < 10; ++i) quick.advance(1);
  BOOST_TEST(fast.out.str().empty());
  quick.end();
  BOOST_TEST(fast.out.str() == "epoch: 100 %, 0:00 elapsed, 10/10\n");
}

BOOST_AUTO_TEST_CASE(a_resumed_pass_measures_only_its_own_speed) {
  Stage stage;
  tagger::Progress progress{stage.out, stage.options()};
  progress.begin("epoch", 100, 50);
  stage.now += 10s;
  progress.advance(10);
  BOOST_TEST(stage.out.str() == "epoch: 60 %, 1.0 images/s, 0:40 left, 0:10 elapsed, 60/100\n");
}

BOOST_AUTO_TEST_CASE(an_empty_pass_is_complete) {
  Stage stage;
  tagger::Progress progress{stage.out, stage.options()};
  progress.begin("test", 0);
  progress.end();
  BOOST_TEST(stage.out.str() == "test: 100 %, 0:00 elapsed, 0/0\n");
}

// What a step after a test tells is not that the bar began with it, as if all pictures before had taken no time.
BOOST_AUTO_TEST_CASE(the_bar_of_an_epoch_goes_on_after_a_test) {
  Stage stage;
  stage.width = 120;
  tagger::ProgressObserver observer{stage.out, stage.options()};
  const tagger::Evaluation evaluation;
  const auto step = [&](std::int64_t number) {
    observer.on_step({.epoch = 1,
                      .epochs = 2,
                      .step = number,
                      .step_in_epoch = number,
                      .steps_per_epoch = 10,
                      .images = 100,
                      .loss = 0.5,
                      .evaluation = evaluation});
  };
  observer.on_epoch_begin({.epoch = 1, .epochs = 2, .steps_done = 0, .steps_per_epoch = 10, .batch_size = 100});
  stage.now += 1s;
  step(1);
  observer.on_test_progress({.done = 0, .total = 50});
  stage.now += 60s;
  observer.on_test_progress({.done = 50, .total = 50});
  observer.on_test({.epoch = 1, .step = 1, .evaluation = evaluation});
  stage.now += 1ms;
  step(2);
  BOOST_TEST(stage.last_line().find("images/s") == std::string::npos, stage.last_line());
  BOOST_TEST(stage.last_line().ends_with("200/1000"), stage.last_line());
  stage.now += 1s;
  step(3);
  const std::string line = stage.last_line();
  for (const char* fact : {" 30 %", "loss 0.5000", " 100 images/s", "0:07 left", "0:01 elapsed", "300/1000"}) {
    BOOST_TEST(line.find(fact) != std::string::npos, fact << " in " << line);
  }
}
