// Frame objects: made on demand, they outlive their frame by taking its locals along.
#pragma once
#include "vm/code.h"
#include "vm/frame.h"
#include "vm/operations.h"

namespace krait {
struct FrameObject : Object {
  Field<Function*> function;
  Field<Code*> code;
  Field<FrameObject*> back;   // f_back; known from the moment the frame has gone
  Field<ValueArray*> locals;  // copied when the frame went
  Field<Value> localsDict;    // f_locals, made on demand; the namespace of class and module frames
  Field<Generator*> generator;
  Field<Value> trace;  // f_trace
  Frame* live;         // null once the frame has gone
  int32_t lasti;       // byte offset, valid when not live
  int32_t line;        // f_lineno override; 0 = computed
  // Tracing (vm/tracing.cpp). Byte offsets; -1 where there is none.
  int32_t eventAt;                // the instruction whose event is under way
  int32_t placeBefore;            // the instruction before the next one, where the frame's pc does not tell
  int32_t jumpTo;                 // f_lineno has been assigned to: where to go on ...
  int32_t jumpDepth;              // ... and how much of the evaluation stack stays
  bool skipsLines, wantsOpcodes;  // not f_trace_lines; f_trace_opcodes
};
Fallible<FrameObject*> frameObjectOf(Thread& thread, Frame* frame);
// Called when a frame with an object goes: copies the locals, closes the link.
void detachFrameObject(Thread& thread, Frame* frame);
int frameLasti(const Thread& thread, const FrameObject* frame);
// Where a frame says that it is while a frame above it with these flags (frame.h) runs: CPython enters functions of
// Python without leaving its loop, and has then passed the caches of the CALL at `offset`.
int offsetDuringCall(const Code* code, int offset, uint16_t calleeFlags);
int frameLine(const FrameObject* frame);
// Whether f_locals of a function's frame has been asked for: then it is brought up to date around trace functions.
bool hasFastLocalsDict(const FrameObject* object);
// The other way: the running frame's variables become what f_locals says.
void localsFromDict(FrameObject* object);
// locals() of this frame.
Fallible<Value> frameLocals(Thread& thread, FrameObject* object);
void initialiseFrame(Thread&);
}  // namespace krait
