// A training that is killed at any moment, also while it writes a checkpoint, and resumed as often as it takes, ends
// with the weights, scores and curves of an undisturbed one. The program trains when it is called with --train RUN, and
// kills itself at the Nth step of writing files with --train RUN N.
#define BOOST_TEST_MODULE training
#define BOOST_TEST_NO_MAIN
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "support.hpp"

namespace {

namespace fs = std::filesystem;

/// Counts what is done to files on their way to their names (*.partial*), writes it to a file, and kills the program in
/// the midst of one such step.
struct Saboteur {
  std::atomic<int> steps = 0;
  int deadly = 0;     ///< of the steps, from 1; none: 0
  int protocol = -1;  ///< a line a step: what is done, and to which file

  /// True when the program is to be killed now.
  bool strikes(const char* what, std::string path) {
    const auto partial = path.find(".partial");
    if (protocol < 0 || partial == std::string::npos) return false;
    const int step = ++steps;
    std::string name = fs::path(path.substr(0, partial)).filename();
    if (name.starts_with("step-")) name = "step";
    const std::string line = what + (' ' + name) + '\n';
    const iovec bytes{.iov_base = const_cast<char*>(line.data()), .iov_len = line.size()};
    if (::writev(protocol, &bytes, 1) < 0) std::abort();
    return step == deadly;
  }
} saboteur;

std::string path_of(int file) {
  std::error_code error;
  return fs::read_symlink("/proc/self/fd/" + std::to_string(file), error);
}

}  // namespace

// In the place of the C library's, for the library and for std::filesystem.
extern "C" ssize_t write(int file, const void* bytes, std::size_t size) {
  const bool killed = saboteur.protocol >= 0 && saboteur.strikes("write", path_of(file));
  const iovec part{.iov_base = const_cast<void*>(bytes), .iov_len = killed ? size / 2 : size};
  const ssize_t count = ::writev(file, &part, 1);
  if (killed) ::raise(SIGKILL);
  return count;
}
extern "C" int fsync(int file) {
  if (saboteur.protocol >= 0 && saboteur.strikes("flush", path_of(file))) ::raise(SIGKILL);
  return ::fdatasync(file);
}
extern "C" int rename(const char* from, const char* to) noexcept {
  if (saboteur.strikes("rename", from)) ::raise(SIGKILL);
  return ::renameat(AT_FDCWD, from, AT_FDCWD, to);
}
extern "C" int link(const char* from, const char* to) noexcept {
  const int result = ::linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
  if (saboteur.strikes("link", to)) ::raise(SIGKILL);
  return result;
}

BOOST_AUTO_TEST_SUITE(killed)

namespace {

int train(const fs::path& run) {
  at::set_num_threads(1);
  const fs::path images = run.parent_path() / "images";
  tagger::DecodeOptions decode;
  const auto annotations = [&](const char* name) { return tagger::read_annotations(images / name); };
  const tagger::Dataset train{annotations("train.json"), images, tagger::training_transform(shape()), decode};
  const tagger::Dataset test{annotations("test.json"), images, tagger::evaluation_transform(shape()), decode};
  const auto model = new_tagger();
  tagger::train_run(*model, train, test, run,
                    {.epochs = 12,
                     .batch_size = 8,
                     .accumulate = 2,
                     .workers = 1,
                     .optimizer = tagger::AdamW{},
                     .learning_rate = 1e-2,
                     .schedule = tagger::Cosine{},
                     .mixing = {.mixup = 0.2},
                     .ema_decay = 0.8,
                     .evaluate_every = 3,
                     .resume = true});
  return 0;
}

/// A training in a process of its own.
/// \param deadly_step  of writing files
pid_t start(const fs::path& run, int deadly_step = 0) {
  std::string program = fs::read_symlink("/proc/self/exe"), flag = "--train", folder = run;
  std::string step = std::to_string(deadly_step);
  char* arguments[] = {program.data(), flag.data(), folder.data(), step.data(), nullptr};
  pid_t child = 0;
  BOOST_REQUIRE(::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environ) == 0);
  return child;
}

/// True when it came to its end, false when it was killed.
bool ended(int status) {
  if (WIFSIGNALED(status)) {
    BOOST_TEST_REQUIRE(WTERMSIG(status) == SIGKILL);
    return false;
  }
  BOOST_TEST_REQUIRE(WEXITSTATUS(status) == 0);
  return true;
}

/// Trains until it ends, or is killed at `deadly_step` of writing files.
bool train_until(const fs::path& run, int deadly_step) {
  int status = 0;
  ::waitpid(start(run, deadly_step), &status, 0);
  return ended(status);
}

/// Trains until it ends, or is killed after `limit`.
bool train_until(const fs::path& run, std::chrono::microseconds limit) {
  const pid_t child = start(run);
  const auto end = std::chrono::steady_clock::now() + limit;
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() >= end) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return ended(status);
}

/// What the last training into `run` did to files, step by step.
std::vector<std::string> steps_of(const fs::path& run) {
  std::istringstream lines(bytes_of(run.string() + ".steps"));
  std::vector<std::string> steps;
  for (std::string line; std::getline(lines, line);) steps.push_back(line);
  return steps;
}

