// Code for simple statements, and the dispatch over all statements.
#include <string>

#include "compiler/codegen.h"
#include "compiler/compile_failure.h"

namespace krait::codegen {

namespace {

// Whether an annotated assignment stands in this scope itself, however deep in its control structures. CPython 3.11
// does not look into `match`: there the assignment fails with a NameError unless another one made __annotations__.
bool hasAnnotations(ast::StmtList statements) {
  for (const ast::Stmt* statement : statements) {
    switch (statement->kind) {
      case ast::StmtKind::AnnAssign: return true;
      case ast::StmtKind::For:
      case ast::StmtKind::AsyncFor: {
        auto* node = statement->as<ast::For>();
        if (hasAnnotations(node->body) || hasAnnotations(node->orElse)) return true;
        break;
      }
      case ast::StmtKind::While: {
        auto* node = statement->as<ast::While>();
        if (hasAnnotations(node->body) || hasAnnotations(node->orElse)) return true;
        break;
      }
      case ast::StmtKind::If: {
        auto* node = statement->as<ast::If>();
        if (hasAnnotations(node->body) || hasAnnotations(node->orElse)) return true;
        break;
      }
      case ast::StmtKind::With:
      case ast::StmtKind::AsyncWith:
        if (hasAnnotations(statement->as<ast::With>()->body)) return true;
        break;
      case ast::StmtKind::Try:
      case ast::StmtKind::TryStar: {
        auto* node = statement->as<ast::Try>();
        for (const ast::ExceptHandler& handler : node->handlers) {
          if (hasAnnotations(handler.body)) return true;
        }
        if (hasAnnotations(node->body) || hasAnnotations(node->finalBody) || hasAnnotations(node->orElse)) return true;
        break;
      }
      default: break;
    }
  }
  return false;
}

}  // namespace

const ast::ConstantExpr* docstringOf(ast::StmtList body) {
  if (body.empty()) return nullptr;
  const auto* statement = body.front()->tryAs<ast::ExprStmt>();
  const auto* constant = statement != nullptr ? statement->value->tryAs<ast::ConstantExpr>() : nullptr;
  return constant != nullptr && constant->value.is(ConstantKind::Str) ? constant : nullptr;
}

// The body of a module or class.
void CodeGenerator::visitBody(ast::StmtList body) {
  bool isTopOfInteractive = isInteractive_ && unit_->outer == nullptr;
  // SETUP_ANNOTATIONS is on the line of a module's first statement.
  if (unit_->kind == UnitKind::Module && !body.empty() && !isTopOfInteractive) locate(body.front());
  if (hasAnnotations(body)) emit(Op::SETUP_ANNOTATIONS);
  size_t first = 0;
  if (const ast::ConstantExpr* docstring = docstringOf(body);
      docstring != nullptr && options_.optimizationLevel < 2 && !isTopOfInteractive) {
    first = 1;
    visit(docstring);
    unlocate();
    emitName(arena_.intern("__doc__"), ast::ExprContext::Store);
  }
  visit(body.dropFirst(first));
}

void CodeGenerator::visit(const ast::Stmt* statement) {
  locate(statement);
  switch (statement->kind) {
    case ast::StmtKind::FunctionDef:
    case ast::StmtKind::AsyncFunctionDef: return visitFunction(statement->as<ast::FunctionDef>());
    case ast::StmtKind::ClassDef: return visitClass(statement->as<ast::ClassDef>());
    case ast::StmtKind::Return: return visitReturn(statement->as<ast::Return>());
    case ast::StmtKind::Delete: return visit(statement->as<ast::Delete>()->targets);
    case ast::StmtKind::Assign: {
      auto* node = statement->as<ast::Assign>();
      visit(node->value);
      for (size_t i = 0; i < node->targets.size(); i++) {
        if (i + 1 < node->targets.size()) emit(Op::COPY, 1);
        visit(node->targets[i]);
      }
      return;
    }
    case ast::StmtKind::AugAssign: return visitAugmentedAssignment(statement->as<ast::AugAssign>());
    case ast::StmtKind::AnnAssign: return visitAnnotatedAssignment(statement->as<ast::AnnAssign>());
    case ast::StmtKind::For: return visitFor(statement->as<ast::For>());
    case ast::StmtKind::AsyncFor: return visitAsyncFor(statement->as<ast::For>());
    case ast::StmtKind::While: return visitWhile(statement->as<ast::While>());
    case ast::StmtKind::If: return visitIf(statement->as<ast::If>());
    case ast::StmtKind::With:
    case ast::StmtKind::AsyncWith: return visitWith(statement->as<ast::With>(), 0);
    case ast::StmtKind::Match: return visitMatch(statement->as<ast::Match>());
    case ast::StmtKind::Raise: {
      auto* node = statement->as<ast::Raise>();
      int32_t count = 0;
      if (node->exc != nullptr) {
        visit(node->exc);
        count++;
        if (node->cause != nullptr) {
          visit(node->cause);
          count++;
        }
      }
      return emit(Op::RAISE_VARARGS, count);
    }
    case ast::StmtKind::Try:
    case ast::StmtKind::TryStar: return visitTry(statement->as<ast::Try>());
    case ast::StmtKind::Assert: return visitAssert(statement->as<ast::Assert>());
    case ast::StmtKind::Import: return visitImport(statement->as<ast::Import>());
    case ast::StmtKind::ImportFrom: return visitImportFrom(statement->as<ast::ImportFrom>());
    case ast::StmtKind::Global:
    case ast::StmtKind::Nonlocal: return;
    case ast::StmtKind::Expr: return visitExpressionStatement(statement->as<ast::ExprStmt>());
    case ast::StmtKind::Pass: return emit(Op::NOP);
    case ast::StmtKind::Break: return visitBreak();
    case ast::StmtKind::Continue: return visitContinue();
  }
}

void CodeGenerator::visitExpressionStatement(const ast::ExprStmt* node) {
  if (isInteractive_ && unit_->outer == nullptr) {
    visit(node->value);
    return emit(Op::PRINT_EXPR);
  }
  if (node->value->kind == ast::ExprKind::Constant) return emit(Op::NOP);
  visit(node->value);
  unlocate();
  emit(Op::POP_TOP);
}

void CodeGenerator::visitAugmentedAssignment(const ast::AugAssign* node) {
  Location outer = unit_->location;
  const ast::Expr* target = node->target;
  const auto* attribute = target->tryAs<ast::Attribute>();
  const auto* subscript = target->tryAs<ast::Subscript>();
  const auto* name = target->tryAs<ast::Name>();
  locate(target);
  if (attribute != nullptr) {
    visit(attribute->value);
    emit(Op::COPY, 1);
    locateAttribute(attribute);
    emitNamed(Op::LOAD_ATTR, attribute->attr);
  } else if (subscript != nullptr) {
    visit(subscript->value);
    visit(subscript->slice);
    emit(Op::COPY, 2);
    emit(Op::COPY, 2);
    emit(Op::BINARY_SUBSCR);
  } else {
    emitName(name->id, ast::ExprContext::Load);
  }
  setLocation(outer);
  visit(node->value);
  emit(Op::BINARY_OP, binaryOperand(node->op, true));
  locate(target);
  if (attribute != nullptr) {
    locateAttribute(attribute);
    emit(Op::SWAP, 2);
    emitNamed(Op::STORE_ATTR, attribute->attr);
  } else if (subscript != nullptr) {
    emit(Op::SWAP, 3);
    emit(Op::SWAP, 2);
    emit(Op::STORE_SUBSCR);
  } else {
    emitName(name->id, ast::ExprContext::Store);
  }
}

void CodeGenerator::visitAnnotatedAssignment(const ast::AnnAssign* node) {
  bool isKept = unit_->kind == UnitKind::Module || unit_->kind == UnitKind::Class;
  if (node->value != nullptr) {
    visit(node->value);
    visit(node->target);
  }
  switch (node->target->kind) {
    case ast::ExprKind::Name: {
      Identifier name = node->target->as<ast::Name>()->id;
      refuseDebugName(name, ast::ExprContext::Store);
      if (node->simple && isKept) {
        visitAnnotation(node->annotation);
        emit(Op::LOAD_NAME, unit_->names.add(arena_.intern("__annotations__")));
        emitText(mangled(name).view());
        emit(Op::STORE_SUBSCR);
      }
      break;
    }
    case ast::ExprKind::Attribute: {
      const auto* attribute = node->target->as<ast::Attribute>();
      refuseDebugName(attribute->attr, ast::ExprContext::Store);
      if (node->value == nullptr) evaluateAndDrop(attribute->value);
      break;
    }
    case ast::ExprKind::Subscript: {
      const auto* subscript = node->target->as<ast::Subscript>();
      if (node->value == nullptr) {
        evaluateAndDrop(subscript->value);
        evaluateSubscriptAndDrop(subscript->slice);
      }
      break;
    }
    default: fail("invalid node type for annotated assignment");
  }
  bool areStrings = (future_.flags & kCodeFutureAnnotations) != 0;
  if (!node->simple && !areStrings && isKept) evaluateAndDrop(node->annotation);
}

void CodeGenerator::evaluateAndDrop(const ast::Expr* expression) {
  visit(expression);
  emit(Op::POP_TOP);
}

void CodeGenerator::evaluateSubscriptAndDrop(const ast::Expr* slice) {
  if (const auto* node = slice->tryAs<ast::Slice>(); node != nullptr) {
    for (const ast::Expr* part : {node->lower, node->upper, node->step}) {
      if (part != nullptr) evaluateAndDrop(part);
    }
  } else if (const auto* tuple = slice->tryAs<ast::Tuple>(); tuple != nullptr) {
    for (const ast::Expr* element : tuple->elts) evaluateSubscriptAndDrop(element);
  } else {
    evaluateAndDrop(slice);
  }
}

void CodeGenerator::visitImport(const ast::Import* node) {
  for (const ast::Alias& alias : node->names) {
    emitConstant(Constant::integer(0));
    emitNone();
    emitNamed(Op::IMPORT_NAME, alias.name);
    std::string_view path = alias.name.view();
    size_t dot = path.find('.');
    if (!alias.asName) {
      Identifier first = dot == path.npos ? alias.name : arena_.intern(path.substr(0, dot));
      emitName(first, ast::ExprContext::Store);
      continue;
    }
    if (dot == path.npos) {
      emitName(alias.asName, ast::ExprContext::Store);
      continue;
    }
    // `import a.b.c as d` yields a: walk on to c.
    while (true) {
      size_t start = dot + 1;
      dot = path.find('.', start);
      emitNamed(Op::IMPORT_FROM, arena_.intern(path.substr(start, dot == path.npos ? dot : dot - start)));
      if (dot == path.npos) break;
      emit(Op::SWAP, 2);
      emit(Op::POP_TOP);
    }
    emitName(alias.asName, ast::ExprContext::Store);
    emit(Op::POP_TOP);
  }
}

void CodeGenerator::visitImportFrom(const ast::ImportFrom* node) {
  std::vector<Constant> names;
  for (const ast::Alias& alias : node->names) names.push_back(Constant::str(alias.name.view()));
  emitConstant(Constant::integer(node->level));
  if (node->line() > future_.lastLine && node->module.is("__future__") && node->level == 0) {
    fail("from __future__ imports must occur at the beginning of the file");
  }
  emitConstant(constantTuple(names));
  emitNamed(Op::IMPORT_NAME, node->module ? node->module : arena_.intern(""));
  for (const ast::Alias& alias : node->names) {
    if (alias.name.is("*")) return emit(Op::IMPORT_STAR);
    emitNamed(Op::IMPORT_FROM, alias.name);
    emitName(alias.asName ? alias.asName : alias.name, ast::ExprContext::Store);
  }
  emit(Op::POP_TOP);
}

void CodeGenerator::visitAssert(const ast::Assert* node) {
  const auto* tuple = node->test->tryAs<ast::Tuple>();
  const auto* constant = node->test->tryAs<ast::ConstantExpr>();
  if ((tuple != nullptr && !tuple->elts.empty()) ||
      (constant != nullptr && constant->value.is(ConstantKind::Tuple) && !constant->value.items().empty())) {
    warn("assertion is always true, perhaps remove parentheses?");
  }
  if (options_.optimizationLevel > 0) return;
  Block* end = newBlock();
  jumpIf(node->test, end, true);
  emit(Op::LOAD_ASSERTION_ERROR);
  if (node->msg != nullptr) {
    visit(node->msg);
    emitCall(0);
  }
  emit(Op::RAISE_VARARGS, 1);
  useNext(end);
}

}  // namespace krait::codegen
