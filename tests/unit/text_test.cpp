// What text and bytes rest on: character facts, searching, the hash of strings, names of codecs.
#include <catch2/catch.hpp>

#include <string>

#include "vm/builtins/codecs.h"
#include "vm/builtins/str_search.h"
#include "vm/builtins/text.h"
#include "vm/unicode.h"

using namespace krait;

namespace {

TextView narrow(std::string_view s) { return {reinterpret_cast<const uint8_t*>(s.data()), s.size(), 1}; }
TextView wide(std::u16string_view s) { return {reinterpret_cast<const uint8_t*>(s.data()), s.size(), 2}; }
TextView widest(std::u32string_view s) { return {reinterpret_cast<const uint8_t*>(s.data()), s.size(), 4}; }

}  // namespace

TEST_CASE("text is found at its first and at its last occurrence") {
  CHECK(findText(narrow("abcabc"), narrow("bc")) == 1);
  CHECK(findTextFromEnd(narrow("abcabc"), narrow("bc")) == 4);
  CHECK(findText(narrow("abc"), narrow("")) == 0);
  CHECK(findTextFromEnd(narrow("abc"), narrow("")) == 3);
  CHECK(findText(narrow("ab"), narrow("abc")) == -1);
  CHECK(findText(narrow("abc"), narrow("d")) == -1);
}

TEST_CASE("a match in wide text begins at a character, not inside one") {
  // The bytes of U+0142 U+4201 hold those of U+4242 one byte off.
  CHECK(findText(wide(u"\u4201\u0142"), wide(u"\u4242")) == -1);
  CHECK(findText(wide(u"x\u4201\u0142\u4242"), wide(u"\u4242")) == 3);
  CHECK(findText(widest(U"a\U0001f600b\U0001f600"), widest(U"\U0001f600")) == 1);
  CHECK(findTextFromEnd(widest(U"a\U0001f600b\U0001f600"), widest(U"\U0001f600")) == 3);
}

TEST_CASE("occurrences are counted without overlap") {
  CHECK(countText(narrow("aaaa"), narrow("aa")) == 2);
  CHECK(countText(narrow("aaaa"), narrow("a"), 3) == 3);
  CHECK(countText(wide(u"ababa"), wide(u"aba")) == 1);
}

TEST_CASE("byte strings hash as python3.11's do") {
  setHashSecret(false, 0);
  CHECK(hashBytes("", 0) == 0);
  CHECK(hashBytes("abc", 3) == -4594863902769663758);
  setHashSecret(false, 12345);
  CHECK(hashBytes("abc", 3) == 2962436275791859092);
  CHECK(hashBytes("abcdefghi", 9) == -6258168472765736806);
  setHashSecret(false, 0);  // as the process began: strings that have been hashed must still be found
}

TEST_CASE("codec names are found whatever their case and separators") {
  CHECK(findCodec("UTF-8") == Codec::kUtf8);
  CHECK(findCodec("utf--8 ") == Codec::kUtf8);
  CHECK(findCodec("U8") == Codec::kUtf8);
  CHECK(findCodec("ISO-8859-1") == Codec::kLatin1);
  CHECK(findCodec("us ascii") == Codec::kAscii);
  CHECK(findCodec("utf-16LE") == Codec::kUtf16Le);
  CHECK(findCodec("cp1252") == Codec::kOther);
  CHECK(findCodec(std::string(100, 'x')) == Codec::kOther);
}

TEST_CASE("characters are classified by Unicode 14") {
  CHECK(unicode::isAlpha('a'));
  CHECK(unicode::isAlpha(0xe9));
  CHECK_FALSE(unicode::isAlpha(0x378));    // unassigned
  CHECK_FALSE(unicode::isAlpha(0x11f04));  // came with Unicode 15
  CHECK(unicode::isDecimal(0x663));
  CHECK(unicode::decimalValue(0x663) == 3);
  CHECK(unicode::isDigit(0xb2));
  CHECK_FALSE(unicode::isDecimal(0xb2));
  CHECK(unicode::isNumeric(0xbd));
  CHECK(unicode::isSpace(0x3000));
  CHECK(unicode::isSpace(0x1c));
  CHECK_FALSE(unicode::isPrintable(0xad));
  CHECK(unicode::isPrintable(0x2603));
  CHECK(unicode::isIdentifierStart('_'));
  CHECK_FALSE(unicode::isIdentifierStart('1'));
}

TEST_CASE("case mappings may lengthen the text") {
  uint32_t mapped[3];
  REQUIRE(unicode::toUpper(0xdf, mapped) == 2);
  CHECK(mapped[0] == 'S');
  CHECK(mapped[1] == 'S');
  REQUIRE(unicode::toTitle(0xdf, mapped) == 2);
  CHECK(mapped[1] == 's');
  REQUIRE(unicode::toLower(0x130, mapped) == 2);
  CHECK(mapped[0] == 'i');
  REQUIRE(unicode::foldCase(0x3c2, mapped) == 1);
  CHECK(mapped[0] == 0x3c3);
}

TEST_CASE("characters and their names") {
  CHECK(unicode::nameOfCharacter(0x2603) == "SNOWMAN");
  CHECK(unicode::nameOfCharacter(0xe000).empty());
  CHECK(unicode::characterOfName("snowman") == 0x2603);
  CHECK(unicode::characterOfName("no such name") == -1);
}
