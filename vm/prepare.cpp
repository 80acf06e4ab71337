// From canonical bytecode to prepared words: arguments folded and resolved, caches inserted, operand forms chosen.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "vm/builtins/bytes.h"
#include "vm/builtins/tuple.h"
#include "vm/exception_table.h"
#include "vm/prepared.h"
#include "vm/tracing.h"
#include "vm/verify.h"

namespace krait {
namespace {

struct Decoded {
  uint32_t first;  // code unit of the first instruction folded into this one (EXTENDED_ARG, NOP, PRECALL, KW_NAMES)
  uint32_t at;     // code unit of the instruction itself
  uint32_t after;  // code unit behind its caches
  uint32_t argument;
  uint32_t unit;  // where its word begins
  Op op;          // the chosen form
  int32_t names;  // CALL_KW: index of the keyword names, else -1
};

// The operand form of a base instruction with this argument, if there is one.
Op chooseForm(Op op, uint32_t argument) {
  switch (op) {
    case Op::BINARY_OP:
      switch (static_cast<BinaryOperator>(argument % 13)) {
        case BinaryOperator::kAdd: return Op::BINARY_OP_ADD;
        case BinaryOperator::kSubtract: return Op::BINARY_OP_SUBTRACT;
        case BinaryOperator::kMultiply: return Op::BINARY_OP_MULTIPLY;
        case BinaryOperator::kTrueDivide: return Op::BINARY_OP_TRUE_DIVIDE;
        case BinaryOperator::kFloorDivide: return Op::BINARY_OP_FLOOR_DIVIDE;
        case BinaryOperator::kRemainder: return Op::BINARY_OP_REMAINDER;
        case BinaryOperator::kAnd: return Op::BINARY_OP_AND;
        case BinaryOperator::kOr: return Op::BINARY_OP_OR;
        case BinaryOperator::kXor: return Op::BINARY_OP_XOR;
        case BinaryOperator::kLeftShift: return Op::BINARY_OP_LSHIFT;
        case BinaryOperator::kRightShift: return Op::BINARY_OP_RSHIFT;
        default: return op;
      }
    case Op::COMPARE_OP: {
      constexpr Op kForms[] = {Op::COMPARE_OP_LT, Op::COMPARE_OP_LE, Op::COMPARE_OP_EQ,
                               Op::COMPARE_OP_NE, Op::COMPARE_OP_GT, Op::COMPARE_OP_GE};
      return argument < 6 ? kForms[argument] : op;
    }
    case Op::LOAD_GLOBAL: return (argument & 1) ? Op::LOAD_GLOBAL_NULL : op;
    default: return op;
  }
}

class Preparer {
 public:
  Preparer(Thread& thread, Code* code, PreparedForm form)
      : thread_(thread),
        code_(code),
        form_(form),
        units_(static_cast<uint32_t>(code->code->length / 2)),
        constants_(code->constants->length),
        names_(code->names->length) {}

  Fallible<void> run() {
    TRY(decode());
    markTargets();
    fold();
    return emit();
  }

 private:
  uint8_t opcodeAt(uint32_t unit) const { return code_->code->data[unit * 2]; }
  uint8_t argumentAt(uint32_t unit) const { return code_->code->data[unit * 2 + 1]; }
  const Facts& facts(Op op) const { return kFacts[static_cast<unsigned>(op)]; }

  Raised malformed(const char* why) { return raise(thread_, exceptions.SystemError, why); }

  Fallible<void> decode() {
    decoded_.reserve(units_);
    uint32_t argument = 0, first = 0;
    bool extended = false;
    for (uint32_t at = 0; at < units_;) {
      Op op = opOfCanonical(opcodeAt(at));
      if (op == Op::kCount) return malformed("unknown opcode");
      uint32_t after = at + 1;
      while (after < units_ && opcodeAt(after) == 0) after++;  // CACHE
      argument = argument << 8 | argumentAt(at);
      if (!extended || form_ == PreparedForm::kOneToOne) first = at;
      extended = op == Op::EXTENDED_ARG;
      if (!extended || form_ == PreparedForm::kOneToOne) decoded_.push_back({first, at, after, argument, 0, op, -1});
      if (!extended) argument = 0;
      at = after;
    }
    if (decoded_.empty()) return malformed("empty bytecode");
    return {};
  }

