// LOAD_GLOBAL: the entry of the global or built-in dictionary, while their key tables are the ones that were seen.
#pragma once
#include "specialize/families/shapes.h"
#include "vm/builtins/function.h"
#include "vm/handlers/names.h"

namespace krait {
namespace globals {

  KRAIT_INLINE bool areThoseOf(Frame* frame, const GlobalCache& cache) {
    return frame->function->globals->keysVersion == cache.shape;
  }
  KRAIT_INLINE bool areThoseOfBoth(Frame* frame, const GlobalCache& cache) {
    return areThoseOf(frame, cache) && frame->function->builtins->keysVersion == cache.builtinsVersion;
  }
  KRAIT_INLINE Value builtin(Frame* frame, const GlobalCache& cache) {
    return frame->function->builtins->keys->entries[cache.slot].value.get();
  }

}  // namespace globals

inline Observation observeLoadGlobal(Site site) {
  bool pushesNull = site.generic == ops::LOAD_GLOBAL_NULL;
  Dict *globals = site.frame->function->globals, *builtins = site.frame->function->builtins;
  if (!globals->allStrings || !builtins->allStrings) return Failure::kNamespace;
  auto& cache = site.cache<GlobalCache>();
  DictEntry* entry = dictFindStr(globals, site.name());
  uint32_t version = dictKeysVersion(globals);
  if (version == 0) return Failure::kNamespace;
  if (entry != nullptr) {
    cache.shape = version;
    cache.location = &entry->value;
    return pushesNull ? ops::LOAD_GLOBAL_NULL_MODULE : ops::LOAD_GLOBAL_MODULE;
  }
  entry = dictFindStr(builtins, site.name());
  if (entry == nullptr) return Failure::kNotFound;
  auto number = entry - builtins->keys->entries;
  uint32_t builtinsVersion = dictKeysVersion(builtins);
  if (number > UINT16_MAX || builtinsVersion == 0) return Failure::kOutOfRange;
  cache.shape = version;
  cache.slot = static_cast<uint16_t>(number);
  cache.builtinsVersion = builtinsVersion;
  return pushesNull ? ops::LOAD_GLOBAL_NULL_BUILTIN : ops::LOAD_GLOBAL_BUILTIN;
}

template <>
struct Instr<ops::LOAD_GLOBAL_MODULE> {
  static constexpr uint8_t kNullMask = Instr<Op::LOAD_GLOBAL>::kNullMask;
  KRAIT_INLINE static bool guard(Frame* frame, const GlobalCache& cache) { return globals::areThoseOf(frame, cache); }
  KRAIT_INLINE static Value run(Name, const GlobalCache& cache) { return cache.location->get(); }
};
template <>
struct Instr<ops::LOAD_GLOBAL_BUILTIN> {
  static constexpr uint8_t kNullMask = Instr<Op::LOAD_GLOBAL>::kNullMask;
  KRAIT_INLINE static bool guard(Frame* frame, const GlobalCache& cache) {
    return globals::areThoseOfBoth(frame, cache);
  }
  KRAIT_INLINE static Value run(Frame* frame, Name, const GlobalCache& cache) { return globals::builtin(frame, cache); }
};
template <>
struct Instr<ops::LOAD_GLOBAL_NULL_MODULE> {
  KRAIT_INLINE static bool guard(Frame* frame, const GlobalCache& cache) { return globals::areThoseOf(frame, cache); }
  KRAIT_INLINE static Pair run(Name, const GlobalCache& cache) { return {Value::unbound(), cache.location->get()}; }
};
template <>
struct Instr<ops::LOAD_GLOBAL_NULL_BUILTIN> {
  KRAIT_INLINE static bool guard(Frame* frame, const GlobalCache& cache) {
    return globals::areThoseOfBoth(frame, cache);
  }
  KRAIT_INLINE static Pair run(Frame* frame, Name, const GlobalCache& cache) {
    return {Value::unbound(), globals::builtin(frame, cache)};
  }
};

}  // namespace krait
