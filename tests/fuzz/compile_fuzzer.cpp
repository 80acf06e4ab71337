// Fuzzes lexer, parser, constant folding, symbol table, code generator and assembler: program text in, code or
// diagnostic out, never a crash, a hang or undefined behaviour.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "compiler/compile.h"

namespace krait {
namespace {

// What the input itself decides, so that a finding needs no more than its bytes.
CompileOptions optionsFor(std::string_view text) {
  uint64_t hash = 0;
  for (char c : text.substr(0, 64)) hash = hash * 31 + static_cast<unsigned char>(c);
  CompileOptions options;
  switch (hash % 8) {
    case 0: options.mode = CompileMode::Eval; break;
    case 1: options.mode = CompileMode::Single; break;
    default: break;
  }
  options.optimizationLevel = static_cast<int>(hash / 8 % 3);
  if (hash / 24 % 4 == 0) options.futureFlags = kCodeFutureAnnotations;
  options.allowTopLevelAwait = hash / 96 % 4 == 0;
  options.parse.dontImplyDedent = hash / 384 % 2 == 0;
  options.parse.allowIncompleteInput = hash / 768 % 8 == 0;
  options.parse.maxIntegerDigits = 4300;
  return options;
}

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const CodeUnit& code) {
  require(code.bytecode.size() % 2 == 0 && !code.bytecode.empty());
  require(code.stackSize >= 0);
  for (const Constant& constant : code.constants) {
    if (constant.is(ConstantKind::Code)) check(*constant.code());
  }
}

void fuzz(std::string_view text) {
  Arena arena;
  CompileResult result = compile(arena, Source::fromBytes(text), "<fuzz>", optionsFor(text));
  require((result.code == nullptr) == result.error.has_value());
  if (result.code != nullptr) check(*result.code);
}

}  // namespace
}  // namespace krait

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  krait::fuzz(text);
  return 0;
}
