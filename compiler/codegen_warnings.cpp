// SyntaxWarnings about literals used as what they cannot be: `1 is x`, `"a"()`, `[1, 2] [3, 4]`.
#include <string>

#include "compiler/codegen.h"

namespace krait::codegen {

namespace {

std::string_view constantTypeName(const Constant& constant) {
  switch (constant.kind()) {
    case ConstantKind::None: return "NoneType";
    case ConstantKind::False:
    case ConstantKind::True: return "bool";
    case ConstantKind::Ellipsis: return "ellipsis";
    case ConstantKind::Int: return "int";
    case ConstantKind::Float: return "float";
    case ConstantKind::Complex: return "complex";
    case ConstantKind::Str: return "str";
    case ConstantKind::Bytes: return "bytes";
    case ConstantKind::Tuple: return "tuple";
    case ConstantKind::FrozenSet: return "frozenset";
    case ConstantKind::Code: return "code";
  }
  return "";
}

// Literals whose identity means something.
bool hasIdentity(const ast::Expr* expression) {
  const auto* constant = expression->tryAs<ast::ConstantExpr>();
  if (constant == nullptr) return true;
  switch (constant->value.kind()) {
    case ConstantKind::None:
    case ConstantKind::False:
    case ConstantKind::True:
    case ConstantKind::Ellipsis: return true;
    default: return false;
  }
}

}  // namespace

std::string_view literalTypeName(const ast::Expr* expression) {
  switch (expression->kind) {
    case ast::ExprKind::Constant: return constantTypeName(expression->as<ast::ConstantExpr>()->value);
    case ast::ExprKind::Tuple: return "tuple";
    case ast::ExprKind::List:
    case ast::ExprKind::ListComp: return "list";
    case ast::ExprKind::Dict:
    case ast::ExprKind::DictComp: return "dict";
    case ast::ExprKind::Set:
    case ast::ExprKind::SetComp: return "set";
    case ast::ExprKind::GeneratorExp: return "generator";
    case ast::ExprKind::Lambda: return "function";
    case ast::ExprKind::JoinedStr:
    case ast::ExprKind::FormattedValue: return "str";
    default: return "";
  }
}

void CodeGenerator::warnOfLiteralIdentity(const ast::Compare* node) {
  bool left = hasIdentity(node->left);
  for (size_t i = 0; i < node->ops.size(); i++) {
    bool right = hasIdentity(node->comparators[i]);
    if (!left || !right) {
      if (node->ops[i] == ast::CompareOperator::Is) warn("\"is\" with a literal. Did you mean \"==\"?");
      if (node->ops[i] == ast::CompareOperator::IsNot) warn("\"is not\" with a literal. Did you mean \"!=\"?");
      if (node->ops[i] == ast::CompareOperator::Is || node->ops[i] == ast::CompareOperator::IsNot) return;
    }
    left = right;
  }
}

void CodeGenerator::warnOfCalledLiteral(const ast::Expr* callee) {
  switch (callee->kind) {
    case ast::ExprKind::Constant:
    case ast::ExprKind::Tuple:
    case ast::ExprKind::List:
    case ast::ExprKind::ListComp:
    case ast::ExprKind::Dict:
    case ast::ExprKind::DictComp:
    case ast::ExprKind::Set:
    case ast::ExprKind::SetComp:
    case ast::ExprKind::GeneratorExp:
    case ast::ExprKind::JoinedStr:
    case ast::ExprKind::FormattedValue:
      return warn("'" + std::string(literalTypeName(callee)) + "' object is not callable; perhaps you missed a comma?");
    default: return;
  }
}

void CodeGenerator::warnOfSubscriptedLiteral(const ast::Expr* container) {
  switch (container->kind) {
    case ast::ExprKind::Constant:
      switch (container->as<ast::ConstantExpr>()->value.kind()) {
        case ConstantKind::None:
        case ConstantKind::Ellipsis:
        case ConstantKind::False:
        case ConstantKind::True:
        case ConstantKind::Int:
        case ConstantKind::Float:
        case ConstantKind::Complex:
        case ConstantKind::FrozenSet: break;
        default: return;
      }
      break;
    case ast::ExprKind::Set:
    case ast::ExprKind::SetComp:
    case ast::ExprKind::GeneratorExp:
    case ast::ExprKind::Lambda: break;
    default: return;
  }
  warn("'" + std::string(literalTypeName(container)) + "' object is not subscriptable; perhaps you missed a comma?");
}

void CodeGenerator::warnOfLiteralIndex(const ast::Expr* container, const ast::Expr* index) {
  std::string_view indexType = literalTypeName(index);
  if (indexType.empty() || indexType == "int" || indexType == "bool") return;
  switch (container->kind) {
    case ast::ExprKind::Constant: {
      const Constant& value = container->as<ast::ConstantExpr>()->value;
      if (!value.is(ConstantKind::Str) && !value.is(ConstantKind::Bytes) && !value.is(ConstantKind::Tuple)) return;
      break;
    }
    case ast::ExprKind::Tuple:
    case ast::ExprKind::List:
    case ast::ExprKind::ListComp:
    case ast::ExprKind::JoinedStr:
    case ast::ExprKind::FormattedValue: break;
    default: return;
  }
  warn(std::string(literalTypeName(container)) + " indices must be integers or slices, not " + std::string(indexType) +
       "; perhaps you missed a comma?");
}

}  // namespace krait::codegen
