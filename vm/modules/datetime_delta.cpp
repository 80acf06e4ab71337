// timedelta: construction, text, comparison and pickling; its arithmetic has a file of its own.
#include <cmath>

#include "vm/builtins/float.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/datetime_internal.h"

namespace krait {

static constexpr int64_t kMostDays = 999'999'999;
const NativeTraits deltaTraits{"datetime.timedelta", nullptr, nullptr};

// --- making -----------------------------------------------------------------------------------------------------------
// Moves whole units of `low` into `high`, so that 0 <= low < unit.
static void carry(int64_t& high, int64_t& low, int64_t unit) {
  if (low >= 0 && low < unit) [[likely]]
    return;
  int64_t moved = low / unit;
  if (low % unit < 0) moved--;
  low -= moved * unit;
  high += moved;
}

Fallible<Value> makeDelta(Thread& thread, Type* type, int64_t days, int64_t seconds, int64_t microseconds) {
  carry(seconds, microseconds, kMicrosecondsPerSecond);
  carry(days, seconds, kSecondsPerDay);
  if (days < -kMostDays || days > kMostDays) [[unlikely]] {
    return raiseFormat(thread, exceptions.OverflowError, "days={}; must have magnitude <= {}", days, kMostDays);
  }
  auto* delta = TRY(allocate<DeltaObject>(thread, Kind::kNative, type->instanceShape));
  delta->traits = &deltaTraits;
  delta->days = static_cast<int32_t>(days);
  delta->seconds = static_cast<int32_t>(seconds);
  delta->microseconds = static_cast<int32_t>(microseconds);
  return Value::of(delta);
}

KRAIT_COLD static Raised raiseTooLong(Thread& thread) {
  return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
}

Fallible<Value> deltaOfMicroseconds(Thread& thread, Wide microseconds, Type* type) {
  if (microseconds == static_cast<int64_t>(microseconds)) [[likely]] {
    auto narrow = static_cast<int64_t>(microseconds);
    int64_t days = 0, seconds = 0;
    carry(seconds, narrow, kMicrosecondsPerSecond);
    carry(days, seconds, kSecondsPerDay);
    return makeDelta(thread, type, days, seconds, narrow);
  }
  Wide days = microseconds / kMicrosecondsPerDay;
  auto rest = static_cast<int64_t>(microseconds % kMicrosecondsPerDay);
  if (rest < 0) {
    rest += kMicrosecondsPerDay;
    days--;
  }
  if (days < INT32_MIN || days > INT32_MAX) return raiseTooLong(thread);
  return makeDelta(thread, type, static_cast<int64_t>(days), 0, rest);
}

Fallible<Value> makeWideInt(Thread& thread, Wide value) {
  if (value == static_cast<int64_t>(value)) [[likely]]
    return makeInt(thread, static_cast<int64_t>(value));
  using Unsigned = unsigned __int128;
  Unsigned magnitude = value < 0 ? -static_cast<Unsigned>(value) : static_cast<Unsigned>(value);
  uint64_t limbs[2] = {static_cast<uint64_t>(magnitude), static_cast<uint64_t>(magnitude >> 64)};
  return makeIntFromLimbs(thread, limbs, 2, value < 0);
}

Fallible<Value> deltaOfInt(Thread& thread, Value microseconds, Type* type) {
  if (std::optional<int64_t> narrow = toInt64(microseconds)) return deltaOfMicroseconds(thread, *narrow, type);
  auto* big = toInt(microseconds)->as<BigInt>();
  if (big->size > 2 || (big->size == 2 && big->limbs[1] >> 62 != 0)) return raiseTooLong(thread);
  Wide magnitude = big->size == 2 ? static_cast<Wide>(big->limbs[1]) << 64 : 0;
  magnitude |= big->limbs[0];
  return deltaOfMicroseconds(thread, big->isNegative() ? -magnitude : magnitude, type);
}

namespace {

// The sum of a constructor's arguments, in microseconds: ints exactly, of floats the whole part exactly, the rest as
// a float that is rounded once at the end.
class Sum {
 public:
  Fallible<void> add(Thread& thread, const char* name, Value v, int64_t unit) {
    if (v.isInlineInt()) [[likely]] {
      small_ += static_cast<Wide>(v.asInlineInt()) * unit;
      return {};
    }
    if (isFloat(v)) return addFloat(thread, floatValue(v), unit);
    std::optional<Value> i = toInt(v);
    if (!i) return raiseTypeError(thread, "unsupported type for timedelta {} component: {}", name, nameOf(v));
    return addInt(thread, *i, unit);
  }
  Fallible<Value> total(Thread& thread, Type* type) {
    if (rest_ != 0) TRY(addRest(thread));
    if (!big_.isUnbound()) {
      big_ = TRY(intAdd(thread, big_, TRY(makeWideInt(thread, small_))));
      return deltaOfInt(thread, big_, type);
    }
    return deltaOfMicroseconds(thread, small_, type);
  }

