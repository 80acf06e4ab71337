// The events of sys.settrace and sys.setprofile, in CPython's order.
#include "vm/tracing.h"

#include <cstdlib>

#include "vm/builtins/bytes.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/function.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/opcode.h"
#include "vm/semantics.h"

namespace krait {
namespace {

Opcode opcodeAt(const uint8_t* code, int offset) { return static_cast<Opcode>(code[offset]); }

void untraceWords(PreparedCode* prepared) {
  Unit* entry = const_cast<Unit*>(prepared->entry);
  for (uint32_t unit = 0; unit < prepared->unitCount;) {
    Unit* word = entry + unit;
    unit += static_cast<uint32_t>(wordUnits(opAt(word)));
    word[0].token = kraitTokenOf(word[1].op);
  }
  prepared->isTraced = false;
}

// The first instruction that is traced: the RESUME of the call, behind the making of cells and of a generator.
int firstTraceable(const Code* code) {
  int length = static_cast<int>(code->code->length), at = 0;
  while (at + 2 < length && opcodeAt(code->code->data, at) != Opcode::RESUME) at += 2;
  return at;
}

// --- calling trace functions ------------------------------------------------------------------------------------------
constexpr const char* kEventNames[] = {"",       "call",   "line",     "return",     "exception",
                                       "opcode", "c_call", "c_return", "c_exception"};

Fallible<Value> callFor(Thread& thread, Value function, FrameObject* object, TraceEvent event, Value argument) {
  if (hasFastLocalsDict(object)) TRY(frameLocals(thread, object));
  Value name = Value::of(TRY(intern(thread, kEventNames[static_cast<unsigned>(event)])));
  uint32_t before = thread.insideTrace;
  thread.insideTrace = static_cast<uint32_t>(event);
  Fallible<Value> result = call(thread, function, Value::of(object), name, argument);
  thread.insideTrace = before;
  // What the function changed in f_locals becomes the frame's, which is what a debugger's assignments rely on.
  if (hasFastLocalsDict(object)) localsFromDict(object);
  return result;
}

Fallible<void> callTrace(Thread& thread, Frame* frame, TraceEvent event, Value argument) {
  if (thread.traceFunction.isUnbound()) return {};
  FrameObject* object = TRY(frameObjectOf(thread, frame));
  Value function = event == TraceEvent::kCall ? thread.traceFunction : object->trace.get();
  if (function.isNone()) return {};
  Fallible<Value> result = callFor(thread, function, object, event, argument);
  if (result.isRaised()) {
    setTraceFunction(thread, Value::unbound());
    object->trace = Value::none();
    return Raised{};
  }
  if (!result.value().isNone()) object->trace = result.value();
  return {};
}

Fallible<void> callProfile(Thread& thread, Frame* frame, TraceEvent event, Value argument) {
  if (thread.profileFunction.isUnbound()) return {};
  FrameObject* object = TRY(frameObjectOf(thread, frame));
  if (!callFor(thread, thread.profileFunction, object, event, argument).isRaised()) return {};
  setProfileFunction(thread, Value::unbound());
  return Raised{};
}

// Calls with the pending exception put aside; it comes back unless the function raises another one.
template <class F>
bool withoutException(Thread& thread, F function) {
  Value exception = takeException(thread);
  bool reraising = thread.isReraising;
  thread.isReraising = false;
  if (function(exception).isRaised()) return false;
  thread.exception = exception;
  thread.isReraising = reraising;
  return true;
}

// --- lines and opcodes ------------------------------------------------------------------------------------------------
struct Place {
  int offset, previous;
};

// Applies an assignment to f_lineno: the frame goes on at another instruction, with less on its stack. False: none.
bool takeJump(Thread& thread, Frame* frame, FrameObject* object) {
  if (object->jumpTo < 0) return false;
  thread.sp = frame->stackBase() + object->jumpDepth;
  frame->pc = publishedPc(pcAt(frame->code->prepared, object->jumpTo));
  object->jumpTo = -1;
  return true;
}

// "line" and "opcode" of one instruction. True: f_lineno was assigned to.
Fallible<bool> traceInstruction(Thread& thread, Frame* frame, Place place) {
  FrameObject* object = frame->object;
  const Code* code = frame->code;
  int line = tracedLine(code, place.offset);
  int last = place.previous <= firstTraceable(code) ? -1 : tracedLine(code, place.previous);
  bool turnsBack = place.offset < place.previous && opcodeAt(code->code->data, place.offset) != Opcode::SEND;
  object->eventAt = place.offset;
  auto fired = [&]() -> Fallible<void> {
    if (line != -1 && !object->skipsLines && (line != last || turnsBack))
      TRY(callTrace(thread, frame, TraceEvent::kLine, Value::none()));
    if (object->wantsOpcodes) TRY(callTrace(thread, frame, TraceEvent::kOpcode, Value::none()));
    return {};
  }();
  object->eventAt = -1;
  if (fired.isRaised()) return Raised{};
  return takeJump(thread, frame, object);
}

int placeBefore(const Frame* frame) {
  FrameObject* object = frame->object;
  if (object->placeBefore >= 0) {
    int place = object->placeBefore;
    object->placeBefore = -1;
    return place;
  }
  const PreparedCode* prepared = frame->code->prepared;
  auto unit = static_cast<uint64_t>(frame->pc - 1 - prepared->entry);
  return unit < prepared->unitCount ? static_cast<int>(prepared->canonicalOf[unit]) : -1;
}

// --- calls of C++ functions, for profile functions --------------------------------------------------------------------
// What the event names: the function, or a method bound to its object. Unbound: no C++ function, or a class.
Fallible<Value> profiledCallee(Thread& thread, Value callable, const Value* first, uint32_t positional) {
  if (isKind(callable, Kind::kMethod)) {
    Value function = callable.as<Method>()->function;
    return isKind(function, Kind::kBuiltin) && function.as<Builtin>()->face == Builtin::kMethodDescriptor
               ? callable
               : Value::unbound();
  }
  if (!isKind(callable, Kind::kBuiltin)) return Value::unbound();
  Builtin::Face face = callable.as<Builtin>()->face;
  if (face == Builtin::kFunction) return callable;
  if (face != Builtin::kMethodDescriptor || positional == 0 || !acceptsSelf(callable.as<Builtin>(), first[0]))
    return Value::unbound();
  return bindDescriptor(thread, callable, first[0], typeOf(first[0]));
}

// The keyword names of the CALL at `at`, from the KW_NAMES before it.
Tuple* keywordNamesOf(const Code* code, int first, int at) {
  const uint8_t* bytes = code->code->data;
  uint32_t argument = 0;
  for (int c = first; c < at; c += 2) {
    argument = argument << 8 | bytes[c + 1];
    if (opcodeAt(bytes, c) == Opcode::KW_NAMES) return toTuple(code->constants->items[argument].get());
    if (opcodeAt(bytes, c) != Opcode::EXTENDED_ARG) argument = 0;
  }
  return nullptr;
}

template <class F>
Fallible<Value> callProfiled(Thread& thread, Frame* frame, Value callee, F function) {
  TRY(callProfile(thread, frame, TraceEvent::kCCall, callee));
  Fallible<Value> result = function();
  if (!result.isRaised()) {
    Value value = result.value();
    TRY(callProfile(thread, frame, TraceEvent::kCReturn, callee));
    return value;
  }
  withoutException(thread, [&](Value) { return callProfile(thread, frame, TraceEvent::kCException, callee); });
  return Raised{};
}

// CALL or CALL_FUNCTION_EX of a C++ function, between its events. kRun: it is none, the word runs as ever.
Traced profileCall(Thread& thread, Frame* frame, Pc word, int first, int at) {
  Value* sp = thread.sp;
  Value *base, *next;
  Fallible<Value> result = Value::unbound();
  if (baseOpAt(word) == Op::CALL) {
    uint32_t count = word[1].operand;
    base = sp - count - 2;
    bool isMethod = !base[0].isUnbound();
    Tuple* names = keywordNamesOf(frame->code, first, at);
    uint32_t positional = count - (names == nullptr ? 0 : static_cast<uint32_t>(names->length)) + isMethod;
    Fallible<Value> callee = profiledCallee(thread, base[isMethod ? 0 : 1], base + 2 - isMethod, positional);
    if (callee.isRaised()) return Traced::kRaised;
    if (callee.value().isUnbound()) return Traced::kRun;
    result = callProfiled(thread, frame, callee.value(), [&] { return enterCall(thread, base, count, names); });
    next = base + 1;
  } else {
    bool hasKeywords = word[1].operand & 1;
    Value callable = sp[-2 - hasKeywords], arguments = sp[-1 - hasKeywords];
    if (specialMethod(arguments, Special::k__iter__).isUnbound()) return Traced::kRun;  // the word itself complains
    Fallible<Tuple*> given = tupleFromIterable(thread, arguments);
    if (given.isRaised()) return Traced::kRaised;
    Tuple* positional = given.value();
    arguments = Value::of(positional);
    base = sp - 3 - hasKeywords;
    Value self = positional->length == 0 ? Value::unbound() : positional->items[0].get();
    Fallible<Value> callee = profiledCallee(thread, callable, &self, static_cast<uint32_t>(positional->length));
    if (callee.isRaised()) return Traced::kRaised;
    if (callee.value().isUnbound()) return Traced::kRun;
    Value keywords = hasKeywords ? sp[-1] : Value::unbound();
    result = callProfiled(thread, frame, callee.value(),
                          [&] { return enterCallFunctionEx(thread, base, callable, arguments, keywords); });
    next = base + 1;
  }
  if (result.isRaised()) return Traced::kRaised;
  *base = result.value();
  thread.sp = next;
  frame->pc = publishedPc(word + wordUnits(opAt(word)));
  keepPlace(frame, at);
  return Traced::kAgain;
}

Traced traceCall(Thread& thread, Frame* frame) {
  if (callTrace(thread, frame, TraceEvent::kCall, Value::none()).isRaised() ||
      callProfile(thread, frame, TraceEvent::kCall, Value::none()).isRaised())
    return Traced::kRaised;
  return Traced::kRun;
}

void countTracing(bool begins) {
  if (!begins) {
    tracingThreads--;
  } else if (tracingThreads++ == 0) {
    for (PreparedCode* prepared = preparedCodes; prepared != nullptr; prepared = prepared->next) traceWords(prepared);
  }
}

void functionChanged(Thread& thread, Value& place, Value function) {
  auto active = [&] { return !thread.traceFunction.isUnbound() || !thread.profileFunction.isUnbound(); };
  bool before = active();
  place = function.isNone() ? Value::unbound() : function;
  if (active() != before) countTracing(!before);
}

}  // namespace

void watchExecution(const ExecutionWatcher* watcher) {
  bool before = executionWatcher != nullptr, after = watcher != nullptr;
  executionWatcher = watcher;
  if (before != after) countTracing(after);
}

int tracedLine(const Code* code, int offset) {
  PreparedCode* prepared = code->prepared;
  if (prepared->lines == nullptr) {
    uint64_t units = code->code->length / 2;
    prepared->lines = static_cast<int32_t*>(std::malloc((units + 1) * sizeof(int32_t)));
    if (prepared->lines == nullptr) return lineAt(code, offset);
    for (uint64_t i = 0; i <= units; i++) prepared->lines[i] = -1;
    struct Context {
      int32_t* lines;
      uint64_t units;
    } context{prepared->lines, units};
    forEachLocation(
        code,
        [](void* given, int start, int end, const SourcePosition& position) {
          auto* c = static_cast<Context*>(given);
          for (int at = start; at < end && static_cast<uint64_t>(at / 2) < c->units; at += 2)
            c->lines[at / 2] = position.line;
          return true;
        },
        &context);
  }
  return prepared->lines[offset / 2];
}

void setTraceFunction(Thread& thread, Value function) { functionChanged(thread, thread.traceFunction, function); }
void setProfileFunction(Thread& thread, Value function) { functionChanged(thread, thread.profileFunction, function); }

void traceWords(PreparedCode* prepared) {
  if (prepared->isTraced) return;
  Unit* entry = const_cast<Unit*>(prepared->entry);
  for (uint32_t unit = 0; unit < prepared->unitCount;) {
    Unit* word = entry + unit;
    unit += static_cast<uint32_t>(wordUnits(opAt(word)));
    word[0].token = tracingToken;
  }
  prepared->isTraced = true;
}

Traced traceStep(Thread& thread, Pc pc, Value* sp, Frame* frame) {
  thread.sp = sp;
  Code* code = frame->code;
  PreparedCode* prepared = code->prepared;
  if (tracingThreads == 0 && prepared->isTraced) untraceWords(prepared);
  auto unit = pc - prepared->entry;
  int at = static_cast<int>(prepared->canonicalOf[unit]);
  int first = at - 2 * prepared->foldedUnits[unit];
  if (executionWatcher != nullptr) executionWatcher->instruction(thread, frame, pc, first, at);
  if (!isTracing(thread)) {
    frame->pc = publishedPc(pc);
    return Traced::kRun;
  }
  const uint8_t* bytes = code->code->data;
  int previous = frame->object == nullptr ? -1 : placeBefore(frame);
  frame->pc = publishedPc(pc);
  Opcode opcode = opcodeAt(bytes, at);
  if (opcode == Opcode::RESUME) return traceCall(thread, frame);
  if (!thread.traceFunction.isUnbound()) {
    for (int c = first; c <= at; c += 2) {
      if (frame->object == nullptr || frame->object->trace.get().isNone()) break;
      if (opcodeAt(bytes, c) == Opcode::CACHE) continue;
      if (c == 0 || opcodeAt(bytes, c - 2) != Opcode::EXTENDED_ARG) {  // that one has had the events
        Fallible<bool> jumped = traceInstruction(thread, frame, {c, previous});
        if (jumped.isRaised()) return Traced::kRaised;
        if (jumped.value()) {
          Pc next = frame->pc - 1;
          int target = canonicalOffset(prepared, frame->pc);
          if (executionWatcher != nullptr) executionWatcher->instruction(thread, frame, next, target, target);
          return Traced::kRun;
        }
      }
      previous = c;
    }
  }
  switch (opcode) {
    case Opcode::RETURN_VALUE:
    case Opcode::YIELD_VALUE: {
      Value value = sp[-1];
      if (callTrace(thread, frame, TraceEvent::kReturn, value).isRaised() ||
          callProfile(thread, frame, TraceEvent::kReturn, value).isRaised()) {
        thread.leavesAtOnce = true;
        return Traced::kRaised;
      }
      return Traced::kRun;
    }
    case Opcode::CALL:
    case Opcode::CALL_FUNCTION_EX:
      if (!thread.profileFunction.isUnbound()) return profileCall(thread, frame, pc, first, at);
      return Traced::kRun;
    default: return Traced::kRun;
  }
}

void traceException(Thread& thread, Frame* frame) {
  if (!isTracing(thread) || thread.traceFunction.isUnbound()) return;
  if (frame->object == nullptr || frame->object->trace.get().isNone()) return;
  withoutException(thread, [&](Value exception) -> Fallible<void> {
    Value traceback = exception.as<Exception>()->traceback;
    Value parts[] = {Value::of(typeOf(exception)), exception, traceback.isUnbound() ? Value::none() : traceback};
    Value argument = Value::of(TRY(makeTuple(thread, parts)));
    return callTrace(thread, frame, TraceEvent::kException, argument);
  });
}

void traceLeaving(Thread& thread, Frame* frame) {
  if (!isTracing(thread)) return;
  bool same = withoutException(thread, [&](Value) {
    return frame->object == nullptr ? Fallible<void>() : callTrace(thread, frame, TraceEvent::kReturn, Value::none());
  });
  if (same || isPending(thread))
    withoutException(thread, [&](Value) { return callProfile(thread, frame, TraceEvent::kReturn, Value::none()); });
}

void keepPlace(Frame* frame, int offset) {
  if (frame->object != nullptr) frame->object->placeBefore = offset;
}

bool traceStop(Thread& thread, Frame* frame, Value value) {
  if (!isTracing(thread) || thread.traceFunction.isUnbound()) return true;
  if (frame->object == nullptr || frame->object->trace.get().isNone()) return true;
  Value type = Value::of(exceptions.StopIteration);
  Fallible<Value> stop = value.isNone() ? call(thread, type) : call(thread, type, value);
  if (stop.isRaised()) return false;
  thread.exception = stop.value();
  traceException(thread, frame);
  if (!thread.exception.is(stop.value())) return false;
  clearException(thread);
  return true;
}

Fallible<void> traceEntry(Thread& thread, Frame* frame) {
  if (!isTracing(thread)) return {};
  if (traceCall(thread, frame) == Traced::kRaised) return Raised{};
  return {};
}

Fallible<Value> nextInLoop(Thread& thread, Value iterator) {
  Value method = specialMethod(iterator, Special::k__next__);
  if (!isTracing(thread) || !isKind(method, Kind::kFunction)) return next(thread, iterator);
  Fallible<Value> result = callSpecial(thread, method, iterator);
  if (!result.isRaised() || !pendingMatches(thread, exceptions.StopIteration)) return result;
  traceException(thread, thread.frame);
  if (!pendingMatches(thread, exceptions.StopIteration)) return Raised{};
  clearException(thread);
  return Value::unbound();
}

}  // namespace krait
