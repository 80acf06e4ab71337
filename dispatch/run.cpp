// Runs the command, module, script, directory or standard input that the command line names.
#include "dispatch/run.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "dispatch/interactive.h"
#include "dispatch/path_config.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/codecs.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/file.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/traceback.h"
#include "vm/code.h"
#include "vm/import.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

int complain(const std::string& message, int code) {
  std::fputs(message.c_str(), stderr);
  return code;
}

RootVector& memoryReserve() {
  static auto* reserve = new RootVector;
  return *reserve;
}

Fallible<void> setLastException(Thread& thread, Value exception, Value traceback) {
  TRY(setSysAttribute(thread, names.last_type, Value::of(typeOf(exception))));
  TRY(setSysAttribute(thread, names.last_value, exception));
  return setSysAttribute(thread, names.last_traceback, traceback);
}

// Shows an exception through sys.excepthook.
Fallible<void> showUncaught(Thread& thread, Value exception) {
  Value traceback = exception.as<Exception>()->traceback.get();
  if (traceback.isUnbound()) traceback = Value::none();
  TRY(setLastException(thread, exception, traceback));
  Value hook = sysAttribute(names.excepthook);
  if (!hook.isUnbound()) {
    Fallible<Value> called = call(thread, hook, Value::of(typeOf(exception)), exception, traceback);
    if (!called.isRaised()) return {};
    if (pendingMatches(thread, exceptions.SystemExit)) return Raised{};
    Value second = takeException(thread);
    flushAllFiles();
    complain("Error in sys.excepthook:\n", 1);
    complain(strToUtf8(TRY(formatException(thread, second))), 1);
    complain("\nOriginal exception was:\n", 1);
  }
  flushAllFiles();
  complain(strToUtf8(TRY(formatException(thread, exception))), 1);
  return {};
}

// --- running code -----------------------------------------------------------------------------------------------------
Fallible<void> runSource(Thread& thread, Dict* globals, std::string_view source, Str* filename, bool isText,
                         bool isFile) {
  CompileRequest request{};
  request.source = source;
  request.isText = isText;
  request.isFile = isFile;
  request.filename = filename;
  request.mode = CompileRequest::kExec;
  request.optimise = -1;
  Code* code = TRY(thread.hooks.compile(thread, request));
  TRY(runCode(thread, code, globals, Value::of(globals)));
  return {};
}

// -x: the first line goes, its end stays, so that line numbers do not change.
void skipFirstLine(std::string& source) { source.erase(0, std::min(source.find('\n'), source.size())); }

Fallible<void> runCommand(Thread& thread, const CommandLine& line, Dict* globals, Outcome& outcome) {
  Str* text = TRY(decodeFilename(thread, line.target + "\n"));
  Fallible<Value> bytes = encodeStr(thread, text, "utf-8", "strict");
  if (bytes.isRaised()) {
    complain("Unable to decode the command from the command line:\n", 1);
    outcome = handleUncaught(thread);
    return {};
  }
  Value kept = bytes.value();
  std::string source(reinterpret_cast<const char*>(toBytes(kept)->data), toBytes(kept)->length);
  return runSource(thread, globals, source, TRY(makeStr(thread, "<string>")), true, false);
}

// runpy runs modules, and the __main__ of directories and zip files.
Fallible<void> runModule(Thread& thread, const std::string& name, bool alterArgv, Outcome& outcome) {
  auto find = [&]() -> Fallible<Value> {
    Value runpy = TRY(importModule(thread, TRY(intern(thread, "runpy"))));
    return getAttribute(thread, runpy, "_run_module_as_main");
  };
  Fallible<Value> run = find();
  if (run.isRaised()) {
    complain("Could not import runpy module\n", 1);
    outcome = handleUncaught(thread);
    outcome.exitCode = 1;
    return {};
  }
  TRY(call(thread, run.value(), Value::of(TRY(decodeFilename(thread, name))), Value::boolean(alterArgv)));
  return {};
}

// __main__.__loader__ = importlib's class(...)("__main__", path)
Fallible<Value> setMainLoader(Thread& thread, Dict* globals, const char* className, Value path) {
  if (importlibModule() == nullptr) return Value::none();
  Value external = TRY(importModule(thread, TRY(intern(thread, "_frozen_importlib_external"))));
  Value type = TRY(getAttribute(thread, external, className));
  Value loader = TRY(call(thread, type, Value::of(names.dunder_main), path));
  TRY(dictSetStr(thread, globals, names.dunder_loader, loader));
  return loader;
}

