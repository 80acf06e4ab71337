// Fuzzes the verifier: a function's flags, stack size, exception table and bytecode in, a refusal or a sound function
// out. What is accepted and ends for certain is run, on whatever it is given. The work is done by verify_examine.py.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "compiler/materialise.h"
#include "dispatch/interpret.h"
#include "dispatch/run.h"
#include "dispatch/start.h"
#include "specialize/adapt.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/str.h"
#include "vm/import.h"
#include "vm/loop_entry.h"
#include "vm/runtime.h"

namespace krait {
namespace {

// Runs verify_examine.py; its function `examine`.
Fallible<Value> readExaminer(Thread& thread) {
  std::ifstream file(KRAIT_TESTS "/fuzz/verify_examine.py", std::ios::binary);
  std::string source((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  Dict* globals = TRY(makeDict(thread));
  TRY(dictSetStr(thread, globals, TRY(intern(thread, "SUBJECTS")),
                 Value::of(TRY(makeStr(thread, KRAIT_TESTS "/verify/subjects.py")))));
  TRY(dictSetStr(thread, globals, TRY(intern(thread, "__builtins__")), Value::of(runtime.builtinsModule)));
  Str* name = TRY(makeStr(thread, "verify_examine.py"));
  CompileRequest request{source, false, true, name, CompileRequest::kExec, 0, 0};
  Code* code = TRY(thread.hooks.compile(thread, request));
  TRY(runCode(thread, code, globals, Value::of(globals)));
  return dictGetStr(globals, TRY(intern(thread, "examine")));
}

struct Examiner {
  Thread* thread = initialiseMainThread();
  RootVector function;

  Examiner() {
    if (thread == nullptr) std::exit(2);
    thread->hooks = {enterLoop<interpret>, compileSource,    prepareAdaptive,
                     kraitDispatchName(),  forgetDeadCaches, classChanged};
    CommandLine line;
    line.isolated = line.ignoreEnvironment = line.noSite = line.dontWriteBytecode = true;
    if (startInterpreter(*thread, line).isRaised()) std::exit(2);
    auto examine = readExaminer(*thread);
    if (examine.isRaised() || !function.push(examine.value())) {
      std::fputs("verify_examine.py has failed\n", stderr);
      std::exit(2);
    }
  }
};

Fallible<void> fuzz(Thread& thread, Value examine, const uint8_t* data, size_t size) {
  Bytes* bytes = TRY(makeBytes(thread, {reinterpret_cast<const char*>(data), size}));
  TRY(call(thread, examine, Value::of(bytes)));
  return {};
}

}  // namespace
}  // namespace krait

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static krait::Examiner& examiner = *new krait::Examiner;
  // The examiner lets nothing out: what is raised here is a finding.
  if (krait::fuzz(*examiner.thread, examiner.function[0], data, size).isRaised()) {
    krait::handleUncaught(*examiner.thread);
    std::abort();
  }
  return 0;
}
