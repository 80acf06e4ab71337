// Start-up of the object model: every type, the names, builtins and the module table, in the order they need each
// other.
#include "vm/runtime.h"

#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/complex.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/file.h"
#include "vm/builtins/float.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/function.h"
#include "vm/builtins/functions.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/mappingproxy.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/module.h"
#include "vm/builtins/namespace.h"
#include "vm/builtins/range.h"
#include "vm/builtins/set.h"
#include "vm/builtins/singletons.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/super.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/weakref.h"
#include "vm/code.h"
#include "vm/exact_shapes.h"
#include "vm/names.h"

namespace krait {
namespace {

Fallible<void> addToBuiltins(Thread& thread, const char* name, Value value) {
  return dictSetStr(thread, runtime.builtins, TRY(intern(thread, name)), value);
}

Fallible<void> fillBuiltins(Thread& thread) {
  registerIterationFunctions(thread, runtime.builtins);
  registerNumberFunctions(thread, runtime.builtins);
  registerObjectFunctions(thread, runtime.builtins);
  registerIoFunctions(thread, runtime.builtins);
  registerCodeFunctions(thread, runtime.builtins);
  const struct {
    const char* name;
    Type* type;
  } classes[] = {{"memoryview", types.memoryview},
                 {"object", types.object},
                 {"type", types.type},
                 {"int", types.int_},
                 {"bool", types.bool_},
                 {"float", types.float_},
                 {"complex", types.complex},
                 {"str", types.str},
                 {"bytes", types.bytes},
                 {"bytearray", types.bytearray},
                 {"tuple", types.tuple},
                 {"list", types.list},
                 {"dict", types.dict},
                 {"set", types.set},
                 {"frozenset", types.frozenset},
                 {"range", types.range},
                 {"slice", types.slice},
                 {"property", types.property},
                 {"staticmethod", types.staticmethod},
                 {"classmethod", types.classmethod},
                 {"super", types.super},
                 {"enumerate", types.enumerate},
                 {"zip", types.zip},
                 {"map", types.map},
                 {"filter", types.filter},
                 {"reversed", types.reversed}};
  for (const auto& entry : classes) TRY(addToBuiltins(thread, entry.name, Value::of(entry.type)));
#define KRAIT_EXCEPTION(name, base) TRY(addToBuiltins(thread, #name, Value::of(exceptions.name)));
  KRAIT_EXCEPTIONS(KRAIT_EXCEPTION)
#undef KRAIT_EXCEPTION
  TRY(addToBuiltins(thread, "ExceptionGroup", Value::of(exceptions.ExceptionGroup)));
  TRY(addToBuiltins(thread, "IOError", Value::of(exceptions.OSError)));
  TRY(addToBuiltins(thread, "EnvironmentError", Value::of(exceptions.OSError)));
  TRY(addToBuiltins(thread, "None", Value::none()));
  TRY(addToBuiltins(thread, "True", Value::boolean(true)));
  TRY(addToBuiltins(thread, "False", Value::boolean(false)));
  TRY(addToBuiltins(thread, "Ellipsis", Value::ellipsis()));
  TRY(addToBuiltins(thread, "NotImplemented", Value::notImplemented()));
  return addToBuiltins(thread, "__debug__", Value::boolean(thread.optimisationLevel == 0));
}

}  // namespace

Fallible<void> initialiseRuntime(Thread& thread) {
  heap.setEnabled(false);  // types in the making are not traceable yet
  bootstrapTypes(thread);
  initialiseStr(thread);
  initialiseNames(thread);
  initialiseTuple(thread);
  initialiseDict(thread);
  initialiseBuiltinFunctions(thread);
  initialiseType(thread);
  initialiseObject(thread);
  initialiseDescriptors(thread);
  initialiseSingletons(thread);
  initialiseInt(thread);
  initialiseBool(thread);
  initialiseFloat(thread);
  initialiseComplex(thread);
  initialiseBytes(thread);
  initialiseBytearray(thread);
  initialiseList(thread);
  initialiseMappingProxy(thread);
  initialiseSet(thread);
  initialiseRange(thread);
  initialiseSlice(thread);
  initialiseIterators(thread);
  initialiseMemoryview(thread);
  initialiseCode(thread);
  initialiseFunction(thread);
  initialiseSuper(thread);
  initialiseModule(thread);
  initialiseFrame(thread);
  initialiseTraceback(thread);
  initialiseGenerator(thread);
  initialiseExceptions(thread);
  initialiseGenericAlias(thread);
  initialiseFile(thread);
  initialiseNamespace(thread);
  initialiseWeakref(thread);
  initialiseExactShapes();
  runtime.modules = TRY(makeDict(thread));
  runtime.importing = Value::of(TRY(makeDict(thread)));
  Module* builtins = TRY(makeModule(thread, "builtins"));
  runtime.builtinsModule = builtins;
  runtime.builtins = builtins->dict;
  TRY(fillBuiltins(thread));
  TRY(dictSetStr(thread, runtime.modules, names.builtins, Value::of(builtins)));
  heap.setEnabled(true);
  return {};
}

}  // namespace krait
