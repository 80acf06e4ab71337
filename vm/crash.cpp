// Walks the native stack with libunwind and interleaves the Python frames that each dispatch loop runs.
#include "vm/crash.h"

#include <cxxabi.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include "vm/builtins/str.h"
#include "vm/prepared.h"

namespace krait {
namespace {

// Appends to a fixed buffer: a signal handler must not allocate.
class Text {
 public:
  Text(char* buffer, size_t capacity) : at_(buffer), begin_(buffer), end_(buffer + capacity) {}
  void add(const char* s) {
    while (*s != '\0' && at_ < end_) *at_++ = *s++;
  }
  void add(const Str* s) {
    for (uint64_t i = 0; i < s->length && i < 200 && at_ < end_; i++) {
      uint32_t c = s->at(i);
      *at_++ = c < 128 ? static_cast<char>(c) : '?';
    }
  }
  void addNumber(long n) {
    char digits[24];
    std::snprintf(digits, sizeof digits, "%ld", n);
    add(digits);
  }
  size_t size() const { return static_cast<size_t>(at_ - begin_); }
  const char* data() const { return begin_; }

 private:
  char *at_, *begin_, *end_;
};

void addPythonFrame(Text& text, const Frame* frame) {
  const Code* code = frame->code;
  text.add("    Python: File \"");
  text.add(code->filename);
  text.add("\", line ");
  text.addNumber(lineAt(code, canonicalOffset(code->prepared, frame->pc)));
  text.add(", in ");
  text.add(code->qualname);
  text.add("\n");
}

// A dispatch loop: krait::interpret and, under `tail`, the handler on top of it.
bool isDispatchLoop(const char* symbol) { return std::strstr(symbol, "krait9interpret") != nullptr; }

void addBacktrace(Text& text, Thread& thread, unw_context_t* context) {
  unw_cursor_t cursor;
  unw_init_local(&cursor, context);
  const Frame* frame = thread.frame;
  for (int depth = 0; depth < 200; depth++) {
    char symbol[256] = "?";
    unw_word_t offset = 0, ip = 0;
    unw_get_reg(&cursor, UNW_REG_IP, &ip);
    if (ip == 0) break;
    unw_get_proc_name(&cursor, symbol, sizeof symbol, &offset);
    char line[400];
    std::snprintf(line, sizeof line, "  native: %#lx %s+%#lx\n", static_cast<unsigned long>(ip), symbol,
                  static_cast<unsigned long>(offset));
    text.add(line);
    if (isDispatchLoop(symbol)) {
      while (frame != nullptr) {
        addPythonFrame(text, frame);
        bool isEntry = frame->flags & Frame::kEntry;
        frame = frame->previous;
        if (isEntry) break;
      }
    }
    if (std::strcmp(symbol, "main") == 0 || unw_step(&cursor) <= 0) break;
  }
}

void onFatalSignal(int signal, siginfo_t*, void*) {
  static char buffer[64 * 1024];
  std::signal(signal, SIG_DFL);
  Text text(buffer, sizeof buffer);
  text.add("Fatal Python error: ");
  text.add(signal == SIGSEGV   ? "Segmentation fault"
           : signal == SIGABRT ? "Aborted"
           : signal == SIGBUS  ? "Bus error"
           : signal == SIGILL  ? "Illegal instruction"
                               : "Floating point exception");
  text.add("\n\nCurrent thread (most recent call first):\n");
  unw_context_t context;
  unw_getcontext(&context);
  addBacktrace(text, currentThread(), &context);
  [[maybe_unused]] ssize_t n = write(STDERR_FILENO, text.data(), text.size());
  ::raise(signal);
}

}  // namespace

void installCrashHandlers() {
  constexpr size_t kStackBytes = 256 * 1024;
  void* memory = mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory != MAP_FAILED) {
    stack_t stack{};
    stack.ss_sp = memory;
    stack.ss_size = kStackBytes;
    sigaltstack(&stack, nullptr);
  }
  struct sigaction action {};
  action.sa_sigaction = onFatalSignal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  for (int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) sigaction(signal, &action, nullptr);
}

std::string mixedBacktrace(Thread& thread) {
  std::string storage(64 * 1024, '\0');
  Text text(storage.data(), storage.size());
  unw_context_t context;
  unw_getcontext(&context);
  addBacktrace(text, thread, &context);
  storage.resize(text.size());
  return storage;
}

}  // namespace krait
