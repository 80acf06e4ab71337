// From the compiler's plain data to heap objects: Code objects, and SyntaxError instances from diagnostics.
#pragma once
#include "compiler/compile.h"
#include "vm/code.h"

namespace krait {

// The whole tree of code objects. Raises MemoryError.
Fallible<Code*> materialise(Thread& thread, const CodeUnit& unit);
Fallible<Value> materialiseConstant(Thread& thread, const Constant& constant);
// Makes the diagnostic's exception pending, with CPython's attributes. `filename`: shown to the user.
Raised raiseDiagnostic(Thread& thread, const Diagnostic& diagnostic, Str* filename);
CompileOptions compileOptions(Thread& thread, const CompileRequest& request);
// `error` is what comes after them, if anything: it may be worse than a warning that becomes an exception.
Fallible<void> issueWarnings(Thread& thread, const WarningList& warnings, const std::optional<Diagnostic>& error,
                             Str* filename);
// What comes after compiling: warnings issued, the error raised, or the code object made.
Fallible<Code*> finishCompilation(Thread& thread, const CompileResult& result, const CompileRequest& request);
// The hook that vm calls (thread.h): source text to code object, warnings issued.
Fallible<Code*> compileSource(Thread& thread, const CompileRequest& request);

}  // namespace krait
