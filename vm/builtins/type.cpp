// Classes as data: special-method tables, subclass links, method resolution order, best base, class attributes.
#include "vm/builtins/type.h"

#include <algorithm>

#include "vm/attribute_role.h"
#include "vm/builtins/builtin.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/lifetimes.h"
#include "vm/lookup_cache.h"
#include "vm/names.h"
#include "vm/trace.h"

namespace krait {
namespace {

RootVector specialNames;

const char* const kSpecialTexts[] = {
#define KRAIT_SPECIAL(name) #name,
    KRAIT_SPECIAL_METHODS(KRAIT_SPECIAL)
#undef KRAIT_SPECIAL
};

void overrideSpecials(Type* type, const Dict* dict) {
  uint64_t position = 0;
  Value key, value;
  while (dict != nullptr && dictNext(dict, position, key, value)) {
    if (!isKind(key, Kind::kStr)) continue;
    Special special = specialOfName(key.as<Str>());
    if (special != Special::kCount) type->special_[static_cast<unsigned>(special)] = value;
  }
}

void setFlag(Type* type, uint32_t flag, bool on) {
  type->typeFlags = on ? type->typeFlags | flag : type->typeFlags & ~flag;
}

// Many built-in classes repeat object's methods in their own dictionaries, as CPython's do.
bool inheritsSpecial(const Type* type, Special s) { return isSameNative(type->special(s), types.object->special(s)); }

// One class after another from the last base to the class itself: who comes first in the order wins.
bool basesFormALine(const Type* type) {
  return type->base != nullptr && (type->bases == nullptr || type->bases->length == 1) &&
         (type->mro == nullptr || type->base->mro == nullptr || type->mro->length == type->base->mro->length + 1);
}

}  // namespace

Str* specialName(Special s) { return specialNames[static_cast<unsigned>(s)].as<Str>(); }

void nameSpecialMethods(Thread& thread) {
  if (specialNames.size() == kSpecialCount) return;
  for (unsigned i = 0; i < kSpecialCount; i++) {
    Str* name = startUp(intern(thread, kSpecialTexts[i]));
    static_cast<Cell*>(name)->aux = static_cast<uint16_t>(i + 1);
    if (!specialNames.push(Value::of(name))) failStartUp();
  }
}

Fallible<Type*> allocateType(Thread& thread, Type* metatype) {
  Type* type = TRY(allocate<Type>(thread, Kind::kType, metatype == nullptr ? nullptr : metatype->instanceShape.get()));
  type->module = Value::unbound();
  for (Field<Value>& special : type->special_) special = Value::unbound();
  if (!registerClass(type)) return raiseMemoryError(thread);
  return type;
}

void fillSpecialMethods(Type* type) {
  if (type->base == nullptr) {
    for (Field<Value>& special : type->special_) special = Value::unbound();
    overrideSpecials(type, type->dict);
  } else if (basesFormALine(type)) {
    for (unsigned i = 0; i < kSpecialCount; i++) type->special_[i] = type->base->special_[i].get();
    overrideSpecials(type, type->dict);
  } else {
    for (Field<Value>& special : type->special_) special = Value::unbound();
    for (uint64_t i = type->mro->length; i-- > 0;) overrideSpecials(type, type->mro->items[i].get().as<Type>()->dict);
  }
  setFlag(type, Type::kDefaultGetattribute,
          inheritsSpecial(type, Special::k__getattribute__) && type->special(Special::k__getattr__).isUnbound());
  setFlag(type, Type::kDefaultSetattr,
          inheritsSpecial(type, Special::k__setattr__) && inheritsSpecial(type, Special::k__delattr__));
  setFlag(type, Type::kDefaultInit,
          inheritsSpecial(type, Special::k__new__) && inheritsSpecial(type, Special::k__init__));
}

void refreshSpecialMethods(Type* type) {
  fillSpecialMethods(type);
  for (uint64_t i = 0, n = subclassCount(type); i < n; i++)
    refreshSpecialMethods(type->subclasses->slots[i].as<Type>());
}

// --- links to subclasses ----------------------------------------------------------------------------------------------
uint64_t subclassCount(const Type* type) {
  const ValueArray* array = type->subclasses;
  if (array == nullptr) return 0;
  uint64_t n = array->length;
  while (n > 0 && !array->slots[n - 1].isCell()) n--;  // free slots are at the end
  return n;
}

Fallible<void> addSubclass(Thread& thread, Type* base, Type* subclass) {
  uint64_t n = subclassCount(base);
  ValueArray* array = base->subclasses;
  if (array == nullptr || n == array->length) {
    ValueArray* grown = TRY(allocateArray(thread, n == 0 ? 2 : n * 2));
    n = subclassCount(base);  // a collection may have taken some away
    for (uint64_t i = 0; i < n; i++) grown->slots[i] = array->slots[i];
    base->subclasses = array = grown;
  }
  array->slots[n] = Value::of(subclass);
  return {};
}

Fallible<List*> listSubclasses(Thread& thread, const Type* type) {
  List* list = TRY(makeListWithCapacity(thread, subclassCount(type)));
  for (uint64_t i = 0, n = subclassCount(type); i < n; i++) {
    list->storage->slots[i] = type->subclasses->slots[i];
    list->length = i + 1;
  }
  return list;
}

void removeSubclass(Type* base, const Type* subclass) {
  uint64_t n = subclassCount(base);
  for (uint64_t i = 0; i < n; i++) {
    Value* slots = base->subclasses->slots;
    if (slots[i].as<Type>() != subclass) continue;
    for (uint64_t k = i + 1; k < n; k++) slots[k - 1] = slots[k];
    slots[n - 1] = Value::inlineInt(0);
    return;
  }
}

bool isSubtype(const Type* type, const Type* of) {
  if (type == of) return true;
  if (const Tuple* mro = type->mro) {
    Value wanted = Value::of(of);
    for (uint64_t i = 1; i < mro->length; i++)
      if (mro->items[i].get().is(wanted)) return true;
    return false;
  }
  for (const Type* t = type; t != nullptr; t = t->base)
    if (t == of) return true;
  return of == types.object;
}

bool isSameNative(Value a, Value b) {
  if (a.is(b)) return true;
  return isKind(a, Kind::kBuiltin) && isKind(b, Kind::kBuiltin) &&
         a.as<Builtin>()->function == b.as<Builtin>()->function;
}

bool isDataDescriptor(Value v) {
  if (!v.isCell()) return false;
  const Type* type = typeOf(v);
  return !type->special(Special::k__set__).isUnbound() || !type->special(Special::k__delete__).isUnbound();
}

// --- method resolution order ------------------------------------------------------------------------------------------
namespace {

KRAIT_COLD Raised raiseInconsistent(Thread& thread, std::span<const Tuple* const> lists, const uint64_t* heads) {
  std::string text = "Cannot create a consistent method resolution\norder (MRO) for bases";
  const char* separator = " ";
  Value shown[64];
  size_t shownCount = 0;
  for (size_t i = 0; i < lists.size(); i++) {
    if (heads[i] >= lists[i]->length) continue;
    Value candidate = lists[i]->items[heads[i]];
    if (std::find_if(shown, shown + shownCount, [&](Value v) { return v.is(candidate); }) != shown + shownCount)
      continue;
    if (shownCount < std::size(shown)) shown[shownCount++] = candidate;
    text += separator;
    text += strToUtf8(candidate.as<Type>()->name);
    separator = ", ";
  }
  return raise(thread, exceptions.TypeError, text);
}

bool isInTail(const Tuple* list, uint64_t head, Value candidate) {
  for (uint64_t i = head + 1; i < list->length; i++)
    if (list->items[i].get().is(candidate)) return true;
  return false;
}

}  // namespace

Fallible<Tuple*> linearise(Thread& thread, Type* type, Tuple* bases) {
  constexpr uint64_t kMostBases = 255;
  uint64_t n = bases->length;
  if (n == 1) {
    Tuple* inherited = bases->items[0].get().as<Type>()->mro;
    Tuple* result = TRY(makeTupleUninitialised(thread, inherited->length + 1));
    result->items[0] = Value::of(type);
    for (uint64_t i = 0; i < inherited->length; i++) result->items[i + 1] = inherited->items[i].get();
    return result;
  }
  if (n > kMostBases) return raiseTypeError(thread, "too many base classes");
  for (uint64_t i = 0; i < n; i++)
    for (uint64_t k = i + 1; k < n; k++)
      if (bases->items[i].get().is(bases->items[k]))
        return raiseTypeError(thread, "duplicate base class {}", nameOf(bases->items[i].get().as<Type>()));
  const Tuple* lists[kMostBases + 1];
  uint64_t heads[kMostBases + 1] = {};
  uint64_t most = 1;
  for (uint64_t i = 0; i < n; i++) {
    lists[i] = bases->items[i].get().as<Type>()->mro;
    most += lists[i]->length;
  }
  lists[n] = bases;
  Tuple* merged = TRY(makeTupleUninitialised(thread, most));
  uint64_t count = 0;
  merged->items[count++] = Value::of(type);
  for (;;) {
    bool done = true, advanced = false;
    for (uint64_t i = 0; i <= n && !advanced; i++) {
      if (heads[i] >= lists[i]->length) continue;
      done = false;
      Value candidate = lists[i]->items[heads[i]];
      bool blocked = false;
      for (uint64_t k = 0; k <= n && !blocked; k++) blocked = isInTail(lists[k], heads[k], candidate);
      if (blocked) continue;
      merged->items[count++] = candidate;
      for (uint64_t k = 0; k <= n; k++)
        if (heads[k] < lists[k]->length && lists[k]->items[heads[k]].get().is(candidate)) heads[k]++;
      advanced = true;
    }
    if (done) break;
    if (!advanced) return raiseInconsistent(thread, {lists, n + 1}, heads);
  }
  return makeTuple(thread, merged->values().first(count));
}

Fallible<Tuple*> computeMro(Thread& thread, Type* type, Tuple* bases) {
  Type* metatype = typeOf(Value::of(type));
  if (metatype == types.type || lookupOnType(metatype, names.mro).is(lookupOnType(types.type, names.mro)))
    return linearise(thread, type, bases);
  Value method = TRY(getAttribute(thread, Value::of(type), names.mro));
  Tuple* result = TRY(tupleFromIterable(thread, TRY(call(thread, method))));
  for (uint64_t i = 0; i < result->length; i++)
    if (!isKind(result->items[i], Kind::kType))
      return raiseTypeError(thread, "mro() returned a non-class ('{}')", nameOf(result->items[i].get()));
  return result;
}

// --- layouts ----------------------------------------------------------------------------------------------------------
namespace {

// The nearest class along the base line whose instances are laid out differently from its base's.
const Type* solidBase(const Type* type) {
  while (type->base != nullptr) {
    const Type* base = type->base;
    if (type->instanceKind != base->instanceKind || type->payloadKind != base->payloadKind ||
        type->slotCount != base->slotCount)
      return type;
    type = base;
  }
  return type;
}

}  // namespace

Fallible<Type*> bestBase(Thread& thread, Tuple* bases) {
  Type* best = nullptr;
  const Type* winner = nullptr;
  for (uint64_t i = 0; i < bases->length; i++) {
    Type* base = bases->items[i].get().as<Type>();
    if (!(base->typeFlags & Type::kBaseType))
      return raiseTypeError(thread, "type '{}' is not an acceptable base type", nameOf(base));
    const Type* candidate = solidBase(base);
    if (winner == nullptr) {
      winner = candidate;
      best = base;
    } else if (isSubtype(winner, candidate)) {
      continue;
    } else if (isSubtype(candidate, winner)) {
      winner = candidate;
      best = base;
    } else {
      return raiseTypeError(thread, "multiple bases have instance lay-out conflict");
    }
  }
  return best;
}

Fallible<Type*> mostDerivedMetaclass(Thread& thread, Type* metatype, Tuple* bases) {
  Type* winner = metatype;
  for (uint64_t i = 0; i < bases->length; i++) {
    Type* candidate = typeOf(bases->items[i]);
    if (isSubtype(winner, candidate)) continue;
    if (isSubtype(candidate, winner)) {
      winner = candidate;
      continue;
    }
    return raiseTypeError(thread,
                          "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
                          "metaclasses of all its bases");
  }
  return winner;
}

bool sameLayout(const Type* a, const Type* b) {
  if (a->instanceKind != b->instanceKind || a->payloadKind != b->payloadKind || a->slotCount != b->slotCount ||
      ((a->typeFlags ^ b->typeFlags) & (Type::kHasDict | Type::kHasWeakref)))
    return false;
  const Type *solidA = solidBase(a), *solidB = solidBase(b);
  if (solidA == solidB) return true;
  // The same slots in the same order on the same base are the same layout, too.
  if (solidA->slotCount != solidB->slotCount || solidA->base != solidB->base) return false;
  Value slotsA = lookupOnType(solidA, names.dunder_slots), slotsB = lookupOnType(solidB, names.dunder_slots);
  Tuple *ta = toTuple(slotsA), *tb = toTuple(slotsB);
  if (ta == nullptr || tb == nullptr) return !slotsA.isUnbound() && slotsA.is(slotsB);
  if (ta->length != tb->length) return false;
  for (uint64_t i = 0; i < ta->length; i++) {
    Str *x = toStr(ta->items[i]), *y = toStr(tb->items[i]);
    if (x == nullptr || y == nullptr || !strEquals(x, y)) return false;
  }
  return true;
}

// --- class attributes -------------------------------------------------------------------------------------------------
// Whether look-ups that found `before` go another way with `after` in its place.
static bool changesLookups(Value before, Value after) {
  Role role = roleOf(before);
  if (role != roleOf(after) || isDataDescriptor(before) != isDataDescriptor(after)) return true;
  return (role == Role::kDescriptor || role == Role::kData) && !before.is(after);
}
// A class whose instances become descriptors changes the meaning of attributes everywhere.
static bool makesDescriptors(Str* name) {
  Special s = specialOfName(name);
  return s == Special::k__get__ || s == Special::k__set__ || s == Special::k__delete__;
}

Fallible<void> setTypeAttribute(Thread& thread, Type* type, Str* name, Value value) {
  DictEntry* entry = dictFindStr(type->dict, name);
  if (entry != nullptr) {
    bool changes = changesLookups(entry->value, value);
    entry->value = value;
    if (changes) invalidateLookups(type);
  } else {
    TRY(dictSetStr(thread, type->dict, name, value));
    invalidateLookups(type);
  }
  if (specialOfName(name) != Special::kCount) {
    bool hadFinaliser = !type->special(Special::k__del__).isUnbound();
    refreshSpecialMethods(type);
    invalidateLookups(makesDescriptors(name) ? types.object : type);
    if (!hadFinaliser && !type->special(Special::k__del__).isUnbound()) TRY(registerInstances(thread, type));
  }
  return {};
}

Fallible<void> deleteTypeAttribute(Thread& thread, Type* type, Str* name) {
  bool found = TRY(dictDeleteStr(thread, type->dict, name));
  invalidateLookups(makesDescriptors(name) ? types.object : type);
  if (!found) return raiseWithArgument(thread, exceptions.AttributeError, Value::of(name));
  if (specialOfName(name) != Special::kCount) refreshSpecialMethods(type);
  return {};
}

Fallible<Str*> typeFullName(Thread& thread, const Type* type) {
  Value module = type->module;
  if (type->typeFlags & Type::kHeapType) module = dictGetStr(type->dict, names.dunder_module);
  Str* text = toStr(module);
  StrBuilder builder;
  if (text != nullptr && !strEqualsUtf8(text, "builtins")) builder.append(text).append(".");
  return builder.append(type->qualname).build(thread);
}

// --- instances --------------------------------------------------------------------------------------------------------
static Fallible<Value> allocateBlank(Thread& thread, Type* type) {
  const Shape* shape = type->instanceShape;
  switch (type->instanceKind) {
    case Kind::kInstance:
    case Kind::kNamespace: {
      uint32_t slots = shape->inlineCapacity, payload = type->payloadKind != Kind::kFree;
      auto* instance = TRY(allocate<Instance>(thread, type->instanceKind, shape, (slots + payload) * sizeof(Value)));
      if (payload) instance->flags |= Instance::kHasPayload;
      for (uint32_t i = 0; i < type->slotCount; i++) instance->slots[i] = Value::unbound();
      return Value::of(instance);
    }
    case Kind::kException: {
      auto* e = TRY(allocate<Exception>(thread, Kind::kException, shape));
      e->cause = e->context = e->traceback = Value::unbound();
      for (Field<Value>& field : e->fields) field = Value::unbound();
      e->arguments = emptyTuple();
      return Value::of(e);
    }
    default: {
      // Built-in mutable layouts: zeroed, the type's own __new__ fills them in.
      size_t bytes = fixedCellSize(type->instanceKind);
      if (bytes == 0) return raiseTypeError(thread, "cannot create '{}' instances", nameOf(type));
      auto* cell = TRY(allocate<Cell>(thread, type->instanceKind, shape, bytes - sizeof(Cell)));
      return Value::of(cell);
    }
  }
}

Fallible<Value> allocateInstance(Thread& thread, Type* type) {
  Value instance = TRY(allocateBlank(thread, type));
  if (!type->special(Special::k__del__).isUnbound()) [[unlikely]]
    TRY(registerFinalisable(thread, instance.asCell()));
  return instance;
}

Fallible<Value> allocatePayloadInstance(Thread& thread, Type* type, Value payload) {
  Value v = TRY(allocateInstance(thread, type));
  v.as<Instance>()->payload() = payload;
  return v;
}

}  // namespace krait
