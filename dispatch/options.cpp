// Parses the command line (options: python3.11 --help).
#include "dispatch/options.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "vm/locale_text.h"
#include "vm/modules/sys.h"

namespace krait {
namespace {

constexpr const char* kUsage = "usage: {0} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n";

std::string usageLine(const std::string& program) {
  std::string text = kUsage;
  return text.replace(text.find("{0}"), 3, program);
}

std::string helpText(const std::string& program) {
  return usageLine(program) +
         "Options (and corresponding environment variables):\n"
         "-b     : issue warnings about str(bytes_instance), str(bytearray_instance)\n"
         "         and comparing bytes/bytearray with str. (-bb: issue errors)\n"
         "-B     : don't write .pyc files on import; also PYTHONDONTWRITEBYTECODE=x\n"
         "-c cmd : program passed in as string (terminates option list)\n"
         "-d     : accepted; also PYTHONDEBUG=x\n"
         "-E     : ignore PYTHON* environment variables (such as PYTHONPATH)\n"
         "-h     : print this help message and exit (also -? or --help)\n"
         "-i     : inspect interactively after running script; forces a prompt even\n"
         "         if stdin does not appear to be a terminal; also PYTHONINSPECT=x\n"
         "-I     : isolate Python from the user's environment (implies -E and -s)\n"
         "-m mod : run library module as a script (terminates option list)\n"
         "-O     : remove assert and __debug__-dependent statements; add .opt-1 before\n"
         "         .pyc extension; also PYTHONOPTIMIZE=x\n"
         "-OO    : do -O changes and also discard docstrings; add .opt-2 before\n"
         "         .pyc extension\n"
         "-P     : don't prepend a potentially unsafe path to sys.path\n"
         "-q     : don't print version and copyright messages on interactive startup\n"
         "-s     : don't add user site directory to sys.path; also PYTHONNOUSERSITE\n"
         "-S     : don't imply 'import site' on initialization\n"
         "-u     : force the stdout and stderr streams to be unbuffered;\n"
         "         this option has no effect on stdin; also PYTHONUNBUFFERED=x\n"
         "-v     : verbose (trace import statements); also PYTHONVERBOSE=x\n"
         "         can be supplied multiple times to increase verbosity\n"
         "-V     : print the Python version number and exit (also --version)\n"
         "         when given twice, print more information about the build\n"
         "-W arg : warning control; arg is action:message:category:module:lineno\n"
         "         also PYTHONWARNINGS=arg\n"
         "-x     : skip first line of source, allowing use of non-Unix forms of #!cmd\n"
         "-X opt : set implementation-specific option\n"
         "--check-hash-based-pycs always|default|never:\n"
         "         control how Python invalidates hash-based .pyc files\n"
         "--help-env      : print help about Python environment variables and exit\n"
         "--help-xoptions : print help about implementation-specific -X options and exit\n"
         "--help-all      : print complete help information and exit\n"
         "Arguments:\n"
         "file   : program read from script file\n"
         "-      : program read from stdin (default; interactive mode if a tty)\n"
         "arg ...: arguments passed to program in sys.argv[1:]\n";
}

constexpr const char* kEnvironmentHelp =
    "Environment variables that change behavior:\n"
    "PYTHONSTARTUP: file executed on interactive startup (no default)\n"
    "PYTHONPATH   : ':'-separated list of directories prefixed to the\n"
    "               default module search path.  The result is sys.path.\n"
    "PYTHONSAFEPATH: don't prepend a potentially unsafe path to sys.path.\n"
    "PYTHONHOME   : alternate <prefix> directory (or <prefix>:<exec_prefix>).\n"
    "PYTHONUTF8: if set to 1, enable the UTF-8 mode.\n"
    "PYTHONIOENCODING: Encoding[:errors] used for stdin/stdout/stderr.\n"
    "PYTHONHASHSEED: 'random', or an integer in the range [0,4294967295].\n"
    "PYTHONINTMAXSTRDIGITS: limits the digits of conversions between int and str; 0 disables the limit.\n"
    "PYTHONBREAKPOINT: the callable that breakpoint() calls; 0 disables it.\n"
    "PYTHONDEVMODE: enable the development mode.\n"
    "PYTHONPYCACHEPREFIX: root directory for bytecode cache (pyc) files.\n"
    "PYTHONWARNDEFAULTENCODING: enable opt-in EncodingWarning for 'encoding=None'.\n"
    "These variables have equivalent command-line parameters (see --help for details):\n"
    "PYTHONDEBUG (-d), PYTHONDONTWRITEBYTECODE (-B), PYTHONINSPECT (-i), PYTHONNOUSERSITE (-s),\n"
    "PYTHONOPTIMIZE (-O), PYTHONUNBUFFERED (-u), PYTHONVERBOSE (-v), PYTHONWARNINGS=arg (-W arg)\n"
    "Variables of this interpreter:\n"
    "KRAIT_STDLIB: the folder of the standard library.\n"
    "KRAIT_SPECIALIZE: as -X specialize.\n"
    "KRAIT_GC_STRESS: as -X gc-stress.\n"
    "KRAIT_COUNTS: as -X counts.\n";

constexpr const char* kXOptionsHelp =
    "The following implementation-specific options are available:\n"
    "  importtime           show how long each import takes\n"
    "  dev                  development mode: -W default and more\n"
    "  utf8[=0|1]           UTF-8 mode\n"
    "  pycache_prefix=PATH  write .pyc files to a parallel tree\n"
    "  warn_default_encoding  EncodingWarning for 'encoding=None'\n"
    "  frozen_modules=on|off  whether frozen modules are used; on by default\n"
    "  int_max_str_digits=N limit of int <-> str conversions; 0 disables\n"
    "  gc-stress=N[:SEED]   collect at one in N allocations (1: at every one)\n"
    "  counts=FILE          instrumented programs: write what was executed as JSON\n"
    "  specialize=POLICY    none, quicken, inline-cache, polymorphic:2|4|8, eager, profile:FILE; +super\n"
    "  specialize-listing   print every word at the end: its form, cache and counters\n"
    "  specialize-report[=FILE.html]  the source at the end, coloured by what became of it\n"
    "  specialize-save=FILE write which instructions ended specialised, for profile:FILE\n"
    "  statistics[=FILE]    instrumented programs: what the adaptive layer did (.json, .txt as pystats; else a "
    "table)\n"
    "  trace-exec[=FILE]    every executed instruction with the value stack; FILE.html steps forwards and backwards\n"
    "  trace-exec-all       ... of all code, not only of the main program's folder\n"
    "  trace-exec-limit=N   ... N instructions at most\n";

// PYTHON… as a number: anything but a number above 0 that is set counts as 1.
int numberOf(const char* text) {
  char* end = nullptr;
  errno = 0;
  long value = std::strtol(text, &end, 10);
  return *end != '\0' || errno != 0 || value < 0 || value > INT_MAX ? 1 : static_cast<int>(value);
}

// Options that the environment and -X settle; false with a message when one makes no sense.
bool readSettings(CommandLine& line) {
  auto fail = [&](const std::string& what, const char* state) {
    line.message = "Fatal Python error: " + what + "\nPython runtime state: " + state + "\n\n";
    line.exitCode = 1;
    return false;
  };
  auto isSet = [&](const char* name, const char* option) {
    return environmentVariable(line, name) != nullptr || line.xOption(option) != nullptr;
  };
  auto number = [&](const char* name, auto& target) {
    if (const char* text = environmentVariable(line, name)) {
      int value = numberOf(text);
      if (value > static_cast<int>(target)) target = value;
    }
  };
  number("PYTHONOPTIMIZE", line.optimise);
  number("PYTHONDEBUG", line.debug);
  number("PYTHONVERBOSE", line.verbose);
  number("PYTHONDONTWRITEBYTECODE", line.dontWriteBytecode);
  number("PYTHONUNBUFFERED", line.unbuffered);
  number("PYTHONNOUSERSITE", line.noUserSite);
  number("PYTHONINSPECT", line.inspect);
  number("PYTHONSAFEPATH", line.safePath);
  line.devMode = isSet("PYTHONDEVMODE", "dev");
  line.warnDefaultEncoding = isSet("PYTHONWARNDEFAULTENCODING", "warn_default_encoding");
  line.importTime = isSet("PYTHONPROFILEIMPORTTIME", "importtime");
  if (const char* text = line.xOption("utf8")) {
    std::string_view value = text;
    if (value != "" && value != "0" && value != "1")
      return fail("preconfig_init_utf8_mode: invalid -X utf8 option value", "preinitializing");
    line.utf8Mode = value != "0";
  } else if (const char* variable = environmentVariable(line, "PYTHONUTF8")) {
    std::string_view value = variable;
    if (value != "0" && value != "1")
      return fail("preconfig_init_utf8_mode: invalid PYTHONUTF8 environment variable value", "preinitializing");
    line.utf8Mode = value == "1";
  }
  if (line.utf8Mode < 0) line.utf8Mode = localeIsC();
  coerceLocale();
  const char* digits = line.xOption("int_max_str_digits");
  const char* variable = environmentVariable(line, "PYTHONINTMAXSTRDIGITS");
  if (const char* text = digits != nullptr ? digits : variable) {
    char* end = nullptr;
    errno = 0;
    long value = std::strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || errno != 0 || value > INT_MAX || (value != 0 && value < 640))
      return fail(std::string("config_init_int_max_str_digits: ") +
                      (digits != nullptr ? "-X int_max_str_digits" : "PYTHONINTMAXSTRDIGITS") +
                      ": invalid limit; must be >= 640 or 0 for unlimited.",
                  "preinitialized");
    line.intMaxStrDigits = value;
  }
  if (const char* text = line.xOption("frozen_modules")) {
    std::string_view value = text;
    if (value != "on" && value != "off" && value != "")
      return fail("bad value for option -X frozen_modules (expected \"on\" or \"off\")", "preinitialized");
  }
  const char* prefix = line.xOption("pycache_prefix");
  if (prefix == nullptr) prefix = environmentVariable(line, "PYTHONPYCACHEPREFIX");
  if (prefix != nullptr) line.pycachePrefix = prefix;
  return true;
}

}  // namespace

