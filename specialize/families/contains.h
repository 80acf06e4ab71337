// CONTAINS_OP: `in` and `not in` of the built-in containers, and of classes whose __contains__ is a Python function.
#pragma once
#include <cstring>

#include "specialize/families/operator_frame.h"
#include "vm/builtins/list.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str_search.h"
#include "vm/builtins/tuple.h"

namespace krait {

template <>
struct Instr<ops::CONTAINS_OP_DICT> {
  KRAIT_INLINE static bool guard(Value, Value container) { return isExact(container, exactShapes.dict); }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, Value element, Value container, Oparg negated) {
    return Value::boolean(TRY(dictContains(thread, container.as<Dict>(), element)) != (negated.n != 0));
  }
};
template <>
struct Instr<ops::CONTAINS_OP_SET> {  // a set looked for in a set means the frozenset: the general way
  KRAIT_INLINE static bool guard(Value element, Value container) {
    return (isExact(container, exactShapes.set) || isExact(container, exactShapes.frozenset)) &&
           !isKind(element, Kind::kSet);
  }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, Value element, Value container, Oparg negated) {
    return Value::boolean(TRY(setContains(thread, container.as<Set>(), element)) != (negated.n != 0));
  }
};
template <>
struct Instr<ops::CONTAINS_OP_LIST> {
  KRAIT_INLINE static bool guard(Value, Value container) { return isExact(container, exactShapes.list); }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, Value element, Value container, Oparg negated) {
    return Value::boolean(TRY(sequenceContains(thread, container, element)) != (negated.n != 0));
  }
};
template <>
struct Instr<ops::CONTAINS_OP_TUPLE> {
  KRAIT_INLINE static bool guard(Value, Value container) { return isExact(container, exactShapes.tuple); }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, Value element, Value container, Oparg negated) {
    return Value::boolean(TRY(sequenceContains(thread, container, element)) != (negated.n != 0));
  }
};
template <>
struct Instr<ops::CONTAINS_OP_STR> {
  KRAIT_INLINE static bool guard(Value element, Value container) { return operands::areStrs(element, container); }
  static Fallible<Value> run(Thread& thread, Value element, Value container, Oparg negated) {
    const Str *text = container.as<Str>(), *part = element.as<Str>();
    if (text->width == 1 && part->length == 1) {
      bool isFound = part->width == 1 && std::memchr(text->data(), part->data()[0], text->length) != nullptr;
      return Value::boolean(isFound != (negated.n != 0));
    }
    Needle needle(part, text->width);
    if (needle.outOfMemory()) return raiseMemoryError(thread);
    bool found = needle.possible() && findText(viewOf(text), needle.view()) >= 0;
    return Value::boolean(found != (negated.n != 0));
  }
};

// [element, container]: the frame's arguments are copies in their own order.
template <>
struct Instr<ops::CONTAINS_OP_PY> {
  KRAIT_INLINE static bool guard(Value, Value container, const ShapeCache& cache) {
    return shapes::has(container, cache);
  }
  KRAIT_INLINE static Guarded<Transfer<2, 1>> run(Thread& thread, Registers& r, Oparg negated) {
    Value container = r.sp[-1];
    return operands::enterOperator(thread, r,
                                   operands::methodAt(container, static_cast<uint16_t>(Special::k__contains__)),
                                   container, r.sp[-2], negated.n != 0 ? kAnswersContainsNot : kAnswersContains);
  }
};

inline Observation observeContains(Site site) {
  Value element = site.top(2), container = site.top();
  if (Instr<ops::CONTAINS_OP_DICT>::guard(element, container)) return ops::CONTAINS_OP_DICT;
  if (Instr<ops::CONTAINS_OP_SET>::guard(element, container)) return ops::CONTAINS_OP_SET;
  if (Instr<ops::CONTAINS_OP_LIST>::guard(element, container)) return ops::CONTAINS_OP_LIST;
  if (Instr<ops::CONTAINS_OP_TUPLE>::guard(element, container)) return ops::CONTAINS_OP_TUPLE;
  if (Instr<ops::CONTAINS_OP_STR>::guard(element, container)) return ops::CONTAINS_OP_STR;
  if (!container.isCell()) return Failure::kOperandTypes;
  Type* type = typeOf(container);
  if (!isSimpleFunction(type->special(Special::k__contains__), 2)) return Failure::kOperandTypes;
  if (!relyOn(type)) return Failure::kClassChanges;
  site.cache<ShapeCache>().shape = container.asCell()->shape_;
  return ops::CONTAINS_OP_PY;
}

}  // namespace krait