int half_written(const fs::path& run) {
  int count = 0;
  std::error_code missing;
  for (const auto& entry : fs::recursive_directory_iterator(run, missing)) {
    count += entry.path().string().find(".partial") != std::string::npos;
  }
  return count;
}

/// All points of the curves. A training that was killed before its first checkpoint leaves a file without any.
std::string without_time_stamps(const fs::path& run) {
  std::string events;
  for (const auto& path : tagger::tensorboard_files(run)) {
    const std::string file = bytes_of(path);
    for (std::size_t at = 0; at < file.size();) {
      std::uint64_t length = 0;
      std::memcpy(&length, file.data() + at, sizeof length);
      const std::string event = file.substr(at + 12 + 9, length - 9);
      if (event.find("brain.Event:2") == std::string::npos) events += event + '\n';
      at += 16 + length;
    }
  }
  return events;
}

/// Training and test pictures, and a training that nobody disturbed.
struct Fixture {
  Fixture() {
    const fs::path images = folder.path() / "images";
    tagger::write_annotations(images / "train.json", make_pictures(images, 40));
    tagger::write_annotations(images / "test.json", make_pictures(images, 12, "test"));
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST_REQUIRE(train_until(undisturbed, 0));
    whole = since(begin);
  }

  static std::chrono::microseconds since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  }

  /// Trains to the end; nothing tells that `run` was killed.
  void resume(const fs::path& run) const {
    BOOST_TEST_REQUIRE(train_until(run, 0));
    for (const char* name : {"model.safetensors", "config.json", "metrics.json"}) {
      BOOST_TEST((bytes_of(run / name) == bytes_of(undisturbed / name)), run / name);
    }
    BOOST_TEST((without_time_stamps(run) == without_time_stamps(undisturbed)));
    const auto last = [](const fs::path& run) {
      return tagger::CheckpointFolder(run / "checkpoints", 2).latest([](std::string_view) {}).value();
    };
    const auto ours = last(run), theirs = last(undisturbed);
    BOOST_TEST((ours.state.history == theirs.state.history));
    for (const auto& [name, tensor] : theirs.tensors) {
      BOOST_TEST(std::ranges::equal(ours.tensors.at(name).bytes, tensor.bytes), name);
    }
    BOOST_TEST(half_written(run) == 0);
  }

  TemporaryFolder folder;
  fs::path undisturbed = folder.path() / "undisturbed";
  std::chrono::microseconds whole{};
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_training_killed_at_any_moment_ends_as_an_undisturbed_one, Fixture) {
  tagger::Random random(static_cast<std::uint64_t>(whole.count()), 0, 0);  // other moments every time
  int kills = 0;
  // A machine that was busy during the undisturbed training, and no longer is, gives too late moments at first.
  for (int round = 0; round < 2 || (kills == 0 && round < 8); ++round) {
    const fs::path run = folder.path() / ("killed" + std::to_string(round));
    // A kill in the midst of loading LibTorch proves nothing: what is drawn is mostly later.
    for (int attempt = 0; attempt < 12; ++attempt) {
      const double share = random.uniform(0.2, 0.9);
      const auto begin = std::chrono::steady_clock::now();
      if (train_until(run, std::chrono::microseconds(static_cast<std::int64_t>(share * double(whole.count()))))) {
        if (attempt == 0) whole = std::min(whole, since(begin));
        break;
      }
      ++kills;
    }
    resume(run);
  }
  BOOST_TEST(kills >= 1);
}

BOOST_FIXTURE_TEST_CASE(a_training_killed_during_each_kind_of_write_ends_as_an_undisturbed_one, Fixture) {
  std::map<std::string, std::vector<int>> kinds;
  const auto steps = steps_of(undisturbed);
  for (std::size_t i = 0; i < steps.size(); ++i) kinds[steps[i]].push_back(static_cast<int>(i) + 1);
  for (const std::string file : {"step", "model.safetensors", "config.json", "metrics.json", "report.html"}) {
    for (const std::string what : {"write ", "flush ", "rename "}) BOOST_TEST(kinds.contains(what + file));
  }
  BOOST_TEST(kinds.contains("link best.safetensors"));
  BOOST_TEST(kinds.contains("rename best.safetensors"));

  tagger::Random random(static_cast<std::uint64_t>(whole.count()), 0, 0);
  for (const auto& [kind, places] : kinds) {
    const int step = places[static_cast<std::size_t>(random.uniform(0, double(places.size())))];
    BOOST_TEST_CONTEXT(kind << ", step " << step << " of " << steps.size()) {
      const fs::path run = folder.path() / ("killed at " + std::to_string(step));
      BOOST_TEST_REQUIRE(!train_until(run, step));
      BOOST_TEST(steps_of(run).back() == kind);
      BOOST_TEST(half_written(run) == 1);
      resume(run);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "--train") {
    try {
      saboteur.deadly = std::atoi(argv[3]);
      saboteur.protocol =
          ::open((argv[2] + std::string(".steps")).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
      return killed::train(argv[2]);
    } catch (const std::exception& error) {
      std::cerr << error.what() << '\n';
      return 1;
    }
  }
  return boost::unit_test::unit_test_main(init_unit_test, argc, argv);
}
