// Assigning to f_lineno: where a frame may go on instead, which depends on what lies on its evaluation stack there.
//
// A depth-first walk over the canonical bytecode finds, for every instruction, what kinds of values are on the stack
// when it runs. A jump is possible when the stack of the target is the present one with some of its top removed.
#include "vm/builtins/frame_jump.h"

#include <string>
#include <vector>

#include "vm/builtins/bytes.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/int.h"
#include "vm/opcode.h"
#include "vm/prepared.h"
#include "vm/tracing.h"

namespace krait {
namespace {

// One character for each stack entry, bottom first.
using Stack = std::string;
// kExcept: the exception that was handled before; kCaught: the one that is handled now.
constexpr char kObject = 'o', kIterator = 'i', kExcept = 'e', kCaught = 'c', kNull = 'n', kLasti = 'l';
constexpr char kUnreached[] = "?";

class StackMap {
 public:
  explicit StackMap(const Code* code)
      : code_(code), bytes_(code->code->data), units_(static_cast<int>(code->code->length / 2)) {
    stacks_.assign(static_cast<size_t>(units_) + 1, kUnreached);
    walk(0, "");
    // Handlers are reached from wherever an exception may arise, with what the table says is kept.
    for (bool grew = true; grew;) {
      grew = false;
      for (int unit = 0; unit < units_; unit++) {
        if (stacks_[unit] == kUnreached) continue;
        ExceptionHandler handler;
        if (!findHandler(code_, unit * 2, handler) || stacks_[handler.target / 2] != kUnreached) continue;
        Stack stack = stacks_[unit];
        if (static_cast<int>(stack.size()) < handler.depth) continue;
        stack.resize(static_cast<size_t>(handler.depth));
        if (handler.pushLasti) stack += kLasti;
        walk(handler.target / 2, stack + kCaught);
        grew = true;
      }
    }
  }
  // What lies on the stack before the instruction of a code unit; "?": it is not reachable.
  const Stack& at(int unit) const { return stacks_[static_cast<size_t>(unit)]; }
  int units() const { return units_; }

 private:
  Opcode opcode(int unit) const { return static_cast<Opcode>(bytes_[unit * 2]); }

  static void drop(Stack& stack, int count) {
    for (; count > 0 && !stack.empty(); count--) stack.pop_back();
  }

  void walk(int from, const Stack& with) {
    std::vector<std::pair<int, Stack>> work{{from, with}};
    while (!work.empty()) {
      auto [unit, stack] = work.back();
      work.pop_back();
      uint32_t extended = 0;
      while (unit < units_ && stacks_[static_cast<size_t>(unit)] == kUnreached) {
        stacks_[static_cast<size_t>(unit)] = stack;
        Opcode op = opcode(unit);
        uint32_t argument = extended << 8 | bytes_[unit * 2 + 1];
        extended = 0;
        int after = unit + 1;
        while (after < units_ && bytes_[after * 2] == 0) after++;  // CACHE
        if (op == Opcode::EXTENDED_ARG) {
          extended = argument;
          unit = after;
          continue;
        }
        Op base = opOfCanonical(static_cast<uint8_t>(op));
        const Facts& facts = kFacts[static_cast<unsigned>(base)];
        if (facts.operand == OperandKind::kTarget) {
          int target = facts.jumpsBackward ? after - static_cast<int>(argument) : after + static_cast<int>(argument);
          if (target >= 0 && target < units_) work.emplace_back(target, afterwards(op, facts, argument, stack, true));
        }
        switch (op) {
          case Opcode::JUMP_FORWARD:
          case Opcode::JUMP_BACKWARD:
          case Opcode::JUMP_BACKWARD_NO_INTERRUPT:
          case Opcode::RETURN_VALUE:
          case Opcode::RAISE_VARARGS:
          case Opcode::RERAISE: after = units_; break;
          default: stack = afterwards(op, facts, argument, stack, false);
        }
        unit = after;
      }
    }
  }

  static Stack afterwards(Opcode op, const Facts& facts, uint32_t argument, Stack stack, bool jumps) {
    switch (op) {
      case Opcode::GET_ITER:
      case Opcode::GET_AITER: drop(stack, 1); return stack + kIterator;
      case Opcode::PUSH_NULL: return stack + kNull;
      case Opcode::LOAD_GLOBAL:
        if (argument & 1) stack += kNull;
        return stack + kObject;
      case Opcode::LOAD_METHOD: drop(stack, 1); return stack + kNull + kObject;
      case Opcode::PUSH_EXC_INFO: drop(stack, 1); return stack + kExcept + kCaught;
      case Opcode::SWAP:
        if (stack.size() >= argument && argument > 0) std::swap(stack.back(), stack[stack.size() - argument]);
        return stack;
      case Opcode::COPY:
        return stack.size() >= argument && argument > 0 ? stack + stack[stack.size() - argument] : stack + kObject;
      default: break;
    }
    int effect = stackEffect(facts, argument, jumps);
    int pushes = jumps ? facts.jumpPushes : facts.pushes;
    if (facts.unpacksEx) pushes = static_cast<int>((argument & 0xff) + 1 + (argument >> 8));
    int pops = pushes - effect;
    if (pops < 0) {
      pushes = effect;
      pops = 0;
    }
    // What an instruction only looks at stays what it is.
    if (pops == pushes && pops == 0) return stack;
    drop(stack, pops);
    return stack.append(static_cast<size_t>(pushes), kObject);
  }

