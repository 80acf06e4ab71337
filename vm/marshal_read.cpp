// Reads marshalled objects. Start-up depends on it: every imported module's code passes through here.
#include <cstring>
#include <optional>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/complex.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/code_make.h"
#include "vm/marshal.h"
#include "vm/marshal_format.h"

namespace krait {
namespace {

using namespace marshalFormat;

class Reader {
 public:
  Reader(Thread& thread, std::string_view data)
      : thread_(thread),
        at_(data.empty() ? kNothing : reinterpret_cast<const uint8_t*>(data.data())),
        end_(at_ + data.size()) {}
  Reader(Thread& thread, Value file) : thread_(thread), at_(kNothing), end_(kNothing), file_(file) {}

  // The object, as marshal.loads() gives it.
  Fallible<Value> readWhole() {
    Value v = TRY(object());
    if (v.isUnbound()) return nullObject("object");
    return v;
  }

 private:
  static constexpr uint8_t kNothing[1] = {};  // where no bytes are taken from: a null pointer would say "raised"
  Raised bad(const char* what) { return raiseValueError(thread_, "bad marshal data ({})", what); }
  Raised nullObject(const char* where) { return raiseTypeError(thread_, "NULL object in marshal data for {}", where); }

  // --- bytes ----------------------------------------------------------------------------------------------------------
  // The next `count` bytes, in one piece; valid until the next call.
  KRAIT_INLINE Fallible<const uint8_t*> take(uint64_t count) {
    if (static_cast<uint64_t>(end_ - at_) < count) [[unlikely]]
      return takeFromFile(count);
    const uint8_t* start = at_;
    at_ += count;
    return start;
  }
  KRAIT_COLD Fallible<const uint8_t*> takeFromFile(uint64_t count) {
    if (file_.isUnbound()) return raise(thread_, exceptions.EOFError, "marshal data too short");
    constexpr uint64_t kChunk = uint64_t{1} << 20;  // what a hostile length makes us allocate at once
    fromFile_.reset();
    fromFile_.emplace();
    for (uint64_t left = count; left > 0;) {
      uint64_t wanted = left < kChunk ? left : kChunk;
      Bytearray* chunk = TRY(makeBytearray(thread_, ""));
      TRY(bytearrayResize(thread_, chunk, wanted));
      Value window = TRY(makeMemoryview(thread_, Value::of(chunk)));
      Value result = TRY(callMethod(thread_, file_, TRY(intern(thread_, "readinto")), std::span(&window, 1)));
      int64_t got = TRY(indexAsInt64(thread_, result, exceptions.ValueError));
      if (got > static_cast<int64_t>(wanted))
        return raiseValueError(thread_, "read() returned too much data: {} bytes requested, {} returned", wanted, got);
      if (got < static_cast<int64_t>(wanted)) return raise(thread_, exceptions.EOFError, "EOF read where not expected");
      fromFile_->append(viewOf(chunk));
      left -= wanted;
    }
    return reinterpret_cast<const uint8_t*>(fromFile_->view().data());
  }
  KRAIT_COLD Raised endOfData() { return raise(thread_, exceptions.EOFError, "EOF read where object expected"); }
  // One byte; whatever went wrong, the end of the data is what is reported.
  KRAIT_INLINE Fallible<uint8_t> byte() {
    if (at_ < end_) [[likely]]
      return *at_++;
    if (file_.isUnbound()) return endOfData();
    Fallible<const uint8_t*> one = take(1);
    if (one.isRaised()) {
      clearException(thread_);
      return endOfData();
    }
    return *one.value();
  }
  template <class T>
  Fallible<T> little() {
    const uint8_t* bytes = TRY(take(sizeof(T)));
    T value;
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  // A length that is a four-byte number.
  Fallible<uint64_t> size(const char* complaint) {
    int32_t n = TRY(little<int32_t>());
    if (n < 0) return bad(complaint);
    return static_cast<uint64_t>(n);
  }
  // How many items to make room for: a length in hostile data may be any number, but an item takes a byte at least.
  uint64_t roomFor(uint64_t count) const {
    uint64_t most = file_.isUnbound() ? static_cast<uint64_t>(end_ - at_) : 4096;
    return count < most ? count : most;
  }

  // --- shared objects -------------------------------------------------------------------------------------------------
  Fallible<Value> shared(bool flag, Value v) {
    if (flag && !references_.push(v)) return raiseMemoryError(thread_);
    return v;
  }
  Fallible<Value> reference() {
    int32_t n = TRY(little<int32_t>());
    if (n < 0 || static_cast<size_t>(n) >= references_.size()) return bad("invalid reference");
    Value v = references_[static_cast<size_t>(n)];
    if (v.isUnbound()) return bad("invalid reference");  // an object that contains itself, and is not made yet
    return v;
  }

  // --- numbers --------------------------------------------------------------------------------------------------------
  Fallible<Value> longInt() {
    int32_t n = TRY(little<int32_t>());
    if (n == INT32_MIN) return bad("long size out of range");
    uint64_t count = static_cast<uint64_t>(n < 0 ? -static_cast<int64_t>(n) : n);
    if (count == 0) return Value::inlineInt(0);
    const uint8_t* digits = TRY(take(count * 2));
    auto digitAt = [digits](uint64_t i) { return static_cast<uint32_t>(digits[i * 2] | digits[i * 2 + 1] << 8); };
    for (uint64_t i = 0; i < count; i++)
      if (digitAt(i) >> kDigitBits) return bad("digit out of range in long");
    if (digitAt(count - 1) == 0) return bad("unnormalized long data");
    uint64_t limbCount = (count * kDigitBits + 63) / 64;
    ByteArray* storage = TRY(allocateBytes(thread_, limbCount * 8));
    auto* limbs = reinterpret_cast<uint64_t*>(storage->bytes);
    for (uint64_t i = 0, bit = 0; i < count; i++, bit += kDigitBits) {
      uint64_t digit = digitAt(i);
      limbs[bit / 64] |= digit << bit % 64;
      if (bit % 64 > 64 - kDigitBits && bit / 64 + 1 < limbCount) limbs[bit / 64 + 1] |= digit >> (64 - bit % 64);
    }
    return makeIntFromLimbs(thread_, limbs, limbCount, n < 0);
  }
  // A number as text, as versions 0 and 1 have it.
  Fallible<double> textFloat() {
    uint8_t n = TRY(byte());
    const uint8_t* start = TRY(take(n));
    std::string text(reinterpret_cast<const char*>(start), strnlen(reinterpret_cast<const char*>(start), n));
    std::optional<double> value;
    if (text.find_first_of(" \t\n\v\f\r_") == std::string::npos) value = parseFloat(text);
    if (!value) return raiseValueError(thread_, "could not convert string to float: '{}'", text);
    return *value;
  }

  // --- text -----------------------------------------------------------------------------------------------------------
  Fallible<Value> latin1(uint64_t length, bool interned) {
    const uint8_t* text = TRY(take(length));
    std::string_view view(reinterpret_cast<const char*>(text), length);
    if (!interned) return Value::of(TRY(makeStrLatin1(thread_, text, length)));
    for (uint64_t i = 0; i < length; i++)
      if (text[i] >= 0x80) return Value::of(TRY(intern(thread_, TRY(makeStrLatin1(thread_, text, length)))));
    return Value::of(TRY(intern(thread_, view)));
  }
  Fallible<Value> utf8(bool interned) {
    uint64_t length = TRY(size("string size out of range"));
    const uint8_t* text = TRY(take(length));
    std::string_view view(reinterpret_cast<const char*>(text), length);
    Value v = TRY(decodeBytes(thread_, view, "utf-8", "surrogatepass"));
    return interned ? Value::of(TRY(intern(thread_, v.as<Str>()))) : v;
  }

  // --- containers -----------------------------------------------------------------------------------------------------
  // One object inside another; `where` is for the complaint about a NULL.
  Fallible<Value> item(const char* where) {
    Value v = TRY(object());
    if (v.isUnbound()) [[unlikely]]
      return nullObject(where);
    return v;
  }
  Fallible<Value> tuple(uint64_t count, bool flag) {
    if (roomFor(count) < count) return longTuple(count, flag);
    Tuple* made = TRY(makeTupleUninitialised(thread_, count));
    if (flag) TRY(shared(flag, Value::of(made)));
    for (uint64_t i = 0; i < count; i++) made->items[i] = TRY(item("tuple"));
    return Value::of(made);
  }
  // ... whose length may be a lie: it grows as its items come.
  Fallible<Value> longTuple(uint64_t count, bool flag) {
    size_t number = references_.size();
    TRY(shared(flag, Value::unbound()));
    List* items = TRY(makeListWithCapacity(thread_, 0));
    for (uint64_t i = 0; i < count; i++) TRY(listAppend(thread_, items, TRY(item("tuple"))));
    Value made = Value::of(TRY(makeTuple(thread_, items->values())));
    if (flag) references_[number] = made;
    return made;
  }
  Fallible<Value> list(bool flag) {
    uint64_t count = TRY(size("list size out of range"));
    List* made = TRY(makeListWithCapacity(thread_, roomFor(count)));
    TRY(shared(flag, Value::of(made)));
    for (uint64_t i = 0; i < count; i++) TRY(listAppend(thread_, made, TRY(item("list"))));
    return Value::of(made);
  }
  Fallible<Value> dict(bool flag) {
    Dict* made = TRY(makeDict(thread_));
    TRY(shared(flag, Value::of(made)));
    for (;;) {
      Value key = TRY(object());
      if (key.isUnbound()) break;
      Value value = TRY(object());
      if (value.isUnbound()) break;
      TRY(dictSet(thread_, made, key, value));
    }
    return Value::of(made);
  }
  Fallible<Value> set(bool frozen, bool flag) {
    uint64_t count = TRY(size("set size out of range"));
    Set* made = TRY(makeSet(thread_, frozen ? types.frozenset : types.set, Value::unbound()));
    if (frozen && count == 0) return shared(flag, Value::of(made));
    size_t number = references_.size();
    TRY(shared(flag, frozen ? Value::unbound() : Value::of(made)));
    for (uint64_t i = 0; i < count; i++) TRY(setAdd(thread_, made, TRY(item("set"))));
    if (flag) references_[number] = Value::of(made);
    return Value::of(made);
  }
  // Unbound where a NULL stands in place of a field.
  Fallible<Value> code(bool flag) {
    size_t number = references_.size();
    TRY(shared(flag, Value::unbound()));
    CodeFields f;
    for (int64_t* n : {&f.argumentCount, &f.positionalOnlyCount, &f.keywordOnlyCount, &f.stackSize, &f.codeFlags})
      *n = TRY(little<int32_t>());
    for (Value* field :
         {&f.code, &f.constants, &f.names, &f.localsplusNames, &f.localsplusKinds, &f.filename, &f.name, &f.qualname}) {
      *field = TRY(object());
      if (field->isUnbound()) return *field;
    }
    f.firstLine = TRY(little<int32_t>());
    for (Value* field : {&f.lineTable, &f.exceptionTable}) {
      *field = TRY(object());
      if (field->isUnbound()) return *field;
    }
    Value made = Value::of(TRY(makeCode(thread_, f)));
    if (flag) references_[number] = made;
    return made;
  }

  // --- any object -----------------------------------------------------------------------------------------------------
  // Unbound for a NULL.
  Fallible<Value> object() {
    uint8_t head = TRY(byte());
    bool flag = (head & kShared) != 0;
    switch (head & ~kShared) {  // the frequent leaves, which need no room on the stack
      case kReference: return reference();
      case kNone: return Value::none();
      case kShortAsciiInterned: {
        uint8_t length = TRY(byte());
        return shared(flag, TRY(latin1(length, true)));
      }
      case kInt: return shared(flag, Value::inlineInt(TRY(little<int32_t>())));
      case kBytes: {
        uint64_t length = TRY(size("bytes object size out of range"));
        const uint8_t* bytes = TRY(take(length));
        Bytes* made = TRY(makeBytesUninitialised(thread_, length));  // never one that others have: identity is written
        std::memcpy(made->data, bytes, length);
        return shared(flag, Value::of(made));
      }
      default: break;
    }
    if (depth_ >= kMaximumDepth) return raise(thread_, exceptions.ValueError, "recursion limit exceeded");
    KRAIT_CHECK_NATIVE_STACK(thread_, "");
    depth_++;
    Value v = TRY(compound(head & ~kShared, flag));
    depth_--;
    return v;
  }

  Fallible<Value> compound(int type, bool flag) {
    switch (type) {
      case kNull: return Value::unbound();
      case kFalse: return Value::boolean(false);
      case kTrue: return Value::boolean(true);
      case kEllipsis: return Value::ellipsis();
      case kStopIteration: return Value::of(exceptions.StopIteration);
      case kInt64: return shared(flag, TRY(makeInt(thread_, TRY(little<int64_t>()))));
      case kLong: return shared(flag, TRY(longInt()));
      case kFloat: return shared(flag, TRY(makeFloat(thread_, TRY(textFloat()))));
      case kBinaryFloat: return shared(flag, TRY(makeFloat(thread_, TRY(little<double>()))));
      case kComplex: {
        double real = TRY(textFloat()), imaginary = TRY(textFloat());
        return shared(flag, TRY(makeComplex(thread_, real, imaginary)));
      }
      case kBinaryComplex: {
        double real = TRY(little<double>()), imaginary = TRY(little<double>());
        return shared(flag, TRY(makeComplex(thread_, real, imaginary)));
      }
      case kUnicode: return shared(flag, TRY(utf8(false)));
      case kInterned: return shared(flag, TRY(utf8(true)));
      case kShortAscii: {
        uint8_t length = TRY(byte());
        return shared(flag, TRY(latin1(length, false)));
      }
      case kAscii:
      case kAsciiInterned: {
        uint64_t length = TRY(size("string size out of range"));
        return shared(flag, TRY(latin1(length, type == kAsciiInterned)));
      }
      case kSmallTuple: {
        uint8_t count = TRY(byte());
        return tuple(count, flag);
      }
      case kTuple: {
        uint64_t count = TRY(size("tuple size out of range"));
        return tuple(count, flag);
      }
      case kList: return list(flag);
      case kDict: return dict(flag);
      case kSet:
      case kFrozenSet: return set(type == kFrozenSet, flag);
      case kCode: return code(flag);
      default: return bad("unknown type code");
    }
  }

  Thread& thread_;
  const uint8_t* at_;
  const uint8_t* end_;
  Value file_ = Value::unbound();  // where more bytes come from; unbound: nowhere
  std::optional<ByteBuilder> fromFile_;
  RootVector references_;
  unsigned depth_ = 0;
};

}  // namespace

Fallible<Value> unmarshal(Thread& thread, std::string_view data) { return Reader(thread, data).readWhole(); }
Fallible<Value> unmarshalFrom(Thread& thread, Value file) { return Reader(thread, file).readWhole(); }

}  // namespace krait
