// Annotations as people have them: each format against other people's readers, what is dropped, and what is refused.
#define BOOST_TEST_MODULE import
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <tagger/file.hpp>
#include <tagger/import/any_format.hpp>
#include <tagger/json.hpp>

#include "data/temporary_folder.hpp"

namespace {

using namespace tagger;
namespace fs = std::filesystem;
using Counts = std::map<std::string, std::int64_t>;

const fs::path golden = fs::path(TAGGER_TEST_DATA) / "import";

/// picture -> label -> yes, no or unknown
using Table = std::map<std::string, std::map<std::string, int>>;

Table table_of(const Annotations& annotations) {
  Table table;
  for (std::size_t i = 0; i < annotations.size(); ++i) {
    auto& row = table[annotations.samples()[i].image_name];
    for (std::size_t k = 0; k < annotations.labels().size(); ++k) {
      row[annotations.labels()[k]] = static_cast<int>(annotations.label(i, k));
    }
  }
  return table;
}

Counts counts_of(const ImportNotes& notes) {
  Counts counts;
  for (const auto& kind : notes.kinds()) counts[kind.name] = kind.count;
  return counts;
}

std::string text_of_notes(const ImportNotes& notes) {
  std::ostringstream text;
  text << notes;
  return text.str();
}

/// Every form of a format that the golden file has: the same pictures, labels and values.
void equals_golden(const std::string& name, const fs::path& input) {
  const auto bytes = read_file(golden / (name + ".json"));
  const auto forms = Json::parse(bytes.begin(), bytes.end());
  for (const auto& [form, expected] : forms.items()) {
    BOOST_TEST_CONTEXT(form) {
      std::string text = form;
      if (const auto at = text.find("class-"); at != text.npos) text.insert(at, (golden / "").string());
      const Table read = table_of(AnyImportFormat::named(text).read(golden / input).annotations);
      BOOST_TEST(read.size() == expected.size());
      for (const auto& [picture, row] : expected.items()) {
        BOOST_TEST_REQUIRE(read.contains(picture), picture);
        BOOST_TEST(read.at(picture).size() == row.size());
        for (const auto& [label, value] : row.items()) {
          BOOST_TEST_REQUIRE(read.at(picture).contains(label), picture << ": " << label);
          BOOST_TEST(read.at(picture).at(label) == value.get<int>(), picture << ": " << label);
        }
      }
    }
  }
}

Imported read_as(const std::string& format, const fs::path& input) {
  return AnyImportFormat::named(format).read(input);
}

// [format]
/// A line a picture: its name, then its labels, with blanks between.
struct LinesFormat {
  static constexpr std::string_view name = "lines";
  static constexpr std::string_view input = "a text file with a picture and its labels a line";