 private:
  Fallible<void> addInt(Thread& thread, Value i, int64_t unit) {
    if (i.isInlineInt()) {
      small_ += static_cast<Wide>(i.asInlineInt()) * unit;
      return {};
    }
    Value product = TRY(intMultiply(thread, i, Value::inlineInt(unit)));
    big_ = big_.isUnbound() ? product : TRY(intAdd(thread, big_, product));
    return {};
  }
  Fallible<void> addFloat(Thread& thread, double value, int64_t unit) {
    double whole, fraction = std::modf(value, &whole);
    TRY(addInt(thread, TRY(makeIntFromDouble(thread, std::isnan(value) ? value : whole)), unit));
    if (fraction == 0) return {};
    fraction = std::modf(fraction * static_cast<double>(unit), &whole);
    small_ += static_cast<int64_t>(whole);
    rest_ += fraction;
    return {};
  }
  // Half to even: of the sum, not of the rest.
  Fallible<void> addRest(Thread& thread) {
    double whole = std::round(rest_);
    if (std::fabs(whole - rest_) == 0.5) {
      bool isOdd = (small_ & 1) != 0;
      if (!big_.isUnbound()) {
        Value low = TRY(intAnd(thread, big_, Value::inlineInt(1)));
        isOdd = isOdd != !low.is(Value::inlineInt(0));
      }
      double odd = isOdd ? 1.0 : 0.0;
      whole = 2.0 * std::round((rest_ + odd) * 0.5) - odd;
    }
    small_ += static_cast<int64_t>(whole);
    return {};
  }
  Wide small_ = 0;
  Value big_ = Value::unbound();
  double rest_ = 0;
};

Fallible<Value> deltaNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "__new__", {"days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"}, 0};
  Value given[7];
  TRY(bindQuickly(thread, kParameters, arguments, 7, given));
  struct Unit {
    int argument;
    const char* name;
    int64_t microseconds;
  };
  static constexpr Unit kUnits[] = {{2, "microseconds", 1},
                                    {3, "milliseconds", 1000},
                                    {1, "seconds", kMicrosecondsPerSecond},
                                    {4, "minutes", 60 * kMicrosecondsPerSecond},
                                    {5, "hours", 3600 * kMicrosecondsPerSecond},
                                    {0, "days", kMicrosecondsPerDay},
                                    {6, "weeks", 7 * kMicrosecondsPerDay}};
  Sum sum;
  for (const Unit& unit : kUnits)
    if (!given[unit.argument].isUnbound()) TRY(sum.add(thread, unit.name, given[unit.argument], unit.microseconds));
  return sum.total(thread, self.as<Type>());
}

// --- text -------------------------------------------------------------------------------------------------------------
Fallible<Value> deltaRepr(Thread& thread, Value self) {
  const auto* delta = self.as<DeltaObject>();
  std::string text(nameOf(self));
  text += '(';
  size_t head = text.size();
  auto part = [&](const char* name, int value) {
    if (value != 0) text += fmt::format("{}{}={}", text.size() == head ? "" : ", ", name, value);
  };
  part("days", delta->days);
  part("seconds", delta->seconds);
  part("microseconds", delta->microseconds);
  if (text.size() == head) text += '0';
  return makeStrValue(thread, text + ')');
}

