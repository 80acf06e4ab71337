// What a tree must fulfil before it is compiled and its objects' types cannot say; CPython's words for what it does
// not.
#include <algorithm>

#include "compiler/modules/ast_module.h"
#include "vm/errors.h"

namespace krait::astModule {
namespace {

using namespace ast;

constexpr const char* kContextNames[] = {"Load", "Store", "Del"};

class Validator {
 public:
  Validator(Thread& thread, const Imported& tree) : thread_(thread), tree_(tree) {}

  Fallible<void> module(const Mod& mod) {
    TRY(statements(mod.body));
    TRY(expressions(mod.argumentTypes));
    return mod.expression == nullptr ? Fallible<void>() : expression(mod.expression);
  }

 private:
  template <class... A>
  Raised wrong(fmt::format_string<A...> format, A&&... arguments) {
    return raiseValueError(thread_, format, std::forward<A>(arguments)...);
  }

  Fallible<void> place(const Location& at) {
    if (at.line > at.endLine) return wrong("AST node line range ({}, {}) is not valid", at.line, at.endLine);
    if ((at.line < 0 && at.endLine != at.line) || (at.column < 0 && at.column != at.endColumn))
      return wrong("AST node column range ({}, {}) for line range ({}, {}) is not valid", at.column, at.endColumn,
                   at.line, at.endLine);
    if (at.line == at.endLine && at.column > at.endColumn)
      return wrong("line {}, column {}-{} is not a valid range", at.line, at.column, at.endColumn);
    return {};
  }
  Fallible<void> name(Identifier id) {
    for (const char* word : {"None", "True", "False"})
      if (id.is(word)) return wrong("identifier field can't represent '{}' constant", word);
    return {};
  }
  Fallible<void> listedName(Identifier id) {
    if (!id) return wrong("None disallowed in identifier list");
    return name(id);
  }
  Fallible<void> declaredNames(IdentifierList list, const char* owner) {
    TRY(nonEmpty(list.empty(), "names", owner));
    for (Identifier id : list)
      if (!id) return wrong("None disallowed in identifier list");
    return {};
  }
  Fallible<void> nonEmpty(bool isEmpty, const char* what, const char* owner) {
    if (isEmpty) return wrong("empty {} on {}", what, owner);
    return {};
  }
  Fallible<void> body(StmtList list, const char* owner) {
    TRY(nonEmpty(list.empty(), "body", owner));
    return statements(list);
  }

  // --- expressions ----------------------------------------------------------------------------------------------------
  Fallible<void> expressions(ExprList list, ExprContext context = ExprContext::Load, bool mayBeNone = false) {
    for (const Expr* e : list) {
      if (e != nullptr)
        TRY(expression(e, context));
      else if (!mayBeNone)
        return wrong("None disallowed in expression list");
    }
    return {};
  }
  Fallible<void> optional(const Expr* e) { return e == nullptr ? Fallible<void>() : expression(e); }
  Fallible<void> keywords(ArenaSpan<Keyword> list) {
    for (const Keyword& keyword : list) TRY(expression(keyword.value));
    return {};
  }
  Fallible<void> comprehensions(ArenaSpan<Comprehension> list) {
    if (list.empty()) return wrong("comprehension with no generators");
    for (const Comprehension& c : list) {
      TRY(expression(c.target, ExprContext::Store));
      TRY(expression(c.iter));
      TRY(expressions(c.ifs));
    }
    return {};
  }
  Fallible<void> parameter(const Arg& arg) {
    TRY(place(arg.location));
    return optional(arg.annotation);
  }
  Fallible<void> parameters(const ast::Arguments& a) {
    for (const ArenaSpan<Arg>& list : {a.posOnlyArgs, a.args})
      for (const Arg& arg : list) TRY(parameter(arg));
    if (a.varArg != nullptr) TRY(parameter(*a.varArg));
    for (const Arg& arg : a.kwOnlyArgs) TRY(parameter(arg));
    if (a.kwArg != nullptr) TRY(parameter(*a.kwArg));
    if (a.defaults.size() > a.posOnlyArgs.size() + a.args.size())
      return wrong("more positional defaults than args on arguments");
    if (a.kwDefaults.size() != a.kwOnlyArgs.size())
      return wrong("length of kwonlyargs is not the same as kw_defaults on arguments");
    TRY(expressions(a.defaults));
    return expressions(a.kwDefaults, ExprContext::Load, true);
  }
  Fallible<void> constant(const Constant& value) {
    auto bad = tree_.badConstants.find(&value);
    if (bad == tree_.badConstants.end()) return {};
    return raiseTypeError(thread_, "got an invalid type in Constant: {}", bad->second);
  }
  static const ExprContext* contextOf(const Expr* e) {
    switch (e->kind) {
      case ExprKind::Attribute: return &e->as<Attribute>()->ctx;
      case ExprKind::Subscript: return &e->as<Subscript>()->ctx;
      case ExprKind::Starred: return &e->as<Starred>()->ctx;
      case ExprKind::Name: return &e->as<Name>()->ctx;
      case ExprKind::List: return &e->as<ast::List>()->ctx;
      case ExprKind::Tuple: return &e->as<ast::Tuple>()->ctx;
      default: return nullptr;
    }
  }

