// What tuple and list share, written once: comparison, repr, searching and the checks of their operands.
#include "vm/builtins/sequence.h"

#include <algorithm>

#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait {

SequenceView viewSequence(Value v) {
  if (List* list = toList(v)) return {list->length == 0 ? nullptr : list->storage->slots, list->length};
  Tuple* tuple = toTuple(v);
  return {tuple->values().data(), tuple->length};
}

static Fallible<Value> compareLengths(Comparison comparison, uint64_t a, uint64_t b) {
  switch (comparison) {
    case Comparison::kLess: return Value::boolean(a < b);
    case Comparison::kLessEqual: return Value::boolean(a <= b);
    case Comparison::kEqual: return Value::boolean(a == b);
    case Comparison::kNotEqual: return Value::boolean(a != b);
    case Comparison::kGreater: return Value::boolean(a > b);
    case Comparison::kGreaterEqual: return Value::boolean(a >= b);
  }
  return Value::notImplemented();
}

Fallible<Value> compareLists(Thread& thread, Comparison comparison, List* left, List* right) {
  KRAIT_CHECK_NATIVE_STACK(thread, " in comparison");
  bool isEquality = comparison == Comparison::kEqual || comparison == Comparison::kNotEqual;
  if (isEquality && left->length != right->length) return Value::boolean(comparison == Comparison::kNotEqual);
  // The lengths are read anew at every step: __eq__ may change the lists.
  for (uint64_t i = 0; i < left->length && i < right->length; i++) {
    Value x = left->storage->slots[i], y = right->storage->slots[i];
    if (TRY(equals(thread, x, y))) continue;
    // CPython looks at the lengths again: the items it compares are those of now.
    if (i >= left->length || i >= right->length) break;
    if (isEquality) return Value::boolean(comparison == Comparison::kNotEqual);
    return compare(thread, comparison, left->storage->slots[i], right->storage->slots[i]);
  }
  return compareLengths(comparison, left->length, right->length);
}

Fallible<int64_t> sequenceIndex(Thread& thread, Value key, const char* typeName) {
  if (key.isInlineInt()) [[likely]]
    return key.asInlineInt();
  if (!isInt(key) && specialMethod(key, Special::k__index__).isUnbound())
    return raiseTypeError(thread, "{} indices must be integers or slices, not {}", typeName, nameOf(key));
  return indexAsInt64(thread, key, exceptions.IndexError);
}

Fallible<uint64_t> repetitionCount(Thread& thread, Value factor, uint64_t length, const char* tooLong) {
  if (!isInt(factor) && specialMethod(factor, Special::k__index__).isUnbound())
    return raiseTypeError(thread, "can't multiply sequence by non-int of type '{}'", nameOf(factor));
  int64_t count = TRY(indexAsInt64(thread, factor, exceptions.OverflowError));
  if (count <= 0 || length == 0) return uint64_t{0};
  if (tooLong != nullptr && static_cast<uint64_t>(count) > INT64_MAX / length)
    return raise(thread, exceptions.OverflowError, tooLong);
  if (static_cast<uint64_t>(count) > kMaxSequenceLength / length) return raiseMemoryError(thread);
  return static_cast<uint64_t>(count);
}

Fallible<int64_t> searchBound(Thread& thread, Value bound, int64_t defaultValue, uint64_t length) {
  if (bound.isUnbound()) return defaultValue;
  if (!isInt(bound) && specialMethod(bound, Special::k__index__).isUnbound())
    return raiseTypeError(thread, "slice indices must be integers or have an __index__ method");
  int64_t i = TRY(indexAsInt64(thread, bound));
  if (i < 0) i = std::max<int64_t>(0, i + static_cast<int64_t>(length));
  return i;
}

Fallible<int64_t> sequenceFind(Thread& thread, Value sequence, Value element, int64_t start, int64_t stop) {
  for (int64_t i = start; i < stop; i++) {
    SequenceView view = viewSequence(sequence);
    if (static_cast<uint64_t>(i) >= view.length) break;
    Value item = view.items[i];
    if (item.is(element)) return i;
    if (Value::bothInlineInts(item, element)) continue;
    if (TRY(equals(thread, item, element))) return i;
  }
  return int64_t{-1};
}

Fallible<bool> sequenceContains(Thread& thread, Value sequence, Value element) {
  return TRY(sequenceFind(thread, sequence, element, 0, INT64_MAX)) >= 0;
}

Fallible<int64_t> sequenceCount(Thread& thread, Value sequence, Value element) {
  int64_t count = 0;
  for (int64_t i = 0;; i++) {
    i = TRY(sequenceFind(thread, sequence, element, i, INT64_MAX));
    if (i < 0) return count;
    count++;
  }
}

Fallible<Str*> reprItems(Thread& thread, Value sequence, const char* open, const char* close) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  StrBuilder text;
  text.append(open);
  for (uint64_t i = 0;; i++) {
    SequenceView view = viewSequence(sequence);
    if (i >= view.length) break;
    if (i > 0) text.append(", ");
    text.append(TRY(repr(thread, view.items[i])));
  }
  text.append(close);
  return text.build(thread);
}

bool overridesInit(const Type* type, const Type* base) {
  return type != base && !type->special(Special::k__init__).is(base->special(Special::k__init__));
}

bool overridesNew(const Type* type, const Type* base) {
  return type != base && !type->special(Special::k__new__).is(base->special(Special::k__new__));
}

}  // namespace krait