  tagger::Imported read(const std::filesystem::path& path) const {
    std::ifstream file(path);
    if (!file) throw tagger::FileError(path, "", "cannot be read");
    tagger::AnnotationsBuilder builder;
    int number = 0;
    for (std::string line, image, label; std::getline(file, line);) {
      ++number;
      std::istringstream words(line);
      if (!(words >> image)) continue;
      const auto picture = builder.picture(image, [&] { return "line " + std::to_string(number); });
      while (picture && words >> label) builder.mark(picture->index, builder.label(label), tagger::Label::yes);
    }
    return builder.finish(path, tagger::AnnotationsBuilder::Order::alphabet);
  }
};
static_assert(tagger::ImportFormat<LinesFormat>);
// [format]

/// \param message  what follows the name of the file or folder
template <class E = DataError>
void refused(const std::string& format, const fs::path& input, const std::string& message) {
  BOOST_CHECK_EXCEPTION(read_as(format, input), E, [&](const E& error) {
    const bool same = error.what() == input.string() + message;
    if (!same) BOOST_TEST_MESSAGE(error.what());
    return same;
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE(other_readers_read_the_same) {
  equals_golden("keywords", "keywords");
  equals_golden("coco", "instances.json");
  equals_golden("voc", "VOC2012");
  equals_golden("nus_wide", "nus_wide");
  equals_golden("open_images", "human-imagelabels.csv");
}

BOOST_AUTO_TEST_CASE(what_is_dropped_or_doubtful_is_noted) {
  const auto nus_wide = read_as("nus_wide:part=train", golden / "nus_wide");
  BOOST_TEST(text_of_notes(nus_wide.notes) ==
             "photos listed again, joined with their first listing: 1\n"
             "  ImageList/TrainImagelist.txt, line 4: \"zoo/0902_99.jpg\", first in line 3 as \"zoo/0900_99.jpg\"\n"
             "values that are neither 0 nor 1, taken as unknown: 1\n"
             "  Groundtruth/TrainTestLabels/Labels_lake_Train.txt, line 4: \"-1130179\"\n");
  BOOST_TEST(nus_wide.annotations.labels()[1] == "lake");  // in the order of the list of concepts
  BOOST_TEST(text_of_notes(read_as("nus_wide", golden / "nus_wide").notes) ==
             "photos listed again, joined with their first listing: 2\n"
             "  ImageList/Imagelist.txt, line 5: \"zoo/0901_702409954.jpg\", first in line 3 as "
             "\"albatross/0003_702409954.jpg\"\n"
             "  ImageList/Imagelist.txt, line 6: \"zoo/0902_99.jpg\", first in line 4 as \"zoo/0900_99.jpg\"\n"
             "labels that a picture both has and has not, taken as unknown: 2\n"
             "  \"albatross/0003_702409954.jpg\": \"airport\"\n"
             "  \"albatross/0003_702409954.jpg\": \"lake\"\n");
  BOOST_CHECK((counts_of(read_as("coco:crowd=unknown", golden / "instances.json").notes) ==
               Counts{{"annotations with iscrowd, taken as unknown where no other says yes", 2},
                      {"annotations with ignore, taken as unknown where no other says yes", 1}}));
  BOOST_CHECK((counts_of(read_as("voc:difficult=drop", golden / "VOC2012").notes) ==
               Counts{{"difficult objects, dropped", 4}}));
  BOOST_CHECK((counts_of(read_as("open_images", golden / "human-imagelabels.csv").notes) ==
               Counts{{"confidences that are neither 0 nor 1, taken as unknown", 1},
                      {"labels that a picture both has and has not, taken as unknown", 1}}));
  BOOST_CHECK((counts_of(read_as("keywords", golden / "keywords").notes) ==
               Counts{{"pictures without keywords, dropped", 1}, {"sidecars without a picture, dropped", 1}}));
}

BOOST_AUTO_TEST_CASE(a_million_notes_are_counted_and_five_kept) {
  ImportNotes notes;
  int asked = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    notes.add("lines", [&] { return Problem{"line " + std::to_string(++asked), ""}; });
  }
  BOOST_TEST(asked == 5);
  BOOST_TEST(text_of_notes(notes) ==
             "lines: 1000000\n  line 1\n  line 2\n  line 3\n  line 4\n  line 5\n  ... and 999995 more\n");
}

BOOST_AUTO_TEST_CASE(coco_and_its_kin) {
  const TemporaryFolder folder;
  // LVIS: addresses instead of names, and what a picture has not.
  const auto lvis = read_as("coco", folder.file("lvis.json", R"({"annotations": [
      {"id": 1, "image_id": 397133, "category_id": 2, "bbox": [1, 2, 3, 4], "segmentation": [[1.5, 2]]}],
    "images": [{"id": 397133, "coco_url": "http://images.cocodataset.org/val2017/000000397133.jpg", "height": 3,
                "neg_category_ids": [3, 5], "not_exhaustive_category_ids": [2]}],
    "categories": [{"id": 5, "name": "banana", "synonyms": ["banana"], "synset": "banana.n.02"},
                   {"id": 2, "name": "baboon"}, {"id": 3, "name": "ball"}, {"id": 4, "name": "bat"}]})"));
  const Table expected{{"val2017/000000397133.jpg", {{"banana", 0}, {"baboon", 1}, {"ball", 0}, {"bat", -1}}}};
  BOOST_CHECK(table_of(lvis.annotations) == expected);
  BOOST_TEST(lvis.annotations.labels()[0] == "banana");

  const auto odd = read_as("coco", folder.file("odd.json", R"({"categories": [{"id": 1, "name": "a"},
      {"id": 2, "name": "a"}], "images": [{"id": 7, "file_name": "x.jpg"}, {"id": 8, "file_name": "x.jpg"},
      {"id": 9, "file_name": "../y.jpg"}], "annotations": [{"image_id": 8, "category_id": 2},
      {"image_id": 1, "category_id": 2}, {"image_id": 7, "category_id": 5}, {"image_id": 9, "category_id": 1}]})"));
  BOOST_CHECK((table_of(odd.annotations) == Table{{"x.jpg", {{"a", 1}}}}));
  BOOST_TEST(text_of_notes(odd.notes) ==
             "categories of the same name, joined: 1\n  categories[1]: \"a\"\n"
             "pictures listed again, joined: 1\n  images[1]: \"x.jpg\"\n"
             "pictures whose name cannot be used, dropped: 1\n"
             "  images[2].file_name: \"../y.jpg\" leaves the folder of pictures by \"..\"\n"
             "annotations of pictures that are not listed, dropped: 1\n  annotations[1]: image_id 1\n"
             "annotations of categories that are not listed, dropped: 1\n  annotations[2]: category_id 5\n");

  const auto bad = [&](std::string_view text, const std::string& message) {
    refused("coco", folder.file("bad.json", text), message);
  };
  bad("",
      ": line 1, column 1 (byte 0): syntax error while parsing value - unexpected end of input; expected '[', '{', "
      "or a literal (the file is empty)");
  bad(R"({"images": [], "categories": [], "annotations": [{"id)",
      ": line 1, column 54 (byte 53): syntax error while parsing object key - invalid string: missing closing quote "
      "(the file is cut off)");
  bad(R"({"images": [], "annotations": []})", ": categories: is missing; the file must have a list of this name");
  bad(R"({"images": {"id": 1}, "categories": [], "annotations": []})",
      ": images: is missing; the file must have a list of this name");
  bad(R"([{"images": []}])", ": images: is missing; the file must have a list of this name");
  bad(R"({"images": [{"file_name": "a"}]})", ": images[0].id: is missing, or no whole number");
  bad(R"({"images": [{"id": "7", "file_name": "a"}]})", ": images[0].id: is missing, or no whole number");
  bad(R"({"images": [{"id": 1e300, "file_name": "a"}]})", ": images[0].id: is missing, or no whole number");
  bad(R"({"images": [{"id": 1, "file_name": "a"}, {"id": 2}]})", ": images[1].file_name: is missing, or no text");
  bad(R"({"annotations": [{"image_id": 1, "caption": "a dog"}]})",
      ": annotations[0].category_id: is missing, or no whole number");
  bad(R"({"images": [{"id": 1, "file_name": "a"}, {"id": 1, "file_name": "b"}], "annotations": [], "categories": []})",
      ": images[1].id: 1 is there twice");
  bad(R"({"images": [], "annotations": [], "categories": [{"id": 3, "name": "a"}]})",
      ": samples: is empty; at least one picture is needed");
}