  // Code units that something jumps to: an instruction there cannot be folded into a later word.
  void markTargets() {
    isTarget_.assign(units_ + 1, false);
    for (const Decoded& d : decoded_) {
      if (facts(d.op).operand != OperandKind::kTarget) continue;
      uint32_t target = jumpTarget(d);
      if (target <= units_) isTarget_[target] = true;
    }
    ExceptionTableReader reader(code_);
    for (ExceptionTableEntry entry; reader.next(entry);)
      for (uint32_t unit : {entry.start, entry.start + entry.length, entry.target})
        if (unit <= units_) isTarget_[unit] = true;
  }
  uint32_t jumpTarget(const Decoded& d) const {
    return facts(d.op).jumpsBackward ? d.after - d.argument : d.after + d.argument;
  }

  // Drops what the fast form does not need and chooses forms.
  void fold() {
    size_t kept = 0;
    int32_t names = -1;
    bool folding = false;
    uint32_t first = 0;
    for (const Decoded& each : decoded_) {
      Decoded d = each, word = d;  // `kept` never overtakes `each`
      if (folding && !isTarget_[d.first]) word.first = first;
      if (d.op == Op::KW_NAMES) names = static_cast<int32_t>(d.argument);
      bool droppable = d.op == Op::NOP || d.op == Op::PRECALL || d.op == Op::KW_NAMES;
      if (droppable && form_ == PreparedForm::kFast && !isTarget_[d.after] && &each != &decoded_.back()) {
        first = word.first;
        folding = true;
        continue;
      }
      folding = false;
      word.op = chooseForm(d.op, d.argument);
      if (d.op == Op::CALL && names >= 0) {
        word.op = Op::CALL_KW;
        word.names = names;
      }
      if (d.op == Op::CALL) names = -1;
      decoded_[kept++] = word;
    }
    decoded_.erase(decoded_.begin() + static_cast<ptrdiff_t>(kept), decoded_.end());
  }

  Fallible<void> emit() {
    uint64_t words = 0;
    for (Decoded& d : decoded_) {
      d.unit = static_cast<uint32_t>(words);
      words += static_cast<uint64_t>(wordUnits(d.op));
    }
    uint64_t bytes = sizeof(PreparedCode) + (constants_ + names_ + words + kHeadUnits) * sizeof(Unit) +
                     words * sizeof(uint32_t) + (units_ + 1) * sizeof(uint32_t) + words;
    if (words > 0x3fffffff) return malformed("code too large");
    void* memory = std::calloc(1, bytes);
    if (memory == nullptr) return raiseMemoryError(thread_);
    auto* prepared = static_cast<PreparedCode*>(memory);
    auto* pool = reinterpret_cast<Unit*>(prepared + 1);
    Unit* entry = pool + constants_ + names_;
    prepared->entry = entry;
    prepared->unitCount = static_cast<uint32_t>(words);
    prepared->canonicalOf = reinterpret_cast<uint32_t*>(entry + words + kHeadUnits);  // the head: no next word
    prepared->unitOf = prepared->canonicalOf + words;
    prepared->foldedUnits = reinterpret_cast<uint8_t*>(prepared->unitOf + units_ + 1);
    prepared->form = form_;
    prepared->bytes = bytes;
    bool simple = !(code_->codeFlags & (Code::kVarargs | Code::kVarkeywords)) && code_->keywordOnlyCount == 0 &&
                  (code_->codeFlags & Code::kOptimized);
    prepared->simpleArguments = simple ? code_->argumentCount : ~uint32_t{0};
    prepared->localCount = code_->localCount;
    prepared->frameWords = code_->localCount + kFrameWords + code_->stackSize;
    for (uint64_t i = 0; i < constants_; i++) pool[i].value = code_->constants->items[i].get();
    for (uint64_t i = 0; i < names_; i++) pool[constants_ + i].value = code_->names->items[i].get();
    for (const Decoded& d : decoded_) {
      for (uint32_t u = d.first; u < d.after; u++) prepared->unitOf[u] = d.unit;
      for (int u = 0; u < wordUnits(d.op); u++) prepared->canonicalOf[d.unit + static_cast<uint32_t>(u)] = d.at * 2;
      uint32_t folded = d.at - d.first;
      prepared->foldedUnits[d.unit] = static_cast<uint8_t>(folded > 255 ? 255 : folded);
    }
    prepared->unitOf[units_] = static_cast<uint32_t>(words);
    for (const Decoded& d : decoded_) {
      if (emitWord(entry + d.unit, entry, prepared, d).isRaised()) {
        std::free(memory);
        return Raised{};
      }
    }
    if (!heap.registerFinaliser(thread_, code_)) {
      std::free(memory);
      return raiseMemoryError(thread_);
    }
    heap.accountExternal(static_cast<int64_t>(bytes));
    prepared->next = preparedCodes;
    if (preparedCodes != nullptr) preparedCodes->previous = prepared;
    preparedCodes = prepared;
    code_->prepared = prepared;
    if (tracingThreads != 0) traceWords(prepared);
    return {};
  }

