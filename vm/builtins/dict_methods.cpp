// dict's methods and special methods, and the ways a dict takes over the content of another mapping.
#include <algorithm>

#include "vm/builtins/dict.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sizes.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"

namespace krait {

// --- taking over other mappings --------------------------------------------------------------------------------------

static Fallible<void> putOne(Thread& thread, Dict* dict, Value key, int64_t hash, Value value, bool overwrite) {
  if (!overwrite && !TRY(dictGetHashed(thread, dict, key, hash)).isUnbound()) return {};
  return dictSetHashed(thread, dict, key, hash, value);
}

static Fallible<void> mergeDict(Thread& thread, Dict* dict, Dict* other, bool overwrite) {
  if (other == dict || other->length == 0) return {};
  TRY(dictReserve(thread, dict, dict->length == 0 ? other->length : std::max(dict->length, other->length)));
  DictKeys* keys = other->keys;
  uint64_t length = other->length, position = 0;
  DictEntry* entry;
  while (dictNextEntry(other, position, entry)) {
    TRY(putOne(thread, dict, entry->key, entry->hash, entry->value, overwrite));
    if (other->keys.get() != keys || other->length != length)  // __eq__ of some key did it
      return raise(thread, exceptions.RuntimeError, "dict mutated during update");
  }
  return {};
}

static Fallible<void> mergeMapping(Thread& thread, Dict* dict, Value mapping, bool overwrite) {
  Value keys = TRY(callMethod(thread, mapping, names.keys, {}));
  Value iterator = TRY(iterate(thread, keys));
  for (;;) {
    Value key = TRY(next(thread, iterator));
    if (key.isUnbound()) return {};
    int64_t keyHash = TRY(hash(thread, key));
    if (!overwrite && !TRY(dictGetHashed(thread, dict, key, keyHash)).isUnbound()) continue;
    Value value = TRY(getItem(thread, mapping, key));
    TRY(dictSetHashed(thread, dict, key, keyHash, value));
  }
}

static Fallible<void> mergePairs(Thread& thread, Dict* dict, Value pairs, bool overwrite) {
  uint64_t number = 0;
  return forEach(thread, pairs, [&](Value pair) -> Fallible<bool> {
    Value sequence = pair;
    if (typeOf(pair) != types.tuple && typeOf(pair) != types.list) {
      Fallible<Tuple*> items = tupleFromIterable(thread, pair);
      if (items.isRaised()) {
        if (!pendingMatches(thread, exceptions.TypeError)) return Raised{};
        clearException(thread);
        return raiseTypeError(thread, "cannot convert dictionary update sequence element #{} to a sequence", number);
      }
      sequence = Value::of(items.value());
    }
    SequenceView view = viewSequence(sequence);
    if (view.length != 2) {
      return raiseValueError(thread, "dictionary update sequence element #{} has length {}; 2 is required", number,
                             view.length);
    }
    Value key = view.items[0], value = view.items[1];
    TRY(putOne(thread, dict, key, TRY(hash(thread, key)), value, overwrite));
    number++;
    return true;
  });
}

// Whether `other` is a dict whose own iteration nobody has redefined.
static bool isPlainDict(Value other) {
  return isKind(other, Kind::kDict) &&
         typeOf(other)->special(Special::k__iter__).is(types.dict->special(Special::k__iter__));
}

Fallible<void> dictUpdate(Thread& thread, Dict* dict, Value other, bool overwrite) {
  if (isPlainDict(other)) return mergeDict(thread, dict, other.as<Dict>(), overwrite);
  Value keys = TRY(getAttributeOrUnbound(thread, other, names.keys));
  if (!keys.isUnbound()) return mergeMapping(thread, dict, other, overwrite);
  return mergePairs(thread, dict, other, overwrite);
}

// "module.f()", or its str() when it has no __qualname__.
static Fallible<void> describeCallee(Thread& thread, Value callable, fmt::memory_buffer& text) {
  auto append = [&](std::string_view piece) { text.append(piece.data(), piece.data() + piece.size()); };
  fmt::memory_buffer buffer;
  Value qualname = TRY(getAttributeOrUnbound(thread, callable, names.dunder_qualname));
  if (qualname.isUnbound() || toStr(qualname) == nullptr) {
    append(textOf(TRY(str(thread, callable)), buffer));
    return {};
  }
  Value module = TRY(getAttributeOrUnbound(thread, callable, names.dunder_module));
  Str* moduleName = module.isUnbound() ? nullptr : toStr(module);
  if (moduleName != nullptr && !strEqualsUtf8(moduleName, "builtins")) {
    append(textOf(moduleName, buffer));
    append(".");
    buffer.clear();
  }
  append(textOf(toStr(qualname), buffer));
  append("()");
  return {};
}

Fallible<void> dictMergeUnique(Thread& thread, Dict* dict, Value other, Value callable) {
  auto put = [&](Value key, Value value) -> Fallible<void> {
    int64_t keyHash = TRY(hash(thread, key));
    if (!TRY(dictGetHashed(thread, dict, key, keyHash)).isUnbound()) {
      fmt::memory_buffer callee, name;
      TRY(describeCallee(thread, callable, callee));
      return raiseTypeError(thread, "{} got multiple values for keyword argument '{}'",
                            std::string_view(callee.data(), callee.size()), textOf(TRY(str(thread, key)), name));
    }
    return dictSetHashed(thread, dict, key, keyHash, value);
  };
  if (isPlainDict(other)) {
    Dict* from = other.as<Dict>();
    TRY(dictReserve(thread, dict, dict->length + from->length));
    uint64_t position = 0;
    Value key, value;
    while (dictNext(from, position, key, value)) TRY(put(key, value));
    return {};
  }
  Value keys = TRY(callMethod(thread, other, names.keys, {}));
  return forEach(thread, keys, [&](Value key) -> Fallible<bool> {
    TRY(put(key, TRY(getItem(thread, other, key))));
    return true;
  });
}

// --- construction ----------------------------------------------------------------------------------------------------

static Fallible<Value> dictNew(Thread& thread, Value self, const Arguments&) {
  Value dict = TRY(allocateInstance(thread, self.as<Type>()));
  dict.as<Dict>()->allStrings = 1;
  return dict;
}

static Fallible<Value> updateFromArguments(Thread& thread, Value self, const Arguments& arguments,
                                           const char* function) {
  TRY(arguments.count(thread, function, 0, 1));
  Dict* dict = self.as<Dict>();
  if (arguments.positional == 1) TRY(dictUpdate(thread, dict, arguments[0]));
  for (uint32_t i = 0; i < arguments.keywordCount(); i++)
    TRY(dictSet(thread, dict, arguments.keywordNames->items[i], arguments[arguments.positional + i]));
  return Value::none();
}

static Fallible<Value> dictInit(Thread& thread, Value self, const Arguments& arguments) {
  return updateFromArguments(thread, self, arguments, "dict");
}

static Fallible<Value> dictUpdateMethod(Thread& thread, Value self, const Arguments& arguments) {
  return updateFromArguments(thread, self, arguments, "update");
}

static Fallible<Value> dictFromKeys(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "dict.fromkeys"));
  TRY(arguments.count(thread, "fromkeys", 1, 2));
  Value value = arguments.positional == 2 ? arguments[1] : Value::none();
  Value made = self.is(Value::of(types.dict)) ? Value::of(TRY(makeDict(thread))) : TRY(call(thread, self));
  bool isExact = typeOf(made) == types.dict;
  Type* source = typeOf(arguments[0]);
  if (isExact && (source == types.set || source == types.frozenset)) {  // whose hashes are known
    Set* set = arguments[0].as<Set>();
    uint64_t position = 0;
    SetEntry* entry;
    while (setNextEntry(set, position, entry))
      TRY(dictSetHashed(thread, made.as<Dict>(), entry->key, entry->hash, value));
    return made;
  }
  TRY(forEach(thread, arguments[0], [&](Value key) -> Fallible<bool> {
    if (isExact) {
      TRY(dictSet(thread, made.as<Dict>(), key, value));
    } else {
      TRY(setItem(thread, made, key, value));
    }
    return true;
  }));
  return made;
}