const char* CommandLine::xOption(std::string_view name) const {
  for (const auto& option : xOptions)
    if (option.first == name) return option.second.has_value() ? option.second->c_str() : "";
  return nullptr;
}

const char* environmentVariable(const CommandLine& line, const char* name) {
  if (line.ignoreEnvironment) return nullptr;
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

CommandLine parseCommandLine(int argc, char** argv) {
  CommandLine line;
  for (int i = 0; i < argc; i++) line.original.emplace_back(argv[i]);
  std::string program = argc > 0 ? argv[0] : "krait";
  auto usageError = [&](const std::string& what) {
    line.message = what + usageLine(program) + "Try `python -h' for more information.\n";
    line.exitCode = 2;
  };
  int at = 1;
  int versions = 0;
  bool finished = false;
  for (; at < argc && !finished && line.exitCode < 0; at++) {
    const char* word = argv[at];
    if (word[0] != '-' || word[1] == '\0') break;
    if (std::strcmp(word, "--") == 0) {
      at++;
      break;
    }
    if (word[1] == '-') {
      std::string_view name = word + 2;
      if (name.starts_with("help") && (name == "help" || name.starts_with("help-"))) {
        if (name == "help" || name == "help-all") line.message = helpText(program);
        if (name == "help-env" || name == "help-all") line.message += kEnvironmentHelp;
        if (name == "help-xoptions" || name == "help-all") line.message += kXOptionsHelp;
        line.exitCode = 0;
        if (line.message.empty()) usageError("unknown option " + std::string(word) + "\n");
      } else if (name == "version") {
        versions++;
      } else if (name == "check-hash-based-pycs") {
        if (at + 1 == argc) {
          usageError("Argument expected for the --check-hash-based-pycs options\n");
          continue;
        }
        line.checkHashBasedPycs = argv[++at];
        if (line.checkHashBasedPycs != "default" && line.checkHashBasedPycs != "always" &&
            line.checkHashBasedPycs != "never")
          usageError("--check-hash-based-pycs must be one of 'default', 'always', or 'never'\n");
      } else {
        usageError("unknown option " + std::string(word) + "\n");
      }
      continue;
    }
    for (const char* letter = word + 1; *letter != '\0' && line.exitCode < 0; letter++) {
      // The rest of this word, or the next word.
      auto argument = [&]() -> const char* {
        if (letter[1] != '\0') {
          const char* rest = letter + 1;
          letter += std::strlen(letter) - 1;
          return rest;
        }
        if (at + 1 < argc) return argv[++at];
        usageError("Argument expected for the -" + std::string(1, *letter) + " option\n");
        return "";
      };
      char option = *letter;
      switch (option) {
        case 'b': line.bytesWarning++; break;
        case 'B': line.dontWriteBytecode = true; break;
        case 'd': line.debug++; break;
        case 'E': line.ignoreEnvironment = true; break;
        case 'i': line.inspect = line.interactive = true; break;
        case 'I': line.isolated = line.ignoreEnvironment = line.noUserSite = line.safePath = true; break;
        case 'O': line.optimise++; break;
        case 'P': line.safePath = true; break;
        case 'q': line.quiet++; break;
        case 'R': break;
        case 's': line.noUserSite = true; break;
        case 'S': line.noSite = true; break;
        case 't': break;
        case 'u': line.unbuffered = true; break;
        case 'v': line.verbose++; break;
        case 'x': line.skipFirstLine = true; break;
        case 'h':
        case '?':
          line.message = helpText(program);
          line.exitCode = 0;
          break;
        case 'J': usageError("-J is reserved for Jython\n"); break;
        case 'V': versions++; break;
        case 'W': line.warningOptions.emplace_back(argument()); break;
        case 'X': {
          std::string text = argument();
          size_t equals = text.find('=');
          std::optional<std::string> value;
          if (equals != std::string::npos) value = text.substr(equals + 1);
          // A later setting of the same name replaces the earlier one.
          std::erase_if(line.xOptions, [&](const auto& known) { return known.first == text.substr(0, equals); });
          line.xOptions.emplace_back(text.substr(0, equals), std::move(value));
          break;
        }
        case 'c':
        case 'm':
          line.target = argument();
          line.source = option == 'c' ? CommandLine::kCommand : CommandLine::kModule;
          finished = true;
          break;
        default: usageError("Unknown option: -" + std::string(1, option) + "\n"); break;
      }
      if (finished) break;
    }
  }
  if (line.exitCode >= 0) return line;
  if (versions > 0) {
    line.message = versions == 1 ? "Python 3.11.2\n" : "Python " + pythonVersionText() + "\n";
    line.exitCode = 0;
    return line;
  }
  if (!finished && at < argc) {
    if (std::strcmp(argv[at], "-") == 0) {
      line.source = CommandLine::kStandardInput;
      line.target = "-";
    } else {
      line.source = CommandLine::kFile;
      line.target = argv[at];
    }
    at++;
  }
  for (; at < argc; at++) line.arguments.emplace_back(argv[at]);
  readSettings(line);
  return line;
}

}  // namespace krait
