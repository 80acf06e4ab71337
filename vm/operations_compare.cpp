// Comparison, truth and hashing of values of any type.
#include <algorithm>

#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/identity_hash.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/datetime.h"
#include "vm/operations.h"
#include "vm/operator_frames.h"

namespace krait {
namespace {

struct ComparisonInfo {
  const char* symbol;
  Special special;
  Comparison reflected;
};
constexpr ComparisonInfo kInfo[] = {
    {"<", Special::k__lt__, Comparison::kGreater}, {"<=", Special::k__le__, Comparison::kGreaterEqual},
    {"==", Special::k__eq__, Comparison::kEqual},  {"!=", Special::k__ne__, Comparison::kNotEqual},
    {">", Special::k__gt__, Comparison::kLess},    {">=", Special::k__ge__, Comparison::kLessEqual},
};

template <class T>
KRAIT_INLINE bool holds(Comparison comparison, T a, T b) {
  switch (comparison) {
    case Comparison::kLess: return a < b;
    case Comparison::kLessEqual: return a <= b;
    case Comparison::kEqual: return a == b;
    case Comparison::kNotEqual: return a != b;
    case Comparison::kGreater: return a > b;
    default: return a >= b;
  }
}

KRAIT_INLINE bool asDoubleExact(Value v, double& out) {
  if (v.isInlineFloat()) {
    out = v.asInlineFloat();
  } else if (v.isFloatZero()) {
    out = v.asFloatZero();
  } else if (isKind(v, Kind::kFloat)) {
    out = v.as<HeapFloat>()->value;
  } else if (v.isInlineInt() && std::abs(v.asInlineInt()) <= int64_t{1} << 53) {
    out = static_cast<double>(v.asInlineInt());
  } else {
    return false;
  }
  return true;
}

// A method whose answer is always NotImplemented, or identity: object's own need no call.
bool isObjects(Value method, Special special) { return method.is(types.object->special(special)); }

Fallible<Value> tryMethod(Thread& thread, Value self, Value other, Comparison comparison) {
  Special special = kInfo[static_cast<int>(comparison)].special;
  Value method = typeOf(self)->special(special);
  if (method.isUnbound()) return Value::notImplemented();
  if (special != Special::k__ne__ && isObjects(method, special)) return Value::notImplemented();
  return callSpecial(thread, method, self, other);
}

// Both operands have refused.
Fallible<Value> compareByIdentity(Thread& thread, Comparison comparison, Value left, Value right) {
  if (comparison == Comparison::kEqual) return Value::boolean(left.is(right));
  if (comparison == Comparison::kNotEqual) return Value::boolean(!left.is(right));
  return raiseTypeError(thread, "'{}' not supported between instances of '{}' and '{}'",
                        kInfo[static_cast<int>(comparison)].symbol, nameOf(left), nameOf(right));
}

// 1 or 0 where the answer needs no method, else -1.
KRAIT_INLINE int quickCompare(Comparison comparison, Value left, Value right) {
  if (Value::bothInlineInts(left, right)) return holds(comparison, left.asInlineInt(), right.asInlineInt());
  double a, b;
  if (asDoubleExact(left, a) && asDoubleExact(right, b)) return holds(comparison, a, b);
  if (isKind(left, Kind::kStr) && isKind(right, Kind::kStr)) {
    if (comparison == Comparison::kEqual) return strEquals(left.as<Str>(), right.as<Str>());
    if (comparison == Comparison::kNotEqual) return !strEquals(left.as<Str>(), right.as<Str>());
    return holds(comparison, strCompare(left.as<Str>(), right.as<Str>()), 0);
  }
  if ((left.isInlineInt() || isKind(left, Kind::kInt)) && (right.isInlineInt() || isKind(right, Kind::kInt)))
    return holds(comparison, intCompare(left, right), 0);
  return -1;
}

// A nested comparison is as deep as a call is.
class NestedComparison {
 public:
  explicit NestedComparison(Thread& thread) : thread_(thread) { thread.recursionRemaining--; }
  ~NestedComparison() { thread_.recursionRemaining++; }

