// The observers of CALL and CALL_KW: what kind of callee stands at a place, and which form knows it.
#pragma once
#include "specialize/families/call_class.h"
#include "specialize/families/call_native.h"
#include "specialize/families/call_python.h"

namespace krait {
namespace calls {

  inline bool hasDefaultsFor(const Function* function, uint32_t given, uint32_t parameters) {
    Value defaults = function->defaults;
    if (given > parameters || !isKind(defaults, Kind::kTuple)) return false;
    uint64_t length = defaults.as<Tuple>()->length;
    return length >= parameters - given && length <= parameters;
  }

  // What the forms of Python functions want in their cache; kNone when it is there.
  inline Failure rememberCode(const Site& site, Code* code) {
    const PreparedCode* prepared = code->prepared;
    if (prepared == nullptr || isCold(prepared)) return Failure::kColdCallee;
    if (prepared->localCount > UINT16_MAX) return Failure::kOutOfRange;
    auto& cache = site.cache<CallCache>();
    cache.shape = codeVersion(code);
    cache.slot = static_cast<uint16_t>(prepared->localCount);
    cache.native = const_cast<Unit*>(bodyOf(prepared));
    return cache.shape == 0 ? Failure::kOutOfRange : Failure::kNone;
  }
  inline Observation observePython(const Site& site, CallInputs in) {
    auto* function = in.callable().as<Function>();
    if (Failure why = rememberCode(site, function->code); why != Failure::kNone) return why;
    uint32_t parameters = function->code->prepared->simpleArguments;
    if (parameters == in.total()) {
      if (hasDeoptimised(site.word))
        return in.isMethod() ? ops::CALL_METHOD_PY_ANY_EXACT_ARGS : ops::CALL_PY_ANY_EXACT_ARGS;
      return in.isMethod() ? ops::CALL_METHOD_PY_EXACT_ARGS : ops::CALL_PY_EXACT_ARGS;
    }
    if (hasDefaultsFor(function, in.total(), parameters))
      return in.isMethod() ? ops::CALL_METHOD_PY_WITH_DEFAULTS : ops::CALL_PY_WITH_DEFAULTS;
    return ops::CALL_PY_GENERAL;
  }
  // object.__new__ serves the class.
  inline Observation observePlainClass(const Site& site, CallInputs in, Type* type) {
    const Shape* shape = type->instanceShape;
    uint64_t bytes = sizeof(Instance) + uint64_t{shape->inlineCapacity} * sizeof(Value);
    if (type->instanceKind != Kind::kInstance || type->payloadKind != Kind::kFree || bytes > UINT16_MAX)
      return Failure::kOutOfRange;
    auto& cache = site.cache<CallShapeCache>();
    Value init = type->special(Special::k__init__);
    if ((type->typeFlags & Type::kDefaultInit) && (type->typeFlags & Type::kInstantiable) && in.count == 0) {
      if (!relyOn(type)) return Failure::kClassChanges;
      cache.shape = shapes::address(shape);
      cache.slot = static_cast<uint16_t>(bytes);
      return ops::CALL_ALLOC;
    }
    if (!isKind(init, Kind::kFunction)) return Failure::kCallee;
    auto* function = init.as<Function>();
    if (Failure why = rememberCode(site, function->code); why != Failure::kNone) return why;
    uint32_t parameters = function->code->prepared->simpleArguments;
    bool exact = parameters == in.count + 1;
    if (!exact && !hasDefaultsFor(function, in.count + 1, parameters)) return Failure::kArguments;
    if (!relyOn(type)) return Failure::kClassChanges;
    cache.payload = std::bit_cast<uint64_t>(InitPayload{cache.shape, static_cast<uint32_t>(bytes)});
    cache.shape = shapes::address(shape);
    return exact ? ops::CALL_ALLOC_AND_ENTER_INIT : ops::CALL_ALLOC_AND_ENTER_INIT_WITH_DEFAULTS;
  }
  inline Observation observeClass(const Site& site, CallInputs in) {
    if (!isExact(in.callable(), exactShapes.type)) return Failure::kOverridden;
    auto* type = in.callable().as<Type>();
    if (in.count == 1) {
      if (type == types.type) return ops::CALL_NO_KW_TYPE_1;
      if (type == types.str) return ops::CALL_NO_KW_STR_1;
      if (type == types.tuple) return ops::CALL_NO_KW_TUPLE_1;
    }
    if (type == types.range) {
      if (Instr<ops::CALL_NO_KW_RANGE_1>::guard(in)) return ops::CALL_NO_KW_RANGE_1;
      if (Instr<ops::CALL_NO_KW_RANGE_2>::guard(in)) return ops::CALL_NO_KW_RANGE_2;
      if (Instr<ops::CALL_NO_KW_RANGE_3>::guard(in)) return ops::CALL_NO_KW_RANGE_3;
    }
    if (type == types.type || (type->typeFlags & Type::kAbstract)) return Failure::kCallee;
    if (!type->special(Special::k__del__).isUnbound()) return Failure::kCallee;  // instances have to be registered
    Value make = type->special(Special::k__new__), init = type->special(Special::k__init__);
    if (make.is(types.object->special(Special::k__new__))) return observePlainClass(site, in, type);
    if (!isKind(make, Kind::kBuiltin) || make.as<Builtin>()->face != Builtin::kConstructor ||
        !(type->typeFlags & Type::kInstantiable) || !isSubtype(type, make.as<Builtin>()->owner.get().as<Type>()))
      return Failure::kCallee;
    auto& cache = site.cache<CallShapeCache>();
    if (isKind(init, Kind::kFunction)) {
      if (!relyOn(type)) return Failure::kClassChanges;
      cache.shape = shapes::address(type->instanceShape.get());
      cache.native = make.as<Builtin>()->function;
      return ops::CALL_BUILTIN_NEW_AND_ENTER_INIT;
    }
    bool hasInit = !init.is(types.object->special(Special::k__init__));
    if (hasInit && (!isKind(init, Kind::kBuiltin) || init.as<Builtin>()->signature != Builtin::kVariadic ||
                    !isKind(init.as<Builtin>()->owner, Kind::kType) ||
                    !isSubtype(type, init.as<Builtin>()->owner.get().as<Type>())))
      return Failure::kCallee;
    if (!relyOn(type)) return Failure::kClassChanges;
    cache.shape = shapes::address(type->instanceShape.get());
    cache.native = make.as<Builtin>()->function;
    return hasInit ? ops::CALL_BUILTIN_CLASS_INIT : ops::CALL_BUILTIN_CLASS;
  }

