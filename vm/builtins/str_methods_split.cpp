// Methods of str that take text apart and put it together: split, partition, splitlines, strip, join.
#include <algorithm>
#include <cstring>

#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str_methods.h"
#include "vm/builtins/str_search.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/unicode.h"

namespace krait {
namespace {

KRAIT_INLINE bool isSpaceAt(const Str* s, uint64_t i) { return unicode::isSpace(s->at(i)); }

// split(None): words between runs of white space; the rest of the text is the last piece once `limit` is reached.
Fallible<Value> splitWhitespace(Thread& thread, Str* s, uint64_t limit) {
  List* pieces = TRY(makeListWithCapacity(thread, 0));
  uint64_t i = 0, length = s->length;
  for (;;) {
    while (i < length && isSpaceAt(s, i)) i++;
    if (i == length) break;
    uint64_t start = i;
    if (limit-- == 0) {
      TRY(listAppend(thread, pieces, Value::of(TRY(substring(thread, s, start, length)))));
      break;
    }
    while (i < length && !isSpaceAt(s, i)) i++;
    TRY(listAppend(thread, pieces, Value::of(TRY(substring(thread, s, start, i)))));
  }
  return Value::of(pieces);
}

Fallible<Value> splitWhitespaceFromEnd(Thread& thread, Str* s, uint64_t limit) {
  List* pieces = TRY(makeListWithCapacity(thread, 0));
  uint64_t i = s->length;
  for (;;) {
    while (i > 0 && isSpaceAt(s, i - 1)) i--;
    if (i == 0) break;
    uint64_t end = i;
    if (limit-- == 0) {
      TRY(listAppend(thread, pieces, Value::of(TRY(substring(thread, s, 0, end)))));
      break;
    }
    while (i > 0 && !isSpaceAt(s, i - 1)) i--;
    TRY(listAppend(thread, pieces, Value::of(TRY(substring(thread, s, i, end)))));
  }
  if (pieces->length > 1) std::reverse(pieces->storage->slots, pieces->storage->slots + pieces->length);
  return Value::of(pieces);
}

Fallible<Value> splitBy(Thread& thread, Str* s, const Str* separator, uint64_t limit, bool fromEnd) {
  if (separator->length == 0) return raise(thread, exceptions.ValueError, "empty separator");
  Needle needle(separator, s->width);
  if (needle.outOfMemory()) return raiseMemoryError(thread);
  TextView view = viewOf(s), sought = needle.view();
  // Counting is quick beside making the pieces, and the list need not grow.
  bool isCounted = s->width == 1 && sought.length == 1 && needle.possible();
  uint64_t expected = isCounted ? countText(view, sought, limit) : std::min<uint64_t>(limit, 7);
  List* pieces = TRY(makeListWithCapacity(thread, expected + 1));
  uint64_t start = 0, end = s->length;
  for (; needle.possible() && limit != 0; limit--) {
    int64_t found = fromEnd ? findTextFromEnd(view.part(0, end), sought) : findText(view.part(start, end), sought);
    if (found < 0) break;
    if (fromEnd) {
      uint64_t from = static_cast<uint64_t>(found) + sought.length;
      TRY(listAppend(thread, pieces, Value::of(TRY(substring(thread, s, from, end)))));
      end = static_cast<uint64_t>(found);
    } else {
      uint64_t at = start + static_cast<uint64_t>(found);
      TRY(listAppend(thread, pieces, Value::of(TRY(substring(thread, s, start, at)))));
      start = at + sought.length;
    }
  }
  TRY(listAppend(thread, pieces, Value::of(TRY(substring(thread, s, start, end)))));
  if (fromEnd) std::reverse(pieces->storage->slots, pieces->storage->slots + pieces->length);
  return Value::of(pieces);
}

Fallible<Value> split(Thread& thread, Value self, Value separator, Value maximum, bool fromEnd) {
  int64_t limit = maximum.isUnbound() ? -1 : TRY(sizeArgument(thread, maximum));
  uint64_t pieces = limit < 0 ? UINT64_MAX : static_cast<uint64_t>(limit);
  Str* s = toStr(self);
  if (separator.isUnbound() || separator.isNone()) {
    return fromEnd ? splitWhitespaceFromEnd(thread, s, pieces) : splitWhitespace(thread, s, pieces);
  }
  const Str* by = toStr(separator);
  if (by == nullptr) return raiseTypeError(thread, "must be str or None, not {}", nameOf(separator));
  return splitBy(thread, s, by, pieces, fromEnd);
}

constexpr Parameters kSplit{"split", {"sep", "maxsplit"}, 0};
constexpr Parameters kRsplit{"rsplit", {"sep", "maxsplit"}, 0};
Fallible<Value> strSplit(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.keywordNames == nullptr && arguments.positional <= 1) [[likely]] {
    Value separator = arguments.positional == 1 ? arguments[0] : Value::unbound();
    return split(thread, self, separator, Value::unbound(), false);
  }
  Value bound[2];
  TRY(kSplit.bind(thread, arguments, bound));
  return split(thread, self, bound[0], bound[1], false);
}
Fallible<Value> strRsplit(Thread& thread, Value self, const Arguments& arguments) {
  Value bound[2];
  TRY(kRsplit.bind(thread, arguments, bound));
  return split(thread, self, bound[0], bound[1], true);
}

Fallible<Value> partitionBy(Thread& thread, Value self, Value separator, bool fromEnd) {
  Str* s = toStr(self);
  Str* by = toStr(separator);
  if (by == nullptr) return raiseTypeError(thread, "must be str, not {}", nameOf(separator));
  if (by->length == 0) return raise(thread, exceptions.ValueError, "empty separator");
  Needle needle(by, s->width);
  if (needle.outOfMemory()) return raiseMemoryError(thread);
  int64_t found = -1;
  if (needle.possible()) {
    found = fromEnd ? findTextFromEnd(viewOf(s), needle.view()) : findText(viewOf(s), needle.view());
  }
  Value nothing = Value::of(emptyStr());
  if (found < 0) {
    Tuple* parts = fromEnd ? TRY(makeTuple(thread, {nothing, nothing, Value::of(s)}))
                           : TRY(makeTuple(thread, {Value::of(s), nothing, nothing}));
    return Value::of(parts);
  }
  auto at = static_cast<uint64_t>(found);
  Value head = Value::of(TRY(substring(thread, s, 0, at)));
  Value tail = Value::of(TRY(substring(thread, s, at + by->length, s->length)));
  return Value::of(TRY(makeTuple(thread, {head, separator, tail})));
}
Fallible<Value> strPartition(Thread& thread, Value self, Value separator) {
  return partitionBy(thread, self, separator, false);
}
Fallible<Value> strRpartition(Thread& thread, Value self, Value separator) {
  return partitionBy(thread, self, separator, true);
}

constexpr Parameters kSplitlines{"splitlines", {"keepends"}, 0};
Fallible<Value> strSplitlines(Thread& thread, Value self, const Arguments& arguments) {
  Value keep;
  TRY(kSplitlines.bind(thread, arguments, &keep));
  bool keepEnds = !keep.isUnbound() && TRY(sizeArgument(thread, keep)) != 0;
  return splitLines(thread, toStr(self), keepEnds);
}

// --- strip
// ------------------------------------------------------------------------------------------------------------
enum Edge : uint8_t { kLeft = 1, kRight = 2 };

bool occursIn(const Str* characters, uint32_t c) {
  return withText(characters, [c](const auto* text, uint64_t length) {
    for (uint64_t i = 0; i < length; i++) {
      if (text[i] == c) return true;
    }
    return false;
  });
}

template <class Test>
Fallible<Value> stripWhere(Thread& thread, Str* s, int edges, Test test) {
  uint64_t start = 0, end = s->length;
  if (edges & kLeft) {
    while (start < end && test(s->at(start))) start++;
  }
  if (edges & kRight) {
    while (end > start && test(s->at(end - 1))) end--;
  }
  return Value::of(TRY(substring(thread, s, start, end)));
}

Fallible<Value> strip(Thread& thread, Value self, Value characters, int edges, const char* function) {
  Str* s = toStr(self);
  if (characters.isUnbound() || characters.isNone()) {
    return stripWhere(thread, s, edges, [](uint32_t c) { return unicode::isSpace(c); });
  }
  const Str* set = toStr(characters);
  if (set == nullptr) return raiseTypeError(thread, "{} arg must be None or str", function);
  return stripWhere(thread, s, edges, [set](uint32_t c) { return occursIn(set, c); });
}
Fallible<Value> strStrip(Thread& thread, Value self, Value characters) {
  return strip(thread, self, characters, kLeft | kRight, "strip");
}
Fallible<Value> strLstrip(Thread& thread, Value self, Value characters) {
  return strip(thread, self, characters, kLeft, "lstrip");
}
Fallible<Value> strRstrip(Thread& thread, Value self, Value characters) {
  return strip(thread, self, characters, kRight, "rstrip");
}

Fallible<Value> strJoin(Thread& thread, Value self, Value iterable) {
  return Value::of(TRY(joinIterable(thread, toStr(self), iterable)));
}

}  // namespace

