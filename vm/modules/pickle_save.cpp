// Writing pickles: which way each object goes.
#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/object_reduce.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/pickle_saver.h"

namespace krait {

using namespace pickle_code;

constexpr const char* kWhile = " while pickling an object";

// --- the whole --------------------------------------------------------------------------------------------------------
Fallible<Value> PickleSaver::dump(Value object) {
  if (pickler_->protocol >= 2) out_.put(kProto, static_cast<uint8_t>(pickler_->protocol));
  if (pickler_->protocol >= 4) out_.startFraming();
  TRY(save(object));
  out_.put(kStop);
  out_.stopFraming();
  if (out_.failed()) return raiseMemoryError(thread_);
  if (pickler_->write.get().isUnbound()) return Value::of(TRY(makeBytes(thread_, out_.view())));
  TRY(flush());
  return Value::none();
}

Fallible<void> PickleSaver::flush() {
  if (out_.failed()) return raiseMemoryError(thread_);
  Value bytes = Value::of(TRY(makeBytes(thread_, out_.view())));
  out_.clear();
  TRY(call(thread_, pickler_->write, bytes));
  return {};
}

// Where an instruction begins a full frame may end.
Fallible<void> PickleSaver::boundary() {
  if (!out_.isFrameFull()) [[likely]]
    return {};
  out_.endFrame();
  return pickler_->write.get().isUnbound() ? Fallible<void>() : flush();
}

// --- the memo ---------------------------------------------------------------------------------------------------------
void PickleSaver::writePut(int64_t number) {
  if (pickler_->protocol >= 4) return out_.put(kMemoize);
  if (!pickler_->bin) return out_.append(fmt::format("p{}\n", number));
  if (number < 256) return out_.put(kBinPut, static_cast<uint8_t>(number));
  out_.put4(kLongBinPut, static_cast<uint32_t>(number));
}
Fallible<void> PickleSaver::memoize(Value v) {
  if (pickler_->fast) return {};
  auto number = static_cast<int64_t>(pickler_->memoCount);
  TRY(picklerMemoSet(thread_, pickler_, v, number));
  if (!pickler_->bin || number <= UINT32_MAX || pickler_->protocol >= 4) {
    writePut(number);
    return {};
  }
  return raisePickling(thread_, "memo id too large for LONG_BINPUT");
}
Fallible<void> PickleSaver::writeGet(int64_t number) {
  if (!pickler_->bin) {
    out_.append(fmt::format("g{}\n", number));
  } else if (number >= 0 && number < 256) {
    out_.put(kBinGet, static_cast<uint8_t>(number));
  } else if (number >= 0 && number <= UINT32_MAX) {
    out_.put4(kLongBinGet, static_cast<uint32_t>(number));
  } else {
    return raisePickling(thread_, "memo id too large for LONG_BINGET");
  }
  return {};
}

Fallible<void> PickleSaver::FastGuard::check() const {
  constexpr uint64_t kLimit = 50;  // cycles are looked for from here on
  if (entry_.depth < kLimit) return {};
  for (const Nested* n = entry_.outer; n != nullptr; n = n->outer) {
    if (!n->object.is(entry_.object)) continue;
    return raiseValueError(saver_.thread_, "fast mode: can't pickle cyclic objects including object type {} at {:#x}",
                           nameOf(entry_.object), entry_.object.bits() - 1);
  }
  return {};
}

// --- any object -------------------------------------------------------------------------------------------------------
Fallible<bool> PickleSaver::savePersistent(Value v) {
  Value id = TRY(call(thread_, pickler_->persistentId, v));
  if (id.isNone()) return false;
  if (pickler_->bin) {
    TRY(save(id, true));
    out_.put(kBinPersId);
    return true;
  }
  const Str* text = TRY(str(thread_, id));
  if (!text->isAscii()) return raisePickling(thread_, "persistent IDs in protocol 0 must be ASCII strings");
  out_.put(kPersId);
  out_.append(text->asciiView());
  out_.put('\n');
  return true;
}

Fallible<void> PickleSaver::save(Value v, bool isPersistentId) {
  if (out_.isFrameFull()) [[unlikely]]
    TRY(boundary());
  if (!pickler_->persistentId.get().isUnbound() && !isPersistentId) [[unlikely]] {
    if (TRY(savePersistent(v))) return {};
  }
  if (v.isInlineInt()) {
    saveInt(v.asInlineInt());
    return {};
  }
  if (v.isNone()) {
    out_.put(kNone);
    return {};
  }
  if (v.isBool()) {
    if (pickler_->protocol >= 2) {
      out_.put(v.isTrue() ? kNewTrue : kNewFalse);
    } else {
      out_.append(v.isTrue() ? "I01\n" : "I00\n");
    }
    return {};
  }
  if (v.isInlineFloat()) {
    saveFloat(v.asInlineFloat());
    return {};
  }
  Type* type = typeOf(v);
  if (type == types.float_) {
    saveFloat(floatValue(v));
    return {};
  }
  if (type == types.int_) return saveBigInt(v);
  int64_t number = picklerMemoFind(pickler_, v);
  if (number >= 0) return writeGet(number);
  if (type == types.str) return saveStr(v, v.as<Str>());
  if (type == types.bytes) return saveBytes(v, v.as<Bytes>());
  KRAIT_CHECK_NATIVE_STACK(thread_, kWhile);
  if (thread_.recursionRemaining <= 0) [[unlikely]]
    return raiseRecursionError(thread_, kWhile);
  if (out_.failed()) return raiseMemoryError(thread_);
  PickleDepth depth(thread_);
  return saveCompound(v, type);
}

Fallible<void> PickleSaver::saveCompound(Value v, Type* type) {
  TRY(pollEvalBreaker(thread_));
  if (type == types.tuple) return saveTuple(v, v.as<Tuple>());
  if (type == types.dict) return saveDict(v, v.as<Dict>());
  if (type == types.list) return saveList(v, v.as<List>());
  if (type == types.set) return saveSet(v, v.as<Set>());
  if (type == types.frozenset) return saveFrozenset(v, v.as<Set>());
  if (type == types.bytearray) return saveBytearray(v, v.as<Bytearray>());
  if (type == pickleTypes.buffer) return saveBuffer(v);
  if (!pickler_->reducerOverride.get().isUnbound()) {
    Value reduced = TRY(call(thread_, pickler_->reducerOverride, v));
    if (!reduced.isNotImplemented()) {
      if (toStr(reduced) != nullptr) return saveGlobal(v, reduced);
      if (toTuple(reduced) == nullptr) return raisePickling(thread_, "__reduce__ must return a string or tuple");
      return saveReduce(toTuple(reduced), v);
    }
  }
  if (type == types.type) return saveType(v);
  if (type == types.function) return saveGlobal(v);
  return saveByReduction(v, type);
}

Fallible<void> PickleSaver::saveByReduction(Value v, Type* type) {
  Value reduce = Value::unbound(), reduced;
  Value table = pickler_->dispatchTable;
  if (table.isUnbound()) {
    reduce = TRY(dictGet(thread_, pickleLibrary.dispatchTable, Value::of(type)));
  } else {
    Fallible<Value> found = getItem(thread_, table, Value::of(type));
    if (!found.isRaised()) {
      reduce = found.value();
    } else if (pendingMatches(thread_, exceptions.KeyError)) {
      clearException(thread_);
    } else {
      return Raised{};
    }
  }
  if (!reduce.isUnbound()) {
    reduced = TRY(call(thread_, reduce, v));
  } else if (isSubtype(type, types.type)) {
    return saveGlobal(v);
  } else {
    if (TRY(savePlainInstance(v, type))) return {};
    Value protocol = Value::inlineInt(pickler_->protocol);
    reduce = TRY(getAttributeOrUnbound(thread_, v, pickleLibrary.reduceEx));
    if (!reduce.isUnbound()) {
      reduced = TRY(call(thread_, reduce, protocol));
    } else {
      reduce = TRY(getAttributeOrUnbound(thread_, v, pickleLibrary.reduce));
      if (reduce.isUnbound()) {
        return raisePickling(thread_, "can't pickle '{}' object: {}", nameOf(type), strToUtf8(TRY(repr(thread_, v))));
      }
      reduced = TRY(call(thread_, reduce));
    }
  }
  if (toStr(reduced) != nullptr) return saveGlobal(v, reduced);
  Tuple* reduction = toTuple(reduced);
  if (reduction == nullptr) return raisePickling(thread_, "__reduce__ must return a string or tuple");
  return saveReduce(reduction, v);
}

Fallible<Value> picklerDump(Thread& thread, PicklerObject* p, Value object) {
  PickleSaver saver(thread, p);
  Fallible<Value> result = saver.dump(object);
  if (!p->isShared) picklerMemoClear(p);
  return result;
}

}  // namespace krait
