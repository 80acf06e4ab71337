// Module _io: open() and the file classes under the names that io.py imports, and two small classes of its own.
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/file.h"
#include "vm/builtins/int.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/registry.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

// --- IncrementalNewlineDecoder ----------------------------------------------------------------------------------------
struct NewlineDecoder : NativeObject {
  Field<Value> decoder, errors;
  bool translates, pendingReturn;
  uint8_t seen;  // 1 \r, 2 \n, 4 \r\n
};
void traceDecoder(Cell* cell, Marker& marker) {
  marker.mark(static_cast<NewlineDecoder*>(cell)->decoder);
  marker.mark(static_cast<NewlineDecoder*>(cell)->errors);
}
constexpr NativeTraits kDecoderTraits{"IncrementalNewlineDecoder", traceDecoder, nullptr};

Fallible<Value> decoderNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"IncrementalNewlineDecoder", {"decoder", "translate", "errors"}, 2};
  Value bound[3];
  TRY(kParameters.bind(thread, arguments, bound));
  auto* d = TRY(allocate<NewlineDecoder>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  d->traits = &kDecoderTraits;
  d->decoder = bound[0];
  d->errors = bound[2].isUnbound() ? Value::of(names.strict) : bound[2];
  d->translates = TRY(isTrue(thread, bound[1]));
  return Value::of(d);
}
Fallible<Value> decoderDecode(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"decode", {"input", "final"}, 1};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  auto* d = self.as<NewlineDecoder>();
  bool final = !bound[1].isUnbound() && TRY(isTrue(thread, bound[1]));
  Value input = bound[0];
  if (!d->decoder.get().isNone()) {
    Value parts[] = {input, Value::boolean(final)};
    input = TRY(callMethod(thread, d->decoder, TRY(intern(thread, "decode")), parts));
  }
  const Str* text = toStr(input);
  if (text == nullptr) return raise(thread, exceptions.TypeError, "decoder should return a string result");
  StrBuilder out;
  uint64_t length = text->length;
  bool startsWithReturn = d->pendingReturn && (length != 0 || final);
  if (startsWithReturn) d->pendingReturn = false;
  if (!final && length != 0 && text->at(length - 1) == '\r') {  // perhaps the first half of a \r\n
    length--;
    d->pendingReturn = true;
  }
  auto at = [&](uint64_t i) { return startsWithReturn ? (i == 0 ? uint32_t{'\r'} : text->at(i - 1)) : text->at(i); };
  uint64_t total = length + startsWithReturn;
  for (uint64_t i = 0; i < total; i++) {
    uint32_t c = at(i);
    bool pair = c == '\r' && i + 1 < total && at(i + 1) == '\n';
    if (c == '\n') d->seen |= 2;
    if (c == '\r') d->seen |= pair ? 4 : 1;
    if (c == '\r' && d->translates) {
      if (pair) i++;
      c = '\n';
    } else if (pair) {
      out.appendCharacter('\r');
      c = '\n';
      i++;
    }
    out.appendCharacter(c);
  }
  return Value::of(TRY(out.build(thread)));
}
Fallible<Value> decoderReset(Thread& thread, Value self) {
  auto* d = self.as<NewlineDecoder>();
  d->seen = 0;
  d->pendingReturn = false;
  if (!d->decoder.get().isNone()) TRY(callMethod(thread, d->decoder, TRY(intern(thread, "reset")), {}));
  return Value::none();
}
// The state is the wrapped decoder's with a bit for the \r that is held back.
Fallible<Value> decoderGetstate(Thread& thread, Value self) {
  auto* d = self.as<NewlineDecoder>();
  Value buffer = Value::of(TRY(makeBytes(thread, {})));
  int64_t flag = 0;
  if (!d->decoder.get().isNone()) {
    Tuple* state = toTuple(TRY(callMethod(thread, d->decoder, TRY(intern(thread, "getstate")), {})));
    if (state == nullptr || state->length != 2) return raise(thread, exceptions.TypeError, "illegal decoder state");
    buffer = state->items[0];
    flag = TRY(sizeArgument(thread, state->items[1]));
  }
  Value bits = TRY(makeInt(thread, flag * 2 + d->pendingReturn));
  return Value::of(TRY(makeTuple(thread, {buffer, bits})));
}
Fallible<Value> decoderSetstate(Thread& thread, Value self, Value given) {
  auto* d = self.as<NewlineDecoder>();
  Tuple* state = toTuple(given);
  if (state == nullptr || state->length != 2) {
    return raise(thread, exceptions.TypeError, "state argument must be a tuple");
  }
  int64_t bits = TRY(sizeArgument(thread, state->items[1]));
  d->pendingReturn = bits & 1;
  if (!d->decoder.get().isNone()) {
    Value inner = Value::of(TRY(makeTuple(thread, {state->items[0], TRY(makeInt(thread, bits >> 1))})));
    TRY(callMethod(thread, d->decoder, TRY(intern(thread, "setstate")), {&inner, 1}));
  }
  return Value::none();
}
Fallible<Value> decoderNewlines(Thread& thread, Value self) {
  static constexpr const char* kNewlines[] = {"\r", "\n", "\r\n"};
  Value found[3];
  size_t count = 0;
  for (unsigned i = 0; i < 3; i++) {
    if (self.as<NewlineDecoder>()->seen >> i & 1) found[count++] = Value::of(TRY(intern(thread, kNewlines[i])));
  }
  if (count == 0) return Value::none();
  if (count == 1) return found[0];
  return Value::of(TRY(makeTuple(thread, std::span<const Value>(found, count))));
}

