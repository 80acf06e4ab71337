// CALL of functions and methods in C++: by arity, recognised by their address; and the few that need no call at all.
#pragma once
#include "specialize/families/calls.h"
#include "vm/builtins/list.h"
#include "vm/builtins/single_characters.h"
#include "vm/lookup_cache.h"
#include "vm/names.h"
#include "vm/operator_frames.h"
#include "vm/resume_generator.h"

namespace krait {
namespace calls {

  // Addresses of the built-in functions that have forms of their own; null until the first was met.
  struct KnownFunctions {
    void *len, *next, *isinstance, *ord, *chr, *abs, *min, *max;
  };
  inline KnownFunctions known;

  template <int arity>
  KRAIT_INLINE Fallible<Value> callNative(Thread& thread, void* function, const Value* first, uint32_t given) {
    if (nativeStackIsLow(thread)) [[unlikely]]
      return raiseRecursionError(thread, " while calling a Python object");
    auto argument = [&](uint32_t i) { return i < given ? first[i] : Value::unbound(); };
    if constexpr (arity == 1) return reinterpret_cast<Native1>(function)(thread, first[0]);
    if constexpr (arity == 2) return reinterpret_cast<Native2>(function)(thread, first[0], argument(1));
    if constexpr (arity == 3) return reinterpret_cast<Native3>(function)(thread, first[0], argument(1), argument(2));
    if constexpr (arity == 4)
      return reinterpret_cast<Native4>(function)(thread, first[0], argument(1), argument(2), argument(3));
  }

  // [NULL, function, arguments...]. CallCache: native = its address, shape = its convention.
  KRAIT_INLINE bool isNative(CallInputs in, const CallCache& cache) {
    if (!in.base[0].isUnbound() || !isKind(in.base[1], Kind::kBuiltin)) return false;
    auto* builtin = in.base[1].as<Builtin>();
    return builtin->function == cache.native && convention(builtin) == cache.shape;
  }
  KRAIT_INLINE bool isKnown(CallInputs in, void* function) {
    return in.base[0].isUnbound() && isKind(in.base[1], Kind::kBuiltin) &&
           in.base[1].as<Builtin>()->function == function;
  }
  template <int arity>
  struct NativeFunction {
    KRAIT_INLINE static bool guard(CallInputs in, const CallCache& cache) { return isNative(in, cache); }
    KRAIT_INLINE static Fallible<Value> run(Thread& thread, CallInputs in, const CallCache& cache) {
      return callNative<arity>(thread, cache.native, in.base + 2, in.count);
    }
  };

  // [descriptor, self, arguments...]. CallShapeCache: payload = the descriptor, shape = self's.
  KRAIT_INLINE bool isDescriptor(CallInputs in, const CallShapeCache& cache) {
    return in.base[0].bits() == cache.payload && isExact(in.base[1], cache.shape);
  }
  template <int arity>
  struct NativeMethod {
    KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) { return isDescriptor(in, cache); }
    KRAIT_INLINE static Fallible<Value> run(Thread& thread, CallInputs in) {
      return callNative<arity>(thread, in.base[0].as<Builtin>()->function, in.base + 1, in.count + 1);
    }
  };

}  // namespace calls