  const Code* code_;
  const uint8_t* bytes_;
  int units_;
  std::vector<Stack> stacks_;
};

bool isCompatible(char from, char to) {
  if (to == kObject) return from != kNull;
  return from == to || (to == kNull && from == kNull);
}
// Whether the target's stack is what remains of `from` after some pops.
bool isCompatible(const Stack& from, const Stack& to) {
  if (from == kUnreached || to == kUnreached || to.size() > from.size()) return false;
  for (size_t i = 0; i < to.size(); i++)
    if (!isCompatible(from[i], to[i])) return false;
  return true;
}
const char* whyNot(const Stack& target) {
  if (target == kUnreached) return "can't jump into unreachable code";
  switch (target.empty() ? kObject : target.back()) {
    case kExcept:
    case kCaught: return "can't jump into an 'except' block as there's no exception";
    case kLasti: return "can't jump into a re-raising block as there's no location";
    case kIterator: return "can't jump into the body of a for loop";
    default: return "incompatible stacks";
  }
}

Raised refuse(Thread& thread, const char* why) { return raise(thread, exceptions.ValueError, why); }

// The first line that begins an instruction from `line` on; -1: none.
std::vector<int> lineStarts(const Code* code, int64_t line, int64_t& found) {
  auto units = static_cast<int>(code->code->length / 2);
  struct Starts {
    const Code* code;
    std::vector<int> lines;  // by unit; -1 where no line begins
    int before;
  } seen{code, std::vector<int>(static_cast<size_t>(units), -1), -1};
  forEachLocation(
      code,
      [](void* context, int start, int end, const SourcePosition& position) {
        auto& s = *static_cast<Starts*>(context);
        for (int unit = start / 2; unit < end / 2 && unit < static_cast<int>(s.lines.size()); unit++) {
          if (s.code->code->data[unit * 2] == 0) continue;  // CACHE
          if (position.line != s.before && position.line != -1) s.lines[static_cast<size_t>(unit)] = position.line;
          s.before = position.line;
        }
        return true;
      },
      &seen);
  const std::vector<int>& lines = seen.lines;
  std::vector<int> starts;
  found = -1;
  for (int here : lines)
    if (here >= line && (found < 0 || here < found)) found = here;
  for (int unit = 0; unit < units; unit++)
    if (found >= 0 && lines[static_cast<size_t>(unit)] == found) starts.push_back(unit);
  return starts;
}

}  // namespace

Fallible<void> setFrameLine(Thread& thread, Value v, Value value) {
  auto* object = v.as<FrameObject>();
  if (value.isUnbound()) return raise(thread, exceptions.AttributeError, "cannot delete attribute");
  if (typeOf(value) != types.int_) return refuse(thread, "lineno must be an integer");
  switch (static_cast<TraceEvent>(thread.insideTrace)) {
    case TraceEvent::kLine: break;
    case TraceEvent::kNone:
    case TraceEvent::kCall: return refuse(thread, "can't jump from the 'call' trace event of a new frame");
    default: return refuse(thread, "can only jump from a 'line' trace event");
  }
  if (object->trace.get().isNone() || object->live == nullptr || object->eventAt < 0)
    return refuse(thread, "f_lineno can only be set by a trace function");
  std::optional<int64_t> wanted = toInt64(value);
  if (!wanted || *wanted > INT32_MAX || *wanted < INT32_MIN) return refuse(thread, "lineno out of range");
  const Code* code = object->code;
  if (*wanted < static_cast<int64_t>(code->firstLine))
    return raiseValueError(thread, "line {} comes before the current code block", *wanted);
  int64_t line;
  std::vector<int> starts = lineStarts(code, *wanted, line);
  if (starts.empty()) return raiseValueError(thread, "line {} comes after the current code block", *wanted);
  StackMap map(code);
  const Stack from = map.at(object->eventAt / 2);
  int best = -1;
  const char* problem = "cannot find bytecode for specified line";
  for (int unit : starts) {
    const Stack& target = map.at(unit);
    if (isCompatible(from, target)) {
      if (best < 0 || target.size() > map.at(best).size()) best = unit;
    } else if (best < 0) {
      problem = from == kUnreached ? "can't jump from unreachable code" : whyNot(target);
    }
  }
  if (best < 0) return refuse(thread, problem);
  const Stack& to = map.at(best);
  Value* base = object->live->stackBase();
  for (size_t i = from.size(); i > to.size(); i--)  // leaving an except block ends its exception
    if (from[i - 1] == kExcept) thread.handled->exception = base[i - 1];
  object->jumpTo = best * 2;
  object->jumpDepth = static_cast<int32_t>(to.size());
  return {};
}

}  // namespace krait
