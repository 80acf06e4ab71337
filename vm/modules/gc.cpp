// Module gc: CPython's window on its collector, as far as another collector can answer.
#include "vm/builtins/dict.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/function.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/set.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/garbage_count.h"
#include "vm/lifetimes.h"
#include "vm/loop_entry.h"
#include "vm/modules/registry.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/word_vector.h"

namespace krait {
namespace {

constexpr int64_t kGenerations = 3;
constexpr int64_t kDebugStats = 1, kDebugCollectable = 2, kDebugUncollectable = 4, kDebugSaveAll = 32, kDebugLeak = 38;

// What programs set and ask for. Automatic collection goes by allocated bytes and is not switched off by any of it:
// here it is the only thing that frees memory.
bool isEnabledFlag = true;
int64_t debugFlags = 0, thresholds[kGenerations] = {700, 10, 10};
int64_t collectionsSince[kGenerations] = {}, collections[kGenerations] = {}, collected[kGenerations] = {};
uint64_t cellsAtCollection = 0;
int64_t frozen = 0;
// gc.garbage and gc.callbacks, whatever the module's dictionary says of them.
RootVector& moduleLists() {
  static auto* lists = new RootVector;  // the collector knows it to the end
  return *lists;
}
List* garbage() { return moduleLists()[0].as<List>(); }
List* callbacks() { return moduleLists()[1].as<List>(); }

// --- collecting -------------------------------------------------------------------------------------------------------
Fallible<int64_t> generationOf(Thread& thread, Value v, int64_t otherwise) {
  if (v.isUnbound()) return otherwise;
  int64_t generation = TRY(indexAsInt64(thread, v, exceptions.OverflowError));
  if (generation < 0 || generation >= kGenerations) return raise(thread, exceptions.ValueError, "invalid generation");
  return generation;
}

void tellCallbacks(Thread& thread, const char* phase, int64_t generation, int64_t found) {
  if (callbacks()->length == 0) return;
  auto told = [&]() -> Fallible<void> {
    Dict* info = TRY(makeDict(thread));
    TRY(dictSetStr(thread, info, TRY(intern(thread, "generation")), Value::inlineInt(generation)));
    TRY(dictSetStr(thread, info, TRY(intern(thread, "collected")), Value::inlineInt(found)));
    TRY(dictSetStr(thread, info, TRY(intern(thread, "uncollectable")), Value::inlineInt(0)));
    Value name = Value::of(TRY(makeStr(thread, phase)));
    for (uint64_t i = 0; i < callbacks()->length; i++) {
      Value callback = callbacks()->storage->slots[i];
      if (call(thread, callback, name, Value::of(info)).isRaised()) writeUnraisable(thread, callback);
    }
    return {};
  };
  if (told().isRaised()) clearException(thread);
}

Fallible<Value> collect(Thread& thread, Value, const Arguments& arguments);

uint64_t collectNow(Thread& thread) {
  bool fromLoop = isCalledFromLoop(thread, reinterpret_cast<const void*>(collect));
  if (!(debugFlags & (kDebugSaveAll | kDebugCollectable))) return collectEverything(thread, nullptr, fromLoop);
  RootVector found;
  uint64_t count = collectEverything(thread, &found, fromLoop);
  for (size_t i = 0; i < found.size(); i++) {
    if (debugFlags & kDebugCollectable)
      std::fprintf(stderr, "gc: collectable <%s %p>\n", std::string(nameOf(found[i])).c_str(),
                   static_cast<void*>(found[i].asCell()));
    if ((debugFlags & kDebugSaveAll) && listAppend(thread, garbage(), found[i]).isRaised()) clearException(thread);
  }
  return count;
}

Fallible<Value> collect(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"collect", {"generation"}, 0};
  Value v;
  TRY(kParameters.bind(thread, arguments, &v));
  int64_t generation = TRY(generationOf(thread, v, kGenerations - 1));
  if (debugFlags & kDebugStats) std::fprintf(stderr, "gc: collecting generation %d...\n", static_cast<int>(generation));
  tellCallbacks(thread, "start", generation, 0);
  auto found = static_cast<int64_t>(collectNow(thread));
  for (int64_t i = 0; i <= generation; i++) collectionsSince[i] = 0;
  if (generation + 1 < kGenerations) collectionsSince[generation + 1]++;
  collections[generation]++;
  collected[generation] += found;
  if (debugFlags & kDebugStats)
    std::fprintf(stderr, "gc: done, %d unreachable, 0 uncollectable\n", static_cast<int>(found));
  tellCallbacks(thread, "stop", generation, found);
  cellsAtCollection = heap.statistics().allocatedCells;
  return Value::inlineInt(found);
}

template <bool on>
Fallible<Value> setEnabled(Thread&) {
  isEnabledFlag = on;
  return Value::none();
}
Fallible<Value> isEnabled(Thread&) { return Value::boolean(isEnabledFlag); }

Fallible<Value> setDebug(Thread& thread, Value flags) {
  debugFlags = TRY(indexAsInt64(thread, flags, exceptions.OverflowError));
  return Value::none();
}
Fallible<Value> getDebug(Thread& thread) { return makeInt(thread, debugFlags); }

Fallible<Value> setThreshold(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "gc.set_threshold"));
  if (arguments.positional == 0) return raiseTypeError(thread, "set_threshold() takes at least 1 argument (0 given)");
  if (arguments.positional > kGenerations)
    return raiseTypeError(thread, "set_threshold() takes at most 3 arguments ({} given)", arguments.positional);
  for (uint32_t i = 0; i < arguments.positional; i++)
    thresholds[i] = TRY(indexAsInt64(thread, arguments[i], exceptions.OverflowError));
  return Value::none();
}