  // Built-in functions that need no call for such arguments; kCount: none.
  inline Observation observeKnownFunction(const Site& site, CallInputs in, const Builtin* builtin) {
    auto is = [&](const char* name) { return strEqualsUtf8(builtin->name, name); };
    // Only what the built-in namespace has under that name: other modules have functions called `abs` and `pow`, too.
    const Dict* builtins = site.frame->function->builtins;
    if (!builtins->allStrings || !dictGetStr(builtins, builtin->name).is(Value::of(builtin))) return Op::kCount;
    const Str* module = toStr(builtin->owner);
    if (module != nullptr && !strEqualsUtf8(module, "builtins")) return Op::kCount;
    const Value* arguments = in.base + 2;
    if (in.count == 1) {
      if (uint16_t offset = shapes::lengthOffset(arguments[0]); offset != 0 && is("len")) {
        auto& cache = site.cache<CallShapeCache>();
        cache.shape = arguments[0].asCell()->shape_;
        cache.slot = offset;
        known.len = builtin->function;
        return ops::CALL_NO_KW_LEN;
      }
      if (isExact(arguments[0], exactShapes.generator) && is("next")) {
        known.next = builtin->function;
        return ops::CALL_NO_KW_NEXT_GEN;
      }
      if (arguments[0].isCell() && is("len")) {
        Type* type = typeOf(arguments[0]);
        Value method = type->special(Special::k__len__);
        if (isKind(method, Kind::kFunction) && method.as<Function>()->code->prepared == nullptr)
          return Failure::kColdCallee;
        if (!isSimpleFunction(method, 1) || !relyOn(type)) return Op::kCount;
        site.cache<CallShapeCache>().shape = arguments[0].asCell()->shape_;
        known.len = builtin->function;
        return ops::CALL_NO_KW_LEN_PY;
      }
      if (arguments[0].isInlineInt() && is("chr")) {
        known.chr = builtin->function;
        return ops::CALL_NO_KW_CHR;
      }
      if (isExact(arguments[0], exactShapes.str) && is("ord")) {
        known.ord = builtin->function;
        return ops::CALL_NO_KW_ORD;
      }
      if (arguments[0].isInlineInt() && is("abs")) {
        known.abs = builtin->function;
        return ops::CALL_NO_KW_ABS;
      }
    }
    if (in.count == 2) {
      if (isExact(arguments[1], exactShapes.type) && is("isinstance")) {
        known.isinstance = builtin->function;
        return ops::CALL_NO_KW_ISINSTANCE;
      }
      if (Value::bothInlineInts(arguments[0], arguments[1])) {
        if (is("min")) return known.min = builtin->function, ops::CALL_NO_KW_MIN_2_INT;
        if (is("max")) return known.max = builtin->function, ops::CALL_NO_KW_MAX_2_INT;
      }
    }
    return Op::kCount;
  }
  Observation observeUnbound(const Site& site, CallInputs in);
  inline Observation observeNative(const Site& site, CallInputs in) {
    auto* builtin = in.callable().as<Builtin>();
    if (builtin->face != Builtin::kFunction) return observeUnbound(site, in);
    Observation known = observeKnownFunction(site, in, builtin);
    if (known.form != Op::kCount || known.failure != Failure::kNone) return known;
    auto& cache = site.cache<CallCache>();
    cache.shape = convention(builtin);
    cache.native = builtin->function;
    if (builtin->signature == Builtin::kVariadic) return ops::CALL_BUILTIN_FAST_WITH_KEYWORDS;
    if (builtin->signature != Builtin::kFixed) return Failure::kCallee;
    if (in.count < builtin->minArguments || in.count > builtin->maxArguments || in.count == 0)
      return Failure::kArguments;
    switch (builtin->maxArguments) {
      case 1: return ops::CALL_NO_KW_BUILTIN_O;
      case 2: return ops::CALL_NO_KW_BUILTIN_FAST;
      case 3: return ops::CALL_NO_KW_BUILTIN_FAST_3;
      default: return Failure::kArguments;
    }
  }

