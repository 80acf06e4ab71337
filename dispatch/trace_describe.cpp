// What the trace of executed instructions says about code: arguments in words, table entries, source lines.
#include <fmt/core.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

#include "dispatch/trace_exec.h"
#include "dispatch/trace_values.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/exception_table.h"
#include "vm/opcode.h"
#include "vm/prepared.h"
#include "vm/tracing.h"

namespace krait {
namespace {

constexpr const char* kComparisons[] = {"<", "<=", "==", "!=", ">", ">="};
constexpr const char* kOperators[] = {"+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^"};
constexpr long kLargestSource = 4 << 20;

std::string itemText(const Tuple* tuple, uint32_t i, bool quoted) {
  if (i >= tuple->length) return "?";
  Value item = tuple->items[i];
  return quoted || toStr(item) == nullptr ? shortText(item) : strToUtf8(toStr(item));
}

// What the argument stands for; empty where the number says it all.
std::string meaning(const Code* code, Op op, uint32_t argument, int next) {
  const Facts& facts = kFacts[static_cast<unsigned>(op)];
  switch (op) {
    case Op::LOAD_GLOBAL: {
      std::string name = itemText(code->names, argument >> 1, false);
      return (argument & 1) != 0 ? "NULL + " + name : name;
    }
    case Op::COMPARE_OP: return argument < 6 ? kComparisons[argument] : "";
    case Op::BINARY_OP:
      return argument >= 26 ? "" : argument >= 13 ? std::string(kOperators[argument - 13]) + "=" : kOperators[argument];
    case Op::MAKE_FUNCTION: {
      constexpr const char* kParts[] = {"defaults", "kwdefaults", "annotations", "closure"};
      std::string text;
      for (unsigned i = 0; i < 4; i++)
        if (argument >> i & 1) text += (text.empty() ? "" : ", ") + std::string(kParts[i]);
      return text;
    }
    default: break;
  }
  switch (facts.operand) {
    case OperandKind::kConst: return itemText(code->constants, argument, true);
    case OperandKind::kName: return itemText(code->names, argument, false);
    case OperandKind::kLocal: return itemText(code->localsplusNames, argument, false);
    case OperandKind::kTarget: {
      int distance = static_cast<int>(argument) * 2;
      return fmt::format("to {}", facts.jumpsBackward ? next - distance : next + distance);
    }
    default: return "";
  }
}

std::map<std::string, std::vector<std::string>>& sources() {
  static auto* all = new std::map<std::string, std::vector<std::string>>;
  return *all;
}

std::vector<std::string> splitLines(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    if (end == std::string::npos) end = text.size();
    std::string line = text.substr(at, end - at);
    while (!line.empty() && (line.back() == '\r' || line.back() == '\f')) line.pop_back();
    lines.push_back(line);
    at = end + 1;
  }
  return lines;
}

}  // namespace

int nextOffset(const Code* code, int offset) {
  const uint8_t* bytes = code->code->data;
  int length = static_cast<int>(code->code->length), next = offset + 2;
  while (next < length && bytes[next] == 0) next += 2;  // CACHE
  return next;
}

TracedInstruction describeInstruction(const Code* code, int offset, uint32_t argument) {
  const uint8_t* bytes = code->code->data;
  Op op = opOfCanonical(bytes[offset]);
  TracedInstruction instruction{offset, code->prepared != nullptr ? tracedLine(code, offset) : lineAt(code, offset),
                                "?", "", nextOffset(code, offset)};
  if (op == Op::kCount) return instruction;
  instruction.name = kOpNames[static_cast<unsigned>(op)];
  if (bytes[offset] >= kHaveArgument) {
    std::string words = op == Op::EXTENDED_ARG ? "" : meaning(code, op, argument, instruction.next);
    instruction.argument = words.empty() ? fmt::format("{}", argument) : fmt::format("{} ({})", argument, words);
  }
  return instruction;
}

std::vector<TableEntry> exceptionTable(const Code* code) {
  std::vector<TableEntry> entries;
  ExceptionTableReader reader(code);
  for (ExceptionTableEntry entry; reader.next(entry);) {
    int start = static_cast<int>(entry.start) * 2, end = start + static_cast<int>(entry.length) * 2;
    entries.push_back(
        {start, end, static_cast<int>(entry.target) * 2, static_cast<int>(entry.depth), entry.pushesLasti});
  }
  return entries;
}

std::string textOf(const TableEntry& entry) {
  return fmt::format("{} to {} -> {} [{}]{}", entry.start, entry.end - 2, entry.target, entry.depth,
                     entry.pushesLasti ? " lasti" : "");
}

void setCommandSource(std::string source) { sources()["<string>"] = splitLines(source); }

const std::vector<std::string>& sourceLines(const std::string& filename) {
  auto [place, isNew] = sources().try_emplace(filename);
  struct stat info {};
  if (isNew && stat(filename.c_str(), &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= kLargestSource) {
    std::ifstream in(filename, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    place->second = splitLines(text);
  }
  return place->second;
}

}  // namespace krait
