#define BOOST_TEST_MODULE score_details
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <report/made_up_page.hpp>
#include <report/well_formed.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/report/page.hpp>

namespace {

namespace fs = std::filesystem;
namespace tt = boost::test_tools;

constexpr float nan_score = std::numeric_limits<float>::quiet_NaN();

/// Pictures "0", "1", ... of labels "a", "b", ..., a label predicted above 0.5.
tagger::PictureScores make_set(const std::vector<std::vector<int>>& targets,
                               const std::vector<std::vector<float>>& scores) {
  tagger::PictureScores set;
  const auto rows = std::ssize(targets), columns = std::ssize(targets.front());
  set.targets.resize(rows, columns);
  set.scores.resize(rows, columns);
  for (Eigen::Index i = 0; i < rows; ++i) {
    set.images.push_back(std::to_string(i));
    for (Eigen::Index k = 0; k < columns; ++k) {
      set.targets(i, k) = static_cast<std::int8_t>(targets[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)]);
      set.scores(i, k) = scores[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)];
    }
  }
  for (Eigen::Index k = 0; k < columns; ++k) set.labels.emplace_back(1, static_cast<char>('a' + k));
  set.predictions = (set.scores > 0.5f).cast<std::int8_t>();
  return set;
}

/// Column by column, for sets of one label.
tagger::PictureScores one_label(const std::vector<int>& targets, const std::vector<float>& scores) {
  std::vector<std::vector<int>> target_rows;
  std::vector<std::vector<float>> score_rows;
  for (const int target : targets) target_rows.push_back({target});
  for (const float score : scores) score_rows.push_back({score});
  return make_set(target_rows, score_rows);
}

std::vector<std::byte> picture_of(std::size_t i) { return {std::byte{0xFF}, static_cast<std::byte>(i)}; }

}  // namespace

