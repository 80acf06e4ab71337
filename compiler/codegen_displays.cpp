// Code for list, tuple, set and dictionary displays, with and without unpacking, and for unpacking assignments.
#include <algorithm>

#include "compiler/codegen.h"
#include "compiler/fold.h"

namespace krait::codegen {

namespace {

bool areConstants(ast::ExprList expressions, size_t begin, size_t end) {
  return std::all_of(expressions.begin() + begin, expressions.begin() + end, [](const ast::Expr* expression) {
    return expression != nullptr && expression->kind == ast::ExprKind::Constant;
  });
}

bool isStarred(const ast::Expr* expression) { return expression->kind == ast::ExprKind::Starred; }

}  // namespace

void CodeGenerator::visitSequence(ast::ExprList elements, ast::ExprContext context, bool isTuple) {
  switch (context) {
    case ast::ExprContext::Load:
      return visitUnpackedDisplay(elements, 0, Op::BUILD_LIST, Op::LIST_APPEND, Op::LIST_EXTEND, isTuple);
    case ast::ExprContext::Store: return visitUnpackTargets(elements);
    case ast::ExprContext::Del: return visit(elements);
  }
}

// Builds a collection of `pushed` items that are on the stack already and of `elements`.
void CodeGenerator::visitUnpackedDisplay(ast::ExprList elements, int32_t pushed, Op build, Op add, Op extend,
                                         bool isTuple) {
  size_t count = elements.size();
  if (count > 2 && areConstants(elements, 0, count)) {
    std::vector<Constant> items;
    for (const ast::Expr* element : elements) items.push_back(element->as<ast::ConstantExpr>()->value);
    Constant folded = constantTuple(items);
    if (isTuple && pushed == 0) return emitConstant(folded);
    if (add == Op::SET_ADD) folded = distinctFrozenSet(arena_, items);
    emit(build, pushed);
    emitConstant(folded);
    emit(extend, 1);
    if (pushed != 0 && isTuple) emit(Op::LIST_TO_TUPLE);
    return;
  }
  bool isBig = count + static_cast<size_t>(pushed) > kStackUseGuideline;
  bool hasStar = std::any_of(elements.begin(), elements.end(), isStarred);
  if (!hasStar && !isBig) {
    visit(elements);
    emit(isTuple ? Op::BUILD_TUPLE : build, static_cast<int32_t>(count) + pushed);
    return;
  }
  bool isBuilt = false;
  if (isBig) {
    emit(build, pushed);
    isBuilt = true;
  }
  for (size_t i = 0; i < count; i++) {
    if (isStarred(elements[i])) {
      if (!isBuilt) emit(build, static_cast<int32_t>(i) + pushed);
      isBuilt = true;
      visit(elements[i]->as<ast::Starred>()->value);
      emit(extend, 1);
    } else {
      visit(elements[i]);
      if (isBuilt) emit(add, 1);
    }
  }
  if (isTuple) emit(Op::LIST_TO_TUPLE);
}

void CodeGenerator::visitDict(const ast::Dict* node) {
  size_t count = node->values.size();
  bool hasDict = false;
  size_t pending = 0;  // pairs before the current one that are not emitted yet
  auto flush = [&](size_t begin, size_t end) {
    visitDictPart(node, begin, end);
    if (hasDict) emit(Op::DICT_UPDATE, 1);
    hasDict = true;
    pending = 0;
  };
  for (size_t i = 0; i < count; i++) {
    if (node->keys[i] == nullptr) {
      if (pending > 0) flush(i - pending, i);
      if (!hasDict) emit(Op::BUILD_MAP, 0);
      hasDict = true;
      visit(node->values[i]);
      emit(Op::DICT_UPDATE, 1);
    } else if (pending * 2 > kStackUseGuideline) {
      flush(i - pending, i + 1);
    } else {
      pending++;
    }
  }
  if (pending > 0) flush(count - pending, count);
  if (!hasDict) emit(Op::BUILD_MAP, 0);
}

void CodeGenerator::visitDictPart(const ast::Dict* node, size_t begin, size_t end) {
  size_t count = end - begin;
  bool isBig = count * 2 > kStackUseGuideline;
  if (count > 1 && !isBig && areConstants(node->keys, begin, end)) {
    std::vector<Constant> keys;
    for (size_t i = begin; i < end; i++) {
      visit(node->values[i]);
      keys.push_back(node->keys[i]->as<ast::ConstantExpr>()->value);
    }
    emitConstant(constantTuple(keys));
    emit(Op::BUILD_CONST_KEY_MAP, static_cast<int32_t>(count));
    return;
  }
  if (isBig) emit(Op::BUILD_MAP, 0);
  for (size_t i = begin; i < end; i++) {
    visit(node->keys[i]);
    visit(node->values[i]);
    if (isBig) emit(Op::MAP_ADD, 1);
  }
  if (!isBig) emit(Op::BUILD_MAP, static_cast<int32_t>(count));
}

void CodeGenerator::visitUnpackTargets(ast::ExprList targets) {
  size_t count = targets.size();
  bool hasStar = false;
  for (size_t i = 0; i < count; i++) {
    if (!isStarred(targets[i])) continue;
    if (hasStar) fail("multiple starred expressions in assignment");
    size_t after = count - i - 1;
    if (i >= 1 << 8 || after >= INT32_MAX >> 8) fail("too many expressions in star-unpacking assignment");
    emit(Op::UNPACK_EX, static_cast<int32_t>(i + (after << 8)));
    hasStar = true;
  }
  if (!hasStar) emit(Op::UNPACK_SEQUENCE, static_cast<int32_t>(count));
  for (const ast::Expr* target : targets) {
    visit(isStarred(target) ? target->as<ast::Starred>()->value : target);
  }
}

}  // namespace krait::codegen
