// From instances of the ast module's classes, however made, to the compiler's tree.
#include <vector>

#include "compiler/modules/ast_module.h"
#include "compiler/modules/ast_tables.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/complex.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait::astModule {
namespace {

class Importer {
 public:
  Importer(Thread& thread, Arena& arena, Imported& out) : thread_(thread), arena_(arena), out_(out) {}

  Fallible<void> module(Value tree, ParseMode mode) {
    constexpr NodeId kWanted[] = {NodeId::k_Module, NodeId::k_Expression, NodeId::k_Interactive,
                                  NodeId::k_FunctionType};
    NodeId wanted = kWanted[static_cast<unsigned>(mode)];
    if (!TRY(isA(tree, wanted)))
      return raiseTypeError(thread_, "expected {} node, got {}", kNodes[indexOf(wanted)].name, nameOf(tree));
    ast::Mod* mod = arena_.make<ast::Mod>();
    mod->kind = static_cast<ast::ModKind>(indexOf(wanted) - indexOf(NodeId::k_Module));
    out_.module = mod;
    switch (wanted) {
      case NodeId::k_Module: return fill(tree, wanted, [&](Reader& r) { visit_Module(r, *mod); });
      case NodeId::k_Expression: return fill(tree, wanted, [&](Reader& r) { visit_Expression(r, *mod); });
      case NodeId::k_Interactive: return fill(tree, wanted, [&](Reader& r) { visit_Interactive(r, *mod); });
      default: return fill(tree, wanted, [&](Reader& r) { visit_FunctionType(r, *mod); });
    }
  }

 private:
  // Reads the fields of one object, in the order of the definition.
  struct Reader {
    Importer& owner;
    Value object;
    NodeId id;
    unsigned next = 0;
    const char* absent = nullptr;  // the first field that must be there and is None

    const char* className() const { return kNodes[indexOf(id)].name; }
    Value attribute() {  // the next field's value; unbound when missing
      krait::Str* name = classes.fields[indexOf(id)]->items[next++].get().as<krait::Str>();
      Fallible<Value> v = getAttributeOrUnbound(owner.thread_, object, name);
      if (v.isRaised()) owner.failed_ = true;
      return v.isRaised() ? Value::unbound() : v.value();
    }
    void check(const Fallible<void>& result) {
      if (result.isRaised()) owner.failed_ = true;
    }
    Raised missing(const char* name) {
      return raiseTypeError(owner.thread_, "required field \"{}\" missing from {}", name, className());
    }

    template <class T>
    void one(const char* type, const char* name, T& member) {
      if (owner.failed_) return;
      Value v = attribute();
      if (owner.failed_) return;
      if (v.isUnbound()) return check(missing(name));
      check(owner.child(v, type, member));
      if (!owner.failed_ && isAbsent(member) && absent == nullptr) absent = name;
    }
    template <class T>
    void optional(const char* type, const char*, T& member) {
      if (owner.failed_) return;
      Value v = attribute();
      if (!owner.failed_ && !v.isUnbound() && !v.isNone()) check(owner.child(v, type, member));
    }
    void flag(const char*, const char*, bool& member) {
      std::string_view text;
      optional("string", "kind", text);
      member = text == "u";
    }
    template <class T>
    void many(const char* type, const char* name, ArenaSpan<T>& members) {
      if (owner.failed_) return;
      Value v = attribute();
      if (owner.failed_) return;
      if (v.isUnbound()) return check(missing(name));
      if (!isInstanceOf(v, types.list))
        return check(
            raiseTypeError(owner.thread_, "{} field \"{}\" must be a list, not a {}", className(), name, nameOf(v)));
      uint64_t count = v.as<List>()->length;
      members = owner.arena_.makeArray<T>(count);
      for (uint64_t i = 0; i < count && !owner.failed_; i++) {
        check(owner.child(v.as<List>()->storage->slots[i], type, members[i]));
        if (!owner.failed_ && v.as<List>()->length != count)
          check(raiseFormat(owner.thread_, exceptions.RuntimeError, "{} field \"{}\" changed size during iteration",
                            className(), name));
      }
    }
    template <class T>
    static bool isAbsent(T& member) {
      if constexpr (std::is_pointer_v<T>) return member == nullptr;
      if constexpr (std::is_same_v<T, Identifier>) return !member;
      if constexpr (std::is_same_v<T, std::string_view>) return member.data() == nullptr;
      return false;
    }
  };
  template <class Visit>
  Fallible<void> fill(Value object, NodeId id, Visit visit) {
    const NodeInfo& info = kNodes[indexOf(id)];
    const char* name = info.name;
    if (static_cast<int64_t>(depth_) >= thread_.recursionRemaining || nativeStackExhausted(thread_))
      return raiseFormat(thread_, exceptions.RecursionError,
                         "maximum recursion depth exceeded while traversing '{}' node",
                         info.sum == nullptr ? name : info.sum);
    depth_++;
    Reader reader{*this, object, id};
    visit(reader);
    depth_--;
    if (failed_) return Raised{};
    if (reader.absent != nullptr) return raiseValueError(thread_, "field '{}' is required for {}", reader.absent, name);
    return {};
  }

