// time: a time of day, with or without a time zone.
#include "vm/builtins/type_internal.h"
#include "vm/modules/datetime_internal.h"

namespace krait {

static void traceTime(Cell* cell, Marker& marker) { marker.mark(static_cast<TimeObject*>(cell)->zone); }
const NativeTraits timeTraits{"datetime.time", traceTime, nullptr};

Fallible<Value> allocateTime(Thread& thread, Type* type, const ClockFields& clock, Value zone) {
  auto* time = TRY(allocate<TimeObject>(thread, Kind::kNative, type->instanceShape));
  time->traits = &timeTraits;
  time->clock = clock;
  time->zone.set(zone);
  return Value::of(time);
}

Fallible<Value> makeTimeOf(Thread& thread, Type* type, const ClockFields& clock, Value zone) {
  if (type == datetimeTypes.time) [[likely]] {
    TRY(checkClock(thread, clock.hour, clock.minute, clock.second, clock.microsecond, clock.fold));
    return allocateTime(thread, type, clock, zone);
  }
  Value arguments[] = {Value::inlineInt(clock.hour), Value::inlineInt(clock.minute), Value::inlineInt(clock.second),
                       Value::inlineInt(clock.microsecond), zone};
  return call(thread, Value::of(type), arguments);
}

namespace {

TimeObject* timeOf(Value v) { return v.as<TimeObject>(); }

Fallible<ClockFields> clockOf(Thread& thread, const int (&parts)[5]) {
  TRY(checkClock(thread, parts[0], parts[1], parts[2], parts[3], parts[4]));
  ClockFields clock;
  clock.hour = static_cast<uint8_t>(parts[0]);
  clock.minute = static_cast<uint8_t>(parts[1]);
  clock.second = static_cast<uint8_t>(parts[2]);
  clock.microsecond = static_cast<uint32_t>(parts[3]);
  clock.fold = static_cast<uint8_t>(parts[4]);
  return clock;
}

Fallible<Value> timeNew(Thread& thread, Value self, const Arguments& arguments) {
  uint8_t state[6];
  if ((arguments.positional == 1 || arguments.positional == 2) &&
      TRY(pickledState(thread, arguments[0], sizeof state, 0, 0, 23, 0x7f, "time", state))) {
    Value zone = arguments.positional == 2 ? arguments[1] : Value::none();
    if (!zone.isNone() && !isZone(zone)) return raise(thread, exceptions.TypeError, "bad tzinfo state arg");
    uint8_t fold = state[0] >> 7;
    state[0] &= 0x7f;
    ClockFields clock = loadClock(state);
    clock.fold = fold;
    return allocateTime(thread, self.as<Type>(), clock, zone);
  }
  static constexpr Parameters kParameters{
      nullptr, {"hour", "minute", "second", "microsecond", "tzinfo", "*", "fold"}, 0};
  Value given[6];
  TRY(bindQuickly(thread, kParameters, arguments, 5, given));
  int parts[5];
  for (int i = 0; i < 4; i++) parts[i] = TRY(intOr(thread, given[i], 0));
  parts[4] = TRY(intOr(thread, given[5], 0));
  Value zone = given[4].isUnbound() ? Value::none() : given[4];
  ClockFields clock = TRY(clockOf(thread, parts));
  TRY(checkZone(thread, zone));
  return allocateTime(thread, self.as<Type>(), clock, zone);
}

Fallible<Value> timeReplace(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "replace", {"hour", "minute", "second", "microsecond", "tzinfo", "*", "fold"}, 0};
  Value given[6];
  TRY(bindQuickly(thread, kParameters, arguments, 5, given));
  const ClockFields& old = timeOf(self)->clock;
  int parts[5] = {old.hour, old.minute, old.second, static_cast<int>(old.microsecond), old.fold};
  for (int i = 0; i < 4; i++) parts[i] = TRY(intOr(thread, given[i], parts[i]));
  parts[4] = TRY(intOr(thread, given[5], parts[4]));
  Value zone = given[4].isUnbound() ? timeOf(self)->zone.get() : given[4];
  ClockFields clock = TRY(clockOf(thread, parts));
  TRY(checkZone(thread, zone));
  return allocateTime(thread, typeOf(self), clock, zone);
}

// --- text -------------------------------------------------------------------------------------------------------------
Fallible<Value> timeRepr(Thread& thread, Value self) {
  const TimeObject* time = timeOf(self);
  return reprOfClock(thread, std::string(nameOf(self)) + "(", time->clock, time->zone, false);
}

Fallible<Value> isoText(Thread& thread, Value self, std::string_view timespec) {
  AsciiWriter out;
  if (!writeClock(out, timeOf(self)->clock, timespec)) return raiseValueError(thread, "Unknown timespec value");
  Value offset = TRY(utcOffset(thread, timeOf(self)->zone, Value::none()));
  if (!offset.isNone()) writeOffset(out, toDelta(offset), ":");
  return Value::of(TRY(makeStrAscii(thread, out.view())));
}
Fallible<Value> timeIsoFormat(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional == 0 && arguments.keywordNames == nullptr) return isoText(thread, self, "auto");
  static constexpr Parameters kParameters{"isoformat", {"timespec"}, 0};
  Value timespec;
  TRY(kParameters.bind(thread, arguments, &timespec));
  Fallible<std::string> text = timespecArgument(thread, timespec, 1);
  if (text.isRaised()) return Raised{};
  return isoText(thread, self, text.value());
}
Fallible<Value> timeStr(Thread& thread, Value self) {
  if (typeOf(self) == datetimeTypes.time) return isoText(thread, self, "auto");
  return callMethod(thread, self, datetimeNames.isoformat, {});
}

