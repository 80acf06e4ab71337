// The prepared form's unit and word: what the dispatch loops execute.
//
//   unit 0   token            what dispatch needs: a code address (direct, tail) or the op's number (switch, goto)
//   unit 1   op | c | operand (a, b)      u16, u16, 32 bits: resolved operand of the stack form
//   unit 2.. inline cache     0 or more units; the first one of a specialised family is {u32 shape, u16 slot, u16
//   counter}
//
// A word is `2 + cache` units of 8 bytes. `Pc` points at a word's first unit. Operands are resolved by prepare():
//   Local   operand = slot's distance from fp in Values (negative)      Const, Name   distance from pc in units
//   (negative) Target  distance from pc in units                                   Oparg         the canonical oparg
// Constants, then names, precede the words of a code object, so that they are pc-relative.
#pragma once
#include <cstdint>

#include "vm/value.h"

namespace krait {

union Unit {
  uintptr_t token;
  struct {
    uint16_t op, c;
    union {
      uint32_t operand;
      int32_t offset;
      struct {
        uint16_t a, b;
      };
    };
  };
  struct {
    uint32_t shape;
    uint16_t slot, counter;
  };
  uint64_t bits;
  Value value;
  Unit() = default;
};
static_assert(sizeof(Unit) == 8);
inline constexpr int kHeadUnits = 2;
using Pc = const Unit*;

// The code unit that a published pc stands for: while a frame waits (for a callee, or for C++ code), its pc points
// behind the first unit of the instruction in progress, so `pc - 1` always lies inside it.
KRAIT_INLINE Pc publishedPc(Pc pc) { return pc + 1; }

}  // namespace krait
