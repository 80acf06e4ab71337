// What module sys says about the interpreter, the machine and the command line.
#include <gnu/libc-version.h>

#include <cfloat>
#include <cstdio>

#include "vm/builtins/codecs.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/namespace.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/builtins/tuple.h"
#include "vm/code.h"
#include "vm/frozen.h"
#include "vm/modules/registry.h"
#include "vm/modules/sys.h"

namespace krait {
namespace {

constexpr int64_t kHexVersion = 0x030b02f0;

Fallible<Value> text(Thread& thread, std::string_view s) { return Value::of(TRY(decodeFilename(thread, s))); }
Value number(int64_t i) { return Value::inlineInt(i); }

constexpr const char* kVersionFields[] = {"major", "minor", "micro", "releaselevel", "serial"};
constexpr StructSequence kVersionInfo{"sys", "version_info", "The version of the language, as numbers.", kVersionFields,
                                      5,     false};
constexpr const char* kFlagsFields[] = {"debug",
                                        "inspect",
                                        "interactive",
                                        "optimize",
                                        "dont_write_bytecode",
                                        "no_user_site",
                                        "no_site",
                                        "ignore_environment",
                                        "verbose",
                                        "bytes_warning",
                                        "quiet",
                                        "hash_randomization",
                                        "isolated",
                                        "dev_mode",
                                        "utf8_mode",
                                        "warn_default_encoding",
                                        "safe_path",
                                        "int_max_str_digits"};
constexpr StructSequence kFlags{"sys",        "flags", "What the command line and the environment asked for.",
                                kFlagsFields, 18,      false};
constexpr const char* kFloatFields[] = {"max", "max_exp",  "max_10_exp", "min",   "min_exp", "min_10_exp",
                                        "dig", "mant_dig", "epsilon",    "radix", "rounds"};
constexpr StructSequence kFloatInfo{"sys",        "float_info", "How floats are stored: precision and range.",
                                    kFloatFields, 11,           false};
constexpr const char* kIntFields[] = {"bits_per_digit", "sizeof_digit", "default_max_str_digits",
                                      "str_digits_check_threshold"};
constexpr StructSequence kIntInfo{"sys",      "int_info", "How integers are stored, and how many digits are converted.",
                                  kIntFields, 4,          false};
constexpr const char* kHashFields[] = {"width",     "modulus",   "inf",       "nan",   "imag",
                                       "algorithm", "hash_bits", "seed_bits", "cutoff"};
constexpr StructSequence kHashInfo{"sys", "hash_info", "How numbers and texts are hashed.", kHashFields, 9, false};
constexpr const char* kThreadFields[] = {"name", "lock", "version"};
constexpr StructSequence kThreadInfo{"sys", "thread_info", "Which threads the interpreter uses.", kThreadFields,
                                     3,     false};

// Types of these objects live as long as their instances do.
Fallible<Value> addSequence(Thread& thread, Dict* sys, const StructSequence& description,
                            std::span<const Value> fields) {
  Type* type = makeStructSequenceType(thread, description);
  Value made = TRY(makeStructSequence(thread, type, fields));
  TRY(addSysValue(thread, sys, description.name, made));
  return made;
}

std::string compilerVersion() {
#ifdef __clang__
  return "Clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

Fallible<Value> addVersions(Thread& thread, Dict* sys) {
  Value fields[] = {number(3), number(11), number(2), TRY(text(thread, "final")), number(0)};
  Value versionInfo = TRY(addSequence(thread, sys, kVersionInfo, fields));
  TRY(addSysValue(thread, sys, "version", TRY(text(thread, pythonVersionText()))));
  TRY(addSysValue(thread, sys, "hexversion", number(kHexVersion)));
  TRY(addSysValue(thread, sys, "api_version", number(1013)));
  return versionInfo;
}

Fallible<void> addImplementation(Thread& thread, Dict* sys, Value versionInfo) {
  Dict* content = TRY(makeDict(thread));
  const struct {
    const char* name;
    Value value;
  } entries[] = {{"name", TRY(text(thread, "krait"))},
                 {"cache_tag", TRY(text(thread, kCacheTag))},
                 {"version", versionInfo},
                 {"hexversion", number(kHexVersion)},
                 {"_multiarch", TRY(text(thread, "x86_64-linux-gnu"))}};
  for (auto [name, value] : entries) TRY(dictSetStr(thread, content, TRY(intern(thread, name)), value));
  return addSysValue(thread, sys, "implementation", TRY(makeNamespace(thread, content)));
}

Fallible<void> addNumbers(Thread& thread, Dict* sys) {
  Value floatFields[] = {TRY(makeFloat(thread, DBL_MAX)),
                         number(DBL_MAX_EXP),
                         number(DBL_MAX_10_EXP),
                         TRY(makeFloat(thread, DBL_MIN)),
                         number(DBL_MIN_EXP),
                         number(DBL_MIN_10_EXP),
                         number(DBL_DIG),
                         number(DBL_MANT_DIG),
                         TRY(makeFloat(thread, DBL_EPSILON)),
                         number(FLT_RADIX),
                         number(1)};
  TRY(addSequence(thread, sys, kFloatInfo, floatFields));
  Value intFields[] = {number(30), number(4), number(4300), number(640)};
  TRY(addSequence(thread, sys, kIntInfo, intFields));
  Value hashFields[] = {number(64),      number((int64_t{1} << 61) - 1), number(314159), number(0),
                        number(1000003), TRY(text(thread, "siphash13")), number(64),     number(128),
                        number(0)};
  TRY(addSequence(thread, sys, kHashInfo, hashFields));
  Value threadFields[] = {TRY(text(thread, "pthread")), TRY(text(thread, "semaphore")),
                          TRY(text(thread, std::string("NPTL ") + gnu_get_libc_version()))};
  TRY(addSequence(thread, sys, kThreadInfo, threadFields));
  TRY(addSysValue(thread, sys, "maxsize", TRY(makeInt(thread, INT64_MAX))));
  return addSysValue(thread, sys, "maxunicode", number(0x10ffff));
}

Fallible<void> addFlags(Thread& thread, Dict* sys, const SysOptions& o) {
  Value fields[] = {number(o.debug),
                    number(o.inspect),
                    number(o.interactive),
                    number(o.optimise),
                    number(o.dontWriteBytecode),
                    number(o.noUserSite),
                    number(o.noSite),
                    number(o.ignoreEnvironment),
                    number(o.verbose),
                    number(o.bytesWarning),
                    number(o.quiet),
                    number(hashIsRandomised()),
                    number(o.isolated),
                    Value::boolean(o.devMode),
                    number(o.utf8Mode),
                    number(o.warnDefaultEncoding),
                    Value::boolean(o.safePath),
                    number(o.intMaxStrDigits)};
  TRY(addSequence(thread, sys, kFlags, fields));
  return addSysValue(thread, sys, "dont_write_bytecode", Value::boolean(o.dontWriteBytecode));
}

Fallible<void> addModuleNames(Thread& thread, Dict* sys) {
  std::vector<const char*> all = nativeModuleNames();
  all.insert(all.end(), {"builtins", "sys"});
  List* list = TRY(makeListWithCapacity(thread, 0));
  for (const char* name : all) TRY(listAppend(thread, list, Value::of(TRY(intern(thread, name)))));
  TRY(listSort(thread, list, Value::none(), false));
  return addSysValue(thread, sys, "builtin_module_names", Value::of(TRY(makeTuple(thread, list->values()))));
}

// --- figures of the memory and of the adaptive layer; calls for debuggers ---------------------------------------------
Fallible<Value> sysDebugMallocStats(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "_debugmallocstats", 0, 0));
  const CollectorStatistics& s = heap.statistics();
  std::fprintf(stderr, "cells allocated: %llu\nbytes allocated: %llu\nbytes live: %llu\ncollections: %llu\n",
               static_cast<unsigned long long>(s.allocatedCells), static_cast<unsigned long long>(s.allocatedBytes),
               static_cast<unsigned long long>(s.liveBytes), static_cast<unsigned long long>(s.collections));
  return Value::none();
}
// How many code objects have an executable form.
Fallible<Value> sysGetQuickenedCount(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "_getquickenedcount", 0, 0));
  int64_t count = 0;
  heap.forEachCell(
      [](Cell* cell, void* context) {
        if (cell->kind == Kind::kCode && reinterpret_cast<Code*>(cell)->prepared != nullptr)
          ++*static_cast<int64_t*>(context);
      },
      &count);
  return number(count);
}
Fallible<Value> sysCallTracing(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "call_tracing", 2, 2));
  Tuple* given = toTuple(arguments[1]);
  if (given == nullptr)
    return raiseTypeError(thread, "call_tracing() argument 2 must be tuple, not {}", nameOf(arguments[1]));
  return call(thread, arguments[0], given->values());
}

