// Reading pickles: classes and functions by name, calls, instances and their state.
#include "vm/builtins/builtin.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/lifetimes.h"
#include "vm/modules/pickle_loader.h"
#include "vm/names.h"

namespace krait {

using namespace pickle_code;

// --- names ------------------------------------------------------------------------------------------------------------
Fallible<Value> PickleLoader::findClass(Value module, Value name) {
  if (typeOf(Value::of(u_)) == pickleTypes.unpickler) return findPickledClass(thread_, u_, module, name);
  static constexpr std::string_view kFindClass = "find_class";
  return call(thread_, TRY(getAttribute(thread_, Value::of(u_), TRY(intern(thread_, kFindClass)))), module, name);
}

Fallible<void> PickleLoader::loadGlobal() {
  std::string_view line = TRY(readPickleLine(thread_, u_));
  if (line.size() < 2) return raiseTruncated(thread_);
  Value module = TRY(decodeBytes(thread_, line.substr(0, line.size() - 1), "utf-8", "strict"));
  line = TRY(readPickleLine(thread_, u_));
  if (line.size() < 2) return raiseTruncated(thread_);
  Value name = TRY(decodeBytes(thread_, line.substr(0, line.size() - 1), "utf-8", "strict"));
  return push(TRY(findClass(module, name)));
}

Fallible<void> PickleLoader::loadStackGlobal() {
  if (size_ < fence_ + 2) return raiseUnpickling(thread_, "STACK_GLOBAL requires str");
  Value module = top(1), name = top();
  if (typeOf(name) != types.str || typeOf(module) != types.str)
    return raiseUnpickling(thread_, "STACK_GLOBAL requires str");
  size_ -= 2;
  return push(TRY(findClass(module, name)));
}

Fallible<void> PickleLoader::loadExtension(int64_t code) {
  if (code <= 0) return raiseUnpickling(thread_, "EXT specifies code <= 0");
  Value number = Value::inlineInt(code);
  Value known = TRY(dictGet(thread_, pickleLibrary.extensionCache, number));
  if (!known.isUnbound()) return push(known);
  Value entry = TRY(dictGet(thread_, pickleLibrary.invertedRegistry, number));
  if (entry.isUnbound()) return raiseValueError(thread_, "unregistered extension code {}", code);
  const Tuple* pair = toTuple(entry);
  if (pair == nullptr || pair->length != 2 || toStr(pair->items[0]) == nullptr || toStr(pair->items[1]) == nullptr) {
    return raiseValueError(thread_, "_inverted_registry[{}] isn't a 2-tuple of strings", code);
  }
  Value found = TRY(findClass(pair->items[0], pair->items[1]));
  TRY(dictSet(thread_, pickleLibrary.extensionCache, number, found));
  return push(found);
}

Fallible<void> PickleLoader::loadPersistent(uint8_t code) {
  if (u_->persistentLoad.get().isUnbound()) {
    return raiseUnpickling(thread_,
                           "A load persistent id instruction was encountered,\n"
                           "but no persistent_load function was specified.");
  }
  Value id;
  if (code == kBinPersId) {
    id = TRY(pop());
  } else {
    std::string_view line = TRY(readPickleLine(thread_, u_));
    line.remove_suffix(1);
    for (char c : line) {
      if (static_cast<uint8_t>(c) >= 0x80)
        return raiseUnpickling(thread_, "persistent IDs in protocol 0 must be ASCII strings");
    }
    id = Value::of(TRY(makeStrAscii(thread_, line)));
  }
  return push(TRY(call(thread_, u_->persistentLoad, id)));
}

// --- calls ------------------------------------------------------------------------------------------------------------
Fallible<void> PickleLoader::loadReduce() {
  Value given = TRY(pop());
  Value function = TRY(pop());
  Tuple* arguments = toTuple(given);
  if (arguments == nullptr) return raise(thread_, exceptions.TypeError, "argument list must be a tuple");
  return push(TRY(call(thread_, function, arguments->values())));
}

// The way of Python 2's classes: without arguments __init__ is not called.
Fallible<Value> PickleLoader::instantiateOld(Value type, Tuple* arguments) {
  if (arguments->length == 0 && isKind(type, Kind::kType)) {
    Value initial = TRY(getAttributeOrUnbound(thread_, type, TRY(intern(thread_, "__getinitargs__"))));
    if (initial.isUnbound()) {
      return call(thread_, TRY(getAttribute(thread_, type, specialName(Special::k__new__))), type);
    }
  }
  return call(thread_, type, arguments->values());
}

Fallible<void> PickleLoader::loadInstance(uint8_t code) {
  uint64_t from = TRY(popMark());
  if (code == kObj) {
    if (size_ <= from) return raiseUnderflow();
    Value type = slots_[from];
    Tuple* arguments = TRY(popTuple(from + 1));
    size_--;
    return push(TRY(instantiateOld(type, arguments)));
  }
  Tuple* arguments = TRY(popTuple(from));
  std::string_view line = TRY(readPickleLine(thread_, u_));
  if (line.size() < 2) return raiseTruncated(thread_);
  Value module = TRY(decodeBytes(thread_, line.substr(0, line.size() - 1), "ascii", "strict"));
  line = TRY(readPickleLine(thread_, u_));
  if (line.size() < 2) return raiseTruncated(thread_);
  Value name = TRY(decodeBytes(thread_, line.substr(0, line.size() - 1), "ascii", "strict"));
  Value type = TRY(findClass(module, name));
  return push(TRY(instantiateOld(type, arguments)));
}

// type.__new__(type, *arguments, **keywords)
Fallible<void> PickleLoader::loadNew(bool withKeywords) {
  const char* what = withKeywords ? "NEWOBJ_EX" : "NEWOBJ";
  TRY(need(withKeywords ? 3 : 2));
  Value keywords = withKeywords ? slots_[--size_] : Value::unbound();
  Value given = slots_[--size_], type = slots_[--size_];
  if (!isKind(type, Kind::kType))
    return raiseUnpickling(thread_, "{} class argument must be a type, not {}", what, nameOf(type));
  Tuple* arguments = toTuple(given);
  if (arguments == nullptr)
    return raiseUnpickling(thread_, "{} args argument must be a tuple, not {}", what, nameOf(given));
  Dict* dict = withKeywords ? toDict(keywords) : nullptr;
  if (withKeywords && dict == nullptr)
    return raiseUnpickling(thread_, "{} kwargs argument must be a dict, not {}", what, nameOf(keywords));
  Value make = type.as<Type>()->special(Special::k__new__);
  bool isConstructor = isKind(make, Kind::kBuiltin) && make.as<Builtin>()->face == Builtin::kConstructor &&
                       isSubtype(type.as<Type>(), make.as<Builtin>()->owner.get().as<Type>());
  bool mayMake = type.as<Type>() == types.object || (type.as<Type>()->typeFlags & Type::kInstantiable);
  if (isConstructor && mayMake && (dict == nullptr || dict->length == 0)) {
    auto* constructor = reinterpret_cast<NativeVariadic>(make.as<Builtin>()->function);
    Arguments all{reinterpret_cast<const Value*>(arguments->items), static_cast<uint32_t>(arguments->length), nullptr};
    Value made = TRY(constructor(thread_, type, all));
    TRY(registerMade(thread_, made));
    return push(made);
  }
  make = TRY(getAttribute(thread_, type, specialName(Special::k__new__)));
  uint64_t count = dict == nullptr ? 0 : dict->length;
  Tuple* all = TRY(makeTupleUninitialised(thread_, 1 + arguments->length + count));
  all->items[0] = type;
  uint64_t at = 1;
  for (Value v : arguments->values()) all->items[at++] = v;
  if (count == 0) return push(TRY(call(thread_, make, all->values())));
  Tuple* keys = TRY(makeTupleUninitialised(thread_, count));
  uint64_t position = 0;
  Value key, value;
  for (uint64_t i = 0; i < count && dictNext(dict, position, key, value); i++) {
    if (toStr(key) == nullptr) return raise(thread_, exceptions.TypeError, "keywords must be strings");
    keys->items[i] = Value::of(TRY(intern(thread_, toStr(key))));
    all->items[at++] = value;
  }
  return push(TRY(call(thread_, make, all->values(), keys)));
}

// --- state ------------------------------------------------------------------------------------------------------------
// Stores the attributes where the instance keeps them, without a dict of its own being made. False when that is not
// what instance.__dict__[name] = value would do.
Fallible<bool> PickleLoader::setState(Value instance, Dict* state) {
  if (!isKind(instance, Kind::kInstance) || !state->allStrings) return false;
  Cell* cell = instance.asCell();
  Type* type = typeOf(instance);
  constexpr uint32_t kNeeded = Type::kHasDict | Type::kDefaultGetattribute | Type::kHeapType;
  if ((type->typeFlags & kNeeded) != kNeeded || cell->shape()->isDictionary || type->slotCount != 0) return false;
  const Type* owner = type;  // the descriptor __dict__ must be the one of the class that gave instances attributes
  while (owner->base != nullptr && (owner->base->typeFlags & Type::kHasDict)) owner = owner->base;
  if (!lookupOnType(type, names.dunder_dict).is(dictGetStr(owner->dict, names.dunder_dict))) return false;
  if (!isKind(lookupOnType(type, names.dunder_dict), Kind::kMember) &&
      typeOf(lookupOnType(type, names.dunder_dict)) != types.getsetDescriptor)
    return false;
  uint64_t position = 0;
  Value key, value;
  while (dictNext(state, position, key, value)) {
    if (typeOf(key) != types.str) return false;  // before anything is stored, or again from the start: the same result
    TRY(setOwnAttribute(thread_, cell, TRY(intern(thread_, key.as<Str>())), value));
  }
  return true;
}

Fallible<void> PickleLoader::loadBuild() {
  TRY(need(2));
  Value state = slots_[--size_], instance = top();
  Value setter = TRY(getAttributeOrUnbound(thread_, instance, pickleLibrary.setstate));
  if (!setter.isUnbound()) {
    TRY(call(thread_, setter, state));
    return {};
  }
  Value slots = Value::none();
  if (const Tuple* pair = toTuple(state); pair != nullptr && pair->length == 2) {
    state = pair->items[0];
    slots = pair->items[1];
  }
  if (!state.isNone()) {
    Dict* dict = toDict(state);
    if (dict == nullptr) return raiseUnpickling(thread_, "state is not a dictionary");
    if (!TRY(setState(instance, dict))) {
      Value target = TRY(getAttribute(thread_, instance, names.dunder_dict));
      uint64_t position = 0;
      Value key, value;
      while (dictNext(dict, position, key, value)) {
        if (typeOf(key) == types.str) key = Value::of(TRY(intern(thread_, key.as<Str>())));
        TRY(setItem(thread_, target, key, value));
      }
    }
  }
  if (slots.isNone()) return {};
  Dict* dict = toDict(slots);
  if (dict == nullptr) return raiseUnpickling(thread_, "slot state is not a dictionary");
  uint64_t position = 0;
  Value key, value;
  while (dictNext(dict, position, key, value)) {
    if (toStr(key) == nullptr) return raiseTypeError(thread_, "attribute name must be string, not '{}'", nameOf(key));
    TRY(setAttribute(thread_, instance, TRY(intern(thread_, toStr(key))), value));
  }
  return {};
}

}  // namespace krait
