#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tagger/weights/pickle.hpp>
#include <tagger/weights/pickle_bytes.hpp>
#include <tagger/weights/pickle_globals.hpp>

namespace tagger::detail {

/// Reads pickles (protocols 2 to 5, https://docs.python.org/3/library/pickletools.html) as torch.save writes them into
/// a Pickle. It is an interpreter of data alone: a few names (known_global) mean tensors and dictionaries; any other,
/// and what a file wants of it, becomes a PickleForeign, inert. Nothing is imported, looked up or called. Time and
/// memory are linear in the bytes read, whatever they say: an instruction makes at most one value, and the one that
/// copies a list (OrderedDict of pairs) has a budget.
class Unpickler {
 public:
  /// \param bytes  outlive the unpickler; pickles may follow each other in them
  /// \param place  what an error calls them
  Unpickler(std::filesystem::path file, std::string place, std::span<const std::byte> bytes, Pickle& pickle)
      : bytes_(std::move(file), std::move(place), bytes), pickle_(pickle) {}

  /// Where the next pickle starts.
  std::size_t position() const { return bytes_.position(); }

  /// Reads one pickle and returns its value. \throws WeightsError naming the byte at fault
  PickleId load() {
    stack_.clear();
    marks_.clear();
    memo_.clear();
    budget_ = 0;
    bytes_.begin_pickle();
    for (;;) {
      const std::uint8_t code = bytes_.instruction();
      if (code == '.') return pop();
      execute(code);
    }
  }

  [[noreturn]] void refuse(const std::string& what) const { bytes_.refuse(what); }

 private:
  using Kind = PickleGlobal::Kind;

  void execute(std::uint8_t code) {
    // clang-format off
    switch (code) {
      case 0x80: return protocol(bytes_.number(1));
      case 0x95: return skip(8);                                // the length of a frame
      case '(': return marks_.push_back(stack_.size());
      case '0': return static_cast<void>(pop());
      case '1': return static_cast<void>(pop_mark());
      case '2': return push(top());
      case 'N': case 0x88: case 0x89: return inert();           // None, True, False
      case 'G': return skip(8), inert();                        // a float
      case 'K': return integer(bytes_.number(1));
      case 'M': return integer(bytes_.number(2));
      case 'J': return integer(static_cast<std::int32_t>(bytes_.number(4)));
      case 0x8a: return long_integer(bytes_.number(1));
      case 0x8b: return long_integer(bytes_.number(4));
      case 'U': case 0x8c: return text(bytes_.number(1));       // U and T: byte strings of Python 2
      case 'T': case 'X': return text(bytes_.number(4));
      case 0x8d: return text(bytes_.number(8));
      case 'C': return skip(bytes_.number(1)), inert();         // bytes
      case 'B': return skip(bytes_.number(4)), inert();
      case 0x8e: case 0x96: return skip(bytes_.number(8)), inert();
      case ')': return push_new(PickleTuple{});
      case 0x85: return push_new(PickleTuple{pop_many(1)});
      case 0x86: return push_new(PickleTuple{pop_many(2)});
      case 0x87: return push_new(PickleTuple{pop_many(3)});
      case 't': return push_new(PickleTuple{pop_mark()});
      case ']': return push_new(PickleList{});
      case 'l': return push_new(PickleList{pop_mark()});
      case 'a': return append(pop_many(1));
      case 'e': return append(pop_mark());
      case '}': return push_new(PickleDict{});
      case 's': return set_items(pop_many(2));
      case 'u': return set_items(pop_mark());
      case 0x8f: return inert();                                // an empty set
      case 0x90: return static_cast<void>(pop_mark());          // its elements
      case 0x91: return static_cast<void>(pop_mark()), inert(); // a frozen set
      case 'q': return memorise(bytes_.number(1));
      case 'r': return memorise(bytes_.number(4));
      case 0x94: return memorise(memo_.size());
      case 'h': return recall(bytes_.number(1));
      case 'j': return recall(bytes_.number(4));
      case 'c': return global();
      case 0x93: return stack_global();
      case 'R': case 0x81: return reduce(pop());
      case 0x92: return pop(), reduce(pop());                   // NEWOBJ_EX: positional, then named arguments
      case 'b': return build();
      case 'Q': return persistent();
      default: refuse("instruction " + std::to_string(code) + " has no place in weights; the file is damaged");
    }
    // clang-format on
  }

