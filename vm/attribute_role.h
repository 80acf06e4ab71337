// How a class attribute takes part in the look-up of an instance's attribute.
#pragma once
#include "vm/builtins/builtin.h"
#include "vm/builtins/type.h"

namespace krait {

enum class Role : uint8_t {
  kPlain,       // a value: the instance's own attribute goes first
  kMethod,      // a function: as a value, but bound to the instance
  kDescriptor,  // has __get__ only
  kData,        // has __get__ and __set__ or __delete__: goes before the instance's own
};

KRAIT_INLINE Role roleOf(Value attribute) {
  if (!attribute.isCell()) return Role::kPlain;
  switch (attribute.asCell()->kind) {
    case Kind::kFunction: return Role::kMethod;
    case Kind::kMember:
    case Kind::kProperty: return Role::kData;
    case Kind::kBuiltin: {
      auto face = attribute.as<Builtin>()->face;
      if (face == Builtin::kMethodDescriptor || face == Builtin::kSlotWrapper) return Role::kMethod;
      return face == Builtin::kClassMethodDescriptor ? Role::kDescriptor : Role::kPlain;
    }
    default: break;
  }
  const Type* type = typeOf(attribute);
  if (type->special(Special::k__get__).isUnbound()) return Role::kPlain;
  bool sets = !type->special(Special::k__set__).isUnbound() || !type->special(Special::k__delete__).isUnbound();
  return sets ? Role::kData : Role::kDescriptor;
}

}  // namespace krait
