// Digits of doubles in both directions: shortest, fixed, hexadecimal, and what is not a number.
#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

#include "vm/builtins/float.h"
#include "vm/builtins/format_spec.h"
#include "vm/builtins/number_text.h"

using namespace krait;

TEST_CASE("repr is the shortest text that reads back") {
  CHECK(floatRepr(0.1) == "0.1");
  CHECK(floatRepr(1.0) == "1.0");
  CHECK(floatRepr(-0.0) == "-0.0");
  CHECK(floatRepr(1e16) == "1e+16");
  CHECK(floatRepr(9999999999999998.0) == "9999999999999998.0");
  CHECK(floatRepr(0.0001) == "0.0001");
  CHECK(floatRepr(0.00001) == "1e-05");
  CHECK(floatRepr(5e-324) == "5e-324");
  CHECK(floatRepr(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
  CHECK(floatRepr(HUGE_VAL) == "inf");
  CHECK(floatRepr(-std::nan("")) == "nan");
}

TEST_CASE("every repr reads back as the same double") {
  double d = 5e-324;
  for (int i = 0; i < 2000; i++, d *= 1.4567) CHECK(parseFloat(floatRepr(d)) == d);
}

TEST_CASE("printf styles round the exact decimal value, halves to even") {
  CHECK(doubleToText(0.5, {.code = 'f', .precision = 0}) == "0");
  CHECK(doubleToText(1.5, {.code = 'f', .precision = 0}) == "2");
  CHECK(doubleToText(2.5, {.code = 'f', .precision = 0, .alternate = true}) == "2.");
  CHECK(doubleToText(0.1, {.code = 'f', .precision = 25}) == "0.1000000000000000055511151");
  CHECK(doubleToText(1234567.0, {.code = 'g', .precision = 6}) == "1.23457e+06");
  CHECK(doubleToText(1.0, {.code = 'g', .precision = 6, .alternate = true}) == "1.00000");
  CHECK(doubleToText(1e-7, {.code = 'E', .precision = 2}) == "1.00E-07");
  CHECK(doubleToText(-HUGE_VAL, {.code = 'F'}) == "-INF");
}

TEST_CASE("float text takes underscores between digits only") {
  CHECK(parseFloat(" 1_000.5 ") == 1000.5);
  CHECK(parseFloat("+.5e1_0") == 5e9);
  CHECK(parseFloat("1e400") == HUGE_VAL);
  CHECK(parseFloat("-1e-400") == 0.0);
  CHECK(parseFloat("-Infinity") == -HUGE_VAL);
  CHECK(std::isnan(*parseFloat("nan")));
  for (const char* wrong : {"", " ", "_1", "1_", "1__0", "1e", "e5", ".", "0x1", "1 2", "infinit", "+-1"}) {
    CHECK_FALSE(parseFloat(wrong).has_value());
  }
}

TEST_CASE("hexadecimal notation is exact and rounds once") {
  CHECK(floatToHex(1.0) == "0x1.0000000000000p+0");
  CHECK(floatToHex(-5e-324) == "-0x0.0000000000001p-1022");
  CHECK(parseHexFloat("0x1.8p1") == 3.0);
  CHECK(parseHexFloat("-0X.8") == -0.5);
  CHECK(parseHexFloat("0x1.00000000000008p0") == 1.0);                     // half-way: even
  CHECK(parseHexFloat("0x1.000000000000080001p0") == 1.0000000000000002);  // above
  CHECK(parseHexFloat("0x1p99999") == HUGE_VAL);
  CHECK(parseHexFloat("0x1p-1075") == 0.0);
  CHECK(parseHexFloat("0x1.1p-1075") == 5e-324);
  CHECK_FALSE(parseHexFloat("0x").has_value());
  CHECK_FALSE(parseHexFloat("0x1p").has_value());
}

TEST_CASE("hashes of doubles are CPython's") {
  Value any = Value::none();
  CHECK(floatHash(1.0, any) == 1);
  CHECK(floatHash(-1.0, any) == -2);
  CHECK(floatHash(0.5, any) == 1152921504606846976);
  CHECK(floatHash(1e300, any) == floatHash(1e300, Value::inlineInt(5)));
  CHECK(floatHash(HUGE_VAL, any) == 314159);
  CHECK(floatHash(-HUGE_VAL, any) == -314159);
}

TEST_CASE("the remainder has the sign of the divisor") {
  CHECK(floatRemainder(-7, 3) == 2);
  CHECK(floatRemainder(7, -3) == -2);
  CHECK(std::signbit(floatRemainder(6, -3)));
  CHECK(floatFloorDivide(-7, 2) == -4);
  CHECK(floatFloorDivide(1, 0.1) == 9);
}

TEST_CASE("zeroes that widen a number are grouped, and a separator is never first") {
  CHECK(groupDigits("12345", ',', 3, 0) == "12,345");
  CHECK(groupDigits("12345", ',', 3, 12) == "0,000,012,345");
  CHECK(groupDigits("3039", '_', 4, 9) == "0000_3039");
  CHECK(groupDigits("7", '\0', 3, 4) == "0007");
}
