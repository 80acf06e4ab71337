// list[int] and int | str: parametrised classes and unions of classes as objects.
#include "vm/builtins/generic_alias.h"

#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

// Both kinds of object: a union has no origin.
struct Alias : NativeObject {
  Field<Value> origin;
  Field<Tuple*> arguments;
  Field<Tuple*> parameters;  // the type variables in `arguments`; null until asked for
  bool isStarred;            // *tuple[int, ...]
};

void traceAlias(Cell* cell, Marker& marker) {
  auto* alias = static_cast<Alias*>(cell);
  marker.mark(alias->origin);
  marker.mark(alias->arguments);
  marker.mark(alias->parameters);
}
const NativeTraits kAliasTraits{"alias", traceAlias, nullptr};

Alias* aliasOf(Value v) { return v.as<Alias>(); }
bool isAlias(Value v) { return isKind(v, Kind::kNative) && isInstanceOf(v, types.genericAlias); }

Fallible<Alias*> makeAlias(Thread& thread, Type* type, Value origin, Tuple* arguments) {
  auto* alias = TRY(allocate<Alias>(thread, Kind::kNative, type->instanceShape));
  alias->traits = &kAliasTraits;
  alias->origin = origin;
  alias->arguments = arguments;
  return alias;
}

// --- text -------------------------------------------------------------------------------------------------------------
// An argument as it is written: classes by name, ... and None as such.
Fallible<void> appendItem(Thread& thread, StrBuilder& builder, Value item) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  if (item.isEllipsis()) {
    builder.append("...");
  } else if (item.is(Value::of(types.none))) {
    builder.append("None");
  } else if (isKind(item, Kind::kType)) {
    Value module = TRY(getAttributeOrUnbound(thread, item, names.dunder_module));
    Str* text = module.isUnbound() ? nullptr : toStr(module);
    if (text != nullptr && !strEqualsUtf8(text, "builtins")) builder.append(text).append(".");
    builder.append(item.as<Type>()->qualname);
  } else if (isKind(item, Kind::kList)) {  // Callable[[int], str]
    builder.append("[");
    for (uint64_t i = 0; i < item.as<List>()->length; i++) {
      if (i > 0) builder.append(", ");
      TRY(appendItem(thread, builder, item.as<List>()->storage->slots[i]));
    }
    builder.append("]");
  } else {
    builder.append(TRY(repr(thread, item)));
  }
  return {};
}

Fallible<Value> aliasRepr(Thread& thread, Value self) {
  Alias* alias = aliasOf(self);
  StrBuilder builder;
  if (alias->isStarred) builder.append("*");
  TRY(appendItem(thread, builder, alias->origin));
  builder.append("[");
  for (uint64_t i = 0; i < alias->arguments->length; i++) {
    if (i > 0) builder.append(", ");
    TRY(appendItem(thread, builder, alias->arguments->items[i]));
  }
  if (alias->arguments->length == 0) builder.append("()");
  return Value::of(TRY(builder.append("]").build(thread)));
}
Fallible<Value> unionRepr(Thread& thread, Value self) {
  StrBuilder builder;
  Tuple* members = unionMembers(self);
  for (uint64_t i = 0; i < members->length; i++) {
    if (i > 0) builder.append(" | ");
    TRY(appendItem(thread, builder, members->items[i]));
  }
  return Value::of(TRY(builder.build(thread)));
}

// --- type variables ---------------------------------------------------------------------------------------------------
Fallible<void> addUnique(Thread& thread, List* list, Value v) {
  for (Value known : list->values())
    if (known.is(v)) return {};
  return listAppend(thread, list, v);
}

Fallible<Tuple*> parametersOf(Thread& thread, Alias* alias) {
  if (alias->parameters != nullptr) return alias->parameters.get();
  Str* substitute = TRY(intern(thread, "__typing_subst__"));
  Str* nested = TRY(intern(thread, "__parameters__"));
  List* found = TRY(makeList(thread, {}));
  for (uint64_t i = 0; i < alias->arguments->length; i++) {
    Value argument = alias->arguments->items[i];
    if (isKind(argument, Kind::kType)) continue;
    if (!TRY(getAttributeOrUnbound(thread, argument, substitute)).isUnbound()) {
      TRY(addUnique(thread, found, argument));
      continue;
    }
    Value inner = TRY(getAttributeOrUnbound(thread, argument, nested));
    Tuple* tuple = inner.isUnbound() ? nullptr : toTuple(inner);
    for (uint64_t k = 0; tuple != nullptr && k < tuple->length; k++) TRY(addUnique(thread, found, tuple->items[k]));
  }
  alias->parameters = TRY(makeTuple(thread, found->values()));
  return alias->parameters.get();
}

