// datetime's alternative constructors: clocks, timestamps, parts and texts.
#include <ctime>

#include "vm/import.h"
#include "vm/modules/datetime_internal.h"

namespace krait {
namespace {

enum class Clock { kLocal, kUtc };
constexpr int64_t kEarliest = kSecondsPerDay - kEpochSeconds;  // 0001-01-01

Fallible<Value> atMoment(Thread& thread, Type* type, Clock shown, Moment moment, Value zone) {
  int64_t sinceStart = moment.seconds - kEarliest;
  if (shown == Clock::kUtc && sinceStart >= 0 && sinceStart < kMaxOrdinal * kSecondsPerDay) [[likely]] {
    auto ofDay = static_cast<int>(sinceStart % kSecondsPerDay);
    ClockFields clock;
    clock.hour = static_cast<uint8_t>(ofDay / 3600);
    clock.minute = static_cast<uint8_t>(ofDay / 60 % 60);
    clock.second = static_cast<uint8_t>(ofDay % 60);
    clock.microsecond = static_cast<uint32_t>(moment.microseconds);
    return makeDatetimeOf(thread, type, fromOrdinal(sinceStart / kSecondsPerDay + 1), clock, zone);
  }
  tm t = TRY(shown == Clock::kLocal ? localTime(thread, moment.seconds) : utcTime(thread, moment.seconds));
  YearMonthDay date{t.tm_year + int64_t{1900}, t.tm_mon + 1, t.tm_mday};
  ClockFields clock;
  clock.hour = static_cast<uint8_t>(t.tm_hour);
  clock.minute = static_cast<uint8_t>(t.tm_min);
  clock.second = static_cast<uint8_t>(std::min(t.tm_sec, 59));  // leap seconds do not exist here
  clock.microsecond = static_cast<uint32_t>(moment.microseconds);
  if (shown == Clock::kLocal && zone.isNone()) {
    // The second of two equal wall clocks: a day ago the clock was ahead by more, and it was this time before.
    TRY(checkDate(thread, date.year, 1, 1));
    int64_t here =
        ((ordinalOf(date.year, date.month, date.day) * 24 + clock.hour) * 60 + clock.minute) * 60 + clock.second;
    int64_t moments = moment.seconds + kEpochSeconds;
    int64_t dayBefore = TRY(localSeconds(thread, moments - kSecondsPerDay));
    int64_t transition = here - dayBefore - kSecondsPerDay;
    if (transition < 0 && TRY(localSeconds(thread, moments + transition)) == here) clock.fold = 1;
  }
  return makeDatetimeOf(thread, type, date, clock, zone);
}

// What tz.fromutc() makes of a datetime in UTC that carries tz already.
Fallible<Value> intoZone(Thread& thread, Value made, Value zone) {
  if (zone.isNone()) return made;
  return callMethod(thread, zone, datetimeNames.fromutc, {&made, 1});
}

Moment currentMoment() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return {now.tv_sec, static_cast<int>(now.tv_nsec / 1000)};
}

Fallible<Value> now(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"now", {"tz"}, 0};
  Value given[1];
  TRY(bindQuickly(thread, kParameters, arguments, 1, given));
  Value zone = given[0].isUnbound() ? Value::none() : given[0];
  TRY(checkZone(thread, zone));
  Clock shown = zone.isNone() ? Clock::kLocal : Clock::kUtc;
  return intoZone(thread, TRY(atMoment(thread, self.as<Type>(), shown, currentMoment(), zone)), zone);
}
Fallible<Value> utcNow(Thread& thread, Value self, const Arguments& arguments) {
  TRY(refuseArguments(thread, "datetime.utcnow", arguments));
  return atMoment(thread, self.as<Type>(), Clock::kUtc, currentMoment(), Value::none());
}

Fallible<Value> fromTimestamp(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"fromtimestamp", {"timestamp", "tz"}, 1};
  Value given[2];
  TRY(bindQuickly(thread, kParameters, arguments, 2, given));
  Value zone = given[1].isUnbound() ? Value::none() : given[1];
  TRY(checkZone(thread, zone));
  Moment moment = TRY(momentArgument(thread, given[0]));
  Clock shown = zone.isNone() ? Clock::kLocal : Clock::kUtc;
  return intoZone(thread, TRY(atMoment(thread, self.as<Type>(), shown, moment, zone)), zone);
}
Fallible<Value> utcFromTimestamp(Thread& thread, Value self, const Arguments& arguments) {
  TRY(exactArguments(thread, arguments, "datetime.utcfromtimestamp", "utcfromtimestamp", 1));
  return atMoment(thread, self.as<Type>(), Clock::kUtc, TRY(momentArgument(thread, arguments[0])), Value::none());
}

Fallible<Value> strptime(Thread& thread, Value self, const Arguments& arguments) {
  TRY(exactArguments(thread, arguments, "strptime", "strptime", 2));
  for (int i = 0; i < 2; i++) (void)TRY(textOfArgument(thread, arguments[static_cast<uint32_t>(i)], "strptime", i + 1));
  Value module = TRY(importModule(thread, TRY(intern(thread, "_strptime"))));
  Value function = TRY(getAttribute(thread, module, "_strptime_datetime"));
  return call(thread, function, self, arguments[0], arguments[1]);
}

Fallible<Value> combine(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"combine", {"date", "time", "tzinfo"}, 2};
  Value given[3];
  TRY(bindQuickly(thread, kParameters, arguments, 3, given));
  auto refuse = [&](int i, const char* type) {
    return raiseTypeError(thread, "combine() argument {} must be {}, not {}", i + 1, type,
                          given[i].isNone() ? "None" : nameOf(given[i]));
  };
  const DateObject* date = toDate(given[0]);
  if (date == nullptr) return refuse(0, "datetime.date");
  const TimeObject* time = toTime(given[1]);
  if (time == nullptr) return refuse(1, "datetime.time");
  Value zone = given[2].isUnbound() ? time->zone.get() : given[2];
  TRY(checkZone(thread, zone));
  ClockFields clock = time->clock;
  if (self.as<Type>() != datetimeTypes.datetime) clock.fold = 0;  // subclasses are called, and there is no place for it
  return makeDatetimeOf(thread, self.as<Type>(), {date->year, date->month, date->day}, clock, zone);
}

Fallible<Value> fromIsoFormat(Thread& thread, Value self, const Arguments& arguments) {
  return datetimeFromText(thread, self, TRY(oneArgument(thread, arguments, "datetime.fromisoformat")));
}

}  // namespace

void declareDatetimeMakers(TypeBuilder& builder) {
  builder.classMethod("now", now)
      .classMethod("utcnow", utcNow)
      .classMethod("fromtimestamp", fromTimestamp)
      .classMethod("utcfromtimestamp", utcFromTimestamp)
      .classMethod("strptime", strptime)
      .classMethod("combine", combine)
      .classMethod("fromisoformat", fromIsoFormat);
}

}  // namespace krait