  Fallible<void> emitWord(Unit* word, Unit* entry, PreparedCode* prepared, const Decoded& d) {
    rewrite(word, d.op);
    uint64_t argument = d.argument;
    switch (facts(d.op).operand) {
      case OperandKind::kNone:
      case OperandKind::kOparg: word[1].operand = d.argument; break;
      case OperandKind::kConst:
        if (argument >= constants_) return malformed("constant index out of range");
        word[1].offset = static_cast<int32_t>(entry - (constants_ + names_) + argument - word);
        break;
      case OperandKind::kName:
        if (kBaseOp[static_cast<unsigned>(d.op)] == Op::LOAD_GLOBAL) argument >>= 1;
        if (argument >= names_) return malformed("name index out of range");
        word[1].offset = static_cast<int32_t>(entry - names_ + argument - word);
        break;
      case OperandKind::kLocal:
        if (argument >= code_->localCount) return malformed("local index out of range");
        word[1].offset = static_cast<int32_t>(argument) - static_cast<int32_t>(code_->localCount);
        break;
      case OperandKind::kTarget: {
        uint32_t target = jumpTarget(d);
        if (target >= units_) return malformed("jump target out of range");
        word[1].offset = static_cast<int32_t>(prepared->unitOf[target]) - static_cast<int32_t>(d.unit);
        break;
      }
    }
    if (d.names >= 0) {
      if (static_cast<uint64_t>(d.names) >= constants_) return malformed("constant index out of range");
      word[kKeywordNamesUnit].value = code_->constants->items[d.names].get();
    }
    return {};
  }

  Thread& thread_;
  Code* code_;
  PreparedForm form_;
  uint32_t units_;
  uint64_t constants_, names_;
  std::vector<Decoded> decoded_;
  std::vector<bool> isTarget_;
};

}  // namespace

Fallible<void> prepare(Thread& thread, Code* code, PreparedForm form) {
  if (code->prepared != nullptr) return {};
  if (!code->isVerified) TRY(verify(thread, code));
  try {
    return Preparer(thread, code, form).run();
  } catch (const std::bad_alloc&) {
    return raiseMemoryError(thread);
  }
}

void releasePrepared(Code* code) {
  if (code->prepared == nullptr) return;
  PreparedCode* prepared = code->prepared;
  heap.accountExternal(-static_cast<int64_t>(prepared->bytes));
  if (prepared->release != nullptr) prepared->release(prepared);
  (prepared->previous == nullptr ? preparedCodes : prepared->previous->next) = prepared->next;
  if (prepared->next != nullptr) prepared->next->previous = prepared->previous;
  std::free(prepared->lines);
  std::free(prepared);
  code->prepared = nullptr;
}

}  // namespace krait
