// Rewrites words: from generic to adaptive, to specialised, back, and into superinstructions.
#include "specialize/adapt.h"

#include <algorithm>
#include <cstdlib>

#include "specialize/families/shapes.h"
#include "specialize/observe.h"
#include "specialize/policy.h"
#include "specialize/profile.h"
#include "specialize/statistics.h"

namespace krait {
namespace {

const OpRelation& relationAt(Pc word) { return kRelations[word[1].op]; }

void releaseCache(Unit* word) {
  if (!isPolymorphic(ownOpAt(word))) return;
  auto& cache = cacheAs<PolymorphicCache>(word);
  std::free(cache.entries);
  cache.entries = nullptr;
  cache.slot = 0;
}

void releaseCaches(PreparedCode* prepared) { forEachWord(prepared, releaseCache); }

void setFailure(Unit* word, Failure failure, unsigned backoff) {
  word[1].c = static_cast<uint16_t>((word[1].c & 0xff00) | static_cast<unsigned>(failure) << 4 | backoff);
}

// Counts of 0 would wrap: the counter is decremented first.
uint16_t countOf(uint32_t executions) { return static_cast<uint16_t>(std::clamp(executions, 1u, 0xffffu)); }

// X -> X_WARM_UP, or X itself when it does not count.
Op warmUpOf(Op op) {
  switch (op) {
#define WARM_UP(generic) \
  case ops::generic:     \
    return ops::generic##_WARM_UP;
#include "specialize/warm_up.def"
#undef WARM_UP
    default: return op;
  }
}

// The op for a word whose own one is `op`: the superinstruction with the next word's, where the policy and the list
// have it. What a line of execution ends in has no next word, or one that does not point back.
Op withNext(Pc word, Op op) {
  Pc next = word + wordUnits(op);
  if (!policy.superinstructions || distanceBack(next) != static_cast<unsigned>(wordUnits(op))) return op;
  Op fused = fusedOf(op, ownOpAt(next));
  return fused != Op::kCount ? fused : op;
}

// Makes the word's own op `op`, and tells the word before, which may be fused with it.
void setOp(Unit* word, Op op) {
  rewrite(word, withNext(word, op));
  if (distanceBack(word) == 0) return;
  Unit* previous = word - distanceBack(word);
  rewrite(previous, withNext(previous, ownOpAt(previous)));
}

// A specialised word becomes another member of its family, with an empty cache.
void dropForm(Unit* word, Op op, uint32_t executions, Failure failure, unsigned backoff) {
  releaseCache(word);
  cacheOf(word).shape = 0;
  cacheOf(word).slot = 0;
  cacheOf(word).counter = countOf(executions);
  setFailure(word, failure, backoff);
  setOp(word, op);
}
// ... the adaptive one: it observes again after so many executions.
void resetWord(Unit* word, uint32_t executions, unsigned backoff) {
  dropForm(word, adaptiveOf(relationAt(word).generic), executions, Failure::kNone, backoff);
}

// --- which code relies on which classes
// A program changes classes while it makes them, and has much more code than what is hot: of each code object is known,
// as in a Bloom filter, which classes its inline caches rely on.

uint64_t filterBit(const Type* type) {
  return uint64_t{1} << (reinterpret_cast<uintptr_t>(type) / sizeof(Unit) * 0x9e3779b97f4a7c15u >> 58);
}
uint64_t filterBits(const Tuple* mro) {
  if (mro == nullptr) return ~uint64_t{0};
  uint64_t bits = 0;
  for (Value type : mro->values()) bits |= filterBit(type.as<Type>());
  return bits;
}
// The classes whose change concerns a cache with this shape: the shape's, its bases, and, since what is known of a
// class's own attributes depends on it, its metaclass.
uint64_t filterBitsOf(uint32_t shape) {
  const Type* relied = reinterpret_cast<const Shape*>(uintptr_t{shape})->type;
  return filterBits(relied->mro) | filterBits(typeOf(Value::of(relied))->mro);
}
bool holdsShape(Pc word) { return kFacts[static_cast<unsigned>(ownOpAt(word))].holdsShape; }

// Calls visit(shape) for every shape that the word's cache relies on.
template <class Visit>
void forEachShape(Unit* word, Visit visit) {
  if (isPolymorphic(ownOpAt(word))) {
    const auto& cache = cacheAs<PolymorphicCache>(word);
    for (uint16_t i = 0; i < cache.slot; i++) visit(cache.entries[i].shape);
  } else if (holdsShape(word) && cacheOf(word).shape != 0) {
    visit(cacheOf(word).shape);
  }
}

void noteShapes(Unit* word, PreparedCode* prepared) {
  forEachShape(word, [&](uint32_t shape) { prepared->reliesOn |= filterBitsOf(shape); });
}

// Makes the words of a code object observe, those that `wants(word)` says so of: it has become warm, or need not.
template <class Wants>
void quicken(PreparedCode* prepared, bool atOnce, Wants wants) {
  Unit* previous = nullptr;
  forEachWord(prepared, [&](Unit* word) {
    Op own = ownOpAt(word);
    auto distance = previous == nullptr ? 0 : word - previous;
    word[1].c = static_cast<uint16_t>(distance << 8);
    previous = word;
    Op generic = kRelations[static_cast<unsigned>(own)].generic;  // without warm-up
    Op adaptive = wants(word) ? adaptiveOf(generic) : generic;
    if (adaptive != generic) cacheOf(word).counter = countOf(atOnce ? 1 : specializeTuning.firstAttempt);
    if (adaptive != own) rewrite(word, adaptive);
  });
  if (policy.superinstructions) forEachWord(prepared, [](Unit* word) { setOp(word, ownOpAt(word)); });
}

void specialise(Unit* word, Value* sp, Frame* frame) {
  Op generic = relationAt(word).generic;
  Observation seen = observe({word, sp, frame, generic});
  if (seen.form != Op::kCount) {
    setFailure(word, Failure::kNone, failureAt(word) == 0 ? backoffAt(word) : 0);
    cacheOf(word).counter = countOf(specializeTuning.missBudget);
    setOp(word, seen.form);
    noteShapes(word, frame->code->prepared);
    return;
  }
  unsigned backoff = failureAt(word) == 0 ? specializeTuning.backoffFirst
                                          : std::min(backoffAt(word) + 1, specializeTuning.backoffLast);
  backoff = std::min(backoff, 15u);
  setFailure(word, seen.failure, backoff);
  cacheOf(word).counter = countOf(std::max(1u << backoff, 2u));  // this execution is counted once more, then it runs
}

// Adds what the observer has seen to the place's entries. False: no room.
bool addEntry(Unit* word, Op polymorphic, const AttributeCache& seen, PolymorphicEntry::Action action) {
  auto& cache = cacheAs<PolymorphicCache>(word);
  bool isFirst = ownOpAt(word) != polymorphic;
  uint16_t count = isFirst ? 0 : cache.slot;
  if (count >= policy.entries) return false;
  PolymorphicEntry* entries = isFirst ? nullptr : cache.entries;
  if (entries == nullptr) {
    entries = static_cast<PolymorphicEntry*>(std::malloc(sizeof(PolymorphicEntry) * policy.entries));
    if (entries == nullptr) return false;
  }
  PolymorphicEntry& entry = entries[count];
  entry.shape = seen.shape;
  entry.slot = seen.slot;
  entry.action = action;
  entry.next = seen.next;
  cache.shape = 0;
  cache.entries = entries;
  cache.slot = static_cast<uint16_t>(count + 1);
  return true;
}

struct EntryForm {
  Op polymorphic;
  PolymorphicEntry::Action action;
};
// How a polymorphic place would do what the monomorphic form does.
EntryForm entryFormOf(Op form) {
  switch (static_cast<detail::AllOps>(form)) {
    case detail::AllOps::LOAD_ATTR_INSTANCE_VALUE:
    case detail::AllOps::LOAD_ATTR_SLOT: return {ops::LOAD_ATTR_POLYMORPHIC, PolymorphicEntry::kInline};
    case detail::AllOps::LOAD_ATTR_OVERFLOW_VALUE: return {ops::LOAD_ATTR_POLYMORPHIC, PolymorphicEntry::kOverflow};
    case detail::AllOps::LOAD_ATTR_CLASS_VALUE: return {ops::LOAD_ATTR_POLYMORPHIC, PolymorphicEntry::kClass};
    case detail::AllOps::STORE_ATTR_INSTANCE_VALUE: return {ops::STORE_ATTR_POLYMORPHIC, PolymorphicEntry::kInline};
    case detail::AllOps::STORE_ATTR_OVERFLOW_VALUE: return {ops::STORE_ATTR_POLYMORPHIC, PolymorphicEntry::kOverflow};
    case detail::AllOps::STORE_ATTR_TRANSITION: return {ops::STORE_ATTR_POLYMORPHIC, PolymorphicEntry::kTransition};
    case detail::AllOps::LOAD_METHOD_CACHED: return {ops::LOAD_METHOD_POLYMORPHIC, PolymorphicEntry::kClass};
    case detail::AllOps::LOAD_METHOD_INSTANCE_VALUE: return {ops::LOAD_METHOD_POLYMORPHIC, PolymorphicEntry::kInline};
    default: return {Op::kCount, PolymorphicEntry::kInline};
  }
}

// The place has met another shape: it learns it, if it can. Then nothing was lost, and the place stays specialised.
bool extend(Unit* word, Value* sp, Frame* frame) {
  Op form = ownOpAt(word);
  Op generic = relationAt(word).generic;
  Unit before[kHeadUnits + kCacheUnits<AttributeCache>];
  bool wasPolymorphic = isPolymorphic(form);
  EntryForm old = wasPolymorphic ? EntryForm{form, PolymorphicEntry::kInline} : entryFormOf(form);
  if (old.polymorphic == Op::kCount) return false;
  if (wasPolymorphic && cacheAs<PolymorphicCache>(word).slot >= policy.entries) return false;
  // The observer writes into the word's cache: keep what it held.
  std::copy(word, word + std::size(before), before);
  Observation seen = observe({word, sp, frame, generic});
  AttributeCache fresh = cacheAs<AttributeCache>(word);
  std::copy(before, before + std::size(before), word);
  EntryForm added = seen.form == Op::kCount ? EntryForm{Op::kCount, PolymorphicEntry::kInline} : entryFormOf(seen.form);
  if (added.polymorphic != old.polymorphic) return false;
  if (!wasPolymorphic) {
    AttributeCache first = cacheAs<AttributeCache>(word);
    if (!addEntry(word, old.polymorphic, first, old.action)) return false;
    setOp(word, old.polymorphic);
  }
  cacheOf(word).counter = countOf(specializeTuning.missBudget);
  bool isAdded = addEntry(word, old.polymorphic, fresh, added.action);
  noteShapes(word, frame->code->prepared);
  return isAdded;
}

// Clears the words whose cache relies on a shape that `isBad` says so of, where one of the classes of `filter` counts.
template <class Bad>
void clearCaches(Deopt why, uint64_t filter, Bad isBad) {
  for (PreparedCode* prepared = preparedCodes; prepared != nullptr; prepared = prepared->next) {
    if ((prepared->reliesOn & filter) == 0) continue;
    prepared->reliesOn = 0;
    forEachWord(prepared, [&](Unit* word) {
      bool bad = false;
      forEachShape(word, [&](uint32_t shape) { bad = bad || isBad(shape); });
      if (!bad) return noteShapes(word, prepared);
      if (statistics.recording) statistics.cleared(word, why);
      resetWord(word, specializeTuning.afterDeopt, backoffAt(word));
    });
  }
}

}  // namespace

bool isPolymorphic(Op op) {
  return op == ops::LOAD_ATTR_POLYMORPHIC || op == ops::STORE_ATTR_POLYMORPHIC || op == ops::LOAD_METHOD_POLYMORPHIC;
}

Fallible<void> prepareAdaptive(Thread& thread, Code* code) {
  if (code->prepared != nullptr) return {};
  TRY(prepare(thread, code));
  if (policy.kind == Policy::kNone && !policy.superinstructions) return {};
  PreparedCode* prepared = code->prepared;
  prepared->release = releaseCaches;
  if (!policy.profile.empty()) {
    const std::vector<int>* offsets = profiledOffsets(code);
    quicken(prepared, true, [&](Pc word) {
      auto offset = static_cast<int>(prepared->canonicalOf[word - prepared->entry]);
      return offsets != nullptr && std::binary_search(offsets->begin(), offsets->end(), offset);
    });
    return {};
  }
  if (policy.kind == Policy::kNone || policy.eager) {
    quicken(prepared, policy.eager, [](Pc) { return policy.kind != Policy::kNone; });
    return {};
  }
  prepared->heat = std::max(specializeTuning.warmUp, 1u);
  forEachWord(prepared, [](Unit* word) {
    if (Op warming = warmUpOf(opAt(word)); warming != opAt(word)) rewrite(word, warming);
  });
  return {};
}

void warm(Thread&, Unit* word, Value* sp, Frame* frame) {
  if (relationAt(word).kind == OpClass::kWarmUp)
    quicken(frame->code->prepared, false, [](Pc) { return true; });
  else
    specialise(word, sp, frame);
}

Op miss(Thread&, Unit* word, Value* sp, Frame* frame) {
  Op generic = relationAt(word).generic;
  if (policy.kind == Policy::kPolymorphic && extend(word, sp, frame)) return generic;
  if (--cacheOf(word).counter != 0) return generic;
  // A place that keeps changing its mind is asked less and less often, and in the end no more: the generic form and the
  // global cache serve it better, and the program comes to rest.
  unsigned deopts = std::min(backoffAt(word) + 1, 15u);
  if (isPolymorphic(ownOpAt(word)) || deopts > specializeTuning.deoptLimit) {
    dropForm(word, generic, 1, Failure::kMegamorphic, 0);
    return generic;
  }
  resetWord(word, specializeTuning.afterDeopt << std::min(deopts, specializeTuning.backoffLast), deopts);
  return generic;
}

void forgetDeadCaches() {
  clearCaches(Deopt::kShapeDied, ~uint64_t{0},
              [](uint32_t shape) { return !heap.isMarked(reinterpret_cast<const Cell*>(uintptr_t{shape})); });
}

// Counts the change against every class below that inline caches rely on.
static void countChange(Type* type) {
  if (type->typeFlags & Type::kInlineCached) {
    type->typeFlags &= ~Type::kInlineCached;
    if (type->cacheClears < UINT8_MAX) type->cacheClears++;
  }
  const ValueArray* subclasses = type->subclasses;
  for (uint64_t i = 0; subclasses != nullptr && i < subclasses->length; i++)
    if (subclasses->slots[i].isCell()) countChange(subclasses->slots[i].as<Type>());
}

void classChanged(Type* type) {
  countChange(type);
  clearCaches(Deopt::kClassChanged, filterBit(type), [type](uint32_t shape) {
    const Type* relied = reinterpret_cast<const Shape*>(uintptr_t{shape})->type;
    return relied == type || isSubtype(relied, type) || isSubtype(typeOf(Value::of(relied)), type);
  });
}

}  // namespace krait
