// Module _abc: what abc.ABCMeta is made of. Registries and caches know classes by their cells, weakly.
#include "vm/builtins/dict.h"
#include "vm/builtins/function.h"
#include "vm/builtins/int.h"
#include "vm/builtins/interned.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/builtins/weakref.h"
#include "vm/cell_table.h"
#include "vm/lifetimes.h"
#include "vm/modules/registry.h"
#include "vm/names.h"
#include "vm/word_vector.h"

namespace krait {
namespace {

// The value of a class's attribute _abc_impl.
struct AbcData : NativeObject {
  WordVector<Type*> registry;  // in the order of registration
  CellTable<char> cache, negative;
  uint64_t negativeVersion;  // the counter's value when `negative` was begun
};
Type* dataType;
Str* implName;  // interned for ever
// Goes up with every registration anywhere: what was no subclass may have become one.
uint64_t registrations = 0;

char* present() { return reinterpret_cast<char*>(1); }

void finaliseData(Cell* cell) {
  auto* data = static_cast<AbcData*>(cell);
  std::free(data->registry.items);
  data->cache.release();
  data->negative.release();
}
constexpr NativeTraits kTraits{"_abc_data", nullptr, finaliseData};

void forgetDead(Cell* cell) {
  auto* data = static_cast<AbcData*>(cell);
  size_t kept = 0;
  for (size_t i = 0; i < data->registry.size; i++)
    if (heap.isMarked(data->registry.items[i])) data->registry.items[kept++] = data->registry.items[i];
  data->registry.size = kept;
  auto isAlive = [](const Cell* type, char*&) { return heap.isMarked(type); };
  data->cache.filter(isAlive);
  data->negative.filter(isAlive);
}

Fallible<AbcData*> makeData(Thread& thread) {
  auto* data = TRY(allocate<AbcData>(thread, Kind::kNative, dataType->instanceShape));
  data->traits = &kTraits;
  data->negativeVersion = registrations;
  if (!heap.registerFinaliser(thread, data) || !registerClassHolder(data, forgetDead)) return raiseMemoryError(thread);
  return data;
}
Fallible<Value> newData(Thread& thread, Value, const Arguments& arguments) {
  if (arguments.positional + arguments.keywordCount() != 0)
    return raiseTypeError(thread, "_abc_data() takes no arguments");
  return Value::of(TRY(makeData(thread)));
}

Fallible<AbcData*> dataOf(Thread& thread, Value self) {
  Value found = isKind(self, Kind::kType) ? lookupOnType(self.as<Type>(), implName) : Value::unbound();
  if (found.isUnbound()) found = TRY(getAttribute(thread, self, implName));
  if (!isKind(found, Kind::kNative) || found.as<NativeObject>()->traits != &kTraits)
    return raiseTypeError(thread, "_abc_impl is set to a wrong type");
  return found.as<AbcData>();
}

Fallible<void> remember(Thread& thread, CellTable<char>& table, Value type) {
  if (!table.set(type.asCell(), present())) return raiseMemoryError(thread);
  return {};
}
bool isIn(const CellTable<char>& table, Value v) { return v.isCell() && table.find(v.asCell()) != nullptr; }

// --- making abstract classes ------------------------------------------------------------------------------------------
Fallible<bool> isAbstract(Thread& thread, Value v) {
  static Str* const name = startUp(internForever(thread, "__isabstractmethod__"));
  if (isKind(v, Kind::kFunction) && v.as<Function>()->overflow.get() == nullptr) return false;  // the common method
  Value flag = TRY(getAttributeOrUnbound(thread, v, name));
  return flag.isUnbound() ? Fallible<bool>(false) : isTrue(thread, flag);
}

Fallible<void> computeAbstractMethods(Thread& thread, Value self) {
  Set* abstract = TRY(makeSet(thread, types.frozenset, Value::unbound()));
  Value ns = TRY(getAttribute(thread, self, names.dunder_dict));
  Value items = TRY(callMethod(thread, ns, names.items, {}));
  TRY(forEach(thread, items, [&](Value item) -> Fallible<bool> {
    Tuple* pair = toTuple(item);
    if (pair == nullptr || pair->length != 2)
      return raiseTypeError(thread, "items() returned item which size is not 2");
    Value key = pair->items[0];
    if (TRY(isAbstract(thread, pair->items[1]))) TRY(setAdd(thread, abstract, key));
    return true;
  }));
  Tuple* bases = toTuple(TRY(getAttribute(thread, self, names.dunder_bases)));
  if (bases == nullptr) return raiseTypeError(thread, "__bases__ is not tuple");
  for (uint64_t i = 0; i < bases->length; i++) {
    Value inherited = TRY(getAttributeOrUnbound(thread, bases->items[i], names.dunder_abstractmethods));
    if (inherited.isUnbound()) continue;
    TRY(forEach(thread, inherited, [&](Value key) -> Fallible<bool> {
      Str* name = toStr(key);
      if (name == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(key));
      Value value = TRY(getAttributeOrUnbound(thread, self, TRY(intern(thread, name))));
      if (!value.isUnbound() && TRY(isAbstract(thread, value))) TRY(setAdd(thread, abstract, key));
      return true;
    }));
  }
  return setAttribute(thread, self, names.dunder_abstractmethods, Value::of(abstract));
}

// __abc_tpflags__ of collections.abc.Sequence and Mapping: what `match` asks for.
constexpr uint32_t kPatterns = Type::kSequencePattern | Type::kMappingPattern;
Fallible<void> takePatternFlags(Thread& thread, Type* type) {
  constexpr int64_t kSequence = 1 << 5, kMapping = 1 << 6;  // CPython's Py_TPFLAGS_SEQUENCE and _MAPPING
  Str* name = TRY(intern(thread, "__abc_tpflags__"));
  Value flags = dictGetStr(type->dict, name);
  if (flags.isUnbound()) return {};
  if (isInt(flags)) {
    int64_t bits = TRY(indexAsInt64(thread, flags));
    if ((bits & kSequence) && (bits & kMapping))
      return raiseTypeError(thread, "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
    if (bits & (kSequence | kMapping))
      type->typeFlags = (type->typeFlags & ~kPatterns) | (bits & kSequence ? Type::kSequencePattern : 0) |
                        (bits & kMapping ? Type::kMappingPattern : 0);
  }
  return deleteTypeAttribute(thread, type, name);
}

Fallible<Value> abcInit(Thread& thread, Value self) {
  TRY(computeAbstractMethods(thread, self));
  TRY(setAttribute(thread, self, implName, Value::of(TRY(makeData(thread)))));
  if (isKind(self, Kind::kType)) TRY(takePatternFlags(thread, self.as<Type>()));
  return Value::none();
}

// --- registering ------------------------------------------------------------------------------------------------------
void setPatternFlags(Type* type, uint32_t pattern) {
  if (!(type->typeFlags & Type::kHeapType) || (type->typeFlags & kPatterns) == pattern) return;
  type->typeFlags = (type->typeFlags & ~kPatterns) | pattern;
  for (uint64_t i = 0, n = subclassCount(type); i < n; i++)
    setPatternFlags(type->subclasses->slots[i].as<Type>(), pattern);
}

Fallible<Value> abcRegister(Thread& thread, Value self, Value subclass) {
  if (!isKind(subclass, Kind::kType)) return raiseTypeError(thread, "Can only register classes");
  if (TRY(isSubclass(thread, subclass, self))) return subclass;  // X.register(X) is nothing to do
  if (TRY(isSubclass(thread, self, subclass)))
    return raise(thread, exceptions.RuntimeError, "Refusing to create an inheritance cycle");
  AbcData* data = TRY(dataOf(thread, self));
  bool isKnown = false;
  for (size_t i = 0; i < data->registry.size; i++) isKnown |= data->registry.items[i] == subclass.as<Type>();
  if (!isKnown && !data->registry.push(subclass.as<Type>())) return raiseMemoryError(thread);
  registrations++;
  if (isKind(self, Kind::kType))
    if (uint32_t pattern = self.as<Type>()->typeFlags & kPatterns) setPatternFlags(subclass.as<Type>(), pattern);
  return subclass;
}

// --- asking -----------------------------------------------------------------------------------------------------------
Str* subclasscheckName() { return specialName(Special::k__subclasscheck__); }

Fallible<Value> abcInstancecheck(Thread& thread, Value self, Value instance) {
  AbcData* data = TRY(dataOf(thread, self));
  Type* type = typeOf(instance);
  Value subclass = TRY(getAttribute(thread, instance, names.dunder_class));
  if (isIn(data->cache, subclass)) return Value::boolean(true);
  if (subclass.is(Value::of(type)) && data->negativeVersion == registrations && isIn(data->negative, subclass))
    return Value::boolean(false);
  Value answer = TRY(callMethod(thread, self, subclasscheckName(), std::span<const Value>(&subclass, 1)));
  if (subclass.is(Value::of(type)) || TRY(isTrue(thread, answer))) return answer;
  subclass = Value::of(type);
  return callMethod(thread, self, subclasscheckName(), std::span<const Value>(&subclass, 1));
}

bool isRegisteredItself(const AbcData* data, Value subclass) {
  for (size_t i = 0; i < data->registry.size; i++)
    if (data->registry.items[i] == subclass.as<Type>()) return true;
  return false;
}
// Whether it derives from a class that was registered, in the order of registration.
Fallible<bool> isRegistered(Thread& thread, AbcData* data, Value subclass) {
  List* registered = TRY(makeList(thread, {}));  // asking may register more
  for (size_t i = 0; i < data->registry.size; i++)
    TRY(listAppend(thread, registered, Value::of(data->registry.items[i])));
  for (uint64_t i = 0; i < registered->length; i++)
    if (TRY(isSubclass(thread, subclass, registered->storage->slots[i]))) return true;
  return false;
}
Fallible<bool> derivesFromSubclass(Thread& thread, Value self, Value subclass) {
  List* subclasses = toList(TRY(callMethod(thread, self, specialName(Special::k__subclasses__), {})));
  if (subclasses == nullptr) return raiseTypeError(thread, "__subclasses__() must return a list");
  for (uint64_t i = 0; i < subclasses->length; i++)
    if (TRY(isSubclass(thread, subclass, subclasses->storage->slots[i]))) return true;
  return false;
}

Fallible<Value> abcSubclasscheck(Thread& thread, Value self, Value subclass) {
  if (!isKind(subclass, Kind::kType)) return raiseTypeError(thread, "issubclass() arg 1 must be a class");
  AbcData* data = TRY(dataOf(thread, self));
  if (isIn(data->cache, subclass)) return Value::boolean(true);
  if (data->negativeVersion < registrations) {
    data->negative.release();
    data->negativeVersion = registrations;
  } else if (isIn(data->negative, subclass)) {
    return Value::boolean(false);
  }
  KRAIT_CHECK_NATIVE_STACK(thread, " in __subclasscheck__");
  Value hook =
      TRY(callMethod(thread, self, TRY(intern(thread, "__subclasshook__")), std::span<const Value>(&subclass, 1)));
  bool answer = hook.isTrue();
  if (hook.isNotImplemented()) {
    answer = isKind(self, Kind::kType) && isSubtype(subclass.as<Type>(), self.as<Type>());
    if (!answer && isRegisteredItself(data, subclass)) return Value::boolean(true);  // as quick as a cache
    answer = answer || TRY(isRegistered(thread, data, subclass)) || TRY(derivesFromSubclass(thread, self, subclass));
  } else if (!hook.isTrue() && !hook.isFalse()) {
    return raise(thread, exceptions.AssertionError,
                 "__subclasshook__ must return either False, True, or NotImplemented");
  }
  TRY(remember(thread, answer ? data->cache : data->negative, subclass));
  return Value::boolean(answer);
}

// --- for debugging ----------------------------------------------------------------------------------------------------
Fallible<Value> weakSetOf(Thread& thread, List* classes) {
  Set* set = TRY(makeSet(thread, types.set, Value::unbound()));
  for (uint64_t i = 0; i < classes->length; i++)
    TRY(setAdd(thread, set, TRY(makeWeakref(thread, weakrefTypes.ref, classes->storage->slots[i], Value::none()))));
  return Value::of(set);
}
Fallible<List*> classesOf(Thread& thread, const CellTable<char>& table) {
  List* list = TRY(makeListWithCapacity(thread, table.size()));  // from here on nothing is allocated
  const Cell* type;
  for (size_t position = 0; list->length < list->capacity && table.next(position, type);)
    list->storage->slots[list->length++] = Value::of(type);
  return list;
}
Fallible<Value> getDump(Thread& thread, Value self) {
  AbcData* data = TRY(dataOf(thread, self));
  List* registered = TRY(makeListWithCapacity(thread, data->registry.size));
  for (size_t i = 0; i < data->registry.size && i < registered->capacity; i++)
    registered->storage->slots[registered->length++] = Value::of(data->registry.items[i]);
  Value registry = TRY(weakSetOf(thread, registered));
  Value cache = TRY(weakSetOf(thread, TRY(classesOf(thread, data->cache))));
  Value negative = TRY(weakSetOf(thread, TRY(classesOf(thread, data->negative))));
  Value version = TRY(makeIntUnsigned(thread, data->negativeVersion));
  return Value::of(TRY(makeTuple(thread, {registry, cache, negative, version})));
}
Fallible<Value> resetRegistry(Thread& thread, Value self) {
  AbcData* data = TRY(dataOf(thread, self));
  data->registry.size = 0;
  return Value::none();
}
Fallible<Value> resetCaches(Thread& thread, Value self) {
  AbcData* data = TRY(dataOf(thread, self));
  data->cache.release();
  data->negative.release();
  return Value::none();
}
Fallible<Value> getCacheToken(Thread& thread, Value, const Arguments& arguments) {
  if (arguments.positional + arguments.keywordCount() != 0)
    return raiseTypeError(thread, "_abc.get_cache_token() takes no arguments ({} given)",
                          arguments.positional + arguments.keywordCount());
  return makeIntUnsigned(thread, registrations);
}

}  // namespace

Module* moduleAbc(Thread& thread) {
  implName = startUp(internForever(thread, "_abc_impl"));
  dataType = TypeBuilder(thread, "_abc_data", types.object, Kind::kNative)
                 .module("_abc")
                 .constructor(newData)
                 .doc("What an abstract base class knows of its registered and asked classes.")
                 .build();
  return ModuleBuilder(thread, "_abc", "The registries and caches behind abc.ABCMeta.")
      .function("_abc_init", abcInit)
      .function("_abc_register", abcRegister)
      .function("_abc_instancecheck", abcInstancecheck)
      .function("_abc_subclasscheck", abcSubclasscheck)
      .function("_get_dump", getDump)
      .function("_reset_registry", resetRegistry)
      .function("_reset_caches", resetCaches)
      .variadic("get_cache_token", getCacheToken)
      .build();
}

}  // namespace krait