// --- BufferedRWPair ---------------------------------------------------------------------------------------------------
struct Pair : NativeObject {
  Field<Value> reader, writer;
};
void tracePair(Cell* cell, Marker& marker) {
  marker.mark(static_cast<Pair*>(cell)->reader);
  marker.mark(static_cast<Pair*>(cell)->writer);
}
constexpr NativeTraits kPairTraits{"BufferedRWPair", tracePair, nullptr};

Fallible<Value> pairNew(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "BufferedRWPair"));
  TRY(arguments.count(thread, "BufferedRWPair", 2, 3));
  auto* pair = TRY(allocate<Pair>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  pair->traits = &kPairTraits;
  pair->reader = TRY(call(thread, Value::of(types.binaryFile), arguments[0]));
  pair->writer = TRY(call(thread, Value::of(fileTypes.bufferedWriter), arguments[1]));
  return Value::of(pair);
}
// Hands a call on to one of the two.
Fallible<Value> forward(Thread& thread, Value to, const char* name, const Arguments& arguments) {
  return callMethod(thread, to, TRY(intern(thread, name)), arguments.positionals());
}
#define KRAIT_FORWARD(function, member, method)                                      \
  Fallible<Value> function(Thread& thread, Value self, const Arguments& arguments) { \
    return forward(thread, self.as<Pair>()->member.get(), method, arguments);        \
  }
KRAIT_FORWARD(pairRead, reader, "read")
KRAIT_FORWARD(pairRead1, reader, "read1")
KRAIT_FORWARD(pairPeek, reader, "peek")
KRAIT_FORWARD(pairReadinto, reader, "readinto")
KRAIT_FORWARD(pairReadinto1, reader, "readinto1")
KRAIT_FORWARD(pairReadable, reader, "readable")
KRAIT_FORWARD(pairWrite, writer, "write")
KRAIT_FORWARD(pairFlush, writer, "flush")
KRAIT_FORWARD(pairWritable, writer, "writable")
#undef KRAIT_FORWARD
Fallible<Value> pairClose(Thread& thread, Value self, const Arguments&) {
  auto* pair = self.as<Pair>();
  auto first = callMethod(thread, pair->writer, names.close, {});
  Value error = first.isRaised() ? takeException(thread) : Value::unbound();
  TRY(callMethod(thread, pair->reader, names.close, {}));
  if (!error.isUnbound()) return raiseInstance(thread, error);
  return Value::none();
}
Fallible<Value> pairIsatty(Thread& thread, Value self, const Arguments&) {
  auto* pair = self.as<Pair>();
  Value terminal = TRY(callMethod(thread, pair->writer, names.isatty, {}));
  return terminal.isTrue() ? terminal : callMethod(thread, pair->reader, names.isatty, {});
}
Fallible<Value> pairClosed(Thread& thread, Value self) {
  return getAttribute(thread, self.as<Pair>()->writer, "closed");
}