  // A method in C++ that a built-in class holds: neither can go away while self's shape lives.
  inline Failure rememberDescriptor(const Site& site, CallInputs in) {
    auto* builtin = in.base[0].as<Builtin>();
    if (builtin->face != Builtin::kMethodDescriptor && builtin->face != Builtin::kSlotWrapper) return Failure::kCallee;
    Value self = in.base[1];
    if (!self.isCell() || !isKind(builtin->owner, Kind::kType)) return Failure::kOperandTypes;
    auto* owner = builtin->owner.get().as<Type>();
    if ((owner->typeFlags & Type::kHeapType) || !isInstanceOf(self, owner)) return Failure::kCallee;
    const DictEntry* entry = dictFindStr(owner->dict, builtin->name);
    if (entry == nullptr || !entry->value.get().is(in.base[0])) return Failure::kCallee;
    if (!relyOn(typeOf(self))) return Failure::kClassChanges;
    auto& cache = site.cache<CallShapeCache>();
    cache.shape = self.asCell()->shape_;
    cache.payload = in.base[0].bits();
    return Failure::kNone;
  }
  inline Observation observeUnbound(const Site& site, CallInputs in) {
    if (in.count == 0) return Failure::kArguments;
    if (Failure why = rememberDescriptor(site, {in.base + 1, in.count}); why != Failure::kNone) return why;
    auto* builtin = in.base[1].as<Builtin>();
    if (builtin->signature == Builtin::kVariadic) return ops::CALL_UNBOUND_METHOD_DESCRIPTOR;
    if (builtin->signature != Builtin::kFixed) return Failure::kCallee;
    if (in.count < builtin->minArguments || in.count > builtin->maxArguments || builtin->maxArguments > 4)
      return Failure::kArguments;
    return ops::CALL_UNBOUND_METHOD_DESCRIPTOR;
  }
  // [bound method, argument, arguments...]: how a with statement calls __exit__.
  inline Observation observeExit(const Site& site, CallInputs in) {
    Value target = in.base[0].as<Method>()->function;
    if (!isKind(target, Kind::kFunction) || !isExact(in.base[0], exactShapes.method)) return Failure::kCallee;
    Code* code = target.as<Function>()->code;
    if (Failure why = rememberCode(site, code); why != Failure::kNone) return why;
    if (code->prepared->simpleArguments != in.count + 2) return Failure::kArguments;
    return ops::CALL_EXIT_METHOD_EXACT_ARGS;
  }
  inline Observation observeBoundMethod(const Site& site, CallInputs in) {
    auto* method = in.callable().as<Method>();
    Value target = method->function;
    if (isKind(target, Kind::kBuiltin)) {
      Value unbound[] = {target, method->self.get()};
      if (Failure why = rememberDescriptor(site, {unbound, in.count}); why != Failure::kNone) return why;
      auto* builtin = target.as<Builtin>();
      bool takesOne = builtin->signature == Builtin::kFixed && builtin->minArguments == 2 && builtin->maxArguments == 2;
      if (!takesOne || in.count != 1) return Failure::kArguments;
      return ops::CALL_BOUND_METHOD_DESCRIPTOR_O;
    }
    if (!isKind(target, Kind::kFunction) || !isExact(in.callable(), exactShapes.method)) return Failure::kCallee;
    Code* code = target.as<Function>()->code;
    if (Failure why = rememberCode(site, code); why != Failure::kNone) return why;
    if (code->prepared->simpleArguments != in.count + 1) return Failure::kArguments;
    return ops::CALL_BOUND_METHOD_EXACT_ARGS;
  }
  inline Observation observeDescriptor(const Site& site, CallInputs in) {
    if (Failure why = rememberDescriptor(site, in); why != Failure::kNone) return why;
    auto* builtin = in.base[0].as<Builtin>();
    if (builtin->signature == Builtin::kVariadic) return ops::CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS;
    if (builtin->signature != Builtin::kFixed) return Failure::kCallee;
    if (in.total() < builtin->minArguments || in.total() > builtin->maxArguments) return Failure::kArguments;
    if (isExact(in.base[1], exactShapes.list) && strEqualsUtf8(builtin->name, "append"))
      return ops::CALL_NO_KW_LIST_APPEND;
    if (isResumable(in.base[1]) && strEqualsUtf8(builtin->name, "send")) return ops::CALL_NO_KW_GEN_SEND;
    switch (builtin->maxArguments) {
      case 1: return ops::CALL_NO_KW_METHOD_DESCRIPTOR_NOARGS;
      case 2: return ops::CALL_NO_KW_METHOD_DESCRIPTOR_O;
      case 3: return ops::CALL_NO_KW_METHOD_DESCRIPTOR_FAST;
      case 4: return ops::CALL_NO_KW_METHOD_DESCRIPTOR_FAST_4;
      default: return Failure::kArguments;
    }
  }

