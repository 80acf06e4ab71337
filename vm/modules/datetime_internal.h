// What the parts of module _datetime share: the objects, the calendar, and the protocol of time zones.
#pragma once
#include "vm/builtins/comparison_result.h"
#include "vm/modules/native_arguments.h"

namespace krait {

// --- objects ----------------------------------------------------------------------------------------------------------
// Fields are what constructors have checked; only pickles can bring a day, minute, second or microsecond out of range
// (and any year): nothing may index a table with those.

struct DateObject : NativeObject {
  int64_t hash;  // 0: not computed yet; the same in the others
  uint16_t year;
  uint8_t month, day;
};
struct ClockFields {
  uint32_t microsecond = 0;
  uint8_t hour = 0, minute = 0, second = 0, fold = 0;
};
struct DatetimeObject : DateObject {  // a datetime is a date
  ClockFields clock;
  Field<Value> zone;  // None or a tzinfo
};
struct TimeObject : NativeObject {
  int64_t hash;
  ClockFields clock;
  Field<Value> zone;
};
struct DeltaObject : NativeObject {
  int64_t hash;
  int32_t days, seconds, microseconds;  // 0 <= seconds < 86400, 0 <= microseconds < 10^6
};
struct TimezoneObject : NativeObject {
  Field<Value> offset;  // timedelta
  Field<Value> name;    // str, or unbound
};
extern const NativeTraits dateTraits, datetimeTraits, timeTraits, deltaTraits, zoneTraits, timezoneTraits;

struct DatetimeTypes {
  Type *date, *datetime, *time, *delta, *zone, *timezone, *isoDate;
  Value utc;  // timezone.utc, kept alive by its class
};
inline DatetimeTypes datetimeTypes;
// Interned names of methods, kept alive with the types.
struct DatetimeNames {
  Str *utcoffset, *dst, *tzname, *fromutc, *isoformat, *strftime, *timetuple, *fromtimestamp, *time, *fold;
};
inline DatetimeNames datetimeNames;

template <class T>
KRAIT_INLINE T* nativeAs(Value v, const NativeTraits& traits) {
  bool is = isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &traits;
  return is ? v.as<T>() : nullptr;
}
KRAIT_INLINE DatetimeObject* toDatetime(Value v) { return nativeAs<DatetimeObject>(v, datetimeTraits); }
KRAIT_INLINE DateObject* toDate(Value v) {  // datetimes included
  DateObject* date = nativeAs<DateObject>(v, dateTraits);
  return date != nullptr ? date : toDatetime(v);
}
KRAIT_INLINE TimeObject* toTime(Value v) { return nativeAs<TimeObject>(v, timeTraits); }
KRAIT_INLINE DeltaObject* toDelta(Value v) { return nativeAs<DeltaObject>(v, deltaTraits); }
KRAIT_INLINE TimezoneObject* toTimezone(Value v) { return nativeAs<TimezoneObject>(v, timezoneTraits); }
KRAIT_INLINE bool isZone(Value v) { return isKind(v, Kind::kNative) && isInstanceOf(v, datetimeTypes.zone); }

// --- the calendar (datetime_calendar.cpp) -----------------------------------------------------------------------------
inline constexpr int kMinYear = 1, kMaxYear = 9999;
inline constexpr int64_t kMaxOrdinal = 3652059, kSecondsPerDay = 86400, kMicrosecondsPerSecond = 1'000'000;
inline constexpr int64_t kMicrosecondsPerDay = kSecondsPerDay * kMicrosecondsPerSecond;
inline constexpr int64_t kEpochOrdinal = 719163;  // 1970-01-01

struct YearMonthDay {
  int64_t year;
  int month, day;
};
int daysInMonth(int64_t year, int month);
// 0001-01-01 is day 1.
int64_t ordinalOf(int64_t year, int month, int day);
YearMonthDay fromOrdinal(int64_t ordinal);
inline int64_t ordinalOf(const DateObject* date) { return ordinalOf(date->year, date->month, date->day); }
int dayOfYear(const DateObject* date);
// The date some days later or earlier; false when that is no date. Mostly it is in the same month.
inline bool shiftDate(const DateObject* date, int64_t days, YearMonthDay& out) {
  int64_t day = date->day + days;
  if (day >= 1 && day <= 28 && date->year >= kMinYear && date->year <= kMaxYear) [[likely]] {
    out = {date->year, date->month, static_cast<int>(day)};
    return true;
  }
  int64_t ordinal = ordinalOf(date) + days;
  if (ordinal < 1 || ordinal > kMaxOrdinal) return false;
  out = fromOrdinal(ordinal);
  return true;
}
// The ordinal of the Monday on which an ISO year begins.
int64_t isoYearStart(int64_t year);
enum class IsoProblem { kNone, kWeek, kDay };
IsoProblem fromIsoWeek(int64_t year, int week, int day, YearMonthDay& out);

Fallible<void> checkDate(Thread& thread, int64_t year, int64_t month, int64_t day);
Fallible<void> checkClock(Thread& thread, int64_t hour, int64_t minute, int64_t second, int64_t microsecond,
                          int64_t fold);
Fallible<void> checkZone(Thread& thread, Value zone);

// Seconds since 0001-01-01 plus a day, as the differences of local times are computed. ValueError for years out of
// range.
Fallible<int64_t> secondsOf(Thread& thread, const DatetimeObject* datetime);
inline constexpr int64_t kEpochSeconds = kEpochOrdinal * kSecondsPerDay;
Fallible<tm> localTime(Thread& thread, int64_t timestamp);
Fallible<tm> utcTime(Thread& thread, int64_t timestamp);
// The wall clock at a moment; both in seconds as secondsOf() counts them.
Fallible<int64_t> localSeconds(Thread& thread, int64_t utcSeconds);
// The moment at which the wall clock shows these fields.
Fallible<int64_t> momentOfLocal(Thread& thread, const DatetimeObject* datetime);
// A timestamp argument, an int or a float: whole seconds and microseconds, rounded half to even; or floored.
struct Moment {
  int64_t seconds;
  int microseconds;
};
Fallible<Moment> momentArgument(Thread& thread, Value timestamp);
Fallible<int64_t> flooredSeconds(Thread& thread, Value timestamp);

// --- timedelta (datetime_delta.cpp, datetime_delta_arithmetic.cpp) ----------------------------------------------------
using Wide = __int128;
Fallible<Value> makeDelta(Thread& thread, Type* type, int64_t days, int64_t seconds, int64_t microseconds);
inline Fallible<Value> makeDelta(Thread& thread, int64_t days, int64_t seconds, int64_t microseconds) {
  return makeDelta(thread, datetimeTypes.delta, days, seconds, microseconds);
}
Fallible<Value> deltaOfMicroseconds(Thread& thread, Wide microseconds, Type* type);
Fallible<Value> deltaOfInt(Thread& thread, Value microseconds, Type* type);  // an int of any size
Fallible<Value> makeWideInt(Thread& thread, Wide value);
KRAIT_INLINE Wide microsecondsOf(const DeltaObject* delta) {
  return static_cast<Wide>(delta->days * kSecondsPerDay + delta->seconds) * kMicrosecondsPerSecond +
         delta->microseconds;
}
KRAIT_INLINE int64_t secondsIn(const DeltaObject* delta) { return delta->days * kSecondsPerDay + delta->seconds; }
KRAIT_INLINE bool isZeroDelta(const DeltaObject* d) { return (d->days | d->seconds | d->microseconds) == 0; }
KRAIT_INLINE bool sameDelta(const DeltaObject* a, const DeltaObject* b) {
  return a->days == b->days && a->seconds == b->seconds && a->microseconds == b->microseconds;
}
Fallible<Value> subtractDeltas(Thread& thread, const DeltaObject* left, const DeltaObject* right);
void declareDelta(Thread& thread);
void declareDeltaArithmetic(TypeBuilder& builder);

// --- time zones (datetime_zone.cpp) -----------------------------------------------------------------------------------
// tzinfo.utcoffset(argument) or dst(argument): None or a timedelta below a day. `zone` may be None.
Fallible<Value> offsetOf(Thread& thread, Value zone, Str* method, Value argument);
inline Fallible<Value> utcOffset(Thread& thread, Value zone, Value argument) {
  if (zone.isNone()) return Value::none();
  return offsetOf(thread, zone, datetimeNames.utcoffset, argument);
}
Fallible<Value> zoneName(Thread& thread, Value zone, Value argument);  // None or a str
// timezone.utc for a nameless zero. ValueError beyond a day.
Fallible<Value> makeTimezone(Thread& thread, Value offset, Value nameOrUnbound);
void declareZones(Thread& thread);

// --- date, time, datetime ---------------------------------------------------------------------------------------------
Fallible<Value> allocateDate(Thread& thread, Type* type, int64_t year, int month, int day);  // not checked
Fallible<Value> allocateTime(Thread& thread, Type* type, const ClockFields& clock, Value zone);
Fallible<Value> allocateDatetime(Thread& thread, Type* type, const YearMonthDay& date, const ClockFields& clock,
                                 Value zone);
// Of the class, checked: subclasses are called, as alternative constructors do.
Fallible<Value> makeDateOf(Thread& thread, Type* type, const YearMonthDay& date);
Fallible<Value> makeTimeOf(Thread& thread, Type* type, const ClockFields& clock, Value zone);
Fallible<Value> makeDatetimeOf(Thread& thread, Type* type, const YearMonthDay& date, const ClockFields& clock,
                               Value zone);
Fallible<Value> addToDate(Thread& thread, const DateObject* date, const DeltaObject* delta, int sign);
// datetime +/- timedelta, of the datetime's class.
Fallible<Value> addToDatetime(Thread& thread, const DatetimeObject* datetime, const DeltaObject* delta, int sign);
Fallible<Value> subtractDatetimes(Thread& thread, Value left, Value right);
// time.struct_time((year, month, day, hour, minute, second, weekday, day of the year, dst)).
Fallible<Value> makeTimeTuple(Thread& thread, const DateObject* date, const ClockFields& clock, int dst);
void declareDate(Thread& thread);
void declareIsoDate(Thread& thread);
void declareTime(Thread& thread);
void declareDatetime(Thread& thread);
void declareDatetimeMakers(TypeBuilder& builder);      // datetime_makers.cpp: now(), fromtimestamp() ...
void declareDatetimeArithmetic(TypeBuilder& builder);  // datetime_arithmetic.cpp: comparison, sums, hash

// --- text (datetime_text.cpp, datetime_parse.cpp) ---------------------------------------------------------------------
// Writes ASCII into a small buffer: every text of this module but strftime()'s.
struct AsciiWriter {
  char text[96];
  uint32_t length = 0;
  void put(char c) { text[length++] = c; }
  void put(std::string_view s) {
    for (char c : s) put(c);
  }
  void number(int64_t value, int width);  // zeroes in front; value >= 0
  std::string_view view() const { return {text, length}; }
};
void writeDate(AsciiWriter& out, const DateObject* date);
// False for an unknown timespec.
bool writeClock(AsciiWriter& out, const ClockFields& clock, std::string_view timespec);
void writeOffset(AsciiWriter& out, const DeltaObject* offset, std::string_view separator);
Fallible<Value> reprOfClock(Thread& thread, std::string head, const ClockFields& clock, Value zone, bool foldFirst);
Fallible<Value> cTime(Thread& thread, const DateObject* date, const ClockFields& clock);
// object.strftime(format) with the time tuple given; %z, %Z and %f are ours.
Fallible<Value> formatMoment(Thread& thread, Value object, Value format, Value tuple, Value zoneArgument);
// The `timespec` argument at position `position` of isoformat(); "auto" when unbound.
Fallible<std::string> timespecArgument(Thread& thread, Value timespec, int position);
Fallible<Value> formatMethod(Thread& thread, Value self, const Arguments& arguments, const char* typeName);

Fallible<Value> dateFromText(Thread& thread, Value self, Value text);
Fallible<Value> timeFromText(Thread& thread, Value self, Value text);
Fallible<Value> datetimeFromText(Thread& thread, Value self, Value text);

// --- arguments --------------------------------------------------------------------------------------------------------
// Binds what mostly comes by position.
template <size_t count>
Fallible<void> bindQuickly(Thread& thread, const Parameters& parameters, const Arguments& arguments,
                           uint32_t mostPositional, Value (&out)[count]) {
  if (arguments.keywordNames != nullptr || arguments.positional < parameters.required ||
      arguments.positional > mostPositional) [[unlikely]]
    return parameters.bind(thread, arguments, out);
  for (uint32_t i = 0; i < count; i++) out[i] = i < arguments.positional ? arguments[i] : Value::unbound();
  return {};
}
// The same for parameters that begin with `parameters.required` C ints: what is given is looked at before what is not.
Fallible<void> bindFieldsSlowly(Thread& thread, const Parameters& parameters, const Arguments& arguments, Value* out);
template <size_t count>
Fallible<void> bindFields(Thread& thread, const Parameters& parameters, const Arguments& arguments,
                          uint32_t mostPositional, Value (&out)[count]) {
  if (arguments.keywordNames == nullptr && arguments.positional >= parameters.required) [[likely]]
    return bindQuickly(thread, parameters, arguments, mostPositional, out);
  return bindFieldsSlowly(thread, parameters, arguments, out);
}
// "datetime.date.__new__(C) is not safe, use datetime.datetime.__new__()"
KRAIT_COLD Raised raiseUnsafe(Thread& thread, const Type* owner, Value type, const Type* right);
inline Fallible<int> intOr(Thread& thread, Value v, int otherwise) {
  if (v.isUnbound()) return otherwise;
  return formatIntArgument(thread, v);
}
// "f() takes exactly 1 argument (0 given)" and no keywords.
Fallible<void> exactArguments(Thread& thread, const Arguments& arguments, const char* fullName, const char* name,
                              uint32_t count);
// "type.f() takes exactly one argument (0 given)"
Fallible<Value> oneArgument(Thread& thread, const Arguments& arguments, const char* fullName);
Fallible<Str*> textOfArgument(Thread& thread, Value v, const char* function, int position);
// time.name(arguments), as the module time has it at the moment.
Fallible<Value> callTime(Thread& thread, const char* name, std::span<const Value> arguments);
// What a pickle holds: bytes, or a str in which Python 2's bytes were read as Latin-1. Unbound when it is neither or
// not `length` long; the caller looks whether the byte at `at`, without its top bit, is from `least` to `most`.
Fallible<bool> pickledState(Thread& thread, Value v, size_t length, size_t at, uint8_t least, uint8_t most,
                            uint8_t mask, const char* type, uint8_t* out);
Fallible<Value> makeState(Thread& thread, const uint8_t* bytes, size_t length, Value zone);
// type(v) and a state: what __reduce__ returns.
Fallible<Value> makeReduction(Thread& thread, Value self, Value state);
inline void storeYear(uint8_t* out, const DateObject* date) {
  out[0] = static_cast<uint8_t>(date->year >> 8);
  out[1] = static_cast<uint8_t>(date->year);
  out[2] = date->month;
  out[3] = date->day;
}
inline void storeClock(uint8_t* out, const ClockFields& clock) {
  out[0] = clock.hour;
  out[1] = clock.minute;
  out[2] = clock.second;
  out[3] = static_cast<uint8_t>(clock.microsecond >> 16);
  out[4] = static_cast<uint8_t>(clock.microsecond >> 8);
  out[5] = static_cast<uint8_t>(clock.microsecond);
}
inline ClockFields loadClock(const uint8_t* in) {
  ClockFields clock;
  clock.hour = in[0];
  clock.minute = in[1];
  clock.second = in[2];
  clock.microsecond = static_cast<uint32_t>(in[3] << 16 | in[4] << 8 | in[5]);
  return clock;
}
// Declares __lt__ ... __ge__ from one function template.
#define KRAIT_COMPARISONS(builder, function)               \
  builder.special("__lt__", function<Comparison::kLess>)   \
      .special("__le__", function<Comparison::kLessEqual>) \
      .special("__eq__", function<Comparison::kEqual>)     \
      .special("__ne__", function<Comparison::kNotEqual>)  \
      .special("__gt__", function<Comparison::kGreater>)   \
      .special("__ge__", function<Comparison::kGreaterEqual>)

}  // namespace krait
