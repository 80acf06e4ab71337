// Code for comprehensions and generator expressions: a function of the outermost iterable, called on the spot.
#include "compiler/codegen.h"

namespace krait::codegen {

void CodeGenerator::visitComprehension(const ast::Expr* node, ComprehensionKind kind, std::string_view name,
                                       const ArenaSpan<ast::Comprehension>& generators, const ast::Expr* element,
                                       const ast::Expr* value) {
  UnitKind outerKind = unit_->kind;
  bool topLevelAwait = options_.allowTopLevelAwait && unit_->kind == UnitKind::Module;
  Unit unit(arena_, graphMemory_);
  enterScope(unit, UnitKind::Comprehension, arena_.intern(name), node, node->line());
  locate(node);
  bool isAsync = unit.scope->isCoroutine;
  bool isGenerator = kind == ComprehensionKind::Generator;
  if (isAsync && !isGenerator && outerKind != UnitKind::AsyncFunction && outerKind != UnitKind::Comprehension &&
      !topLevelAwait) {
    fail("asynchronous comprehension outside of an asynchronous function");
  }
  switch (kind) {
    case ComprehensionKind::List: emit(Op::BUILD_LIST, 0); break;
    case ComprehensionKind::Set: emit(Op::BUILD_SET, 0); break;
    case ComprehensionKind::Dict: emit(Op::BUILD_MAP, 0); break;
    case ComprehensionKind::Generator:
    case ComprehensionKind::None: break;
  }
  visitGenerators({kind, generators, element, value}, 0, 0);
  if (!isGenerator) emit(Op::RETURN_VALUE);
  const CodeUnit* code = leaveScope(true);
  if (topLevelAwait && isAsync) unit_->scope->isCoroutine = true;

  emitClosure(code, 0);
  const ast::Comprehension& outermost = generators.front();
  visit(outermost.iter);
  emit(outermost.isAsync ? Op::GET_AITER : Op::GET_ITER);
  emitCall(0);
  if (isAsync && !isGenerator) {
    emit(Op::GET_AWAITABLE, 0);
    emitNone();
    emitYieldFrom(true);
  }
}

void CodeGenerator::visitGenerators(const ComprehensionBody& body, size_t index, int32_t depth) {
  if (body.generators[index].isAsync) {
    visitAsyncGenerator(body, index, depth);
  } else {
    visitSyncGenerator(body, index, depth);
  }
}

// The next `for`, or after the last one the element. `depth` is the number of iterators on the stack.
void CodeGenerator::visitInnermost(const ComprehensionBody& body, size_t index, int32_t depth) {
  if (index < body.generators.size()) return visitGenerators(body, index, depth);
  visit(body.element);
  switch (body.kind) {
    case ComprehensionKind::Generator:
      emitYield();
      emit(Op::POP_TOP);
      break;
    case ComprehensionKind::List: emit(Op::LIST_APPEND, depth + 1); break;
    case ComprehensionKind::Set: emit(Op::SET_ADD, depth + 1); break;
    case ComprehensionKind::Dict:
      visit(body.value);
      emit(Op::MAP_ADD, depth + 1);
      break;
    case ComprehensionKind::None: break;
  }
}

void CodeGenerator::visitSyncGenerator(const ComprehensionBody& body, size_t index, int32_t depth) {
  const ast::Comprehension& generator = body.generators[index];
  Block* start = newBlock();
  Block* ifCleanup = newBlock();
  Block* anchor = newBlock();
  bool loops = true;
  if (index == 0) {
    unit_->argCount = 1;
    emit(Op::LOAD_FAST, 0);
  } else {
    // `for y in [f(x)]` is an assignment.
    ast::ExprList elements;
    if (const auto* list = generator.iter->tryAs<ast::List>()) elements = list->elts;
    if (const auto* tuple = generator.iter->tryAs<ast::Tuple>()) elements = tuple->elts;
    if (elements.size() == 1 && elements[0]->kind != ast::ExprKind::Starred) {
      visit(elements[0]);
      loops = false;
    } else {
      visit(generator.iter);
      emit(Op::GET_ITER);
    }
  }
  if (loops) {
    depth++;
    useNext(start);
    emitJump(Op::FOR_ITER, anchor);
  }
  visit(generator.target);
  for (const ast::Expr* condition : generator.ifs) jumpIf(condition, ifCleanup, false);
  visitInnermost(body, index + 1, depth);
  useNext(ifCleanup);
  if (loops) {
    emitJump(Op::JUMP, start);
    useNext(anchor);
  }
}

void CodeGenerator::visitAsyncGenerator(const ComprehensionBody& body, size_t index, int32_t depth) {
  const ast::Comprehension& generator = body.generators[index];
  Block* start = newBlock();
  Block* except = newBlock();
  Block* ifCleanup = newBlock();
  if (index == 0) {
    unit_->argCount = 1;
    emit(Op::LOAD_FAST, 0);
  } else {
    visit(generator.iter);
    emit(Op::GET_AITER);
  }
  useNext(start);
  pushEnclosure({.kind = EnclosureKind::AsyncComprehension, .start = start});
  emitJump(Op::SETUP_FINALLY, except);
  emit(Op::GET_ANEXT);
  emitNone();
  emitYieldFrom(true);
  emit(Op::POP_BLOCK);
  visit(generator.target);
  for (const ast::Expr* condition : generator.ifs) jumpIf(condition, ifCleanup, false);
  visitInnermost(body, index + 1, depth + 1);
  useNext(ifCleanup);
  emitJump(Op::JUMP, start);
  popEnclosure();
  useNext(except);
  emit(Op::END_ASYNC_FOR);
}

}  // namespace krait::codegen
