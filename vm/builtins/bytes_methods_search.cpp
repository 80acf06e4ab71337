// Operators and searching methods that bytes and bytearray share.
#include <algorithm>
#include <cstring>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes_methods.h"
#include "vm/builtins/comparison_result.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str_search.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/leaf_cells.h"
#include "vm/warnings.h"

namespace krait {

std::string_view selfView(Value self) {
  std::string_view view;
  bufferView(self, view);
  return view;
}

Fallible<Value> makeBytesLike(Thread& thread, Value self, std::string_view content) {
  if (toBytearray(self) != nullptr) return Value::of(TRY(makeBytearray(thread, content)));
  return Value::of(TRY(makeBytes(thread, content)));
}

namespace {

TextView asText(std::string_view bytes) { return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), 1}; }

// A result that is all of `self`: bytes are shared when exact, bytearrays copied.
Fallible<Value> wholeOf(Thread& thread, Value self) {
  if (Bytes* b = toBytes(self)) return Value::of(b);
  return makeBytesLike(thread, self, selfView(self));
}
Fallible<Value> partOf(Thread& thread, Value self, uint64_t start, uint64_t end) {
  std::string_view all = selfView(self);
  if (start == 0 && end == all.size()) return wholeOf(thread, self);
  return makeBytesLike(thread, self, all.substr(start, end - start));
}

// --- operators --------------------------------------------------------------------------------------------------------
// -b: equality of bytes and text is always false, and seldom meant.
KRAIT_COLD Fallible<void> warnAboutComparison(Thread& thread, Value self, Value other) {
  bool isBytes = toBytes(self) != nullptr;
  if (toStr(other) != nullptr)
    return warn(thread, exceptions.BytesWarning,
                isBytes ? "Comparison between bytes and string" : "Comparison between bytearray and string");
  if (isBytes && isInt(other)) return warn(thread, exceptions.BytesWarning, "Comparison between bytes and int");
  return {};
}

template <Comparison kComparison>
Fallible<Value> compareWith(Thread& thread, Value self, Value other) {
  constexpr bool kIsEquality = kComparison == Comparison::kEqual || kComparison == Comparison::kNotEqual;
  if (kIsEquality && bytesWarningLevel > 0) TRY(warnAboutComparison(thread, self, other));
  std::string_view right;
  // bytes compare with bytes only; what else is bytes-like compares with them from the other side.
  if (toBytes(self) != nullptr && toBytes(other) == nullptr) return Value::notImplemented();
  if (!bufferView(other, right)) return Value::notImplemented();
  return comparisonResult(kComparison, selfView(self).compare(right));
}

Fallible<Value> bytesLength(Thread&, Value self) {
  return Value::inlineInt(static_cast<int64_t>(selfView(self).size()));
}

Fallible<Value> bytesAdd(Thread& thread, Value self, Value other) {
  std::string_view right;
  if (!bufferView(other, right)) return raiseTypeError(thread, "can't concat {} to {}", nameOf(other), nameOf(self));
  std::string_view left = selfView(self);
  if (Bytearray* b = toBytearray(self)) {
    Bytearray* sum = TRY(makeBytearray(thread, viewOf(b)));
    TRY(bytearrayResize(thread, sum, left.size() + right.size()));
    if (!right.empty()) memcpy(sum->storage->bytes + left.size(), right.data(), right.size());
    return Value::of(sum);
  }
  if (left.empty() && toBytes(other) != nullptr) return Value::of(toBytes(other));
  if (right.empty()) return wholeOf(thread, self);
  Bytes* sum = TRY(makeBytesToFill(thread, left.size() + right.size()));
  memcpy(sum->data, left.data(), left.size());
  memcpy(sum->data + left.size(), right.data(), right.size());
  return Value::of(sum);
}

