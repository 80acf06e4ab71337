// posix: making, naming, removing and changing files by their paths.
#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <climits>
#include <cmath>

#include "vm/builtins/float.h"
#include "vm/modules/posix_internal.h"

namespace krait {

Fallible<dev_t> deviceArgument(Thread& thread, Value v) {
  if (!isInt(v)) return raise(thread, exceptions.TypeError, "an integer is required");
  Value number = TRY(index(thread, v));
  if (std::optional<int64_t> i = toInt64(number)) return static_cast<dev_t>(*i);
  auto* big = toInt(number)->as<BigInt>();
  if (big->size > 1) return raise(thread, exceptions.OverflowError, "int too big to convert");
  if (big->isNegative()) return raise(thread, exceptions.OverflowError, "can't convert negative int to unsigned");
  return big->limbs[0];
}

namespace {

// --- names ------------------------------------------------------------------------------------------------------------

Fallible<Value> movePath(Thread& thread, const Parameters& parameters, const Arguments& arguments) {
  Value v[4];
  TRY(parameters.bind(thread, arguments, v));
  PathArgument from, to;
  TRY(pathArgument(thread, v[0], {parameters.function, "src"}, from));
  TRY(pathArgument(thread, v[1], {parameters.function, "dst"}, to));
  int fromFolder = TRY(folderArgument(thread, v[2])), toFolder = TRY(folderArgument(thread, v[3]));
  if (withoutLock(thread, [&] { return renameat(fromFolder, from.text(), toFolder, to.text()); }) != 0) {
    return raiseForPaths(thread, from, to);
  }
  return Value::none();
}
Fallible<Value> posixRename(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"rename", {"src", "dst", "*", "src_dir_fd", "dst_dir_fd"}, 2};
  return movePath(thread, kParameters, arguments);
}
Fallible<Value> posixReplace(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"replace", {"src", "dst", "*", "src_dir_fd", "dst_dir_fd"}, 2};
  return movePath(thread, kParameters, arguments);
}

Fallible<Value> posixLink(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "link", {"src", "dst", "*", "src_dir_fd", "dst_dir_fd", "follow_symlinks"}, 2};
  Value v[5];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument from, to;
  TRY(pathArgument(thread, v[0], {"link", "src"}, from));
  TRY(pathArgument(thread, v[1], {"link", "dst"}, to));
  int fromFolder = TRY(folderArgument(thread, v[2])), toFolder = TRY(folderArgument(thread, v[3]));
  bool follow = TRY(truthOr(thread, v[4], true));
  // Without folders and with the default CPython calls link(), which on Linux does not follow.
  bool isPlain = fromFolder == AT_FDCWD && toFolder == AT_FDCWD && follow;
  int flags = follow && !isPlain ? AT_SYMLINK_FOLLOW : 0;
  if (withoutLock(thread, [&] { return linkat(fromFolder, from.text(), toFolder, to.text(), flags); }) != 0) {
    return raiseForPaths(thread, from, to);
  }
  return Value::none();
}

Fallible<Value> posixSymlink(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"symlink", {"src", "dst", "target_is_directory", "*", "dir_fd"}, 2};
  Value v[4];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument from, to;
  TRY(pathArgument(thread, v[0], {"symlink", "src"}, from));
  TRY(pathArgument(thread, v[1], {"symlink", "dst"}, to));
  TRY(truthOr(thread, v[2], false));
  int folder = TRY(folderArgument(thread, v[3]));
  if (withoutLock(thread, [&] { return symlinkat(from.text(), folder, to.text()); }) != 0) {
    return raiseForPaths(thread, from, to);
  }
  return Value::none();
}

Fallible<Value> posixReadlink(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"readlink", {"path", "*", "dir_fd"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"readlink"}, path));
  int folder = TRY(folderArgument(thread, v[1]));
  char target[PATH_MAX + 1];
  ssize_t n = withoutLock(thread, [&] { return readlinkat(folder, path.text(), target, PATH_MAX); });
  if (n < 0) return raiseForPath(thread, path);
  return pathResult(thread, path, {target, static_cast<size_t>(n)});
}

Fallible<Value> removePath(Thread& thread, const Parameters& parameters, const Arguments& arguments, int flags) {
  Value v[2];
  TRY(parameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {parameters.function}, path));
  int folder = TRY(folderArgument(thread, v[1]));
  if (withoutLock(thread, [&] { return unlinkat(folder, path.text(), flags); }) != 0) {
    return raiseForPath(thread, path);
  }
  return Value::none();
}
Fallible<Value> posixUnlink(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"unlink", {"path", "*", "dir_fd"}, 1};
  return removePath(thread, kParameters, arguments, 0);
}
Fallible<Value> posixRemove(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"remove", {"path", "*", "dir_fd"}, 1};
  return removePath(thread, kParameters, arguments, 0);
}
Fallible<Value> posixRmdir(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"rmdir", {"path", "*", "dir_fd"}, 1};
  return removePath(thread, kParameters, arguments, AT_REMOVEDIR);
}

