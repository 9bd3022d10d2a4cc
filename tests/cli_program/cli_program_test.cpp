// The program as its users meet it: what it answers to bad files, bad numbers and full disks, and what it leaves
// behind.
#define BOOST_TEST_MODULE cli_program
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include "fixture.hpp"

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

}  // namespace

BOOST_FIXTURE_TEST_CASE(annotations_that_cannot_be_used, Fixture) {
  const std::string good = bytes_of(path() / "a.json");
  const std::vector<std::array<std::string, 2>> bad{
      {good.substr(0, 100), "line 1, column 10"},
      {"", "line 1, column 1"},
      {R"({"samples": [{"image_name": 3}], "labels": ["red"]})",
       "samples[0].image_name: expected a string, found a number"},
      {R"({"samples": 3, "labels": ["red"]})", "samples: expected "},
      {R"({"samples": [{"image_name": "a0.jpg", "image_labels": ["skyy"]}], "labels": ["red"]})",
       "samples[0].image_labels[0]: \"skyy\" is not in labels"},
      {R"({"samples": [{"image_name": "a0.jpg", "image_labels": []}, {"image_name": "a0.jpg", "image_labels": []}], "labels": ["red"]})",
       "samples[1].image_name: \"a0.jpg\" is listed twice, first as samples[0]"},
      {R"({"samples": [], "labels": ["red"]})", "samples: is empty; at least one picture is needed"},
      {R"({"samples": [{"image_name": "../a0.jpg", "image_labels": []}], "labels": ["red"]})",
       "samples[0].image_name: \"../a0.jpg\" leaves the folder of pictures by \"..\""}};
  for (const auto& [text, message] : bad) {
    folder.file("bad.json", text);
    refused(tagger("train --annotations bad.json --validation b.json --images img --output run"),
            "bad.json: " + message);
  }
  refused(tagger("train --annotations no.json --validation b.json --images img --output run"),
          "no.json: No such file or directory");
  folder.file("bad.json", R"({"samples": [{"image_name": "b0.jpg", "image_labels": []}], "labels": ["red", "black"]})");
  refused(tagger("train --annotations a.json --validation bad.json --images img --output run"),
          "bad.json: labels: the 2 labels are not the 3 of the tagger; the tagger has \"green\", \"blue\"; the "
          "annotations have \"black\"");
  BOOST_TEST(!fs::exists(path() / "run"));
  const auto inspected = tagger("inspect --annotations bad.json --images nowhere");
  BOOST_TEST(inspected.status == 1);
}

BOOST_FIXTURE_TEST_CASE(annotations_of_other_formats, Fixture) {
  folder.file("tags.csv", "picture,tags\na0,red blue\na1,\na0,green\n../x,red\n");
  const auto csv = tagger("convert --from csv:labels=tags:between=space:suffix=.jpg --output c.json tags.csv");
  BOOST_TEST(csv.status == 0);
  BOOST_TEST(csv.out ==
             "c.json: 2 pictures, 3 labels; 3 yes, 3 no, 0 unknown\n"
             "further lines of a picture, joined: 1\n  line 4: \"a0.jpg\"\n"
             "pictures whose name cannot be used, dropped: 1\n"
             "  line 5: \"../x.jpg\" leaves the folder of pictures by \"..\"\n");
  BOOST_TEST(bytes_of(path() / "c.json") ==
             "{\"samples\": [\n{\"image_name\": \"a0.jpg\", \"image_labels\": [\"blue\", \"green\", \"red\"]},\n"
             "{\"image_name\": \"a1.jpg\", \"image_labels\": []}\n], \"labels\": [\"blue\", \"green\", \"red\"]}\n");
  BOOST_TEST(tagger("inspect --annotations c.json --images img").status == 0);
  const auto oi = tagger("convert --from open_images --output o.json " + std::string(TAGGER_TEST_DATA) +
                         "/import/human-imagelabels.csv");
  BOOST_TEST(oi.out.starts_with("o.json: 3 pictures, 10 labels; 6 yes, 3 no, 21 unknown\n"), oi.out);

  const auto help = tagger("convert --help").out;
  for (const char* name : {"csv", "folders", "keywords", "coco", "voc", "nus_wide", "open_images"}) {
    BOOST_TEST(help.find(std::string("--from ") + name) != std::string::npos, name);
  }
  refused(tagger("convert --from cocco --output d.json a.json"),
          "--from: \"cocco\": unknown format \"cocco\"; valid: csv, folders, keywords, coco", 2);
  refused(tagger("convert --from csv:seperator=tab --output d.json a.json"),
          "--from: \"csv:seperator=tab\": csv: unknown field \"seperator\"; valid: separator, image", 2);
  refused(tagger("convert --from coco --output d.json a.json"), "a.json: images: is missing");
  refused(tagger("convert --from voc --output d.json nowhere"), "nowhere: is no folder");
  BOOST_TEST(!fs::exists(path() / "d.json"));
}