Fallible<Value> bytesMultiply(Thread& thread, Value self, Value factor) {
  const char* tooLong = toBytes(self) != nullptr ? "repeated bytes are too long" : nullptr;
  uint64_t times = TRY(repetitionCount(thread, factor, selfView(self).size(), tooLong));
  std::string_view view = selfView(self);
  if (times == 1 && toBytes(self) != nullptr) return wholeOf(thread, self);
  uint64_t length = view.size() * times;
  uint8_t* to;
  Value product;
  if (toBytearray(self) != nullptr) {
    Bytearray* b = TRY(makeBytearray(thread, {}));
    TRY(bytearrayResize(thread, b, length));
    to = length == 0 ? nullptr : b->storage->bytes;
    product = Value::of(b);
  } else {
    Bytes* b = TRY(makeBytesToFill(thread, length));
    to = b->data;
    product = Value::of(b);
  }
  for (uint64_t done = 0; done < length;) {
    uint64_t part = done == 0 ? view.size() : std::min(done, length - done);
    memcpy(to + done, done == 0 ? reinterpret_cast<const uint8_t*>(view.data()) : to, part);
    done += part;
  }
  return product;
}

Fallible<Value> bytesRemainder(Thread& thread, Value self, Value arguments) {
  Value formatted = TRY(formatBytesPercent(thread, selfView(self), arguments));
  return toBytearray(self) != nullptr ? makeBytesLike(thread, self, viewOf(toBytes(formatted)))
                                      : Fallible<Value>(formatted);
}
Fallible<Value> bytesReflectedRemainder(Thread&, Value, Value) { return Value::notImplemented(); }

Fallible<Value> bytesContains(Thread& thread, Value self, Value sought) {
  if (isInt(sought) || !specialMethod(sought, Special::k__index__).isUnbound()) {
    uint8_t byte = TRY(byteArgument(thread, sought));
    return Value::boolean(selfView(self).find(static_cast<char>(byte)) != std::string_view::npos);
  }
  std::string_view part = TRY(requireBuffer(thread, sought));
  return Value::boolean(findText(asText(selfView(self)), asText(part)) >= 0);
}

Fallible<Value> bytesGetItem(Thread& thread, Value self, Value key) {
  bool isBytearray = toBytearray(self) != nullptr;
  if (isKind(key, Kind::kSlice)) {
    SliceBounds bounds = TRY(resolveSlice(thread, key.as<Slice>(), static_cast<int64_t>(selfView(self).size())));
    if (bounds.length <= 0) return makeBytesLike(thread, self, {});
    if (bounds.step == 1) {
      auto start = static_cast<uint64_t>(bounds.start);
      return partOf(thread, self, start, start + static_cast<uint64_t>(bounds.length));
    }
    std::string_view view = selfView(self);
    ByteBuilder out;
    for (uint64_t i = 0, at = static_cast<uint64_t>(bounds.start); i < static_cast<uint64_t>(bounds.length);
         i++, at += static_cast<uint64_t>(bounds.step)) {
      out.push_back(view[static_cast<size_t>(at)]);
    }
    if (out.failed()) return raiseMemoryError(thread);
    return makeBytesLike(thread, self, out.view());
  }
  int64_t i = TRY(sequenceIndex(thread, key, isBytearray ? "bytearray" : "byte"));
  std::string_view view = selfView(self);
  auto length = static_cast<int64_t>(view.size());
  if (i < 0) i += length;
  if (i < 0 || i >= length) {
    return raise(thread, exceptions.IndexError, isBytearray ? "bytearray index out of range" : "index out of range");
  }
  return Value::inlineInt(static_cast<uint8_t>(view[static_cast<size_t>(i)]));
}

// --- find, count, startswith ------------------------------------------------------------------------------------------
// What is sought: a byte as an int, or a bytes-like object. `byte` is the room for the former.
Fallible<std::string_view> soughtBytes(Thread& thread, Value sought, char& byte) {
  std::string_view view;
  if (bufferView(sought, view)) return view;
  if (!isInt(sought) && specialMethod(sought, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "argument should be integer or bytes-like object, not '{}'", nameOf(sought));
  }
  byte = static_cast<char>(TRY(byteArgument(thread, sought)));
  return std::string_view(&byte, 1);
}

