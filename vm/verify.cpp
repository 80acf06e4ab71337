// Abstract interpretation of bytecode over stack depths and kinds of items. Depths and operand ranges follow from the
// handlers' types (facts.h); what a handler relies on beyond them is in `require` and `results` below.
#include "vm/verify.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "vm/builtins/bytes.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/exception_table.h"
#include "vm/prepared.h"

namespace krait {
namespace {

// What is known of a stack item. A constant's index or a closure's length goes with some kinds.
enum class ItemKind : uint8_t {
  kNull,       // PUSH_NULL
  kMaybeNull,  // LOAD_METHOD's lower output, and where NULL meets an object
  kObject,     // any object
  kTuple,
  kList,
  kSet,
  kDict,
  kStr,
  kCode,       // a code constant; number: its index
  kCell,       // LOAD_CLOSURE
  kClosure,    // a tuple of cells; number: their count
  kException,  // what a handler receives
  kHandled,    // an exception or None: what was being handled before
};
constexpr const char* kKindNames[] = {"NULL",
                                      "NULL or an object",
                                      "an object",
                                      "a tuple",
                                      "a list",
                                      "a set",
                                      "a dict",
                                      "a str",
                                      "a code object",
                                      "a cell",
                                      "a closure",
                                      "an exception",
                                      "an exception or None"};

struct Item {
  ItemKind kind = ItemKind::kObject;
  uint32_t number = 0;
  bool operator==(const Item&) const = default;
};
bool isObject(Item item) { return item.kind > ItemKind::kMaybeNull; }

// The least kind that covers both.
Item join(Item a, Item b) {
  if (a == b) return a;
  if (!isObject(a) || !isObject(b)) return {ItemKind::kMaybeNull};
  auto handled = [](Item item) { return item.kind == ItemKind::kException || item.kind == ItemKind::kHandled; };
  if (handled(a) && handled(b)) return {ItemKind::kHandled};
  auto tuple = [](Item item) { return item.kind == ItemKind::kTuple || item.kind == ItemKind::kClosure; };
  if (tuple(a) && tuple(b)) return {ItemKind::kTuple};
  return {ItemKind::kObject};
}

struct Instruction {
  uint32_t first;  // code unit of its first EXTENDED_ARG, or its own
  uint32_t after;  // code unit behind its caches
  uint32_t argument;
  Op op;
  bool isTarget = false;  // of a jump or a handler
};

struct TableEntry {
  uint32_t first, last;  // instructions, inclusive
  uint32_t target;       // instruction
  uint32_t depth;
  bool pushesLasti;
};

constexpr uint32_t kNone = ~uint32_t{0};
// Beyond these a code object is refused: no compiler makes such, and time and memory stay bounded.
constexpr uint32_t kMaximalStack = 1 << 20, kMaximalLocals = 1 << 24;
constexpr uint64_t kMaximalStates = 1 << 24;  // items over all merge points

class Verifier {
 public:
  Verifier(Thread& thread, Code* code)
      : thread_(thread), code_(code), units_(static_cast<uint32_t>(code->code->length / 2)) {}

  Fallible<void> run() {
    bool isSound = checkVariables() && decode() && readExceptionTable() && markTargets() && checkPrologue() && walk();
    if (!isSound) return raiseValueError(thread_, "invalid bytecode in '{}'{}", strToUtf8(code_->qualname), reason_);
    code_->isVerified = true;
    return {};
  }

 private:
  const Facts& facts(Op op) const { return kFacts[static_cast<unsigned>(op)]; }
  bool refuse(std::string_view reason) {
    reason_ = fmt::format(": {}", reason);
    return false;
  }
  bool refuse(const Instruction& in, std::string_view reason) {
    reason_ =
        fmt::format(", {} at offset {}: {}", kOpNames[static_cast<unsigned>(in.op)], (positionOf(in)) * 2, reason);
    return false;
  }
  uint32_t positionOf(const Instruction& in) const {
    uint32_t unit = in.first;
    while (unit + 1 < in.after && opOfCanonical(code_->code->data[unit * 2]) == Op::EXTENDED_ARG &&
           in.op != Op::EXTENDED_ARG)
      unit++;
    return unit;
  }