BOOST_AUTO_TEST_CASE(voc_and_its_kin) {
  const TemporaryFolder folder;
  folder.file("n01/n01_1.xml",
              "<annotation><filename>n01_1</filename><object><name> dog </name></object></annotation>");
  folder.file("n01/n01_2.xml", "<annotation><object><name>cat</name></object><object><name/></object></annotation>");
  folder.file("cut.xml", "<annotation><filename>cut.jpg</filename><object><name>do");
  folder.file("other.xml", "<annotations/>");
  folder.file("readme.txt", "");
  const auto imagenet = read_as("voc:extension=.JPEG", folder.path());
  const Table expected{{"n01/n01_1.JPEG", {{"cat", 0}, {"dog", 1}}}, {"n01/n01_2.JPEG", {{"cat", 1}, {"dog", 0}}}};
  BOOST_CHECK(table_of(imagenet.annotations) == expected);
  BOOST_TEST(text_of_notes(imagenet.notes) ==
             "files that are no VOC annotations, dropped: 2\n"
             "  cut.xml, byte 55: Start-end tags mismatch\n  other.xml: has no <annotation>\n"
             "files without <filename>, taken for that of the picture of the same name: 1\n  n01/n01_2.xml\n"
             "objects without a name, dropped: 1\n  n01/n01_2.xml\n");
  refused<FileError>("voc:list=none", folder.path(), "/ImageSets/Main/none.txt: No such file or directory");
  refused<FileError>("voc", folder.path() / "none", ": is no folder");
  fs::create_directory(folder.path() / "empty");
  refused("voc", folder.path() / "empty", ": has no VOC annotations (XML files, in Annotations or at the top)");
}

