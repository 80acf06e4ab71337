// Module _io: open() and the file classes under the names that io.py imports, and BufferedRWPair.
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/registry.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

// --- BufferedRWPair ---------------------------------------------------------------------------------------------------
struct Pair : NativeObject {
  Field<Value> reader, writer;  // unbound before __init__
};
void tracePair(Cell* cell, Marker& marker) {
  marker.mark(static_cast<Pair*>(cell)->reader);
  marker.mark(static_cast<Pair*>(cell)->writer);
}
constexpr NativeTraits kPairTraits{"BufferedRWPair", tracePair, nullptr};

Fallible<Value> pairNew(Thread& thread, Value self, const Arguments&) {
  auto* pair = TRY(allocate<Pair>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  pair->traits = &kPairTraits;
  pair->reader = pair->writer = Value::unbound();
  return Value::of(pair);
}
Fallible<Value> pairInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "BufferedRWPair"));
  TRY(arguments.count(thread, "BufferedRWPair", 2, 3));
  int64_t size = arguments.positional == 3 ? TRY(sizeArgument(thread, arguments[2])) : 8192;
  TRY(requireAbility(thread, arguments[0], "readable", "File or stream is not readable."));
  TRY(requireAbility(thread, arguments[1], "writable", "File or stream is not writable."));
  Value reader = TRY(makeBuffered(thread, types.binaryFile, arguments[0], size));
  Value writer = TRY(makeBuffered(thread, fileTypes.bufferedWriter, arguments[1], size));
  self.as<Pair>()->reader = reader;
  self.as<Pair>()->writer = writer;
  return Value::none();
}
// Hands a call on to one of the two.
Fallible<Value> forward(Thread& thread, Value to, const char* name, const Arguments& arguments) {
  if (to.isUnbound()) return raise(thread, exceptions.ValueError, "I/O operation on uninitialized object");
  return callMethod(thread, to, TRY(intern(thread, name)), arguments.positionals());
}
template <Field<Value> Pair::*kMember, const char* const& kMethod>
Fallible<Value> pairForward(Thread& thread, Value self, const Arguments& arguments) {
  return forward(thread, (self.as<Pair>()->*kMember).get(), kMethod, arguments);
}
constexpr const char *kRead = "read", *kRead1 = "read1", *kPeek = "peek", *kReadinto = "readinto",
                     *kReadinto1 = "readinto1", *kReadable = "readable", *kWrite = "write", *kFlush = "flush",
                     *kWritable = "writable";

Fallible<Value> pairClose(Thread& thread, Value self, const Arguments& arguments) {
  auto* pair = self.as<Pair>();
  auto first = forward(thread, pair->writer, "close", arguments);
  Value error = first.isRaised() ? takeException(thread) : Value::unbound();
  auto second = forward(thread, pair->reader, "close", arguments);
  if (second.isRaised()) {
    Value later = takeException(thread);
    if (!error.isUnbound() && isException(later)) later.as<Exception>()->context = error;
    return raiseInstance(thread, later);
  }
  if (!error.isUnbound()) return raiseInstance(thread, error);
  return Value::none();
}
Fallible<Value> pairIsatty(Thread& thread, Value self, const Arguments& arguments) {
  auto* pair = self.as<Pair>();
  Value terminal = TRY(forward(thread, pair->writer, "isatty", arguments));
  return terminal.isTrue() ? Fallible<Value>(terminal) : forward(thread, pair->reader, "isatty", arguments);
}
Fallible<Value> pairClosed(Thread& thread, Value self) {
  Value writer = self.as<Pair>()->writer;
  if (writer.isUnbound()) {
    return raise(thread, exceptions.RuntimeError, "the BufferedRWPair object is being garbage-collected");
  }
  return getAttribute(thread, writer, "closed");
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
  if (!encoding.isNone()) return encoding;
  if (warnsOfDefaultEncoding) {
    TRY(warn(thread, exceptions.EncodingWarning, "'encoding' argument not specified", 2));
  }
  return Value::of(TRY(intern(thread, utf8Mode ? "utf-8" : "locale")));
}

}  // namespace

Module* moduleIo(Thread& thread) {
  if (fileTypes.bufferedPair == nullptr) {
    fileTypes.bufferedPair = TypeBuilder(thread, "BufferedRWPair", fileTypes.bufferedIOBase, Kind::kNative)
                                 .module("_io")
                                 .flags(Type::kBaseType | Type::kHasDict | Type::kInstantiable | Type::kHasWeakref)
                                 .constructor(pairNew)
                                 .specialVariadic("__init__", pairInit)
                                 .variadic("read", pairForward<&Pair::reader, kRead>)
                                 .variadic("read1", pairForward<&Pair::reader, kRead1>)
                                 .variadic("peek", pairForward<&Pair::reader, kPeek>)
                                 .variadic("readinto", pairForward<&Pair::reader, kReadinto>)
                                 .variadic("readinto1", pairForward<&Pair::reader, kReadinto1>)
                                 .variadic("readable", pairForward<&Pair::reader, kReadable>)
                                 .variadic("write", pairForward<&Pair::writer, kWrite>)
                                 .variadic("flush", pairForward<&Pair::writer, kFlush>)
                                 .variadic("writable", pairForward<&Pair::writer, kWritable>)
                                 .variadic("close", pairClose)
                                 .variadic("isatty", pairIsatty)
                                 .variadic("__reduce_ex__", refusePickling)
                                 .getter("closed", pairClosed)
                                 .build();
    static RootVector* const roots = new RootVector;
    if (!roots->push(Value::of(fileTypes.bufferedPair))) return nullptr;
  }
  auto openName = intern(thread, "open");
  if (openName.isRaised()) return nullptr;
  ModuleBuilder module(thread, "_io", "Files and streams: raw, buffered and of text.");
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
                 {"BufferedRWPair", fileTypes.bufferedPair},
                 {"TextIOWrapper", types.textFile},
                 {"IncrementalNewlineDecoder", fileTypes.newlineDecoder}};
  for (auto [name, type] : classes) module.constant(name, Value::of(type));
  return module.build();
}

}  // namespace krait