  // --- tables -----------------------------------------------------------------------------------------------------------
  // Plain locals, then cells, then free variables; arguments come first.
  bool checkVariables() {
    if (code_->stackSize > kMaximalStack) return refuse("co_stacksize is too large");
    if (code_->localCount > kMaximalLocals) return refuse("too many variables");
    if ((code_->codeFlags & Code::kGenerator) != 0 &&
        (code_->codeFlags & (Code::kCoroutine | Code::kAsyncGenerator)) != 0)
      return refuse("co_flags name more than one kind of generator");
    int previous = 0;
    for (uint32_t i = 0; i < code_->localCount; i++) {
      uint8_t kind = code_->localsplusKinds->data[i];
      int order = (kind & Code::kLocal) ? 0 : (kind & Code::kCell) ? 1 : 2;
      bool isSound =
          kind == Code::kLocal || kind == Code::kCell || kind == Code::kFree || kind == (Code::kLocal | Code::kCell);
      if (!isSound || order < previous) return refuse("variables are out of order");
      previous = order;
    }
    made_.assign(code_->localCount, false);
    return true;
  }

  bool decode() {
    const uint8_t* code = code_->code->data;
    at_.assign(units_, kNone);
    instructions_.reserve(units_);
    uint32_t argument = 0, first = 0;
    int prefixes = 0;
    for (uint32_t at = 0; at < units_;) {
      Op op = opOfCanonical(code[at * 2]);
      if (op == Op::kCount) {
        reason_ = fmt::format(", offset {}: unknown opcode {}", at * 2, code[at * 2]);
        return false;
      }
      uint32_t after = at + 1;
      while (after < units_ && code[after * 2] == 0) after++;
      argument = argument << 8 | code[at * 2 + 1];
      if (prefixes == 0) first = at;
      if (op == Op::EXTENDED_ARG) {
        if (++prefixes > 3) return refuse("more than three EXTENDED_ARG in a row");
      } else {
        at_[first] = static_cast<uint32_t>(instructions_.size());
        instructions_.push_back({first, after, argument, op});
        argument = 0;
        prefixes = 0;
      }
      at = after;
    }
    if (instructions_.empty()) return refuse("there are no instructions");
    if (prefixes != 0) return refuse("it ends with EXTENDED_ARG");
    return true;
  }

  // Whose first unit is `unit`; kNone when none's is.
  uint32_t instructionAt(uint64_t unit) const { return unit < units_ ? at_[unit] : kNone; }

  bool readExceptionTable() {
    ExceptionTableReader reader(code_);
    uint64_t covered = 0;  // code units so far
    for (ExceptionTableEntry entry; reader.next(entry);) {
      if (reader.isCut()) return refuse("the exception table is cut off");
      uint64_t behind = uint64_t{entry.start} + entry.length;
      uint32_t first = instructionAt(entry.start), target = instructionAt(entry.target);
      if (entry.start < covered || entry.length == 0 || behind > units_ || first == kNone || target == kNone)
        return refuse("an entry of the exception table does not fit the instructions");
      covered = behind;
      uint32_t next = behind == units_ ? static_cast<uint32_t>(instructions_.size()) : instructionAt(behind);
      if (next == kNone) return refuse("an entry of the exception table ends inside an instruction");
      entries_.push_back({first, next - 1, target, entry.depth, entry.pushesLasti});
      instructions_[target].isTarget = true;
    }
    return true;
  }

