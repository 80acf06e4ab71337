// _thread._local: an object whose attributes every thread has for itself.
//
//   class Settings(threading.local):
//       def __init__(self, depth): self.depth = depth      # runs once in each thread that uses the object
//   settings = Settings(3)
//
// The object holds one dict per thread, keyed by the thread's number. All such objects form a list, so that the end of
// a thread can drop what was its.
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/thread_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

struct Local : NativeObject {
  Field<Dict*> dicts;            // thread number -> dict
  Field<ValueArray*> arguments;  // of the call that made the object, for __init__ in other threads
  Field<Tuple*> keywords;
  Local *next, *previous;  // neighbours in the list of all; not references
};
Local* allLocals = nullptr;

void traceLocal(Cell* cell, Marker& marker) {
  auto* local = static_cast<Local*>(cell);
  marker.mark(local->dicts);
  marker.mark(local->arguments);
  marker.mark(local->keywords);
}
void finaliseLocal(Cell* cell) {
  auto* local = static_cast<Local*>(cell);
  (local->previous == nullptr ? allLocals : local->previous->next) = local->next;
  if (local->next != nullptr) local->next->previous = local->previous;
}
constexpr NativeTraits kLocalTraits{"_local", traceLocal, finaliseLocal};

Fallible<Dict*> addDict(Thread& thread, Local* local) {
  Dict* dict = TRY(makeDict(thread));
  TRY(dictSet(thread, local->dicts, Value::inlineInt(static_cast<int64_t>(thread.number)), Value::of(dict)));
  return dict;
}

Fallible<Value> localNew(Thread& thread, Value self, const Arguments& arguments) {
  auto* type = self.as<Type>();
  bool hasInit = !type->special(Special::k__init__).is(types.object->special(Special::k__init__));
  if ((arguments.positional > 0 || arguments.keywordCount() > 0) && !hasInit)
    return raiseTypeError(thread, "Initialization arguments are not supported");
  auto* local = TRY(allocate<Local>(thread, Kind::kNative, type->instanceShape));
  local->traits = &kLocalTraits;
  local->dicts = TRY(makeDict(thread));
  uint32_t count = arguments.positional + arguments.keywordCount();
  local->arguments = TRY(allocateArray(thread, count));
  for (uint32_t i = 0; i < count; i++) local->arguments->slots[i] = arguments.first[i];
  local->keywords = arguments.keywordNames;
  TRY(addDict(thread, local));
  if (!heap.registerFinaliser(thread, local)) return raiseMemoryError(thread);
  local->next = allLocals;
  if (allLocals != nullptr) allLocals->previous = local;
  allLocals = local;
  return Value::of(local);
}

// This thread's attributes; at the first use in a thread __init__ makes them.
Fallible<Dict*> dictOf(Thread& thread, Value self) {
  auto* local = self.as<Local>();
  Value key = Value::inlineInt(static_cast<int64_t>(thread.number));
  Value found = TRY(dictGet(thread, local->dicts, key));
  if (!found.isUnbound()) return found.as<Dict>();
  Dict* dict = TRY(addDict(thread, local));
  Value init = typeOf(self)->special(Special::k__init__);
  if (init.is(types.object->special(Special::k__init__))) return dict;
  auto initialised = [&]() -> Fallible<void> {
    Value bound = TRY(bindDescriptor(thread, init, self, typeOf(self)));
    TRY(call(thread, bound, std::span<const Value>(local->arguments->slots, local->arguments->length),
             local->keywords));
    return {};
  }();
  if (!initialised.isRaised()) return dict;
  Value error = takeException(thread);  // the next use tries again
  if (dictDelete(thread, local->dicts, key).isRaised()) clearException(thread);
  thread.exception = error;
  return Raised{};
}

Fallible<Str*> nameArgument(Thread& thread, Value name) {
  if (Str* text = toStr(name)) return intern(thread, text);
  return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
}

Fallible<Value> localGet(Thread& thread, Value self, Value given) {
  Dict* dict = TRY(dictOf(thread, self));
  Str* name = TRY(nameArgument(thread, given));
  if (name == names.dunder_dict) return Value::of(dict);
  if (!isDataDescriptor(lookupOnType(typeOf(self), name))) {
    Value value = dictGetStr(dict, name);
    if (!value.isUnbound()) return value;
  }
  return genericGetAttribute(thread, self, name);
}

Fallible<Value> localAssign(Thread& thread, Value self, Value given, Value value) {
  Dict* dict = TRY(dictOf(thread, self));
  Str* name = TRY(nameArgument(thread, given));
  if (name == names.dunder_dict) {
    return raiseFormat(thread, exceptions.AttributeError, "'{}' object attribute '__dict__' is read-only",
                       nameOf(self));
  }
  if (isDataDescriptor(lookupOnType(typeOf(self), name))) {
    TRY(genericSetAttribute(thread, self, name, value));
  } else if (!value.isUnbound()) {
    TRY(dictSetStr(thread, dict, name, value));
  } else if (!TRY(dictDeleteStr(thread, dict, name))) {
    return raiseFormat(thread, exceptions.AttributeError, "'{}' object has no attribute '{}'", nameOf(self),
                       strToUtf8(name));
  }
  return Value::none();
}
Fallible<Value> localDelete(Thread& thread, Value self, Value name) {
  return localAssign(thread, self, name, Value::unbound());
}

}  // namespace

void forgetThreadLocals(Thread& thread) {
  Value key = Value::inlineInt(static_cast<int64_t>(thread.number));
  for (Local* local = allLocals; local != nullptr; local = local->next)
    if (dictDelete(thread, local->dicts, key).isRaised()) clearException(thread);
}

Type* makeLocalType(Thread& thread) {
  return TypeBuilder(thread, "_local", types.object, Kind::kNative)
      .module("_thread")
      .flags(Type::kBaseType | Type::kHasWeakref)
      .constructor(localNew)
      .special("__getattribute__", localGet)
      .special("__setattr__", localAssign)
      .special("__delattr__", localDelete)
      .doc("Thread-local data")
      .build();
}

}  // namespace krait