Value valueFor(Tuple* parameters, Tuple* values, Value parameter) {
  for (uint64_t i = 0; i < parameters->length; i++)
    if (parameters->items[i].get().is(parameter)) return values->items[i];
  return Value::unbound();
}

// dict[str, T][int]: every variable is replaced, inside nested aliases, too.
Fallible<Tuple*> substituted(Thread& thread, Value self, Value item) {
  Alias* alias = aliasOf(self);
  Tuple* parameters = TRY(parametersOf(thread, alias));
  Str* shown = TRY(repr(thread, self));
  fmt::memory_buffer buffer;
  if (parameters->length == 0) return raiseTypeError(thread, "{} is not a generic class", textOf(shown, buffer));
  Tuple* values = toTuple(item) != nullptr ? toTuple(item) : TRY(makeTuple(thread, {item}));
  if (values->length != parameters->length)
    return raiseTypeError(thread, "Too {} arguments for {}; actual {}, expected {}",
                          values->length < parameters->length ? "few" : "many", textOf(shown, buffer), values->length,
                          parameters->length);
  Str* substitute = TRY(intern(thread, "__typing_subst__"));
  Str* nested = TRY(intern(thread, "__parameters__"));
  Tuple* result = TRY(makeTupleUninitialised(thread, alias->arguments->length));
  for (uint64_t i = 0; i < result->length; i++) {
    Value argument = alias->arguments->items[i];
    result->items[i] = argument;
    if (isKind(argument, Kind::kType)) continue;
    Value own = valueFor(parameters, values, argument);
    if (!own.isUnbound()) {
      result->items[i] = TRY(call(thread, TRY(getAttribute(thread, argument, substitute)), own));
      continue;
    }
    Value inner = TRY(getAttributeOrUnbound(thread, argument, nested));
    Tuple* tuple = inner.isUnbound() ? nullptr : toTuple(inner);
    if (tuple == nullptr || tuple->length == 0) continue;
    Tuple* innerValues = TRY(makeTupleUninitialised(thread, tuple->length));
    for (uint64_t k = 0; k < tuple->length; k++) innerValues->items[k] = valueFor(parameters, values, tuple->items[k]);
    result->items[i] = TRY(getItem(thread, argument, Value::of(innerValues)));
  }
  return result;
}

// --- list[int] --------------------------------------------------------------------------------------------------------
Fallible<Value> aliasNew(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "GenericAlias"));
  TRY(arguments.count(thread, "GenericAlias", 2, 2));
  Tuple* tuple = toTuple(arguments[1]);
  if (tuple == nullptr) tuple = TRY(makeTuple(thread, {arguments[1]}));
  return Value::of(TRY(makeAlias(thread, self.as<Type>(), arguments[0], tuple)));
}

Fallible<Value> aliasGetItem(Thread& thread, Value self, Value item) {
  Tuple* arguments = TRY(substituted(thread, self, item));
  Alias* made = TRY(makeAlias(thread, types.genericAlias, aliasOf(self)->origin, arguments));
  made->isStarred = aliasOf(self)->isStarred;
  return Value::of(made);
}

Fallible<Value> aliasHash(Thread& thread, Value self) {
  int64_t h = TRY(hash(thread, aliasOf(self)->origin)) ^ TRY(hash(thread, Value::of(aliasOf(self)->arguments.get())));
  return makeInt(thread, h == -1 ? -2 : h);
}
Fallible<Value> aliasEqual(Thread& thread, Value self, Value other) {
  if (!isAlias(other)) return Value::notImplemented();
  Alias *a = aliasOf(self), *b = aliasOf(other);
  if (a->isStarred != b->isStarred || !TRY(equals(thread, a->origin, b->origin))) return Value::boolean(false);
  return Value::boolean(TRY(equals(thread, Value::of(a->arguments.get()), Value::of(b->arguments.get()))));
}
Fallible<Value> aliasNotEqual(Thread& thread, Value self, Value other) {
  Value equal = TRY(aliasEqual(thread, self, other));
  return equal.isNotImplemented() ? equal : Value::boolean(!equal.isTrue());
}

