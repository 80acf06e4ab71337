// The `from __future__ import …` statements at the head of a module.
#pragma once

#include <cstdint>

#include "compiler/ast.h"

namespace krait::codegen {

struct FutureFeatures {
  uint32_t flags = 0;     // kCodeFuture…
  int32_t lastLine = -1;  // of the last such statement that stands where it may
};

// Throws CompileFailure for unknown features.
FutureFeatures findFutures(const ast::Mod& module);

}  // namespace krait::codegen
