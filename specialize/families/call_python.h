// CALL into functions written in Python: the frame is pushed without asking anything that the code's version answers.
#pragma once
#include "specialize/families/calls.h"
#include "vm/semantics.h"

namespace krait {
namespace calls {

  using Entered = Guarded<Transfer<2, 1, 1>>;

  // Exactly the positional arguments. CallCache: shape = code version, slot = how many locals, native = the body.
  template <class Layout>
  struct PyExactArgs {
    KRAIT_INLINE static bool guard(CallInputs in, const CallCache& cache) {
      return Layout::fits(in) && isFunctionOf(Layout::callable(in), cache.shape);
    }
    KRAIT_INLINE static Entered run(Thread& thread, Registers& r, CallInputs in, const CallCache& cache) {
      auto* function = Layout::callable(in).template as<Function>();
      Code* code = function->code;
      const PreparedCode* prepared = code->prepared;
      Value* locals = in.base + 2 - Layout::kSelf;
      if (!hasRoomFor(thread, prepared, locals)) [[unlikely]]
        return {{}, false};
      Pc entry = entryOf(thread, prepared, static_cast<Pc>(cache.native));
      uint32_t localCount = cache.slot;
      r.fp->pc = r.pc + kUnits;
      enterFrame(thread, r, function, code, localCount, entry, locals, in.count + Layout::kSelf, in.base);
      return {{Next::kNext}, true};
    }
  };
  // Places that call one function and then another, or make the function anew each time: any function, with exactly its
  // positional arguments.
  template <class Layout>
  struct PyAnyExactArgs {
    KRAIT_INLINE static bool guard(CallInputs in) {
      return Layout::fits(in) && isKind(Layout::callable(in), Kind::kFunction);
    }
    KRAIT_INLINE static Entered run(Thread& thread, Registers& r, CallInputs in) {
      auto* function = Layout::callable(in).template as<Function>();
      Code* code = function->code;
      const PreparedCode* prepared = code->prepared;
      uint32_t arguments = in.count + Layout::kSelf;
      Value* locals = in.base + 2 - Layout::kSelf;
      if (prepared == nullptr || prepared->simpleArguments != arguments || !hasRoomFor(thread, prepared, locals))
          [[unlikely]]
        return {{}, false};
      Pc entry = entryOf(thread, prepared);
      r.fp->pc = r.pc + kUnits;
      enterFrame(thread, r, function, code, prepared->localCount, entry, locals, arguments, in.base);
      return {{Next::kNext}, true};
    }
  };

