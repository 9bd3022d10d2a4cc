#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// A term of a sum of losses in words; `loss` is NAME[:FIELD=VALUE]... or a sum.
struct SumTerm {
  double weight = 1;
  std::string loss;
};

namespace detail {

inline std::string_view without_spaces(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == text.npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// The + of 1e+3 adds nothing.
inline bool in_a_number(std::string_view text, std::size_t plus) {
  if (plus < 2 || (text[plus - 1] != 'e' && text[plus - 1] != 'E')) return false;
  return text[plus - 2] == '.' || (text[plus - 2] >= '0' && text[plus - 2] <= '9');
}

inline SumTerm parse_term(std::string_view text, std::string_view whole) {
  SumTerm term;
  text = without_spaces(text);
  const auto star = text.find('*');
  if (star < text.find('(') && star < text.find(':')) {
    const auto weight = without_spaces(text.substr(0, star));
    const auto [end, error] = std::from_chars(weight.data(), weight.data() + weight.size(), term.weight);
    if (error != std::errc{} || end != weight.data() + weight.size() || !std::isfinite(term.weight) ||
        term.weight <= 0) {
      throw OptionError("\"" + std::string(whole) + "\": the weight \"" + std::string(weight) +
                        "\" is no number above 0");
    }
    text = without_spaces(text.substr(star + 1));
  }
  if (text.starts_with('(') && text.ends_with(')')) text = without_spaces(text.substr(1, text.size() - 2));
  if (text.empty()) {
    throw OptionError("\"" + std::string(whole) +
                      "\": a loss is missing; a sum of losses is written WEIGHT*LOSS+WEIGHT*LOSS");
  }
  term.loss = text;
  return term;
}

}  // namespace detail

/// Splits `[WEIGHT*]LOSS[+[WEIGHT*]LOSS]...` at its outermost plus signs, with or without spaces around them; a LOSS is
/// NAME[:FIELD=VALUE]..., or a sum in parentheses. One term of weight 1 for what is no sum.
/// \throws OptionError, naming what is wrong
inline std::vector<SumTerm> parse_sum(std::string_view text) {
  std::vector<SumTerm> terms;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size() && depth >= 0; ++i) {
    if (i == text.size() || (text[i] == '+' && depth == 0 && !detail::in_a_number(text, i))) {
      if (depth != 0) break;
      terms.push_back(detail::parse_term(text.substr(begin, i - begin), text));
      begin = i + 1;
    } else if (text[i] == '(' || text[i] == ')') {
      depth += text[i] == '(' ? 1 : -1;
    }
  }
  if (depth != 0) throw OptionError("\"" + std::string(text) + "\": parentheses do not match");
  return terms;
}

/// What parse_sum() reads.
inline std::string sum_text(const std::vector<SumTerm>& terms) {
  std::string text;
  for (const SumTerm& term : terms) {
    if (!text.empty()) text += '+';
    if (term.weight == 1) {
      text += term.loss;
    } else {
      const auto inner = parse_sum(term.loss);
      const bool is_sum = inner.size() > 1 || inner.front().weight != 1;
      text += detail::number_text(term.weight) + '*' + (is_sum ? '(' + term.loss + ')' : term.loss);
    }
  }
  return text;
}

}  // namespace tagger