  // Values
  void push(PickleId id) { stack_.push_back(id); }
  template <class T>
  void push_new(T value) {
    push(pickle_.add(std::move(value)));
  }
  void inert() { push_new(PickleInert{}); }
  void integer(std::uint64_t value) { push_new(static_cast<std::int64_t>(value)); }
  void integer(std::int32_t value) { push_new(std::int64_t{value}); }
  void long_integer(std::uint64_t size) {
    if (size > 8) return skip(size), inert();
    const std::uint64_t value = bytes_.number(static_cast<std::size_t>(size));
    const std::uint64_t sign = size == 0 ? 0 : std::uint64_t{1} << (8 * size - 1);
    integer((value ^ sign) - sign);
  }
  void text(std::uint64_t size) { push_new(bytes_.text(size)); }
  void skip(std::uint64_t size) { bytes_.take(size); }
  std::size_t above_mark() const { return stack_.size() - (marks_.empty() ? 0 : marks_.back()); }
  PickleId top() const {
    if (above_mark() == 0) refuse("a value is missing; the file is damaged");
    return stack_.back();
  }
  PickleId pop() {
    const PickleId id = top();
    stack_.pop_back();
    return id;
  }
  std::vector<PickleId> pop_many(std::size_t count) {
    if (above_mark() < count) refuse("values are missing; the file is damaged");
    std::vector<PickleId> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
  }
  std::vector<PickleId> pop_mark() {
    if (marks_.empty()) refuse("a mark is missing; the file is damaged");
    auto items = pop_many(above_mark());
    marks_.pop_back();
    return items;
  }
  template <class T>
  T& need(PickleId id, const char* what) {
    if (auto* value = pickle_.as<T>(id)) return *value;
    refuse("expected " + std::string(what) + ", found " + pickle_.kind(id));
  }

