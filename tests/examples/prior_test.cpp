#define BOOST_TEST_MODULE prior
#include <boost/test/unit_test.hpp>

#include <vector>

#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/metrics/evaluate.hpp>
#include <tagger/metrics/prior.hpp>

using tagger::LabelMatrix;

BOOST_AUTO_TEST_CASE(counts_frequencies_where_labels_are_known) {
  LabelMatrix targets(4, 3);
  targets << -1, 1, -1,  //
      -1, 0, -1,         //
      1, 0, -1,          //
      1, 0, -1;
  BOOST_TEST((tagger::label_frequencies(targets) == std::vector<double>{1, 0.25, 0}));
}

BOOST_AUTO_TEST_CASE(guesses_as_many_as_pay) {
  // 1 label: 2 * .5 / (1 + 1.1) = .476; 2 labels: 2 * .9 / (2 + 1.1) = .581; 3 labels: 2 * 1.1 / (3 + 1.1) = .537
  BOOST_TEST((tagger::prior_guess({0.2, 0.5, 0.4}) == std::vector<std::size_t>{1, 2}));
  BOOST_TEST((tagger::prior_guess({0.5, 0.5}) == std::vector<std::size_t>{0, 1}));
  BOOST_TEST(tagger::prior_guess({0, 0}).empty());
  BOOST_TEST(tagger::prior_guess({}).empty());
}

BOOST_AUTO_TEST_CASE(scores_the_guess) {
  LabelMatrix targets(2, 3);
  targets << 0, 1, 0,  //
      1, 0, 1;
  const auto confusion = tagger::prior_confusion({0.2, 0.5, 0.4}, targets);
  const auto evaluation = tagger::evaluate<tagger::Micro, tagger::Macro, tagger::Samples>(confusion, {"a", "b", "c"});
  const auto close = boost::test_tools::tolerance(1e-12);
  BOOST_TEST(evaluation.at("micro/f1") == 2. * 2 / (2 * 2 + 2 + 1), close);
  BOOST_TEST(evaluation.at("macro/f1") == (0 + 2. / 3 + 2. / 3) / 3, close);
  BOOST_TEST(evaluation.at("samples/f1") == (2. / 3 + 1. / 2) / 2, close);
  BOOST_CHECK_THROW(tagger::prior_confusion({0.5}, targets), tagger::DataError);
}