BOOST_AUTO_TEST_CASE(nus_wide_with_lists_that_do_not_fit) {
  const TemporaryFolder folder;
  const auto root = folder.path();
  refused<FileError>("nus_wide", root, "/ImageList/Imagelist.txt: No such file or directory");
  folder.file("ImageList/Imagelist.txt", "a\\1_1.jpg\nb\\2_2.jpg\n");
  refused<FileError>("nus_wide", root, "/ConceptsList/Concepts81.txt: No such file or directory");
  folder.file("ConceptsList/Concepts81.txt", "sky\n");
  refused<FileError>("nus_wide", root, "/Groundtruth/AllLabels/Labels_sky.txt: No such file or directory");
  folder.file("Groundtruth/AllLabels/Labels_sky.txt", "1\n");
  refused("nus_wide", root, "/Groundtruth/AllLabels/Labels_sky.txt: has 1 lines, ImageList/Imagelist.txt has 2");
  folder.file("Groundtruth/AllLabels/Labels_sky.txt", "1\n0");
  BOOST_TEST(read_as("nus_wide", root).annotations.size() == 2U);
}

BOOST_AUTO_TEST_CASE(tables) {
  const TemporaryFolder folder;
  const auto csv = [&](const std::string& format, std::string_view text) {
    return table_of(read_as("csv" + format, folder.file("a.csv", text)).annotations);
  };
  const Table multi_hot{{"a.jpg", {{"sea, deep", 1}, {"sky", 0}}}, {"b.jpg", {{"sea, deep", -1}, {"sky", -1}}}};
  BOOST_CHECK(csv("", "image_name,\"sea, deep\",sky\r\na.jpg,1,0.0\r\nb.jpg,-1,\r\n") == multi_hot);
  BOOST_CHECK((csv(":empty=no:separator=tab", "file\tx\ty\na.jpg\t\t1\n") == Table{{"a.jpg", {{"x", 0}, {"y", 1}}}}));
  // CheXpert: columns that are no labels, uncertain and missing values.
  BOOST_CHECK(
      (csv(":ignore=Sex, Age", "Path,Sex,Age,Edema,Fracture\np/1.jpg,Female,68,-1.0,\np/2.jpg,Male,7,1.0,0.0\n") ==
       Table{{"p/1.jpg", {{"Edema", -1}, {"Fracture", -1}}}, {"p/2.jpg", {{"Edema", 1}, {"Fracture", 0}}}}));
  // Kaggle's forest, and ChestX-ray14.
  BOOST_CHECK((csv(":labels=tags:between=space:suffix=.jpg", "image_name,tags\ntrain_0,haze primary\ntrain_1,\n") ==
               Table{{"train_0.jpg", {{"haze", 1}, {"primary", 1}}}, {"train_1.jpg", {{"haze", 0}, {"primary", 0}}}}));
  BOOST_CHECK((csv(":labels=Finding Labels:between=pipe:image=Image Index",
                   "Follow-up #,Finding Labels,Image Index\n0,Mass|Nodule,1.png\n1,Nodule,2.png\n") ==
               Table{{"1.png", {{"Mass", 1}, {"Nodule", 1}}}, {"2.png", {{"Mass", 0}, {"Nodule", 1}}}}));
  // A line a picture and label; names with blanks around them.
  const auto longer =
      read_as("csv:labels=label", folder.file("a.csv", "picture,label\na,dog\nb,\"cat,  dog ,\"\na,cat\n"));
  BOOST_CHECK(
      (table_of(longer.annotations) == Table{{"a", {{"cat", 1}, {"dog", 1}}}, {"b", {{"cat", 1}, {"dog", 1}}}}));
  BOOST_TEST(text_of_notes(longer.notes) == "further lines of a picture, joined: 1\n  line 4: \"a\"\n");
  // Lines that contradict each other; a certain one beats one that is not.
  const auto twice = read_as("csv", folder.file("a.csv", "f,x,y,z\na,1,1,0\na,0,-1,\n/etc/b,1,1,1\n"));
  BOOST_CHECK((table_of(twice.annotations) == Table{{"a", {{"x", -1}, {"y", 1}, {"z", 0}}}}));
  BOOST_TEST(text_of_notes(twice.notes) ==
             "further lines of a picture, joined: 1\n  line 3: \"a\"\n"
             "pictures whose name cannot be used, dropped: 1\n"
             "  line 4: \"/etc/b\" is an absolute path; give it relative to the folder of pictures\n"
             "labels that a picture both has and has not, taken as unknown: 1\n  \"a\": \"x\"\n");

  const auto bad = [&](const std::string& format, std::string_view text, const std::string& message) {
    refused("csv" + format, folder.file("bad.csv", text), message);
  };
  bad("", "", ": is empty; a header line is needed");
  bad("", "f,x\n", ": has no line of a picture that can be used");
  bad("", "f,x\na,2\n",
      ": line 2, column 3: \"2\" is no value of label \"x\": 1 (yes), 0 (no), -1 (unknown) or nothing is needed. "
      "Columns that are no labels can be ignored");
  bad("", "f,x,y\na,1\n", ": line 2, column 3: the line has only 2 values, the header has 3");
  bad("", "f,x\na,1,1\n", ": line 2, column 3: the line has more values, the header has 2");
  bad("", "f,x,x\n", ": line 1, column 5: column \"x\" is there twice");
  bad("", "f,\na,1\n", ": line 1: column 2 has no title");
  bad("", "f\na\n", ": labels: is empty; at least one label is needed");
  bad("", "f,x\na,\"1\n", ": line 2, column 3: a quote that is never closed; the file may be cut off");
  bad(":image=name", "names,x\na,1\n", ": line 1: unknown column \"name\"; valid: names, x; did you mean \"names\"?");
  bad(":labels=y", "f,x\na,1\n", ": line 1: unknown column \"y\"; valid: f, x");
}

