// What comparing two things answers whose order is known.
#pragma once
#include "vm/operations.h"

namespace krait {

// `order` is negative, zero or positive as the left one is less, equal or greater.
KRAIT_INLINE Value comparisonResult(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::kLess: return Value::boolean(order < 0);
    case Comparison::kLessEqual: return Value::boolean(order <= 0);
    case Comparison::kEqual: return Value::boolean(order == 0);
    case Comparison::kNotEqual: return Value::boolean(order != 0);
    case Comparison::kGreater: return Value::boolean(order > 0);
    default: return Value::boolean(order >= 0);
  }
}

}  // namespace krait
