#pragma once

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <tagger/error.hpp>
#include <tagger/lower_case.hpp>

namespace tagger {

/// A vector for each label, and what it is not made of.
struct LabelVectors {
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> values;  ///< (K, size)
  std::vector<std::string> unknown_words;  ///< words of the labels that the file does not have
};

namespace detail {

/// "Traffic-light_3" has the words Traffic, light and 3; letters beyond ASCII belong to words.
inline std::vector<std::string> words_of(std::string_view label) {
  std::vector<std::string> words(1);
  for (const char c : label) {
    if (std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// Reads the vectors of some words from a text file of GloVe's: a line a word, the word and its numbers between spaces.
/// A word may hold spaces itself. The first of several lines for a word counts.
/// \param wanted  the words, as keys; those that the file has get their vector
/// \throws FileError; DataError naming the line
inline void read_word_vectors(const std::filesystem::path& path, std::int64_t size,
                              std::map<std::string, Eigen::VectorXf, std::less<>>& wanted) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw FileError(path, "", std::generic_category().message(errno));
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const auto fail = [&](const std::string& what) { throw DataError(path, "line " + std::to_string(number), what); };
    std::string_view text = line;
    while (text.ends_with('\r') || text.ends_with(' ')) text.remove_suffix(1);
    const auto found = std::count(text.begin(), text.end(), ' ');
    if (found < size || (number == 1 && found != size)) {
      fail(std::to_string(found) + " numbers after the word, where vector_size is " + std::to_string(size));
    }
    std::size_t end = text.size();
    for (std::int64_t i = 0; i < size; ++i) end = text.rfind(' ', end - 1);
    const auto word = wanted.find(text.substr(0, end));
    if (word == wanted.end() || word->second.size() > 0) continue;
    Eigen::VectorXf vector(size);
    const char* next = text.data() + end;
    for (float& value : vector) {
      const auto [after, error] = std::from_chars(next + 1, text.data() + text.size(), value);
      if (error != std::errc{} || !std::isfinite(value) || (after != text.data() + text.size() && *after != ' ')) {
        fail("\"" + std::string(next + 1, std::find(next + 1, text.data() + text.size(), ' ')) + "\" is no number");
      }
      next = after;
    }
    word->second = std::move(vector);
  }
  if (in.bad()) throw FileError(path, "", "cannot be read to its end");
}

}  // namespace detail

/// The mean vector of the words of each label, from a text file of GloVe's (Pennington, Socher and Manning, EMNLP 2014:
/// `glove.6B.300d.txt`). A word that the file does not have is looked up in lower case, then left out of the mean.
/// \param size  numbers in a vector
/// \throws FileError; DataError naming the line that is broken, or the labels of which the file has no word at all
inline LabelVectors label_vectors(const std::vector<std::string>& labels, const std::filesystem::path& path,
                                  std::int64_t size) {
  std::map<std::string, Eigen::VectorXf, std::less<>> vectors;
  for (const auto& label : labels) {
    for (const auto& word : detail::words_of(label)) {
      vectors[word];
      vectors[detail::lower_case(word)];
    }
  }
  detail::read_word_vectors(path, size, vectors);

  LabelVectors result;
  result.values.setZero(std::ssize(labels), size);
  std::string without;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    auto row = result.values.row(static_cast<Eigen::Index>(i));
    int count = 0;
    for (const auto& word : detail::words_of(labels[i])) {
      const auto& exact = vectors[word];
      const auto& vector = exact.size() > 0 ? exact : vectors[detail::lower_case(word)];
      if (vector.size() > 0) {
        row += vector;
        ++count;
      } else if (std::ranges::find(result.unknown_words, word) == result.unknown_words.end()) {
        result.unknown_words.push_back(word);
      }
    }
    if (count > 0) row /= static_cast<float>(count);
    if (count == 0) without += (without.empty() ? "\"" : ", \"") + labels[i] + "\"";
  }
  if (!without.empty()) {
    throw DataError(path, "",
                    "has no word of the labels " + without +
                        "; add lines for them, rename them, or leave vectors out to have them learned");
  }
  return result;
}

}  // namespace tagger
