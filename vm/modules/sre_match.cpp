// re.Match: what a pattern found, and the text it was found in.
#include <algorithm>
#include <cstring>

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/import.h"
#include "vm/modules/sre.h"

namespace krait::sre {

// --- subjects ---------------------------------------------------------------------------------------------------------
Fallible<void> Subject::open(Thread& thread, const Pattern* pattern, Value given) {
  string = given;
  if (const Str* s = toStr(given)) {
    if (pattern->isBytes == 1)
      return raise(thread, exceptions.TypeError, "cannot use a bytes pattern on a string-like object");
    text = s->data();
    width = s->width;
    length = static_cast<int64_t>(s->length);
    return {};
  }
  std::string_view bytes;
  if (!bufferView(given, bytes))
    return raiseTypeError(thread, "expected string or bytes-like object, got '{}'", nameOf(given));
  if (pattern->isBytes == 0)
    return raise(thread, exceptions.TypeError, "cannot use a string pattern on a bytes-like object");
  std::span<uint8_t> writable;
  if (mutableBufferView(given, writable)) {
    guard_ = TRY(makeMemoryview(thread, given));
    if (!bufferView(given, bytes)) return raise(thread, exceptions.TypeError, "buffer has negative size");
  }
  isBytes = true;
  text = bytes.data() == nullptr ? "" : bytes.data();
  width = 1;
  length = static_cast<int64_t>(bytes.size());
  return {};
}

Subject::~Subject() {
  if (!guard_.isUnbound()) guard_.as<Memoryview>()->object = Value::unbound();
}

Fallible<Value> slice(Thread& thread, Value string, int64_t from, int64_t to) {
  if (Str* s = toStr(string)) {
    auto length = static_cast<int64_t>(s->length);
    from = std::min(from, length);
    to = std::min(to, length);
    return Value::of(TRY(substring(thread, s, static_cast<uint64_t>(from), static_cast<uint64_t>(std::max(from, to)))));
  }
  std::string_view bytes;
  if (!bufferView(string, bytes))
    return raiseTypeError(thread, "expected string or bytes-like object, got '{}'", nameOf(string));
  auto length = static_cast<int64_t>(bytes.size());
  from = std::min(from, length);
  to = std::min(std::max(from, to), length);
  if (isKind(string, Kind::kBytes) && from == 0 && to == length) return string;
  std::string_view part = bytes.substr(static_cast<size_t>(from), static_cast<size_t>(to - from));
  Bytes* made = TRY(makeBytesUninitialised(thread, part.size()));
  if (!bufferView(string, bytes) || static_cast<int64_t>(bytes.size()) < to) {
    return raise(thread, exceptions.BufferError, "the text of the match has been given up");
  }
  if (to > from) memcpy(made->data, bytes.data() + from, static_cast<size_t>(to - from));
  return Value::of(made);
}

Fallible<void> aim(Thread& thread, Matcher& matcher, const Pattern* pattern, const Subject& subject, int64_t pos,
                   int64_t endpos) {
  matcher.program = pattern->program;
  matcher.text = subject.text;
  matcher.width = subject.width;
  matcher.length = subject.length;
  matcher.start = std::clamp<int64_t>(pos, 0, subject.length);
  matcher.end = std::clamp<int64_t>(endpos, 0, subject.length);
  return matcher.prepare(thread);
}

namespace {

Match* self_(Value v) { return v.as<Match>(); }
void traceMatch(Cell* cell, Marker& marker) {
  auto* match = static_cast<Match*>(cell);
  marker.mark(match->pattern);
  marker.mark(match->string);
  marker.mark(match->regs);
}
constexpr NativeTraits kTraits{"Match", traceMatch, nullptr};

Fallible<Value> part(Thread& thread, const Match* match, uint32_t group, Value otherwise) {
  int64_t from = match->spans[2 * group], to = match->spans[2 * group + 1];
  if (from < 0) return otherwise;
  return slice(thread, match->string, from, to);
}

// The number of the group that `index` names.
Fallible<uint32_t> groupNumber(Thread& thread, const Match* match, Value index) {
  int64_t number = -1;
  Value named = index;
  if (!index.isInlineInt() && specialMethod(index, Special::k__index__).isUnbound()) {
    Value found = TRY(dictGet(thread, match->pattern->groupIndex, index));
    named = found.isUnbound() ? Value::inlineInt(-1) : found;
  }
  if (named.isInlineInt()) {
    number = named.asInlineInt();
  } else {
    number = TRY(indexAsInt64(thread, named));
  }
  if (number < 0 || number >= match->groups) return raise(thread, exceptions.IndexError, "no such group");
  return static_cast<uint32_t>(number);
}

Fallible<Value> matchGroup(Thread& thread, Value self, const Arguments& arguments) {
  Match* match = self_(self);
  TRY(arguments.noKeywords(thread, "Match.group"));
  if (arguments.positional == 0) return part(thread, match, 0, Value::none());
  if (arguments.positional == 1) {
    return part(thread, match, TRY(groupNumber(thread, match, arguments[0])), Value::none());
  }
  Tuple* out = TRY(makeTupleUninitialised(thread, arguments.positional));
  for (uint32_t i = 0; i < arguments.positional; i++) {
    out->items[i] = TRY(part(thread, match, TRY(groupNumber(thread, match, arguments[i])), Value::none()));
  }
  return Value::of(out);
}
Fallible<Value> matchGetItem(Thread& thread, Value self, Value index) {
  return part(thread, self_(self), TRY(groupNumber(thread, self_(self), index)), Value::none());
}
Fallible<Value> matchGroups(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"groups", {"default"}, 0};
  Value otherwise;
  TRY(kParameters.bind(thread, arguments, &otherwise));
  if (otherwise.isUnbound()) otherwise = Value::none();
  Match* match = self_(self);
  Tuple* out = TRY(makeTupleUninitialised(thread, match->groups - 1));
  for (uint32_t i = 1; i < match->groups; i++) out->items[i - 1] = TRY(part(thread, match, i, otherwise));
  return Value::of(out);
}
Fallible<Value> matchGroupdict(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"groupdict", {"default"}, 0};
  Value otherwise;
  TRY(kParameters.bind(thread, arguments, &otherwise));
  if (otherwise.isUnbound()) otherwise = Value::none();
  Match* match = self_(self);
  Dict* out = TRY(makeDict(thread));
  uint64_t position = 0;
  Value name, index;
  while (dictNext(match->pattern->groupIndex, position, name, index)) {
    uint32_t number = TRY(groupNumber(thread, match, name));
    TRY(dictSet(thread, out, name, TRY(part(thread, match, number, otherwise))));
  }
  return Value::of(out);
}
Fallible<uint32_t> optionalGroup(Thread& thread, Value self, Value index) {
  if (index.isUnbound()) return 0u;
  return groupNumber(thread, self_(self), index);
}
Fallible<Value> matchStart(Thread& thread, Value self, Value group) {
  return Value::inlineInt(self_(self)->spans[2 * TRY(optionalGroup(thread, self, group))]);
}
Fallible<Value> matchEnd(Thread& thread, Value self, Value group) {
  return Value::inlineInt(self_(self)->spans[2 * TRY(optionalGroup(thread, self, group)) + 1]);
}
Fallible<Value> spanOf(Thread& thread, const Match* match, uint32_t group) {
  return Value::of(TRY(
      makeTuple(thread, {Value::inlineInt(match->spans[2 * group]), Value::inlineInt(match->spans[2 * group + 1])})));
}
Fallible<Value> matchSpan(Thread& thread, Value self, Value group) {
  return spanOf(thread, self_(self), TRY(optionalGroup(thread, self, group)));
}
Fallible<Value> matchRegs(Thread& thread, Value self) {
  Match* match = self_(self);
  if (match->regs.get().isUnbound()) {
    Tuple* regs = TRY(makeTupleUninitialised(thread, match->groups));
    for (uint32_t i = 0; i < match->groups; i++) regs->items[i] = TRY(spanOf(thread, match, i));
    match->regs = Value::of(regs);
  }
  return match->regs.get();
}
Fallible<Value> matchLastindex(Thread&, Value self) {
  int64_t last = self_(self)->lastIndex;
  return last >= 0 ? Value::inlineInt(last) : Value::none();
}
Fallible<Value> matchLastgroup(Thread&, Value self) {
  int64_t last = self_(self)->lastIndex;
  const Tuple* names = self_(self)->pattern->indexGroup;
  if (last < 0 || static_cast<uint64_t>(last) >= names->length) return Value::none();
  return names->items[last].get();
}
Fallible<Value> matchString(Thread&, Value self) { return self_(self)->string.get(); }
Fallible<Value> matchRe(Thread&, Value self) { return Value::of(self_(self)->pattern.get()); }
Fallible<Value> matchPos(Thread&, Value self) { return Value::inlineInt(self_(self)->pos); }
Fallible<Value> matchEndpos(Thread&, Value self) { return Value::inlineInt(self_(self)->endpos); }

