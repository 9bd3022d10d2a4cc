#define BOOST_TEST_MODULE tensorboard
#include <boost/test/unit_test.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/file.hpp>
#include <tagger/report/tensorboard.hpp>
#include <tagger/report/tensorboard_scores.hpp>

namespace {

namespace fs = std::filesystem;
using Metrics = std::vector<std::pair<std::string, double>>;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("tagger-tensorboard-" + std::to_string(::getpid()));
  Folder() { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
};

std::vector<std::byte> from_hex(std::string_view digits) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

bool throws(auto&& action, std::string_view place, std::string_view what) {
  try {
    action();
  } catch (const tagger::FileError& error) {
    const std::string message = error.what();
    BOOST_TEST_MESSAGE(message);
    return message.find(place) != std::string::npos && message.find(what) != std::string::npos;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(crc32c_is_rfc3720s) {
  BOOST_TEST(tagger::crc32c({}) == 0u);
  std::array<std::byte, 32> bytes{};
  BOOST_TEST(tagger::crc32c(bytes) == 0x8A9136AAu);
  bytes.fill(std::byte{0xFF});
  BOOST_TEST(tagger::crc32c(bytes) == 0x62A8AB43u);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
  BOOST_TEST(tagger::crc32c(bytes) == 0x46DD794Eu);
}

BOOST_AUTO_TEST_CASE(the_file_is_tensorboards_byte_for_byte) {
  const Folder folder;
  tagger::TensorBoardWriter writer{folder.path / "run", 1600000000.25};
  BOOST_TEST(writer.path().filename().string().starts_with("events.out.tfevents.1600000000."));
  writer.scalar("train_loss", 0.6931472, 1, 1600000001.5);
  const Metrics metrics{
      {"micro/precision", 0.5}, {"micro/f1", std::numeric_limits<double>::quiet_NaN()}, {"samples/f1", 1.0 / 3}};
  writer.scalars("test/", metrics, 200, 1600000002.5);
  writer.image(
      "picture",
      from_hex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060600000"
               "00050001a5f645400000000049454e44ae426082"),
      1, 1, std::int64_t{1} << 40, 1600000003.5);
  tagger::LabelMatrix targets(40, 1);
  tagger::ScoreMatrix scores(40, 1);
  for (int i = 0; i < 40; ++i) {
    targets(i, 0) = static_cast<std::int8_t>(i % 13 == 5 ? -1 : i * i % 3 == 0);
    scores(i, 0) = static_cast<float>((i * 37 % 97) / 96.0);
  }
  writer.pr_curve("test", tagger::threshold_counts(targets, scores, 9), 200, 1600000004.5);
  writer.histogram("scores", -1, 1, std::array<std::int64_t, 4>{5, 0, 3, 1}, 200, 1600000005.5);
  const auto written = tagger::read_file(writer.path());
  const auto golden = tagger::read_file(fs::path(TAGGER_TEST_DATA) / "report/events.out.tfevents.golden");
  BOOST_TEST((written == golden), "the events differ from those that TensorBoard reads");
  BOOST_TEST(writer.position() == golden.size());
}

BOOST_AUTO_TEST_CASE(counts_at_thresholds_leave_out_what_is_unknown) {
  tagger::LabelMatrix targets(3, 2);
  tagger::ScoreMatrix scores(3, 2);
  targets << 1, 0, 1, -1, 0, 1;
  scores << 1.0f, 0.5f, 0.25f, 0.75f, 0.0f, std::numeric_limits<float>::quiet_NaN();
  const auto all = tagger::threshold_counts(targets, scores, 3);  // at 0, 0.5 and 1
  BOOST_TEST(all.tp == (std::vector<std::int64_t>{2, 1, 1}), boost::test_tools::per_element());
  BOOST_TEST(all.fp == (std::vector<std::int64_t>{2, 1, 0}), boost::test_tools::per_element());
  BOOST_TEST(all.tn == (std::vector<std::int64_t>{0, 1, 2}), boost::test_tools::per_element());
  BOOST_TEST(all.fn == (std::vector<std::int64_t>{0, 1, 1}), boost::test_tools::per_element());
  const auto second = tagger::threshold_counts(targets.col(1), scores.col(1), 3);
  BOOST_TEST(second.tp == (std::vector<std::int64_t>{0, 0, 0}), boost::test_tools::per_element());
  BOOST_TEST(second.fp == (std::vector<std::int64_t>{1, 1, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_tests_scores_are_histograms_and_curves) {
  constexpr int pictures = 50, labels = 23;
  tagger::LabelMatrix targets(pictures, labels);
  tagger::ScoreMatrix scores(pictures, labels);
  for (int i = 0; i < pictures; ++i) {
    for (int k = 0; k < labels; ++k) {
      targets(i, k) = static_cast<std::int8_t>((i * 7 + k * 3) % 11 == 0 ? -1 : (i + k) % 4 == 0);
      scores(i, k) = static_cast<float>((i * 31 + k * 17) % 60 + 0.5) / 60;
    }
  }
  scores(0, 0) = std::numeric_limits<float>::quiet_NaN();
  std::vector<tagger::LabelScore> rows(labels);
  for (int k = 0; k < labels; ++k) rows[k] = {.name = "label " + std::to_string(k), .support = k % 22};

  const Folder folder;
  tagger::TensorBoardWriter written{folder.path / "written", 1.0}, expected{folder.path / "expected", 1.0};
  write_test_scores(written, rows, targets, scores, true, 7, 2.0);
  std::array<std::int64_t, 30> yes{}, no{};
  for (int i = 0; i < pictures * labels; ++i) {
    if (targets.data()[i] < 0 || i == 0) continue;
    ++(targets.data()[i] == 1 ? yes : no)[static_cast<std::size_t>(scores.data()[i] * 30)];
  }
  expected.histogram("scores/yes", 0, 1, yes, 7, 2.0);
  expected.histogram("scores/no", 0, 1, no, 7, 2.0);
  expected.pr_curve("precision_recall/all", tagger::threshold_counts(targets, scores), 7, 2.0);
  for (int k = 21; k > 1; --k) {  // by support; labels 0, 1 and 22 are the rarest
    expected.pr_curve("precision_recall/label " + std::to_string(k),
                      tagger::threshold_counts(targets.col(k), scores.col(k), 51), 7, 2.0);
  }
  BOOST_TEST((tagger::read_file(written.path()) == tagger::read_file(expected.path())));
  BOOST_TEST(tagger::read_file(written.path()).size() < 40'000u);

  tagger::TensorBoardWriter margins{folder.path / "margins", 1.0}, halves{folder.path / "halves", 1.0};
  scores.setConstant(-2);
  scores(49, 22) = 4;
  write_test_scores(margins, rows, targets, scores, false, 7, 2.0);
  yes.fill(0), no.fill(0);
  yes[0] = (targets == 1).count(), no[0] = (targets == 0).count();
  const bool last_is_yes = targets(49, 22) == 1;
  --(last_is_yes ? yes : no)[0], ++(last_is_yes ? yes : no)[29];
  halves.histogram("scores/yes", -2, 4, yes, 7, 2.0);
  halves.histogram("scores/no", -2, 4, no, 7, 2.0);
  BOOST_TEST((tagger::read_file(margins.path()) == tagger::read_file(halves.path())));
}

BOOST_AUTO_TEST_CASE(a_resumed_run_leaves_the_file_of_an_undisturbed_one) {
  const Folder folder;
  tagger::TensorBoardWriter whole{folder.path / "whole", 1.0};
  for (int step = 1; step <= 4; ++step) whole.scalar("loss", 1.0 / step, step, step);

  fs::path file;
  std::uint64_t position = 0;
  {
    tagger::TensorBoardWriter killed{folder.path / "killed", 1.0};
    for (int step = 1; step <= 2; ++step) killed.scalar("loss", 1.0 / step, step, step);
    file = killed.path();
    position = killed.position();
    killed.scalar("loss", 1.0 / 3, 3, 3);  // lost with the run
  }
  auto resumed = tagger::TensorBoardWriter::resume(file, position);
  for (int step = 3; step <= 4; ++step) resumed.scalar("loss", 1.0 / step, step, step);
  BOOST_TEST((tagger::read_file(file) == tagger::read_file(whole.path())));
  BOOST_TEST(resumed.position() == whole.position());
}

BOOST_AUTO_TEST_CASE(files_are_listed_and_never_share_a_name) {
  const Folder folder;
  BOOST_TEST(tagger::tensorboard_files(folder.path).empty());
  const tagger::TensorBoardWriter first{folder.path, 7.0}, second{folder.path, 7.0};
  tagger::write_file(folder.path / "metrics.json", "{}");
  BOOST_TEST((tagger::tensorboard_files(folder.path) == std::vector{first.path(), second.path()}));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_continued_is_refused) {
  const Folder folder;
  fs::create_directories(folder.path);
  tagger::write_file(folder.path / "short", "123");
  BOOST_TEST(throws([&] { tagger::TensorBoardWriter::resume(folder.path / "short", 4); },
                    "short: byte 4: ", "ends at byte 3"));
  BOOST_TEST(tagger::read_file(folder.path / "short").size() == 3u);
  BOOST_TEST(throws([&] { tagger::TensorBoardWriter::resume(folder.path / "none", 4); }, "none: ", "No such file"));
  BOOST_TEST(!fs::exists(folder.path / "none"));
  BOOST_TEST(
      throws([&] { tagger::TensorBoardWriter{folder.path / "short" / "run"}; }, "short/run: ", "cannot be made"));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_an_error_and_keeps_whole_records) {
  const Folder folder;
  fs::create_directories(folder.path);
  tagger::TensorBoardWriter writer{folder.path, 1.0};
  writer.scalar("loss", 1.0, 1, 1.0);
  const auto before = tagger::read_file(writer.path());

  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit full{before.size() + 10, limit.rlim_max};  // room for a part of the next record
  ::setrlimit(RLIMIT_FSIZE, &full);
  BOOST_TEST(throws([&] { writer.scalar("loss", 0.5, 2, 2.0); }, writer.path().string() + ": ", "cannot be written"));
  ::setrlimit(RLIMIT_FSIZE, &limit);

  BOOST_TEST((tagger::read_file(writer.path()) == before));
  writer.scalar("loss", 0.5, 2, 2.0);
  BOOST_TEST(tagger::read_file(writer.path()).size() == writer.position());
}
