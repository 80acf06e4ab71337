// The module _posixsubprocess: fork_exec, which starts the children of module subprocess.
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <cstring>
#include <optional>

#include "vm/builtins/exception.h"
#include "vm/builtins/file.h"
#include "vm/builtins/list.h"
#include "vm/builtins/sequence.h"
#include "vm/modules/posix_internal.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

// Everything that the child needs, without a Value: after vfork() it may only call the system.
struct Launch {
  char* const* programs;  // tried in turn
  char* const* arguments;
  char* const* environment;  // null: ours
  const char* folder;        // null: ours
  bool closesDescriptors, restoresSignals, startsSession;
  const int* kept;  // ascending
  size_t keptCount;
  int inputRead, inputWrite, outputRead, outputWrite, errorRead, errorWrite, reportRead, reportWrite;
  int group;  // for setpgid; -1: none
  int umask;  // -1: ours
  std::optional<gid_t> gid;
  std::optional<uid_t> uid;
  bool setsGroups;
  const gid_t* groups;
  size_t groupCount;
  const sigset_t* signals;  // the mask to restore after vfork(); null after fork()
};

// --- in the child -----------------------------------------------------------------------------------------------------

bool makeInheritable(int descriptor) {
  int flags = fcntl(descriptor, F_GETFD);
  return flags >= 0 && fcntl(descriptor, F_SETFD, flags & ~FD_CLOEXEC) == 0;
}

// Moves a descriptor to its place among the first three; one that is there already only loses its close-on-exec flag.
bool place(int from, int to) {
  if (from == to) return makeInheritable(from);
  return from < 0 || dup2(from, to) >= 0;
}

void closeAllBut(const int* kept, size_t count) {
  unsigned first = 3;
  for (size_t i = 0; i <= count; i++) {
    unsigned last = i < count ? static_cast<unsigned>(kept[i]) : UINT_MAX;
    if (i < count && last < first) continue;
    if (i < count && last == first) {
      first++;
      continue;
    }
    unsigned end = i < count ? last - 1 : UINT_MAX;
    if (syscall(SYS_close_range, first, end, 0) != 0) {
      unsigned most = static_cast<unsigned>(std::min<long>(sysconf(_SC_OPEN_MAX), INT_MAX));
      for (unsigned fd = first; fd <= end && fd < most; fd++) close(static_cast<int>(fd));
    }
    first = last + 1;
  }
}

void restoreSignals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int signal : {SIGPIPE, SIGXFSZ}) sigaction(signal, &action, nullptr);
}