// --- special methods -------------------------------------------------------------------------------------------------

static Fallible<Value> dictRepr(Thread& thread, Value self) {
  Dict* dict = self.as<Dict>();
  if (dict->length == 0) return Value::of(TRY(makeStr(thread, "{}")));
  ReprGuard guard(thread, self);
  if (!guard.entered()) return Value::of(TRY(makeStr(thread, "{...}")));
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  StrBuilder text;
  text.append("{");
  uint64_t position = 0;
  Value key, value;
  for (bool first = true; dictNext(dict, position, key, value); first = false) {
    if (!first) text.append(", ");
    text.append(TRY(repr(thread, key))).append(": ");
    text.append(TRY(repr(thread, value)));
  }
  text.append("}");
  return Value::of(TRY(text.build(thread)));
}

static Fallible<bool> dictsEqual(Thread& thread, Dict* a, Dict* b) {
  KRAIT_CHECK_NATIVE_STACK(thread, " in comparison");
  if (a->length != b->length) return false;
  uint64_t position = 0;
  DictEntry* entry;
  while (dictNextEntry(a, position, entry)) {
    Value value = entry->value;
    Value other = TRY(dictGetHashed(thread, b, entry->key, entry->hash));
    if (other.isUnbound()) return false;
    if (!TRY(equals(thread, other, value))) return false;
  }
  return true;
}

