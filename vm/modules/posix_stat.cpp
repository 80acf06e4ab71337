// posix: asking about files, and the struct sequences that answer.
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "vm/builtins/float.h"
#include "vm/builtins/io_state.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/posix_internal.h"

namespace krait {

PosixTypes posixTypes;

namespace {

// --- stat_result ------------------------------------------------------------------------------------------------------

constexpr const char* kStatFields[] = {"st_mode",     "st_ino",     "st_dev",    "st_nlink",    "st_uid",
                                       "st_gid",      "st_size",    nullptr,     nullptr,       nullptr,
                                       "st_atime",    "st_mtime",   "st_ctime",  "st_atime_ns", "st_mtime_ns",
                                       "st_ctime_ns", "st_blksize", "st_blocks", "st_rdev"};
const StructSequence kStatResult{"os", "stat_result", "What stat(), lstat() and fstat() tell of a file.", kStatFields,
                                 10};
constexpr uint32_t kFirstTime = 7, kFirstFloatTime = 10;

constexpr const char* kStatvfsFields[] = {"f_bsize", "f_frsize", "f_blocks", "f_bfree",   "f_bavail", "f_files",
                                          "f_ffree", "f_favail", "f_flag",   "f_namemax", "f_fsid"};
const StructSequence kStatvfsResult{"os", "statvfs_result", "What statvfs() and fstatvfs() tell of a file system.",
                                    kStatvfsFields, 10};

// Times that are only given as whole seconds serve as the float attributes too.
Value plainStatNew = Value::unbound();
Fallible<Value> statResultNew(Thread& thread, Value type, const Arguments& arguments) {
  PrependedArguments all;
  TRY(all.set(thread, type, arguments));
  Value made = TRY(call(thread, plainStatNew, all.values(), arguments.keywordNames));
  for (uint32_t i = 0; i < 3; i++) {
    auto& attribute = made.as<Instance>()->slots[i];
    if (attribute.get().isNone()) attribute = toTuple(made)->items[kFirstTime + i].get();
  }
  return made;
}

Fallible<Value> nanosecondsOf(Thread& thread, const timespec& time) {
  int64_t result;
  if (!__builtin_mul_overflow(time.tv_sec, int64_t{1'000'000'000}, &result) &&
      !__builtin_add_overflow(result, int64_t{time.tv_nsec}, &result)) {
    return makeInt(thread, result);
  }
  Value scaled = TRY(intMultiply(thread, TRY(makeInt(thread, time.tv_sec)), Value::inlineInt(1'000'000'000)));
  return intAdd(thread, scaled, Value::inlineInt(time.tv_nsec));
}

}  // namespace

Fallible<Value> makeStatResult(Thread& thread, const struct stat& info) {
  Value fields[std::size(kStatFields)];
  fields[0] = Value::inlineInt(info.st_mode);
  fields[1] = TRY(makeIntUnsigned(thread, info.st_ino));
  fields[2] = TRY(makeIntUnsigned(thread, info.st_dev));
  fields[3] = Value::inlineInt(static_cast<int64_t>(info.st_nlink));
  fields[4] = Value::inlineInt(info.st_uid);
  fields[5] = Value::inlineInt(info.st_gid);
  fields[6] = TRY(makeInt(thread, info.st_size));
  const timespec times[] = {info.st_atim, info.st_mtim, info.st_ctim};
  for (uint32_t i = 0; i < 3; i++) {
    fields[kFirstTime + i] = TRY(makeInt(thread, times[i].tv_sec));
    double seconds = static_cast<double>(times[i].tv_sec) + 1e-9 * static_cast<double>(times[i].tv_nsec);
    fields[kFirstFloatTime + i] = TRY(makeFloat(thread, seconds));
    fields[kFirstFloatTime + 3 + i] = TRY(nanosecondsOf(thread, times[i]));
  }
  fields[16] = Value::inlineInt(info.st_blksize);
  fields[17] = TRY(makeInt(thread, info.st_blocks));
  fields[18] = TRY(makeIntUnsigned(thread, info.st_rdev));
  return makeStructSequence(thread, posixTypes.statResult, fields);
}

namespace {

// --- stat and its relatives -------------------------------------------------------------------------------------------

Fallible<Value> statPath(Thread& thread, const char* function, const PathArgument& path, int folder, bool follow) {
  TRY(refuseFolderAndLink(thread, function, path, folder, follow));
  struct stat info;
  auto look = [&] {
    return withoutLock(thread, [&] {
      if (path.isDescriptor) return fstat(path.descriptor, &info);
      return fstatat(folder, path.text(), &info, follow ? 0 : AT_SYMLINK_NOFOLLOW);
    });
  };
  int result = look();
  // A file that nobody holds any more, but which has not been collected, may still have bytes to write.
  if (result == 0 && !path.isDescriptor && flushFilesOf(info.st_dev, info.st_ino)) result = look();
  if (result != 0) return raiseForPath(thread, path);
  return makeStatResult(thread, info);
}

Fallible<Value> posixStat(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"stat", {"path", "*", "dir_fd", "follow_symlinks"}, 1};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"stat", "path", true}, path));
  int folder = TRY(folderArgument(thread, v[1]));
  return statPath(thread, "stat", path, folder, TRY(truthOr(thread, v[2], true)));
}

Fallible<Value> posixLstat(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"lstat", {"path", "*", "dir_fd"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"lstat"}, path));
  return statPath(thread, "lstat", path, TRY(folderArgument(thread, v[1])), false);
}

Fallible<Value> posixFstat(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"fstat", {"fd"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  int descriptor = TRY(intArgument(thread, v[0]));
  struct stat info;
  if (TRY(retrying(thread, [&] { return fstat(descriptor, &info); })) != 0) return raiseErrno(thread, errno);
  return makeStatResult(thread, info);
}

Fallible<Value> makeStatvfsResult(Thread& thread, const struct statvfs& info) {
  const uint64_t numbers[] = {info.f_bsize, info.f_frsize, info.f_blocks, info.f_bfree,   info.f_bavail, info.f_files,
                              info.f_ffree, info.f_favail, info.f_flag,   info.f_namemax, info.f_fsid};
  Value fields[std::size(numbers)];
  for (size_t i = 0; i < std::size(numbers); i++) fields[i] = TRY(makeIntUnsigned(thread, numbers[i]));
  return makeStructSequence(thread, posixTypes.statvfsResult, fields);
}

Fallible<Value> posixStatvfs(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"statvfs", {"path"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"statvfs", "path", true}, path));
  struct statvfs info;
  int result = withoutLock(
      thread, [&] { return path.isDescriptor ? fstatvfs(path.descriptor, &info) : statvfs(path.text(), &info); });
  if (result != 0) return raiseForPath(thread, path);
  return makeStatvfsResult(thread, info);
}

