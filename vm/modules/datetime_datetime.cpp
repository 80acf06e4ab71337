// datetime: construction, parts, text, zones and pickling.
#include "vm/builtins/float.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/datetime_internal.h"

namespace krait {

static void traceDatetime(Cell* cell, Marker& marker) { marker.mark(static_cast<DatetimeObject*>(cell)->zone); }
const NativeTraits datetimeTraits{"datetime.datetime", traceDatetime, nullptr};

Fallible<Value> allocateDatetime(Thread& thread, Type* type, const YearMonthDay& date, const ClockFields& clock,
                                 Value zone) {
  auto* made = TRY(allocate<DatetimeObject>(thread, Kind::kNative, type->instanceShape));
  made->traits = &datetimeTraits;
  made->year = static_cast<uint16_t>(date.year);
  made->month = static_cast<uint8_t>(date.month);
  made->day = static_cast<uint8_t>(date.day);
  made->clock = clock;
  made->zone.set(zone);
  return Value::of(made);
}

Fallible<Value> makeDatetimeOf(Thread& thread, Type* type, const YearMonthDay& date, const ClockFields& clock,
                               Value zone) {
  if (type == datetimeTypes.datetime) [[likely]] {
    TRY(checkDate(thread, date.year, date.month, date.day));
    TRY(checkClock(thread, clock.hour, clock.minute, clock.second, clock.microsecond, clock.fold));
    return allocateDatetime(thread, type, date, clock, zone);
  }
  Value arguments[] = {Value::inlineInt(date.year),         Value::inlineInt(date.month),
                       Value::inlineInt(date.day),          Value::inlineInt(clock.hour),
                       Value::inlineInt(clock.minute),      Value::inlineInt(clock.second),
                       Value::inlineInt(clock.microsecond), zone};
  return call(thread, Value::of(type), arguments);  // a fold that it has no parameter for is lost
}

namespace {

DatetimeObject* datetimeOf(Value v) { return v.as<DatetimeObject>(); }

// --- construction -----------------------------------------------------------------------------------------------------
Fallible<Value> makeChecked(Thread& thread, Type* type, const int (&parts)[8], Value zone) {
  TRY(checkDate(thread, parts[0], parts[1], parts[2]));
  TRY(checkClock(thread, parts[3], parts[4], parts[5], parts[6], parts[7]));
  TRY(checkZone(thread, zone));
  ClockFields clock;
  clock.hour = static_cast<uint8_t>(parts[3]);
  clock.minute = static_cast<uint8_t>(parts[4]);
  clock.second = static_cast<uint8_t>(parts[5]);
  clock.microsecond = static_cast<uint32_t>(parts[6]);
  clock.fold = static_cast<uint8_t>(parts[7]);
  return allocateDatetime(thread, type, {parts[0], parts[1], parts[2]}, clock, zone);
}

Fallible<Value> datetimeNew(Thread& thread, Value self, const Arguments& arguments) {
  uint8_t state[10];
  if ((arguments.positional == 1 || arguments.positional == 2) &&
      TRY(pickledState(thread, arguments[0], sizeof state, 2, 1, 12, 0x7f, "datetime", state))) {
    Value zone = arguments.positional == 2 ? arguments[1] : Value::none();
    if (!zone.isNone() && !isZone(zone)) return raise(thread, exceptions.TypeError, "bad tzinfo state arg");
    ClockFields clock = loadClock(state + 4);
    clock.fold = state[2] >> 7;
    return allocateDatetime(thread, self.as<Type>(), {state[0] << 8 | state[1], state[2] & 0x7f, state[3]}, clock,
                            zone);
  }
  static constexpr Parameters kParameters{
      nullptr, {"year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "*", "fold"}, 3};
  Value given[9];
  TRY(bindFields(thread, kParameters, arguments, 8, given));
  int parts[8];
  for (int i = 0; i < 7; i++) parts[i] = TRY(intOr(thread, given[i], 0));
  parts[7] = TRY(intOr(thread, given[8], 0));
  return makeChecked(thread, self.as<Type>(), parts, given[7].isUnbound() ? Value::none() : given[7]);
}

Fallible<Value> datetimeReplace(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "replace", {"year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "*", "fold"}, 0};
  Value given[9];
  TRY(bindQuickly(thread, kParameters, arguments, 8, given));
  const DatetimeObject* old = datetimeOf(self);
  int parts[8] = {old->year,
                  old->month,
                  old->day,
                  old->clock.hour,
                  old->clock.minute,
                  old->clock.second,
                  static_cast<int>(old->clock.microsecond),
                  old->clock.fold};
  for (int i = 0; i < 7; i++) parts[i] = TRY(intOr(thread, given[i], parts[i]));
  parts[7] = TRY(intOr(thread, given[8], parts[7]));
  return makeChecked(thread, typeOf(self), parts, given[7].isUnbound() ? old->zone.get() : given[7]);
}

// --- parts ------------------------------------------------------------------------------------------------------------
Fallible<Value> datetimeDate(Thread& thread, Value self) {
  const DatetimeObject* d = datetimeOf(self);
  return allocateDate(thread, datetimeTypes.date, d->year, d->month, d->day);
}
Fallible<Value> datetimeTime(Thread& thread, Value self) {
  return makeTimeOf(thread, datetimeTypes.time, datetimeOf(self)->clock, Value::none());
}
Fallible<Value> datetimeTimetz(Thread& thread, Value self) {
  return makeTimeOf(thread, datetimeTypes.time, datetimeOf(self)->clock, datetimeOf(self)->zone);
}
Fallible<Value> dstOf(Thread& thread, Value self) {
  Value zone = datetimeOf(self)->zone;
  return zone.isNone() ? zone : TRY(offsetOf(thread, zone, datetimeNames.dst, self));
}
Fallible<Value> offsetOfDatetime(Thread& thread, Value self) { return utcOffset(thread, datetimeOf(self)->zone, self); }
Fallible<Value> nameOfZone(Thread& thread, Value self) { return zoneName(thread, datetimeOf(self)->zone, self); }

Fallible<Value> datetimeTimetuple(Thread& thread, Value self) {
  Value dst = TRY(dstOf(thread, self));
  const DatetimeObject* d = datetimeOf(self);
  return makeTimeTuple(thread, d, d->clock, dst.isNone() ? -1 : isZeroDelta(toDelta(dst)) ? 0 : 1);
}
Fallible<Value> datetimeUtcTimetuple(Thread& thread, Value self) {
  Value offset = TRY(offsetOfDatetime(thread, self));
  const DatetimeObject* d = datetimeOf(self);
  if (offset.isNone() || isZeroDelta(toDelta(offset))) return makeTimeTuple(thread, d, d->clock, 0);
  Value plain =
      TRY(allocateDatetime(thread, datetimeTypes.datetime, {d->year, d->month, d->day}, d->clock, Value::none()));
  const DatetimeObject* utc = toDatetime(TRY(addToDatetime(thread, datetimeOf(plain), toDelta(offset), -1)));
  return makeTimeTuple(thread, utc, utc->clock, 0);
}

Fallible<Value> datetimeTimestamp(Thread& thread, Value self) {
  const DatetimeObject* d = datetimeOf(self);
  if (!d->zone.get().isNone()) {
    Value epoch = TRY(allocateDatetime(thread, datetimeTypes.datetime, {1970, 1, 1}, {}, datetimeTypes.utc));
    Value passed = TRY(subtractDatetimes(thread, self, epoch));
    return callMethod(thread, passed, TRY(intern(thread, "total_seconds")), {});
  }
  int64_t seconds = TRY(momentOfLocal(thread, d)) - kEpochSeconds;
  return makeFloat(thread, static_cast<double>(seconds) + d->clock.microsecond / 1e6);
}

// --- text -------------------------------------------------------------------------------------------------------------
Fallible<Value> datetimeRepr(Thread& thread, Value self) {
  const DatetimeObject* d = datetimeOf(self);
  return reprOfClock(thread, fmt::format("{}({}, {}, {}, ", nameOf(self), d->year, d->month, d->day), d->clock, d->zone,
                     true);
}

Fallible<Value> isoText(Thread& thread, Value self, uint32_t separator, std::string_view timespec) {
  const DatetimeObject* d = datetimeOf(self);
  AsciiWriter head, tail;
  writeDate(head, d);
  if (!writeClock(tail, d->clock, timespec)) return raiseValueError(thread, "Unknown timespec value");
  Value offset = TRY(offsetOfDatetime(thread, self));
  if (!offset.isNone()) writeOffset(tail, toDelta(offset), ":");
  if (separator < 0x80) [[likely]] {
    head.put(static_cast<char>(separator));
    head.put(tail.view());
    return Value::of(TRY(makeStrAscii(thread, head.view())));
  }
  StrBuilder text;
  text.append(head.view()).appendCharacter(separator).append(tail.view());
  return Value::of(TRY(text.build(thread)));
}
Fallible<Value> datetimeIsoFormat(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional == 0 && arguments.keywordNames == nullptr) return isoText(thread, self, 'T', "auto");
  static constexpr Parameters kParameters{"isoformat", {"sep", "timespec"}, 0};
  Value given[2];
  TRY(bindQuickly(thread, kParameters, arguments, 2, given));
  uint32_t separator = 'T';
  if (!given[0].isUnbound()) {
    const Str* text = toStr(given[0]);
    if (text == nullptr || text->length != 1) {
      return raiseTypeError(thread, "isoformat() argument 1 must be a unicode character, not {}",
                            given[0].isNone() ? "None" : nameOf(given[0]));
    }
    separator = text->at(0);
  }
  if (given[1].isUnbound()) return isoText(thread, self, separator, "auto");
  return isoText(thread, self, separator, TRY(timespecArgument(thread, given[1], 2)));
}
Fallible<Value> datetimeStr(Thread& thread, Value self) {
  if (typeOf(self) == datetimeTypes.datetime) return isoText(thread, self, ' ', "auto");
  Value separator = Value::of(TRY(makeStrOfCharacter(thread, ' ')));
  return callMethod(thread, self, datetimeNames.isoformat, {&separator, 1});
}
Fallible<Value> datetimeCtime(Thread& thread, Value self) {
  return cTime(thread, datetimeOf(self), datetimeOf(self)->clock);
}

// --- zones ------------------------------------------------------------------------------------------------------------
// The zone that the system's clock keeps at a moment.
Fallible<Value> localZoneAt(Thread& thread, int64_t timestamp) {
  tm t = TRY(localTime(thread, timestamp));
  Value name = TRY(makeFilename(thread, t.tm_zone == nullptr ? "" : t.tm_zone));
  Value offset = TRY(makeDelta(thread, 0, t.tm_gmtoff, 0));
  return makeTimezone(thread, offset, name);
}
Fallible<Value> localZoneOf(Thread& thread, const DatetimeObject* local) {
  return localZoneAt(thread, TRY(momentOfLocal(thread, local)) - kEpochSeconds);
}

Fallible<Value> datetimeAsTimezone(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"astimezone", {"tz"}, 0};
  Value given[1];
  TRY(bindQuickly(thread, kParameters, arguments, 1, given));
  Value target = given[0].isUnbound() ? Value::none() : given[0];
  TRY(checkZone(thread, target));
  const DatetimeObject* d = datetimeOf(self);
  Value own = d->zone, offset = Value::none();
  if (!own.isNone()) {
    if (own.is(target)) return self;
    offset = TRY(offsetOf(thread, own, datetimeNames.utcoffset, self));
  }
  if (offset.isNone()) {  // naive: local time
    own = TRY(localZoneOf(thread, d));
    if (own.is(target)) return self;
    offset = own.as<TimezoneObject>()->offset;
  }
  Value moved = TRY(addToDatetime(thread, d, toDelta(offset), -1));
  DatetimeObject* utc = toDatetime(moved);
  if (utc == nullptr) return raise(thread, exceptions.TypeError, "fromutc: argument must be a datetime");
  if (target.isNone()) target = TRY(localZoneAt(thread, TRY(secondsOf(thread, utc)) - kEpochSeconds));
  utc->zone.set(target);
  utc->hash = 0;
  return callMethod(thread, target, datetimeNames.fromutc, {&moved, 1});
}

// --- pickling ---------------------------------------------------------------------------------------------------------
Fallible<Value> reduceWith(Thread& thread, Value self, int protocol) {
  const DatetimeObject* d = datetimeOf(self);
  uint8_t state[10];
  storeYear(state, d);
  storeClock(state + 4, d->clock);
  if (protocol > 3 && d->clock.fold != 0) state[2] |= 0x80;
  return makeReduction(thread, self, TRY(makeState(thread, state, sizeof state, d->zone)));
}
Fallible<Value> datetimeReduce(Thread& thread, Value self) { return reduceWith(thread, self, 2); }
Fallible<Value> datetimeReduceEx(Thread& thread, Value self, const Arguments& arguments) {
  TRY(exactArguments(thread, arguments, "datetime.__reduce_ex__", "__reduce_ex__", 1));
  return reduceWith(thread, self, TRY(formatIntArgument(thread, arguments[0])));
}

Fallible<Value> getHour(Thread&, Value self) { return Value::inlineInt(datetimeOf(self)->clock.hour); }
Fallible<Value> getMinute(Thread&, Value self) { return Value::inlineInt(datetimeOf(self)->clock.minute); }
Fallible<Value> getSecond(Thread&, Value self) { return Value::inlineInt(datetimeOf(self)->clock.second); }
Fallible<Value> getMicrosecond(Thread&, Value self) { return Value::inlineInt(datetimeOf(self)->clock.microsecond); }
Fallible<Value> getFold(Thread&, Value self) { return Value::inlineInt(datetimeOf(self)->clock.fold); }
Fallible<Value> getZone(Thread&, Value self) { return datetimeOf(self)->zone.get(); }

}  // namespace

void declareDatetime(Thread& thread) {
  TypeBuilder builder(thread, "datetime", datetimeTypes.date, Kind::kNative);
  builder.module("datetime")
      .flags(Type::kBaseType)
      .doc("A day and a time of day, naive or in a zone.")
      .constructor(datetimeNew)
      .special("__repr__", datetimeRepr)
      .special("__str__", datetimeStr)
      .special("__getattribute__", objectGetattribute);
  declareDatetimeArithmetic(builder);
  declareDatetimeMakers(builder);
  builder.method("date", datetimeDate)
      .method("time", datetimeTime)
      .method("timetz", datetimeTimetz)
      .method("ctime", datetimeCtime)
      .method("timetuple", datetimeTimetuple)
      .method("timestamp", datetimeTimestamp)
      .method("utctimetuple", datetimeUtcTimetuple)
      .variadic("isoformat", datetimeIsoFormat)
      .method("utcoffset", offsetOfDatetime)
      .method("tzname", nameOfZone)
      .method("dst", dstOf)
      .variadic("replace", datetimeReplace)
      .variadic("astimezone", datetimeAsTimezone)
      .variadic("__reduce_ex__", datetimeReduceEx)
      .method("__reduce__", datetimeReduce)
      .getter("hour", getHour)
      .getter("minute", getMinute)
      .getter("second", getSecond)
      .getter("microsecond", getMicrosecond)
      .getter("tzinfo", getZone)
      .getter("fold", getFold);
  Type* type = datetimeTypes.datetime = keepType(builder.build());
  type->payloadKind = Kind::kNative;  // longer than a date: classes of the two are not exchanged for each other
  ClockFields last;
  last.hour = 23;
  last.minute = last.second = 59;
  last.microsecond = 999999;
  builder.constant("min", startUp(allocateDatetime(thread, type, {kMinYear, 1, 1}, {}, Value::none())))
      .constant("max", startUp(allocateDatetime(thread, type, {kMaxYear, 12, 31}, last, Value::none())))
      .constant("resolution", startUp(makeDelta(thread, 0, 0, 1)))
      .build();
}

}  // namespace krait
