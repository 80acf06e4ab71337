// Traceback objects, and how an uncaught exception is shown with ^^^^ markers.
#pragma once
#include <string>

#include "vm/builtins/frame.h"

namespace krait {
struct Traceback : Cell {
  Field<Traceback*> next;  // towards where it was raised
  Field<FrameObject*> frame;
  int32_t lasti, line;
};
// Puts one entry for `frame` in front of exception's __traceback__.
Fallible<void> addTraceback(Thread& thread, Value exception, Frame* frame);
// The whole text CPython prints for an uncaught exception: causes, contexts, groups, notes, source lines with markers,
// repeated frames folded, SyntaxErrors with caret, "Did you mean".
Fallible<Str*> formatException(Thread& thread, Value exception);
void initialiseTraceback(Thread&);
}  // namespace krait
