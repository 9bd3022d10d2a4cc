#pragma once

#include <sys/ioctl.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <optional>
#include <string>

namespace tagger {

/// Columns of the terminal behind file descriptor `file` (1 standard output, 2 standard error); none when it is a
/// pipe, a file, or a terminal that cannot move its cursor.
inline std::optional<int> terminal_width(int file) {
  const char* kind = std::getenv("TERM");
  if (::isatty(file) == 0 || (kind != nullptr && std::string(kind) == "dumb")) return std::nullopt;
  winsize size{};
  if (::ioctl(file, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

/// Whether the user's locale writes UTF-8, by LC_ALL, LC_CTYPE and LANG in POSIX's order.
inline bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    std::string locale;
    for (; *value != '\0'; ++value) locale += static_cast<char>(std::tolower(static_cast<unsigned char>(*value)));
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

}  // namespace tagger
