// Expressions back to text with as few brackets as precedence allows, in the manner of CPython's stringised
// annotations.
#include "compiler/unparse.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "compiler/parser_impl.h"

namespace krait {

using namespace ast;

namespace {

// From loosest to tightest. An operand whose own level is below the one asked of it gets brackets.
enum Level {
  kTuple,
  kTest,  // if-else, lambda
  kOr,
  kAnd,
  kNot,
  kComparison,
  kBitOr,
  kBitXor,
  kBitAnd,
  kShift,
  kArithmetic,
  kTerm,
  kFactor,
  kPower,
  kAwait,
  kAtom,
};

Level next(Level level) { return static_cast<Level>(level + 1); }

struct OperatorText {
  const char* text;
  Level level;
};

OperatorText textOf(Operator op) {
  switch (op) {
    case Operator::Add: return {" + ", kArithmetic};
    case Operator::Sub: return {" - ", kArithmetic};
    case Operator::Mult: return {" * ", kTerm};
    case Operator::MatMult: return {" @ ", kTerm};
    case Operator::Div: return {" / ", kTerm};
    case Operator::Mod: return {" % ", kTerm};
    case Operator::LShift: return {" << ", kShift};
    case Operator::RShift: return {" >> ", kShift};
    case Operator::BitOr: return {" | ", kBitOr};
    case Operator::BitXor: return {" ^ ", kBitXor};
    case Operator::BitAnd: return {" & ", kBitAnd};
    case Operator::FloorDiv: return {" // ", kTerm};
    case Operator::Pow: return {" ** ", kPower};
  }
  return {"", kAtom};
}

const char* textOf(CompareOperator op) {
  constexpr const char* kTexts[] = {" == ", " != ", " < ",      " <= ", " > ",
                                    " >= ", " is ", " is not ", " in ", " not in "};
  return kTexts[static_cast<size_t>(op)];
}

class Unparser {
 public:
  std::string take() { return std::move(out_); }

  void expression(const Expr* expr, Level level) {
    switch (expr->kind) {
      case ExprKind::BoolOp: return boolOp(expr->as<BoolOp>(), level);
      case ExprKind::BinOp: return binOp(expr->as<BinOp>(), level);
      case ExprKind::UnaryOp: return unaryOp(expr->as<UnaryOp>(), level);
      case ExprKind::Lambda: return bracketed(level > kTest, [&] { lambda(expr->as<Lambda>()); });
      case ExprKind::IfExp:
        return bracketed(level > kTest, [&] {
          expression(expr->as<IfExp>()->body, next(kTest));
          out_ += " if ";
          expression(expr->as<IfExp>()->test, next(kTest));
          out_ += " else ";
          expression(expr->as<IfExp>()->orElse, kTest);
        });
      case ExprKind::NamedExpr:
        return bracketed(level > kTuple, [&] {
          expression(expr->as<NamedExpr>()->target, kAtom);
          out_ += " := ";
          expression(expr->as<NamedExpr>()->value, kAtom);
        });
      case ExprKind::Dict: return dict(expr->as<Dict>());
      case ExprKind::Set:
        out_ += '{';
        list(expr->as<Set>()->elts, kTest);
        out_ += '}';
        return;
      case ExprKind::ListComp: return comprehension('[', expr->as<ListComp>(), ']');
      case ExprKind::SetComp: return comprehension('{', expr->as<SetComp>(), '}');
      case ExprKind::GeneratorExp: return comprehension('(', expr->as<GeneratorExp>(), ')');
      case ExprKind::DictComp:
        out_ += '{';
        expression(expr->as<DictComp>()->key, kTest);
        out_ += ": ";
        expression(expr->as<DictComp>()->value, kTest);
        generators(expr->as<DictComp>()->generators);
        out_ += '}';
        return;
      case ExprKind::Await:
        return bracketed(level > kAwait, [&] {
          out_ += "await ";
          expression(expr->as<Await>()->value, kAtom);
        });
      case ExprKind::Yield:
        out_ += "(yield";
        if (expr->as<Yield>()->value != nullptr) {
          out_ += ' ';
          expression(expr->as<Yield>()->value, kTuple);
        }
        out_ += ')';
        return;
      case ExprKind::YieldFrom:
        out_ += "(yield from ";
        expression(expr->as<YieldFrom>()->value, kTest);
        out_ += ')';
        return;
      case ExprKind::Compare:
        return bracketed(level > kComparison, [&] {
          auto* node = expr->as<Compare>();
          expression(node->left, next(kComparison));
          for (size_t i = 0; i < node->ops.size(); i++) {
            out_ += textOf(node->ops[i]);
            expression(node->comparators[i], next(kComparison));
          }
        });
      case ExprKind::Call: return call(expr->as<Call>());
      case ExprKind::JoinedStr: return joinedStr(expr->as<JoinedStr>(), false);
      case ExprKind::FormattedValue: {
        const Expr* value = expr;
        JoinedStr alone{};
        alone.kind = ExprKind::JoinedStr;
        Expr* part = const_cast<Expr*>(value);
        alone.values = ExprList(&part, 1);
        return joinedStr(&alone, false);
      }
      case ExprKind::Constant: return constant(expr->as<ConstantExpr>());
      case ExprKind::Attribute: return attribute(expr->as<Attribute>());
      case ExprKind::Subscript:
        expression(expr->as<Subscript>()->value, kAtom);
        out_ += '[';
        expression(expr->as<Subscript>()->slice, kTuple);
        out_ += ']';
        return;
      case ExprKind::Starred:
        out_ += '*';
        expression(expr->as<Starred>()->value, kBitOr);
        return;
      case ExprKind::Name: out_ += expr->as<Name>()->id.view(); return;
      case ExprKind::List:
        out_ += '[';
        list(expr->as<List>()->elts, kTest);
        out_ += ']';
        return;
      case ExprKind::Tuple: return tuple(expr->as<Tuple>(), level);
      case ExprKind::Slice: return slice(expr->as<Slice>());
    }
  }

