// _co_code_adaptive and _krait.listing(): canonical bytecode as CPython would show it after the same run, and every
// word as it is.
#include <cstring>

#include "specialize/word_view.h"
#include "vm/adaptive_view.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/function.h"
#include "vm/builtins/str.h"
#include "vm/code.h"

namespace krait {
namespace {

// CPython's caches are 16-bit units behind the instruction: a counter, then what the family keeps
// (opcode._cache_format). What has no counterpart here stays 0.
class CacheWriter {
 public:
  CacheWriter(uint8_t* first, uint8_t* end) : at_(first), end_(end) {}
  void put(uint64_t value, int units = 1) {
    for (; units > 0 && at_ < end_; units--, value >>= 16, at_ += 2) {
      auto low = static_cast<uint16_t>(value);
      std::memcpy(at_, &low, 2);
    }
  }

 private:
  uint8_t *at_, *end_;
};

void writeCaches(uint8_t* first, uint8_t* end, Pc word) {
  const Unit& head = word[kHeadUnits];
  Op own = ownOpAt(word);
  bool isForm = kRelations[static_cast<unsigned>(own)].kind == OpClass::kForm;
  CacheWriter out(first, end);
  out.put(head.counter);
  if (!isForm || !kFacts[static_cast<unsigned>(own)].usesCache) return;
  uint64_t second = kFacts[static_cast<unsigned>(own)].cacheUnits > 1 ? word[kHeadUnits + 1].bits : 0;
  switch (kBaseOp[static_cast<unsigned>(own)]) {
    case Op::LOAD_ATTR:
    case Op::STORE_ATTR:  // version, index
      out.put(head.shape, 2);
      out.put(head.slot);
      break;
    case Op::LOAD_METHOD:  // type_version, dict_offset, keys_version, descr
      out.put(head.shape, 2);
      out.put(head.slot);
      out.put(0, 2);
      out.put(second, 4);
      break;
    case Op::LOAD_GLOBAL:  // index, module_keys_version, builtin_keys_version
      out.put(head.slot);
      out.put(head.shape, 2);
      out.put(own == ops::LOAD_GLOBAL_BUILTIN || own == ops::LOAD_GLOBAL_NULL_BUILTIN ? second : 0);
      break;
    case Op::BINARY_SUBSCR:  // type_version, func_version
    case Op::CALL:           // func_version, min_args
      out.put(head.shape, 2);
      out.put(head.slot);
      break;
    default: break;
  }
}

Fallible<Value> adaptiveCode(Thread& thread, Code* code) {
  if (code->prepared == nullptr) return Value::of(code->code.get());
  const uint8_t* canonical = code->code->data;
  auto length = static_cast<int>(code->code->length);
  Bytes* result = TRY(makeBytes(thread, {reinterpret_cast<const char*>(canonical), static_cast<size_t>(length)}));
  uint8_t* data = result->data;
  auto rewriteAt = [&](int offset, uint8_t opcode, Pc word) {
    if (opcode == 0) return;
    data[offset] = opcode;
    int end = offset + 2;
    while (end < length && canonical[end] == 0) end += 2;
    writeCaches(data + offset + 2, data + end, word);
  };
  const auto precall = kCanonicalNumber[static_cast<unsigned>(Op::PRECALL)];
  forEachWord(code->prepared, [&](Pc word) {
    CPythonOpcodes opcodes = cpythonOpcodes(code, word);
    int offset = offsetOf(code, word);
    rewriteAt(offset, opcodes.opcode, word);
    for (int at = firstOffsetOf(code, word); at < offset; at += 2)
      if (canonical[at] == precall) rewriteAt(at, opcodes.precall, word);
  });
  return Value::of(result);
}

Fallible<Value> listingOf(Thread& thread, Code* code) { return Value::of(TRY(makeStr(thread, listing(code)))); }

}  // namespace

void installAdaptiveView() { adaptiveView = {adaptiveCode, listingOf}; }

}  // namespace krait
