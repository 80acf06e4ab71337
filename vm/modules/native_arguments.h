// What native modules share: C integers, descriptors and buffers out of Values, and system calls that wait.
#pragma once
#include <cerrno>
#include <string>

#include "vm/builtins/bytes.h"
#include "vm/builtins/int.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/operations.h"

namespace krait {

// --- integers ---------------------------------------------------------------------------------------------------------
// "Python int too large to convert to C int" where they do not fit.
Fallible<int> intArgument(Thread& thread, Value v);
Fallible<int64_t> longArgument(Thread& thread, Value v);
// Lengths and offsets: "Python int too large to convert to C ssize_t", ValueError for negative lengths is the caller's.
Fallible<int64_t> ssizeArgument(Thread& thread, Value v);
// "signed integer is greater than maximum": what functions say that read their arguments by format.
Fallible<int> formatIntArgument(Thread& thread, Value v);
// An int's low bits, of any size: masks and flags.
Fallible<uint64_t> maskArgument(Thread& thread, Value v);
Fallible<uint64_t> unsignedArgument(Thread& thread, Value v);  // "can't convert negative int to unsigned"
inline Fallible<int> intArgumentOr(Thread& thread, Value v, int otherwise) {
  if (v.isUnbound()) return otherwise;
  return intArgument(thread, v);
}
inline Fallible<bool> truthOr(Thread& thread, Value v, bool otherwise) {
  if (v.isUnbound()) return otherwise;
  return isTrue(thread, v);
}
// An int or an object with fileno(); never negative.
Fallible<int> descriptorArgument(Thread& thread, Value v);
// User and group numbers: -1 means "leave it", anything else must fit.
Fallible<uint32_t> userArgument(Thread& thread, Value v);
Fallible<uint32_t> groupArgument(Thread& thread, Value v);

// --- text and bytes ---------------------------------------------------------------------------------------------------
// A str without null characters, as UTF-8; `what` names it as in "f() argument 1".
Fallible<std::string> utf8Argument(Thread& thread, Value v, std::string_view what);
Fallible<Value> makeBytesValue(Thread& thread, std::string_view bytes);
Fallible<Value> makeStrValue(Thread& thread, std::string_view utf8);
// Bytes of the system as text: file names, host names.
Fallible<Value> makeFilename(Thread& thread, std::string_view bytes);
// Writable memory, or TypeError in the words of argument `what` ("recv_into() argument 1").
Fallible<std::span<uint8_t>> writableArgument(Thread& thread, Value v, std::string_view what);

// --- functions without parameters -------------------------------------------------------------------------------------
// A text as a template argument.
template <size_t size>
struct FunctionName {
  char text[size];
  consteval FunctionName(const char (&literal)[size]) {
    for (size_t i = 0; i < size; i++) text[i] = literal[i];
  }
};
Fallible<void> refuseArguments(Thread& thread, const char* function, const Arguments& arguments);
// The variadic form of f, which refuses all arguments as "posix.getpid() takes no arguments (1 given)".
template <FunctionName name, Fallible<Value> (*f)(Thread&)>
Fallible<Value> nullary(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, name.text, arguments));
  return f(thread);
}

// --- system calls -----------------------------------------------------------------------------------------------------
// f() with the interpreter lock released; errno is f's.
template <class F>
auto withoutLock(Thread& thread, F f) {
  int error;
  auto result = [&] {
    AllowThreads allow(thread);
    auto value = f();
    error = errno;
    return value;
  }();
  errno = error;
  return result;
}
// The same, again after a signal whose handler has run and not raised. A result of -1 is a failure with errno.
template <class F>
auto retrying(Thread& thread, F f) -> Fallible<decltype(f())> {
  for (;;) {
    auto result = withoutLock(thread, f);
    if (result != static_cast<decltype(result)>(-1) || errno != EINTR) return result;
    TRY(pollEvalBreaker(thread));
  }
}
inline Fallible<Value> noneOrErrno(Thread& thread, int result) {
  if (result < 0) return raiseErrno(thread, errno);
  return Value::none();
}

// Keeps a class alive that C++ code refers to: modules' attributes may be deleted. Returns it.
Type* keepType(Type* type);
// An exception class of a module: "zlib.error", kept alive. At start-up or when a module is made; a failure is fatal.
Type* makeExceptionClass(Thread& thread, const char* module, const char* name, Type* base);

// A table of names and numbers.
struct NamedNumber {
  const char* name;
  int64_t value;
};
void addNumbers(Thread& thread, ModuleBuilder& builder, std::span<const NamedNumber> numbers);

}  // namespace krait