static Fallible<Value> dictEqual(Thread& thread, Value self, Value other) {
  if (!isKind(self, Kind::kDict) || !isKind(other, Kind::kDict)) return Value::notImplemented();
  return Value::boolean(TRY(dictsEqual(thread, self.as<Dict>(), other.as<Dict>())));
}
static Fallible<Value> dictNotEqual(Thread& thread, Value self, Value other) {
  if (!isKind(self, Kind::kDict) || !isKind(other, Kind::kDict)) return Value::notImplemented();
  return Value::boolean(!TRY(dictsEqual(thread, self.as<Dict>(), other.as<Dict>())));
}
static Fallible<Value> dictUnordered(Thread&, Value, Value) { return Value::notImplemented(); }

static Fallible<Value> dictIter(Thread& thread, Value self) {
  return makeIterator(thread, types.dictKeyIterator, self);
}
static Fallible<Value> dictReversed(Thread& thread, Value self) {
  return makeIterator(thread, types.dictReverseKeyIterator, self);
}
static Fallible<Value> dictLength(Thread&, Value self) {
  return Value::inlineInt(static_cast<int64_t>(self.as<Dict>()->length));
}

static Fallible<Value> dictGetItem(Thread& thread, Value self, Value key) {
  Value value = TRY(dictGet(thread, self.as<Dict>(), key));
  if (!value.isUnbound()) [[likely]]
    return value;
  if (typeOf(self) != types.dict) {
    Value missing = specialMethod(self, Special::k__missing__);
    if (!missing.isUnbound()) return callSpecial(thread, missing, self, key);
  }
  return raiseWithArgument(thread, exceptions.KeyError, key);
}

static Fallible<Value> dictSetItem(Thread& thread, Value self, Value key, Value value) {
  TRY(dictSet(thread, self.as<Dict>(), key, value));
  return Value::none();
}

static Fallible<Value> dictDeleteItem(Thread& thread, Value self, Value key) {
  if (!TRY(dictDelete(thread, self.as<Dict>(), key))) return raiseWithArgument(thread, exceptions.KeyError, key);
  return Value::none();
}

static Fallible<Value> dictContainsMethod(Thread& thread, Value self, Value key) {
  return Value::boolean(TRY(dictContains(thread, self.as<Dict>(), key)));
}

static Fallible<Value> unite(Thread& thread, Value left, Value right) {
  if (!isKind(left, Kind::kDict) || !isKind(right, Kind::kDict)) return Value::notImplemented();
  Dict* result = TRY(dictCopy(thread, left.as<Dict>()));
  TRY(dictUpdate(thread, result, right));
  return Value::of(result);
}
static Fallible<Value> dictOr(Thread& thread, Value self, Value other) { return unite(thread, self, other); }
static Fallible<Value> dictReflectedOr(Thread& thread, Value self, Value other) { return unite(thread, other, self); }
static Fallible<Value> dictInplaceOr(Thread& thread, Value self, Value other) {
  TRY(dictUpdate(thread, self.as<Dict>(), other));
  return self;
}

static Fallible<Value> dictSizeOf(Thread&, Value self) {
  Dict* dict = self.as<Dict>();
  // CPython's table, which has the same capacity: a header, the index, and entries without hashes for strings.
  constexpr uint64_t kHeader = 32, kStringEntry = 16, kEntry = 24;
  int64_t bytes = structSizeOf(typeOf(self)).basic;
  if (DictKeys* keys = dict->keys) {
    uint64_t indexWidth = keys->indexSize <= 128 ? 1 : keys->indexSize <= 32768 ? 2 : 4;
    bytes += static_cast<int64_t>(kHeader + keys->entryCapacity() * (dict->allStrings ? kStringEntry : kEntry) +
                                  uint64_t{keys->indexSize} * indexWidth);
  }
  return Value::inlineInt(bytes);
}

