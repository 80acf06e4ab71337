// How compile() reaches syntax trees, which live above vm: main() installs these when the module _ast is there.
#pragma once
#include "vm/thread.h"

namespace krait {

// compile()'s flags that are not inherited.
inline constexpr uint32_t kOnlyAst = 0x400, kTypeComments = 0x1000, kAllowTopLevelAwait = 0x2000,
                          kAllowIncompleteInput = 0x4000;

struct CompileHooks {
  // Whether the object is a syntax tree.
  Fallible<bool> (*isTree)(Thread&, Value) = nullptr;
  // A code object from a tree; `request.source` is not looked at.
  Fallible<Code*> (*compileTree)(Thread&, Value tree, const CompileRequest&) = nullptr;
  // A tree from source text. `isFunctionType`: mode 'func_type'. `featureVersion`: minor version, or -1.
  Fallible<Value> (*parseTree)(Thread&, const CompileRequest&, bool isFunctionType, int featureVersion) = nullptr;
};
inline CompileHooks compileHooks;

}  // namespace krait
