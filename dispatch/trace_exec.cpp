// Records what is executed, frame by frame, and hands it to a view: text (trace_text.cpp) or a page (trace_page.cpp).
#include "dispatch/trace_exec.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <list>
#include <map>
#include <memory>

#include "dispatch/options.h"
#include "dispatch/trace_values.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/function.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"
#include "vm/opcode.h"
#include "vm/prepared.h"
#include "vm/tracing.h"

namespace krait {
namespace {

constexpr uint64_t kPageLimit = 20000;  // instructions
constexpr size_t kStackShown = 40;      // values of one stack
constexpr size_t kVariablesShown = 40;

// An activation on a thread's stack.
struct Level {
  const Frame* frame;
  TracedFrame traced;
  int next;  // where it goes on unless something jumps; -1: not known
};

struct ThreadTrace {
  uint64_t number = 0;
  std::list<Level> levels;
  TracedStep pending;  // its effect is seen when the next instruction comes
  const Frame* pendingFrame = nullptr;
};

struct Recorder {
  std::unique_ptr<TraceView> view;
  bool everything = false;
  uint64_t limit = UINT64_MAX, steps = 0;
  pid_t process = 0;
  uint32_t frames = 0;
  std::map<uint64_t, ThreadTrace> threads;
  std::map<std::string, std::unique_ptr<TracedCode>> codes;

