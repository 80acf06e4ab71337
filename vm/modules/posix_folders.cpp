// posix: folders: the current one, listing, and the entries that scandir gives.
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <climits>

#include "vm/builtins/generic_alias.h"
#include "vm/builtins/list.h"
#include "vm/lifetimes.h"
#include "vm/modules/posix_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

// --- the current folder -----------------------------------------------------------------------------------------------

Fallible<void> readCurrentFolder(Thread& thread, std::string& out) {
  for (size_t size = PATH_MAX;; size *= 2) {
    out.resize(size);
    if (withoutLock(thread, [&] { return getcwd(out.data(), size); }) != nullptr) {
      out.resize(std::char_traits<char>::length(out.c_str()));
      return {};
    }
    if (errno != ERANGE) return raiseErrno(thread, errno);
  }
}
Fallible<Value> posixGetcwd(Thread& thread) {
  std::string path;
  TRY(readCurrentFolder(thread, path));
  return makeFilename(thread, path);
}
Fallible<Value> posixGetcwdb(Thread& thread) {
  std::string path;
  TRY(readCurrentFolder(thread, path));
  return makeBytesValue(thread, path);
}
Fallible<Value> posixChdir(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"chdir", {"path"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"chdir", "path", true}, path));
  int result = withoutLock(thread, [&] { return path.isDescriptor ? fchdir(path.descriptor) : chdir(path.text()); });
  if (result != 0) return raiseForPath(thread, path);
  return Value::none();
}
Fallible<Value> posixFchdir(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"fchdir", {"fd"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  int descriptor = TRY(descriptorArgument(thread, v[0]));
  return noneOrErrno(thread, TRY(retrying(thread, [&] { return fchdir(descriptor); })));
}
Fallible<Value> posixChroot(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"chroot", {"path"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"chroot"}, path));
  if (withoutLock(thread, [&] { return chroot(path.text()); }) != 0) return raiseForPath(thread, path);
  return Value::none();
}

// --- listing ----------------------------------------------------------------------------------------------------------

// An open folder; a copy of the descriptor, so that closing leaves the caller's open.
Fallible<DIR*> openFolder(Thread& thread, const PathArgument& path) {
  DIR* folder = withoutLock(thread, [&]() -> DIR* {
    if (!path.isDescriptor) return opendir(path.text());
    int copy = fcntl(path.descriptor, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return nullptr;
    DIR* opened = fdopendir(copy);
    if (opened == nullptr) {
      int error = errno;
      close(copy);
      errno = error;
    }
    return opened;
  });
  if (folder == nullptr) return raiseForPath(thread, path);
  return folder;
}
void closeFolder(const PathArgument& path, DIR* folder) {
  if (path.isDescriptor) rewinddir(folder);
  closedir(folder);
}
bool isDots(const char* name) { return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0')); }
// The next entry but "." and ".."; null at the end and on errors, with errno.
dirent* nextEntry(DIR* folder) {
  for (;;) {
    errno = 0;
    dirent* entry = readdir(folder);
    if (entry == nullptr || !isDots(entry->d_name)) return entry;
  }
}

Fallible<Value> posixListdir(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"listdir", {"path"}, 0};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"listdir", "path", true, true}, path));
  DIR* folder = TRY(openFolder(thread, path));
  auto fill = [&]() -> Fallible<Value> {
    List* names = TRY(makeListWithCapacity(thread, 0));
    for (;;) {
      dirent* entry = withoutLock(thread, [&] { return nextEntry(folder); });
      if (entry == nullptr) break;
      TRY(listAppend(thread, names, TRY(pathResult(thread, path, entry->d_name))));
    }
    if (errno != 0) return raiseForPath(thread, path);
    return Value::of(names);
  };
  Fallible<Value> result = fill();
  closeFolder(path, folder);
  return result;
}

// --- DirEntry ---------------------------------------------------------------------------------------------------------

struct DirEntry : NativeObject {
  Field<Value> name, path;
  Field<Value> statResult, linkStatResult;  // unbound until asked for
  ino_t inode;
  int folder;  // the scanned descriptor, or AT_FDCWD: path leads there
  unsigned char type;
};
void traceEntry(Cell* cell, Marker& marker) {
  auto* entry = static_cast<DirEntry*>(cell);
  marker.mark(entry->name);
  marker.mark(entry->path);
  marker.mark(entry->statResult);
  marker.mark(entry->linkStatResult);
}
constexpr NativeTraits kEntryTraits{"DirEntry", traceEntry, nullptr};
DirEntry* entryOf(Value v) { return v.as<DirEntry>(); }

