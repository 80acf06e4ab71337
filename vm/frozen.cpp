// Finds, compiles and caches the modules that CPython has frozen.
#include "vm/frozen.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "vm/builtins/bytes.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/errors.h"
#include "vm/import.h"
#include "vm/marshal.h"
#include "vm/permanent.h"

namespace krait {
namespace {

// importlib.util.MAGIC_NUMBER of 3.11: 3495, "\r\n".
constexpr uint32_t kBytecodeMagic = 3495 | uint32_t{'\r'} << 16 | uint32_t{'\n'} << 24;

constexpr FrozenModule kModules[] = {
    {"_frozen_importlib", "importlib._bootstrap", false, true},
    {"_frozen_importlib_external", "importlib._bootstrap_external", false, true},
    {"zipimport", "zipimport", false, true},
    {"abc", "abc", false, false},
    {"codecs", "codecs", false, false},
    {"io", "io", false, false},
    {"_collections_abc", "_collections_abc", false, false},
    {"_sitebuiltins", "_sitebuiltins", false, false},
    {"genericpath", "genericpath", false, false},
    {"ntpath", "ntpath", false, false},
    {"posixpath", "posixpath", false, false},
    {"os.path", "posixpath", false, false},
    {"os", "os", false, false},
    {"site", "site", false, false},
    {"stat", "stat", false, false},
    {"importlib.util", "importlib.util", false, false},
    {"importlib.machinery", "importlib.machinery", false, false},
    {"runpy", "runpy", false, false},
    {"__hello__", "__hello__", false, false},
    {"__hello_alias__", "__hello__", false, false},
    {"__phello_alias__", "__hello__", true, false},
    {"__phello_alias__.spam", "__hello__", false, false},
    {"__phello__", "__phello__", true, false},
    {"__phello__.__init__", "<__phello__", false, false},
    {"__phello__.ham", "__phello__.ham", true, false},
    {"__phello__.ham.__init__", "<__phello__.ham", false, false},
    {"__phello__.ham.eggs", "__phello__.ham.eggs", false, false},
    {"__phello__.spam", "__phello__.spam", false, false},
    {"__hello_only__", nullptr, false, false},
};
constexpr const char* kOnlySource = "initialized = True\nprint('Hello world!')\n";

// The module's source file; "<" in front of an origin says that it is the __init__.py of that package.
std::string sourcePath(const FrozenModule& module) {
  std::string name = module.origin;
  bool isPackage = name[0] == '<' || (module.isPackage && std::string_view(module.name) == module.origin);
  if (name[0] == '<') name.erase(0, 1);
  for (char& c : name)
    if (c == '.') c = '/';
  return frozenSettings.library + "/" + name + (isPackage ? "/__init__.py" : ".py");
}

// "<frozen importlib._bootstrap>": what tracebacks show.
std::string shownFilename(const FrozenModule& module) {
  std::string_view name = module.origin == nullptr ? "frozen_only" : module.origin;
  if (name[0] == '<') name.remove_prefix(1);
  return "<frozen " + std::string(name) + ">";
}

}  // namespace

std::span<const FrozenModule> frozenModules() { return kModules; }

const FrozenModule* findFrozen(std::string_view name) {
  if (frozenSettings.library.empty()) return nullptr;
  for (const FrozenModule& module : kModules) {
    if (name != module.name) continue;
    if (module.origin == nullptr) return &module;
    struct stat info {};
    return stat(sourcePath(module).c_str(), &info) == 0 ? &module : nullptr;
  }
  return nullptr;
}

void setFilename(Code* code, Str* path) {
  Str* old = code->filename;
  code->filename = path;
  keepForPermanent(code, path);
  Tuple* constants = code->constants;
  for (uint64_t i = 0; i < constants->length; i++) {
    Value constant = constants->items[i];
    if (!isKind(constant, Kind::kCode)) continue;
    Code* inner = constant.as<Code>();
    if (inner->filename.get() == old || strEquals(inner->filename, old)) setFilename(inner, path);
  }
}

// --- the cache --------------------------------------------------------------------------------------------------------
namespace {

// A .pyc file as importlib writes it: the magic number, flags 0, the source's time and size, then the code.
struct Header {
  uint32_t magic = kBytecodeMagic, flags = 0, time = 0, size = 0;
  bool operator==(const Header&) const = default;
};
static_assert(sizeof(Header) == 16);

bool readFile(const std::string& path, std::string& content) {
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  struct stat info {};
  bool ok = fstat(file, &info) == 0 && S_ISREG(info.st_mode);
  if (ok) {
    content.resize(static_cast<size_t>(info.st_size));
    size_t done = 0;
    while (done < content.size()) {
      ssize_t n = read(file, content.data() + done, content.size() - done);
      if (n <= 0) break;
      done += static_cast<size_t>(n);
    }
    ok = done == content.size();
  }
  close(file);
  return ok;
}

void makeFolders(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
    mkdir(path.substr(0, slash).c_str(), 0700);
}

// Writes beside and renames, so that no reader ever sees half a file.
bool writeFile(const std::string& path, std::string_view header, std::string_view content) {
  std::string draft = path + "." + std::to_string(getpid());
  int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) return false;
  bool ok = write(file, header.data(), header.size()) == static_cast<ssize_t>(header.size()) &&
            write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  ok = close(file) == 0 && ok;
  if (ok && rename(draft.c_str(), path.c_str()) == 0) return true;
  unlink(draft.c_str());
  return false;
}

struct CachePlaces {
  std::string shared;  // the __pycache__ that importlib uses for this source
  std::string own;     // the user's; empty when there is no home
};
CachePlaces cachePlaces(Thread& thread, const std::string& source) {
  size_t slash = source.rfind('/');
  std::string folder = source.substr(0, slash);
  std::string stem = source.substr(slash + 1, source.size() - slash - 4);
  std::string level = thread.optimisationLevel == 0 ? "" : ".opt-" + std::to_string(thread.optimisationLevel);
  std::string name = "/" + stem + "." + kCacheTag + level + ".pyc";
  CachePlaces places;
  places.shared =
      frozenSettings.cachePrefix.empty() ? folder + "/__pycache__" + name : frozenSettings.cachePrefix + folder + name;
  const char* base = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  if (base != nullptr && *base == '/')
    places.own = base + ("/krait" + folder) + name;
  else if (home != nullptr && *home == '/')
    places.own = home + ("/.cache/krait" + folder) + name;
  return places;
}

}  // namespace

