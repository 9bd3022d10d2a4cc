// A network of a user's own is trained: it learns, observers hear of it in order, and a training that is stopped, cut
// off or damaged goes on to the same weights to the last bit.
#include <cstring>
#include <map>
#include <set>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "support.hpp"

BOOST_AUTO_TEST_SUITE(fitting)

namespace {

namespace fs = std::filesystem;
using tagger::FitOptions;
using tagger::FitResult;

struct Fixture {
  Fixture() { at::set_num_threads(1); }

  TemporaryFolder folder;
  Data data{folder.path() / "images"};
  FitOptions options{.epochs = 3, .batch_size = 8, .workers = 1, .learning_rate = 1e-2, .evaluate_every = 3};

  FitResult fit(TinyTagger& model, std::vector<tagger::Observer*> observers = {}) const {
    return tagger::fit(model, data.train, data.test, options, observers);
  }
  tagger::RunResult run(const fs::path& name, std::vector<tagger::Observer*> observers = {}) const {
    const auto model = new_tagger();
    return tagger::train_run(*model, data.train, data.test, folder.path() / name, options, observers);
  }
  std::vector<std::string> checkpoints(const fs::path& name) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder.path() / name)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
};

auto says(std::string text) {
  return [text = std::move(text)](const std::exception& error) {
    const bool found = std::string(error.what()).find(text) != std::string::npos;
    if (!found) BOOST_TEST_MESSAGE("says: " << error.what());
    return found;
  };
}

/// Every tensor of a file, by name, as bytes.
std::map<std::string, std::vector<std::byte>> tensors(const fs::path& path) {
  const auto file = tagger::read_safetensors(path);
  std::map<std::string, std::vector<std::byte>> all;
  for (const auto& [name, tensor] : file) all[name] = {tensor.bytes.begin(), tensor.bytes.end()};
  return all;
}

std::vector<std::byte> state_bytes(const TinyTagger& model) {
  std::vector<std::byte> all;
  for (const auto& [name, tensor] : tagger::model_state(model)) {
    const auto data = tagger::as_data(tensor);
    all.insert(all.end(), data.bytes.begin(), data.bytes.end());
  }
  return all;
}

/// The events of all of a run's TensorBoard files without their time stamps: tags, steps and values.
std::vector<std::string> curves(const fs::path& run) {
  std::vector<std::string> events;
  for (const auto& path : tagger::tensorboard_files(run)) {
    const std::string file = bytes_of(path);
    for (std::size_t at = 0; at < file.size();) {
      std::uint64_t length = 0;
      BOOST_REQUIRE(at + 16 <= file.size());
      std::memcpy(&length, file.data() + at, sizeof length);
      BOOST_REQUIRE(at + 16 + length <= file.size());
      constexpr std::size_t time_stamp = 9;
      events.push_back(file.substr(at + 12 + time_stamp, length - time_stamp));
      at += 16 + length;
    }
  }
  return events;
}

void check_same_run(const fs::path& a, const fs::path& b) {
  BOOST_TEST((bytes_of(a / "model.safetensors") == bytes_of(b / "model.safetensors")));
  BOOST_TEST((bytes_of(a / "metrics.json") == bytes_of(b / "metrics.json")));
  BOOST_TEST((curves(a) == curves(b)));
  BOOST_TEST((tensors(a / "checkpoints/best.safetensors") == tensors(b / "checkpoints/best.safetensors")));
  BOOST_TEST(fs::exists(b / "checkpoints/step-000000015.safetensors") ==
             fs::exists(a / "checkpoints/step-000000015.safetensors"));
  for (const auto& entry : fs::directory_iterator(a / "checkpoints")) {
    const auto other = b / "checkpoints" / entry.path().filename();
    if (!fs::exists(other)) continue;  // where it was stopped, one more was made and an older one removed
    BOOST_TEST((tensors(entry.path()) == tensors(other)));
    const auto one = tagger::CheckpointFolder::read(entry.path()), two = tagger::CheckpointFolder::read(other);
    BOOST_TEST((one.state.history == two.state.history));
    BOOST_TEST(one.state.best_epoch == two.state.best_epoch);
    BOOST_TEST(one.state.best == two.state.best);
    BOOST_TEST((one.settings == two.settings));
  }
}

/// Writes down what it hears.
struct Listener : tagger::Observer {
  std::vector<std::string> heard, messages;

