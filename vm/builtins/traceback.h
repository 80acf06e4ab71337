// Traceback objects, and how an uncaught exception is shown with ^^^^ markers.
#pragma once
#include <string>

#include "vm/builtins/frame.h"

namespace krait {
struct Traceback : Cell {
  Field<Traceback*> next;  // towards where it was raised
  Field<FrameObject*> frame;
  int32_t lasti;
  int32_t line_;  // kNotYetKnown until somebody asks: most tracebacks are never looked at
  static constexpr int32_t kNotYetKnown = -2;
};
// tb_lineno; -1 when the instruction belongs to no line.
int tracebackLine(Traceback* traceback);
// Puts one entry for `frame` in front of exception's __traceback__.
// `offset`: what tb_lasti says, where the frame's pc does not tell.
Fallible<void> addTraceback(Thread& thread, Value exception, Frame* frame, int offset = -1);
// The whole text CPython prints for an uncaught exception: causes, contexts, groups, notes, source lines with markers,
// repeated frames folded, SyntaxErrors with caret, "Did you mean".
Fallible<Str*> formatException(Thread& thread, Value exception);
void initialiseTraceback(Thread&);
}  // namespace krait