  // --- classes --------------------------------------------------------------------------------------------------------
  Fallible<bool> isA(Value v, NodeId id) {
    if (typeOf(v) == classes.of[indexOf(id)]) return true;
    return isInstance(thread_, v, Value::of(classes.of[indexOf(id)]));
  }
  // Which member of a sum the object is: `first` to `last`.
  Fallible<NodeId> memberOf(Value v, NodeId first, NodeId last, const char* sum) {
    for (unsigned i = indexOf(first); i <= indexOf(last); i++)
      if (typeOf(v) == classes.of[i]) return static_cast<NodeId>(i);
    for (unsigned i = indexOf(first); i <= indexOf(last); i++)
      if (TRY(isA(v, static_cast<NodeId>(i)))) return static_cast<NodeId>(i);
    return raiseTypeError(thread_, "expected some sort of {}, but got {}", sum, strToUtf8(TRY(repr(thread_, v))));
  }
  Fallible<void> number(Value v, int32_t& out) {
    if (!isInt(v)) return raiseValueError(thread_, "invalid integer value: {}", strToUtf8(TRY(repr(thread_, v))));
    std::optional<int64_t> n = toInt64(*toInt(v));
    if (!n || *n < INT32_MIN || *n > INT32_MAX)
      return raise(thread_, exceptions.OverflowError,
                   n ? "Python int too large to convert to C int" : "Python int too large to convert to C long");
    out = static_cast<int32_t>(*n);
    return {};
  }
  // The place in the source. Where only patterns need to say their end, it is the beginning for others.
  Fallible<void> place(Value object, const char* what, bool needsEnd, ast::Location& out) {
    constexpr const char* kNames[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};
    int32_t* members[] = {&out.line, &out.column, &out.endLine, &out.endColumn};
    for (unsigned i = 0; i < 4; i++) {
      Value v = TRY(getAttributeOrUnbound(thread_, object, classes.place[i]));
      if (i < 2 || needsEnd) {
        if (v.isUnbound()) return raiseTypeError(thread_, "required field \"{}\" missing from {}", kNames[i], what);
      } else if (v.isUnbound() || v.isNone()) {
        *members[i] = *members[i - 2];
        continue;
      }
      TRY(number(v, *members[i]));
    }
    return {};
  }

