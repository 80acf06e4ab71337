// posix: processes: fork, exec, waiting and signals.
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "vm/builtins/dict.h"
#include "vm/builtins/file.h"
#include "vm/builtins/float.h"
#include "vm/builtins/list.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/import.h"
#include "vm/modules/posix_internal.h"
#include "vm/modules/resource.h"

namespace krait {

// --- argument vectors -------------------------------------------------------------------------------------------------

Fallible<void> StringVector::add(Thread& thread, Value path) {
  texts_.push_back(TRY(filenameArgument(thread, path)));
  return {};
}
Fallible<void> StringVector::setStrings(Thread& thread, Value sequence) {
  isSet_ = true;
  Tuple* items = TRY(tupleFromIterable(thread, sequence));
  for (uint64_t i = 0; i < items->length; i++) TRY(add(thread, items->items[i]));
  return {};
}
Fallible<void> StringVector::setArguments(Thread& thread, Value v, const char* prefix) {
  if (toTuple(v) == nullptr && toList(v) == nullptr) {
    return raiseTypeError(thread, "{} must be a tuple or list", prefix);
  }
  if (viewSequence(exactOrPayload(v)).length == 0) return raiseValueError(thread, "{} must not be empty", prefix);
  TRY(setStrings(thread, v));
  if (texts_.front().empty()) return raiseValueError(thread, "{} first element cannot be empty", prefix);
  return {};
}
Fallible<void> StringVector::setEnvironment(Thread& thread, Value v, const char* function) {
  if (specialMethod(v, Special::k__getitem__).isUnbound()) {
    return raiseTypeError(thread, "{}: environment must be a mapping object", function);
  }
  isSet_ = true;
  Value keys = TRY(call(thread, TRY(getAttribute(thread, v, "keys"))));
  Value values = TRY(call(thread, TRY(getAttribute(thread, v, "values"))));
  Tuple* names = TRY(tupleFromIterable(thread, keys));
  Tuple* texts = TRY(tupleFromIterable(thread, values));
  for (uint64_t i = 0; i < names->length && i < texts->length; i++) {
    std::string name = TRY(filenameArgument(thread, names->items[i]));
    std::string text = TRY(filenameArgument(thread, texts->items[i]));
    if (name.empty() || name.find('=', 1) != std::string::npos) {
      return raise(thread, exceptions.ValueError, "illegal environment variable name");
    }
    texts_.push_back(name + "=" + text);
  }
  return {};
}
char* const* StringVector::pointers() {
  pointers_.clear();
  for (std::string& text : texts_) pointers_.push_back(text.data());
  pointers_.push_back(nullptr);
  return pointers_.data();
}

// --- fork -------------------------------------------------------------------------------------------------------------

namespace {

struct ForkHooks {
  RootVector before, inParent, inChild;
};
ForkHooks& forkHooks() {
  static ForkHooks hooks;
  return hooks;
}
void runHook(Thread& thread, Value hook) {
  if (call(thread, hook).isRaised()) writeUnraisable(thread, hook);
}

}  // namespace

void runForkHooksBefore(Thread& thread) {
  flushAllFiles();
  RootVector& hooks = forkHooks().before;
  for (size_t i = hooks.size(); i-- > 0;) runHook(thread, hooks[i]);
}
void runForkHooksAfter(Thread& thread, bool inChild) {
  RootVector& hooks = inChild ? forkHooks().inChild : forkHooks().inParent;
  for (size_t i = 0; i < hooks.size(); i++) runHook(thread, hooks[i]);
}

namespace {

Fallible<Value> posixRegisterAtFork(Thread& thread, Value, const Arguments& arguments) {
  static constexpr const char* kNames[] = {"before", "after_in_child", "after_in_parent"};
  static constexpr Parameters kParameters{"register_at_fork", {"*", "before", "after_in_child", "after_in_parent"}, 0};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  if (v[0].isUnbound() && v[1].isUnbound() && v[2].isUnbound()) {
    return raise(thread, exceptions.TypeError, "At least one argument is required.");
  }
  for (int i = 0; i < 3; i++) {
    if (!v[i].isUnbound() && !isCallable(v[i])) {
      return raiseTypeError(thread, "'{}' must be callable, not {}", kNames[i], nameOf(v[i]));
    }
  }
  RootVector* hooks[] = {&forkHooks().before, &forkHooks().inChild, &forkHooks().inParent};
  for (int i = 0; i < 3; i++) {
    if (!v[i].isUnbound() && !hooks[i]->push(v[i])) return raiseMemoryError(thread);
  }
  return Value::none();
}

template <class F>
Fallible<pid_t> forkWith(Thread& thread, F f) {
  runForkHooksBefore(thread);
  pid_t pid = f();
  int error = errno;
  runForkHooksAfter(thread, pid == 0);
  if (pid < 0) return raiseErrno(thread, error);
  return pid;
}
Fallible<Value> posixFork(Thread& thread) {
  return Value::inlineInt(TRY(forkWith(thread, [] { return fork(); })));
}
Fallible<Value> posixForkpty(Thread& thread) {
  int master = -1;
  pid_t pid = TRY(forkWith(thread, [&] { return forkpty(&master, nullptr, nullptr, nullptr); }));
  return Value::of(TRY(makeTuple(thread, {Value::inlineInt(pid), Value::inlineInt(master)})));
}

// --- exec and exit ----------------------------------------------------------------------------------------------------

Fallible<Value> posixExecv(Thread& thread, Value program, Value arguments) {
  PathArgument path;
  TRY(pathArgument(thread, program, {"execv"}, path));
  StringVector argv;
  TRY(argv.setArguments(thread, arguments, "execv() arg 2"));
  flushAllFiles();
  execv(path.text(), argv.pointers());
  return raiseErrno(thread, errno);
}
Fallible<Value> posixExecve(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"execve", {"path", "argv", "env"}, 3};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"execve", "path", true}, path));
  StringVector argv, envp;
  TRY(argv.setArguments(thread, v[1], "execve: argv"));
  TRY(envp.setEnvironment(thread, v[2], "execve"));
  flushAllFiles();
  if (path.isDescriptor) {
    fexecve(path.descriptor, argv.pointers(), envp.pointers());
  } else {
    execve(path.text(), argv.pointers(), envp.pointers());
  }
  return raiseForPath(thread, path);
}
Fallible<Value> posixExit(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"_exit", {"status"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  _exit(TRY(intArgument(thread, v[0])));
}
Fallible<Value> posixAbort(Thread&) { std::abort(); }

Fallible<Value> posixSystem(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"system", {"command"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  std::string command = TRY(filenameArgument(thread, v[0]));
  flushAllFiles();
  return Value::inlineInt(withoutLock(thread, [&] { return std::system(command.c_str()); }));
}

// --- signals ----------------------------------------------------------------------------------------------------------

Fallible<Value> posixKill(Thread& thread, Value process, Value signal) {
  int pid = TRY(formatIntArgument(thread, process)), number = TRY(intArgument(thread, signal));
  if (kill(pid, number) != 0) return raiseErrno(thread, errno);
  TRY(pollEvalBreaker(thread));  // a signal to ourselves has arrived by now
  return Value::none();
}
Fallible<Value> posixKillpg(Thread& thread, Value group, Value signal) {
  int pid = TRY(formatIntArgument(thread, group)), number = TRY(intArgument(thread, signal));
  if (killpg(pid, number) != 0) return raiseErrno(thread, errno);
  TRY(pollEvalBreaker(thread));
  return Value::none();
}
Fallible<Value> posixPidfdOpen(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"pidfd_open", {"pid", "flags"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  int pid = TRY(formatIntArgument(thread, v[0]));
  unsigned flags = v[1].isUnbound() ? 0 : static_cast<unsigned>(TRY(maskArgument(thread, v[1])));
  long result = syscall(SYS_pidfd_open, pid, flags);
  if (result < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(result);
}

// --- waiting ----------------------------------------------------------------------------------------------------------

Fallible<Value> waitPair(Thread& thread, pid_t pid, int status) {
  if (pid < 0) return raiseErrno(thread, errno);
  return Value::of(TRY(makeTuple(thread, {Value::inlineInt(pid), Value::inlineInt(status)})));
}
Fallible<Value> posixWait(Thread& thread) {
  int status = 0;
  pid_t pid = TRY(retrying(thread, [&] { return wait(&status); }));
  return waitPair(thread, pid, status);
}
Fallible<Value> posixWaitpid(Thread& thread, Value process, Value options) {
  int which = TRY(formatIntArgument(thread, process)), flags = TRY(intArgument(thread, options)), status = 0;
  pid_t pid = TRY(retrying(thread, [&] { return waitpid(which, &status, flags); }));
  return waitPair(thread, pid, status);
}
Fallible<Value> waitWithUsage(Thread& thread, int which, int flags) {
  int status = 0;
  rusage usage{};
  pid_t pid = TRY(retrying(thread, [&] { return wait4(which, &status, flags, &usage); }));
  if (pid < 0) return raiseErrno(thread, errno);
  Value resources = TRY(makeResourceUsage(thread, usage));
  return Value::of(TRY(makeTuple(thread, {Value::inlineInt(pid), Value::inlineInt(status), resources})));
}
Fallible<Value> posixWait3(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"wait3", {"options"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  return waitWithUsage(thread, -1, TRY(intArgument(thread, v[0])));
}
Fallible<Value> posixWait4(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"wait4", {"pid", "options"}, 2};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  int which = TRY(formatIntArgument(thread, v[0]));
  return waitWithUsage(thread, which, TRY(intArgument(thread, v[1])));
}

constexpr const char* kWaitidFields[] = {"si_pid", "si_uid", "si_signo", "si_status", "si_code"};
const StructSequence kWaitidResult{"posix", "waitid_result", "What waitid() tells of a child.", kWaitidFields, 5};
Fallible<Value> posixWaitid(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "posix.waitid"));
  if (arguments.positional != 3) {
    return raiseTypeError(thread, "waitid() takes exactly 3 arguments ({} given)", arguments.positional);
  }
  auto kind = static_cast<idtype_t>(TRY(formatIntArgument(thread, arguments[0])));
  auto id = static_cast<id_t>(TRY(formatIntArgument(thread, arguments[1])));
  int options = TRY(formatIntArgument(thread, arguments[2]));
  siginfo_t info{};
  if (TRY(retrying(thread, [&] { return waitid(kind, id, &info, options); })) < 0) return raiseErrno(thread, errno);
  if (info.si_pid == 0) return Value::none();
  Value fields[] = {Value::inlineInt(info.si_pid), Value::inlineInt(info.si_uid), Value::inlineInt(info.si_signo),
                    Value::inlineInt(info.si_status), Value::inlineInt(info.si_code)};
  return makeStructSequence(thread, posixTypes.waitidResult, fields);
}

// --- what a status says -----------------------------------------------------------------------------------------------

Fallible<int> statusArgument(Thread& thread, const char* function, const Arguments& arguments) {
  Parameters parameters{function, {"status"}, 1};
  Value v[1];
  TRY(parameters.bind(thread, arguments, v));
  return intArgument(thread, v[0]);
}
#define KRAIT_STATUS_TEST(name)                                                      \
  Fallible<Value> status##name(Thread& thread, Value, const Arguments& arguments) {  \
    return Value::boolean(name(TRY(statusArgument(thread, #name, arguments))) != 0); \
  }
#define KRAIT_STATUS_NUMBER(name)                                                   \
  Fallible<Value> status##name(Thread& thread, Value, const Arguments& arguments) { \
    return Value::inlineInt(name(TRY(statusArgument(thread, #name, arguments))));   \
  }
KRAIT_STATUS_TEST(WIFCONTINUED)
KRAIT_STATUS_TEST(WIFEXITED)
KRAIT_STATUS_TEST(WIFSIGNALED)
KRAIT_STATUS_TEST(WIFSTOPPED)
KRAIT_STATUS_NUMBER(WEXITSTATUS)
KRAIT_STATUS_NUMBER(WSTOPSIG)
KRAIT_STATUS_NUMBER(WTERMSIG)
Fallible<Value> statusWCOREDUMP(Thread& thread, Value v) {
  return Value::boolean(WCOREDUMP(TRY(intArgument(thread, v))) != 0);
}
Fallible<Value> posixWaitstatusToExitcode(Thread& thread, Value, const Arguments& arguments) {
  int status = TRY(statusArgument(thread, "waitstatus_to_exitcode", arguments));
  if (WIFEXITED(status)) return Value::inlineInt(WEXITSTATUS(status));
  if (WIFSIGNALED(status)) return Value::inlineInt(-WTERMSIG(status));
  if (WIFSTOPPED(status)) {
    return raiseValueError(thread, "process stopped by delivery of signal {}", WSTOPSIG(status));
  }
  return raiseValueError(thread, "invalid wait status: {}", status);
}

}  // namespace

void addPosixProcess(Thread& thread, ModuleBuilder& builder) {
  posixTypes.waitidResult = makeStructSequenceType(thread, kWaitidResult);
  builder.constant("waitid_result", Value::of(posixTypes.waitidResult))
      .variadic("register_at_fork", posixRegisterAtFork)
      .variadic("fork", nullary<"posix.fork", posixFork>)
      .variadic("forkpty", nullary<"posix.forkpty", posixForkpty>)
      .function("execv", posixExecv)
      .variadic("execve", posixExecve)
      .variadic("_exit", posixExit)
      .variadic("abort", nullary<"posix.abort", posixAbort>)
      .variadic("system", posixSystem)
      .function("kill", posixKill)
      .function("killpg", posixKillpg)
      .variadic("pidfd_open", posixPidfdOpen)
      .variadic("wait", nullary<"posix.wait", posixWait>)
      .function("waitpid", posixWaitpid)
      .variadic("wait3", posixWait3)
      .variadic("wait4", posixWait4)
      .variadic("waitid", posixWaitid)
      .variadic("WIFCONTINUED", statusWIFCONTINUED)
      .variadic("WIFEXITED", statusWIFEXITED)
      .variadic("WIFSIGNALED", statusWIFSIGNALED)
      .variadic("WIFSTOPPED", statusWIFSTOPPED)
      .variadic("WEXITSTATUS", statusWEXITSTATUS)
      .variadic("WSTOPSIG", statusWSTOPSIG)
      .variadic("WTERMSIG", statusWTERMSIG)
      .function("WCOREDUMP", statusWCOREDUMP)
      .variadic("waitstatus_to_exitcode", posixWaitstatusToExitcode);
}

}  // namespace krait
