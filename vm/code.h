// Code objects: canonical CPython 3.11 bytecode with its tables, and the prepared form that runs.
#pragma once
#include "vm/operations.h"

namespace krait {

struct Str;
struct Bytes;
struct Tuple;
struct PreparedCode;

struct Code : Object {
  // co_flags
  static constexpr uint32_t kOptimized = 0x1, kNewlocals = 0x2, kVarargs = 0x4, kVarkeywords = 0x8, kNested = 0x10,
                            kGenerator = 0x20, kCoroutine = 0x80, kIterableCoroutine = 0x100, kAsyncGenerator = 0x200;
  // co_localspluskinds
  static constexpr uint8_t kLocal = 0x20, kCell = 0x40, kFree = 0x80;
  Field<Bytes*> code;             // co_code: canonical, caches zero; never changes
  Field<Tuple*> constants;        // co_consts
  Field<Tuple*> names;            // co_names, interned
  Field<Tuple*> localsplusNames;  // interned
  Field<Bytes*> localsplusKinds;
  Field<Str*> filename, name, qualname;
  Field<Bytes*> lineTable;                                        // co_linetable
  Field<Bytes*> exceptionTable;                                   // co_exceptiontable
  uint32_t argumentCount, positionalOnlyCount, keywordOnlyCount;  // co_argcount includes positional-only
  uint32_t codeFlags;
  uint32_t stackSize;  // co_stacksize
  uint32_t firstLine;
  uint32_t localCount;  // entries of localsplusNames
  uint32_t cellCount, freeCount;
  bool isVerified;         // may run: our compiler made it, or verify.h has looked at it
  uint32_t version;        // 0, or a number no other code object ever has: what inline caches recognise it by
  PreparedCode* prepared;  // owned; null until the first call
};

// Position of the instruction at byte offset `offset` of co_code, from the line table. -1 where there is none.
struct SourcePosition {
  int line, endLine, column, endColumn;  // columns in UTF-8 bytes, 0-based
};
SourcePosition positionAt(const Code* code, int offset);
int lineAt(const Code* code, int offset);

// Every entry of the line table in order: [start, end) byte offsets. False when visit() stopped it.
bool forEachLocation(const Code* code, bool (*visit)(void*, int start, int end, const SourcePosition&), void* context);

// The exception table entry that covers `offset`, if any.
struct ExceptionHandler {
  int target;  // byte offset
  int depth;   // evaluation-stack depth to unwind to
  bool pushLasti;
};
bool findHandler(const Code* code, int offset, ExceptionHandler& handler);

void initialiseCode(Thread&);
}  // namespace krait
