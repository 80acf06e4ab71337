// The bar for the dispatch loops: direct-threaded code written by hand that runs the same bytecode as the VM.
#pragma once
#include <atomic>
#include <cstdint>
#include <vector>

#include "vm/builtins/function.h"
#include "vm/thread.h"

namespace krait::micro {

// As the VM's unit (vm/word.h), but a type of its own: the bar stays where it is when the VM's words change. A word is
// two units, the handler and the operand; constants precede the words.
union HandUnit;
using HandHandler = Value (*)(const HandUnit* pc, Value* sp, Value* fp, const std::atomic<uint32_t>& breaker);
union HandUnit {
  HandHandler handler;
  struct {
    uint32_t unused;
    int32_t offset;
  };
  Value value;  // an int or None, so nothing for the collector to find
  HandUnit() = default;
};

// A function of one int in the words of the code written by hand. It may load and store locals, load small ints and
// None, add, subtract, multiply, `&`, compare with `<`, jump and return: enough for a hot integer loop.
class HandProgram {
 public:
  // Translates the function's canonical bytecode; ends the process with a message at an instruction it does not know.
  explicit HandProgram(const Function* function);
  // What the function returns; the error immediate where the VM would leave its fast paths.
  Value run(Thread& thread, Value argument);
  // Dispatches of one pass of the function's loop: what the last backward jump repeats, the jump included.
  uint64_t wordsPerPass() const { return wordsPerPass_; }

 private:
  static constexpr size_t kFrameValues = 64;
  std::vector<HandUnit> units_;
  size_t entry_ = 0;  // the first word
  size_t localCount_;
  uint64_t wordsPerPass_ = 0;
  Value frame_[kFrameValues];  // locals, then the evaluation stack
};

}  // namespace krait::micro
