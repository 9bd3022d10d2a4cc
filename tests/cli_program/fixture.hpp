#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include "support.hpp"

inline const std::string method = " --backbone resnet18 --size 32 --batch-size 4 --threads 1 --workers 1";

/// A folder with a.json (8 pictures) and b.json (4) of the labels red, green and blue, and the pictures in img/.
struct Fixture {
  Fixture() {
    std::filesystem::create_directories(path() / "img");
    write_set("a.json", "a", 8);
    write_set("b.json", "b", 4);
  }

  const std::filesystem::path& path() const { return folder.path(); }

  void write_set(const std::string& name, const std::string& prefix, int count, int width = 40, int height = 30) {
    const std::array<std::string, 3> labels{"red", "green", "blue"};
    nlohmann::ordered_json samples = nlohmann::ordered_json::array();
    for (int i = 0; i < count; ++i) {
      nlohmann::ordered_json sample{{"image_name", prefix + std::to_string(i) + ".jpg"},
                                    {"image_labels", nlohmann::ordered_json::array()}};
      tagger::Picture picture(width, height);
      for (std::size_t c = 0; c < 3; ++c) {
        const bool bright = ((i * 5 + 3) >> c & 1) != 0;
        if (bright) sample["image_labels"].push_back(labels[c]);
        for (std::size_t p = c; p < picture.rgb.size(); p += 3) picture.rgb[p] = bright ? 200 : 20;
      }
      const auto file = tagger::encode_jpeg(picture);
      folder.file("img/" + std::string(sample["image_name"]),
                  {reinterpret_cast<const char*>(file.data()), file.size()});
      samples.push_back(sample);
    }
    folder.file(name, nlohmann::ordered_json{{"samples", samples}, {"labels", labels}}.dump());
  }

  Outcome tagger(const std::string& line) const { return run_tagger(path(), words(line)); }
  Outcome train(const std::string& more, const std::string& with = method) const {
    return tagger("train --annotations a.json --validation b.json --images img" + with + " " + more);
  }
  /// A run of weights that were never trained, in `run`.
  void make_run() const { BOOST_TEST_REQUIRE(train("--output run --epochs 0").status == 0); }

  /// The command ends with `status`, and the last line that it says is `tagger: ` and `message`, or begins so.
  void refused(const Outcome& outcome, const std::string& message, int status = 1) const {
    BOOST_TEST(outcome.status == status, message << ": status " << outcome.status);
    BOOST_TEST(outcome.message().substr(0, 8 + message.size()) == "tagger: " + message);
  }
  /// All that a person sees in the folder `name`, sorted.
  std::string files(const std::filesystem::path& name) const {
    std::vector<std::string> all;
    std::error_code missing;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path() / name, missing)) {
      const std::string each = entry.path().filename();
      if (entry.is_regular_file() && !each.starts_with('.')) all.push_back(each);
    }
    std::sort(all.begin(), all.end());
    std::string text;
    for (const auto& each : all) text += each.substr(0, each.find(".tfevents")) + ' ';
    return text;
  }

  TemporaryFolder folder;
};
