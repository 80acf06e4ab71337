// Ints across the boundary between words and cells: one number has one representation, whatever made it.
#include <catch2/catch.hpp>

#include <string>

#include "tests/unit/vm_fixture.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"

using namespace krait;

namespace {

class IntFixture : public VmFixture {
 protected:
  Value number(std::string_view text) { return parseInt(thread, text, 0).value(); }
  std::string text(Fallible<Value> value) {
    REQUIRE_FALSE(value.isRaised());
    return strToUtf8(intToText(thread, value.value()).value());
  }
  bool raises(Fallible<Value> value, const Type* type) {
    bool matches = value.isRaised() && pendingMatches(thread, type);
    if (value.isRaised()) clearException(thread);
    return matches;
  }
};

}  // namespace

TEST_CASE_METHOD(IntFixture, "a number that fits a word is one, however it was computed") {
  Value largest = Value::inlineInt(Value::kMaxInlineInt), smallest = Value::inlineInt(Value::kMinInlineInt);
  Value one = Value::inlineInt(1);
  Value above = intAdd(thread, largest, one).value();
  CHECK_FALSE(above.isInlineInt());
  CHECK(intSubtract(thread, above, one).value().is(largest));
  CHECK(intNegate(thread, above).value().is(smallest));
  CHECK_FALSE(intNegate(thread, smallest).value().isInlineInt());
  CHECK(intRightShift(thread, above, one).value().isInlineInt());
  CHECK(intFloorDivide(thread, above, above).value().is(one));
  CHECK(intXor(thread, above, above).value().is(Value::inlineInt(0)));
  CHECK(makeInt(thread, Value::kMinInlineInt).value().is(smallest));
}

TEST_CASE_METHOD(IntFixture, "division rounds towards negative infinity") {
  Value a = number("100000000000000000000000000000"), b = number("-3000000000000000000000");
  CHECK(text(intFloorDivide(thread, a, b)) == "-33333334");
  CHECK(text(intRemainder(thread, a, b)) == "-2000000000000000000000");
  CHECK(text(intFloorDivide(thread, Value::inlineInt(-1), a)) == "-1");
  CHECK(text(intRemainder(thread, Value::inlineInt(-1), a)) == "99999999999999999999999999999");
  CHECK(text(intFloorDivide(thread, Value::inlineInt(Value::kMinInlineInt), Value::inlineInt(-1))) ==
        "4611686018427387904");
  CHECK(raises(intFloorDivide(thread, a, Value::inlineInt(0)), exceptions.ZeroDivisionError));
}

TEST_CASE_METHOD(IntFixture, "true division is rounded once") {
  auto quotient = [&](const char* a, const char* b) {
    return floatValue(intTrueDivide(thread, number(a), number(b)).value());
  };
  CHECK(quotient("9007199254740993", "1") == 9007199254740992.0);
  CHECK(quotient("27021597764222979", "3") == 9007199254740992.0);
  CHECK(quotient("0x1000000000000080000000000001", "0x10000000000000000") == 0x1.0000000000001p+44);
  CHECK(quotient("1", "0x10000000000000000000000000000") == 0x1p-112);
}

TEST_CASE_METHOD(IntFixture, "bit operations see two's complement without end") {
  Value a = number("-0x123456789abcdef0123456789"), b = number("0xffff0000ffff0000ffff0000ffff");
  CHECK(text(intAnd(thread, Value::inlineInt(-1), b)) == text(b));
  CHECK(text(intOr(thread, a, b)) ==
        text(intInvert(thread, intAnd(thread, intInvert(thread, a).value(), intInvert(thread, b).value()).value())));
  CHECK(text(intRightShift(thread, a, Value::inlineInt(400))) == "-1");
  CHECK(text(intRightShift(thread, a, Value::inlineInt(4))) == "-5634002667681019488906794617");
}

TEST_CASE_METHOD(IntFixture, "powers") {
  CHECK(text(intPower(thread, Value::inlineInt(10), Value::inlineInt(30))) == "1" + std::string(30, '0'));
  CHECK(text(intPower(thread, Value::inlineInt(-2), Value::inlineInt(63))) == "-9223372036854775808");
  CHECK(text(intPowerModulo(thread, Value::inlineInt(3), Value::inlineInt(-1), Value::inlineInt(7))) == "5");
  CHECK(text(intPowerModulo(thread, Value::inlineInt(3), Value::inlineInt(5), Value::inlineInt(-7))) == "-2");
  CHECK(raises(intPowerModulo(thread, Value::inlineInt(2), Value::inlineInt(-1), Value::inlineInt(4)),
               exceptions.ValueError));
  CHECK(raises(intPower(thread, Value::inlineInt(3), Value::inlineInt(Value::kMaxInlineInt)), exceptions.MemoryError));
}

TEST_CASE_METHOD(IntFixture, "text is limited in base ten only") {
  Value big = intPower(thread, Value::inlineInt(10), Value::inlineInt(5000)).value();
  CHECK(intToText(thread, big, 16).value()->length == 4153);
  CHECK(intToText(thread, big).isRaised());
  CHECK(pendingMatches(thread, exceptions.ValueError));
  clearException(thread);
  CHECK(raises(parseInt(thread, std::string(5000, '1'), 10), exceptions.ValueError));
  CHECK_FALSE(parseInt(thread, std::string(5000, '1'), 16).isRaised());
}

TEST_CASE_METHOD(IntFixture, "ints compare with doubles exactly") {
  CHECK(intCompareDouble(number("9007199254740993"), 9007199254740992.0) == 1);
  CHECK(intCompareDouble(number("0x10000000000000001"), 0x1p64) == 1);
  CHECK(intCompareDouble(number("-0x10000000000000000"), -0x1p64) == 0);
  CHECK(intCompareDouble(Value::inlineInt(Value::kMaxInlineInt), 0x1p62) == -1);
  CHECK(intCompareDouble(Value::inlineInt(0), 0.5) == -1);
  CHECK(intHash(number("0x20000000000000000000")) == floatHash(0x2p76, Value::none()));
}