  uint32_t targetOf(const Instruction& in) const {
    int64_t target = facts(in.op).jumpsBackward ? int64_t{in.after} - in.argument : int64_t{in.after} + in.argument;
    return target < 0 ? kNone : instructionAt(static_cast<uint64_t>(target));
  }
  bool markTargets() {
    for (const Instruction& in : instructions_) {
      if (facts(in.op).operand != OperandKind::kTarget) continue;
      uint32_t target = targetOf(in);
      if (target == kNone) return refuse(in, "the jump does not lead to an instruction");
      instructions_[target].isTarget = true;
      // Only this loop needs no look at signals of its own: RESUME has just looked.
      if (in.op == Op::JUMP_BACKWARD_NO_INTERRUPT &&
          (&in == instructions_.data() || (&in - 1)->op != Op::RESUME || instructions_[target].op != Op::SEND))
        return refuse(in, "it does not lead from RESUME to SEND");
    }
    return true;
  }

  // Cells, the closure and the generator are made once and before all else, where no jump or handler leads.
  bool checkPrologue() {
    bool isPrologue = true;
    uint32_t bodyAt = 0;
    for (uint32_t i = 0; i < instructions_.size(); i++) {
      const Instruction& in = instructions_[i];
      switch (in.op) {
        case Op::MAKE_CELL:
          if (in.argument >= code_->localCount || !(code_->localsplusKinds->data[in.argument] & Code::kCell) ||
              made_[in.argument])
            return refuse(in, "there is no such variable to make a cell of");
          made_[in.argument] = true;
          break;
        case Op::COPY_FREE_VARS:
          if (in.argument != code_->freeCount || in.argument == 0 || made_[code_->localCount - 1])
            return refuse(in, "the count is not that of the free variables");
          for (uint32_t k = 0; k < in.argument; k++) made_[code_->localCount - 1 - k] = true;
          break;
        case Op::RETURN_GENERATOR:
          if (!(code_->codeFlags & (Code::kGenerator | Code::kCoroutine | Code::kAsyncGenerator)) || makesGenerator_)
            return refuse(in, "co_flags do not call for a generator");
          makesGenerator_ = true;
          break;
        case Op::YIELD_VALUE:
        case Op::ASYNC_GEN_WRAP:
        case Op::SEND:
          if (!makesGenerator_) return refuse(in, "outside a generator");
          [[fallthrough]];
        default: isPrologue = false; continue;
      }
      if (!isPrologue) return refuse(in, "behind the beginning");
      bodyAt = i + 1;
    }
    for (uint32_t i = 0; i < bodyAt; i++)
      if (instructions_[i].isTarget) return refuse(instructions_[i], "a jump leads into the beginning");
    if (!entries_.empty() && entries_[0].first < bodyAt) return refuse("the exception table covers the beginning");
    return true;
  }

  // --- the walk ---------------------------------------------------------------------------------------------------------
  uint32_t depth() const { return depth_; }
  Item& top(uint32_t k) { return stack_[depth_ - k]; }  // from 1

  struct State {
    uint32_t depth, items;  // items: index into states_
    bool isPending;
  };

  bool walk() {
    stateOf_.assign(instructions_.size(), kNone);
    stack_.resize(code_->stackSize);
    if (!flow(instructions_[0], 0)) return false;
    while (!pending_.empty()) {
      uint32_t i = pending_.back();
      pending_.pop_back();
      State& state = merges_[stateOf_[i]];
      state.isPending = false;
      depth_ = state.depth;
      std::copy_n(states_.begin() + state.items, state.depth, stack_.begin());
      if (!walkFrom(i)) return false;
    }
    return true;
  }

  // From one merge point to the next, or to where control ends.
  bool walkFrom(uint32_t i) {
    const TableEntry* entry = nullptr;
    uint32_t lookAgainAt = 0;
    for (;; i++) {
      const Instruction& in = instructions_[i];
      if (i >= lookAgainAt) {
        entry = entryFor(i, lookAgainAt);
        changedFrom_ = 0;
      }
      if (entry != nullptr && !flowToHandler(in, i, *entry)) return false;
      bool goesOn = true;
      if (!step(in, i, goesOn)) return false;
      if (!goesOn) return true;
      if (i + 1 == instructions_.size()) return refuse(in, "control runs off the end");
      if (instructions_[i + 1].isTarget) return flow(in, i + 1);
    }
  }

