// Reads words for those who show them, names of CPython's forms included.
#include "specialize/word_view.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "specialize/families/shapes.h"
#include "specialize/observe.h"
#include "specialize/policy.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/code.h"

namespace krait {

const char* const kWordStateNames[] = {
    "", "generic", "waiting", "specialised", "polymorphic", "deoptimised", "unspecialisable"};

namespace {

const OpRelation& relationOf(Op op) { return kRelations[static_cast<unsigned>(op)]; }
std::string_view nameOf(Op op) { return kOpNames[static_cast<unsigned>(op)]; }

uint8_t cpythonOpcode(std::string_view name) {
#define CPYTHON_FORM(form, number) \
  if (name == #form) return number;
#include "specialize/cpython_forms.def"
#undef CPYTHON_FORM
  return 0;
}

// CPython tells methods by where the instance keeps its attributes.
uint8_t methodOpcode(Pc word) {
  const Shape* shape = reinterpret_cast<const Shape*>(uintptr_t{word[kHeadUnits].shape});
  if (shape == nullptr) return 0;
  if (shape->isDictionary) return cpythonOpcode("LOAD_METHOD_WITH_DICT");
  return cpythonOpcode((shape->type->typeFlags & Type::kHeapType) ? "LOAD_METHOD_WITH_VALUES" : "LOAD_METHOD_NO_DICT");
}

// Whether a sum goes to the local variable that it began with, as in `s += x`.
bool extendsLocal(const Code* code, Pc word) {
  const uint8_t* bytes = code->code->data;
  int at = offsetOf(code, word), next = at + 2, length = static_cast<int>(code->code->length);
  while (next < length && bytes[next] == 0) next += 2;  // CACHE
  const uint8_t store = kCanonicalNumber[static_cast<unsigned>(Op::STORE_FAST)],
                load = kCanonicalNumber[static_cast<unsigned>(Op::LOAD_FAST)];
  if (next >= length || bytes[next] != store) return false;
  bool isInPlace = bytes[at + 1] >= 13;
  return isInPlace || (at >= 4 && bytes[at - 4] == load && bytes[at - 3] == bytes[next + 1]);
}

// Whether the attribute of the word's cache is one of __slots__: they lie before all others.
bool isOfSlots(Pc word) {
  const Shape* shape = reinterpret_cast<const Shape*>(uintptr_t{word[kHeadUnits].shape});
  return shape != nullptr && word[kHeadUnits].slot < shape->type->slotCount;
}

// CPython specialises comparisons only together with the jump behind them.
uint8_t compareOpcode(Pc word, std::string_view form) {
  switch (kBaseOp[static_cast<unsigned>(opAt(word + wordUnits(ownOpAt(word))))]) {
    case Op::POP_JUMP_FORWARD_IF_FALSE:
    case Op::POP_JUMP_FORWARD_IF_TRUE:
    case Op::POP_JUMP_BACKWARD_IF_FALSE:
    case Op::POP_JUMP_BACKWARD_IF_TRUE: break;
    default: return 0;
  }
  for (const char* type : {"INT", "FLOAT", "STR"})
    if (form.ends_with(type) && !form.ends_with("BIG_INT"))
      return cpythonOpcode(fmt::format("COMPARE_OP_{}_JUMP", type));
  return cpythonOpcode("COMPARE_OP_ADAPTIVE");  // what only we have a form for
}

std::string shapeText(uint32_t address) {
  if (address == 0) return "no shape";
  const Shape* shape = reinterpret_cast<const Shape*>(uintptr_t{address});
  std::string text = strToUtf8(shape->type->name.get());
  if (shape->isDictionary) return text + " (dictionary)";
  std::string slots;
  for (uint32_t i = 0; i < shape->slotCount && shape->names.get() != nullptr; i++) {
    Value name = shape->names->slots[i];
    slots += (slots.empty() ? "" : ", ") + (toStr(name) != nullptr ? strToUtf8(toStr(name)) : std::string("?"));
  }
  return text + "{" + slots + "}";
}

std::string formCacheText(Pc word, Op form) {
  const Facts& facts = kFacts[static_cast<unsigned>(form)];
  Unit* unit = const_cast<Unit*>(word);
  const InlineCache& cache = cacheOf(unit);
  std::string text;
  if (isPolymorphic(form) && cacheAs<PolymorphicCache>(unit).entries != nullptr) {
    constexpr const char* kActions[] = {"slot", "overflow slot", "class value", "transition to slot"};
    const auto& several = cacheAs<PolymorphicCache>(unit);
    for (uint16_t i = 0; i < several.slot; i++) {
      const PolymorphicEntry& entry = several.entries[i];
      text += fmt::format("{}{}: {}", i == 0 ? "" : "; ", shapeText(entry.shape),
                          entry.action < std::size(kActions) ? kActions[entry.action] : "?");
      if (entry.action != PolymorphicEntry::kClass) text += fmt::format(" {}", entry.slot);
    }
    text += ", ";
  } else if (facts.holdsShape) {
    text = fmt::format("{}, slot {}, ", shapeText(cache.shape), cache.slot);
  } else if (facts.usesCache) {
    text = fmt::format("version {}, slot {}, ", cache.shape, cache.slot);
  }
  return text + fmt::format("{} misses left", cache.counter);
}

// A constant as repr() would show it, as far as that needs no Python.
std::string constantText(Value v) {
  if (v.isNone()) return "None";
  if (const Str* text = toStr(v)) return "'" + strToUtf8(text).substr(0, 40) + "'";
  if (v.isInlineInt()) return fmt::format("{}", v.asInlineInt());
  return fmt::format("<{}>", strToUtf8(typeOf(v)->name.get()));
}

}  // namespace

WordState stateOf(Pc word) {
  Op own = ownOpAt(word);
  const OpRelation& relation = relationOf(own);
  switch (relation.kind) {
    case OpClass::kForm: return isPolymorphic(own) ? WordState::kPolymorphic : WordState::kSpecialised;
    case OpClass::kAdaptive:
      if (failureAt(word) != 0) return WordState::kUnspecialisable;
      return backoffAt(word) != 0 ? WordState::kDeoptimised : WordState::kWaiting;
    default:
      if (adaptiveOf(relation.generic) == relation.generic) return WordState::kPlain;
      return failureAt(word) != 0 ? WordState::kUnspecialisable : WordState::kGeneric;
  }
}

std::string cacheText(Pc word) {
  Op own = ownOpAt(word);
  switch (stateOf(word)) {
    case WordState::kSpecialised:
    case WordState::kPolymorphic: return formCacheText(word, own);
    case WordState::kUnspecialisable:
      if (relationOf(own).kind != OpClass::kAdaptive)
        return fmt::format("{}, stays generic", kFailureTexts[failureAt(word)]);
      return fmt::format("{}, next attempt in {}", kFailureTexts[failureAt(word)], word[kHeadUnits].counter);
    case WordState::kDeoptimised:
      return fmt::format("given up {} time{}, next attempt in {}", backoffAt(word), backoffAt(word) == 1 ? "" : "s",
                         word[kHeadUnits].counter);
    case WordState::kWaiting: return fmt::format("next attempt in {}", word[kHeadUnits].counter);
    default: return "";
  }
}

int offsetOf(const Code* code, Pc word) {
  return static_cast<int>(code->prepared->canonicalOf[word - code->prepared->entry]);
}
int firstOffsetOf(const Code* code, Pc word) {
  return offsetOf(code, word) - 2 * code->prepared->foldedUnits[word - code->prepared->entry];
}

std::string operandText(const Code* code, Pc word) {
  // The generic instruction's: a form may do without the operand.
  switch (kFacts[static_cast<unsigned>(relationOf(ownOpAt(word)).generic)].operand) {
    case OperandKind::kNone: return "";
    case OperandKind::kOparg: return fmt::format("{}", word[1].operand);
    case OperandKind::kConst: return constantText((word + word[1].offset)->value);
    case OperandKind::kName: return strToUtf8((word + word[1].offset)->value.as<Str>());
    case OperandKind::kLocal: {
      auto local = static_cast<int64_t>(word[1].offset) + code->localCount;
      if (local < 0 || local >= code->localCount) return "";
      return strToUtf8(code->localsplusNames->items[local].get().as<Str>());
    }
    case OperandKind::kTarget: return fmt::format("to {}", offsetOf(code, word + word[1].offset));
  }
  return "";
}

CPythonOpcodes cpythonOpcodes(const Code* code, Pc word) {
  Op op = opAt(word), own = ownOpAt(word);
  if (code->prepared->heat == 0 && policy.kind != Policy::kNone) {  // CPython, too, stops counting then
    if (own == Op::RESUME) return {cpythonOpcode("RESUME_QUICK"), 0};
    if (own == Op::JUMP_BACKWARD) return {cpythonOpcode("JUMP_BACKWARD_QUICK"), 0};
  }
  const OpRelation& relation = relationOf(own);
  if (relationOf(op).kind == OpClass::kFused)
    if (uint8_t both = cpythonOpcode(nameOf(op))) return {both, 0};
  Op baseOp = kBaseOp[static_cast<unsigned>(own)];
  bool isCall = baseOp == Op::CALL;
  uint8_t adaptive = cpythonOpcode(std::string(nameOf(baseOp)) + "_ADAPTIVE");
  // Warm instructions that have found no form stay adaptive in CPython; operators for which there is none do not.
  bool isWarm = code->prepared->heat == 0 && policy.kind != Policy::kNone;
  auto operation = static_cast<BinaryOperator>(code->code->data[offsetOf(code, word) + 1] % 13);
  bool hasForms = operation == BinaryOperator::kAdd || operation == BinaryOperator::kSubtract ||
                  operation == BinaryOperator::kMultiply;
  bool givesUp = (baseOp == Op::BINARY_OP && !hasForms) || baseOp == Op::COMPARE_OP;
  CPythonOpcodes waiting{0, 0};
  if ((isWarm && !givesUp) || relation.kind == OpClass::kAdaptive)
    waiting = {adaptive, isCall ? cpythonOpcode("PRECALL_ADAPTIVE") : uint8_t{0}};
  if (relation.kind != OpClass::kForm) return waiting;
  std::string name(nameOf(own));
  if (own == ops::LOAD_METHOD_CACHED) return {methodOpcode(word), 0};
  // Of operand forms, of calls with the method below, and of what is called most: CPython has one form for several.
  static constexpr struct {
    std::string_view ours, cpythons;
    bool isWhole;  // `ours` and whatever follows it, else what follows stays
  } kShared[] = {{"LOAD_GLOBAL_NULL_", "LOAD_GLOBAL_", false},
                 {"CALL_METHOD_PY_", "CALL_PY_", false},
                 {"CALL_NO_KW_RANGE_", "CALL_BUILTIN_CLASS", true},
                 {"CALL_NO_KW_CHR", "CALL_NO_KW_BUILTIN_O", true},
                 {"CALL_NO_KW_LEN_PY", "CALL_NO_KW_LEN", true},
                 {"CALL_NO_KW_NEXT_GEN", "CALL_NO_KW_BUILTIN_FAST", true},
                 {"CALL_NO_KW_GEN_SEND", "CALL_NO_KW_METHOD_DESCRIPTOR_O", true}};
  for (const auto& shared : kShared)
    if (name.starts_with(shared.ours))
      name = std::string(shared.cpythons) + (shared.isWhole ? "" : name.substr(shared.ours.size()));
  uint8_t number = cpythonOpcode(name);
  if (baseOp == Op::COMPARE_OP) number = compareOpcode(word, name);
  if (name == "BINARY_OP_ADD_UNICODE" && extendsLocal(code, word))
    number = cpythonOpcode("BINARY_OP_INPLACE_ADD_UNICODE");
  if (name == "STORE_ATTR_INSTANCE_VALUE" && isOfSlots(word)) number = cpythonOpcode("STORE_ATTR_SLOT");
  if (!isCall) return number != 0 ? CPythonOpcodes{number, 0} : waiting;
  // What calls C++ is decided by CPython's PRECALL, what enters Python by its CALL.
  if (number != 0) return {number, cpythonOpcode("PRECALL_PYFUNC")};
  if (uint8_t precall = cpythonOpcode("PRE" + name)) return {adaptive, precall};
  return waiting;
}

uint64_t codeHash(const Code* code) {
  uint64_t h = 0xcbf29ce484222325u;
  for (uint64_t i = 0; i < code->code->length; i++) h = (h ^ code->code->data[i]) * 0x100000001b3u;
  return h;
}

void findCalledCode(RootVector& sorted) {
  RootVector found;
  heap.forEachCell(
      [](Cell* cell, void* context) {
        if (cell->kind != Kind::kCode || static_cast<Code*>(cell)->prepared == nullptr) return;
        (void)static_cast<RootVector*>(context)->push(Value::of(cell));
      },
      &found);
  struct Key {
    std::string file;
    uint32_t line;
    std::string name;
    uint64_t hash;
    size_t index;
    auto operator<=>(const Key&) const = default;
  };
  std::vector<Key> keys;
  for (size_t i = 0; i < found.size(); i++) {
    auto* code = found[i].as<Code>();
    keys.push_back({strToUtf8(code->filename), code->firstLine, strToUtf8(code->qualname), codeHash(code), i});
  }
  std::sort(keys.begin(), keys.end());
  for (const Key& key : keys) (void)sorted.push(found[key.index]);
}

// --- listing ----------------------------------------------------------------------------------------------------------
std::string listing(const Code* code) {
  std::string text = fmt::format("{} ({}:{}), policy {}\n", strToUtf8(code->qualname), strToUtf8(code->filename),
                                 code->firstLine, policyName());
  PreparedCode* prepared = code->prepared;
  if (prepared == nullptr) return text + "  never called\n";
  if (prepared->heat != 0) text += fmt::format("  not warm: {} calls or backward jumps to go\n", prepared->heat);
  int line = -1;
  forEachWord(prepared, [&](Pc word) {
    int offset = offsetOf(code, word), here = lineAt(code, offset);
    Op op = opAt(word), own = ownOpAt(word);
    std::string operand = operandText(code, word), cache = cacheText(word);
    std::string row =
        fmt::format("{:>6}{:>7}  {:<38} {:<16} {:<15} {}", here != line && here > 0 ? fmt::format("{}", here) : "",
                    offset, nameOf(own), operand, kWordStateNames[static_cast<unsigned>(stateOf(word))], cache);
    if (relationOf(op).kind == OpClass::kFused)
      row += fmt::format("{}with the next word: {}", cache.empty() ? "" : ", ", nameOf(op));
    line = here;
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  });
  return text;
}

}  // namespace krait
