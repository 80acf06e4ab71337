// Brings the interpreter up in CPython's order, so that sys.modules looks the same at the first line of a program.
#include "dispatch/start.h"

#include "dispatch/path_config.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/frozen.h"
#include "vm/import.h"
#include "vm/modules/faulthandler.h"
#include "vm/modules/registry.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/runtime.h"
#include "vm/signals.h"
#include "vm/warnings.h"

namespace krait {
namespace {

std::vector<std::string> warningOptions(const CommandLine& line) {
  std::vector<std::string> options;
  if (line.devMode) options.emplace_back("default");
  if (const char* given = environmentVariable(line, "PYTHONWARNINGS")) {
    std::string text = given;
    for (size_t at = 0; at <= text.size();) {
      size_t comma = std::min(text.find(',', at), text.size());
      if (comma > at) options.push_back(text.substr(at, comma - at));
      at = comma + 1;
    }
  }
  options.insert(options.end(), line.warningOptions.begin(), line.warningOptions.end());
  if (line.bytesWarning == 1) options.emplace_back("default::BytesWarning");
  if (line.bytesWarning > 1) options.emplace_back("error::BytesWarning");
  return options;
}

SysOptions sysOptions(const CommandLine& line, const PathConfig& paths) {
  SysOptions options;
  options.argv[0] = line.source == CommandLine::kCommand  ? "-c"
                    : line.source == CommandLine::kModule ? "-m"
                                                          : line.target;
  options.argv.insert(options.argv.end(), line.arguments.begin(), line.arguments.end());
  options.originalArgv = line.original;
  options.path = paths.path;
  options.executable = paths.executable;
  options.baseExecutable = paths.baseExecutable;
  options.prefix = paths.prefix;
  options.stdlib = paths.library;
  options.warnOptions = warningOptions(line);
  for (const auto& [name, value] : line.xOptions)
    options.xOptions.push_back(value.has_value() ? name + "=" + *value : name);
  options.pycachePrefix = line.pycachePrefix;
  options.debug = line.debug;
  options.inspect = line.inspect;
  options.interactive = line.interactive;
  options.optimise = line.optimise;
  options.verbose = line.verbose;
  options.bytesWarning = line.bytesWarning;
  options.quiet = line.quiet;
  options.dontWriteBytecode = line.dontWriteBytecode;
  options.noUserSite = line.noUserSite;
  options.noSite = line.noSite;
  options.ignoreEnvironment = line.ignoreEnvironment;
  options.isolated = line.isolated;
  options.safePath = line.safePath;
  options.unbuffered = line.unbuffered;
  options.devMode = line.devMode;
  options.utf8Mode = line.utf8Mode;
  options.warnDefaultEncoding = line.warnDefaultEncoding;
  options.intMaxStrDigits = line.intMaxStrDigits;
  return options;
}

Fallible<void> makeMainModule(Thread& thread) {
  Module* module = TRY(makeModule(thread, "__main__"));
  Dict* dict = module->dict;
  TRY(dictSetStr(thread, dict, names.dunder_annotations, Value::of(TRY(makeDict(thread)))));
  TRY(dictSetStr(thread, dict, names.dunder_builtins, Value::of(runtime.builtinsModule)));
  if (Module* importlib = importlibModule()) {
    Value loader = TRY(getAttribute(thread, Value::of(importlib), "BuiltinImporter"));
    TRY(dictSetStr(thread, dict, names.dunder_loader, loader));
  }
  return dictSet(thread, runtime.modules, Value::of(names.dunder_main), Value::of(module));
}

Fallible<Value> importNamed(Thread& thread, const char* name) {
  return importModule(thread, TRY(intern(thread, name)));
}

// What CPython imports before it looks at the program.
Fallible<void> importStartUpModules(Thread& thread, const CommandLine& line) {
  if (importlibModule() != nullptr) {
    Value codecs = TRY(importNamed(thread, "_codecs"));
    TRY(importNamed(thread, "encodings"));
    Value encoding = Value::of(TRY(intern(thread, "utf-8")));
    TRY(callMethod(thread, codecs, TRY(intern(thread, "lookup")), {&encoding, 1}));
    if (findNativeModule("_signal") != nullptr) TRY(importNamed(thread, "_signal"));
    TRY(importNamed(thread, "io"));
  }
  TRY(makeMainModule(thread));
  if (importlibModule() == nullptr) return {};
  Value options = sysAttribute(names.warnoptions);
  if (List* list = toList(options); list != nullptr && list->length > 0) TRY(importModule(thread, names.warnings));
  if (!line.noSite) TRY(importNamed(thread, "site"));
  return {};
}

}  // namespace

Fallible<void> startInterpreter(Thread& thread, const CommandLine& line) {
  TRY(initialiseRuntime(thread));
  TRY(installSignalHandlers(thread));
  if (line.devMode || line.xOption("faulthandler") != nullptr || environmentVariable(line, "PYTHONFAULTHANDLER"))
    enableFaultHandler(thread);
  PathConfig paths = findPaths(line);
  frozenSettings.library = paths.library;
  frozenSettings.writeCaches = !line.dontWriteBytecode;
  frozenSettings.cachePrefix = line.pycachePrefix;
  const char* frozen = line.xOption("frozen_modules");
  frozenSettings.enabled = frozen == nullptr || std::string_view(frozen) != "off";
  checkHashBasedPycs = line.checkHashBasedPycs.c_str();
  verboseImports = line.verbose > 0;
  timeImports = line.importTime;
  bytesWarningLevel = line.bytesWarning;
  TRY(initialiseSys(thread, sysOptions(line, paths)));
  TRY(startImportlib(thread));
  return importStartUpModules(thread, line);
}

}  // namespace krait
