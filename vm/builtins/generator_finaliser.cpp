// Generators at their end: closing what is suspended in the middle, warning of what was never awaited.
#include "vm/builtins/generator_finaliser.h"

#include "vm/builtins/bytes.h"
#include "vm/builtins/str.h"
#include "vm/import.h"
#include "vm/prepared.h"

namespace krait {
namespace {

bool isCoroutine(const Generator* generator) { return generator->code->codeFlags & Code::kCoroutine; }

// What sys.set_asyncgen_hooks() wanted called with it, as of its first iteration.
Value asyncFinaliser(const Generator* generator) {
  if (!(generator->code->codeFlags & Code::kAsyncGenerator) || generator->closed) return Value::none();
  return generator->origin;
}

// An object of a Python class that it delegates to has a close() of its own to be called.
bool delegatesToInstance(const Generator* generator) {
  Value delegate = generatorDelegate(const_cast<Generator*>(generator));
  return isKind(delegate, Kind::kInstance);
}

// warnings._warn_unawaited_coroutine(coroutine); the plain warning when that is missing or broken.
void warnUnawaited(Thread& thread, Generator* coroutine) {
  Value self = Value::of(coroutine);
  auto attempt = [&]() -> Fallible<bool> {
    Fallible<Value> module = importModule(thread, TRY(intern(thread, "warnings")));
    if (module.isRaised()) {
      clearException(thread);
      return false;
    }
    Value function =
        TRY(getAttributeOrUnbound(thread, module.value(), TRY(intern(thread, "_warn_unawaited_coroutine"))));
    if (function.isUnbound()) return false;
    TRY(call(thread, function, self));
    return true;
  };
  Fallible<bool> warned = attempt();
  if (warned.isRaised()) {
    bool isWarning = pendingMatches(thread, exceptions.RuntimeWarning);
    writeUnraisable(thread, self);
    if (isWarning) return;
  } else if (warned.value()) {
    return;
  }
  if (warn(thread, exceptions.RuntimeWarning,
           fmt::format("coroutine '{}' was never awaited", strToUtf8(coroutine->qualname)))
          .isRaised())
    writeUnraisable(thread, self);
}

}  // namespace

bool mayNeedFinalising(const Generator* generator) {
  const Code* code = generator->code;
  constexpr uint32_t kAwaited = Code::kCoroutine | Code::kAsyncGenerator | Code::kIterableCoroutine;
  return code->exceptionTable->length != 0 || (code->codeFlags & kAwaited) != 0;
}

bool needsFinalising(const Generator* generator) {
  if (generator->state == Generator::kCreated) return isCoroutine(generator);
  if (generator->state != Generator::kSuspended) return false;
  if (!asyncFinaliser(generator).isNone()) return true;
  const Code* code = generator->code;
  ExceptionHandler handler;
  return findHandler(code, canonicalOffset(code->prepared, generator->pc), handler) || delegatesToInstance(generator);
}

void finaliseGenerator(Thread& thread, Generator* generator) {
  if (generator->state != Generator::kCreated && generator->state != Generator::kSuspended) return;
  Value self = Value::of(generator);
  if (Value finaliser = asyncFinaliser(generator); !finaliser.isNone()) {
    if (call(thread, finaliser, self).isRaised()) writeUnraisable(thread, self);
    return;
  }
  if (isCoroutine(generator) && generator->state == Generator::kCreated)
    warnUnawaited(thread, generator);
  else if (closeGenerator(thread, generator).isRaised())
    writeUnraisable(thread, self);
}

}  // namespace krait