Fallible<Value> aliasCall(Thread& thread, Value self, const Arguments& arguments) {
  uint64_t count = arguments.positional + arguments.keywordCount();
  Value made = TRY(call(thread, aliasOf(self)->origin, {arguments.first, count}, arguments.keywordNames));
  if (setAttribute(thread, made, TRY(intern(thread, "__orig_class__")), self).isRaised()) {
    if (!pendingMatches(thread, exceptions.AttributeError) && !pendingMatches(thread, exceptions.TypeError))
      return Raised{};
    clearException(thread);
  }
  return made;
}

// Everything but the alias's own attributes is the origin's.
Fallible<Value> aliasGetattribute(Thread& thread, Value self, Value name) {
  Str* text = toStr(name);
  if (text == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  text = TRY(intern(thread, text));
  constexpr const char* kOwn[] = {"__class__",    "__origin__",      "__args__",      "__parameters__",
                                  "__unpacked__", "__mro_entries__", "__reduce_ex__", "__reduce__",
                                  "__copy__",     "__deepcopy__",    "__bases__",     "__typing_unpacked_tuple_args__"};
  for (const char* own : kOwn)
    if (strEqualsUtf8(text, own)) return genericGetAttribute(thread, self, text);
  return getAttribute(thread, aliasOf(self)->origin, text);
}

Fallible<Value> aliasMroEntries(Thread& thread, Value self, Value) {
  return Value::of(TRY(makeTuple(thread, {aliasOf(self)->origin.get()})));
}
Fallible<Value> aliasInstancecheck(Thread& thread, Value, Value) {
  return raiseTypeError(thread, "isinstance() argument 2 cannot be a parameterized generic");
}
Fallible<Value> aliasSubclasscheck(Thread& thread, Value, Value) {
  return raiseTypeError(thread, "issubclass() argument 2 cannot be a parameterized generic");
}
Fallible<Value> aliasReduce(Thread& thread, Value self) {
  Alias* alias = aliasOf(self);
  Value arguments = Value::of(TRY(makeTuple(thread, {alias->origin.get(), Value::of(alias->arguments.get())})));
  return Value::of(TRY(makeTuple(thread, {Value::of(types.genericAlias), arguments})));
}
// iter(tuple[int, ...]) gives *tuple[int, ...] once.
Fallible<Value> aliasIter(Thread& thread, Value self) {
  Alias* starred = TRY(makeAlias(thread, types.genericAlias, aliasOf(self)->origin, aliasOf(self)->arguments));
  starred->isStarred = true;
  return iterate(thread, Value::of(TRY(makeTuple(thread, {Value::of(starred)}))));
}
Fallible<Value> getOrigin(Thread&, Value self) { return aliasOf(self)->origin.get(); }
Fallible<Value> getArguments(Thread&, Value self) { return Value::of(aliasOf(self)->arguments.get()); }
Fallible<Value> getParameters(Thread& thread, Value self) {
  return Value::of(TRY(parametersOf(thread, aliasOf(self))));
}
Fallible<Value> getUnpacked(Thread&, Value self) { return Value::boolean(aliasOf(self)->isStarred); }
Fallible<Value> getUnpackedArguments(Thread&, Value self) {
  Alias* alias = aliasOf(self);
  if (alias->isStarred && alias->origin.get().is(Value::of(types.tuple))) return Value::of(alias->arguments.get());
  return Value::none();
}

// --- int | str --------------------------------------------------------------------------------------------------------
bool mayBeMember(Value v) { return v.isNone() || isKind(v, Kind::kType) || isAlias(v) || isUnion(v); }

Fallible<void> addMember(Thread& thread, List* members, Value v) {
  if (v.isNone()) v = Value::of(types.none);
  if (isUnion(v)) {
    Tuple* nested = unionMembers(v);
    for (uint64_t i = 0; i < nested->length; i++) TRY(addMember(thread, members, nested->items[i]));
    return {};
  }
  for (uint64_t i = 0; i < members->length; i++) {
    Value known = members->storage->slots[i];
    if (known.is(v)) return {};
    if (isAlias(known) && isAlias(v) && TRY(equals(thread, known, v))) return {};
  }
  return listAppend(thread, members, v);
}

Fallible<Value> unionOfList(Thread& thread, List* members) {
  if (members->length == 1) return members->storage->slots[0];
  Tuple* tuple = TRY(makeTuple(thread, members->values()));
  return Value::of(TRY(makeAlias(thread, types.unionType, Value::none(), tuple)));
}

Fallible<Value> unionOr(Thread& thread, Value self, Value other) { return makeUnion(thread, self, other); }
Fallible<Value> unionRor(Thread& thread, Value self, Value other) { return makeUnion(thread, other, self); }

Fallible<Set*> memberSet(Thread& thread, Value self) {
  return makeSet(thread, types.frozenset, Value::of(unionMembers(self)));
}
Fallible<Value> unionEqual(Thread& thread, Value self, Value other) {
  if (!isUnion(other)) return Value::notImplemented();
  Value a = Value::of(TRY(memberSet(thread, self))), b = Value::of(TRY(memberSet(thread, other)));
  return compare(thread, Comparison::kEqual, a, b);
}
Fallible<Value> unionNotEqual(Thread& thread, Value self, Value other) {
  Value equal = TRY(unionEqual(thread, self, other));
  return equal.isNotImplemented() ? equal : Value::boolean(!equal.isTrue());
}
Fallible<Value> unionHash(Thread& thread, Value self) {
  return makeInt(thread, TRY(hash(thread, Value::of(TRY(memberSet(thread, self))))));
}
Fallible<Value> unionInstancecheck(Thread& thread, Value self, Value object) {
  return Value::boolean(TRY(isInstance(thread, object, self)));
}
Fallible<Value> unionSubclasscheck(Thread& thread, Value self, Value derived) {
  return Value::boolean(TRY(isSubclass(thread, derived, self)));
}
Fallible<Value> unionGetItem(Thread& thread, Value self, Value item) {
  Tuple* members = TRY(substituted(thread, self, item));
  List* list = TRY(makeList(thread, {}));
  for (uint64_t i = 0; i < members->length; i++) TRY(addMember(thread, list, members->items[i]));
  return unionOfList(thread, list);
}

}  // namespace

