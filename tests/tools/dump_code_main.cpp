// Prints every code object that the compiler makes of the given files as JSON lines, for comparison with CPython's.
//
//   krait-dump-code [--optimize N] [--mode exec|eval|single] [--flags N] [--names DIR] FILE…
//
// Without files their names come on standard input, one per line. Flags are those of Python's compile().
//
// The lines have the form that a Python script over compile() would print: constants carry their type, bytes are in
// hexadecimal; a file that does not compile gives one line with its error.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "compiler/compile.h"

namespace krait {
namespace {

class Dumper {
 public:
  Dumper(CompileOptions options, std::string prefix) : options_(options), prefix_(std::move(prefix)) {}

  void dump(const std::string& path) {
    std::string_view shown = path;
    if (!prefix_.empty() && shown.starts_with(prefix_)) shown.remove_prefix(prefix_.size());
    std::ifstream in(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    Arena arena;
    CompileResult result = compile(arena, Source::fromBytes(bytes), shown, options_);
    if (result.code != nullptr) {
      walk(*result.code, "0", shown);
    } else {
      error(*result.error, shown);
    }
    std::cout << out_;
    out_.clear();
  }

 private:
  void error(const Diagnostic& diagnostic, std::string_view file) {
    static const char* const kNames[] = {"SyntaxError",   "IndentationError", "TabError",
                                         "ValueError",    "MemoryError",      "RecursionError",
                                         "OverflowError", "SystemError",      "UnicodeDecodeError"};
    // An encoding problem is in line 0, column -1.
    auto position = [&diagnostic](int64_t number) {
      return number == 0 && diagnostic.column >= 0 ? std::string("None") : std::to_string(number);
    };
    out_ += "{\"file\":";
    text(file);
    out_ += ",\"error\":";
    text(fmt::format("{}: {} ({}, {})", kNames[static_cast<int>(diagnostic.kind)], diagnostic.message,
                     position(diagnostic.line), position(diagnostic.column)));
    out_ += "}\n";
  }

  // WTF-8 as a JSON string: ASCII, with surrogates for what lies outside the basic plane.
  void text(std::string_view utf8) {
    out_ += '"';
    for (size_t i = 0; i < utf8.size();) {
      auto lead = static_cast<unsigned char>(utf8[i]);
      size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      uint32_t point = length == 1 ? lead : lead & (0x7fu >> length);
      for (size_t j = 1; j < length; j++) point = point << 6 | (static_cast<unsigned char>(utf8[i + j]) & 0x3f);
      i += length;
      if (point == '"' || point == '\\') {
        out_ += '\\';
        out_ += static_cast<char>(point);
      } else if (point >= 32 && point < 127) {
        out_ += static_cast<char>(point);
      } else if (point < 0x10000) {
        out_ += fmt::format("\\u{:04x}", point);
      } else {
        point -= 0x10000;
        out_ += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (point >> 10), 0xdc00 + (point & 0x3ff));
      }
    }
    out_ += '"';
  }

  template <typename Bytes>
  std::string hex(const Bytes& bytes) {
    std::string digits;
    for (auto byte : bytes) digits += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return digits;
  }

  // float.hex()
  static std::string floatHex(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    std::string sign = std::signbit(value) ? "-" : "";
    if (value == 0) return sign + "0x0.0p+0";
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    uint64_t mantissa = bits & ((uint64_t{1} << 52) - 1);
    int exponent = static_cast<int>(bits >> 52 & 0x7ff);
    bool subnormal = exponent == 0;
    exponent = subnormal ? -1022 : exponent - 1023;
    return fmt::format("{}0x{}.{:013x}p{:+d}", sign, subnormal ? 0 : 1, mantissa, exponent);
  }

  static std::string intHex(const Constant& constant) {
    if (constant.isSmallInt()) {
      int64_t value = constant.smallInt();
      uint64_t magnitude = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
      return fmt::format("{}0x{:x}", value < 0 ? "-" : "", magnitude);
    }
    std::string digits = constant.isNegative() ? "-0x" : "0x";
    for (size_t i = constant.limbCount(); i-- > 0;) {
      digits += i + 1 == constant.limbCount() ? fmt::format("{:x}", constant.limbs()[i])
                                              : fmt::format("{:016x}", constant.limbs()[i]);
    }
    return digits;
  }