BOOST_AUTO_TEST_CASE(curves_are_scikit_learns) {
  const auto golden = tagger::read_json(fs::path(TAGGER_TEST_DATA) / "report/label_curves.json");
  for (const auto& each : golden["cases"]) {
    const auto curves = label_curves(one_label(each["targets"], each["scores"]), 0);
    BOOST_TEST_CONTEXT(each["name"]) {
      BOOST_TEST_REQUIRE(curves.precision_recall.size() == each["precision_recall"].size());
      for (std::size_t i = 0; i < curves.precision_recall.size(); ++i) {
        const auto& [recall, precision] = curves.precision_recall[i];
        BOOST_TEST(recall == each["precision_recall"][i][0].get<double>(), tt::tolerance(1e-12));
        BOOST_TEST(precision == each["precision_recall"][i][1].get<double>(), tt::tolerance(1e-12));
      }
      BOOST_TEST_REQUIRE(curves.reliability.size() == each["reliability"].size());
      for (std::size_t i = 0; i < curves.reliability.size(); ++i) {
        BOOST_TEST(curves.reliability[i].mean_score == each["reliability"][i][0].get<double>(), tt::tolerance(1e-12));
        BOOST_TEST(curves.reliability[i].frequency == each["reliability"][i][1].get<double>(), tt::tolerance(1e-12));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_histogram_counts_every_known_picture) {
  const auto curves = label_curves(one_label({1, 0, 0, -1, 1, 0}, {1.0f, 0.0f, 0.05f, 0.5f, nan_score, 0.99f}), 0);
  BOOST_TEST(curves.yes[19] == 1);
  BOOST_TEST(std::accumulate(curves.yes.begin(), curves.yes.end(), 0) == 1);
  BOOST_TEST(curves.no[0] == 1);  // 0.05 as float is above 1/20
  BOOST_TEST(curves.no[1] == 1);
  BOOST_TEST(curves.no[19] == 1);
  BOOST_TEST(std::accumulate(curves.no.begin(), curves.no.end(), 0) == 3);

  auto margins = one_label({1, 0, 1}, {3.0f, -1.0f, 0.9f});
  margins.probabilities = false;
  const auto wide = label_curves(margins, 0);
  BOOST_TEST(wide.low == -1);
  BOOST_TEST(wide.high == 3);
  BOOST_TEST(wide.no[0] == 1);
  BOOST_TEST(wide.yes[9] == 1);
  BOOST_TEST(wide.yes[19] == 1);
  BOOST_TEST(wide.reliability.empty());
}

BOOST_AUTO_TEST_CASE(a_long_curve_keeps_its_ends) {
  std::vector<int> targets;
  std::vector<float> scores;
  for (int i = 0; i < 5000; ++i) {
    targets.push_back(i % 3 == 0 ? 1 : 0);
    scores.push_back(static_cast<float>(5000 - i) / 5000);
  }
  const auto curve = label_curves(one_label(targets, scores), 0).precision_recall;
  BOOST_TEST(curve.size() == tagger::LabelCurves::most_points);
  BOOST_TEST(curve.front().first == 1.0 / 1667, tt::tolerance(1e-12));
  BOOST_TEST(curve.front().second == 1);
  BOOST_TEST(curve.back().first == 1);
  BOOST_TEST(curve.back().second == 1667.0 / 4999, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(pairs_are_counted_where_both_are_known) {
  const auto set = make_set({{1, 1, 0}, {1, 1, -1}, {1, 0, 1}, {0, 1, 1}, {-1, 1, 1}},
                            {{0.9f, 0.1f, 0.9f}, {0.9f, 0.9f, 0.9f}, {0.1f, 0.9f, 0.9f}, {0, 0, 0}, {1, 1, 1}});
  const auto pairs = co_occurrence(set);
  BOOST_TEST(pairs.labels == (std::vector<std::size_t>{1, 0, 2}), tt::per_element());  // supports 4, 3, 3
  BOOST_TEST(pairs.annotated_both(0, 1) == 2);  // b and a: pictures 0 and 1 of 0 to 3
  BOOST_TEST(pairs.annotated_either(0, 1) == 4);
  BOOST_TEST(pairs.annotated_both(0, 2) == 2);  // b and c: 3 and 4 of 0, 2, 3, 4
  BOOST_TEST(pairs.annotated_either(0, 2) == 4);
  BOOST_TEST(pairs.annotated_both(1, 2) == 1);  // a and c: 2 of 0, 2, 3
  BOOST_TEST(pairs.annotated_both(1, 1) == 3);  // a alone
  BOOST_TEST(pairs.predicted_both(0, 1) == 1);  // b and a: 1 of 0 to 3
  BOOST_TEST(pairs.predicted_either(0, 1) == 3);
  BOOST_TEST(pairs.annotated(0, 1) == 0.5);
  BOOST_TEST((pairs.annotated_both == pairs.annotated_both.transpose()).all());
  BOOST_TEST((pairs.predicted_either == pairs.predicted_either.transpose()).all());

  // Two blocks of rows, against the definition.
  const auto large = made_up_scores(5000, 7);
  const auto found = co_occurrence(large, 5);
  BOOST_TEST(found.labels.size() == 5u);
  for (Eigen::Index a = 0; a < 5; ++a) {
    for (Eigen::Index b = 0; b < 5; ++b) {
      const auto x = static_cast<Eigen::Index>(found.labels[a]), y = static_cast<Eigen::Index>(found.labels[b]);
      double both = 0, either = 0;
      for (Eigen::Index i = 0; i < 5000; ++i) {
        if (large.targets(i, x) < 0 || large.targets(i, y) < 0) continue;
        both += large.predictions(i, x) == 1 && large.predictions(i, y) == 1;
        either += large.predictions(i, x) == 1 || large.predictions(i, y) == 1;
      }
      BOOST_TEST(found.predicted_both(a, b) == both);
      BOOST_TEST(found.predicted_either(a, b) == either);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_most_confident_mistakes_come_first) {
  const auto set = make_set({{0, 1}, {0, 1}, {0, -1}, {1, 0}, {1, 1}, {1, 0}},
                            {{0.6f, 0.1f}, {0.9f, 0.4f}, {0.7f, 0.0f}, {0.2f, 0.95f}, {0.8f, 0.9f}, {0.1f, nan_score}});
  const std::vector<tagger::Mistake> expected{{3, 1, 0.95f, false}, {0, 1, 0.1f, true}, {1, 0, 0.9f, false},
                                              {5, 0, 0.1f, true},  // the worst of each label
                                              {2, 0, 0.7f, false},  {3, 0, 0.2f, true}, {1, 1, 0.4f, true}};
  const auto found = confident_mistakes(set, 2);
  BOOST_TEST((found == expected));
  BOOST_TEST(confident_mistakes(set, 0).empty());
}

BOOST_AUTO_TEST_CASE(pictures_of_mistakes_are_there_once_and_within_bounds) {
  const auto set = make_set({{0, 0}, {0, 1}, {1, 1}}, {{0.9f, 0.8f}, {0.7f, 0.9f}, {0.1f, 0.2f}});
  const auto details = score_details(set, picture_of, {.mistakes_per_label = 2});
  BOOST_TEST_REQUIRE(details.mistakes.size() == 3u);  // picture 0, picture 2, picture 1
  BOOST_TEST(details.mistakes[0].name == "0");
  BOOST_TEST(details.mistakes[0].about == (std::vector<std::string>{"a", "b"}), tt::per_element());
  BOOST_TEST(details.mistakes[1].name == "2");
  BOOST_TEST_REQUIRE(details.labels[0].mistakes.size() == 3u);
  BOOST_TEST(details.labels[0].mistakes[0].picture == 0u);
  BOOST_TEST(!details.labels[0].mistakes[0].annotated);
  BOOST_TEST(details.labels[0].mistakes[1].picture == 1u);
  BOOST_TEST(details.labels[0].mistakes[1].annotated);

  BOOST_TEST(score_details(set, picture_of, {.most_pictures = 1}).mistakes.size() == 1u);
  BOOST_TEST(score_details(set, picture_of, {.picture_bytes = 5}).mistakes.size() == 2u);
  const auto unreadable =
      score_details(set, [](std::size_t i) { return i == 0 ? std::vector<std::byte>{} : picture_of(i); });
  BOOST_TEST(unreadable.mistakes.size() == 2u);
  for (const auto& each : unreadable.labels[1].mistakes) BOOST_TEST(each.picture < 2u);
}

BOOST_AUTO_TEST_CASE(parts_that_do_not_fit_are_refused) {
  auto set = make_set({{0, 1}}, {{0.9f, 0.8f}});
  set.images.push_back("one too many");
  BOOST_CHECK_EXCEPTION(score_details(set, picture_of), tagger::DataError, [](const auto& error) {
    return std::string(error.what())
               .find("targets are (1, 2), but there are names of pictures and labels for (2, 2)") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(a_page_shows_details_of_any_scores) {
  const auto render = [](const tagger::PictureScores& set) {
    tagger::Page page = made_up_page(set);
    page.gallery.clear();
    return render_page(page);
  };
  const auto few = render(make_set({{0, 1}, {-1, -1}}, {{0.9f, 0.2f}, {0.7f, nan_score}}));
  BOOST_TEST(find_fault(few) == "");
  BOOST_TEST(few.find("id=\"label-1\"") != few.npos);
  BOOST_TEST(few.find("id=\"mistake-0\"") != few.npos);
  BOOST_TEST(few.find("nan\"") == few.npos);

  auto unknown = make_set({{-1, -1}, {-1, -1}}, {{0.9f, 0.2f}, {0.7f, 0.1f}});
  BOOST_TEST(find_fault(render(unknown)) == "");
  unknown.probabilities = false;
  BOOST_TEST(find_fault(render(unknown)) == "");

  const auto many = render(made_up_scores(300, 90));
  BOOST_TEST(find_fault(many) == "");
  BOOST_TEST(many.find("<script>hacked") == many.npos);
}
