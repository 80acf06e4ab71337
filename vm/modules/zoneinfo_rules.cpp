// Reads POSIX TZ rules and says when daylight saving time is in force by them.
#include "vm/modules/zoneinfo_rules.h"

#include "vm/modules/datetime_internal.h"

namespace krait {

int64_t YearlyMoment::inYear(int64_t year) const {
  int64_t day_;
  bool isLeap = daysInMonth(year, 2) == 29;
  if (kind == kWeekday) {
    int64_t first = ordinalOf(year, month, 1);
    int64_t weekday = first % 7;  // 0: Sunday
    int64_t ofMonth = ((day - weekday) % 7 + 7) % 7 + 1 + (week - 1) * 7;
    if (ofMonth > daysInMonth(year, month)) ofMonth -= 7;
    day_ = first + ofMonth - 1;
  } else {
    // Counted from the last day of the year before, as CPython does; Jn leaves leap days out.
    day_ = ordinalOf(year, 1, 1) - 1 + day + (kind == kJulianDay && day >= 59 && isLeap ? 1 : 0);
  }
  return (day_ - kEpochOrdinal) * kSecondsPerDay + seconds;
}

bool ZoneRule::isDaylight(int64_t local, int64_t year, bool fold) const {
  int64_t from = start.inYear(year), to = end.inYear(year);
  // The smaller offset holds from the end of the gap to the end of the fold, or from beginning to beginning.
  if (fold == (difference() >= 0))
    to -= difference();
  else
    from += difference();
  return from < to ? from <= local && local < to : !(to <= local && local < from);
}

bool ZoneRule::isDaylightAtUtc(int64_t timestamp, int64_t year, bool& fold) const {
  int64_t from = start.inYear(year) - standardOffset, to = end.inYear(year) - daylightOffset;
  int64_t ambiguous = difference() > 0 ? to : from;
  int64_t length = difference() > 0 ? difference() : -difference();
  fold = ambiguous <= timestamp && timestamp < ambiguous + length;
  return from < to ? from <= timestamp && timestamp < to : !(to <= timestamp && timestamp < from);
}

namespace {

struct Scanner {
  std::string_view text;
  size_t at = 0;
  char peek() const { return at < text.size() ? text[at] : '\0'; }
  bool isDone() const { return at == text.size(); }
  bool take(char c) {
    if (isDone() || text[at] != c) return false;
    at++;
    return true;
  }
  bool number(int least, int most, int64_t& out) {
    size_t first = at;
    out = 0;
    while (!isDone() && text[at] >= '0' && text[at] <= '9' && at - first < static_cast<size_t>(most))
      out = out * 10 + (text[at++] - '0');
    return at - first >= static_cast<size_t>(least);
  }
};

bool isAlphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool readName(Scanner& in, std::string_view& name) {
  if (in.take('<')) {
    size_t first = in.at;
    while (isAlphanumeric(in.peek()) || in.peek() == '+' || in.peek() == '-') in.at++;
    name = in.text.substr(first, in.at - first);
    return !name.empty() && in.take('>');
  }
  size_t first = in.at;
  constexpr std::string_view kEnds("<0123456789:.+-,\0", 17);
  while (!in.isDone() && kEnds.find(in.peek()) == std::string_view::npos) in.at++;
  name = in.text.substr(first, in.at - first);
  return !name.empty();
}

// [+-]hh[:mm[:ss]] in seconds.
bool readTime(Scanner& in, int hourDigits, int64_t& seconds) {
  bool isNegative = in.peek() == '-';
  if (isNegative || in.peek() == '+') in.at++;
  int64_t hours, minutes = 0, rest = 0;
  if (!in.number(1, hourDigits, hours)) return false;
  if (in.take(':')) {
    if (!in.number(2, 2, minutes) || minutes > 59) return false;
    if (in.take(':') && (!in.number(2, 2, rest) || rest > 59)) return false;
  }
  seconds = (hours * 60 + minutes) * 60 + rest;
  if (isNegative) seconds = -seconds;
  return true;
}

// West of Greenwich is positive in such texts.
bool readOffset(Scanner& in, int64_t& offset) {
  if (!readTime(in, 2, offset)) return false;
  offset = -offset;
  return offset > -kSecondsPerDay && offset < kSecondsPerDay;
}

bool readMoment(Scanner& in, YearlyMoment& moment) {
  moment = {};
  int64_t month, week, day;
  if (in.take('M')) {
    moment.kind = YearlyMoment::kWeekday;
    if (!in.number(1, 2, month) || !in.take('.') || !in.number(1, 1, week) || !in.take('.') || !in.number(1, 1, day))
      return false;
    if (month < 1 || month > 12 || week < 1 || week > 5 || day > 6) return false;
    moment.month = static_cast<int>(month);
    moment.week = static_cast<int>(week);
  } else {
    moment.kind = in.take('J') ? YearlyMoment::kJulianDay : YearlyMoment::kDay;
    if (!in.number(1, 3, day) || day > 365 || (day == 0 && moment.kind == YearlyMoment::kJulianDay)) return false;
  }
  moment.day = static_cast<int>(day);
  moment.seconds = 2 * 3600;
  constexpr int64_t kMostHours = 167;  // RFC 8536
  if (!in.take('/')) return true;
  return readTime(in, 3, moment.seconds) && moment.seconds / 3600 <= kMostHours && moment.seconds / 3600 >= -kMostHours;
}

}  // namespace

bool parseZoneRule(std::string_view text, ZoneRule& rule) {
  Scanner in{text};
  rule = {};
  if (!readName(in, rule.standardName)) return false;
  if (in.isDone()) return true;
  if (!readOffset(in, rule.standardOffset)) return false;
  if (in.isDone()) return true;
  if (!readName(in, rule.daylightName)) return false;
  rule.daylightOffset = rule.standardOffset + 3600;
  if (in.peek() != ',' && !readOffset(in, rule.daylightOffset)) return false;
  return in.take(',') && readMoment(in, rule.start) && in.take(',') && readMoment(in, rule.end) && in.isDone();
}

}  // namespace krait
