// Module _pickle: objects to bytes and back.
#include "vm/builtins/dict.h"
#include "vm/builtins/interned.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/type_internal.h"
#include "vm/import.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/pickle_internal.h"
#include "vm/modules/registry.h"
#include "vm/runtime.h"

namespace krait {
namespace {

RootVector& roots() {
  static RootVector* const vector = new RootVector;
  return *vector;
}

Fallible<Value> dumpFunction(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "dump", {"obj", "file", "protocol", "*", "fix_imports", "buffer_callback"}, 2};
  Value values[5];
  TRY(kParameters.bind(thread, arguments, values));
  PicklerObject* p = TRY(makePickler(thread, pickleTypes.pickler));
  TRY(configurePickler(thread, p, values[2], values[3], values[4]));
  TRY(setPicklerFile(thread, p, values[1]));
  return picklerDump(thread, p, values[0]);
}

Fallible<Value> dumpsFunction(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"dumps", {"obj", "protocol", "*", "fix_imports", "buffer_callback"}, 1};
  Value values[4];
  TRY(kParameters.bind(thread, arguments, values));
  PicklerObject* p = TRY(makePickler(thread, pickleTypes.pickler));
  TRY(configurePickler(thread, p, values[1], values[2], values[3]));
  return picklerDump(thread, p, values[0]);
}

Fallible<Value> loadFunction(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"load", {"file", "*", "fix_imports", "encoding", "errors", "buffers"}, 1};
  Value values[5];
  TRY(kParameters.bind(thread, arguments, values));
  UnpicklerObject* u = TRY(makeUnpickler(thread, pickleTypes.unpickler));
  TRY(setUnpicklerFile(thread, u, values[0]));
  TRY(configureUnpickler(thread, u, "load", values[1], values[2], values[3], values[4]));
  Fallible<Value> result = unpicklerLoad(thread, u);
  unpicklerMemoClear(u);
  return result;
}

Fallible<Value> loadsFunction(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "loads", {"data", "/", "*", "fix_imports", "encoding", "errors", "buffers"}, 1};
  if (arguments.positional == 0)
    return raise(thread, exceptions.TypeError, "loads() takes exactly 1 positional argument (0 given)");
  Value values[5];
  TRY(kParameters.bind(thread, arguments, values));
  UnpicklerObject* u = TRY(makeUnpickler(thread, pickleTypes.unpickler));
  TRY(setPickleInput(thread, u, values[0]));
  TRY(configureUnpickler(thread, u, "loads", values[1], values[2], values[3], values[4]));
  Fallible<Value> result = unpicklerLoad(thread, u);
  unpicklerMemoClear(u);
  return result;
}

Fallible<Value> fromModule(Thread& thread, const char* module, const char* name) {
  return getAttribute(thread, TRY(importModule(thread, TRY(intern(thread, module)))), name);
}

// Fills in pickleLibrary. Everything in it is a root.
Fallible<void> takeLibrary(Thread& thread) {
  roots().clear();
  auto dict = [&thread](Dict*& to, const char* module, const char* name) -> Fallible<void> {
    Value found = TRY(fromModule(thread, module, name));
    if (toDict(found) == nullptr) {
      return raiseFormat(thread, exceptions.RuntimeError, "{}.{} should be a dict, not {}", module, name,
                         nameOf(found));
    }
    to = toDict(found);
    return roots().push(found) ? Fallible<void>() : raiseMemoryError(thread);
  };
  PickleLibrary& l = pickleLibrary;
  TRY(dict(l.dispatchTable, "copyreg", "dispatch_table"));
  TRY(dict(l.extensionRegistry, "copyreg", "_extension_registry"));
  TRY(dict(l.invertedRegistry, "copyreg", "_inverted_registry"));
  TRY(dict(l.extensionCache, "copyreg", "_extension_cache"));
  TRY(dict(l.nameMapping, "_compat_pickle", "NAME_MAPPING"));
  TRY(dict(l.importMapping, "_compat_pickle", "IMPORT_MAPPING"));
  TRY(dict(l.reverseNameMapping, "_compat_pickle", "REVERSE_NAME_MAPPING"));
  TRY(dict(l.reverseImportMapping, "_compat_pickle", "REVERSE_IMPORT_MAPPING"));
  l.encode = TRY(fromModule(thread, "codecs", "encode"));
  l.partial = TRY(fromModule(thread, "functools", "partial"));
  l.getattr = dictGetStr(runtime.builtins, TRY(intern(thread, "getattr")));
  for (Value v : {l.encode, l.partial, l.getattr}) {
    if (!roots().push(v)) return raiseMemoryError(thread);
  }
  l.latin1 = TRY(internForever(thread, "latin1"));
  l.qualname = TRY(internForever(thread, "__qualname__"));
  l.reduceEx = TRY(internForever(thread, "__reduce_ex__"));
  l.reduce = TRY(internForever(thread, "__reduce__"));
  l.getstate = TRY(internForever(thread, "__getstate__"));
  l.setstate = TRY(internForever(thread, "__setstate__"));
  l.getnewargs = TRY(internForever(thread, "__getnewargs__"));
  l.getnewargsEx = TRY(internForever(thread, "__getnewargs_ex__"));
  l.ascii = TRY(internForever(thread, "ASCII"));
  l.strict = TRY(internForever(thread, "strict"));
  l.slotNames = TRY(internForever(thread, "__slotnames__"));
  return {};
}

}  // namespace

Module* modulePickle(Thread& thread) {
  if (takeLibrary(thread).isRaised()) return nullptr;
  if (pickleTypes.error == nullptr) {
    pickleTypes.error = makeExceptionClass(thread, "_pickle", "PickleError", exceptions.Exception);
    pickleTypes.picklingError = makeExceptionClass(thread, "_pickle", "PicklingError", pickleTypes.error);
    pickleTypes.unpicklingError = makeExceptionClass(thread, "_pickle", "UnpicklingError", pickleTypes.error);
    declarePickler(thread);
    declareUnpickler(thread);
    declarePickleMemos(thread);
    declarePickleBuffer(thread);
  }
  return ModuleBuilder(thread, "_pickle", "Objects to bytes and back.")
      .constant("PickleError", Value::of(pickleTypes.error))
      .constant("PicklingError", Value::of(pickleTypes.picklingError))
      .constant("UnpicklingError", Value::of(pickleTypes.unpicklingError))
      .constant("Pickler", Value::of(pickleTypes.pickler))
      .constant("Unpickler", Value::of(pickleTypes.unpickler))
      .constant("PickleBuffer", Value::of(pickleTypes.buffer))
      .variadic("dump", dumpFunction)
      .variadic("dumps", dumpsFunction)
      .variadic("load", loadFunction)
      .variadic("loads", loadsFunction)
      .build();
}

}  // namespace krait