  bool knowsMain = false;
  std::string mainFile, mainFolder;
  // The answer for the code object that asked last.
  const Code* asked = nullptr;
  const Str* askedFile = nullptr;
  bool answer = false;
};
Recorder* recorder;

void stop(const std::string& remark) {
  watchExecution(nullptr);
  recorder->view->finish(remark);
}

// --- whose code is shown ---------------------------------------------------------------------------------------------
// The first module body that runs as __main__ says which files are the program's.
void learnMain(const Frame* frame) {
  const Dict* globals = frame->function->globals;
  if (globals == nullptr || !strEqualsUtf8(frame->code->name, "<module>")) return;
  Value name = dictGetStr(globals, names.dunder_name);
  if (name.isUnbound() || toStr(name) == nullptr || !strEqualsUtf8(toStr(name), "__main__")) return;
  recorder->knowsMain = true;
  recorder->mainFile = strToUtf8(frame->code->filename);
  if (recorder->mainFile.starts_with('/'))
    recorder->mainFolder = recorder->mainFile.substr(0, recorder->mainFile.rfind('/') + 1);
}

bool isShown(const Frame* frame) {
  if (recorder->everything) return true;
  if (!recorder->knowsMain) learnMain(frame);
  if (!recorder->knowsMain) return false;
  const Code* code = frame->code;
  if (code == recorder->asked && code->filename.get() == recorder->askedFile) return recorder->answer;
  recorder->asked = code;
  recorder->askedFile = code->filename;
  std::string filename = strToUtf8(code->filename);
  const std::string& folder = recorder->mainFolder;
  return recorder->answer = filename == recorder->mainFile || (!folder.empty() && filename.starts_with(folder));
}

// --- levels ----------------------------------------------------------------------------------------------------------
const TracedCode* tracedCode(const Code* code) {
  std::string key =
      fmt::format("{}\n{}\n{}\n{}\n", strToUtf8(code->filename), strToUtf8(code->qualname), code->firstLine,
                  std::string_view(reinterpret_cast<const char*>(code->code->data), code->code->length));
  std::unique_ptr<TracedCode>& known = recorder->codes[key];
  if (known == nullptr)
    known = std::make_unique<TracedCode>(TracedCode{static_cast<uint32_t>(recorder->codes.size() - 1),
                                                    strToUtf8(code->qualname), strToUtf8(code->filename),
                                                    static_cast<int>(code->firstLine)});
  return known.get();
}

std::string titleOf(Frame* frame, const TracedCode* code, bool isNew) {
  if (!isNew) return "resume " + code->name;
  const Code* c = frame->code;
  uint32_t count = c->argumentCount + c->keywordOnlyCount + ((c->codeFlags & Code::kVarargs) != 0) +
                   ((c->codeFlags & Code::kVarkeywords) != 0);
  if ((c->codeFlags & Code::kOptimized) == 0) return code->name;
  std::string arguments;
  for (uint32_t i = 0; i < count && i < c->localCount; i++)
    arguments += (i == 0 ? "" : ", ") + strToUtf8(c->localsplusNames->items[i].get().as<Str>()) + "=" +
                 shortText(frame->locals0()[i]);
  return code->name + "(" + arguments + ")";
}

// The instruction in progress is shown; its effect is what `outcome` says.
void flush(ThreadTrace& thread, TracedStep::Outcome outcome, std::string detail) {
  if (thread.pendingFrame == nullptr) return;
  thread.pendingFrame = nullptr;
  thread.pending.outcome = outcome;
  thread.pending.detail = std::move(detail);
  recorder->view->step(thread.pending);
}

ThreadTrace& traceOf(const Thread& thread) {
  ThreadTrace& trace = recorder->threads[thread.number];
  trace.number = thread.number;
  return trace;
}

void dropTop(ThreadTrace& thread) {
  if (thread.pendingFrame != nullptr && thread.pending.frame == &thread.levels.back().traced)
    flush(thread, TracedStep::kContinues, "");
  thread.levels.pop_back();
}

// The level of the frame that is about to run the instruction at `offset`.
Level& levelOf(ThreadTrace& thread, Frame* frame, int offset) {
  // Frames lie on a stack that grows upwards: what lies above has gone without a word.
  std::list<Level>& levels = thread.levels;
  while (!levels.empty() && levels.back().frame > frame) dropTop(thread);
  if (!levels.empty() && levels.back().frame == frame) {
    if (offset != 0) return levels.back();
    dropTop(thread);
  }
  const TracedCode* code = tracedCode(frame->code);
  flush(thread, TracedStep::kCalls, code->name);
  int64_t parent = levels.empty() ? -1 : int64_t{levels.back().traced.number};
  auto depth = static_cast<uint32_t>(levels.size());
  levels.push_back({frame,
                    {recorder->frames++, parent, code, thread.number, depth, titleOf(frame, code, offset == 0)},
                    offset == 0 ? 0 : -1});
  recorder->view->enter(levels.back().traced, frame->code);
  return levels.back();
}

void leave(ThreadTrace& thread, const std::string& how) {
  recorder->view->leave(thread.levels.back().traced, how);
  thread.levels.pop_back();
}

// --- what is in a frame ----------------------------------------------------------------------------------------------
std::vector<std::string> stackOf(const Thread& thread, Frame* frame) {
  std::vector<std::string> texts;
  const Value *value = frame->stackBase(), *end = thread.sp;
  if (end - value > static_cast<ptrdiff_t>(kStackShown)) {
    texts.push_back(fmt::format("...{} more", end - value - static_cast<ptrdiff_t>(kStackShown)));
    value = end - kStackShown;
  }
  for (; value < end; value++) texts.push_back(shortText(*value));
  return texts;
}

std::vector<std::pair<std::string, std::string>> variablesOf(Frame* frame) {
  std::vector<std::pair<std::string, std::string>> found;
  const Code* code = frame->code;
  if (const Dict* dict = isKind(frame->locals, Kind::kDict) ? frame->locals.as<Dict>() : nullptr) {
    const DictKeys* keys = dict->keys;
    for (uint32_t i = 0; keys != nullptr && i < keys->entryCount && found.size() < kVariablesShown; i++) {
      const Str* name = toStr(keys->entries[i].key);
      if (name == nullptr || (name->length > 1 && name->at(0) == '_' && name->at(1) == '_')) continue;
      found.emplace_back(strToUtf8(name), shortText(keys->entries[i].value));
    }
  }
  for (uint32_t i = 0; i < code->localCount && found.size() < kVariablesShown; i++) {
    Value value = frame->locals0()[i];
    if (!value.isUnbound())
      found.emplace_back(strToUtf8(code->localsplusNames->items[i].get().as<Str>()), shortText(value));
  }
  return found;
}

// --- the watcher -----------------------------------------------------------------------------------------------------
std::string leavingText(Opcode opcode, const Code* code, const std::vector<std::string>& stack) {
  std::string top = stack.empty() ? "?" : stack.back();
  switch (opcode) {
    case Opcode::RETURN_VALUE: return "returns " + top;
    case Opcode::YIELD_VALUE: return "yields " + top;
    case Opcode::RETURN_GENERATOR:
      return (code->codeFlags & Code::kAsyncGenerator) != 0 ? "returns an asynchronous generator"
             : (code->codeFlags & Code::kCoroutine) != 0    ? "returns a coroutine"
                                                            : "returns a generator";
    default: return "";
  }
}

void onInstruction(Thread& thread, Frame* frame, Pc, int first, int at) {
  if (recorder->view->isBroken) return stop("");
  if (!isShown(frame)) return;
  ThreadTrace& trace = traceOf(thread);
  Level& level = levelOf(trace, frame, first);
  std::vector<std::string> stack = stackOf(thread, frame);
  bool jumped = level.next >= 0 && level.next != first;
  std::string where = jumped ? fmt::format("to {}", first) : "";
  if (trace.pendingFrame != nullptr) {
    trace.pending.after = stack;
    flush(trace, jumped ? TracedStep::kJumps : TracedStep::kContinues, where);
  } else if (jumped) {
    recorder->view->caught(level.traced, "jumps " + where);
  }
  const Code* code = frame->code;
  const uint8_t* bytes = code->code->data;
  TracedStep step;
  step.frame = &level.traced;
  if (recorder->view->wantsVariables()) step.variables = variablesOf(frame);
  step.before = std::move(stack);
  uint32_t argument = 0;
  for (int offset = first; offset <= at; offset += 2) {
    auto opcode = static_cast<Opcode>(bytes[offset]);
    if (opcode == Opcode::CACHE) continue;
    if (recorder->steps++ >= recorder->limit)
      return stop(fmt::format("stopped after {} instructions", recorder->limit));
    argument = argument << 8 | bytes[offset + 1];
    step.instruction = describeInstruction(code, offset, argument);
    level.next = step.instruction.next;
    if (opcode != Opcode::EXTENDED_ARG) argument = 0;
    if (offset < at) {  // folded into the word: nothing happens to the stack
      step.after = step.before;
      recorder->view->step(step);
      step.after.clear();
    }
  }
  std::string how = leavingText(static_cast<Opcode>(bytes[at]), code, step.before);
  trace.pending = std::move(step);
  trace.pendingFrame = frame;
  if (how.empty()) return;
  flush(trace, TracedStep::kLeaves, how);
  leave(trace, how);
}

void onException(Thread& thread, Frame* frame, int offset, const ExceptionHandler* handler) {
  if (!isShown(frame)) return;
  ThreadTrace& trace = traceOf(thread);
  // An exception thrown into a generator meets it where it waits: never at its first instruction.
  Level& level = levelOf(trace, frame, offset == 0 ? 1 : offset);
  std::string what = shortText(thread.exception);
  flush(trace, TracedStep::kRaises, what);
  if (handler == nullptr) return leave(trace, "raises " + what);
  level.next = handler->target;
  for (const TableEntry& entry : exceptionTable(frame->code)) {
    if (offset < entry.start || offset >= entry.end) continue;
    return recorder->view->caught(level.traced, what + " caught by table entry " + textOf(entry));
  }
}

constexpr ExecutionWatcher kWatcher{onInstruction, onException};

bool numberOption(const char* text, uint64_t& number) {
  char* end = nullptr;
  errno = 0;
  unsigned long long value = std::strtoull(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0' || errno != 0) return false;
  number = value;
  return true;
}

bool wantsColour(int descriptor) {
  const char *term = std::getenv("TERM"), *none = std::getenv("NO_COLOR");
  return isatty(descriptor) && (none == nullptr || *none == '\0') && term != nullptr && std::strcmp(term, "dumb") != 0;
}

}  // namespace

bool startExecutionTrace(const CommandLine& line, std::string& problem) {
  const char *target = line.xOption("trace-exec"), *limit = line.xOption("trace-exec-limit");
  if (target == nullptr) return true;
  auto made = std::make_unique<Recorder>();
  std::string path = target;
  bool isPage = path.ends_with(".html") || path.ends_with(".htm");
  if (isPage) made->limit = kPageLimit;
  if (limit != nullptr && !numberOption(limit, made->limit)) {
    problem = fmt::format("-X trace-exec-limit needs a number, not '{}'", limit);
    return false;
  }
  int descriptor = STDERR_FILENO;
  if (!path.empty()) {
    descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0666);
    if (descriptor < 0) {
      problem = fmt::format("cannot write '{}': {}", path, std::strerror(errno));
      return false;
    }
  }
  if (isPage) {
    close(descriptor);
    char absolute[PATH_MAX];  // the program may change its working directory
    made->view.reset(makePageView(realpath(path.c_str(), absolute) != nullptr ? absolute : path));
  } else {
    made->view.reset(makeTextView(descriptor, wantsColour(descriptor)));
  }
  made->everything = line.xOption("trace-exec-all") != nullptr;
  made->process = getpid();
  if (line.source == CommandLine::kCommand) setCommandSource(line.target);
  recorder = made.release();
  watchExecution(&kWatcher);
  return true;
}

void finishExecutionTrace() {
  // A child of fork() leaves the page to its parent.
  if (recorder == nullptr || executionWatcher == nullptr || recorder->process != getpid()) return;
  for (auto& [number, thread] : recorder->threads) flush(thread, TracedStep::kContinues, "");
  stop("");
}

}  // namespace krait
