// tier: light
// error: Averaging
// error: slices
// A type that has a name, and no slices, is no averaging.
#include <string_view>

#include <tagger/averaging/concept.hpp>

struct Nearly {
  static constexpr std::string_view name = "nearly";
#ifdef CORRECT
  static constexpr tagger::Slices slices = tagger::Slices::labels;
#endif
  double average(const Eigen::ArrayXd& values, const tagger::Counts&) const { return values.mean(); }
};

template <tagger::Averaging A>
void use() {}

template void use<Nearly>();