Fallible<Value> matchExpand(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"expand", {"template"}, 1};
  Value given;
  TRY(kParameters.bind(thread, arguments, &given));
  Value re = TRY(importModule(thread, TRY(intern(thread, "re"))));
  Value parts[] = {Value::of(self_(self)->pattern.get()), self, given};
  return callMethod(thread, re, TRY(intern(thread, "_expand")), parts);
}
Fallible<Value> matchRepr(Thread& thread, Value self) {
  Match* match = self_(self);
  StrBuilder out;
  out.append("<").append(TRY(typeFullName(thread, typeOf(self)))).append(" object; span=(");
  fmt::memory_buffer span;
  fmt::format_to(std::back_inserter(span), "{}, {}", match->spans[0], match->spans[1]);
  out.append(std::string_view(span.data(), span.size())).append("), match=");
  out.append(TRY(repr(thread, TRY(part(thread, match, 0, Value::none()))))).append(">");
  return Value::of(TRY(out.build(thread)));
}
Fallible<Value> matchCopy(Thread&, Value self) { return self; }
Fallible<Value> matchDeepcopy(Thread&, Value self, Value) { return self; }

}  // namespace

Fallible<Value> makeMatch(Thread& thread, Pattern* pattern, const Matcher& matcher, Value string, int64_t pos,
                          int64_t endpos) {
  uint32_t groups = pattern->program->groups + 1;
  Match* match = TRY(allocate<Match>(thread, Kind::kNative, classes.match->instanceShape, groups * size_t{16}));
  match->traits = &kTraits;
  match->pattern = pattern;
  match->string = string;
  match->regs = Value::unbound();
  match->pos = pos;
  match->endpos = endpos;
  match->lastIndex = matcher.lastIndex;
  match->groups = groups;
  for (uint32_t i = 0; i < groups; i++) matcher.groupSpan(i, match->spans[2 * i], match->spans[2 * i + 1]);
  return Value::of(match);
}