 private:
  template <typename Body>
  void bracketed(bool needed, Body body) {
    if (needed) out_ += '(';
    body();
    if (needed) out_ += ')';
  }

  void list(ExprList elements, Level level) {
    for (size_t i = 0; i < elements.size(); i++) {
      if (i != 0) out_ += ", ";
      expression(elements[i], level);
    }
  }

  void boolOp(const BoolOp* node, Level level) {
    Level own = node->op == BoolOperator::And ? kAnd : kOr;
    bracketed(level > own, [&] {
      for (size_t i = 0; i < node->values.size(); i++) {
        if (i != 0) out_ += node->op == BoolOperator::And ? " and " : " or ";
        expression(node->values[i], next(own));
      }
    });
  }

  // The left spine in a loop: `a + b + ...` may be long.
  void binOp(const BinOp* node, Level level) {
    struct Step {
      const BinOp* node;
      bool brackets;
    };
    std::vector<Step> spine;
    const Expr* left = node;
    while (left->is<BinOp>()) {
      auto* op = left->as<BinOp>();
      OperatorText text = textOf(op->op);
      bool brackets = level > text.level;
      spine.push_back({op, brackets});
      if (brackets) out_ += '(';
      // `**` groups to the right: its left operand must be tighter.
      level = op->op == Operator::Pow ? next(text.level) : text.level;
      left = op->left;
    }
    expression(left, level);
    for (; !spine.empty(); spine.pop_back()) {
      const BinOp* op = spine.back().node;
      OperatorText text = textOf(op->op);
      out_ += text.text;
      expression(op->right, op->op == Operator::Pow ? text.level : next(text.level));
      if (spine.back().brackets) out_ += ')';
    }
  }

  void unaryOp(const UnaryOp* node, Level level) {
    Level own = node->op == UnaryOperator::Not ? kNot : kFactor;
    bracketed(level > own, [&] {
      constexpr const char* kTexts[] = {"~", "not ", "+", "-"};
      out_ += kTexts[static_cast<size_t>(node->op)];
      expression(node->operand, own);
    });
  }

  void lambda(const Lambda* node) {
    const Arguments& args = *node->args;
    // As CPython has it, `lambda*a: 0` goes without the blank.
    out_ += args.posOnlyArgs.empty() && args.args.empty() ? "lambda" : "lambda ";
    arguments(args);
    out_ += ": ";
    expression(node->body, kTest);
  }

  void arguments(const Arguments& args) {
    bool first = true;
    auto comma = [&] {
      if (!first) out_ += ", ";
      first = false;
    };
    size_t positional = args.posOnlyArgs.size() + args.args.size();
    for (size_t i = 0; i < positional; i++) {
      comma();
      bool only = i < args.posOnlyArgs.size();
      argument(only ? args.posOnlyArgs[i] : args.args[i - args.posOnlyArgs.size()]);
      size_t withoutDefault = positional - args.defaults.size();
      if (i >= withoutDefault) defaultValue(args.defaults[i - withoutDefault]);
      if (only && i + 1 == args.posOnlyArgs.size()) out_ += ", /";
    }
    if (args.varArg != nullptr || !args.kwOnlyArgs.empty()) {
      comma();
      out_ += '*';
      if (args.varArg != nullptr) argument(*args.varArg);
    }
    for (size_t i = 0; i < args.kwOnlyArgs.size(); i++) {
      comma();
      argument(args.kwOnlyArgs[i]);
      if (args.kwDefaults[i] != nullptr) defaultValue(args.kwDefaults[i]);
    }
    if (args.kwArg != nullptr) {
      comma();
      out_ += "**";
      argument(*args.kwArg);
    }
  }
  void argument(const Arg& arg) {
    out_ += arg.name.view();
    if (arg.annotation != nullptr) {
      out_ += ": ";
      expression(arg.annotation, kTest);
    }
  }
  void defaultValue(const Expr* value) {
    out_ += '=';
    expression(value, kTest);
  }