// --- functions --------------------------------------------------------------------------------------------------------
Fallible<Value> openCode(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"open_code", {"path"}, 1};
  Value path;
  TRY(kParameters.bind(thread, arguments, &path));
  if (toStr(path) == nullptr) {
    return raiseTypeError(thread, "open_code() argument 'path' must be str, not {}", argumentTypeName(path));
  }
  return openFile(thread, OpenRequest{path, "rb"});
}
Fallible<Value> textEncoding(Thread& thread, Value encoding, Value) {
  return encoding.isNone() ? Fallible<Value>(Value::of(TRY(intern(thread, "locale")))) : Fallible<Value>(encoding);
}

}  // namespace

Module* moduleIo(Thread& thread) {
  Type* decoder = TypeBuilder(thread, "IncrementalNewlineDecoder", types.object, Kind::kNative)
                      .module("_io")
                      .constructor(decoderNew)
                      .variadic("decode", decoderDecode)
                      .method("reset", decoderReset)
                      .method("getstate", decoderGetstate)
                      .method("setstate", decoderSetstate)
                      .getter("newlines", decoderNewlines)
                      .build();
  Type* pair = TypeBuilder(thread, "BufferedRWPair", fileTypes.bufferedIOBase, Kind::kNative)
                   .module("_io")
                   .constructor(pairNew)
                   .variadic("read", pairRead)
                   .variadic("read1", pairRead1)
                   .variadic("peek", pairPeek)
                   .variadic("readinto", pairReadinto)
                   .variadic("readinto1", pairReadinto1)
                   .variadic("readable", pairReadable)
                   .variadic("write", pairWrite)
                   .variadic("flush", pairFlush)
                   .variadic("writable", pairWritable)
                   .variadic("close", pairClose)
                   .variadic("isatty", pairIsatty)
                   .getter("closed", pairClosed)
                   .build();
  auto openName = intern(thread, "open");
  if (openName.isRaised()) return nullptr;
  ModuleBuilder module(thread, "_io", "The io module provides the Python interfaces to stream handling.");
  module.constant("DEFAULT_BUFFER_SIZE", Value::inlineInt(8192))
      .constant("BlockingIOError", Value::of(exceptions.BlockingIOError))
      .constant("UnsupportedOperation", Value::of(fileTypes.unsupportedOperation))
      .constant("open", dictGetStr(runtime.builtins, openName.value()))
      .variadic("open_code", openCode)
      .function("text_encoding", textEncoding, 1);
  const struct {
    const char* name;
    Type* type;
  } classes[] = {{"_IOBase", fileTypes.ioBase},
                 {"_RawIOBase", fileTypes.rawIOBase},
                 {"_BufferedIOBase", fileTypes.bufferedIOBase},
                 {"_TextIOBase", fileTypes.textIOBase},
                 {"FileIO", fileTypes.fileIO},
                 {"BytesIO", fileTypes.bytesIO},
                 {"StringIO", fileTypes.stringIO},
                 {"BufferedReader", types.binaryFile},
                 {"BufferedWriter", fileTypes.bufferedWriter},
                 {"BufferedRandom", fileTypes.bufferedRandom},
                 {"BufferedRWPair", pair},
                 {"TextIOWrapper", types.textFile},
                 {"IncrementalNewlineDecoder", decoder}};
  for (auto [name, type] : classes) module.constant(name, Value::of(type));
  return module.build();
}

}  // namespace krait
