// Developer tool: prints the AST of each named file as ast.dump does, or why there is none.
//
//   krait-ast-dump [--mode exec|eval|single] [--quiet] [--incomplete] [--script] FILE...     or the names on standard
//   input
//
// The output is one line per file: its dump, or `!Kind(message) L<line>:<column>-<end line>:<end column> text`,
// then a tab and the number of warnings where there are any.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "compiler/ast_dump.h"
#include "compiler/parser.h"

namespace {

using namespace krait;

const char* nameOf(DiagnosticKind kind) {
  switch (kind) {
    case DiagnosticKind::SyntaxError: return "SyntaxError";
    case DiagnosticKind::IndentationError: return "IndentationError";
    case DiagnosticKind::TabError: return "TabError";
    case DiagnosticKind::ValueError: return "ValueError";
    case DiagnosticKind::MemoryError: return "MemoryError";
    case DiagnosticKind::RecursionError: return "RecursionError";
    case DiagnosticKind::OverflowError: return "OverflowError";
    case DiagnosticKind::SystemError: return "SystemError";
    case DiagnosticKind::UnicodeDecodeError: return "UnicodeDecodeError";
  }
  return "?";
}

std::string repr(const std::string& text) {
  std::string out;
  appendRepr(out, Constant::str(text));
  return out;
}

std::string describe(const Diagnostic& error) {
  auto place = [](int64_t line, int64_t column) { return std::to_string(line) + ":" + std::to_string(column); };
  return std::string("!") + nameOf(error.kind) + "(" + repr(error.message) + ") L" + place(error.line, error.column) +
         "-" + (error.hasEnd ? place(error.endLine, error.endColumn) : "None:None") + " " +
         (error.text ? repr(*error.text) : "None");
}

}  // namespace

int main(int argc, char** argv) {
  ParseMode mode = ParseMode::Exec;
  ParseOptions options;
  bool quiet = false;
  bool script = false;
  std::vector<std::string> paths;
  for (int i = 1; i < argc; i++) {
    std::string argument = argv[i];
    if (argument == "--quiet") {
      quiet = true;
    } else if (argument == "--script") {
      script = true;
    } else if (argument == "--mode" && i + 1 < argc) {
      argument = argv[++i];
      mode = argument == "eval" ? ParseMode::Eval : argument == "single" ? ParseMode::Single : ParseMode::Exec;
    } else if (argument == "--incomplete") {
      options.allowIncompleteInput = options.dontImplyDedent = true;
    } else {
      paths.push_back(argument);
    }
  }
  if (paths.empty()) {
    for (std::string line; std::getline(std::cin, line);) paths.push_back(line);
  }
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    Arena arena;
    Source source = script ? Source::fromFile(bytes, path) : Source::fromBytes(bytes);
    ParseResult result = parse(arena, source, mode, options);
    std::string line = result.module == nullptr ? describe(*result.error)
                       : quiet                  ? std::string("ok")
                                                : dumpAst(*result.module);
    if (!result.warnings.empty()) line += "\t" + std::to_string(result.warnings.size());
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
  }
}
