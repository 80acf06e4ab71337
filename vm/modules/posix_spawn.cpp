// posix: posix_spawn and posix_spawnp.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

#include <bitset>
#include <optional>

#include "vm/builtins/file.h"
#include "vm/modules/posix_internal.h"

namespace krait {

Fallible<void> signalSetArgument(Thread& thread, Value iterable, sigset_t& out) {
  sigemptyset(&out);
  return forEach(thread, iterable, [&](Value v) -> Fallible<bool> {
    int64_t number = TRY(longArgument(thread, v));
    if (number < 1 || number > 64) {
      return raiseValueError(thread, "signal number {} out of range [1; 64]", number);
    }
    sigaddset(&out, static_cast<int>(number));  // numbers that the C library keeps for itself are passed over
    return true;
  });
}

namespace {

enum FileAction { kOpen, kClose, kDup2 };

struct Actions {
  posix_spawn_file_actions_t actions;
  Actions() { posix_spawn_file_actions_init(&actions); }
  ~Actions() { posix_spawn_file_actions_destroy(&actions); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
};
struct Attributes {
  posix_spawnattr_t attributes;
  Attributes() { posix_spawnattr_init(&attributes); }
  ~Attributes() { posix_spawnattr_destroy(&attributes); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
};

Fallible<void> check(Thread& thread, int error) {
  if (error != 0) return raiseErrno(thread, error);
  return {};
}

Fallible<void> addAction(Thread& thread, posix_spawn_file_actions_t* actions, Value given) {
  Tuple* action = toTuple(given);
  if (action == nullptr || action->length == 0) {
    return raise(thread, exceptions.TypeError, "Each file_actions element must be a non-empty tuple");
  }
  auto need = [&](uint64_t length, const char* message) -> Fallible<void> {
    if (action->length != length) return raise(thread, exceptions.TypeError, message);
    return {};
  };
  switch (TRY(longArgument(thread, action->items[0]))) {
    case kOpen: {
      TRY(need(5, "A open file_action tuple must have 5 elements"));
      int descriptor = TRY(intArgument(thread, action->items[1]));
      std::string path = TRY(filenameArgument(thread, action->items[2]));
      int flags = TRY(intArgument(thread, action->items[3]));
      auto mode = static_cast<mode_t>(TRY(maskArgument(thread, action->items[4])));
      return check(thread, posix_spawn_file_actions_addopen(actions, descriptor, path.c_str(), flags, mode));
    }
    case kClose: {
      TRY(need(2, "A close file_action tuple must have 2 elements"));
      return check(thread, posix_spawn_file_actions_addclose(actions, TRY(intArgument(thread, action->items[1]))));
    }
    case kDup2: {
      TRY(need(3, "A dup2 file_action tuple must have 3 elements"));
      int from = TRY(intArgument(thread, action->items[1])), to = TRY(intArgument(thread, action->items[2]));
      return check(thread, posix_spawn_file_actions_adddup2(actions, from, to));
    }
    default: return raise(thread, exceptions.TypeError, "Unknown file_actions identifier");
  }
}

// (policy or None, sched_param)
Fallible<void> setScheduler(Thread& thread, posix_spawnattr_t* attributes, Value scheduler, short& flags) {
  Tuple* pair = toTuple(scheduler);
  if (pair == nullptr) {
    return raise(thread, exceptions.SystemError, "new style getargs format but argument is not a tuple");
  }
  if (pair->length != 2) return raise(thread, exceptions.TypeError, "A scheduler tuple must have two elements");
  sched_param parameter{};
  parameter.sched_priority = TRY(schedulerPriority(thread, pair->items[1]));
  flags |= POSIX_SPAWN_SETSCHEDPARAM;
  if (!pair->items[0].get().isNone()) {
    int policy = TRY(intArgument(thread, pair->items[0]));
    flags |= POSIX_SPAWN_SETSCHEDULER;
    TRY(check(thread, posix_spawnattr_setschedpolicy(attributes, policy)));
  }
  return check(thread, posix_spawnattr_setschedparam(attributes, &parameter));
}

// v: setpgroup, resetids, setsid, setsigmask, setsigdef, scheduler.
Fallible<void> setAttributes(Thread& thread, posix_spawnattr_t* attributes, const Value* v) {
  short flags = 0;
  if (!v[0].isUnbound()) {
    flags |= POSIX_SPAWN_SETPGROUP;
    TRY(check(thread, posix_spawnattr_setpgroup(attributes, TRY(intArgument(thread, v[0])))));
  }
  if (TRY(truthOr(thread, v[1], false))) flags |= POSIX_SPAWN_RESETIDS;
  if (TRY(truthOr(thread, v[2], false))) flags |= POSIX_SPAWN_SETSID;
  sigset_t signals;
  if (!v[3].isUnbound() && !(toTuple(v[3]) != nullptr && toTuple(v[3])->length == 0)) {
    TRY(signalSetArgument(thread, v[3], signals));
    flags |= POSIX_SPAWN_SETSIGMASK;
    TRY(check(thread, posix_spawnattr_setsigmask(attributes, &signals)));
  }
  if (!v[4].isUnbound() && !(toTuple(v[4]) != nullptr && toTuple(v[4])->length == 0)) {
    TRY(signalSetArgument(thread, v[4], signals));
    flags |= POSIX_SPAWN_SETSIGDEF;
    TRY(check(thread, posix_spawnattr_setsigdefault(attributes, &signals)));
  }
  if (!v[5].isUnbound()) TRY(setScheduler(thread, attributes, v[5], flags));
  return check(thread, posix_spawnattr_setflags(attributes, flags));
}

Fallible<Value> spawn(Thread& thread, const Parameters& parameters, const Arguments& arguments, bool searches) {
  const char* function = parameters.function;
  Value v[10];
  TRY(parameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {function}, path));
  StringVector argv, envp;
  TRY(argv.setArguments(thread, v[1], fmt::format("{}: argv", function).c_str()));
  TRY(envp.setEnvironment(thread, v[2], function));
  Actions actions;
  if (!v[3].isUnbound() && !v[3].isNone()) {
    if (specialMethod(v[3], Special::k__getitem__).isUnbound() && specialMethod(v[3], Special::k__iter__).isUnbound()) {
      return raise(thread, exceptions.TypeError, "file_actions must be a sequence or None");
    }
    Tuple* items = TRY(tupleFromIterable(thread, v[3]));
    for (uint64_t i = 0; i < items->length; i++) TRY(addAction(thread, &actions.actions, items->items[i]));
  }
  Attributes attributes;
  TRY(setAttributes(thread, &attributes.attributes, v + 4));
  flushAllFiles();
  pid_t pid;
  auto start = searches ? posix_spawnp : posix_spawn;
  int error = withoutLock(thread, [&] {
    return start(&pid, path.text(), &actions.actions, &attributes.attributes, argv.pointers(), envp.pointers());
  });
  if (error == 0) return Value::inlineInt(pid);
  errno = error;
  return raiseForPath(thread, path);
}

#define KRAIT_SPAWN_PARAMETERS                                                                                     \
  {                                                                                                                \
    "path", "argv", "env", "/", "*", "file_actions", "setpgroup", "resetids", "setsid", "setsigmask", "setsigdef", \
        "scheduler"                                                                                                \
  }
Fallible<Value> posixSpawn(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"posix_spawn", KRAIT_SPAWN_PARAMETERS, 3};
  return spawn(thread, kParameters, arguments, false);
}
Fallible<Value> posixSpawnp(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"posix_spawnp", KRAIT_SPAWN_PARAMETERS, 3};
  return spawn(thread, kParameters, arguments, true);
}

}  // namespace

void addPosixSpawn(Thread&, ModuleBuilder& builder) {
  builder.variadic("posix_spawn", posixSpawn).variadic("posix_spawnp", posixSpawnp);
}

}  // namespace krait