  Fallible<void> expression(const Expr* e, ExprContext context = ExprContext::Load) {
    KRAIT_CHECK_NATIVE_STACK(thread_, " during compilation");
    TRY(place(e->location));
    const char* wanted = kContextNames[static_cast<unsigned>(context)];
    if (e->kind == ExprKind::Name) TRY(name(e->as<Name>()->id));
    if (const ExprContext* actual = contextOf(e)) {
      if (*actual != context)
        return wrong("expression must have {} context but has {} instead", wanted,
                     kContextNames[static_cast<unsigned>(*actual)]);
    } else if (context != ExprContext::Load) {
      return wrong("expression which can't be assigned to in {} context", wanted);
    }
    switch (e->kind) {
      case ExprKind::BoolOp:
        if (e->as<BoolOp>()->values.size() < 2) return wrong("BoolOp with less than 2 values");
        return expressions(e->as<BoolOp>()->values);
      case ExprKind::NamedExpr: return expression(e->as<NamedExpr>()->value);
      case ExprKind::BinOp: TRY(expression(e->as<BinOp>()->left)); return expression(e->as<BinOp>()->right);
      case ExprKind::UnaryOp: return expression(e->as<UnaryOp>()->operand);
      case ExprKind::Lambda: TRY(parameters(*e->as<Lambda>()->args)); return expression(e->as<Lambda>()->body);
      case ExprKind::IfExp:
        TRY(expression(e->as<IfExp>()->test));
        TRY(expression(e->as<IfExp>()->body));
        return expression(e->as<IfExp>()->orElse);
      case ExprKind::Dict: {
        const auto* node = e->as<ast::Dict>();
        if (node->keys.size() != node->values.size())
          return wrong("Dict doesn't have the same number of keys as values");
        TRY(expressions(node->keys, ExprContext::Load, true));
        return expressions(node->values);
      }
      case ExprKind::Set: return expressions(e->as<ast::Set>()->elts);
      case ExprKind::ListComp:
        TRY(comprehensions(e->as<ListComp>()->generators));
        return expression(e->as<ListComp>()->elt);
      case ExprKind::SetComp:
        TRY(comprehensions(e->as<SetComp>()->generators));
        return expression(e->as<SetComp>()->elt);
      case ExprKind::GeneratorExp:
        TRY(comprehensions(e->as<GeneratorExp>()->generators));
        return expression(e->as<GeneratorExp>()->elt);
      case ExprKind::DictComp:
        TRY(comprehensions(e->as<DictComp>()->generators));
        TRY(expression(e->as<DictComp>()->key));
        return expression(e->as<DictComp>()->value);
      case ExprKind::Await: return expression(e->as<Await>()->value);
      case ExprKind::Yield: return optional(e->as<Yield>()->value);
      case ExprKind::YieldFrom: return expression(e->as<YieldFrom>()->value);
      case ExprKind::Compare: {
        const auto* node = e->as<Compare>();
        if (node->comparators.empty()) return wrong("Compare with no comparators");
        if (node->comparators.size() != node->ops.size())
          return wrong("Compare has a different number of comparators and operands");
        TRY(expressions(node->comparators));
        return expression(node->left);
      }
      case ExprKind::Call:
        TRY(expression(e->as<Call>()->func));
        TRY(expressions(e->as<Call>()->args));
        return keywords(e->as<Call>()->keywords);
      case ExprKind::FormattedValue: {
        const auto* node = e->as<FormattedValue>();
        TRY(expression(node->value));
        if (node->conversion != -1 && node->conversion != 's' && node->conversion != 'r' && node->conversion != 'a')
          return raiseFormat(thread_, exceptions.SystemError, "Unrecognized conversion character {}", node->conversion);
        return optional(node->formatSpec);
      }
      case ExprKind::JoinedStr: return expressions(e->as<JoinedStr>()->values);
      case ExprKind::Constant: return constant(e->as<ConstantExpr>()->value);
      case ExprKind::Attribute: return expression(e->as<Attribute>()->value);
      case ExprKind::Subscript:
        TRY(expression(e->as<Subscript>()->slice));
        return expression(e->as<Subscript>()->value);
      case ExprKind::Starred: return expression(e->as<Starred>()->value, context);
      case ExprKind::Name: return {};
      case ExprKind::List: return expressions(e->as<ast::List>()->elts, context);
      case ExprKind::Tuple: return expressions(e->as<ast::Tuple>()->elts, context);
      case ExprKind::Slice:
        TRY(optional(e->as<ast::Slice>()->lower));
        TRY(optional(e->as<ast::Slice>()->upper));
        return optional(e->as<ast::Slice>()->step);
    }
    return {};
  }