template <>
struct Instr<ops::CALL_NO_KW_BUILTIN_O> : calls::NativeFunction<1> {};
template <>
struct Instr<ops::CALL_NO_KW_BUILTIN_FAST> : calls::NativeFunction<2> {};
template <>
struct Instr<ops::CALL_NO_KW_BUILTIN_FAST_3> : calls::NativeFunction<3> {};
template <>
struct Instr<ops::CALL_BUILTIN_FAST_WITH_KEYWORDS> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallCache& cache) { return calls::isNative(in, cache); }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, CallInputs in, const CallCache& cache) {
    if (calls::nativeStackIsLow(thread)) [[unlikely]]
      return raiseRecursionError(thread, " while calling a Python object");
    return reinterpret_cast<NativeVariadic>(cache.native)(thread, in.base[1].as<Builtin>()->self,
                                                          Arguments{in.base + 2, in.count, nullptr});
  }
};
template <>
struct Instr<ops::CALL_NO_KW_METHOD_DESCRIPTOR_NOARGS> : calls::NativeMethod<1> {};
template <>
struct Instr<ops::CALL_NO_KW_METHOD_DESCRIPTOR_O> : calls::NativeMethod<2> {};
template <>
struct Instr<ops::CALL_NO_KW_METHOD_DESCRIPTOR_FAST> : calls::NativeMethod<3> {};
template <>
struct Instr<ops::CALL_NO_KW_METHOD_DESCRIPTOR_FAST_4> : calls::NativeMethod<4> {};
template <>
struct Instr<ops::CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) { return calls::isDescriptor(in, cache); }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, CallInputs in) {
    if (calls::nativeStackIsLow(thread)) [[unlikely]]
      return raiseRecursionError(thread, " while calling a Python object");
    return reinterpret_cast<NativeVariadic>(in.base[0].as<Builtin>()->function)(
        thread, in.base[1], Arguments{in.base + 2, in.count, nullptr});
  }
};
// [NULL, descriptor, self, arguments...]: str.upper(s), object.__setattr__(x, name, value).
template <>
struct Instr<ops::CALL_UNBOUND_METHOD_DESCRIPTOR> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) {
    return in.base[0].isUnbound() && in.base[1].bits() == cache.payload && isExact(in.base[2], cache.shape);
  }
  static Fallible<Value> run(Thread& thread, CallInputs in) {
    auto* builtin = in.base[1].as<Builtin>();
    const Value* first = in.base + 2;
    switch (builtin->signature == Builtin::kVariadic ? 0 : builtin->maxArguments) {
      case 0:
        if (calls::nativeStackIsLow(thread)) [[unlikely]]
          return raiseRecursionError(thread, " while calling a Python object");
        return reinterpret_cast<NativeVariadic>(builtin->function)(thread, *first,
                                                                   Arguments{first + 1, in.count - 1, nullptr});
      case 1: return calls::callNative<1>(thread, builtin->function, first, in.count);
      case 2: return calls::callNative<2>(thread, builtin->function, first, in.count);
      case 3: return calls::callNative<3>(thread, builtin->function, first, in.count);
      default: return calls::callNative<4>(thread, builtin->function, first, in.count);
    }
  }
};
template <>
struct Instr<ops::CALL_NO_KW_LIST_APPEND> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) { return calls::isDescriptor(in, cache); }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, CallInputs in) {
    auto* list = in.base[1].as<List>();
    if (listAppend(thread, list, in.base[2]).isRaised()) [[unlikely]]
      return Raised{};
    return Value::none();
  }
};

// push = stack.append; push(x): a method object of C++ takes the place of the two words that LOAD_METHOD would have
// made.
template <>
struct Instr<ops::CALL_BOUND_METHOD_DESCRIPTOR_O> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) {
    if (!in.base[0].isUnbound() || !isKind(in.base[1], Kind::kMethod)) return false;
    auto* method = in.base[1].as<Method>();
    return method->function.get().bits() == cache.payload && isExact(method->self, cache.shape);
  }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, CallInputs in) {
    if (calls::nativeStackIsLow(thread)) [[unlikely]]
      return raiseRecursionError(thread, " while calling a Python object");
    auto* method = in.base[1].as<Method>();
    return reinterpret_cast<Native2>(method->function.get().as<Builtin>()->function)(thread, method->self, in.base[2]);
  }
};