  // The entry that covers instruction i, and the instruction from which on that may no longer be so.
  const TableEntry* entryFor(uint32_t i, uint32_t& until) const {
    auto next =
        std::upper_bound(entries_.begin(), entries_.end(), i,
                         [](uint32_t instruction, const TableEntry& entry) { return instruction < entry.first; });
    until = next == entries_.end() ? kNone : next->first;
    if (next == entries_.begin() || i > (next - 1)->last) return nullptr;
    until = (next - 1)->last + 1;
    return &*(next - 1);
  }

  // The current stack arrives at instruction `to`.
  bool flow(const Instruction& in, uint32_t to) { return flow(in, to, stack_.data(), depth()); }
  bool flow(const Instruction& in, uint32_t to, const Item* items, uint32_t count) {
    if (count > code_->stackSize) return refuse(in, "the stack grows beyond co_stacksize");
    if (stateOf_[to] == kNone) {
      if (states_.size() + count > kMaximalStates) return refuse("its control flow is too large");
      stateOf_[to] = static_cast<uint32_t>(merges_.size());
      merges_.push_back({count, static_cast<uint32_t>(states_.size()), true});
      states_.insert(states_.end(), items, items + count);
      pending_.push_back(to);
      return true;
    }
    State& state = merges_[stateOf_[to]];
    if (state.depth != count)
      return refuse(instructions_[to],
                    fmt::format("the stack has {} items on one path and {} on another", state.depth, count));
    bool changed = false;
    for (uint32_t i = 0; i < count; i++) {
      Item& item = states_[state.items + i];
      Item joined = join(item, items[i]);
      changed = changed || joined != item;
      item = joined;
    }
    if (changed && !state.isPending) {
      state.isPending = true;
      pending_.push_back(to);
    }
    return true;
  }

  // The handler receives the lower part of the stack, the position when the entry says so, and the exception. What an
  // instruction has popped when it raises must not belong to that part.
  bool flowToHandler(const Instruction& in, uint32_t i, const TableEntry& entry) {
    const Facts& f = facts(in.op);
    int64_t kept = depth();
    if (f.mayRaise || f.pollsBreaker) kept -= popsOf(in, false);
    if (in.op == Op::YIELD_VALUE || in.op == Op::RESUME) kept = depth() - reachOfThrow(in, i);
    if (kept < int64_t{entry.depth}) return refuse(in, "its exception handler keeps more of the stack than there is");
    if (changedFrom_ >= entry.depth && changedFrom_ != 0) return true;
    boost::container::small_vector<Item, 16> items(stack_.data(), stack_.data() + entry.depth);
    if (entry.pushesLasti) items.push_back({ItemKind::kObject});
    items.push_back({ItemKind::kException});
    changedFrom_ = depth() + 1;
    return flow(in, entry.target, items.data(), static_cast<uint32_t>(items.size()));
  }
  // How many items are gone when throw() raises at a yield or where it continues: the value, and what SEND sends to.
  int64_t reachOfThrow(const Instruction& in, uint32_t i) const {
    if (in.op == Op::YIELD_VALUE) return i > 0 && instructions_[i - 1].op == Op::SEND ? 2 : 1;
    if (i == 0 || instructions_[i - 1].op != Op::YIELD_VALUE) return 0;
    return (in.argument & 3) >= 2 ? 2 : 1;
  }

