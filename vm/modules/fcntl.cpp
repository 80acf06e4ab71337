// The module fcntl: control of open files, and locks on them.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstring>

#include "vm/builtins/bytearray.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

constexpr size_t kMostBytes = 1024;  // of an argument that is copied for the call

// The bytes of a str or a bytes-like object.
Fallible<bool> bytesOf(Thread& thread, Value v, std::string_view& out) {
  if (bufferView(v, out)) return true;
  Str* text = toStr(v);
  if (text == nullptr) return false;
  Value encoded = TRY(encodeStr(thread, text, "utf-8", "strict"));
  return bufferView(encoded, out);
}

Fallible<Value> fcntlFcntl(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "fcntl.fcntl"));
  TRY(arguments.count(thread, "fcntl", 2, 3));
  int descriptor = TRY(descriptorArgument(thread, arguments[0])), command = TRY(intArgument(thread, arguments[1]));
  std::string_view bytes;
  if (arguments.positional == 3 && TRY(bytesOf(thread, arguments[2], bytes))) {
    if (bytes.size() > kMostBytes) return raise(thread, exceptions.ValueError, "fcntl string arg too long");
    char buffer[kMostBytes + 1] = {};
    size_t size = bytes.size();
    std::memcpy(buffer, bytes.data(), size);
    if (TRY(retrying(thread, [&] { return fcntl(descriptor, command, buffer); })) < 0) {
      return raiseErrno(thread, errno);
    }
    return makeBytesValue(thread, {buffer, size});
  }
  auto number = arguments.positional == 3 ? static_cast<int>(TRY(maskArgument(thread, arguments[2]))) : 0;
  int result = TRY(retrying(thread, [&] { return fcntl(descriptor, command, number); }));
  if (result < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(result);
}

Fallible<Value> fcntlIoctl(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "fcntl.ioctl"));
  TRY(arguments.count(thread, "ioctl", 2, 4));
  int descriptor = TRY(descriptorArgument(thread, arguments[0]));
  auto request = static_cast<unsigned long>(static_cast<uint32_t>(TRY(maskArgument(thread, arguments[1]))));
  bool changes = arguments.positional < 4 || TRY(isTrue(thread, arguments[3]));
  std::string_view bytes;
  if (arguments.positional >= 3 && TRY(bytesOf(thread, arguments[2], bytes))) {
    char buffer[kMostBytes + 1] = {};
    size_t size = bytes.size();
    std::span<uint8_t> target;
    bool writes = changes && mutableBufferView(arguments[2], target);
    if (size > kMostBytes) {
      if (!writes) return raise(thread, exceptions.ValueError, "ioctl string arg too long");
      int result = withoutLock(thread, [&] { return ioctl(descriptor, request, target.data()); });
      if (result < 0) return raiseErrno(thread, errno);
      return Value::inlineInt(result);
    }
    std::memcpy(buffer, bytes.data(), size);
    int result = withoutLock(thread, [&] { return ioctl(descriptor, request, buffer); });
    if (result < 0) return raiseErrno(thread, errno);
    if (!writes) return makeBytesValue(thread, {buffer, size});
    if (mutableBufferView(arguments[2], target)) std::memcpy(target.data(), buffer, std::min(size, target.size()));
    return Value::inlineInt(result);
  }
  auto number = arguments.positional >= 3 ? static_cast<int>(TRY(maskArgument(thread, arguments[2]))) : 0;
  int result = withoutLock(thread, [&] { return ioctl(descriptor, request, number); });
  if (result < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(result);
}

Fallible<Value> fcntlFlock(Thread& thread, Value fd, Value operation) {
  int descriptor = TRY(descriptorArgument(thread, fd)), how = TRY(intArgument(thread, operation));
  return noneOrErrno(thread, TRY(retrying(thread, [&] { return flock(descriptor, how); })));
}