Fallible<void> addDebuggingFunctions(Thread& thread, Dict* sys) {
  const struct {
    const char* name;
    NativeVariadic function;
  } functions[] = {{"_debugmallocstats", sysDebugMallocStats},
                   {"_getquickenedcount", sysGetQuickenedCount},
                   {"call_tracing", sysCallTracing}};
  for (auto [name, function] : functions) {
    TRY(addSysFunction(thread, sys, name, TRY(makeBuiltin(thread, name, function))));
  }
  return {};
}

}  // namespace

std::string pythonVersionText() {
  std::string compiler = compilerVersion();
  while (!compiler.empty() && compiler.back() == ' ') compiler.pop_back();
  return "3.11.2 (main, Feb  8 2023, 00:00:00) [" + compiler + "]";
}

Fallible<void> addSysInformation(Thread& thread, Dict* sys, const SysOptions& options) {
  Value versionInfo = TRY(addVersions(thread, sys));
  TRY(addImplementation(thread, sys, versionInfo));
  TRY(addNumbers(thread, sys));
  TRY(addFlags(thread, sys, options));
  const struct {
    const char* name;
    std::string_view value;
  } texts[] = {{"platform", "linux"},
               {"byteorder", "little"},
               {"float_repr_style", "short"},
               {"abiflags", ""},
               {"platlibdir", "lib"},
               {"executable", options.executable},
               {"_base_executable", options.baseExecutable},
               {"prefix", options.prefix},
               {"exec_prefix", options.prefix},
               {"base_prefix", options.prefix},
               {"base_exec_prefix", options.prefix},
               {"_framework", ""},
               {"copyright", "Copyright (c) the Krait authors.\nAll Rights Reserved."}};
  for (auto [name, value] : texts) TRY(addSysValue(thread, sys, name, TRY(text(thread, value))));
  Value nothing = TRY(text(thread, ""));
  Value git = Value::of(TRY(makeTuple(thread, {TRY(text(thread, "Krait")), nothing, nothing})));
  TRY(addSysValue(thread, sys, "_git", git));
  TRY(addSysValue(thread, sys, "pycache_prefix",
                  options.pycachePrefix.empty() ? Value::none() : TRY(text(thread, options.pycachePrefix))));
  TRY(addSysValue(thread, sys, "_home", Value::none()));
  TRY(addModuleNames(thread, sys));
  TRY(addLibraryNames(thread, sys));
  TRY(addDebuggingFunctions(thread, sys));
  return addSysValue(thread, sys, "_stdlib_dir",
                     options.stdlib.empty() ? Value::none() : TRY(text(thread, options.stdlib)));
}

}  // namespace krait