  static int64_t flagsOf(const Facts& f, uint32_t argument) {
    if (f.popMask == 0) return 0;
    int bits = __builtin_popcount(argument & f.popMask);
    return f.popsOncePerMask ? (bits != 0) : bits;
  }
  int64_t popsOf(const Instruction& in, bool jump) const {
    const Facts& f = facts(in.op);
    int64_t pops = jump ? f.jumpPops : f.pops;
    if (f.popsPerOparg > 0) pops += int64_t{f.popsPerOparg} * in.argument;
    return pops + flagsOf(f, in.argument);
  }

  // Applies the instruction to stack_, jumps included; `goesOn` tells whether the next one follows.
  bool step(const Instruction& in, uint32_t i, bool& goesOn) {
    const Facts& f = facts(in.op);
    if (f.popsPerOparg != 0 && in.argument > kMaximalStack) return refuse(in, "the argument is too large");
    int64_t pops = popsOf(in, false), pushes = pops + stackEffect(f, in.argument, false);
    if (pops > int64_t{depth()}) return refuse(in, "the stack holds too few items");
    if (!checkOperand(in, f) || !require(in, i, static_cast<uint64_t>(pops))) return false;
    if (f.branches && !stepJump(in)) return false;
    goesOn = !endsControl(in.op);
    if (!goesOn) return true;
    if (int64_t{depth()} - pops + pushes > int64_t{code_->stackSize})
      return refuse(in, "the stack grows beyond co_stacksize");
    apply(in, static_cast<uint32_t>(pops), static_cast<uint32_t>(pushes));
    return true;
  }

  // The stack as it arrives at the target. Only SEND leaves something else there than what lay below.
  bool stepJump(const Instruction& in) {
    int64_t pops = popsOf(in, true), pushes = pops + stackEffect(facts(in.op), in.argument, true);
    if (pops > int64_t{depth()}) return refuse(in, "the stack holds too few items");
    uint32_t kept = depth() - static_cast<uint32_t>(pops);
    if (pushes == 0) return flow(in, targetOf(in), stack_.data(), kept);
    boost::container::small_vector<Item, 16> items(stack_.data(), stack_.data() + kept);
    items.insert(items.end(), static_cast<size_t>(pushes), Item{});
    return flow(in, targetOf(in), items.data(), static_cast<uint32_t>(items.size()));
  }

  static bool endsControl(Op op) {
    switch (op) {
      case Op::JUMP_FORWARD:
      case Op::JUMP_BACKWARD:
      case Op::JUMP_BACKWARD_NO_INTERRUPT:
      case Op::RETURN_VALUE:
      case Op::RAISE_VARARGS:
      case Op::RERAISE: return true;
      default: return false;
    }
  }

  bool checkOperand(const Instruction& in, const Facts& f) {
    switch (f.operand) {
      case OperandKind::kConst:
        if (in.argument >= code_->constants->length) return refuse(in, "there is no such constant");
        return true;
      case OperandKind::kName:
        if ((in.op == Op::LOAD_GLOBAL ? in.argument >> 1 : in.argument) >= code_->names->length)
          return refuse(in, "there is no such name");
        return true;
      case OperandKind::kLocal: return checkVariable(in);
      default: return true;
    }
  }
  bool checkVariable(const Instruction& in) {
    if (in.argument >= code_->localCount) return refuse(in, "there is no such variable");
    bool isCell = (code_->localsplusKinds->data[in.argument] & (Code::kCell | Code::kFree)) != 0;
    switch (in.op) {
      case Op::LOAD_FAST:
      case Op::STORE_FAST:
      case Op::DELETE_FAST: return !isCell || refuse(in, "the variable is a cell");
      case Op::MAKE_CELL: return true;
      default: return made_[in.argument] || refuse(in, "the variable has no cell");
    }
  }