  // --- values of fields -----------------------------------------------------------------------------------------------
  Fallible<void> child(Value v, const char*, int32_t& out) { return number(v, out); }
  Fallible<void> child(Value v, const char*, bool& out) {
    int32_t n = 0;
    TRY(number(v, n));
    out = n != 0;
    return {};
  }
  Fallible<void> child(Value v, const char*, Identifier& out) {
    if (v.isNone()) return {};
    if (!isKind(v, Kind::kStr)) return raiseTypeError(thread_, "AST identifier must be of type str");
    out = arena_.intern(strToUtf8(v.as<krait::Str>()));
    return {};
  }
  Fallible<void> child(Value v, const char*, std::string_view& out) {
    if (isKind(v, Kind::kStr))
      out = arena_.copyText(strToUtf8(v.as<krait::Str>()));
    else if (isKind(v, Kind::kBytes))
      out = arena_.copyText(viewOf(v.as<Bytes>()));
    else
      return raiseTypeError(thread_, "AST string must be of type str");
    return {};
  }
  Fallible<void> child(Value v, const char*, Constant& out) {
    const char* bad = nullptr;
    out = TRY(constant(v, bad));
    if (bad != nullptr) out_.badConstants.emplace(&out, bad);
    return {};
  }
  template <class Choice>
  Fallible<void> choice(Value v, NodeId first, NodeId last, const char* sum, Choice& out) {
    out = static_cast<Choice>(indexOf(TRY(memberOf(v, first, last, sum))) - indexOf(first));
    return {};
  }
  Fallible<void> child(Value v, const char* type, ast::ExprContext& out) {
    return choice(v, NodeId::k_Load, NodeId::k_Del, type, out);
  }
  Fallible<void> child(Value v, const char* type, ast::BoolOperator& out) {
    return choice(v, NodeId::k_And, NodeId::k_Or, type, out);
  }
  Fallible<void> child(Value v, const char* type, ast::UnaryOperator& out) {
    return choice(v, NodeId::k_Invert, NodeId::k_USub, type, out);
  }
  Fallible<void> child(Value v, const char* type, ast::Operator& out) {
    return choice(v, NodeId::k_Add, NodeId::k_FloorDiv, type, out);
  }
  Fallible<void> child(Value v, const char* type, ast::CompareOperator& out) {
    return choice(v, NodeId::k_Eq, NodeId::k_NotIn, type, out);
  }

#define PLACE_false(name)
#define PLACE_true(name) \
  if (!failed_) TRY(place(v, #name, false, out.location));
#define PRODUCT(name, type, attributes, fields)                               \
  Fallible<void> child(Value v, const char*, ast::type& out) {                \
    TRY(fill(v, NodeId::k_##name, [&](Reader& r) { visit_##name(r, out); })); \
    PLACE_##attributes(name) return {};                                       \
  }
#define SUM(name, attributes)
#define NODE(sum, name, type, fields)
#define CHOICE(sum, name)
#include "compiler/modules/ast_nodes.def"
#undef PRODUCT
#undef PLACE_true
#undef PLACE_false
#undef NODE
  Fallible<void> child(Value v, const char* type, ast::Arguments*& out) {
    out = arena_.make<ast::Arguments>();
    return child(v, type, *out);
  }
  Fallible<void> child(Value v, const char* type, ast::Arg*& out) {
    out = arena_.make<ast::Arg>();
    return child(v, type, *out);
  }
  Fallible<void> child(Value v, const char* type, ast::ExceptHandler& out) {
    TRY(place(v, type, false, out.location));
    TRY(memberOf(v, NodeId::k_ExceptHandler, NodeId::k_ExceptHandler, type));
    return fill(v, NodeId::k_ExceptHandler, [&](Reader& r) { visit_ExceptHandler(r, out); });
  }
  Fallible<void> child(Value v, const char* type, ast::TypeIgnore& out) {
    TRY(memberOf(v, NodeId::k_TypeIgnore, NodeId::k_TypeIgnore, type));
    return fill(v, NodeId::k_TypeIgnore, [&](Reader& r) { visit_TypeIgnore(r, out); });
  }

#define NODE(sum, name, type, fields) NODE_##sum(name, type)
#define NODE_mod(name, type)
#define NODE_excepthandler(name, type)
#define NODE_type_ignore(name, type)
#define PRODUCT(name, type, attributes, fields)
#define CASE(Kind, name, type)                                    \
  case NodeId::k_##name: {                                        \
    auto* made = ast::makeNode<ast::type>(arena_, at);            \
    made->kind = ast::Kind::name;                                 \
    TRY(fill(v, id, [&](Reader& r) { visit_##name(r, *made); })); \
    out = made;                                                   \
    return {};                                                    \
  }
#define NODE_expr(name, type) CASE(ExprKind, name, type)
#define NODE_stmt(name, type)
#define NODE_pattern(name, type)
  Fallible<void> child(Value v, const char* type, ast::Expr*& out) {
    if (v.isNone()) return {};
    ast::Location at;
    TRY(place(v, type, false, at));
    NodeId id = TRY(memberOf(v, NodeId::k_BoolOp, NodeId::k_Slice, type));
    switch (id) {
#include "compiler/modules/ast_nodes.def"
      default: return {};
    }
  }
#undef NODE_expr
#undef NODE_stmt
#define NODE_expr(name, type)
#define NODE_stmt(name, type) CASE(StmtKind, name, type)
  Fallible<void> child(Value v, const char* type, ast::Stmt*& out) {
    if (v.isNone()) return {};
    ast::Location at;
    TRY(place(v, type, false, at));
    NodeId id = TRY(memberOf(v, NodeId::k_FunctionDef, NodeId::k_Continue, type));
    switch (id) {
#include "compiler/modules/ast_nodes.def"
      default: return {};
    }
  }
#undef NODE_stmt
#undef NODE_pattern
#define NODE_stmt(name, type)
#define NODE_pattern(name, type) CASE(PatternKind, name, type)
  Fallible<void> child(Value v, const char* type, ast::Pattern*& out) {
    if (v.isNone()) return {};
    ast::Location at;
    TRY(place(v, type, true, at));
    NodeId id = TRY(memberOf(v, NodeId::k_MatchValue, NodeId::k_MatchOr, type));
    switch (id) {
#include "compiler/modules/ast_nodes.def"
      default: return {};
    }
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

  // --- constants ------------------------------------------------------------------------------------------------------
  // `bad` is the name of the first type that no constant can have.
  Fallible<Constant> constant(Value v, const char*& bad) {
    if (v.isNone()) return Constant::none();
    if (v.isBool()) return Constant::boolean(v.isTrue());
    if (v.isEllipsis()) return Constant::ellipsis();
    if (v.isInlineInt()) return Constant::integer(v.asInlineInt());
    if (isFloat(v) && typeOf(v) == types.float_) return Constant::floating(floatValue(v));
    if (v.isCell()) {
      switch (v.asCell()->kind) {
        case Kind::kInt: {
          const auto* big = v.as<BigInt>();
          static_assert(sizeof(mp_limb_t) == sizeof(uint64_t));
          auto limbs = arena_.copyArray(reinterpret_cast<const mp_limb_t*>(big->limbs), big->size);
          return Constant::bigInteger(limbs.data(), limbs.size(), big->isNegative());
        }
        case Kind::kComplex: return Constant::complex(v.as<Complex>()->real, v.as<Complex>()->imaginary);
        case Kind::kStr: return Constant::str(arena_.copyText(strToUtf8(v.as<krait::Str>())));
        case Kind::kBytes: return Constant::bytes(arena_.copyText(viewOf(v.as<Bytes>())));
        case Kind::kTuple:
          if (typeOf(v) == types.tuple) return Constant::tuple(TRY(items(v.as<krait::Tuple>(), bad)));
          break;
        case Kind::kSet:
          if (typeOf(v) == types.frozenset)
            return Constant::frozenSet(TRY(items(TRY(tupleFromIterable(thread_, v)), bad)));
          break;
        default: break;
      }
    }
    if (bad == nullptr) {
      fmt::memory_buffer name;
      fmt::format_to(std::back_inserter(name), "{}", nameOf(v));
      bad = arena_.copyText(std::string_view(name.data(), name.size())).data();
    }
    return Constant::none();
  }
  Fallible<ArenaSpan<const Constant>> items(krait::Tuple* tuple, const char*& bad) {
    KRAIT_CHECK_NATIVE_STACK(thread_, " during compilation");
    ArenaSpan<Constant> made = arena_.makeArray<Constant>(tuple->length);
    for (uint64_t i = 0; i < tuple->length; i++) made[i] = TRY(constant(tuple->items[i].get(), bad));
    return ArenaSpan<const Constant>(made.data(), made.size());
  }

  Thread& thread_;
  Arena& arena_;
  Imported& out_;
  unsigned depth_ = 0;
  bool failed_ = false;
};

}  // namespace

Fallible<void> fromPython(Thread& thread, Arena& arena, Value tree, ParseMode mode, Imported& out) {
  TRY(makeClasses(thread));
  return Importer(thread, arena, out).module(tree, mode);
}

}  // namespace krait::astModule
