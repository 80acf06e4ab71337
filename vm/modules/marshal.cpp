// Module marshal: the format of .pyc files, as functions.
#include "vm/marshal.h"

#include "vm/builtins/bytes.h"
#include "vm/builtins/module.h"
#include "vm/modules/registry.h"
#include "vm/names.h"

namespace krait {
namespace {

Fallible<int> versionArgument(Thread& thread, Value v) {
  int64_t version = TRY(indexAsInt64(thread, v, exceptions.OverflowError));
  if (version < INT32_MIN || version > INT32_MAX)
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
  return static_cast<int>(version);
}

Fallible<Value> dumps(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "marshal.dumps"));
  TRY(arguments.count(thread, "dumps", 1, 2));
  int version = arguments.positional > 1 ? TRY(versionArgument(thread, arguments[1])) : kMarshalVersion;
  return Value::of(TRY(marshal(thread, arguments[0], version)));
}

Fallible<Value> dump(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "marshal.dump"));
  TRY(arguments.count(thread, "dump", 2, 3));
  int version = arguments.positional > 2 ? TRY(versionArgument(thread, arguments[2])) : kMarshalVersion;
  Value bytes = Value::of(TRY(marshal(thread, arguments[0], version)));
  return callMethod(thread, arguments[1], names.write, std::span(&bytes, 1));
}

Fallible<Value> loads(Thread& thread, Value bytes) { return unmarshal(thread, TRY(requireBuffer(thread, bytes))); }

Fallible<Value> load(Thread& thread, Value file) {
  Value zero = Value::inlineInt(0);
  Value probe = TRY(callMethod(thread, file, names.read, std::span(&zero, 1)));
  if (toBytes(probe) == nullptr) return raiseTypeError(thread, "file.read() returned not bytes but {}", nameOf(probe));
  return unmarshalFrom(thread, file);
}

}  // namespace

Module* moduleMarshal(Thread& thread) {
  return ModuleBuilder(thread, "marshal", "Python's own format for code objects and plain values, in bytes.")
      .variadic("dump", dump)
      .variadic("dumps", dumps)
      .function("load", load)
      .function("loads", loads)
      .constant("version", Value::inlineInt(kMarshalVersion))
      .build();
}

}  // namespace krait
