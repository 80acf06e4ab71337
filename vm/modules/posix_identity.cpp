// posix: users, groups, sessions and process numbers.
#include <grp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <climits>
#include <vector>

#include "vm/builtins/list.h"
#include "vm/modules/posix_internal.h"

namespace krait {
namespace {

template <pid_t (*f)()>
Fallible<Value> processNumber(Thread&) {
  return Value::inlineInt(f());
}
template <uid_t (*f)()>
Fallible<Value> ownNumber(Thread&) {
  return Value::inlineInt(f());
}

// --- processes and sessions -------------------------------------------------------------------------------------------

Fallible<Value> posixGetpgid(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"getpgid", {"pid"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  pid_t group = getpgid(TRY(formatIntArgument(thread, v[0])));
  if (group < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(group);
}
Fallible<Value> posixGetsid(Thread& thread, Value process) {
  pid_t session = getsid(TRY(formatIntArgument(thread, process)));
  if (session < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(session);
}
Fallible<Value> posixSetpgid(Thread& thread, Value process, Value group) {
  int pid = TRY(formatIntArgument(thread, process));
  return noneOrErrno(thread, setpgid(pid, TRY(formatIntArgument(thread, group))));
}
Fallible<Value> posixSetpgrp(Thread& thread) { return noneOrErrno(thread, setpgrp()); }
Fallible<Value> posixSetsid(Thread& thread) { return noneOrErrno(thread, setsid()); }

Fallible<Value> posixGetpriority(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"getpriority", {"which", "who"}, 2};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  int which = TRY(intArgument(thread, v[0])), who = TRY(intArgument(thread, v[1]));
  errno = 0;
  int priority = getpriority(static_cast<__priority_which_t>(which), static_cast<id_t>(who));
  if (errno != 0) return raiseErrno(thread, errno);
  return Value::inlineInt(priority);
}
Fallible<Value> posixSetpriority(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"setpriority", {"which", "who", "priority"}, 3};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  int which = TRY(intArgument(thread, v[0])), who = TRY(intArgument(thread, v[1]));
  int priority = TRY(intArgument(thread, v[2]));
  return noneOrErrno(thread, setpriority(static_cast<__priority_which_t>(which), static_cast<id_t>(who), priority));
}
Fallible<Value> posixNice(Thread& thread, Value increment) {
  int by = TRY(intArgument(thread, increment));
  errno = 0;
  int result = nice(by);
  if (result == -1 && errno != 0) return raiseErrno(thread, errno);
  return Value::inlineInt(result);
}

// --- users and groups -------------------------------------------------------------------------------------------------

template <int (*f)(uid_t)>
Fallible<Value> setUser(Thread& thread, Value user) {
  return noneOrErrno(thread, f(TRY(userArgument(thread, user))));
}
template <int (*f)(gid_t)>
Fallible<Value> setGroup(Thread& thread, Value group) {
  return noneOrErrno(thread, f(TRY(groupArgument(thread, group))));
}
Fallible<Value> posixSetreuid(Thread& thread, Value real, Value effective) {
  uint32_t first = TRY(userArgument(thread, real));
  return noneOrErrno(thread, setreuid(first, TRY(userArgument(thread, effective))));
}
Fallible<Value> posixSetregid(Thread& thread, Value real, Value effective) {
  uint32_t first = TRY(groupArgument(thread, real));
  return noneOrErrno(thread, setregid(first, TRY(groupArgument(thread, effective))));
}
Fallible<Value> posixSetresuid(Thread& thread, Value real, Value effective, Value saved) {
  uint32_t first = TRY(userArgument(thread, real)), second = TRY(userArgument(thread, effective));
  return noneOrErrno(thread, setresuid(first, second, TRY(userArgument(thread, saved))));
}
Fallible<Value> posixSetresgid(Thread& thread, Value real, Value effective, Value saved) {
  uint32_t first = TRY(groupArgument(thread, real)), second = TRY(groupArgument(thread, effective));
  return noneOrErrno(thread, setresgid(first, second, TRY(groupArgument(thread, saved))));
}
Fallible<Value> threeNumbers(Thread& thread, uint32_t a, uint32_t b, uint32_t c) {
  return Value::of(TRY(makeTuple(thread, {Value::inlineInt(a), Value::inlineInt(b), Value::inlineInt(c)})));
}
Fallible<Value> posixGetresuid(Thread& thread) {
  uid_t real, effective, saved;
  if (getresuid(&real, &effective, &saved) != 0) return raiseErrno(thread, errno);
  return threeNumbers(thread, real, effective, saved);
}
Fallible<Value> posixGetresgid(Thread& thread) {
  gid_t real, effective, saved;
  if (getresgid(&real, &effective, &saved) != 0) return raiseErrno(thread, errno);
  return threeNumbers(thread, real, effective, saved);
}

Fallible<Value> groupList(Thread& thread, const std::vector<gid_t>& groups) {
  List* list = TRY(makeListWithCapacity(thread, groups.size()));
  for (gid_t group : groups) TRY(listAppend(thread, list, Value::inlineInt(group)));
  return Value::of(list);
}
Fallible<Value> posixGetgroups(Thread& thread) {
  int count = getgroups(0, nullptr);
  if (count < 0) return raiseErrno(thread, errno);
  std::vector<gid_t> groups(static_cast<size_t>(count));
  count = getgroups(count, groups.data());
  if (count < 0) return raiseErrno(thread, errno);
  groups.resize(static_cast<size_t>(count));
  return groupList(thread, groups);
}
Fallible<Value> posixSetgroups(Thread& thread, Value given) {
  if (specialMethod(given, Special::k__getitem__).isUnbound() || isKind(given, Kind::kDict)) {
    return raise(thread, exceptions.TypeError, "setgroups argument must be a sequence");
  }
  Tuple* items = TRY(tupleFromIterable(thread, given));
  if (items->length > NGROUPS_MAX) return raise(thread, exceptions.ValueError, "too many groups");
  std::vector<gid_t> groups;
  for (uint64_t i = 0; i < items->length; i++) {
    if (!isInt(items->items[i])) return raise(thread, exceptions.TypeError, "groups must be integers");
    groups.push_back(TRY(groupArgument(thread, items->items[i])));
  }
  return noneOrErrno(thread, setgroups(groups.size(), groups.data()));
}
Fallible<Value> posixGetgrouplist(Thread& thread, Value user, Value group) {
  Str* text = toStr(user);
  if (text == nullptr) {
    return raiseTypeError(thread, "getgrouplist() argument 1 must be str, not {}",
                          user.isNone() ? "None" : nameOf(user));
  }
  std::string name = TRY(filenameArgument(thread, user));
  gid_t base = TRY(groupArgument(thread, group));
  std::vector<gid_t> groups(64);
  for (;;) {
    int count = static_cast<int>(groups.size());
    if (getgrouplist(name.c_str(), base, groups.data(), &count) >= 0) {
      groups.resize(static_cast<size_t>(count));
      return groupList(thread, groups);
    }
    if (groups.size() > NGROUPS_MAX) return raiseErrno(thread, EINVAL);
    groups.resize(groups.size() * 2);
  }
}
Fallible<Value> posixInitgroups(Thread& thread, Value user, Value group) {
  std::string name = TRY(filenameArgument(thread, user));
  return noneOrErrno(thread, initgroups(name.c_str(), TRY(groupArgument(thread, group))));
}
Fallible<Value> posixGetlogin(Thread& thread) {
  char name[LOGIN_NAME_MAX + 1];
  if (int error = getlogin_r(name, sizeof name)) return raiseErrno(thread, error);
  return makeFilename(thread, name);
}

}  // namespace

void addPosixIdentity(Thread&, ModuleBuilder& builder) {
  builder.variadic("getpid", nullary<"posix.getpid", processNumber<getpid>>)
      .variadic("getppid", nullary<"posix.getppid", processNumber<getppid>>)
      .variadic("getpgrp", nullary<"posix.getpgrp", processNumber<getpgrp>>)
      .variadic("getuid", nullary<"posix.getuid", ownNumber<getuid>>)
      .variadic("geteuid", nullary<"posix.geteuid", ownNumber<geteuid>>)
      .variadic("getgid", nullary<"posix.getgid", ownNumber<getgid>>)
      .variadic("getegid", nullary<"posix.getegid", ownNumber<getegid>>)
      .variadic("getpgid", posixGetpgid)
      .function("getsid", posixGetsid)
      .function("setpgid", posixSetpgid)
      .variadic("setpgrp", nullary<"posix.setpgrp", posixSetpgrp>)
      .variadic("setsid", nullary<"posix.setsid", posixSetsid>)
      .variadic("getpriority", posixGetpriority)
      .variadic("setpriority", posixSetpriority)
      .function("nice", posixNice)
      .function("setuid", setUser<setuid>)
      .function("seteuid", setUser<seteuid>)
      .function("setgid", setGroup<setgid>)
      .function("setegid", setGroup<setegid>)
      .function("setreuid", posixSetreuid)
      .function("setregid", posixSetregid)
      .function("setresuid", posixSetresuid)
      .function("setresgid", posixSetresgid)
      .variadic("getresuid", nullary<"posix.getresuid", posixGetresuid>)
      .variadic("getresgid", nullary<"posix.getresgid", posixGetresgid>)
      .variadic("getgroups", nullary<"posix.getgroups", posixGetgroups>)
      .function("setgroups", posixSetgroups)
      .function("getgrouplist", posixGetgrouplist)
      .function("initgroups", posixInitgroups)
      .variadic("getlogin", nullary<"posix.getlogin", posixGetlogin>);
}

}  // namespace krait