// --- making -----------------------------------------------------------------------------------------------------------

Fallible<Value> makePath(Thread& thread, const Parameters& parameters, const Arguments& arguments, int mode,
                         int (*make)(int, const char*, mode_t), bool namesFile) {
  Value v[3];
  TRY(parameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {parameters.function}, path));
  mode = TRY(intArgumentOr(thread, v[1], mode));
  int folder = TRY(folderArgument(thread, v[2]));
  if (TRY(retrying(thread, [&] { return make(folder, path.text(), static_cast<mode_t>(mode)); })) != 0) {
    return namesFile ? raiseForPath(thread, path) : raiseErrno(thread, errno);
  }
  return Value::none();
}
Fallible<Value> posixMkdir(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"mkdir", {"path", "mode", "*", "dir_fd"}, 1};
  return makePath(thread, kParameters, arguments, 0777, mkdirat, true);
}
Fallible<Value> posixMkfifo(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"mkfifo", {"path", "mode", "*", "dir_fd"}, 1};
  return makePath(thread, kParameters, arguments, 0666, mkfifoat, false);
}
Fallible<Value> posixMknod(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"mknod", {"path", "mode", "device", "*", "dir_fd"}, 1};
  Value v[4];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"mknod"}, path));
  int mode = TRY(intArgumentOr(thread, v[1], 0600));
  dev_t device = v[2].isUnbound() ? 0 : TRY(deviceArgument(thread, v[2]));
  int folder = TRY(folderArgument(thread, v[3]));
  int result = TRY(retrying(thread, [&] { return mknodat(folder, path.text(), static_cast<mode_t>(mode), device); }));
  if (result != 0) return raiseErrno(thread, errno);
  return Value::none();
}
Fallible<Value> posixMajor(Thread& thread, Value device) {
  return Value::inlineInt(static_cast<int64_t>(major(TRY(deviceArgument(thread, device)))));
}
Fallible<Value> posixMinor(Thread& thread, Value device) {
  return Value::inlineInt(static_cast<int64_t>(minor(TRY(deviceArgument(thread, device)))));
}
Fallible<Value> posixMakedev(Thread& thread, Value high, Value low) {
  int first = TRY(intArgument(thread, high)), second = TRY(intArgument(thread, low));
  return makeInt(thread, static_cast<int64_t>(makedev(static_cast<unsigned>(first), static_cast<unsigned>(second))));
}

// --- permissions and owners -------------------------------------------------------------------------------------------

Fallible<Value> posixChmod(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"chmod", {"path", "mode", "*", "dir_fd", "follow_symlinks"}, 2};
  Value v[4];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"chmod", "path", true}, path));
  auto mode = static_cast<mode_t>(TRY(intArgument(thread, v[1])));
  int folder = TRY(folderArgument(thread, v[2]));
  bool follow = TRY(truthOr(thread, v[3], true));
  int result = withoutLock(thread, [&] {
    if (path.isDescriptor) return fchmod(path.descriptor, mode);
    return fchmodat(folder, path.text(), mode, follow ? 0 : AT_SYMLINK_NOFOLLOW);
  });
  if (result == 0) return Value::none();
  if (!follow && errno == EOPNOTSUPP) {
    if (folder != AT_FDCWD) {
      return raise(thread, exceptions.ValueError, "chmod: cannot use dir_fd and follow_symlinks together");
    }
    return raise(thread, exceptions.NotImplementedError, "chmod: follow_symlinks unavailable on this platform");
  }
  return raiseForPath(thread, path);
}
Fallible<Value> posixFchmod(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"fchmod", {"fd", "mode"}, 2};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  int descriptor = TRY(intArgument(thread, v[0]));
  auto mode = static_cast<mode_t>(TRY(intArgument(thread, v[1])));
  return noneOrErrno(thread, TRY(retrying(thread, [&] { return fchmod(descriptor, mode); })));
}