BOOST_FIXTURE_TEST_CASE(words_that_are_no_options, Fixture) {
  const std::vector<std::array<std::string, 2>> bad{
      {"--epochs -1", "--epochs: \"-1\": needs a whole number, 0 or more"},
      {"--batch-size 32x", "--batch-size: \"32x\": needs a whole number"},
      {"--batch-size 0", "--batch-size: \"0\": needs a whole number, 1 or more"},
      {"--batch-size 99999999999999999999", "--batch-size: \"99999999999999999999\": needs a whole number in range"},
      {"--size 1.5", "--size: \"1.5\": needs a whole number"},
      {"--seed -1", "--seed: \"-1\": needs a whole number"},
      {"--workers -1", "--workers: \"-1\": needs a whole number"},
      {"--learning-rate nan", "--learning-rate: \"nan\": needs a number"},
      {"--learning-rate inf", "--learning-rate: \"inf\": needs a number"},
      {"--learning-rate 1e999", "--learning-rate: \"1e999\": needs a number"},
      {"--learning-rate 0", "--learning-rate: \"0\": needs a number, above 0"},
      {"--threshold nan", "--threshold: \"nan\": needs a number"},
      {"--epochs", "--epochs: needs a value"},
      {"--epoch 3", "unknown option \"--epoch\"; did you mean \"--epochs\"?"},
      {"--epochs 1 --epochs 2", "--epochs: is given more than once"},
      {"--backbone resnet19", "--backbone: \"resnet19\": unknown name \"resnet19\"; valid: resnet18, resnet34"},
      {"--loss bce", "--loss: \"bce\": unknown loss \"bce\"; valid: binary_cross_entropy, "},
      {"--head linear:dropout=2", "--head: \"linear:dropout=2\": linear:dropout=2: must be between 0 and 0.999"},
      {"--head attention", "--head: \"attention\": unknown head \"attention\"; valid: linear"},
      {"--sampler balanced", "--sampler: \"balanced\": unknown sampler \"balanced\"; valid: uniform, repeat_factor"},
      {"--device gpu", "--device: \"gpu\": unknown device \"gpu\"; valid: cpu, cuda, cuda:N"},
      {"--precision half", "--precision: \"half\": unknown name \"half\"; valid: float32, bfloat16"},
      {"--background red", "--background: \"red\": needs a colour as #rrggbb"}};
  for (const auto& [options, message] : bad) refused(train("--output run " + options, ""), message, 2);
  refused(train("--output run --threshold 1.5", ""),
          "the threshold is 1.5, but scores are a probability for each label on its own, between 0 and 1", 2);
  refused(train("--output run --device cuda:120", ""), "cuda:120: ", 2);
  folder.file("unknown.json", R"({"batchsize": 4})");
  refused(train("--output run --config unknown.json", ""), "unknown.json: unknown option \"batchsize\"; valid: ", 2);
  folder.file("wrong.json", R"({"batch-size": "4"})");
  refused(train("--output run --config wrong.json", ""), "wrong.json: batch-size: \"4\" needs a number, found string",
          2);
  folder.file("cut.json", R"({"batch-size": )");
  refused(train("--output run --config cut.json", ""), "cut.json: is not valid JSON: ", 2);
  refused(train("--output run --config no.json", ""), "no.json: No such file or directory");
  refused(tagger("trian"), "unknown command \"trian\"; valid: convert, inspect, prepare, train", 2);
  refused(tagger(""), "needs a command; try: tagger --help", 2);
  refused(train(""), "--output", 2);
  BOOST_TEST(!fs::exists(path() / "run"));
}

