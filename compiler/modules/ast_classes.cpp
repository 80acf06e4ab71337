// The classes of module ast: AST with its constructor, and everything of ast_nodes.def below it.
#include <cstring>
#include <string>

#include "compiler/modules/ast_module.h"
#include "compiler/modules/ast_tables.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"

namespace krait::astModule {

const NodeInfo kNodes[kNodeCount] = {
#define SUM(name, attributes) {#name, nullptr, NodeForm::kSum, attributes},
#define PRODUCT(name, type, attributes, fields) {#name, nullptr, NodeForm::kProduct, attributes},
#define NODE(sum, name, type, fields) {#name, #sum, NodeForm::kNode, false},
#define CHOICE(sum, name) {#name, #sum, NodeForm::kChoice, false},
#include "compiler/modules/ast_nodes.def"
#undef SUM
#undef PRODUCT
#undef NODE
#undef CHOICE
};
#define SUM(name, attributes) "",
#define CHOICE(sum, name) "",
#define ONE(type, name, member) ", " #type " " #name
#define OPTIONAL(type, name, member) ", " #type "? " #name
#define MANY(type, name, member) ", " #type "* " #name
#define FLAG OPTIONAL
#define PRODUCT(name, type, attributes, fields) "" fields,
#define NODE(sum, name, type, fields) "" fields,
const char* const kNodeFields[kNodeCount] = {
#include "compiler/modules/ast_nodes.def"
};
#undef SUM
#undef CHOICE
#undef ONE
#undef OPTIONAL
#undef MANY
#undef FLAG
#undef PRODUCT
#undef NODE

namespace {

// --- AST --------------------------------------------------------------------------------------------------------------
// The _fields of a class: a length, or nothing when there are none.
Fallible<Value> fieldsOf(Thread& thread, Value self, int64_t& count) {
  Value fields = TRY(getAttributeOrUnbound(thread, Value::of(typeOf(self)), TRY(intern(thread, "_fields"))));
  count = fields.isUnbound() ? 0 : TRY(length(thread, fields));
  return fields;
}
Fallible<Str*> nameOfField(Thread& thread, Value name) {
  Str* text = toStr(name);
  if (text == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  return intern(thread, text);
}

// AST(*fields, **attributes)
Fallible<Value> init(Thread& thread, Value self, const Arguments& arguments) {
  int64_t count;
  Value fields = TRY(fieldsOf(thread, self, count));
  if (arguments.positional > static_cast<uint64_t>(count))
    return raiseTypeError(thread, "{} constructor takes at most {} positional argument{}", nameOf(self), count,
                          count == 1 ? "" : "s");
  for (uint32_t i = 0; i < arguments.positional; i++) {
    Value name = TRY(getItem(thread, fields, Value::inlineInt(i)));
    TRY(setAttribute(thread, self, TRY(nameOfField(thread, name)), arguments[i]));
  }
  for (uint32_t i = 0; i < arguments.keywordCount(); i++) {
    Value key = arguments.keywordNames->items[i];
    for (uint32_t k = 0; k < arguments.positional; k++) {
      Value name = TRY(getItem(thread, fields, Value::inlineInt(k)));
      if (TRY(equals(thread, name, key)))
        return raiseTypeError(thread, "{} got multiple values for argument '{}'", nameOf(self), strToUtf8(toStr(key)));
    }
    TRY(setAttribute(thread, self, TRY(nameOfField(thread, key)), arguments[arguments.positional + i]));
  }
  return Value::none();
}
Fallible<Value> make(Thread& thread, Value type, const Arguments&) { return allocateInstance(thread, type.as<Type>()); }
// (class, (), attributes)
Fallible<Value> reduce(Thread& thread, Value self) {
  Value attributes = TRY(getAttributeOrUnbound(thread, self, TRY(intern(thread, "__dict__"))));
  if (attributes.isUnbound() || attributes.isNone())
    return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), Value::of(emptyTuple())})));
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), Value::of(emptyTuple()), attributes})));
}

// --- the others -------------------------------------------------------------------------------------------------------
std::string documentation(unsigned id) {
  const NodeInfo& info = kNodes[id];
  auto described = [](unsigned i) {
    const char* fields = kNodeFields[i];
    return *fields == '\0' ? std::string(kNodes[i].name) : fmt::format("{}({})", kNodes[i].name, fields + 2);
  };
  if (info.form != NodeForm::kSum) return described(id);
  std::string text = info.name, separator = " = ";
  bool isPlain = true;
  for (unsigned i = id + 1; i < kNodeCount && kNodes[i].sum != nullptr; i++)
    isPlain = isPlain && kNodeFields[i][0] == '\0';
  for (unsigned i = id + 1; i < kNodeCount && kNodes[i].sum != nullptr; i++) {
    text += separator + described(i);
    separator = isPlain ? " | " : "\n" + std::string(std::strlen(info.name) + 1, ' ') + "| ";
  }
  return text;
}

