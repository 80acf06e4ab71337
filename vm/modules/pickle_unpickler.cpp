// The class Unpickler: its arguments and attributes.
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sizes.h"
#include "vm/builtins/text.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/pickle_internal.h"
#include "vm/names.h"

namespace krait {

static void traceUnpickler(Cell* cell, Marker& marker) {
  auto* u = static_cast<UnpicklerObject*>(cell);
  for (Field<Value>* field : {&u->read, &u->readline, &u->readinto, &u->peek, &u->persistentLoad, &u->buffers, &u->data,
                              &u->encoding, &u->errors})
    marker.mark(*field);
  u->memo.mark(marker);
  marker.mark(reinterpret_cast<const Cell*>(u->farMemo.get()));
}
static void finaliseUnpickler(Cell* cell) { static_cast<UnpicklerObject*>(cell)->memo.release(); }
const NativeTraits kUnpicklerTraits{"Unpickler", traceUnpickler, finaliseUnpickler};

Fallible<UnpicklerObject*> makeUnpickler(Thread& thread, Type* type) {
  auto* u = TRY(allocate<UnpicklerObject>(thread, Kind::kNative, type->instanceShape));
  u->traits = &kUnpicklerTraits;
  for (Field<Value>* field : {&u->read, &u->readline, &u->readinto, &u->peek, &u->persistentLoad, &u->buffers})
    *field = Value::unbound();
  return u;
}

namespace {

Fallible<Value> nameArgument(Thread& thread, Value v, const char* function, const char* parameter, Str* otherwise) {
  if (v.isUnbound()) return Value::of(otherwise);
  std::string text = TRY(textArgument(thread, v, function, parameter, ""));
  if (text.find('\0') != std::string::npos) return raiseValueError(thread, "embedded null character");
  return Value::of(toStr(v));
}

}  // namespace

Fallible<void> configureUnpickler(Thread& thread, UnpicklerObject* u, const char* function, Value fixImports,
                                  Value encoding, Value errors, Value buffers) {
  u->fixesImports = TRY(truthOr(thread, fixImports, true));
  u->encoding = TRY(nameArgument(thread, encoding, function, "encoding", pickleLibrary.ascii));
  u->errors = TRY(nameArgument(thread, errors, function, "errors", pickleLibrary.strict));
  bool hasBuffers = !buffers.isUnbound() && !buffers.isNone();
  u->buffers = hasBuffers ? TRY(iterate(thread, buffers)) : Value::unbound();
  return {};
}

Fallible<void> setUnpicklerFile(Thread& thread, UnpicklerObject* u, Value file) {
  auto attribute = [&](const char* name) -> Fallible<Value> {
    return getAttributeOrUnbound(thread, file, TRY(intern(thread, name)));
  };
  u->peek = TRY(attribute("peek"));
  u->readinto = TRY(attribute("readinto"));
  Value read = TRY(attribute("read"));
  u->readline = TRY(attribute("readline"));
  if (read.isUnbound() || u->readline.get().isUnbound())
    return raise(thread, exceptions.TypeError, "file must have 'read' and 'readline' attributes");
  u->read = read;
  u->data = Value::none();
  u->bytes = nullptr;
  u->size = u->position = u->known = 0;
  return {};
}

namespace {

UnpicklerObject* self_(Value v) { return v.as<UnpicklerObject>(); }

Fallible<Value> unpicklerNew(Thread& thread, Value self, const Arguments&) {
  return Value::of(TRY(makeUnpickler(thread, self.as<Type>())));
}

Fallible<Value> unpicklerInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "Unpickler", {"file", "*", "fix_imports", "encoding", "errors", "buffers"}, 1};
  Value values[5];
  TRY(kParameters.bind(thread, arguments, values));
  UnpicklerObject* u = self_(self);
  u->read = Value::unbound();
  unpicklerMemoClear(u);
  TRY(setUnpicklerFile(thread, u, values[0]));
  TRY(configureUnpickler(thread, u, "Unpickler", values[1], values[2], values[3], values[4]));
  u->persistentLoad = TRY(optionalHook(thread, self, pickleTypes.unpickler, "persistent_load"));
  u->protocol = 0;
  return Value::none();
}

Fallible<Value> unpicklerLoadMethod(Thread& thread, Value self) {
  UnpicklerObject* u = self_(self);
  if (u->read.get().isUnbound()) {
    return raiseUnpickling(thread, "Unpickler.__init__() was not called by {}.__init__()", nameOf(typeOf(self)));
  }
  return unpicklerLoad(thread, u);
}

Fallible<Value> findClassMethod(Thread& thread, Value self, Value module, Value name) {
  return findPickledClass(thread, self_(self), module, name);
}

Fallible<Value> unpicklerSizeof(Thread& thread, Value self) {
  const UnpicklerObject* u = self_(self);
  uint64_t memo = u->memo.slots == nullptr ? 32 : u->memo.length;
  return makeInt(thread, sizeOfObject(self) + static_cast<int64_t>(memo * 8) + 48);
}

Fallible<Value> getPersistentLoad(Thread& thread, Value self) {
  Value function = self_(self)->persistentLoad;
  if (function.isUnbound()) return raise(thread, exceptions.AttributeError, "persistent_load");
  return function;
}
Fallible<void> setPersistentLoad(Thread& thread, Value self, Value v) {
  if (v.isUnbound()) return raise(thread, exceptions.TypeError, "attribute deletion is not supported");
  if (!isCallable(v)) {
    return raise(thread, exceptions.TypeError, "persistent_load must be a callable taking one argument");
  }
  self_(self)->persistentLoad = v;
  return {};
}

}  // namespace

void declareUnpickler(Thread& thread) {
  pickleTypes.unpickler =
      keepType(TypeBuilder(thread, "Unpickler", types.object, Kind::kNative)
                   .module("_pickle")
                   .flags(Type::kBaseType | Type::kInstantiable)
                   .doc("Reads from a binary file what a Pickler has written, and makes the objects again.")
                   .constructor(unpicklerNew)
                   .specialVariadic("__init__", unpicklerInit)
                   .method("load", unpicklerLoadMethod)
                   .method("find_class", findClassMethod)
                   .method("__sizeof__", unpicklerSizeof)
                   .getter("memo", getUnpicklerMemo, setUnpicklerMemo)
                   .getter("persistent_load", getPersistentLoad, setPersistentLoad)
                   .build());
}

}  // namespace krait
