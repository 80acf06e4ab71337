// What the number sources share about text: white space, digits of other scripts, digits of doubles.
#pragma once
#include <string>
#include <string_view>

#include "vm/builtins/int.h"
#include "vm/heap.h"

namespace krait {

KRAIT_INLINE bool isAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f); }
inline std::string_view trimAsciiSpace(std::string_view text) {
  while (!text.empty() && isAsciiSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isAsciiSpace(text.back())) text.remove_suffix(1);
  return text;
}
// The text as the number parsers read it: decimal digits of any script become ASCII digits, white space of any kind
// a blank, every other foreign character '?', which no number contains. `storage` backs the result where needed.
std::string_view numericText(const Str* text, std::string& storage);

// As parseInt; `shown` is the str, bytes or bytearray that an error message shows, `content` its text.
Fallible<Value> parseIntValue(Thread& thread, Value shown, std::string_view content, int base);

// Digits of an int with '-' but without prefix, for the formatters. The view lives as long as the buffer.
struct IntTextBuffer {
  char small[72];
  ByteArray* large = nullptr;
};
Fallible<std::string_view> intToAscii(Thread& thread, Value intValue, int base, IntTextBuffer& buffer);

// A finite or special double as text in the manner of printf's e, f, g (upper-case letters make upper-case text), or
// 'r' for the shortest digits that read back. The sign is '-' or nothing.
struct DoubleStyle {
  char code = 'r';
  int precision = 6;          // not for 'r'
  bool alternate = false;     // '#': keep the point and trailing zeroes
  bool addPointZero = false;  // repr: 1 is "1.0"
};
std::string doubleToText(double d, DoubleStyle style);  // throws std::bad_alloc

}  // namespace krait
