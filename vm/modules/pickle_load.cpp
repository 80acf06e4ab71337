// Reading pickles: the machine's loop, its stack, its memo, and the containers.
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/pickle_loader.h"
#include "vm/names.h"

namespace krait {

using namespace pickle_code;

// --- the stack --------------------------------------------------------------------------------------------------------
Fallible<void> PickleLoader::growStack() {
  uint64_t capacity = capacity_ * 2;
  ValueArray* grown = TRY(allocateArray(thread_, capacity));
  for (uint64_t i = 0; i < size_; i++) grown->slots[i] = slots_[i];
  storage_ = grown;
  slots_ = grown->slots;
  capacity_ = capacity;
  return {};
}

Raised PickleLoader::raiseUnderflow() {
  return raiseUnpickling(thread_, "{}", !marks_.empty() ? "unexpected MARK found" : "unpickling stack underflow");
}

Fallible<void> PickleLoader::pushMark() {
  if (!marks_.push(size_)) return raiseMemoryError(thread_);
  fence_ = size_;
  return {};
}

Fallible<uint64_t> PickleLoader::popMark() {
  if (marks_.empty()) return raiseUnpickling(thread_, "could not find MARK");
  uint64_t position = marks_.back();
  marks_.pop();
  fence_ = marks_.empty() ? 0 : marks_.back();
  return position;
}

Fallible<Tuple*> PickleLoader::popTuple(uint64_t from) {
  Tuple* tuple = from == size_ ? emptyTuple() : TRY(makeTuple(thread_, above(from)));
  size_ = from;
  return tuple;
}
Fallible<List*> PickleLoader::popList(uint64_t from) {
  List* list = TRY(makeList(thread_, above(from)));
  size_ = from;
  return list;
}

// --- the loop ---------------------------------------------------------------------------------------------------------
Fallible<Value> PickleLoader::load() {
  u_->protocol = 0;
  for (uint32_t steps = 1;; steps++) {
    uint8_t code;
    if (u_->position < u_->size) [[likely]] {
      code = u_->bytes[u_->position++];
    } else {
      Fallible<const uint8_t*> next = readPickle(thread_, u_, 1);
      if (next.isRaised()) {
        if (!pendingMatches(thread_, pickleTypes.unpicklingError)) return Raised{};
        clearException(thread_);
        return raise(thread_, exceptions.EOFError, "Ran out of input");
      }
      code = *next.value();
    }
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread_));
    if (!TRY(step(code))) break;
  }
  TRY(skipPeeked(thread_, u_));
  return pop();
}

Fallible<bool> PickleLoader::step(uint8_t code) {
  switch (code) {
    case kStop: return false;
    case kMark: TRY(pushMark()); break;
    case kNone: TRY(push(Value::none())); break;
    case kNewTrue: TRY(push(Value::boolean(true))); break;
    case kNewFalse: TRY(push(Value::boolean(false))); break;
    case kBinInt1: TRY(push(Value::inlineInt(*TRY(readPickle(thread_, u_, 1))))); break;
    case kBinInt2: TRY(push(Value::inlineInt(TRY(number<uint16_t>())))); break;
    case kBinInt: TRY(push(Value::inlineInt(TRY(number<int32_t>())))); break;
    case kMemoize: TRY(put(u_->memoCount)); break;
    case kShortBinUnicode: TRY(pushUtf8(*TRY(readPickle(thread_, u_, 1)))); break;
    case kBinGet: TRY(get(*TRY(readPickle(thread_, u_, 1)))); break;
    case kBinPut: TRY(put(*TRY(readPickle(thread_, u_, 1)))); break;
    case kInt:
    case kLong:
    case kLong1:
    case kLong4:
    case kFloat:
    case kBinFloat: TRY(loadNumber(code)); break;
    case kBinUnicode:
    case kBinUnicode8:
    case kUnicode:
    case kString:
    case kBinString:
    case kShortBinString: TRY(loadText(code)); break;
    case kShortBinBytes:
    case kBinBytes:
    case kBinBytes8: TRY(loadBytes(code)); break;
    case kByteArray8: TRY(loadBytearray()); break;
    case kNextBuffer:
    case kReadonlyBuffer: TRY(loadBuffer(code)); break;
    case kGlobal: TRY(loadGlobal()); break;
    case kStackGlobal: TRY(loadStackGlobal()); break;
    case kReduce: TRY(loadReduce()); break;
    case kNewObj: TRY(loadNew(false)); break;
    case kNewObjEx: TRY(loadNew(true)); break;
    case kBuild: TRY(loadBuild()); break;
    case kInst:
    case kObj: TRY(loadInstance(code)); break;
    case kExt1: TRY(loadExtension(*TRY(readPickle(thread_, u_, 1)))); break;
    case kExt2: TRY(loadExtension(TRY(number<uint16_t>()))); break;
    case kExt4: TRY(loadExtension(TRY(number<int32_t>()))); break;
    case kPersId:
    case kBinPersId: TRY(loadPersistent(code)); break;
    case kGet:
    case kPut:
    case kLongBinGet:
    case kLongBinPut: TRY(loadMemo(code)); break;
    case kFrame: TRY(loadFrame()); break;
    case kProto: {
      int protocol = *TRY(readPickle(thread_, u_, 1));
      if (protocol > kHighestProtocol) return raiseValueError(thread_, "unsupported pickle protocol: {}", protocol);
      u_->protocol = protocol;
      break;
    }
    default: TRY(loadContainer(code));
  }
  return true;
}

