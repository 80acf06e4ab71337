// The module _krait: what only this VM has to show. Collector figures, the dispatch in use, counters, the mixed stack.
#include <csignal>

#include "vm/adaptive_view.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/function.h"
#include "vm/builtins/int.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/crash.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

Fallible<void> put(Thread& thread, Dict* dict, const char* key, uint64_t value) {
  return dictSetStr(thread, dict, TRY(intern(thread, key)), TRY(makeIntUnsigned(thread, value)));
}

Fallible<Value> dispatchName(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "dispatch", 0, 0));
  return Value::of(TRY(makeStr(thread, thread.hooks.dispatchName)));
}
Fallible<Value> collect(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "collect", 0, 0));
  heap.collect(thread);
  return Value::none();
}
Fallible<Value> collectorStatistics(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "collector_statistics", 0, 0));
  CollectorStatistics s = heap.statistics();
  Dict* dict = TRY(makeDict(thread));
  TRY(put(thread, dict, "collections", s.collections));
  TRY(put(thread, dict, "allocated_bytes", s.allocatedBytes));
  TRY(put(thread, dict, "live_bytes", s.liveBytes));
  TRY(put(thread, dict, "nanoseconds", s.markNanoseconds));
  TRY(put(thread, dict, "longest_nanoseconds", s.longestNanoseconds));
  TRY(put(thread, dict, "reserved_bytes", s.reservedBytes));
  return Value::of(dict);
}
Fallible<Value> counts(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "counts", 0, 0));
  Dict* dict = TRY(makeDict(thread));
  TRY(put(thread, dict, "canonical_instructions", thread.canonicalInstructions));
  TRY(put(thread, dict, "dispatches", thread.dispatches));
  TRY(put(thread, dict, "trace_hash", thread.traceHash));
  return Value::of(dict);
}
Fallible<Value> backtrace(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "backtrace", 0, 0));
  return Value::of(TRY(makeStr(thread, mixedBacktrace(thread))));
}
// listing(function or code): every word's form, cache contents and counters, as text.
Fallible<Value> listingOf(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "listing", 1, 1));
  Value v = arguments[0];
  if (isKind(v, Kind::kFunction)) v = Value::of(v.as<Function>()->code.get());
  if (!isKind(v, Kind::kCode))
    return raiseTypeError(thread, "listing() argument must be a function or code object, not {}", nameOf(v));
  if (adaptiveView.listing == nullptr) return Value::none();
  return adaptiveView.listing(thread, v.as<Code>());
}
// For tests of the crash report: dies of SIGSEGV.
Fallible<Value> crash(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "crash", 0, 0));
  std::raise(SIGSEGV);
  return Value::none();
}

}  // namespace

Module* moduleKrait(Thread& thread) {
  return ModuleBuilder(thread, "_krait", "What only this VM has to show.")
      .variadic("dispatch", dispatchName)
      .variadic("collect", collect)
      .variadic("collector_statistics", collectorStatistics)
      .variadic("counts", counts)
      .variadic("backtrace", backtrace)
      .variadic("listing", listingOf)
      .variadic("crash", crash)
      .build();
}

}  // namespace krait
