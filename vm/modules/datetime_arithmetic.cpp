// datetime's sums, differences, comparisons and hash: what depends on offsets from UTC.
#include "vm/modules/datetime_internal.h"

namespace krait {

Fallible<Value> addToDatetime(Thread& thread, const DatetimeObject* datetime, const DeltaObject* delta, int sign) {
  ClockFields clock = datetime->clock;
  int64_t seconds = (clock.hour * int64_t{60} + clock.minute) * 60 + clock.second + sign * int64_t{delta->seconds};
  int64_t microseconds = int64_t{clock.microsecond} + sign * int64_t{delta->microseconds};
  int64_t days = sign * int64_t{delta->days};
  auto carry = [](int64_t& high, int64_t& low, int64_t unit) {
    if (low >= 0 && low < unit) return;
    int64_t moved = low / unit - (low % unit < 0);
    low -= moved * unit;
    high += moved;
  };
  carry(seconds, microseconds, kMicrosecondsPerSecond);
  carry(days, seconds, kSecondsPerDay);
  YearMonthDay date;
  if (!shiftDate(datetime, days, date)) {
    return raise(thread, exceptions.OverflowError, "date value out of range");
  }
  clock.hour = static_cast<uint8_t>(seconds / 3600);
  clock.minute = static_cast<uint8_t>(seconds / 60 % 60);
  clock.second = static_cast<uint8_t>(seconds % 60);
  clock.microsecond = static_cast<uint32_t>(microseconds);
  clock.fold = 0;
  Type* type = typeOf(Value::of(datetime));
  if (type == datetimeTypes.datetime) [[likely]]
    return allocateDatetime(thread, type, date, clock, datetime->zone);
  return makeDatetimeOf(thread, type, date, clock, datetime->zone);
}

namespace {

DatetimeObject* datetimeOf(Value v) { return v.as<DatetimeObject>(); }
Fallible<Value> offsetOfDatetime(Thread& thread, Value v) { return utcOffset(thread, datetimeOf(v)->zone, v); }

int64_t secondsOfDay(const ClockFields& clock) { return (clock.hour * int64_t{60} + clock.minute) * 60 + clock.second; }

// left - right as the wall clocks show, and less the difference of the offsets.
struct Difference {
  int64_t days, seconds, microseconds;
  // Zero has only one form once the parts are whole; this is the sign of the sum.
  int sign() const {
    Wide total = (static_cast<Wide>(days) * kSecondsPerDay + seconds) * kMicrosecondsPerSecond + microseconds;
    return total < 0 ? -1 : total > 0;
  }
};
Difference differenceOf(const DatetimeObject* left, const DatetimeObject* right, const DeltaObject* leftOffset,
                        const DeltaObject* rightOffset) {
  Difference d{ordinalOf(left) - ordinalOf(right), secondsOfDay(left->clock) - secondsOfDay(right->clock),
               int64_t{left->clock.microsecond} - right->clock.microsecond};
  if (leftOffset != nullptr && rightOffset != nullptr) {
    d.days -= int64_t{leftOffset->days} - rightOffset->days;
    d.seconds -= int64_t{leftOffset->seconds} - rightOffset->seconds;
    d.microseconds -= int64_t{leftOffset->microseconds} - rightOffset->microseconds;
  }
  return d;
}

Fallible<Value> subtract(Thread& thread, Value left, Value right) {
  const DatetimeObject* datetime = toDatetime(left);
  if (datetime == nullptr) return Value::notImplemented();
  if (const DeltaObject* delta = toDelta(right)) return addToDatetime(thread, datetime, delta, -1);
  if (toDatetime(right) == nullptr) return Value::notImplemented();
  return subtractDatetimes(thread, left, right);
}
Fallible<Value> subtractFrom(Thread& thread, Value self, Value other) { return subtract(thread, other, self); }
Fallible<Value> add(Thread& thread, Value self, Value other) {
  const DeltaObject* delta = toDelta(other);
  if (delta == nullptr) return Value::notImplemented();
  return addToDatetime(thread, datetimeOf(self), delta, 1);
}

// --- comparison -------------------------------------------------------------------------------------------------------
bool sameOffset(Value a, Value b) {
  if (a.is(b)) return true;
  return !a.isNone() && !b.isNone() && sameDelta(toDelta(a), toDelta(b));
}

// Whether the offset depends on the fold: such a time equals none of another zone (PEP 495).
Fallible<bool> dependsOnFold(Thread& thread, Value v, Value offset) {
  const DatetimeObject* d = datetimeOf(v);
  if (d->zone.get().isNone() || toTimezone(d->zone) != nullptr) return false;
  ClockFields clock = d->clock;
  clock.fold ^= 1;
  Value other = TRY(allocateDatetime(thread, datetimeTypes.datetime, {d->year, d->month, d->day}, clock, d->zone));
  return !sameOffset(TRY(offsetOfDatetime(thread, other)), offset);
}

int orderOfFields(const DatetimeObject* a, const DatetimeObject* b) {
  auto high = [](const DatetimeObject* d) {
    return uint64_t{d->year} << 32 | uint64_t{d->month} << 24 | uint64_t{d->day} << 16 | uint64_t{d->clock.hour} << 8 |
           d->clock.minute;
  };
  auto low = [](const DatetimeObject* d) { return uint64_t{d->clock.second} << 32 | d->clock.microsecond; };
  if (high(a) != high(b)) return high(a) < high(b) ? -1 : 1;
  return low(a) < low(b) ? -1 : low(a) > low(b);
}

Fallible<Value> compareDatetimes(Thread& thread, Comparison comparison, Value self, Value other) {
  bool asksEquality = comparison == Comparison::kEqual || comparison == Comparison::kNotEqual;
  const DatetimeObject *left = datetimeOf(self), *right = toDatetime(other);
  if (right == nullptr) {
    if (toDate(other) == nullptr) return Value::notImplemented();
    if (asksEquality) return Value::boolean(comparison == Comparison::kNotEqual);
    return raiseTypeError(thread, "can't compare {} to {}", nameOf(self), nameOf(other));
  }
  if (left->zone.get().is(right->zone)) return comparisonResult(comparison, orderOfFields(left, right));
  Value leftOffset = TRY(offsetOfDatetime(thread, self)), rightOffset = TRY(offsetOfDatetime(thread, other));
  int order;
  if (sameOffset(leftOffset, rightOffset)) {
    order = orderOfFields(left, right);
  } else if (!leftOffset.isNone() && !rightOffset.isNone()) {
    order = differenceOf(left, right, toDelta(leftOffset), toDelta(rightOffset)).sign();
  } else if (asksEquality) {
    return Value::boolean(comparison == Comparison::kNotEqual);
  } else {
    return raise(thread, exceptions.TypeError, "can't compare offset-naive and offset-aware datetimes");
  }
  if (asksEquality && order == 0 &&
      (TRY(dependsOnFold(thread, self, leftOffset)) || TRY(dependsOnFold(thread, other, rightOffset))))
    order = 1;
  return comparisonResult(comparison, order);
}
template <Comparison kComparison>
Fallible<Value> datetimeCompare(Thread& thread, Value self, Value other) {
  return compareDatetimes(thread, kComparison, self, other);
}

// The two times that a fold tells apart are equal, so the offset of the first counts.
Fallible<Value> datetimeHash(Thread& thread, Value self) {
  DatetimeObject* d = datetimeOf(self);
  if (d->hash == 0) {
    Value first = self;
    if (d->clock.fold != 0) {
      ClockFields clock = d->clock;
      clock.fold = 0;
      first = TRY(allocateDatetime(thread, datetimeTypes.datetime, {d->year, d->month, d->day}, clock, d->zone));
    }
    Value offset = TRY(offsetOfDatetime(thread, first));
    if (offset.isNone()) {
      uint8_t state[10];
      storeYear(state, d);
      storeClock(state + 4, d->clock);
      d->hash = hashBytes(state, sizeof state);
    } else {
      const DeltaObject* delta = toDelta(offset);
      Value moment = TRY(makeDelta(thread, ordinalOf(d) - delta->days, secondsOfDay(d->clock) - delta->seconds,
                                   int64_t{d->clock.microsecond} - delta->microseconds));
      d->hash = TRY(hash(thread, moment));
    }
  }
  return makeInt(thread, d->hash);
}

}  // namespace

Fallible<Value> subtractDatetimes(Thread& thread, Value left, Value right) {
  const DatetimeObject *a = datetimeOf(left), *b = datetimeOf(right);
  Value leftOffset = Value::none(), rightOffset = leftOffset;
  if (!a->zone.get().is(b->zone)) {
    leftOffset = TRY(offsetOfDatetime(thread, left));
    rightOffset = TRY(offsetOfDatetime(thread, right));
    if (leftOffset.isNone() != rightOffset.isNone()) {
      return raise(thread, exceptions.TypeError, "can't subtract offset-naive and offset-aware datetimes");
    }
  }
  Difference d = differenceOf(a, b, toDelta(leftOffset), toDelta(rightOffset));
  return makeDelta(thread, d.days, d.seconds, d.microseconds);
}

void declareDatetimeArithmetic(TypeBuilder& builder) {
  KRAIT_COMPARISONS(builder, datetimeCompare);
  builder.special("__hash__", datetimeHash)
      .special("__add__", add)
      .special("__radd__", add)
      .special("__sub__", subtract)
      .special("__rsub__", subtractFrom);
}

}  // namespace krait