  template <class... T>
  void note(const T&... words) {
    std::ostringstream line;
    (line << ... << words);
    heard.push_back(line.str());
  }
  void on_epoch_begin(const tagger::EpochBeginEvent& event) override {
    note("begin ", event.epoch, "/", event.epochs, " ", event.steps_done, "/", event.steps_per_epoch);
  }
  void on_step(const tagger::StepEvent& event) override {
    note("step ", event.step, " ", event.epoch, "/", event.epochs, " ", event.step_in_epoch, "/", event.steps_per_epoch,
         " ", event.images);
    BOOST_TEST(std::isfinite(event.loss));
    BOOST_TEST(event.evaluation.samples == event.images);
    BOOST_TEST(event.evaluation.metrics.size() == 9U);
  }
  void on_test_progress(const tagger::TestProgressEvent& event) override {
    if (event.done == event.total) note("tested ", event.total);
  }
  void on_test(const tagger::TestEvent& event) override {
    note("test ", event.epoch, " ", event.step, " ", event.evaluation.labels.size());
  }
  void on_epoch(const tagger::EpochEvent& event) override {
    note("epoch ", event.epoch, "/", event.epochs, " ", event.step);
  }
  void on_message(std::string_view text) override { messages.emplace_back(text); }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(it_learns, Fixture) {
  options.epochs = 20;
  const auto model = new_tagger();
  const FitResult result = fit(*model);
  BOOST_TEST(result.evaluation.at("macro/f1") > 0.98);
  BOOST_TEST(result.evaluation.at("samples/f1") > 0.8);  // two of the twelve pictures have no label and count 0
  BOOST_TEST(result.evaluation.samples == 12);
  BOOST_TEST(result.history.step_loss.size() == 100U);
  BOOST_TEST(result.history.epochs.size() == 20U);
  BOOST_TEST(result.history.tests.size() == 20U + 33U - 6U);  // every 3 steps, but once where an epoch ends
  BOOST_TEST(result.history.epochs.back().mean_loss < 0.3 * result.history.epochs.front().mean_loss);
  const auto& losses = result.history.step_loss;
  BOOST_TEST(result.history.epochs.front().mean_loss == (losses[0] + losses[1] + losses[2] + losses[3] + losses[4]) / 5,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(!result.stopped);
  BOOST_TEST(result.broken.empty());
}

BOOST_FIXTURE_TEST_CASE(the_number_of_workers_changes_nothing, Fixture) {
  std::vector<std::vector<std::byte>> states;
  for (const int workers : {0, 1, 4}) {
    options.workers = workers;
    const auto model = new_tagger();
    fit(*model);
    states.push_back(state_bytes(*model));
  }
  BOOST_TEST((states[0] == states[1] && states[1] == states[2]));
  options.seed = 2021;
  const auto model = new_tagger();
  fit(*model);
  BOOST_TEST((state_bytes(*model) != states[0]));
}

BOOST_FIXTURE_TEST_CASE(unknown_labels_have_no_part, Fixture) {
  // A label of which nothing is known: nothing is learnt of it, and nothing is counted.
  auto samples = data.train.annotations.samples();
  for (auto& sample : samples) {
    std::erase(sample.yes, 2);
    sample.unknown = {2};
  }
  const auto whole = data.train.annotations;
  data.train.annotations = {colours, samples};
  auto model = new_tagger();
  const auto weight = model->head().weight.detach().clone();
  fit(*model);
  BOOST_TEST(model->head().weight[2].equal(weight[2]));
  BOOST_TEST(!model->head().weight[1].equal(weight[1]));

  // A quarter of which is unknown, which does not keep the network from learning.
  data.train.annotations = make_pictures(data.train.folder, 40, "", true);
  options.epochs = 35;
  model = new_tagger();
  BOOST_TEST(fit(*model).evaluation.at("macro/f1") > 0.98);
}

BOOST_FIXTURE_TEST_CASE(observers_hear_of_everything_in_order, Fixture) {
  options.epochs = 2;
  options.batch_size = 16;  // of 40: two steps, a short batch is dropped
  options.evaluate_every = 1;
  Listener listener;
  const auto model = new_tagger();
  fit(*model, {&listener});
  const std::vector<std::string> expected{"begin 1/2 0/2",     "step 1 1/2 1/2 16", "tested 12", "test 1 1 3",
                                          "step 2 1/2 2/2 16", "epoch 1/2 2",       "tested 12", "test 1 2 3",
                                          "begin 2/2 0/2",     "step 3 2/2 1/2 16", "tested 12", "test 2 3 3",
                                          "step 4 2/2 2/2 16", "epoch 2/2 4",       "tested 12", "test 2 4 3"};
  BOOST_TEST(listener.heard == expected, boost::test_tools::per_element());
  BOOST_TEST(listener.messages.empty());

  listener.heard.clear();
  options.epochs = 1;
  options.evaluate_every = 0;
  fit(*model, {&listener});
  BOOST_TEST(listener.heard.size() == 6U);
}

BOOST_FIXTURE_TEST_CASE(tensorboard_has_the_published_names, Fixture) {
  run("run");
  std::set<std::string> expected{"train_loss", "epoch_loss"};
  for (const std::string set : {"train/", "test/"}) {
    for (const std::string averaging : {"micro/", "macro/", "samples/"}) {
      for (const std::string metric : {"precision", "recall", "f1"}) expected.insert(set + averaging + metric);
    }
  }
  std::map<std::string, int> points;
  for (const auto& event : curves(folder.path() / "run")) {
    for (const auto& name : expected) {
      const auto field = std::string{'\n', static_cast<char>(name.size())} + name;
      points[name] += event.find(field) != std::string::npos;
    }
  }
  for (const auto& name : expected) {
    const int count = name.starts_with("train") ? 15 : name.starts_with("test") ? 3 + 5 - 1 : 3;
    BOOST_TEST(points[name] == count, name << ": " << points[name]);
  }
}

BOOST_FIXTURE_TEST_CASE(a_training_stopped_after_any_step_goes_on_to_the_same_bits, Fixture) {
  const auto undisturbed = run("undisturbed");
  BOOST_TEST(undisturbed.fit.history.step_loss.size() == 15U);
  for (int step = 1; step < 15; ++step) {
    const std::string name = "stopped" + std::to_string(step);
    struct Steps : tagger::Observer {
      int done = 0;
      void on_step(const tagger::StepEvent&) override { ++done; }
    } steps;
    options.stop = [&] { return steps.done >= step; };
    const auto stopped = run(name, {&steps});
    BOOST_TEST(stopped.fit.stopped);
    BOOST_TEST(stopped.fit.history.step_loss.size() == static_cast<std::size_t>(step));
    options.stop = {};
    options.resume = true;
    Listener listener;
    const auto resumed = run(name, {&listener});
    options.resume = false;
    BOOST_TEST(!resumed.fit.stopped);
    BOOST_REQUIRE(listener.messages.size() == 1U);
    BOOST_TEST(listener.messages[0].find(": step " + std::to_string(step) + ", ") != std::string::npos);
    // Stopped while the test set was evaluated: that is made up for first.
    const bool test_due = step % 5 == 0 || step % options.evaluate_every == 0;
    BOOST_TEST(listener.heard.front().starts_with("begin") != test_due);
    BOOST_TEST((resumed.fit.history == undisturbed.fit.history));
    BOOST_TEST((resumed.evaluation == undisturbed.evaluation));
    BOOST_TEST((resumed.fit.evaluation == undisturbed.fit.evaluation));
    check_same_run(folder.path() / "undisturbed", folder.path() / name);
  }
}

BOOST_FIXTURE_TEST_CASE(a_finished_training_is_left_as_it_is_or_goes_on_for_more_epochs, Fixture) {
  const auto finished = run("run");
  options.resume = true;
  const auto again = run("run");
  BOOST_TEST((again.fit.history == finished.fit.history));
  BOOST_TEST((again.evaluation == finished.evaluation));
  BOOST_TEST((again.fit.evaluation == finished.fit.evaluation));
  options.epochs = 5;
  const auto longer = run("run");
  options.resume = false;
  const auto undisturbed = run("undisturbed");
  BOOST_TEST((longer.fit.history == undisturbed.fit.history));
  check_same_run(folder.path() / "undisturbed", folder.path() / "run");
}

BOOST_FIXTURE_TEST_CASE(another_training_is_not_gone_on_with, Fixture) {
  run("run");
  BOOST_CHECK_EXCEPTION(run("run"), tagger::OptionError, says("run: holds a run already; resume it"));
  options.checkpoints = folder.path() / "run/checkpoints";
  BOOST_CHECK_EXCEPTION(fit(*new_tagger()), tagger::OptionError,
                        says("checkpoints: there are checkpoints of a training; resume it, or choose another folder"));
  options.checkpoints.clear();
  options.resume = true;
  const auto before = bytes_of(folder.path() / "run/model.safetensors");
  options.batch_size = 4;
  options.learning_rate = 0.5;
  BOOST_CHECK_EXCEPTION(run("run"), tagger::OptionError,
                        says("step-000000015.safetensors: was made by a training with other settings: "
                             "batch size was 8, is 4; learning rate was 0.01, is 0.5"));
  options.batch_size = 8;
  options.learning_rate = 1e-2;
  const auto annotations = data.train.annotations;
  auto samples = annotations.samples();
  std::swap(samples[0].yes, samples[1].yes);
  data.train.annotations = {colours, samples};
  BOOST_CHECK_EXCEPTION(run("run"), tagger::OptionError, says("settings: checksum of the training annotations was "));
  data.train.annotations = annotations;
  tagger::Policies<TinyNet, tagger::LinearHead, tagger::Sigmoid, tagger::BinaryCrossEntropy> policies;
  policies.head.dropout = 0.5;
  TinyTagger other(colours, policies);
  BOOST_CHECK_EXCEPTION(tagger::train_run(other, data.train, data.test, folder.path() / "run", options),
                        tagger::OptionError, says("settings: head was \"linear\", is \"linear:dropout=0.5\""));
  TinyTagger::with<tagger::Softmax, tagger::SoftmaxCrossEntropy> softmax(colours);
  BOOST_CHECK_EXCEPTION(tagger::train_run(softmax, data.train, data.test, folder.path() / "run", options),
                        tagger::OptionError, says("loss was \"binary_cross_entropy\", is \"softmax_cross_entropy\""));
  options.epochs = 0;
  BOOST_CHECK_EXCEPTION(run("run"), tagger::OptionError, says("holds a run already"));
  BOOST_TEST((bytes_of(folder.path() / "run/model.safetensors") == before));
}

BOOST_FIXTURE_TEST_CASE(a_checkpoint_cut_off_at_any_byte_is_passed_over, Fixture) {
  options.checkpoints = folder.path() / "checkpoints";
  const auto model = new_tagger();
  fit(*model);
  const tagger::CheckpointFolder checkpoints(options.checkpoints, 2);
  const fs::path last = checkpoints.path_of(15);
  const std::string whole = bytes_of(last);
  damage(last, whole);  // a file of its own, apart from best.safetensors
  std::uint64_t header = 0;
  std::memcpy(&header, whole.data(), sizeof header);
  std::vector<std::uint64_t> positions;
  for (std::uint64_t at = whole.size() - 1; at > header + 8; at -= std::min<std::uint64_t>(at, 1 + at % 37)) {
    positions.push_back(at);
  }
  BOOST_TEST(positions.size() > 300U);
  for (std::uint64_t at = header + 9; at-- > 0;) positions.push_back(at);
  int passed_over = 0;
  for (const auto at : positions) {
    fs::resize_file(last, at);
    std::vector<std::string> messages;
    const auto found = checkpoints.latest([&](std::string_view text) { messages.emplace_back(text); });
    passed_over += found && found->state.step == 10 && messages.size() == 1 &&
                   messages[0].starts_with(last.string() + ": ") &&
                   messages[0].ends_with("; the checkpoint before it is used");
  }
  BOOST_TEST(passed_over == std::ssize(positions));
}

BOOST_FIXTURE_TEST_CASE(a_run_whose_last_checkpoint_is_damaged_ends_with_the_same_bits, Fixture) {
  run("undisturbed");
  for (const double share : {0.0, 0.001, 0.5, 0.999}) {
    const std::string name = "damaged" + std::to_string(share);
    run(name);
    const auto last = folder.path() / name / "checkpoints/step-000000015.safetensors";
    const std::string whole = bytes_of(last);
    damage(last, whole.substr(0, static_cast<std::size_t>(static_cast<double>(whole.size()) * share)));
    options.resume = true;
    Listener listener;
    run(name, {&listener});
    options.resume = false;
    BOOST_REQUIRE(listener.messages.size() == 2U);
    BOOST_TEST(listener.messages[1].find("step-000000010.safetensors: step 10, 2 epochs done") != std::string::npos);
    check_same_run(folder.path() / "undisturbed", folder.path() / name);
  }
}

BOOST_FIXTURE_TEST_CASE(where_no_checkpoint_can_be_read_none_is_removed, Fixture) {
  run("run");
  const auto names = checkpoints("run/checkpoints");
  for (const auto& name : names) damage(folder.path() / "run/checkpoints" / name, "not a checkpoint");
  options.resume = true;
  BOOST_CHECK_EXCEPTION(run("run"), tagger::FileError, says("checkpoints: none of the checkpoints can be read"));
  BOOST_TEST(checkpoints("run/checkpoints") == names);
}

BOOST_FIXTURE_TEST_CASE(the_best_epoch_is_kept_by_name_and_the_latest_few, Fixture) {
  // The network is spoilt before the third epoch's evaluation.
  struct Spoiler : tagger::Observer {
    TinyTagger* model = nullptr;
    void on_epoch(const tagger::EpochEvent& event) override {
      const at::NoGradGuard no_gradient;
      if (event.epoch == 3) model->head().weight.zero_(), model->head().bias.fill_(-9);
    }
  } spoiler;
  for (const int keep : {1, 2, 3}) {
    options.keep_checkpoints = keep;
    options.checkpoints = folder.path() / ("checkpoints" + std::to_string(keep));
    int published = 0;
    options.on_best = [&](const auto&) { ++published; };
    const auto model = new_tagger();
    spoiler.model = model.get();
    const auto result = fit(*model, {&spoiler});
    BOOST_TEST(result.evaluation.at("macro/f1") == 0);
    BOOST_TEST(result.best_epoch < 3);
    BOOST_TEST(result.best > 0);
    BOOST_TEST(published == result.best_epoch);
    const auto best = tagger::CheckpointFolder::read(options.checkpoints / "best.safetensors");
    BOOST_TEST(best.state.epoch == result.best_epoch);
    BOOST_TEST(best.state.history.tests.back().evaluation.at("macro/f1") == result.best);
    std::vector<std::string> expected{"best.safetensors"};
    for (const int step : {5, 10, 15}) {
      const auto path = tagger::CheckpointFolder(options.checkpoints, keep).path_of(step);
      if (step / 5 > 3 - keep) expected.push_back(path.filename());
    }
    BOOST_TEST(checkpoints(options.checkpoints.filename()) == expected, boost::test_tools::per_element());
  }
  options.select_by = "micro/recall";
  options.keep_checkpoints = 2;
  options.checkpoints = folder.path() / "by recall";
  const auto model = new_tagger();
  const auto result = fit(*model);
  double highest = -1;
  for (const auto& epoch : result.history.epochs) {
    for (const auto& test : result.history.tests) {
      if (test.step == epoch.step) highest = std::max(highest, test.evaluation.at("micro/recall"));
    }
  }
  BOOST_TEST(result.best == highest);
}

BOOST_FIXTURE_TEST_CASE(any_reported_number_can_select_and_of_losses_the_smallest_does, Fixture) {
  for (const std::string metric : {"macro/average_precision", "ranking_loss"}) {
    options.select_by = metric;
    const auto model = new_tagger();
    const auto result = fit(*model);
    const double sign = metric == "ranking_loss" ? -1 : 1;
    double best = -1e9;
    for (const auto& test : result.history.tests) {
      BOOST_TEST(test.evaluation.metrics.size() == 10U);  // the nine, and the one that selects
      const auto ends = [&](const auto& epoch) { return epoch.step == test.step; };
      if (std::ranges::any_of(result.history.epochs, ends)) best = std::max(best, sign * test.evaluation.at(metric));
    }
    BOOST_TEST(result.best == best, metric);
  }
}

BOOST_FIXTURE_TEST_CASE(a_loss_that_is_no_number_ends_it_and_nothing_is_lost, Fixture) {
  struct Spoiler : tagger::Observer {
    TinyTagger* model = nullptr;
    void on_step(const tagger::StepEvent& event) override {
      const at::NoGradGuard no_gradient;
      if (event.step == 7) model->head().bias.fill_(std::numeric_limits<float>::quiet_NaN());
    }
  } spoiler;
  const auto model = new_tagger();
  spoiler.model = model.get();
  BOOST_CHECK_EXCEPTION(tagger::train_run(*model, data.train, data.test, folder.path() / "run", options,
                                          std::array<tagger::Observer*, 1>{&spoiler}),
                        tagger::Error, says("the loss is not a finite number at step 8: try a smaller learning rate"));
  options.resume = true;
  run("run");
  options.resume = false;
  run("undisturbed");
  check_same_run(folder.path() / "undisturbed", folder.path() / "run");
}

BOOST_FIXTURE_TEST_CASE(without_epochs_a_run_holds_the_weights_as_they_are, Fixture) {
  options.epochs = 0;
  const auto model = new_tagger();
  const auto before = state_bytes(*model);
  const auto result = tagger::train_run(*model, data.train, data.test, folder.path() / "run", options);
  BOOST_TEST((state_bytes(*model) == before));
  BOOST_TEST(result.evaluation.samples == 12);
  BOOST_TEST(result.fit.best_epoch == 0);
  BOOST_TEST(!fs::exists(folder.path() / "run/checkpoints"));
  const auto loaded = tagger::load_run<TinyTagger>(folder.path() / "run");
  BOOST_TEST((state_bytes(*loaded.model) == before));
  BOOST_TEST(loaded.config.hub.labels == colours);
  BOOST_TEST(loaded.config.hub.transform.size == side);
  BOOST_CHECK_EXCEPTION(tagger::load_run<tagger::Tagger<tagger::ResNet18>>(folder.path() / "run"), tagger::OptionError,
                        says("config.json: architecture: the run is of tiny, not of resnet18"));
  BOOST_CHECK_EXCEPTION(tagger::load_run(folder.path() / "run"), tagger::OptionError, says("\"tiny\""));
}

BOOST_FIXTURE_TEST_CASE(what_does_not_fit_is_refused_before_the_first_step, Fixture) {
  const auto model = new_tagger();
  const auto refused = [&](const std::string& text) {
    Listener listener;
    BOOST_CHECK_EXCEPTION(fit(*model, {&listener}), tagger::Error, says(text));
    BOOST_TEST(listener.heard.empty());
  };
  options.batch_size = 41;
  refused("the batch size 41 exceeds the 40 training pictures, and a short batch is dropped");
  options.batch_size = 0;
  refused("the batch size must be at least 1");
  options.batch_size = 8;
  options.workers = -1;
  refused("the number of loader workers must not be negative");
  options.workers = 1;
  options.epochs = -1;
  refused("the number of epochs must not be negative");
  options.epochs = 1;
  options.select_by = "macro/f2";
  refused("no metric \"macro/f2\"; there are: micro/precision micro/recall micro/f1 macro/precision");
  options.select_by.clear();
  options.checkpoints = "/dev/null/checkpoints";
  refused("/dev/null/checkpoints: cannot be made: Not a directory");
  options.checkpoints.clear();
  const auto train = data.train.annotations, test = data.test.annotations;
  data.train.annotations = {{"green", "red", "blue"}, train.samples(), "a.json"};
  refused("a.json: labels: these are not the tagger's labels, or not in its order; match_labels()");
  data.train.annotations = train;
  data.test.annotations = {{"red", "green", "blue", "black"}, test.samples(), "b.json"};
  refused("b.json: labels: these are not the tagger's labels");
  data.test.annotations = test;
  data.train.folder = folder.path() / "nowhere";
  refused("nowhere: there is no such folder of pictures");
}

BOOST_FIXTURE_TEST_CASE(a_broken_picture_is_told_once_and_ends_no_training, Fixture) {
  fs::remove(data.train.folder / "3.jpg");
  tagger::write_file(data.train.folder / "test4.jpg", "no picture");
  Listener listener;
  const auto model = new_tagger();
  const auto result = fit(*model, {&listener});
  BOOST_TEST(result.history.epochs.size() == 3U);
  BOOST_TEST(result.evaluation.samples == 11);
  BOOST_REQUIRE(result.broken.size() == 2U);
  BOOST_REQUIRE(listener.messages.size() == 2U);
  std::sort(listener.messages.begin(), listener.messages.end());
  BOOST_TEST(listener.messages[0] ==
             (data.train.folder / "3.jpg").string() + ": No such file or directory; the picture is left out");
  BOOST_TEST(listener.messages[1].starts_with((data.train.folder / "test4.jpg").string() + ": "));
  options.fail_on_broken = true;
  BOOST_CHECK_THROW(fit(*model), tagger::Error);
}

BOOST_FIXTURE_TEST_CASE(pictures_that_are_all_broken_end_it, Fixture) {
  for (int i = 0; i < 40; ++i) fs::remove(data.train.folder / (std::to_string(i) + ".jpg"));
  BOOST_CHECK_EXCEPTION(fit(*new_tagger()), tagger::DataError,
                        says("images: none of the training pictures could be read; the first: "));
  Data other(folder.path() / "others");
  for (int i = 0; i < 12; ++i) fs::remove(other.test.folder / ("test" + std::to_string(i) + ".jpg"));
  BOOST_CHECK_EXCEPTION(tagger::fit(*new_tagger(), other.train, other.test, options), tagger::DataError,
                        says("none of the 12 pictures could be read; the first: "));
}

BOOST_FIXTURE_TEST_CASE(a_frozen_backbone_stays_and_its_head_learns, Fixture) {
  const auto model = new_tagger();
  model->freeze_backbone();
  const auto backbone = model->backbone().conv1->weight.detach().clone();
  const auto mean = model->backbone().bn1->running_mean.clone();
  const auto head = model->head().weight.detach().clone();
  fit(*model);
  BOOST_TEST(model->backbone().conv1->weight.equal(backbone));
  BOOST_TEST(model->backbone().bn1->running_mean.equal(mean));
  BOOST_TEST(!model->head().weight.equal(head));
}

BOOST_FIXTURE_TEST_CASE(curves_that_somebody_removed_begin_anew, Fixture) {
  options.epochs = 1;
  run("run");
  for (const auto& file : tagger::tensorboard_files(folder.path() / "run")) fs::remove(file);
  options.epochs = 2;
  options.resume = true;
  BOOST_TEST(run("run").fit.history.epochs.size() == 2U);
  BOOST_TEST(!curves(folder.path() / "run").empty());
}

BOOST_FIXTURE_TEST_CASE(a_training_stopped_in_the_midst_of_a_test_goes_on_to_the_same_bits, Fixture) {
  run("undisturbed");
  options.batch_size = 8;  // the test set takes two batches
  for (const int test : {1, 2, 3}) {
    const std::string name = "stopped" + std::to_string(test);
    struct Tests : tagger::Observer {
      int begun = 0;
      std::int64_t scored = 0;
      void on_test_progress(const tagger::TestProgressEvent& event) override {
        begun += event.done == 0;
        scored = event.done;
      }
    } tests;
    options.stop = [&] { return tests.begun == test && tests.scored > 0; };
    BOOST_TEST(run(name, {&tests}).fit.stopped);
    BOOST_TEST(tests.begun == test);
    BOOST_TEST(tests.scored == 8);  // of 12
    options.stop = {};
    options.resume = true;
    BOOST_TEST(!run(name).fit.stopped);
    options.resume = false;
    check_same_run(folder.path() / "undisturbed", folder.path() / name);
  }
}

BOOST_FIXTURE_TEST_CASE(labels_of_others_are_not_scored, Fixture) {
  const auto model = new_tagger();
  const auto samples = data.test.annotations.samples();
  for (const auto& labels :
       std::vector<std::vector<std::string>>{{"red", "green", "blue", "black"}, {"blue", "green", "red"}}) {
    data.test.annotations = {labels, samples, "b.json"};
    BOOST_CHECK_EXCEPTION(tagger::score(*model, data.test), tagger::DataError,
                          says("b.json: labels: these are not the tagger's labels, or not in its order"));
    BOOST_CHECK_EXCEPTION(tagger::evaluate(*model, data.test), tagger::DataError, says("b.json: labels: "));
  }
}

BOOST_FIXTURE_TEST_CASE(a_trained_tagger_is_ready_to_predict, Fixture) {
  options.epochs = 1;
  const auto model = new_tagger();
  fit(*model);
  BOOST_TEST(!model->is_training());
  for (const auto& module : model->modules(false)) BOOST_TEST(!module->is_training(), module->name());
}

BOOST_FIXTURE_TEST_CASE(a_run_keeps_how_its_pictures_were_made, Fixture) {
  data.test.transform = tagger::Transform(side, side + 8, {}, tagger::Resize{.width = side, .height = side + 8});
  BOOST_CHECK_EXCEPTION(run("run"), tagger::OptionError, says("a run keeps what evaluation_transform() was made from"));
  BOOST_TEST(!fs::exists(folder.path() / "run"));
}

namespace {

/// Of its own: it remembers how often it has seen each picture, counts the less of a loss the more often, and says what
/// the training calls.
struct FamiliarityLoss {
  using Meaning = tagger::IndependentLabels;
  static constexpr std::string_view name = "familiarity";

  at::Tensor seen{};
  double strength = 0;
  std::vector<std::string> heard{};

  void begin_training(const tagger::Annotations& train) {
    seen = torch::zeros({static_cast<std::int64_t>(train.size())});
    heard.push_back("training of " + std::to_string(train.size()));
  }
  void begin_epoch(std::int64_t epoch, std::int64_t epochs) {
    strength = static_cast<double>(epoch) / static_cast<double>(epochs);
    seen.mul_(0.5);  // once an epoch, and not again when it is resumed
    heard.push_back("epoch " + std::to_string(epoch) + " of " + std::to_string(epochs));
  }
  tagger::NamedTensors state() { return {{"seen", seen}}; }

  at::Tensor operator()(const tagger::Logits& logits, const tagger::Targets& targets) {
    const torch::Tensor times =
        targets.pictures.defined() ? seen.index({targets.pictures}) : torch::zeros({logits.values.size(0)});
    const at::Tensor each =
        at::binary_cross_entropy_with_logits(logits.values.to(at::kFloat), targets.values, {}, {}, at::Reduction::None);
    if (targets.pictures.defined() && logits.values.requires_grad()) seen.index_put_({targets.pictures}, times + 1);
    return (each.mean(1) / (1 + strength * times)).mean();
  }
};
static_assert(tagger::Loss<FamiliarityLoss>);

using Familiar = TinyTagger::with<FamiliarityLoss>;

/// Without batch normalisation and dropout: what a picture adds to the gradient does not depend on the others.
struct PlainNet : torch::nn::Module {
  static tagger::BackboneSpec spec() { return {.name = "plain", .features = 16, .input_size = side}; }
  PlainNet()
      : conv1(register_module("conv1", torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 8, 3).stride(2)))),
        conv2(register_module("conv2", torch::nn::Conv2d(torch::nn::Conv2dOptions(8, 16, 3).stride(2)))) {}
  tagger::FeatureMap forward(const at::Tensor& images) {
    largest = std::max(largest, images.size(0));
    return {torch::relu(conv2(torch::relu(conv1(images))))};
  }
  torch::nn::Conv2d conv1, conv2;
  std::int64_t largest = 0;
};
using Plain = tagger::Tagger<PlainNet>;

std::unique_ptr<Plain> new_plain() {
  at::manual_seed(7);
  tagger::Policies<PlainNet, tagger::LinearHead, tagger::Sigmoid, tagger::BinaryCrossEntropy> policies;
  policies.head.dropout = 0;
  return std::make_unique<Plain>(colours, policies);
}

/// Every part of a recipe at once.
void use_all(FitOptions& options) {
  options.accumulate = 2;
  options.optimizer = tagger::AdamW{.weight_decay = 0.05};
  options.schedule = tagger::OneCycle{};
  options.warmup_epochs = 0.4;
  options.layers = {.backbone_rate = 0.5, .layer_decay = 0.8, .frozen_layers = 1};
  options.clip_gradients = 0.5;
  options.ema_decay = 0.9;
  options.ema_warmup = true;
  options.sam_rho = 0.05;
  options.mixing = {.mixup = 0.4, .cutmix = 1, .probability = 0.5};
  options.sampler = tagger::ClassAwareSampler{};
  options.patience = 2;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_training_with_every_part_of_a_recipe_goes_on_to_the_same_bits, Fixture) {
  use_all(options);
  const auto train = [&](const std::string& name, std::vector<tagger::Observer*> observers = {}) {
    at::manual_seed(7);
    Familiar model(colours);
    return tagger::train_run(model, data.train, data.test, folder.path() / name, options, observers);
  };
  const auto undisturbed = train("undisturbed");
  BOOST_TEST(undisturbed.fit.history.step_loss.size() == 15U);
  const auto kept = tensors(folder.path() / "undisturbed/checkpoints/step-000000015.safetensors");
  for (const char* name : {"model.fc.weight", "average.fc.weight", "optimizer.exp_avg.head.weight", "loss.seen"}) {
    BOOST_TEST(kept.contains(name), name);
  }
  BOOST_TEST(!kept.contains("optimizer.exp_avg.backbone.conv1.weight"));  // it is frozen
  for (const int step : {1, 4, 5, 8, 13}) {
    struct Steps : tagger::Observer {
      int done = 0;
      void on_step(const tagger::StepEvent&) override { ++done; }
    } steps;
    const std::string name = "stopped" + std::to_string(step);
    options.stop = [&] { return steps.done >= step; };
    BOOST_TEST(train(name, {&steps}).fit.stopped);
    options.stop = {};
    options.resume = true;
    const auto resumed = train(name);
    options.resume = false;
    BOOST_TEST((resumed.fit.history == undisturbed.fit.history));
    BOOST_TEST((resumed.evaluation == undisturbed.evaluation));
    check_same_run(folder.path() / "undisturbed", folder.path() / name);
  }
  // What is not the same is named.
  options.resume = true;
  options.epochs = 5;
  options.optimizer = tagger::AdamW{.weight_decay = 0.01};
  options.sam_rho = 0;
  BOOST_CHECK_EXCEPTION(train("undisturbed"), tagger::OptionError,
                        says("optimizer was \"adamw:weight_decay=0.05\", is \"adamw\"; radius of sharpness-aware "
                             "minimisation was 0.05, is 0.0; epochs was 3, is 5"));
}

BOOST_FIXTURE_TEST_CASE(policies_hear_of_the_training, Fixture) {
  at::manual_seed(7);
  Familiar model(colours);
  tagger::fit(model, data.train, data.test, options);
  BOOST_TEST(model.loss().heard ==
                 (std::vector<std::string>{"training of 40", "epoch 1 of 3", "epoch 2 of 3", "epoch 3 of 3"}),
             boost::test_tools::per_element());
  // Each of the 40 pictures once an epoch, halved at the beginning of each: 1 / 4 + 1 / 2 + 1.
  BOOST_TEST(model.loss().seen.equal(torch::full({40}, 1.75)));
}

BOOST_FIXTURE_TEST_CASE(a_batch_in_parts_is_one_batch, Fixture) {
  options.optimizer = tagger::SGD{};
  options.learning_rate = 0.1;
  options.batch_size = 10;
  std::vector<std::unique_ptr<Plain>> models;
  std::vector<FitResult> results;
  for (const int parts : {1, 2, 3, 10}) {
    options.accumulate = parts;
    models.push_back(new_plain());
    results.push_back(tagger::fit(*models.back(), data.train, data.test, options));
    const auto whole = tagger::model_state(*models.front()), summed = tagger::model_state(*models.back());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      BOOST_TEST(torch::allclose(summed[i].second, whole[i].second, 1e-4, 1e-6), parts << ' ' << whole[i].first);
    }
    for (std::size_t i = 0; i < results[0].history.step_loss.size(); ++i) {
      BOOST_TEST(results.back().history.step_loss[i] == results[0].history.step_loss[i],
                 boost::test_tools::tolerance(1e-4));
    }
  }
  // Evaluation takes the pictures by ten, whatever the parts: only a step of its own tells them.
  auto largest = [&](std::int64_t parts) {
    options.accumulate = parts;
    const auto model = new_plain();
    struct FirstStep : tagger::Observer {
      Plain* model = nullptr;
      std::int64_t largest = 0;
      void on_step(const tagger::StepEvent&) override { largest = largest > 0 ? largest : model->backbone().largest; }
    } first;
    first.model = model.get();
    tagger::fit(*model, data.train, data.test, options, std::array<tagger::Observer*, 1>{&first});
    return first.largest;
  };
  BOOST_TEST(largest(1) == 10);
  BOOST_TEST(largest(2) == 5);
  BOOST_TEST(largest(3) == 4);
}

