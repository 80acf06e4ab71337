// The exception hierarchy.
#pragma once
#include "vm/errors.h"
#include "vm/operations.h"

namespace krait {
struct Tuple;

// One layout for all built-in exceptions; `fields` holds the extra attributes of OSError, SyntaxError, StopIteration
// ...
struct Exception : Object {
  Field<Tuple*> arguments;
  Field<Value> cause;      // __cause__: exception or unbound
  Field<Value> context;    // __context__
  Field<Value> traceback;  // Traceback or unbound
  Field<Value> fields[8];  // meaning per class: ExceptionField; unbound where not set
  bool suppressContext;
};
// Where the extra attributes of the built-in classes lie in Exception::fields.
struct ExceptionField {
  enum : unsigned { kValue = 0 };                       // StopIteration.value, SystemExit.code
  enum : unsigned { kName = 0, kObject = 1 };           // NameError.name, AttributeError.name and obj
  enum : unsigned { kGroupMessage, kGroupExceptions };  // ExceptionGroup: str and tuple
  enum : unsigned { kImportMessage, kImportName, kImportPath };
  enum : unsigned { kErrno, kStrerror, kFilename, kFilename2, kWritten };
  enum : unsigned { kMessage, kSyntaxFilename, kLine, kOffset, kText, kEndLine, kEndOffset, kPrintFileAndLine };
  enum : unsigned { kEncoding, kUnicodeObject, kStart, kEnd, kReason };
};
Fallible<Exception*> makeException(Thread& thread, Type* type, std::span<const Value> arguments);
KRAIT_INLINE bool isException(Value v) { return isKind(v, Kind::kException); }
// except-clause test: TypeError "catching classes that do not inherit from BaseException is not allowed".
Fallible<bool> exceptionMatches(Thread& thread, Value exception, Value classOrTuple);
// Makes type(message) pending in place of the pending exception, which becomes its cause, as `raise … from` does.
KRAIT_COLD Raised raiseFromPending(Thread& thread, Type* type, std::string_view message);
void initialiseExceptions(Thread&);
}  // namespace krait