  // --- what handlers rely on --------------------------------------------------------------------------------------------
  // That the stack holds `count` items.
  bool reach(const Instruction& in, uint64_t count) {
    return count <= depth() || refuse(in, "the stack holds too few items");
  }
  // That the k-th item from the top is of a kind.
  bool expect(const Instruction& in, uint64_t k, ItemKind kind) {
    if (!reach(in, k)) return false;
    ItemKind found = top(static_cast<uint32_t>(k)).kind;
    if (found == kind || (kind == ItemKind::kObject && found > ItemKind::kMaybeNull) ||
        (kind == ItemKind::kHandled && found == ItemKind::kException) ||
        (kind == ItemKind::kTuple && found == ItemKind::kClosure))
      return true;
    return refuse(in, fmt::format("item {} from the top must be {}, not {}", k, kKindNames[static_cast<int>(kind)],
                                  kKindNames[static_cast<int>(found)]));
  }
  // That the topmost `count` items are objects.
  bool objects(const Instruction& in, uint64_t count) {
    if (!reach(in, count)) return false;
    for (uint32_t k = 1; k <= count; k++)
      if (!isObject(top(k))) [[unlikely]]
        return expect(in, k, ItemKind::kObject);
    return true;
  }
  bool within(const Instruction& in, uint32_t least, uint32_t most) {
    return (in.argument >= least && in.argument <= most) || refuse(in, "the argument is out of range");
  }
  // A constant that is a tuple of strings.
  Tuple* constantNames(uint32_t index) const {
    if (index >= code_->constants->length) return nullptr;
    Value constant = code_->constants->items[index].get();
    if (!isKind(constant, Kind::kTuple)) return nullptr;
    for (const Value& name : constant.as<Tuple>()->values())
      if (!isKind(name, Kind::kStr)) return nullptr;
    return constant.as<Tuple>();
  }

  bool require(const Instruction& in, uint32_t i, uint64_t pops) {
    uint64_t n = in.argument;
    switch (in.op) {
      case Op::POP_TOP: return true;
      case Op::COPY: return within(in, 1, depth());
      case Op::SWAP: return within(in, 1, depth());
      case Op::BINARY_OP: return within(in, 0, 25) && objects(in, 2);
      case Op::COMPARE_OP: return within(in, 0, 5) && objects(in, 2);
      case Op::BUILD_SLICE: return within(in, 2, 3) && objects(in, n);
      case Op::RAISE_VARARGS: return within(in, 0, 2) && objects(in, n);
      case Op::LIST_TO_TUPLE: return expect(in, 1, ItemKind::kList);
      case Op::LIST_APPEND:
      case Op::LIST_EXTEND: return within(in, 1, depth()) && objects(in, 1) && expect(in, n + 1, ItemKind::kList);
      case Op::SET_ADD:
      case Op::SET_UPDATE: return within(in, 1, depth()) && objects(in, 1) && expect(in, n + 1, ItemKind::kSet);
      case Op::MAP_ADD: return within(in, 1, depth()) && objects(in, 2) && expect(in, n + 2, ItemKind::kDict);
      case Op::DICT_UPDATE: return within(in, 1, depth()) && objects(in, 1) && expect(in, n + 1, ItemKind::kDict);
      case Op::DICT_MERGE:  // the callee, for the message, lies two below the dict
        return within(in, 1, depth()) && objects(in, 1) && expect(in, n + 1, ItemKind::kDict) &&
               expect(in, n + 3, ItemKind::kObject);
      case Op::BUILD_CONST_KEY_MAP: {
        if (!expect(in, 1, ItemKind::kTuple) || !objects(in, n + 1)) return false;
        return true;
      }
      case Op::GET_LEN:
      case Op::MATCH_MAPPING:
      case Op::MATCH_SEQUENCE:
      case Op::GET_ANEXT:
      case Op::IMPORT_FROM: return expect(in, 1, ItemKind::kObject);
      case Op::MATCH_KEYS: return expect(in, 1, ItemKind::kTuple) && expect(in, 2, ItemKind::kObject);
      case Op::MATCH_CLASS: return expect(in, 1, ItemKind::kTuple) && objects(in, 3);
      case Op::FOR_ITER: return expect(in, 1, ItemKind::kObject);
      case Op::SEND: return objects(in, 2);
      case Op::RESUME: return checkResume(in, i);
      case Op::PUSH_EXC_INFO: return expect(in, 1, ItemKind::kException);
      case Op::POP_EXCEPT: return expect(in, 1, ItemKind::kHandled);
      case Op::RERAISE:  // below: the position; the handler refuses what is None
        return expect(in, 1, ItemKind::kHandled) && (n == 0 || expect(in, n + 1, ItemKind::kObject));
      case Op::CHECK_EXC_MATCH: return objects(in, 1) && expect(in, 2, ItemKind::kException);
      case Op::CHECK_EG_MATCH: return objects(in, 1) && expect(in, 2, ItemKind::kHandled);
      case Op::PREP_RERAISE_STAR: return expect(in, 1, ItemKind::kList) && expect(in, 2, ItemKind::kException);
      case Op::WITH_EXCEPT_START: return expect(in, 1, ItemKind::kException) && expect(in, 4, ItemKind::kObject);
      case Op::END_ASYNC_FOR: return expect(in, 1, ItemKind::kException) && expect(in, 2, ItemKind::kObject);
      case Op::CALL: return objects(in, n + 1) && reach(in, n + 2) && checkKeywords(in, i);
      case Op::KW_NAMES: return checkKeywordNames(in, i);
      case Op::CALL_FUNCTION_EX:
        return within(in, 0, 1) && objects(in, n + 2) && reach(in, n + 3) && (n == 0 || expect(in, 1, ItemKind::kDict));
      case Op::MAKE_FUNCTION: return checkFunction(in);
      default: return objects(in, pops);
    }
  }

