// What the files that implement classes share: making, linearising, attributes of class objects.
#pragma once
#include "vm/builtins/type.h"
#include "vm/operations.h"

namespace krait {

struct List;

// A class cell with its special-method table empty; everything else is for the caller to fill in.
Fallible<Type*> allocateType(Thread& thread, Type* metatype);
// The numbers of special methods go into the headers of their interned names; needs the class str.
void nameSpecialMethods(Thread& thread);
// Fills in one class's table from its bases and its dictionary (not its subclasses').
void fillSpecialMethods(Type* type);
Fallible<void> addSubclass(Thread& thread, Type* base, Type* subclass);
void removeSubclass(Type* base, const Type* subclass);
uint64_t subclassCount(const Type* type);
// The subclasses at this moment, held: the class itself forgets those that die, at any allocation.
Fallible<List*> listSubclasses(Thread& thread, const Type* type);

// C3. `bases` are Types.
Fallible<Tuple*> linearise(Thread& thread, Type* type, Tuple* bases);
// The linearisation, by the metaclass's mro() when it has its own.
Fallible<Tuple*> computeMro(Thread& thread, Type* type, Tuple* bases);
// The base that gives the layout; TypeErrors for conflicts and bases that cannot be one.
Fallible<Type*> bestBase(Thread& thread, Tuple* bases);
Fallible<Type*> mostDerivedMetaclass(Thread& thread, Type* metatype, Tuple* bases);
// Whether instances of the two have the same layout, so that __class__ and __bases__ may be exchanged.
bool sameLayout(const Type* a, const Type* b);

// getTypeAttribute(); unbound instead of AttributeError when nothing is found.
Fallible<Value> findTypeAttribute(Thread& thread, Type* type, Str* name);
// Whether both are the same method, or descriptors of the same C++ function.
bool isSameNative(Value a, Value b);
// object's methods that other classes show as their own.
Fallible<Value> objectGetattribute(Thread& thread, Value self, Value name);
Fallible<Value> objectSetattr(Thread& thread, Value self, Value name, Value value);
Fallible<Value> objectDelattr(Thread& thread, Value self, Value name);
Fallible<Value> objectUnordered(Thread& thread, Value self, Value other);
// The setter of native fields that cannot be set; TypeBuilder shows them as member descriptors.
Fallible<void> refuseAssignment(Thread& thread, Value self, Value value);
// The __dict__ descriptor of classes and functions.
Fallible<Value> getInstanceDict(Thread& thread, Value self);
Fallible<void> setInstanceDict(Thread& thread, Value self, Value dictOrUnbound);

// As TypeBuilder::getter, but a member descriptor, which refuses assignment in its own words. Start-up only.
Value makeReadOnlyMember(Thread& thread, Type* owner, const char* name, NativeGetter getter);

[[noreturn]] KRAIT_COLD void failStartUp();
template <class T>
T startUp(Fallible<T> result) {
  if (result.isRaised()) failStartUp();
  return result.value();
}

// self in front of the arguments of a call, on the native stack where they fit.
class PrependedArguments {
 public:
  Fallible<void> set(Thread& thread, Value self, const Arguments& arguments);
  std::span<const Value> values() const { return {values_, count_}; }

 private:
  Value inline_[12];
  Value* values_ = inline_;
  size_t count_ = 0;
};

}  // namespace krait
