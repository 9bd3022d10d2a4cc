#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace tagger {

/// JSON whose members keep their order. There is no other kind here: a second would be compiled all over again.
using Json = nlohmann::ordered_json;

/// Tells `sink` of what `text` holds, piece by piece, without building it. False where the sink has stopped it or the
/// text is no JSON, of which sink.parse_error() is told.
inline bool read_json_events(std::string_view text, nlohmann::json_sax<Json>& sink) {
  return Json::sax_parse(text, &sink);
}

}  // namespace tagger
