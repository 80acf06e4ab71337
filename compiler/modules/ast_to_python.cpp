// From the compiler's tree to instances of the ast module's classes.
#include "compiler/materialise.h"
#include "compiler/modules/ast_module.h"
#include "compiler/modules/ast_tables.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait::astModule {
namespace {

class Exporter {
 public:
  explicit Exporter(Thread& thread) : thread_(thread), depthLimit_(static_cast<unsigned>(thread.recursionLimit) * 3) {}

  Fallible<Value> module(ast::Mod& mod) {
    switch (mod.kind) {
      case ast::ModKind::Module: return node(NodeId::k_Module, [&](auto& f) { visit_Module(f, mod); });
      case ast::ModKind::Interactive: return node(NodeId::k_Interactive, [&](auto& f) { visit_Interactive(f, mod); });
      case ast::ModKind::Expression: return node(NodeId::k_Expression, [&](auto& f) { visit_Expression(f, mod); });
      case ast::ModKind::FunctionType:
        return node(NodeId::k_FunctionType, [&](auto& f) { visit_FunctionType(f, mod); });
    }
    return Value::none();
  }

 private:
  // Fills in the fields of one instance, in the order of the definition.
  struct Filler {
    Exporter& owner;
    Value object;
    krait::Tuple* names;
    unsigned next = 0;

    template <class T>
    void one(const char*, const char*, T& member) {
      if (!owner.failed_) set(owner.value(member));
    }
    template <class T>
    void optional(const char* type, const char* name, T& member) {
      one(type, name, member);
    }
    template <class T>
    void many(const char*, const char*, ArenaSpan<T>& members) {
      if (!owner.failed_) set(owner.list(members));
    }
    void flag(const char*, const char*, bool& member) {
      if (!owner.failed_) set(member ? Fallible<Value>(owner.letter('u')) : Fallible<Value>(Value::none()));
    }
    void set(Fallible<Value> v) {
      krait::Str* name = names->items[next++].get().as<krait::Str>();
      if (v.isRaised() || setOwnAttribute(owner.thread_, object.asCell(), name, v.value()).isRaised())
        owner.failed_ = true;
    }
    void place(const ast::Location& at) {
      int32_t numbers[] = {at.line, at.column, at.endLine, at.endColumn};
      for (unsigned i = 0; i < 4 && !owner.failed_; i++)
        if (setOwnAttribute(owner.thread_, object.asCell(), classes.place[i], Value::inlineInt(numbers[i])).isRaised())
          owner.failed_ = true;
    }
  };
  template <class Fill>
  Fallible<Value> node(NodeId id, Fill fill) {
    if (++depth_ > depthLimit_ || nativeStackExhausted(thread_))
      return raise(thread_, exceptions.RecursionError, "maximum recursion depth exceeded during ast construction");
    Value object = TRY(allocateInstance(thread_, classes.of[indexOf(id)]));
    Filler filler{*this, object, classes.fields[indexOf(id)]};
    fill(filler);
    depth_--;
    if (failed_) return Raised{};
    return object;
  }
  Fallible<Value> letter(uint32_t c) { return Value::of(TRY(makeStrOfCharacter(thread_, c))); }

  template <class T>
  Fallible<Value> list(ArenaSpan<T>& members) {
    List* made = TRY(makeListWithCapacity(thread_, members.size()));
    for (T& member : members) TRY(listAppend(thread_, made, TRY(value(member))));
    return Value::of(made);
  }