BOOST_FIXTURE_TEST_CASE(the_average_of_the_weights_is_what_is_evaluated_and_saved, Fixture) {
  options.ema_decay = 0.8;
  options.evaluate_every = 0;
  struct Mean : tagger::Observer {
    TinyTagger* model = nullptr;
    at::Tensor mean, at_test;
    void on_step(const tagger::StepEvent&) override { mean.lerp_(model->head().weight.detach(), 0.2); }
    void on_epoch(const tagger::EpochEvent&) override { BOOST_TEST(!model->head().weight.equal(mean)); }
  } mean;
  const auto model = new_tagger();
  mean.model = model.get();
  mean.mean = model->head().weight.detach().clone();
  const auto result = tagger::train_run(*model, data.train, data.test, folder.path() / "run", options,
                                        std::array<tagger::Observer*, 1>{&mean});
  const auto best = tensors(folder.path() / "run/checkpoints/best.safetensors");
  const auto saved = tensors(folder.path() / "run/model.safetensors");
  for (const auto& [name, bytes] : saved) {
    BOOST_TEST((best.at("average." + name) == bytes), name);
    BOOST_TEST(((best.at("model." + name) != bytes) || name.ends_with("num_batches_tracked")), name);
  }
  // The last evaluation of the loop was of these weights, too.
  for (const auto& test : result.fit.history.tests) {
    if (test.step != result.fit.best_epoch * 5) continue;
    for (const auto& [name, value] : test.evaluation.metrics) BOOST_TEST(value == result.evaluation.at(name), name);
  }
  const auto again = new_tagger();
  mean.model = again.get();
  mean.mean = again->head().weight.detach().clone();
  fit(*again, {&mean});
  BOOST_TEST(torch::allclose(again->head().weight, mean.mean, 1e-5, 1e-7));
}