  // The last `missing` parameters, filled in at `to`; false when the function has no such defaults.
  KRAIT_INLINE bool fillDefaults(const Function* function, Value* to, uint32_t missing, uint32_t parameters) {
    Value defaults = function->defaults;
    if (!isKind(defaults, Kind::kTuple)) return false;
    auto* tuple = defaults.as<Tuple>();
    if (tuple->length < missing || tuple->length > parameters) return false;
    const Field<Value>* from = tuple->items + (tuple->length - missing);
    for (uint32_t i = 0; i < missing; i++) to[i] = from[i].get();
    return true;
  }
  // The last parameters are the function's defaults, as they are now.
  template <class Layout>
  struct PyWithDefaults {
    KRAIT_INLINE static bool guard(CallInputs in, const CallCache& cache) {
      return Layout::fits(in) && isFunctionOf(Layout::callable(in), cache.shape);
    }
    KRAIT_INLINE static Entered run(Thread& thread, Registers& r, CallInputs in, const CallCache& cache) {
      auto* function = Layout::callable(in).template as<Function>();
      Code* code = function->code;
      const PreparedCode* prepared = code->prepared;
      Value* locals = in.base + 2 - Layout::kSelf;
      uint32_t given = in.count + Layout::kSelf, parameters = prepared->simpleArguments;
      if (!hasRoomFor(thread, prepared, locals)) [[unlikely]]
        return {{}, false};
      if (!fillDefaults(function, locals + given, parameters - given, parameters)) [[unlikely]]
        return {{}, false};
      Pc entry = entryOf(thread, prepared, static_cast<Pc>(cache.native));
      uint32_t localCount = cache.slot;
      r.fp->pc = r.pc + kUnits;
      enterFrame(thread, r, function, code, localCount, entry, locals, parameters, in.base);
      return {{Next::kNext}, true};
    }
  };

}  // namespace calls

template <>
struct Instr<ops::CALL_PY_EXACT_ARGS> : calls::PyExactArgs<calls::PlainCall> {};
template <>
struct Instr<ops::CALL_METHOD_PY_EXACT_ARGS> : calls::PyExactArgs<calls::MethodCall> {};
template <>
struct Instr<ops::CALL_PY_ANY_EXACT_ARGS> : calls::PyAnyExactArgs<calls::PlainCall> {};
template <>
struct Instr<ops::CALL_METHOD_PY_ANY_EXACT_ARGS> : calls::PyAnyExactArgs<calls::MethodCall> {};
template <>
struct Instr<ops::CALL_PY_WITH_DEFAULTS> : calls::PyWithDefaults<calls::PlainCall> {};
template <>
struct Instr<ops::CALL_METHOD_PY_WITH_DEFAULTS> : calls::PyWithDefaults<calls::MethodCall> {};

// [NULL, bound method, arguments...]: self takes the method's place, and is the first local.
template <>
struct Instr<ops::CALL_BOUND_METHOD_EXACT_ARGS> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallCache& cache) {
    return in.base[0].isUnbound() && isExact(in.base[1], exactShapes.method) &&
           calls::isFunctionOf(in.base[1].as<Method>()->function, cache.shape);
  }
  KRAIT_INLINE static calls::Entered run(Thread& thread, Registers& r, CallInputs in, const CallCache& cache) {
    auto* method = in.base[1].as<Method>();
    auto* function = method->function.get().as<Function>();
    Code* code = function->code;
    const PreparedCode* prepared = code->prepared;
    if (!hasRoomFor(thread, prepared, in.base + 1)) [[unlikely]]
      return {{}, false};
    Pc entry = calls::entryOf(thread, prepared, static_cast<Pc>(cache.native));
    uint32_t localCount = cache.slot;
    in.base[1] = method->self.get();
    r.fp->pc = r.pc + calls::kUnits;
    enterFrame(thread, r, function, code, localCount, entry, in.base + 1, in.count + 1, in.base);
    return {{Next::kNext}, true};
  }
};

// [bound method, arguments...], as a with statement calls __exit__: self takes the method's place here, too.
template <>
struct Instr<ops::CALL_EXIT_METHOD_EXACT_ARGS> {
  KRAIT_INLINE static bool guard(CallInputs in, const CallCache& cache) {
    return isExact(in.base[0], exactShapes.method) &&
           calls::isFunctionOf(in.base[0].as<Method>()->function, cache.shape);
  }
  KRAIT_INLINE static calls::Entered run(Thread& thread, Registers& r, CallInputs in, const CallCache& cache) {
    auto* method = in.base[0].as<Method>();
    auto* function = method->function.get().as<Function>();
    Code* code = function->code;
    const PreparedCode* prepared = code->prepared;
    if (!hasRoomFor(thread, prepared, in.base)) [[unlikely]]
      return {{}, false};
    Pc entry = calls::entryOf(thread, prepared, static_cast<Pc>(cache.native));
    uint32_t localCount = cache.slot;
    in.base[0] = method->self.get();
    r.fp->pc = r.pc + calls::kUnits;
    enterFrame(thread, r, function, code, localCount, entry, in.base, in.count + 2, in.base);
    return {{Next::kNext}, true};
  }
};

// Functions with *args, **kwargs or keyword-only parameters, and calls with too few or too many arguments: the binder
// decides, but nobody asks what kind of callee it is.
template <>
struct Instr<ops::CALL_PY_GENERAL> {
  KRAIT_INLINE static bool guard(CallInputs in) { return isKind(in.callable(), Kind::kFunction); }
  KRAIT_INLINE static Transfer<2, 1, 1> run(Thread& thread, Registers& r, CallInputs in) {
    r.fp->pc = r.pc + calls::kUnits;
    thread.sp = r.sp;
    if (pushFrame(thread, in.callable().as<Function>(), in.first(), in.total(), nullptr, in.base, 0).isRaised())
        [[unlikely]]
      return {Next::kRaise};
    return {Next::kReload};
  }
};