Fallible<Value> readStat(Thread& thread, DirEntry* entry, bool follow) {
  PathArgument path;
  TRY(pathArgument(thread, entry->folder == AT_FDCWD ? entry->path : entry->name, {"DirEntry.stat"}, path));
  path.object = entry->path;
  struct stat info;
  int folder = entry->folder;
  int result =
      withoutLock(thread, [&] { return fstatat(folder, path.text(), &info, follow ? 0 : AT_SYMLINK_NOFOLLOW); });
  if (result != 0) return raiseForPath(thread, path);
  return makeStatResult(thread, info);
}
// What lstat says, remembered; for everything but symbolic links stat says the same.
Fallible<Value> linkStat(Thread& thread, DirEntry* entry) {
  if (entry->linkStatResult.get().isUnbound()) entry->linkStatResult = TRY(readStat(thread, entry, false));
  return entry->linkStatResult.get();
}
int64_t modeOf(Value statResult) { return toTuple(statResult)->items[0].get().asInlineInt(); }
Fallible<bool> isLink(Thread& thread, DirEntry* entry) {
  if (entry->type != DT_UNKNOWN) return entry->type == DT_LNK;
  return S_ISLNK(modeOf(TRY(linkStat(thread, entry))));
}
Fallible<Value> entryStat(Thread& thread, DirEntry* entry, bool follow) {
  if (!follow || !TRY(isLink(thread, entry))) return linkStat(thread, entry);
  if (entry->statResult.get().isUnbound()) entry->statResult = TRY(readStat(thread, entry, true));
  return entry->statResult.get();
}

Fallible<bool> followArgument(Thread& thread, const char* function, const Arguments& arguments) {
  Parameters parameters{function, {"*", "follow_symlinks"}, 0};
  Value v[1];
  TRY(parameters.bind(thread, arguments, v));
  return truthOr(thread, v[0], true);
}
Fallible<Value> entryIs(Thread& thread, DirEntry* entry, bool follow, unsigned char type, mode_t format) {
  if (entry->type != DT_UNKNOWN && (entry->type != DT_LNK || !follow)) return Value::boolean(entry->type == type);
  Fallible<Value> info = entryStat(thread, entry, follow);
  if (!info.isRaised()) return Value::boolean((static_cast<mode_t>(modeOf(info.value())) & S_IFMT) == format);
  if (!pendingMatches(thread, exceptions.FileNotFoundError)) return Raised{};
  clearException(thread);
  return Value::boolean(false);
}
Fallible<Value> entryIsDir(Thread& thread, Value self, const Arguments& arguments) {
  bool follow = TRY(followArgument(thread, "is_dir", arguments));
  return entryIs(thread, entryOf(self), follow, DT_DIR, S_IFDIR);
}
Fallible<Value> entryIsFile(Thread& thread, Value self, const Arguments& arguments) {
  bool follow = TRY(followArgument(thread, "is_file", arguments));
  return entryIs(thread, entryOf(self), follow, DT_REG, S_IFREG);
}
Fallible<Value> entryStatMethod(Thread& thread, Value self, const Arguments& arguments) {
  bool follow = TRY(followArgument(thread, "stat", arguments));
  return entryStat(thread, entryOf(self), follow);
}
Fallible<Value> entryIsSymlink(Thread& thread, Value self) {
  return Value::boolean(TRY(isLink(thread, entryOf(self))));
}
Fallible<Value> entryInode(Thread& thread, Value self) { return makeIntUnsigned(thread, entryOf(self)->inode); }
Fallible<Value> entryFspath(Thread&, Value self) { return entryOf(self)->path.get(); }
Fallible<Value> entryName(Thread&, Value self) { return entryOf(self)->name.get(); }
Fallible<Value> entryRepr(Thread& thread, Value self) {
  StrBuilder text;
  text.append("<DirEntry ").append(TRY(repr(thread, entryOf(self)->name))).append(">");
  return Value::of(TRY(text.build(thread)));
}
Fallible<Value> refuseEntry(Thread& thread, Value, const Arguments&) {
  return raise(thread, exceptions.TypeError, "cannot create 'posix.DirEntry' instances");
}

// --- scandir ----------------------------------------------------------------------------------------------------------

struct ScandirIterator : NativeObject {
  Field<Value> prefix;  // of the entries' paths: str or bytes; None for a descriptor
  Field<Value> object;  // what errors show
  DIR* folder;          // null once exhausted or closed
  int descriptor;       // AT_FDCWD for a path
  bool isBytes;
};
void traceScan(Cell* cell, Marker& marker) {
  marker.mark(static_cast<ScandirIterator*>(cell)->prefix);
  marker.mark(static_cast<ScandirIterator*>(cell)->object);
}
void finishScan(Cell* cell) {
  auto* scan = static_cast<ScandirIterator*>(cell);
  if (scan->folder == nullptr) return;
  if (scan->descriptor != AT_FDCWD) rewinddir(scan->folder);
  closedir(scan->folder);
  scan->folder = nullptr;
}
constexpr NativeTraits kScanTraits{"ScandirIterator", traceScan, finishScan};
ScandirIterator* scanOf(Value v) { return v.as<ScandirIterator>(); }

