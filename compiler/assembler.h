// The last step of compilation: a finished control-flow graph becomes bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/flowgraph.h"

namespace krait::codegen {

struct AssembledCode {
  ArenaSpan<const uint8_t> bytecode;
  ArenaSpan<const uint8_t> lineTable;
  ArenaSpan<const uint8_t> exceptionTable;
};

// Lays the blocks out in their order, and writes jumps, inline caches (zero) and EXTENDED_ARG prefixes.
// `scratch` is memory that one call leaves to the next.
AssembledCode assemble(Arena& arena, FlowGraph& graph, int32_t firstLine, std::vector<uint8_t>& scratch);

// Writes co_linetable, whose entries each describe up to eight code units:
//
//   1 cccc lll   c: form, l: units - 1; then what the form asks for (bytes below 128, so that entries can be found)
//   c = 0..9     column = c * 8 + next byte >> 4, end column = column + (next byte & 15), same line as before
//   c = 10..12   line + c - 10; next bytes are column and end column
//   c = 13       signed line delta; no columns
//   c = 14       signed line delta, end line delta, column + 1, end column + 1
//   c = 15       no position
//
// Numbers are in groups of six bits, lowest first, bit 6 set on all but the last; a sign is bit 0.
class LocationTableWriter {
 public:
  // What one call of add() for one instruction may write, prefixes and caches included.
  static constexpr size_t kLongestEntry = 1 + 4 * 6;
  static constexpr size_t kMostBytes = 2 * kLongestEntry;

  LocationTableWriter(uint8_t* out, int32_t firstLine) : out_(out), line_(firstLine) {}
  void add(const Location& at, uint32_t units) {
    // Most instructions are on the line of the one before them, and short.
    auto width = static_cast<uint32_t>(at.endColumn - at.column);
    if (at.line == line_ && at.endLine == line_ && static_cast<uint32_t>(at.column) < 80 && width < 16 &&
        units <= kMostUnits) {
      *out_++ = static_cast<uint8_t>(0x80 | (at.column & ~7) | (units - 1));
      *out_++ = static_cast<uint8_t>((at.column & 7) << 4 | width);
      return;
    }
    addSlowly(at, units);
  }
  uint8_t* end() const { return out_; }
  void continueAt(uint8_t* out) { out_ = out; }

 private:
  static constexpr uint32_t kMostUnits = 8;  // of an entry
  void addSlowly(const Location& location, uint32_t units);
  void addEntry(const Location& location, uint32_t units);
  void begin(uint32_t form, uint32_t units);
  void writeUnsigned(uint32_t value);
  void writeSigned(int32_t value);

  uint8_t* out_;
  int32_t line_;
};

// Appends one entry of co_exceptiontable: offsets in code units; numbers are in groups of six bits, highest first, bit
// 6 set on all but the last; bit 7 marks the first byte of an entry.
void appendExceptionEntry(std::vector<uint8_t>& out, uint32_t start, uint32_t end, uint32_t target, uint32_t depth,
                          bool keepsFailingIndex);

}  // namespace krait::codegen