// A time has no date: strftime() shows the first day of 1900.
Fallible<Value> timeStrftime(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"strftime", {"format"}, 1};
  Value format;
  TRY(kParameters.bind(thread, arguments, &format));
  (void)TRY(textOfArgument(thread, format, "strftime", 1));
  const ClockFields& clock = timeOf(self)->clock;
  int64_t fields[] = {1900, 1, 1, clock.hour, clock.minute, clock.second, 0, 1, -1};
  Tuple* tuple = TRY(makeTupleUninitialised(thread, std::size(fields)));
  for (size_t i = 0; i < std::size(fields); i++) tuple->items[i].set(Value::inlineInt(fields[i]));
  return formatMoment(thread, self, format, Value::of(tuple), Value::none());
}
Fallible<Value> timeFormat(Thread& thread, Value self, const Arguments& arguments) {
  return formatMethod(thread, self, arguments, "time.__format__");
}
Fallible<Value> timeFromIsoFormat(Thread& thread, Value self, const Arguments& arguments) {
  return timeFromText(thread, self, TRY(oneArgument(thread, arguments, "time.fromisoformat")));
}

// --- the zone ---------------------------------------------------------------------------------------------------------
Fallible<Value> timeUtcOffset(Thread& thread, Value self) {
  return utcOffset(thread, timeOf(self)->zone, Value::none());
}
Fallible<Value> timeDst(Thread& thread, Value self) {
  if (timeOf(self)->zone.get().isNone()) return Value::none();
  return offsetOf(thread, timeOf(self)->zone, datetimeNames.dst, Value::none());
}
Fallible<Value> timeName(Thread& thread, Value self) { return zoneName(thread, timeOf(self)->zone, Value::none()); }

// --- comparison, hash, pickling ---------------------------------------------------------------------------------------
int64_t microsecondsOfDay(const ClockFields& clock) {
  return ((clock.hour * int64_t{60} + clock.minute) * 60 + clock.second) * kMicrosecondsPerSecond + clock.microsecond;
}
// Fields in order, as a pickle has them: out of range they do not carry.
uint64_t orderKey(const ClockFields& clock) {
  return uint64_t{clock.hour} << 40 | uint64_t{clock.minute} << 32 | uint64_t{clock.second} << 24 | clock.microsecond;
}
Fallible<Value> compareTimes(Thread& thread, Comparison comparison, Value self, Value other) {
  const TimeObject *left = timeOf(self), *right = toTime(other);
  if (right == nullptr) return Value::notImplemented();
  auto inOrder = [&](auto a, auto b) { return comparisonResult(comparison, a < b ? -1 : a > b); };
  if (left->zone.get().is(right->zone)) return inOrder(orderKey(left->clock), orderKey(right->clock));
  Value leftOffset = TRY(timeUtcOffset(thread, self)), rightOffset = TRY(timeUtcOffset(thread, other));
  bool bothAware = !leftOffset.isNone() && !rightOffset.isNone();
  if (leftOffset.is(rightOffset) || (bothAware && sameDelta(toDelta(leftOffset), toDelta(rightOffset))))
    return inOrder(orderKey(left->clock), orderKey(right->clock));
  if (bothAware) {
    auto moment = [](const TimeObject* time, Value offset) {
      return microsecondsOfDay(time->clock) - secondsIn(toDelta(offset)) * kMicrosecondsPerSecond;
    };
    return inOrder(moment(left, leftOffset), moment(right, rightOffset));
  }
  if (comparison == Comparison::kEqual || comparison == Comparison::kNotEqual)
    return Value::boolean(comparison == Comparison::kNotEqual);
  return raise(thread, exceptions.TypeError, "can't compare offset-naive and offset-aware times");
}
template <Comparison kComparison>
Fallible<Value> timeCompare(Thread& thread, Value self, Value other) {
  return compareTimes(thread, kComparison, self, other);
}