// Handlers are the parent's functions: none may run here once signals come through again.
void resetHandlers(const sigset_t* mask) {
  for (int signal = 1; signal <= SIGRTMAX; signal++) {
    struct sigaction action;
    if (signal == SIGKILL || signal == SIGSTOP || sigaction(signal, nullptr, &action) != 0) continue;
    if (action.sa_handler == SIG_IGN || action.sa_handler == SIG_DFL) continue;
    action = {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
  }
  sigprocmask(SIG_SETMASK, mask, nullptr);
}

// How far the child came, for the report.
enum class Stage { kBeforeExec, kExec };

// All steps up to exec; returns only on failure, with errno.
Stage runChild(const Launch& launch, Fallible<bool> (*prepare)(void*), void* context, bool& hookFailed) {
  for (size_t i = 0; i < launch.keptCount; i++) {
    if (launch.kept[i] != launch.reportWrite && !makeInheritable(launch.kept[i])) return Stage::kBeforeExec;
  }
  for (int ours : {launch.inputWrite, launch.outputRead, launch.errorRead, launch.reportRead}) {
    if (ours >= 0 && close(ours) != 0) return Stage::kBeforeExec;
  }
  // Descriptors below their place would be overwritten before they are moved.
  int output = launch.outputWrite, error = launch.errorWrite;
  if (output == 0 && (output = dup(output)) < 0) return Stage::kBeforeExec;
  while (error == 0 || error == 1) {
    if ((error = dup(error)) < 0) return Stage::kBeforeExec;
  }
  if (!place(launch.inputRead, 0) || !place(output, 1) || !place(error, 2)) return Stage::kBeforeExec;
  if (launch.folder != nullptr && chdir(launch.folder) != 0) return Stage::kBeforeExec;
  if (launch.umask >= 0) umask(static_cast<mode_t>(launch.umask));
  if (launch.restoresSignals) restoreSignals();
  if (launch.signals != nullptr) resetHandlers(launch.signals);
  if (launch.startsSession && setsid() < 0) return Stage::kExec;
  if (launch.group >= 0 && setpgid(0, launch.group) < 0) return Stage::kExec;
  if (launch.setsGroups && setgroups(launch.groupCount, launch.groups) < 0) return Stage::kExec;
  if (launch.gid && setregid(*launch.gid, *launch.gid) < 0) return Stage::kExec;
  if (launch.uid && setreuid(*launch.uid, *launch.uid) < 0) return Stage::kExec;
  if (prepare != nullptr && prepare(context).isRaised()) {
    hookFailed = true;
    return Stage::kExec;
  }
  if (launch.closesDescriptors) closeAllBut(launch.kept, launch.keptCount);
  // The first error that says more than "not here" is the one to report.
  int reported = 0;
  for (char* const* program = launch.programs; *program != nullptr; program++) {
    if (launch.environment != nullptr) {
      execve(*program, launch.arguments, launch.environment);
    } else {
      execv(*program, launch.arguments);
    }
    if (errno != ENOENT && errno != ENOTDIR && reported == 0) reported = errno;
  }
  if (reported != 0) errno = reported;
  return Stage::kExec;
}

void report(int descriptor, const char* text, size_t length) {
  while (length > 0) {
    ssize_t n = write(descriptor, text, length);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    text += n;
    length -= static_cast<size_t>(n);
  }
}

// "OSError:2:" with the number in hexadecimal, as subprocess.Popen reads it.
[[noreturn]] void reportAndExit(const Launch& launch, Stage stage, bool hookFailed, int error) {
  char text[64];
  size_t length = 0;
  auto append = [&](const char* s) {
    while (*s != '\0') text[length++] = *s++;
  };
  if (hookFailed) {
    append("SubprocessError:0:Exception occurred in preexec_fn.");
  } else if (error == 0) {
    append("SubprocessError:0:Exception occurred in preexec_fn.");
  } else {
    append("OSError:");
    char digits[16];
    int count = 0;
    for (unsigned rest = static_cast<unsigned>(error); rest != 0; rest /= 16) {
      digits[count++] = "0123456789ABCDEF"[rest % 16];
    }
    while (count > 0) text[length++] = digits[--count];
    append(stage == Stage::kBeforeExec ? ":noexec" : ":");
  }
  report(launch.reportWrite, text, length);
  _exit(255);
}

[[noreturn]] void childMain(const Launch& launch, Fallible<bool> (*prepare)(void*), void* context) {
  bool hookFailed = false;
  Stage stage = runChild(launch, prepare, context, hookFailed);
  reportAndExit(launch, stage, hookFailed, errno);
}

// In a frame of its own: the child uses the stack below it until it execs.
[[gnu::noinline]] pid_t vforkAndExec(const Launch& launch) {
  pid_t pid = vfork();
  if (pid == 0) childMain(launch, nullptr, nullptr);
  return pid;
}

// --- in the parent ----------------------------------------------------------------------------------------------------

struct Hook {
  Thread* thread;
  Value function;
};
Fallible<bool> callHook(void* context) {
  auto* hook = static_cast<Hook*>(context);
  if (call(*hook->thread, hook->function).isRaised()) return Raised{};
  return true;
}

Fallible<void> keptDescriptors(Thread& thread, Tuple* given, std::vector<int>& kept) {
  int64_t last = -1;
  for (uint64_t i = 0; i < given->length; i++) {
    std::optional<int64_t> fd = isInt(given->items[i]) ? toInt64(given->items[i]) : std::nullopt;
    if (!fd || *fd < 0 || *fd <= last || *fd > INT_MAX) {
      return raise(thread, exceptions.ValueError, "bad value(s) in fds_to_keep");
    }
    last = *fd;
    kept.push_back(static_cast<int>(*fd));
  }
  return {};
}

Fallible<Value> forkExec(Thread& thread, Value, const Arguments& given) {
  TRY(given.noKeywords(thread, "_posixsubprocess.fork_exec"));
  if (given.positional != 23) {
    return raiseTypeError(thread, "fork_exec() takes exactly 23 arguments ({} given)", given.positional);
  }
  Launch launch{};
  launch.closesDescriptors = TRY(isTrue(thread, given[2]));
  Tuple* keptTuple = toTuple(given[3]);
  if (keptTuple == nullptr) {
    return raiseTypeError(thread, "fork_exec() argument 4 must be tuple, not {}",
                          given[3].isNone() ? "None" : nameOf(given[3]));
  }
  int* const descriptors[] = {&launch.inputRead, &launch.inputWrite, &launch.outputRead, &launch.outputWrite,
                              &launch.errorRead, &launch.errorWrite, &launch.reportRead, &launch.reportWrite};
  for (uint32_t i = 0; i < 8; i++) *descriptors[i] = TRY(formatIntArgument(thread, given[6 + i]));
  launch.restoresSignals = TRY(isTrue(thread, given[14]));
  launch.startsSession = TRY(isTrue(thread, given[15]));
  launch.group = TRY(formatIntArgument(thread, given[16]));
  launch.umask = TRY(formatIntArgument(thread, given[20]));
  Value hookFunction = given[21];
  bool mayVfork = TRY(isTrue(thread, given[22]));
  if (launch.closesDescriptors && launch.reportWrite < 3) {
    return raise(thread, exceptions.ValueError, "errpipe_write must be >= 3");
  }
  std::vector<int> kept;
  TRY(keptDescriptors(thread, keptTuple, kept));
  launch.kept = kept.data();
  launch.keptCount = kept.size();

  StringVector programs, arguments, environment;
  TRY(programs.setStrings(thread, given[1]));
  if (!given[0].isNone()) {
    if (toTuple(given[0]) == nullptr && toList(given[0]) == nullptr &&
        specialMethod(given[0], Special::k__getitem__).isUnbound()) {
      return raise(thread, exceptions.TypeError, "argv must be a tuple or list");
    }
    TRY(arguments.setStrings(thread, given[0]));
  }
  if (!given[5].isNone()) TRY(environment.setStrings(thread, given[5]));
  std::string folder;
  if (!given[4].isNone()) folder = TRY(filenameArgument(thread, given[4]));
  launch.programs = programs.pointers();
  launch.arguments = arguments.pointers();
  launch.environment = environment.isSet() ? environment.pointers() : nullptr;
  launch.folder = given[4].isNone() ? nullptr : folder.c_str();

  std::vector<gid_t> groups;
  if (!given[18].isNone()) {
    List* list = toList(given[18]);
    if (list == nullptr) return raise(thread, exceptions.TypeError, "setgroups argument must be a list");
    if (list->length > NGROUPS_MAX) return raise(thread, exceptions.ValueError, "too many groups");
    for (uint64_t i = 0; i < list->length; i++) {
      if (!isInt(list->storage->slots[i])) return raise(thread, exceptions.TypeError, "groups must be integers");
      Fallible<uint32_t> group = groupArgument(thread, list->storage->slots[i]);
      if (group.isRaised()) {
        clearException(thread);
        return raise(thread, exceptions.ValueError, "invalid group id");
      }
      groups.push_back(group.value());
    }
    launch.setsGroups = true;
    launch.groups = groups.data();
    launch.groupCount = groups.size();
  }
  if (!given[17].isNone()) {
    Fallible<uint32_t> gid = groupArgument(thread, given[17]);
    if (gid.isRaised()) {
      clearException(thread);
      return raise(thread, exceptions.ValueError, "invalid group id");
    }
    launch.gid = gid.value();
  }
  if (!given[19].isNone()) {
    Fallible<uint32_t> uid = userArgument(thread, given[19]);
    if (uid.isRaised()) {
      clearException(thread);
      return raise(thread, exceptions.ValueError, "invalid user id");
    }
    launch.uid = uid.value();
  }

  pid_t pid;
  int error;
  if (!hookFunction.isNone()) {
    Hook hook{&thread, hookFunction};
    runForkHooksBefore(thread);
    pid = fork();
    error = errno;
    if (pid == 0) {
      runForkHooksAfter(thread, true);
      childMain(launch, callHook, &hook);
    }
    runForkHooksAfter(thread, false);
  } else {
    flushAllFiles();
    bool changesIdentity = launch.uid || launch.gid || launch.setsGroups;
    if (mayVfork && !changesIdentity) {
      // No signal may reach a handler while the child shares our memory.
      sigset_t all, before;
      sigfillset(&all);
      pthread_sigmask(SIG_BLOCK, &all, &before);
      launch.signals = &before;
      pid = vforkAndExec(launch);
      error = errno;
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
    } else {
      pid = fork();
      error = errno;
      if (pid == 0) childMain(launch, nullptr, nullptr);
    }
  }
  if (pid < 0) return raiseErrno(thread, error);
  return Value::inlineInt(pid);
}

}  // namespace

Module* modulePosixsubprocess(Thread& thread) {
  return ModuleBuilder(thread, "_posixsubprocess", "fork and exec in one step, for subprocess.")
      .variadic("fork_exec", forkExec)
      .build();
}

}  // namespace krait