Fallible<Value> threeInts(Thread& thread, int64_t a, int64_t b, int64_t c) {
  Value x = TRY(makeInt(thread, a)), y = TRY(makeInt(thread, b)), z = TRY(makeInt(thread, c));
  return Value::of(TRY(makeTuple(thread, {x, y, z})));
}
Fallible<Value> getThreshold(Thread& thread) { return threeInts(thread, thresholds[0], thresholds[1], thresholds[2]); }
Fallible<Value> getCount(Thread& thread) {
  auto since = static_cast<int64_t>(heap.statistics().allocatedCells - cellsAtCollection);
  return threeInts(thread, since, collectionsSince[1], collectionsSince[2]);
}

Fallible<Value> getStats(Thread& thread) {
  List* list = TRY(makeList(thread, {}));
  for (int64_t i = 0; i < kGenerations; i++) {
    Dict* dict = TRY(makeDict(thread));
    int64_t count = collections[i];
    if (i == kGenerations - 1) {  // those that nobody asked for are full collections
      count = static_cast<int64_t>(heap.statistics().collections);
      for (int64_t younger = 0; younger < i; younger++) count -= std::min(count, collections[younger]);
    }
    TRY(dictSetStr(thread, dict, TRY(intern(thread, "collections")), TRY(makeInt(thread, count))));
    TRY(dictSetStr(thread, dict, TRY(intern(thread, "collected")), TRY(makeInt(thread, collected[i]))));
    TRY(dictSetStr(thread, dict, TRY(intern(thread, "uncollectable")), Value::inlineInt(0)));
    TRY(listAppend(thread, list, Value::of(dict)));
  }
  return Value::of(list);
}

// --- who refers to whom -----------------------------------------------------------------------------------------------
// What a cell refers to as Python sees it: through tables and arrays, which are no objects.
struct References {
  Marker::Visit visit;
  void* context;
  int depth = 0;
};
void expand(Cell* cell, void* context) {
  auto* references = static_cast<References*>(context);
  switch (cell->kind) {
    case Kind::kValueArray:
    case Kind::kDictKeys:
    case Kind::kSetTable:
      if (references->depth++ < 8) Marker::visitReferences(cell, expand, context);
      references->depth--;
      return;
    case Kind::kShape: {
      Type* type = static_cast<Shape*>(cell)->type;
      if (type != nullptr && (type->typeFlags & Type::kHeapType)) references->visit(type, references->context);
      return;
    }
    default:
      if (cell->shape_ != 0) references->visit(cell, references->context);
  }
}
void visitObjects(Cell* cell, Marker::Visit visit, void* context) {
  References references{visit, context};
  Marker::visitReferences(cell, expand, &references);
}