// The first line break from `i` on, or the length.
static uint64_t nextLineBreak(const Str* s, uint64_t i) {
  return withText(s, [i](const auto* text, uint64_t length) {
    uint64_t at = i;
    if constexpr (sizeof *text == 1) {
      // Eight at a time, as long as none is a control character or beyond ASCII.
      constexpr uint64_t kOnes = 0x0101010101010101, kHighs = kOnes * 0x80;
      for (uint64_t word; at + 8 <= length; at += 8) {
        memcpy(&word, text + at, 8);
        if (((word - kOnes * 0x1f) | word) & kHighs) break;
      }
    }
    // Nearly every character is neither a control character nor one of the few others that break lines.
    while (at < length && ((text[at] > 0x1e && text[at] < 0x85) || !unicode::isLineBreak(text[at]))) at++;
    return at;
  });
}

Fallible<Value> splitLines(Thread& thread, Str* s, bool keepEnds) {
  List* lines = TRY(makeListWithCapacity(thread, 0));
  uint64_t length = s->length;
  for (uint64_t i = 0; i < length;) {
    uint64_t start = i;
    i = nextLineBreak(s, i);
    uint64_t end = i;
    if (i < length) {
      i += s->at(i) == '\r' && i + 1 < length && s->at(i + 1) == '\n' ? 2 : 1;
      if (keepEnds) end = i;
    }
    TRY(listAppend(thread, lines, Value::of(TRY(substring(thread, s, start, end)))));
  }
  return Value::of(lines);
}

