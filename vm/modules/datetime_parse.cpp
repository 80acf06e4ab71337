// fromisoformat(): what Python 3.11 reads of ISO 8601. Characters behind the end read as 0.
#include "vm/builtins/text.h"
#include "vm/modules/datetime_internal.h"

namespace krait {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

constexpr char kBeyondAscii = '\xff';

// A text's characters as bytes: those beyond ASCII only matter as separators.
class Characters {
 public:
  explicit Characters(const Str* text) {
    if (text->isAscii()) [[likely]] {
      view_ = text->asciiView();
      return;
    }
    for (uint64_t i = 0; i < text->length; i++)
      copy_ += text->at(i) < 0x80 ? static_cast<char>(text->at(i)) : kBeyondAscii;
    view_ = copy_;
  }
  Characters(const Characters&) = delete;
  Characters& operator=(const Characters&) = delete;
  std::string_view view() const { return view_; }

 private:
  std::string_view view_;
  std::string copy_;
};

// A stretch of a text with a position in it.
struct Reader {
  std::string_view text;
  uint64_t at, end;
  char peek() const { return at < text.size() ? text[at] : 0; }
  char peekAt(uint64_t i) const { return i < text.size() ? text[i] : 0; }
  bool digits(int count, int64_t& out) {
    out = 0;
    for (int i = 0; i < count; i++, at++) {
      if (!isDigit(peek())) return false;
      out = out * 10 + (peek() - '0');
    }
    return true;
  }
};

// YYYY-MM-DD, YYYYMMDD, YYYY-Www[-D], YYYYWww[D]; false when the text has another form.
bool readDate(std::string_view text, uint64_t length, YearMonthDay& date) {
  Reader in{text, 0, length};
  int64_t month, day;
  if (!in.digits(4, date.year)) return false;
  bool separated = in.peek() == '-';
  if (separated) in.at++;
  if (in.peek() == 'W') {
    in.at++;
    int64_t week, weekday = 1;
    if (!in.digits(2, week)) return false;
    if (in.at < length) {
      if (separated && in.peekAt(in.at++) != '-') return false;
      if (!in.digits(1, weekday)) return false;
    }
    int64_t year = date.year;
    if (fromIsoWeek(year, static_cast<int>(week), static_cast<int>(weekday), date) != IsoProblem::kNone) return false;
    if (year < kMinYear) date = {kMinYear, 0, 0};  // CPython blames the month
    return true;
  }
  if (!in.digits(2, month)) return false;
  if (separated && in.peekAt(in.at++) != '-') return false;
  if (!in.digits(2, day)) return false;
  date.month = static_cast<int>(month);
  date.day = static_cast<int>(day);
  return true;
}

enum class Rest { kNothing, kSomething, kBad };

// HH[:MM[:SS[.ffffff]]] or HH[MM[SS[.ffffff]]]; a fraction may have any number of digits.
Rest readClock(Reader& in, int64_t (&parts)[4]) {
  parts[0] = parts[1] = parts[2] = parts[3] = 0;
  bool separated = true;
  for (int i = 0; i < 3; i++) {
    if (!in.digits(2, parts[i])) return Rest::kBad;
    char c = in.peekAt(in.at++);
    if (i == 0) separated = c == ':';
    if (c == kBeyondAscii) return Rest::kBad;
    if (in.at >= in.end) return c == 0 ? Rest::kNothing : Rest::kSomething;
    if (separated && c == ':') continue;
    if (c == '.' || c == ',') break;
    if (separated) return Rest::kBad;
    in.at--;
  }
  uint64_t left = in.end - in.at;
  int digits = left < 6 ? static_cast<int>(left) : 6;
  if (!in.digits(digits, parts[3])) return Rest::kBad;
  for (int i = digits; i < 6; i++) parts[3] *= 10;
  while (isDigit(in.peek())) in.at++;
  return in.peek() == 0 ? Rest::kNothing : Rest::kSomething;
}

struct ReadTime {
  int64_t parts[4];
  bool isAware = false;
  int64_t offset = 0, offsetMicroseconds = 0;
};
bool readTime(std::string_view text, uint64_t start, ReadTime& time) {
  uint64_t length = text.size(), zone = start;
  auto beginsZone = [&](uint64_t i) { return text[i] == '+' || text[i] == '-' || text[i] == 'Z'; };
  while (zone < length && !beginsZone(zone)) zone++;
  Reader clock{text, start, zone};
  Rest rest = readClock(clock, time.parts);
  if (rest == Rest::kBad) return false;
  if (zone >= length) return rest == Rest::kNothing;
  time.isAware = true;
  if (text[zone] == 'Z') return zone + 1 == length || text[zone + 1] == 0;
  int sign = text[zone] == '-' ? -1 : 1;
  Reader offset{text, zone + 1, length};
  int64_t parts[4];
  if (readClock(offset, parts) != Rest::kNothing) return false;
  time.offset = sign * ((parts[0] * 60 + parts[1]) * 60 + parts[2]);
  time.offsetMicroseconds = sign * parts[3];
  return true;
}

// Where the date ends: dates have seven, eight or ten characters, and weeks with a time need a look ahead.
uint64_t dateLength(std::string_view text) {
  uint64_t length = text.size();
  if (length == 7) return 7;
  if (text[4] == '-') {
    if (text[5] != 'W') return 10;
    if (length > 8 && text[8] == '-') {
      if (length == 9) return 0;
      return length > 10 && isDigit(text[10]) ? 8 : 10;
    }
    return 8;
  }
  if (text[4] != 'W') return 8;
  uint64_t at = 7;
  while (at < length && isDigit(text[at])) at++;
  if (at < 9) return at;
  return at % 2 == 0 ? 7 : 8;
}

KRAIT_COLD Raised raiseInvalid(Thread& thread, Value text) {
  Fallible<Str*> shown = repr(thread, text);
  if (shown.isRaised()) return Raised{};
  fmt::memory_buffer buffer;
  return raiseValueError(thread, "Invalid isoformat string: {}", textOf(shown.value(), buffer));
}
Fallible<Str*> requireText(Thread& thread, Value v) {
  if (Str* text = toStr(v)) return text;
  return raiseTypeError(thread, "fromisoformat: argument must be str");
}

Fallible<Value> zoneOf(Thread& thread, const ReadTime& time) {
  if (!time.isAware) return Value::none();
  if (time.offset == 0 && time.offsetMicroseconds == 0) return datetimeTypes.utc;
  Value offset = TRY(makeDelta(thread, 0, time.offset, time.offsetMicroseconds));
  return makeTimezone(thread, offset, Value::unbound());
}
ClockFields clockOf(const ReadTime& time) {
  ClockFields clock;
  clock.hour = static_cast<uint8_t>(time.parts[0]);
  clock.minute = static_cast<uint8_t>(time.parts[1]);
  clock.second = static_cast<uint8_t>(time.parts[2]);
  clock.microsecond = static_cast<uint32_t>(time.parts[3]);
  return clock;
}

}  // namespace

