// OSError: the class follows from errno, and the text from errno, message and file names.
#include <cerrno>

#include "vm/builtins/exception_internal.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"

namespace krait {
namespace {

using F = ExceptionField;

Type* classOfErrno(int64_t number) {
  switch (number) {
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS: return exceptions.BlockingIOError;
    case EPIPE:
    case ESHUTDOWN: return exceptions.BrokenPipeError;
    case ECHILD: return exceptions.ChildProcessError;
    case ECONNABORTED: return exceptions.ConnectionAbortedError;
    case ECONNREFUSED: return exceptions.ConnectionRefusedError;
    case ECONNRESET: return exceptions.ConnectionResetError;
    case EEXIST: return exceptions.FileExistsError;
    case ENOENT: return exceptions.FileNotFoundError;
    case EISDIR: return exceptions.IsADirectoryError;
    case ENOTDIR: return exceptions.NotADirectoryError;
    case EINTR: return exceptions.InterruptedError;
    case EACCES:
    case EPERM: return exceptions.PermissionError;
    case ESRCH: return exceptions.ProcessLookupError;
    case ETIMEDOUT: return exceptions.TimeoutError;
    default: return nullptr;
  }
}

// A subclass that defines only __init__ is not parsed in __new__: its own __init__ may pass on other arguments.
bool parsesInInit(const Type* type) {
  return !type->special(Special::k__init__).is(exceptions.OSError->special(Special::k__init__)) &&
         type->special(Special::k__new__).is(exceptions.OSError->special(Special::k__new__));
}

// (errno, strerror[, filename[, winerror[, filename2]]]); any other number of arguments is kept as it is.
Fallible<void> parseArguments(Thread& thread, Exception* e, const Arguments& arguments) {
  TRY(keepArguments(thread, e, arguments));
  uint32_t n = arguments.positional;
  if (n < 2 || n > 5) return {};
  e->fields[F::kErrno] = arguments[0];
  e->fields[F::kStrerror] = arguments[1];
  if (n >= 3 && !arguments[2].isNone()) {
    if (isInstanceOf(Value::of(e), exceptions.BlockingIOError) && isInt(arguments[2])) {
      e->fields[F::kWritten] = arguments[2];
      return {};
    }
    e->fields[F::kFilename] = arguments[2];
    if (n == 5) e->fields[F::kFilename2] = arguments[4];
    e->arguments = TRY(makeTuple(thread, arguments.positionals().first(2)));
  }
  return {};
}

Fallible<Value> osErrorNew(Thread& thread, Value self, const Arguments& arguments) {
  Type* type = self.as<Type>();
  if (!parsesInInit(type)) {
    TRY(refuseKeywords(thread, type, arguments));
    if (type == exceptions.OSError && arguments.positional >= 2 && arguments.positional <= 5) {
      std::optional<int64_t> number = toInt64(arguments[0]);
      Type* special = number ? classOfErrno(*number) : nullptr;
      if (special != nullptr) type = special;
    }
  }
  Value instance = TRY(allocateInstance(thread, type));
  if (!parsesInInit(self.as<Type>())) TRY(parseArguments(thread, exceptionOf(instance), arguments));
  return instance;
}
Fallible<Value> osErrorInit(Thread& thread, Value self, const Arguments& arguments) {
  if (!parsesInInit(typeOf(self))) return Value::none();
  TRY(refuseKeywords(thread, typeOf(self), arguments));
  TRY(parseArguments(thread, exceptionOf(self), arguments));
  return Value::none();
}

Fallible<Value> osErrorStr(Thread& thread, Value self) {
  auto* e = exceptionOf(self);
  Value filename = e->fields[F::kFilename], filename2 = e->fields[F::kFilename2];
  if (filename.isUnbound() && (e->fields[F::kErrno].get().isUnbound() || e->fields[F::kStrerror].get().isUnbound()))
    return baseExceptionStr(thread, self);
  StrBuilder builder;
  builder.append("[Errno ").append(TRY(str(thread, fieldOrNone(e, F::kErrno)))).append("] ");
  builder.append(TRY(str(thread, fieldOrNone(e, F::kStrerror))));
  if (!filename.isUnbound()) builder.append(": ").append(TRY(repr(thread, filename)));
  if (!filename.isUnbound() && !filename2.isUnbound()) builder.append(" -> ").append(TRY(repr(thread, filename2)));
  return Value::of(TRY(builder.build(thread)));
}

Fallible<Value> osErrorReduce(Thread& thread, Value self) {
  auto* e = exceptionOf(self);
  Value result = TRY(baseExceptionReduce(thread, self));
  Value filename = e->fields[F::kFilename], filename2 = e->fields[F::kFilename2];
  Tuple* kept = e->arguments;
  if (kept->length != 2 || filename.isUnbound()) return result;
  Tuple* all =
      filename2.isUnbound()
          ? TRY(makeTuple(thread, {kept->items[0].get(), kept->items[1].get(), filename}))
          : TRY(makeTuple(thread, {kept->items[0].get(), kept->items[1].get(), filename, Value::none(), filename2}));
  auto* tuple = result.as<Tuple>();
  if (tuple->length == 2) return Value::of(TRY(makeTuple(thread, {tuple->items[0].get(), Value::of(all)})));
  return Value::of(TRY(makeTuple(thread, {tuple->items[0].get(), Value::of(all), tuple->items[2].get()})));
}

Fallible<Value> getWritten(Thread& thread, Value self) {
  Value written = exceptionOf(self)->fields[F::kWritten];
  if (written.isUnbound()) return raise(thread, exceptions.AttributeError, "characters_written");
  return written;
}
Fallible<void> setWritten(Thread& thread, Value self, Value value) {
  if (value.isUnbound() && exceptionOf(self)->fields[F::kWritten].get().isUnbound())
    return raise(thread, exceptions.AttributeError, "characters_written");
  exceptionOf(self)->fields[F::kWritten] = value.isUnbound() ? value : TRY(index(thread, value));
  return {};
}

}  // namespace

void declareOSErrors(Thread& thread) {
  TypeBuilder(thread, exceptions.OSError)
      .constructor(osErrorNew)
      .specialVariadic("__init__", osErrorInit)
      .special("__str__", osErrorStr)
      .method("__reduce__", osErrorReduce)
      .getter("errno", getField<F::kErrno>, setField<F::kErrno>)
      .getter("strerror", getField<F::kStrerror>, setField<F::kStrerror>)
      .getter("filename", getField<F::kFilename>, setField<F::kFilename>)
      .getter("filename2", getField<F::kFilename2>, setField<F::kFilename2>)
      .getter("characters_written", getWritten, setWritten)
      .build();
}

}  // namespace krait
