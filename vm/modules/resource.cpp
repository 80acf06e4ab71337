// The module resource: limits and use of the system's resources.
#include "vm/modules/resource.h"

#include <unistd.h>

#include "vm/builtins/float.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"

namespace krait {
namespace {

constexpr const char* kUsageFields[] = {
    "ru_utime", "ru_stime",   "ru_maxrss",  "ru_ixrss",  "ru_idrss",  "ru_isrss",    "ru_minflt", "ru_majflt",
    "ru_nswap", "ru_inblock", "ru_oublock", "ru_msgsnd", "ru_msgrcv", "ru_nsignals", "ru_nvcsw",  "ru_nivcsw"};
const StructSequence kUsage{"resource", "struct_rusage", "What getrusage() tells of a process's use of resources.",
                            kUsageFields, std::size(kUsageFields)};

// Made once, whichever module is imported first.
Type* usageType(Thread& thread) {
  static Type* type = nullptr;
  if (type == nullptr) type = makeStructSequenceType(thread, kUsage);
  return type;
}

double secondsOf(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

Fallible<int> resourceArgument(Thread& thread, Value v) {
  int which = TRY(intArgument(thread, v));
  if (which < 0 || which >= RLIMIT_NLIMITS) {
    return raise(thread, exceptions.ValueError, "invalid resource specified");
  }
  return which;
}
Fallible<Value> limitValue(Thread& thread, rlim_t limit) { return makeInt(thread, static_cast<int64_t>(limit)); }
Fallible<Value> limitPair(Thread& thread, const rlimit& limit) {
  return Value::of(
      TRY(makeTuple(thread, {TRY(limitValue(thread, limit.rlim_cur)), TRY(limitValue(thread, limit.rlim_max))})));
}
Fallible<rlimit> limitArgument(Thread& thread, Value v) {
  Tuple* pair = TRY(tupleFromIterable(thread, v));
  if (pair->length != 2) return raise(thread, exceptions.ValueError, "expected a tuple of 2 integers");
  rlimit limit{};
  limit.rlim_cur = static_cast<rlim_t>(TRY(longArgument(thread, pair->items[0])));
  limit.rlim_max = static_cast<rlim_t>(TRY(longArgument(thread, pair->items[1])));
  return limit;
}

KRAIT_COLD Raised raiseLimit(Thread& thread, bool setting) {
  if (errno == EINVAL) {
    return raise(thread, exceptions.ValueError,
                 setting ? "current limit exceeds maximum limit" : "invalid resource specified");
  }
  if (errno == EPERM && setting) return raise(thread, exceptions.ValueError, "not allowed to raise maximum limit");
  return raiseErrno(thread, errno);
}

Fallible<Value> resourceGetrlimit(Thread& thread, Value resource) {
  int which = TRY(resourceArgument(thread, resource));
  rlimit limit;
  if (getrlimit(static_cast<__rlimit_resource_t>(which), &limit) != 0) return raiseErrno(thread, errno);
  return limitPair(thread, limit);
}
Fallible<Value> resourceSetrlimit(Thread& thread, Value resource, Value limits) {
  int which = TRY(resourceArgument(thread, resource));
  rlimit limit = TRY(limitArgument(thread, limits));
  if (setrlimit(static_cast<__rlimit_resource_t>(which), &limit) != 0) return raiseLimit(thread, true);
  return Value::none();
}
Fallible<Value> resourcePrlimit(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "resource.prlimit"));
  TRY(arguments.count(thread, "prlimit", 2, 3));
  int pid = TRY(formatIntArgument(thread, arguments[0])), which = TRY(resourceArgument(thread, arguments[1]));
  rlimit before, limit{};
  bool sets = arguments.positional == 3 && !arguments[2].isNone();
  if (sets) limit = TRY(limitArgument(thread, arguments[2]));
  if (prlimit(pid, static_cast<__rlimit_resource>(which), sets ? &limit : nullptr, &before) != 0) {
    return raiseLimit(thread, true);
  }
  return limitPair(thread, before);
}
Fallible<Value> resourceGetrusage(Thread& thread, Value who) {
  int which = TRY(intArgument(thread, who));
  rusage usage;
  if (getrusage(static_cast<__rusage_who_t>(which), &usage) == 0) return makeResourceUsage(thread, usage);
  if (errno == EINVAL) return raise(thread, exceptions.ValueError, "invalid who parameter");
  return raiseErrno(thread, errno);
}
Fallible<Value> resourceGetpagesize(Thread&) { return Value::inlineInt(getpagesize()); }

constexpr NamedNumber kNumbers[] = {
    {"RLIMIT_CPU", RLIMIT_CPU},         {"RLIMIT_FSIZE", RLIMIT_FSIZE},
    {"RLIMIT_DATA", RLIMIT_DATA},       {"RLIMIT_STACK", RLIMIT_STACK},
    {"RLIMIT_CORE", RLIMIT_CORE},       {"RLIMIT_NOFILE", RLIMIT_NOFILE},
    {"RLIMIT_OFILE", RLIMIT_OFILE},     {"RLIMIT_AS", RLIMIT_AS},
    {"RLIMIT_RSS", RLIMIT_RSS},         {"RLIMIT_NPROC", RLIMIT_NPROC},
    {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK}, {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
    {"RLIMIT_NICE", RLIMIT_NICE},       {"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
    {"RLIMIT_RTTIME", RLIMIT_RTTIME},   {"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
    {"RUSAGE_SELF", RUSAGE_SELF},       {"RUSAGE_CHILDREN", RUSAGE_CHILDREN},
    {"RUSAGE_THREAD", RUSAGE_THREAD},   {"RLIM_INFINITY", static_cast<int64_t>(RLIM_INFINITY)},
};

}  // namespace

Fallible<Value> makeResourceUsage(Thread& thread, const rusage& usage) {
  const long numbers[] = {usage.ru_maxrss, usage.ru_ixrss,    usage.ru_idrss,   usage.ru_isrss,   usage.ru_minflt,
                          usage.ru_majflt, usage.ru_nswap,    usage.ru_inblock, usage.ru_oublock, usage.ru_msgsnd,
                          usage.ru_msgrcv, usage.ru_nsignals, usage.ru_nvcsw,   usage.ru_nivcsw};
  Value fields[std::size(kUsageFields)];
  fields[0] = TRY(makeFloat(thread, secondsOf(usage.ru_utime)));
  fields[1] = TRY(makeFloat(thread, secondsOf(usage.ru_stime)));
  for (size_t i = 0; i < std::size(numbers); i++) fields[i + 2] = TRY(makeInt(thread, numbers[i]));
  return makeStructSequence(thread, usageType(thread), fields);
}

Module* moduleResource(Thread& thread) {
  ModuleBuilder builder(thread, "resource");
  addNumbers(thread, builder, kNumbers);
  return builder.constant("error", Value::of(exceptions.OSError))
      .constant("struct_rusage", Value::of(usageType(thread)))
      .function("getrlimit", resourceGetrlimit)
      .function("setrlimit", resourceSetrlimit)
      .variadic("prlimit", resourcePrlimit)
      .function("getrusage", resourceGetrusage)
      .variadic("getpagesize", nullary<"resource.getpagesize", resourceGetpagesize>)
      .build();
}

}  // namespace krait