  // `yield from` and `await` go on behind the SEND two instructions before.
  bool checkResume(const Instruction& in, uint32_t i) {
    if ((in.argument & 3) < 2) return true;
    return (i >= 2 && instructions_[i - 1].op == Op::YIELD_VALUE && instructions_[i - 2].op == Op::SEND) ||
           refuse(in, "it does not follow SEND and YIELD_VALUE");
  }
  // KW_NAMES belongs to the CALL behind it, with at most PRECALL in between.
  bool checkKeywordNames(const Instruction& in, uint32_t i) {
    if (constantNames(in.argument) == nullptr) return refuse(in, "the constant is not a tuple of names");
    for (uint32_t next = i + 1; next < instructions_.size(); next++) {
      if (instructions_[next].isTarget) return refuse(in, "a jump leads behind it");
      if (instructions_[next].op == Op::CALL) return true;
      if (instructions_[next].op != Op::PRECALL) break;
    }
    return refuse(in, "it is not followed by CALL");
  }
  bool checkKeywords(const Instruction& in, uint32_t i) {
    for (uint32_t k = i; k-- > 0;) {
      const Instruction& before = instructions_[k];
      if (before.op == Op::PRECALL) continue;
      if (before.op != Op::KW_NAMES) return true;
      Tuple* names = constantNames(before.argument);
      return (names != nullptr && names->length <= in.argument) || refuse(in, "it has fewer arguments than keywords");
    }
    return true;
  }
  bool checkFunction(const Instruction& in) {
    if (!within(in, 0, 15) || !expect(in, 1, ItemKind::kCode)) return false;
    const Code* function = code_->constants->items[top(1).number].get().as<Code>();
    uint32_t k = 2;
    bool hasClosure = (in.argument & 8) != 0;
    if (hasClosure) {
      if (!expect(in, k, ItemKind::kClosure)) return false;
      if (top(k++).number != function->freeCount) return refuse(in, "the closure does not fit the function");
    } else if (function->freeCount != 0) {
      return refuse(in, "the function needs a closure");
    }
    if ((in.argument & 4) && !expect(in, k++, ItemKind::kTuple)) return false;
    if ((in.argument & 2) && !expect(in, k++, ItemKind::kDict)) return false;
    return !(in.argument & 1) || expect(in, k, ItemKind::kTuple);
  }

