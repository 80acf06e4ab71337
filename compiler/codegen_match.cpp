// Code for match statements: tests on copies of the subject, captures kept on the stack until the whole pattern fits.
#include <algorithm>
#include <string>

#include "compiler/codegen.h"
#include "compiler/compile_failure.h"
#include "compiler/fold.h"

namespace krait::codegen {

namespace {

bool isWildcard(const ast::Pattern* pattern) {
  const auto* as = pattern->tryAs<ast::MatchAs>();
  return as != nullptr && !as->name && as->pattern == nullptr;
}

bool isWildcardStar(const ast::Pattern* pattern) {
  const auto* star = pattern->tryAs<ast::MatchStar>();
  return star != nullptr && !star->name;
}

std::string quoted(Identifier name) { return "'" + std::string(name.view()) + "'"; }

}  // namespace

void CodeGenerator::visitMatch(const ast::Match* node) {
  visit(node->subject);
  Block* end = newBlock();
  size_t count = node->cases.size();
  bool hasDefault = isWildcard(node->cases[count - 1].pattern) && count > 1;
  size_t tested = count - (hasDefault ? 1 : 0);
  for (size_t i = 0; i < tested; i++) {
    const ast::MatchCase& match = node->cases[i];
    bool isLast = i + 1 == tested;
    locate(match.pattern);
    // The last case may consume the subject.
    if (!isLast) emit(Op::COPY, 1);
    PatternContext context;
    context.allowIrrefutable = match.guard != nullptr || i + 1 == count;
    visitPattern(match.pattern, context);
    for (Identifier name : context.stores) emitName(name, ast::ExprContext::Store);
    if (match.guard != nullptr) {
      growFailPops(context, 1);
      jumpIf(match.guard, context.failPops[0], false);
    }
    if (!isLast) emit(Op::POP_TOP);
    visit(match.body);
    emitJump(Op::JUMP, end);
    // A failure belongs to the pattern that failed, not to the end of the body.
    locate(match.pattern);
    emitFailPops(context);
  }
  if (hasDefault) {
    const ast::MatchCase& match = node->cases[count - 1];
    locate(match.pattern);
    emit(count == 1 ? Op::POP_TOP : Op::NOP);
    if (match.guard != nullptr) jumpIf(match.guard, end, false);
    visit(match.body);
  }
  useNext(end);
}

// ---- failing ---------------------------------------------------------------------------------------------------------

void CodeGenerator::growFailPops(PatternContext& context, size_t count) {
  while (context.failPops.size() < count) context.failPops.push_back(newBlock());
}

void CodeGenerator::jumpToFailPop(PatternContext& context, Op op) {
  size_t pops = static_cast<size_t>(context.onTop) + context.stores.size();
  growFailPops(context, pops + 1);
  emitJump(op, context.failPops[pops]);
}

void CodeGenerator::emitFailPops(PatternContext& context) {
  if (context.failPops.empty()) {
    useNext(newBlock());
    return;
  }
  while (context.failPops.size() > 1) {
    useNext(context.failPops.back());
    context.failPops.pop_back();
    emit(Op::POP_TOP);
  }
  useNext(context.failPops.back());
  context.failPops.pop_back();
}

// ---- capturing -------------------------------------------------------------------------------------------------------

// Moves the top of the stack below the next `count - 1` items.
void CodeGenerator::rotate(int32_t count) {
  for (; count > 1; count--) emit(Op::SWAP, count);
}

void CodeGenerator::storeCapture(Identifier name, PatternContext& context) {
  if (!name) return emit(Op::POP_TOP);
  refuseDebugName(name, ast::ExprContext::Store);
  if (std::find(context.stores.begin(), context.stores.end(), name) != context.stores.end()) {
    fail("multiple assignments to name " + quoted(name) + " in pattern");
  }
  rotate(context.onTop + static_cast<int32_t>(context.stores.size()) + 1);
  context.stores.push_back(name);
}

// ---- patterns --------------------------------------------------------------------------------------------------------

void CodeGenerator::visitPattern(const ast::Pattern* pattern, PatternContext& context) {
  // Not undone afterwards: captures are stored at the place of the pattern visited last.
  locate(pattern);
  switch (pattern->kind) {
    case ast::PatternKind::MatchValue: visitMatchValue(pattern->as<ast::MatchValue>(), context); break;
    case ast::PatternKind::MatchSingleton:
      emitConstant(pattern->as<ast::MatchSingleton>()->value);
      emit(Op::IS_OP, 0);
      jumpToFailPop(context, Op::POP_JUMP_IF_FALSE);
      break;
    case ast::PatternKind::MatchSequence: visitMatchSequence(pattern->as<ast::MatchSequence>(), context); break;
    case ast::PatternKind::MatchMapping: visitMatchMapping(pattern->as<ast::MatchMapping>(), context); break;
    case ast::PatternKind::MatchClass: visitMatchClass(pattern->as<ast::MatchClass>(), context); break;
    case ast::PatternKind::MatchStar: storeCapture(pattern->as<ast::MatchStar>()->name, context); break;
    case ast::PatternKind::MatchAs: visitMatchAs(pattern->as<ast::MatchAs>(), context); break;
    case ast::PatternKind::MatchOr: visitMatchOr(pattern->as<ast::MatchOr>(), context); break;
  }
}

void CodeGenerator::visitSubpattern(const ast::Pattern* pattern, PatternContext& context) {
  bool outer = context.allowIrrefutable;
  context.allowIrrefutable = true;
  visitPattern(pattern, context);
  context.allowIrrefutable = outer;
}

void CodeGenerator::visitMatchAs(const ast::MatchAs* pattern, PatternContext& context) {
  if (pattern->pattern == nullptr) {
    if (!context.allowIrrefutable) {
      fail(pattern->name ? "name capture " + quoted(pattern->name) + " makes remaining patterns unreachable"
                         : "wildcard makes remaining patterns unreachable");
    }
    return storeCapture(pattern->name, context);
  }
  context.onTop++;
  emit(Op::COPY, 1);
  visitPattern(pattern->pattern, context);
  context.onTop--;
  storeCapture(pattern->name, context);
}

void CodeGenerator::visitMatchValue(const ast::MatchValue* pattern, PatternContext& context) {
  ast::ExprKind kind = pattern->value->kind;
  if (kind != ast::ExprKind::Constant && kind != ast::ExprKind::Attribute) {
    fail("patterns may only match literals and attribute lookups");
  }
  visit(pattern->value);
  emitCompare(ast::CompareOperator::Eq);
  jumpToFailPop(context, Op::POP_JUMP_IF_FALSE);
}

void CodeGenerator::visitMatchClass(const ast::MatchClass* pattern, PatternContext& context) {
  size_t positional = pattern->patterns.size();
  size_t count = positional + pattern->kwdAttrs.size();
  for (size_t i = 0; i < pattern->kwdAttrs.size(); i++) {
    locate(pattern->kwdPatterns[i]);
    refuseDebugName(pattern->kwdAttrs[i], ast::ExprContext::Store);
    locate(pattern);
    for (size_t j = i + 1; j < pattern->kwdAttrs.size(); j++) {
      if (pattern->kwdAttrs[i] != pattern->kwdAttrs[j]) continue;
      failAt(pattern->kwdPatterns[j]->location,
             "attribute name repeated in class pattern: " + std::string(pattern->kwdAttrs[i].view()));
    }
  }
  visit(pattern->cls);
  std::vector<Constant> names;
  for (Identifier name : pattern->kwdAttrs) names.push_back(Constant::str(name.view()));
  emitConstant(constantTuple(names));
  emit(Op::MATCH_CLASS, static_cast<int32_t>(positional));
  emit(Op::COPY, 1);
  emitNone();
  emit(Op::IS_OP, 1);
  // On top is the tuple of attributes, or None.
  context.onTop++;
  jumpToFailPop(context, Op::POP_JUMP_IF_FALSE);
  emit(Op::UNPACK_SEQUENCE, static_cast<int32_t>(count));
  context.onTop += static_cast<int32_t>(count) - 1;
  for (size_t i = 0; i < count; i++) {
    context.onTop--;
    const ast::Pattern* part = i < positional ? pattern->patterns[i] : pattern->kwdPatterns[i - positional];
    if (isWildcard(part)) {
      emit(Op::POP_TOP);
    } else {
      visitSubpattern(part, context);
    }
  }
}

void CodeGenerator::visitMatchMapping(const ast::MatchMapping* pattern, PatternContext& context) {
  size_t size = pattern->keys.size();
  int32_t count = static_cast<int32_t>(size);
  context.onTop++;  // the subject stays on top
  emit(Op::MATCH_MAPPING);
  jumpToFailPop(context, Op::POP_JUMP_IF_FALSE);
  if (size == 0 && !pattern->rest) {
    context.onTop--;
    return emit(Op::POP_TOP);
  }
  if (size > 0) {
    emit(Op::GET_LEN);
    emitConstant(Constant::integer(count));
    emitCompare(ast::CompareOperator::GtE);
    jumpToFailPop(context, Op::POP_JUMP_IF_FALSE);
  }
  for (size_t i = 0; i < size; i++) {
    const ast::Expr* key = pattern->keys[i];
    if (const auto* constant = key->tryAs<ast::ConstantExpr>(); constant != nullptr) {
      for (size_t j = 0; j < i; j++) {
        const auto* other = pattern->keys[j]->tryAs<ast::ConstantExpr>();
        if (other == nullptr || !constantsEqual(constant->value, other->value)) continue;
        std::string repr;
        appendRepr(repr, constant->value);
        fail("mapping pattern checks duplicate key (" + repr + ")");
      }
    } else if (key->kind != ast::ExprKind::Attribute) {
      fail("mapping pattern keys may only match literals and attribute lookups");
    }
    visit(key);
  }
  emit(Op::BUILD_TUPLE, count);
  emit(Op::MATCH_KEYS);
  // On top are the keys, and above them the values or None.
  context.onTop += 2;
  emit(Op::COPY, 1);
  emitNone();
  emit(Op::IS_OP, 1);
  jumpToFailPop(context, Op::POP_JUMP_IF_FALSE);
  emit(Op::UNPACK_SEQUENCE, count);
  context.onTop += count - 1;
  for (const ast::Pattern* value : pattern->patterns) {
    context.onTop--;
    visitSubpattern(value, context);
  }
  // What follows consumes keys and subject.
  context.onTop -= 2;
  if (!pattern->rest) {
    emit(Op::POP_TOP);
    return emit(Op::POP_TOP);
  }
  // rest = dict(subject); for key in keys: del rest[key]
  emit(Op::BUILD_MAP, 0);
  emit(Op::SWAP, 3);
  emit(Op::DICT_UPDATE, 2);
  emit(Op::UNPACK_SEQUENCE, count);
  for (int32_t remaining = count; remaining > 0; remaining--) {
    emit(Op::COPY, 1 + remaining);
    emit(Op::SWAP, 2);
    emit(Op::DELETE_SUBSCR);
  }
  storeCapture(pattern->rest, context);
}

void CodeGenerator::visitMatchOr(const ast::MatchOr* pattern, PatternContext& context) {
  Block* end = newBlock();
  std::vector<Identifier> control;  // what the first alternative captures, in its order
  size_t size = pattern->patterns.size();
  for (size_t i = 0; i < size; i++) {
    const ast::Pattern* alternative = pattern->patterns[i];
    locate(alternative);
    PatternContext inner;
    inner.allowIrrefutable = i + 1 == size && context.allowIrrefutable;
    emit(Op::COPY, 1);
    visitPattern(alternative, inner);
    std::vector<Identifier>& stores = inner.stores;
    if (i == 0) {
      control = stores;
    } else if (stores.size() != control.size()) {
      fail("alternative patterns bind different names");
    } else {
      // Bring the captures into the order of the first alternative.
      for (size_t wanted = stores.size(); wanted-- > 0;) {
        auto found = std::find(stores.begin(), stores.end(), control[wanted]);
        if (found == stores.end()) {
          fail("alternative patterns bind different names");
        }
        size_t actual = static_cast<size_t>(found - stores.begin());
        if (actual == wanted) continue;
        size_t rotations = actual + 1;
        std::vector<Identifier> rotated(stores.begin(), stores.begin() + static_cast<ptrdiff_t>(rotations));
        stores.erase(stores.begin(), stores.begin() + static_cast<ptrdiff_t>(rotations));
        stores.insert(stores.begin() + static_cast<ptrdiff_t>(wanted - actual), rotated.begin(), rotated.end());
        for (; rotations > 0; rotations--) rotate(static_cast<int32_t>(wanted) + 1);
      }
    }
    emitJump(Op::JUMP, end);
    emitFailPops(inner);
  }
  // No alternative fits: drop the copy of the subject and fail.
  emit(Op::POP_TOP);
  jumpToFailPop(context, Op::JUMP);
  useNext(end);
  // Move the captures below everything that the outer pattern keeps on the stack, and below the subject.
  int32_t depth = static_cast<int32_t>(control.size() + 1 + context.stores.size()) + context.onTop;
  for (Identifier name : control) {
    rotate(depth);
    if (std::find(context.stores.begin(), context.stores.end(), name) != context.stores.end()) {
      fail("multiple assignments to name " + quoted(name) + " in pattern");
    }
    context.stores.push_back(name);
  }
  emit(Op::POP_TOP);
}

void CodeGenerator::visitMatchSequence(const ast::MatchSequence* pattern, PatternContext& context) {
  const ast::PatternList& patterns = pattern->patterns;
  size_t size = patterns.size();
  bool hasStar = false, onlyWildcards = true, starIsWildcard = false;
  size_t star = 0;
  for (size_t i = 0; i < size; i++) {
    if (patterns[i]->kind == ast::PatternKind::MatchStar) {
      if (hasStar) fail("multiple starred names in sequence pattern");
      hasStar = true;
      star = i;
      starIsWildcard = isWildcardStar(patterns[i]);
      onlyWildcards &= starIsWildcard;
    } else {
      onlyWildcards &= isWildcard(patterns[i]);
    }
  }
  context.onTop++;  // the subject stays on top
  emit(Op::MATCH_SEQUENCE);
  jumpToFailPop(context, Op::POP_JUMP_IF_FALSE);
  if (!hasStar || size > 1) {
    emit(Op::GET_LEN);
    emitConstant(Constant::integer(static_cast<int64_t>(hasStar ? size - 1 : size)));
    emitCompare(hasStar ? ast::CompareOperator::GtE : ast::CompareOperator::Eq);
    jumpToFailPop(context, Op::POP_JUMP_IF_FALSE);
  }
  context.onTop--;
  if (onlyWildcards) {
    emit(Op::POP_TOP);
  } else if (starIsWildcard) {
    subscriptSequencePattern(patterns, star, context);
  } else {
    unpackSequencePattern(patterns, context);
  }
}

void CodeGenerator::unpackSequencePattern(ast::PatternList patterns, PatternContext& context) {
  size_t size = patterns.size();
  bool hasStar = false;
  for (size_t i = 0; i < size; i++) {
    if (patterns[i]->kind != ast::PatternKind::MatchStar) continue;
    size_t after = size - i - 1;
    if (i >= 1 << 8 || after >= INT32_MAX >> 8) fail("too many expressions in star-unpacking sequence pattern");
    emit(Op::UNPACK_EX, static_cast<int32_t>(i + (after << 8)));
    hasStar = true;
  }
  if (!hasStar) emit(Op::UNPACK_SEQUENCE, static_cast<int32_t>(size));
  context.onTop += static_cast<int32_t>(size);
  for (const ast::Pattern* part : patterns) {
    context.onTop--;
    visitSubpattern(part, context);
  }
}

// `[a, *_, b]`: items by index, for the starred ones need not be made.
void CodeGenerator::subscriptSequencePattern(ast::PatternList patterns, size_t star, PatternContext& context) {
  context.onTop++;
  size_t size = patterns.size();
  for (size_t i = 0; i < size; i++) {
    if (i == star || isWildcard(patterns[i])) continue;
    emit(Op::COPY, 1);
    if (i < star) {
      emitConstant(Constant::integer(static_cast<int64_t>(i)));
    } else {
      // The subject may know no negative indices.
      emit(Op::GET_LEN);
      emitConstant(Constant::integer(static_cast<int64_t>(size - i)));
      emit(Op::BINARY_OP, binaryOperand(ast::Operator::Sub, false));
    }
    emit(Op::BINARY_SUBSCR);
    visitSubpattern(patterns[i], context);
  }
  context.onTop--;
  emit(Op::POP_TOP);
}

}  // namespace krait::codegen
