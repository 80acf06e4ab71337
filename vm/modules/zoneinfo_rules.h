// The last line of a time zone's file: the rule for all years to come ("CET-1CEST,M3.5.0,M10.5.0/3", POSIX TZ).
#pragma once
#include <cstdint>
#include <string_view>

namespace krait {

// A day of every year, and a time of it in seconds.
struct YearlyMoment {
  enum Kind : uint8_t { kWeekday, kDay, kJulianDay } kind;  // Mm.w.d; n, leap days counted; Jn, leap days not counted
  int month, week, day;
  int64_t seconds;
  int64_t inYear(int64_t year) const;  // seconds since 1970, of the wall clock
};

struct ZoneRule {
  std::string_view standardName, daylightName;  // daylightName empty: no daylight saving time
  int64_t standardOffset, daylightOffset;       // seconds east of Greenwich
  YearlyMoment start, end;
  int64_t difference() const { return daylightOffset - standardOffset; }
  bool isDaylight(int64_t local, int64_t year, bool fold) const;
  // At a moment of UTC; `fold`: whether it is the second of two equal wall clocks.
  bool isDaylightAtUtc(int64_t timestamp, int64_t year, bool& fold) const;
};

// False when the text is no such rule. The names point into the text.
bool parseZoneRule(std::string_view text, ZoneRule& rule);

}  // namespace krait
