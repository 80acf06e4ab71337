// Turns %-formatting of a literal with a tuple display into an f-string.
#include <string>
#include <vector>

#include "compiler/fold.h"

namespace krait::codegen {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// One `%…s`, `%…r` or `%…a` of a format.
struct FormatUnit {
  char conversion = 0;
  bool leftJustified = false;
  int width = -1;
  int precision = -1;
};

class FormatReader {
 public:
  explicit FormatReader(std::string_view format) : format_(format) {}
  bool atEnd() const { return position_ >= format_.size(); }

  // The text up to the next unit, `%%` read as `%`.
  std::string readLiteral() {
    std::string literal;
    while (!atEnd()) {
      if (format_[position_] == '%') {
        if (position_ + 1 >= format_.size() || format_[position_ + 1] != '%') break;
        position_++;
      }
      literal += format_[position_++];
    }
    return literal;
  }

  // False for what f-strings cannot say, or say otherwise.
  bool readUnit(FormatUnit& unit) {
    position_++;
    char c;
    do {
      if (!next(c)) return false;
      if (c == '-') unit.leftJustified = true;
    } while (c == '-' || c == '+' || c == ' ' || c == '#' || c == '0');
    if (isDigit(c) && !readNumber(c, unit.width)) return false;
    if (c == '.') {
      if (!next(c)) return false;
      unit.precision = 0;
      if (isDigit(c) && !readNumber(c, unit.precision)) return false;
    }
    unit.conversion = c;
    return c == 's' || c == 'r' || c == 'a';
  }

 private:
  bool next(char& c) {
    if (atEnd()) return false;
    c = format_[position_++];
    return true;
  }
  bool readNumber(char& c, int& number) {
    constexpr int kMostDigits = 3;  // this many are too many
    number = 0;
    for (int digits = 0; isDigit(c);) {
      number = number * 10 + (c - '0');
      if (!next(c) || ++digits >= kMostDigits) return false;
    }
    return true;
  }

  std::string_view format_;
  size_t position_ = 0;
};

ast::Expr* makeText(Arena& arena, const ast::Location& location, std::string_view text) {
  auto* node = ast::makeNode<ast::ConstantExpr>(arena, location);
  node->value = Constant::str(arena.copyText(text));
  return node;
}

ast::Expr* makeJoined(Arena& arena, const ast::Location& location, const std::vector<ast::Expr*>& parts) {
  auto* node = ast::makeNode<ast::JoinedStr>(arena, location);
  node->values = arena.copyOf(parts);
  return node;
}

ast::Expr* makeFormatted(Arena& arena, ast::Expr* value, const FormatUnit& unit) {
  auto* node = ast::makeNode<ast::FormattedValue>(arena, value->location);
  node->value = value;
  node->conversion = unit.conversion;
  std::string spec;
  if (!unit.leftJustified && unit.width > 0) spec += '>';
  if (unit.width >= 0) spec += std::to_string(unit.width);
  if (unit.precision >= 0) spec += "." + std::to_string(unit.precision);
  if (!spec.empty()) {
    node->formatSpec = makeJoined(arena, value->location, {makeText(arena, value->location, spec)});
  }
  return node;
}

}  // namespace

ast::Expr* foldFormat(Arena& arena, const ast::Location& location, std::string_view format, ast::ExprList arguments) {
  constexpr ast::Location kNowhere{-1, -1, -1, -1};
  FormatReader reader(format);
  std::vector<ast::Expr*> parts;
  size_t used = 0;
  while (true) {
    std::string literal = reader.readLiteral();
    if (!literal.empty()) parts.push_back(makeText(arena, kNowhere, literal));
    if (reader.atEnd()) break;
    FormatUnit unit;
    if (used >= arguments.size() || !reader.readUnit(unit)) return nullptr;
    parts.push_back(makeFormatted(arena, arguments[used++], unit));
  }
  if (used < arguments.size()) return nullptr;
  return makeJoined(arena, location, parts);
}

}  // namespace krait::codegen