Fallible<Code*> frozenCode(Thread& thread, const FrozenModule& module) {
  std::string source = module.origin == nullptr ? "" : sourcePath(module);
  Str* filename = TRY(makeStr(thread, shownFilename(module)));
  Header header;
  CachePlaces places;
  struct stat info {};
  if (!source.empty() && stat(source.c_str(), &info) == 0) {
    header.time = static_cast<uint32_t>(info.st_mtime);
    header.size = static_cast<uint32_t>(info.st_size);
    places = cachePlaces(thread, source);
    for (const std::string& place : {places.shared, places.own}) {
      std::string content;
      if (place.empty() || !readFile(place, content) || content.size() <= sizeof header) continue;
      Header found;
      memcpy(&found, content.data(), sizeof found);
      if (!(found == header)) continue;
      Fallible<Value> code = unmarshal(thread, std::string_view(content).substr(sizeof header));
      if (code.isRaised()) {
        clearException(thread);
        continue;
      }
      if (!isKind(code.value(), Kind::kCode)) continue;
      if (!strEquals(code.value().as<Code>()->filename, filename)) setFilename(code.value().as<Code>(), filename);
      return code.value().as<Code>();
    }
  }
  std::string text = kOnlySource;
  if (!source.empty()) TRY(readWholeFile(thread, source, text));
  CompileRequest request{};
  request.source = text;
  // What goes into a shared file names the source, as if importlib had compiled it.
  request.filename = places.shared.empty() ? filename : TRY(makeStr(thread, source));
  request.mode = CompileRequest::kExec;
  request.optimise = -1;
  Code* code = TRY(thread.hooks.compile(thread, request));
  if (places.shared.empty()) return code;
  Bytes* bytes = TRY(marshal(thread, Value::of(code)));
  setFilename(code, filename);
  std::string_view content(reinterpret_cast<const char*>(bytes->data), bytes->length);
  std::string_view head(reinterpret_cast<const char*>(&header), sizeof header);
  // -B asks for no files beside the sources; the user's own cache is not meant by it.
  bool written = false;
  if (frozenSettings.writeCaches) {
    makeFolders(places.shared);
    written = writeFile(places.shared, head, content);
  }
  if (!written && !places.own.empty()) {
    makeFolders(places.own);
    (void)writeFile(places.own, head, content);
  }
  return code;
}

}  // namespace krait
