// Entries in tracebacks for functions of C: an empty code object, a frame that has gone, an entry with its line.
#include "vm/modules/native_traceback.h"

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/function.h"
#include "vm/builtins/str.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/code_make.h"

namespace krait {

static Fallible<Code*> makeEmptyCode(Thread& thread, const char* function, const char* file, int line) {
  constexpr char kBody[] = {100, 0, 83, 0};  // LOAD_CONST 0 (None); RETURN_VALUE
  constexpr char kLines[] = {static_cast<char>(0x80 | 13 << 3 | 1),
                             0};  // both instructions: the first line, no columns
  Value none = Value::none();
  CodeFields fields;
  fields.stackSize = 1;
  fields.codeFlags = Code::kOptimized | Code::kNewlocals;
  fields.firstLine = line;
  fields.code = Value::of(TRY(makeBytes(thread, {kBody, sizeof kBody})));
  fields.constants = Value::of(TRY(makeTuple(thread, std::span<const Value>(&none, 1))));
  fields.names = fields.localsplusNames = Value::of(emptyTuple());
  fields.localsplusKinds = fields.exceptionTable = Value::of(TRY(makeBytes(thread, {})));
  fields.lineTable = Value::of(TRY(makeBytes(thread, {kLines, sizeof kLines})));
  fields.filename = Value::of(TRY(makeStr(thread, file)));
  fields.name = fields.qualname = Value::of(TRY(makeStr(thread, function)));
  return makeCode(thread, fields);
}

static Fallible<void> addEntry(Thread& thread, Exception* error, const char* function, const char* file, int line) {
  Code* code = TRY(makeEmptyCode(thread, function, file, line));
  Dict* globals = TRY(makeDict(thread));
  FrameObject* frame = TRY(allocate<FrameObject>(thread, Kind::kFrame, types.frame->instanceShape));
  frame->localsDict = Value::unbound();
  frame->trace = Value::none();
  frame->eventAt = frame->placeBefore = frame->jumpTo = -1;
  frame->code = code;
  frame->function = TRY(makeFunction(thread, code, globals, Value::of(code->qualname.get())));
  Traceback* entry = TRY(allocate<Traceback>(thread, Kind::kTraceback, types.traceback->instanceShape));
  Value next = error->traceback.get();
  entry->next = isKind(next, Kind::kTraceback) ? next.as<Traceback>() : nullptr;
  entry->frame = frame;
  entry->line_ = line;
  error->traceback = Value::of(entry);
  return {};
}

void addNativeTraceback(Thread& thread, const char* function, const char* file, int line) {
  Value pending = thread.exception;
  if (!isException(pending)) return;
  thread.exception = Value::unbound();
  (void)addEntry(thread, pending.as<Exception>(), function, file, line).isRaised();
  thread.exception = pending;
}

}  // namespace krait
