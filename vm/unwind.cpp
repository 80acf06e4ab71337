// Exceptions through frames: the exception table, tracebacks, the handled-exception chain, with-statements.
#include "vm/builtins/bytes.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"
#include "vm/opcode.h"
#include "vm/semantics.h"
#include "vm/tracing.h"

namespace krait {
namespace {

// PEP 479: a StopIteration that leaves a generator becomes RuntimeError; in an asynchronous one StopAsyncIteration
// does, too (PEP 525).
void convertStopIteration(Thread& thread, Generator* generator) {
  bool stop = pendingMatches(thread, exceptions.StopIteration);
  if (!stop &&
      !(typeOf(Value::of(generator)) == types.asyncGenerator && pendingMatches(thread, exceptions.StopAsyncIteration)))
    return;
  (void)raiseFromPending(
      thread, exceptions.RuntimeError,
      fmt::format("{} raised {}", kindOfGenerator(generator), stop ? "StopIteration" : "StopAsyncIteration"));
}

// What f_lasti says of a frame that an exception leaves at `place`. RERAISE n gives it the place back where the
// exception was raised first.
int lastPlace(const Thread& thread, Frame* frame, int place) {
  const uint8_t* instruction = frame->code->code->data + place;
  if (static_cast<Opcode>(instruction[0]) != Opcode::RERAISE || instruction[1] == 0) return place;
  const Value* saved = thread.sp - 1 - instruction[1];
  if (saved < frame->stackBase() || !saved->isInlineInt()) return place;
  int64_t unit = saved->asInlineInt();
  if (unit < 0 || static_cast<uint64_t>(unit) >= frame->code->code->length / 2) return place;
  return static_cast<int>(unit) * 2;
}

}  // namespace

bool unwind(Thread& thread) {
  uint16_t calleeFlags = Frame::kEntry;  // of the frame that the exception has left
  while (true) {
    Frame* frame = thread.frame;
    int offset = canonicalOffset(frame->code->prepared, frame->pc);
    int place = offsetDuringCall(frame->code, offset, calleeFlags);
    bool leavesAtOnce = thread.leavesAtOnce;
    thread.leavesAtOnce = false;
    if (thread.isReraising || leavesAtOnce) {
      thread.isReraising = false;
    } else {
      Value exception = thread.exception;
      if (addTraceback(thread, exception, frame, place).isRaised() && thread.exception.isUnbound())
        thread.exception = exception;
      if (tracingThreads != 0) traceException(thread, frame);
    }
    ExceptionHandler handler;
    if (!leavesAtOnce && findHandler(frame->code, offset, handler)) {
      if (tracingThreads != 0) keepPlace(frame, offset);
      if (executionWatcher != nullptr) executionWatcher->exception(thread, frame, offset, &handler);
      Value* sp = frame->stackBase() + handler.depth;
      if (handler.pushLasti) *sp++ = Value::inlineInt(place / 2);
      *sp++ = thread.exception;
      thread.exception = Value::unbound();
      thread.sp = sp;
      frame->pc = pcAt(frame->code->prepared, handler.target);
      return true;
    }
    if (tracingThreads != 0 && !leavesAtOnce) traceLeaving(thread, frame);
    if (executionWatcher != nullptr) executionWatcher->exception(thread, frame, offset, nullptr);
    thread.recursionRemaining++;
    Generator* generator = frame->generator();
    if (FrameObject* object = frame->object) {
      place = lastPlace(thread, frame, place);
      detachFrameObject(thread, frame);
      object->lasti = place;
    }
    calleeFlags = frame->flags;
    bool isEntry = frame->flags & Frame::kEntry;
    thread.sp = frame->result;
    thread.frame = frame->previous;
    if (generator != nullptr) {
      thread.handled = generator->handled.previous;
      generator->state = Generator::kFinished;
      generator->saved = nullptr;
      convertStopIteration(thread, generator);
    }
    if (isEntry) return false;
  }
}

Raised reraise(Thread& thread, Value exception) {
  if (!isException(exception)) [[unlikely]]  // what except* left over may be None, in foreign bytecode
    return raise(thread, exceptions.RuntimeError, "No active exception to reraise");
  thread.exception = exception;
  thread.isReraising = true;
  return {};
}

// --- raise ------------------------------------------------------------------------------------------------------------
namespace {

bool isExceptionClass(Value v) { return isKind(v, Kind::kType) && (v.as<Type>()->typeFlags & Type::kIsException); }

Fallible<Value> instantiate(Thread& thread, Value exception, const char* otherwise) {
  if (isException(exception)) return exception;
  if (!isExceptionClass(exception)) return raise(thread, exceptions.TypeError, otherwise);
  Value instance = TRY(call(thread, exception));
  if (!isException(instance))
    return raiseTypeError(thread, "calling {} should have returned an instance of BaseException, not {}",
                          strToUtf8(TRY(repr(thread, exception))),
                          strToUtf8(TRY(repr(thread, Value::of(typeOf(instance))))));
  return instance;
}

}  // namespace

Raised raiseVarargs(Thread& thread, Value exception, Value cause) {
  if (exception.isUnbound()) {
    for (HandledException* level = thread.handled; level != nullptr; level = level->previous)
      if (!level->exception.isNone()) {
        thread.exception = level->exception;
        thread.isReraising = true;
        return {};
      }
    return raise(thread, exceptions.RuntimeError, "No active exception to reraise");
  }
  Fallible<Value> instance = instantiate(thread, exception, "exceptions must derive from BaseException");
  if (instance.isRaised()) return {};
  if (!cause.isUnbound()) {
    Value fixed = Value::unbound();
    if (!cause.isNone()) {
      Fallible<Value> made = instantiate(thread, cause, "exception causes must derive from BaseException");
      if (made.isRaised()) return {};
      fixed = made.value();
    }
    Exception* error = instance.value().as<Exception>();
    error->cause = fixed;
    error->suppressContext = true;
  }
  return raiseInstance(thread, instance.value());
}

Value pushExcInfo(Thread& thread, Value exception) {
  Value previous = thread.handled->exception;
  thread.handled->exception = exception;
  return previous;
}
void popExcept(Thread& thread, Value previous) { thread.handled->exception = previous; }

Fallible<Value> checkExcMatch(Thread& thread, Value exception, Value classes) {
  return Value::boolean(TRY(exceptionMatches(thread, exception, classes)));
}

// --- with -------------------------------------------------------------------------------------------------------------
namespace {

Fallible<Pair> enterWith(Thread& thread, Value manager, Special enter, Special exit, const char* protocol) {
  Type* type = typeOf(manager);
  Value enterMethod = type->special(enter), exitMethod = type->special(exit);
  if (enterMethod.isUnbound())
    return raiseTypeError(thread, "'{}' object does not support the {} protocol", nameOf(type), protocol);
  if (exitMethod.isUnbound())
    return raiseTypeError(thread, "'{}' object does not support the {} protocol (missed {} method)", nameOf(type),
                          protocol, strToUtf8(specialName(exit)));
  Value boundExit = TRY(bindDescriptor(thread, exitMethod, manager, type));
  if (isKind(enterMethod, Kind::kFunction)) {
    thread.sp[-1] = boundExit;
    return Pair{boundExit, TRY(enterSpecial(thread, enterMethod, manager, thread.sp, 0))};
  }
  Value entered = TRY(callSpecial(thread, enterMethod, manager));
  return Pair{boundExit, entered};
}

}  // namespace

Fallible<Pair> beforeWith(Thread& thread, Value manager) {
  return enterWith(thread, manager, Special::k__enter__, Special::k__exit__, "context manager");
}
Fallible<Pair> beforeAsyncWith(Thread& thread, Value manager) {
  return enterWith(thread, manager, Special::k__aenter__, Special::k__aexit__, "asynchronous context manager");
}
Fallible<Value> withExceptStart(Thread& thread, Value exit, Value exception) {
  Value traceback = exception.as<Exception>()->traceback.get();
  Value arguments[] = {Value::of(typeOf(exception)), exception, traceback.isUnbound() ? Value::none() : traceback};
  return call(thread, exit, std::span<const Value>(arguments));
}

Fallible<Nothing> endAsyncFor(Thread& thread, Value exception) {
  if (isInstanceOf(exception, exceptions.StopAsyncIteration)) return Nothing{};
  return reraise(thread, exception);
}

// --- except* ----------------------------------------------------------------------------------------------------------
// Splits `exception` (wrapped into a group when it is a bare one) by `classes`: [rest, match].
Fallible<Pair> checkEgMatch(Thread& thread, Value exception, Value classes) {
  auto isGroupClass = [](Value v) {
    return isKind(v, Kind::kType) && isSubtype(v.as<Type>(), exceptions.BaseExceptionGroup);
  };
  bool groupClass = isGroupClass(classes);
  if (Tuple* tuple = toTuple(classes))
    for (const Value& v : tuple->values()) groupClass = groupClass || isGroupClass(v);
  if (groupClass)
    return raiseTypeError(thread, "catching ExceptionGroup with except* is not allowed. Use except instead.");
  if (exception.isNone()) return Pair{Value::none(), Value::none()};
  if (TRY(exceptionMatches(thread, exception, classes))) {
    if (isInstanceOf(exception, exceptions.BaseExceptionGroup)) {
      thread.handled->exception = exception;  // what a bare `raise` in the clause raises
      return Pair{Value::none(), exception};
    }
    Value one = Value::of(TRY(makeTuple(thread, {exception})));
    Value empty = Value::of(emptyStr());
    Value group = TRY(call(thread, Value::of(exceptions.BaseExceptionGroup), empty, one));
    thread.handled->exception = group;
    return Pair{Value::none(), group};
  }
  if (!isInstanceOf(exception, exceptions.BaseExceptionGroup)) return Pair{exception, Value::none()};
  Str* split = TRY(intern(thread, "split"));
  Value pair = TRY(callMethod(thread, exception, split, std::span<const Value>(&classes, 1)));
  Tuple* parts = toTuple(pair);
  if (parts == nullptr || parts->length != 2)
    return raiseTypeError(thread, "{}.split must return a 2-tuple, got {}", nameOf(exception), nameOf(pair));
  Value match = parts->items[0];
  if (!match.isNone()) thread.handled->exception = match;
  return Pair{parts->items[1].get(), match};
}

namespace {

Value partsOf(Value group) {
  return group.as<Exception>()->fields[ExceptionField::kGroupExceptions].get();
}  // tuple of nested exceptions

Fallible<void> collectLeaves(Thread& thread, Value exception, List* leaves) {
  KRAIT_CHECK_NATIVE_STACK(thread, "");
  if (!isInstanceOf(exception, exceptions.BaseExceptionGroup)) return listAppend(thread, leaves, exception);
  Tuple* parts = toTuple(partsOf(exception));
  for (uint64_t i = 0; parts != nullptr && i < parts->length; i++)
    TRY(collectLeaves(thread, parts->items[i].get(), leaves));
  return {};
}

// `group` with only the leaves in `keep` (by identity), through derive(); None when none is left.
Fallible<Value> projectGroup(Thread& thread, Value group, List* keep) {
  KRAIT_CHECK_NATIVE_STACK(thread, "");
  Tuple* parts = toTuple(partsOf(group));
  List* kept = TRY(makeListWithCapacity(thread, parts->length));
  for (uint64_t i = 0; i < parts->length; i++) {
    Value part = parts->items[i].get();
    if (isInstanceOf(part, exceptions.BaseExceptionGroup)) {
      Value inner = TRY(projectGroup(thread, part, keep));
      if (!inner.isNone()) TRY(listAppend(thread, kept, inner));
      continue;
    }
    for (uint64_t k = 0; k < keep->length; k++)
      if (keep->storage->slots[k].is(part)) {
        TRY(listAppend(thread, kept, part));
        break;
      }
  }
  if (kept->length == 0) return Value::none();
  if (kept->length == parts->length) {
    bool same = true;
    for (uint64_t i = 0; i < parts->length; i++) same = same && kept->storage->slots[i].is(parts->items[i].get());
    if (same) return group;
  }
  Str* derive = TRY(intern(thread, "derive"));
  Value argument = Value::of(kept);
  Value made = TRY(callMethod(thread, group, derive, std::span<const Value>(&argument, 1)));
  if (isException(made)) {
    Exception *from = group.as<Exception>(), *to = made.as<Exception>();
    to->traceback = from->traceback.get();
    to->cause = from->cause.get();
    to->context = from->context.get();
    to->suppressContext = from->suppressContext;
  }
  return made;
}

}  // namespace

// The parts that except* clauses left over or raised anew, put together again; None when nothing is left.
Fallible<Value> prepReraiseStar(Thread& thread, Value original, Value results) {
  List* list = results.as<List>();
  if (!isInstanceOf(original,
                    exceptions.BaseExceptionGroup)) {  // a bare exception: the one leftover or new one, or None
    for (uint64_t i = 0; i < list->length; i++)
      if (!list->storage->slots[i].isNone()) return list->storage->slots[i];
    return Value::none();
  }
  List* raised = TRY(makeListWithCapacity(thread, list->length));
  List* reraised = TRY(makeListWithCapacity(thread, list->length));
  Exception* group = original.as<Exception>();
  for (uint64_t i = 0; i < list->length; i++) {
    Value v = list->storage->slots[i];
    if (v.isNone()) continue;
    if (!isException(v)) return raiseTypeError(thread, "except* expects exceptions, not {}", nameOf(v));
    // Parts of the original share its traceback and chaining: they were split off, not raised.
    Exception* e = v.as<Exception>();
    bool isPart = isInstanceOf(v, exceptions.BaseExceptionGroup) && e->traceback.get().is(group->traceback.get()) &&
                  e->cause.get().is(group->cause.get()) && e->context.get().is(group->context.get());
    TRY(listAppend(thread, isPart || v.is(original) ? reraised : raised, v));
  }
  Value projected = Value::none();
  if (reraised->length > 0) {
    // The original restricted to the leaves that were not handled: split() by a predicate keeps its structure.
    List* leaves = TRY(makeListWithCapacity(thread, 8));
    for (uint64_t i = 0; i < reraised->length; i++) TRY(collectLeaves(thread, reraised->storage->slots[i], leaves));
    projected = TRY(projectGroup(thread, original, leaves));
  }
  if (raised->length == 0) return projected;
  if (!projected.isNone()) TRY(listAppend(thread, raised, projected));
  if (raised->length == 1) return raised->storage->slots[0];
  Value parts = Value::of(raised);
  return call(thread, Value::of(exceptions.BaseExceptionGroup), Value::of(emptyStr()), parts);
}

}  // namespace krait