BOOST_FIXTURE_TEST_CASE(weights_that_do_not_fit, Fixture) {
  make_run();
  const auto weights = path() / "run/model.safetensors";
  folder.file("cut.safetensors", bytes_of(weights).substr(0, 1000000));
  const auto cut = train("--output new --weights cut.safetensors");
  refused(cut, "cut.safetensors: ");
  BOOST_TEST(cut.message().find("is it cut off?") != std::string::npos);

  // torch.save({"fc.weight": an object whose loading calls os.system}), by the legacy protocol.
  folder.file("evil.pth", std::string("\x80\x02}q\x00X\x09\x00\x00\x00"
                                      "fc.weightcposix\nsystem\nX\x0c\x00\x00\x00touch hacked\x85Rs.",
                                      56));
  const auto evil = train("--output new --weights evil.pth");
  refused(evil, "evil.pth: ");
  BOOST_TEST(!fs::exists(path() / "hacked"));

  const auto other = tagger(
      "train --annotations a.json --validation b.json --images img --backbone resnet34 --size 32 --output new "
      "--weights run/model.safetensors");
  BOOST_TEST(other.status == 1);
  BOOST_TEST(other.error.find("tagger: run/model.safetensors: ") != std::string::npos);
  BOOST_TEST(other.error.find("layer1.2.conv1.weight") != std::string::npos);
  BOOST_TEST(!fs::exists(path() / "new"));

  // A run whose config.json is another network's.
  std::string config = bytes_of(path() / "run/config.json");
  config.replace(config.find("resnet18"), 8, "resnet50");
  folder.file("run/config.json", config);
  const auto mixed = tagger("predict --run run img/a0.jpg");
  BOOST_TEST(mixed.status == 1);
  BOOST_TEST(mixed.error.find("the network has float32 (128, 512, 1, 1), the file float32 (128, 128, 3, 3)") !=
             std::string::npos);
  folder.file("run/config.json", config.substr(0, 50));
  refused(tagger("predict --run run img/a0.jpg"), "run/config.json: ");
  config.replace(config.find("resnet50"), 8, "resnet99");
  folder.file("run/config.json", config);
  const auto unknown = tagger("predict --run run img/a0.jpg");
  BOOST_TEST(unknown.message().find("\"resnet99\"; valid: resnet18") != std::string::npos);
  refused(tagger("predict --run nowhere img/a0.jpg"), "nowhere/config.json: No such file or directory");
}

BOOST_FIXTURE_TEST_CASE(pictures_are_tagged_in_order_and_the_unreadable_named, Fixture) {
  make_run();
  folder.file("img/text.jpg", "no picture");
  folder.file("img/empty.jpg", "");
  const auto whole = bytes_of(path() / "img/a0.jpg");
  folder.file("img/cut.jpg", whole.substr(0, whole.size() - 8));
  // A header of 60,000 x 60,000 pixels.
  std::string huge = whole;
  const auto frame = huge.find("\xff\xc0");
  huge.replace(frame + 5, 4, "\xea\x60\xea\x60");
  folder.file("img/huge.jpg", huge);

  const std::vector<std::string> order{"img/b1.jpg",  "img/none.jpg",  "img/text.jpg", "img/huge.jpg",
                                       "img/cut.jpg", "img/empty.jpg", "img/a0.jpg"};
  const std::vector<std::string> faults{"",
                                        "No such file or directory",
                                        "no picture format is known that begins like this file",
                                        "60000x60000 pixels are over the limit of 178956970: ",
                                        "the JPEG data are cut off: the file ends after ",
                                        "the file is empty",
                                        ""};
  std::string line = "predict --run run --format json";
  for (const auto& path : order) line += ' ' + path;
  const auto json = tagger(line);
  BOOST_TEST(json.status == 1);
  std::istringstream lines(json.out);
  std::vector<Json> parsed;
  for (std::string each; std::getline(lines, each);) parsed.push_back(Json::parse(each));
  BOOST_TEST_REQUIRE(parsed.size() == order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    BOOST_TEST(parsed[i]["path"] == order[i]);
    const bool broken = !faults[i].empty();
    BOOST_TEST(parsed[i].size() == (broken ? 2U : 3U));
    if (broken) {
      const std::string error = parsed[i]["error"];
      BOOST_TEST(error.substr(0, order[i].size() + 2 + faults[i].size()) == order[i] + ": " + faults[i], error);
      BOOST_TEST(json.error.find(error + '\n') != std::string::npos);
      continue;
    }
    std::vector<std::string> names, above;
    for (const auto& [name, score] : parsed[i]["scores"].items()) {
      names.push_back(name);
      BOOST_TEST((score.is_number_float() && score > 0 && score < 1));
      if (score > 0.5) above.push_back(name);
    }
    BOOST_TEST((names == std::vector<std::string>{"red", "green", "blue"}));
    BOOST_TEST((parsed[i]["labels"] == Json(above)));
  }
  const auto text = tagger("predict --run run --threshold 1 img/b1.jpg img/empty.jpg img/a0.jpg");
  BOOST_TEST(text.status == 1);
  BOOST_TEST(text.out == "img/b1.jpg: no predictions\nimg/a0.jpg: no predictions\n");
  BOOST_TEST(text.message() == "img/empty.jpg: the file is empty");
  BOOST_TEST(tagger("predict --run run --threshold 0 img/a0.jpg").out == "img/a0.jpg: red, green, blue\n");

  for (const auto* name : {"text", "empty", "cut", "huge"}) fs::remove(path() / "img" / (std::string(name) + ".jpg"));
  fs::create_directories(path() / "img/deeper");
  fs::copy_file(path() / "img/a0.jpg", path() / "img/deeper/c 1.JPG");
  folder.file("img/notes.txt", "");
  const auto listed = run_tagger(path(), words("predict --run run --format csv - img img/a1.jpg"),
                                 "img/b3.jpg\r\nimg/deeper/c 1.JPG\n\n");
  BOOST_TEST(listed.status == 0);
  std::istringstream rows(listed.out);
  std::vector<std::string> paths;
  for (std::string row; std::getline(rows, row);) paths.push_back(row.substr(0, row.find(',')));
  std::vector<std::string> expected{"path", "img/b3.jpg", "img/deeper/c 1.JPG"};
  for (int i = 0; i < 8; ++i) expected.push_back("img/a" + std::to_string(i) + ".jpg");
  for (int i = 0; i < 4; ++i) expected.push_back("img/b" + std::to_string(i) + ".jpg");
  expected.insert(expected.end(), {"img/deeper/c 1.JPG", "img/a1.jpg"});
  BOOST_TEST(paths == expected, boost::test_tools::per_element());

  fs::create_directories(path() / "nothing");
  refused(tagger("predict --run run nothing"), "nothing: there is no picture (jpg, jpeg, png, webp) in this folder");
  refused(run_tagger(path(), words("predict --run run img/a0.jpg"), "", "/dev/full"),
          "standard output cannot be written");
}

