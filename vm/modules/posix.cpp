// The module posix: what the operating system offers, as module os builds on it.
#include "vm/builtins/list.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/posix_internal.h"

namespace krait {

// What os.supports_dir_fd and its relatives are computed from.
static constexpr const char* kHaveFunctions[] = {
    "HAVE_EVENTFD",   "HAVE_FACCESSAT",  "HAVE_FCHDIR",       "HAVE_FCHMOD",    "HAVE_FCHMODAT", "HAVE_FCHOWN",
    "HAVE_FCHOWNAT",  "HAVE_FEXECVE",    "HAVE_FDOPENDIR",    "HAVE_FPATHCONF", "HAVE_FSTATAT",  "HAVE_FSTATVFS",
    "HAVE_FTRUNCATE", "HAVE_FUTIMENS",   "HAVE_FUTIMES",      "HAVE_FUTIMESAT", "HAVE_LINKAT",   "HAVE_LCHOWN",
    "HAVE_LSTAT",     "HAVE_LUTIMES",    "HAVE_MEMFD_CREATE", "HAVE_MKDIRAT",   "HAVE_MKFIFOAT", "HAVE_MKNODAT",
    "HAVE_OPENAT",    "HAVE_READLINKAT", "HAVE_RENAMEAT",     "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT"};

Module* modulePosix(Thread& thread) {
  ModuleBuilder builder(thread, "posix", "The operating system's functions, as POSIX has them; programs import os.");
  List* have = startUp(makeListWithCapacity(thread, std::size(kHaveFunctions)));
  for (const char* name : kHaveFunctions) startUp(listAppend(thread, have, startUp(makeStrValue(thread, name))));
  builder.constant("_have_functions", Value::of(have)).constant("error", Value::of(exceptions.OSError));
  addPosixConstants(thread, builder);
  addPosixStat(thread, builder);
  addPosixFiles(thread, builder);
  addPosixTransfers(thread, builder);
  addPosixPaths(thread, builder);
  addPosixFolders(thread, builder);
  addPosixEnvironment(thread, builder);
  addPosixIdentity(thread, builder);
  addPosixProcess(thread, builder);
  addPosixSpawn(thread, builder);
  addPosixSystem(thread, builder);
  addPosixSchedule(thread, builder);
  addPosixAttributes(thread, builder);
  return builder.build();
}

}  // namespace krait