Fallible<Value> deltaStr(Thread& thread, Value self) {
  const auto* delta = self.as<DeltaObject>();
  AsciiWriter out;
  if (delta->days != 0) {
    if (delta->days < 0) out.put('-');
    out.number(std::abs(delta->days), 1);
    out.put(std::abs(delta->days) == 1 ? " day, " : " days, ");
  }
  out.number(delta->seconds / 3600, 1);
  out.put(':');
  out.number(delta->seconds / 60 % 60, 2);
  out.put(':');
  out.number(delta->seconds % 60, 2);
  if (delta->microseconds != 0) {
    out.put('.');
    out.number(delta->microseconds, 6);
  }
  return Value::of(TRY(makeStrAscii(thread, out.view())));
}

// --- comparison, hash, pickling ---------------------------------------------------------------------------------------
int orderOf(const DeltaObject* a, const DeltaObject* b) {
  int64_t order = a->days - int64_t{b->days};
  if (order == 0) order = a->seconds - int64_t{b->seconds};
  if (order == 0) order = a->microseconds - int64_t{b->microseconds};
  return order < 0 ? -1 : order > 0;
}
template <Comparison kComparison>
Fallible<Value> deltaCompare(Thread&, Value self, Value other) {
  const DeltaObject* right = toDelta(other);
  if (right == nullptr) return Value::notImplemented();
  return comparisonResult(kComparison, orderOf(self.as<DeltaObject>(), right));
}

Fallible<Value> parts(Thread& thread, Value self) {
  const auto* delta = self.as<DeltaObject>();
  return Value::of(TRY(makeTuple(thread, {Value::inlineInt(delta->days), Value::inlineInt(delta->seconds),
                                          Value::inlineInt(delta->microseconds)})));
}
Fallible<Value> deltaHash(Thread& thread, Value self) {
  auto* delta = self.as<DeltaObject>();
  if (delta->hash == 0) delta->hash = TRY(hashTuple(thread, TRY(parts(thread, self)).as<Tuple>()));
  return makeInt(thread, delta->hash);
}
Fallible<Value> deltaReduce(Thread& thread, Value self) {
  return makeReduction(thread, self, TRY(parts(thread, self)));
}
Fallible<Value> deltaBool(Thread&, Value self) { return Value::boolean(!isZeroDelta(self.as<DeltaObject>())); }

Fallible<Value> getDays(Thread&, Value self) { return Value::inlineInt(self.as<DeltaObject>()->days); }
Fallible<Value> getSeconds(Thread&, Value self) { return Value::inlineInt(self.as<DeltaObject>()->seconds); }
Fallible<Value> getMicroseconds(Thread&, Value self) { return Value::inlineInt(self.as<DeltaObject>()->microseconds); }

}  // namespace

void declareDelta(Thread& thread) {
  TypeBuilder builder(thread, "timedelta", types.object, Kind::kNative);
  builder.module("datetime")
      .flags(Type::kBaseType)
      .doc("A length of time in days, seconds and microseconds.")
      .constructor(deltaNew)
      .special("__repr__", deltaRepr)
      .special("__hash__", deltaHash)
      .special("__str__", deltaStr);
  KRAIT_COMPARISONS(builder, deltaCompare);
  declareDeltaArithmetic(builder);
  builder.special("__bool__", deltaBool)
      .method("__reduce__", deltaReduce)
      .getter("days", getDays, refuseAssignment)
      .getter("seconds", getSeconds, refuseAssignment)
      .getter("microseconds", getMicroseconds, refuseAssignment);
  Type* type = keepType(builder.build());
  datetimeTypes.delta = type;
  builder.constant("resolution", startUp(makeDelta(thread, 0, 0, 1)))
      .constant("min", startUp(makeDelta(thread, -kMostDays, 0, 0)))
      .constant("max", startUp(makeDelta(thread, kMostDays, kSecondsPerDay - 1, kMicrosecondsPerSecond - 1)))
      .build();
}

}  // namespace krait
