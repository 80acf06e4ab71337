// The parts of the compiler's second half that have meaning by themselves: tables, scopes, folding, refusals.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "compiler/assembler.h"
#include "compiler/compile.h"
#include "compiler/fold.h"
#include "compiler/symtable.h"
#include "compiler/unparse.h"

namespace krait {
namespace {

using codegen::kNoLocation;
using Bytes = std::vector<uint8_t>;

Bytes locationEntry(const codegen::Location& location, uint32_t units) {
  Bytes bytes(256);
  codegen::LocationTableWriter writer(bytes.data(), 10);
  writer.add(location, units);
  bytes.resize(static_cast<size_t>(writer.end() - bytes.data()));
  return bytes;
}

TEST_CASE("An instruction on the line before takes two bytes of location", "[compiler]") {
  CHECK(locationEntry({10, 9, 10, 14}, 1) == Bytes{0x80 | 1 << 3 | 0, 1 << 4 | 5});
}

TEST_CASE("An instruction on one of the next two lines takes three bytes of location", "[compiler]") {
  CHECK(locationEntry({12, 4, 12, 100}, 3) == Bytes{0x80 | 12 << 3 | 2, 4, 100});
}

TEST_CASE("A location over several lines is written in full, with variable-length numbers", "[compiler]") {
  CHECK(locationEntry({9, 4, 80, 7}, 1) == Bytes{0x80 | 14 << 3 | 0, 1 << 1 | 1, 0x40 | 7, 1, 5, 8});
}

TEST_CASE("An instruction without location and with more than eight units has an entry per eight units", "[compiler]") {
  CHECK(locationEntry(kNoLocation, 11) == Bytes{0x80 | 15 << 3 | 7, 0x80 | 15 << 3 | 2});
}

TEST_CASE("An exception table entry marks its first byte and splits numbers into six bits", "[compiler]") {
  Bytes bytes;
  codegen::appendExceptionEntry(bytes, 3, 3 + 65, 130, 2, true);
  CHECK(bytes == Bytes{0x80 | 3, 0x40 | 1, 1, 0x40 | 2, 2, 2 << 1 | 1});
}

TEST_CASE("A private name is mangled with its class, whose leading underscores do not count", "[compiler]") {
  Arena arena;
  auto mangled = [&arena](const char* owner, const char* name) {
    return codegen::mangle(arena, arena.intern(owner), arena.intern(name)).view();
  };
  CHECK(mangled("Spam", "__egg") == "_Spam__egg");
  CHECK(mangled("__Spam", "__egg") == "_Spam__egg");
  CHECK(mangled("___", "__egg") == "__egg");
  CHECK(mangled("Spam", "__egg__") == "__egg__");
  CHECK(mangled("Spam", "_egg") == "_egg");
}

std::string folded(std::string_view text) {
  Arena arena;
  CompileOptions options;
  options.mode = CompileMode::Eval;
  CompileResult result = compile(arena, text, "<test>", options);
  REQUIRE(result.code != nullptr);
  if (result.code->constants.size() != 1) return "";
  std::string repr;
  appendRepr(repr, result.code->constants[0]);
  return repr;
}

TEST_CASE("Folding computes as Python does", "[compiler]") {
  CHECK(folded("-7 // 2") == "-4");
  CHECK(folded("-7 % 3") == "2");
  CHECK(folded("-7.5 % 2") == "0.5");
  CHECK(folded("3 ** 40") == "12157665459056928801");
  CHECK(folded("-1 >> 70") == "-1");
  CHECK(folded("6 & ~2") == "4");
  CHECK(folded("2 ** -1") == "0.5");
  CHECK(folded("10 ** 20 / 3") == "3.333333333333333e+19");
  CHECK(folded("True + True") == "2");
  CHECK(folded("True & False") == "False");
  CHECK(folded("'spam'[-1]") == "'m'");
  CHECK(folded("(1, 2) * 2 + (3,)") == "(1, 2, 1, 2, 3)");
  CHECK(folded("not 'spam'") == "False");
}

TEST_CASE("Folding leaves what raises or grows too large", "[compiler]") {
  CHECK(folded("1 // 0") == "");
  CHECK(folded("2 ** 1000") == "");
  CHECK(folded("1 << 1000") == "");
  CHECK(folded("'x' * 5000") == "");
  CHECK(folded("(0,) * 300") == "");
  CHECK(folded("'x'[1]") == "");
}

std::string failure(std::string_view text) {
  Arena arena;
  CompileResult result = compile(arena, text, "<test>", {});
  REQUIRE(result.error.has_value());
  return result.error->message + " at " + std::to_string(result.error->line) + ":" +
         std::to_string(result.error->column);
}

TEST_CASE("Names that contradict each other are refused where they stand", "[compiler]") {
  CHECK(failure("def f(a):\n  global a") == "name 'a' is parameter and global at 2:3");
  CHECK(failure("def f(a, a): pass") == "duplicate argument 'a' in function definition at 1:10");
  CHECK(failure("def f():\n  nonlocal a") == "no binding for nonlocal 'a' found at 2:3");
  CHECK(failure("[a := 1 for a in b]") ==
        "assignment expression cannot rebind comprehension iteration variable 'a' at 1:2");
}

TEST_CASE("Statements outside their place are refused", "[compiler]") {
  CHECK(failure("return 1") == "'return' outside function at 1:1");
  CHECK(failure("if a:\n  break") == "'break' outside loop at 2:3");
  CHECK(failure("def f():\n  await a") == "'await' outside async function at 2:3");
}

TEST_CASE("A tree that is too deep is an error, not a crash", "[compiler]") {
  std::string sum = "a";
  for (int i = 0; i < 20000; i++) sum += "+a";
  Arena arena;
  CompileResult result = compile(arena, sum, "<test>", {});
  REQUIRE(result.error.has_value());
  CHECK(result.error->kind == DiagnosticKind::RecursionError);
}

TEST_CASE("Comparing a literal by identity is warned of", "[compiler]") {
  Arena arena;
  CompileResult result = compile(arena, std::string_view("\na is 1"), "<test>", {});
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0].asError.message == "\"is\" with a literal. Did you mean \"==\"?");
  CHECK(result.warnings[0].asError.line == 2);
}

}  // namespace
}  // namespace krait
