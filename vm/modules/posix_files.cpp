// posix: open files by their descriptors.
#include <fcntl.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <cstring>

#include "vm/builtins/file.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/modules/posix_internal.h"

namespace krait {
namespace {

// --- opening and closing ----------------------------------------------------------------------------------------------

Fallible<Value> posixOpen(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"open", {"path", "flags", "mode", "*", "dir_fd"}, 2};
  Value v[4];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"open"}, path));
  int flags = TRY(intArgument(thread, v[1])), mode = TRY(intArgumentOr(thread, v[2], 0777));
  int folder = TRY(folderArgument(thread, v[3]));
  auto open = [&] { return openat(folder, path.text(), flags | O_CLOEXEC, mode); };
  int descriptor = TRY(retrying(thread, open));
  if (descriptor < 0 && (errno == EMFILE || errno == ENFILE)) {
    heap.collect(thread);  // files that nothing refers to any more are closed by their finalisers
    descriptor = TRY(retrying(thread, open));
  }
  if (descriptor < 0) return raiseForPath(thread, path);
  return Value::inlineInt(descriptor);
}

// Interrupted or not, the descriptor is gone.
Fallible<Value> posixClose(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"close", {"fd"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  int descriptor = TRY(intArgument(thread, v[0]));
  int result = withoutLock(thread, [&] { return close(descriptor); });
  if (result < 0 && errno != EINTR) return raiseErrno(thread, errno);
  return Value::none();
}

Fallible<Value> posixCloserange(Thread& thread, Value low, Value high) {
  int first = TRY(intArgument(thread, low)), last = TRY(intArgument(thread, high)) - 1;
  first = std::max(first, 0);
  if (first > last) return Value::none();
  withoutLock(thread, [&] {
    if (close_range(static_cast<unsigned>(first), static_cast<unsigned>(last), 0) == 0) return 0;
    int most = static_cast<int>(std::min<long>(last, sysconf(_SC_OPEN_MAX)));
    for (int i = first; i <= most; i++) close(i);
    return 0;
  });
  return Value::none();
}

Fallible<Value> posixDup(Thread& thread, Value fd) {
  int descriptor = TRY(intArgument(thread, fd));
  int result = withoutLock(thread, [&] { return fcntl(descriptor, F_DUPFD_CLOEXEC, 0); });
  if (result < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(result);
}

Fallible<Value> posixDup2(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"dup2", {"fd", "fd2", "inheritable"}, 2};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  int from = TRY(intArgument(thread, v[0])), to = TRY(intArgument(thread, v[1]));
  bool inheritable = TRY(truthOr(thread, v[2], true));
  if (from < 0 || to < 0) return raiseErrno(thread, EBADF);
  int result = withoutLock(thread, [&] {
    // dup3 refuses equal descriptors, which dup2 leaves as they are.
    return inheritable || from == to ? dup2(from, to) : dup3(from, to, O_CLOEXEC);
  });
  if (result < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(result);
}

Fallible<Value> pairOf(Thread& thread, int first, int second) {
  return Value::of(TRY(makeTuple(thread, {Value::inlineInt(first), Value::inlineInt(second)})));
}
Fallible<Value> makePipe(Thread& thread, int flags) {
  int ends[2];
  if (withoutLock(thread, [&] { return pipe2(ends, flags); }) < 0) return raiseErrno(thread, errno);
  return pairOf(thread, ends[0], ends[1]);
}
Fallible<Value> posixPipe(Thread& thread) { return makePipe(thread, O_CLOEXEC); }
Fallible<Value> posixPipe2(Thread& thread, Value flags) { return makePipe(thread, TRY(intArgument(thread, flags))); }

Fallible<Value> posixMemfdCreate(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"memfd_create", {"name", "flags"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  std::string name = TRY(filenameArgument(thread, v[0]));
  unsigned flags = v[1].isUnbound() ? MFD_CLOEXEC : static_cast<unsigned>(TRY(maskArgument(thread, v[1])));
  int result = withoutLock(thread, [&] { return memfd_create(name.c_str(), flags); });
  if (result < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(result);
}

// --- positions and contents -------------------------------------------------------------------------------------------

Fallible<Value> posixLseek(Thread& thread, Value fd, Value position, Value how) {
  int descriptor = TRY(intArgument(thread, fd));
  int64_t offset = TRY(longArgument(thread, position));
  int whence = TRY(intArgument(thread, how));
  off_t result = withoutLock(thread, [&] { return lseek(descriptor, offset, whence); });
  if (result < 0) return raiseErrno(thread, errno);
  return makeInt(thread, result);
}

Fallible<Value> posixFtruncate(Thread& thread, Value fd, Value length) {
  int descriptor = TRY(intArgument(thread, fd));
  int64_t size = TRY(longArgument(thread, length));
  return noneOrErrno(thread, TRY(retrying(thread, [&] { return ftruncate(descriptor, size); })));
}

template <int (*synchronise)(int)>
Fallible<Value> syncFile(Thread& thread, const Parameters& parameters, const Arguments& arguments) {
  Value v[1];
  TRY(parameters.bind(thread, arguments, v));
  int descriptor = TRY(descriptorArgument(thread, v[0]));
  return noneOrErrno(thread, TRY(retrying(thread, [&] { return synchronise(descriptor); })));
}
Fallible<Value> posixFsync(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"fsync", {"fd"}, 1};
  return syncFile<fsync>(thread, kParameters, arguments);
}
Fallible<Value> posixFdatasync(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"fdatasync", {"fd"}, 1};
  return syncFile<fdatasync>(thread, kParameters, arguments);
}
Fallible<Value> posixSync(Thread& thread) {
  withoutLock(thread, [] {
    sync();
    return 0;
  });
  return Value::none();
}

Fallible<Value> posixLockf(Thread& thread, Value fd, Value command, Value length) {
  int descriptor = TRY(intArgument(thread, fd)), what = TRY(intArgument(thread, command));
  int64_t size = TRY(longArgument(thread, length));
  return noneOrErrno(thread, withoutLock(thread, [&] { return lockf(descriptor, what, size); }));
}

Fallible<Value> noneOrNumber(Thread& thread, int error) {
  if (error != 0) return raiseErrno(thread, error);
  return Value::none();
}
// These two give the error's number instead of setting errno.
Fallible<Value> posixFallocate(Thread& thread, Value fd, Value offset, Value length) {
  int descriptor = TRY(intArgument(thread, fd));
  int64_t start = TRY(longArgument(thread, offset)), size = TRY(longArgument(thread, length));
  for (;;) {
    int error = withoutLock(thread, [&] { return posix_fallocate(descriptor, start, size); });
    if (error != EINTR) return noneOrNumber(thread, error);
    TRY(pollEvalBreaker(thread));
  }
}
Fallible<Value> posixFadvise(Thread& thread, Value fd, Value offset, Value length, Value advice) {
  int descriptor = TRY(intArgument(thread, fd));
  int64_t start = TRY(longArgument(thread, offset)), size = TRY(longArgument(thread, length));
  int what = TRY(intArgument(thread, advice));
  for (;;) {
    int error = withoutLock(thread, [&] { return posix_fadvise(descriptor, start, size, what); });
    if (error != EINTR) return noneOrNumber(thread, error);
    TRY(pollEvalBreaker(thread));
  }
}
// --- flags ------------------------------------------------------------------------------------------------------------

Fallible<Value> posixGetInheritable(Thread& thread, Value fd) {
  int flags = fcntl(TRY(intArgument(thread, fd)), F_GETFD);
  if (flags < 0) return raiseErrno(thread, errno);
  return Value::boolean((flags & FD_CLOEXEC) == 0);
}
Fallible<Value> posixSetInheritable(Thread& thread, Value fd, Value inheritable) {
  int descriptor = TRY(intArgument(thread, fd));
  bool on = TRY(intArgument(thread, inheritable)) != 0;
  int flags = fcntl(descriptor, F_GETFD);
  if (flags < 0) return raiseErrno(thread, errno);
  return noneOrErrno(thread, fcntl(descriptor, F_SETFD, on ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC));
}
Fallible<Value> posixGetBlocking(Thread& thread, Value fd) {
  int flags = fcntl(TRY(intArgument(thread, fd)), F_GETFL);
  if (flags < 0) return raiseErrno(thread, errno);
  return Value::boolean((flags & O_NONBLOCK) == 0);
}
Fallible<Value> posixSetBlocking(Thread& thread, Value fd, Value blocking) {
  int descriptor = TRY(intArgument(thread, fd));
  bool on = TRY(intArgument(thread, blocking)) != 0;
  int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0) return raiseErrno(thread, errno);
  return noneOrErrno(thread, fcntl(descriptor, F_SETFL, on ? flags & ~O_NONBLOCK : flags | O_NONBLOCK));
}

// --- terminals --------------------------------------------------------------------------------------------------------

constexpr const char* kTerminalFields[] = {"columns", "lines"};
const StructSequence kTerminalSize{"os", "terminal_size", "The size of a terminal: columns, lines.", kTerminalFields,
                                   2};

Fallible<Value> posixGetTerminalSize(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "posix.get_terminal_size"));
  TRY(arguments.count(thread, "get_terminal_size", 0, 1));
  int descriptor = arguments.positional == 0 ? STDOUT_FILENO : TRY(intArgument(thread, arguments[0]));
  winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return raiseErrno(thread, errno);
  Value fields[] = {Value::inlineInt(size.ws_col), Value::inlineInt(size.ws_row)};
  return makeStructSequence(thread, posixTypes.terminalSize, fields);
}

