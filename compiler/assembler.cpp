// Lays out the blocks, finds the fixed point of jump distances and EXTENDED_ARG prefixes, and emits bytes and tables.
#include "compiler/assembler.h"

namespace krait::codegen {

namespace {

uint32_t prefixCount(const Instruction& instruction) {
  if (!hasArgument(instruction.op)) return 0;
  uint32_t value = static_cast<uint32_t>(instruction.oparg);
  return (value > 0xff) + (value > 0xffff) + (value > 0xffffff);
}

uint32_t sizeInUnits(const Instruction& instruction) {
  return prefixCount(instruction) + 1 + static_cast<uint32_t>(inlineCacheSize(instruction.op));
}

// Longer jumps may need longer prefixes, which make jumps longer: repeat until nothing moves. Prefixes never shrink
// from one round to the next, so this ends. Answers the length of the code.
uint32_t resolveJumps(const FlowGraph& graph) {
  for (Block* block = graph.entry(); block != nullptr; block = block->next) {
    block->units = 0;
    for (const Instruction& instruction : block->instructions) block->units += sizeInUnits(instruction);
  }
  uint32_t offset;
  bool moved;
  do {
    offset = 0;
    for (Block* block = graph.entry(); block != nullptr; block = block->next) {
      block->offset = offset;
      offset += block->units;
    }
    moved = false;
    for (Block* block = graph.entry(); block != nullptr; block = block->next) {
      if (block->empty() || !isJump(block->last().op)) continue;
      Instruction& jump = block->last();
      uint32_t size = sizeInUnits(jump);
      uint32_t end = block->offset + block->units;
      uint32_t target = jump.target->offset;
      jump.oparg = static_cast<int32_t>(target < end ? end - target : target - end);
      uint32_t larger = sizeInUnits(jump);
      if (larger == size) continue;
      block->units += larger - size;
      moved = true;
    }
  } while (moved);
  return offset;
}

// Into memory that is zero.
uint8_t* emitInstruction(uint8_t* out, const Instruction& instruction) {
  uint32_t oparg = hasArgument(instruction.op) ? static_cast<uint32_t>(instruction.oparg) : 0;
  if (oparg > 0xff) {
    for (uint32_t prefix = prefixCount(instruction); prefix > 0; prefix--) {
      *out++ = static_cast<uint8_t>(Op::EXTENDED_ARG);
      *out++ = static_cast<uint8_t>(oparg >> (8 * prefix));
    }
  }
  *out++ = static_cast<uint8_t>(instruction.op);
  *out++ = static_cast<uint8_t>(oparg);
  // The caches behind it are zero already.
  return out + 2 * inlineCacheSize(instruction.op);
}

void emitExceptionTable(std::vector<uint8_t>& out, FlowGraph& graph) {
  uint32_t offset = 0;
  uint32_t start = 0;
  const Block* handler = nullptr;
  auto close = [&] {
    if (handler == nullptr) return;
    // The handler's depth counts what the interpreter pushes for it: the error, maybe an instruction index below it.
    int32_t depth = handler->startDepth - 1 - (handler->keepsFailingIndex ? 1 : 0);
    appendExceptionEntry(out, start, offset, handler->offset, static_cast<uint32_t>(depth), handler->keepsFailingIndex);
  };
  for (Block* block = graph.entry(); block != nullptr; block = block->next) {
    for (const Instruction& instruction : block->instructions) {
      if (instruction.handler != handler) {
        close();
        start = offset;
        handler = instruction.handler;
      }
      offset += sizeInUnits(instruction);
    }
  }
  close();
}

}  // namespace

AssembledCode assemble(Arena& arena, FlowGraph& graph, int32_t firstLine, std::vector<uint8_t>& scratch) {
  ArenaSpan<uint8_t> bytecode = arena.makeArray<uint8_t>(size_t{resolveJumps(graph)} * 2);
  uint8_t* out = bytecode.data();
  if (scratch.empty()) scratch.resize(1024);
  LocationTableWriter locations(scratch.data(), firstLine);
  for (const Block* block = graph.entry(); block != nullptr; block = block->next) {
    for (const Instruction& instruction : block->instructions) {
      auto written = static_cast<size_t>(locations.end() - scratch.data());
      if (scratch.size() - written < LocationTableWriter::kMostBytes) {
        scratch.resize(scratch.size() * 2);
        locations.continueAt(scratch.data() + written);
      }
      uint8_t* start = out;
      out = emitInstruction(out, instruction);
      locations.add(instruction.location, static_cast<uint32_t>(out - start) / 2);
    }
  }
  auto constant = [](ArenaSpan<uint8_t> span) { return ArenaSpan<const uint8_t>(span.data(), span.size()); };
  AssembledCode code;
  code.bytecode = constant(bytecode);
  code.lineTable = constant(arena.copyArray(scratch.data(), static_cast<size_t>(locations.end() - scratch.data())));
  if (graph.hasHandlers()) {
    std::vector<uint8_t> table;
    emitExceptionTable(table, graph);
    code.exceptionTable = constant(arena.copyOf(table));
  }
  return code;
}

// ---- co_linetable --------------------------------------------------------------------------------------------------

void LocationTableWriter::begin(uint32_t form, uint32_t units) {
  *out_++ = static_cast<uint8_t>(0x80 | form << 3 | (units - 1));
}

void LocationTableWriter::writeUnsigned(uint32_t value) {
  for (; value >= 64; value >>= 6) *out_++ = static_cast<uint8_t>(0x40 | (value & 63));
  *out_++ = static_cast<uint8_t>(value);
}

void LocationTableWriter::writeSigned(int32_t value) {
  uint32_t magnitude = value < 0 ? 0u - static_cast<uint32_t>(value) : static_cast<uint32_t>(value);
  writeUnsigned(magnitude << 1 | (value < 0 ? 1 : 0));
}

void LocationTableWriter::addEntry(const Location& at, uint32_t units) {
  constexpr uint32_t kOneLine = 10, kNoColumns = 13, kLong = 14, kNone = 15;
  if (at.line < 0) return begin(kNone, units);
  int32_t delta = at.line - line_;
  bool oneLine = at.endLine == at.line;
  if (at.column < 0 || at.endColumn < 0) {
    if (oneLine || at.endLine == -1) {
      begin(kNoColumns, units);
      writeSigned(delta);
      line_ = at.line;
      return;
    }
  } else if (oneLine) {
    if (delta == 0 && at.column < 80 && at.endColumn >= at.column && at.endColumn - at.column < 16) {
      begin(static_cast<uint32_t>(at.column) >> 3, units);
      *out_++ = static_cast<uint8_t>((at.column & 7) << 4 | (at.endColumn - at.column));
      return;
    }
    if (delta >= 0 && delta < 3 && at.column < 128 && at.endColumn < 128) {
      begin(kOneLine + static_cast<uint32_t>(delta), units);
      *out_++ = static_cast<uint8_t>(at.column);
      *out_++ = static_cast<uint8_t>(at.endColumn);
      line_ = at.line;
      return;
    }
  }
  begin(kLong, units);
  writeSigned(delta);
  writeUnsigned(static_cast<uint32_t>(at.endLine - at.line));
  writeUnsigned(static_cast<uint32_t>(at.column + 1));
  writeUnsigned(static_cast<uint32_t>(at.endColumn + 1));
  line_ = at.line;
}

void LocationTableWriter::addSlowly(const Location& location, uint32_t units) {
  for (; units > kMostUnits; units -= kMostUnits) addEntry(location, kMostUnits);
  addEntry(location, units);
}

// ---- co_exceptiontable ---------------------------------------------------------------------------------------------

void appendExceptionEntry(std::vector<uint8_t>& out, uint32_t start, uint32_t end, uint32_t target, uint32_t depth,
                          bool keepsFailingIndex) {
  auto write = [&out](uint32_t value, uint8_t mark) {
    for (int shift = 30; shift > 0; shift -= 6) {
      if (value >> shift == 0) continue;
      out.push_back(static_cast<uint8_t>(0x40 | (value >> shift & 63) | mark));
      mark = 0;
    }
    out.push_back(static_cast<uint8_t>((value & 63) | mark));
  };
  write(start, 0x80);
  write(end - start, 0);
  write(target, 0);
  write(depth << 1 | (keepsFailingIndex ? 1 : 0), 0);
}

}  // namespace krait::codegen
