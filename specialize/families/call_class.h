// CALL of classes: instances are allocated here and __init__'s frame is pushed, built-in classes go straight to their
// constructor.
#pragma once
#include "specialize/families/call_python.h"
#include "vm/builtins/range.h"
#include "vm/builtins/str.h"
#include "vm/handlers/calls.h"

namespace krait {
namespace calls {

  // What CALL_ALLOC_AND_ENTER_INIT keeps in its cache's payload.
  struct InitPayload {
    uint32_t version;  // of __init__'s code
    uint32_t bytes;    // of a new instance
  };

  // A fresh instance of a class whose instances are plain. Null: no memory, nothing raised yet.
  KRAIT_INLINE Instance* newInstance(Thread& thread, const Type* type, uint32_t bytes) {
    auto* instance = static_cast<Instance*>(heap.allocateCell(thread, bytes));
    if (instance == nullptr) [[unlikely]]
      return nullptr;
    instance->setShape(type->instanceShape.get());
    instance->kind = Kind::kInstance;
#if defined(__clang__)
#pragma clang loop vectorize(disable) unroll(disable)
#endif
    for (uint32_t i = 0, n = type->slotCount; i < n; i++) instance->slots[i] = Value::unbound();
    return instance;
  }

  // object.__new__ and an __init__ in Python: [NULL, cls, arguments...] becomes [self, self, arguments...]; base[0]
  // keeps the instance until the frame returns (Frame::kInit).
  template <bool hasDefaults>
  struct AllocateAndEnterInit {
    KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) {
      return in.base[0].isUnbound() && isPlainClass(in.base[1], cache.shape);
    }
    KRAIT_INLINE static Entered run(Thread& thread, Registers& r, CallInputs in, const CallShapeCache& cache) {
      auto* type = in.base[1].as<Type>();
      auto payload = std::bit_cast<InitPayload>(cache.payload);
      Value init = type->special(Special::k__init__);
      if (!isFunctionOf(init, payload.version) || (type->typeFlags & Type::kAbstract)) [[unlikely]]
        return {{}, false};
      auto* function = init.as<Function>();
      Code* code = function->code;
      const PreparedCode* prepared = code->prepared;
      Value* locals = in.base + 1;
      if (!hasRoomFor(thread, prepared, locals)) [[unlikely]]
        return {{}, false};
      uint32_t arguments = in.count + 1;
      if constexpr (hasDefaults) {
        uint32_t parameters = prepared->simpleArguments;
        if (!fillDefaults(function, locals + arguments, parameters - arguments, parameters)) [[unlikely]]
          return {{}, false};
        arguments = parameters;
      }
      thread.sp = locals + arguments;  // the defaults, too, must survive a collection
      r.fp->pc = r.pc + kUnits;
      uint32_t localCount = cache.slot;
      Instance* instance = newInstance(thread, type, payload.bytes);
      if (instance == nullptr) [[unlikely]] {
        (void)raiseMemoryError(thread);
        return {{Next::kRaise}, true};
      }
      in.base[0] = in.base[1] = Value::of(instance);
      Pc entry = entryOf(thread, prepared);
      enterFrame(thread, r, function, code, localCount, entry, locals, arguments, in.base, Frame::kInit);
      return {{Next::kNext}, true};
    }
  };

}  // namespace calls

template <>
struct Instr<ops::CALL_ALLOC_AND_ENTER_INIT> : calls::AllocateAndEnterInit<false> {};
template <>
struct Instr<ops::CALL_ALLOC_AND_ENTER_INIT_WITH_DEFAULTS> : calls::AllocateAndEnterInit<true> {};

// ... with keywords: [NULL, cls, arguments..., values]. CallShapeCache: slot = bytes, payload = which code, and where
// its parameters come from, as CALL_KW_PY has it.
namespace calls {

  struct KeywordInitPayload {
    uint32_t version;
    uint32_t map;
  };
  inline constexpr uint32_t kMappedInit = 8;  // parameters that such a map has room for

}  // namespace calls