struct Search {
  std::string_view haystack, needle;  // haystack: self[start:end]
  int64_t offset;
  bool reversed;  // start beyond end: nothing can be found
};
Fallible<Search> beginSearch(Thread& thread, Value self, Value sought, Value start, Value end, char& byte) {
  TRY(soughtBytes(thread, sought, byte));  // argument errors in CPython's order; the view is taken again below
  TextRange range = TRY(textRange(thread, start, end, static_cast<int64_t>(selfView(self).size())));
  std::string_view needle = TRY(soughtBytes(thread, sought, byte)), view = selfView(self);
  range.end = std::min(range.end, static_cast<int64_t>(view.size()));
  if (range.isReversed()) return Search{{}, needle, 0, true};
  auto from = static_cast<size_t>(range.start);
  return Search{view.substr(from, static_cast<size_t>(range.end) - from), needle, range.start, false};
}

template <bool kFromEnd>
Fallible<int64_t> findIn(Thread& thread, Value self, Value sought, Value start, Value end) {
  char byte;
  Search s = TRY(beginSearch(thread, self, sought, start, end, byte));
  if (s.reversed) return -1;
  int64_t found =
      kFromEnd ? findTextFromEnd(asText(s.haystack), asText(s.needle)) : findText(asText(s.haystack), asText(s.needle));
  return found < 0 ? -1 : found + s.offset;
}
template <bool kFromEnd>
Fallible<Value> bytesFind(Thread& thread, Value self, Value sought, Value start, Value end) {
  return Value::inlineInt(TRY(findIn<kFromEnd>(thread, self, sought, start, end)));
}
template <bool kFromEnd>
Fallible<Value> bytesIndex(Thread& thread, Value self, Value sought, Value start, Value end) {
  int64_t found = TRY(findIn<kFromEnd>(thread, self, sought, start, end));
  if (found < 0) return raise(thread, exceptions.ValueError, "subsection not found");
  return Value::inlineInt(found);
}
Fallible<Value> bytesCount(Thread& thread, Value self, Value sought, Value start, Value end) {
  char byte;
  Search s = TRY(beginSearch(thread, self, sought, start, end, byte));
  if (s.reversed) return Value::inlineInt(0);
  if (s.needle.empty()) return Value::inlineInt(static_cast<int64_t>(s.haystack.size()) + 1);
  return Value::inlineInt(static_cast<int64_t>(countText(asText(s.haystack), asText(s.needle))));
}

bool matchesEdge(std::string_view view, std::string_view part, bool atEnd) {
  return atEnd ? view.ends_with(part) : view.starts_with(part);
}
template <bool kAtEnd>
Fallible<Value> bytesMatchEdge(Thread& thread, Value self, Value sought, Value start, Value end) {
  TextRange range = TRY(textRange(thread, start, end, static_cast<int64_t>(selfView(self).size())));
  std::string_view view = selfView(self), part;
  bool reversed = range.isReversed();
  if (!reversed) view = view.substr(static_cast<size_t>(range.start), static_cast<size_t>(range.end - range.start));
  if (const Tuple* choices = toTuple(sought)) {
    for (Value choice : choices->values()) {
      part = TRY(requireBuffer(thread, choice));
      if (!reversed && matchesEdge(view, part, kAtEnd)) return Value::boolean(true);
    }
    return Value::boolean(false);
  }
  if (!bufferView(sought, part)) {
    return raiseTypeError(thread, "{} first arg must be bytes or a tuple of bytes, not {}",
                          kAtEnd ? "endswith" : "startswith", nameOf(sought));
  }
  return Value::boolean(!reversed && matchesEdge(view, part, kAtEnd));
}

template <bool kAtEnd>
Fallible<Value> bytesRemoveEdge(Thread& thread, Value self, Value part) {
  std::string_view sought = TRY(requireBuffer(thread, part)), view = selfView(self);
  if (!matchesEdge(view, sought, kAtEnd)) return wholeOf(thread, self);
  return kAtEnd ? partOf(thread, self, 0, view.size() - sought.size())
                : partOf(thread, self, sought.size(), view.size());
}

