// What both directions of marshal agree on: the type codes, the flag of shared objects, the limits.
#pragma once
#include <cstdint>

namespace krait::marshalFormat {

enum TypeCode : uint8_t {
  kNull = '0',
  kNone = 'N',
  kFalse = 'F',
  kTrue = 'T',
  kStopIteration = 'S',
  kEllipsis = '.',
  kInt = 'i',
  kInt64 = 'I',  // only read
  kLong = 'l',   // 15-bit digits, their count negative for a negative number
  kFloat = 'f',  // text, as versions 0 and 1 have it
  kBinaryFloat = 'g',
  kComplex = 'x',
  kBinaryComplex = 'y',
  kBytes = 's',
  kUnicode = 'u',
  kInterned = 't',
  kAscii = 'a',
  kAsciiInterned = 'A',
  kShortAscii = 'z',
  kShortAsciiInterned = 'Z',
  kTuple = '(',
  kSmallTuple = ')',
  kList = '[',
  kDict = '{',
  kSet = '<',
  kFrozenSet = '>',
  kCode = 'c',
  kReference = 'r',
};

// Set in the type code of an object that a kReference may name: such objects are numbered in their order.
inline constexpr uint8_t kShared = 0x80;
inline constexpr unsigned kMaximumDepth = 2000;
inline constexpr unsigned kDigitBits = 15;

}  // namespace krait::marshalFormat
