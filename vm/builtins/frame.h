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
};
Fallible<FrameObject*> frameObjectOf(Thread& thread, Frame* frame);
// Called when a frame with an object goes: copies the locals, closes the link.
void detachFrameObject(Thread& thread, Frame* frame);
int frameLasti(const FrameObject* frame);
int frameLine(const FrameObject* frame);
// locals() of this frame.
Fallible<Value> frameLocals(Thread& thread, FrameObject* object);
void initialiseFrame(Thread&);
}  // namespace krait
