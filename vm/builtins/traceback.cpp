// Traceback objects.
#include "vm/builtins/traceback.h"

#include "vm/builtins/exception.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"
#include "vm/prepared.h"

namespace krait {

Fallible<void> addTraceback(Thread& thread, Value exception, Frame* frame, int offset) {
  if (!isException(exception)) return {};
  FrameObject* object = TRY(frameObjectOf(thread, frame));
  Traceback* entry = TRY(allocate<Traceback>(thread, Kind::kTraceback, types.traceback->instanceShape));
  Exception* error = exception.as<Exception>();
  Value next = error->traceback.get();
  entry->next = isKind(next, Kind::kTraceback) ? next.as<Traceback>() : nullptr;
  entry->frame = object;
  entry->lasti = offset >= 0 ? offset : canonicalOffset(frame->code->prepared, frame->pc);
  entry->line_ = Traceback::kNotYetKnown;
  error->traceback = Value::of(entry);
  return {};
}

int tracebackLine(Traceback* traceback) {
  if (traceback->line_ == Traceback::kNotYetKnown) traceback->line_ = lineAt(traceback->frame->code, traceback->lasti);
  return traceback->line_;
}

namespace {

Traceback* self(Value v) { return v.as<Traceback>(); }

Fallible<Value> getNext(Thread&, Value v) {
  Traceback* next = self(v)->next;
  return next == nullptr ? Value::none() : Value::of(next);
}
Fallible<void> setNext(Thread& thread, Value v, Value value) {
  if (value.isUnbound()) return raiseTypeError(thread, "can't delete tb_next attribute");
  if (value.isNone()) {
    self(v)->next = nullptr;
    return {};
  }
  if (!isKind(value, Kind::kTraceback))
    return raiseTypeError(thread, "expected traceback object, got '{}'", nameOf(value));
  for (Traceback* t = self(value); t != nullptr; t = t->next)
    if (t == self(v)) return raiseValueError(thread, "traceback loop detected");
  self(v)->next = self(value);
  return {};
}
Fallible<Value> frame(Thread&, Value v) { return Value::of(self(v)->frame.get()); }
Fallible<Value> lasti(Thread&, Value v) { return Value::inlineInt(self(v)->lasti); }
Fallible<Value> line(Thread&, Value v) {
  int number = tracebackLine(self(v));
  return number < 0 ? Value::none() : Value::inlineInt(number);
}

// types.TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)
Fallible<Value> construct(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"TracebackType", {"tb_next", "tb_frame", "tb_lasti", "tb_lineno"}, 4};
  Value v[4];
  TRY(kParameters.bind(thread, arguments, v));
  if (!isKind(v[1], Kind::kFrame))
    return raiseTypeError(thread, "TracebackType() argument 'tb_frame' must be frame, not {}", nameOf(v[1]));
  if (!v[0].isNone() && !isKind(v[0], Kind::kTraceback))
    return raiseTypeError(thread, "expected traceback object or None, got '{}'", nameOf(v[0]));
  Traceback* entry = TRY(allocate<Traceback>(thread, Kind::kTraceback, types.traceback->instanceShape));
  entry->next = v[0].isNone() ? nullptr : self(v[0]);
  entry->frame = v[1].as<FrameObject>();
  entry->lasti = static_cast<int32_t>(TRY(indexAsInt64(thread, v[2], exceptions.OverflowError)));
  entry->line_ = static_cast<int32_t>(TRY(indexAsInt64(thread, v[3], exceptions.OverflowError)));
  return Value::of(entry);
}

}  // namespace

void initialiseTraceback(Thread& thread) {
  types.traceback = TypeBuilder(thread, "traceback", types.object, Kind::kTraceback)
                        .constructor(construct)
                        .getter("tb_next", getNext, setNext)
                        .getter("tb_frame", frame, refuseAssignment)
                        .getter("tb_lasti", lasti, refuseAssignment)
                        .getter("tb_lineno", line, refuseAssignment)
                        .build();
}

}  // namespace krait
