// posix: the machine, its times and its scheduler.
#include <sched.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <vector>

#include "vm/builtins/float.h"
#include "vm/builtins/set.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/posix_internal.h"

namespace krait {
namespace {

// --- the machine ------------------------------------------------------------------------------------------------------

constexpr const char* kUnameFields[] = {"sysname", "nodename", "release", "version", "machine"};
const StructSequence kUnameResult{"posix", "uname_result", "What uname() tells of the machine.", kUnameFields, 5};
constexpr const char* kTimesFields[] = {"user", "system", "children_user", "children_system", "elapsed"};
const StructSequence kTimesResult{"posix", "times_result",
                                  "Processor and wall-clock times of the process and its children, in seconds.",
                                  kTimesFields, 5};

Fallible<Value> posixUname(Thread& thread) {
  utsname names;
  if (uname(&names) != 0) return raiseErrno(thread, errno);
  const char* texts[] = {names.sysname, names.nodename, names.release, names.version, names.machine};
  Value fields[5];
  for (int i = 0; i < 5; i++) fields[i] = TRY(makeFilename(thread, texts[i]));
  return makeStructSequence(thread, posixTypes.unameResult, fields);
}

Fallible<Value> posixTimes(Thread& thread) {
  tms used;
  clock_t elapsed = times(&used);
  if (elapsed == static_cast<clock_t>(-1)) return raiseErrno(thread, errno);
  static const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const clock_t counts[] = {used.tms_utime, used.tms_stime, used.tms_cutime, used.tms_cstime, elapsed};
  Value fields[5];
  for (int i = 0; i < 5; i++) fields[i] = TRY(makeFloat(thread, static_cast<double>(counts[i]) / ticks));
  return makeStructSequence(thread, posixTypes.timesResult, fields);
}

Fallible<Value> posixCpuCount(Thread&) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count >= 1 ? Value::inlineInt(count) : Value::none();
}
Fallible<Value> posixGetloadavg(Thread& thread) {
  double loads[3];
  if (getloadavg(loads, 3) != 3) {
    return raise(thread, exceptions.OSError, "Load averages are unobtainable");
  }
  Value values[3];
  for (int i = 0; i < 3; i++) values[i] = TRY(makeFloat(thread, loads[i]));
  return Value::of(TRY(makeTuple(thread, values)));
}
Fallible<Value> posixStrerror(Thread& thread, Value code) {
  return makeFilename(thread, std::strerror(TRY(intArgument(thread, code))));
}

// --- the scheduler ----------------------------------------------------------------------------------------------------

constexpr const char* kParamFields[] = {"sched_priority"};
const StructSequence kSchedParam{"posix", "sched_param", "The parameters of a scheduler: its priority.", kParamFields,
                                 1};

Fallible<Value> schedParamNew(Thread& thread, Value type, const Arguments& arguments) {
  static constexpr Parameters kParameters{"sched_param", {"sched_priority"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  Value items = Value::of(TRY(makeTuple(thread, {v[0]})));
  return allocatePayloadInstance(thread, type.as<Type>(), items);
}
Fallible<Value> schedParamReduce(Thread& thread, Value self) {
  Value priority = toTuple(self)->items[0];
  Value arguments = Value::of(TRY(makeTuple(thread, {priority})));
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), arguments})));
}

