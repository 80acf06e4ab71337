// weakref.ref, and the proxies that stand for what they refer to.
#pragma once
#include "vm/operations.h"

namespace krait {

// The collector does not follow `referent` and `next`: lifetimes.cpp clears one and mends the other.
struct Weakref : NativeObject {
  Cell* referent;         // null once it has died
  Weakref* next;          // another weak reference to the same referent
  Field<Value> callback;  // None when there is none
  int64_t hash;           // the referent's, once asked for
  bool isHashed;
  Value get() const { return referent == nullptr ? Value::none() : Value::of(referent); }
};

struct WeakrefTypes {
  Type *ref, *proxy, *callableProxy;
};
inline WeakrefTypes weakrefTypes;

// A weak reference of class `type`, or an existing one that is as good. TypeError when `referent` cannot have any.
Fallible<Value> makeWeakref(Thread& thread, Type* type, Value referent, Value callbackOrNone);
Weakref* toWeakref(Value v);                              // refs and proxies, else null
bool isWeakProxy(const Weakref*);                         // rather than a ref
Fallible<Value> getWeakrefs(Thread& thread, Value self);  // the attribute __weakref__
void initialiseWeakref(Thread& thread);
void declareProxies(Thread& thread);  // weakref_proxy.cpp; called by initialiseWeakref
}  // namespace krait
