// Module _weakref: what weakref.py is built from.
#include "vm/builtins/weakref.h"

#include "vm/builtins/dict.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/lifetimes.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

Fallible<Value> proxy(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_weakref.proxy"));
  TRY(arguments.count(thread, "proxy", 1, 2));
  Type* type = isCallable(arguments[0]) ? weakrefTypes.callableProxy : weakrefTypes.proxy;
  return makeWeakref(thread, type, arguments[0], arguments.positional > 1 ? arguments[1] : Value::none());
}

// CPython drops a weak reference from its referent's list the moment that nobody holds it. Here only a collection
// tells.
Weakref* heldWeakrefs(Thread& thread, Value v) {
  if (!v.isCell() || firstWeakref(v.asCell()) == nullptr) return nullptr;
  heap.collect(thread);
  return firstWeakref(v.asCell());
}

Fallible<Value> getWeakrefCount(Thread& thread, Value v) {
  int64_t count = 0;
  for (Weakref* weakref = heldWeakrefs(thread, v); weakref != nullptr; weakref = weakref->next) count++;
  return Value::inlineInt(count);
}

Fallible<Value> getWeakrefList(Thread& thread, Value v) {
  List* list = TRY(makeList(thread, {}));
  for (Weakref* weakref = heldWeakrefs(thread, v); weakref != nullptr; weakref = weakref->next)
    TRY(listAppend(thread, list, Value::of(weakref)));
  return Value::of(list);
}

// Deletes dict[key] if it is a weak reference whose referent has died: nothing of Python runs between look and deed.
Fallible<Value> removeDeadWeakref(Thread& thread, Value dictionary, Value key) {
  if (!isInstanceOf(dictionary, types.dict))
    return raiseTypeError(thread, "_remove_dead_weakref() argument 1 must be dict, not {}", nameOf(dictionary));
  auto* dict = dictionary.as<Dict>();
  Value found = TRY(dictGet(thread, dict, key));
  if (found.isUnbound()) return Value::none();
  const Weakref* weakref = toWeakref(found);
  if (weakref == nullptr) return raiseTypeError(thread, "not a weakref");
  if (weakref->referent == nullptr) TRY(dictDelete(thread, dict, key));
  return Value::none();
}

}  // namespace

Module* moduleWeakref(Thread& thread) {
  return ModuleBuilder(thread, "_weakref", "Weak-reference support module.")
      .function("getweakrefcount", getWeakrefCount)
      .function("getweakrefs", getWeakrefList)
      .function("_remove_dead_weakref", removeDeadWeakref)
      .variadic("proxy", proxy)
      .constant("ref", Value::of(weakrefTypes.ref))
      .constant("ReferenceType", Value::of(weakrefTypes.ref))
      .constant("ProxyType", Value::of(weakrefTypes.proxy))
      .constant("CallableProxyType", Value::of(weakrefTypes.callableProxy))
      .build();
}

}  // namespace krait