BOOST_FIXTURE_TEST_CASE(scores_are_written_and_read_to_the_same_metrics, Fixture) {
  make_run();
  const auto evaluated = tagger(
      "evaluate --run run --annotations b.json --images img --prior a.json --json m.json --scores s.csv --report "
      "p.html");
  BOOST_TEST(evaluated.status == 0);
  const auto page = bytes_of(path() / "p.html");
  for (const char* part : {"<h1>b.json</h1>", "id=\"label-2\"", "id=\"mistake-0\"", "id=\"picture-3\""}) {
    BOOST_TEST(page.find(part) != page.npos, part);
  }
  folder.file("t.csv", "image_name,red,green,blue\nb3.jpg,0,1,0\nb2.jpg,1,0,1\nb1.jpg,0,0,0\nb0.jpg,1,1,0\n");
  BOOST_TEST(tagger("metrics --scores s.csv --targets t.csv --json n.json").status == 0);
  BOOST_TEST(bytes_of(path() / "m.json") == bytes_of(path() / "n.json"));
  const auto json = Json::parse(bytes_of(path() / "m.json"));
  std::vector<std::string> names, expected;
  for (const auto& [name, value] : json["metrics"].items()) names.push_back(name);
  for (const std::string averaging : {"micro/", "macro/", "weighted/", "samples/"}) {
    for (const std::string metric : {"precision", "recall", "f1"}) expected.push_back(averaging + metric);
  }
  BOOST_TEST_REQUIRE(names.size() > expected.size());
  names.resize(expected.size());
  BOOST_TEST(names == expected, boost::test_tools::per_element());
  for (const char* name : {"macro/average_precision", "coverage_error", "log_loss"}) {
    BOOST_TEST(json["metrics"].contains(name), name);
    BOOST_TEST(json["intervals"][name].size() == 2U, name);
  }
  BOOST_TEST(json["definitions"]["average_precision"] == "step");
  BOOST_TEST_REQUIRE(json["labels"].size() == 3U);
  for (const char* key : {"name", "support", "precision", "recall", "f1", "average_precision", "threshold"}) {
    BOOST_TEST(json["labels"][0].contains(key), key);
  }

  folder.file("k.csv", "image_name,red,black\nb0.jpg,1,1\n");
  refused(tagger("metrics --scores s.csv --targets k.csv"), "k.csv: ");
  folder.file("bad.csv", "image_name,red,green,blue\nb0.jpg,1,2,0\n");
  refused(tagger("metrics --scores s.csv --targets bad.csv"), "bad.csv: ");
  folder.file("k.json", R"({"samples": [{"image_name": "b0.jpg", "image_labels": []}], "labels": ["red"]})");
  refused(tagger("evaluate --run run --annotations k.json --images img"),
          "k.json: labels: the 1 labels are not the 3 of the tagger; the tagger has \"green\", \"blue\"");
  refused(tagger("evaluate --run run --annotations b.json --images nowhere"),
          "nowhere: there is no such folder of pictures");

  // Neither a device nor the file that a link points to is put aside by the result.
  const auto full = tagger("evaluate --run run --annotations b.json --images img --json /dev/full");
  refused(full, "/dev/full: cannot be written: No space left on device");
  BOOST_TEST(full.out == tagger("evaluate --run run --annotations b.json --images img").out);
  BOOST_TEST(fs::is_character_file("/dev/full"));
  fs::create_symlink("m.json", path() / "link.json");
  BOOST_TEST(tagger("evaluate --run run --annotations b.json --images img --json link.json").status == 0);
  BOOST_TEST(fs::is_symlink(path() / "link.json"));
  refused(tagger("evaluate --run run --annotations b.json --images img --json a.json/m.json"),
          "a.json/m.json: cannot be written: Not a directory");
}