BOOST_AUTO_TEST_CASE(folders_of_pictures) {
  const TemporaryFolder folder;
  for (const char* name : {"p/dog/a.jpg", "p/animal/cat/b.JPEG", "p/animal/c.webp", "p/animal/notes.txt", "p/top.png",
                           "p/dog/._a.jpg", "p/.cache/b.jpg"}) {
    folder.file(name, "");
  }
  const auto root = folder.path() / "p";
  const auto read = read_as("folders", root);
  const Table expected{{"dog/a.jpg", {{"animal", 0}, {"animal/cat", 0}, {"dog", 1}}},
                       {"animal/c.webp", {{"animal", 1}, {"animal/cat", 0}, {"dog", 0}}},
                       {"animal/cat/b.JPEG", {{"animal", 0}, {"animal/cat", 1}, {"dog", 0}}}};
  BOOST_CHECK(table_of(read.annotations) == expected);
  BOOST_TEST(text_of_notes(read.notes) ==
             "hidden files and folders, dropped: 2\n  .cache\n  dog/._a.jpg\n"
             "files that are not called jpg, jpeg, png or webp, dropped: 1\n  animal/notes.txt\n"
             "pictures in no folder, dropped: 1\n  top.png\n");
  const Table all = table_of(read_as("folders:levels=all:others=unknown", root).annotations);
  BOOST_CHECK((all.at("animal/cat/b.JPEG") == std::map<std::string, int>{{"animal", 1}, {"cat", 1}, {"dog", -1}}));
  BOOST_CHECK(
      (read_as("folders:levels=leaf", root).annotations.labels() == std::vector<std::string>{"animal", "cat", "dog"}));
  refused("folders", root / "dog", ": has no folder with a picture (jpg, jpeg, png, webp) in it");
  refused<FileError>("folders", root / "top.png", ": is no folder");
}

