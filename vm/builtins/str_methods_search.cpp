// Methods of str that look for text: find, index, count, replace, startswith, removeprefix and their like.
#include <algorithm>

#include "vm/builtins/int.h"
#include "vm/builtins/str_methods.h"
#include "vm/builtins/str_search.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"

namespace krait {
namespace {

Fallible<Str*> soughtStr(Thread& thread, Value v) {
  if (Str* s = toStr(v)) return s;
  return raiseTypeError(thread, "must be str, not {}", nameOf(v));
}

// Where `sought` is in s[start:end], or -1.
template <bool kFromEnd>
Fallible<int64_t> findIn(Thread& thread, Value self, Value sought, Value start, Value end) {
  const Str* s = toStr(self);
  const Str* part = TRY(soughtStr(thread, sought));
  TextRange range = TRY(textRange(thread, start, end, static_cast<int64_t>(s->length)));
  if (range.isReversed()) return -1;
  Needle needle(part, s->width);
  if (needle.outOfMemory()) return raiseMemoryError(thread);
  if (!needle.possible()) return -1;
  TextView view = viewOf(s).part(static_cast<uint64_t>(range.start), static_cast<uint64_t>(range.end));
  int64_t found = kFromEnd ? findTextFromEnd(view, needle.view()) : findText(view, needle.view());
  return found < 0 ? -1 : found + range.start;
}

Fallible<Value> strFind(Thread& thread, Value self, Value sought, Value start, Value end) {
  return Value::inlineInt(TRY(findIn<false>(thread, self, sought, start, end)));
}
Fallible<Value> strRfind(Thread& thread, Value self, Value sought, Value start, Value end) {
  return Value::inlineInt(TRY(findIn<true>(thread, self, sought, start, end)));
}
Fallible<Value> strIndex(Thread& thread, Value self, Value sought, Value start, Value end) {
  int64_t found = TRY(findIn<false>(thread, self, sought, start, end));
  if (found < 0) return raise(thread, exceptions.ValueError, "substring not found");
  return Value::inlineInt(found);
}
Fallible<Value> strRindex(Thread& thread, Value self, Value sought, Value start, Value end) {
  int64_t found = TRY(findIn<true>(thread, self, sought, start, end));
  if (found < 0) return raise(thread, exceptions.ValueError, "substring not found");
  return Value::inlineInt(found);
}

Fallible<Value> strCount(Thread& thread, Value self, Value sought, Value start, Value end) {
  const Str* s = toStr(self);
  const Str* part = TRY(soughtStr(thread, sought));
  TextRange range = TRY(textRange(thread, start, end, static_cast<int64_t>(s->length)));
  if (range.isReversed()) return Value::inlineInt(0);
  if (part->length == 0) return Value::inlineInt(range.end - range.start + 1);
  Needle needle(part, s->width);
  if (needle.outOfMemory()) return raiseMemoryError(thread);
  if (!needle.possible()) return Value::inlineInt(0);
  TextView view = viewOf(s).part(static_cast<uint64_t>(range.start), static_cast<uint64_t>(range.end));
  return Value::inlineInt(static_cast<int64_t>(countText(view, needle.view())));
}

Fallible<Value> strContains(Thread& thread, Value self, Value sought) {
  const Str* s = toStr(self);
  const Str* part = toStr(sought);
  if (part == nullptr) {
    return raiseTypeError(thread, "'in <string>' requires string as left operand, not {}", nameOf(sought));
  }
  Needle needle(part, s->width);
  if (needle.outOfMemory()) return raiseMemoryError(thread);
  return Value::boolean(needle.possible() && findText(viewOf(s), needle.view()) >= 0);
}

// Whether s[start:end] starts (ends) with `part`.
bool matchesEdge(const Str* s, const Str* part, TextRange range, bool atEnd) {
  if (range.isReversed() || static_cast<int64_t>(part->length) > range.end - range.start) return false;
  if (part->length == 0) return true;
  if (part->width > s->width) return false;
  auto from = static_cast<uint64_t>(atEnd ? range.end : range.start) - (atEnd ? part->length : 0);
  if (part->width == s->width) return textMatchesAt(viewOf(s), from, viewOf(part));
  for (uint64_t i = 0; i < part->length; i++) {
    if (s->at(from + i) != part->at(i)) return false;
  }
  return true;
}

Fallible<Value> matchEdge(Thread& thread, Value self, Value sought, Value start, Value end, bool atEnd) {
  const char* function = atEnd ? "endswith" : "startswith";
  const Str* s = toStr(self);
  TextRange range = TRY(textRange(thread, start, end, static_cast<int64_t>(s->length)));
  if (const Str* part = toStr(sought)) return Value::boolean(matchesEdge(s, part, range, atEnd));
  const Tuple* choices = toTuple(sought);
  if (choices == nullptr) {
    return raiseTypeError(thread, "{} first arg must be str or a tuple of str, not {}", function, nameOf(sought));
  }
  for (Value choice : choices->values()) {
    const Str* part = toStr(choice);
    if (part == nullptr) {
      return raiseTypeError(thread, "tuple for {} must only contain str, not {}", function, nameOf(choice));
    }
    if (matchesEdge(s, part, range, atEnd)) return Value::boolean(true);
  }
  return Value::boolean(false);
}
Fallible<Value> strStartswith(Thread& thread, Value self, Value sought, Value start, Value end) {
  return matchEdge(thread, self, sought, start, end, false);
}
Fallible<Value> strEndswith(Thread& thread, Value self, Value sought, Value start, Value end) {
  return matchEdge(thread, self, sought, start, end, true);
}

Fallible<Value> strRemovePrefix(Thread& thread, Value self, Value prefix) {
  const Str* part = TRY(strArgument(thread, prefix, "removeprefix", 0));
  Str* s = toStr(self);
  TextRange all{0, static_cast<int64_t>(s->length)};
  return Value::of(matchesEdge(s, part, all, false) ? TRY(substring(thread, s, part->length, s->length)) : s);
}
Fallible<Value> strRemoveSuffix(Thread& thread, Value self, Value suffix) {
  const Str* part = TRY(strArgument(thread, suffix, "removesuffix", 0));
  Str* s = toStr(self);
  TextRange all{0, static_cast<int64_t>(s->length)};
  return Value::of(matchesEdge(s, part, all, true) ? TRY(substring(thread, s, 0, s->length - part->length)) : s);
}

// "".replace: `with` between all characters and at both ends, at most `limit` times.
Fallible<Str*> interleave(Thread& thread, const Str* s, const Str* with, uint64_t limit) {
  StrBuilder out;
  uint64_t times = std::min(limit, s->length + 1);
  for (uint64_t i = 0; i < times; i++) {
    out.append(with);
    if (i < s->length) out.appendCharacter(s->at(i));
  }
  out.append(s, std::min(times, s->length), s->length);
  return out.build(thread);
}

// One character by another that fits the same width: a copy, then overwriting in place.
template <class C>
void replaceCharacters(C* text, uint64_t length, C from, C to, uint64_t limit) {
  if (limit >= length) {
    for (uint64_t i = 0; i < length; i++) text[i] = text[i] == from ? to : text[i];
    return;
  }
  for (uint64_t i = 0; i < length && limit != 0; i++) {
    if (text[i] == from) {
      text[i] = to;
      limit--;
    }
  }
}

Fallible<Str*> replaceAll(Thread& thread, Str* s, const Str* old, const Str* with, uint64_t limit) {
  if (limit == 0) return s;
  if (old->length == 0) return interleave(thread, s, with, limit);
  if (old->length > s->length || strEquals(old, with)) return s;
  Needle needle(old, s->width);
  if (needle.outOfMemory()) return raiseMemoryError(thread);
  if (!needle.possible()) return s;
  TextView view = viewOf(s);
  bool isCharacter = old->length == 1 && with->length == 1;
  uint64_t count = isCharacter ? findText(view, needle.view()) >= 0 : countText(view, needle.view(), limit);
  if (count == 0) return s;
  if (isCharacter && s->width == 1 && with->width == 1 && old->isAscii() && with->isAscii()) {
    if (s->length == 1) return makeStrOfCharacter(thread, with->at(0));
    Str* copy = TRY(allocateStr(thread, s->length, 1, s->isAscii()));
    memcpy(copy->inlineText, s->data(), s->length);
    replaceCharacters<uint8_t>(copy->inlineText, s->length, *old->data(), *with->data(), limit);
    return copy;
  }
  if (isCharacter) count = countText(view, needle.view(), limit);
  uint64_t kept = s->length - count * old->length;
  if (with->length != 0 && count > (kMaxStrLength - kept) / with->length) return raiseMemoryError(thread);
  if (s->isAscii() && with->isAscii()) {  // the result's size and width are known: one allocation
    uint64_t length = kept + count * with->length;
    if (length == 0) return emptyStr();
    Str* replaced = TRY(allocateStr(thread, length, 1, true));
    uint8_t* to = replaced->inlineText;
    uint64_t from = 0;
    for (uint64_t i = 0; i < count; i++) {
      auto gap = static_cast<uint64_t>(findText(view.part(from, view.length), needle.view()));
      memcpy(to, view.data + from, gap);
      to += gap;
      memcpy(to, with->data(), with->length);
      to += with->length;
      from += gap + old->length;
    }
    memcpy(to, view.data + from, view.length - from);
    return length == 1 ? makeStrOfCharacter(thread, replaced->inlineText[0]) : Fallible<Str*>(replaced);
  }
  StrBuilder out;
  uint64_t from = 0;
  for (uint64_t i = 0; i < count; i++) {
    uint64_t at = from + static_cast<uint64_t>(findText(view.part(from, view.length), needle.view()));
    out.append(s, from, at).append(with);
    from = at + old->length;
  }
  out.append(s, from, s->length);
  return out.build(thread);
}

Fallible<Value> strReplace(Thread& thread, Value self, Value oldText, Value newText, Value count) {
  const Str* old = TRY(strArgument(thread, oldText, "replace", 1));
  const Str* with = TRY(strArgument(thread, newText, "replace", 2));
  int64_t limit = count.isUnbound() ? -1 : TRY(sizeArgument(thread, count));
  uint64_t times = limit < 0 ? UINT64_MAX : static_cast<uint64_t>(limit);
  return Value::of(TRY(replaceAll(thread, toStr(self), old, with, times)));
}

}  // namespace

void declareStrSearchMethods(TypeBuilder& type) {
  type.method("find", strFind, 2)
      .method("rfind", strRfind, 2)
      .method("index", strIndex, 2)
      .method("rindex", strRindex, 2)
      .method("count", strCount, 2)
      .method("startswith", strStartswith, 2)
      .method("endswith", strEndswith, 2)
      .method("removeprefix", strRemovePrefix)
      .method("removesuffix", strRemoveSuffix)
      .method("replace", strReplace, 1)
      .special("__contains__", strContains);
}

}  // namespace krait
