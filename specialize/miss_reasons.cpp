// Names the reason of a miss: looks at the operands and the cache of the word once more, after the guard said no. And
// says what an attempt that failed has seen.
#include "specialize/adapt.h"
#include "specialize/families/shapes.h"
#include "specialize/statistics.h"
#include "vm/builtins/builtin.h"
#include "vm/builtins/function.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/super.h"

namespace krait {
namespace {

const Shape* shapeAt(uint32_t address) { return reinterpret_cast<const Shape*>(uintptr_t{address}); }

Miss attributeMiss(Op form, Pc word, Value owner) {
  const Facts& facts = kFacts[static_cast<unsigned>(form)];
  Unit* unit = const_cast<Unit*>(word);
  if (isPolymorphic(form)) {
    if (!owner.isCell()) return Miss::kAnotherClass;
    const Cell* cell = owner.asCell();
    bool sameClass = false;
    const auto& cache = cacheAs<PolymorphicCache>(unit);
    for (uint16_t i = 0; cache.entries != nullptr && i < cache.slot; i++) {
      if (cache.entries[i].shape == cell->shape_) return Miss::kValueMissing;
      sameClass = sameClass || shapeAt(cache.entries[i].shape)->type == cell->shape()->type;
    }
    return sameClass ? Miss::kAnotherShape : Miss::kAnotherClass;
  }
  uint32_t cached = cacheOf(unit).shape;
  if (!facts.holdsShape) {  // a module, by the version of its keys
    if (!isExact(owner, exactShapes.module)) return Miss::kAnotherClass;
    return Miss::kKeysChanged;
  }
  if (cached == 0) return Miss::kCacheCleared;
  if (form == ops::LOAD_METHOD_SUPER) {
    if (!isExact(owner, exactShapes.super)) return Miss::kAnotherClass;
    owner = owner.as<Super>()->self;
  }
  if (!owner.isCell()) return Miss::kAnotherClass;
  if (isKind(owner, Kind::kType) && typeOf(owner) != shapeAt(cached)->type)
    return shapes::isClassOf(owner, cacheOf(unit)) ? Miss::kValueMissing : Miss::kAnotherOwner;
  const Cell* cell = owner.asCell();
  if (cell->shape_ == cached) return Miss::kValueMissing;
  return cell->shape()->type == shapeAt(cached)->type ? Miss::kAnotherShape : Miss::kAnotherClass;
}

Miss globalMiss(Pc word, Frame* frame) {
  const auto& cache = cacheAs<GlobalCache>(const_cast<Unit*>(word));
  return frame->function->globals->keysVersion != cache.shape ? Miss::kKeysChanged : Miss::kBuiltinsChanged;
}

std::string typeText(Value v) {
  if (v.isUnbound()) return "NULL";
  if (isKind(v, Kind::kSlice) && !v.as<Slice>()->step.get().isNone()) return "slice with a step";
  return strToUtf8(typeOf(v)->name.get());
}

// A function's own name is left out: there are too many.
std::string callableText(Value v) {
  if (v.isUnbound()) return "NULL";
  if (isKind(v, Kind::kType)) return "class " + strToUtf8(v.as<Type>()->name.get());
  std::string text = typeText(v);
  return isKind(v, Kind::kBuiltin) ? text + " " + strToUtf8(v.as<Builtin>()->name.get()) : text;
}

}  // namespace

std::string describeAttempt(Pc word, Value* sp) {
  Op generic = kRelations[static_cast<unsigned>(ownOpAt(word))].generic;
  const Facts& facts = kFacts[static_cast<unsigned>(generic)];
  std::string text = kOpNames[static_cast<unsigned>(kBaseOp[static_cast<unsigned>(generic)])];
  if (facts.popsPerOparg == 1) {
    const Value* base = sp - word[1].operand - facts.pops;
    text += "(" + callableText(base[base[0].isUnbound()]) + (generic == ops::CALL_KW ? ", keywords)" : ")");
  } else if (generic != ops::LOAD_GLOBAL && generic != ops::LOAD_GLOBAL_NULL) {
    text += "(";
    for (int n = std::max<int>(facts.pops, 1); n > 0; n--) text += typeText(sp[-n]) + (n > 1 ? ", " : ")");
  }
  if (facts.operand == OperandKind::kName) text += "." + strToUtf8((word + word[1].offset)->value.as<Str>());
  return text + ": " + kFailureTexts[failureAt(word)];
}

Miss missReason(Op form, Pc word, Value* sp, Frame* frame, bool guardHeld) {
  if (kRelations[static_cast<unsigned>(ownOpAt(word))].kind != OpClass::kForm) return Miss::kCacheCleared;
  switch (kBaseOp[static_cast<unsigned>(form)]) {
    case Op::LOAD_ATTR:
    case Op::STORE_ATTR:
    case Op::LOAD_METHOD: return attributeMiss(form, word, sp[-1]);
    case Op::LOAD_GLOBAL: return globalMiss(word, frame);
    case Op::CALL: return guardHeld ? Miss::kArguments : Miss::kAnotherCallable;
    case Op::FOR_ITER: return guardHeld ? Miss::kIteratorState : Miss::kAnotherIterator;
    case Op::UNPACK_SEQUENCE: return guardHeld ? Miss::kAnotherLength : Miss::kOperandTypes;
    case Op::BINARY_SUBSCR:
    case Op::STORE_SUBSCR: return guardHeld ? Miss::kNoSuchItem : Miss::kOperandTypes;
    default: return guardHeld ? Miss::kOutOfRange : Miss::kOperandTypes;
  }
}

}  // namespace krait