BOOST_FIXTURE_TEST_CASE(the_learning_rate_follows_warm_up_and_schedule, Fixture) {
  options.epochs = 2;  // of 5 steps
  options.learning_rate = 0.1;
  options.schedule = tagger::StepDecay{.epochs = 1, .factor = 0.5};
  options.warmup_epochs = 0.4;
  struct Rates : tagger::Observer {
    std::vector<double> rates;
    void on_step(const tagger::StepEvent& event) override { rates.push_back(event.learning_rate); }
  } rates;
  fit(*new_tagger(), {&rates});
  const std::vector<double> expected{0.001, 0.0505, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05};
  BOOST_TEST(rates.rates == expected, boost::test_tools::tolerance(1e-12) << boost::test_tools::per_element());

  // A plateau: nothing becomes better.
  options.schedule = tagger::Plateau{.factor = 0.5, .patience = 0};
  options.warmup_epochs = 0;
  options.epochs = 3;
  options.learning_rate = 1e-9;
  rates.rates.clear();
  fit(*new_tagger(), {&rates});
  BOOST_TEST(rates.rates.front() == 1e-9);
  BOOST_TEST(rates.rates.back() == 0.5e-9);
}

BOOST_FIXTURE_TEST_CASE(a_training_that_stalls_ends, Fixture) {
  options.epochs = 9;
  options.patience = 2;
  options.learning_rate = 1e-9;
  Listener listener;
  const auto result = run("run", {&listener});
  BOOST_TEST(result.fit.best_epoch == 1);
  BOOST_TEST(result.fit.history.epochs.size() == 3U);
  BOOST_TEST(!result.fit.stopped);
  BOOST_TEST(result.evaluation.samples == 12);
  BOOST_REQUIRE(!listener.messages.empty());
  BOOST_TEST(listener.messages.back() == "no better epoch than epoch 1 for 2: training ends");
  options.resume = true;
  BOOST_TEST((run("run").fit.history == result.fit.history));
}