BOOST_FIXTURE_TEST_CASE(scores_of_two_taggers_are_compared_on_the_same_pictures, Fixture) {
  folder.file("t.csv", "image_name,red,green\na,1,0\nb,0,1\nc,1,1\nd,0,0\n");
  folder.file("x.csv", "image_name,red,green\na,0.9,0.2\nb,0.1,0.8\nc,0.7,0.4\nd,0.3,0.1\n");
  folder.file("y.csv", "image_name,green,red\nd,0.6,0.7\nb,0.3,0.8\na,0.2,0.1\n");
  const auto compared = tagger("compare x.csv y.csv --targets t.csv --intervals 50 --json d.json --page d.html");
  BOOST_TEST(compared.status == 0, compared.error);
  BOOST_TEST(compared.out.find("On 3 pictures; 1 that only one has are left out.") != std::string::npos);
  const auto row = Json::parse(bytes_of(path() / "d.json"))["micro/f1"];
  BOOST_TEST(row["first"] == 1.0);   // a, b and d
  BOOST_TEST(row["second"] == 0.0);  // by name, the columns too
  BOOST_TEST(row["difference"] == -1.0);
  BOOST_TEST(row["interval"].size() == 2U);
  BOOST_TEST(row["p_value"].get<double>() > 0);
  BOOST_TEST(fs::file_size(path() / "d.html") > 1000U);

  make_run();
  const auto runs = tagger("compare run run --intervals 20 --json r.json");
  BOOST_TEST(runs.status == 0, runs.error);
  const auto same = Json::parse(bytes_of(path() / "r.json"));
  for (const auto& [name, number] : same.items()) {
    const bool defined = number["first"].is_number();
    BOOST_TEST((defined ? number["difference"] == 0.0 && number["p_value"] == 1.0 : number["p_value"].is_null()), name);
  }
  const auto metrics = Json::parse(bytes_of(path() / "run/metrics.json"))["metrics"];
  BOOST_TEST(same["macro/f1"]["first"] == metrics["macro/f1"]);

  refused(tagger("compare x.csv"), "two runs are compared, not 1", 2);
  refused(tagger("compare x.csv y.csv"), "--targets is needed for x.csv", 2);
  folder.file("u.csv", "image_name,red,blue\na,0.9,0.2\n");
  refused(tagger("compare x.csv u.csv --targets t.csv"), "t.csv: has no label \"blue\", which u.csv has");
  folder.file("v.csv", "image_name,red,green\nz,0.9,0.2\n");
  refused(tagger("compare x.csv v.csv --targets t.csv"), "t.csv: has no picture \"z\", which v.csv has");
  folder.file("m.csv", "image_name,red,green\na,2,-1\nb,-3,4\nc,0.5,0\nd,-1,-2\n");
  refused(tagger("metrics --scores m.csv --targets t.csv"),
          "m.csv: line 2, column 3: \"2\" is no score of label \"red\": a number in [0, 1] is needed");
  const auto margins = tagger("metrics --scores m.csv --targets t.csv --score-kind margin --json e.json");
  BOOST_TEST(margins.status == 0, margins.error);
  const auto json = Json::parse(bytes_of(path() / "e.json"));
  BOOST_TEST(json["threshold"] == 0.0);
  BOOST_TEST(json["metrics"].contains("macro/roc_auc"));
  BOOST_TEST(!json["metrics"].contains("brier"));
  refused(tagger("metrics --scores x.csv --targets t.csv --threshold 2"),
          "--threshold needs a number, 0 to 1, as scores are probabilities", 2);
}

BOOST_FIXTURE_TEST_CASE(broken_pictures_of_a_training_set_are_listed, Fixture) {
  folder.file("img/a2.jpg", "no picture");
  fs::remove(path() / "img/b1.jpg");
  const auto trained = train("--output run --epochs 1");
  BOOST_TEST(trained.status == 0);
  const auto list = trained.error.rfind("2 pictures could not be read:\n");
  BOOST_TEST_REQUIRE(list != std::string::npos);
  BOOST_TEST(trained.error.find("  img/a2.jpg: ", list) != std::string::npos);
  BOOST_TEST(trained.error.find("  img/b1.jpg: No such file or directory\n", list) != std::string::npos);
  BOOST_TEST(fs::exists(path() / "run/report.html"));
  const auto strict = train("--output strict --epochs 1 --fail-on-broken");
  refused(strict, "img/a2.jpg: ");
  const auto evaluated = tagger("evaluate --run run --annotations b.json --images img --fail-on-broken");
  refused(evaluated, "img/b1.jpg: No such file or directory");
  BOOST_TEST(tagger("evaluate --run run --annotations b.json --images img").status == 0);
}