Fallible<Value> fcntlLockf(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "fcntl.lockf"));
  TRY(arguments.count(thread, "lockf", 2, 5));
  int descriptor = TRY(descriptorArgument(thread, arguments[0])), how = TRY(intArgument(thread, arguments[1]));
  struct flock lock {};
  if (arguments.positional > 2) lock.l_len = TRY(longArgument(thread, arguments[2]));
  if (arguments.positional > 3) lock.l_start = TRY(longArgument(thread, arguments[3]));
  if (arguments.positional > 4) lock.l_whence = static_cast<short>(TRY(intArgument(thread, arguments[4])));
  if (how == LOCK_UN) {
    lock.l_type = F_UNLCK;
  } else if ((how & LOCK_SH) != 0) {
    lock.l_type = F_RDLCK;
  } else if ((how & LOCK_EX) != 0) {
    lock.l_type = F_WRLCK;
  } else {
    return raise(thread, exceptions.ValueError, "unrecognized lockf argument");
  }
  int command = (how & LOCK_NB) != 0 ? F_SETLK : F_SETLKW;
  return noneOrErrno(thread, TRY(retrying(thread, [&] { return fcntl(descriptor, command, &lock); })));
}

constexpr NamedNumber kNumbers[] = {
    {"DN_ACCESS", DN_ACCESS},       {"DN_ATTRIB", DN_ATTRIB},
    {"DN_CREATE", DN_CREATE},       {"DN_DELETE", DN_DELETE},
    {"DN_MODIFY", DN_MODIFY},       {"DN_MULTISHOT", DN_MULTISHOT},
    {"DN_RENAME", DN_RENAME},       {"FASYNC", FASYNC},
    {"FD_CLOEXEC", FD_CLOEXEC},     {"F_ADD_SEALS", F_ADD_SEALS},
    {"F_DUPFD", F_DUPFD},           {"F_DUPFD_CLOEXEC", F_DUPFD_CLOEXEC},
    {"F_EXLCK", F_EXLCK},           {"F_GETFD", F_GETFD},
    {"F_GETFL", F_GETFL},           {"F_GETLEASE", F_GETLEASE},
    {"F_GETLK", F_GETLK},           {"F_GETLK64", 5},
    {"F_GETOWN", F_GETOWN},         {"F_GETPIPE_SZ", F_GETPIPE_SZ},
    {"F_GETSIG", F_GETSIG},         {"F_GET_SEALS", F_GET_SEALS},
    {"F_NOTIFY", F_NOTIFY},         {"F_OFD_GETLK", F_OFD_GETLK},
    {"F_OFD_SETLK", F_OFD_SETLK},   {"F_OFD_SETLKW", F_OFD_SETLKW},
    {"F_RDLCK", F_RDLCK},           {"F_SEAL_GROW", F_SEAL_GROW},
    {"F_SEAL_SEAL", F_SEAL_SEAL},   {"F_SEAL_SHRINK", F_SEAL_SHRINK},
    {"F_SEAL_WRITE", F_SEAL_WRITE}, {"F_SETFD", F_SETFD},
    {"F_SETFL", F_SETFL},           {"F_SETLEASE", F_SETLEASE},
    {"F_SETLK", F_SETLK},           {"F_SETLK64", 6},
    {"F_SETLKW", F_SETLKW},         {"F_SETLKW64", 7},
    {"F_SETOWN", F_SETOWN},         {"F_SETPIPE_SZ", F_SETPIPE_SZ},
    {"F_SETSIG", F_SETSIG},         {"F_SHLCK", F_SHLCK},
    {"F_UNLCK", F_UNLCK},           {"F_WRLCK", F_WRLCK},
    {"LOCK_EX", LOCK_EX},           {"LOCK_MAND", LOCK_MAND},
    {"LOCK_NB", LOCK_NB},           {"LOCK_READ", LOCK_READ},
    {"LOCK_RW", LOCK_RW},           {"LOCK_SH", LOCK_SH},
    {"LOCK_UN", LOCK_UN},           {"LOCK_WRITE", LOCK_WRITE},
};

}  // namespace

Module* moduleFcntl(Thread& thread) {
  ModuleBuilder builder(thread, "fcntl", "The system calls fcntl, ioctl, flock and lockf on file descriptors.");
  addNumbers(thread, builder, kNumbers);
  return builder.variadic("fcntl", fcntlFcntl)
      .variadic("ioctl", fcntlIoctl)
      .function("flock", fcntlFlock)
      .variadic("lockf", fcntlLockf)
      .build();
}

}  // namespace krait
