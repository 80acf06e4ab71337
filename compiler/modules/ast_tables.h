// Python's ast classes as tables: made from ast_nodes.def, used to build the classes and to walk the structs.
#pragma once
#include "compiler/ast.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type.h"

namespace krait::astModule {

// Every class but AST itself, in the order of the definition.
enum class NodeId : uint8_t {
#define SUM(name, attributes) k_##name,
#define PRODUCT(name, type, attributes, fields) k_##name,
#define NODE(sum, name, type, fields) k_##name,
#define CHOICE(sum, name) k_##name,
#include "compiler/modules/ast_nodes.def"
#undef SUM
#undef PRODUCT
#undef NODE
#undef CHOICE
  kCount
};
inline constexpr unsigned kNodeCount = static_cast<unsigned>(NodeId::kCount);

enum class NodeForm : uint8_t { kSum, kProduct, kNode, kChoice };
struct NodeInfo {
  const char* name;
  const char* sum;  // of a member; else null
  NodeForm form;
  bool hasAttributes;  // of a sum or a product
};
extern const NodeInfo kNodes[kNodeCount];
// "expr left, operator op, expr right": what the class's documentation says.
extern const char* const kNodeFields[kNodeCount];

// Calls v.one(type, name, member), v.optional(...), v.many(...) or v.flag(...) for each field of a struct.
#define SUM(name, attributes)
#define CHOICE(sum, name)
#define ONE(type, name, member) v.one(#type, #name, node.member);
#define OPTIONAL(type, name, member) v.optional(#type, #name, node.member);
#define MANY(type, name, member) v.many(#type, #name, node.member);
#define FLAG(type, name, member) v.flag(#type, #name, node.member);
#define PRODUCT(name, type, attributes, fields)    \
  template <class Visitor>                         \
  void visit_##name(Visitor& v, ast::type& node) { \
    fields                                         \
  }
#define NODE(sum, name, type, fields)                                                \
  template <class Visitor>                                                           \
  void visit_##name([[maybe_unused]] Visitor& v, [[maybe_unused]] ast::type& node) { \
    fields                                                                           \
  }
#include "compiler/modules/ast_nodes.def"
#undef SUM
#undef CHOICE
#undef ONE
#undef OPTIONAL
#undef MANY
#undef FLAG
#undef PRODUCT
#undef NODE

// The classes, made when they are first asked for; static references.
struct Classes {
  Type* ast;  // AST
  Type* of[kNodeCount];
  Tuple* fields[kNodeCount];  // _fields: interned names
  Value choice[kNodeCount];   // the one instance of each enumerator's class
  Str* place[4];              // lineno, col_offset, end_lineno, end_col_offset
  bool areMade;
};
inline Classes classes;
Fallible<void> makeClasses(Thread& thread);

constexpr unsigned indexOf(NodeId id) { return static_cast<unsigned>(id); }
template <class Kind>
NodeId offsetBy(NodeId first, Kind kind) {
  return static_cast<NodeId>(indexOf(first) + static_cast<unsigned>(kind));
}

// The members of a sum stand in the order of the compiler's enumerations.
static_assert(indexOf(NodeId::k_Slice) - indexOf(NodeId::k_BoolOp) == static_cast<unsigned>(ast::ExprKind::Slice));
static_assert(indexOf(NodeId::k_Call) - indexOf(NodeId::k_BoolOp) == static_cast<unsigned>(ast::ExprKind::Call));
static_assert(indexOf(NodeId::k_Continue) - indexOf(NodeId::k_FunctionDef) ==
              static_cast<unsigned>(ast::StmtKind::Continue));
static_assert(indexOf(NodeId::k_TryStar) - indexOf(NodeId::k_FunctionDef) ==
              static_cast<unsigned>(ast::StmtKind::TryStar));
static_assert(indexOf(NodeId::k_MatchOr) - indexOf(NodeId::k_MatchValue) ==
              static_cast<unsigned>(ast::PatternKind::MatchOr));
static_assert(indexOf(NodeId::k_FunctionType) - indexOf(NodeId::k_Module) ==
              static_cast<unsigned>(ast::ModKind::FunctionType));
static_assert(indexOf(NodeId::k_FloorDiv) - indexOf(NodeId::k_Add) == static_cast<unsigned>(ast::Operator::FloorDiv));
static_assert(indexOf(NodeId::k_NotIn) - indexOf(NodeId::k_Eq) == static_cast<unsigned>(ast::CompareOperator::NotIn));
static_assert(indexOf(NodeId::k_USub) - indexOf(NodeId::k_Invert) == static_cast<unsigned>(ast::UnaryOperator::USub));
}  // namespace krait::astModule