// The objects of the heap that pass, as a list. They are gathered while nothing is allocated.
struct Census {
  WordVector<Cell*> found;
  bool (*wanted)(Cell*, void*);
  void* context;
  bool isComplete = true;
};
Fallible<Value> takeCensus(Thread& thread, bool (*wanted)(Cell*, void*), void* context) {
  Census census{{}, wanted, context};
  heap.forEachCell(
      [](Cell* cell, void* v) {
        auto* census = static_cast<Census*>(v);
        if (isContainer(cell) && census->wanted(cell, census->context) && !census->found.push(cell))
          census->isComplete = false;
      },
      &census);
  // Unmarked by any root as yet: no collection may come in between.
  bool wasEnabled = heap.isEnabled();
  heap.setEnabled(false);
  Fallible<List*> list = makeListWithCapacity(thread, census.found.size);
  heap.setEnabled(wasEnabled);
  if (!list.isRaised()) {
    for (size_t i = 0; i < census.found.size; i++) list.value()->storage->slots[i] = Value::of(census.found.items[i]);
    list.value()->length = census.found.size;
  }
  std::free(census.found.items);
  if (list.isRaised() || !census.isComplete) return raiseMemoryError(thread);
  return Value::of(list.value());
}

Fallible<Value> getObjects(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"get_objects", {"generation"}, 0};
  Value v;
  TRY(kParameters.bind(thread, arguments, &v));
  int64_t generation = kGenerations - 1;
  if (!v.isUnbound() && !v.isNone()) {
    if (!isInt(v) && specialMethod(v, Special::k__index__).isUnbound())
      return raiseTypeError(thread, "argument should be integer or None, not '{}'", nameOf(v));
    generation = TRY(indexAsInt64(thread, v, exceptions.OverflowError));
    if (generation >= kGenerations)
      return raiseFormat(thread, exceptions.ValueError,
                         "generation parameter must be less than the number of available generations ({})",
                         kGenerations);
    if (generation < 0) return raise(thread, exceptions.ValueError, "generation parameter cannot be negative");
  }
  if (generation != kGenerations - 1) return Value::of(TRY(makeList(thread, {})));  // all objects are old
  heap.collect(thread);  // what is dead is no object any more
  return takeCensus(
      thread, [](Cell*, void*) { return true; }, nullptr);
}

Fallible<Value> getReferrers(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "gc.get_referrers"));
  heap.collect(thread);
  struct Search {
    const Arguments* arguments;
    bool isReferrer;
  } search{&arguments, false};
  auto refers = [](Cell* cell, void* v) {
    auto* search = static_cast<Search*>(v);
    search->isReferrer = false;
    visitObjects(
        cell,
        [](Cell* to, void* w) {
          auto* search = static_cast<Search*>(w);
          for (Value wanted : search->arguments->positionals())
            if (wanted.is(Value::of(to))) search->isReferrer = true;
        },
        v);
    return search->isReferrer;
  };
  return takeCensus(thread, refers, &search);
}

// Puts what `v` refers to into `found`, in order, numbers and other values without a cell included.
Fallible<void> gatherReferents(Thread& thread, Value v, RootVector& found) {
  struct Gather {
    RootVector& found;
    bool isComplete = true;
    void add(Value value) {
      if (!value.isUnbound() && !value.isError() && !found.push(value)) isComplete = false;
    }
    void add(std::span<const Value> values) {
      for (Value value : values) add(value);
    }
  } gather{found};
  Cell* cell = v.asCell();
  switch (cell->kind) {
    case Kind::kTuple: gather.add(v.as<Tuple>()->values()); break;
    case Kind::kList: gather.add(v.as<List>()->values()); break;
    case Kind::kDict: {
      uint64_t position = 0;
      Value key, value;
      while (dictNext(v.as<Dict>(), position, key, value)) {
        gather.add(value);
        if (!v.as<Dict>()->allStrings) gather.add(key);
      }
      break;
    }
    case Kind::kSet: {
      uint64_t position = 0;
      Value key;
      while (setNext(v.as<Set>(), position, key)) gather.add(key);
      break;
    }
    case Kind::kSlice:
      for (const Field<Value>* field : {&v.as<Slice>()->start, &v.as<Slice>()->stop, &v.as<Slice>()->step})
        gather.add(*field);
      break;
    case Kind::kCellvar: gather.add(v.as<Cellvar>()->content); break;
    default:
      visitObjects(
          cell, [](Cell* to, void* w) { static_cast<Gather*>(w)->add(Value::of(to)); }, &gather);
      if (cell->kind != Kind::kInstance || cell->shape()->isDictionary) break;
      for (uint32_t i = 0; i < cell->shape()->slotCount && i < cell->shape()->inlineCapacity; i++) {
        Value value = v.as<Instance>()->slots[i];
        if (!value.isCell()) gather.add(value);
      }
  }
  if (!gather.isComplete) return raiseMemoryError(thread);
  return {};
}