Fallible<Value> makeGenericAlias(Thread& thread, Value origin, Value parameters) {
  Tuple* tuple = toTuple(parameters);
  if (tuple == nullptr) tuple = TRY(makeTuple(thread, {parameters}));
  return Value::of(TRY(makeAlias(thread, types.genericAlias, origin, tuple)));
}

Fallible<Value> classGetItemAlias(Thread& thread, Value type, const Arguments& arguments) {
  TRY(arguments.count(thread, "__class_getitem__", 1, 1));
  return makeGenericAlias(thread, type, arguments[0]);
}

bool isUnion(Value v) { return isKind(v, Kind::kNative) && typeOf(v) == types.unionType; }
Tuple* unionMembers(Value v) { return aliasOf(v)->arguments; }

Fallible<Value> makeUnion(Thread& thread, Value left, Value right) {
  if (!mayBeMember(left) || !mayBeMember(right)) return Value::notImplemented();
  List* members = TRY(makeList(thread, {}));
  TRY(addMember(thread, members, left));
  TRY(addMember(thread, members, right));
  return unionOfList(thread, members);
}

void initialiseGenericAlias(Thread& thread) {
  types.genericAlias = TypeBuilder(thread, "GenericAlias", types.object, Kind::kNative)
                           .module("types")
                           .flags(Type::kBaseType)
                           .constructor(aliasNew)
                           .special("__repr__", aliasRepr)
                           .special("__hash__", aliasHash)
                           .special("__eq__", aliasEqual)
                           .special("__ne__", aliasNotEqual)
                           .special("__getitem__", aliasGetItem)
                           .special("__getattribute__", aliasGetattribute)
                           .specialVariadic("__call__", aliasCall)
                           .special("__iter__", aliasIter)
                           .special("__or__", unionOr)
                           .special("__ror__", unionRor)
                           .method("__mro_entries__", aliasMroEntries)
                           .method("__instancecheck__", aliasInstancecheck)
                           .method("__subclasscheck__", aliasSubclasscheck)
                           .method("__reduce__", aliasReduce)
                           .getter("__origin__", getOrigin, refuseAssignment)
                           .getter("__args__", getArguments, refuseAssignment)
                           .getter("__parameters__", getParameters)
                           .getter("__unpacked__", getUnpacked)
                           .getter("__typing_unpacked_tuple_args__", getUnpackedArguments)
                           .build();
  types.unionType = TypeBuilder(thread, "UnionType", types.object, Kind::kNative)
                        .module("types")
                        .special("__repr__", unionRepr)
                        .special("__hash__", unionHash)
                        .special("__eq__", unionEqual)
                        .special("__ne__", unionNotEqual)
                        .special("__or__", unionOr)
                        .special("__ror__", unionRor)
                        .special("__getitem__", unionGetItem)
                        .method("__instancecheck__", unionInstancecheck)
                        .method("__subclasscheck__", unionSubclasscheck)
                        .getter("__args__", getArguments, refuseAssignment)
                        .getter("__parameters__", getParameters)
                        .build();
}

}  // namespace krait