  void dict(const Dict* node) {
    out_ += '{';
    for (size_t i = 0; i < node->values.size(); i++) {
      if (i != 0) out_ += ", ";
      if (node->keys[i] == nullptr) {
        out_ += "**";
        expression(node->values[i], kBitOr);
      } else {
        expression(node->keys[i], kTest);
        out_ += ": ";
        expression(node->values[i], kTest);
      }
    }
    out_ += '}';
  }

  template <typename Node>
  void comprehension(char open, const Node* node, char close) {
    out_ += open;
    expression(node->elt, kTest);
    generators(node->generators);
    out_ += close;
  }
  void generators(ArenaSpan<Comprehension> parts) {
    for (const Comprehension& part : parts) {
      out_ += part.isAsync ? " async for " : " for ";
      expression(part.target, kTuple);
      out_ += " in ";
      expression(part.iter, next(kTest));
      for (const Expr* condition : part.ifs) {
        out_ += " if ";
        expression(condition, next(kTest));
      }
    }
  }

  void call(const Call* node) {
    expression(node->func, kAtom);
    if (node->args.size() == 1 && node->keywords.empty() && node->args[0]->is<GeneratorExp>()) {
      expression(node->args[0], kTest);  // brings its own brackets
      return;
    }
    out_ += '(';
    list(node->args, kTest);
    bool first = node->args.empty();
    for (const Keyword& keyword : node->keywords) {
      if (!first) out_ += ", ";
      first = false;
      if (keyword.name) {
        out_ += keyword.name.view();
        out_ += '=';
      } else {
        out_ += "**";
      }
      expression(keyword.value, kTest);
    }
    out_ += ')';
  }

  void attribute(const Attribute* node) {
    expression(node->value, kAtom);
    auto* literal = node->value->tryAs<ConstantExpr>();
    // `1.real` would be a float.
    out_ += literal != nullptr && literal->value.is(ConstantKind::Int) ? " ." : ".";
    out_ += node->attr.view();
  }

  void tuple(const Tuple* node, Level level) {
    if (node->elts.empty()) {
      out_ += "()";
      return;
    }
    bracketed(level > kTuple, [&] {
      list(node->elts, kTest);
      if (node->elts.size() == 1) out_ += ',';
    });
  }

  void slice(const Slice* node) {
    if (node->lower != nullptr) expression(node->lower, kTest);
    out_ += ':';
    if (node->upper != nullptr) expression(node->upper, kTest);
    if (node->step != nullptr) {
      out_ += ':';
      expression(node->step, kTest);
    }
  }

  void constant(const ConstantExpr* node) {
    if (node->value.is(ConstantKind::Ellipsis)) {
      out_ += "...";
      return;
    }
    if (node->hasUnicodePrefix) out_ += 'u';
    std::string text;
    appendRepr(text, node->value);
    bool isFloat = node->value.is(ConstantKind::Float) || node->value.is(ConstantKind::Complex);
    if (isFloat) replaceAll(text, "inf", "1e309");
    out_ += text;
  }

  static void replaceAll(std::string& text, std::string_view from, std::string_view to) {
    for (size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) text.replace(at, from.size(), to);
  }

  // The whole literal is put together first and then quoted as repr() does.
  void joinedStr(const JoinedStr* node, bool isSpec) {
    std::string body = formattedBody(node->values, isSpec);
    if (isSpec) {
      out_ += body;
      return;
    }
    out_ += 'f';
    appendRepr(out_, Constant::str(body));
  }

  static std::string formattedBody(ExprList values, bool isSpec) {
    std::string body;
    for (const Expr* value : values) {
      if (auto* literal = value->tryAs<ConstantExpr>()) {
        std::string text(literal->value.text());
        replaceAll(text, "{", "{{");
        replaceAll(text, "}", "}}");
        body += text;
      } else if (auto* nested = value->tryAs<JoinedStr>()) {
        body += formattedBody(nested->values, isSpec);
      } else if (auto* formatted = value->tryAs<FormattedValue>()) {
        Unparser inner;
        inner.expression(formatted->value, next(kTest));
        std::string text = inner.take();
        body += text.starts_with('{') ? "{ " : "{";
        body += text;
        if (formatted->conversion > 0) {
          body += '!';
          body += static_cast<char>(formatted->conversion);
        }
        if (formatted->formatSpec != nullptr) {
          body += ':';
          if (auto* spec = formatted->formatSpec->tryAs<JoinedStr>()) {
            body += formattedBody(spec->values, true);
          }
        }
        body += '}';
      }
    }
    return body;
  }

  std::string out_;
};

}  // namespace

std::string unparse(const Expr* expression) {
  Unparser unparser;
  unparser.expression(expression, kTest);
  return unparser.take();
}

}  // namespace krait