BOOST_FIXTURE_TEST_CASE(frozen_layers_stay_and_those_above_learn, Fixture) {
  options.layers.frozen_layers = 2;  // conv1 and bn1
  const auto model = new_tagger();
  auto& net = model->backbone();
  const auto conv1 = net.conv1->weight.detach().clone(), mean = net.bn1->running_mean.clone();
  const auto norm = net.bn1->weight.detach().clone(), conv2 = net.conv2->weight.detach().clone();
  fit(*model);
  BOOST_TEST(net.conv1->weight.equal(conv1));
  BOOST_TEST(net.bn1->weight.equal(norm));
  BOOST_TEST(net.bn1->running_mean.equal(mean));
  BOOST_TEST(!net.conv2->weight.equal(conv2));
  BOOST_TEST(net.conv1->weight.requires_grad());  // the next training may train it
  options.layers.frozen_layers = 0;
  fit(*model);
  BOOST_TEST(!net.conv1->weight.equal(conv1));
}

BOOST_FIXTURE_TEST_CASE(sharpness_aware_steps_look_ahead_and_leave_statistics_alone, Fixture) {
  options.epochs = 1;
  options.batch_size = 40;  // one step
  options.optimizer = tagger::SGD{.momentum = 0};
  options.learning_rate = 0.1;
  const auto plain = new_tagger(), ahead = new_tagger();
  fit(*plain);
  options.sam_rho = 0.5;
  fit(*ahead);
  BOOST_TEST(!ahead->head().weight.equal(plain->head().weight));
  BOOST_TEST(ahead->backbone().bn1->running_mean.equal(plain->backbone().bn1->running_mean));
  BOOST_TEST(ahead->backbone().bn1->num_batches_tracked.item<std::int64_t>() == 1);
  options.epochs = 20;
  options.batch_size = 8;
  options.optimizer = tagger::Adam{};
  options.learning_rate = 1e-2;
  options.sam_rho = 0.05;
  options.accumulate = 2;
  options.arithmetic = tagger::Arithmetic::bfloat16;
  BOOST_TEST(fit(*new_tagger()).evaluation.at("macro/f1") > 0.9);
}

