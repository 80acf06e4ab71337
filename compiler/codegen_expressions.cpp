// Code for expressions other than calls, displays and comprehensions.
#include "compiler/codegen.h"

namespace krait::codegen {

namespace {

Op unaryOp(ast::UnaryOperator op) {
  switch (op) {
    case ast::UnaryOperator::Invert: return Op::UNARY_INVERT;
    case ast::UnaryOperator::Not: return Op::UNARY_NOT;
    case ast::UnaryOperator::UAdd: return Op::UNARY_POSITIVE;
    case ast::UnaryOperator::USub: return Op::UNARY_NEGATIVE;
  }
  return Op::NOP;
}

// Characters, not bytes.
int32_t lengthOf(Identifier name) {
  int32_t length = 0;
  for (char byte : name.view()) length += (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
  return length;
}

}  // namespace

// The operand of BINARY_OP; the in-place forms follow the plain ones.
int32_t binaryOperand(ast::Operator op, bool inPlace) {
  int32_t operand = 0;
  switch (op) {
    case ast::Operator::Add: operand = 0; break;
    case ast::Operator::BitAnd: operand = 1; break;
    case ast::Operator::FloorDiv: operand = 2; break;
    case ast::Operator::LShift: operand = 3; break;
    case ast::Operator::MatMult: operand = 4; break;
    case ast::Operator::Mult: operand = 5; break;
    case ast::Operator::Mod: operand = 6; break;
    case ast::Operator::BitOr: operand = 7; break;
    case ast::Operator::Pow: operand = 8; break;
    case ast::Operator::RShift: operand = 9; break;
    case ast::Operator::Sub: operand = 10; break;
    case ast::Operator::Div: operand = 11; break;
    case ast::Operator::BitXor: operand = 12; break;
  }
  return inPlace ? operand + 13 : operand;
}

void CodeGenerator::visit(const ast::Expr* expression) {
  Location outer = unit_->location;
  locate(expression);
  visitLocated(expression);
  setLocation(outer);
}

void CodeGenerator::visitLocated(const ast::Expr* expression) {
  switch (expression->kind) {
    case ast::ExprKind::NamedExpr: {
      auto* node = expression->as<ast::NamedExpr>();
      visit(node->value);
      emit(Op::COPY, 1);
      visit(node->target);
      break;
    }
    case ast::ExprKind::BoolOp: visitBoolOp(expression->as<ast::BoolOp>()); break;
    case ast::ExprKind::BinOp: {
      auto* node = expression->as<ast::BinOp>();
      visit(node->left);
      visit(node->right);
      emit(Op::BINARY_OP, binaryOperand(node->op, false));
      break;
    }
    case ast::ExprKind::UnaryOp: {
      auto* node = expression->as<ast::UnaryOp>();
      visit(node->operand);
      emit(unaryOp(node->op));
      break;
    }
    case ast::ExprKind::Lambda: visitLambda(expression->as<ast::Lambda>()); break;
    case ast::ExprKind::IfExp: visitIfExp(expression->as<ast::IfExp>()); break;
    case ast::ExprKind::Dict: visitDict(expression->as<ast::Dict>()); break;
    case ast::ExprKind::Set:
      visitUnpackedDisplay(expression->as<ast::Set>()->elts, 0, Op::BUILD_SET, Op::SET_ADD, Op::SET_UPDATE, false);
      break;
    case ast::ExprKind::ListComp: {
      auto* node = expression->as<ast::ListComp>();
      visitComprehension(node, ComprehensionKind::List, "<listcomp>", node->generators, node->elt, nullptr);
      break;
    }
    case ast::ExprKind::SetComp: {
      auto* node = expression->as<ast::SetComp>();
      visitComprehension(node, ComprehensionKind::Set, "<setcomp>", node->generators, node->elt, nullptr);
      break;
    }
    case ast::ExprKind::DictComp: {
      auto* node = expression->as<ast::DictComp>();
      visitComprehension(node, ComprehensionKind::Dict, "<dictcomp>", node->generators, node->key, node->value);
      break;
    }
    case ast::ExprKind::GeneratorExp: {
      auto* node = expression->as<ast::GeneratorExp>();
      visitComprehension(node, ComprehensionKind::Generator, "<genexpr>", node->generators, node->elt, nullptr);
      break;
    }
    case ast::ExprKind::Await: visitAwait(expression->as<ast::Await>()); break;
    case ast::ExprKind::Yield: visitYield(expression->as<ast::Yield>()); break;
    case ast::ExprKind::YieldFrom: visitYieldFrom(expression->as<ast::YieldFrom>()); break;
    case ast::ExprKind::Compare: visitCompare(expression->as<ast::Compare>()); break;
    case ast::ExprKind::Call: visitCall(expression->as<ast::Call>()); break;
    case ast::ExprKind::FormattedValue: visitFormattedValue(expression->as<ast::FormattedValue>()); break;
    case ast::ExprKind::JoinedStr: visitJoinedStr(expression->as<ast::JoinedStr>()); break;
    case ast::ExprKind::Constant: emitConstant(expression->as<ast::ConstantExpr>()->value); break;
    case ast::ExprKind::Attribute: visitAttribute(expression->as<ast::Attribute>()); break;
    case ast::ExprKind::Subscript: visitSubscript(expression->as<ast::Subscript>()); break;
    case ast::ExprKind::Starred:
      fail(expression->as<ast::Starred>()->ctx == ast::ExprContext::Store
               ? "starred assignment target must be in a list or tuple"
               : "can't use starred expression here");
    case ast::ExprKind::Slice: {
      auto* node = expression->as<ast::Slice>();
      auto part = [this](const ast::Expr* bound) { bound != nullptr ? visit(bound) : emitNone(); };
      part(node->lower);
      part(node->upper);
      if (node->step != nullptr) visit(node->step);
      emit(Op::BUILD_SLICE, node->step != nullptr ? 3 : 2);
      break;
    }
    case ast::ExprKind::Name: {
      auto* node = expression->as<ast::Name>();
      emitName(node->id, node->ctx);
      break;
    }
    case ast::ExprKind::List: {
      auto* node = expression->as<ast::List>();
      visitSequence(node->elts, node->ctx, false);
      break;
    }
    case ast::ExprKind::Tuple: {
      auto* node = expression->as<ast::Tuple>();
      visitSequence(node->elts, node->ctx, true);
      break;
    }
  }
}

void CodeGenerator::visitBoolOp(const ast::BoolOp* node) {
  Op jump = node->op == ast::BoolOperator::And ? Op::JUMP_IF_FALSE_OR_POP : Op::JUMP_IF_TRUE_OR_POP;
  Block* end = newBlock();
  for (size_t i = 0; i + 1 < node->values.size(); i++) {
    visit(node->values[i]);
    emitJump(jump, end);
    useNext(newBlock());
  }
  visit(node->values.back());
  useNext(end);
}

void CodeGenerator::visitIfExp(const ast::IfExp* node) {
  Block* end = newBlock();
  Block* otherwise = newBlock();
  jumpIf(node->test, otherwise, false);
  visit(node->body);
  emitUnlocatedJump(Op::JUMP, end);
  useNext(otherwise);
  visit(node->orElse);
  useNext(end);
}

void CodeGenerator::visitCompare(const ast::Compare* node) {
  warnOfLiteralIdentity(node);
  visit(node->left);
  size_t last = node->ops.size() - 1;
  if (last == 0) {
    visit(node->comparators[0]);
    emitCompare(node->ops[0]);
    return;
  }
  Block* cleanup = newBlock();
  for (size_t i = 0; i < last; i++) {
    visit(node->comparators[i]);
    emit(Op::SWAP, 2);
    emit(Op::COPY, 2);
    emitCompare(node->ops[i]);
    emitJump(Op::JUMP_IF_FALSE_OR_POP, cleanup);
  }
  visit(node->comparators[last]);
  emitCompare(node->ops[last]);
  Block* end = newBlock();
  emitUnlocatedJump(Op::JUMP, end);
  useNext(cleanup);
  emit(Op::SWAP, 2);
  emit(Op::POP_TOP);
  useNext(end);
}

void CodeGenerator::locateAttribute(const ast::Attribute* node) {
  Location& here = unit_->location;
  const Location& at = node->location;
  if (here.line == at.endLine) return;
  here.line = at.endLine;
  int32_t length = lengthOf(node->attr);
  if (length <= at.endColumn) {
    here.column = at.endColumn - length;
  } else {
    // Positions of a tree that no parser made.
    here.column = -1;
    here.endColumn = -1;
  }
}

void CodeGenerator::visitAttribute(const ast::Attribute* node) {
  visit(node->value);
  locateAttribute(node);
  switch (node->ctx) {
    case ast::ExprContext::Load: return emitNamed(Op::LOAD_ATTR, node->attr);
    case ast::ExprContext::Store: refuseDebugName(node->attr, node->ctx); return emitNamed(Op::STORE_ATTR, node->attr);
    case ast::ExprContext::Del: return emitNamed(Op::DELETE_ATTR, node->attr);
  }
}

void CodeGenerator::visitSubscript(const ast::Subscript* node) {
  if (node->ctx == ast::ExprContext::Load) {
    warnOfSubscriptedLiteral(node->value);
    warnOfLiteralIndex(node->value, node->slice);
  }
  visit(node->value);
  visit(node->slice);
  switch (node->ctx) {
    case ast::ExprContext::Load: return emit(Op::BINARY_SUBSCR);
    case ast::ExprContext::Store: return emit(Op::STORE_SUBSCR);
    case ast::ExprContext::Del: return emit(Op::DELETE_SUBSCR);
  }
}

void CodeGenerator::visitJoinedStr(const ast::JoinedStr* node) {
  if (node->values.size() > kStackUseGuideline) {
    emitText("");
    emitNamed(Op::LOAD_METHOD, arena_.intern("join"));
    emit(Op::BUILD_LIST, 0);
    for (const ast::Expr* value : node->values) {
      visit(value);
      emit(Op::LIST_APPEND, 1);
    }
    emitCall(1);
    return;
  }
  visit(node->values);
  if (node->values.size() != 1) emit(Op::BUILD_STRING, static_cast<int32_t>(node->values.size()));
}

void CodeGenerator::visitFormattedValue(const ast::FormattedValue* node) {
  constexpr int32_t kHasSpec = 4;
  visit(node->value);
  int32_t operand = node->conversion == 's' ? 1 : node->conversion == 'r' ? 2 : node->conversion == 'a' ? 3 : 0;
  if (node->formatSpec != nullptr) {
    visit(node->formatSpec);
    operand |= kHasSpec;
  }
  emit(Op::FORMAT_VALUE, operand);
}

void CodeGenerator::visitAwait(const ast::Await* node) {
  if (!options_.allowTopLevelAwait) {
    if (!unit_->scope->isFunctionLike()) fail("'await' outside function");
    if (unit_->kind != UnitKind::AsyncFunction && unit_->kind != UnitKind::Comprehension) {
      fail("'await' outside async function");
    }
  }
  visit(node->value);
  emit(Op::GET_AWAITABLE, 0);
  emitNone();
  emitYieldFrom(true);
}

void CodeGenerator::visitYield(const ast::Yield* node) {
  if (!unit_->scope->isFunctionLike()) fail("'yield' outside function");
  node->value != nullptr ? visit(node->value) : emitNone();
  emitYield();
}

void CodeGenerator::visitYieldFrom(const ast::YieldFrom* node) {
  if (!unit_->scope->isFunctionLike()) fail("'yield' outside function");
  if (unit_->kind == UnitKind::AsyncFunction) fail("'yield from' inside async function");
  visit(node->value);
  emit(Op::GET_YIELD_FROM_ITER);
  emitNone();
  emitYieldFrom(false);
}

}  // namespace krait::codegen
