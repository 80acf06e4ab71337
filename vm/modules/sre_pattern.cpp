// re.Pattern: a compiled regular expression and its methods.
#include <algorithm>

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/mappingproxy.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/sre.h"
#include "vm/modules/sre_replace.h"

namespace krait::sre {
namespace {

Pattern* self_(Value v) { return v.as<Pattern>(); }

// (string, pos=0, endpos=sys.maxsize) of a method, opened.
struct Search {
  Subject subject;
  Matcher matcher;
  Value string;
  int64_t pos = 0, endpos = INT64_MAX;
  Fallible<void> bind(Thread& thread, const Arguments& arguments, const char* function) {
    if (arguments.positional == 1 && arguments.keywordNames == nullptr) {
      string = arguments[0];
      return {};
    }
    const Parameters parameters{function, {"string", "pos", "endpos"}, 1};
    Value bound[3];
    TRY(parameters.bind(thread, arguments, bound));
    string = bound[0];
    if (!bound[1].isUnbound()) pos = TRY(sizeArgument(thread, bound[1]));
    if (!bound[2].isUnbound()) endpos = TRY(sizeArgument(thread, bound[2]));
    return {};
  }
  Fallible<void> open(Thread& thread, const Pattern* pattern) {
    TRY(subject.open(thread, pattern, string));
    pos = std::clamp<int64_t>(pos, 0, subject.length);
    endpos = std::clamp<int64_t>(endpos, 0, subject.length);
    return aim(thread, matcher, pattern, subject, pos, endpos);
  }
  Fallible<Value> found(Thread& thread, Pattern* pattern, bool is) {
    return is ? makeMatch(thread, pattern, matcher, string, pos, endpos) : Value::none();
  }
};

Fallible<Value> patternMatch(Thread& thread, Value self, const Arguments& arguments) {
  Search search;
  TRY(search.bind(thread, arguments, "match"));
  TRY(search.open(thread, self_(self)));
  return search.found(thread, self_(self), TRY(search.matcher.match(thread)));
}
Fallible<Value> patternFullmatch(Thread& thread, Value self, const Arguments& arguments) {
  Search search;
  TRY(search.bind(thread, arguments, "fullmatch"));
  TRY(search.open(thread, self_(self)));
  search.matcher.isFullMatch = true;
  return search.found(thread, self_(self), TRY(search.matcher.match(thread)));
}
Fallible<Value> patternSearch(Thread& thread, Value self, const Arguments& arguments) {
  Search search;
  TRY(search.bind(thread, arguments, "search"));
  TRY(search.open(thread, self_(self)));
  return search.found(thread, self_(self), TRY(search.matcher.search(thread)));
}

// The text of a group; `otherwise` when it has not matched.
Fallible<Value> groupText(Thread& thread, const Matcher& matcher, Value string, uint32_t group, Value otherwise) {
  int64_t from, to;
  if (!matcher.groupSpan(group, from, to)) return otherwise;
  return slice(thread, string, from, to);
}

Fallible<Value> patternFindall(Thread& thread, Value self, const Arguments& arguments) {
  Search search;
  TRY(search.bind(thread, arguments, "findall"));
  TRY(search.open(thread, self_(self)));
  uint32_t groups = self_(self)->program->groups;
  Value empty = TRY(slice(thread, search.string, 0, 0));
  List* out = TRY(makeListWithCapacity(thread, 0));
  while (TRY(search.matcher.search(thread))) {
    Value item;
    if (groups < 2) {
      item = TRY(groupText(thread, search.matcher, search.string, groups, empty));
    } else {
      Tuple* all = TRY(makeTupleUninitialised(thread, groups));
      for (uint32_t i = 0; i < groups; i++) {
        all->items[i] = TRY(groupText(thread, search.matcher, search.string, i + 1, empty));
      }
      item = Value::of(all);
    }
    TRY(listAppend(thread, out, item));
    search.matcher.advance();
  }
  return Value::of(out);
}
Fallible<Value> patternScanner(Thread& thread, Value self, const Arguments& arguments) {
  Search search;
  TRY(search.bind(thread, arguments, "scanner"));
  TRY(search.open(thread, self_(self)));
  return makeScanner(thread, self_(self), search.string, search.pos, search.endpos);
}
Fallible<Value> patternFinditer(Thread& thread, Value self, const Arguments& arguments) {
  Search search;
  TRY(search.bind(thread, arguments, "finditer"));
  TRY(search.open(thread, self_(self)));
  Value scanner = TRY(makeScanner(thread, self_(self), search.string, search.pos, search.endpos));
  return makeCallableIterator(thread, TRY(getAttribute(thread, scanner, "search")), Value::none());
}
Fallible<Value> patternSplit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"split", {"string", "maxsplit"}, 1};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  int64_t limit = bound[1].isUnbound() ? 0 : TRY(sizeArgument(thread, bound[1])), count = 0, done = 0;
  Search search;
  search.string = bound[0];
  TRY(search.open(thread, self_(self)));
  uint32_t groups = self_(self)->program->groups;
  List* out = TRY(makeListWithCapacity(thread, 0));
  while (limit == 0 || count < limit) {
    if (!TRY(search.matcher.search(thread))) break;
    TRY(listAppend(thread, out, TRY(slice(thread, search.string, done, search.matcher.matchStart))));
    for (uint32_t i = 1; i <= groups; i++) {
      TRY(listAppend(thread, out, TRY(groupText(thread, search.matcher, search.string, i, Value::none()))));
    }
    done = search.matcher.matchEnd;
    count++;
    search.matcher.advance();
  }
  TRY(listAppend(thread, out, TRY(slice(thread, search.string, done, search.endpos))));
  return Value::of(out);
}
Fallible<Value> patternSub(Thread& thread, Value self, const Arguments& arguments) {
  return substitute(thread, self_(self), arguments, "sub", false);
}
Fallible<Value> patternSubn(Thread& thread, Value self, const Arguments& arguments) {
  return substitute(thread, self_(self), arguments, "subn", true);
}

