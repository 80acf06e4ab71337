// What the call families share: how a callee is recognised, and the two layouts of a call.
//
//   PlainCall    [NULL, callable, arguments...]
//   MethodCall   [method, self, arguments...]     LOAD_METHOD found a function or descriptor on the class
//
// A Python function is recognised by its code's version (defaults and keyword defaults are read at every call, so that
// Python may replace them), a function in C++ by its address and arity, a method descriptor of a built-in class by
// itself: that class's dictionary keeps it alive for as long as the shape of `self`, on which the cache relies.
// Recognising functions by themselves, too, was slower: 4 instructions less, but where the new frame lies was then
// known three dependent loads later. So the word says how many locals there are, and where the body begins.
#pragma once
#include "specialize/families/shapes.h"
#include "vm/builtins/builtin.h"
#include "vm/builtins/function.h"
#include "vm/builtins/tuple.h"
#include "vm/enter_function.h"

namespace krait::calls {

inline constexpr int kUnits = kHeadUnits + kCacheUnits<CallCache>;
inline constexpr int kKeywordUnits = kUnits + 1;

struct PlainCall {
  static constexpr uint32_t kSelf = 0;  // arguments that lie below base[2]
  KRAIT_INLINE static bool fits(CallInputs in) { return in.base[0].isUnbound(); }
  KRAIT_INLINE static Value callable(CallInputs in) { return in.base[1]; }
};
struct MethodCall {
  static constexpr uint32_t kSelf = 1;
  KRAIT_INLINE static bool fits(CallInputs) { return true; }  // a callable in base[0] is no NULL
  KRAIT_INLINE static Value callable(CallInputs in) { return in.base[0]; }
};

KRAIT_INLINE bool isFunctionOf(Value callable, uint32_t codeVersion) {
  return isKind(callable, Kind::kFunction) && callable.as<Function>()->code->version == codeVersion;
}
// A class whose metaclass is `type` and whose instances begin with the cached shape.
KRAIT_INLINE bool isPlainClass(Value callable, uint32_t instanceShape) {
  return isExact(callable, exactShapes.type) &&
         shapes::address(callable.as<Type>()->instanceShape.get()) == instanceShape;
}
// How a function in C++ wants to be called, as one number.
KRAIT_INLINE uint32_t convention(const Builtin* builtin) {
  return static_cast<uint32_t>(builtin->signature) | static_cast<uint32_t>(builtin->face) << 8 |
         static_cast<uint32_t>(builtin->minArguments) << 16 | static_cast<uint32_t>(builtin->maxArguments) << 24;
}

// Where a function is entered: RESUME is passed without a dispatch, unless the eval-breaker asks, which is RESUME's to
// answer. An instrumented loop dispatches it, so that the trace is whole.
KRAIT_INLINE Pc entryOf([[maybe_unused]] const Thread& thread, const PreparedCode* prepared, [[maybe_unused]] Pc body) {
#ifndef KRAIT_INSTRUMENT
  if (thread.evalBreaker.load(std::memory_order_relaxed) == 0) [[likely]]
    return body;
#endif
  return prepared->entry;
}
// The same for code that no cache knows.
KRAIT_INLINE Pc entryOf(const Thread& thread, const PreparedCode* prepared) {
  Pc entry = prepared->entry;
  return entryOf(thread, prepared, entry[1].op == static_cast<uint16_t>(Op::RESUME) ? entry + kHeadUnits : entry);
}

// As callBuiltin() does before it calls.
KRAIT_INLINE bool nativeStackIsLow(const Thread& thread) {
#if defined(__x86_64__)
  uintptr_t top;  // __builtin_frame_address would give the handler a frame
  asm("movq %%rsp, %0" : "=r"(top));
  return top < thread.nativeStackLimit;
#else
  return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) < thread.nativeStackLimit;
#endif
}

// A number that no other code object ever has; 0 when the numbers have run out.
uint32_t codeVersion(Code* code);
// The first instruction behind the RESUME that the code begins with; its beginning when it begins otherwise.
Pc bodyOf(const PreparedCode* prepared);
// Whether the code still counts its executions: a form that enters it now would dispatch its RESUME for ever.
bool isCold(const PreparedCode* prepared);
// Whether the place has given up a form before: it sees more than one callee.
bool hasDeoptimised(const Unit* word);

}  // namespace krait::calls