BOOST_FIXTURE_TEST_CASE(every_optimizer_learns, Fixture) {
  options.epochs = 30;
  options.evaluate_every = 0;
  for (const auto& [optimizer, rate] :
       {std::pair{"adamw", 1e-2}, {"sgd:nesterov=true", 0.1}, {"lion", 2e-3}, {"lamb", 3e-2}}) {
    options.optimizer = tagger::AnyOptimizer::named(optimizer);
    options.learning_rate = rate;
    options.schedule = tagger::Cosine{};
    const auto result = fit(*new_tagger());
    BOOST_TEST(result.evaluation.at("macro/f1") > 0.9, optimizer << ": " << result.evaluation.at("macro/f1"));
  }
}

BOOST_FIXTURE_TEST_CASE(recipes_that_cannot_be_are_refused, Fixture) {
  const auto refused = [this](auto change, const std::string& text) {
    FitOptions changed = options;
    change(changed);
    const auto model = new_tagger();
    BOOST_CHECK_EXCEPTION(tagger::fit(*model, data.train, data.test, changed), tagger::OptionError, says(text));
    BOOST_TEST(model->backbone().conv1->weight.requires_grad());
  };
  refused([](auto& o) { o.accumulate = 9; }, "a batch of 8 pictures cannot be taken in 9 parts");
  refused([](auto& o) { o.accumulate = 0; }, "a batch of 8 pictures cannot be taken in 0 parts");
  refused([](auto& o) { o.learning_rate = 0; }, "the learning rate must be above 0");
  refused([](auto& o) { o.warmup_epochs = 3; }, "a warm-up of 3 epochs leaves nothing of a training of 3");
  refused([](auto& o) { o.warmup_epochs = -1; }, "the warm-up epochs must not be negative");
  refused([](auto& o) { o.layers.layer_decay = 0; }, "the layer decay must be above 0 and at most 1");
  refused([](auto& o) { o.layers.frozen_layers = 4; }, "the backbone has 3 layers; 4 of them cannot be frozen");
  refused([](auto& o) { o.clip_gradients = -1; }, "the norm to which gradients are clipped must not be negative");
  refused([](auto& o) { o.ema_decay = 1; }, "the decay of averaged weights must be in [0, 1)");
  refused([](auto& o) { o.ema_warmup = true; }, "a warm-up of averaged weights needs their decay");
  refused([](auto& o) { o.sam_rho = -0.1; }, "the radius of sharpness-aware minimisation must not be negative");
  refused([](auto& o) { o.patience = -1; }, "the patience must not be negative");
  refused([](auto& o) { o.mixing.mixup = -1; }, "mixing: mixup -1");
  refused([](auto& o) { o.mixing.probability = 1.5; }, "mixing: probability 1.5");
  refused([](auto& o) { o.mixing.cutmix_share = -0.5; }, "mixing: cutmix_share -0.5");
}