Fallible<Value> posixTtyname(Thread& thread, Value fd) {
  char name[256];
  if (int error = ttyname_r(TRY(intArgument(thread, fd)), name, sizeof name)) return raiseErrno(thread, error);
  return makeFilename(thread, name);
}
Fallible<Value> posixCtermid(Thread& thread) {
  // Not on the stack: clang takes it that ctermid keeps no pointer and ends this frame before the result is read.
  static char name[L_ctermid];
  return makeFilename(thread, ctermid(name));
}
Fallible<Value> posixTcgetpgrp(Thread& thread, Value fd) {
  pid_t group = tcgetpgrp(TRY(intArgument(thread, fd)));
  if (group < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(group);
}
Fallible<Value> posixTcsetpgrp(Thread& thread, Value fd, Value group) {
  int descriptor = TRY(intArgument(thread, fd));
  return noneOrErrno(thread, tcsetpgrp(descriptor, TRY(intArgument(thread, group))));
}
Fallible<Value> posixOpenpty(Thread& thread) {
  int master, slave;
  if (openpty(&master, &slave, nullptr, nullptr, nullptr) != 0) return raiseErrno(thread, errno);
  fcntl(master, F_SETFD, FD_CLOEXEC);
  fcntl(slave, F_SETFD, FD_CLOEXEC);
  return pairOf(thread, master, slave);
}
Fallible<Value> posixLoginTty(Thread& thread, Value fd) {
  return noneOrErrno(thread, login_tty(TRY(descriptorArgument(thread, fd))));
}
Fallible<Value> posixDeviceEncoding(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"device_encoding", {"fd"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  if (isatty(TRY(intArgument(thread, v[0]))) == 0) return Value::none();
  return makeStrValue(thread, "UTF-8");
}

// --- counters for events ----------------------------------------------------------------------------------------------

Fallible<Value> posixEventfd(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"eventfd", {"initval", "flags"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  uint64_t initial = TRY(unsignedArgument(thread, v[0]));
  if (initial > UINT32_MAX) {
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C unsigned int");
  }
  int flags = TRY(intArgumentOr(thread, v[1], EFD_CLOEXEC));
  int result = withoutLock(thread, [&] { return eventfd(static_cast<unsigned>(initial), flags); });
  if (result < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(result);
}
Fallible<Value> posixEventfdRead(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"eventfd_read", {"fd"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  int descriptor = TRY(descriptorArgument(thread, v[0]));
  eventfd_t value;
  if (withoutLock(thread, [&] { return eventfd_read(descriptor, &value); }) < 0) return raiseErrno(thread, errno);
  return makeIntUnsigned(thread, value);
}
Fallible<Value> posixEventfdWrite(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"eventfd_write", {"fd", "value"}, 2};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  int descriptor = TRY(descriptorArgument(thread, v[0]));
  uint64_t value = TRY(unsignedArgument(thread, v[1]));
  return noneOrErrno(thread, withoutLock(thread, [&] { return eventfd_write(descriptor, value); }));
}

}  // namespace

void addPosixFiles(Thread& thread, ModuleBuilder& builder) {
  posixTypes.terminalSize = makeStructSequenceType(thread, kTerminalSize);
  builder.constant("terminal_size", Value::of(posixTypes.terminalSize))
      .variadic("open", posixOpen)
      .variadic("close", posixClose)
      .function("closerange", posixCloserange)
      .function("dup", posixDup)
      .variadic("dup2", posixDup2)
      .variadic("pipe", nullary<"posix.pipe", posixPipe>)
      .function("pipe2", posixPipe2)
      .variadic("memfd_create", posixMemfdCreate)
      .function("lseek", posixLseek)
      .function("ftruncate", posixFtruncate)
      .variadic("fsync", posixFsync)
      .variadic("fdatasync", posixFdatasync)
      .variadic("sync", nullary<"posix.sync", posixSync>)
      .function("lockf", posixLockf)
      .function("posix_fallocate", posixFallocate)
      .function("posix_fadvise", posixFadvise)
      .function("get_inheritable", posixGetInheritable)
      .function("set_inheritable", posixSetInheritable)
      .function("get_blocking", posixGetBlocking)
      .function("set_blocking", posixSetBlocking)
      .variadic("get_terminal_size", posixGetTerminalSize)
      .function("ttyname", posixTtyname)
      .variadic("ctermid", nullary<"posix.ctermid", posixCtermid>)
      .function("tcgetpgrp", posixTcgetpgrp)
      .function("tcsetpgrp", posixTcsetpgrp)
      .variadic("openpty", nullary<"posix.openpty", posixOpenpty>)
      .function("login_tty", posixLoginTty)
      .variadic("device_encoding", posixDeviceEncoding)
      .variadic("eventfd", posixEventfd)
      .variadic("eventfd_read", posixEventfdRead)
      .variadic("eventfd_write", posixEventfdWrite);
}

}  // namespace krait
