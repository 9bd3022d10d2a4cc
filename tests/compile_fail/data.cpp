// tier: light
// error: return-type-requirement|type constraint
// error: sampler\(annotations, seed, epoch\)
// error: splitter\(annotations, groups, sizes\)
// error: F::input
// A sampler that takes no epoch, so that every epoch would be the same; one whose indices are of another type; a
// splitter that knows nothing of groups; a format that does not say what it reads.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include <tagger/import/concept.hpp>
#include <tagger/sampler/concept.hpp>
#include <tagger/split/concept.hpp>

struct Epochless {
  static constexpr std::string_view name = "epochless";
#ifdef CORRECT
  std::vector<std::int64_t> operator()(const tagger::Annotations&, std::uint64_t, std::uint64_t) const { return {}; }
#else
  std::vector<std::int64_t> operator()(const tagger::Annotations&, std::uint64_t) const { return {}; }
#endif
};
static_assert(tagger::Sampler<Epochless>);

struct Narrow {
  static constexpr std::string_view name = "narrow";
#ifdef CORRECT
  std::vector<std::int64_t> operator()(const tagger::Annotations&, std::uint64_t, std::uint64_t) const { return {}; }
#else
  std::vector<int> operator()(const tagger::Annotations&, std::uint64_t, std::uint64_t) const { return {}; }
#endif
};
static_assert(tagger::Sampler<Narrow>);

struct Groupless {
  static constexpr std::string_view name = "groupless";
#ifdef CORRECT
  std::vector<std::size_t> operator()(const tagger::Annotations&, const tagger::Groups&,
                                      const std::vector<double>&) const {
    return {};
  }
#else
  std::vector<std::size_t> operator()(const tagger::Annotations&, const std::vector<double>&) const { return {}; }
#endif
};
static_assert(tagger::Splitter<Groupless>);

struct Speechless {
  static constexpr std::string_view name = "speechless";
#ifdef CORRECT
  static constexpr std::string_view input = "a file";
#endif
  tagger::Imported read(const std::filesystem::path&) const { return {tagger::Annotations({}, {}), {}}; }
};
static_assert(tagger::ImportFormat<Speechless>);