Fallible<Value> dateFromText(Thread& thread, Value self, Value v) {
  Characters characters(TRY(requireText(thread, v)));
  std::string_view text = characters.view();
  YearMonthDay date{};
  bool plausible = text.size() == 7 || text.size() == 8 || text.size() == 10;
  if (!plausible || !readDate(text, text.size(), date)) return raiseInvalid(thread, v);
  return makeDateOf(thread, self.as<Type>(), date);
}

Fallible<Value> timeFromText(Thread& thread, Value self, Value v) {
  Characters characters(TRY(requireText(thread, v)));
  std::string_view text = characters.view();
  ReadTime time;
  uint64_t start = text.size() > 0 && text[0] == 'T' ? 1 : 0;
  if (!readTime(text, start, time)) return raiseInvalid(thread, v);
  Value zone = TRY(zoneOf(thread, time));
  return makeTimeOf(thread, self.as<Type>(), clockOf(time), zone);
}

Fallible<Value> datetimeFromText(Thread& thread, Value self, Value v) {
  Characters characters(TRY(requireText(thread, v)));
  std::string_view text = characters.view();
  if (text.size() < 7) return raiseInvalid(thread, v);
  uint64_t separator = dateLength(text);
  YearMonthDay date{};
  ReadTime time{};
  if (separator > text.size() || !readDate(text, separator, date)) return raiseInvalid(thread, v);
  if (text.size() > separator && !readTime(text, separator + 1, time)) return raiseInvalid(thread, v);
  Value zone = TRY(zoneOf(thread, time));
  return makeDatetimeOf(thread, self.as<Type>(), date, clockOf(time), zone);
}

}  // namespace krait