Fallible<Value> posixScandir(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"scandir", {"path"}, 0};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"scandir", "path", true, true}, path));
  auto* scan = TRY(allocate<ScandirIterator>(thread, Kind::kNative, posixTypes.scandirIterator->instanceShape));
  scan->traits = &kScanTraits;
  scan->object = path.object;
  scan->descriptor = path.isDescriptor ? path.descriptor : AT_FDCWD;
  scan->isBytes = path.isBytes;
  scan->prefix = Value::none();
  if (!heap.registerFinaliser(thread, scan)) return raiseMemoryError(thread);
  if (!path.isDescriptor) {
    std::string prefix = path.bytes;
    if (path.object.isNone() || prefix.empty() || prefix.back() != '/') prefix += '/';
    scan->prefix = TRY(pathResult(thread, path, prefix));
  }
  scan->folder = TRY(openFolder(thread, path));
  TRY(registerFinalisable(thread, scan));
  return Value::of(scan);
}

Fallible<Value> joined(Thread& thread, Value prefix, Value name) {
  if (prefix.isNone()) return name;
  if (Str* text = toStr(prefix)) return Value::of(TRY(concatenate(thread, text, toStr(name))));
  std::string path(viewOf(toBytes(prefix)));
  path += viewOf(toBytes(name));
  return makeBytesValue(thread, path);
}

Fallible<Value> scanNext(Thread& thread, Value self) {
  ScandirIterator* scan = scanOf(self);
  if (scan->folder == nullptr) return Value::unbound();
  dirent* found = withoutLock(thread, [&] { return nextEntry(scan->folder); });
  if (found == nullptr) {
    int error = errno;
    finishScan(scan);
    if (error == 0) return Value::unbound();
    return scan->object.get().isNone() ? raiseErrno(thread, error) : raiseErrno(thread, error, scan->object);
  }
  auto* entry = TRY(allocate<DirEntry>(thread, Kind::kNative, posixTypes.dirEntry->instanceShape));
  entry->traits = &kEntryTraits;
  entry->statResult = entry->linkStatResult = Value::unbound();
  entry->inode = found->d_ino;
  entry->type = found->d_type;
  entry->folder = scan->descriptor;
  std::string_view name = found->d_name;
  entry->name = scan->isBytes ? TRY(makeBytesValue(thread, name)) : TRY(makeFilename(thread, name));
  entry->path = TRY(joined(thread, scan->prefix, entry->name));
  return Value::of(entry);
}
Fallible<Value> scanSelf(Thread&, Value self) { return self; }
Fallible<Value> scanClose(Thread&, Value self) {
  finishScan(scanOf(self));
  return Value::none();
}
Fallible<Value> scanExit(Thread& thread, Value self, const Arguments&) { return scanClose(thread, self); }
Fallible<Value> scanDelete(Thread& thread, Value self) {
  if (scanOf(self)->folder != nullptr) {
    fmt::memory_buffer buffer;
    Str* text = TRY(repr(thread, self));
    finishScan(scanOf(self));
    std::string message = fmt::format("unclosed scandir iterator {}", textOf(text, buffer));
    TRY(warn(thread, exceptions.ResourceWarning, message));
  }
  return Value::none();
}
Fallible<Value> refuseScan(Thread& thread, Value, const Arguments&) {
  return raise(thread, exceptions.TypeError, "cannot create 'posix.ScandirIterator' instances");
}

}  // namespace

void addPosixFolders(Thread& thread, ModuleBuilder& builder) {
  posixTypes.dirEntry = keepType(TypeBuilder(thread, "DirEntry", types.object, Kind::kNative)
                                     .module("posix")
                                     .constructor(refuseEntry)
                                     .special("__repr__", entryRepr)
                                     .method("__fspath__", entryFspath)
                                     .classMethod("__class_getitem__", classGetItemAlias)
                                     .getter("name", entryName)
                                     .getter("path", entryFspath)
                                     .variadic("is_dir", entryIsDir)
                                     .variadic("is_file", entryIsFile)
                                     .method("is_symlink", entryIsSymlink)
                                     .variadic("stat", entryStatMethod)
                                     .method("inode", entryInode)
                                     .build());
  posixTypes.scandirIterator = keepType(TypeBuilder(thread, "ScandirIterator", types.object, Kind::kNative)
                                            .module("posix")
                                            .constructor(refuseScan)
                                            .special("__iter__", scanSelf)
                                            .next(scanNext)
                                            .method("__enter__", scanSelf)
                                            .variadic("__exit__", scanExit)
                                            .method("__del__", scanDelete)
                                            .method("close", scanClose)
                                            .build());
  builder.constant("DirEntry", Value::of(posixTypes.dirEntry))
      .variadic("getcwd", nullary<"posix.getcwd", posixGetcwd>)
      .variadic("getcwdb", nullary<"posix.getcwdb", posixGetcwdb>)
      .variadic("chdir", posixChdir)
      .variadic("fchdir", posixFchdir)
      .variadic("chroot", posixChroot)
      .variadic("listdir", posixListdir)
      .variadic("scandir", posixScandir);
}

}  // namespace krait
