// What the compiler produces: the plain data of one code object, free of heap Values, living in the compilation's
// arena.
#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/arena.h"
#include "compiler/constant.h"

namespace krait {

// co_flags, with CPython 3.11's values.
enum CodeFlags : uint32_t {
  kCodeOptimized = 0x1,
  kCodeNewLocals = 0x2,
  kCodeVarArgs = 0x4,
  kCodeVarKeywords = 0x8,
  kCodeNested = 0x10,
  kCodeGenerator = 0x20,
  kCodeCoroutine = 0x80,
  kCodeIterableCoroutine = 0x100,
  kCodeAsyncGenerator = 0x200,
  kCodeFutureDivision = 0x20000,
  kCodeFutureAbsoluteImport = 0x40000,
  kCodeFutureWithStatement = 0x80000,
  kCodeFuturePrintFunction = 0x100000,
  kCodeFutureUnicodeLiterals = 0x200000,
  kCodeFutureBarryAsBdfl = 0x400000,
  kCodeFutureGeneratorStop = 0x800000,
  kCodeFutureAnnotations = 0x1000000,
};
inline constexpr uint32_t kCodeFutureMask = 0x1fe0000;

// The kinds of a frame slot, as co_localspluskinds has them; an argument that inner functions capture is Local and
// Cell.
enum LocalKinds : uint8_t {
  kLocalKindLocal = 0x20,
  kLocalKindCell = 0x40,
  kLocalKindFree = 0x80,
};

struct LocalVariable {
  Identifier name;
  uint8_t kinds;  // of LocalKinds
};

struct CodeUnit {
  ArenaSpan<const uint8_t> bytecode;  // co_code: inline caches present and zero
  ArenaSpan<const Constant> constants;
  ArenaSpan<const Identifier> names;
  // Arguments (positional-only, positional, keyword-only, *args, **kwargs), other locals, cells that are no locals,
  // free variables. co_varnames, co_cellvars and co_freevars are the names whose kinds have that bit, in this order.
  ArenaSpan<const LocalVariable> locals;
  int32_t argCount = 0;  // positional-only ones included
  int32_t posOnlyArgCount = 0;
  int32_t kwOnlyArgCount = 0;
  uint32_t flags = 0;  // of CodeFlags
  int32_t stackSize = 0;
  int32_t firstLine = 1;
  Identifier name;
  std::string_view qualName;
  std::string_view filename;
  ArenaSpan<const uint8_t> lineTable;
  ArenaSpan<const uint8_t> exceptionTable;
};

}  // namespace krait
