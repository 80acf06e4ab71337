// What the sources of the module posix share: path arguments, their errors, and the parts that the module is made of.
#pragma once
#include <sys/stat.h>

#include <string>
#include <vector>

#include "vm/modules/native_arguments.h"

namespace krait {

// A path as os functions take it: str, bytes, os.PathLike, where allowed a descriptor or None (the current folder).
struct PathArgument {
  Value object = Value::none();  // what errors show
  std::string bytes;             // empty for a descriptor
  int descriptor = -1;
  bool isDescriptor = false;
  bool isBytes = false;  // results are bytes too
  const char* text() const { return bytes.c_str(); }
};
struct PathRules {
  const char* function;
  const char* name = "path";
  bool descriptor = false;  // an open file will do
  bool none = false;        // None or nothing is "."
};
Fallible<void> pathArgument(Thread& thread, Value v, const PathRules& rules, PathArgument& out);
// None or missing: AT_FDCWD.
Fallible<int> folderArgument(Thread& thread, Value v);
// fsencode(): str, bytes or os.PathLike without null bytes.
Fallible<std::string> filenameArgument(Thread& thread, Value v);
// "f: can't specify dir_fd without matching path" and its relatives.
Fallible<void> refuseFolder(Thread& thread, const char* function, const PathArgument& path, int folder);
Fallible<void> refuseFolderAndLink(Thread& thread, const char* function, const PathArgument& path, int folder,
                                   bool follow);
KRAIT_COLD Raised raiseForPath(Thread& thread, const PathArgument& path);  // errno's, with the file's name
KRAIT_COLD Raised raiseForPaths(Thread& thread, const PathArgument& first, const PathArgument& second);
// str or bytes, as the argument was.
Fallible<Value> pathResult(Thread& thread, const PathArgument& like, std::string_view bytes);
Fallible<Value> fspathOf(Thread& thread, Value v);

// The types, made with the module.
struct PosixTypes {
  Type *statResult, *statvfsResult, *terminalSize, *timesResult, *unameResult, *waitidResult, *schedParam, *dirEntry,
      *scandirIterator;
};
extern PosixTypes posixTypes;

Fallible<Value> makeStatResult(Thread& thread, const struct stat& info);
Fallible<Value> makeTimesResult(Thread& thread);
// The C strings of an argument vector or an environment.
class StringVector {
 public:
  // A list or tuple of at least one path, the first not empty; messages begin with `prefix` ("execv() arg 2").
  Fallible<void> setArguments(Thread& thread, Value v, const char* prefix);
  // A mapping of names to values.
  Fallible<void> setEnvironment(Thread& thread, Value v, const char* function);
  Fallible<void> setStrings(Thread& thread, Value sequence);  // any sequence of paths, also an empty one
  char* const* pointers();                                    // ends with null; valid until the next change
  bool isSet() const { return isSet_; }

 private:
  Fallible<void> add(Thread& thread, Value path);
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
  bool isSet_ = false;
};
// fork() with the hooks of register_at_fork and everything written out.
void runForkHooksBefore(Thread& thread);
void runForkHooksAfter(Thread& thread, bool inChild);
Fallible<dev_t> deviceArgument(Thread& thread, Value v);
Fallible<int> schedulerPriority(Thread& thread, Value param);  // of a sched_param
// Reads (source code, count) pairs; see posix_constants.cpp.
void addPosixConstants(Thread& thread, ModuleBuilder& builder);

// Each adds its functions to the module.
void addPosixStat(Thread& thread, ModuleBuilder& builder);
void addPosixFiles(Thread& thread, ModuleBuilder& builder);
void addPosixTransfers(Thread& thread, ModuleBuilder& builder);
void addPosixPaths(Thread& thread, ModuleBuilder& builder);
void addPosixFolders(Thread& thread, ModuleBuilder& builder);
void addPosixEnvironment(Thread& thread, ModuleBuilder& builder);
void addPosixIdentity(Thread& thread, ModuleBuilder& builder);
void addPosixProcess(Thread& thread, ModuleBuilder& builder);
void addPosixSpawn(Thread& thread, ModuleBuilder& builder);
void addPosixSystem(Thread& thread, ModuleBuilder& builder);
void addPosixSchedule(Thread& thread, ModuleBuilder& builder);
void addPosixAttributes(Thread& thread, ModuleBuilder& builder);

}  // namespace krait
