// What text and binary files have in common: closing, flushing, iterating, questions; and their classes.
#include "vm/builtins/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "vm/builtins/dict.h"
#include "vm/builtins/file_state.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"

namespace krait {

Fallible<File*> makeFileCell(Thread& thread, Type* type, File::Role role, FileState* state, Value name, Str* mode) {
  auto* file = TRY(allocate<File>(thread, Kind::kFile, type->instanceShape));
  file->aux = role;
  file->name = name;
  file->mode = mode;
  file->buffer = Value::unbound();
  if (!heap.registerFinaliser(thread, file)) return raiseMemoryError(thread);
  file->state = state;
  if (state != nullptr) state->references++;
  return file;
}

Type* binaryTypeOf(const FileState* state) {
  if (state->readable && state->writable) return fileTypes.bufferedRandom;
  return state->writable ? fileTypes.bufferedWriter : types.binaryFile;
}

Fallible<File*> makeLayer(Thread& thread, File* file, File::Role role) {
  Type* type = role == File::kRaw ? fileTypes.fileIO : binaryTypeOf(file->state);
  std::string_view given = file->mode == nullptr ? std::string_view("r") : file->mode->asciiView();
  Str* mode = file->role() == File::kText
                  ? TRY(binaryMode(thread, file->state, given.find('x') != std::string_view::npos))
                  : file->mode.get();
  return makeFileCell(thread, type, role, file->state, file->name, mode);
}

Fallible<Str*> binaryMode(Thread& thread, const FileState* state, bool created) {
  const char* mode = state->appending   ? (state->readable ? "ab+" : "ab")
                     : created          ? (state->readable ? "xb+" : "xb")
                     : !state->writable ? "rb"
                     : state->readable  ? "rb+"
                                        : "wb";
  return intern(thread, mode);
}

Fallible<void> flushFile(Thread& thread, File* file) {
  FileState* state = TRY(openState(thread, file, file->role() == File::kBuffered ? "flush of closed file" : nullptr));
  return flushOutput(thread, state);
}

namespace {

File* self_(Value v) { return v.as<File>(); }

Fallible<Value> fileClose(Thread& thread, Value self) {
  TRY(closeFile(thread, self_(self)));
  return Value::none();
}
Fallible<Value> fileFlush(Thread& thread, Value self) {
  TRY(flushFile(thread, self_(self)));
  return Value::none();
}
Fallible<Value> fileFileno(Thread& thread, Value self) {
  FileState* state = TRY(openState(thread, self_(self), "I/O operation on closed file"));
  return Value::inlineInt(state->descriptor);
}
Fallible<Value> fileIsatty(Thread& thread, Value self) {
  FileState* state = TRY(openState(thread, self_(self), "I/O operation on closed file"));
  return Value::boolean(isatty(state->descriptor) != 0);
}
Fallible<Value> fileReadable(Thread& thread, Value self) {
  return Value::boolean(TRY(openState(thread, self_(self), "I/O operation on closed file"))->readable);
}
Fallible<Value> fileWritable(Thread& thread, Value self) {
  return Value::boolean(TRY(openState(thread, self_(self), "I/O operation on closed file"))->writable);
}
Fallible<Value> fileSeekable(Thread& thread, Value self) {
  return Value::boolean(isSeekable(TRY(openState(thread, self_(self), "I/O operation on closed file"))));
}
Fallible<Value> fileClosed(Thread& thread, Value self) {
  File* file = self_(self);
  if (file->state == nullptr) TRY(openState(thread, file));
  return Value::boolean(file->state->closed);
}
Fallible<Value> fileName(Thread&, Value self) { return self_(self)->name.get(); }
Fallible<void> fileSetName(Thread&, Value self, Value name) {
  self_(self)->name = name;
  return {};
}
Fallible<Value> fileMode(Thread&, Value self) { return Value::of(self_(self)->mode.get()); }
Fallible<void> fileSetMode(Thread& thread, Value self, Value mode) {
  Str* text = mode.isUnbound() ? nullptr : toStr(mode);
  if (text == nullptr) return raise(thread, exceptions.TypeError, "mode must be a string");
  self_(self)->mode = text;
  return {};
}
Fallible<Value> fileEnter(Thread& thread, Value self) {
  TRY(openState(thread, self_(self)));
  return self;
}
Fallible<Value> fileExit(Thread& thread, Value self, const Arguments&) {
  return callMethod(thread, self, names.close, {});
}
Fallible<Value> fileIter(Thread& thread, Value self) {
  TRY(openState(thread, self_(self)));
  return self;
}

Fallible<Value> fileTruncate(Thread& thread, Value self, Value size) {
  File* file = self_(self);
  FileState* state = TRY(writableState(thread, file, "truncate"));
  TRY(flushOutput(thread, state));
  int64_t length = size.isUnbound() || size.isNone() ? TRY(tellFile(thread, state)) : TRY(sizeArgument(thread, size));
  if (ftruncate(state->descriptor, length) < 0) return raiseErrno(thread, errno);
  return makeInt(thread, length);
}

Fallible<Value> fileRepr(Thread& thread, Value self) {
  File* file = self_(self);
  StrBuilder out;
  out.append("<").append(nameOf(self));
  if (file->role() == File::kRaw && (file->state == nullptr || file->state->closed)) {
    return Value::of(TRY(out.append(" [closed]>").build(thread)));
  }
  if (!file->name.get().isUnbound()) out.append(" name=").append(TRY(repr(thread, file->name)));
  if (file->role() != File::kBuffered && file->mode != nullptr) {
    out.append(" mode=").append(TRY(strRepr(thread, file->mode)));
  }
  if (file->role() == File::kText) {
    out.append(" encoding=").append(TRY(strRepr(thread, file->encoding)));
  } else if (file->role() == File::kRaw) {
    out.append(" closefd=").append(file->state->closesDescriptor ? "True" : "False");
  }
  return Value::of(TRY(out.append(">").build(thread)));
}

Fallible<Value> refusePickling(Thread& thread, Value self, const Arguments&) {
  return raiseTypeError(thread, "cannot pickle '{}' object", nameOf(self));
}

Fallible<Type*> makeUnsupportedOperation(Thread& thread) {
  Dict* ns = TRY(makeDict(thread));
  TRY(dictSetStr(thread, ns, names.dunder_module, Value::of(TRY(intern(thread, "io")))));
  Tuple* bases = TRY(makeTuple(thread, {Value::of(exceptions.OSError), Value::of(exceptions.ValueError)}));
  Value type =
      TRY(makeClass(thread, types.type, TRY(intern(thread, "UnsupportedOperation")), bases, ns, nullptr, nullptr));
  return type.as<Type>();
}

}  // namespace

void declareAnyFile(TypeBuilder& type) {
  type.module("_io")
      .flags(Type::kBaseType | Type::kHasDict)
      .method("close", fileClose)
      .method("flush", fileFlush)
      .method("fileno", fileFileno)
      .method("isatty", fileIsatty)
      .method("readable", fileReadable)
      .method("writable", fileWritable)
      .method("seekable", fileSeekable)
      .getter("closed", fileClosed)
      .getter("name", fileName, fileSetName)
      .getter("mode", fileMode, fileSetMode)
      .method("truncate", fileTruncate, 1)
      .method("__enter__", fileEnter)
      .variadic("__exit__", fileExit)
      .special("__iter__", fileIter)
      .special("__repr__", fileRepr)
      .variadic("__reduce__", refusePickling)
      .variadic("__reduce_ex__", refusePickling)
      .variadic("__getstate__", refusePickling);
}

void initialiseFile(Thread& thread) {
  initialiseIoBases(thread);
  TypeBuilder text(thread, "TextIOWrapper", fileTypes.textIOBase, Kind::kFile);
  declareAnyFile(text);
  declareTextFile(text);
  types.textFile = text.build();
  struct BinaryClass {
    const char* name;
    Type* base;
    Type** type;
  };
  for (BinaryClass binary : {BinaryClass{"BufferedReader", fileTypes.bufferedIOBase, &types.binaryFile},
                             BinaryClass{"BufferedWriter", fileTypes.bufferedIOBase, &fileTypes.bufferedWriter},
                             BinaryClass{"BufferedRandom", fileTypes.bufferedIOBase, &fileTypes.bufferedRandom},
                             BinaryClass{"FileIO", fileTypes.rawIOBase, &fileTypes.fileIO}}) {
    TypeBuilder type(thread, binary.name, binary.base, Kind::kFile);
    declareAnyFile(type);
    declareBinaryFile(type);
    *binary.type = type.build();
  }
  initialiseMemoryFiles(thread);
  auto unsupported = makeUnsupportedOperation(thread);
  if (unsupported.isRaised()) abort();  // out of memory at start-up
  fileTypes.unsupportedOperation = unsupported.value();
  static RootVector* const roots = new RootVector;
  bool kept = true;
  for (Type* type : {fileTypes.unsupportedOperation, fileTypes.ioBase, fileTypes.rawIOBase, fileTypes.bufferedIOBase,
                     fileTypes.textIOBase, fileTypes.bufferedWriter, fileTypes.bufferedRandom, fileTypes.fileIO,
                     fileTypes.stringIO, fileTypes.bytesIO}) {
    kept = roots->push(Value::of(type)) && kept;
  }
  if (!kept) abort();
}

}  // namespace krait
