// tier: light
// error: PictureTransform<Silent>
// error: Augmentation<Shy>
// error: Transform|augment\(options\)
// A step that changes a picture and does not give it back; an augmentation that makes a step and not a transform.
#include <string_view>

#include <tagger/image/augmentation.hpp>

struct Silent {
#ifdef CORRECT
  tagger::Picture operator()(tagger::Picture picture, tagger::Random&) const { return picture; }
#else
  void operator()(tagger::Picture&, tagger::Random&) const {}
#endif
};
static_assert(tagger::PictureTransform<Silent>);

struct Shy {
  static constexpr std::string_view name = "shy";
#ifdef CORRECT
  tagger::Transform operator()(const tagger::TransformOptions& options) const { return evaluation_transform(options); }
#else
  tagger::ToSquare operator()(const tagger::TransformOptions& options) const { return options.to_square(); }
#endif
};
static_assert(tagger::Augmentation<Shy>);
