// The modules _multiprocessing, _posixshmem and _crypt: named semaphores, shared memory and the hashing of passwords.
#include <crypt.h>
#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <ctime>

#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"
#include "vm/modules/select_internal.h"

namespace krait {
namespace {

// --- SemLock ----------------------------------------------------------------------------------------------------------

enum SemaphoreKind { kRecursiveMutex, kSemaphore };

struct SemLock : NativeObject {
  Field<Value> name;  // str or None
  sem_t* handle;
  unsigned long lastThread;
  int count, mostValue, lockKind;
};
void traceSemLock(Cell* cell, Marker& marker) { marker.mark(static_cast<SemLock*>(cell)->name); }
void finishSemLock(Cell* cell) {
  auto* lock = static_cast<SemLock*>(cell);
  if (lock->handle != SEM_FAILED && lock->handle != nullptr) sem_close(lock->handle);
  lock->handle = nullptr;
}
constexpr NativeTraits kTraits{"SemLock", traceSemLock, finishSemLock};
SemLock* lockOf(Value v) { return v.as<SemLock>(); }
unsigned long thisThread() { return static_cast<unsigned long>(pthread_self()); }
bool isMine(const SemLock* lock) { return lock->count > 0 && lock->lastThread == thisThread(); }

Fallible<SemLock*> allocateSemLock(Thread& thread, Type* type, int kind, int mostValue) {
  auto* lock = TRY(allocate<SemLock>(thread, Kind::kNative, type->instanceShape));
  lock->traits = &kTraits;
  lock->name = Value::none();
  lock->lockKind = kind;
  lock->mostValue = mostValue;
  if (!heap.registerFinaliser(thread, lock)) return raiseMemoryError(thread);
  return lock;
}

Fallible<Value> semLockNew(Thread& thread, Value type, const Arguments& arguments) {
  static constexpr Parameters kParameters{"SemLock", {"kind", "value", "maxvalue", "name", "unlink"}, 5};
  Value v[5];
  TRY(kParameters.bind(thread, arguments, v));
  int kind = TRY(intArgument(thread, v[0])), value = TRY(intArgument(thread, v[1]));
  int mostValue = TRY(intArgument(thread, v[2]));
  std::string name = TRY(utf8Argument(thread, v[3], "SemLock() argument 'name'"));
  bool unlinks = TRY(isTrue(thread, v[4]));
  if (kind != kRecursiveMutex && kind != kSemaphore) {
    return raise(thread, exceptions.ValueError, "unrecognized kind");
  }
  SemLock* lock = TRY(allocateSemLock(thread, type.as<Type>(), kind, mostValue));
  if (!unlinks) lock->name = v[3];
  lock->handle = sem_open(name.c_str(), O_CREAT | O_EXCL, 0600, static_cast<unsigned>(value));
  if (lock->handle == SEM_FAILED) return raiseErrno(thread, errno);
  if (unlinks && sem_unlink(name.c_str()) < 0) return raiseErrno(thread, errno);
  return Value::of(lock);
}

// (handle, kind, maxvalue, name): the same semaphore in a child.
Fallible<Value> semLockRebuild(Thread& thread, Value type, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "SemLock._rebuild"));
  TRY(arguments.count(thread, "_rebuild", 4, 4));
  int64_t handle = TRY(longArgument(thread, arguments[0]));
  int kind = TRY(intArgument(thread, arguments[1])), mostValue = TRY(intArgument(thread, arguments[2]));
  std::string name;
  if (!arguments[3].isNone()) name = TRY(utf8Argument(thread, arguments[3], "_rebuild() argument 4"));
  SemLock* lock = TRY(allocateSemLock(thread, type.as<Type>(), kind, mostValue));
  lock->name = arguments[3];
  if (arguments[3].isNone()) {
    lock->handle = reinterpret_cast<sem_t*>(handle);
  } else {
    lock->handle = sem_open(name.c_str(), 0);
    if (lock->handle == SEM_FAILED) return raiseErrno(thread, errno);
  }
  return Value::of(lock);
}