// --- replace, split, strip, join --------------------------------------------------------------------------------------
// `with` before, between and behind the bytes, at most so many times.
Fallible<Value> interleave(Thread& thread, Value self, std::string_view view, std::string_view with, uint64_t times) {
  ByteBuilder out;
  times = std::min<uint64_t>(times, view.size() + 1);
  for (uint64_t i = 0; i < times; i++) {
    out.append(with);
    if (i < view.size()) out.push_back(view[i]);
  }
  out.append(view.substr(std::min<uint64_t>(times, view.size())));
  if (out.failed()) return raiseMemoryError(thread);
  return makeBytesLike(thread, self, out.view());
}

Fallible<Value> bytesReplace(Thread& thread, Value self, Value oldBytes, Value newBytes, Value count) {
  TRY(requireBuffer(thread, oldBytes));
  TRY(requireBuffer(thread, newBytes));
  int64_t limit = count.isUnbound() ? -1 : TRY(sizeArgument(thread, count));
  uint64_t times = limit < 0 ? UINT64_MAX : static_cast<uint64_t>(limit);
  std::string_view old = TRY(requireBuffer(thread, oldBytes)), with = TRY(requireBuffer(thread, newBytes));
  std::string_view view = selfView(self);
  if (old.empty()) return interleave(thread, self, view, with, times);
  uint64_t found = countText(asText(view), asText(old), times);
  if (found == 0) return wholeOf(thread, self);
  uint64_t kept = view.size() - found * old.size();
  if (!with.empty() && found > (Heap::kMaxCellBytes - kept) / with.size()) return raiseMemoryError(thread);
  uint64_t length = kept + found * with.size();
  uint8_t small;
  Bytes* bytes = nullptr;
  Bytearray* array = nullptr;
  uint8_t* to = &small;
  if (toBytearray(self) != nullptr) {
    array = TRY(makeBytearray(thread, {}));
    TRY(bytearrayResize(thread, array, length));
    if (length != 0) to = array->storage->bytes;
  } else if (length > 1) {
    bytes = TRY(makeBytesUninitialised(thread, length));
    to = bytes->data;
  }
  if (old.size() == 1 && with.size() == 1 && found < times) {
    char from = old[0], into = with[0];
    for (uint64_t i = 0; i < length; i++) to[i] = static_cast<uint8_t>(view[i] == from ? into : view[i]);
  } else if (old.size() == 1 && found < times && found > view.size() / 16) {  // too dense to be worth looking for
    for (char c : view) {
      if (c == old[0])
        for (char replacement : with) *to++ = static_cast<uint8_t>(replacement);
      else
        *to++ = static_cast<uint8_t>(c);
    }
  } else {
    for (; found > 0; found--) {
      auto gap = static_cast<uint64_t>(findText(asText(view), asText(old)));
      to = std::copy_n(with.begin(), with.size(), std::copy_n(view.begin(), gap, to));
      view.remove_prefix(gap + old.size());
    }
    std::copy(view.begin(), view.end(), to);
  }
  if (array != nullptr) return Value::of(array);
  if (bytes != nullptr) return Value::of(bytes);
  return Value::of(TRY(makeBytes(thread, {reinterpret_cast<const char*>(&small), length})));
}

bool isSpaceByte(char c) { return c == ' ' || static_cast<unsigned>(c - 9) < 5; }

Fallible<void> addPiece(Thread& thread, List* pieces, Value self, uint64_t start, uint64_t end) {
  if (isKind(self, Kind::kBytes)) {
    auto* all = self.as<Bytes>();
    if (end - start == all->length) return listAppend(thread, pieces, self);
    Bytes* piece = TRY(makeBytes(thread, {reinterpret_cast<const char*>(all->data) + start, end - start}));
    return listAppend(thread, pieces, Value::of(piece));
  }
  return listAppend(thread, pieces, TRY(partOf(thread, self, start, end)));
}

Fallible<void> splitAtSpace(Thread& thread, Value self, List* pieces, uint64_t limit, bool fromEnd) {
  std::string_view view = selfView(self);
  uint64_t start = 0, end = view.size();
  for (;;) {
    if (fromEnd) {
      while (end > 0 && isSpaceByte(view[end - 1])) end--;
    } else {
      while (start < end && isSpaceByte(view[start])) start++;
    }
    if (start == end) return {};
    if (limit-- == 0) return addPiece(thread, pieces, self, start, end);
    if (fromEnd) {
      uint64_t from = end;
      while (from > 0 && !isSpaceByte(view[from - 1])) from--;
      TRY(addPiece(thread, pieces, self, from, end));
      end = from;
    } else {
      uint64_t to = start;
      while (to < end && !isSpaceByte(view[to])) to++;
      TRY(addPiece(thread, pieces, self, start, to));
      start = to;
    }
  }
}

