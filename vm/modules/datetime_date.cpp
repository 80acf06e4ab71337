// date, and IsoCalendarDate, which its isocalendar() answers with.
#include "vm/builtins/type_internal.h"
#include "vm/modules/datetime_internal.h"

namespace krait {

const NativeTraits dateTraits{"datetime.date", nullptr, nullptr};

Fallible<Value> allocateDate(Thread& thread, Type* type, int64_t year, int month, int day) {
  auto* date = TRY(allocate<DateObject>(thread, Kind::kNative, type->instanceShape));
  date->traits = &dateTraits;
  date->year = static_cast<uint16_t>(year);
  date->month = static_cast<uint8_t>(month);
  date->day = static_cast<uint8_t>(day);
  return Value::of(date);
}

Fallible<Value> makeDateOf(Thread& thread, Type* type, const YearMonthDay& date) {
  if (type == datetimeTypes.date) [[likely]] {
    TRY(checkDate(thread, date.year, date.month, date.day));
    return allocateDate(thread, type, date.year, date.month, date.day);
  }
  return call(thread, Value::of(type), Value::inlineInt(date.year), Value::inlineInt(date.month),
              Value::inlineInt(date.day));
}

KRAIT_COLD static Raised raiseDateRange(Thread& thread) {
  return raise(thread, exceptions.OverflowError, "date value out of range");
}

Fallible<Value> addToDate(Thread& thread, const DateObject* date, const DeltaObject* delta, int sign) {
  YearMonthDay shifted;
  if (!shiftDate(date, sign * int64_t{delta->days}, shifted)) return raiseDateRange(thread);
  Type* type = typeOf(Value::of(date));
  if (type == datetimeTypes.date) [[likely]]
    return allocateDate(thread, type, shifted.year, shifted.month, shifted.day);
  return makeDateOf(thread, type, shifted);
}

namespace {

DateObject* dateOf(Value v) { return v.as<DateObject>(); }

// --- construction -----------------------------------------------------------------------------------------------------
Fallible<Value> dateNew(Thread& thread, Value self, const Arguments& arguments) {
  if (isSubtype(self.as<Type>(), datetimeTypes.datetime))
    return raiseUnsafe(thread, datetimeTypes.date, self, datetimeTypes.datetime);
  uint8_t state[4];
  if (arguments.positional == 1 && TRY(pickledState(thread, arguments[0], 4, 2, 1, 12, 0xff, "date", state)))
    return allocateDate(thread, self.as<Type>(), state[0] << 8 | state[1], state[2], state[3]);
  static constexpr Parameters kParameters{nullptr, {"year", "month", "day"}, 3};
  Value given[3];
  TRY(bindFields(thread, kParameters, arguments, 3, given));
  int year = TRY(formatIntArgument(thread, given[0])), month = TRY(formatIntArgument(thread, given[1]));
  int day = TRY(formatIntArgument(thread, given[2]));
  TRY(checkDate(thread, year, month, day));
  return allocateDate(thread, self.as<Type>(), year, month, day);
}

Fallible<Value> dateFromTimestamp(Thread& thread, Value self, const Arguments& arguments) {
  Value timestamp = TRY(oneArgument(thread, arguments, "date.fromtimestamp"));
  tm t = TRY(localTime(thread, TRY(flooredSeconds(thread, timestamp))));
  return makeDateOf(thread, self.as<Type>(), {t.tm_year + int64_t{1900}, t.tm_mon + 1, t.tm_mday});
}
Fallible<Value> dateFromOrdinal(Thread& thread, Value self, const Arguments& arguments) {
  TRY(exactArguments(thread, arguments, "date.fromordinal", "fromordinal", 1));
  int ordinal = TRY(formatIntArgument(thread, arguments[0]));
  if (ordinal < 1) return raiseValueError(thread, "ordinal must be >= 1");
  return makeDateOf(thread, self.as<Type>(), fromOrdinal(ordinal));
}
Fallible<Value> dateFromIsoFormat(Thread& thread, Value self, const Arguments& arguments) {
  return dateFromText(thread, self, TRY(oneArgument(thread, arguments, "date.fromisoformat")));
}

Fallible<Value> dateFromIsoCalendar(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"fromisocalendar", {"year", "week", "day"}, 3};
  Value given[3];
  TRY(bindQuickly(thread, kParameters, arguments, 3, given));
  int parts[3];
  for (int i = 0; i < 3; i++) {
    Fallible<int> part = formatIntArgument(thread, given[i]);
    if (part.isRaised()) {
      if (!pendingMatches(thread, exceptions.OverflowError)) return Raised{};
      clearException(thread);
      return raiseValueError(thread, "ISO calendar component out of range");
    }
    parts[i] = part.value();
  }
  if (parts[0] < kMinYear || parts[0] > kMaxYear) {
    return raiseValueError(thread, "Year is out of range: {}", parts[0]);
  }
  YearMonthDay date;
  switch (fromIsoWeek(parts[0], parts[1], parts[2], date)) {
    case IsoProblem::kWeek: return raiseValueError(thread, "Invalid week: {}", parts[1]);
    case IsoProblem::kDay: return raiseValueError(thread, "Invalid day: {} (range is [1, 7])", parts[2]);
    default: return makeDateOf(thread, self.as<Type>(), date);
  }
}

// Through the module time and the class's own fromtimestamp(), both of which may have been replaced.
Fallible<Value> dateToday(Thread& thread, Value self, const Arguments& arguments) {
  std::string name = strToUtf8(self.as<Type>()->name) + ".today";
  TRY(refuseArguments(thread, name.c_str(), arguments));
  Value now = TRY(callTime(thread, "time", {}));
  return callMethod(thread, self, datetimeNames.fromtimestamp, {&now, 1});
}

// --- text -------------------------------------------------------------------------------------------------------------
Fallible<Value> dateRepr(Thread& thread, Value self) {
  const DateObject* date = dateOf(self);
  return makeStrValue(thread, fmt::format("{}({}, {}, {})", nameOf(self), date->year, date->month, date->day));
}
Fallible<Value> dateIsoFormat(Thread& thread, Value self) {
  AsciiWriter out;
  writeDate(out, dateOf(self));
  return Value::of(TRY(makeStrAscii(thread, out.view())));
}
Fallible<Value> dateStr(Thread& thread, Value self) {
  if (typeOf(self) == datetimeTypes.date) return dateIsoFormat(thread, self);
  return callMethod(thread, self, datetimeNames.isoformat, {});
}
Fallible<Value> dateCtime(Thread& thread, Value self) { return cTime(thread, dateOf(self), {}); }
// Of datetimes too.
Fallible<Value> dateStrftime(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"strftime", {"format"}, 1};
  Value format;
  TRY(kParameters.bind(thread, arguments, &format));
  (void)TRY(textOfArgument(thread, format, "strftime", 1));
  Value tuple = TRY(callMethod(thread, self, datetimeNames.timetuple, {}));
  return formatMoment(thread, self, format, tuple, self);
}
Fallible<Value> dateFormat(Thread& thread, Value self, const Arguments& arguments) {
  return formatMethod(thread, self, arguments, "date.__format__");
}

