// Python 3.11's abstract syntax as C++ structs: the contract between the parser and everything after it.
//
// A node is a tagged struct in an Arena: `switch (expr->kind)`, then `expr->as<BinOp>()`. Field names are those of
// Python's ast module (camelCase, `orElse` for orelse, `finalBody` for finalbody, `generators` for generators).
// Where two kinds share a layout they share a struct, and `kind` tells: FunctionDef/AsyncFunctionDef, For/AsyncFor,
// With/AsyncWith, Try/TryStar. Optional children are null pointers or absent Identifiers.
#pragma once

#include <cassert>
#include <cstdint>

#include "compiler/arena.h"
#include "compiler/constant.h"

namespace krait::ast {

// lineno, col_offset, end_lineno, end_col_offset: lines from 1, columns from 0 in bytes of UTF-8.
struct Location {
  int32_t line = 0;
  int32_t column = 0;
  int32_t endLine = 0;
  int32_t endColumn = 0;
};

enum class ExprKind : uint8_t {
  BoolOp,
  NamedExpr,
  BinOp,
  UnaryOp,
  Lambda,
  IfExp,
  Dict,
  Set,
  ListComp,
  SetComp,
  DictComp,
  GeneratorExp,
  Await,
  Yield,
  YieldFrom,
  Compare,
  Call,
  FormattedValue,
  JoinedStr,
  Constant,
  Attribute,
  Subscript,
  Starred,
  Name,
  List,
  Tuple,
  Slice,
};
inline constexpr int kExprKindCount = static_cast<int>(ExprKind::Slice) + 1;

enum class StmtKind : uint8_t {
  FunctionDef,
  AsyncFunctionDef,
  ClassDef,
  Return,
  Delete,
  Assign,
  AugAssign,
  AnnAssign,
  For,
  AsyncFor,
  While,
  If,
  With,
  AsyncWith,
  Match,
  Raise,
  Try,
  TryStar,
  Assert,
  Import,
  ImportFrom,
  Global,
  Nonlocal,
  Expr,
  Pass,
  Break,
  Continue,
};
inline constexpr int kStmtKindCount = static_cast<int>(StmtKind::Continue) + 1;

enum class PatternKind : uint8_t {
  MatchValue,
  MatchSingleton,
  MatchSequence,
  MatchMapping,
  MatchClass,
  MatchStar,
  MatchAs,
  MatchOr,
};

enum class ExprContext : uint8_t { Load, Store, Del };
enum class BoolOperator : uint8_t { And, Or };
enum class UnaryOperator : uint8_t { Invert, Not, UAdd, USub };
// In the order of NB_ADD ..., so that BINARY_OP's argument is a table lookup for whoever wants it.
enum class Operator : uint8_t {
  Add,
  Sub,
  Mult,
  MatMult,
  Div,
  Mod,
  Pow,
  LShift,
  RShift,
  BitOr,
  BitXor,
  BitAnd,
  FloorDiv,
};
enum class CompareOperator : uint8_t { Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn };

// The casts shared by the three tagged families. `as` asserts, `tryAs` answers null for another kind.
template <typename Family, typename Kind>
struct Tagged {
  Kind kind;
  Location location;

  int32_t line() const { return location.line; }

