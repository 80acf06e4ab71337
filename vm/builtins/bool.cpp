// The class bool: an int with two instances, which are immediates.
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"

namespace krait {

using IntOperation = Fallible<Value> (*)(Thread&, Value, Value);

// & | ^ of two bools are bools; with other ints they are ints.
template <IntOperation operation>
static Fallible<Value> boolBinary(Thread& thread, Value self, Value other) {
  std::optional<Value> a = toInt(self), b = toInt(other);
  if (!a || !b) return Value::notImplemented();
  Value result = TRY(operation(thread, *a, *b));
  return self.isBool() && other.isBool() ? Value::boolean(result.bits() != 0) : result;
}
template <IntOperation operation>
static Fallible<Value> boolReflected(Thread& thread, Value self, Value other) {
  return boolBinary<operation>(thread, other, self);
}

static Fallible<Value> boolRepr(Thread& thread, Value self) {
  return Value::of(TRY(intern(thread, self.isTrue() ? std::string_view("True") : std::string_view("False"))));
}

static Fallible<Value> boolNew(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "bool"));
  TRY(arguments.count(thread, "bool", 0, 1));
  if (arguments.positional == 0) return Value::boolean(false);
  return Value::boolean(TRY(isTrue(thread, arguments[0])));
}

void initialiseBool(Thread& thread) {
  types.bool_ = TypeBuilder(thread, "bool", types.int_, Kind::kInt)
                    .flags(Type::kInstantiable | Type::kImmediateInstances)
                    .constructor(boolNew)
                    .special("__repr__", boolRepr)
                    .special("__and__", boolBinary<intAnd>)
                    .special("__rand__", boolReflected<intAnd>)
                    .special("__xor__", boolBinary<intXor>)
                    .special("__rxor__", boolReflected<intXor>)
                    .special("__or__", boolBinary<intOr>)
                    .special("__ror__", boolReflected<intOr>)
                    .doc("bool(x): the truth of x. True and False are its only instances, and it has no subclasses.")
                    .build();
  types.ofImmediate[Value::boolean(false).immediateIndex()] = types.bool_;
  types.ofImmediate[Value::boolean(true).immediateIndex()] = types.bool_;
}

}  // namespace krait