template <>
struct Instr<ops::CALL_KW_ALLOC_AND_ENTER_INIT> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) {
    return in.base[0].isUnbound() && calls::isPlainClass(in.base[1], cache.shape);
  }
  KRAIT_INLINE static calls::Entered run(Thread& thread, Registers& r, CallInputs in, const CallShapeCache& cache,
                                         KeywordNames names) {
    auto* type = in.base[1].as<Type>();
    auto payload = std::bit_cast<calls::KeywordInitPayload>(cache.payload);
    Value init = type->special(Special::k__init__);
    if (!calls::isFunctionOf(init, payload.version) || (type->typeFlags & Type::kAbstract)) [[unlikely]]
      return {{}, false};
    auto* function = init.as<Function>();
    Code* code = function->code;
    const PreparedCode* prepared = code->prepared;
    Value* locals = in.base + 1;
    auto keywords = static_cast<uint32_t>(names.names.as<Tuple>()->length);
    if (!hasRoomFor(thread, prepared, locals + keywords)) [[unlikely]]
      return {{}, false};
    if (!calls::arrangeKeywords(function, code, locals, in.count + 1 - keywords, keywords, payload.map)) [[unlikely]]
      return {{}, false};
    uint32_t parameters = code->argumentCount + code->keywordOnlyCount;
    thread.sp = locals + parameters;  // the defaults, too, must survive a collection
    r.fp->pc = r.pc + calls::kKeywordUnits;
    Instance* instance = calls::newInstance(thread, type, cache.slot);
    if (instance == nullptr) [[unlikely]] {
      (void)raiseMemoryError(thread);
      return {{Next::kRaise}, true};
    }
    in.base[0] = in.base[1] = Value::of(instance);
    Pc entry = calls::entryOf(thread, prepared);
    enterFrame(thread, r, function, code, prepared->localCount, entry, locals, parameters, in.base, Frame::kInit);
    return {{Next::kNext}, true};
  }
};

// cls() without any __init__ or __new__ of its own.
template <>
struct Instr<ops::CALL_ALLOC> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) {
    return in.base[0].isUnbound() && calls::isPlainClass(in.base[1], cache.shape) &&
           !(in.base[1].as<Type>()->typeFlags & Type::kAbstract);
  }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, CallInputs in, const CallShapeCache& cache) {
    Instance* instance = calls::newInstance(thread, in.base[1].as<Type>(), cache.slot);
    if (instance == nullptr) [[unlikely]]
      return raiseMemoryError(thread);
    return Value::of(instance);
  }
};

