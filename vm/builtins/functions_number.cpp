// The built-in functions on numbers and identity: hash, id, divmod, pow, abs, round, bin, oct, hex.
#include <cstdlib>

#include "vm/builtins/dict.h"
#include "vm/builtins/functions.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"

namespace krait {

static Fallible<Value> builtinHash(Thread& thread, Value object) { return makeInt(thread, TRY(hash(thread, object))); }

Fallible<Value> identityOf(Thread& thread, Value object) {
  if (object.isCell()) return makeInt(thread, static_cast<int64_t>(reinterpret_cast<uintptr_t>(object.asCell())));
  // Values without a cell: their word, made odd, because addresses are even.
  uint64_t limbs[] = {object.bits() << 1 | 1, object.bits() >> 63};
  return makeIntFromLimbs(thread, limbs, 2, false);
}

static Fallible<Value> builtinDivmod(Thread& thread, Value left, Value right) { return divmod(thread, left, right); }

static Fallible<Value> builtinPow(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kPow{"pow", {"base", "exp", "mod"}, 2};
  Value bound[3];
  TRY(kPow.bind(thread, arguments, bound));
  return power(thread, bound[0], bound[1], bound[2].isUnbound() ? Value::none() : bound[2]);
}

static Fallible<Value> builtinAbs(Thread& thread, Value number) { return absolute(thread, number); }

static Fallible<Value> builtinRound(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kRound{"round", {"number", "ndigits"}, 1};
  Value bound[2];
  TRY(kRound.bind(thread, arguments, bound));
  Value number = bound[0], digits = bound[1], method = specialMethod(number, Special::k__round__);
  if (method.isUnbound()) return raiseTypeError(thread, "type {} doesn't define __round__ method", nameOf(number));
  if (digits.isUnbound() || digits.isNone()) return callSpecial(thread, method, number);
  return callSpecial(thread, method, number, digits);
}

template <int base>
static Fallible<Value> inBase(Thread& thread, Value number) {
  Value integer = TRY(index(thread, number));
  return Value::of(TRY(intToText(thread, integer, base, true)));
}

void registerNumberFunctions(Thread& thread, Dict* builtins) {
  BuiltinFunctions(thread, builtins)
      .add("hash", builtinHash)
      .add("id", identityOf)
      .add("divmod", builtinDivmod)
      .add("pow", builtinPow)
      .add("abs", builtinAbs)
      .add("round", builtinRound)
      .add("bin", inBase<2>)
      .add("oct", inBase<8>)
      .add("hex", inBase<16>);
}

}  // namespace krait
