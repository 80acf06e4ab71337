// print, input, open, and the conversions between characters, numbers and text.
#include "vm/builtins/functions.h"

#include <unistd.h>

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/file.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/modules/sys.h"
#include "vm/names.h"

namespace krait {
namespace {

// --- print ------------------------------------------------------------------------------------------------------------
Fallible<Str*> separatorOf(Thread& thread, Value v, const char* name, const char* otherwise) {
  if (v.isUnbound() || v.isNone()) return makeStrAscii(thread, otherwise);
  if (Str* s = toStr(v)) return s;
  return raiseTypeError(thread, "{} must be None or a string, not {}", name, nameOf(v));
}

constexpr Parameters kPrint{"print", {"*", "sep", "end", "file", "flush"}, 0};
Fallible<Value> print(Thread& thread, Value, const Arguments& arguments) {
  Value bound[4] = {Value::unbound(), Value::unbound(), Value::unbound(), Value::unbound()};
  if (arguments.keywordCount() != 0) {
    Arguments keywords{arguments.first + arguments.positional, 0, arguments.keywordNames};
    TRY(kPrint.bind(thread, keywords, bound));
  }
  Value file = bound[2];
  if (file.isUnbound() || file.isNone()) {
    file = sysAttribute(names.stdout);
    if (file.isUnbound()) return raise(thread, exceptions.RuntimeError, "lost sys.stdout");
    if (file.isNone()) return Value::none();
  }
  Str* separator = TRY(separatorOf(thread, bound[0], "sep", " "));
  Str* end = TRY(separatorOf(thread, bound[1], "end", "\n"));
  for (uint32_t i = 0; i < arguments.positional; i++) {
    if (i != 0) TRY(writeToFile(thread, file, separator));
    Value v = arguments[i];
    TRY(writeToFile(thread, file, typeOf(v) == types.str ? v.as<Str>() : TRY(str(thread, v))));
  }
  TRY(writeToFile(thread, file, end));
  if (!bound[3].isUnbound() && TRY(isTrue(thread, bound[3]))) {
    TRY(callMethod(thread, file, names.flush, {}));
  }
  return Value::none();
}

// --- input ------------------------------------------------------------------------------------------------------------
Fallible<Value> standardFile(Thread& thread, Str* name) {
  Value file = sysAttribute(name);
  fmt::memory_buffer buffer;
  if (file.isUnbound() || file.isNone()) {
    return raiseFormat(thread, exceptions.RuntimeError, "input(): lost sys.{}", textOf(name, buffer));
  }
  return file;
}

Fallible<Value> input(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "input"));
  TRY(arguments.count(thread, "input", 0, 1));
  Value in = TRY(standardFile(thread, names.stdin)), out = TRY(standardFile(thread, names.stdout));
  Value errors = TRY(standardFile(thread, names.stderr));
  TRY(callMethod(thread, errors, names.flush, {}));
  if (arguments.positional == 1) TRY(writeToFile(thread, out, TRY(str(thread, arguments[0]))));
  TRY(callMethod(thread, out, names.flush, {}));
  Value line = TRY(readLine(thread, in));
  Str* text = toStr(line);
  if (text == nullptr) return raise(thread, exceptions.TypeError, "object.readline() returned non-string");
  if (text->length == 0) return raise(thread, exceptions.EOFError, "EOF when reading a line");
  bool hasEnd = text->at(text->length - 1) == '\n';
  return Value::of(TRY(substring(thread, text, 0, text->length - hasEnd)));
}

// --- open -------------------------------------------------------------------------------------------------------------
// A parameter that is text or None.
Fallible<Value> optionalText(Thread& thread, Value v, const char* parameter) {
  if (v.isUnbound() || v.isNone()) return Value::none();
  if (toStr(v) != nullptr) return v;
  return raiseTypeError(thread, "open() argument '{}' must be str or None, not {}", parameter, nameOf(v));
}

constexpr Parameters kOpen{
    "open", {"file", "mode", "buffering", "encoding", "errors", "newline", "closefd", "opener"}, 1};
Fallible<Value> open(Thread& thread, Value, const Arguments& arguments) {
  Value bound[8];
  TRY(kOpen.bind(thread, arguments, bound));
  auto [file, modeValue, buffering, encoding, errors, newline, closefd, opener] = bound;
  std::string mode = TRY(textArgument(thread, modeValue, "open", "mode", "r"));
  OpenRequest request{file, mode};
  if (!buffering.isUnbound()) request.buffering = TRY(sizeArgument(thread, buffering));
  request.encoding = TRY(optionalText(thread, encoding, "encoding"));
  request.errors = TRY(optionalText(thread, errors, "errors"));
  request.newline = TRY(optionalText(thread, newline, "newline"));
  if (!closefd.isUnbound()) request.closesDescriptor = TRY(isTrue(thread, closefd));
  if (!opener.isUnbound()) request.opener = opener;
  return openFile(thread, request);
}

// --- characters and text ----------------------------------------------------------------------------------------------
Fallible<Value> chr(Thread& thread, Value v) {
  auto code = toInt64(v.isInlineInt() ? v : TRY(index(thread, v)));
  if (!code || *code > INT32_MAX || *code < INT32_MIN) {
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
  }
  if (*code < 0 || *code > 0x10ffff) {
    return raise(thread, exceptions.ValueError, "chr() arg not in range(0x110000)");
  }
  return Value::of(TRY(makeStrOfCharacter(thread, static_cast<uint32_t>(*code))));
}

Fallible<Value> ord(Thread& thread, Value v) {
  uint64_t length;
  std::string_view bytes;
  if (const Str* s = toStr(v)) {
    if (s->length == 1) return Value::inlineInt(s->at(0));
    length = s->length;
  } else if (bufferView(v, bytes) && typeOf(v) != types.memoryview) {
    if (bytes.size() == 1) return Value::inlineInt(static_cast<uint8_t>(bytes[0]));
    length = bytes.size();
  } else {
    return raiseTypeError(thread, "ord() expected string of length 1, but {} found", nameOf(v));
  }
  return raiseTypeError(thread, "ord() expected a character, but string of length {} found", length);
}

Fallible<Value> reprFunction(Thread& thread, Value v) { return Value::of(TRY(repr(thread, v))); }
Fallible<Value> asciiFunction(Thread& thread, Value v) { return Value::of(TRY(ascii(thread, v))); }
Fallible<Value> formatFunction(Thread& thread, Value v, Value spec) {
  if (spec.isUnbound()) spec = Value::of(emptyStr());
  if (toStr(spec) == nullptr) {
    return raiseTypeError(thread, "format() argument 2 must be str, not {}", argumentTypeName(spec));
  }
  return Value::of(TRY(format(thread, v, spec)));
}

Fallible<Value> breakpoint(Thread& thread, Value, const Arguments& arguments) {
  Value hook = sysAttribute(TRY(intern(thread, "breakpointhook")));
  if (hook.isUnbound()) return raise(thread, exceptions.RuntimeError, "lost sys.breakpointhook");
  return call(thread, hook, {arguments.first, arguments.positional + arguments.keywordCount()}, arguments.keywordNames);
}

}  // namespace

void registerIoFunctions(Thread& thread, Dict* builtins) {
  BuiltinFunctions(thread, builtins)
      .add("print", print)
      .add("input", input)
      .add("open", krait::open)
      .add("breakpoint", breakpoint)
      .add("chr", chr)
      .add("ord", ord)
      .add("repr", reprFunction)
      .add("ascii", asciiFunction)
      .add("format", formatFunction, 1);
}

}  // namespace krait