Fallible<void> splitAt(Thread& thread, Value self, std::string_view by, List* pieces, uint64_t limit, bool fromEnd) {
  std::string_view view = selfView(self);
  uint64_t start = 0, end = view.size();
  for (; limit != 0; limit--) {
    if (fromEnd) {
      int64_t found = findTextFromEnd(asText(view.substr(0, end)), asText(by));
      if (found < 0) break;
      TRY(addPiece(thread, pieces, self, static_cast<uint64_t>(found) + by.size(), end));
      end = static_cast<uint64_t>(found);
    } else {
      int64_t found = findText(asText(view.substr(start)), asText(by));
      if (found < 0) break;
      TRY(addPiece(thread, pieces, self, start, start + static_cast<uint64_t>(found)));
      start += static_cast<uint64_t>(found) + by.size();
    }
  }
  return addPiece(thread, pieces, self, start, end);
}

template <bool kFromEnd>
Fallible<Value> bytesSplit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{kFromEnd ? "rsplit" : "split", {"sep", "maxsplit"}, 0};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  int64_t limit = bound[1].isUnbound() ? -1 : TRY(sizeArgument(thread, bound[1]));
  uint64_t times = limit < 0 ? UINT64_MAX : static_cast<uint64_t>(limit);
  List* pieces = TRY(makeListWithCapacity(thread, 0));
  if (bound[0].isUnbound() || bound[0].isNone()) {
    TRY(splitAtSpace(thread, self, pieces, times, kFromEnd));
  } else {
    std::string_view by = TRY(requireBuffer(thread, bound[0]));
    if (by.empty()) return raise(thread, exceptions.ValueError, "empty separator");
    TRY(splitAt(thread, self, by, pieces, times, kFromEnd));
  }
  if (kFromEnd && pieces->length > 1) std::reverse(pieces->storage->slots, pieces->storage->slots + pieces->length);
  return Value::of(pieces);
}

template <bool kFromEnd>
Fallible<Value> bytesPartition(Thread& thread, Value self, Value separator) {
  std::string_view by = TRY(requireBuffer(thread, separator)), view = selfView(self);
  if (by.empty()) return raise(thread, exceptions.ValueError, "empty separator");
  int64_t found = kFromEnd ? findTextFromEnd(asText(view), asText(by)) : findText(asText(view), asText(by));
  if (found < 0) {
    Value whole = TRY(wholeOf(thread, self));
    Value nothing = TRY(makeBytesLike(thread, self, {})), nothing2 = TRY(makeBytesLike(thread, self, {}));
    return Value::of(kFromEnd ? TRY(makeTuple(thread, {nothing, nothing2, whole}))
                              : TRY(makeTuple(thread, {whole, nothing, nothing2})));
  }
  auto at = static_cast<uint64_t>(found);
  Value head = TRY(makeBytesLike(thread, self, view.substr(0, at)));
  Value middle =
      toBytes(separator) && toBytes(self) ? Value::of(toBytes(separator)) : TRY(makeBytesLike(thread, self, by));
  Value tail = TRY(makeBytesLike(thread, self, view.substr(at + by.size())));
  return Value::of(TRY(makeTuple(thread, {head, middle, tail})));
}

template <bool kLeft, bool kRight>
Fallible<Value> bytesStrip(Thread& thread, Value self, Value characters) {
  bool isSpace = characters.isUnbound() || characters.isNone();
  std::string_view set;
  if (!isSpace) set = TRY(requireBuffer(thread, characters));
  std::string_view view = selfView(self);
  auto drops = [&](char c) { return isSpace ? isSpaceByte(c) : set.find(c) != std::string_view::npos; };
  uint64_t start = 0, end = view.size();
  while (kLeft && start < end && drops(view[start])) start++;
  while (kRight && end > start && drops(view[end - 1])) end--;
  return partOf(thread, self, start, end);
}

