// Code for function, class and lambda definitions.
#include "compiler/codegen.h"
#include "compiler/unparse.h"

namespace krait::codegen {

void CodeGenerator::visitDecorators(ast::ExprList decorators) { visit(decorators); }

void CodeGenerator::applyDecorators(ast::ExprList decorators) {
  Location outer = unit_->location;
  for (size_t i = decorators.size(); i-- > 0;) {
    locate(decorators[i]);
    emitCall(0);
  }
  setLocation(outer);
}

void CodeGenerator::refuseDebugParameters(const ast::Arguments* arguments) const {
  auto check = [this](const ast::Arg& arg) { refuseDebugName(arg.name, ast::ExprContext::Store); };
  for (const ast::Arg& arg : arguments->posOnlyArgs) check(arg);
  for (const ast::Arg& arg : arguments->args) check(arg);
  if (arguments->varArg != nullptr) check(*arguments->varArg);
  for (const ast::Arg& arg : arguments->kwOnlyArgs) check(arg);
  if (arguments->kwArg != nullptr) check(*arguments->kwArg);
}

void CodeGenerator::setArgumentCounts(const ast::Arguments* arguments) {
  unit_->posOnlyArgCount = static_cast<int32_t>(arguments->posOnlyArgs.size());
  unit_->argCount = unit_->posOnlyArgCount + static_cast<int32_t>(arguments->args.size());
  unit_->kwOnlyArgCount = static_cast<int32_t>(arguments->kwOnlyArgs.size());
}

// Leaves a tuple of defaults and a dictionary of keyword-only defaults on the stack, where there are any; answers
// MAKE_FUNCTION's flags for them.
int32_t CodeGenerator::visitDefaults(const ast::Arguments* arguments) {
  int32_t flags = 0;
  if (!arguments->defaults.empty()) {
    flags |= 1;
    visit(arguments->defaults);
    emit(Op::BUILD_TUPLE, static_cast<int32_t>(arguments->defaults.size()));
  }
  std::vector<Constant> names;
  for (size_t i = 0; i < arguments->kwOnlyArgs.size(); i++) {
    if (arguments->kwDefaults[i] == nullptr) continue;
    names.push_back(Constant::str(mangled(arguments->kwOnlyArgs[i].name).view()));
    visit(arguments->kwDefaults[i]);
  }
  if (!names.empty()) {
    flags |= 2;
    int32_t count = static_cast<int32_t>(names.size());
    emitConstant(constantTuple(names));
    emit(Op::BUILD_CONST_KEY_MAP, count);
  }
  return flags;
}

void CodeGenerator::visitAnnotation(const ast::Expr* annotation) {
  if ((future_.flags & kCodeFutureAnnotations) != 0) {
    emitText(arena_.copyText(unparse(annotation)));
  } else {
    visit(annotation);
  }
}

// Leaves a tuple of names and annotations on the stack, when there are any.
bool CodeGenerator::visitAnnotations(const ast::Arguments* arguments, const ast::Expr* returns) {
  int32_t count = 0;
  auto add = [&](Identifier name, const ast::Expr* annotation) {
    if (annotation == nullptr) return;
    emitText(mangled(name).view());
    const auto* starred = annotation->tryAs<ast::Starred>();
    if (starred != nullptr && (future_.flags & kCodeFutureAnnotations) == 0) {
      // `*args: *Ts` is `(value,) = Ts`.
      visit(starred->value);
      emit(Op::UNPACK_SEQUENCE, 1);
    } else {
      visitAnnotation(annotation);
    }
    count += 2;
  };
  for (const ast::Arg& arg : arguments->args) add(arg.name, arg.annotation);
  for (const ast::Arg& arg : arguments->posOnlyArgs) add(arg.name, arg.annotation);
  if (arguments->varArg != nullptr) add(arguments->varArg->name, arguments->varArg->annotation);
  for (const ast::Arg& arg : arguments->kwOnlyArgs) add(arg.name, arg.annotation);
  if (arguments->kwArg != nullptr) add(arguments->kwArg->name, arguments->kwArg->annotation);
  add(arena_.intern("return"), returns);
  if (count == 0) return false;
  emit(Op::BUILD_TUPLE, count);
  return true;
}

void CodeGenerator::visitFunction(const ast::FunctionDef* node) {
  refuseDebugParameters(node->args);
  visitDecorators(node->decoratorList);
  int32_t firstLine = node->decoratorList.empty() ? node->line() : node->decoratorList[0]->line();
  int32_t flags = visitDefaults(node->args);
  if (visitAnnotations(node->args, node->returns)) flags |= 4;

  Unit unit(arena_, graphMemory_);
  enterScope(unit, node->isAsync() ? UnitKind::AsyncFunction : UnitKind::Function, node->name, node, firstLine);
  const ast::ConstantExpr* docstring = options_.optimizationLevel < 2 ? docstringOf(node->body) : nullptr;
  unit.constants.add(docstring != nullptr ? docstring->value : Constant::none());
  setArgumentCounts(node->args);
  visit(node->body.dropFirst(docstring != nullptr ? 1 : 0));
  const CodeUnit* code = leaveScope(true);

  emitClosure(code, flags);
  applyDecorators(node->decoratorList);
  emitName(node->name, ast::ExprContext::Store);
}

void CodeGenerator::visitLambda(const ast::Lambda* node) {
  refuseDebugParameters(node->args);
  int32_t flags = visitDefaults(node->args);
  Unit unit(arena_, graphMemory_);
  enterScope(unit, UnitKind::Lambda, arena_.intern("<lambda>"), node, node->line());
  // The first constant would be the docstring.
  unit.constants.add(Constant::none());
  setArgumentCounts(node->args);
  visit(node->body);
  bool isGenerator = unit.scope->isGenerator;
  if (!isGenerator) emit(Op::RETURN_VALUE);
  const CodeUnit* code = leaveScope(!isGenerator);
  emitClosure(code, flags);
}

void CodeGenerator::visitClass(const ast::ClassDef* node) {
  visitDecorators(node->decoratorList);
  int32_t firstLine = node->decoratorList.empty() ? node->line() : node->decoratorList[0]->line();
  Unit unit(arena_, graphMemory_);
  enterScope(unit, UnitKind::Class, node->name, node, firstLine);
  unit.className = node->name;
  emitName(arena_.intern("__name__"), ast::ExprContext::Load);
  emitName(arena_.intern("__module__"), ast::ExprContext::Store);
  emitText(arena_.copyText(unit.qualName));
  emitName(arena_.intern("__qualname__"), ast::ExprContext::Store);
  visitBody(node->body);
  unlocate();
  if (unit.scope->needsClassCell) {
    // The metaclass fills the cell that methods know as __class__.
    emit(Op::LOAD_CLOSURE, unit.cells.find(arena_.intern("__class__")));
    emit(Op::COPY, 1);
    emitName(arena_.intern("__classcell__"), ast::ExprContext::Store);
  } else {
    emitNone();
  }
  emit(Op::RETURN_VALUE);
  const CodeUnit* code = leaveScope(true);

  emit(Op::PUSH_NULL);
  emit(Op::LOAD_BUILD_CLASS);
  emitClosure(code, 0);
  emitText(node->name.view());
  visitArguments(2, node->bases, node->keywords);
  applyDecorators(node->decoratorList);
  emitName(node->name, ast::ExprContext::Store);
}

}  // namespace krait::codegen
