// Values of any type as integers and floating-point numbers: __index__ and __float__.
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/operations.h"

namespace krait {

Fallible<Value> index(Thread& thread, Value v) {
  if (v.isInlineInt()) [[likely]]
    return v;
  if (std::optional<Value> number = toInt(v)) return *number;
  Value method = specialMethod(v, Special::k__index__);
  if (method.isUnbound() || method.isNone())
    return raiseTypeError(thread, "'{}' object cannot be interpreted as an integer", nameOf(v));
  Value result = TRY(callSpecial(thread, method, v));
  std::optional<Value> number = toInt(result);
  if (!number) return raiseTypeError(thread, "__index__ returned non-int (type {})", nameOf(result));
  if (typeOf(result) != types.int_ && typeOf(result) != types.bool_)
    TRY(warn(thread, exceptions.DeprecationWarning,
             fmt::format("__index__ returned non-int (type {}).  The ability to return an instance of a strict "
                         "subclass of int is deprecated, and may not be supported in a future version of Python.",
                         nameOf(result))));
  return *number;
}

Fallible<int64_t> indexAsInt64(Thread& thread, Value v, Type* overflow) {
  Value number = TRY(index(thread, v));
  if (number.isInlineInt()) [[likely]]
    return number.asInlineInt();
  if (std::optional<int64_t> small = toInt64(number)) return *small;
  if (overflow != nullptr)
    return raiseFormat(thread, overflow, "cannot fit '{}' into an index-sized integer", nameOf(v));
  return intCompare(number, Value::inlineInt(0)) < 0 ? INT64_MIN : INT64_MAX;
}

Fallible<double> asDouble(Thread& thread, Value v) {
  if (v.isInlineFloat()) return v.asInlineFloat();
  if (isFloat(v)) return floatValue(v);
  if (v.isInlineInt()) return static_cast<double>(v.asInlineInt());
  Value method = specialMethod(v, Special::k__float__);
  if (!method.isUnbound() && !method.isNone()) {
    Value result = TRY(callSpecial(thread, method, v));
    if (!isFloat(result))
      return raiseTypeError(thread, "{}.__float__ returned non-float (type {})", nameOf(v), nameOf(result));
    if (typeOf(result) != types.float_)
      TRY(warn(thread, exceptions.DeprecationWarning,
               fmt::format("{}.__float__ returned non-float (type {}).  The ability to return an instance of a strict "
                           "subclass of float is deprecated, and may not be supported in a future version of Python.",
                           nameOf(v), nameOf(result))));
    return floatValue(result);
  }
  if (!specialMethod(v, Special::k__index__).isUnbound()) return intToDouble(thread, TRY(index(thread, v)));
  return raiseTypeError(thread, "must be real number, not {}", nameOf(v));
}

}  // namespace krait