Fallible<Value> chownPath(Thread& thread, const PathArgument& path, Value user, Value group, int folder, bool follow) {
  uint32_t uid = TRY(userArgument(thread, user)), gid = TRY(groupArgument(thread, group));
  int result = withoutLock(thread, [&] {
    if (path.isDescriptor) return fchown(path.descriptor, uid, gid);
    return fchownat(folder, path.text(), uid, gid, follow ? 0 : AT_SYMLINK_NOFOLLOW);
  });
  if (result != 0) return raiseForPath(thread, path);
  return Value::none();
}
Fallible<Value> posixChown(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"chown", {"path", "uid", "gid", "*", "dir_fd", "follow_symlinks"}, 3};
  Value v[5];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"chown", "path", true}, path));
  TRY(userArgument(thread, v[1]));
  TRY(groupArgument(thread, v[2]));
  int folder = TRY(folderArgument(thread, v[3]));
  bool follow = TRY(truthOr(thread, v[4], true));
  TRY(refuseFolderAndLink(thread, "chown", path, folder, follow));
  return chownPath(thread, path, v[1], v[2], folder, follow);
}
Fallible<Value> posixLchown(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"lchown", {"path", "uid", "gid"}, 3};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"lchown"}, path));
  return chownPath(thread, path, v[1], v[2], AT_FDCWD, false);
}
Fallible<Value> posixFchown(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"fchown", {"fd", "uid", "gid"}, 3};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  int descriptor = TRY(intArgument(thread, v[0]));
  uint32_t uid = TRY(userArgument(thread, v[1])), gid = TRY(groupArgument(thread, v[2]));
  return noneOrErrno(thread, TRY(retrying(thread, [&] { return fchown(descriptor, uid, gid); })));
}

Fallible<Value> posixUmask(Thread& thread, Value mask) {
  return Value::inlineInt(umask(static_cast<mode_t>(TRY(intArgument(thread, mask)))));
}

Fallible<Value> posixTruncate(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"truncate", {"path", "length"}, 2};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"truncate", "path", true}, path));
  int64_t length = TRY(longArgument(thread, v[1]));
  int result = withoutLock(
      thread, [&] { return path.isDescriptor ? ftruncate(path.descriptor, length) : truncate(path.text(), length); });
  if (result != 0) return raiseForPath(thread, path);
  return Value::none();
}

// --- times ------------------------------------------------------------------------------------------------------------

// Seconds, rounded down to nanoseconds.
Fallible<timespec> timeOfSeconds(Thread& thread, Value v) {
  static constexpr const char* kOutOfRange = "timestamp out of range for platform time_t";
  if (!isFloat(v)) {
    std::optional<int64_t> seconds = toInt64(TRY(index(thread, v)));
    if (!seconds) return raise(thread, exceptions.OverflowError, kOutOfRange);
    return timespec{*seconds, 0};
  }
  double seconds = floatValue(v);
  if (std::isnan(seconds)) return raise(thread, exceptions.ValueError, "Invalid value NaN (not a number)");
  double whole;
  double fraction = std::floor(std::modf(seconds, &whole) * 1e9);
  if (fraction >= 1e9) fraction -= 1e9, whole += 1;
  if (fraction < 0) fraction += 1e9, whole -= 1;
  if (!(whole >= -0x1p63 && whole < 0x1p63)) return raise(thread, exceptions.OverflowError, kOutOfRange);
  return timespec{static_cast<time_t>(whole), static_cast<long>(fraction)};
}
Fallible<timespec> timeOfNanoseconds(Thread& thread, Value v) {
  Value quotient, remainder;
  TRY(intDivmod(thread, *toInt(TRY(index(thread, v))), Value::inlineInt(1'000'000'000), quotient, remainder));
  std::optional<int64_t> seconds = toInt64(quotient);
  if (!seconds) {
    return raise(thread, exceptions.OverflowError, "timestamp out of range for platform time_t");
  }
  return timespec{*seconds, static_cast<long>(remainder.asInlineInt())};
}

Fallible<Value> posixUtime(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"utime", {"path", "times", "*", "ns", "dir_fd", "follow_symlinks"}, 1};
  Value v[5];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"utime", "path", true}, path));
  int folder = TRY(folderArgument(thread, v[3]));
  bool follow = TRY(truthOr(thread, v[4], true));
  bool hasTimes = !v[1].isUnbound() && !v[1].isNone(), hasNanoseconds = !v[2].isUnbound();
  if (hasTimes && hasNanoseconds) {
    return raise(thread, exceptions.ValueError, "utime: you may specify either 'times' or 'ns' but not both");
  }
  timespec times[2];
  if (hasTimes || hasNanoseconds) {
    Value given = hasTimes ? v[1] : v[2];
    Tuple* pair = toTuple(given);
    if (pair == nullptr || pair->length != 2) {
      return raiseTypeError(thread, "{}",
                            hasTimes ? "utime: 'times' must be either a tuple of two ints or None"
                                     : "utime: 'ns' must be a tuple of two ints");
    }
    for (int i = 0; i < 2; i++) {
      times[i] = TRY(hasTimes ? timeOfSeconds(thread, pair->items[i]) : timeOfNanoseconds(thread, pair->items[i]));
    }
  }
  TRY(refuseFolderAndLink(thread, "utime", path, folder, follow));
  const timespec* wanted = hasTimes || hasNanoseconds ? times : nullptr;
  int result = withoutLock(thread, [&] {
    if (path.isDescriptor) return futimens(path.descriptor, wanted);
    return utimensat(folder, path.text(), wanted, follow ? 0 : AT_SYMLINK_NOFOLLOW);
  });
  if (result != 0) return raiseErrno(thread, errno);  // the time may be what is wrong: no file name
  return Value::none();
}

