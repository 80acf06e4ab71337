// Code for branches and loops, and for leaving them through return, break and continue.
#include "compiler/codegen.h"

namespace krait::codegen {

void CodeGenerator::visitIf(const ast::If* node) {
  // An `elif` chain is walked in a loop: its length must not cost native stack.
  std::vector<Block*> ends;
  while (true) {
    Block* end = newBlock();
    ends.push_back(end);
    Block* next = node->orElse.empty() ? end : newBlock();
    jumpIf(node->test, next, false);
    visit(node->body);
    if (node->orElse.empty()) break;
    emitUnlocatedJump(Op::JUMP, end);
    useNext(next);
    const ast::If* elif = node->orElse.size() == 1 ? node->orElse[0]->tryAs<ast::If>() : nullptr;
    if (elif == nullptr) {
      visit(node->orElse);
      break;
    }
    locate(elif);
    node = elif;
  }
  for (size_t i = ends.size(); i-- > 0;) useNext(ends[i]);
}

void CodeGenerator::jumpIf(const ast::Expr* test, Block* target, bool condition) {
  switch (test->kind) {
    case ast::ExprKind::UnaryOp:
      if (auto* node = test->as<ast::UnaryOp>(); node->op == ast::UnaryOperator::Not) {
        return jumpIf(node->operand, target, !condition);
      }
      break;
    case ast::ExprKind::BoolOp: {
      auto* node = test->as<ast::BoolOp>();
      bool shortCondition = node->op == ast::BoolOperator::Or;
      Block* shortTarget = shortCondition == condition ? target : newBlock();
      size_t last = node->values.size() - 1;
      for (size_t i = 0; i < last; i++) jumpIf(node->values[i], shortTarget, shortCondition);
      jumpIf(node->values[last], target, condition);
      if (shortTarget != target) useNext(shortTarget);
      return;
    }
    case ast::ExprKind::IfExp: {
      auto* node = test->as<ast::IfExp>();
      Block* end = newBlock();
      Block* otherwise = newBlock();
      jumpIf(node->test, otherwise, false);
      jumpIf(node->body, target, condition);
      emitUnlocatedJump(Op::JUMP, end);
      useNext(otherwise);
      jumpIf(node->orElse, target, condition);
      useNext(end);
      return;
    }
    case ast::ExprKind::Compare: {
      auto* node = test->as<ast::Compare>();
      locate(node);
      size_t last = node->ops.size() - 1;
      if (last == 0) break;
      warnOfLiteralIdentity(node);
      Block* cleanup = newBlock();
      visit(node->left);
      for (size_t i = 0; i < last; i++) {
        visit(node->comparators[i]);
        emit(Op::SWAP, 2);
        emit(Op::COPY, 2);
        emitCompare(node->ops[i]);
        emitJump(Op::POP_JUMP_IF_FALSE, cleanup);
      }
      visit(node->comparators[last]);
      emitCompare(node->ops[last]);
      emitJump(condition ? Op::POP_JUMP_IF_TRUE : Op::POP_JUMP_IF_FALSE, target);
      Block* end = newBlock();
      emitUnlocatedJump(Op::JUMP, end);
      useNext(cleanup);
      emit(Op::POP_TOP);
      if (!condition) emitUnlocatedJump(Op::JUMP, target);
      useNext(end);
      return;
    }
    default: break;
  }
  visit(test);
  emitJump(condition ? Op::POP_JUMP_IF_TRUE : Op::POP_JUMP_IF_FALSE, target);
}

void CodeGenerator::visitFor(const ast::For* node) {
  Block* start = newBlock();
  Block* body = newBlock();
  Block* cleanup = newBlock();
  Block* end = newBlock();
  pushEnclosure({.kind = EnclosureKind::ForLoop, .start = start, .exit = end});
  visit(node->iter);
  emit(Op::GET_ITER);
  useNext(start);
  emitJump(Op::FOR_ITER, cleanup);
  useNext(body);
  visit(node->target);
  visit(node->body);
  unlocate();
  emitJump(Op::JUMP, start);
  useNext(cleanup);
  popEnclosure();
  visit(node->orElse);
  useNext(end);
}

void CodeGenerator::visitAsyncFor(const ast::For* node) {
  if (!(options_.allowTopLevelAwait && unit_->kind == UnitKind::Module)) {
    if (unit_->kind != UnitKind::AsyncFunction) fail("'async for' outside async function");
  } else {
    unit_->scope->isCoroutine = true;
  }
  Block* start = newBlock();
  Block* except = newBlock();
  Block* end = newBlock();
  visit(node->iter);
  emit(Op::GET_AITER);
  useNext(start);
  pushEnclosure({.kind = EnclosureKind::ForLoop, .start = start, .exit = end});
  emitJump(Op::SETUP_FINALLY, except);
  emit(Op::GET_ANEXT);
  emitNone();
  emitYieldFrom(true);
  emit(Op::POP_BLOCK);
  visit(node->target);
  visit(node->body);
  unlocate();
  emitJump(Op::JUMP, start);
  popEnclosure();
  // The end of the loop belongs to the iterable, not to the body.
  useNext(except);
  locate(node->iter);
  emit(Op::END_ASYNC_FOR);
  visit(node->orElse);
  useNext(end);
}

void CodeGenerator::visitWhile(const ast::While* node) {
  Block* loop = newBlock();
  Block* body = newBlock();
  Block* anchor = newBlock();
  Block* end = newBlock();
  useNext(loop);
  pushEnclosure({.kind = EnclosureKind::WhileLoop, .start = loop, .exit = end});
  jumpIf(node->test, anchor, false);
  useNext(body);
  visit(node->body);
  locate(node);
  jumpIf(node->test, body, true);
  popEnclosure();
  useNext(anchor);
  visit(node->orElse);
  useNext(end);
}

void CodeGenerator::visitReturn(const ast::Return* node) {
  const auto* constant = node->value != nullptr ? node->value->tryAs<ast::ConstantExpr>() : nullptr;
  bool keepTop = node->value != nullptr && constant == nullptr;
  if (!unit_->scope->isFunctionLike()) fail("'return' outside function");
  if (node->value != nullptr && unit_->scope->isCoroutine && unit_->scope->isGenerator) {
    fail("'return' with value in async generator");
  }
  if (keepTop) {
    visit(node->value);
  } else if (constant != nullptr) {
    // The line of the value is visited even when the value is loaded later.
    locate(node->value);
    emit(Op::NOP);
  }
  if (node->value == nullptr || node->value->line() != node->line()) {
    locate(node);
    emit(Op::NOP);
  }
  unwindAll(keepTop, false);
  if (node->value == nullptr) {
    emitNone();
  } else if (constant != nullptr) {
    emitConstant(constant->value);
  }
  emit(Op::RETURN_VALUE);
}

void CodeGenerator::visitBreak() {
  Location here = unit_->location;
  emit(Op::NOP);
  const Enclosure* loop = unwindAll(false, true);
  if (loop == nullptr) {
    setLocation(here);
    fail("'break' outside loop");
  }
  Block* exit = loop->exit;
  unwind(*loop, false);
  emitJump(Op::JUMP, exit);
}

void CodeGenerator::visitContinue() {
  Location here = unit_->location;
  emit(Op::NOP);
  const Enclosure* loop = unwindAll(false, true);
  if (loop == nullptr) {
    setLocation(here);
    fail("'continue' not properly in loop");
  }
  emitJump(Op::JUMP, loop->start);
}

const Enclosure* CodeGenerator::unwindAll(bool keepTop, bool untilLoop) {
  std::vector<Enclosure>& enclosures = unit_->enclosures;
  if (enclosures.empty()) return nullptr;
  EnclosureKind kind = enclosures.back().kind;
  if (kind == EnclosureKind::ExceptionGroupHandler) {
    fail("'break', 'continue' and 'return' cannot appear in an except* block");
  }
  if (untilLoop && (kind == EnclosureKind::WhileLoop || kind == EnclosureKind::ForLoop)) return &enclosures.back();
  // While an enclosure is undone, the code that does so is outside it.
  Enclosure inner = enclosures.back();
  enclosures.pop_back();
  unwind(inner, keepTop);
  const Enclosure* loop = unwindAll(keepTop, untilLoop);
  size_t position = loop != nullptr ? static_cast<size_t>(loop - enclosures.data()) : 0;
  enclosures.push_back(inner);
  return loop != nullptr ? &enclosures[position] : nullptr;
}

void CodeGenerator::unwind(const Enclosure& enclosure, bool keepTop) {
  auto keep = [this, keepTop] {
    if (keepTop) emit(Op::SWAP, 2);
  };
  switch (enclosure.kind) {
    case EnclosureKind::WhileLoop:
    case EnclosureKind::ExceptionHandler:
    case EnclosureKind::ExceptionGroupHandler:
    case EnclosureKind::AsyncComprehension: return;
    case EnclosureKind::ForLoop:
    case EnclosureKind::PopValue: keep(); return emit(Op::POP_TOP);
    case EnclosureKind::TryExcept: return emit(Op::POP_BLOCK);
    case EnclosureKind::FinallyTry: {
      emit(Op::POP_BLOCK);
      ast::StmtList finalBody = enclosure.finalBody;
      if (keepTop) pushEnclosure({.kind = EnclosureKind::PopValue});
      visit(finalBody);
      if (keepTop) popEnclosure();
      return unlocate();
    }
    case EnclosureKind::FinallyEnd:
      keep();
      emit(Op::POP_TOP);
      keep();
      emit(Op::POP_BLOCK);
      return emit(Op::POP_EXCEPT);
    case EnclosureKind::With:
    case EnclosureKind::AsyncWith:
      setLocation(enclosure.location);
      emit(Op::POP_BLOCK);
      keep();
      emitCallWithNones();
      if (enclosure.kind == EnclosureKind::AsyncWith) {
        emit(Op::GET_AWAITABLE, 2);
        emitNone();
        emitYieldFrom(true);
      }
      emit(Op::POP_TOP);
      return unlocate();
    case EnclosureKind::HandlerCleanup:
      if (enclosure.name) emit(Op::POP_BLOCK);
      keep();
      emit(Op::POP_BLOCK);
      emit(Op::POP_EXCEPT);
      if (enclosure.name) clearHandlerName(enclosure.name);
      return;
  }
}

}  // namespace krait::codegen