void addMatchType(Thread& thread) {
  TypeBuilder builder(thread, "Match", types.object, Kind::kNative);
  classes.match = builder.module("re")
                      .doc(
                          "The result of re.match() and re.search().\n"
                          "Match objects always have a boolean value of True.")
                      .variadic("group", matchGroup)
                      .method("start", matchStart, 1)
                      .method("end", matchEnd, 1)
                      .method("span", matchSpan, 1)
                      .variadic("groups", matchGroups)
                      .variadic("groupdict", matchGroupdict)
                      .variadic("expand", matchExpand)
                      .method("__copy__", matchCopy)
                      .method("__deepcopy__", matchDeepcopy)
                      .classMethod("__class_getitem__", classGetItemAlias)
                      .special("__getitem__", matchGetItem)
                      .special("__repr__", matchRepr)
                      .getter("lastindex", matchLastindex)
                      .getter("lastgroup", matchLastgroup)
                      .getter("regs", matchRegs)
                      .build();
  TypeBuilder(thread, classes.match)
      .constant("string", makeReadOnlyMember(thread, classes.match, "string", matchString))
      .constant("re", makeReadOnlyMember(thread, classes.match, "re", matchRe))
      .constant("pos", makeReadOnlyMember(thread, classes.match, "pos", matchPos))
      .constant("endpos", makeReadOnlyMember(thread, classes.match, "endpos", matchEndpos))
      .build();
}

}  // namespace krait::sre