  // Instructions
  void protocol(std::uint64_t version) {
    if (version > 5) refuse("pickle protocol " + std::to_string(version) + " is unknown; protocols 2 to 5 are read");
  }
  void append(const std::vector<PickleId>& items) {
    if (foreign(top())) return;
    auto& list = need<PickleList>(top(), "a list").items;
    list.insert(list.end(), items.begin(), items.end());
  }
  void set_items(const std::vector<PickleId>& items) {
    if (items.size() % 2 != 0) refuse("a key of a dict has no value; the file is damaged");
    if (foreign(top())) return;
    auto& dict = need<PickleDict>(top(), "a dict").items;
    for (std::size_t i = 0; i < items.size(); i += 2) dict.emplace_back(items[i], items[i + 1]);
  }
  void memorise(std::uint64_t key) { memo_[key] = top(); }
  void recall(std::uint64_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) refuse("a value is recalled that was not stored; the file is damaged");
    push(found->second);
  }
  void global() {
    const std::string module = bytes_.line();
    const std::string name = bytes_.line();
    push_global(module, name);
  }
  void stack_global() {
    const auto names = pop_many(2);
    push_global(need<std::string>(names[0], "a module's name"), need<std::string>(names[1], "a class's name"));
  }
  void push_global(const std::string& module, const std::string& name) {
    if (const auto known = known_global(module, name)) return push_new(*known);
    push_new(PickleForeign{printable(module + '.' + name)});
  }
  const PickleForeign* foreign(PickleId id) const { return std::as_const(pickle_).as<PickleForeign>(id); }
  void reduce(PickleId arguments) {
    const PickleId function = pop();
    if (foreign(function)) return push(function);  // what it would have made
    const auto called = need<PickleGlobal>(function, "a function");
    const auto& items = need<PickleTuple>(arguments, "a tuple of arguments").items;
    switch (called.kind) {
      case Kind::dictionary:
        return items.empty() ? push_new(PickleDict{}) : dictionary(items[0]);
      case Kind::size:
        return items.size() == 1 ? push(items[0]) : refuse("torch.Size wants one argument");
      case Kind::tensor:
        return tensor(items);
      case Kind::parameter:
        return items.empty() ? refuse("a parameter without a tensor") : push(items[0]);
      case Kind::storage:
        refuse("a storage is made anew, not read");
      case Kind::inert:
        return inert();
    }
  }
  void dictionary(PickleId source) {
    if (pickle_.as<PickleDict>(source) || foreign(source)) return push(source);
    PickleDict dict;
    for (const PickleId pair : need<PickleList>(source, "a dict or a list of pairs").items) {
      if (++budget_ > bytes_.size()) refuse("the pickle grows beyond all bounds");
      const auto* tuple = pickle_.as<PickleTuple>(pair);
      const auto& items = tuple ? tuple->items : need<PickleList>(pair, "a pair").items;
      if (items.size() != 2) refuse("expected a pair, found " + std::to_string(items.size()) + " values");
      dict.items.emplace_back(items[0], items[1]);
    }
    push_new(std::move(dict));
  }
  void tensor(const std::vector<PickleId>& items) {
    if (items.size() < 4) refuse("a tensor wants storage, offset, shape and stride");
    if (foreign(items[0])) return push(items[0]);
    need<PickledStorage>(items[0], "a storage");
    need<PickleTuple>(items[2], "a shape");
    need<PickleTuple>(items[3], "strides");
    push_new(PickledTensor{items[0], need<std::int64_t>(items[1], "an offset"), items[2], items[3]});
  }
  void build() {  // attributes of an OrderedDict or a Parameter: nothing that weights need
    pop();
    if (!pickle_.as<PickleDict>(top()) && !pickle_.as<PickledTensor>(top()) && !foreign(top())) {
      refuse("attributes for " + pickle_.kind(top()));
    }
  }
  void persistent() {  // ("storage", class, key, location, count[, (view's key, first, length)])
    const auto& items = need<PickleTuple>(pop(), "the description of a storage").items;
    if (items.size() < 5 || need<std::string>(items[0], "\"storage\"") != "storage") {
      refuse("expected the description of a storage");
    }
    if (foreign(items[1])) return push(items[1]);
    const auto type = need<PickleGlobal>(items[1], "a class of storages");
    if (type.kind != Kind::storage) refuse("expected a class of storages");
    need<std::string>(items[2], "a storage's key");
    PickledStorage storage{.dtype = type.dtype,
                           .key = items[2],
                           .count = need<std::int64_t>(items[4], "a storage's size"),
                           .first = 0,
                           .length = 0};
    storage.length = storage.count;
    if (const auto* view = items.size() > 5 ? pickle_.as<PickleTuple>(items[5]) : nullptr) {
      if (view->items.size() != 3) refuse("a view of a storage wants three values");
      storage.first = need<std::int64_t>(view->items[1], "a view's start");
      storage.length = need<std::int64_t>(view->items[2], "a view's size");
    }
    if (storage.count < 0 || storage.first < 0 || storage.length < 0 || storage.first > storage.count ||
        storage.length > storage.count - storage.first) {
      refuse("a storage of " + std::to_string(storage.count) + " elements cannot have " +
             std::to_string(storage.length) + " from number " + std::to_string(storage.first) + " on");
    }
    push_new(std::move(storage));
  }

  static std::string printable(std::string text) {
    if (text.size() > 80) text = text.substr(0, 80) + "...";
    for (char& each : text) each = each >= ' ' && each <= '~' ? each : '?';
    return text;
  }

  PickleBytes bytes_;
  Pickle& pickle_;
  std::size_t budget_ = 0;
  std::vector<PickleId> stack_;
  std::vector<std::size_t> marks_;
  std::map<std::uint64_t, PickleId> memo_;  // no hash: the file picks the keys
};

}  // namespace tagger::detail