Fallible<bool> waitSemaphore(Thread& thread, sem_t* handle, bool hasTimeout, double timeout) {
  timespec deadline{};
  if (hasTimeout) {
    clock_gettime(CLOCK_REALTIME, &deadline);
    double seconds = std::max(timeout, 0.0);
    if (seconds > 1e9) seconds = 1e9;
    deadline.tv_sec += static_cast<time_t>(seconds);
    deadline.tv_nsec += static_cast<long>(1e9 * (seconds - static_cast<double>(static_cast<time_t>(seconds))) + 0.5);
    deadline.tv_sec += deadline.tv_nsec / 1'000'000'000;
    deadline.tv_nsec %= 1'000'000'000;
  }
  for (;;) {
    int result = withoutLock(thread, [&] { return hasTimeout ? sem_timedwait(handle, &deadline) : sem_wait(handle); });
    if (result == 0) return true;
    if (errno == ETIMEDOUT) return false;
    if (errno != EINTR) return raiseErrno(thread, errno);
    TRY(pollEvalBreaker(thread));
  }
}

Fallible<Value> semLockAcquire(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"acquire", {"block", "timeout"}, 0};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  bool blocks = TRY(truthOr(thread, v[0], true));
  bool hasTimeout = !v[1].isUnbound() && !v[1].isNone();
  double timeout = hasTimeout ? TRY(asDouble(thread, v[1])) : 0;
  SemLock* lock = lockOf(self);
  if (lock->lockKind == kRecursiveMutex && isMine(lock)) {
    lock->count++;
    return Value::boolean(true);
  }
  bool got = sem_trywait(lock->handle) == 0;
  if (!got && errno != EAGAIN && errno != EINTR) return raiseErrno(thread, errno);
  if (!got && blocks) got = TRY(waitSemaphore(thread, lock->handle, hasTimeout, timeout));
  if (!got) return Value::boolean(false);
  lock->count++;
  lock->lastThread = thisThread();
  return Value::boolean(true);
}

