// Parses the command line (options: python3.11 --help).
#include "dispatch/options.h"

#include <cstdlib>
#include <cstring>

namespace krait {
namespace {

constexpr const char* kUsage = "usage: {0} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n";

std::string usageLine(const std::string& program) {
  std::string text = kUsage;
  return text.replace(text.find("{0}"), 3, program);
}

std::string helpText(const std::string& program) {
  return usageLine(program) +
         "Options:\n"
         "-b     : warn about comparing bytes with str (-bb: an error)\n"
         "-B     : write no .pyc files; also PYTHONDONTWRITEBYTECODE=x\n"
         "-c cmd : program passed in as string (terminates option list)\n"
         "-d     : parser debugging output; accepted\n"
         "-E     : ignore PYTHON* environment variables\n"
         "-h     : print this help message and exit (also -? or --help)\n"
         "-i     : inspect interactively after running the script\n"
         "-I     : isolate from the user's environment (implies -E and -s)\n"
         "-m mod : run a module of the library as a script (terminates option list)\n"
         "-O     : remove assert and __debug__-dependent statements; also PYTHONOPTIMIZE=x\n"
         "-OO    : as -O, and discard docstrings\n"
         "-P     : put no potentially unsafe path in front of sys.path\n"
         "-q     : no version and copyright message on interactive start-up\n"
         "-s     : no user site directory on sys.path\n"
         "-S     : no 'import site' on initialisation\n"
         "-u     : unbuffered stdout and stderr; also PYTHONUNBUFFERED=x\n"
         "-v     : trace import statements\n"
         "-V     : print the version number and exit (also --version)\n"
         "-W arg : warning control; also PYTHONWARNINGS=arg\n"
         "-x     : skip the first line of the source\n"
         "-X opt : implementation-specific option:\n"
         "           gc-stress=N[:SEED]   collect at one in N allocations (1: at every one)\n"
         "           counts=FILE          instrumented programs: write what was executed as JSON\n"
         "           specialize=POLICY    none, quicken, inline-cache, polymorphic:2|4|8, eager, profile:FILE; +super\n"
         "           specialize-listing   print every word at the end: its form, cache and counters\n"
         "           specialize-report[=FILE.html]  the source at the end, coloured by what became of it\n"
         "           specialize-save=FILE write which instructions ended specialised, for profile:FILE\n"
         "           statistics[=FILE]    instrumented programs: what the adaptive layer did (.json, .txt as pystats; "
         "else a table)\n"
         "           int_max_str_digits=N\n"
         "file   : program read from script file\n"
         "-      : program read from stdin\n"
         "arg ...: arguments passed to program in sys.argv[1:]\n";
}

}  // namespace

const char* CommandLine::xOption(std::string_view name) const {
  for (const auto& option : xOptions)
    if (option.first == name) return option.second.c_str();
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
      if (name == "help" || name == "help-all") {
        line.message = helpText(program);
        line.exitCode = 0;
      } else if (name == "version") {
        line.message = "Python 3.11.2\n";
        line.exitCode = 0;
      } else if (name == "check-hash-based-pycs") {
        at++;
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
        case 'i': line.inspect = true; break;
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
        case 'x': break;
        case 'h':
        case '?':
          line.message = helpText(program);
          line.exitCode = 0;
          break;
        case 'V':
          line.message = "Python 3.11.2\n";
          line.exitCode = 0;
          break;
        case 'W': line.warningOptions.emplace_back(argument()); break;
        case 'X': {
          std::string text = argument();
          size_t equals = text.find('=');
          line.xOptions.emplace_back(text.substr(0, equals),
                                     equals == std::string::npos ? "" : text.substr(equals + 1));
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
  if (const char* level = environmentVariable(line, "PYTHONOPTIMIZE")) {
    int wanted = std::atoi(level);
    line.optimise = std::max(line.optimise, wanted > 0 ? wanted : 1);
  }
  if (environmentVariable(line, "PYTHONDONTWRITEBYTECODE") != nullptr) line.dontWriteBytecode = true;
  if (environmentVariable(line, "PYTHONUNBUFFERED") != nullptr) line.unbuffered = true;
  if (environmentVariable(line, "PYTHONINSPECT") != nullptr) line.inspect = true;
  if (environmentVariable(line, "PYTHONSAFEPATH") != nullptr) line.safePath = true;
  return line;
}

}  // namespace krait
