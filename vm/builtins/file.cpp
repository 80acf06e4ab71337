// open(), the standard streams, and the short ways to files that the rest of the interpreter uses.
#include "vm/builtins/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/lifetimes.h"
#include "vm/names.h"

namespace krait {
namespace {

struct Mode {
  bool reading = false, writing = false, appending = false, creating = false, updating = false;
  bool text = false, binary = false;
};

Fallible<Mode> parseMode(Thread& thread, std::string_view text) {
  Mode mode;
  for (size_t i = 0; i < text.size(); i++) {
    char c = text[i];
    bool repeated = text.find(c, i + 1) != std::string_view::npos;
    switch (c) {
      case 'r': mode.reading = true; break;
      case 'w': mode.writing = true; break;
      case 'a': mode.appending = true; break;
      case 'x': mode.creating = true; break;
      case '+': mode.updating = true; break;
      case 't': mode.text = true; break;
      case 'b': mode.binary = true; break;
      default: repeated = true;
    }
    if (repeated) return raiseValueError(thread, "invalid mode: '{}'", text);
  }
  if (mode.text && mode.binary) {
    return raise(thread, exceptions.ValueError, "can't have text and binary mode at once");
  }
  int ways = mode.reading + mode.writing + mode.appending + mode.creating;
  if (ways > 1) {
    return raise(thread, exceptions.ValueError, "must have exactly one of create/read/write/append mode");
  }
  return mode;
}

Fallible<void> checkCombination(Thread& thread, const OpenRequest& request, const Mode& mode) {
  if (!mode.binary) return {};
  const char* refused = !request.encoding.isNone()  ? "an encoding"
                        : !request.errors.isNone()  ? "an errors"
                        : !request.newline.isNone() ? "a newline"
                                                    : nullptr;
  if (refused != nullptr) return raiseValueError(thread, "binary mode doesn't take {} argument", refused);
  if (request.buffering == 1) {
    return warn(thread, exceptions.RuntimeWarning,
                "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used");
  }
  return {};
}

Fallible<Value> wrapRaw(Thread& thread, RawFile* raw, const OpenRequest& request, const Mode& mode) {
  bool isTerminal = isatty(raw->descriptor()) != 0;
  int64_t size = request.buffering;
  bool isLineBuffered = size == 1 || (size < 0 && isTerminal);
  if (size < 0 || size == 1) size = std::max<int64_t>(raw->blockSize, 8192);
  if (size == 0) {
    if (!mode.binary) return raise(thread, exceptions.ValueError, "can't have unbuffered text I/O");
    return Value::of(raw);
  }
  Type* type = mode.updating ? fileTypes.bufferedRandom : mode.reading ? types.binaryFile : fileTypes.bufferedWriter;
  Value buffer = TRY(makeBuffered(thread, type, Value::of(raw), size));
  if (mode.binary) return buffer;
  TextRequest text{buffer, request.encoding, request.errors, request.newline};
  text.lineBuffering = isLineBuffered;
  Value file = TRY(makeText(thread, types.textFile, text));
  TRY(setAttribute(thread, file, TRY(intern(thread, "mode")), Value::of(TRY(makeStr(thread, request.mode)))));
  return file;
}

// Whether file.write is the class's own: an instance may have been given another.
bool writesItself(Value file) {
  if (typeOf(file) != types.textFile) return false;
  return file.as<Object>()->overflow.get() == nullptr || ownAttribute(file.asCell(), names.write).isUnbound();
}

}  // namespace

Fallible<Value> openFile(Thread& thread, const OpenRequest& request) {
  bool isPath = toStr(request.file) != nullptr || toBytes(request.file) != nullptr || isInt(request.file) ||
                !lookupOnType(typeOf(request.file), TRY(intern(thread, "__fspath__"))).isUnbound();
  if (!isPath) {
    return raiseTypeError(thread, "expected str, bytes or os.PathLike object, not {}", nameOf(request.file));
  }
  Mode mode = TRY(parseMode(thread, request.mode));
  TRY(checkCombination(thread, request, mode));
  char rawMode[4];
  size_t length = 0;
  if (mode.creating) rawMode[length++] = 'x';
  if (mode.reading) rawMode[length++] = 'r';
  if (mode.writing) rawMode[length++] = 'w';
  if (mode.appending) rawMode[length++] = 'a';
  if (mode.updating) rawMode[length++] = '+';
  Value path = request.file;
  if (!isInt(path) && toStr(path) == nullptr && toBytes(path) == nullptr) {
    path = TRY(callSpecial(thread, lookupOnType(typeOf(path), TRY(intern(thread, "__fspath__"))), path));
    if (toStr(path) == nullptr && toBytes(path) == nullptr) {
      return raiseTypeError(thread, "expected {}.__fspath__() to return str or bytes, not {}", nameOf(request.file),
                            nameOf(path));
    }
  }
  RawFile* raw =
      TRY(openRaw(thread, fileTypes.fileIO, {path, {rawMode, length}, request.closesDescriptor, request.opener}));
  auto file = wrapRaw(thread, raw, request, mode);
  if (!file.isRaised()) {
    // Only the outermost of the layers is finalised: closing it closes the others, in their order.
    TRY(registerMade(thread, file.value()));
    return file;
  }
  Value error = takeException(thread);
  if (rawClose(thread, raw).isRaised()) clearException(thread);
  return raiseInstance(thread, error);
}

Fallible<Value> makeStandardFile(Thread& thread, const StandardFile& request) {
  if (fcntl(request.descriptor, F_GETFD) < 0) return Value::none();  // closed by who started us, as `krait <&-` does
  auto opened =
      openRaw(thread, fileTypes.fileIO, {Value::inlineInt(request.descriptor), request.writable ? "wb" : "rb", false});
  if (opened.isRaised()) {
    if (!pendingMatches(thread, exceptions.OSError)) return Raised{};
    clearException(thread);
    return Value::none();
  }
  RawFile* raw = opened.value();
  Value name = Value::of(TRY(makeStr(thread, request.name)));
  TRY(setAttribute(thread, Value::of(raw), names.name, name));
  bool isRaw = request.unbuffered && request.writable;
  Type* type = request.writable ? fileTypes.bufferedWriter : types.binaryFile;
  Value buffer =
      isRaw ? Value::of(raw) : TRY(makeBuffered(thread, type, Value::of(raw), std::max<int64_t>(raw->blockSize, 8192)));
  bool isError = request.descriptor == STDERR_FILENO;
  std::string_view errors = isError ? "backslashreplace" : request.errors.empty() ? "strict" : request.errors;
  TextRequest text{buffer};
  text.encoding = Value::of(TRY(intern(thread, request.encoding.empty() ? "utf-8" : request.encoding)));
  text.errors = Value::of(TRY(intern(thread, errors)));
  // stdin translates newlines; the others write them as they are.
  if (request.writable) text.newline = Value::of(TRY(intern(thread, "\n")));
  text.lineBuffering = !isRaw && (isError || isatty(request.descriptor) != 0);
  text.writeThrough = isRaw;
  Value file = TRY(makeText(thread, types.textFile, text));
  TRY(setAttribute(thread, file, TRY(intern(thread, "mode")),
                   Value::of(TRY(intern(thread, request.writable ? "w" : "r")))));
  return file;
}

Fallible<void> writeToFile(Thread& thread, Value file, Str* text) {
  if (writesItself(file)) [[likely]] {
    TextFile* t = TRY(openText(thread, file));
    return writeText(thread, t, text);
  }
  Value argument = Value::of(text);
  TRY(callMethod(thread, file, names.write, {&argument, 1}));
  return {};
}

Fallible<Value> readLine(Thread& thread, Value file) { return callMethod(thread, file, names.readline, {}); }

Fallible<void> flushFile(Thread& thread, Value file) {
  TRY(callMethod(thread, file, names.flush, {}));
  return {};
}

// --- start-up ---------------------------------------------------------------------------------------------------------
namespace {

Fallible<Type*> makeUnsupportedOperation(Thread& thread) {
  Dict* ns = TRY(makeDict(thread));
  TRY(dictSetStr(thread, ns, names.dunder_module, Value::of(TRY(intern(thread, "io")))));
  Tuple* bases = TRY(makeTuple(thread, {Value::of(exceptions.OSError), Value::of(exceptions.ValueError)}));
  Value type =
      TRY(makeClass(thread, types.type, TRY(intern(thread, "UnsupportedOperation")), bases, ns, nullptr, nullptr));
  return type.as<Type>();
}

}  // namespace

void initialiseFile(Thread& thread) {
  auto unsupported = makeUnsupportedOperation(thread);
  if (unsupported.isRaised()) std::exit(1);  // no memory for the first classes
  fileTypes.unsupportedOperation = unsupported.value();
  initialiseIoBases(thread);
  initialiseRawFile(thread);
  initialiseBuffered(thread);
  initialiseTextFile(thread);
  initialiseBytesIO(thread);
  initialiseStringIO(thread);
  initialiseNewlineDecoder(thread);
  // Files in memory lose nothing when they die: only classes derived from theirs are finalised.
  for (Type* type : {fileTypes.stringIO, fileTypes.bytesIO}) {
    type->special_[static_cast<unsigned>(Special::k__del__)] = Value::unbound();
  }
  static RootVector* const roots = new RootVector;
  bool kept = true;
  for (Type* type : {fileTypes.unsupportedOperation, fileTypes.ioBase, fileTypes.rawIOBase, fileTypes.bufferedIOBase,
                     fileTypes.textIOBase, fileTypes.bufferedWriter, fileTypes.bufferedRandom, fileTypes.fileIO,
                     fileTypes.stringIO, fileTypes.bytesIO, fileTypes.newlineDecoder}) {
    kept = roots->push(Value::of(type)) && kept;
  }
  if (!kept) std::exit(1);
}

}  // namespace krait