// --- named methods ---------------------------------------------------------------------------------------------------

static Fallible<Value> orNone(Value v) { return v.isUnbound() ? Value::none() : v; }

static Fallible<Value> dictGetMethod(Thread& thread, Value self, Value key, Value defaultOrUnbound) {
  Value value = TRY(dictGet(thread, self.as<Dict>(), key));
  return value.isUnbound() ? orNone(defaultOrUnbound) : value;
}

static Fallible<Value> dictSetDefaultMethod(Thread& thread, Value self, Value key, Value defaultOrUnbound) {
  Value value = defaultOrUnbound.isUnbound() ? Value::none() : defaultOrUnbound;
  return dictSetDefault(thread, self.as<Dict>(), key, value);
}

static Fallible<Value> dictPopMethod(Thread& thread, Value self, Value key, Value defaultOrUnbound) {
  Value value = TRY(dictPop(thread, self.as<Dict>(), key));
  if (!value.isUnbound()) return value;
  if (!defaultOrUnbound.isUnbound()) return defaultOrUnbound;
  return raiseWithArgument(thread, exceptions.KeyError, key);
}

static Fallible<Value> dictPopItem(Thread& thread, Value self) {
  Tuple* pair = TRY(makeTupleUninitialised(thread, 2));
  Value key, value;
  if (!dictPopLast(self.as<Dict>(), key, value))
    return raise(thread, exceptions.KeyError, "popitem(): dictionary is empty");
  pair->items[0].set(key);
  pair->items[1].set(value);
  return Value::of(pair);
}

static Fallible<Value> dictClearMethod(Thread&, Value self) {
  dictClear(self.as<Dict>());
  return Value::none();
}
static Fallible<Value> dictCopyMethod(Thread& thread, Value self) {
  return Value::of(TRY(dictCopy(thread, self.as<Dict>())));
}
static Fallible<Value> dictKeysMethod(Thread& thread, Value self) {
  return makeDictView(thread, types.dictKeys, self.as<Dict>());
}
static Fallible<Value> dictValuesMethod(Thread& thread, Value self) {
  return makeDictView(thread, types.dictValues, self.as<Dict>());
}
static Fallible<Value> dictItemsMethod(Thread& thread, Value self) {
  return makeDictView(thread, types.dictItems, self.as<Dict>());
}

void initialiseDict(Thread& thread) {
  types.dict = TypeBuilder(thread, "dict", types.object, Kind::kDict)
                   .flags(Type::kBaseType | Type::kInstantiable | Type::kMappingPattern)
                   .doc("dict(mapping or pairs, **entries): keys with their values, in order of insertion.")
                   .constructor(dictNew)
                   .specialVariadic("__init__", dictInit)
                   .special("__repr__", dictRepr)
                   .unhashable()
                   .special("__lt__", dictUnordered)
                   .special("__le__", dictUnordered)
                   .special("__eq__", dictEqual)
                   .special("__ne__", dictNotEqual)
                   .special("__gt__", dictUnordered)
                   .special("__ge__", dictUnordered)
                   .special("__iter__", dictIter)
                   .special("__or__", dictOr)
                   .special("__ror__", dictReflectedOr)
                   .special("__ior__", dictInplaceOr)
                   .special("__len__", dictLength)
                   .method("__getitem__", dictGetItem)
                   .special("__setitem__", dictSetItem)
                   .special("__delitem__", dictDeleteItem)
                   .method("__contains__", dictContainsMethod)
                   .method("__sizeof__", dictSizeOf)
                   .method("get", dictGetMethod, 1)
                   .method("setdefault", dictSetDefaultMethod, 1)
                   .method("pop", dictPopMethod, 1)
                   .method("popitem", dictPopItem)
                   .method("keys", dictKeysMethod)
                   .method("items", dictItemsMethod)
                   .method("values", dictValuesMethod)
                   .variadic("update", dictUpdateMethod)
                   .classMethod("fromkeys", dictFromKeys)
                   .method("clear", dictClearMethod)
                   .method("copy", dictCopyMethod)
                   .method("__reversed__", dictReversed)
                   .classMethod("__class_getitem__", classGetItemAlias)
                   .build();
  initialiseDictViews(thread);
}

}  // namespace krait
