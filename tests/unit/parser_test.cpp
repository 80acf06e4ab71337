// The front end where a comparison with python3.11 cannot look: limits, constants, interning, sources in other
// encodings.
#include <catch2/catch.hpp>

#include <string>
#include <thread>

#include "compiler/ast_dump.h"
#include "compiler/constant.h"
#include "compiler/parser.h"
#include "compiler/unparse.h"

namespace krait {
namespace {

std::string repeat(const std::string& text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; i++) out += text;
  return out;
}

// The error's message, or "ok".
std::string outcome(const std::string& text, ParseMode mode = ParseMode::Exec, const ParseOptions& options = {}) {
  Arena arena;
  ParseResult result = parse(arena, Source::fromText(text), mode, options);
  if (result.module != nullptr) return "ok";
  return result.error->kind == DiagnosticKind::MemoryError ? "MemoryError" : result.error->message;
}

TEST_CASE("Long chains of left associative operators need no stack", "[parser]") {
  for (const char* link : {"a + ", "a.", "a < ", "a and ", "a, ", "a = "}) {
    CAPTURE(link);
    CHECK(outcome(repeat(link, 100'000) + "a\n") == "ok");
  }
  CHECK(outcome("a" + repeat("()", 100'000)) == "ok");
  CHECK(outcome("a" + repeat("[0]", 100'000)) == "ok");
}

TEST_CASE("Deep nesting is refused as CPython refuses it", "[parser]") {
  for (const char* link : {"-", "not ", "lambda: ", "a ** ", "a if b else "}) {
    CAPTURE(link);
    CHECK(outcome(repeat(link, 2'900) + "a\n") == "ok");
    CHECK(outcome(repeat(link, 100'000) + "a\n") == "MemoryError");
  }
  CHECK(outcome("if a: b\n" + repeat("elif a: b\n", 5'000)) == "ok");
  CHECK(outcome("if a: b\n" + repeat("elif a: b\n", 100'000)) == "MemoryError");
  CHECK(outcome(repeat("(", 200) + repeat(")", 200)) == "ok");
  CHECK(outcome(repeat("(", 201)) == "too many nested parentheses");
}

TEST_CASE("A small native stack ends in MemoryError not in a crash", "[parser]") {
  std::string answer;
  std::thread([&] { answer = outcome(repeat("-", 5'900) + "a b\n"); }).join();
  CHECK((answer == "invalid syntax" || answer == "MemoryError"));
}

TEST_CASE("Every mode takes its own kind of text", "[parser]") {
  CHECK(outcome("a, b", ParseMode::Eval) == "ok");
  CHECK(outcome("a, *b", ParseMode::Eval) == "invalid syntax");
  CHECK(outcome("a = 1; b\n", ParseMode::Single) == "ok");
  CHECK(outcome("a\nb", ParseMode::Single) == "multiple statements found while compiling a single statement");
  CHECK(outcome("(int, *str, **Any) -> float", ParseMode::FunctionType) == "ok");
}

TEST_CASE("Unfinished input is told from wrong input", "[parser]") {
  ParseOptions options;
  options.allowIncompleteInput = options.dontImplyDedent = true;
  for (const char* text : {"if x:\n", "f(1,\n", "'''abc\n", "x = \\\n", "def f():\n"}) {
    CAPTURE(text);
    CHECK(outcome(text, ParseMode::Single, options) == "incomplete input");
  }
  CHECK(outcome("x +\n", ParseMode::Single, options) == "invalid syntax");
  CHECK(outcome("pass\n", ParseMode::Single, options) == "ok");
}

TEST_CASE("Newer syntax is refused for an older version", "[parser]") {
  ParseOptions options;
  options.featureVersion = 7;
  CHECK(outcome("(a := 1)", ParseMode::Exec, options) ==
        "Assignment expressions are only supported in Python 3.8 and greater");
  CHECK(outcome("f'{a}'", ParseMode::Exec, options) == "ok");
}

TEST_CASE("A cookie decides the encoding of bytes", "[parser]") {
  Arena arena;
  Source latin = Source::fromBytes("# coding: latin-1\nx = '\xE9'\n");
  CHECK(latin.text() == "# coding: latin-1\nx = '\xC3\xA9'\n");
  CHECK(Source::fromBytes("\r\r\n# coding: foo\n").text() == "\n\n# coding: foo\n");
  CHECK(Source::fromBytes("# coding: no-such-thing\n").error()->message == "unknown encoding: no-such-thing");
  CHECK(Source::fromBytes(std::string_view("a\0b", 3)).error()->kind == DiagnosticKind::ValueError);
}

TEST_CASE("Identifiers are normalised and interned per arena", "[parser]") {
  Arena arena;
  // The second is a ligature that NFKC takes apart.
  ParseResult result = parse(arena, Source::fromText("fi, \xEF\xAC\x81"), ParseMode::Eval);
  REQUIRE(result.module != nullptr);
  auto* pair = result.module->expression->as<ast::Tuple>();
  CHECK(pair->elts[0]->as<ast::Name>()->id == pair->elts[1]->as<ast::Name>()->id);
}

TEST_CASE("Constant keys tell types and zeroes apart", "[parser]") {
  CHECK(sameConstantKey(Constant::integer(1), Constant::integer(1)));
  CHECK_FALSE(sameConstantKey(Constant::integer(1), Constant::floating(1)));
  CHECK_FALSE(sameConstantKey(Constant::integer(1), Constant::boolean(true)));
  CHECK_FALSE(sameConstantKey(Constant::floating(0.0), Constant::floating(-0.0)));
  CHECK_FALSE(sameConstantKey(Constant::complex(0.0, 1), Constant::complex(-0.0, 1)));
  CHECK_FALSE(sameConstantKey(Constant::str("a"), Constant::bytes("a")));
  const Constant one[] = {Constant::integer(1), Constant::str("a")};
  const Constant two[] = {Constant::str("a"), Constant::integer(1)};
  CHECK_FALSE(sameConstantKey(Constant::tuple({one, 2}), Constant::tuple({two, 2})));
  CHECK(sameConstantKey(Constant::frozenSet({one, 2}), Constant::frozenSet({two, 2})));
  CHECK(hashConstantKey(Constant::frozenSet({one, 2})) == hashConstantKey(Constant::frozenSet({two, 2})));
}

TEST_CASE("Big integers are read in every base with one form each", "[parser]") {
  auto text = [](const char* digits, int base) {
    Arena arena;
    std::string out;
    appendRepr(out, integerFromDigits(arena, digits, base));
    return out;
  };
  CHECK(text("9223372036854775807", 10) == "9223372036854775807");
  CHECK(text("9223372036854775808", 10) == "9223372036854775808");
  CHECK(text("ffffffffffffffffffff", 16) == "1208925819614629174706175");
  CHECK(text("3777777777777777777777777777", 8) == "9671406556917033397649407");
  CHECK(text("100000000000000000000000000000000000000", 10) == "100000000000000000000000000000000000000");
  Arena arena;
  CHECK(integerFromDigits(arena, "000000000000000000000000000000000007", 10).isSmallInt());
}

TEST_CASE("Annotations are written with the brackets they need", "[parser]") {
  auto text = [](const char* source) {
    Arena arena;
    return unparse(parse(arena, Source::fromText(source), ParseMode::Eval).module->expression);
  };
  CHECK(text("(a + b) * c") == "(a + b) * c");
  CHECK(text("a + (b * c)") == "a + b * c");
  CHECK(text("(a ** b) ** -c") == "(a ** b) ** (-c)");
  CHECK(text("x[(1, 2)]") == "x[1, 2]");
  CHECK(text("lambda *a: (yield)") == "lambda*a: (yield)");
  CHECK(text("f'{ {1} }{x!r:>{w}}'") == "f'{ {1}}{x!r:>{w}}'");
}

}  // namespace
}  // namespace krait