  // Index of the parameter that the keyword names, or -1.
  inline int64_t parameterOf(Code* code, const Str* keyword) {
    uint32_t parameters = code->argumentCount + code->keywordOnlyCount;
    for (uint32_t i = code->positionalOnlyCount; i < parameters; i++)
      if (strEquals(code->localsplusNames->items[i].get().as<Str>(), keyword)) return i;
    return -1;
  }
  // The cache's map for these keywords; false when only the binder can tell, or will raise.
  inline bool mapKeywords(const Function* function, uint32_t positional, const Tuple* keywords, uint64_t& map) {
    Code* code = function->code;
    uint32_t ordinary = code->argumentCount, parameters = ordinary + code->keywordOnlyCount;
    if ((code->codeFlags & (Code::kVarargs | Code::kVarkeywords)) || positional > ordinary ||
        parameters - positional > kMapped || keywords->length >= kDefault)
      return false;
    uint8_t sources[kMapped];
    std::fill(std::begin(sources), std::end(sources), kDefault);
    for (uint64_t k = 0; k < keywords->length; k++) {
      int64_t parameter = parameterOf(code, keywords->items[k].get().as<Str>());
      if (parameter < positional || sources[parameter - positional] != kDefault) return false;
      sources[parameter - positional] = static_cast<uint8_t>(k);
    }
    Dict* keywordDefaults = toDict(function->kwdefaults);
    map = 0;
    for (uint32_t i = positional; i < parameters; i++) {
      uint64_t source = sources[i - positional];
      map |= source << 4 * (i - positional);
      if (source != kDefault) continue;
      if (i < ordinary ? !hasDefaultsFor(function, i, ordinary)
                       : keywordDefaults == nullptr || !keywordDefaults->allStrings ||
                             dictFindStr(keywordDefaults, code->localsplusNames->items[i].get().as<Str>()) == nullptr)
        return false;
    }
    return true;
  }

