// Making classes: what type(name, bases, namespace) does.
#include <algorithm>

#include "vm/builtins/bytes.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/function.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/builtins/weakref.h"
#include "vm/lookup_cache.h"
#include "vm/names.h"
#include "vm/opcode.h"

namespace krait {
namespace {

constexpr uint32_t kDefaultInlineSlots = 2;  // when nothing is known
constexpr uint32_t kMostInlineSlots = 30;
constexpr uint32_t kMostSlots = 30000;

bool isPayloadKind(Kind kind) {
  switch (kind) {
    case Kind::kInt:
    case Kind::kFloat:
    case Kind::kComplex:
    case Kind::kStr:
    case Kind::kBytes:
    case Kind::kTuple: return true;
    default: return false;
  }
}

// Instances whose size varies in CPython cannot have __slots__ behind them.
bool refusesSlots(const Type* base) {
  Kind kind = base->payloadKind != Kind::kFree ? base->payloadKind : base->instanceKind;
  return kind == Kind::kInt || kind == Kind::kBytes || kind == Kind::kTuple || kind == Kind::kType;
}

// How many attributes `def __init__(self, ...)` assigns to self: the instances will want that many slots.
uint32_t countAssignedInInit(Type* type) {
  Value init = dictGetStr(type->dict, specialName(Special::k__init__));
  uint32_t inherited = type->base->inlineHint;
  if (!isKind(init, Kind::kFunction)) return inherited;
  const Code* code = init.as<Function>()->code;
  const uint8_t* bytes = reinterpret_cast<const uint8_t*>(code->code->data);
  uint64_t length = code->code->length;
  bool seen[256] = {};
  uint32_t count = 0;
  for (uint64_t i = 2; i + 1 < length; i += 2) {
    if (bytes[i] != static_cast<uint8_t>(Opcode::STORE_ATTR)) continue;
    if (bytes[i - 2] != static_cast<uint8_t>(Opcode::LOAD_FAST) || bytes[i - 1] != 0) continue;
    if (seen[bytes[i + 1]]) continue;
    seen[bytes[i + 1]] = true;
    count++;
  }
  for (uint64_t i = 0; i < code->names->length; i++)  // super().__init__(...): the base's come on top
    if (code->names->items[i].get().is(Value::of(specialName(Special::k__init__)))) return count + inherited;
  return count;
}

// --- __slots__ --------------------------------------------------------------------------------------------------------
struct SlotPlan {
  Tuple* names = nullptr;  // mangled, sorted; without __dict__ and __weakref__
  bool given = false, wantsDict = false, wantsWeakref = false;
};

// __x in class _Foo is _Foo__x.
Fallible<Str*> mangle(Thread& thread, Str* className, Str* name) {
  uint64_t n = name->length;
  if (n < 2 || name->at(0) != '_' || name->at(1) != '_') return intern(thread, name);
  if (n >= 4 && name->at(n - 1) == '_' && name->at(n - 2) == '_') return intern(thread, name);
  uint64_t start = 0;
  while (start < className->length && className->at(start) == '_') start++;
  if (start == className->length) return intern(thread, name);
  StrBuilder builder;
  builder.append("_").append(TRY(substring(thread, className, start, className->length))).append(name);
  return intern(thread, TRY(builder.build(thread)));
}

bool isIdentifierText(const Str* s) {
  if (s->length == 0 || (s->at(0) >= '0' && s->at(0) <= '9')) return false;
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    if (c < 128 && !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
      return false;
  }
  return true;
}

Fallible<void> planSlots(Thread& thread, SlotPlan& plan, Str* className, const Type* base, Dict* ns) {
  Value slots = dictGetStr(ns, names.dunder_slots);
  if (slots.isUnbound()) return {};
  plan.given = true;
  Tuple* given = toStr(slots) != nullptr ? TRY(makeTuple(thread, {slots})) : TRY(tupleFromIterable(thread, slots));
  if (given->length > 0 && refusesSlots(base))
    return raiseTypeError(thread, "nonempty __slots__ not supported for subtype of '{}'", nameOf(base));
  if (given->length > kMostSlots) return raise(thread, exceptions.OverflowError, "too many __slots__");
  List* wanted = TRY(makeList(thread, {}));
  fmt::memory_buffer buffer;
  for (uint64_t i = 0; i < given->length; i++) {
    Str* name = toStr(given->items[i]);
    if (name == nullptr)
      return raiseTypeError(thread, "__slots__ items must be strings, not '{}'", nameOf(given->items[i].get()));
    if (!isIdentifierText(name)) return raiseTypeError(thread, "__slots__ must be identifiers");
    if (strEquals(name, names.dunder_dict)) {
      if ((base->typeFlags & Type::kHasDict) || plan.wantsDict)
        return raiseTypeError(thread, "__dict__ slot disallowed: we already got one");
      plan.wantsDict = true;
      continue;
    }
    if (strEquals(name, names.dunder_weakref)) {
      if ((base->typeFlags & Type::kHasWeakref) || plan.wantsWeakref || refusesSlots(base))
        return raiseTypeError(thread, "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0");
      plan.wantsWeakref = true;
      continue;
    }
    Str* mangled = TRY(mangle(thread, className, name));
    if (!dictGetStr(ns, mangled).isUnbound() && !strEquals(mangled, names.dunder_qualname) &&
        !strEquals(mangled, names.dunder_classcell))
      return raiseValueError(thread, "'{}' in __slots__ conflicts with class variable", textOf(mangled, buffer));
    TRY(listAppend(thread, wanted, Value::of(mangled)));
  }
  TRY(listSort(thread, wanted, Value::none(), false));
  plan.names = TRY(makeTuple(thread, wanted->values()));
  return {};
}

// --- pieces of the namespace ------------------------------------------------------------------------------------------
Fallible<void> addNativeAttribute(Thread& thread, Type* type, Str* name, NativeGetter get, NativeSetter set) {
  auto* member = TRY(allocate<Member>(thread, Kind::kMember, types.getsetDescriptor->instanceShape));
  member->owner = type;
  member->name = name;
  member->getter = get;
  member->setter = set;
  return dictSetStr(thread, type->dict, name, Value::of(member));
}

Fallible<void> wrapFunction(Thread& thread, Dict* dict, Special special, bool asStatic) {
  Str* name = specialName(special);
  Value value = dictGetStr(dict, name);
  if (!isKind(value, Kind::kFunction)) return {};
  Value wrapped = asStatic ? TRY(makeStaticMethod(thread, value)) : TRY(makeClassMethod(thread, value));
  return dictSetStr(thread, dict, name, wrapped);
}

Fallible<void> setModule(Thread& thread, Dict* dict) {
  if (!dictGetStr(dict, names.dunder_module).isUnbound() || thread.frame == nullptr) return {};
  Value module = dictGetStr(thread.frame->function->globals, names.dunder_name);
  if (module.isUnbound()) return {};
  return dictSetStr(thread, dict, names.dunder_module, module);
}

Fallible<void> takeQualname(Thread& thread, Type* type, Dict* dict) {
  Value qualname = dictGetStr(dict, names.dunder_qualname);
  if (qualname.isUnbound()) {
    type->qualname = type->name.get();
    return {};
  }
  Str* text = toStr(qualname);
  if (text == nullptr) return raiseTypeError(thread, "type __qualname__ must be a str, not {}", nameOf(qualname));
  type->qualname = text;
  TRY(dictDeleteStr(thread, dict, names.dunder_qualname));
  return {};
}

// The cell that zero-argument super() and __class__ of the class's functions read.
Fallible<void> fillClassCell(Thread& thread, Type* type) {
  Value cell = dictGetStr(type->dict, names.dunder_classcell);
  if (cell.isUnbound()) return {};
  if (!isKind(cell, Kind::kCellvar))
    return raiseTypeError(thread, "__classcell__ must be a nonlocal cell, not <class '{}'>", nameOf(cell));
  cell.as<Cellvar>()->content = Value::of(type);
  TRY(dictDeleteStr(thread, type->dict, names.dunder_classcell));
  return {};
}

Fallible<void> callSetNames(Thread& thread, Type* type) {
  Dict* copy = TRY(dictCopy(thread, type->dict));
  uint64_t position = 0;
  Value key, value;
  while (dictNext(copy, position, key, value)) {
    Value method = typeOf(value)->special(Special::k__set_name__);
    if (method.isUnbound()) continue;
    if (!callSpecial(thread, method, value, Value::of(type), key).isRaised()) continue;
    Value error = takeException(thread);
    Str* keyText = TRY(repr(thread, key));
    fmt::memory_buffer b1, b2;
    std::string message = fmt::format("Error calling __set_name__ on '{}' instance {} in '{}'", nameOf(value),
                                      textOf(keyText, b1), textOf(type->name, b2));
    thread.exception = error;
    return raiseFromPending(thread, exceptions.RuntimeError, message);
  }
  return {};
}

// super(type, type).__init_subclass__(**keywords)
Fallible<void> callInitSubclass(Thread& thread, Type* type, const Value* keywordValues, Tuple* keywordNames) {
  Str* name = specialName(Special::k__init_subclass__);
  for (uint64_t i = 1; i < type->mro->length; i++) {
    Type* base = type->mro->items[i].get().as<Type>();
    Value method = dictGetStr(base->dict, name);
    if (method.isUnbound()) continue;
    if (base == types.object && keywordNames == nullptr) return {};
    Value bound = TRY(bindDescriptor(thread, method, Value::unbound(), type));
    TRY(call(thread, bound, {keywordValues, keywordNames == nullptr ? 0 : keywordNames->length}, keywordNames));
    return {};
  }
  return {};
}

// Layout, flags and instance shape from the best base and the slots.
Fallible<void> layOut(Thread& thread, Type* type, Type* base, Tuple* bases, const SlotPlan& plan) {
  type->base = base;
  type->bases = bases;
  type->instanceKind = base->instanceKind;
  type->payloadKind = base->payloadKind;
  if (isPayloadKind(base->instanceKind)) {
    type->payloadKind = base->instanceKind;
    type->instanceKind = Kind::kInstance;
  }
  uint64_t slots = base->slotCount + (plan.names == nullptr ? 0 : plan.names->length);
  if (slots > kMostSlots) return raise(thread, exceptions.OverflowError, "too many __slots__");
  type->slotCount = static_cast<uint16_t>(slots);
  type->typeFlags = Type::kHeapType | Type::kBaseType | Type::kInstantiable | (base->typeFlags & Type::kAttributeFlags);
  for (uint64_t i = 0; i < bases->length; i++) {
    uint32_t flags = bases->items[i].get().as<Type>()->typeFlags;
    type->typeFlags |= flags & (Type::kSequencePattern | Type::kMappingPattern);
    if (plan.given) type->typeFlags |= flags & (Type::kHasDict | Type::kHasWeakref);
  }
  if (!plan.given || plan.wantsDict) type->typeFlags |= Type::kHasDict;
  if (plan.wantsWeakref || (!plan.given && !refusesSlots(base))) type->typeFlags |= Type::kHasWeakref;
  uint32_t hint = 0;
  if (type->typeFlags & Type::kHasDict) {
    hint = std::min(countAssignedInInit(type), kMostInlineSlots);
    if (hint == 0) hint = kDefaultInlineSlots;
  }
  type->inlineHint = static_cast<uint8_t>(hint);
  bool isCellSized = type->instanceKind == Kind::kInstance || type->instanceKind == Kind::kNamespace;
  type->instanceShape = TRY(makeRootShape(thread, type, isCellSized ? type->slotCount + hint : 0));
  return {};
}

Fallible<void> addSlotMembers(Thread& thread, Type* type, const SlotPlan& plan) {
  if (plan.names == nullptr) return {};
  uint32_t first = type->base->slotCount;
  for (uint64_t i = 0; i < plan.names->length; i++) {
    Str* name = plan.names->items[i].get().as<Str>();
    Value member = TRY(makeSlotMember(thread, type, name, first + static_cast<uint32_t>(i)));
    TRY(dictSetStr(thread, type->dict, name, member));
  }
  return {};
}

// Instances refuse to be made while __abstractmethods__ is not empty; only its own assignment changes the flag.
Fallible<void> completeNamespace(Thread& thread, Type* type, const SlotPlan& plan) {
  Dict* dict = type->dict;
  TRY(takeQualname(thread, type, dict));
  TRY(setModule(thread, dict));
  TRY(wrapFunction(thread, dict, Special::k__new__, true));
  TRY(wrapFunction(thread, dict, Special::k__init_subclass__, false));
  TRY(wrapFunction(thread, dict, Special::k__class_getitem__, false));
  TRY(addSlotMembers(thread, type, plan));
  uint32_t inherited = 0;
  for (uint64_t i = 0; i < type->bases->length; i++) inherited |= type->bases->items[i].get().as<Type>()->typeFlags;
  uint32_t gained = type->typeFlags & ~inherited;
  // A metaclass has type's __dict__, a mappingproxy; what the class defines itself stands.
  if ((gained & Type::kHasDict) && !isSubtype(type, types.type) && dictGetStr(dict, names.dunder_dict).isUnbound())
    TRY(addNativeAttribute(thread, type, names.dunder_dict, getInstanceDict, setInstanceDict));
  if ((gained & Type::kHasWeakref) && dictGetStr(dict, names.dunder_weakref).isUnbound())
    TRY(addNativeAttribute(thread, type, names.dunder_weakref, getWeakrefs, nullptr));
  if (dictGetStr(dict, names.dunder_doc).isUnbound()) TRY(dictSetStr(thread, dict, names.dunder_doc, Value::none()));
  Str* hashName = specialName(Special::k__hash__);
  if (dictGetStr(dict, hashName).isUnbound() && !dictGetStr(dict, specialName(Special::k__eq__)).isUnbound())
    TRY(dictSetStr(thread, dict, hashName, Value::none()));
  return fillClassCell(thread, type);
}

// Namespaces may hold keys that are strs but not the interned ones; class lookups compare interned names.
Fallible<Dict*> copyNamespace(Thread& thread, Dict* ns) {
  Dict* dict = TRY(makeDict(thread, ns->length + 4));
  uint64_t position = 0;
  Value key, value;
  while (dictNext(ns, position, key, value)) {
    if (isKind(key, Kind::kStr)) {
      TRY(dictSetStr(thread, dict, TRY(intern(thread, key.as<Str>())), value));
    } else {
      TRY(dictSet(thread, dict, key, value));
    }
  }
  return dict;
}

}  // namespace

Fallible<Value> makeClass(Thread& thread, Type* metatype, Str* name, Tuple* bases, Dict* ns, Value* keywordValues,
                          Tuple* keywordNames) {
  for (uint64_t i = 0; i < bases->length; i++) {
    Value base = bases->items[i];
    if (!isKind(base, Kind::kType) && !typeOf(base)->special(Special::k__mro_entries__).isUnbound())
      return raiseTypeError(thread, "type() doesn't support MRO entry resolution; use types.new_class()");
  }
  Type* winner = TRY(mostDerivedMetaclass(thread, metatype, bases));
  for (uint64_t i = 0; i < bases->length; i++)
    if (!isKind(bases->items[i], Kind::kType)) return raiseTypeError(thread, "bases must be types");
  if (winner != metatype) {
    Value make = winner->special(Special::k__new__);
    if (!make.is(types.type->special(Special::k__new__))) {
      Value function = TRY(getTypeAttribute(thread, winner, specialName(Special::k__new__)));
      uint64_t keywords = keywordNames == nullptr ? 0 : keywordNames->length;
      Tuple* arguments = TRY(makeTupleUninitialised(thread, 4 + keywords));
      arguments->items[0] = Value::of(winner);
      arguments->items[1] = Value::of(name);
      arguments->items[2] = Value::of(bases);
      arguments->items[3] = Value::of(ns);
      for (uint64_t i = 0; i < keywords; i++) arguments->items[4 + i] = keywordValues[i];
      return call(thread, function, arguments->values(), keywordNames);
    }
    metatype = winner;
  }
  if (bases->length == 0) bases = TRY(makeTuple(thread, {Value::of(types.object)}));
  Type* base = TRY(bestBase(thread, bases));
  SlotPlan plan;
  TRY(planSlots(thread, plan, name, base, ns));

  Type* type = TRY(allocateType(thread, metatype));
  type->name = name;
  type->qualname = name;
  type->dict = TRY(copyNamespace(thread, ns));
  TRY(layOut(thread, type, base, bases, plan));
  TRY(completeNamespace(thread, type, plan));
  type->mro = TRY(computeMro(thread, type, bases));
  fillSpecialMethods(type);
  invalidateLookups(type);
  for (uint64_t i = 0; i < bases->length; i++) TRY(addSubclass(thread, bases->items[i].get().as<Type>(), type));
  TRY(callSetNames(thread, type));
  TRY(callInitSubclass(thread, type, keywordValues, keywordNames));
  return Value::of(type);
}

}  // namespace krait