// int(x), float(x), range(n), list(x) ...: the constructor, and nothing after it.
template <>
struct Instr<ops::CALL_BUILTIN_CLASS> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) {
    return in.base[0].isUnbound() && calls::isPlainClass(in.base[1], cache.shape);
  }
  static Fallible<Value> run(Thread& thread, CallInputs in, const CallShapeCache& cache) {
    if (calls::nativeStackIsLow(thread)) [[unlikely]]
      return raiseRecursionError(thread, " while calling a Python object");
    return reinterpret_cast<NativeVariadic>(cache.native)(thread, in.base[1],
                                                          Arguments{in.base + 2, in.count, nullptr});
  }
};
// ... and its __init__, in C++, too: list(x), ValueError(x).
template <>
struct Instr<ops::CALL_BUILTIN_CLASS_INIT> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) {
    return in.base[0].isUnbound() && calls::isPlainClass(in.base[1], cache.shape);
  }
  static Fallible<Value> run(Thread& thread, CallInputs in, const CallShapeCache& cache) {
    if (calls::nativeStackIsLow(thread)) [[unlikely]]
      return raiseRecursionError(thread, " while calling a Python object");
    auto* type = in.base[1].as<Type>();
    Arguments arguments{in.base + 2, in.count, nullptr};
    Value instance = TRY(reinterpret_cast<NativeVariadic>(cache.native)(thread, in.base[1], arguments));
    if (typeOf(instance) != type) [[unlikely]]
      return instance;
    auto* init = type->special(Special::k__init__).as<Builtin>();
    TRY(reinterpret_cast<NativeVariadic>(init->function)(thread, instance, arguments));
    return instance;
  }
};
// A constructor in C++ and an __init__ in Python: exceptions with attributes, subclasses of list.
template <>
struct Instr<ops::CALL_BUILTIN_NEW_AND_ENTER_INIT> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) {
    return in.base[0].isUnbound() && calls::isPlainClass(in.base[1], cache.shape);
  }
  KRAIT_INLINE static Transfer<2, 1, 1> run(Thread& thread, Registers& r, CallInputs in, const CallShapeCache& cache) {
    r.fp->pc = r.pc + calls::kUnits;
    thread.sp = r.sp;
    Fallible<Value> result = calls::nativeStackIsLow(thread)
                                 ? raiseRecursionError(thread, " while calling a Python object")
                                 : enterNativeNew(thread, in.base, in.count, nullptr, cache.native);
    return Instr<Op::CALL>::finish(thread, r, result, in.base, calls::kUnits);
  }
};
template <>
struct Instr<ops::CALL_NO_KW_TYPE_1> {
  KRAIT_INLINE static bool guard(CallInputs in) {
    return in.base[0].isUnbound() && in.base[1].is(Value::of(types.type)) && in.count == 1;
  }
  KRAIT_INLINE static Value run(CallInputs in) { return Value::of(typeOf(in.base[2])); }
};
template <>
struct Instr<ops::CALL_NO_KW_STR_1> {
  KRAIT_INLINE static bool guard(CallInputs in) {
    return in.base[0].isUnbound() && in.base[1].is(Value::of(types.str)) && in.count == 1;
  }
  static Fallible<Value> run(Thread& thread, CallInputs in) {
    if (isExact(in.base[2], exactShapes.str)) return in.base[2];
    auto* constructor = types.str->special(Special::k__new__).as<Builtin>();
    return reinterpret_cast<NativeVariadic>(constructor->function)(thread, in.base[1],
                                                                   Arguments{in.base + 2, 1, nullptr});
  }
};
namespace calls {

  // range() of ints in a word: the object is made here.
  template <uint32_t arguments>
  struct RangeOfInts {
    KRAIT_INLINE static bool guard(CallInputs in) {
      if (!in.base[0].isUnbound() || !in.base[1].is(Value::of(types.range)) || in.count != arguments) return false;
      if constexpr (arguments == 1) return in.base[2].isInlineInt();
      if constexpr (arguments == 2) return Value::bothInlineInts(in.base[2], in.base[3]);
      return Value::bothInlineInts(in.base[2], in.base[3]) && in.base[4].isInlineInt();
    }
    KRAIT_INLINE static Fallible<Value> run(Thread& thread, CallInputs in) {
      Value zero = Value::inlineInt(0), one = Value::inlineInt(1);
      if constexpr (arguments == 1) return makeRange(thread, zero, in.base[2], one);
      if constexpr (arguments == 2) return makeRange(thread, in.base[2], in.base[3], one);
      return makeRange(thread, in.base[2], in.base[3], in.base[4]);
    }
  };

}  // namespace calls
template <>
struct Instr<ops::CALL_NO_KW_RANGE_1> : calls::RangeOfInts<1> {};
template <>
struct Instr<ops::CALL_NO_KW_RANGE_2> : calls::RangeOfInts<2> {};
template <>
struct Instr<ops::CALL_NO_KW_RANGE_3> : calls::RangeOfInts<3> {};
template <>
struct Instr<ops::CALL_NO_KW_TUPLE_1> {
  KRAIT_INLINE static bool guard(CallInputs in) {
    return in.base[0].isUnbound() && in.base[1].is(Value::of(types.tuple)) && in.count == 1;
  }
  static Fallible<Value> run(Thread& thread, CallInputs in) {
    if (isExact(in.base[2], exactShapes.tuple)) return in.base[2];
    return Value::of(TRY(tupleFromIterable(thread, in.base[2])));
  }
};

}  // namespace krait
