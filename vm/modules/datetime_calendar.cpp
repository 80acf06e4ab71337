// The proleptic Gregorian calendar, the system's idea of local time, and checks of fields, for module _datetime.
#include <cerrno>
#include <cmath>
#include <ctime>

#include "vm/builtins/float.h"
#include "vm/import.h"
#include "vm/modules/datetime_internal.h"

namespace krait {

// --- days -------------------------------------------------------------------------------------------------------------
static bool isLeap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
static constexpr int kDaysBefore[13] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

int daysInMonth(int64_t year, int month) {
  static constexpr uint8_t kDays[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && isLeap(year) ? 29 : kDays[month];
}

int64_t ordinalOf(int64_t year, int month, int day) {
  int64_t y = year - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + kDaysBefore[month] + (month > 2 && isLeap(year)) + day;
}

// After Howard Hinnant's civil_from_days: the year is taken to begin in March, so that leap days come last.
YearMonthDay fromOrdinal(int64_t ordinal) {
  int64_t days = ordinal + 305;  // since 0000-03-01, day 0
  int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  auto dayOfEra = static_cast<uint32_t>(days - era * 146097);
  uint32_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  uint32_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  uint32_t shifted = (5 * dayOfYear + 2) / 153;
  int day = static_cast<int>(dayOfYear - (153 * shifted + 2) / 5 + 1);
  int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {static_cast<int64_t>(yearOfEra) + era * 400 + (month <= 2), month, day};
}

int dayOfYear(const DateObject* date) {
  return kDaysBefore[date->month] + (date->month > 2 && isLeap(date->year)) + date->day;
}

int64_t isoYearStart(int64_t year) {
  int64_t first = ordinalOf(year, 1, 1);
  int64_t weekday = (first + 6) % 7;
  int64_t monday = first - weekday;
  return weekday > 3 ? monday + 7 : monday;
}

IsoProblem fromIsoWeek(int64_t year, int week, int day, YearMonthDay& out) {
  if (week < 1 || week > 53) return IsoProblem::kWeek;
  int64_t start = isoYearStart(year);
  if (week == 53 && isoYearStart(year + 1) - start != 53 * 7) return IsoProblem::kWeek;
  if (day < 1 || day > 7) return IsoProblem::kDay;
  out = fromOrdinal(start + (week - 1) * 7 + day - 1);
  return IsoProblem::kNone;
}

// --- checks -----------------------------------------------------------------------------------------------------------
Fallible<void> checkDate(Thread& thread, int64_t year, int64_t month, int64_t day) {
  if (year < kMinYear || year > kMaxYear) return raiseValueError(thread, "year {} is out of range", year);
  if (month < 1 || month > 12) return raiseValueError(thread, "month must be in 1..12");
  if (day < 1 || (day > 28 && day > daysInMonth(year, static_cast<int>(month))))
    return raiseValueError(thread, "day is out of range for month");
  return {};
}

Fallible<void> checkClock(Thread& thread, int64_t hour, int64_t minute, int64_t second, int64_t microsecond,
                          int64_t fold) {
  if (hour < 0 || hour > 23) return raiseValueError(thread, "hour must be in 0..23");
  if (minute < 0 || minute > 59) return raiseValueError(thread, "minute must be in 0..59");
  if (second < 0 || second > 59) return raiseValueError(thread, "second must be in 0..59");
  if (microsecond < 0 || microsecond > 999999) return raiseValueError(thread, "microsecond must be in 0..999999");
  if (fold != 0 && fold != 1) return raiseValueError(thread, "fold must be either 0 or 1");
  return {};
}

Fallible<void> checkZone(Thread& thread, Value zone) {
  if (zone.isNone() || isZone(zone)) return {};
  return raiseTypeError(thread, "tzinfo argument must be None or of a tzinfo subclass, not type '{}'", nameOf(zone));
}

// --- local time -------------------------------------------------------------------------------------------------------
static Fallible<int64_t> secondsOfFields(Thread& thread, int64_t year, int month, int day, int hour, int minute,
                                         int second) {
  if (year < kMinYear || year > kMaxYear) return raiseValueError(thread, "year {} is out of range", year);
  return ((ordinalOf(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
}
Fallible<int64_t> secondsOf(Thread& thread, const DatetimeObject* datetime) {
  const ClockFields& clock = datetime->clock;
  return secondsOfFields(thread, datetime->year, datetime->month, datetime->day, clock.hour, clock.minute,
                         clock.second);
}

template <tm* (*breakDown)(const time_t*, tm*)>
static Fallible<tm> brokenDown(Thread& thread, int64_t timestamp) {
  tm t{};
  time_t time = timestamp;
  errno = 0;
  if (breakDown(&time, &t) == nullptr) return raiseErrno(thread, errno != 0 ? errno : EINVAL);
  return t;
}
Fallible<tm> localTime(Thread& thread, int64_t timestamp) { return brokenDown<localtime_r>(thread, timestamp); }
Fallible<tm> utcTime(Thread& thread, int64_t timestamp) { return brokenDown<gmtime_r>(thread, timestamp); }

Fallible<int64_t> localSeconds(Thread& thread, int64_t utcSeconds) {
  tm t = TRY(localTime(thread, utcSeconds - kEpochSeconds));
  return secondsOfFields(thread, t.tm_year + int64_t{1900}, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

// Solves "local(u) is the wall clock t": a clock that is set back has two solutions, one that is set forward may have
// none. `fold` chooses (PEP 495).
Fallible<int64_t> momentOfLocal(Thread& thread, const DatetimeObject* datetime) {
  bool fold = datetime->clock.fold != 0;
  int64_t t = TRY(secondsOf(thread, datetime));
  int64_t a = TRY(localSeconds(thread, t)) - t;
  int64_t first = t - a, shown = TRY(localSeconds(thread, first)), b;
  if (shown == t) {
    int64_t other = first + (fold ? kSecondsPerDay : -kSecondsPerDay);
    b = TRY(localSeconds(thread, other)) - other;
    if (a == b) return first;
  } else {
    b = shown - first;
  }
  int64_t second = t - b;
  if (TRY(localSeconds(thread, second)) == t) return second;
  if (shown == t) return first;
  return fold ? std::min(first, second) : std::max(first, second);
}

// --- timestamps -------------------------------------------------------------------------------------------------------
KRAIT_COLD static Raised raiseTimeRange(Thread& thread) {
  return raise(thread, exceptions.OverflowError, "timestamp out of range for platform time_t");
}
static Fallible<int64_t> wholeTimestamp(Thread& thread, Value timestamp) {
  std::optional<int64_t> seconds = toInt64(TRY(index(thread, timestamp)));
  if (!seconds) return raiseTimeRange(thread);
  return *seconds;
}
static bool fitsTime(double seconds) { return seconds >= -0x1p63 && seconds < 0x1p63; }

Fallible<Moment> momentArgument(Thread& thread, Value timestamp) {
  if (!isFloat(timestamp)) return Moment{TRY(wholeTimestamp(thread, timestamp)), 0};
  double value = floatValue(timestamp);
  if (std::isnan(value)) return raiseValueError(thread, "Invalid value NaN (not a number)");
  double whole, fraction = std::modf(value, &whole);
  fraction = std::nearbyint(fraction * 1e6);  // half to even
  if (fraction >= 1e6) {
    fraction -= 1e6;
    whole += 1;
  } else if (fraction < 0) {
    fraction += 1e6;
    whole -= 1;
  }
  if (!fitsTime(whole)) return raiseTimeRange(thread);
  return Moment{static_cast<int64_t>(whole), static_cast<int>(fraction)};
}

Fallible<int64_t> flooredSeconds(Thread& thread, Value timestamp) {
  if (!isFloat(timestamp)) return wholeTimestamp(thread, timestamp);
  double value = floatValue(timestamp);
  if (std::isnan(value)) return raiseValueError(thread, "Invalid value NaN (not a number)");
  value = std::floor(value);
  if (!fitsTime(value)) return raiseTimeRange(thread);
  return static_cast<int64_t>(value);
}

Fallible<Value> callTime(Thread& thread, const char* name, std::span<const Value> arguments) {
  Value module = TRY(importModule(thread, datetimeNames.time));
  Value function = TRY(getAttribute(thread, module, name));
  return call(thread, function, arguments);
}

Fallible<Value> makeTimeTuple(Thread& thread, const DateObject* date, const ClockFields& clock, int dst) {
  int64_t weekday = (ordinalOf(date) + 6) % 7;
  int64_t fields[] = {date->year,   date->month, date->day,       clock.hour, clock.minute,
                      clock.second, weekday,     dayOfYear(date), dst};
  Tuple* items = TRY(makeTupleUninitialised(thread, std::size(fields)));
  for (size_t i = 0; i < std::size(fields); i++) items->items[i].set(Value::inlineInt(fields[i]));
  Value tuple = Value::of(items);
  return callTime(thread, "struct_time", {&tuple, 1});
}

// --- arguments and states ---------------------------------------------------------------------------------------------
Fallible<void> bindFieldsSlowly(Thread& thread, const Parameters& parameters, const Arguments& arguments, Value* out) {
  Fallible<void> bound = parameters.bind(thread, arguments, out);
  if (!bound.isRaised() || arguments.positional >= parameters.required) return bound;
  Value error = takeException(thread);
  for (uint32_t i = 0; i < parameters.required; i++) {
    Value v = i < arguments.positional ? arguments[i] : arguments.keyword(parameters.names.begin()[i]);
    if (v.isUnbound()) {
      if (arguments.positional + arguments.keywordCount() > parameters.names.size()) break;
      return raiseTypeError(thread, "function missing required argument '{}' (pos {})", parameters.names.begin()[i],
                            i + 1);
    }
    (void)TRY(formatIntArgument(thread, v));
  }
  return raiseInstance(thread, error);
}
Raised raiseUnsafe(Thread& thread, const Type* owner, Value type, const Type* right) {
  return raiseTypeError(thread, "{}.__new__({}) is not safe, use {}.__new__()", nameOf(owner), nameOf(type.as<Type>()),
                        nameOf(right));
}
Fallible<void> exactArguments(Thread& thread, const Arguments& arguments, const char* fullName, const char* name,
                              uint32_t count) {
  TRY(arguments.noKeywords(thread, fullName));
  if (arguments.positional == count) return {};
  return raiseTypeError(thread, "{}() takes exactly {} argument{} ({} given)", name, count, count == 1 ? "" : "s",
                        arguments.positional);
}
Fallible<Value> oneArgument(Thread& thread, const Arguments& arguments, const char* fullName) {
  TRY(arguments.noKeywords(thread, fullName));
  if (arguments.positional == 1) return arguments[0];
  return raiseTypeError(thread, "{}() takes exactly one argument ({} given)", fullName, arguments.positional);
}
Fallible<Str*> textOfArgument(Thread& thread, Value v, const char* function, int position) {
  if (Str* text = toStr(v)) return text;
  return raiseTypeError(thread, "{}() argument {} must be str, not {}", function, position,
                        v.isNone() ? "None" : nameOf(v));
}

Fallible<bool> pickledState(Thread& thread, Value v, size_t length, size_t at, uint8_t least, uint8_t most,
                            uint8_t mask, const char* type, uint8_t* out) {
  if (const Bytes* bytes = toBytes(v)) {
    uint8_t looked = bytes->length == length ? static_cast<uint8_t>(bytes->data[at] & mask) : 0xff;
    if (looked < least || looked > most) return false;
    for (size_t i = 0; i < length; i++) out[i] = bytes->data[i];
    return true;
  }
  const Str* text = toStr(v);
  if (text == nullptr || text->length != length) return false;
  uint32_t looked = text->at(at) & (text->at(at) < 0x100 ? mask : ~uint32_t{0});
  if (looked < least || looked > most) return false;
  for (size_t i = 0; i < length; i++) {
    if (text->at(i) >= 0x100) {
      return raiseValueError(thread,
                             "Failed to encode latin1 string when unpickling a {} object. pickle.load(data, "
                             "encoding='latin1') is assumed.",
                             type);
    }
    out[i] = static_cast<uint8_t>(text->at(i));
  }
  return true;
}

Fallible<Value> makeState(Thread& thread, const uint8_t* bytes, size_t length, Value zone) {
  Value state = TRY(makeBytesValue(thread, {reinterpret_cast<const char*>(bytes), length}));
  if (zone.isNone()) return Value::of(TRY(makeTuple(thread, {state})));
  return Value::of(TRY(makeTuple(thread, {state, zone})));
}
Fallible<Value> makeReduction(Thread& thread, Value self, Value state) {
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), state})));
}

}  // namespace krait