// --- parts ------------------------------------------------------------------------------------------------------------
Fallible<Value> dateTimetuple(Thread& thread, Value self) { return makeTimeTuple(thread, dateOf(self), {}, -1); }
Fallible<Value> dateToOrdinal(Thread&, Value self) { return Value::inlineInt(ordinalOf(dateOf(self))); }
Fallible<Value> dateWeekday(Thread&, Value self) { return Value::inlineInt((ordinalOf(dateOf(self)) + 6) % 7); }
Fallible<Value> dateIsoWeekday(Thread&, Value self) { return Value::inlineInt((ordinalOf(dateOf(self)) + 6) % 7 + 1); }
Fallible<Value> getYear(Thread&, Value self) { return Value::inlineInt(dateOf(self)->year); }
Fallible<Value> getMonth(Thread&, Value self) { return Value::inlineInt(dateOf(self)->month); }
Fallible<Value> getDay(Thread&, Value self) { return Value::inlineInt(dateOf(self)->day); }

Fallible<Value> makeIsoDate(Thread& thread, Type* type, int64_t year, int64_t week, int64_t weekday) {
  Tuple* items = TRY(makeTuple(thread, {Value::inlineInt(year), Value::inlineInt(week), Value::inlineInt(weekday)}));
  return allocatePayloadInstance(thread, type, Value::of(items));
}
Fallible<Value> dateIsoCalendar(Thread& thread, Value self) {
  int64_t year = dateOf(self)->year, ordinal = ordinalOf(dateOf(self)), start = isoYearStart(year);
  auto floored = [&] { return ordinal >= start ? (ordinal - start) / 7 : -1; };
  int64_t week = floored();
  if (week < 0) {
    start = isoYearStart(--year);
    week = floored();
  } else if (week >= 52 && ordinal >= isoYearStart(year + 1)) {
    start = isoYearStart(++year);
    week = 0;
  }
  return makeIsoDate(thread, datetimeTypes.isoDate, year, week + 1, (ordinal - start) % 7 + 1);
}