  // --- what instructions leave --------------------------------------------------------------------------------------------
  Item constantItem(uint32_t index) const {
    Value constant = code_->constants->items[index].get();
    if (isKind(constant, Kind::kTuple)) return {ItemKind::kTuple};
    if (isKind(constant, Kind::kStr)) return {ItemKind::kStr};
    if (isKind(constant, Kind::kCode)) return {ItemKind::kCode, index};
    return {};
  }

  void apply(const Instruction& in, uint32_t pops, uint32_t pushes) {
    if (in.op == Op::SWAP) {
      std::swap(top(1), top(in.argument));
      changedFrom_ = std::min(changedFrom_, depth() - in.argument);
      return;
    }
    Item result;
    switch (in.op) {
      case Op::COPY: result = top(in.argument); break;
      case Op::PUSH_NULL: result = {ItemKind::kNull}; break;
      case Op::LOAD_CONST: result = constantItem(in.argument); break;
      case Op::LOAD_CLOSURE: result = {ItemKind::kCell}; break;
      case Op::BUILD_TUPLE: result = tupleOf(pops); break;
      case Op::LIST_TO_TUPLE: result = {ItemKind::kTuple}; break;
      case Op::BUILD_LIST: result = {ItemKind::kList}; break;
      case Op::BUILD_SET: result = {ItemKind::kSet}; break;
      case Op::BUILD_MAP:
      case Op::BUILD_CONST_KEY_MAP: result = {ItemKind::kDict}; break;
      case Op::BUILD_STRING:
      case Op::FORMAT_VALUE: result = {ItemKind::kStr}; break;
      case Op::PREP_RERAISE_STAR:
      case Op::CHECK_EG_MATCH: result = {ItemKind::kHandled}; break;
      default: break;
    }
    depth_ -= pops;
    changedFrom_ = std::min(changedFrom_, depth());
    for (; pushes > 0; pushes--) stack_[depth_++] = result;
    if (in.op == Op::LOAD_GLOBAL && (in.argument & 1)) top(2) = {ItemKind::kNull};
    if (in.op == Op::LOAD_METHOD) top(2) = {ItemKind::kMaybeNull};
    if (in.op == Op::PUSH_EXC_INFO) {
      top(2) = {ItemKind::kHandled};
      top(1) = {ItemKind::kException};
    }
  }
  Item tupleOf(uint32_t count) {
    for (uint32_t k = 1; k <= count; k++)
      if (top(k).kind != ItemKind::kCell) return {ItemKind::kTuple};
    return count == 0 ? Item{ItemKind::kTuple} : Item{ItemKind::kClosure, count};
  }

  Thread& thread_;
  Code* code_;
  uint32_t units_;
  std::string reason_;
  bool makesGenerator_ = false;
  uint32_t depth_ = 0;
  uint32_t changedFrom_ = 0;  // lowest item that has changed since the current handler last saw the stack
  boost::container::small_vector<Instruction, 128> instructions_;
  boost::container::small_vector<uint32_t, 256> at_;  // code unit -> instruction that starts there
  boost::container::small_vector<bool, 32> made_;     // variables that are cells after the prologue
  boost::container::small_vector<TableEntry, 16> entries_;
  boost::container::small_vector<Item, 32> stack_;         // depth_ items, room for co_stacksize
  boost::container::small_vector<uint32_t, 128> stateOf_;  // instruction -> merge point
  boost::container::small_vector<State, 32> merges_;
  boost::container::small_vector<Item, 128> states_;
  boost::container::small_vector<uint32_t, 32> pending_;
};

}  // namespace

Fallible<void> verify(Thread& thread, Code* code) {
  if (code->isVerified) return {};
  try {
    return Verifier(thread, code).run();
  } catch (const std::bad_alloc&) {
    return raiseMemoryError(thread);
  }
}

}  // namespace krait