BOOST_AUTO_TEST_CASE(open_images_that_cannot_be_read) {
  const TemporaryFolder folder;
  const auto bad = [&](std::string_view text, const std::string& message) {
    refused("open_images", folder.file("bad.csv", text), message);
  };
  bad("", ": line 1: needs one column ImageID");
  bad("ImageID,LabelName\n1,/m/1\n", ": line 1: needs one column Confidence");
  bad("ImageID,LabelName,Confidence\n", ": has no line of a picture that can be used");
  bad("ImageID,LabelName,Confidence\n1,/m/1\n", ": line 2, column 3: the line has not the 3 values of the header");
  const auto good = folder.file("good.csv", "Confidence,ImageID,LabelName\n1,a,/m/1\n");
  BOOST_CHECK((table_of(read_as("open_images", good).annotations) == Table{{"a.jpg", {{"/m/1", 1}}}}));
  BOOST_CHECK_THROW(read_as("open_images:file_name=x.jpg", good), OptionError);
  const auto descriptions = folder.file("d.csv", "/m/1\n");
  BOOST_CHECK_EXCEPTION(
      read_as("open_images:descriptions=" + descriptions.string(), good), DataError, [&](auto& error) {
        return error.what() == descriptions.string() + ": line 1, column 1: the line has no description";
      });
}

BOOST_AUTO_TEST_CASE(formats_are_chosen_by_name) {
  BOOST_TEST(AnyImportFormat::named("coco:crowd=drop:ignore=unknown").chosen() == "coco:crowd=drop");
  const auto says = [](std::string_view text, const std::string& message) {
    BOOST_CHECK_EXCEPTION(AnyImportFormat::named(text), OptionError,
                          [&](const OptionError& error) { return error.what() == message; });
  };
  says("cocco",
       "unknown format \"cocco\"; valid: csv, folders, keywords, coco, voc, nus_wide, open_images; did you mean "
       "\"coco\"?");
  const TemporaryFolder folder;
  const auto own = AnyImportFormat::named<std::tuple<VocFormat, LinesFormat>>("lines").read(
      folder.file("l.txt", "a.jpg sky\n\n../b.jpg sea\nc.jpg sun sky\n"));
  BOOST_CHECK(
      (table_of(own.annotations) == Table{{"a.jpg", {{"sky", 1}, {"sun", 0}}}, {"c.jpg", {{"sky", 1}, {"sun", 1}}}}));
  BOOST_CHECK((counts_of(own.notes) == Counts{{"pictures whose name cannot be used, dropped", 1}}));
  says("coco:crowd=no", "coco:crowd=no: unknown value \"no\"; valid: yes, unknown, drop");
}
