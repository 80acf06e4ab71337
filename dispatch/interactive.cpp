// Reads statements from the prompt, runs them in __main__ and shows their values and errors.
#include "dispatch/interactive.h"

#include <unistd.h>

#include <cstdio>

#include "dispatch/line_reader.h"
#include "dispatch/run.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/file.h"
#include "vm/builtins/str.h"
#include "vm/code.h"
#include "vm/import.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

constexpr uint32_t kFutureMask = 0x1fe0000;
constexpr uint32_t kDontImplyDedent = 0x200, kAllowIncompleteInput = 0x4000;

class Session {
 public:
  Session(Thread& thread, Dict* globals) : thread_(thread), globals_(globals) {}
  // The exit code.
  int run();
  Fallible<void> runStartUpFile(const char* path);

 private:
  enum class State { kComplete, kIncomplete, kWrong };
  State compile(const std::string& source, bool isAll, Code*& code);
  std::string prompt(Str* name);
  LineReader::Result readStatement(std::string& source, Code*& code, State& state);
  Thread& thread_;
  Dict* globals_;
  LineReader reader_;
  uint32_t futures_ = 0;  // `from __future__ import …` holds for all that follows
};

bool isIncomplete(Thread& thread) {
  if (!pendingMatches(thread, exceptions.SyntaxError)) return false;
  Str* message = toStr(thread.exception.as<Exception>()->fields[ExceptionField::kMessage]);
  return message != nullptr && strToUtf8(message).find("incomplete input") != std::string::npos;
}

// Whether these lines are a statement. The text is tried without and with its last line's end, as module codeop does:
// what only the latter completes may go on. `isAll`: nothing follows, so it is what it is.
Session::State Session::compile(const std::string& source, bool isAll, Code*& code) {
  Fallible<Str*> filename = makeStr(thread_, "<stdin>");
  if (filename.isRaised()) return State::kWrong;
  auto attempt = [&](const std::string& text, uint32_t flags) {
    CompileRequest request{};
    request.source = text;
    request.isText = true;
    request.filename = filename.value();
    request.mode = CompileRequest::kSingle;
    request.flags = futures_ | flags;
    request.optimise = -1;
    return thread_.hooks.compile(thread_, request);
  };
  // A blank line ends a compound statement; the last newline stands for the line's end, those before it for blank
  // lines.
  std::string lines = source.ends_with('\n') ? source.substr(0, source.size() - 1) : source;
  if (isAll) {
    Fallible<Code*> whole = attempt(source, 0);
    if (whole.isRaised()) return State::kWrong;
    code = whole.value();
    return State::kComplete;
  }
  Fallible<Code*> first = attempt(lines, kDontImplyDedent | kAllowIncompleteInput);
  if (!first.isRaised()) {
    code = first.value();
    return State::kComplete;
  }
  if (!pendingMatches(thread_, exceptions.SyntaxError)) return State::kWrong;
  clearException(thread_);
  Fallible<Code*> second = attempt(lines + "\n", kDontImplyDedent | kAllowIncompleteInput);
  if (!second.isRaised() || isIncomplete(thread_)) {
    clearException(thread_);
    return State::kIncomplete;
  }
  clearException(thread_);
  Fallible<Code*> plain = attempt(source, 0);  // the error in words that do not speak of what is to come
  if (plain.isRaised()) return State::kWrong;
  code = plain.value();
  return State::kComplete;
}

std::string Session::prompt(Str* name) {
  Value given = sysAttribute(name);
  if (given.isUnbound()) return "";
  Fallible<Str*> text = str(thread_, given);
  if (text.isRaised()) {
    clearException(thread_);
    return "";
  }
  return strToUtf8(text.value());
}

bool isBlank(const std::string& source) {
  for (size_t at = 0; at < source.size();) {
    size_t end = std::min(source.find('\n', at), source.size());
    size_t first = source.find_first_not_of(" \t\f\r", at);
    if (first < end && source[first] != '#') return false;
    at = end + 1;
  }
  return true;
}

