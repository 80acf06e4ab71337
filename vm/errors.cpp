// Making exceptions pending: instances, their contexts, and the texts of messages.
#include "vm/errors.h"

#include <cstring>

#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"
#include "vm/operations.h"
#include "vm/runtime.h"

namespace krait {
namespace {

// The innermost exception that an except clause is dealing with.
Value handledException(const Thread& thread) {
  for (const HandledException* level = thread.handled; level != nullptr; level = level->previous)
    if (isException(level->exception)) return level->exception;
  return Value::unbound();
}

// What is being handled becomes the context. An exception that is already in that chain is taken out of it first, so
// that no chain ever closes (`except E as a: try: raise X except X: raise a`).
void chainContext(const Thread& thread, Value raised) {
  Value handled = handledException(thread);
  if (handled.isUnbound() || handled.is(raised)) return;
  Value slow = handled, walk = handled;
  bool advanceSlow = false;
  for (;;) {
    Value next = walk.as<Exception>()->context;
    if (!isException(next)) break;
    if (next.is(raised)) {
      walk.as<Exception>()->context = Value::unbound();
      break;
    }
    walk = next;
    if (walk.is(slow)) break;  // a cycle that somebody made by assignment
    if (advanceSlow) slow = slow.as<Exception>()->context;
    advanceSlow = !advanceSlow;
  }
  raised.as<Exception>()->context = handled;
}

// Classes whose __init__ only keeps the arguments need no call.
Fallible<Value> instanceWith(Thread& thread, Type* type, Value argument) {
  const Type* root = exceptions.BaseException;
  bool plain = isSameNative(type->special(Special::k__init__), root->special(Special::k__init__)) &&
               isSameNative(type->special(Special::k__new__), root->special(Special::k__new__));
  if (!plain) return instantiate(thread, type, {&argument, argument.isUnbound() ? 0u : 1u, nullptr});
  Value instance = TRY(allocateInstance(thread, type));
  if (!argument.isUnbound())
    instance.as<Exception>()->arguments = TRY(makeTuple(thread, std::span<const Value>(&argument, 1)));
  return instance;
}

}  // namespace

Raised raiseInstance(Thread& thread, Value exception) {
  chainContext(thread, exception);
  thread.exception = exception;
  return {};
}

Raised raiseWithoutArguments(Thread& thread, Type* type) {
  Fallible<Value> instance = call(thread, Value::of(type));
  if (instance.isRaised()) return {};
  return raiseInstance(thread, instance.value());
}

Raised raiseWithArgument(Thread& thread, Type* type, Value argument) {
  Value instance = TRY(instanceWith(thread, type, argument));
  if (!isException(instance)) {
    return raise(thread, exceptions.TypeError, "exceptions must derive from BaseException");
  }
  return raiseInstance(thread, instance);
}

Raised raise(Thread& thread, Type* type, std::string_view message) {
  Str* text = TRY(makeStr(thread, message));
  return raiseWithArgument(thread, type, Value::of(text));
}

Raised raiseAttributeError(Thread& thread, Value object, Str* name, std::string_view message) {
  raise(thread, exceptions.AttributeError, message);
  if (isException(thread.exception)) {
    thread.exception.as<Exception>()->fields[ExceptionField::kName] = Value::of(name);
    thread.exception.as<Exception>()->fields[ExceptionField::kObject] = object;
  }
  return {};
}

Raised raiseNoAttribute(Thread& thread, Value object, Str* name) {
  fmt::memory_buffer buffer, message;
  if (isKind(object, Kind::kType))
    fmt::format_to(std::back_inserter(message), "type object '{}' has no attribute '{}'", nameOf(object.as<Type>()),
                   textOf(name, buffer));
  else
    fmt::format_to(std::back_inserter(message), "'{}' object has no attribute '{}'", nameOf(object),
                   textOf(name, buffer));
  return raiseAttributeError(thread, object, name, {message.data(), message.size()});
}

Raised raiseFromPending(Thread& thread, Type* type, std::string_view message) {
  Value cause = takeException(thread);
  (void)raise(thread, type, message);
  if (!isException(thread.exception)) return {};
  auto* error = thread.exception.as<Exception>();
  error->cause = error->context = cause;
  error->suppressContext = true;
  return {};
}

Raised raiseErrno(Thread& thread, int errorNumber, Value filename) {
  Value text = Value::of(TRY(makeStr(thread, std::strerror(errorNumber))));
  Value arguments[] = {Value::inlineInt(errorNumber), text, filename};
  Exception* e = TRY(makeException(thread, exceptions.OSError, {arguments, filename.isUnbound() ? 2u : 3u}));
  return raiseInstance(thread, Value::of(e));
}

Raised raiseMemoryError(Thread& thread) {
  Value instance = runtime.memoryError;
  if (!isException(instance)) {  // before the classes exist nothing can be raised
    std::fputs("krait: not enough memory to start\n", stderr);
    std::exit(1);
  }
  // A small object fits nearly always, and then nothing that the exception drags along outlives it. The instance made
  // in advance is for when not even that fits.
  static bool isMaking = false;
  if (!isMaking) {
    isMaking = true;
    Fallible<Exception*> fresh = makeException(thread, exceptions.MemoryError, {});
    isMaking = false;
    if (!fresh.isRaised()) return raiseInstance(thread, Value::of(fresh.value()));
  }
  auto* e = instance.as<Exception>();
  e->traceback = e->cause = e->context = Value::unbound();
  e->suppressContext = false;
  thread.exception = instance;
  return {};
}

Raised raiseRecursionError(Thread& thread, const char* where) {
  // Making the message needs a little of what has run out; the reserve below the limit is for that.
  uintptr_t limit = thread.nativeStackLimit;
  thread.nativeStackLimit = 0;
  raiseFormat(thread, exceptions.RecursionError, "maximum recursion depth exceeded{}", where);
  thread.nativeStackLimit = limit;
  return {};
}

Value takeException(Thread& thread) {
  Value exception = thread.exception;
  thread.exception = Value::unbound();
  return exception;
}

bool pendingMatches(const Thread& thread, const Type* type) {
  return isPending(thread) && isInstanceOf(thread.exception, type);
}

void clearException(Thread& thread) { thread.exception = Value::unbound(); }

}  // namespace krait