  // --- patterns -------------------------------------------------------------------------------------------------------
  static const Constant* constantIn(const Expr* e) {
    const auto* node = e == nullptr ? nullptr : e->tryAs<ConstantExpr>();
    return node == nullptr ? nullptr : &node->value;
  }
  static bool isNumber(const Expr* e, bool real, bool imaginary) {
    const Constant* c = constantIn(e);
    if (c == nullptr) return false;
    return (real && (c->is(ConstantKind::Int) || c->is(ConstantKind::Float))) ||
           (imaginary && c->is(ConstantKind::Complex));
  }
  static bool isNegativeNumber(const Expr* e, bool imaginary) {
    const auto* node = e->tryAs<UnaryOp>();
    return node != nullptr && node->op == UnaryOperator::USub && isNumber(node->operand, true, imaginary);
  }
  static bool isComplexNumber(const BinOp* node) {
    if (node->op != Operator::Add && node->op != Operator::Sub) return false;
    return (isNumber(node->left, true, false) || isNegativeNumber(node->left, false)) &&
           isNumber(node->right, false, true);
  }
  Fallible<void> literal(const Expr* e) {
    TRY(expression(e));
    switch (e->kind) {
      case ExprKind::Constant:
        switch (constantIn(e)->kind()) {
          case ConstantKind::Int:
          case ConstantKind::Float:
          case ConstantKind::Complex:
          case ConstantKind::Str:
          case ConstantKind::Bytes: return {};
          default: return wrong("unexpected constant inside of a literal pattern");
        }
      case ExprKind::Attribute:
      case ExprKind::JoinedStr: return {};
      case ExprKind::UnaryOp:
        if (isNegativeNumber(e, true)) return {};
        break;
      case ExprKind::BinOp:
        if (isComplexNumber(e->as<BinOp>())) return {};
        break;
      default: break;
    }
    return wrong("patterns may only match literals and attribute lookups");
  }
  Fallible<void> capture(Identifier id) {
    if (id.is("_")) return wrong("can't capture name '_' in patterns");
    return name(id);
  }
  Fallible<void> patterns(PatternList list, bool starAllowed = false) {
    for (const Pattern* p : list) {
      if (p == nullptr) return wrong("None disallowed in pattern list");
      TRY(pattern(p, starAllowed));
    }
    return {};
  }
  static bool isSingleton(const Constant& c) {
    return c.is(ConstantKind::None) || c.is(ConstantKind::True) || c.is(ConstantKind::False);
  }