// CALL_KW: which argument becomes which parameter was worked out when the place was observed: nibble i of the cache
// says where parameter `positional + i` comes from, kDefault from the function's defaults.
namespace calls {

  inline constexpr uint32_t kMapped = 16, kDefault = 15;

  // Puts keyword values, which lie behind `positional` arguments at `locals`, where `map` says; there must be room for
  // them above the parameters, too. False, and nothing has moved, when a default is missing.
  KRAIT_INLINE bool arrangeKeywords(const Function* function, const Code* code, Value* locals, uint32_t positional,
                                    uint32_t keywords, uint64_t map) {
    uint32_t ordinary = code->argumentCount, parameters = ordinary + code->keywordOnlyCount;
    Value* values = locals + positional;
    Value* saved = locals + parameters + keywords;
    for (uint32_t k = 0; k < keywords; k++) saved[k] = values[k];
    auto restore = [&] {
      for (uint32_t k = 0; k < keywords; k++) values[k] = saved[k];
      return false;
    };
    Value defaults = function->defaults;
    for (uint32_t i = positional; i < parameters; i++, map >>= 4) {
      uint32_t source = map & 15;
      if (source != kDefault) [[likely]] {
        locals[i] = saved[source];
      } else if (i < ordinary) {
        if (!isKind(defaults, Kind::kTuple)) return restore();
        auto* tuple = defaults.as<Tuple>();
        if (tuple->length + i < ordinary || tuple->length > ordinary) return restore();
        locals[i] = tuple->items[tuple->length + i - ordinary].get();
      } else {
        Dict* keywordDefaults = toDict(function->kwdefaults);
        if (keywordDefaults == nullptr || !keywordDefaults->allStrings) return restore();
        Value value = dictGetStr(keywordDefaults, code->localsplusNames->items[i].get().as<Str>());
        if (value.isUnbound()) return restore();
        locals[i] = value;
      }
    }
    return true;
  }

  template <class Layout>
  struct PyKeywords {
    KRAIT_INLINE static bool guard(CallInputs in, const CallCache& cache) {
      return Layout::fits(in) && isFunctionOf(Layout::callable(in), cache.shape);
    }
    KRAIT_INLINE static Entered run(Thread& thread, Registers& r, CallInputs in, const CallCache& cache,
                                    KeywordNames names) {
      auto* function = Layout::callable(in).template as<Function>();
      Code* code = function->code;
      const PreparedCode* prepared = code->prepared;
      Value* locals = in.base + 2 - Layout::kSelf;
      auto keywords = static_cast<uint32_t>(names.names.as<Tuple>()->length);
      uint32_t positional = in.count + Layout::kSelf - keywords;
      // Room for the frame, and for the keyword values above the parameters meanwhile.
      if (!hasRoomFor(thread, prepared, locals + keywords)) [[unlikely]]
        return {{}, false};
      if (!arrangeKeywords(function, code, locals, positional, keywords, cache.payload)) [[unlikely]]
        return {{}, false};
      Pc entry = entryOf(thread, prepared);
      r.fp->pc = r.pc + kKeywordUnits;
      enterFrame(thread, r, function, code, prepared->localCount, entry, locals,
                 code->argumentCount + code->keywordOnlyCount, in.base);
      return {{Next::kNext}, true};
    }
  };

}  // namespace calls

template <>
struct Instr<ops::CALL_KW_PY> : calls::PyKeywords<calls::PlainCall> {};
template <>
struct Instr<ops::CALL_KW_METHOD_PY> : calls::PyKeywords<calls::MethodCall> {};
template <>
struct Instr<ops::CALL_KW_PY_GENERAL> {
  KRAIT_INLINE static bool guard(CallInputs in) { return isKind(in.callable(), Kind::kFunction); }
  KRAIT_INLINE static Transfer<2, 1, 1> run(Thread& thread, Registers& r, CallInputs in, KeywordNames names) {
    r.fp->pc = r.pc + calls::kKeywordUnits;
    thread.sp = r.sp;
    auto* keywords = names.names.as<Tuple>();
    uint32_t positional = in.total() - static_cast<uint32_t>(keywords->length);
    if (pushFrame(thread, in.callable().as<Function>(), in.first(), positional, keywords, in.base, 0).isRaised())
        [[unlikely]]
      return {Next::kRaise};
    return {Next::kReload};
  }
};

}  // namespace krait
