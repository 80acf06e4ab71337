// -X trace-exec: shows every executed instruction, its source line and what it does to the value stack.
//
//   -X trace-exec                 as text to standard error, in colour on a terminal
//   -X trace-exec=FILE            as text into a file
//   -X trace-exec=FILE.html       as one page that steps forwards and backwards
//   -X trace-exec-all             all code, not only that of the main program's folder
//   -X trace-exec-limit=N         so many instructions at most (a page: 20,000 unless told; text: no limit)
//
// Built on traced words (vm/tracing.h): a program that is not traced pays nothing.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vm/code.h"

namespace krait {

struct CommandLine;
struct Thread;

// False, and what is wrong, when an option makes no sense or the file cannot be written.
bool startExecutionTrace(const CommandLine& line, std::string& problem);
// Writes what is still kept back; nothing when nothing is traced.
void finishExecutionTrace();

// --- what the recorder tells those who show it -----------------------------------------------------------------------
struct TracedCode {
  uint32_t number;
  std::string name, filename;
  int firstLine;
};

// One activation of a code object; a resumed generator is a new one.
struct TracedFrame {
  uint32_t number;
  int64_t parent;  // number of the frame that it was entered from; -1: none that is shown
  const TracedCode* code;
  uint64_t thread;  // 1: the first one
  uint32_t depth;
  std::string title;  // "f(a=1)", "resume f"
};

struct TracedInstruction {
  int offset, line;
  std::string_view name;
  std::string argument;  // "3 (x)", or empty
  int next;              // offset of the instruction behind it
};

struct TracedStep {
  const TracedFrame* frame = nullptr;
  TracedInstruction instruction;
  std::vector<std::string> before, after;
  std::vector<std::pair<std::string, std::string>> variables;  // before it; empty unless asked for
  enum Outcome : uint8_t { kContinues, kJumps, kCalls, kLeaves, kRaises } outcome = kContinues;
  std::string detail;  // "to 24", "f", "returns 3", "ValueError('x')"
};

// Shows a trace somewhere.
class TraceView {
 public:
  virtual ~TraceView() = default;
  virtual bool wantsVariables() const { return false; }
  virtual void enter(const TracedFrame& frame, const Code* code) = 0;
  virtual void step(const TracedStep& step) = 0;
  // An exception and the entry of the exception table that takes it; a jump that no instruction explains.
  virtual void caught(const TracedFrame& frame, const std::string& text) = 0;
  virtual void leave(const TracedFrame& frame, const std::string& how) = 0;
  virtual void finish(const std::string& remark) = 0;
  // Nothing can be written any more.
  bool isBroken = false;
};

// Writes to `descriptor`, which stays open.
TraceView* makeTextView(int descriptor, bool colours);
// Writes the page when it is finished.
TraceView* makePageView(std::string path);

// The instruction at `offset`, whose argument EXTENDED_ARG has made `argument`.
TracedInstruction describeInstruction(const Code* code, int offset, uint32_t argument);
// Offset of the instruction behind the caches of the one at `offset`.
int nextOffset(const Code* code, int offset);
// The lines of a source file, or of the command given with -c; empty when there is none.
const std::vector<std::string>& sourceLines(const std::string& filename);
void setCommandSource(std::string source);

// An entry of an exception table, in byte offsets.
struct TableEntry {
  int start, end, target, depth;
  bool pushesLasti;
};
std::vector<TableEntry> exceptionTable(const Code* code);
std::string textOf(const TableEntry& entry);

}  // namespace krait
