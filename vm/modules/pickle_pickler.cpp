// The class Pickler: its arguments and attributes.
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sizes.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/pickle_internal.h"
#include "vm/names.h"

namespace krait {

static void tracePickler(Cell* cell, Marker& marker) {
  auto* p = static_cast<PicklerObject*>(cell);
  for (Field<Value>* field : {&p->write, &p->persistentId, &p->dispatchTable, &p->bufferCallback, &p->reducerOverride})
    marker.mark(*field);
  p->memo.mark(marker);
}
static void finalisePickler(Cell* cell) { static_cast<PicklerObject*>(cell)->memo.release(); }
const NativeTraits kPicklerTraits{"Pickler", tracePickler, finalisePickler};

Fallible<PicklerObject*> makePickler(Thread& thread, Type* type) {
  auto* p = TRY(allocate<PicklerObject>(thread, Kind::kNative, type->instanceShape));
  p->traits = &kPicklerTraits;
  for (Field<Value>* field : {&p->write, &p->persistentId, &p->dispatchTable, &p->bufferCallback, &p->reducerOverride})
    *field = Value::unbound();
  return p;
}

Fallible<void> configurePickler(Thread& thread, PicklerObject* p, Value protocol, Value fixImports, Value callback) {
  int64_t number = kDefaultProtocol;
  if (!protocol.isUnbound() && !protocol.isNone()) {
    number = TRY(longArgument(thread, protocol));
    if (number < 0) number = kHighestProtocol;
    if (number > kHighestProtocol) return raiseValueError(thread, "pickle protocol must be <= {}", kHighestProtocol);
  }
  bool fixes = TRY(truthOr(thread, fixImports, true));
  bool hasCallback = !callback.isUnbound() && !callback.isNone();
  if (hasCallback && number < 5) return raiseValueError(thread, "buffer_callback needs protocol >= 5");
  p->protocol = static_cast<int32_t>(number);
  p->bin = number > 0;
  p->fixesImports = fixes && number < 3;
  p->bufferCallback = hasCallback ? callback : Value::unbound();
  return {};
}

Fallible<void> setPicklerFile(Thread& thread, PicklerObject* p, Value file) {
  Value write = TRY(getAttributeOrUnbound(thread, file, names.write));
  if (write.isUnbound()) return raise(thread, exceptions.TypeError, "file must have a 'write' attribute");
  p->write = write;
  return {};
}

Fallible<Value> optionalHook(Thread& thread, Value self, const Type* base, const char* name) {
  if (typeOf(self) == base) return Value::unbound();
  return getAttributeOrUnbound(thread, self, TRY(intern(thread, name)));
}

namespace {

PicklerObject* self_(Value v) { return v.as<PicklerObject>(); }

Fallible<Value> picklerNew(Thread& thread, Value self, const Arguments&) {
  PicklerObject* p = TRY(makePickler(thread, self.as<Type>()));
  p->isShared = true;
  return Value::of(p);
}

Fallible<Value> picklerInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"Pickler", {"file", "protocol", "fix_imports", "buffer_callback"}, 1};
  Value values[4];
  TRY(kParameters.bind(thread, arguments, values));
  PicklerObject* p = self_(self);
  p->write = Value::unbound();
  TRY(configurePickler(thread, p, values[1], values[2], values[3]));
  TRY(setPicklerFile(thread, p, values[0]));
  p->fast = 0;
  picklerMemoClear(p);
  p->persistentId = TRY(optionalHook(thread, self, pickleTypes.pickler, "persistent_id"));
  p->dispatchTable = TRY(optionalHook(thread, self, pickleTypes.pickler, "dispatch_table"));
  return Value::none();
}

Fallible<Value> picklerDumpMethod(Thread& thread, Value self, Value object) {
  PicklerObject* p = self_(self);
  if (p->write.get().isUnbound()) {
    return raisePickling(thread, "Pickler.__init__() was not called by {}.__init__()", nameOf(typeOf(self)));
  }
  p->reducerOverride = TRY(optionalHook(thread, self, pickleTypes.pickler, "reducer_override"));
  Fallible<Value> result = picklerDump(thread, p, object);
  p->reducerOverride = Value::unbound();
  return result;
}

Fallible<Value> clearMemo(Thread&, Value self) {
  picklerMemoClear(self_(self));
  return Value::none();
}

Fallible<Value> picklerSizeof(Thread& thread, Value self) {
  const PicklerObject* p = self_(self);
  uint64_t table = p->memo.slots == nullptr ? 8 : p->memo.length / 2;
  return makeInt(thread, sizeOfObject(self) + static_cast<int64_t>(table * 16) + 32);
}

// --- attributes -------------------------------------------------------------------------------------------------------
template <int32_t PicklerObject::*kField>
Fallible<Value> getNumber(Thread&, Value self) {
  return Value::inlineInt(self_(self)->*kField);
}
template <int32_t PicklerObject::*kField>
Fallible<void> setNumber(Thread& thread, Value self, Value v) {
  if (v.isUnbound()) return raise(thread, exceptions.TypeError, "can't delete numeric/char attribute");
  int64_t number = TRY(longArgument(thread, v));
  if (number != static_cast<int32_t>(number))
    TRY(warn(thread, exceptions.RuntimeWarning, "Truncation of value to int"));
  self_(self)->*kField = static_cast<int32_t>(number);
  return {};
}

Fallible<Value> getDispatchTable(Thread& thread, Value self) {
  Value table = self_(self)->dispatchTable;
  if (table.isUnbound()) return raiseNoAttribute(thread, self, TRY(intern(thread, "dispatch_table")));
  return table;
}
Fallible<void> setDispatchTable(Thread& thread, Value self, Value v) {
  if (v.isUnbound() && self_(self)->dispatchTable.get().isUnbound())
    return raise(thread, exceptions.AttributeError, "dispatch_table");
  self_(self)->dispatchTable = v;
  return {};
}
Fallible<Value> getPersistentId(Thread& thread, Value self) {
  Value function = self_(self)->persistentId;
  if (function.isUnbound()) return raise(thread, exceptions.AttributeError, "persistent_id");
  return function;
}
Fallible<void> setPersistentId(Thread& thread, Value self, Value v) {
  if (v.isUnbound()) return raise(thread, exceptions.TypeError, "attribute deletion is not supported");
  if (!isCallable(v)) {
    return raise(thread, exceptions.TypeError, "persistent_id must be a callable taking one argument");
  }
  self_(self)->persistentId = v;
  return {};
}

}  // namespace

void declarePickler(Thread& thread) {
  pickleTypes.pickler = keepType(
      TypeBuilder(thread, "Pickler", types.object, Kind::kNative)
          .module("_pickle")
          .flags(Type::kBaseType | Type::kInstantiable)
          .doc("Writes objects to a binary file, as a stream of bytes that an Unpickler makes them from again.")
          .constructor(picklerNew)
          .specialVariadic("__init__", picklerInit)
          .method("dump", picklerDumpMethod)
          .method("clear_memo", clearMemo)
          .method("__sizeof__", picklerSizeof)
          .getter("bin", getNumber<&PicklerObject::bin>, setNumber<&PicklerObject::bin>)
          .getter("fast", getNumber<&PicklerObject::fast>, setNumber<&PicklerObject::fast>)
          .getter("dispatch_table", getDispatchTable, setDispatchTable)
          .getter("memo", getPicklerMemo, setPicklerMemo)
          .getter("persistent_id", getPersistentId, setPersistentId)
          .build());
}

}  // namespace krait