Fallible<Value> schedYield(Thread& thread) {
  return noneOrErrno(thread, withoutLock(thread, [] { return sched_yield(); }));
}
Fallible<Value> schedPriorityLimit(Thread& thread, const Parameters& parameters, const Arguments& arguments,
                                   int (*limit)(int)) {
  Value v[1];
  TRY(parameters.bind(thread, arguments, v));
  int result = limit(TRY(intArgument(thread, v[0])));
  if (result < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(result);
}
Fallible<Value> schedGetPriorityMax(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"sched_get_priority_max", {"policy"}, 1};
  return schedPriorityLimit(thread, kParameters, arguments, sched_get_priority_max);
}
Fallible<Value> schedGetPriorityMin(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"sched_get_priority_min", {"policy"}, 1};
  return schedPriorityLimit(thread, kParameters, arguments, sched_get_priority_min);
}
Fallible<Value> schedGetscheduler(Thread& thread, Value process) {
  int policy = sched_getscheduler(TRY(formatIntArgument(thread, process)));
  if (policy < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(policy);
}
Fallible<Value> schedSetscheduler(Thread& thread, Value process, Value policy, Value param) {
  int pid = TRY(formatIntArgument(thread, process)), which = TRY(intArgument(thread, policy));
  sched_param parameter{};
  parameter.sched_priority = TRY(schedulerPriority(thread, param));
  return noneOrErrno(thread, sched_setscheduler(pid, which, &parameter));
}
Fallible<Value> schedGetparam(Thread& thread, Value process) {
  sched_param parameter;
  if (sched_getparam(TRY(formatIntArgument(thread, process)), &parameter) != 0) return raiseErrno(thread, errno);
  Value fields[] = {Value::inlineInt(parameter.sched_priority)};
  return makeStructSequence(thread, posixTypes.schedParam, fields);
}
Fallible<Value> schedSetparam(Thread& thread, Value process, Value param) {
  int pid = TRY(formatIntArgument(thread, process));
  sched_param parameter{};
  parameter.sched_priority = TRY(schedulerPriority(thread, param));
  return noneOrErrno(thread, sched_setparam(pid, &parameter));
}
Fallible<Value> schedRrGetInterval(Thread& thread, Value process) {
  timespec interval;
  if (sched_rr_get_interval(TRY(formatIntArgument(thread, process)), &interval) != 0) {
    return raiseErrno(thread, errno);
  }
  return makeFloat(thread, static_cast<double>(interval.tv_sec) + 1e-9 * static_cast<double>(interval.tv_nsec));
}

constexpr size_t kCpusPerWord = 8 * sizeof(unsigned long);

Fallible<Value> schedSetaffinity(Thread& thread, Value process, Value cpus) {
  int pid = TRY(formatIntArgument(thread, process));
  std::vector<unsigned long> mask(1);
  Value iterator = TRY(iterate(thread, cpus));
  for (;;) {
    Value item = TRY(next(thread, iterator));
    if (item.isUnbound()) break;
    if (!isInt(item)) {
      fmt::memory_buffer buffer;
      Str* type = TRY(repr(thread, Value::of(typeOf(item))));
      return raiseTypeError(thread, "expected an iterator of ints, but iterator yielded {}", textOf(type, buffer));
    }
    int64_t cpu = TRY(longArgument(thread, item));
    if (cpu < 0) return raise(thread, exceptions.ValueError, "negative CPU number");
    if (cpu > INT32_MAX - 1) return raise(thread, exceptions.OverflowError, "CPU number too large");
    auto word = static_cast<size_t>(cpu) / kCpusPerWord;
    if (word >= mask.size()) mask.resize(word + 1);
    mask[word] |= 1ul << (static_cast<size_t>(cpu) % kCpusPerWord);
  }
  return noneOrErrno(thread, sched_setaffinity(pid, mask.size() * sizeof(unsigned long),
                                               reinterpret_cast<const cpu_set_t*>(mask.data())));
}
Fallible<Value> schedGetaffinity(Thread& thread, Value process) {
  int pid = TRY(formatIntArgument(thread, process));
  std::vector<unsigned long> mask(16);
  while (sched_getaffinity(pid, mask.size() * sizeof(unsigned long), reinterpret_cast<cpu_set_t*>(mask.data())) < 0) {
    if (errno != EINVAL || mask.size() > 65536) return raiseErrno(thread, errno);
    mask.resize(mask.size() * 2);
  }
  Value set = TRY(call(thread, Value::of(types.set)));
  for (size_t cpu = 0; cpu < mask.size() * kCpusPerWord; cpu++) {
    if ((mask[cpu / kCpusPerWord] >> (cpu % kCpusPerWord) & 1) == 0) continue;
    Value number = Value::inlineInt(static_cast<int64_t>(cpu));
    TRY(callMethod(thread, set, TRY(intern(thread, "add")), std::span<const Value>(&number, 1)));
  }
  return set;
}

}  // namespace

Fallible<int> schedulerPriority(Thread& thread, Value param) {
  if (typeOf(param) != posixTypes.schedParam) {
    return raise(thread, exceptions.TypeError, "must have a sched_param object");
  }
  int64_t priority = TRY(longArgument(thread, toTuple(param)->items[0]));
  if (priority > INT32_MAX || priority < INT32_MIN) {
    return raise(thread, exceptions.OverflowError, "sched_priority out of range");
  }
  return static_cast<int>(priority);
}

void addPosixSystem(Thread& thread, ModuleBuilder& builder) {
  posixTypes.unameResult = makeStructSequenceType(thread, kUnameResult);
  posixTypes.timesResult = makeStructSequenceType(thread, kTimesResult);
  builder.constant("uname_result", Value::of(posixTypes.unameResult))
      .constant("times_result", Value::of(posixTypes.timesResult))
      .variadic("uname", nullary<"posix.uname", posixUname>)
      .variadic("times", nullary<"posix.times", posixTimes>)
      .variadic("cpu_count", nullary<"posix.cpu_count", posixCpuCount>)
      .variadic("getloadavg", nullary<"posix.getloadavg", posixGetloadavg>)
      .function("strerror", posixStrerror);
}

void addPosixSchedule(Thread& thread, ModuleBuilder& builder) {
  posixTypes.schedParam = makeStructSequenceType(thread, kSchedParam);
  TypeBuilder(thread, posixTypes.schedParam).constructor(schedParamNew).method("__reduce__", schedParamReduce).build();
  builder.constant("sched_param", Value::of(posixTypes.schedParam))
      .variadic("sched_yield", nullary<"posix.sched_yield", schedYield>)
      .variadic("sched_get_priority_max", schedGetPriorityMax)
      .variadic("sched_get_priority_min", schedGetPriorityMin)
      .function("sched_getscheduler", schedGetscheduler)
      .function("sched_setscheduler", schedSetscheduler)
      .function("sched_getparam", schedGetparam)
      .function("sched_setparam", schedSetparam)
      .function("sched_rr_get_interval", schedRrGetInterval)
      .function("sched_setaffinity", schedSetaffinity)
      .function("sched_getaffinity", schedGetaffinity);
}

}  // namespace krait