Fallible<Value> timeHash(Thread& thread, Value self) {
  TimeObject* time = timeOf(self);
  if (time->hash == 0) {
    Value offset = Value::none();
    if (time->clock.fold != 0 && !time->zone.get().isNone()) {
      ClockFields unfolded = time->clock;
      unfolded.fold = 0;
      Value first = TRY(allocateTime(thread, datetimeTypes.time, unfolded, time->zone));
      offset = TRY(timeUtcOffset(thread, first));
    } else {
      offset = TRY(timeUtcOffset(thread, self));
    }
    if (offset.isNone()) {
      uint8_t state[6];
      storeClock(state, time->clock);
      time->hash = hashBytes(state, sizeof state);
    } else {
      Wide moment = microsecondsOfDay(time->clock) - microsecondsOf(toDelta(offset));
      time->hash = TRY(hash(thread, TRY(deltaOfMicroseconds(thread, moment, datetimeTypes.delta))));
    }
  }
  return makeInt(thread, time->hash);
}

Fallible<Value> reduceWith(Thread& thread, Value self, int protocol) {
  const TimeObject* time = timeOf(self);
  uint8_t state[6];
  storeClock(state, time->clock);
  if (protocol > 3 && time->clock.fold != 0) state[0] |= 0x80;
  return makeReduction(thread, self, TRY(makeState(thread, state, sizeof state, time->zone)));
}
Fallible<Value> timeReduce(Thread& thread, Value self) { return reduceWith(thread, self, 2); }
Fallible<Value> timeReduceEx(Thread& thread, Value self, const Arguments& arguments) {
  TRY(exactArguments(thread, arguments, "time.__reduce_ex__", "__reduce_ex__", 1));
  return reduceWith(thread, self, TRY(formatIntArgument(thread, arguments[0])));
}

Fallible<Value> getHour(Thread&, Value self) { return Value::inlineInt(timeOf(self)->clock.hour); }
Fallible<Value> getMinute(Thread&, Value self) { return Value::inlineInt(timeOf(self)->clock.minute); }
Fallible<Value> getSecond(Thread&, Value self) { return Value::inlineInt(timeOf(self)->clock.second); }
Fallible<Value> getMicrosecond(Thread&, Value self) { return Value::inlineInt(timeOf(self)->clock.microsecond); }
Fallible<Value> getFold(Thread&, Value self) { return Value::inlineInt(timeOf(self)->clock.fold); }
Fallible<Value> getZone(Thread&, Value self) { return timeOf(self)->zone.get(); }

}  // namespace

void declareTime(Thread& thread) {
  TypeBuilder builder(thread, "time", types.object, Kind::kNative);
  builder.module("datetime")
      .flags(Type::kBaseType)
      .doc("A time of day, naive or in a zone.")
      .constructor(timeNew)
      .special("__repr__", timeRepr)
      .special("__hash__", timeHash)
      .special("__str__", timeStr);
  KRAIT_COMPARISONS(builder, timeCompare);
  builder.variadic("isoformat", timeIsoFormat)
      .variadic("strftime", timeStrftime)
      .variadic("__format__", timeFormat)
      .method("utcoffset", timeUtcOffset)
      .method("tzname", timeName)
      .method("dst", timeDst)
      .variadic("replace", timeReplace)
      .classMethod("fromisoformat", timeFromIsoFormat)
      .variadic("__reduce_ex__", timeReduceEx)
      .method("__reduce__", timeReduce)
      .getter("hour", getHour)
      .getter("minute", getMinute)
      .getter("second", getSecond)
      .getter("microsecond", getMicrosecond)
      .getter("tzinfo", getZone)
      .getter("fold", getFold);
  datetimeTypes.time = keepType(builder.build());
  ClockFields last;
  last.hour = 23;
  last.minute = last.second = 59;
  last.microsecond = 999999;
  builder.constant("min", startUp(allocateTime(thread, datetimeTypes.time, {}, Value::none())))
      .constant("max", startUp(allocateTime(thread, datetimeTypes.time, last, Value::none())))
      .constant("resolution", startUp(makeDelta(thread, 0, 0, 1)))
      .build();
}

}  // namespace krait