// A frame is read at once, and its instructions are then taken out of memory.
Fallible<void> PickleLoader::loadFrame() {
  auto length = TRY(number<uint64_t>());
  if (length > INT64_MAX) {
    return raiseFormat(thread_, exceptions.OverflowError, "FRAME length exceeds system's maximum of {} bytes",
                       INT64_MAX);
  }
  TRY(readPickle(thread_, u_, length));
  u_->position -= length;
  return {};
}

// --- the memo ---------------------------------------------------------------------------------------------------------
Fallible<void> PickleLoader::get(uint64_t number) {
  Value found = unpicklerMemoGet(u_, number);
  if (found.isUnbound())
    return raiseUnpickling(thread_, "Memo value not found at index {}", static_cast<int64_t>(number));
  return push(found);
}
Fallible<void> PickleLoader::put(uint64_t number) {
  TRY(need(1));
  if (number < u_->memo.length) [[likely]] {
    Value& slot = u_->memo.slots[number];
    if (slot.isUnbound()) u_->memoCount++;
    slot = top();
    return {};
  }
  return unpicklerMemoPut(thread_, u_, number, top());
}

Fallible<void> PickleLoader::loadMemo(uint8_t code) {
  if (code == kLongBinGet) return get(TRY(number<uint32_t>()));
  if (code == kLongBinPut) return put(TRY(number<uint32_t>()));
  std::string_view line = TRY(readPickleLine(thread_, u_));
  if (line.size() < 2) return raiseTruncated(thread_);
  if (code == kPut) TRY(need(1));
  Fallible<Value> parsed = parseInt(thread_, line, 10);
  if (parsed.isRaised()) {
    if (!pendingMatches(thread_, exceptions.ValueError)) return Raised{};
    clearException(thread_);
    line = {reinterpret_cast<const char*>(u_->bytes) + u_->position - line.size(), line.size()};
    Value shown = TRY(decodeBytes(thread_, line, "utf-8", "replace"));
    return raiseValueError(thread_, "invalid literal for int() with base 10: {}", strToUtf8(TRY(repr(thread_, shown))));
  }
  int64_t at = TRY(ssizeArgument(thread_, parsed.value()));
  if (code == kGet) return get(static_cast<uint64_t>(at));
  if (at < 0) return raiseValueError(thread_, "negative PUT argument");
  return put(static_cast<uint64_t>(at));
}