Fallible<void> runScript(Thread& thread, const CommandLine& line, Dict* globals, const std::string& path) {
  Str* shown = TRY(decodeFilename(thread, path));
  TRY(dictSetStr(thread, globals, names.dunder_file, Value::of(shown)));
  TRY(dictSetStr(thread, globals, names.dunder_cached, Value::none()));
  if (path.ends_with(".pyc") && importlibModule() != nullptr) {
    Value loader = TRY(setMainLoader(thread, globals, "SourcelessFileLoader", Value::of(shown)));
    Value name = Value::of(names.dunder_main);
    Value code = TRY(callMethod(thread, loader, TRY(intern(thread, "get_code")), {&name, 1}));
    if (!isKind(code, Kind::kCode)) return raise(thread, exceptions.RuntimeError, "Bad code object in .pyc file");
    TRY(runCode(thread, code.as<Code>(), globals, Value::of(globals)));
    return {};
  }
  TRY(setMainLoader(thread, globals, "SourceFileLoader", Value::of(shown)));
  std::string source;
  TRY(readWholeFile(thread, path, source));
  if (line.skipFirstLine) skipFirstLine(source);
  return runSource(thread, globals, source, shown, false, true);
}

Fallible<void> runFile(Thread& thread, const CommandLine& line, Dict* globals, Outcome& outcome) {
  std::string path = absolutePath(line.target);
  const std::string& program = line.original.empty() ? line.target : line.original[0];
  struct stat info {};
  bool isThere = stat(path.c_str(), &info) == 0;
  if (!isThere || access(path.c_str(), R_OK) != 0) {
    int error = errno;
    outcome.exitCode = complain(
        fmt::format("{}: can't open file '{}': [Errno {}] {}\n", program, path, error, std::strerror(error)), 2);
    return {};
  }
  if (S_ISDIR(info.st_mode)) {
    outcome.exitCode = complain(fmt::format("{}: '{}' is a directory, cannot continue\n", program, path), 1);
    return {};
  }
  Fallible<void> ran = runScript(thread, line, globals, path);
  Value pending = thread.exception;
  thread.exception = Value::unbound();
  // The names of a file that has been run do not outlive it: what -i shows has none.
  for (Str* name : {names.dunder_file, names.dunder_cached})
    if (dictDeleteStr(thread, globals, name).isRaised()) clearException(thread);
  thread.exception = pending;
  return ran;
}

Fallible<void> runStandardInput(Thread& thread, const CommandLine& line, Dict* globals) {
  std::string source;
  TRY(readWholeFile(thread, "/dev/stdin", source));
  if (line.skipFirstLine) skipFirstLine(source);
  Str* filename = TRY(makeStr(thread, "<stdin>"));
  TRY(dictSetStr(thread, globals, names.dunder_file, Value::of(filename)));
  TRY(dictSetStr(thread, globals, names.dunder_cached, Value::none()));
  return runSource(thread, globals, source, filename, false, true);
}

// --- sys.path[0] ------------------------------------------------------------------------------------------------------
// Whether a hook of sys.path_hooks takes the script's path: then it is a directory or a zip file.
Fallible<bool> isImportPath(Thread& thread, Value path) {
  if (importlibModule() == nullptr) return false;
  Value cache = sysAttribute(TRY(intern(thread, "path_importer_cache")));
  Value hooks = sysAttribute(TRY(intern(thread, "path_hooks")));
  Dict* known = toDict(cache);
  List* list = toList(hooks);
  if (known == nullptr || list == nullptr) return false;
  Value found = TRY(dictGet(thread, known, path));
  if (!found.isUnbound()) return !found.isNone();
  for (uint64_t i = 0; i < list->length; i++) {
    Fallible<Value> importer = call(thread, list->storage->slots[i], path);
    if (!importer.isRaised()) {
      TRY(dictSet(thread, known, path, importer.value()));
      return true;
    }
    if (!pendingMatches(thread, exceptions.ImportError)) return Raised{};
    clearException(thread);
  }
  TRY(dictSet(thread, known, path, Value::none()));
  return false;
}

Fallible<void> prependToPath(Thread& thread, Value entry) {
  List* path = toList(sysAttribute(names.path));
  if (path == nullptr) return raise(thread, exceptions.RuntimeError, "unable to get sys.path");
  Value arguments[] = {Value::inlineInt(0), entry};
  TRY(callMethod(thread, Value::of(path), TRY(intern(thread, "insert")), arguments));
  return {};
}

