#define BOOST_TEST_MODULE prior
#include <boost/test/unit_test.hpp>

#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/metrics/prior.hpp>

using tagger::LabelMatrix;

BOOST_AUTO_TEST_CASE(guesses_the_most_frequent_labels) {
  LabelMatrix train(4, 3);
  train << 1, 0, 0,  //
      1, 0, 0,       //
      1, 1, 0,       //
      0, 0, 1;
  LabelMatrix test(2, 3);
  test << 1, 0, 0,  //
      0, 1, 0;
  const auto scores = tagger::prior_f1<tagger::Micro, tagger::Macro, tagger::Samples>(train, test);
  BOOST_REQUIRE(scores.size() == 3u);
  // Micro on train: one label 3 of 4 + 5 pairs, F1 6/9; two labels 8/13, three 10/17. One on test: tp 1, fp 1, fn 1.
  BOOST_TEST(scores[0].first == "micro/f1");
  BOOST_TEST(scores[0].second == 0.5, boost::test_tools::tolerance(1e-12));
  // Macro: the more labels the better. On test each of the first two has tp 1, fp 1, the third fp 2.
  BOOST_TEST(scores[1].first == "macro/f1");
  BOOST_TEST(scores[1].second == (2. / 3 + 2. / 3 + 0) / 3, boost::test_tools::tolerance(1e-12));
  // Samples on train: one label (1 + 1 + 2/3 + 0) / 4, which is best. On test: 1 and 0.
  BOOST_TEST(scores[2].first == "samples/f1");
  BOOST_TEST(scores[2].second == 0.5, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(unknown_is_neither) {
  LabelMatrix train(3, 2);
  train << -1, 1,  //
      -1, 0,       //
      1, 0;
  // The first label is yes wherever it is known, the second in one of three.
  BOOST_TEST((tagger::detail::labels_by_frequency(train) == std::vector<Eigen::Index>{0, 1}));
  const auto scores = tagger::prior_f1<tagger::Micro>(train, train);
  BOOST_TEST(scores[0].second == 2. * 2 / (2 * 2 + 2), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(labels_must_be_the_same) {
  BOOST_CHECK_THROW(tagger::prior_f1<tagger::Micro>(LabelMatrix::Zero(2, 3), LabelMatrix::Zero(2, 4)),
                    tagger::DataError);
}