LineReader::Result Session::readStatement(std::string& source, Code*& code, State& state) {
  source.clear();
  while (true) {
    std::string text = prompt(source.empty() ? names.ps1 : names.ps2), line;
    LineReader::Result result = reader_.read(text, line);
    if (result == LineReader::Result::kInterrupted) return result;
    if (result == LineReader::Result::kEnd) {
      if (source.empty()) return result;
      std::fputs("\n", stderr);
      state = compile(source, true, code);
      return LineReader::Result::kLine;
    }
    source += line;
    if (isBlank(source)) {
      source.clear();
      continue;
    }
    if (!line.ends_with('\n')) continue;  // the input ends here, as the next read will say
    state = compile(source, false, code);
    if (state != State::kIncomplete) return result;
  }
}

int Session::run() {
  std::string source;
  while (true) {
    Code* code = nullptr;
    State state = State::kWrong;
    LineReader::Result result = readStatement(source, code, state);
    if (result == LineReader::Result::kEnd) {
      std::fputs("\n", stderr);
      return 0;
    }
    if (result == LineReader::Result::kInterrupted) {
      if (!handleEvalBreaker(thread_).isRaised()) continue;
      bool isInterrupt = pendingMatches(thread_, exceptions.KeyboardInterrupt);
      if (isInterrupt) {
        clearException(thread_);
        std::fputs("\nKeyboardInterrupt\n", stderr);
        continue;
      }
    } else if (state == State::kComplete) {
      futures_ |= code->codeFlags & kFutureMask;
      Fallible<Value> ran = runCode(thread_, code, globals_, Value::of(globals_));
      flushAllFiles();
      if (!ran.isRaised()) continue;
    }
    bool isExit = pendingMatches(thread_, exceptions.SystemExit);
    Outcome outcome = handleUncaught(thread_);
    flushAllFiles();
    if (isExit) return outcome.exitCode;
  }
}

Fallible<void> Session::runStartUpFile(const char* path) {
  std::string source;
  TRY(readWholeFile(thread_, path, source));
  CompileRequest request{};
  request.source = source;
  request.isFile = true;
  request.filename = TRY(makeStr(thread_, path));
  request.mode = CompileRequest::kExec;
  request.optimise = -1;
  Code* code = TRY(thread_.hooks.compile(thread_, request));
  futures_ |= code->codeFlags & kFutureMask;
  TRY(runCode(thread_, code, globals_, Value::of(globals_)));
  return {};
}

Fallible<void> setPrompts(Thread& thread) {
  const std::pair<Str*, const char*> prompts[] = {{names.ps1, ">>> "}, {names.ps2, "... "}};
  for (auto [name, text] : prompts)
    if (sysAttribute(name).isUnbound()) TRY(setSysAttribute(thread, name, Value::of(TRY(intern(thread, text)))));
  return {};
}

}  // namespace

void showBanner(const CommandLine& line) {
  if (line.quiet > 0) return;
  std::string banner = "Python " + pythonVersionText() + " on linux\n";
  if (!line.noSite) banner += "Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n";
  std::fputs(banner.c_str(), stderr);
}

bool wantsInteractive(const CommandLine& line) { return line.interactive || isatty(STDIN_FILENO); }

int runInteractive(Thread& thread, const CommandLine& line, bool fresh) {
  Value main = dictGetStr(runtime.modules, names.dunder_main);
  if (!isKind(main, Kind::kModule)) return 1;
  Session session(thread, main.as<Module>()->dict);
  if (setPrompts(thread).isRaised()) clearException(thread);
  if (fresh) {
    if (const char* path = environmentVariable(line, "PYTHONSTARTUP")) {
      if (session.runStartUpFile(path).isRaised()) {
        if (pendingMatches(thread, exceptions.OSError)) std::fprintf(stderr, "Could not open PYTHONSTARTUP\n");
        bool isExit = pendingMatches(thread, exceptions.SystemExit);
        Outcome outcome = handleUncaught(thread);
        if (isExit) return outcome.exitCode;
      }
    }
    // What site prepares for the prompt: completion, where there is a module for it.
    Fallible<Str*> hookName = intern(thread, "__interactivehook__");
    if (hookName.isRaised()) clearException(thread);
    Value hook = line.isolated || hookName.isRaised() ? Value::unbound() : sysAttribute(hookName.value());
    if (!hook.isUnbound() && call(thread, hook).isRaised()) {
      std::fputs("Failed calling sys.__interactivehook__\n", stderr);
      (void)handleUncaught(thread);
    }
  }
  return session.run();
}

}  // namespace krait
