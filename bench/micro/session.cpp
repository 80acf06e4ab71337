// Starts the VM as main.cpp does, without command line, files or signals.
#include "bench/micro/session.h"

#include <cstdio>
#include <cstdlib>

#include "compiler/materialise.h"
#include "dispatch/interpret.h"
#include "specialize/adapt.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/traceback.h"
#include "vm/import.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/prepared.h"
#include "vm/runtime.h"

namespace krait::micro {

namespace {

RootVector& kept() {
  static RootVector functions;
  return functions;
}

[[noreturn]] void fail(Thread& thread, const char* what) {
  std::fprintf(stderr, "%s\n", what);
  if (isPending(thread)) {
    Fallible<Str*> text = formatException(thread, takeException(thread));
    if (!text.isRaised()) std::fprintf(stderr, "%s", strToUtf8(text.value()).c_str());
  }
  std::exit(2);
}

Fallible<Function*> compileAndRun(Thread& thread, const std::string& source) {
  CompileRequest request{};
  request.source = source;
  request.isText = true;
  request.filename = TRY(makeStr(thread, "<benchmark>"));
  request.mode = CompileRequest::kExec;
  request.optimise = -1;
  Code* code = TRY(compileSource(thread, request));
  Dict* globals = TRY(makeDict(thread));
  TRY(dictSetStr(thread, globals, names.dunder_builtins, Value::of(runtime.builtinsModule)));
  TRY(dictSetStr(thread, globals, names.dunder_name, Value::of(names.dunder_main)));
  TRY(runCode(thread, code, globals, Value::of(globals)));
  Value function = TRY(dictGet(thread, globals, Value::of(TRY(makeStr(thread, "f")))));
  if (!kept().push(function)) return raiseMemoryError(thread);
  return function.as<Function>();
}

}  // namespace

Thread& startInterpreter() {
  static Thread* started = [] {
    Thread* thread = initialiseMainThread();
    if (thread == nullptr) std::exit(2);
    thread->hooks = {interpret, compileSource, prepareAdaptive, kraitDispatchName(), forgetDeadCaches, classChanged};
    if (initialiseRuntime(*thread).isRaised()) fail(*thread, "cannot start the runtime");
    if (initialiseSys(*thread, SysOptions{}).isRaised()) fail(*thread, "cannot start sys");
    return thread;
  }();
  return *started;
}

Function* compileFunction(Thread& thread, const std::string& source) {
  Fallible<Function*> function = compileAndRun(thread, source);
  if (function.isRaised()) fail(thread, source.c_str());
  return function.value();
}

uint64_t wordsOf(const Function* function) {
  const PreparedCode* prepared = function->code->prepared;
  uint64_t words = 0;
  for (uint32_t unit = 0; unit < prepared->unitCount; unit += wordUnits(opAt(prepared->entry + unit))) words++;
  return words;
}

Value callWith(Thread& thread, Function* function, int64_t argument) {
  Fallible<Value> result = call(thread, Value::of(function), Value::inlineInt(argument));
  if (result.isRaised()) fail(thread, "the benchmark raised");
  return result.value();
}

}  // namespace krait::micro