Fallible<Value> dateReplace(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"replace", {"year", "month", "day"}, 0};
  Value given[3];
  TRY(bindQuickly(thread, kParameters, arguments, 3, given));
  const DateObject* date = dateOf(self);
  int year = TRY(intOr(thread, given[0], date->year)), month = TRY(intOr(thread, given[1], date->month));
  int day = TRY(intOr(thread, given[2], date->day));
  TRY(checkDate(thread, year, month, day));
  return allocateDate(thread, typeOf(self), year, month, day);
}

Fallible<Value> dateReduce(Thread& thread, Value self) {
  uint8_t state[4];
  storeYear(state, dateOf(self));
  return makeReduction(thread, self, TRY(makeState(thread, state, sizeof state, Value::none())));
}

// --- arithmetic, comparison, hash -------------------------------------------------------------------------------------
Fallible<Value> dateAdd(Thread& thread, Value self, Value other) {
  const DeltaObject* delta = toDelta(other);
  if (delta == nullptr || toDatetime(self) != nullptr) return Value::notImplemented();
  return addToDate(thread, dateOf(self), delta, 1);
}
Fallible<Value> subtractDates(Thread& thread, Value left, Value right) {
  const DateObject* date = toDate(left);
  if (date == nullptr || toDatetime(left) != nullptr || toDatetime(right) != nullptr) return Value::notImplemented();
  if (const DeltaObject* delta = toDelta(right)) return addToDate(thread, date, delta, -1);
  const DateObject* other = toDate(right);
  if (other == nullptr) return Value::notImplemented();
  return makeDelta(thread, ordinalOf(date) - ordinalOf(other), 0, 0);
}
Fallible<Value> dateSubtractFrom(Thread& thread, Value self, Value other) { return subtractDates(thread, other, self); }

uint32_t orderKey(const DateObject* date) {
  return static_cast<uint32_t>(date->year << 16 | date->month << 8 | date->day);
}
template <Comparison kComparison>
Fallible<Value> dateCompare(Thread&, Value self, Value other) {
  const DateObject* right = toDate(other);
  if (right == nullptr) return Value::notImplemented();
  int64_t difference = int64_t{orderKey(dateOf(self))} - int64_t{orderKey(right)};
  return comparisonResult(kComparison, difference < 0 ? -1 : difference > 0);
}

Fallible<Value> dateHash(Thread& thread, Value self) {
  DateObject* date = dateOf(self);
  if (date->hash == 0) {
    uint8_t state[4];
    storeYear(state, date);
    date->hash = hashBytes(state, sizeof state);
  }
  return makeInt(thread, date->hash);
}

