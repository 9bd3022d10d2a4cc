#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/data/problem.hpp>
#include <tagger/report/text_width.hpp>

namespace tagger {

/// What a reader has dropped, or taken with a doubt: how often each kind of it, and the first few of each. A file may
/// have a million of a kind.
class ImportNotes {
 public:
  static constexpr std::size_t shown = 5;

  struct Kind {
    std::string name;
    std::int64_t count = 0;
    std::vector<Problem> first;  ///< at most `shown`
  };

  /// \param kind      what it is and what became of it: "labels of pictures that are not listed, dropped"
  /// \param describe  () -> Problem; asked only as long as it is shown
  void add(std::string_view kind, auto&& describe) {
    auto found = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& each) { return each.name == kind; });
    if (found == kinds_.end()) found = kinds_.insert(kinds_.end(), Kind{.name = std::string(kind), .first = {}});
    ++found->count;
    if (found->first.size() < shown) found->first.push_back(describe());
  }

  /// In the order in which each was first met.
  const std::vector<Kind>& kinds() const { return kinds_; }

  /// How often `kind` was met.
  std::int64_t count(std::string_view kind) const {
    const auto found = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& each) { return each.name == kind; });
    return found == kinds_.end() ? 0 : found->count;
  }

  friend std::ostream& operator<<(std::ostream& out, const ImportNotes& notes) {
    for (const Kind& kind : notes.kinds_) {
      out << kind.name << ": " << kind.count << '\n';
      for (const Problem& problem : kind.first) {
        out << "  " << printable(problem.place + (problem.what.empty() ? "" : ": ") + problem.what) << '\n';
      }
      const auto more = kind.count - std::ssize(kind.first);
      if (more > 0) out << "  ... and " << more << " more\n";
    }
    return out;
  }

 private:
  std::vector<Kind> kinds_;
};

}  // namespace tagger