Fallible<Value> patternRepr(Thread& thread, Value self) {
  static constexpr const char* kNames[] = {"re.TEMPLATE", "re.IGNORECASE", "re.LOCALE", "re.MULTILINE", "re.DOTALL",
                                           "re.UNICODE",  "re.VERBOSE",    "re.DEBUG",  "re.ASCII"};
  Pattern* pattern = self_(self);
  uint32_t flags = pattern->patternFlags;
  if (pattern->isBytes == 0 && (flags & (kLocale | kUnicode | kAscii)) == kUnicode) flags &= ~uint32_t{kUnicode};
  StrBuilder out;
  Str* text = TRY(repr(thread, pattern->pattern));
  out.append("re.compile(").append(text, 0, std::min<uint64_t>(text->length, 200));
  const char* separator = ", ";
  for (uint32_t i = 0; i < std::size(kNames); i++) {
    if ((flags >> i & 1) == 0) continue;
    out.append(separator).append(kNames[i]);
    separator = "|";
    flags &= ~(uint32_t{1} << i);
  }
  if (flags != 0) {
    fmt::memory_buffer hex;
    fmt::format_to(std::back_inserter(hex), "{}{:#x}", separator, flags);
    out.append(std::string_view(hex.data(), hex.size()));
  }
  return Value::of(TRY(out.append(")").build(thread)));
}
Fallible<Value> patternHash(Thread& thread, Value self) {
  Pattern* pattern = self_(self);
  const auto& words = pattern->program->words;
  int64_t hash = hashBytes(words.data(), words.size() * sizeof(uint32_t));
  hash ^= TRY(krait::hash(thread, pattern->pattern));
  hash ^=
      static_cast<int64_t>(pattern->patternFlags) ^ pattern->isBytes ^ static_cast<int64_t>(pattern->program->groups);
  return makeInt(thread, hash == -1 ? -2 : hash);
}
Fallible<Value> patternEqual(Thread& thread, Value self, Value other) {
  if (typeOf(other) != classes.pattern) return Value::notImplemented();
  if (self.is(other)) return Value::boolean(true);
  const Pattern *left = self_(self), *right = self_(other);
  if (left->patternFlags != right->patternFlags || left->isBytes != right->isBytes ||
      left->program->groups != right->program->groups || left->program->words != right->program->words) {
    return Value::boolean(false);
  }
  return Value::boolean(TRY(equals(thread, left->pattern, right->pattern)));
}
Fallible<Value> patternCopy(Thread&, Value self) { return self; }
Fallible<Value> patternDeepcopy(Thread&, Value self, Value) { return self; }
Fallible<Value> patternSizeof(Thread& thread, Value self) {
  return makeInt(thread, static_cast<int64_t>(sizeof(Pattern) + self_(self)->program->words.size() * 4));
}
Fallible<Value> patternGroupindex(Thread& thread, Value self) {
  if (self_(self)->groupIndex->length == 0) return Value::of(TRY(makeDict(thread)));
  return makeMappingProxy(thread, Value::of(self_(self)->groupIndex.get()));
}
Fallible<Value> patternPattern(Thread&, Value self) { return self_(self)->pattern.get(); }
Fallible<Value> patternFlags(Thread&, Value self) { return Value::inlineInt(self_(self)->patternFlags); }
Fallible<Value> patternGroups(Thread&, Value self) { return Value::inlineInt(self_(self)->program->groups); }

}  // namespace

void addPatternType(Thread& thread) {
  TypeBuilder builder(thread, "Pattern", types.object, Kind::kNative);
  classes.pattern = builder.module("re")
                        .flags(Type::kHasWeakref)
                        .doc("Compiled regular expression object.")
                        .variadic("match", patternMatch)
                        .variadic("fullmatch", patternFullmatch)
                        .variadic("search", patternSearch)
                        .variadic("sub", patternSub)
                        .variadic("subn", patternSubn)
                        .variadic("findall", patternFindall)
                        .variadic("split", patternSplit)
                        .variadic("finditer", patternFinditer)
                        .variadic("scanner", patternScanner)
                        .method("__copy__", patternCopy)
                        .method("__deepcopy__", patternDeepcopy)
                        .method("__sizeof__", patternSizeof)
                        .classMethod("__class_getitem__", classGetItemAlias)
                        .special("__repr__", patternRepr)
                        .special("__eq__", patternEqual)
                        .special("__hash__", patternHash)
                        .getter("groupindex", patternGroupindex)
                        .build();
  TypeBuilder(thread, classes.pattern)
      .constant("pattern", makeReadOnlyMember(thread, classes.pattern, "pattern", patternPattern))
      .constant("flags", makeReadOnlyMember(thread, classes.pattern, "flags", patternFlags))
      .constant("groups", makeReadOnlyMember(thread, classes.pattern, "groups", patternGroups))
      .build();
}

}  // namespace krait::sre
