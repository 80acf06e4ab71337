// Writing pickles: what __reduce__ gives, classes and functions by name, and plain instances without asking.
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/import.h"
#include "vm/lookup_cache.h"
#include "vm/modules/pickle_saver.h"
#include "vm/names.h"

namespace krait {

using namespace pickle_code;

// --- reductions -------------------------------------------------------------------------------------------------------
Fallible<void> PickleSaver::saveCall(Value function, Value arguments, Value object) {
  return saveReduce(TRY(makeTuple(thread_, {function, arguments})), object);
}

// `object` is unbound where what is made has no object yet.
Fallible<void> PickleSaver::saveReduce(Tuple* reduction, Value object) {
  if (reduction->length < 2 || reduction->length > 6)
    return raisePickling(thread_, "tuple returned by __reduce__ must contain 2 through 6 elements");
  Value part[6] = {Value::none(), Value::none(), Value::none(), Value::none(), Value::none(), Value::none()};
  for (uint64_t i = 0; i < reduction->length; i++) part[i] = reduction->items[i].get();
  auto [function, given, state, listItems, dictItems, setter] = part;
  if (!isCallable(function))
    return raisePickling(thread_, "first item of the tuple returned by __reduce__ must be callable");
  Tuple* arguments = toTuple(given);
  if (arguments == nullptr)
    return raisePickling(thread_, "second item of the tuple returned by __reduce__ must be a tuple");
  if (!listItems.isNone() && !isIterator(listItems)) {
    return raisePickling(thread_, "fourth element of the tuple returned by __reduce__ must be an iterator, not {}",
                         nameOf(listItems));
  }
  if (!dictItems.isNone() && !isIterator(dictItems)) {
    return raisePickling(thread_, "fifth element of the tuple returned by __reduce__ must be an iterator, not {}",
                         nameOf(dictItems));
  }
  if (!setter.isNone() && !isCallable(setter)) {
    return raisePickling(thread_, "sixth element of the tuple returned by __reduce__ must be a function, not {}",
                         nameOf(setter));
  }
  bool makesNew = false, makesNewEx = false;
  if (pickler_->protocol >= 2) {
    Value name = TRY(getAttributeOrUnbound(thread_, function, names.dunder_name));
    if (const Str* text = name.isUnbound() ? nullptr : toStr(name)) {
      makesNewEx = strEqualsUtf8(text, "__newobj_ex__");
      makesNew = strEqualsUtf8(text, "__newobj__");
    }
  }
  if (makesNewEx) {
    if (arguments->length != 3) {
      return raisePickling(thread_, "length of the NEWOBJ_EX argument tuple must be exactly 3, not {}",
                           arguments->length);
    }
    Value type = arguments->items[0], positional = arguments->items[1], keywords = arguments->items[2];
    if (!isKind(type, Kind::kType)) {
      return raisePickling(thread_, "first item from NEWOBJ_EX argument tuple must be a class, not {}", nameOf(type));
    }
    if (toTuple(positional) == nullptr) {
      return raisePickling(thread_, "second item from NEWOBJ_EX argument tuple must be a tuple, not {}",
                           nameOf(positional));
    }
    if (toDict(keywords) == nullptr) {
      return raisePickling(thread_, "third item from NEWOBJ_EX argument tuple must be a dict, not {}",
                           nameOf(keywords));
    }
    if (pickler_->protocol >= 4) {
      TRY(save(type));
      TRY(save(positional));
      TRY(save(keywords));
      out_.put(kNewObjEx);
    } else {  // partial(type.__new__, type, *positional, **keywords)()
      Tuple* bound = TRY(makeTupleUninitialised(thread_, toTuple(positional)->length + 2));
      bound->items[0] = TRY(getAttribute(thread_, type, specialName(Special::k__new__)));
      bound->items[1] = type;
      for (uint64_t i = 0; i < toTuple(positional)->length; i++) bound->items[i + 2] = toTuple(positional)->items[i];
      uint64_t count = toDict(keywords)->length, position = 0, at = 0;
      List* all = TRY(makeList(thread_, bound->values()));
      Tuple* keys = TRY(makeTupleUninitialised(thread_, count));
      Value key, value;
      while (at < count && dictNext(toDict(keywords), position, key, value)) {
        if (toStr(key) == nullptr) return raiseTypeError(thread_, "keywords must be strings");
        keys->items[at++] = key;
        TRY(listAppend(thread_, all, value));
      }
      Value partial = TRY(call(thread_, pickleLibrary.partial, all->values(), keys));
      TRY(save(partial));
      TRY(save(Value::of(emptyTuple())));
      out_.put(kReduce);
    }
  } else if (makesNew) {
    if (arguments->length == 0) return raisePickling(thread_, "__newobj__ arglist is empty");
    Value type = arguments->items[0];
    if (!isKind(type, Kind::kType)) return raisePickling(thread_, "args[0] from __newobj__ args is not a type");
    if (!object.isUnbound()) {
      Value actual = TRY(getAttribute(thread_, object, names.dunder_class));
      if (!actual.is(type)) return raisePickling(thread_, "args[0] from __newobj__ args has the wrong class");
    }
    TRY(save(type));
    Tuple* rest = TRY(makeTuple(thread_, arguments->values().subspan(1)));
    TRY(save(Value::of(arguments->length == 1 ? emptyTuple() : rest)));
    out_.put(kNewObj);
  } else {
    TRY(save(function));
    TRY(save(given));
    out_.put(kReduce);
  }
  if (!object.isUnbound()) {
    // An object that its own arguments refer to has been written by now: this one is thrown away.
    if (int64_t number = picklerMemoFind(pickler_, object); number >= 0) {
      out_.put(kPop);
      return writeGet(number);
    }
    TRY(memoize(object));
  }
  if (!listItems.isNone()) TRY(appendItems(listItems));
  if (!dictItems.isNone()) TRY(setItems(dictItems));
  if (state.isNone()) return {};
  if (setter.isNone()) {
    TRY(save(state));
    out_.put(kBuild);
    return {};
  }
  TRY(save(setter));
  TRY(save(object));
  TRY(save(state));
  out_.put(kTuple2);
  out_.put(kReduce);
  out_.put(kPop);
  return {};
}

// --- plain instances --------------------------------------------------------------------------------------------------
// Whether object.__reduce_ex__ would answer for the class, with nothing of the class's own to ask.
bool PickleSaver::isPlain(const Type* type) {
  if (type == plainType_ && plainEpoch_ == lookupEpoch) return plainAnswer_;
  auto isObjects = [type](Special s) { return type->special(s).is(types.object->special(s)); };
  Value slotNames = lookupOnType(type, pickleLibrary.slotNames);
  bool hasSlots = type->slotCount != 0 || !(slotNames.isUnbound() || slotNames.isNone() ||
                                            (toList(slotNames) != nullptr && toList(slotNames)->length == 0));
  constexpr uint32_t kNeeded = Type::kHeapType | Type::kHasDict | Type::kDefaultGetattribute;
  plainAnswer_ =
      type->instanceKind == Kind::kInstance && type->payloadKind == Kind::kFree && !hasSlots &&
      (type->typeFlags & kNeeded) == kNeeded && isObjects(Special::k__reduce__) && isObjects(Special::k__reduce_ex__) &&
      lookupOnType(type, pickleLibrary.getstate).is(dictGetStr(types.object->dict, pickleLibrary.getstate)) &&
      lookupOnType(type, pickleLibrary.getnewargs).isUnbound() &&
      lookupOnType(type, pickleLibrary.getnewargsEx).isUnbound();
  Value dunderClass = lookupOnType(type, names.dunder_class);
  plainAnswer_ = plainAnswer_ && dunderClass.is(dictGetStr(types.object->dict, names.dunder_class));
  plainType_ = type;
  plainEpoch_ = lookupEpoch;
  return plainAnswer_;
}

// An attribute of the instance may take the place of a method: __reduce_ex__ ...
static bool hasDunderAttribute(const Shape* shape) {
  for (uint32_t i = 0; i < shape->slotCount; i++) {
    const Str* name = shape->names->slots[i].as<Str>();
    if (name->length > 4 && name->at(0) == '_' && name->at(1) == '_') return true;
  }
  return false;
}

// False when the instance goes the general way. With a memo that programs can see its dict must exist.
Fallible<bool> PickleSaver::savePlainInstance(Value v, Type* type) {
  if (pickler_->protocol < 2 || !pickler_->bin || !v.isCell() || !isPlain(type)) return false;
  Cell* cell = v.asCell();
  bool isDictionary = cell->shape()->isDictionary;
  if (pickler_->isShared && !isDictionary) return false;
  Dict* dict = nullptr;
  if (isDictionary) {
    dict = TRY(attributeDict(thread_, cell));
    if (!dict->allStrings) return false;
    for (Str* name : {pickleLibrary.reduceEx, pickleLibrary.reduce, pickleLibrary.getstate, pickleLibrary.getnewargs,
                      pickleLibrary.getnewargsEx}) {
      if (!dictGetStr(dict, name).isUnbound()) return false;
    }
  } else if (hasDunderAttribute(cell->shape())) {
    return false;
  }
  PickleDepth depth(thread_);
  TRY(save(Value::of(type)));
  out_.put(kEmptyTuple);
  out_.put(kNewObj);
  TRY(memoize(v));
  if (dict != nullptr) {
    if (dict->length == 0) return true;
    TRY(save(Value::of(dict)));
  } else {
    if (cell->shape()->slotCount == 0) return true;
    TRY(saveOwnAttributes(cell));
  }
  out_.put(kBuild);
  return true;
}

// The state of an instance without a dict: written as if it had one, which nothing else can refer to.
Fallible<void> PickleSaver::saveOwnAttributes(Cell* cell) {
  out_.put(kEmptyDict);
  if (!pickler_->fast) writePut(static_cast<int64_t>(pickler_->memoCount++));
  const Shape* shape = cell->shape();
  uint32_t count = shape->slotCount;
  auto saveOne = [&](uint32_t i) -> Fallible<void> {
    Str* name = shape->names->slots[i].as<Str>();
    Value held = cell->shape() == shape ? slotValue(cell, i) : ownAttribute(cell, name);
    if (held.isUnbound()) return raise(thread_, exceptions.RuntimeError, "dictionary changed size during iteration");
    TRY(save(Value::of(name)));
    return save(held);
  };
  if (count == 1) {
    TRY(saveOne(0));
    out_.put(kSetItem);
    return {};
  }
  uint32_t i = 0, batch;
  do {
    out_.put(kMark);
    for (batch = 0; batch < kPickleBatch && i < count; batch++) TRY(saveOne(i++));
    out_.put(kSetItems);
    if (cell->shape() != shape && !cell->shape()->isDictionary)
      return raise(thread_, exceptions.RuntimeError, "dictionary changed size during iteration");
  } while (batch == kPickleBatch);
  return {};
}

// --- names ------------------------------------------------------------------------------------------------------------
Fallible<void> PickleSaver::saveType(Value v) {
  Value singleton = v.is(Value::of(types.none))             ? Value::none()
                    : v.is(Value::of(types.ellipsis))       ? Value::ellipsis()
                    : v.is(Value::of(types.notImplemented)) ? Value::notImplemented()
                                                            : Value::unbound();
  if (singleton.isUnbound()) return saveGlobal(v);
  return saveCall(Value::of(types.type), Value::of(TRY(makeTuple(thread_, {singleton}))), v);
}

Fallible<void> PickleSaver::saveGlobal(Value object, Value given) {
  auto shown = [&](Value v) -> Fallible<std::string> { return strToUtf8(TRY(str(thread_, v))); };
  auto quoted = [&](Value v) -> Fallible<Str*> { return repr(thread_, v); };
  if (given.isUnbound()) given = TRY(getAttributeOrUnbound(thread_, object, pickleLibrary.qualname));
  if (given.isUnbound()) given = TRY(getAttribute(thread_, object, names.dunder_name));
  Str* name = toStr(given);
  if (name == nullptr) return raiseTypeError(thread_, "attribute name must be string, not '{}'", nameOf(given));
  TRY(refuseLocalName(thread_, Value::unbound(), name));
  Value moduleName = TRY(moduleNameOf(thread_, object, name));
  Fallible<Value> imported = Raised{};
  if (Str* text = toStr(moduleName); text != nullptr && text->length != 0) {
    imported = importModule(thread_, TRY(intern(thread_, text)));
    if (imported.isRaised()) clearException(thread_);
  }
  if (imported.isRaised()) {
    std::string what = strToUtf8(TRY(quoted(object)));
    return raisePickling(thread_, "Can't pickle {}: import of module {} failed", what,
                         strToUtf8(TRY(quoted(moduleName))));
  }
  Value module = imported.value();
  Fallible<DottedName> found = findDotted(thread_, module, name);
  if (found.isRaised()) {
    if (!pendingMatches(thread_, exceptions.Exception)) return Raised{};
    clearException(thread_);
    std::string what = strToUtf8(TRY(quoted(object)));
    return raisePickling(thread_, "Can't pickle {}: attribute lookup {} on {} failed", what, TRY(shown(given)),
                         TRY(shown(moduleName)));
  }
  if (!found.value().object.is(object)) {
    std::string what = strToUtf8(TRY(quoted(object)));
    return raisePickling(thread_, "Can't pickle {}: it's not the same object as {}.{}", what, TRY(shown(moduleName)),
                         TRY(shown(given)));
  }
  return saveGlobalAs(object, toStr(moduleName), name, found.value(), module);
}

Fallible<void> PickleSaver::saveGlobalAs(Value object, Str* moduleName, Str* name, const DottedName& found,
                                         Value module) {
  if (pickler_->protocol >= 2 && pickleLibrary.extensionRegistry->length != 0) {
    if (TRY(saveExtension(object, moduleName, name))) return {};
  }
  bool isTopLevel = found.parent.is(module);
  if (isTopLevel) name = found.last;
  if (pickler_->protocol >= 4) {
    TRY(save(Value::of(moduleName)));
    TRY(save(Value::of(name)));
    out_.put(kStackGlobal);
    return memoize(object);
  }
  if (!isTopLevel) {
    Value arguments = Value::of(TRY(makeTuple(thread_, {found.parent, Value::of(found.last)})));
    TRY(saveCall(pickleLibrary.getattr, arguments, Value::unbound()));
  } else {
    TRY(writeGlobal(moduleName, name));
  }
  return memoize(object);
}

// The number that copyreg.add_extension has given a name. False when there is none.
Fallible<bool> PickleSaver::saveExtension(Value object, Str* moduleName, Str* name) {
  Value key = Value::of(TRY(makeTuple(thread_, {Value::of(moduleName), Value::of(name)})));
  Value code = TRY(dictGet(thread_, pickleLibrary.extensionRegistry, key));
  if (code.isUnbound()) return false;
  auto shown = [&](Value v) -> Fallible<Str*> { return repr(thread_, v); };
  if (!isInt(code)) {
    std::string what = strToUtf8(TRY(shown(object)));
    return raisePickling(thread_, "Can't pickle {}: extension code {} isn't an integer", what,
                         strToUtf8(TRY(shown(code))));
  }
  std::optional<int64_t> number = toInt64(code);
  if (!number || *number <= 0 || *number > INT32_MAX) {
    std::string what = strToUtf8(TRY(shown(object)));
    return raisePickling(thread_, "Can't pickle {}: extension code {} is out of range", what,
                         strToUtf8(TRY(str(thread_, code))));
  }
  if (*number < 256) {
    out_.put(kExt1, static_cast<uint8_t>(*number));
  } else if (*number < 65536) {
    out_.put2(kExt2, static_cast<uint16_t>(*number));
  } else {
    out_.put4(kExt4, static_cast<uint32_t>(*number));
  }
  return true;
}

// Two lines of text; for readers of Python 2 under the names that it knows.
Fallible<void> PickleSaver::writeGlobal(Str* moduleName, Str* name) {
  if (pickler_->fixesImports && pickler_->protocol < 3) {
    Value key = Value::of(TRY(makeTuple(thread_, {Value::of(moduleName), Value::of(name)})));
    Value mapped = TRY(dictGet(thread_, pickleLibrary.reverseNameMapping, key));
    if (!mapped.isUnbound()) {
      Tuple* pair = toTuple(mapped);
      if (pair == nullptr || pair->length != 2) {
        return raise(thread_, exceptions.RuntimeError, "_compat_pickle.REVERSE_NAME_MAPPING values should be 2-tuples");
      }
      if (toStr(pair->items[0]) == nullptr || toStr(pair->items[1]) == nullptr) {
        return raise(thread_, exceptions.RuntimeError,
                     "_compat_pickle.REVERSE_NAME_MAPPING values should be pairs of str");
      }
      moduleName = toStr(pair->items[0]);
      name = toStr(pair->items[1]);
    } else {
      mapped = TRY(dictGet(thread_, pickleLibrary.reverseImportMapping, Value::of(moduleName)));
      if (!mapped.isUnbound()) {
        if (toStr(mapped) == nullptr) {
          return raise(thread_, exceptions.RuntimeError,
                       "_compat_pickle.REVERSE_IMPORT_MAPPING values should be strings");
        }
        moduleName = toStr(mapped);
      }
    }
  }
  for (const Str* text : {moduleName, name}) {
    if (pickler_->protocol < 3 && !text->isAscii()) {
      return raisePickling(thread_, "can't pickle global identifier '{}' using pickle protocol {}", strToUtf8(text),
                           pickler_->protocol);
    }
  }
  // Surrogates are no UTF-8: the codec says so.
  Value first = TRY(encodeStr(thread_, moduleName, "utf-8", "strict"));
  Value second = TRY(encodeStr(thread_, name, "utf-8", "strict"));
  out_.put(kGlobal);
  out_.append(viewOf(toBytes(first)));
  out_.put('\n');
  out_.append(viewOf(toBytes(second)));
  out_.put('\n');
  return {};
}

}  // namespace krait
