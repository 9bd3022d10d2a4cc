// A training that is killed at any moment, also while it writes a checkpoint, and resumed as often as it takes, ends
// with the weights, scores and curves of an undisturbed one. The program trains when it is called with --train RUN.
#define BOOST_TEST_MODULE kill
#define BOOST_TEST_NO_MAIN
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <iostream>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "support.hpp"

namespace {

namespace fs = std::filesystem;

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
                     .workers = 1,
                     .adam = {.learning_rate = 1e-2},
                     .evaluate_every = 3,
                     .resume = true});
  return 0;
}

/// Trains in a process of its own, which is killed after `limit`. True when it came to its end before.
bool train_until(const fs::path& run, std::chrono::microseconds limit) {
  std::string program = fs::read_symlink("/proc/self/exe"), flag = "--train", folder = run;
  char* arguments[] = {program.data(), flag.data(), folder.data(), nullptr};
  pid_t child = 0;
  BOOST_REQUIRE(::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environ) == 0);
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
  if (WIFSIGNALED(status)) return false;
  BOOST_TEST_REQUIRE(WEXITSTATUS(status) == 0);
  return true;
}

std::string without_time_stamps(const fs::path& run) {
  std::string events;
  for (const auto& path : tagger::tensorboard_files(run)) {
    const std::string file = bytes_of(path);
    for (std::size_t at = 0; at < file.size();) {
      std::uint64_t length = 0;
      std::memcpy(&length, file.data() + at, sizeof length);
      events += file.substr(at + 12 + 9, length - 9) + '\n';
      at += 16 + length;
    }
  }
  return events;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_killed_training_ends_as_an_undisturbed_one) {
  const TemporaryFolder folder;
  const fs::path images = folder.path() / "images", undisturbed = folder.path() / "undisturbed";
  tagger::write_annotations(images / "train.json", make_pictures(images, 40));
  tagger::write_annotations(images / "test.json", make_pictures(images, 12, "test"));
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST_REQUIRE(train_until(undisturbed, std::chrono::minutes(10)));
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);

  tagger::Random random(static_cast<std::uint64_t>(whole.count()), 0, 0);  // other moments every time
  int kills = 0, during_a_write = 0;
  for (int round = 0; round < 3; ++round) {
    const fs::path run = folder.path() / ("killed" + std::to_string(round));
    // A kill in the midst of loading LibTorch proves nothing: what is drawn is mostly later.
    for (int attempt = 0; attempt < 12; ++attempt) {
      const double share = random.uniform(0.2, 0.9);
      if (train_until(run, std::chrono::microseconds(static_cast<std::int64_t>(share * double(whole.count()))))) break;
      ++kills;
      if (!fs::exists(run)) continue;
      for (const auto& entry : fs::recursive_directory_iterator(run)) {
        during_a_write += entry.path().string().find(".partial") != std::string::npos;
      }
    }
    BOOST_TEST_REQUIRE(train_until(run, std::chrono::minutes(10)));
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
    for (const auto& entry : fs::recursive_directory_iterator(run)) {
      BOOST_TEST(entry.path().string().find(".partial") == std::string::npos, entry.path());
    }
  }
  BOOST_TEST(kills >= 1);
  BOOST_TEST_MESSAGE("killed " << kills << " times, " << during_a_write << " of them during a write");
}

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--train") {
    try {
      return train(argv[2]);
    } catch (const std::exception& error) {
      std::cerr << error.what() << '\n';
      return 1;
    }
  }
  return boost::unit_test::unit_test_main(init_unit_test, argc, argv);
}
