// The classes of None, NotImplemented and Ellipsis, whose only instances are immediates.
#include "vm/builtins/singletons.h"

#include "vm/builtins/str.h"

namespace krait {

// The class gives its one instance, whatever is asked for.
static Fallible<Value> only(Thread& thread, const Arguments& arguments, const char* name, Value instance) {
  if (arguments.positional != 0 || arguments.keywordCount() != 0)
    return raiseTypeError(thread, "{} takes no arguments", name);
  return instance;
}
static Fallible<Value> noneNew(Thread& thread, Value, const Arguments& arguments) {
  return only(thread, arguments, "NoneType", Value::none());
}
static Fallible<Value> notImplementedNew(Thread& thread, Value, const Arguments& arguments) {
  return only(thread, arguments, "NotImplementedType", Value::notImplemented());
}
static Fallible<Value> ellipsisNew(Thread& thread, Value, const Arguments& arguments) {
  return only(thread, arguments, "EllipsisType", Value::ellipsis());
}

static Fallible<Value> noneRepr(Thread& thread, Value) { return Value::of(TRY(makeStr(thread, "None"))); }
static Fallible<Value> noneBool(Thread&, Value) { return Value::boolean(false); }

// Also what pickling refers to it by.
static Fallible<Value> notImplementedRepr(Thread& thread, Value) {
  return Value::of(TRY(makeStr(thread, "NotImplemented")));
}
static Fallible<Value> notImplementedBool(Thread& thread, Value) {
  TRY(warn(thread, exceptions.DeprecationWarning, "NotImplemented should not be used in a boolean context"));
  return Value::boolean(true);
}
static Fallible<Value> ellipsisRepr(Thread& thread, Value) { return Value::of(TRY(makeStr(thread, "Ellipsis"))); }

void initialiseSingletons(Thread& thread) {
  constexpr uint32_t kFlags = Type::kInstantiable | Type::kImmediateInstances;
  types.none = TypeBuilder(thread, "NoneType", types.object, Kind::kFree)
                   .flags(kFlags)
                   .constructor(noneNew)
                   .special("__repr__", noneRepr)
                   .special("__bool__", noneBool)
                   .build();
  types.notImplemented = TypeBuilder(thread, "NotImplementedType", types.object, Kind::kFree)
                             .flags(kFlags)
                             .constructor(notImplementedNew)
                             .special("__repr__", notImplementedRepr)
                             .special("__bool__", notImplementedBool)
                             .method("__reduce__", notImplementedRepr)
                             .build();
  types.ellipsis = TypeBuilder(thread, "ellipsis", types.object, Kind::kFree)
                       .flags(kFlags)
                       .constructor(ellipsisNew)
                       .special("__repr__", ellipsisRepr)
                       .method("__reduce__", ellipsisRepr)
                       .build();
  types.ofImmediate[Value::none().immediateIndex()] = types.none;
  types.ofImmediate[Value::notImplemented().immediateIndex()] = types.notImplemented;
  types.ofImmediate[Value::ellipsis().immediateIndex()] = types.ellipsis;
  // Never seen by Python, but typeOf must give something when a message is made in a debugger.
  types.ofImmediate[Value::unbound().immediateIndex()] = types.none;
  types.ofImmediate[Value::error().immediateIndex()] = types.none;
}

}  // namespace krait
