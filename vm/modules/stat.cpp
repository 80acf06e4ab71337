// The module _stat: what the mode of a file says.
#include <sys/stat.h>

#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

Fallible<mode_t> modeArgument(Thread& thread, Value v) {
  std::optional<Value> number = toInt(v);
  if (!number) return raise(thread, exceptions.TypeError, "an integer is required");
  std::optional<int64_t> mode = toInt64(*number);
  if (mode ? *mode < 0 : number->as<BigInt>()->isNegative()) {
    return raise(thread, exceptions.OverflowError, "can't convert negative value to unsigned int");
  }
  if (!mode) return raise(thread, exceptions.OverflowError, "Python int too large to convert to C unsigned long");
  if (*mode > int64_t{UINT32_MAX}) return raise(thread, exceptions.OverflowError, "mode out of range");
  return static_cast<mode_t>(*mode);
}
template <mode_t type>
Fallible<Value> isType(Thread& thread, Value mode) {
  return Value::boolean((TRY(modeArgument(thread, mode)) & S_IFMT) == type);
}
// Kinds of files that this system does not have.
Fallible<Value> isNever(Thread& thread, Value mode) {
  TRY(modeArgument(thread, mode));
  return Value::boolean(false);
}
Fallible<Value> permissions(Thread& thread, Value mode) {
  return Value::inlineInt(TRY(modeArgument(thread, mode)) & 07777);
}
Fallible<Value> format(Thread& thread, Value mode) {
  return Value::inlineInt(TRY(modeArgument(thread, mode)) & S_IFMT);
}

char typeLetter(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return '-';
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFBLK: return 'b';
    case S_IFCHR: return 'c';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    default: return '?';
  }
}
// "-rwxr-xr-x"
Fallible<Value> filemode(Thread& thread, Value given) {
  mode_t mode = TRY(modeArgument(thread, given));
  char text[] = "?rwxrwxrwx";
  text[0] = typeLetter(mode);
  for (int i = 0; i < 9; i++) {
    if ((mode & (0400u >> i)) == 0) text[i + 1] = '-';
  }
  auto special = [&](mode_t bit, int place, char withExecute, char without) {
    if ((mode & bit) != 0) text[place] = text[place] == 'x' ? withExecute : without;
  };
  special(S_ISUID, 3, 's', 'S');
  special(S_ISGID, 6, 's', 'S');
  special(S_ISVTX, 9, 't', 'T');
  return makeStrValue(thread, text);
}

constexpr NamedNumber kNumbers[] = {
    {"SF_APPEND", 0x40000},
    {"SF_ARCHIVED", 0x10000},
    {"SF_IMMUTABLE", 0x20000},
    {"SF_NOUNLINK", 0x100000},
    {"SF_SNAPSHOT", 0x200000},
    {"ST_ATIME", 0x7},
    {"ST_CTIME", 0x9},
    {"ST_DEV", 0x2},
    {"ST_GID", 0x5},
    {"ST_INO", 0x1},
    {"ST_MODE", 0},
    {"ST_MTIME", 0x8},
    {"ST_NLINK", 0x3},
    {"ST_SIZE", 0x6},
    {"ST_UID", 0x4},
    {"S_ENFMT", 0x400},
    {"S_IEXEC", S_IEXEC},
    {"S_IFBLK", S_IFBLK},
    {"S_IFCHR", S_IFCHR},
    {"S_IFDIR", S_IFDIR},
    {"S_IFDOOR", 0},
    {"S_IFIFO", S_IFIFO},
    {"S_IFLNK", S_IFLNK},
    {"S_IFPORT", 0},
    {"S_IFREG", S_IFREG},
    {"S_IFSOCK", S_IFSOCK},
    {"S_IFWHT", 0},
    {"S_IREAD", S_IREAD},
    {"S_IRGRP", S_IRGRP},
    {"S_IROTH", S_IROTH},
    {"S_IRUSR", S_IRUSR},
    {"S_IRWXG", S_IRWXG},
    {"S_IRWXO", S_IRWXO},
    {"S_IRWXU", S_IRWXU},
    {"S_ISGID", S_ISGID},
    {"S_ISUID", S_ISUID},
    {"S_ISVTX", S_ISVTX},
    {"S_IWGRP", S_IWGRP},
    {"S_IWOTH", S_IWOTH},
    {"S_IWRITE", S_IWRITE},
    {"S_IWUSR", S_IWUSR},
    {"S_IXGRP", S_IXGRP},
    {"S_IXOTH", S_IXOTH},
    {"S_IXUSR", S_IXUSR},
    {"UF_APPEND", 0x4},
    {"UF_COMPRESSED", 0x20},
    {"UF_HIDDEN", 0x8000},
    {"UF_IMMUTABLE", 0x2},
    {"UF_NODUMP", 0x1},
    {"UF_NOUNLINK", 0x10},
    {"UF_OPAQUE", 0x8},
};

}  // namespace

Module* moduleStat(Thread& thread) {
  ModuleBuilder builder(thread, "_stat");
  addNumbers(thread, builder, kNumbers);
  return builder.function("S_ISDIR", isType<S_IFDIR>)
      .function("S_ISCHR", isType<S_IFCHR>)
      .function("S_ISBLK", isType<S_IFBLK>)
      .function("S_ISREG", isType<S_IFREG>)
      .function("S_ISFIFO", isType<S_IFIFO>)
      .function("S_ISLNK", isType<S_IFLNK>)
      .function("S_ISSOCK", isType<S_IFSOCK>)
      .function("S_ISDOOR", isNever)
      .function("S_ISPORT", isNever)
      .function("S_ISWHT", isNever)
      .function("S_IMODE", permissions)
      .function("S_IFMT", format)
      .function("filemode", filemode)
      .build();
}

}  // namespace krait
