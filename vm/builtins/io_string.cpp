// io.StringIO: a text file whose content is in memory.
//
// The text lies outside the heap as four bytes a character, so that any position is reached at once.
#include <algorithm>
#include <cstring>
#include <cwchar>
#include <new>
#include <string>

#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"

namespace krait {
namespace {

struct StringContent {
  std::u32string text;
  uint64_t position = 0;
};
struct StringFile : NativeObject {
  Field<Value> newlineGiven;
  StringContent* content;  // null before __init__
  Newline newline;
  NewlineState newlines;
  bool closed;
};
void traceString(Cell* cell, Marker& marker) { marker.mark(static_cast<StringFile*>(cell)->newlineGiven); }
void finaliseString(Cell* cell) {
  auto* s = static_cast<StringFile*>(cell);
  delete s->content;
  s->content = nullptr;
}
constexpr NativeTraits kTraits{"StringIO", traceString, finaliseString};

StringFile* self_(Value v) { return v.as<StringFile>(); }

Fallible<StringContent*> open(Thread& thread, Value self) {
  StringFile* s = self_(self);
  if (s->content == nullptr) {
    return raise(thread, exceptions.ValueError, "I/O operation on uninitialized object");
  }
  if (s->closed) return raise(thread, exceptions.ValueError, "I/O operation on closed file");
  return s->content;
}

Fallible<Str*> textPart(Thread& thread, const StringContent* c, uint64_t start, uint64_t end) {
  return makeStrUcs4(thread, reinterpret_cast<const uint32_t*>(c->text.data()) + start, end - start);
}

// Line ends as `newline` wants them in the content.
Fallible<Str*> translate(Thread& thread, StringFile* s, Str* text) {
  switch (s->newline) {
    case Newline::kUniversal:
    case Newline::kUntranslated: return decodeNewlines(thread, s->newlines, text, true);
    case Newline::kLf: return text;
    default: break;
  }
  StrBuilder out;
  for (uint64_t i = 0; i < text->length; i++) {
    uint32_t c = text->at(i);
    if (c != '\n') {
      out.appendCharacter(c);
    } else {
      out.append(s->newline == Newline::kCr ? "\r" : "\r\n");
    }
  }
  return out.build(thread);
}

Fallible<void> put(Thread& thread, StringFile* s, Str* given) {
  Str* text = TRY(translate(thread, s, given));
  if (text->length == 0) return {};
  StringContent* c = s->content;
  uint64_t end = c->position + text->length;
  if (end > kMaxStrLength) return raise(thread, exceptions.OverflowError, "new position too large");
  try {
    if (end > c->text.size()) {
      if (end > c->text.capacity()) c->text.reserve(std::max<uint64_t>(end, c->text.capacity() * 2));
      c->text.resize(end, U'\0');
    }
  } catch (const std::bad_alloc&) {
    return raiseMemoryError(thread);
  }
  copyCharacters(c->text.data() + c->position, 4, text->data(), text->width, text->length);
  c->position = end;
  return {};
}

Fallible<Value> stringNew(Thread& thread, Value self, const Arguments&) {
  auto* s = TRY(allocate<StringFile>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  s->traits = &kTraits;
  s->newlineGiven = Value::none();
  s->newlines = NewlineState{};
  if (!heap.registerFinaliser(thread, s)) return raiseMemoryError(thread);
  return Value::of(s);
}
Fallible<void> initialise(Thread& thread, StringFile* s, Value initial, Value newline) {
  if (newline.isUnbound()) newline = Value::of(TRY(intern(thread, "\n")));
  if (!newline.isNone() && toStr(newline) == nullptr) {
    return raiseTypeError(thread, "newline must be str or None, not {}", nameOf(newline));
  }
  auto mode = newlineOf(thread, newline, "StringIO");
  if (mode.isRaised()) {
    clearException(thread);
    fmt::memory_buffer buffer;
    return raiseValueError(thread, "illegal newline value: {}", textOf(TRY(repr(thread, newline)), buffer));
  }
  if (!initial.isUnbound() && !initial.isNone() && toStr(initial) == nullptr) {
    return raiseTypeError(thread, "initial_value must be str or None, not {}", nameOf(initial));
  }
  if (s->content == nullptr) s->content = new (std::nothrow) StringContent;
  if (s->content == nullptr) return raiseMemoryError(thread);
  s->newline = mode.value();
  s->newlineGiven = newline;
  s->newlines = NewlineState{};
  s->newlines.translates = s->newline == Newline::kUniversal;
  s->closed = false;
  s->content->text.clear();
  s->content->position = 0;
  if (const Str* text = toStr(initial); text != nullptr && !initial.isNone()) {
    TRY(put(thread, s, const_cast<Str*>(text)));
    s->content->position = 0;
  }
  return {};
}
Fallible<Value> stringInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"StringIO", {"initial_value", "newline"}, 0};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  TRY(initialise(thread, self_(self), bound[0].isUnbound() ? Value::none() : bound[0], bound[1]));
  return Value::none();
}

Fallible<Value> stringWrite(Thread& thread, Value self, Value data) {
  if (self_(self)->content == nullptr) TRY(open(thread, self));
  Str* text = toStr(data);
  if (text == nullptr) return raiseTypeError(thread, "string argument expected, got '{}'", nameOf(data));
  TRY(open(thread, self));
  TRY(put(thread, self_(self), text));
  return makeInt(thread, static_cast<int64_t>(text->length));
}
Fallible<Value> stringGetvalue(Thread& thread, Value self) {
  StringContent* c = TRY(open(thread, self));
  return Value::of(TRY(textPart(thread, c, 0, c->text.size())));
}
Fallible<Value> stringRead(Thread& thread, Value self, Value sizeValue) {
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  StringContent* c = TRY(open(thread, self));
  uint64_t start = std::min<uint64_t>(c->position, c->text.size()), end = c->text.size();
  if (size >= 0) end = std::min<uint64_t>(end, start + static_cast<uint64_t>(size));
  if (start < end) c->position = end;
  return Value::of(TRY(textPart(thread, c, start, end)));
}

uint64_t endOfLine(const StringFile* s, uint64_t start) {
  const std::u32string& text = s->content->text;
  if (s->newline != Newline::kUntranslated && s->newline != Newline::kCrLf && start < text.size()) {
    static_assert(sizeof(wchar_t) == sizeof(char32_t));
    auto* first = reinterpret_cast<const wchar_t*>(text.data());
    const wchar_t* end = std::wmemchr(first + start, s->newline == Newline::kCr ? L'\r' : L'\n', text.size() - start);
    return end == nullptr ? text.size() : static_cast<uint64_t>(end - first) + 1;
  }
  for (uint64_t i = start; i < text.size(); i++) {
    char32_t c = text[i];
    bool pair = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    switch (s->newline) {
      case Newline::kUntranslated:
        if (c == '\n') return i + 1;
        if (c == '\r') return i + (pair ? 2 : 1);
        break;
      default:
        if (pair) return i + 2;
    }
  }
  return text.size();
}
Fallible<Str*> takeLine(Thread& thread, StringFile* s, int64_t limit) {
  StringContent* c = s->content;
  uint64_t start = std::min<uint64_t>(c->position, c->text.size()), end = endOfLine(s, start);
  if (limit >= 0) end = std::min<uint64_t>(end, start + static_cast<uint64_t>(limit));
  if (start < end) c->position = end;
  return textPart(thread, c, start, end);
}
Fallible<Value> stringReadline(Thread& thread, Value self, Value sizeValue) {
  int64_t limit = TRY(sizeOrAll(thread, sizeValue));
  TRY(open(thread, self));
  return Value::of(TRY(takeLine(thread, self_(self), limit)));
}
Fallible<Value> stringNext(Thread& thread, Value self) {
  TRY(open(thread, self));
  if (typeOf(self) != fileTypes.stringIO) {
    Value made = TRY(callMethod(thread, self, names.readline, {}));
    if (toStr(made) == nullptr) {
      return raiseFormat(thread, exceptions.OSError, "readline() should have returned a str object, not '{}'",
                         nameOf(made));
    }
    return toStr(made)->length == 0 ? Value::unbound() : made;
  }
  Str* line = TRY(takeLine(thread, self_(self), -1));
  return line->length == 0 ? Value::unbound() : Value::of(line);
}
Fallible<Value> stringTruncate(Thread& thread, Value self, Value sizeValue) {
  StringContent* c = TRY(open(thread, self));
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  if (sizeValue.isUnbound() || sizeValue.isNone()) size = static_cast<int64_t>(c->position);
  if (size < 0) return raiseValueError(thread, "Negative size value {}", size);
  if (static_cast<uint64_t>(size) < c->text.size()) c->text.resize(static_cast<size_t>(size));
  return makeInt(thread, size);
}
Fallible<Value> stringSeek(Thread& thread, Value self, Value offsetValue, Value whenceValue) {
  if (!isInt(offsetValue) && specialMethod(offsetValue, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "'{}' object cannot be interpreted as an integer", nameOf(offsetValue));
  }
  int64_t offset = TRY(sizeArgument(thread, offsetValue));
  int64_t whence = whenceValue.isUnbound() ? 0 : TRY(sizeArgument(thread, whenceValue));
  StringContent* c = TRY(open(thread, self));
  if (whence < 0 || whence > 2) {
    return raiseValueError(thread, "Invalid whence ({}, should be 0, 1 or 2)", whence);
  }
  if (offset < 0 && whence == 0) return raiseValueError(thread, "Negative seek position {}", offset);
  if (whence != 0 && offset != 0) return raise(thread, exceptions.OSError, "Can't do nonzero cur-relative seeks");
  if (whence == 0) c->position = static_cast<uint64_t>(offset);
  if (whence == 2) c->position = c->text.size();
  return makeInt(thread, static_cast<int64_t>(c->position));
}
Fallible<Value> stringTell(Thread& thread, Value self) {
  return makeInt(thread, static_cast<int64_t>(TRY(open(thread, self))->position));
}
Fallible<Value> stringClose(Thread&, Value self) {
  StringFile* s = self_(self);
  s->closed = true;
  if (s->content != nullptr) std::u32string().swap(s->content->text);
  return Value::none();
}
Fallible<Value> stringClosed(Thread& thread, Value self) {
  if (self_(self)->content == nullptr) TRY(open(thread, self));
  return Value::boolean(self_(self)->closed);
}
Fallible<Value> stringTrue(Thread& thread, Value self) {
  TRY(open(thread, self));
  return Value::boolean(true);
}
Fallible<Value> stringLineBuffering(Thread& thread, Value self) {
  TRY(open(thread, self));
  return Value::boolean(false);
}
Fallible<Value> stringNewlines(Thread& thread, Value self) {
  TRY(open(thread, self));
  StringFile* s = self_(self);
  bool isUniversal = s->newline == Newline::kUniversal || s->newline == Newline::kUntranslated;
  return isUniversal ? newlinesSeen(thread, s->newlines.seen) : Fallible<Value>(Value::none());
}

Fallible<Value> stringGetstate(Thread& thread, Value self) {
  StringContent* c = TRY(open(thread, self));
  Value value = TRY(stringGetvalue(thread, self));
  Value position = TRY(makeInt(thread, static_cast<int64_t>(c->position)));
  Value dict = Value::none();
  if (self_(self)->overflow.get() != nullptr) {
    dict = Value::of(TRY(dictCopy(thread, TRY(attributeDict(thread, self.asCell())))));
  }
  return Value::of(TRY(makeTuple(thread, {value, self_(self)->newlineGiven, position, dict})));
}
Fallible<Value> stringSetstate(Thread& thread, Value self, Value state) {
  StringFile* s = self_(self);
  if (s->closed && s->content != nullptr) TRY(open(thread, self));
  Tuple* parts = toTuple(state);
  if (parts == nullptr || parts->length < 4) {
    return raiseTypeError(thread, "{}.__setstate__ argument should be 4-tuple, got {}", nameOf(self), nameOf(state));
  }
  // The value has its line ends already: it goes in as it is.
  TRY(initialise(thread, s, Value::none(), parts->items[1]));
  Str* value = toStr(parts->items[0]);
  if (value == nullptr) {
    return raiseTypeError(thread, "initial_value must be str or None, not {}", nameOf(parts->items[0].get()));
  }
  Newline newline = s->newline;
  s->newline = Newline::kLf;
  auto done = put(thread, s, value);
  s->newline = newline;
  if (done.isRaised()) return Raised{};
  if (!isInt(parts->items[2])) {
    return raiseTypeError(thread, "third item of state must be an integer, got {}", nameOf(parts->items[2].get()));
  }
  int64_t position = TRY(sizeArgument(thread, parts->items[2]));
  if (position < 0) return raise(thread, exceptions.ValueError, "position value cannot be negative");
  s->content->position = static_cast<uint64_t>(position);
  if (parts->items[3].get().isNone()) return Value::none();
  Dict* dict = toDict(parts->items[3]);
  if (dict == nullptr) {
    return raiseTypeError(thread, "fourth item of state should be a dict, got a {}", nameOf(parts->items[3].get()));
  }
  TRY(dictUpdate(thread, TRY(attributeDict(thread, s)), Value::of(dict)));
  return Value::none();
}

}  // namespace

void initialiseStringIO(Thread& thread) {
  fileTypes.stringIO = TypeBuilder(thread, "StringIO", fileTypes.textIOBase, Kind::kNative)
                           .module("_io")
                           .flags(Type::kBaseType | Type::kHasDict | Type::kInstantiable | Type::kHasWeakref)
                           .constructor(stringNew)
                           .specialVariadic("__init__", stringInit)
                           .method("write", stringWrite)
                           .method("getvalue", stringGetvalue)
                           .method("read", stringRead, 1)
                           .method("readline", stringReadline, 1)
                           .next(stringNext)
                           .method("truncate", stringTruncate, 1)
                           .method("seek", stringSeek, 1)
                           .method("tell", stringTell)
                           .method("close", stringClose)
                           .method("readable", stringTrue)
                           .method("writable", stringTrue)
                           .method("seekable", stringTrue)
                           .method("__getstate__", stringGetstate)
                           .method("__setstate__", stringSetstate)
                           .getter("closed", stringClosed)
                           .getter("line_buffering", stringLineBuffering)
                           .getter("newlines", stringNewlines)
                           .build();
}

}  // namespace krait