// The names in "type name, type? name", and None for those that may be missing.
Fallible<Tuple*> addFields(Thread& thread, Dict* ns, const char* fields, List* missing) {
  List* fieldNames = TRY(makeListWithCapacity(thread, 8));
  for (std::string_view rest = fields; !rest.empty();) {
    rest.remove_prefix(2);
    size_t end = rest.find(',');
    std::string_view field = rest.substr(0, end), name = field.substr(field.find(' ') + 1);
    Value key = Value::of(TRY(intern(thread, name)));
    TRY(listAppend(thread, fieldNames, key));
    if (field[field.find(' ') - 1] == '?') TRY(listAppend(thread, missing, key));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  }
  Tuple* tuple = TRY(makeTuple(thread, fieldNames->values()));
  TRY(dictSetStr(thread, ns, TRY(intern(thread, "_fields")), Value::of(tuple)));
  TRY(dictSetStr(thread, ns, TRY(intern(thread, "__match_args__")), Value::of(tuple)));
  return tuple;
}

Fallible<Value> makeNodeClass(Thread& thread, unsigned id, Type* base) {
  const NodeInfo& info = kNodes[id];
  Dict* ns = TRY(makeDict(thread));
  List* missing = TRY(makeListWithCapacity(thread, 4));
  classes.fields[id] = TRY(addFields(thread, ns, kNodeFields[id], missing));
  TRY(dictSetStr(thread, ns, TRY(intern(thread, "__module__")), Value::of(TRY(intern(thread, "ast")))));
  TRY(dictSetStr(thread, ns, TRY(intern(thread, "__doc__")), Value::of(TRY(makeStr(thread, documentation(id))))));
  if (info.sum == nullptr) {
    Tuple* places = emptyTuple();
    if (info.hasAttributes) {
      places = TRY(makeTuple(thread, {Value::of(classes.place[0]), Value::of(classes.place[1]),
                                      Value::of(classes.place[2]), Value::of(classes.place[3])}));
      // Patterns must say where they end.
      for (unsigned i = 2; i < 4 && std::strcmp(info.name, "pattern") != 0; i++)
        TRY(listAppend(thread, missing, Value::of(classes.place[i])));
    }
    TRY(dictSetStr(thread, ns, TRY(intern(thread, "_attributes")), Value::of(places)));
  }
  for (Value key : missing->values()) TRY(dictSetStr(thread, ns, key.as<Str>(), Value::none()));
  Tuple* bases = TRY(makeTuple(thread, {Value::of(base)}));
  return makeClass(thread, types.type, TRY(intern(thread, info.name)), bases, ns, nullptr, nullptr);
}

RootVector& roots() {
  static auto* vector = new RootVector;
  return *vector;
}
Fallible<void> keep(Thread& thread, Value v) {
  if (!roots().push(v)) return raiseMemoryError(thread);
  return {};
}

}  // namespace

Fallible<void> makeClasses(Thread& thread) {
  if (classes.areMade) return {};
  constexpr const char* kPlaces[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};
  for (unsigned i = 0; i < 4; i++) {
    classes.place[i] = TRY(intern(thread, kPlaces[i]));
    TRY(keep(thread, Value::of(classes.place[i])));
  }
  Value none = Value::of(emptyTuple());
  classes.ast = TypeBuilder(thread, "AST", types.object, Kind::kInstance)
                    .flags(Type::kBaseType | Type::kInstantiable | Type::kHasDict | Type::kDefaultGetattribute |
                           Type::kDefaultSetattr | Type::kHeapType)
                    .constructor(make)
                    .specialVariadic("__init__", init)
                    .method("__reduce__", reduce)
                    .getter("__dict__", getInstanceDict, setInstanceDict)
                    .constant("__module__", Value::of(TRY(intern(thread, "ast"))))
                    .constant("_fields", none)
                    .constant("__match_args__", none)
                    .constant("_attributes", none)
                    .build();
  TRY(keep(thread, Value::of(classes.ast)));
  Type* sum = nullptr;
  for (unsigned i = 0; i < kNodeCount; i++) {
    Type* made = TRY(makeNodeClass(thread, i, kNodes[i].sum == nullptr ? classes.ast : sum)).as<Type>();
    classes.of[i] = made;
    TRY(keep(thread, Value::of(made)));
    TRY(keep(thread, Value::of(classes.fields[i])));
    if (kNodes[i].form == NodeForm::kSum) sum = made;
    if (kNodes[i].form != NodeForm::kChoice) continue;
    classes.choice[i] = TRY(allocateInstance(thread, made));
    TRY(keep(thread, classes.choice[i]));
  }
  classes.areMade = true;
  return {};
}

}  // namespace krait::astModule
