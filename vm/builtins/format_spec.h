// The format mini-language: [[fill]align][sign][z][#][0][width][,_][.precision][type], shared by numbers and str.
#pragma once
#include <string>
#include <string_view>

#include "vm/builtins/str.h"

namespace krait {

struct FormatSpec {
  uint32_t fill = ' ';  // any character
  char align = 0;       // < > = ^
  char sign = 0;        // + - or blank; 0 when not given
  bool noNegativeZero = false, alternate = false;
  char grouping = 0;       // , or _
  int64_t width = -1;      // characters; -1 when not given
  int64_t precision = -1;  // -1 when not given
  uint32_t type = 0;       // 0 when not given
};

// `object` is what is being formatted: its class is named in messages. ValueError in CPython's wording.
Fallible<FormatSpec> parseFormatSpec(Thread& thread, Value object, const Str* text, char defaultType,
                                     char defaultAlign);
KRAIT_COLD Raised raiseUnknownFormatCode(Thread& thread, Value object, uint32_t type);

// A number as text, cut where padding and separators may go: sign, prefix ("0x"), digits of the whole part, the rest
// (".5e+10", "nan", "%").
struct NumberParts {
  std::string_view sign, prefix, digits, rest;
};
// Lays the parts out; groupSize is 3, or 4 for the bases 2, 8 and 16.
Fallible<Str*> layOutNumber(Thread& thread, const NumberParts& parts, const FormatSpec& spec, int groupSize);
// `body` padded to the width with the fill character; alignment '=' is as '>'.
Fallible<Str*> padText(Thread& thread, const Str* body, const FormatSpec& spec);
// The whole part with separators, widened with zeroes to `minimumWidth` (separators included).
std::string groupDigits(std::string_view digits, char separator, int groupSize, int64_t minimumWidth);

// As formatInt and formatFloat, naming the class of `object` in messages.
Fallible<Str*> formatIntFor(Thread& thread, Value object, Value intValue, Str* spec);
Fallible<Str*> formatFloatFor(Thread& thread, Value object, double d, Str* spec);
Fallible<Str*> formatComplex(Thread& thread, Value object, double real, double imaginary, Str* spec);

}  // namespace krait
