// property, classmethod, staticmethod, and the descriptors of native fields and __slots__.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Property : Object {
  Field<Value> get, set, del, doc, name;  // None where missing
};
struct Wrapper : Object {  // staticmethod, classmethod by kind
  Field<Value> callable;
};
// A native attribute (getset) or a __slots__ entry (member), by shape.
struct Member : Object {
  Field<Str*> name;
  Field<Type*> owner;
  NativeGetter getter;  // getset
  NativeSetter setter;  // null: read-only
  uint32_t slot;        // __slots__: index of the instance slot
  bool isSlot;
};
Fallible<Value> makeStaticMethod(Thread& thread, Value callable);
Fallible<Value> makeClassMethod(Thread& thread, Value callable);
Fallible<Value> makeSlotMember(Thread& thread, Type* owner, Str* name, uint32_t slot);
// descriptor.__get__(instance or unbound, type): handles every built-in descriptor without a Python call where
// possible.
Fallible<Value> bindDescriptor(Thread& thread, Value descriptor, Value instanceOrUnbound, Type* type);
// descriptor.__set__(instance, value), or __delete__(instance) when there is no value. Requires isDataDescriptor().
Fallible<void> setThroughDescriptor(Thread& thread, Value descriptor, Value instance, Value valueOrUnbound);
// The __get__ of every built-in descriptor, as Python calls it.
Fallible<Value> descriptorGet(Thread& thread, Value self, Value instance, Value owner);
void initialiseDescriptors(Thread&);
void initialiseProperty(Thread&);  // property, staticmethod, classmethod; called by initialiseDescriptors
}  // namespace krait
