// Calling: frames pushed for Python functions, construction of instances, and calls from C++.
#include "vm/attribute_cache.h"
#include "vm/builtins/builtin.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/function.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/lifetimes.h"
#include "vm/modules/functools.h"
#include "vm/names.h"
#include "vm/operator_frames.h"
#include "vm/semantics.h"
#include "vm/tracing.h"

namespace krait {

Fallible<void> pushFrame(Thread& thread, Function* function, Value* first, uint32_t count, Tuple* keywordNames,
                         Value* result, uint16_t flags) {
  Code* code = function->code;
  if (code->prepared == nullptr) [[unlikely]]
    TRY(thread.hooks.prepare(thread, code));
  const PreparedCode* prepared = code->prepared;
  uint32_t given = count + (keywordNames == nullptr ? 0 : static_cast<uint32_t>(keywordNames->length));
  // Room for the frame, and for binding to move `given` arguments out of the way.
  if (first + prepared->frameWords + given + kFrameWords > thread.stackLimit || thread.recursionRemaining <= 0)
    return raiseRecursionError(thread);
  if (prepared->simpleArguments == count && keywordNames == nullptr) {
    for (uint32_t i = count; i < prepared->localCount; i++) first[i] = Value::unbound();
  } else {
    TRY(bindArguments(thread, function, first, count, keywordNames));
  }
  thread.recursionRemaining--;
  Frame* frame = reinterpret_cast<Frame*>(first + prepared->localCount);
  // The body of a module or a class that somebody has made a function of.
  Value locals = code->codeFlags & Code::kOptimized ? Value::unbound() : Value::of(function->globals.get());
  *frame =
      Frame{thread.frame, prepared->entry, result, function, code, locals, nullptr, prepared->localCount, flags, 0};
  thread.frame = frame;
  thread.sp = frame->stackBase();
  return {};
}

// An operator's first method, a Python function, has returned NotImplemented; the operands lie at `result`.
KRAIT_COLD static Next finishOperator(Thread& thread, Frame* caller, Value* result, uint16_t flags) {
  thread.sp = result + 2;
  Pc word = caller->pc - kHeadUnits - kCacheUnits<InlineCache>;
  unsigned comparison = flags >> kComparisonShift & 7;
  Fallible<Value> value =
      comparison != 0
          ? compareAfter(thread, static_cast<Comparison>(comparison - 1), result[0], result[1])
          : binaryOperationAfter(thread, static_cast<BinaryOperator>(word[1].operand), result[0], result[1], flags);
  if (value.isRaised()) return Next::kRaise;
  *result = value.value();
  thread.sp = result + 1;
  return Next::kReload;
}

// A method has answered what an instruction of its caller asked (vm/operator_frames.h).
static Next finishAnswer(Thread& thread, Frame* caller, Value* result, uint16_t flags, Value value) {
  thread.sp = result + 1;  // what lies there may be needed yet
  if (answersAwaitable(flags)) {
    bool isNext = baseOpAt(caller->pc - kHeadUnits) == Op::GET_ANEXT;
    Fallible<Value> iterator = isNext ? awaitableOfNext(thread, value) : iteratorOfAwait(thread, value);
    if (iterator.isRaised()) return Next::kRaise;
    *result = iterator.value();
    return Next::kReload;
  }
  Fallible<bool> truth = answerOf(thread, flags, value);
  if (truth.isRaised()) return Next::kRaise;
  Pc waits = caller->pc;
  thread.sp = deliverAnswer(flags, value, truth.value(), result, caller->pc);
  if (caller->pc != waits && tracingThreads != 0)
    keepPlace(caller, canonicalOffset(caller->code->prepared, publishedPc(waits - kHeadUnits)));
  return Next::kReload;
}

Next leaveFrame(Thread& thread, Frame* frame, Value value) {
  thread.recursionRemaining++;
  Value* result = frame->result;
  Frame* caller = frame->previous;
  uint16_t flags = frame->flags;
  if (frame->object != nullptr) detachFrameObject(thread, frame);
  if (flags & Frame::kGenerator) {
    Generator* generator = frame->generator();
    thread.handled = generator->handled.previous;
    generator->state = Generator::kFinished;
    generator->saved = nullptr;
  }
  thread.frame = caller;
  if (flags & Frame::kEntry) {
    thread.sp = result;
    if (!(flags & Frame::kInit)) {
      *result = value;
    } else if (!value.isNone()) {
      (void)raiseTypeError(thread, "__init__() should return None, not '{}'", nameOf(value));
      *result = Value::error();
    }
    return Next::kHalt;
  }
  if (flags & Frame::kForIter) {  // the loop is over: pop the iterator below `result`, go where FOR_ITER says
    thread.sp = result - 1;
    if (tracingThreads != 0 && !value.isNone() && !traceStop(thread, caller, value)) [[unlikely]]
      return Next::kRaise;
    Pc word = caller->pc - kForIterUnits;
    caller->pc = word + word[1].offset;
    return Next::kReload;
  }
  if (flags & Frame::kSend) {  // [receiver, sent] becomes [value], and SEND jumps
    if (tracingThreads != 0 && (!value.isNone() || !result->isNone() || typeOf(result[-1]) == types.coroutine) &&
        !traceStop(thread, caller, value)) [[unlikely]]
      return Next::kRaise;
    result[-1] = value;
    thread.sp = result;
    Pc word = caller->pc - kHeadUnits;
    caller->pc = word + word[1].offset;
    return Next::kReload;
  }
  if (flags & Frame::kGenerator) {  // resumed by a call of next() or send() in Python code
    thread.sp = result;
    (void)yieldedOrStop(thread, Value::unbound(), value);
    return Next::kRaise;
  }
  if (flags & kResultUnused) {
    thread.sp = result;
    return Next::kReload;
  }
  if (flags & kOperatorFrame) {
    if (value.isNotImplemented()) [[unlikely]]
      return finishOperator(thread, caller, result, flags);
    *result = value;
    thread.sp = result + 1;
    return Next::kReload;
  }
  if (flags & kAnswerFrame) return finishAnswer(thread, caller, result, flags, value);
  thread.sp = result + 1;
  if (flags & Frame::kInit) {  // *result is the instance
    if (value.isNone()) [[likely]]
      return Next::kReload;
    (void)raiseTypeError(thread, "__init__() should return None, not '{}'", nameOf(value));
    return Next::kRaise;
  }
  *result = value;
  return Next::kReload;
}

namespace {

// cls(arguments...) with base = [NULL, cls, arguments...]. The common class (object.__new__, __init__ in Python) is
// allocated here and its __init__ entered without recursion; the instance waits in base[0].
Fallible<Value> enterConstruct(Thread& thread, Value* base, uint32_t positional, Tuple* keywordNames) {
  Type* type = base[1].as<Type>();
  Type* metatype = typeOf(base[1]);
  Value metaCall = metatype->special(Special::k__call__);
  if (!metaCall.is(types.type->special(Special::k__call__))) {
    if (isKind(metaCall, Kind::kFunction)) {
      base[0] = metaCall;
      TRY(pushFrame(thread, metaCall.as<Function>(), base + 1, positional + 1, keywordNames, base, 0));
      return Value::unbound();
    }
    // `__call__ = dict` in a metaclass is no method: it does not get the class.
    Value bound = TRY(bindDescriptor(thread, metaCall, base[1], metatype));
    return call(thread, bound, std::span<const Value>(base + 2, thread.sp), keywordNames);
  }
  if (type == types.type && positional == 1 && keywordNames == nullptr) return Value::of(typeOf(base[2]));
  Value init = type->special(Special::k__init__);
  if (isKind(init, Kind::kFunction) && type->special(Special::k__new__).is(types.object->special(Special::k__new__)) &&
      !(type->typeFlags & Type::kAbstract)) {
    Value instance = TRY(allocateInstance(thread, type));
    base[0] = base[1] = instance;
    TRY(pushFrame(thread, init.as<Function>(), base + 1, positional + 1, keywordNames, base, Frame::kInit));
    return Value::unbound();
  }
  if (isKind(init, Kind::kFunction)) {
    Value make = type->special(Special::k__new__);
    if (isKind(make, Kind::kBuiltin) && make.as<Builtin>()->face == Builtin::kConstructor &&
        (type->typeFlags & Type::kInstantiable) && isSubtype(type, make.as<Builtin>()->owner.get().as<Type>()) &&
        make.as<Builtin>()->function != types.object->special(Special::k__new__).as<Builtin>()->function) {
      KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
      return enterNativeNew(thread, base, positional, keywordNames, make.as<Builtin>()->function);
    }
  }
  return callBuiltin(thread, metaCall.as<Builtin>(), Arguments{base + 1, positional + 1, keywordNames});
}

}  // namespace

Fallible<Value> enterNativeNew(Thread& thread, Value* base, uint32_t positional, Tuple* keywordNames, void* make) {
  Type* type = base[1].as<Type>();
  Value instance = TRY(reinterpret_cast<NativeVariadic>(make)(thread, base[1], {base + 2, positional, keywordNames}));
  TRY(registerMade(thread, instance));
  if (!isInstanceOf(instance, type)) return instance;
  Value init = typeOf(instance)->special(Special::k__init__);
  if (isKind(init, Kind::kFunction)) [[likely]] {
    base[0] = base[1] = instance;
    TRY(pushFrame(thread, init.as<Function>(), base + 1, positional + 1, keywordNames, base, Frame::kInit));
    return Value::unbound();
  }
  // The arguments have run Python code that replaced __init__.
  base[1] = instance;
  Value bound = TRY(bindDescriptor(thread, init, instance, typeOf(instance)));
  Value result = TRY(call(thread, bound, std::span<const Value>(base + 2, thread.sp), keywordNames));
  if (!result.isNone()) return raiseTypeError(thread, "__init__() should return None, not '{}'", nameOf(result));
  return instance;
}

Fallible<Value> enterCall(Thread& thread, Value* base, uint32_t count, Tuple* keywordNames) {
  uint32_t keywords = keywordNames == nullptr ? 0 : static_cast<uint32_t>(keywordNames->length);
  int32_t unwrapped = 0;
  while (true) {
    bool isMethod = !base[0].isUnbound();
    Value callable = base[!isMethod];
    Value* first = base + 2 - isMethod;
    uint32_t positional = count - keywords + isMethod;
    if (!callable.isCell()) return raiseTypeError(thread, "'{}' object is not callable", nameOf(callable));
    switch (callable.asCell()->kind) {
      case Kind::kFunction:
        TRY(pushFrame(thread, callable.as<Function>(), first, positional, keywordNames, base, 0));
        return Value::unbound();
      case Kind::kBuiltin:
        return callBuiltin(thread, callable.as<Builtin>(), Arguments{first, positional, keywordNames});
      case Kind::kType:
        if (isMethod) break;
        return enterConstruct(thread, base, positional, keywordNames);
      case Kind::kMethod: {
        if (isMethod) break;
        Method* method = callable.as<Method>();
        base[0] = method->function.get();
        base[1] = method->self.get();
        continue;
      }
      case Kind::kNative:
        if (isMethod || !callsAsPartial(callable)) break;
        if (++unwrapped > thread.recursionLimit)  // a partial of itself
          return raiseRecursionError(thread, " while calling a Python object");
        TRY(expandPartial(thread, base, count, keywordNames));
        keywords = keywordNames == nullptr ? 0 : static_cast<uint32_t>(keywordNames->length);
        continue;
      default: break;
    }
    if (isMethod) {  // no room for another self: start again with a copy above
      return call(thread, callable, std::span<const Value>(first, positional + keywords), keywordNames);
    }
    Value method = typeOf(callable)->special(Special::k__call__);
    if (method.isUnbound()) return raiseTypeError(thread, "'{}' object is not callable", nameOf(callable));
    KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
    if (isKind(method, Kind::kFunction) ||
        (isKind(method, Kind::kBuiltin) && method.as<Builtin>()->face != Builtin::kFunction)) {
      base[0] = method;  // [__call__, callable, arguments...]
      continue;
    }
    Value bound = TRY(bindDescriptor(thread, method, callable, typeOf(callable)));
    return call(thread, bound, std::span<const Value>(first, positional + keywords), keywordNames);
  }
}

Fallible<Value> call(Thread& thread, Value callable, std::span<const Value> arguments, Tuple* keywordNames) {
  if (nativeStackExhausted(thread)) [[unlikely]]
    return raiseRecursionError(thread, " while calling a Python object");
  // What is written in C++ takes the arguments where they are.
  if (callable.isCell() && callable.asCell()->kind == Kind::kBuiltin) {
    size_t keywords = keywordNames == nullptr ? 0 : keywordNames->length;
    uint32_t positional = static_cast<uint32_t>(arguments.size() - keywords);
    return callBuiltin(thread, callable.as<Builtin>(), {arguments.data(), positional, keywordNames});
  }
  if (callable.isCell() && callable.asCell()->kind == Kind::kNative && !callsAsPartial(callable)) {
    Value method = typeOf(callable)->special(Special::k__call__);
    if (isKind(method, Kind::kBuiltin) && method.as<Builtin>()->signature == Builtin::kVariadic &&
        method.as<Builtin>()->face == Builtin::kSlotWrapper && acceptsSelf(method.as<Builtin>(), callable)) {
      size_t keywords = keywordNames == nullptr ? 0 : keywordNames->length;
      uint32_t positional = static_cast<uint32_t>(arguments.size() - keywords);
      auto f = reinterpret_cast<NativeVariadic>(method.as<Builtin>()->function);
      return f(thread, callable, {arguments.data(), positional, keywordNames});
    }
  }
  Value* base = thread.sp;
  if (base + arguments.size() + 2 > thread.stackLimit) return raiseRecursionError(thread);
  base[0] = Value::unbound();
  base[1] = callable;
  for (size_t i = 0; i < arguments.size(); i++) base[2 + i] = arguments[i];
  thread.sp = base + 2 + arguments.size();
  Frame* caller = thread.frame;
  Fallible<Value> result = enterCall(thread, base, static_cast<uint32_t>(arguments.size()), keywordNames);
  if (!result.isRaised() && result.value().isUnbound() && thread.frame != caller) {
    thread.frame->flags |= Frame::kEntry;
    result = thread.hooks.interpret(thread, thread.frame);
  }
  thread.sp = base;
  return result;
}

Fallible<Value> call(Thread& thread, Value callable) { return call(thread, callable, std::span<const Value>()); }
Fallible<Value> call(Thread& thread, Value callable, Value a) {
  return call(thread, callable, std::span<const Value>(&a, 1));
}
Fallible<Value> call(Thread& thread, Value callable, Value a, Value b) {
  Value arguments[] = {a, b};
  return call(thread, callable, std::span<const Value>(arguments));
}
Fallible<Value> call(Thread& thread, Value callable, Value a, Value b, Value c) {
  Value arguments[] = {a, b, c};
  return call(thread, callable, std::span<const Value>(arguments));
}

namespace {

// `__call__ = len` in a class is no method: it does not get the instance.
bool isMethodDescriptor(Value v) { return isKind(v, Kind::kBuiltin) && v.as<Builtin>()->face != Builtin::kFunction; }
// A class may hold another class's method (`__len__ = list.__len__`): its C++ function must not see this instance.
bool takesSelf(const Builtin* builtin, Value self) {
  return builtin->face != Builtin::kFunction && acceptsSelf(builtin, self);
}

Fallible<Value> callSpecialWith(Thread& thread, Value method, std::span<const Value> selfAndArguments) {
  if (isKind(method, Kind::kFunction) || isMethodDescriptor(method)) return call(thread, method, selfAndArguments);
  Value bound = TRY(bindDescriptor(thread, method, selfAndArguments[0], typeOf(selfAndArguments[0])));
  return call(thread, bound, selfAndArguments.subspan(1));
}

}  // namespace

Fallible<Value> callSpecial(Thread& thread, Value method, Value self) {
  if (isKind(method, Kind::kBuiltin)) {
    Builtin* builtin = method.as<Builtin>();
    if (builtin->signature == Builtin::kFixed && builtin->maxArguments == 1 && takesSelf(builtin, self))
      return reinterpret_cast<Native1>(builtin->function)(thread, self);
  }
  return callSpecialWith(thread, method, std::span<const Value>(&self, 1));
}
Fallible<Value> callSpecial(Thread& thread, Value method, Value self, Value a) {
  if (isKind(method, Kind::kBuiltin)) {
    Builtin* builtin = method.as<Builtin>();
    if (builtin->signature == Builtin::kFixed && builtin->maxArguments == 2 && takesSelf(builtin, self))
      return reinterpret_cast<Native2>(builtin->function)(thread, self, a);
  }
  Value arguments[] = {self, a};
  return callSpecialWith(thread, method, std::span<const Value>(arguments));
}
Fallible<Value> callSpecial(Thread& thread, Value method, Value self, Value a, Value b) {
  if (isKind(method, Kind::kBuiltin)) {
    Builtin* builtin = method.as<Builtin>();
    if (builtin->signature == Builtin::kFixed && builtin->maxArguments == 3 && takesSelf(builtin, self))
      return reinterpret_cast<Native3>(builtin->function)(thread, self, a, b);
  }
  Value arguments[] = {self, a, b};
  return callSpecialWith(thread, method, std::span<const Value>(arguments));
}

Fallible<Value> callMethod(Thread& thread, Value object, Str* name, std::span<const Value> arguments) {
  MethodLookup found = TRY(loadMethod(thread, object, name));
  if (found.self.isUnbound()) return call(thread, found.callable, arguments);
  Value* top = thread.sp;
  if (top + arguments.size() + 1 > thread.stackLimit) return raiseRecursionError(thread);
  top[0] = found.self;
  for (size_t i = 0; i < arguments.size(); i++) top[1 + i] = arguments[i];
  thread.sp = top + 1 + arguments.size();
  Fallible<Value> result = call(thread, found.callable, std::span<const Value>(top, arguments.size() + 1));
  thread.sp = top;
  return result;
}

std::string callableText(Value callable) {
  Str* name = nullptr;
  Value module = Value::none();
  if (isKind(callable, Kind::kMethod)) callable = callable.as<Method>()->function.get();
  if (isKind(callable, Kind::kFunction)) {
    name = toStr(callable.as<Function>()->qualname.get());
    module = callable.as<Function>()->module.get();
  } else if (isKind(callable, Kind::kType)) {
    name = callable.as<Type>()->qualname;
    module = callable.as<Type>()->module.get();
  } else if (isKind(callable, Kind::kBuiltin)) {
    const Builtin* builtin = callable.as<Builtin>();
    name = builtin->name;
    if (isKind(builtin->owner, Kind::kType))
      return strToUtf8(builtin->owner.get().as<Type>()->name) + "." + strToUtf8(name) + "()";
    if (isKind(builtin->owner, Kind::kStr)) module = builtin->owner.get();
  }
  if (name == nullptr) return std::string(nameOf(callable)) + " object";
  Str* moduleName = toStr(module);
  std::string text = moduleName == nullptr || strEqualsUtf8(moduleName, "builtins") ? "" : strToUtf8(moduleName) + ".";
  return text + strToUtf8(name) + "()";
}

bool isCallable(Value v) { return !typeOf(v)->special(Special::k__call__).isUnbound(); }

// --- CALL_FUNCTION_EX -------------------------------------------------------------------------------------------------
Fallible<Value> enterCallFunctionEx(Thread& thread, Value* base, Value callable, Value arguments, Value keywords) {
  Tuple* positional = toTuple(arguments);
  if (positional == nullptr || typeOf(arguments) != types.tuple) {
    if (typeOf(arguments)->special(Special::k__iter__).isUnbound() &&
        typeOf(arguments)->special(Special::k__getitem__).isUnbound()) {
      return raiseTypeError(thread, "{} argument after * must be an iterable, not {}", callableText(callable),
                            nameOf(arguments));
    }
    positional = TRY(tupleFromIterable(thread, arguments));
  }
  base[2] = Value::of(positional);  // stays reachable while what lies above is overwritten
  Tuple* names = nullptr;
  Value* top = thread.sp;
  if (!keywords.isUnbound() && keywords.as<Dict>()->length > 0) {
    Dict* dict = keywords.as<Dict>();
    if (top + dict->length > thread.stackLimit) return raiseRecursionError(thread);
    names = TRY(makeTupleUninitialised(thread, dict->length));
    uint64_t position = 0, i = 0;
    Value key, value;
    while (dictNext(dict, position, key, value)) {
      if (toStr(key) == nullptr) return raiseTypeError(thread, "keywords must be strings");
      names->items[i++] = key;
    }
  }
  uint64_t count = positional->length + (names == nullptr ? 0 : names->length);
  if (base + 2 + count + 8 > thread.stackLimit || count > UINT32_MAX) return raiseRecursionError(thread);
  // Nothing allocates from here to enterCall: the dict is read once more while its slot is overwritten last.
  Dict* dict = names == nullptr ? nullptr : keywords.as<Dict>();
  for (uint64_t i = 0; i < positional->length; i++) base[2 + i] = positional->items[i].get();
  if (names != nullptr) {
    uint64_t position = 0, i = positional->length;
    Value key, value;
    while (dictNext(dict, position, key, value)) base[2 + i++] = value;
  }
  base[0] = Value::unbound();
  base[1] = callable;
  thread.sp = base + 2 + count;
  return enterCall(thread, base, static_cast<uint32_t>(count), names);
}

// --- special methods --------------------------------------------------------------------------------------------------
Fallible<Value> enterSpecial(Thread& thread, Value method, Value self, Value* result, uint16_t flags) {
  Value* first = thread.sp;
  if (first + 1 > thread.stackLimit) return raiseRecursionError(thread);
  *first = self;
  thread.sp++;
  TRY(pushFrame(thread, method.as<Function>(), first, 1, nullptr, result, flags));
  return Value::unbound();
}

// --- LOAD_ATTR --------------------------------------------------------------------------------------------------------
Fallible<Value> enterLoadAttribute(Thread& thread, Value owner, Str* name) {
  rememberAttributeLoad(owner, name);
  Type* type = typeOf(owner);
  if (type->typeFlags & Type::kDefaultGetattribute && owner.isCell() && owner.asCell()->kind == Kind::kInstance) {
    Value found = lookupOnType(type, name);
    if (found.isUnbound() || !found.isCell() ||
        (!isKind(found, Kind::kProperty) && !isKind(found, Kind::kMember) && !isKind(found, Kind::kInstance))) {
      Value own = ownAttribute(owner.asCell(), name);
      if (!own.isUnbound()) return own;
    } else if (isKind(found, Kind::kProperty)) {
      Value getter = found.as<Property>()->get.get();
      if (isKind(getter, Kind::kFunction) && typeOf(found) == types.property) {
        Value* result = thread.sp - 1;
        thread.sp[0] = owner;
        if (thread.sp + 1 > thread.stackLimit) return raiseRecursionError(thread);
        thread.sp++;
        TRY(pushFrame(thread, getter.as<Function>(), thread.sp - 1, 1, nullptr, result, 0));
        return Value::unbound();
      }
    }
  }
  return getAttribute(thread, owner, name);
}

// --- MAKE_FUNCTION ----------------------------------------------------------------------------------------------------
Fallible<Value> makeFunctionFromStack(Thread& thread, Frame* frame, Value* parts, uint32_t flags, Value code) {
  Code* c = code.as<Code>();
  Function* function = TRY(makeFunction(thread, c, frame->function->globals, Value::of(c->qualname.get())));
  function->builtins = frame->function->builtins.get();
  if (flags & 1) function->defaults = *parts++;
  if (flags & 2) function->kwdefaults = *parts++;
  if (flags & 4) function->annotations = *parts++;
  if (flags & 8) function->closure = *parts++;
  return Value::of(function);
}

}  // namespace krait