// --- functions that need no call -------------------------------------------------------------------------------------
// len() of an exact built-in container whose length lies `slot` bytes into the cell.
template <>
struct Instr<ops::CALL_NO_KW_LEN> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) {
    return calls::isKnown(in, calls::known.len) && isExact(in.base[2], cache.shape);
  }
  KRAIT_INLINE static Value run(CallInputs in, const CallShapeCache& cache) {
    return Value::inlineInt(shapes::lengthAt(in.base[2], cache.slot));
  }
};
// ... and of an object whose class has a __len__ in Python.
template <>
struct Instr<ops::CALL_NO_KW_LEN_PY> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) {
    return calls::isKnown(in, calls::known.len) && isExact(in.base[2], cache.shape);
  }
  KRAIT_INLINE static Guarded<Transfer<2, 1, 1>> run(Thread& thread, Registers& r, CallInputs in) {
    Value method = in.base[2].asCell()->shape()->type->special(Special::k__len__);
    if (!isSimpleFunction(method, 1)) [[unlikely]]
      return {{}, false};
    return {{Next::kNext}, enterSimpleFunction<CallCache>(thread, r, method, in.base + 2, 1, in.base, kAnswersLength)};
  }
};
// A suspended generator goes on in this loop; it comes back through YIELD_VALUE, or its end raises StopIteration here.
template <>
struct Instr<ops::CALL_NO_KW_NEXT_GEN> {
  KRAIT_INLINE static bool guard(CallInputs in) {
    return calls::isKnown(in, calls::known.next) && isExact(in.base[2], exactShapes.generator);
  }
  KRAIT_INLINE static Guarded<Transfer<2, 1, 1>> run(Thread& thread, Registers& r, CallInputs in) {
    return {{Next::kNext}, resumeInline(thread, r, in.base[2], Value::none(), in.base, 0, r.pc + calls::kUnits)};
  }
};
template <>
struct Instr<ops::CALL_NO_KW_GEN_SEND> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) { return calls::isDescriptor(in, cache); }
  KRAIT_INLINE static Guarded<Transfer<2, 1, 1>> run(Thread& thread, Registers& r, CallInputs in) {
    if (resumeInline(thread, r, in.base[1], in.base[2], in.base, 0, r.pc + calls::kUnits)) [[likely]]
      return {{Next::kNext}, true};
    // One whose frame somebody holds, because of a traceback for example, is resumed the general way.
    auto* generator = in.base[1].as<Generator>();
    if (generator->state != Generator::kSuspended || generator->frameObject == nullptr) return {{}, false};
    thread.sp = r.sp;
    r.fp->pc = r.pc + calls::kUnits;
    bool raised = pushGeneratorFrame(thread, generator, in.base[2], in.base, 0).isRaised();
    return {{raised ? Next::kRaise : Next::kReload}, true};
  }
};
// A class whose metaclass is `type`, and an object whose __class__ is its class.
template <>
struct Instr<ops::CALL_NO_KW_ISINSTANCE> {
  KRAIT_INLINE static bool guard(CallInputs in) {
    return calls::isKnown(in, calls::known.isinstance) && isExact(in.base[3], exactShapes.type);
  }
  KRAIT_INLINE static Guarded<Value> run(CallInputs in) {
    Type *type = typeOf(in.base[2]), *wanted = in.base[3].as<Type>();
    if (type == wanted) return {Value::boolean(true), true};
    return isInstanceWalking(type, wanted);
  }

