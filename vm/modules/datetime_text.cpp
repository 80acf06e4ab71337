// How dates and times are written: ISO 8601, repr, ctime(), and what strftime() leaves to us.
#include <cstring>

#include "vm/builtins/text.h"
#include "vm/modules/datetime_internal.h"

namespace krait {

void AsciiWriter::number(int64_t value, int width) {
  if (width == 2 && value < 100) {
    text[length++] = static_cast<char>('0' + value / 10);
    text[length++] = static_cast<char>('0' + value % 10);
    return;
  }
  char digits[20];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  for (int i = count; i < width; i++) put('0');
  while (count > 0) put(digits[--count]);
}

void writeDate(AsciiWriter& out, const DateObject* date) {
  out.number(date->year, 4);
  out.put('-');
  out.number(date->month, 2);
  out.put('-');
  out.number(date->day, 2);
}

bool writeClock(AsciiWriter& out, const ClockFields& clock, std::string_view timespec) {
  static constexpr std::string_view kNames[] = {"hours", "minutes", "seconds", "milliseconds", "microseconds"};
  size_t parts = clock.microsecond != 0 ? 4 : 2;
  if (timespec != "auto") {
    for (parts = 0; parts < std::size(kNames) && kNames[parts] != timespec;) parts++;
    if (parts == std::size(kNames)) return false;
  }
  out.number(clock.hour, 2);
  if (parts >= 1) {
    out.put(':');
    out.number(clock.minute, 2);
  }
  if (parts >= 2) {
    out.put(':');
    out.number(clock.second, 2);
  }
  if (parts >= 3) {
    out.put('.');
    if (parts == 3)
      out.number(clock.microsecond / 1000, 3);
    else
      out.number(clock.microsecond, 6);
  }
  return true;
}

void writeOffset(AsciiWriter& out, const DeltaObject* offset, std::string_view separator) {
  int64_t seconds = secondsIn(offset), microseconds = offset->microseconds;
  out.put(seconds < 0 ? '-' : '+');
  if (seconds < 0) {
    if (microseconds != 0) {
      seconds++;
      microseconds = kMicrosecondsPerSecond - microseconds;
    }
    seconds = -seconds;
  }
  out.number(seconds / 3600, 2);
  out.put(separator);
  out.number(seconds / 60 % 60, 2);
  if (seconds % 60 == 0 && microseconds == 0) return;
  out.put(separator);
  out.number(seconds % 60, 2);
  if (microseconds == 0) return;
  out.put('.');
  out.number(microseconds, 6);
}

Fallible<Value> reprOfClock(Thread& thread, std::string head, const ClockFields& clock, Value zone, bool foldFirst) {
  head += fmt::format("{}, {}", clock.hour, clock.minute);
  if (clock.microsecond != 0)
    head += fmt::format(", {}, {}", clock.second, clock.microsecond);
  else if (clock.second != 0)
    head += fmt::format(", {}", clock.second);
  StrBuilder text;
  text.append(head);
  if (clock.fold != 0 && foldFirst) text.append(", fold=1");
  if (!zone.isNone()) {
    KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
    text.append(", tzinfo=").append(TRY(repr(thread, zone)));
  }
  if (clock.fold != 0 && !foldFirst) text.append(", fold=1");
  return Value::of(TRY(text.append(")").build(thread)));
}

Fallible<Value> cTime(Thread& thread, const DateObject* date, const ClockFields& clock) {
  static constexpr char kDays[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr char kMonths[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  AsciiWriter out;
  out.put(kDays[((ordinalOf(date) + 6) % 7 + 7) % 7]);
  out.put(' ');
  out.put(kMonths[date->month - 1]);
  out.put(date->day < 10 ? "  " : " ");
  out.number(date->day, 1);
  out.put(' ');
  out.number(clock.hour, 2);
  out.put(':');
  out.number(clock.minute, 2);
  out.put(':');
  out.number(clock.second, 2);
  out.put(' ');
  out.number(date->year, 4);
  return Value::of(TRY(makeStrAscii(thread, out.view())));
}

// --- strftime() -------------------------------------------------------------------------------------------------------
namespace {

Value zoneOf(Value object) {
  if (const DatetimeObject* datetime = toDatetime(object)) return datetime->zone;
  if (const TimeObject* time = toTime(object)) return time->zone;
  return Value::none();
}
uint32_t microsecondOf(Value object) {
  if (const DatetimeObject* datetime = toDatetime(object)) return datetime->clock.microsecond;
  if (const TimeObject* time = toTime(object)) return time->clock.microsecond;
  return 0;
}

// What %z, %Z and %f stand for, each found out once.
class Directives {
 public:
  Directives(Value object, Value zoneArgument) : object_(object), argument_(zoneArgument) {}
  Fallible<const std::string*> offset(Thread& thread) {
    if (!hasOffset_) {
      Value offset = TRY(utcOffset(thread, zoneOf(object_), argument_));
      AsciiWriter out;
      if (!offset.isNone()) writeOffset(out, toDelta(offset), "");
      offset_ = out.view();
      hasOffset_ = true;
    }
    return &offset_;
  }
  Fallible<const std::string*> name(Thread& thread) {
    if (!hasName_) {
      Value name = TRY(zoneName(thread, zoneOf(object_), argument_));
      if (!name.isNone()) {
        // Through the name's own method: str subclasses may have one.
        Value percent[] = {TRY(makeStrValue(thread, "%")), TRY(makeStrValue(thread, "%%"))};
        name = TRY(callMethod(thread, name, TRY(intern(thread, "replace")), percent));
        if (toStr(name) == nullptr)
          return raise(thread, exceptions.TypeError, "tzname.replace() did not return a string");
        name_ = TRY(utf8Argument(thread, name, "tzname"));
      }
      hasName_ = true;
    }
    return &name_;
  }

 private:
  Value object_, argument_;
  std::string offset_, name_;
  bool hasOffset_ = false, hasName_ = false;
};

}  // namespace

Fallible<Value> formatMoment(Thread& thread, Value object, Value format, Value tuple, Value zoneArgument) {
  std::string pattern = TRY(utf8Argument(thread,
                                         Value::of(TRY(substring(thread, toStr(format), 0,
                                                                 [&] {
                                                                   const Str* text = toStr(format);
                                                                   uint64_t end = 0;
                                                                   while (end < text->length && text->at(end) != 0)
                                                                     end++;
                                                                   return end;
                                                                 }()))),
                                         "format"));
  Directives directives(object, zoneArgument);
  std::string replaced;
  for (size_t i = 0; i < pattern.size(); i++) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      replaced += pattern[i];
      continue;
    }
    char directive = pattern[++i];
    if (directive == 'z') {
      replaced += *TRY(directives.offset(thread));
    } else if (directive == 'Z') {
      replaced += *TRY(directives.name(thread));
    } else if (directive == 'f') {
      replaced += fmt::format("{:06}", microsecondOf(object));
    } else {
      replaced += '%';
      replaced += directive;
    }
  }
  Value arguments[] = {TRY(makeStrValue(thread, replaced)), tuple};
  return callTime(thread, "strftime", arguments);
}

Fallible<std::string> timespecArgument(Thread& thread, Value timespec, int position) {
  if (timespec.isUnbound()) return std::string("auto");
  return utf8Argument(thread, timespec, fmt::format("isoformat() argument {}", position));
}

Fallible<Value> formatMethod(Thread& thread, Value self, const Arguments& arguments, const char* typeName) {
  TRY(exactArguments(thread, arguments, typeName, "__format__", 1));
  Str* format = TRY(textOfArgument(thread, arguments[0], "__format__", 1));
  if (format->length == 0) return Value::of(TRY(str(thread, self)));
  Value argument = arguments[0];
  return callMethod(thread, self, datetimeNames.strftime, {&argument, 1});
}

}  // namespace krait