BOOST_FIXTURE_TEST_CASE(a_training_that_cannot_write_says_where, Fixture) {
  refused(train("--output a.json/run --epochs 1"), "a.json/run: cannot be made: Not a directory");
  refused(train("--output /proc/self/run --epochs 1"), "/proc/self/run: cannot be made: ");
  {
    const FileSizeLimit full(1 << 20);
    refused(train("--output run --epochs 1"),
            "run/checkpoints/step-000000000.safetensors: cannot be written: File too large");
  }
  BOOST_TEST(files("run") == "events.out ");
  BOOST_TEST(train("--output run --epochs 1 --resume").status == 0);
  BOOST_TEST(files("run") ==
             "best.safetensors config.json events.out events.out metrics.json model.safetensors report.html "
             "step-000000000.safetensors step-000000002.safetensors validation_scores.csv validation_targets.csv ");
  const auto model = bytes_of(path() / "run/model.safetensors");
  {
    const FileSizeLimit full(1 << 20);
    refused(train("--output run --epochs 2 --resume"), "run/model.safetensors: cannot be written: File too large");
  }
  BOOST_TEST((bytes_of(path() / "run/model.safetensors") == model));
  BOOST_TEST(files("run/checkpoints") == "best.safetensors step-000000000.safetensors step-000000002.safetensors ");
}

BOOST_FIXTURE_TEST_CASE(what_may_not_be_written_is_named, Fixture) {
  make_run();
  // Not even for the superuser.
  const auto limited = [&](const std::string& line) {
    std::vector<std::string> all;
    if (::geteuid() == 0) all = {"setpriv", "--bounding-set", "-dac_override,-dac_read_search"};
    all.push_back(TAGGER_PROGRAM);
    for (auto& word : words(line)) all.push_back(std::move(word));
    return run_program(path(), all);
  };
  const auto evaluate = "evaluate --run run --annotations b.json --images img";
  const auto train = "train --annotations a.json --validation b.json --images img" + method + " --epochs 1";
  fs::create_directories(path() / "locked/run");
  fs::permissions(path() / "locked/run", fs::perms(0555));
  fs::permissions(path() / "locked", fs::perms(0555));
  refused(limited(train + " --output locked/new"), "locked/new: cannot be made: Permission denied");
  refused(limited(train + " --output locked/run"), "locked/run/");
  BOOST_TEST(limited(train + " --output locked/run").message().ends_with(": Permission denied"));
  BOOST_TEST(fs::is_empty(path() / "locked/run"));
  const auto evaluated = limited(std::string(evaluate) + " --json locked/m.json");
  refused(evaluated, "locked/m.json: cannot be written: Permission denied");
  BOOST_TEST(evaluated.out == tagger(evaluate).out);  // the answer is not lost
  refused(limited(std::string(evaluate) + " --scores locked/s.csv"),
          "locked/s.csv: cannot be written: Permission denied");
  fs::permissions(path() / "a.json", fs::perms::none);
  refused(limited(train + " --output new"), "a.json: Permission denied");
  fs::permissions(path() / "locked", fs::perms(0755));
  BOOST_TEST(!fs::exists(path() / "new"));
}

BOOST_FIXTURE_TEST_CASE(without_epochs_the_classifier_of_the_weights_is_kept, Fixture) {
  BOOST_TEST_REQUIRE(train("--output run --epochs 1").status == 0);
  BOOST_TEST_REQUIRE(train("--output again --epochs 0 --seed 9 --weights run/model.safetensors").status == 0);
  for (const char* name : {"model.safetensors", "metrics.json"}) {
    BOOST_TEST((bytes_of(path() / "again" / name) == bytes_of(path() / "run" / name)), name);
  }
  const std::string predict = " --format json img/a0.jpg img/b3.jpg";
  BOOST_TEST(tagger("predict --run again" + predict).out == tagger("predict --run run" + predict).out);
}

