// Raising: how C++ code makes an exception pending, in CPython's wording.
#pragma once
#include <fmt/format.h>

#include "vm/thread.h"

namespace krait {

// Every built-in exception class. X(name, base)
#define KRAIT_EXCEPTIONS(X)                  \
  X(BaseException, object)                   \
  X(SystemExit, BaseException)               \
  X(KeyboardInterrupt, BaseException)        \
  X(GeneratorExit, BaseException)            \
  X(BaseExceptionGroup, BaseException)       \
  X(Exception, BaseException)                \
  X(StopIteration, Exception)                \
  X(StopAsyncIteration, Exception)           \
  X(ArithmeticError, Exception)              \
  X(FloatingPointError, ArithmeticError)     \
  X(OverflowError, ArithmeticError)          \
  X(ZeroDivisionError, ArithmeticError)      \
  X(AssertionError, Exception)               \
  X(AttributeError, Exception)               \
  X(BufferError, Exception)                  \
  X(EOFError, Exception)                     \
  X(ImportError, Exception)                  \
  X(ModuleNotFoundError, ImportError)        \
  X(LookupError, Exception)                  \
  X(IndexError, LookupError)                 \
  X(KeyError, LookupError)                   \
  X(MemoryError, Exception)                  \
  X(NameError, Exception)                    \
  X(UnboundLocalError, NameError)            \
  X(OSError, Exception)                      \
  X(BlockingIOError, OSError)                \
  X(ChildProcessError, OSError)              \
  X(ConnectionError, OSError)                \
  X(BrokenPipeError, ConnectionError)        \
  X(ConnectionAbortedError, ConnectionError) \
  X(ConnectionRefusedError, ConnectionError) \
  X(ConnectionResetError, ConnectionError)   \
  X(FileExistsError, OSError)                \
  X(FileNotFoundError, OSError)              \
  X(InterruptedError, OSError)               \
  X(IsADirectoryError, OSError)              \
  X(NotADirectoryError, OSError)             \
  X(PermissionError, OSError)                \
  X(ProcessLookupError, OSError)             \
  X(TimeoutError, OSError)                   \
  X(ReferenceError, Exception)               \
  X(RuntimeError, Exception)                 \
  X(NotImplementedError, RuntimeError)       \
  X(RecursionError, RuntimeError)            \
  X(SyntaxError, Exception)                  \
  X(IndentationError, SyntaxError)           \
  X(TabError, IndentationError)              \
  X(SystemError, Exception)                  \
  X(TypeError, Exception)                    \
  X(ValueError, Exception)                   \
  X(UnicodeError, ValueError)                \
  X(UnicodeDecodeError, UnicodeError)        \
  X(UnicodeEncodeError, UnicodeError)        \
  X(UnicodeTranslateError, UnicodeError)     \
  X(Warning, Exception)                      \
  X(BytesWarning, Warning)                   \
  X(DeprecationWarning, Warning)             \
  X(EncodingWarning, Warning)                \
  X(FutureWarning, Warning)                  \
  X(ImportWarning, Warning)                  \
  X(PendingDeprecationWarning, Warning)      \
  X(ResourceWarning, Warning)                \
  X(RuntimeWarning, Warning)                 \
  X(SyntaxWarning, Warning)                  \
  X(UnicodeWarning, Warning)                 \
  X(UserWarning, Warning)
struct ExceptionTypes {
#define KRAIT_EXCEPTION(name, base) Type* name;
  KRAIT_EXCEPTIONS(KRAIT_EXCEPTION)
#undef KRAIT_EXCEPTION
  Type* ExceptionGroup;
};
inline ExceptionTypes exceptions;

// Makes type(message) pending, chained to the exception being handled (__context__).
KRAIT_COLD Raised raise(Thread& thread, Type* type, std::string_view message);
// fmt-style; use nameOf(value) for "the type's name" and reprText/strText for values.
template <class... A>
KRAIT_COLD Raised raiseFormat(Thread& thread, Type* type, fmt::format_string<A...> format, A&&... arguments) {
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), format, std::forward<A>(arguments)...);
  return raise(thread, type, std::string_view(text.data(), text.size()));
}
template <class... A>
KRAIT_COLD Raised raiseTypeError(Thread& thread, fmt::format_string<A...> format, A&&... arguments) {
  return raiseFormat(thread, exceptions.TypeError, format, std::forward<A>(arguments)...);
}
template <class... A>
KRAIT_COLD Raised raiseValueError(Thread& thread, fmt::format_string<A...> format, A&&... arguments) {
  return raiseFormat(thread, exceptions.ValueError, format, std::forward<A>(arguments)...);
}
// An instance that exists already; sets __context__.
KRAIT_COLD Raised raiseInstance(Thread& thread, Value exception);
// raise type(argument): KeyError(key), StopIteration(value), SystemExit(code) ...
KRAIT_COLD Raised raiseWithArgument(Thread& thread, Type* type, Value argument);
// AttributeError with its attributes name and obj.
KRAIT_COLD Raised raiseAttributeError(Thread& thread, Value object, Str* name, std::string_view message);
// "'X' object has no attribute 'y'", or the form for classes and modules.
KRAIT_COLD Raised raiseNoAttribute(Thread& thread, Value object, Str* name);
// raise type()
KRAIT_COLD Raised raiseWithoutArguments(Thread& thread, Type* type);
// OSError of the right subclass from errno, with CPython's strerror text; filename unbound when there is none.
KRAIT_COLD Raised raiseErrno(Thread& thread, int errorNumber, Value filename = Value::unbound());
// The pending exception, which is then no longer pending. Requires one.
Value takeException(Thread& thread);
KRAIT_INLINE bool isPending(const Thread& thread) { return !thread.exception.isUnbound(); }
// Whether the pending exception is an instance of `type`.
bool pendingMatches(const Thread& thread, const Type* type);
// Forgets the pending exception.
void clearException(Thread& thread);
// Issues a warning (to stderr in CPython's format until the warnings module exists). May raise under -W error.
Fallible<void> warn(Thread& thread, Type* category, std::string_view message, int stackLevel = 1);
// ... for a place that is not running: what the compiler has to say.
Fallible<void> warnExplicit(Thread& thread, Type* category, std::string_view message, Str* filename, int line);
// "Exception ignored in: <repr of where>" with traceback on stderr; clears the pending exception.
void writeUnraisable(Thread& thread, Value where);

// UTF-8 text for messages; valid until the next collection. The type's name: nameOf(v) is CPython's
// Py_TYPE(v)->tp_name.
std::string_view nameOf(Value v);
std::string_view nameOf(const Type* type);
std::string_view textOf(const Str* str, fmt::memory_buffer& buffer);

}  // namespace krait