Fallible<void> runMain(Thread& thread, const CommandLine& line, Outcome& outcome) {
  Value main = TRY(dictGet(thread, runtime.modules, Value::of(names.dunder_main)));
  if (!isKind(main, Kind::kModule)) return raise(thread, exceptions.RuntimeError, "lost __main__");
  Dict* globals = main.as<Module>()->dict;
  if (line.source == CommandLine::kFile) {
    Value path = Value::of(TRY(decodeFilename(thread, absolutePath(line.target))));
    if (TRY(isImportPath(thread, path))) {
      TRY(prependToPath(thread, path));
      return runModule(thread, "__main__", false, outcome);
    }
  }
  if (!line.safePath) {
    std::string first;
    if (line.source == CommandLine::kFile) first = scriptDirectory(line.target);
    if (line.source == CommandLine::kModule) {
      char buffer[PATH_MAX];
      if (getcwd(buffer, sizeof buffer) != nullptr) first = buffer;
    }
    TRY(prependToPath(thread, Value::of(TRY(decodeFilename(thread, first)))));
  }
  bool isPrompt = line.source == CommandLine::kStandardInput && wantsInteractive(line);
  if (line.verbose > 0 || isPrompt) showBanner(line);
  switch (line.source) {
    case CommandLine::kFile: return runFile(thread, line, globals, outcome);
    case CommandLine::kCommand: return runCommand(thread, line, globals, outcome);
    case CommandLine::kModule: return runModule(thread, line.target, true, outcome);
    case CommandLine::kStandardInput:
      if (isPrompt) {
        outcome.exitCode = runInteractive(thread, line, true);
        return {};
      }
      return runStandardInput(thread, line, globals);
  }
  return {};
}

}  // namespace

Fallible<void> keepMemoryReserve(Thread& thread) {
  // Heap kept back for the traceback of a MemoryError, which must be formatted while all that filled the heap is still
  // reachable. Its pages are never touched.
  constexpr uint64_t kBytes = 512 * 1024;
  if (!memoryReserve().push(Value::of(TRY(allocateBytes(thread, kBytes))))) return raiseMemoryError(thread);
  return {};
}

Outcome handleUncaught(Thread& thread, bool inspecting) {
  Value exception = takeException(thread);
  if (isInstanceOf(exception, exceptions.SystemExit) && !inspecting) {
    Fallible<Value> given = getAttributeOrUnbound(thread, exception, names.code);
    Value code = given.isRaised() ? Value::unbound() : given.value();
    if (given.isRaised()) clearException(thread);
    if (code.isUnbound() || code.isNone()) return {};
    if (std::optional<Value> number = toInt(code)) {
      std::optional<int64_t> value = toInt64(*number);
      return {value ? static_cast<int>(*value & 0xff) : 255, false};
    }
    Fallible<Str*> text = str(thread, code);
    if (text.isRaised()) {
      clearException(thread);
      return {1, false};
    }
    Value file = sysAttribute(names.stderr);
    flushAllFiles();
    if (file.isUnbound() || file.isNone()) {
      complain(strToUtf8(text.value()) + "\n", 1);
    } else {
      Value pieces[] = {Value::of(text.value())};
      if (callMethod(thread, file, names.write, pieces).isRaised()) clearException(thread);
      Fallible<Str*> end = makeStrOfCharacter(thread, '\n');
      if (!end.isRaised()) {
        pieces[0] = Value::of(end.value());
        if (callMethod(thread, file, names.write, pieces).isRaised()) clearException(thread);
      }
    }
    return {1, false};
  }
  bool interrupted = isInstanceOf(exception, exceptions.KeyboardInterrupt);
  if (isInstanceOf(exception, exceptions.MemoryError)) {
    memoryReserve().clear();
    heap.collect(thread);
  }
  if (showUncaught(thread, exception).isRaised()) {
    if (isPending(thread) && pendingMatches(thread, exceptions.SystemExit)) return handleUncaught(thread);
    clearException(thread);
  }
  return {1, interrupted};
}

Outcome runProgram(Thread& thread, const CommandLine& line) {
  Outcome outcome;
  bool isInteractive = line.source == CommandLine::kStandardInput && wantsInteractive(line);
  bool inspects = !isInteractive && (line.inspect || std::getenv("PYTHONINSPECT") != nullptr);
  if (runMain(thread, line, outcome).isRaised()) outcome = handleUncaught(thread, inspects);
  // The program may have asked for it itself: os.environ["PYTHONINSPECT"] = "1".
  if (!isInteractive && (line.inspect || environmentVariable(line, "PYTHONINSPECT") != nullptr) &&
      (line.interactive || isatty(STDIN_FILENO)))
    outcome = {runInteractive(thread, line, false), false};
  return outcome;
}

}  // namespace krait
