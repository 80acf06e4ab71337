// Python's abstract operations: what the instruction handlers and all C++ code use to work on values of any type.
#pragma once
#include <span>

#include "vm/builtins/builtin.h"
#include "vm/builtins/type.h"
#include "vm/errors.h"

namespace krait {

// In the order of BINARY_OP's argument (CPython 3.11's NB_ numbers); +13 is the in-place form.
enum class BinaryOperator : uint8_t {
  kAdd,
  kAnd,
  kFloorDivide,
  kLeftShift,
  kMatrixMultiply,
  kMultiply,
  kRemainder,
  kOr,
  kPower,
  kRightShift,
  kSubtract,
  kTrueDivide,
  kXor,
  kInplaceAdd,
  kInplaceAnd,
  kInplaceFloorDivide,
  kInplaceLeftShift,
  kInplaceMatrixMultiply,
  kInplaceMultiply,
  kInplaceRemainder,
  kInplaceOr,
  kInplacePower,
  kInplaceRightShift,
  kInplaceSubtract,
  kInplaceTrueDivide,
  kInplaceXor,
};
enum class Comparison : uint8_t { kLess, kLessEqual, kEqual, kNotEqual, kGreater, kGreaterEqual };  // COMPARE_OP's

// --- arithmetic, comparison
// -------------------------------------------------------------------------------------------
Fallible<Value> binaryOperation(Thread&, BinaryOperator, Value left, Value right);  // in-place forms included
Fallible<Value> power(Thread&, Value base, Value exponent, Value modulusOrNone);
Fallible<Value> negative(Thread&, Value);
Fallible<Value> positive(Thread&, Value);
Fallible<Value> invert(Thread&, Value);
Fallible<Value> absolute(Thread&, Value);
Fallible<Value> divmod(Thread&, Value, Value);
Fallible<Value> compare(Thread&, Comparison, Value left, Value right);      // rich comparison: any object
Fallible<bool> compareTruth(Thread&, Comparison, Value left, Value right);  // ... and its truth
Fallible<bool> equals(Thread&, Value left, Value right);  // identity first, then ==, as containers compare
Fallible<bool> isTrue(Thread&, Value);
Fallible<int64_t> hash(Thread&, Value);  // CPython's hash values; never -1

// --- numbers
// ----------------------------------------------------------------------------------------------------------
Fallible<Value> index(Thread&, Value);  // __index__: an int
// __index__ as int64; out of range: `overflow` raised if given, else clipped.
Fallible<int64_t> indexAsInt64(Thread&, Value, Type* overflow = nullptr);
Fallible<double> asDouble(Thread&, Value);  // __float__ / __index__; "must be real number, not str"

// --- attributes
// ------------------------------------------------------------------------------------------------------- `name` is
// interned.
Fallible<Value> getAttribute(Thread&, Value object, Str* name);
Fallible<Value> getAttribute(Thread&, Value object, const char* name);
Fallible<Value> getAttributeOrUnbound(Thread&, Value object, Str* name);  // AttributeError becomes unbound
Fallible<void> setAttribute(Thread&, Value object, Str* name, Value value);
Fallible<void> deleteAttribute(Thread&, Value object, Str* name);
// The default __getattribute__ / __setattr__ (unbound deletes).
Fallible<Value> genericGetAttribute(Thread&, Value object, Str* name);
Fallible<void> genericSetAttribute(Thread&, Value object, Str* name, Value valueOrUnbound);
// For LOAD_METHOD: `callable` and, when it is an unbound method found on the class, `self` = object; else self unbound.
struct MethodLookup {
  Value callable, self;
};
Fallible<MethodLookup> loadMethod(Thread&, Value object, Str* name);
// The special method bound for a direct call: special(…) of the class, unbound when absent.
KRAIT_INLINE Value specialMethod(Value object, Special s) { return typeOf(object)->special(s); }

// --- calls
// ------------------------------------------------------------------------------------------------------------ From
// C++; arguments must stay reachable (stack or locals). Python functions run in a nested dispatch loop.
Fallible<Value> call(Thread&, Value callable, std::span<const Value> arguments, Tuple* keywordNames = nullptr);
Fallible<Value> call(Thread&, Value callable);
Fallible<Value> call(Thread&, Value callable, Value);
Fallible<Value> call(Thread&, Value callable, Value, Value);
Fallible<Value> call(Thread&, Value callable, Value, Value, Value);
// Calls a special method found on the class with self and arguments (handles descriptors other than functions).
Fallible<Value> callSpecial(Thread&, Value method, Value self);
Fallible<Value> callSpecial(Thread&, Value method, Value self, Value);
Fallible<Value> callSpecial(Thread&, Value method, Value self, Value, Value);
Fallible<Value> callMethod(Thread&, Value object, Str* name, std::span<const Value> arguments);
bool isCallable(Value);

// --- containers and iteration
// -----------------------------------------------------------------------------------------
Fallible<Value> getItem(Thread&, Value container, Value key);
Fallible<void> setItem(Thread&, Value container, Value key, Value value);
Fallible<void> deleteItem(Thread&, Value container, Value key);
Fallible<bool> contains(Thread&, Value container, Value element);
Fallible<int64_t> length(Thread&, Value);
Fallible<int64_t> lengthHint(Thread&, Value, int64_t defaultValue);
Fallible<Value> iterate(Thread&, Value iterable);  // iter(x)
Fallible<Value> next(Thread&, Value iterator);     // unbound when exhausted (StopIteration is swallowed)
bool isIterator(Value);
// Calls each(value) for every element; `each` returns Fallible<bool>, false stops. Fast over list, tuple, range, dict.
template <class F>
Fallible<void> forEach(Thread& thread, Value iterable, F each);

// --- text
// -------------------------------------------------------------------------------------------------------------
Fallible<Str*> repr(Thread&, Value);
Fallible<Str*> str(Thread&, Value);
Fallible<Str*> ascii(Thread&, Value);
Fallible<Str*> format(Thread&, Value, Value specification);

// --- classes
// ----------------------------------------------------------------------------------------------------------
Fallible<bool> isInstance(Thread&, Value object, Value classOrTuple);  // with __instancecheck__
Fallible<bool> isSubclass(Thread&, Value derived, Value classOrTuple);

// Enter/leave guard for recursive reprs ("[...]"): false when `object` is being shown already.
class ReprGuard {
 public:
  ReprGuard(Thread& thread, Value object);
  ~ReprGuard();
  bool entered() const { return entered_; }

 private:
  Value object_;
  ReprGuard* previous_;
  bool entered_;
};

}  // namespace krait

#include "vm/operations_inline.h"
