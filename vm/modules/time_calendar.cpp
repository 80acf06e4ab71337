// The calendar half of the module time: struct_time, conversions, text, the time zone.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <new>

#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/time_internal.h"
#include "vm/semantics.h"

namespace krait {

static constexpr const char* kFields[] = {"tm_year", "tm_mon",  "tm_mday",  "tm_hour", "tm_min",   "tm_sec",
                                          "tm_wday", "tm_yday", "tm_isdst", "tm_zone", "tm_gmtoff"};
static constexpr StructSequence kStructTime{
    "time", "struct_time", "A moment in years, months, days, hours, minutes and seconds.", kFields, 9, true};
static Type* structTime = nullptr;  // kept alive by the struct sequences' own roots

// --- struct tm and struct_time --------------------------------------------------------------------------------------

static Fallible<Value> fromTm(Thread& thread, const tm& t) {
  Str* zone = TRY(makeStr(thread, t.tm_zone));
  Value fields[] = {Value::inlineInt(t.tm_year + int64_t{1900}),
                    Value::inlineInt(t.tm_mon + 1),
                    Value::inlineInt(t.tm_mday),
                    Value::inlineInt(t.tm_hour),
                    Value::inlineInt(t.tm_min),
                    Value::inlineInt(t.tm_sec),
                    Value::inlineInt((t.tm_wday + 6) % 7),
                    Value::inlineInt(t.tm_yday + 1),
                    Value::inlineInt(t.tm_isdst),
                    Value::of(zone),
                    Value::inlineInt(t.tm_gmtoff)};
  return makeStructSequence(thread, structTime, fields);
}

// A tuple of nine ints, or a struct_time. `zone` backs tm_zone.
static Fallible<void> toTm(Thread& thread, const char* function, Value v, tm& t, std::string& zone) {
  Tuple* items = toTuple(v);
  if (!items) return raise(thread, exceptions.TypeError, "Tuple or struct_time argument required");
  if (items->length != 9) return raiseTypeError(thread, "{}(): illegal time tuple argument", function);
  int fields[9];
  for (int i = 0; i < 9; i++) {
    int64_t field = TRY(indexAsInt64(thread, items->items[i], exceptions.OverflowError));
    if (field > INT32_MAX) return raise(thread, exceptions.OverflowError, "signed integer is greater than maximum");
    if (field < INT32_MIN) return raise(thread, exceptions.OverflowError, "signed integer is less than minimum");
    fields[i] = static_cast<int>(field);
  }
  if (fields[0] < INT32_MIN + 1900) return raise(thread, exceptions.OverflowError, "year out of range");
  t = {};
  t.tm_year = fields[0] - 1900;
  t.tm_mon = static_cast<int>(static_cast<unsigned>(fields[1]) - 1);
  t.tm_mday = fields[2];
  t.tm_hour = fields[3];
  t.tm_min = fields[4];
  t.tm_sec = fields[5];
  t.tm_wday = static_cast<int>(static_cast<unsigned>(fields[6]) + 1) % 7;
  t.tm_yday = static_cast<int>(static_cast<unsigned>(fields[7]) - 1);
  t.tm_isdst = fields[8];
  if (typeOf(v) == structTime) {
    Instance* instance = v.as<Instance>();
    if (Str* name = toStr(instance->slots[0])) {
      zone = strToUtf8(name);
      t.tm_zone = zone.c_str();
    }
    if (std::optional<int64_t> offset = toInt64(instance->slots[1])) t.tm_gmtoff = *offset;
  }
  return {};
}

// Fields that would make the C library read beyond its tables.
static Fallible<void> checkTm(Thread& thread, tm& t) {
  if (t.tm_mon == -1) t.tm_mon = 0;
  if (t.tm_mday == 0) t.tm_mday = 1;
  if (t.tm_yday == -1) t.tm_yday = 0;
  const char* field = t.tm_mon < 0 || t.tm_mon > 11      ? "month"
                      : t.tm_mday < 0 || t.tm_mday > 31  ? "day of month"
                      : t.tm_hour < 0 || t.tm_hour > 23  ? "hour"
                      : t.tm_min < 0 || t.tm_min > 59    ? "minute"
                      : t.tm_sec < 0 || t.tm_sec > 61    ? "seconds"
                      : t.tm_wday < 0                    ? "day of week"
                      : t.tm_yday < 0 || t.tm_yday > 365 ? "day of year"
                                                         : nullptr;
  if (field != nullptr) return raiseValueError(thread, "{} out of range", field);
  return {};
}

static bool isMissing(Value v) { return v.isUnbound() || v.isNone(); }

static Fallible<time_t> secondsOrNow(Thread& thread, Value seconds) {
  if (isMissing(seconds)) return std::time(nullptr);
  return TRY(wholeSecondsArgument(thread, seconds));
}

using BreakDown = tm* (*)(const time_t*, tm*);
template <BreakDown breakDown>
static Fallible<tm> brokenDown(Thread& thread, Value seconds) {
  time_t time = TRY(secondsOrNow(thread, seconds));
  tm t{};
  errno = 0;
  if (breakDown(&time, &t) == nullptr) return raiseErrno(thread, errno != 0 ? errno : EINVAL);
  return t;
}
template <BreakDown breakDown>
static Fallible<Value> breakDownTime(Thread& thread, Value seconds) {
  return fromTm(thread, TRY(brokenDown<breakDown>(thread, seconds)));
}

static Fallible<Value> makeTime(Thread& thread, Value tuple) {
  tm t;
  std::string zone;
  TRY(toTm(thread, "mktime", tuple, t, zone));
  t.tm_wday = -1;  // stays when mktime fails: -1 is also the second before the epoch
  time_t seconds = std::mktime(&t);
  if (seconds == -1 && t.tm_wday == -1) {
    return raise(thread, exceptions.OverflowError, "mktime argument out of range");
  }
  return makeFloat(thread, static_cast<double>(seconds));
}

// --- text -----------------------------------------------------------------------------------------------------------

static Fallible<Value> plainText(Thread& thread, const tm& t) {
  static constexpr char kDays[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr char kMonths[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::string text = fmt::format("{} {}{:3} {:02}:{:02}:{:02} {}", kDays[t.tm_wday], kMonths[t.tm_mon], t.tm_mday,
                                 t.tm_hour, t.tm_min, t.tm_sec, t.tm_year + int64_t{1900});
  return Value::of(TRY(makeStr(thread, text)));
}

static Fallible<Value> asctimeOf(Thread& thread, Value tuple) {
  tm t;
  if (isMissing(tuple)) {
    t = TRY(brokenDown<localtime_r>(thread, tuple));
  } else {
    std::string zone;
    TRY(toTm(thread, "asctime", tuple, t, zone));
    TRY(checkTm(thread, t));
  }
  return plainText(thread, t);
}

static Fallible<Value> ctimeOf(Thread& thread, Value seconds) {
  return plainText(thread, TRY(brokenDown<localtime_r>(thread, seconds)));
}

static Fallible<Value> formatTime(Thread& thread, Value format, Value tuple) {
  Str* text = toStr(format);
  if (!text) return raiseTypeError(thread, "strftime() argument 1 must be str, not {}", nameOf(format));
  tm t;
  std::string zone;
  if (tuple.isUnbound()) {
    t = TRY(brokenDown<localtime_r>(thread, tuple));
  } else {
    TRY(toTm(thread, "strftime", tuple, t, zone));
    TRY(checkTm(thread, t));
  }
  t.tm_isdst = t.tm_isdst < -1 ? -1 : t.tm_isdst > 1 ? 1 : t.tm_isdst;
  std::string pattern = strToUtf8(text);
  if (pattern.find('\0') != std::string::npos) {
    return raise(thread, exceptions.ValueError, "embedded null character");
  }
  // Zero is the answer for no room and for an empty result: the buffer grows up to what any directive may need.
  for (size_t size = 1024;; size *= 2) {
    std::unique_ptr<char[]> buffer(new (std::nothrow) char[size]);
    if (!buffer) return raiseMemoryError(thread);
    size_t length = std::strftime(buffer.get(), size, pattern.c_str(), &t);
    if (length > 0 || size >= 256 * pattern.size()) {
      return Value::of(TRY(makeStr(thread, std::string_view(buffer.get(), length))));
    }
  }
}

// The parser is Python's own: _strptime in the standard library.
static Fallible<Value> parseTime(Thread& thread, Value, const Arguments& arguments) {
  Str* moduleName = TRY(intern(thread, "_strptime"));
  Value module = TRY(importName(thread, thread.frame, moduleName, Value::none(), Value::inlineInt(0)));
  Value function = TRY(getAttribute(thread, module, "_strptime_time"));
  uint32_t count = arguments.positional + arguments.keywordCount();
  return call(thread, function, std::span<const Value>(arguments.first, count), arguments.keywordNames);
}

// --- time zone ------------------------------------------------------------------------------------------------------

namespace {
struct Zone {
  int64_t west;  // seconds west of Greenwich
  char name[64];
};
}  // namespace

static Zone zoneAt(time_t time) {
  tm t{};
  localtime_r(&time, &t);
  Zone zone{-t.tm_gmtoff, {}};
  std::strncpy(zone.name, t.tm_zone != nullptr ? t.tm_zone : "", sizeof zone.name - 1);
  return zone;
}

// timezone, altzone, daylight and tzname from this year's January and July; whichever lies further west has no
// daylight saving time.
static Fallible<void> eachZoneConstant(Thread& thread, auto&& define) {
  constexpr time_t kYear = (365 * 24 + 6) * 3600;
  tzset();
  time_t start = std::time(nullptr) / kYear * kYear;
  Zone january = zoneAt(start), july = zoneAt(start + kYear / 2);
  bool reversed = january.west < july.west;
  const Zone& standard = reversed ? july : january;
  const Zone& summer = reversed ? january : july;
  Str* standardName = TRY(makeStr(thread, standard.name));
  Str* summerName = TRY(makeStr(thread, summer.name));
  Tuple* zoneNames = TRY(makeTuple(thread, {Value::of(standardName), Value::of(summerName)}));
  TRY(define("timezone", Value::inlineInt(standard.west)));
  TRY(define("altzone", Value::inlineInt(summer.west)));
  TRY(define("daylight", Value::inlineInt(standard.west != summer.west)));
  return define("tzname", Value::of(zoneNames));
}

static Fallible<Value> setTimeZone(Thread& thread, Value module, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "tzset"));
  TRY(arguments.count(thread, "tzset", 0, 0));
  TRY(eachZoneConstant(thread, [&](const char* name, Value value) -> Fallible<void> {
    Str* attribute = TRY(intern(thread, name));
    return setAttribute(thread, module, attribute, value);
  }));
  return Value::none();
}

Fallible<void> addCalendar(Thread& thread, ModuleBuilder& builder) {
  if (structTime == nullptr) structTime = makeStructSequenceType(thread, kStructTime);
  builder.constant("struct_time", Value::of(structTime))
      .constant("_STRUCT_TM_ITEMS", Value::inlineInt(11))
      .function("gmtime", breakDownTime<gmtime_r>, 1)
      .function("localtime", breakDownTime<localtime_r>, 1)
      .function("mktime", makeTime)
      .function("asctime", asctimeOf, 1)
      .function("ctime", ctimeOf, 1)
      .function("strftime", formatTime, 1)
      .variadic("strptime", parseTime)
      .variadic("tzset", setTimeZone);
  return eachZoneConstant(thread, [&](const char* name, Value value) -> Fallible<void> {
    builder.constant(name, value);
    return {};
  });
}

}  // namespace krait
