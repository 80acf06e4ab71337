// posix: environment variables.
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "vm/builtins/dict.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/posix_internal.h"

namespace krait {
namespace {

// Names and values as bytes; the first of several settings of a name counts.
Dict* environment(Thread& thread) {
  Dict* result = startUp(makeDict(thread));
  for (char** entry = environ; entry != nullptr && *entry != nullptr; entry++) {
    const char* equals = std::strchr(*entry, '=');
    if (equals == nullptr) continue;
    Value name = startUp(makeBytesValue(thread, {*entry, static_cast<size_t>(equals - *entry)}));
    Value value = startUp(makeBytesValue(thread, equals + 1));
    startUp(dictSetDefault(thread, result, name, value));
  }
  return result;
}

Fallible<Value> posixPutenv(Thread& thread, Value name, Value value) {
  std::string key = TRY(filenameArgument(thread, name)), text = TRY(filenameArgument(thread, value));
  if (key.find('=') != std::string::npos) {
    return raise(thread, exceptions.ValueError, "illegal environment variable name");
  }
  return noneOrErrno(thread, setenv(key.c_str(), text.c_str(), 1));
}
Fallible<Value> posixUnsetenv(Thread& thread, Value name) {
  return noneOrErrno(thread, unsetenv(TRY(filenameArgument(thread, name)).c_str()));
}

}  // namespace

void addPosixEnvironment(Thread& thread, ModuleBuilder& builder) {
  builder.constant("environ", Value::of(environment(thread)))
      .function("putenv", posixPutenv)
      .function("unsetenv", posixUnsetenv);
}

}  // namespace krait
