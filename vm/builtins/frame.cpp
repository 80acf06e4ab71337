// Frame objects and f_locals.
#include "vm/builtins/frame.h"

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/frame_jump.h"
#include "vm/builtins/function.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/opcode.h"
#include "vm/operator_frames.h"
#include "vm/prepared.h"

namespace krait {

Fallible<FrameObject*> frameObjectOf(Thread& thread, Frame* frame) {
  if (frame->object != nullptr) return frame->object;
  FrameObject* object = TRY(allocate<FrameObject>(thread, Kind::kFrame, types.frame->instanceShape));
  object->localsDict = Value::unbound();
  object->trace = Value::none();
  object->eventAt = object->placeBefore = object->jumpTo = -1;
  object->function = frame->function;
  object->code = frame->code;
  object->live = frame;
  if (frame->flags & Frame::kGenerator) {
    object->generator = frame->generator();
    object->generator->frameObject = object;
  } else if (!frame->locals.isUnbound()) {
    object->localsDict = frame->locals;
  }
  frame->object = object;
  return object;
}

namespace {

// The locals of a frame, wherever they are now; null when they are gone.
Value* localsOf(const FrameObject* object) {
  if (object->live != nullptr) return object->live->locals0();
  if (object->generator.get() != nullptr && object->generator->saved.get() != nullptr)
    return object->generator->saved->slots;
  return object->locals.get() == nullptr ? nullptr : object->locals->slots;
}

}  // namespace

void detachFrameObject(Thread& thread, Frame* frame) {
  FrameObject* object = frame->object;
  // The pending exception must survive what happens here, and running out of memory only loses the locals.
  Value pending = thread.exception;
  object->lasti = canonicalOffset(frame->code->prepared, frame->pc);
  Fallible<ValueArray*> locals = allocateArray(thread, frame->localCount);
  if (!locals.isRaised()) {
    for (uint32_t i = 0; i < frame->localCount; i++) locals.value()->slots[i] = frame->locals0()[i];
    object->locals = locals.value();
  }
  if (frame->previous != nullptr && !(frame->flags & Frame::kGenerator)) {
    Fallible<FrameObject*> back = frameObjectOf(thread, frame->previous);
    if (!back.isRaised()) object->back = back.value();
  }
  object->live = nullptr;
  if (Generator* generator = object->generator) {  // it has finished: neither needs the other any more
    generator->frameObject = nullptr;
    object->generator = nullptr;
  }
  frame->object = nullptr;
  thread.exception = pending;
}

int offsetDuringCall(const Code* code, int offset, uint16_t calleeFlags) {
  constexpr uint16_t kThroughNative =
      Frame::kEntry | Frame::kInit | Frame::kForIter | Frame::kSend | Frame::kGenerator | kAnswerFrame;
  const uint8_t* bytes = code->code->data;
  if (static_cast<Opcode>(bytes[offset]) != Opcode::CALL || (calleeFlags & kThroughNative) != 0) return offset;
  int length = static_cast<int>(code->code->length);
  while (offset + 2 < length && bytes[offset + 2] == 0) offset += 2;  // CACHE
  return offset;
}

static int instructionOffset(const FrameObject* object) {
  if (object->eventAt >= 0) return object->eventAt;
  if (const Frame* live = object->live) return canonicalOffset(object->code->prepared, live->pc);
  if (const Generator* generator = object->generator)
    if (generator->state == Generator::kSuspended || generator->state == Generator::kCreated)
      return canonicalOffset(object->code->prepared, generator->pc);
  return object->lasti;
}

int frameLasti(const Thread& thread, const FrameObject* object) {
  int offset = instructionOffset(object);
  const Frame* live = object->live;
  if (object->eventAt >= 0 || live == nullptr) return offset;
  if (static_cast<Opcode>(object->code->code->data[offset]) != Opcode::CALL) return offset;
  const Frame* above = thread.frame;
  while (above != nullptr && above->previous != live) above = above->previous;
  return above == nullptr ? offset : offsetDuringCall(object->code, offset, above->flags);
}

int frameLine(const FrameObject* object) {
  if (object->line != 0) return object->line;
  return lineAt(object->code, instructionOffset(object));
}

namespace {

FrameObject* self(Value v) { return v.as<FrameObject>(); }
Value orNone(const Cell* cell) { return cell == nullptr ? Value::none() : Value::of(cell); }

Fallible<Value> back(Thread& thread, Value v) {
  FrameObject* object = self(v);
  if (object->live == nullptr) return orNone(object->back);
  if (object->live->previous == nullptr) return Value::none();
  return Value::of(TRY(frameObjectOf(thread, object->live->previous)));
}
Fallible<Value> code(Thread&, Value v) { return Value::of(self(v)->code.get()); }
Fallible<Value> globals(Thread&, Value v) { return Value::of(self(v)->function->globals.get()); }
Fallible<Value> builtins(Thread&, Value v) { return Value::of(self(v)->function->builtins.get()); }
Fallible<Value> lasti(Thread& thread, Value v) { return Value::inlineInt(frameLasti(thread, self(v))); }
Fallible<Value> line(Thread&, Value v) {
  int number = frameLine(self(v));
  return number < 0 ? Value::none() : Value::inlineInt(number);
}
Fallible<Value> getTrace(Thread&, Value v) { return self(v)->trace.get(); }
Fallible<void> setTrace(Thread&, Value v, Value value) {
  self(v)->trace = value.isUnbound() ? Value::none() : value;
  return {};
}
Fallible<Value> getTraceLines(Thread&, Value v) { return Value::boolean(!self(v)->skipsLines); }
Fallible<void> setTraceLines(Thread& thread, Value v, Value value) {
  if (value.isUnbound()) return raise(thread, exceptions.TypeError, "can't delete numeric/char attribute");
  if (!value.isBool()) return raise(thread, exceptions.TypeError, "attribute value type must be bool");
  self(v)->skipsLines = !value.isTrue();
  return {};
}
Fallible<Value> getTraceOpcodes(Thread&, Value v) { return Value::boolean(self(v)->wantsOpcodes); }
Fallible<void> setTraceOpcodes(Thread& thread, Value v, Value value) {
  if (value.isUnbound()) return raise(thread, exceptions.TypeError, "can't delete numeric/char attribute");
  if (!value.isBool()) return raise(thread, exceptions.TypeError, "attribute value type must be bool");
  self(v)->wantsOpcodes = value.isTrue();
  return {};
}

Fallible<Value> clear(Thread& thread, Value v) {
  FrameObject* object = self(v);
  if (object->live != nullptr) return raise(thread, exceptions.RuntimeError, "cannot clear an executing frame");
  if (object->generator.get() != nullptr && object->generator->state != Generator::kFinished)
    TRY(closeGenerator(thread, object->generator));
  object->locals = nullptr;
  object->localsDict = Value::unbound();
  return Value::none();
}

Fallible<Value> representation(Thread& thread, Value v) {
  FrameObject* object = self(v);
  return Value::of(
      TRY(makeStr(thread, fmt::format("<frame at {:#x}, file {}, line {}, code {}>", v.bits() - 1,
                                      strToUtf8(TRY(repr(thread, Value::of(object->code->filename.get())))),
                                      frameLine(object), strToUtf8(object->code->name)))));
}

}  // namespace

// f_locals / locals(): a snapshot of the fast locals in one dict per frame, brought up to date at each call.
Fallible<Value> frameLocals(Thread& thread, FrameObject* object) {
  Code* code = object->code;
  bool isFunction = (code->codeFlags & Code::kOptimized) != 0;
  if (!isFunction && !object->localsDict.get().isUnbound()) return object->localsDict.get();
  if (object->localsDict.get().isUnbound()) object->localsDict = Value::of(TRY(makeDict(thread)));
  Dict* dict = object->localsDict.get().as<Dict>();
  Value* locals = localsOf(object);
  if (locals == nullptr) return object->localsDict.get();
  for (uint32_t i = 0; i < code->localCount; i++) {
    Value value = locals[i];
    uint8_t kind = code->localsplusKinds->data[i];
    if ((kind & (Code::kCell | Code::kFree)) && isKind(value, Kind::kCellvar))
      value = value.as<Cellvar>()->content.get();
    Str* name = code->localsplusNames->items[i].get().as<Str>();
    if (value.isUnbound()) {
      (void)TRY(dictDeleteStr(thread, dict, name));
    } else {
      TRY(dictSetStr(thread, dict, name, value));
      locals = localsOf(object);
    }
  }
  return object->localsDict.get();
}

bool hasFastLocalsDict(const FrameObject* object) {
  return (object->code->codeFlags & Code::kOptimized) && !object->localsDict.get().isUnbound();
}

void localsFromDict(FrameObject* object) {
  if (object->live == nullptr) return;
  const Dict* dict = object->localsDict.get().as<Dict>();
  Code* code = object->code;
  Value* locals = object->live->locals0();
  for (uint32_t i = 0; i < code->localCount; i++) {
    uint8_t kind = code->localsplusKinds->data[i];
    Value value = dictGetStr(dict, code->localsplusNames->items[i].get().as<Str>());
    if ((kind & (Code::kCell | Code::kFree)) && isKind(locals[i], Kind::kCellvar))
      locals[i].as<Cellvar>()->content = value;
    else
      locals[i] = value;
  }
}

namespace {
Fallible<Value> localsGetter(Thread& thread, Value v) { return frameLocals(thread, self(v)); }
}  // namespace

void initialiseFrame(Thread& thread) {
  types.frame = TypeBuilder(thread, "frame", types.object, Kind::kFrame)
                    .getter("f_back", back)
                    .getter("f_code", code)
                    .getter("f_globals", globals)
                    .getter("f_builtins", builtins)
                    .getter("f_locals", localsGetter)
                    .getter("f_lasti", lasti)
                    .getter("f_lineno", line, setFrameLine)
                    .getter("f_trace", getTrace, setTrace)
                    .getter("f_trace_lines", getTraceLines, setTraceLines)
                    .getter("f_trace_opcodes", getTraceOpcodes, setTraceOpcodes)
                    .method("clear", clear)
                    .special("__repr__", representation)
                    .build();
}

}  // namespace krait