 private:
  [[gnu::noinline]] static Guarded<Value> isInstanceWalking(const Type* type, const Type* wanted) {
    if (isSubtype(type, wanted)) return {Value::boolean(true), true};
    // A proxy may claim another class through __class__.
    bool claims = (type->typeFlags & Type::kHeapType) || !(type->typeFlags & Type::kDefaultGetattribute);
    if (claims && lookupLocation(type, names.dunder_class) != lookupLocation(types.object, names.dunder_class))
      return {Value::none(), false};
    return {Value::boolean(false), (type->typeFlags & Type::kDefaultGetattribute) != 0};
  }
};
template <>
struct Instr<ops::CALL_NO_KW_ORD> {
  KRAIT_INLINE static bool guard(CallInputs in) {
    return calls::isKnown(in, calls::known.ord) && isExact(in.base[2], exactShapes.str) &&
           in.base[2].as<Str>()->length == 1;
  }
  KRAIT_INLINE static Value run(CallInputs in) {
    return Value::inlineInt(static_cast<int64_t>(in.base[2].as<Str>()->at(0)));
  }
};
template <>
struct Instr<ops::CALL_NO_KW_CHR> {
  KRAIT_INLINE static bool guard(CallInputs in) {
    return calls::isKnown(in, calls::known.chr) && in.base[2].isInlineInt() &&
           static_cast<uint64_t>(in.base[2].asInlineInt()) <= kLastCodePoint;
  }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, CallInputs in) {
    auto codePoint = static_cast<uint32_t>(in.base[2].asInlineInt());
    if (codePoint < 256 && singleCharacters[codePoint] != nullptr) [[likely]]
      return Value::of(singleCharacters[codePoint]);
    return Value::of(TRY(makeStrOfCharacter(thread, codePoint)));
  }

 private:
  static constexpr uint64_t kLastCodePoint = 0x10ffff;
};
template <>
struct Instr<ops::CALL_NO_KW_ABS> {
  KRAIT_INLINE static bool guard(CallInputs in) {
    return calls::isKnown(in, calls::known.abs) && in.base[2].isInlineInt() &&
           in.base[2].asInlineInt() != Value::kMinInlineInt;
  }
  KRAIT_INLINE static Value run(CallInputs in) {
    int64_t i = in.base[2].asInlineInt();
    return Value::inlineInt(i < 0 ? -i : i);
  }
};
// min and max of two ints in a word: the first wins among equals, which cannot be told apart.
template <>
struct Instr<ops::CALL_NO_KW_MIN_2_INT> {
  KRAIT_INLINE static bool guard(CallInputs in) {
    return calls::isKnown(in, calls::known.min) && Value::bothInlineInts(in.base[2], in.base[3]);
  }
  KRAIT_INLINE static Value run(CallInputs in) {
    return in.base[3].asInlineInt() < in.base[2].asInlineInt() ? in.base[3] : in.base[2];
  }
};
template <>
struct Instr<ops::CALL_NO_KW_MAX_2_INT> {
  KRAIT_INLINE static bool guard(CallInputs in) {
    return calls::isKnown(in, calls::known.max) && Value::bothInlineInts(in.base[2], in.base[3]);
  }
  KRAIT_INLINE static Value run(CallInputs in) {
    return in.base[3].asInlineInt() > in.base[2].asInlineInt() ? in.base[3] : in.base[2];
  }
};

// CALL_KW to a function in C++ that takes keywords: sorted(x, key=f), print(x, end="").
template <>
struct Instr<ops::CALL_KW_BUILTIN_FAST_WITH_KEYWORDS> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallCache& cache) { return calls::isNative(in, cache); }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, CallInputs in, const CallCache& cache, KeywordNames names) {
    if (calls::nativeStackIsLow(thread)) [[unlikely]]
      return raiseRecursionError(thread, " while calling a Python object");
    auto* keywords = names.names.as<Tuple>();
    uint32_t positional = in.count - static_cast<uint32_t>(keywords->length);
    return reinterpret_cast<NativeVariadic>(cache.native)(thread, in.base[1].as<Builtin>()->self,
                                                          Arguments{in.base + 2, positional, keywords});
  }
};

// ... and to a method: list.sort(key=f).
template <>
struct Instr<ops::CALL_KW_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallShapeCache& cache) { return calls::isDescriptor(in, cache); }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, CallInputs in, KeywordNames names) {
    if (calls::nativeStackIsLow(thread)) [[unlikely]]
      return raiseRecursionError(thread, " while calling a Python object");
    auto* keywords = names.names.as<Tuple>();
    uint32_t positional = in.count - static_cast<uint32_t>(keywords->length);
    return reinterpret_cast<NativeVariadic>(in.base[0].as<Builtin>()->function)(
        thread, in.base[1], Arguments{in.base + 2, positional, keywords});
  }
};

}  // namespace krait