  // --- values of fields -----------------------------------------------------------------------------------------------
  Fallible<Value> value(int32_t n) { return Value::inlineInt(n); }
  Fallible<Value> value(bool b) { return Value::inlineInt(b); }
  Fallible<Value> value(Identifier name) {
    if (!name) return Value::none();
    return Value::of(TRY(intern(thread_, name.view())));
  }
  Fallible<Value> value(std::string_view text) {
    if (text.data() == nullptr) return Value::none();
    return Value::of(TRY(makeStr(thread_, text)));
  }
  Fallible<Value> value(const Constant& constant) { return materialiseConstant(thread_, constant); }
  Fallible<Value> choice(NodeId first, unsigned which) { return classes.choice[indexOf(first) + which]; }
  Fallible<Value> value(ast::ExprContext c) { return choice(NodeId::k_Load, static_cast<unsigned>(c)); }
  Fallible<Value> value(ast::BoolOperator c) { return choice(NodeId::k_And, static_cast<unsigned>(c)); }
  Fallible<Value> value(ast::UnaryOperator c) { return choice(NodeId::k_Invert, static_cast<unsigned>(c)); }
  Fallible<Value> value(ast::Operator c) { return choice(NodeId::k_Add, static_cast<unsigned>(c)); }
  Fallible<Value> value(ast::CompareOperator c) { return choice(NodeId::k_Eq, static_cast<unsigned>(c)); }

#define PRODUCT_false(name)
#define PRODUCT_true(name) f.place(part.location);
#define PRODUCT(name, type, attributes, fields)    \
  Fallible<Value> value(ast::type& part) {         \
    return node(NodeId::k_##name, [&](Filler& f) { \
      visit_##name(f, part);                       \
      PRODUCT_##attributes(name)                   \
    });                                            \
  }
#define SUM(name, attributes)
#define NODE(sum, name, type, fields)
#define CHOICE(sum, name)
#include "compiler/modules/ast_nodes.def"
#undef PRODUCT
#undef PRODUCT_true
#undef PRODUCT_false
#undef NODE
  template <class T>
  Fallible<Value> value(T* part) {
    return part == nullptr ? Fallible<Value>(Value::none()) : value(*part);
  }
  Fallible<Value> value(ast::ExceptHandler& handler) {
    return node(NodeId::k_ExceptHandler, [&](Filler& f) {
      visit_ExceptHandler(f, handler);
      f.place(handler.location);
    });
  }
  Fallible<Value> value(ast::TypeIgnore& ignore) {
    return node(NodeId::k_TypeIgnore, [&](Filler& f) { visit_TypeIgnore(f, ignore); });
  }

#define NODE(sum, name, type, fields) NODE_##sum(name, type)
#define NODE_mod(name, type)
#define NODE_excepthandler(name, type)
#define NODE_type_ignore(name, type)
#define PRODUCT(name, type, attributes, fields)
#define CASE(Kind, name, type)                     \
  case ast::Kind::name:                            \
    return node(NodeId::k_##name, [&](Filler& f) { \
      visit_##name(f, *part.as<ast::type>());      \
      f.place(part.location);                      \
    });
#define NODE_expr(name, type) CASE(ExprKind, name, type)
#define NODE_stmt(name, type)
#define NODE_pattern(name, type)
  Fallible<Value> value(ast::Expr& part) {
    switch (part.kind) {
#include "compiler/modules/ast_nodes.def"
    }
    return Value::none();
  }
#undef NODE_expr
#undef NODE_stmt
#define NODE_expr(name, type)
#define NODE_stmt(name, type) CASE(StmtKind, name, type)
  Fallible<Value> value(ast::Stmt& part) {
    switch (part.kind) {
#include "compiler/modules/ast_nodes.def"
    }
    return Value::none();
  }
#undef NODE_stmt
#undef NODE_pattern
#define NODE_stmt(name, type)
#define NODE_pattern(name, type) CASE(PatternKind, name, type)
  Fallible<Value> value(ast::Pattern& part) {
    switch (part.kind) {
#include "compiler/modules/ast_nodes.def"
    }
    return Value::none();
  }
#undef NODE
#undef NODE_mod
#undef NODE_excepthandler
#undef NODE_type_ignore
#undef NODE_expr
#undef NODE_stmt
#undef NODE_pattern
#undef PRODUCT
#undef CASE
#undef SUM
#undef CHOICE

  Thread& thread_;
  const unsigned depthLimit_;
  unsigned depth_ = 0;
  bool failed_ = false;
};

}  // namespace

Fallible<Value> toPython(Thread& thread, ast::Mod& module) {
  TRY(makeClasses(thread));
  return Exporter(thread).module(module);
}

}  // namespace krait::astModule
