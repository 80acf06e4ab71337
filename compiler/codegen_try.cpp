// Code for try in its three forms and for with.
#include "compiler/codegen.h"
#include "compiler/compile_failure.h"

namespace krait::codegen {

void CodeGenerator::visitTry(const ast::Try* node) {
  if (node->finalBody.empty()) return visitTryBody(node);
  visitTryFinally(node);
}

void CodeGenerator::visitTryBody(const ast::Try* node) { node->isStar() ? visitTryStar(node) : visitTryExcept(node); }

// The final body is emitted once for the normal way out, once for errors, and once per return, break or continue.
void CodeGenerator::visitTryFinally(const ast::Try* node) {
  Block* body = newBlock();
  Block* end = newBlock();
  Block* exit = newBlock();
  Block* cleanup = newBlock();
  emitJump(Op::SETUP_FINALLY, end);
  useNext(body);
  pushEnclosure({.kind = EnclosureKind::FinallyTry, .start = body, .exit = end, .finalBody = node->finalBody});
  if (node->handlers.empty()) {
    visit(node->body);
  } else {
    visitTryBody(node);
  }
  emitUnlocated(Op::POP_BLOCK);
  popEnclosure();
  visit(node->finalBody);
  emitUnlocatedJump(Op::JUMP, exit);

  useNext(end);
  pushEnclosure({.kind = EnclosureKind::FinallyEnd, .start = end});
  unlocate();
  emitJump(Op::SETUP_CLEANUP, cleanup);
  emit(Op::PUSH_EXC_INFO);
  visit(node->finalBody);
  popEnclosure();
  emit(Op::RERAISE, 0);
  useNext(cleanup);
  emitPopExceptAndReraise();
  useNext(exit);
}

void CodeGenerator::emitPopExceptAndReraise() {
  emit(Op::COPY, 3);
  emit(Op::POP_EXCEPT);
  emit(Op::RERAISE, 1);
}

void CodeGenerator::clearHandlerName(Identifier name) {
  emitNone();
  emitName(name, ast::ExprContext::Store);
  emitName(name, ast::ExprContext::Del);
}

// What comes out depends on the order in which blocks are made, not only on where they are used: the callers make them.

// The body of a try whose errors go to the handlers at `except`.
void CodeGenerator::emitGuardedBody(const ast::Try* node, Block* body, Block* except) {
  emitJump(Op::SETUP_FINALLY, except);
  useNext(body);
  pushEnclosure({.kind = EnclosureKind::TryExcept, .start = body});
  visit(node->body);
  popEnclosure();
  emitUnlocated(Op::POP_BLOCK);
}

void CodeGenerator::startHandlers(Block* except, Block* cleanup, EnclosureKind kind) {
  useNext(except);
  unlocate();
  emitJump(Op::SETUP_CLEANUP, cleanup);
  emit(Op::PUSH_EXC_INFO);
  pushEnclosure({.kind = kind});
}

// What stands in a handler, up to where it is left without an error.
void CodeGenerator::emitHandlerBody(const ast::ExceptHandler& handler, Block* body) {
  useNext(body);
  pushEnclosure({.kind = EnclosureKind::HandlerCleanup, .start = body, .name = handler.name});
  visit(handler.body);
  popEnclosure();
  unlocate();
  emit(Op::POP_BLOCK);
}

void CodeGenerator::visitTryExcept(const ast::Try* node) {
  Block* body = newBlock();
  Block* except = newBlock();
  Block* end = newBlock();
  Block* cleanup = newBlock();
  emitGuardedBody(node, body, except);
  visit(node->orElse);
  emitUnlocatedJump(Op::JUMP, end);

  startHandlers(except, cleanup, EnclosureKind::ExceptionHandler);
  for (size_t i = 0; i < node->handlers.size(); i++) {
    const ast::ExceptHandler& handler = node->handlers[i];
    locate(&handler);
    if (handler.type == nullptr && i + 1 < node->handlers.size()) fail("default 'except:' must be last");
    except = newBlock();
    if (handler.type != nullptr) {
      visit(handler.type);
      emit(Op::CHECK_EXC_MATCH);
      emitJump(Op::POP_JUMP_IF_FALSE, except);
    }
    if (handler.name) {
      // `except E as e: body` is `try: body finally: e = None; del e`.
      Block* cleanupEnd = newBlock();
      Block* cleanupBody = newBlock();
      emitName(handler.name, ast::ExprContext::Store);
      emitJump(Op::SETUP_CLEANUP, cleanupEnd);
      emitHandlerBody(handler, cleanupBody);
      emit(Op::POP_BLOCK);
      emit(Op::POP_EXCEPT);
      clearHandlerName(handler.name);
      emitJump(Op::JUMP, end);
      useNext(cleanupEnd);
      unlocate();
      clearHandlerName(handler.name);
      emit(Op::RERAISE, 1);
    } else {
      Block* cleanupBody = newBlock();
      emit(Op::POP_TOP);
      emitHandlerBody(handler, cleanupBody);
      emit(Op::POP_EXCEPT);
      emitJump(Op::JUMP, end);
    }
    useNext(except);
  }
  unlocate();
  popEnclosure();
  emit(Op::RERAISE, 0);
  useNext(cleanup);
  emitPopExceptAndReraise();
  useNext(end);
}

// On the stack while the handlers run: the original group, the list of what they raise, the part not handled yet.
void CodeGenerator::visitTryStar(const ast::Try* node) {
  Block* body = newBlock();
  Block* except = newBlock();
  Block* orElse = newBlock();
  Block* end = newBlock();
  Block* cleanup = newBlock();
  Block* reraiseStar = newBlock();
  emitGuardedBody(node, body, except);
  emitUnlocatedJump(Op::JUMP, orElse);

  startHandlers(except, cleanup, EnclosureKind::ExceptionGroupHandler);
  for (size_t i = 0; i < node->handlers.size(); i++) {
    const ast::ExceptHandler& handler = node->handlers[i];
    locate(&handler);
    except = newBlock();
    Block* handleMatch = newBlock();
    if (i == 0) {
      emit(Op::COPY, 1);
      emit(Op::BUILD_LIST, 0);
      emit(Op::SWAP, 2);
    }
    if (handler.type != nullptr) {
      visit(handler.type);
      emit(Op::CHECK_EG_MATCH);
      emit(Op::COPY, 1);
      emitJump(Op::POP_JUMP_IF_NOT_NONE, handleMatch);
      emit(Op::POP_TOP);
      emitJump(Op::JUMP, except);
    }
    useNext(handleMatch);
    Block* cleanupEnd = newBlock();
    Block* cleanupBody = newBlock();
    if (handler.name) {
      emitName(handler.name, ast::ExprContext::Store);
    } else {
      emit(Op::POP_TOP);
    }
    emitJump(Op::SETUP_CLEANUP, cleanupEnd);
    emitHandlerBody(handler, cleanupBody);
    if (handler.name) clearHandlerName(handler.name);
    emitJump(Op::JUMP, except);
    useNext(cleanupEnd);
    unlocate();
    if (handler.name) clearHandlerName(handler.name);
    // What the handler raised joins the list; the index of the failing instruction goes.
    emit(Op::LIST_APPEND, 3);
    emit(Op::POP_TOP);
    emitJump(Op::JUMP, except);
    useNext(except);
    if (i + 1 == node->handlers.size()) {
      emit(Op::LIST_APPEND, 1);
      emitJump(Op::JUMP, reraiseStar);
    }
  }
  popEnclosure();
  Block* reraise = newBlock();
  useNext(reraiseStar);
  emit(Op::PREP_RERAISE_STAR);
  emit(Op::COPY, 1);
  emitJump(Op::POP_JUMP_IF_NOT_NONE, reraise);
  emit(Op::POP_TOP);
  emit(Op::POP_BLOCK);
  emit(Op::POP_EXCEPT);
  emitJump(Op::JUMP, end);
  useNext(reraise);
  emit(Op::POP_BLOCK);
  emit(Op::SWAP, 2);
  emit(Op::POP_EXCEPT);
  emit(Op::RERAISE, 0);
  useNext(cleanup);
  emitPopExceptAndReraise();
  useNext(orElse);
  visit(node->orElse);
  useNext(end);
}

void CodeGenerator::visitWith(const ast::With* node, size_t position) {
  bool isAsync = node->isAsync();
  if (isAsync) {
    if (options_.allowTopLevelAwait && unit_->kind == UnitKind::Module) {
      unit_->scope->isCoroutine = true;
    } else if (unit_->kind != UnitKind::AsyncFunction) {
      fail("'async with' outside async function");
    }
  }
  const ast::WithItem& item = node->items[position];
  Block* block = newBlock();
  Block* final = newBlock();
  Block* exit = newBlock();
  Block* cleanup = newBlock();
  visit(item.contextExpr);
  auto await = [this, isAsync](int32_t from) {
    if (!isAsync) return;
    emit(Op::GET_AWAITABLE, from);
    emitNone();
    emitYieldFrom(true);
  };
  emit(isAsync ? Op::BEFORE_ASYNC_WITH : Op::BEFORE_WITH);
  await(1);
  emitJump(Op::SETUP_WITH, final);
  useNext(block);
  pushEnclosure({.kind = isAsync ? EnclosureKind::AsyncWith : EnclosureKind::With,
                 .start = block,
                 .exit = final,
                 .location = node->location});
  if (item.optionalVars != nullptr) {
    visit(item.optionalVars);
  } else {
    emit(Op::POP_TOP);
  }
  if (position + 1 == node->items.size()) {
    visit(node->body);
  } else {
    visitWith(node, position + 1);
  }
  popEnclosure();
  if (!isAsync) unlocate();
  emit(Op::POP_BLOCK);
  // Left normally: __exit__(None, None, None).
  locate(node);
  emitCallWithNones();
  await(2);
  emit(Op::POP_TOP);
  emitJump(Op::JUMP, exit);
  // Left by an error.
  useNext(final);
  emitJump(Op::SETUP_CLEANUP, cleanup);
  emit(Op::PUSH_EXC_INFO);
  emit(Op::WITH_EXCEPT_START);
  await(2);
  emitWithExceptFinish(cleanup);
  useNext(exit);
}

void CodeGenerator::emitWithExceptFinish(Block* cleanup) {
  Block* suppress = newBlock();
  emitJump(Op::POP_JUMP_IF_TRUE, suppress);
  emit(Op::RERAISE, 2);
  useNext(cleanup);
  unlocate();
  emitPopExceptAndReraise();
  useNext(suppress);
  emit(Op::POP_TOP);
  emit(Op::POP_BLOCK);
  emit(Op::POP_EXCEPT);
  emit(Op::POP_TOP);
  emit(Op::POP_TOP);
}

}  // namespace krait::codegen
