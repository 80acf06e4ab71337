// Code for calls: plain, of methods, and with unpacked arguments.
#include <algorithm>
#include <string>

#include "compiler/codegen.h"
#include "compiler/compile_failure.h"

namespace krait::codegen {

void CodeGenerator::visitCall(const ast::Call* node) {
  if (visitMethodCall(node)) return;
  warnOfCalledLiteral(node->func);
  locate(node->func);
  emit(Op::PUSH_NULL);
  locate(node);
  visit(node->func);
  visitArguments(0, node->args, node->keywords);
}

// `value.name(…)` without unpacking calls the method without making a bound one.
bool CodeGenerator::visitMethodCall(const ast::Call* node) {
  const auto* method = node->func->tryAs<ast::Attribute>();
  if (method == nullptr || method->ctx != ast::ExprContext::Load) return false;
  // A name that the module imports is most likely a module, whose functions are no methods.
  if (const auto* base = method->value->tryAs<ast::Name>(); base != nullptr && base->id.isImported()) {
    return false;
  }
  size_t count = node->args.size() + node->keywords.size();
  if (count + (node->keywords.empty() ? 0 : 1) >= kStackUseGuideline) return false;
  for (const ast::Expr* argument : node->args) {
    if (argument->kind == ast::ExprKind::Starred) return false;
  }
  for (const ast::Keyword& keyword : node->keywords) {
    if (!keyword.name) return false;
  }
  refuseRepeatedKeywords(node->keywords);
  visit(method->value);
  locate(method);
  locateAttribute(method);
  emitNamed(Op::LOAD_METHOD, method->attr);
  visit(node->args);
  for (const ast::Keyword& keyword : node->keywords) visit(keyword.value);
  if (!node->keywords.empty()) emitKeywordNames(node->keywords);
  locate(node);
  locateAttribute(method);
  emitCall(static_cast<int32_t>(count));
  return true;
}

void CodeGenerator::refuseRepeatedKeywords(const ArenaSpan<ast::Keyword>& keywords) {
  for (size_t i = 0; i < keywords.size(); i++) {
    if (!keywords[i].name) continue;
    refuseDebugName(keywords[i].name, ast::ExprContext::Store);
    for (size_t j = i + 1; j < keywords.size(); j++) {
      if (keywords[j].name == keywords[i].name) {
        failAt(keywords[j].location, "keyword argument repeated: " + std::string(keywords[j].name.view()));
      }
    }
  }
}

void CodeGenerator::emitKeywordNames(const ArenaSpan<ast::Keyword>& keywords) {
  std::vector<Constant> names;
  for (const ast::Keyword& keyword : keywords) names.push_back(Constant::str(keyword.name.view()));
  emit(Op::KW_NAMES, unit_->constants.add(constantTuple(names)));
}

// The arguments of a call of which `pushed` are on the stack already, and the call.
void CodeGenerator::visitArguments(int32_t pushed, ast::ExprList arguments, const ArenaSpan<ast::Keyword>& keywords) {
  refuseRepeatedKeywords(keywords);
  auto isStarred = [](const ast::Expr* argument) { return argument->kind == ast::ExprKind::Starred; };
  auto isUnpacked = [](const ast::Keyword& keyword) { return !keyword.name; };
  if (arguments.size() + keywords.size() * 2 > kStackUseGuideline ||
      std::any_of(arguments.begin(), arguments.end(), isStarred) ||
      std::any_of(keywords.begin(), keywords.end(), isUnpacked)) {
    return visitUnpackedArguments(pushed, arguments, keywords);
  }
  visit(arguments);
  for (const ast::Keyword& keyword : keywords) visit(keyword.value);
  if (!keywords.empty()) emitKeywordNames(keywords);
  emitCall(pushed + static_cast<int32_t>(arguments.size() + keywords.size()));
}

void CodeGenerator::visitUnpackedArguments(int32_t pushed, ast::ExprList arguments,
                                           const ArenaSpan<ast::Keyword>& keywords) {
  if (pushed == 0 && arguments.size() == 1 && arguments[0]->kind == ast::ExprKind::Starred) {
    visit(arguments[0]->as<ast::Starred>()->value);
  } else {
    visitUnpackedDisplay(arguments, pushed, Op::BUILD_LIST, Op::LIST_APPEND, Op::LIST_EXTEND, true);
  }
  bool hasDict = false;
  size_t pending = 0;
  auto flush = [&](size_t begin, size_t end) {
    visitKeywordPart(keywords, begin, end);
    if (hasDict) emit(Op::DICT_MERGE, 1);
    hasDict = true;
    pending = 0;
  };
  for (size_t i = 0; i < keywords.size(); i++) {
    if (keywords[i].name) {
      pending++;
      continue;
    }
    if (pending > 0) flush(i - pending, i);
    if (!hasDict) emit(Op::BUILD_MAP, 0);
    hasDict = true;
    visit(keywords[i].value);
    emit(Op::DICT_MERGE, 1);
  }
  if (pending > 0) flush(keywords.size() - pending, keywords.size());
  emit(Op::CALL_FUNCTION_EX, keywords.empty() ? 0 : 1);
}

void CodeGenerator::visitKeywordPart(const ArenaSpan<ast::Keyword>& keywords, size_t begin, size_t end) {
  size_t count = end - begin;
  bool isBig = count * 2 > kStackUseGuideline;
  if (count > 1 && !isBig) {
    std::vector<Constant> names;
    for (size_t i = begin; i < end; i++) {
      visit(keywords[i].value);
      names.push_back(Constant::str(keywords[i].name.view()));
    }
    emitConstant(constantTuple(names));
    emit(Op::BUILD_CONST_KEY_MAP, static_cast<int32_t>(count));
    return;
  }
  if (isBig) emitUnlocated(Op::BUILD_MAP, 0);
  for (size_t i = begin; i < end; i++) {
    emitText(keywords[i].name.view());
    visit(keywords[i].value);
    if (isBig) emitUnlocated(Op::MAP_ADD, 1);
  }
  if (!isBig) emit(Op::BUILD_MAP, static_cast<int32_t>(count));
}

}  // namespace krait::codegen