Fallible<Value> semLockRelease(Thread& thread, Value self) {
  SemLock* lock = lockOf(self);
  if (lock->lockKind == kRecursiveMutex) {
    if (!isMine(lock)) {
      return raise(thread, exceptions.AssertionError, "attempt to release recursive lock not owned by thread");
    }
    if (lock->count > 1) {
      lock->count--;
      return Value::none();
    }
  } else {
    int value;
    if (sem_getvalue(lock->handle, &value) < 0) return raiseErrno(thread, errno);
    if (value >= lock->mostValue) {
      return raise(thread, exceptions.ValueError, "semaphore or lock released too many times");
    }
  }
  if (sem_post(lock->handle) < 0) return raiseErrno(thread, errno);
  lock->count--;
  return Value::none();
}
Fallible<Value> semLockEnter(Thread& thread, Value self) { return semLockAcquire(thread, self, {nullptr, 0, nullptr}); }
Fallible<Value> semLockExit(Thread& thread, Value self, const Arguments&) { return semLockRelease(thread, self); }
Fallible<Value> semLockCount(Thread&, Value self) { return Value::inlineInt(lockOf(self)->count); }
Fallible<Value> semLockIsMine(Thread&, Value self) { return Value::boolean(isMine(lockOf(self))); }
Fallible<Value> semLockGetValue(Thread& thread, Value self) {
  int value;
  if (sem_getvalue(lockOf(self)->handle, &value) < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(std::max(value, 0));
}
Fallible<Value> semLockIsZero(Thread& thread, Value self) {
  return Value::boolean(TRY(semLockGetValue(thread, self)).asInlineInt() == 0);
}
Fallible<Value> semLockAfterFork(Thread&, Value self) {
  lockOf(self)->count = 0;
  return Value::none();
}
Fallible<Value> getHandle(Thread& thread, Value self) {
  return makeInt(thread, reinterpret_cast<int64_t>(lockOf(self)->handle));
}
Fallible<Value> getKind(Thread&, Value self) { return Value::inlineInt(lockOf(self)->lockKind); }
Fallible<Value> getMaxvalue(Thread&, Value self) { return Value::inlineInt(lockOf(self)->mostValue); }
Fallible<Value> getName(Thread&, Value self) { return lockOf(self)->name.get(); }

Fallible<Value> semUnlink(Thread& thread, Value name) {
  return noneOrErrno(thread, sem_unlink(TRY(utf8Argument(thread, name, "sem_unlink() argument")).c_str()));
}

// --- shared memory ----------------------------------------------------------------------------------------------------

Fallible<Value> shmOpen(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"shm_open", {"path", "flags", "mode"}, 2};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  std::string path = TRY(utf8Argument(thread, v[0], "shm_open() argument 'path'"));
  int flags = TRY(intArgument(thread, v[1])), mode = TRY(intArgumentOr(thread, v[2], 0777));
  int descriptor = TRY(retrying(thread, [&] { return shm_open(path.c_str(), flags, static_cast<mode_t>(mode)); }));
  if (descriptor < 0) return raiseErrno(thread, errno, v[0]);
  return Value::inlineInt(descriptor);
}
Fallible<Value> shmUnlink(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"shm_unlink", {"path"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  std::string path = TRY(utf8Argument(thread, v[0], "shm_unlink() argument 'path'"));
  if (TRY(retrying(thread, [&] { return shm_unlink(path.c_str()); })) < 0) return raiseErrno(thread, errno, v[0]);
  return Value::none();
}

// --- _crypt -----------------------------------------------------------------------------------------------------------

Fallible<Value> cryptCrypt(Thread& thread, Value word, Value salt) {
  std::string first = TRY(utf8Argument(thread, word, "crypt() argument 1"));
  std::string second = TRY(utf8Argument(thread, salt, "crypt() argument 2"));
  crypt_data data{};
  const char* result = crypt_r(first.c_str(), second.c_str(), &data);
  if (result == nullptr) return raiseErrno(thread, errno);
  return makeStrValue(thread, result);
}

}  // namespace

Module* moduleMultiprocessing(Thread& thread) {
  Type* type = keepType(TypeBuilder(thread, "SemLock", types.object, Kind::kNative)
                            .module("_multiprocessing")
                            .flags(Type::kBaseType)
                            .doc("Semaphore/Mutex type")
                            .constructor(semLockNew)
                            .classMethod("_rebuild", semLockRebuild)
                            .variadic("acquire", semLockAcquire)
                            .method("release", semLockRelease)
                            .method("__enter__", semLockEnter)
                            .variadic("__exit__", semLockExit)
                            .method("_count", semLockCount)
                            .method("_is_mine", semLockIsMine)
                            .method("_get_value", semLockGetValue)
                            .method("_is_zero", semLockIsZero)
                            .method("_after_fork", semLockAfterFork)
                            .getter("handle", getHandle)
                            .getter("kind", getKind)
                            .getter("maxvalue", getMaxvalue)
                            .getter("name", getName)
                            .constant("SEM_VALUE_MAX", Value::inlineInt(SEM_VALUE_MAX))
                            .build());
  Dict* flags = startUp(makeDict(thread));
  for (const char* name : {"HAVE_SEM_OPEN", "HAVE_SEM_TIMEDWAIT"}) {
    startUp(dictSetStr(thread, flags, startUp(intern(thread, name)), Value::inlineInt(1)));
  }
  return ModuleBuilder(thread, "_multiprocessing")
      .constant("SemLock", Value::of(type))
      .constant("flags", Value::of(flags))
      .function("sem_unlink", semUnlink)
      .build();
}

Module* modulePosixshmem(Thread& thread) {
  return ModuleBuilder(thread, "_posixshmem", "Shared memory by name.")
      .variadic("shm_open", shmOpen)
      .variadic("shm_unlink", shmUnlink)
      .build();
}

Module* moduleCrypt(Thread& thread) { return ModuleBuilder(thread, "_crypt").function("crypt", cryptCrypt).build(); }

}  // namespace krait