// --- containers -------------------------------------------------------------------------------------------------------
Fallible<void> PickleLoader::loadContainer(uint8_t code) {
  switch (code) {
    case kPop:
      // What lies above a mark, or the mark itself.
      if (!marks_.empty() && marks_.back() == size_) {
        TRY(popMark());
      } else {
        TRY(need(1));
        size_--;
      }
      return {};
    case kPopMark: size_ = TRY(popMark()); return {};
    case kDup: TRY(need(1)); return push(top());
    case kEmptyTuple: return push(Value::of(emptyTuple()));
    case kTuple1:
    case kTuple2:
    case kTuple3: {
      uint64_t length = static_cast<uint64_t>(code - kTuple1) + 1;
      TRY(need(length));
      return push(Value::of(TRY(popTuple(size_ - length))));
    }
    case kTuple: return push(Value::of(TRY(popTuple(TRY(popMark())))));
    case kEmptyList: return push(Value::of(TRY(makeList(thread_, {}))));
    case kList: return push(Value::of(TRY(popList(TRY(popMark())))));
    case kAppend: TRY(need(1)); return append(size_ - 1);
    case kAppends: return append(TRY(popMark()));
    case kEmptyDict: return push(Value::of(TRY(makeDict(thread_))));
    case kDict: {
      uint64_t from = TRY(popMark());
      if ((size_ - from) % 2 != 0) return raiseUnpickling(thread_, "odd number of items for DICT");
      Dict* dict = TRY(makeDict(thread_));
      for (uint64_t i = from; i < size_; i += 2) TRY(dictSet(thread_, dict, slots_[i], slots_[i + 1]));
      size_ = from;
      return push(Value::of(dict));
    }
    case kSetItem: TRY(need(2)); return setItems(size_ - 2);
    case kSetItems: return setItems(TRY(popMark()));
    case kEmptySet: return push(Value::of(TRY(makeSet(thread_, types.set, Value::unbound()))));
    case kAddItems: return addItems();
    case kFrozenSet: {
      Value items = Value::of(TRY(popTuple(TRY(popMark()))));
      return push(Value::of(TRY(makeSet(thread_, types.frozenset, items))));
    }
    default: break;
  }
  if (code >= 0x20 && code <= 0x7e && code != '\'' && code != '\\')
    return raiseUnpickling(thread_, "invalid load key, '{}'.", static_cast<char>(code));
  return raiseUnpickling(thread_, "invalid load key, '\\x{:02x}'.", code);
}

Fallible<void> PickleLoader::append(uint64_t from) {
  if (from <= fence_) return raiseUnderflow();
  if (from == size_) return {};
  Value target = slots_[from - 1];
  if (typeOf(target) == types.list) {
    List* list = target.as<List>();
    for (uint64_t i = from; i < size_; i++) TRY(listAppend(thread_, list, slots_[i]));
    size_ = from;
    return {};
  }
  Value extend = TRY(getAttributeOrUnbound(thread_, target, names.extend));
  if (!extend.isUnbound()) {
    Value items = Value::of(TRY(popList(from)));
    TRY(call(thread_, extend, items));
    return {};
  }
  Value one = TRY(getAttribute(thread_, target, names.append));
  for (uint64_t i = from; i < size_; i++) TRY(call(thread_, one, slots_[i]));
  size_ = from;
  return {};
}

Fallible<void> PickleLoader::setItems(uint64_t from) {
  if (from <= fence_) return raiseUnderflow();
  if (from == size_) return {};
  if ((size_ - from) % 2 != 0) return raiseUnpickling(thread_, "odd number of items for SETITEMS");
  Value target = slots_[from - 1];
  if (typeOf(target) == types.dict) {
    Dict* dict = target.as<Dict>();
    if (size_ - from > 16) TRY(dictReserve(thread_, dict, dict->length + (size_ - from) / 2));
    for (uint64_t i = from; i < size_; i += 2) TRY(dictSet(thread_, dict, slots_[i], slots_[i + 1]));
  } else {
    for (uint64_t i = from; i < size_; i += 2) TRY(setItem(thread_, target, slots_[i], slots_[i + 1]));
  }
  size_ = from;
  return {};
}

Fallible<void> PickleLoader::addItems() {
  uint64_t from = TRY(popMark());
  if (from <= fence_) return raiseUnderflow();
  if (from == size_) return {};
  Value target = slots_[from - 1];
  if (isInstanceOf(target, types.set)) {
    Set* set = toSet(target);
    for (uint64_t i = from; i < size_; i++) TRY(setAdd(thread_, set, slots_[i]));
  } else {
    Value add = TRY(getAttribute(thread_, target, "add"));
    for (uint64_t i = from; i < size_; i++) TRY(call(thread_, add, slots_[i]));
  }
  size_ = from;
  return {};
}

Fallible<Value> unpicklerLoad(Thread& thread, UnpicklerObject* u) {
  KRAIT_CHECK_NATIVE_STACK(thread, "");
  PickleLoader loader(thread, u);
  return loader.load();
}

}  // namespace krait