Fallible<Value> posixFstatvfs(Thread& thread, Value fd) {
  int descriptor = TRY(intArgument(thread, fd));
  struct statvfs info;
  if (TRY(retrying(thread, [&] { return fstatvfs(descriptor, &info); })) != 0) return raiseErrno(thread, errno);
  return makeStatvfsResult(thread, info);
}

Fallible<Value> posixAccess(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "access", {"path", "mode", "*", "dir_fd", "effective_ids", "follow_symlinks"}, 2};
  Value v[5];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"access"}, path));
  int mode = TRY(intArgument(thread, v[1])), folder = TRY(folderArgument(thread, v[2]));
  bool effective = TRY(truthOr(thread, v[3], false)), follow = TRY(truthOr(thread, v[4], true));
  int flags = (effective ? AT_EACCESS : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW);
  return Value::boolean(withoutLock(thread, [&] { return faccessat(folder, path.text(), mode, flags); }) == 0);
}

Fallible<Value> posixIsatty(Thread& thread, Value fd) {
  return Value::boolean(isatty(TRY(intArgument(thread, fd))) != 0);
}

}  // namespace

void addPosixStat(Thread& thread, ModuleBuilder& builder) {
  posixTypes.statResult = makeStructSequenceType(thread, kStatResult);
  plainStatNew = lookupOnType(posixTypes.statResult, specialName(Special::k__new__));
  static RootVector roots;
  if (!roots.push(plainStatNew)) failStartUp();
  TypeBuilder(thread, posixTypes.statResult).constructor(statResultNew).build();
  posixTypes.statvfsResult = makeStructSequenceType(thread, kStatvfsResult);
  builder.constant("stat_result", Value::of(posixTypes.statResult))
      .constant("statvfs_result", Value::of(posixTypes.statvfsResult))
      .variadic("stat", posixStat)
      .variadic("lstat", posixLstat)
      .variadic("fstat", posixFstat)
      .variadic("statvfs", posixStatvfs)
      .function("fstatvfs", posixFstatvfs)
      .variadic("access", posixAccess)
      .function("isatty", posixIsatty);
}

}  // namespace krait