 private:
  Thread& thread_;
};

// Below 0, 0 or above 0 where the order of two items of tuples needs no method; kUnordered when it might.
constexpr int kUnordered = 2, kDeepestOrder = 16;
int orderOfItems(Value left, Value right, int depth) {
  if (left.is(right)) return 0;  // also a NaN: items are looked at for identity first
  if (Value::bothInlineInts(left, right)) return left.asInlineInt() < right.asInlineInt() ? -1 : 1;
  if (!left.isCell() || !right.isCell()) {
    double a, b;
    if (!asDoubleExact(left, a) || !asDoubleExact(right, b)) return kUnordered;
    return a < b ? -1 : a > b ? 1 : a == b ? 0 : kUnordered;
  }
  if (isKind(left, Kind::kStr) && isKind(right, Kind::kStr)) {
    int order = strCompare(left.as<Str>(), right.as<Str>());
    return order < 0 ? -1 : order > 0;
  }
  if (!isKind(left, Kind::kTuple) || !isKind(right, Kind::kTuple) || depth == kDeepestOrder) return kUnordered;
  const Tuple *a = left.as<Tuple>(), *b = right.as<Tuple>();
  for (uint64_t i = 0, common = std::min(a->length, b->length); i < common; i++)
    if (int order = orderOfItems(a->items[i], b->items[i], depth + 1); order != 0) return order;
  return a->length < b->length ? -1 : a->length > b->length;
}

[[gnu::noinline]] Fallible<Value> generalCompare(Thread& thread, Comparison comparison, Value left, Value right) {
  KRAIT_CHECK_NATIVE_STACK(thread, " in comparison");
  const ComparisonInfo& info = kInfo[static_cast<int>(comparison)];
  const Type *leftType = typeOf(left), *rightType = typeOf(right);
  if (leftType == types.tuple && rightType == types.tuple)
    return compareTuples(thread, comparison, left.as<Tuple>(), right.as<Tuple>());
  bool triedRight = false;
  if (leftType != rightType && isSubtype(rightType, leftType)) {
    triedRight = true;
    Value result = TRY(tryMethod(thread, right, left, info.reflected));
    if (!result.isNotImplemented()) return result;
  }
  Value result = TRY(tryMethod(thread, left, right, comparison));
  if (!result.isNotImplemented()) return result;
  if (!triedRight) {
    result = TRY(tryMethod(thread, right, left, info.reflected));
    if (!result.isNotImplemented()) return result;
  }
  return compareByIdentity(thread, comparison, left, right);
}

}  // namespace

Fallible<Value> compareTuples(Thread& thread, Comparison comparison, const Tuple* left, const Tuple* right) {
  KRAIT_CHECK_NATIVE_STACK(thread, " in comparison");
  bool isEquality = comparison == Comparison::kEqual || comparison == Comparison::kNotEqual;
  uint64_t common = std::min(left->length, right->length);
  for (uint64_t i = 0; i < common; i++) {
    Value x = left->items[i], y = right->items[i];
    if (x.is(y)) continue;
    // What is different is also in order: one look at them instead of two.
    if (int order = orderOfItems(x, y, 0); order != kUnordered) {
      if (order == 0) continue;
      return Value::boolean(holds(comparison, order, 0));
    }
    if (thread.recursionRemaining <= 0) return raiseRecursionError(thread, " in comparison");
    NestedComparison nested(thread);
    int same = quickCompare(Comparison::kEqual, x, y);
    if (same < 0) same = TRY(isTrue(thread, TRY(generalCompare(thread, Comparison::kEqual, x, y))));
    if (same > 0) continue;
    return isEquality ? Value::boolean(comparison == Comparison::kNotEqual) : compare(thread, comparison, x, y);
  }
  return Value::boolean(holds(comparison, left->length, right->length));
}

Special methodOf(Comparison comparison) { return kInfo[static_cast<int>(comparison)].special; }

Fallible<Value> compareAfter(Thread& thread, Comparison comparison, Value left, Value right) {
  Value result = TRY(tryMethod(thread, right, left, kInfo[static_cast<int>(comparison)].reflected));
  if (!result.isNotImplemented()) return result;
  return compareByIdentity(thread, comparison, left, right);
}

Fallible<Value> compare(Thread& thread, Comparison comparison, Value left, Value right) {
  int quick = quickCompare(comparison, left, right);
  if (quick >= 0) return Value::boolean(quick != 0);
  return generalCompare(thread, comparison, left, right);
}

Fallible<bool> compareTruth(Thread& thread, Comparison comparison, Value left, Value right) {
  int quick = quickCompare(comparison, left, right);
  if (quick >= 0) return quick != 0;
  return isTrue(thread, TRY(generalCompare(thread, comparison, left, right)));
}

Fallible<bool> equals(Thread& thread, Value left, Value right) {
  if (left.is(right)) return true;
  return compareTruth(thread, Comparison::kEqual, left, right);
}

Fallible<bool> isTrue(Thread& thread, Value v) {
  if (v.isBool()) return v.isTrue();
  if (v.isInlineInt()) return v.asInlineInt() != 0;
  if (!v.isCell()) return v.isInlineFloat() || v.isNotImplemented() || v.isEllipsis();  // None and the zeroes are false
  switch (v.asCell()->kind) {
    case Kind::kStr: return v.as<Str>()->length != 0;
    case Kind::kTuple: return v.as<Tuple>()->length != 0;
    case Kind::kInt: return true;
    case Kind::kList:
      if (typeOf(v) == types.list) return v.as<List>()->length != 0;
      break;
    case Kind::kDict:
      if (typeOf(v) == types.dict) return v.as<Dict>()->length != 0;
      break;
    default: break;
  }
  const Type* type = typeOf(v);
  Value method = type->special(Special::k__bool__);
  if (!method.isUnbound()) {
    Value result = TRY(callSpecial(thread, method, v));
    if (!result.isBool()) return raiseTypeError(thread, "__bool__ should return bool, returned {}", nameOf(result));
    return result.isTrue();
  }
  if (type->special(Special::k__len__).isUnbound()) return true;
  return TRY(length(thread, v)) != 0;
}

Fallible<int64_t> hash(Thread& thread, Value v) {
  if (v.isInlineInt()) return intHash(v);
  if (isKind(v, Kind::kStr)) return strHash(v.as<Str>());
  if (isKind(v, Kind::kTuple)) return hashTuple(thread, v.as<Tuple>());
  if (isKind(v, Kind::kNative))
    if (std::optional<int64_t> kept = keptMomentHash(v)) return *kept;
  Value method = specialMethod(v, Special::k__hash__);
  if (method.isUnbound() || method.isNone()) return raiseTypeError(thread, "unhashable type: '{}'", nameOf(v));
  if (v.isCell() && method.is(types.object->special(Special::k__hash__))) return identityHash(v);
  KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
  Value result = TRY(callSpecial(thread, method, v));
  std::optional<Value> number = toInt(result);
  if (!number) return raiseTypeError(thread, "__hash__ method should return an integer");
  if (std::optional<int64_t> small = toInt64(*number)) return *small == -1 ? -2 : *small;
  return intHash(*number);
}

}  // namespace krait
