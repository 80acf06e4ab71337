// What the classes float and complex define alike: operators that convert both operands, and the order of their
// methods.
#pragma once
#include "vm/builtins/type.h"

namespace krait {

// Binary operators of a class in C++ whose values are `Number`s. `convert` reads an operand, of the class itself or of
// one that it can take, and is false for other objects.
template <class Number, Fallible<bool> (*convert)(Thread&, Value, Number&)>
struct NumberOperators {
  using Operation = Fallible<Value> (*)(Thread&, Number, Number);

  template <Operation operation>
  static Fallible<Value> binary(Thread& thread, Value self, Value other) {
    Number a, b;
    if (!TRY(convert(thread, self, a)) || !TRY(convert(thread, other, b))) return Value::notImplemented();
    return operation(thread, a, b);
  }
  template <Operation operation>
  static Fallible<Value> reflected(Thread& thread, Value self, Value other) {
    return binary<operation>(thread, other, self);
  }
  template <Operation operation>
  static TypeBuilder& add(TypeBuilder& builder, const char* name, const char* reflectedName) {
    return builder.special(name, binary<operation>).special(reflectedName, reflected<operation>);
  }
};

// __repr__, __hash__ and the comparisons, in the order of `compare`: <, <=, ==, !=, >, >=.
inline TypeBuilder& addNumberBasics(TypeBuilder& builder, Native1 repr, Native1 hash, const Native2 (&compare)[6]) {
  builder.special("__repr__", repr).special("__hash__", hash);
  constexpr const char* kNames[] = {"__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"};
  for (int i = 0; i < 6; i++) builder.special(kNames[i], compare[i]);
  return builder;
}

}  // namespace krait
