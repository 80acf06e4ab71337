// ast.dump() over our nodes. Long left spines (`a + b + ...`, `f().g().h()`) are walked in a loop.
#include "compiler/ast_dump.h"

#include <charconv>
#include <iterator>
#include <vector>

namespace krait {

using namespace ast;

namespace {

constexpr const char* kExprNames[] = {
    "BoolOp",    "NamedExpr", "BinOp",        "UnaryOp",   "Lambda",  "IfExp",     "Dict",    "Set",   "ListComp",
    "SetComp",   "DictComp",  "GeneratorExp", "Await",     "Yield",   "YieldFrom", "Compare", "Call",  "FormattedValue",
    "JoinedStr", "Constant",  "Attribute",    "Subscript", "Starred", "Name",      "List",    "Tuple", "Slice"};
static_assert(std::size(kExprNames) == kExprKindCount);
constexpr const char* kStmtNames[] = {"FunctionDef", "AsyncFunctionDef",
                                      "ClassDef",    "Return",
                                      "Delete",      "Assign",
                                      "AugAssign",   "AnnAssign",
                                      "For",         "AsyncFor",
                                      "While",       "If",
                                      "With",        "AsyncWith",
                                      "Match",       "Raise",
                                      "Try",         "TryStar",
                                      "Assert",      "Import",
                                      "ImportFrom",  "Global",
                                      "Nonlocal",    "Expr",
                                      "Pass",        "Break",
                                      "Continue"};
static_assert(std::size(kStmtNames) == kStmtKindCount);
constexpr const char* kPatternNames[] = {"MatchValue", "MatchSingleton", "MatchSequence", "MatchMapping",
                                         "MatchClass", "MatchStar",      "MatchAs",       "MatchOr"};
constexpr const char* kContextNames[] = {"Load", "Store", "Del"};
constexpr const char* kBoolNames[] = {"And", "Or"};
constexpr const char* kUnaryNames[] = {"Invert", "Not", "UAdd", "USub"};
constexpr const char* kOperatorNames[] = {"Add",    "Sub",    "Mult",  "MatMult", "Div",    "Mod",     "Pow",
                                          "LShift", "RShift", "BitOr", "BitXor",  "BitAnd", "FloorDiv"};
constexpr const char* kCompareNames[] = {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"};

class Dumper {
 public:
  std::string take() { return std::move(out_); }

  void module(const Mod& mod) {
    switch (mod.kind) {
      case ModKind::Module:
        open("Module");
        list("body", mod.body);
        raw("type_ignores", "[]");
        break;
      case ModKind::Interactive:
        open("Interactive");
        list("body", mod.body);
        break;
      case ModKind::Expression:
        open("Expression");
        child("body", mod.expression);
        break;
      case ModKind::FunctionType:
        open("FunctionType");
        list("argtypes", mod.argumentTypes);
        child("returns", mod.expression);
        break;
    }
    close();
  }

 private:
  void open(const char* name) {
    out_ += name;
    out_ += '(';
    first_ = true;
  }
  void close() {
    out_ += ')';
    first_ = false;
  }
  void close(const Location& at) {
    number("lineno", at.line);
    number("col_offset", at.column);
    number("end_lineno", at.endLine);
    number("end_col_offset", at.endColumn);
    close();
  }

  // `name=`, after a comma where one is due.
  void field(const char* name) {
    if (!first_) out_ += ", ";
    first_ = false;
    out_ += name;
    out_ += '=';
  }
  void raw(const char* name, std::string_view text) {
    field(name);
    out_ += text;
  }
  void symbol(const char* name, const char* symbol) {
    field(name);
    out_ += symbol;
    out_ += "()";
  }
  void number(const char* name, int64_t value) {
    field(name);
    char digits[24];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
  void constant(const char* name, const Constant& value) {
    field(name);
    appendRepr(out_, value);
  }
  void identifier(const char* name, Identifier value) {
    if (value) constant(name, Constant::str(value.view()));
  }
  void context(ExprContext ctx) { symbol("ctx", kContextNames[static_cast<size_t>(ctx)]); }

  void node(const Expr* expr) { expression(expr); }
  void node(const Stmt* stmt) { statement(stmt); }
  void node(const Pattern* pattern) { this->pattern(pattern); }
  void node(Identifier name) { appendRepr(out_, Constant::str(name.view())); }
  void node(CompareOperator op) {
    out_ += kCompareNames[static_cast<size_t>(op)];
    out_ += "()";
  }
  void node(const Comprehension& part) {
    open("comprehension");
    child("target", part.target);
    child("iter", part.iter);
    list("ifs", part.ifs);
    number("is_async", part.isAsync);
    close();
  }
  void node(const Keyword& keyword) {
    open("keyword");
    identifier("arg", keyword.name);
    child("value", keyword.value);
    close(keyword.location);
  }
  void node(const Alias& alias) {
    open("alias");
    identifier("name", alias.name);
    identifier("asname", alias.asName);
    close(alias.location);
  }
  void node(const WithItem& item) {
    open("withitem");
    child("context_expr", item.contextExpr);
    optional("optional_vars", item.optionalVars);
    close();
  }
  void node(const ExceptHandler& handler) {
    open("ExceptHandler");
    optional("type", handler.type);
    identifier("name", handler.name);
    list("body", handler.body);
    close(handler.location);
  }
  void node(const MatchCase& part) {
    open("match_case");
    child("pattern", part.pattern);
    optional("guard", part.guard);
    list("body", part.body);
    close();
  }
  void node(const Arg& arg) {
    open("arg");
    identifier("arg", arg.name);
    optional("annotation", arg.annotation);
    close(arg.location);
  }
  void node(const Arguments& args) {
    open("arguments");
    list("posonlyargs", args.posOnlyArgs);
    list("args", args.args);
    if (args.varArg != nullptr) child("vararg", *args.varArg);
    list("kwonlyargs", args.kwOnlyArgs);
    list("kw_defaults", args.kwDefaults);
    if (args.kwArg != nullptr) child("kwarg", *args.kwArg);
    list("defaults", args.defaults);
    close();
  }

  template <typename T>
  void child(const char* name, const T& value) {
    field(name);
    node(value);
    first_ = false;
  }
  template <typename T>
  void optional(const char* name, const T* value) {
    if (value != nullptr) child(name, value);
  }
  template <typename T>
  void list(const char* name, ArenaSpan<T> values) {
    field(name);
    out_ += '[';
    for (size_t i = 0; i < values.size(); i++) {
      if (i != 0) out_ += ", ";
      node(values[i]);
    }
    out_ += ']';
    first_ = false;
  }

  // The child by which a chain of operators, calls, attributes and subscripts goes on, and its field's name.
  static const Expr* spineOf(const Expr* expr, const char*& name) {
    switch (expr->kind) {
      case ExprKind::BinOp: name = "left"; return expr->as<BinOp>()->left;
      case ExprKind::Call: name = "func"; return expr->as<Call>()->func;
      case ExprKind::Attribute: name = "value"; return expr->as<Attribute>()->value;
      case ExprKind::Subscript: name = "value"; return expr->as<Subscript>()->value;
      default: return nullptr;
    }
  }

  void expression(const Expr* expr) {
    if (expr == nullptr) {
      out_ += "None";
      return;
    }
    std::vector<const Expr*> spine;
    const char* name = nullptr;
    while (const Expr* next = spineOf(expr, name)) {
      spine.push_back(expr);
      open(kExprNames[static_cast<size_t>(expr->kind)]);
      field(name);
      expr = next;
    }
    plainExpression(expr);
    for (; !spine.empty(); spine.pop_back()) finishSpine(spine.back());
  }

  void finishSpine(const Expr* expr) {
    first_ = false;
    switch (expr->kind) {
      case ExprKind::BinOp:
        symbol("op", kOperatorNames[static_cast<size_t>(expr->as<BinOp>()->op)]);
        child("right", expr->as<BinOp>()->right);
        break;
      case ExprKind::Call:
        list("args", expr->as<Call>()->args);
        list("keywords", expr->as<Call>()->keywords);
        break;
      case ExprKind::Attribute:
        identifier("attr", expr->as<Attribute>()->attr);
        context(expr->as<Attribute>()->ctx);
        break;
      default:
        child("slice", expr->as<Subscript>()->slice);
        context(expr->as<Subscript>()->ctx);
        break;
    }
    close(expr->location);
  }

  void plainExpression(const Expr* expr) {
    open(kExprNames[static_cast<size_t>(expr->kind)]);
    switch (expr->kind) {
      case ExprKind::BoolOp:
        symbol("op", kBoolNames[static_cast<size_t>(expr->as<BoolOp>()->op)]);
        list("values", expr->as<BoolOp>()->values);
        break;
      case ExprKind::NamedExpr:
        child("target", expr->as<NamedExpr>()->target);
        child("value", expr->as<NamedExpr>()->value);
        break;
      case ExprKind::UnaryOp:
        symbol("op", kUnaryNames[static_cast<size_t>(expr->as<UnaryOp>()->op)]);
        child("operand", expr->as<UnaryOp>()->operand);
        break;
      case ExprKind::Lambda:
        child("args", *expr->as<Lambda>()->args);
        child("body", expr->as<Lambda>()->body);
        break;
      case ExprKind::IfExp:
        child("test", expr->as<IfExp>()->test);
        child("body", expr->as<IfExp>()->body);
        child("orelse", expr->as<IfExp>()->orElse);
        break;
      case ExprKind::Dict:
        list("keys", expr->as<Dict>()->keys);
        list("values", expr->as<Dict>()->values);
        break;
      case ExprKind::Set: list("elts", expr->as<Set>()->elts); break;
      case ExprKind::ListComp: comprehension(expr->as<ListComp>()); break;
      case ExprKind::SetComp: comprehension(expr->as<SetComp>()); break;
      case ExprKind::GeneratorExp: comprehension(expr->as<GeneratorExp>()); break;
      case ExprKind::DictComp:
        child("key", expr->as<DictComp>()->key);
        child("value", expr->as<DictComp>()->value);
        list("generators", expr->as<DictComp>()->generators);
        break;
      case ExprKind::Await: child("value", expr->as<Await>()->value); break;
      case ExprKind::Yield: optional("value", expr->as<Yield>()->value); break;
      case ExprKind::YieldFrom: child("value", expr->as<YieldFrom>()->value); break;
      case ExprKind::Compare:
        child("left", expr->as<Compare>()->left);
        list("ops", expr->as<Compare>()->ops);
        list("comparators", expr->as<Compare>()->comparators);
        break;
      case ExprKind::FormattedValue:
        child("value", expr->as<FormattedValue>()->value);
        number("conversion", expr->as<FormattedValue>()->conversion);
        optional("format_spec", expr->as<FormattedValue>()->formatSpec);
        break;
      case ExprKind::JoinedStr: list("values", expr->as<JoinedStr>()->values); break;
      case ExprKind::Constant:
        constant("value", expr->as<ConstantExpr>()->value);
        if (expr->as<ConstantExpr>()->hasUnicodePrefix) raw("kind", "'u'");
        break;
      case ExprKind::Starred:
        child("value", expr->as<Starred>()->value);
        context(expr->as<Starred>()->ctx);
        break;
      case ExprKind::Name:
        identifier("id", expr->as<Name>()->id);
        context(expr->as<Name>()->ctx);
        break;
      case ExprKind::List:
        list("elts", expr->as<List>()->elts);
        context(expr->as<List>()->ctx);
        break;
      case ExprKind::Tuple:
        list("elts", expr->as<Tuple>()->elts);
        context(expr->as<Tuple>()->ctx);
        break;
      case ExprKind::Slice:
        optional("lower", expr->as<Slice>()->lower);
        optional("upper", expr->as<Slice>()->upper);
        optional("step", expr->as<Slice>()->step);
        break;
      case ExprKind::BinOp:
      case ExprKind::Call:
      case ExprKind::Attribute:
      case ExprKind::Subscript: break;  // spines
    }
    close(expr->location);
  }

  template <typename Node>
  void comprehension(const Node* node) {
    child("elt", node->elt);
    list("generators", node->generators);
  }

  void statement(const Stmt* stmt) {
    open(kStmtNames[static_cast<size_t>(stmt->kind)]);
    switch (stmt->kind) {
      case StmtKind::FunctionDef:
      case StmtKind::AsyncFunctionDef: {
        auto* node = stmt->as<FunctionDef>();
        identifier("name", node->name);
        child("args", *node->args);
        list("body", node->body);
        list("decorator_list", node->decoratorList);
        optional("returns", node->returns);
        break;
      }
      case StmtKind::ClassDef: {
        auto* node = stmt->as<ClassDef>();
        identifier("name", node->name);
        list("bases", node->bases);
        list("keywords", node->keywords);
        list("body", node->body);
        list("decorator_list", node->decoratorList);
        break;
      }
      case StmtKind::Return: optional("value", stmt->as<Return>()->value); break;
      case StmtKind::Delete: list("targets", stmt->as<Delete>()->targets); break;
      case StmtKind::Assign:
        list("targets", stmt->as<Assign>()->targets);
        child("value", stmt->as<Assign>()->value);
        break;
      case StmtKind::AugAssign:
        child("target", stmt->as<AugAssign>()->target);
        symbol("op", kOperatorNames[static_cast<size_t>(stmt->as<AugAssign>()->op)]);
        child("value", stmt->as<AugAssign>()->value);
        break;
      case StmtKind::AnnAssign:
        child("target", stmt->as<AnnAssign>()->target);
        child("annotation", stmt->as<AnnAssign>()->annotation);
        optional("value", stmt->as<AnnAssign>()->value);
        number("simple", stmt->as<AnnAssign>()->simple);
        break;
      case StmtKind::For:
      case StmtKind::AsyncFor: {
        auto* node = stmt->as<For>();
        child("target", node->target);
        child("iter", node->iter);
        list("body", node->body);
        list("orelse", node->orElse);
        break;
      }
      case StmtKind::While:
        child("test", stmt->as<While>()->test);
        list("body", stmt->as<While>()->body);
        list("orelse", stmt->as<While>()->orElse);
        break;
      case StmtKind::If:
        child("test", stmt->as<If>()->test);
        list("body", stmt->as<If>()->body);
        list("orelse", stmt->as<If>()->orElse);
        break;
      case StmtKind::With:
      case StmtKind::AsyncWith:
        list("items", stmt->as<With>()->items);
        list("body", stmt->as<With>()->body);
        break;
      case StmtKind::Match:
        child("subject", stmt->as<Match>()->subject);
        list("cases", stmt->as<Match>()->cases);
        break;
      case StmtKind::Raise:
        optional("exc", stmt->as<Raise>()->exc);
        optional("cause", stmt->as<Raise>()->cause);
        break;
      case StmtKind::Try:
      case StmtKind::TryStar: {
        auto* node = stmt->as<Try>();
        list("body", node->body);
        list("handlers", node->handlers);
        list("orelse", node->orElse);
        list("finalbody", node->finalBody);
        break;
      }
      case StmtKind::Assert:
        child("test", stmt->as<Assert>()->test);
        optional("msg", stmt->as<Assert>()->msg);
        break;
      case StmtKind::Import: list("names", stmt->as<Import>()->names); break;
      case StmtKind::ImportFrom:
        identifier("module", stmt->as<ImportFrom>()->module);
        list("names", stmt->as<ImportFrom>()->names);
        number("level", stmt->as<ImportFrom>()->level);
        break;
      case StmtKind::Global: list("names", stmt->as<Global>()->names); break;
      case StmtKind::Nonlocal: list("names", stmt->as<Nonlocal>()->names); break;
      case StmtKind::Expr: child("value", stmt->as<ExprStmt>()->value); break;
      case StmtKind::Pass:
      case StmtKind::Break:
      case StmtKind::Continue: break;
    }
    close(stmt->location);
  }

  void pattern(const Pattern* pattern) {
    open(kPatternNames[static_cast<size_t>(pattern->kind)]);
    switch (pattern->kind) {
      case PatternKind::MatchValue: child("value", pattern->as<MatchValue>()->value); break;
      case PatternKind::MatchSingleton: constant("value", pattern->as<MatchSingleton>()->value); break;
      case PatternKind::MatchSequence: list("patterns", pattern->as<MatchSequence>()->patterns); break;
      case PatternKind::MatchMapping:
        list("keys", pattern->as<MatchMapping>()->keys);
        list("patterns", pattern->as<MatchMapping>()->patterns);
        identifier("rest", pattern->as<MatchMapping>()->rest);
        break;
      case PatternKind::MatchClass: {
        auto* node = pattern->as<MatchClass>();
        child("cls", node->cls);
        list("patterns", node->patterns);
        list("kwd_attrs", node->kwdAttrs);
        list("kwd_patterns", node->kwdPatterns);
        break;
      }
      case PatternKind::MatchStar: identifier("name", pattern->as<MatchStar>()->name); break;
      case PatternKind::MatchAs:
        optional("pattern", pattern->as<MatchAs>()->pattern);
        identifier("name", pattern->as<MatchAs>()->name);
        break;
      case PatternKind::MatchOr: list("patterns", pattern->as<MatchOr>()->patterns); break;
    }
    close(pattern->location);
  }

  std::string out_;
  bool first_ = true;  // whether the node being written has no field yet
};

}  // namespace

std::string dumpAst(const Mod& module) {
  Dumper dumper;
  dumper.module(module);
  return dumper.take();
}

}  // namespace krait