// --- text of paths ----------------------------------------------------------------------------------------------------

Fallible<Value> posixFspath(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"fspath", {"path"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  return fspathOf(thread, v[0]);
}

// posixpath.normpath of a str, except that what leads nowhere is empty.
Fallible<Value> posixPathNormpath(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"_path_normpath", {"path"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  Str* path = toStr(v[0]);
  if (path == nullptr) return raiseTypeError(thread, "expected 'str', not '{}'", nameOf(v[0]));
  uint64_t length = path->length;
  for (uint64_t i = 0; i < length; i++) {  // what lies behind a null character is not part of the path
    if (path->at(i) == 0) {
      length = i;
      break;
    }
  }
  if (length == 1 && path->at(0) == '.') return makeStrValue(thread, ".");
  // Two leading slashes are kept, three or more are one.
  uint64_t slashes = 0;
  while (slashes < length && path->at(slashes) == '/') slashes++;
  uint64_t root = slashes == 2 ? 2 : slashes > 0 ? 1 : 0;
  struct Part {
    uint64_t start, end;
  };
  std::string kept;  // parts as (start, end) pairs
  auto push = [&](Part part) { kept.append(reinterpret_cast<const char*>(&part), sizeof part); };
  auto last = [&] {
    Part part;
    kept.copy(reinterpret_cast<char*>(&part), sizeof part, kept.size() - sizeof part);
    return part;
  };
  auto isParent = [&](Part part) {
    return part.end - part.start == 2 && path->at(part.start) == '.' && path->at(part.start + 1) == '.';
  };
  for (uint64_t start = slashes; start < length;) {
    uint64_t end = start;
    while (end < length && path->at(end) != '/') end++;
    Part part{start, end};
    start = end + 1;
    if (part.start == part.end || (part.end - part.start == 1 && path->at(part.start) == '.')) continue;
    if (!isParent(part)) {
      push(part);
    } else if (!kept.empty() && !isParent(last())) {
      kept.resize(kept.size() - sizeof(Part));
    } else if (root == 0) {
      push(part);
    }
  }
  StrBuilder result;
  for (uint64_t i = 0; i < root; i++) result.append("/");
  for (size_t i = 0; i < kept.size(); i += sizeof(Part)) {
    Part part;
    kept.copy(reinterpret_cast<char*>(&part), sizeof part, i);
    if (i > 0) result.append("/");
    result.append(path, part.start, part.end);
  }
  return Value::of(TRY(result.build(thread)));
}

}  // namespace

void addPosixPaths(Thread&, ModuleBuilder& builder) {
  builder.variadic("rename", posixRename)
      .variadic("replace", posixReplace)
      .variadic("link", posixLink)
      .variadic("symlink", posixSymlink)
      .variadic("readlink", posixReadlink)
      .variadic("unlink", posixUnlink)
      .variadic("remove", posixRemove)
      .variadic("rmdir", posixRmdir)
      .variadic("mkdir", posixMkdir)
      .variadic("mkfifo", posixMkfifo)
      .variadic("mknod", posixMknod)
      .function("major", posixMajor)
      .function("minor", posixMinor)
      .function("makedev", posixMakedev)
      .variadic("chmod", posixChmod)
      .variadic("fchmod", posixFchmod)
      .variadic("chown", posixChown)
      .variadic("lchown", posixLchown)
      .variadic("fchown", posixFchown)
      .function("umask", posixUmask)
      .variadic("truncate", posixTruncate)
      .variadic("utime", posixUtime)
      .variadic("fspath", posixFspath)
      .variadic("_path_normpath", posixPathNormpath);
}

}  // namespace krait