BOOST_FIXTURE_TEST_CASE(one_picture_that_is_left_of_a_batch_is_left_out, Fixture) {
  for (int i = 0; i < 40; i += 2) fs::remove(data.train.folder / (std::to_string(i) + ".jpg"));
  options.epochs = 1;
  options.batch_size = 2;
  Listener listener;
  const auto result = fit(*new_tagger(), {&listener});
  const auto left = std::count(listener.messages.begin(), listener.messages.end(),
                               "one picture is left of a batch: it is left out, as batch normalisation needs two");
  BOOST_TEST(left > 0);
  const auto whole = static_cast<std::int64_t>(result.history.step_loss.size());
  BOOST_TEST(2 * whole + left == 20);
}

BOOST_FIXTURE_TEST_CASE(a_run_stopped_in_its_last_scoring_is_resumed_to_its_end, Fixture) {
  int asked = 0;
  options.stop = [&] { return ++asked < 0; };
  run("undisturbed");
  const int all = asked;
  for (const int before_the_end : {1, 2, 3}) {  // two batches, and the question after them
    const std::string name = "stopped" + std::to_string(before_the_end);
    asked = 0;
    options.stop = [&] { return ++asked > all - before_the_end; };
    const auto stopped = run(name);
    BOOST_TEST(stopped.fit.stopped);
    BOOST_TEST(stopped.fit.history.epochs.size() == 3U);
    BOOST_TEST(fs::exists(folder.path() / name / "model.safetensors"));
    BOOST_TEST(!fs::exists(folder.path() / name / "metrics.json"));
    options.stop = {};
    options.resume = true;
    BOOST_TEST(!run(name).fit.stopped);
    options.resume = false;
    check_same_run(folder.path() / "undisturbed", folder.path() / name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