Fallible<Value> getReferents(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "gc.get_referents"));
  RootVector found;
  for (Value v : arguments.positionals())
    if (v.isCell() && isContainer(v.asCell())) TRY(gatherReferents(thread, v, found));
  return Value::of(TRY(makeList(thread, {found.begin(), found.size()})));
}

// --- about single objects ---------------------------------------------------------------------------------------------
Fallible<Value> isTrackedFunction(Thread&, Value v) { return Value::boolean(isTracked(v)); }
Fallible<Value> isFinalizedFunction(Thread&, Value v) { return Value::boolean(v.isCell() && isFinalised(v.asCell())); }

// --- freezing: there are no generations to keep objects out of -------------------------------------------------------
Fallible<Value> freeze(Thread& thread) {
  heap.collect(thread);
  frozen = 0;
  heap.forEachCell([](Cell* cell, void*) { frozen += isContainer(cell); }, nullptr);
  return Value::none();
}
Fallible<Value> unfreeze(Thread&) {
  frozen = 0;
  return Value::none();
}
Fallible<Value> getFreezeCount(Thread& thread) { return makeInt(thread, frozen); }

using Native0 = Fallible<Value> (*)(Thread&);
template <Native0 f, const char* const& name>
Fallible<Value> without(Thread& thread, Value, const Arguments& arguments) {
  if (arguments.keywordCount() != 0) return raiseTypeError(thread, "gc.{}() takes no keyword arguments", name);
  if (arguments.positional != 0)
    return raiseTypeError(thread, "gc.{}() takes no arguments ({} given)", name, arguments.positional);
  return f(thread);
}
constexpr const char *kEnable = "enable", *kDisable = "disable", *kIsEnabled = "isenabled", *kGetDebug = "get_debug",
                     *kGetThreshold = "get_threshold", *kGetCount = "get_count", *kGetStats = "get_stats",
                     *kFreeze = "freeze", *kUnfreeze = "unfreeze", *kGetFreezeCount = "get_freeze_count";

}  // namespace

Module* moduleGc(Thread& thread) {
  for (int i = 0; i < 2; i++)
    if (!moduleLists().push(Value::of(startUp(makeList(thread, {}))))) failStartUp();
  return ModuleBuilder(thread, "gc", "The collector: asked to work, to pause, and what it knows.")
      .variadic(kEnable, without<setEnabled<true>, kEnable>)
      .variadic(kDisable, without<setEnabled<false>, kDisable>)
      .variadic(kIsEnabled, without<isEnabled, kIsEnabled>)
      .function("set_debug", setDebug)
      .variadic(kGetDebug, without<getDebug, kGetDebug>)
      .variadic(kGetCount, without<getCount, kGetCount>)
      .variadic("set_threshold", setThreshold)
      .variadic(kGetThreshold, without<getThreshold, kGetThreshold>)
      .variadic("collect", collect)
      .variadic("get_objects", getObjects)
      .variadic(kGetStats, without<getStats, kGetStats>)
      .function("is_tracked", isTrackedFunction)
      .function("is_finalized", isFinalizedFunction)
      .variadic("get_referrers", getReferrers)
      .variadic("get_referents", getReferents)
      .variadic(kFreeze, without<freeze, kFreeze>)
      .variadic(kUnfreeze, without<unfreeze, kUnfreeze>)
      .variadic(kGetFreezeCount, without<getFreezeCount, kGetFreezeCount>)
      .constant("garbage", Value::of(garbage()))
      .constant("callbacks", Value::of(callbacks()))
      .constant("DEBUG_STATS", Value::inlineInt(kDebugStats))
      .constant("DEBUG_COLLECTABLE", Value::inlineInt(kDebugCollectable))
      .constant("DEBUG_UNCOLLECTABLE", Value::inlineInt(kDebugUncollectable))
      .constant("DEBUG_SAVEALL", Value::inlineInt(kDebugSaveAll))
      .constant("DEBUG_LEAK", Value::inlineInt(kDebugLeak))
      .build();
}

}  // namespace krait
