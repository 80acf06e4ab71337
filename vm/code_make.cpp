// Makes code objects from fields of foreign origin; the one place that says which fields fit together.
#include "vm/code_make.h"

#include "vm/builtins/bytes.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait {
namespace {

Raised badArgument(Thread& thread) {
  return raise(thread, exceptions.SystemError, "bad argument to internal function");
}

bool isCount(int64_t n) { return n >= 0 && n <= INT32_MAX; }

// A frozenset's strings are its keys: an interned one takes the place of its equal.
Fallible<void> internKeys(Thread& thread, Set* set) {
  uint64_t position = 0;
  SetEntry* entry;
  while (setNextEntry(set, position, entry)) {
    Value key = entry->key.get();
    if (isKind(key, Kind::kStr) && looksLikeName(key.as<Str>()))
      entry->key = Value::of(TRY(intern(thread, key.as<Str>())));
    else if (isKind(key, Kind::kTuple))
      TRY(internConstants(thread, key.as<Tuple>()));
  }
  return {};
}

}  // namespace

bool looksLikeName(const Str* text) {
  if (!text->isAscii()) return false;
  for (char c : text->asciiView())
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_')) return false;
  return true;
}

Fallible<Bytes*> keptLineTable(Thread& thread, Bytes* table) {
  if (!dropsColumns) return table;
  constexpr unsigned kLineOnly = 13, kLong = 14, kNoLocation = 15;
  const uint8_t *at = table->data, *end = at + table->length;
  ByteBuilder kept;
  while (at < end) {
    uint8_t head = *at++;
    unsigned form = head >> 3 & 15;
    uint32_t change = 0;  // of the line, its sign in the lowest bit
    if (form == kLineOnly || form == kLong) {
      for (unsigned shift = 0; at < end && shift < 32; shift += 6) {
        change |= (*at & 0x3fu) << shift;
        if ((*at++ & 0x40) == 0) break;
      }
    } else if (form >= 10 && form != kNoLocation) {
      change = (form - 10) << 1;
    }
    while (at < end && (*at & 0x80) == 0) at++;
    if (form == kNoLocation) {
      kept.appendByte(head);
      continue;
    }
    kept.appendByte(0x80 | kLineOnly << 3 | (head & 7));
    for (; change >= 0x40; change >>= 6) kept.appendByte(0x40 | (change & 0x3f));
    kept.appendByte(change);
  }
  return kept.build(thread);
}

Fallible<void> internNames(Thread& thread, Tuple* tuple) {
  for (uint64_t i = 0; i < tuple->length; i++) {
    Value name = tuple->items[i].get();
    if (!isKind(name, Kind::kStr)) return raise(thread, exceptions.SystemError, "non-string found in code slot");
    if (!name.as<Str>()->isInterned()) tuple->items[i] = Value::of(TRY(intern(thread, name.as<Str>())));
  }
  return {};
}

Fallible<void> internConstants(Thread& thread, Tuple* tuple) {
  KRAIT_CHECK_NATIVE_STACK(thread, " during compilation");
  for (uint64_t i = 0; i < tuple->length; i++) {
    Value item = tuple->items[i].get();
    if (!item.isCell()) continue;
    if (item.asCell()->kind == Kind::kStr) {
      Str* text = item.as<Str>();
      if (!text->isInterned() && looksLikeName(text)) tuple->items[i] = Value::of(TRY(intern(thread, text)));
    } else if (item.asCell()->kind == Kind::kTuple && item.as<Tuple>() != tuple) {
      TRY(internConstants(thread, item.as<Tuple>()));
    } else if (item.asCell()->kind == Kind::kSet && typeOf(item) == types.frozenset) {
      TRY(internKeys(thread, item.as<Set>()));
    }
  }
  return {};
}

Fallible<Code*> makeCode(Thread& thread, const CodeFields& f) {
  if (f.argumentCount < f.positionalOnlyCount || f.positionalOnlyCount < 0 || f.keywordOnlyCount < 0 ||
      !isCount(f.argumentCount) || !isCount(f.keywordOnlyCount) || !isCount(f.stackSize) || !isCount(f.codeFlags))
    return badArgument(thread);
  for (Value bytes : {f.code, f.localsplusKinds, f.lineTable, f.exceptionTable})
    if (!isKind(bytes, Kind::kBytes)) return badArgument(thread);
  for (Value tuple : {f.constants, f.names, f.localsplusNames})
    if (!isKind(tuple, Kind::kTuple)) return badArgument(thread);
  for (Value text : {f.filename, f.name, f.qualname})
    if (!isKind(text, Kind::kStr)) return badArgument(thread);
  Bytes *code = f.code.as<Bytes>(), *kinds = f.localsplusKinds.as<Bytes>();
  Tuple* locals = f.localsplusNames.as<Tuple>();
  if (kinds->length != locals->length) return badArgument(thread);
  if (code->length > INT32_MAX) return raise(thread, exceptions.OverflowError, "code: co_code larger than INT_MAX");
  if (code->length % 2 != 0) return raiseValueError(thread, "code: co_code is malformed");
  uint64_t plain = 0, cells = 0, frees = 0;
  for (uint64_t i = 0; i < kinds->length; i++) {
    plain += (kinds->data[i] & Code::kLocal) != 0;
    cells += (kinds->data[i] & Code::kCell) != 0;
    frees += (kinds->data[i] & Code::kFree) != 0;
  }
  uint64_t arguments = static_cast<uint64_t>(f.argumentCount + f.keywordOnlyCount) +
                       ((f.codeFlags & Code::kVarargs) != 0) + ((f.codeFlags & Code::kVarkeywords) != 0);
  if (arguments > plain) return raiseValueError(thread, "code: co_varnames is too small");
  TRY(internNames(thread, f.names.as<Tuple>()));
  TRY(internNames(thread, locals));
  TRY(internConstants(thread, f.constants.as<Tuple>()));

  Bytes* lineTable = TRY(keptLineTable(thread, f.lineTable.as<Bytes>()));
  Code* made = TRY(allocate<Code>(thread, Kind::kCode, types.code->instanceShape));
  made->code = code;
  made->constants = f.constants.as<Tuple>();
  made->names = f.names.as<Tuple>();
  made->localsplusNames = locals;
  made->localsplusKinds = kinds;
  made->filename = f.filename.as<Str>();
  made->name = f.name.as<Str>();
  made->qualname = f.qualname.as<Str>();
  made->lineTable = lineTable;
  made->exceptionTable = f.exceptionTable.as<Bytes>();
  made->argumentCount = static_cast<uint32_t>(f.argumentCount);
  made->positionalOnlyCount = static_cast<uint32_t>(f.positionalOnlyCount);
  made->keywordOnlyCount = static_cast<uint32_t>(f.keywordOnlyCount);
  made->codeFlags = static_cast<uint32_t>(f.codeFlags);
  made->stackSize = static_cast<uint32_t>(f.stackSize);
  made->firstLine = static_cast<uint32_t>(f.firstLine);
  made->localCount = static_cast<uint32_t>(locals->length);
  made->cellCount = static_cast<uint32_t>(cells);
  made->freeCount = static_cast<uint32_t>(frees);
  return made;
}

}  // namespace krait