BOOST_FIXTURE_TEST_CASE(a_run_of_weights_as_they_are_needs_no_full_batch_and_no_second_folder, Fixture) {
  const std::string weights = " --backbone resnet18 --size 32 --threads 1 --workers 1 --epochs 0 --output run";
  refused(tagger("train --annotations a.json --validation b.json --images imgs" + weights),
          "imgs: there is no such folder of pictures");
  BOOST_TEST(files("run").find("model.safetensors") == std::string::npos);
  BOOST_TEST(train(weights, "").status == 0);  // 8 pictures, of which a batch would need 32
  refused(train("--output run --epochs 1 --resume"),
          "run: holds a run already, without checkpoints to go on from; choose another folder", 2);
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_training_goes_on_with_resume, Fixture) {
  BOOST_TEST_REQUIRE(train("--output whole --epochs 4 --keep-checkpoints 1").status == 0);
  refused(train("--output whole --epochs 4"), "whole: holds a run already; resume it", 2);
  refused(train("--output whole --epochs 0 --resume"), "whole: holds a run already, and 0 epochs are nothing", 2);

  // Interrupted as soon as it trains, which the first checkpoint shows.
  const auto line = words("train --annotations a.json --validation b.json --images img" + method +
                          " --output run --epochs 4 --keep-checkpoints 1");
  const auto interrupted = run_tagger(path(), line, "", {}, [&](pid_t process) {
    for (int i = 0; i < 30000 && !fs::exists(path() / "run/checkpoints/step-000000000.safetensors"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ::kill(process, SIGINT);
  });
  BOOST_TEST(interrupted.status == 130);
  BOOST_TEST(interrupted.error.find("stopping after this step; once more to stop at once") != std::string::npos);
  BOOST_TEST(interrupted.message().starts_with("stopped after step "));
  BOOST_TEST(interrupted.message().ends_with("; go on with --resume"));

  refused(train("--output run --epochs 4 --keep-checkpoints 1 --resume --seed 3"), "run/checkpoints/step-0000", 2);
  const auto resumed = train("--output run --epochs 4 --keep-checkpoints 1 --resume");
  BOOST_TEST(resumed.status == 0);
  for (const char* name : {"model.safetensors", "metrics.json", "config.json"}) {
    BOOST_TEST((bytes_of(path() / "run" / name) == bytes_of(path() / "whole" / name)), name);
  }

  // The last checkpoint is damaged, and there is none before it.
  fs::resize_file(path() / "run/checkpoints/step-000000008.safetensors", 1000);
  const auto damaged = train("--output run --epochs 4 --resume");
  refused(damaged, "run/checkpoints: none of the checkpoints can be read; remove them to train from the beginning");
  BOOST_TEST(damaged.error.find("run/checkpoints/step-000000008.safetensors: ") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(stochastic_depth_goes_on_to_the_same_bits, Fixture) {
  const std::string drawn = " --drop-path 0.5 --learning-rate 0.01 ";
  BOOST_TEST_REQUIRE(train("--output whole --epochs 4" + drawn).status == 0);
  BOOST_TEST_REQUIRE(train("--output parts --epochs 2" + drawn).status == 0);
  refused(train("--output parts --epochs 4 --resume --learning-rate 0.01"), "parts/checkpoints/step-0000", 2);
  const auto other = train("--output parts --epochs 4 --resume --learning-rate 0.01 --drop-path 0.4");
  BOOST_TEST(other.message().ends_with("drop-path rate was 0.5, is 0.4"), other.message());
  BOOST_TEST_REQUIRE(train("--output parts --epochs 4 --resume" + drawn).status == 0);
  BOOST_TEST_REQUIRE(train("--output without --epochs 4 --learning-rate 0.01").status == 0);
  const auto last = [&](const char* run) {  // its tensors, after a header whose length comes first
    const std::string bytes = bytes_of(path() / run / "checkpoints/step-000000008.safetensors");
    std::uint64_t header = 0;
    std::memcpy(&header, bytes.data(), sizeof header);
    return bytes.substr(sizeof header + header);
  };
  BOOST_TEST((last("parts") == last("whole")));
  BOOST_TEST((last("without") != last("whole")));

  refused(train("--output run --drop-path 1"), "--drop-path: \"1\": needs a number, 0 to 0.999999", 2);
  refused(train("--output run --drop-path -0.1"), "--drop-path: \"-0.1\": needs a number", 2);
  const auto help = tagger("train --help").out;
  BOOST_TEST(help.find("--drop-path RATE") != std::string::npos);
  BOOST_TEST(tagger("train --preset wd-tagger --help").out.find("(default: 0.1); 0 to 0.999999") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(how_often_and_how_batches_are_mixed_is_asked_for, Fixture) {
  const auto trained = [&](const std::string& run, const std::string& more) {
    BOOST_TEST_REQUIRE(train("--output " + run + " --epochs 2 --learning-rate 0.01 " + more).status == 0);
    return bytes_of(path() / run / "model.safetensors");
  };
  const auto never = trained("never", "--mixup 0.5 --cutmix 1 --mixing-probability 0");
  BOOST_TEST((never == trained("without", "")));
  const auto always = trained("always", "--mixup 0.5 --cutmix 1");
  BOOST_TEST((never != always));
  BOOST_TEST((always != trained("all_cut", "--mixup 0.5 --cutmix 1 --cutmix-share 1")));
  BOOST_TEST((always != trained("united", "--mixup 0.5 --cutmix 1 --mixed-labels unite")));

  const auto other = train("--output all_cut --epochs 3 --learning-rate 0.01 --mixup 0.5 --cutmix 1 --resume");
  BOOST_TEST(other.status == 2);
  BOOST_TEST(other.message().ends_with("CutMix's share of them was 1.0, is 0.5"), other.message());
  refused(train("--output run --mixing-probability 1.5"), "--mixing-probability: \"1.5\": needs a number, 0 to 1", 2);
  refused(train("--output run --cutmix-share -1"), "--cutmix-share: \"-1\": needs a number, 0 to 1", 2);
  const auto help = tagger("train --help").out;
  const auto unknown = train("--output run --mixed-labels both");
  BOOST_TEST(unknown.status == 2);
  BOOST_TEST(unknown.message().find("share, unite") != std::string::npos, unknown.message());
  for (const char* option : {"--mixing-probability P", "--cutmix-share PART", "--mixed-labels NAME"}) {
    BOOST_TEST(help.find(option) != std::string::npos, option);
  }
}

BOOST_FIXTURE_TEST_CASE(a_damaged_checkpoint_is_passed_over, Fixture) {
  BOOST_TEST_REQUIRE(train("--output run --epochs 1").status == 0);
  const auto model = bytes_of(path() / "run/model.safetensors"), metrics = bytes_of(path() / "run/metrics.json");
  fs::resize_file(path() / "run/checkpoints/step-000000002.safetensors", 5000);
  const auto resumed = train("--output run --epochs 1 --resume");
  BOOST_TEST(resumed.status == 0);
  BOOST_TEST(resumed.error.find("run/checkpoints/step-000000002.safetensors: ") != std::string::npos);
  BOOST_TEST(resumed.error.find("; the checkpoint before it is used\n") != std::string::npos);
  BOOST_TEST(resumed.error.find("goes on from run/checkpoints/step-000000000.safetensors: step 0, 0 epochs done") !=
             std::string::npos);
  BOOST_TEST((bytes_of(path() / "run/model.safetensors") == model));
  BOOST_TEST((bytes_of(path() / "run/metrics.json") == metrics));
}

BOOST_FIXTURE_TEST_CASE(the_catalogue_is_what_the_program_says, Fixture) {
  const std::string page = bytes_of(fs::path(TAGGER_TEST_DATA) / "../../docs/catalogue.md");
  for (const char* command : {"backbones", "policies", "presets"}) {
    const auto outcome = tagger(command);
    BOOST_TEST(outcome.status == 0);
    BOOST_TEST(page.find("```text\n" + outcome.out + "```\n") != std::string::npos,
               "docs/catalogue.md is behind `tagger " << command << "`");
  }
}

BOOST_FIXTURE_TEST_CASE(a_preset_is_where_a_method_starts, Fixture) {
  const auto help = tagger("train --preset asl --help").out;
  BOOST_TEST(help.find("(default: tresnet_l)") != std::string::npos);
  const auto other = tagger("train --preset query2label --help").out;
  BOOST_TEST(other.find("(default: resnet101)") != std::string::npos);
  refused(train("--output run --preset alsl", ""),
          "--preset: \"alsl\": unknown name \"alsl\"; valid: nus-wide-tutorial, asl, ml-decoder", 2);
  folder.file("preset.json", R"({"preset": "linear-probe", "epochs": 0})");
  BOOST_TEST(tagger("train --config preset.json --help").out.find("tf_efficientnet_lite0); one of") !=
             std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_head_is_trained_on_kept_features, Fixture) {
  ::setenv("TAGGER_CACHE", (path() / "cache").c_str(), 1);
  const std::string probe = " --freeze-backbone --cache-features --epochs 2 --head csra:heads=2 --loss zlpr";
  const auto first = train("--output run" + probe);
  BOOST_TEST(first.status == 0, first.error);
  BOOST_TEST(first.error.find("their features are kept in " + (path() / "cache/features").string()) !=
             std::string::npos);
  BOOST_TEST(files("cache/features") == "features.bin key.json pictures.jsonl ");
  const auto size = fs::file_size(fs::directory_iterator(path() / "cache/features")->path() / "features.bin");
  BOOST_TEST(train("--output again --seed 2020" + probe).status == 0);
  BOOST_TEST(fs::file_size(fs::directory_iterator(path() / "cache/features")->path() / "features.bin") == size);
  BOOST_TEST(bytes_of(path() / "run/model.safetensors") == bytes_of(path() / "again/model.safetensors"));
  // The run tags pictures, not features: above 0, which is where ZLPR tells yes from no.
  const auto config = Json::parse(bytes_of(path() / "run/config.json"));
  BOOST_TEST(config["tagger"]["threshold"] == 0);
  BOOST_TEST(config["tagger"]["head"] == "csra:heads=2");
  BOOST_TEST(tagger("predict --run run img/b0.jpg").status == 0);

  refused(train("--output other --cache-features --epochs 1"), "features can be kept of a frozen backbone only", 2);
  refused(train("--output other --freeze-backbone --cache-features --augmentation mirror"),
          "features are kept of pictures as they are: the augmentation mirror would never be seen", 2);
  ::unsetenv("TAGGER_CACHE");
}