  void constant(const Constant& value, const std::string& path, size_t index) {
    switch (value.kind()) {
      case ConstantKind::None: out_ += "\"None\""; break;
      case ConstantKind::Ellipsis: out_ += "\"...\""; break;
      case ConstantKind::True: out_ += "\"True\""; break;
      case ConstantKind::False: out_ += "\"False\""; break;
      case ConstantKind::Int: out_ += "[\"int\",\"" + intHex(value) + "\"]"; break;
      case ConstantKind::Float: out_ += "[\"float\",\"" + floatHex(value.floating()) + "\"]"; break;
      case ConstantKind::Complex:
        out_ += "[\"complex\",\"" + floatHex(value.real()) + "\",\"" + floatHex(value.imaginary()) + "\"]";
        break;
      case ConstantKind::Str:
        out_ += "[\"str\",";
        text(value.text());
        out_ += ']';
        break;
      case ConstantKind::Bytes: out_ += "[\"bytes\",\"" + hex(value.text()) + "\"]"; break;
      case ConstantKind::Tuple:
        out_ += "[\"tuple\",[";
        for (size_t i = 0; i < value.items().size(); i++) {
          if (i > 0) out_ += ',';
          constant(value.items()[i], path, index);
        }
        out_ += "]]";
        break;
      case ConstantKind::FrozenSet: {
        // Sorted by their own text.
        std::vector<std::string> items;
        std::string saved = std::move(out_);
        for (const Constant& item : value.items()) {
          out_.clear();
          constant(item, path, index);
          items.push_back(out_);
        }
        std::sort(items.begin(), items.end());
        out_ = std::move(saved);
        out_ += fmt::format("[\"frozenset\",[{}]]", fmt::join(items, ","));
        break;
      }
      case ConstantKind::Code: out_ += fmt::format("[\"code\",\"{}.{}\"]", path, index); break;
    }
  }

  template <typename List, typename Select>
  void names(const char* key, const List& list, Select select) {
    out_ += fmt::format(",\"{}\":[", key);
    bool first = true;
    for (const auto& item : list) {
      if (!select(item)) continue;
      if (!first) out_ += ',';
      first = false;
      if constexpr (requires { item.name; }) {
        text(item.name.view());
      } else {
        text(item.view());
      }
    }
    out_ += ']';
  }

  void walk(const CodeUnit& code, const std::string& path, std::string_view file) {
    auto of = [](uint8_t kind) { return [kind](const LocalVariable& local) { return (local.kinds & kind) != 0; }; };
    out_ += "{\"file\":";
    text(file);
    out_ += ",\"path\":\"" + path + "\",\"name\":";
    text(code.name.view());
    out_ += ",\"qualname\":";
    text(code.qualName);
    auto locals = std::count_if(code.locals.begin(), code.locals.end(), of(kLocalKindLocal));
    out_ += fmt::format(
        ",\"argcount\":{},\"posonly\":{},\"kwonly\":{},\"nlocals\":{},\"stacksize\":{},\"flags\":{},"
        "\"firstlineno\":{},\"code\":\"{}\",\"consts\":[",
        code.argCount, code.posOnlyArgCount, code.kwOnlyArgCount, locals, code.stackSize, code.flags, code.firstLine,
        hex(code.bytecode));
    for (size_t i = 0; i < code.constants.size(); i++) {
      if (i > 0) out_ += ',';
      constant(code.constants[i], path, i);
    }
    out_ += ']';
    names("names", code.names, [](Identifier) { return true; });
    names("varnames", code.locals, of(kLocalKindLocal));
    names("freevars", code.locals, of(kLocalKindFree));
    names("cellvars", code.locals, of(kLocalKindCell));
    out_ += ",\"linetable\":\"" + hex(code.lineTable) + "\",\"exctable\":\"" + hex(code.exceptionTable) + "\"}\n";
    for (size_t i = 0; i < code.constants.size(); i++) {
      if (code.constants[i].is(ConstantKind::Code)) {
        walk(*code.constants[i].code(), path + "." + std::to_string(i), file);
      }
    }
  }

  CompileOptions options_;
  std::string prefix_;
  std::string out_;
};

}  // namespace
}  // namespace krait

int main(int argc, char** argv) {
  krait::CompileOptions options;
  std::string prefix;
  std::vector<std::string> files;
  for (int i = 1; i < argc; i++) {
    std::string argument = argv[i];
    bool hasValue = i + 1 < argc;
    if (argument == "--optimize" && hasValue) {
      options.optimizationLevel = std::atoi(argv[++i]);
    } else if (argument == "--mode" && hasValue) {
      std::string mode = argv[++i];
      options.mode = mode == "eval"     ? krait::CompileMode::Eval
                     : mode == "single" ? krait::CompileMode::Single
                                        : krait::CompileMode::Exec;
    } else if (argument == "--flags" && hasValue) {
      constexpr unsigned kAllowTopLevelAwait = 0x2000;
      auto flags = static_cast<uint32_t>(std::strtoul(argv[++i], nullptr, 0));
      options.futureFlags = flags & krait::kCodeFutureMask;
      options.allowTopLevelAwait = (flags & kAllowTopLevelAwait) != 0;
    } else if (argument == "--names" && hasValue) {
      prefix = argv[++i];
      while (prefix.ends_with('/')) prefix.pop_back();
      prefix += '/';
    } else if (argument != "--dump-code") {
      files.push_back(argument);
    }
  }
  krait::Dumper dumper(options, prefix);
  if (files.empty()) {
    for (std::string line; std::getline(std::cin, line);) dumper.dump(line);
  }
  for (const std::string& file : files) dumper.dump(file);
  return 0;
}
