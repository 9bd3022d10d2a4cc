#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// The numbers that a field may have.
struct Range {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool open = false;  ///< the ends themselves are out

  bool contains(double value) const { return open ? value > least && value < most : value >= least && value <= most; }
};

constexpr Range at_least(double least) { return {.least = least}; }
constexpr Range above(double least) { return {.least = least, .open = true}; }
constexpr Range between(double least, double most) { return {.least = least, .most = most}; }

namespace detail {
struct IgnoreField {
  template <class T>
  void operator()(std::string_view, T&, std::string_view, Range = {}) const {}
};
}  // namespace detail

/// What the values of an enumeration are called, from 0 on, so that a field can be one of them:
///
///     template <>
///     inline constexpr std::array<std::string_view, 2> enum_names<Reduction>{"mean", "sum"};
template <class E>
inline constexpr std::array<std::string_view, 0> enum_names{};

/// A policy (or its options) with values of its own, which it lists once, for texts, help and documentation:
///
///     struct Focal {
///       double gamma = 2;
///       template <class Self>
///       static void fields(Self& self, auto&& field) {
///         field("gamma", self.gamma, "exponent that turns down easy labels", at_least(0));
///       }
///     };
///
/// A field is a double, an integer, a bool, an enumeration with enum_names, a string or a path.
template <class P>
concept Configurable = requires(P& policy) { P::fields(policy, detail::IgnoreField{}); };

/// How a policy and its values are written on a command line and in a file: `NAME[:FIELD=VALUE]...`, for example
/// `asymmetric:gamma_negative=2:clip=0.05`.
struct PolicyText {
  std::string name;
  std::vector<std::pair<std::string, std::string>> values;
};

/// \throws OptionError that names the part that is no FIELD=VALUE
inline PolicyText parse_policy(std::string_view text) {
  PolicyText parsed;
  const auto next = [&text] {
    const auto end = std::min(text.find(':'), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
  };
  parsed.name = next();
  while (!text.empty()) {
    const auto part = next();
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      throw OptionError("\"" + std::string(part) + "\" after " + parsed.name +
                        " is no FIELD=VALUE; a policy is written NAME:FIELD=VALUE:FIELD=VALUE");
    }
    parsed.values.emplace_back(part.substr(0, equals), part.substr(equals + 1));
  }
  return parsed;
}

/// What a person is told of a field.
struct FieldDescription {
  std::string name;
  std::string default_value;
  std::string help;
};

namespace detail {

inline std::string number_text(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

template <class T>
std::string field_text(const T& value) {
  if constexpr (std::same_as<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(enum_names<T>.at(static_cast<std::size_t>(value)));
  } else if constexpr (std::integral<T>) {
    return std::to_string(value);
  } else if constexpr (std::floating_point<T>) {
    return number_text(value);
  } else if constexpr (std::same_as<T, std::filesystem::path>) {
    return value.string();
  } else {
    return value;
  }
}

inline std::string range_text(const Range& range) {
  if (!std::isfinite(range.most)) return (range.open ? "above " : "at least ") + number_text(range.least);
  return "between " + number_text(range.least) + " and " + number_text(range.most);
}

/// \throws OptionError; `where` is "asymmetric:clip"
template <class T>
void read_field(const std::string& where, const std::string& text, T& value, const Range& range) {
  const auto refuse = [&](const std::string& what) { throw OptionError(where + "=" + text + ": " + what); };
  if constexpr (std::same_as<T, bool>) {
    if (text != "true" && text != "false") refuse("is neither true nor false");
    value = text == "true";
  } else if constexpr (std::is_enum_v<T>) {
    const auto found = std::find(enum_names<T>.begin(), enum_names<T>.end(), text);
    if (found == enum_names<T>.end()) refuse(unknown_name_message("value", text, enum_names<T>));
    value = static_cast<T>(found - enum_names<T>.begin());
  } else if constexpr (std::integral<T> || std::floating_point<T>) {
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(static_cast<double>(number))) {
      refuse(std::integral<T> ? "is no whole number" : "is no number");
    }
    if (!range.contains(static_cast<double>(number))) refuse("must be " + range_text(range));
    value = number;
  } else {
    value = text;
  }
}

/// A field of some policy, whatever the types of both: all that follows is compiled once.
struct Field {
  std::string_view name, help;
  Range range;
  void* value;
  std::string (*text)(const void* value);
  void (*read)(const std::string& where, const std::string& text, void* value, const Range& range);
};

struct FieldList {
  std::vector<Field>& fields;

  template <class T>
  void operator()(std::string_view name, T& value, std::string_view help, Range range = {}) const {
    fields.push_back({.name = name,
                      .help = help,
                      .range = range,
                      .value = &value,
                      .text = [](const void* value) { return field_text(*static_cast<const T*>(value)); },
                      .read = [](const std::string& where, const std::string& text, void* value,
                                 const Range& range) { read_field(where, text, *static_cast<T*>(value), range); }});
  }
};

/// The fields of `policy`, which must outlive them.
template <class P>
std::vector<Field> fields_in(P& policy) {
  std::vector<Field> fields;
  if constexpr (Configurable<P>) P::fields(policy, FieldList{fields});
  return fields;
}

inline std::vector<FieldDescription> describe_fields(const std::vector<Field>& fields) {
  std::vector<FieldDescription> descriptions;
  for (const auto& field : fields) {
    descriptions.push_back({std::string(field.name), field.text(field.value), std::string(field.help)});
  }
  return descriptions;
}

inline std::string text_of_fields(std::string_view name, const std::vector<Field>& defaults,
                                  const std::vector<Field>& fields) {
  std::string text(name);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string value = fields[i].text(fields[i].value);
    if (value != defaults[i].text(defaults[i].value)) text.append(":").append(fields[i].name).append("=").append(value);
  }
  return text;
}

inline void read_fields(const std::vector<Field>& fields, const PolicyText& text) {
  for (const auto& [name, value] : text.values) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
    if (found == fields.end()) {
      std::vector<std::string> names;
      for (const auto& field : fields) names.emplace_back(field.name);
      throw OptionError(text.name + ": " + unknown_name_message("field", name, names));
    }
    found->read(text.name + ":" + name, value, found->value, found->range);
  }
}

}  // namespace detail

/// The fields of P with the values of `policy`, in P's order; none for a policy without.
template <class P>
std::vector<FieldDescription> fields_of(P policy = {}) {
  return detail::describe_fields(detail::fields_in(policy));
}

/// `name` and those values of `policy` that are not the default: what parse_policy() and configure() read.
template <class P>
std::string policy_text(std::string_view name, P policy) {
  P defaults{};
  return detail::text_of_fields(name, detail::fields_in(defaults), detail::fields_in(policy));
}

/// A policy in words, NAME[:FIELD=VALUE]...: its name and those of its values that are not the default; of one chosen
/// at run time, those of the chosen one.
template <class P>
std::string text_of(const P& policy) {
  if constexpr (requires { policy.chosen(); }) {
    return policy.chosen();
  } else if constexpr (requires { policy.options; }) {
    return policy_text(P::name, policy.options);
  } else {
    return policy_text(P::name, policy);
  }
}

/// Sets the fields of `policy` that `text` names.
/// \throws OptionError for a field that it does not have, listing those it has, or a value that the field cannot have
template <class P>
void configure(P& policy, const PolicyText& text) {
  detail::read_fields(detail::fields_in(policy), text);
}

}  // namespace tagger