// --- IsoCalendarDate --------------------------------------------------------------------------------------------------
Fallible<Value> isoDateNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"IsoCalendarDate", {"year", "week", "weekday"}, 3};
  Value given[3];
  TRY(kParameters.bind(thread, arguments, given));
  int parts[3];
  for (int i = 0; i < 3; i++) parts[i] = TRY(intArgument(thread, given[i]));
  return makeIsoDate(thread, self.as<Type>(), parts[0], parts[1], parts[2]);
}
Fallible<Value> isoDateRepr(Thread& thread, Value self) {
  Tuple* items = toTuple(self);
  StrBuilder text;
  text.append(nameOf(self)).append("(year=").append(TRY(repr(thread, items->items[0])));
  text.append(", week=").append(TRY(repr(thread, items->items[1])));
  text.append(", weekday=").append(TRY(repr(thread, items->items[2])));
  return Value::of(TRY(text.append(")").build(thread)));
}
// As a plain tuple: the class has no name that a pickle could give.
Fallible<Value> isoDateReduce(Thread& thread, Value self) {
  Value copy = Value::of(TRY(makeTuple(thread, toTuple(self)->values())));
  Value arguments = Value::of(TRY(makeTuple(thread, {copy})));
  return Value::of(TRY(makeTuple(thread, {Value::of(types.tuple), arguments})));
}
template <int i>
Fallible<Value> isoDateItem(Thread&, Value self) {
  return toTuple(self)->items[i].get();
}

}  // namespace

void declareIsoDate(Thread& thread) {
  Type* type = TypeBuilder(thread, "IsoCalendarDate", types.tuple, Kind::kInstance)
                   .module("datetime")
                   .doc(
                       "The result of date.isocalendar() or datetime.isocalendar()\n\nThis object may be accessed "
                       "either as a tuple of\n  ((year, week, weekday)\nor via the object attributes as named in "
                       "the above tuple.")
                   .constructor(isoDateNew)
                   .special("__repr__", isoDateRepr)
                   .method("__reduce__", isoDateReduce)
                   .getter("year", isoDateItem<0>)
                   .getter("week", isoDateItem<1>)
                   .getter("weekday", isoDateItem<2>)
                   .build();
  type->payloadKind = Kind::kTuple;
  type->instanceShape = startUp(makeRootShape(thread, type, 0));
  datetimeTypes.isoDate = keepType(type);
}

void declareDate(Thread& thread) {
  TypeBuilder builder(thread, "date", types.object, Kind::kNative);
  builder.module("datetime")
      .flags(Type::kBaseType)
      .doc("A day of the proleptic Gregorian calendar.")
      .constructor(dateNew)
      .special("__repr__", dateRepr)
      .special("__hash__", dateHash)
      .special("__str__", dateStr);
  KRAIT_COMPARISONS(builder, dateCompare);
  builder.special("__add__", dateAdd)
      .special("__radd__", dateAdd)
      .special("__sub__", subtractDates)
      .special("__rsub__", dateSubtractFrom)
      .classMethod("fromtimestamp", dateFromTimestamp)
      .classMethod("fromordinal", dateFromOrdinal)
      .classMethod("fromisoformat", dateFromIsoFormat)
      .classMethod("fromisocalendar", dateFromIsoCalendar)
      .classMethod("today", dateToday)
      .method("ctime", dateCtime)
      .variadic("strftime", dateStrftime)
      .variadic("__format__", dateFormat)
      .method("timetuple", dateTimetuple)
      .method("isocalendar", dateIsoCalendar)
      .method("isoformat", dateIsoFormat)
      .method("isoweekday", dateIsoWeekday)
      .method("toordinal", dateToOrdinal)
      .method("weekday", dateWeekday)
      .variadic("replace", dateReplace)
      .method("__reduce__", dateReduce)
      .getter("year", getYear)
      .getter("month", getMonth)
      .getter("day", getDay);
  datetimeTypes.date = keepType(builder.build());
  builder.constant("min", startUp(allocateDate(thread, datetimeTypes.date, kMinYear, 1, 1)))
      .constant("max", startUp(allocateDate(thread, datetimeTypes.date, kMaxYear, 12, 31)))
      .constant("resolution", startUp(makeDelta(thread, 1, 0, 0)))
      .build();
}

}  // namespace krait