  Fallible<void> pattern(const Pattern* p, bool starAllowed) {
    KRAIT_CHECK_NATIVE_STACK(thread_, " during compilation");
    TRY(place(p->location));
    switch (p->kind) {
      case PatternKind::MatchValue: return literal(p->as<MatchValue>()->value);
      case PatternKind::MatchSingleton: {
        const Constant& value = p->as<MatchSingleton>()->value;
        if (!isSingleton(value) || tree_.badConstants.count(&value) != 0)
          return wrong("MatchSingleton can only contain True, False and None");
        return {};
      }
      case PatternKind::MatchSequence: return patterns(p->as<MatchSequence>()->patterns, true);
      case PatternKind::MatchMapping: {
        const auto* node = p->as<MatchMapping>();
        if (node->keys.size() != node->patterns.size())
          return wrong("MatchMapping doesn't have the same number of keys as patterns");
        TRY(capture(node->rest));
        for (const Expr* key : node->keys) {
          if (key == nullptr) return wrong("None disallowed in expression list");
          const Constant* c = constantIn(key);
          if (c == nullptr || !isSingleton(*c) || tree_.badConstants.count(c) != 0) TRY(literal(key));
        }
        return patterns(node->patterns);
      }
      case PatternKind::MatchClass: {
        const auto* node = p->as<MatchClass>();
        if (node->kwdAttrs.size() != node->kwdPatterns.size())
          return wrong("MatchClass doesn't have the same number of keyword attributes as patterns");
        TRY(expression(node->cls));
        const Expr* cls = node->cls;
        while (const auto* attribute = cls->tryAs<Attribute>()) cls = attribute->value;
        if (!cls->is<Name>()) return wrong("MatchClass cls field can only contain Name or Attribute nodes.");
        for (Identifier id : node->kwdAttrs) TRY(listedName(id));
        TRY(patterns(node->patterns));
        return patterns(node->kwdPatterns);
      }
      case PatternKind::MatchStar:
        if (!starAllowed) return wrong("can't use MatchStar here");
        return capture(p->as<MatchStar>()->name);
      case PatternKind::MatchAs: {
        const auto* node = p->as<MatchAs>();
        TRY(capture(node->name));
        if (node->pattern == nullptr) return {};
        if (!node->name) return wrong("MatchAs must specify a target name if a pattern is given");
        return pattern(node->pattern, false);
      }
      case PatternKind::MatchOr:
        if (p->as<MatchOr>()->patterns.size() < 2) return wrong("MatchOr requires at least 2 patterns");
        return patterns(p->as<MatchOr>()->patterns);
    }
    return {};
  }

  // --- statements -----------------------------------------------------------------------------------------------------
  Fallible<void> statements(StmtList list) {
    for (const Stmt* s : list) {
      if (s == nullptr) return wrong("None disallowed in statement list");
      TRY(statement(s));
    }
    return {};
  }
  // The target of `x op= y` and `x: T`, which the compiler relies on; `number` is CPython's of the node's kind.
  Fallible<void> singleTarget(const Expr* target, const char* what) {
    TRY(expression(target, ExprContext::Store));
    if (target->is<Name>() || target->is<Attribute>() || target->is<Subscript>()) return {};
    return raiseFormat(thread_, exceptions.SystemError, "invalid node type ({}) for {} assignment",
                       static_cast<int>(target->kind) + 1, what);
  }
  Fallible<void> tryStatement(const Try* node, const char* owner) {
    TRY(body(node->body, owner));
    if (node->handlers.empty() && node->finalBody.empty())
      return wrong("{} has neither except handlers nor finalbody", owner);
    if (node->handlers.empty() && !node->orElse.empty()) return wrong("{} has orelse but no except handlers", owner);
    for (const ExceptHandler& handler : node->handlers) {
      TRY(place(handler.location));
      TRY(optional(handler.type));
      TRY(body(handler.body, "ExceptHandler"));
    }
    TRY(statements(node->finalBody));
    TRY(statements(node->orElse));
    // CPython compiles such a handler to code that takes too much off the stack.
    bool lacksType = std::any_of(node->handlers.begin(), node->handlers.end(),
                                 [](const ExceptHandler& handler) { return handler.type == nullptr; });
    if (node->isStar() && lacksType) return wrong("field 'type' is required for ExceptHandler");
    return {};
  }