  // cls(x, name=y): an __init__ in Python, and object.__new__.
  inline Observation observeClassKeywords(const Site& site, CallInputs in, const Tuple* keywords) {
    if (!isExact(in.callable(), exactShapes.type)) return Failure::kOverridden;
    auto* type = in.callable().as<Type>();
    Value make = type->special(Special::k__new__), init = type->special(Special::k__init__);
    const Shape* shape = type->instanceShape;
    if ((type->typeFlags & Type::kAbstract) || !type->special(Special::k__del__).isUnbound() ||
        !make.is(types.object->special(Special::k__new__)) || !isKind(init, Kind::kFunction))
      return Failure::kCallee;
    uint64_t bytes = sizeof(Instance) + uint64_t{shape->inlineCapacity} * sizeof(Value);
    if (type->instanceKind != Kind::kInstance || type->payloadKind != Kind::kFree || bytes > UINT16_MAX)
      return Failure::kOutOfRange;
    auto* function = init.as<Function>();
    Code* code = function->code;
    if (Failure why = rememberCode(site, code); why != Failure::kNone) return why;
    uint32_t positional = in.count + 1 - static_cast<uint32_t>(keywords->length);
    uint64_t map;
    if (!mapKeywords(function, positional, keywords, map)) return Failure::kArguments;
    if (code->argumentCount + code->keywordOnlyCount - positional > kMappedInit) return Failure::kOutOfRange;
    if (!relyOn(type)) return Failure::kClassChanges;
    auto& cache = site.cache<CallShapeCache>();
    cache.payload = std::bit_cast<uint64_t>(KeywordInitPayload{cache.shape, static_cast<uint32_t>(map)});
    cache.shape = shapes::address(shape);
    cache.slot = static_cast<uint16_t>(bytes);
    return ops::CALL_KW_ALLOC_AND_ENTER_INIT;
  }

}  // namespace calls

inline Observation observeCall(Site site) {
  CallInputs in{site.sp - site.oparg() - 2, site.oparg()};
  Value callable = in.callable();
  if (isKind(callable, Kind::kFunction)) return calls::observePython(site, in);
  if (isKind(callable, Kind::kBuiltin))
    return in.isMethod() ? calls::observeDescriptor(site, in) : calls::observeNative(site, in);
  if (isKind(callable, Kind::kMethod))
    return in.isMethod() ? calls::observeExit(site, in) : calls::observeBoundMethod(site, in);
  if (in.isMethod()) return Failure::kCallee;
  if (isKind(callable, Kind::kType)) return calls::observeClass(site, in);
  return Failure::kCallee;
}

inline Observation observeCallKeywords(Site site) {
  CallInputs in{site.sp - site.oparg() - 2, site.oparg()};
  const auto* keywords = site.word[kKeywordNamesUnit].value.as<Tuple>();
  Value callable = in.callable();
  if (isKind(callable, Kind::kFunction)) {
    auto* function = callable.as<Function>();
    if (Failure why = calls::rememberCode(site, function->code); why != Failure::kNone) return why;
    uint64_t map;
    if (!calls::mapKeywords(function, in.total() - static_cast<uint32_t>(keywords->length), keywords, map))
      return ops::CALL_KW_PY_GENERAL;
    site.cache<CallCache>().payload = map;
    return in.isMethod() ? ops::CALL_KW_METHOD_PY : ops::CALL_KW_PY;
  }
  if (isKind(callable, Kind::kType) && !in.isMethod()) return calls::observeClassKeywords(site, in, keywords);
  if (!isKind(callable, Kind::kBuiltin)) return Failure::kCallee;
  auto* builtin = callable.as<Builtin>();
  if (builtin->signature != Builtin::kVariadic) return Failure::kArguments;
  if (in.isMethod()) {
    if (Failure why = calls::rememberDescriptor(site, in); why != Failure::kNone) return why;
    return ops::CALL_KW_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS;
  }
  if (builtin->face != Builtin::kFunction) return Failure::kCallee;
  auto& cache = site.cache<CallCache>();
  cache.shape = calls::convention(builtin);
  cache.native = builtin->function;
  return ops::CALL_KW_BUILTIN_FAST_WITH_KEYWORDS;
}

}  // namespace krait