Fallible<Str*> joinIterable(Thread& thread, Str* separator, Value iterable) {
  std::span<const Value> parts;
  Value kept = iterable;  // what `parts` points into
  if (typeOf(iterable) == types.tuple) {
    parts = iterable.as<Tuple>()->values();
  } else {
    if (typeOf(iterable) != types.list) {
      if (specialMethod(iterable, Special::k__iter__).isUnbound() &&
          specialMethod(iterable, Special::k__getitem__).isUnbound()) {
        return raise(thread, exceptions.TypeError, "can only join an iterable");
      }
      kept = Value::of(TRY(listFromIterable(thread, iterable)));
    }
    parts = kept.as<List>()->values();
  }
  for (size_t i = 0; i < parts.size(); i++) {
    if (toStr(parts[i]) == nullptr) {
      return raiseTypeError(thread, "sequence item {}: expected str instance, {} found", i, nameOf(parts[i]));
    }
  }
  return joinStrs(thread, separator, parts);
}

void declareStrSplitMethods(TypeBuilder& type) {
  type.variadic("split", strSplit)
      .variadic("rsplit", strRsplit)
      .method("partition", strPartition)
      .method("rpartition", strRpartition)
      .variadic("splitlines", strSplitlines)
      .method("strip", strStrip, 1)
      .method("lstrip", strLstrip, 1)
      .method("rstrip", strRstrip, 1)
      .method("join", strJoin);
}

}  // namespace krait