  template <typename T>
  bool is() const {
    return T::accepts(kind);
  }
  template <typename T>
  T* as() {
    assert(T::accepts(kind));
    return static_cast<T*>(static_cast<Family*>(this));
  }
  template <typename T>
  const T* as() const {
    assert(T::accepts(kind));
    return static_cast<const T*>(static_cast<const Family*>(this));
  }
  template <typename T>
  T* tryAs() {
    return T::accepts(kind) ? static_cast<T*>(static_cast<Family*>(this)) : nullptr;
  }
  template <typename T>
  const T* tryAs() const {
    return T::accepts(kind) ? static_cast<const T*>(static_cast<const Family*>(this)) : nullptr;
  }
};

struct Expr : Tagged<Expr, ExprKind> {};
struct Stmt : Tagged<Stmt, StmtKind> {};
struct Pattern : Tagged<Pattern, PatternKind> {};

template <ExprKind kind_>
struct ExprOf : Expr {
  static constexpr ExprKind kKind = kind_;
  static constexpr bool accepts(ExprKind kind) { return kind == kind_; }
};
template <StmtKind kind_, StmtKind other = kind_>
struct StmtOf : Stmt {
  static constexpr StmtKind kKind = kind_;
  static constexpr bool accepts(StmtKind kind) { return kind == kind_ || kind == other; }
};
template <PatternKind kind_>
struct PatternOf : Pattern {
  static constexpr PatternKind kKind = kind_;
  static constexpr bool accepts(PatternKind kind) { return kind == kind_; }
};

// A node with every field empty; of the first kind where two share the struct.
template <typename Node>
Node* makeNode(Arena& arena, Location location) {
  Node* node = arena.make<Node>();
  node->kind = Node::kKind;
  node->location = location;
  return node;
}

using ExprList = ArenaSpan<Expr*>;
using StmtList = ArenaSpan<Stmt*>;
using PatternList = ArenaSpan<Pattern*>;
using IdentifierList = ArenaSpan<Identifier>;

// ---- parts without a kind of their own -------------------------------------------------------------------------

struct Comprehension {
  Expr* target;
  Expr* iter;
  ExprList ifs;
  bool isAsync;
};

struct Arg {
  Location location;
  Identifier name;
  Expr* annotation;              // may be null
  std::string_view typeComment;  // here and below: no text where there is none
};

// `def f(a, /, b, *c, d=1, **e)`. `defaults` belong to the last of posOnlyArgs + args; kwDefaults has one entry
// per kwOnlyArgs, null where there is none.
struct Arguments {
  ArenaSpan<Arg> posOnlyArgs;
  ArenaSpan<Arg> args;
  Arg* varArg;
  ArenaSpan<Arg> kwOnlyArgs;
  ExprList kwDefaults;
  Arg* kwArg;
  ExprList defaults;
};

struct Keyword {
  Location location;
  Identifier name;  // absent: **value
  Expr* value;
};

struct Alias {
  Location location;
  Identifier name;    // may be dotted; "*"
  Identifier asName;  // may be absent
};

struct WithItem {
  Expr* contextExpr;
  Expr* optionalVars;  // may be null
};

struct ExceptHandler {
  Location location;
  Expr* type;       // null: bare except
  Identifier name;  // may be absent
  StmtList body;
};

struct MatchCase {
  Pattern* pattern;
  Expr* guard;  // may be null
  StmtList body;
};

// ---- expressions -----------------------------------------------------------------------------------------------

struct BoolOp : ExprOf<ExprKind::BoolOp> {
  BoolOperator op;
  ExprList values;
};
struct NamedExpr : ExprOf<ExprKind::NamedExpr> {
  Expr* target;
  Expr* value;
};
// Left-deep chains (`a + b + ...`) may be very long: walk `left` in a loop, never by recursion.
struct BinOp : ExprOf<ExprKind::BinOp> {
  Expr* left;
  Operator op;
  Expr* right;
};
struct UnaryOp : ExprOf<ExprKind::UnaryOp> {
  UnaryOperator op;
  Expr* operand;
};
struct Lambda : ExprOf<ExprKind::Lambda> {
  Arguments* args;
  Expr* body;
};
struct IfExp : ExprOf<ExprKind::IfExp> {
  Expr* test;
  Expr* body;
  Expr* orElse;
};
struct Dict : ExprOf<ExprKind::Dict> {
  ExprList keys;  // null where the value is **unpacked
  ExprList values;
};
struct Set : ExprOf<ExprKind::Set> {
  ExprList elts;
};
struct ListComp : ExprOf<ExprKind::ListComp> {
  Expr* elt;
  ArenaSpan<Comprehension> generators;
};
struct SetComp : ExprOf<ExprKind::SetComp> {
  Expr* elt;
  ArenaSpan<Comprehension> generators;
};
struct DictComp : ExprOf<ExprKind::DictComp> {
  Expr* key;
  Expr* value;
  ArenaSpan<Comprehension> generators;
};
struct GeneratorExp : ExprOf<ExprKind::GeneratorExp> {
  Expr* elt;
  ArenaSpan<Comprehension> generators;
};
struct Await : ExprOf<ExprKind::Await> {
  Expr* value;
};
struct Yield : ExprOf<ExprKind::Yield> {
  Expr* value;  // may be null
};
struct YieldFrom : ExprOf<ExprKind::YieldFrom> {
  Expr* value;
};
struct Compare : ExprOf<ExprKind::Compare> {
  Expr* left;
  ArenaSpan<CompareOperator> ops;
  ExprList comparators;
};
struct Call : ExprOf<ExprKind::Call> {
  Expr* func;  // chains of calls, attributes and subscripts may be long too
  ExprList args;
  ArenaSpan<Keyword> keywords;
};
struct FormattedValue : ExprOf<ExprKind::FormattedValue> {
  Expr* value;
  int32_t conversion;  // -1, 's', 'r' or 'a'
  Expr* formatSpec;    // may be null; else a JoinedStr
};
struct JoinedStr : ExprOf<ExprKind::JoinedStr> {
  ExprList values;
};
struct ConstantExpr : ExprOf<ExprKind::Constant> {
  krait::Constant value;
  bool hasUnicodePrefix;  // Constant.kind == 'u'
};
struct Attribute : ExprOf<ExprKind::Attribute> {
  Expr* value;
  Identifier attr;
  ExprContext ctx;
};
struct Subscript : ExprOf<ExprKind::Subscript> {
  Expr* value;
  Expr* slice;
  ExprContext ctx;
};
struct Starred : ExprOf<ExprKind::Starred> {
  Expr* value;
  ExprContext ctx;
};
struct Name : ExprOf<ExprKind::Name> {
  Identifier id;
  ExprContext ctx;
};
struct List : ExprOf<ExprKind::List> {
  ExprList elts;
  ExprContext ctx;
};
struct Tuple : ExprOf<ExprKind::Tuple> {
  ExprList elts;
  ExprContext ctx;
};
struct Slice : ExprOf<ExprKind::Slice> {
  Expr* lower;  // each may be null
  Expr* upper;
  Expr* step;
};

// ---- statements ------------------------------------------------------------------------------------------------

struct FunctionDef : StmtOf<StmtKind::FunctionDef, StmtKind::AsyncFunctionDef> {
  Identifier name;
  Arguments* args;
  StmtList body;
  ExprList decoratorList;
  Expr* returns;  // may be null
  std::string_view typeComment;
  bool isAsync() const { return kind == StmtKind::AsyncFunctionDef; }
};
struct ClassDef : StmtOf<StmtKind::ClassDef> {
  Identifier name;
  ExprList bases;
  ArenaSpan<Keyword> keywords;
  StmtList body;
  ExprList decoratorList;
};
struct Return : StmtOf<StmtKind::Return> {
  Expr* value;  // may be null
};
struct Delete : StmtOf<StmtKind::Delete> {
  ExprList targets;
};
struct Assign : StmtOf<StmtKind::Assign> {
  ExprList targets;
  Expr* value;
  std::string_view typeComment;
};
struct AugAssign : StmtOf<StmtKind::AugAssign> {
  Expr* target;
  Operator op;
  Expr* value;
};
struct AnnAssign : StmtOf<StmtKind::AnnAssign> {
  Expr* target;
  Expr* annotation;
  Expr* value;  // may be null
  bool simple;  // a bare name, not `(name): int`
};
struct For : StmtOf<StmtKind::For, StmtKind::AsyncFor> {
  Expr* target;
  Expr* iter;
  StmtList body;
  StmtList orElse;
  std::string_view typeComment;
  bool isAsync() const { return kind == StmtKind::AsyncFor; }
};
struct While : StmtOf<StmtKind::While> {
  Expr* test;
  StmtList body;
  StmtList orElse;
};
// `elif` is an If alone in orElse: such chains may be very long, walk them in a loop.
struct If : StmtOf<StmtKind::If> {
  Expr* test;
  StmtList body;
  StmtList orElse;
};
struct With : StmtOf<StmtKind::With, StmtKind::AsyncWith> {
  ArenaSpan<WithItem> items;
  StmtList body;
  std::string_view typeComment;
  bool isAsync() const { return kind == StmtKind::AsyncWith; }
};
struct Match : StmtOf<StmtKind::Match> {
  Expr* subject;
  ArenaSpan<MatchCase> cases;
};
struct Raise : StmtOf<StmtKind::Raise> {
  Expr* exc;    // may be null
  Expr* cause;  // may be null
};
struct Try : StmtOf<StmtKind::Try, StmtKind::TryStar> {
  StmtList body;
  ArenaSpan<ExceptHandler> handlers;
  StmtList orElse;
  StmtList finalBody;
  bool isStar() const { return kind == StmtKind::TryStar; }
};
struct Assert : StmtOf<StmtKind::Assert> {
  Expr* test;
  Expr* msg;  // may be null
};
struct Import : StmtOf<StmtKind::Import> {
  ArenaSpan<Alias> names;
};
struct ImportFrom : StmtOf<StmtKind::ImportFrom> {
  Identifier module;  // absent: from . import x
  ArenaSpan<Alias> names;
  int32_t level;
};
struct Global : StmtOf<StmtKind::Global> {
  IdentifierList names;
};
struct Nonlocal : StmtOf<StmtKind::Nonlocal> {
  IdentifierList names;
};
struct ExprStmt : StmtOf<StmtKind::Expr> {
  Expr* value;
};
struct Pass : StmtOf<StmtKind::Pass> {};
struct Break : StmtOf<StmtKind::Break> {};
struct Continue : StmtOf<StmtKind::Continue> {};

// ---- patterns --------------------------------------------------------------------------------------------------

struct MatchValue : PatternOf<PatternKind::MatchValue> {
  Expr* value;
};
struct MatchSingleton : PatternOf<PatternKind::MatchSingleton> {
  krait::Constant value;  // None, True or False
};
struct MatchSequence : PatternOf<PatternKind::MatchSequence> {
  PatternList patterns;
};
struct MatchMapping : PatternOf<PatternKind::MatchMapping> {
  ExprList keys;
  PatternList patterns;
  Identifier rest;  // may be absent
};
struct MatchClass : PatternOf<PatternKind::MatchClass> {
  Expr* cls;
  PatternList patterns;
  IdentifierList kwdAttrs;
  PatternList kwdPatterns;
};
struct MatchStar : PatternOf<PatternKind::MatchStar> {
  Identifier name;  // absent: *_
};
struct MatchAs : PatternOf<PatternKind::MatchAs> {
  Pattern* pattern;  // may be null
  Identifier name;   // absent: the wildcard _
};
struct MatchOr : PatternOf<PatternKind::MatchOr> {
  PatternList patterns;
};

// ---- modules ---------------------------------------------------------------------------------------------------

struct TypeIgnore {  // `# type: ignore[tag]`
  int32_t line;
  std::string_view tag;
};

enum class ModKind : uint8_t { Module, Interactive, Expression, FunctionType };

struct Mod {
  ModKind kind;
  StmtList body;                      // Module, Interactive
  Expr* expression;                   // Expression: the body; FunctionType: the returned type
  ExprList argumentTypes;             // FunctionType
  ArenaSpan<TypeIgnore> typeIgnores;  // Module
};

}  // namespace krait::ast
