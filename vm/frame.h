// The VM stack and its frames.
//
// One reserved region per thread that never moves. It grows upwards; a frame is
//
//     ... caller's evaluation stack ... [callable] [self|NULL] arg0 arg1 ...         <- arguments become locals in
//     place
//         local 0 | local 1 | ... | local n-1 | Frame header | evaluation stack ...
//         ^ locals()                          ^ fp             ^ stackBase()          ^ sp (first free)
//
// fp points at the header: local i is at fp - (n - i) words, an offset that `prepare` resolves into the instruction,
// and the evaluation stack begins right behind the header. Cells and free variables are the last locals, as in CPython.
// When the frame returns, its value goes to *result and the caller's sp becomes result + 1.
#pragma once
#include "vm/cell.h"

namespace krait {

struct Code;
struct Function;
struct FrameObject;
struct Generator;
union Unit;
using Pc = const Unit*;

struct Frame {
  Frame* previous;      // the calling frame; null at the bottom of the thread
  Pc pc;                // where it waits (word.h: publishedPc) or continues
  Value* result;        // where the return value goes
  Function* function;   // never null: module and class bodies run as functions, too
  Code* code;           // kept apart from function->code, which Python may replace while we run
  Value locals;         // mapping of a module/class/exec body; the Generator of a generator frame; else unbound
  FrameObject* object;  // made on demand; null until then
  uint32_t localCount;  // all locals: parameters, cells, free variables
  uint16_t flags;
  uint16_t unused;

  static constexpr uint16_t kEntry = 1;       // returning leaves the dispatch loop (called from C++)
  static constexpr uint16_t kInit = 2;        // __init__ called by a class: *result keeps the instance already there
  static constexpr uint16_t kForIter = 4;     // a generator resumed by FOR_ITER: returning ends the loop
  static constexpr uint16_t kSend = 8;        // a generator resumed by SEND: returning jumps to SEND's target
  static constexpr uint16_t kGenerator = 16;  // `locals` is the generator

  Generator* generator() const { return (flags & kGenerator) ? locals.as<Generator>() : nullptr; }
  Value* locals0() { return reinterpret_cast<Value*>(this) - localCount; }
  Value* stackBase() { return reinterpret_cast<Value*>(this + 1); }
};
static_assert(sizeof(Frame) == 64);
inline constexpr int kFrameWords = sizeof(Frame) / sizeof(Value);

}  // namespace krait