  Fallible<void> statement(const Stmt* s) {
    KRAIT_CHECK_NATIVE_STACK(thread_, " during compilation");
    TRY(place(s->location));
    switch (s->kind) {
      case StmtKind::FunctionDef:
      case StmtKind::AsyncFunctionDef: {
        const auto* node = s->as<FunctionDef>();
        TRY(body(node->body, node->isAsync() ? "AsyncFunctionDef" : "FunctionDef"));
        TRY(parameters(*node->args));
        TRY(expressions(node->decoratorList));
        return optional(node->returns);
      }
      case StmtKind::ClassDef: {
        const auto* node = s->as<ClassDef>();
        TRY(body(node->body, "ClassDef"));
        TRY(expressions(node->bases));
        TRY(keywords(node->keywords));
        return expressions(node->decoratorList);
      }
      case StmtKind::Return: return optional(s->as<Return>()->value);
      case StmtKind::Delete:
        TRY(nonEmpty(s->as<Delete>()->targets.empty(), "targets", "Delete"));
        return expressions(s->as<Delete>()->targets, ExprContext::Del);
      case StmtKind::Assign:
        TRY(nonEmpty(s->as<Assign>()->targets.empty(), "targets", "Assign"));
        TRY(expressions(s->as<Assign>()->targets, ExprContext::Store));
        return expression(s->as<Assign>()->value);
      case StmtKind::AugAssign:
        TRY(singleTarget(s->as<AugAssign>()->target, "augmented"));
        return expression(s->as<AugAssign>()->value);
      case StmtKind::AnnAssign: {
        const auto* node = s->as<AnnAssign>();
        if (node->simple && !node->target->is<Name>())
          return raiseTypeError(thread_, "AnnAssign with simple non-Name target");
        TRY(singleTarget(node->target, "annotated"));
        TRY(optional(node->value));
        return expression(node->annotation);
      }
      case StmtKind::For:
      case StmtKind::AsyncFor: {
        const auto* node = s->as<For>();
        TRY(expression(node->target, ExprContext::Store));
        TRY(expression(node->iter));
        TRY(body(node->body, node->isAsync() ? "AsyncFor" : "For"));
        return statements(node->orElse);
      }
      case StmtKind::While:
        TRY(expression(s->as<While>()->test));
        TRY(body(s->as<While>()->body, "While"));
        return statements(s->as<While>()->orElse);
      case StmtKind::If:
        TRY(expression(s->as<If>()->test));
        TRY(body(s->as<If>()->body, "If"));
        return statements(s->as<If>()->orElse);
      case StmtKind::With:
      case StmtKind::AsyncWith: {
        const auto* node = s->as<With>();
        const char* owner = node->isAsync() ? "AsyncWith" : "With";
        TRY(nonEmpty(node->items.empty(), "items", owner));
        for (const WithItem& item : node->items) {
          TRY(expression(item.contextExpr));
          if (item.optionalVars != nullptr) TRY(expression(item.optionalVars, ExprContext::Store));
        }
        return body(node->body, owner);
      }
      case StmtKind::Match: {
        const auto* node = s->as<Match>();
        TRY(expression(node->subject));
        TRY(nonEmpty(node->cases.empty(), "cases", "Match"));
        for (const MatchCase& c : node->cases) {
          TRY(pattern(c.pattern, false));
          TRY(optional(c.guard));
          TRY(body(c.body, "match_case"));
        }
        return {};
      }
      case StmtKind::Raise: {
        const auto* node = s->as<Raise>();
        if (node->exc == nullptr && node->cause != nullptr) return wrong("Raise with cause but no exception");
        TRY(optional(node->exc));
        return optional(node->cause);
      }
      case StmtKind::Try:
      case StmtKind::TryStar: {
        const auto* node = s->as<Try>();
        return tryStatement(node, node->isStar() ? "TryStar" : "Try");
      }
      case StmtKind::Assert: TRY(expression(s->as<Assert>()->test)); return optional(s->as<Assert>()->msg);
      case StmtKind::Import: return nonEmpty(s->as<Import>()->names.empty(), "names", "Import");
      case StmtKind::ImportFrom:
        if (s->as<ImportFrom>()->level < 0) return wrong("Negative ImportFrom level");
        return nonEmpty(s->as<ImportFrom>()->names.empty(), "names", "ImportFrom");
      case StmtKind::Global: return declaredNames(s->as<Global>()->names, "Global");
      case StmtKind::Nonlocal: return declaredNames(s->as<Nonlocal>()->names, "Nonlocal");
      case StmtKind::Expr: return expression(s->as<ExprStmt>()->value);
      case StmtKind::Pass:
      case StmtKind::Break:
      case StmtKind::Continue: return {};
    }
    return {};
  }

  Thread& thread_;
  const Imported& tree_;
};

}  // namespace

Fallible<void> validate(Thread& thread, const Imported& tree) { return Validator(thread, tree).module(*tree.module); }

}  // namespace krait::astModule
