// Exception groups: nested exceptions that are split by what an except* clause matches.
#include "vm/builtins/dict.h"
#include "vm/builtins/exception_internal.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"

namespace krait {
namespace {

using F = ExceptionField;

bool isGroup(Value v) { return isException(v) && isInstanceOf(v, exceptions.BaseExceptionGroup); }
Tuple* membersOf(Value group) { return exceptionOf(group)->fields[F::kGroupExceptions].get().as<Tuple>(); }

// --- making -----------------------------------------------------------------------------------------------------------
bool isSequence(Value v) {
  return typeOf(v)->typeFlags & Type::kSequencePattern || toStr(v) != nullptr ||
         (!isKind(v, Kind::kDict) && !typeOf(v)->special(Special::k__getitem__).isUnbound());
}

Fallible<Value> groupNew(Thread& thread, Value self, const Arguments& arguments) {
  Type* type = self.as<Type>();
  TRY(refuseKeywords(thread, type, arguments));
  if (arguments.positional != 2)
    return raiseTypeError(thread, "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
                          arguments.positional);
  if (toStr(arguments[0]) == nullptr)
    return raiseTypeError(thread, "BaseExceptionGroup.__new__() argument 1 must be str, not {}", nameOf(arguments[0]));
  if (!isSequence(arguments[1])) return raiseTypeError(thread, "second argument (exceptions) must be a sequence");
  Tuple* members = TRY(tupleFromIterable(thread, arguments[1]));
  if (members->length == 0) return raiseValueError(thread, "second argument (exceptions) must be a non-empty sequence");
  bool allExceptions = true;
  for (uint64_t i = 0; i < members->length; i++) {
    Value member = members->items[i];
    if (!isException(member))
      return raiseValueError(thread, "Item {} of second argument (exceptions) is not an exception", i);
    if (!isInstanceOf(member, exceptions.Exception)) allExceptions = false;
  }
  if (type == exceptions.BaseExceptionGroup) {
    if (allExceptions) type = exceptions.ExceptionGroup;
  } else if (type == exceptions.ExceptionGroup) {
    if (!allExceptions) return raiseTypeError(thread, "Cannot nest BaseExceptions in an ExceptionGroup");
  } else if (!allExceptions && isSubtype(type, exceptions.Exception)) {
    return raiseTypeError(thread, "Cannot nest BaseExceptions in '{}'", nameOf(type));
  }
  Value instance = TRY(allocateInstance(thread, type));
  TRY(keepArguments(thread, exceptionOf(instance), arguments));
  exceptionOf(instance)->fields[F::kGroupMessage] = arguments[0];
  exceptionOf(instance)->fields[F::kGroupExceptions] = Value::of(members);
  return instance;
}
Fallible<Value> groupInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(refuseKeywords(thread, typeOf(self), arguments));
  TRY(keepArguments(thread, exceptionOf(self), arguments));
  return Value::none();
}

Fallible<Value> groupStr(Thread& thread, Value self) {
  uint64_t n = membersOf(self)->length;
  StrBuilder builder;
  builder.append(toStr(exceptionOf(self)->fields[F::kGroupMessage]));
  builder.append(fmt::format(" ({} sub-exception{})", n, n == 1 ? "" : "s"));
  return Value::of(TRY(builder.build(thread)));
}

Fallible<Value> groupDerive(Thread& thread, Value self, Value members) {
  return call(thread, Value::of(exceptions.BaseExceptionGroup), exceptionOf(self)->fields[F::kGroupMessage], members);
}

// --- splitting --------------------------------------------------------------------------------------------------------
// What decides whether an exception goes into the matching part.
struct Matcher {
  bool isPredicate;
  Value argument;  // a callable; else a class or a tuple of classes
};

Fallible<bool> matches(Thread& thread, const Matcher& matcher, Value exception) {
  if (matcher.isPredicate) return isTrue(thread, TRY(call(thread, matcher.argument, exception)));
  return exceptionMatches(thread, exception, matcher.argument);
}

// A group like `original` of some of its members: same message, traceback, context, cause and notes.
Fallible<Value> subset(Thread& thread, Value original, List* members) {
  if (members->length == 0) return Value::none();
  Value argument = Value::of(members);
  Str* derive = TRY(intern(thread, "derive"));
  Value group = TRY(callMethod(thread, original, derive, std::span<const Value>(&argument, 1)));
  if (!isGroup(group)) return raiseTypeError(thread, "derive must return an instance of BaseExceptionGroup");
  auto *from = exceptionOf(original), *to = exceptionOf(group);
  to->traceback = from->traceback.get();
  to->context = from->context.get();
  to->cause = from->cause.get();
  to->suppressContext = from->suppressContext;
  Value notes = TRY(getAttributeOrUnbound(thread, original, names.dunder_notes));
  if (isKind(notes, Kind::kList)) {
    List* copy = TRY(makeList(thread, notes.as<List>()->values()));
    TRY(setAttribute(thread, group, names.dunder_notes, Value::of(copy)));
  }
  return group;
}

Fallible<void> split(Thread& thread, Value exception, const Matcher& matcher, Value& match, Value& rest) {
  KRAIT_CHECK_NATIVE_STACK(thread, " in exception_group_split_recursive");
  match = rest = Value::none();
  if (TRY(matches(thread, matcher, exception))) {
    match = exception;
    return {};
  }
  if (!isGroup(exception)) {
    rest = exception;
    return {};
  }
  List* matching = TRY(makeList(thread, {}));
  List* others = TRY(makeList(thread, {}));
  Tuple* members = membersOf(exception);
  for (uint64_t i = 0; i < members->length; i++) {
    Value memberMatch, memberRest;
    TRY(split(thread, members->items[i], matcher, memberMatch, memberRest));
    if (!memberMatch.isNone()) TRY(listAppend(thread, matching, memberMatch));
    if (!memberRest.isNone()) TRY(listAppend(thread, others, memberRest));
  }
  match = TRY(subset(thread, exception, matching));
  rest = TRY(subset(thread, exception, others));
  return {};
}

Fallible<Matcher> matcherFor(Thread& thread, Value condition) {
  auto isExceptionClass = [](Value v) {
    return isKind(v, Kind::kType) && (v.as<Type>()->typeFlags & Type::kIsException);
  };
  if (isExceptionClass(condition)) return Matcher{false, condition};
  if (Tuple* tuple = toTuple(condition)) {
    bool all = true;
    for (uint64_t i = 0; i < tuple->length; i++) all &= isExceptionClass(tuple->items[i]);
    if (all) return Matcher{false, condition};
  } else if (isCallable(condition) && !isKind(condition, Kind::kType)) {
    return Matcher{true, condition};
  }
  return raiseTypeError(thread, "expected a function, exception type or tuple of exception types");
}

Fallible<Value> groupSplit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "BaseExceptionGroup.split"));
  TRY(arguments.count(thread, "split", 1, 1));
  Matcher matcher = TRY(matcherFor(thread, arguments[0]));
  Value match, rest;
  TRY(split(thread, self, matcher, match, rest));
  return Value::of(TRY(makeTuple(thread, {match, rest})));
}
Fallible<Value> groupSubgroup(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "BaseExceptionGroup.subgroup"));
  TRY(arguments.count(thread, "subgroup", 1, 1));
  Matcher matcher = TRY(matcherFor(thread, arguments[0]));
  Value match, rest;
  TRY(split(thread, self, matcher, match, rest));
  return match;
}

}  // namespace

void declareExceptionGroups(Thread& thread) {
  TypeBuilder(thread, exceptions.BaseExceptionGroup)
      .constructor(groupNew)
      .specialVariadic("__init__", groupInit)
      .special("__str__", groupStr)
      .classMethod("__class_getitem__", classGetItemAlias)
      .method("derive", groupDerive)
      .variadic("split", groupSplit)
      .variadic("subgroup", groupSubgroup)
      .getter("message", getField<F::kGroupMessage>, refuseAssignment)
      .getter("exceptions", getField<F::kGroupExceptions>, refuseAssignment)
      .build();
  // The only built-in class with two bases.
  Type* type = TypeBuilder(thread, "ExceptionGroup", exceptions.BaseExceptionGroup, Kind::kException)
                   .flags(Type::kBaseType)
                   .build();
  type->bases = startUp(makeTuple(thread, {Value::of(exceptions.BaseExceptionGroup), Value::of(exceptions.Exception)}));
  type->mro = startUp(linearise(thread, type, type->bases));
  startUp(addSubclass(thread, exceptions.Exception, type));
  refreshSpecialMethods(type);
  exceptions.ExceptionGroup = type;
}

}  // namespace krait
