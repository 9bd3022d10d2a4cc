#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/report/bar.hpp>
#include <tagger/report/terminal.hpp>
#include <tagger/report/text_width.hpp>

namespace tagger {

/// "0:09", "12:34", "1:02:03".
inline std::string format_duration(std::chrono::duration<double> duration) {
  const auto seconds = static_cast<std::int64_t>(std::max(duration.count(), 0.0) + 0.5);
  char text[32];
  if (seconds < 3600) {
    std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(seconds / 60), static_cast<int>(seconds % 60));
  } else {
    std::snprintf(text, sizeof text, "%lld:%02d:%02d", static_cast<long long>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  }
  return text;
}

struct ProgressOptions {
  /// Columns of the terminal, asked for at every redraw so that a resized window is noticed; none: plain lines.
  std::function<std::optional<int>()> width = [] { return terminal_width(STDERR_FILENO); };
  BarStyle style = locale_is_utf8() ? BarStyle::blocks : BarStyle::ascii;
  std::function<std::chrono::steady_clock::time_point()> clock = &std::chrono::steady_clock::now;
};

/// Shows how far a pass over pictures has come, how fast it is, the time gone and left, and the loss.
///
/// On a terminal: one line with a bar, redrawn in place. Elsewhere (a pipe, a log): a plain line each tenth of the
/// way, never two within 10 s, never none for a minute.
///
///     Progress progress;
///     progress.begin("epoch 3/35", 4992);
///     for (...) progress.advance(32, loss);
///     progress.end();
class Progress {
 public:
  using Options = ProgressOptions;

  explicit Progress(std::ostream& out = std::cerr, Options options = {}) : out_(out), options_(std::move(options)) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Leaves the bar as it stands, so that an error message starts on a line of its own.
  ~Progress() {
    if (drawn_) out_ << '\n' << std::flush;
  }

  /// Starts a pass over `total` pictures, of which `done` were done earlier (a resumed run).
  void begin(std::string title, std::int64_t total, std::int64_t done = 0) {
    title_ = std::move(title);
    total_ = total;
    first_ = done_ = shown_ = done;
    loss_.reset();
    started_ = now_ = shown_at_ = options_.clock();
    active_ = true;
    if (const auto width = options_.width()) draw(*width);
  }

  /// `count` more pictures are done. A loss once given stays until the next.
  void advance(std::int64_t count, std::optional<double> loss = std::nullopt) {
    using namespace std::chrono_literals;
    done_ += count;
    if (loss) loss_ = loss;
    now_ = options_.clock();
    const auto since = now_ - shown_at_;
    if (since < 100ms) return;
    if (const auto width = options_.width()) {
      draw(*width);
    } else if (since >= 10s && (10 * (done_ - shown_) >= total_ || since >= 60s)) {
      print_plain();
    }
  }

  /// Prints a line of text; the bar stays below it.
  void line(std::string_view text) {
    const auto width = active_ ? options_.width() : std::nullopt;
    if (drawn_) out_ << clear_line;
    out_ << text << '\n';
    drawn_ = false;
    if (width) draw(*width);
    out_ << std::flush;
  }

  /// Ends the pass: the bar as it stands remains as a line.
  void end() {
    if (!active_) return;
    now_ = options_.clock();
    if (const auto width = options_.width()) {
      draw(*width);
      out_ << '\n' << std::flush;
      drawn_ = false;
    } else if (shown_ != done_ || done_ == first_) {  // else the last line has said it
      print_plain();
    }
    active_ = false;
  }

 private:
  static constexpr std::string_view clear_line = "\r\x1b[K";

  double fraction() const { return total_ > 0 ? static_cast<double>(done_) / static_cast<double>(total_) : 1.0; }

  /// What stands to the right of the bar, the most important first.
  std::vector<std::string> facts() const {
    const std::chrono::duration<double> elapsed = now_ - started_;
    const auto fresh = static_cast<double>(done_ - first_);
    std::vector<std::string> facts{format("%3.0f %%", 100 * std::min(fraction(), 1.0))};
    if (loss_) facts.push_back(format("loss %.4f", *loss_));
    if (fresh > 0 && elapsed.count() > 0) {
      facts.push_back(
          format(fresh < 100 * elapsed.count() ? "%.1f images/s" : "%.0f images/s", fresh / elapsed.count()));
      if (done_ < total_)
        facts.push_back(format_duration(elapsed * (static_cast<double>(total_ - done_) / fresh)) + " left");
    }
    facts.push_back(format_duration(elapsed) + " elapsed");
    facts.push_back(std::to_string(done_) + "/" + std::to_string(total_));
    return facts;
  }

  void draw(int width) {
    const int room = width - 1;  // a full last column would wrap the line
    constexpr int shortest = 10;
    constexpr int longest = 40;
    std::string right;
    std::string left = title_ + "  ";
    if (text_width(left) + shortest + 7 > room) left.clear();
    for (const auto& fact : facts()) {
      if (text_width(left) + shortest + text_width(right) + 2 + text_width(fact) > room) break;
      right += "  " + fact;
    }
    const int columns = std::clamp(room - text_width(left) - text_width(right), 0, longest);
    out_ << clear_line << left << pad_bar(columns) << right << std::flush;
    drawn_ = true;
    shown_at_ = now_;
  }

  std::string pad_bar(int columns) const {
    if (options_.style == BarStyle::blocks) {
      std::string bar = draw_bar(fraction(), columns, BarStyle::blocks);
      for (int i = text_width(bar); i < columns; ++i) bar += "░";
      return bar;
    }
    if (columns < 3) return std::string(static_cast<std::size_t>(columns), ' ');
    return "[" + pad(draw_bar(fraction(), columns - 2, BarStyle::ascii), columns - 2) + "]";
  }

  void print_plain() {
    out_ << title_ << ':';
    const char* separator = " ";
    for (const auto& fact : facts()) out_ << std::exchange(separator, ", ") << fact.substr(fact.find_first_not_of(' '));
    out_ << '\n' << std::flush;
    shown_ = done_;
    shown_at_ = now_;
  }

  static std::string format(const char* pattern, double value) {
    char text[64];
    std::snprintf(text, sizeof text, pattern, value);
    return text;
  }

  std::ostream& out_;
  Options options_;
  std::string title_;
  std::int64_t total_ = 0, first_ = 0, done_ = 0, shown_ = 0;
  std::optional<double> loss_;
  std::chrono::steady_clock::time_point started_, now_, shown_at_;
  bool active_ = false;
  bool drawn_ = false;
};

}  // namespace tagger