Fallible<Value> bytesSplitlines(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"splitlines", {"keepends"}, 0};
  Value keep;
  TRY(kParameters.bind(thread, arguments, &keep));
  bool keepEnds = !keep.isUnbound() && TRY(sizeArgument(thread, keep)) != 0;
  List* lines = TRY(makeListWithCapacity(thread, 0));
  std::string_view view = selfView(self);
  for (uint64_t i = 0; i < view.size();) {
    uint64_t start = i;
    while (i < view.size() && view[i] != '\n' && view[i] != '\r') i++;
    uint64_t end = i;
    if (i < view.size()) {
      i += view[i] == '\r' && i + 1 < view.size() && view[i + 1] == '\n' ? 2 : 1;
      if (keepEnds) end = i;
    }
    TRY(listAppend(thread, lines, TRY(makeBytesLike(thread, self, view.substr(start, end - start)))));
  }
  return Value::of(lines);
}

Fallible<Value> bytesJoin(Thread& thread, Value self, Value iterable) {
  if (typeOf(iterable) != types.list && typeOf(iterable) != types.tuple &&
      specialMethod(iterable, Special::k__iter__).isUnbound() &&
      specialMethod(iterable, Special::k__getitem__).isUnbound()) {
    return raise(thread, exceptions.TypeError, "can only join an iterable");
  }
  ByteBuilder out;
  uint64_t count = 0;
  Value only = Value::none();
  TRY(forEach(thread, iterable, [&](Value item) -> Fallible<bool> {
    std::string_view view;
    if (!bufferView(item, view)) {
      return raiseTypeError(thread, "sequence item {}: expected a bytes-like object, {} found", count, nameOf(item));
    }
    if (count++ != 0) out.append(selfView(self));
    out.append(view);
    only = item;
    return true;
  }));
  if (count == 1 && typeOf(only) == types.bytes && toBytes(self) != nullptr) return only;
  if (out.failed()) return raiseMemoryError(thread);
  return makeBytesLike(thread, self, out.view());
}

}  // namespace

void declareBytesOperators(TypeBuilder& type) {
  type.special("__eq__", compareWith<Comparison::kEqual>)
      .special("__ne__", compareWith<Comparison::kNotEqual>)
      .special("__lt__", compareWith<Comparison::kLess>)
      .special("__le__", compareWith<Comparison::kLessEqual>)
      .special("__gt__", compareWith<Comparison::kGreater>)
      .special("__ge__", compareWith<Comparison::kGreaterEqual>)
      .special("__len__", bytesLength)
      .special("__getitem__", bytesGetItem)
      .special("__contains__", bytesContains)
      .special("__add__", bytesAdd, 0, true)
      .special("__mul__", bytesMultiply, 0, true)
      .special("__rmul__", bytesMultiply, 0, true)
      .special("__mod__", bytesRemainder)
      .special("__rmod__", bytesReflectedRemainder);
}

void declareBytesSearchMethods(TypeBuilder& type) {
  type.method("find", bytesFind<false>, 2)
      .method("rfind", bytesFind<true>, 2)
      .method("index", bytesIndex<false>, 2)
      .method("rindex", bytesIndex<true>, 2)
      .method("count", bytesCount, 2)
      .method("startswith", bytesMatchEdge<false>, 2)
      .method("endswith", bytesMatchEdge<true>, 2)
      .method("removeprefix", bytesRemoveEdge<false>)
      .method("removesuffix", bytesRemoveEdge<true>)
      .method("replace", bytesReplace, 1)
      .variadic("split", bytesSplit<false>)
      .variadic("rsplit", bytesSplit<true>)
      .method("partition", bytesPartition<false>)
      .method("rpartition", bytesPartition<true>)
      .method("strip", bytesStrip<true, true>, 1)
      .method("lstrip", bytesStrip<true, false>, 1)
      .method("rstrip", bytesStrip<false, true>, 1)
      .variadic("splitlines", bytesSplitlines)
      .method("join", bytesJoin);
}

}  // namespace krait
