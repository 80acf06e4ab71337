// Writes marshalled objects: in one walk, with the numbers of shared objects filled in at its end.
#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "vm/builtins/bytes.h"
#include "vm/builtins/complex.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/code_make.h"
#include "vm/marshal.h"
#include "vm/marshal_format.h"
#include "vm/wtf8.h"

namespace krait {
namespace {

using namespace marshalFormat;

// CPython flags an object as shared when anything else refers to it, which only reference counts can tell. Here it is
// one that occurs twice in what is written, the whole, and what CPython always shares: interned strings, small ints,
// empty tuples, short bytes. Readers of either kind understand both.
class Writer {
 public:
  enum class Problem : uint8_t { kNone, kUnmarshallable, kTooDeep, kMemory, kStack };

  Writer(Thread& thread, int version) : thread_(thread), version_(version) {}

  void writeWhole(Value v) {
    object(v, true);
    numberShared();
  }
  Problem problem() const { return out_.failed() ? Problem::kMemory : problem_; }
  const std::string& bytes() const { return bytes_; }

 private:
  // --- bytes ----------------------------------------------------------------------------------------------------------
  void byte(uint32_t b) { out_.push_back(static_cast<char>(b)); }
  void int32(int64_t n) {
    auto word = static_cast<uint32_t>(n);
    char bytes[4];
    std::memcpy(bytes, &word, sizeof bytes);
    out_.append(std::string_view(bytes, sizeof bytes));
  }
  void sized(std::string_view bytes) {
    length(bytes.size());
    out_.append(bytes);
  }
  void length(uint64_t n) {
    if (n > INT32_MAX) return fail(Problem::kUnmarshallable);
    int32(static_cast<int64_t>(n));
  }
  void binary(double d) {
    char bytes[8];
    std::memcpy(bytes, &d, sizeof bytes);
    out_.append(std::string_view(bytes, sizeof bytes));
  }
  void text(double d) {  // 17 significant digits, as %.17g
    char buffer[40];
    int n = std::snprintf(buffer, sizeof buffer, "%.17g", d);
    byte(static_cast<uint32_t>(n));
    out_.append(std::string_view(buffer, static_cast<size_t>(n)));
  }
  void fail(Problem problem) {
    if (problem_ == Problem::kNone) problem_ = problem;
  }

  // --- shared objects -------------------------------------------------------------------------------------------------
  struct Entry {
    uint64_t key;     // what the object is recognised by
    uint64_t offset;  // of its type code
    bool isShared;
  };
  struct Mention {
    uint64_t offset;  // of the four-byte number
    uint32_t entry;
  };
  // What CPython has one object of, or keeps elsewhere as well.
  bool isAlwaysShared(Value v) const {
    if (v.isInlineInt()) return v.asInlineInt() >= -5 && v.asInlineInt() <= 256;
    if (!v.isCell()) return false;
    switch (v.asCell()->kind) {
      case Kind::kStr: return v.as<Str>()->isInterned();
      case Kind::kTuple: return v.as<Tuple>()->length == 0;
      case Kind::kBytes: {
        if (v.as<Bytes>()->length > 1) return false;
        Fallible<Bytes*> only = makeBytes(thread_, viewOf(v.as<Bytes>()));
        return !only.isRaised() && only.value() == v.as<Bytes>();
      }
      default: return false;
    }
  }
  // True when `v` has been written before, and a reference has taken its place.
  bool mentioned(Value v, bool isShared) {
    if (version_ < 3) return false;
    if (entries_.size() * 2 >= table_.size()) grow();
    uint64_t key = v.bits();
    size_t slot = slotOf(key);
    if (table_[slot] == 0) {
      entries_.push_back({key, out_.view().size(), isShared || isAlwaysShared(v)});
      table_[slot] = static_cast<uint32_t>(entries_.size());
      return false;
    }
    uint32_t entry = table_[slot] - 1;
    entries_[entry].isShared = true;
    byte(kReference);
    mentions_.push_back({out_.view().size(), entry});
    int32(0);
    return true;
  }
  size_t slotOf(uint64_t key) const {
    size_t mask = table_.size() - 1;
    size_t slot = (key >> 4) * 0x9e3779b97f4a7c15ull >> 20 & mask;
    while (table_[slot] != 0 && entries_[table_[slot] - 1].key != key) slot = (slot + 1) & mask;
    return slot;
  }
  void grow() {
    table_.assign(table_.empty() ? 64 : table_.size() * 4, 0);
    for (size_t i = 0; i < entries_.size(); i++) table_[slotOf(entries_[i].key)] = static_cast<uint32_t>(i + 1);
  }
  // Flags the shared objects and fills in their numbers: the order in which their type codes stand.
  void numberShared() {
    if (problem() != Problem::kNone) return;
    bytes_ = out_.view();
    std::vector<uint32_t> numbers(entries_.size());
    uint32_t next = 0;
    for (size_t i = 0; i < entries_.size(); i++) {
      if (!entries_[i].isShared) continue;
      numbers[i] = next++;
      bytes_[entries_[i].offset] = static_cast<char>(bytes_[entries_[i].offset] | kShared);
    }
    for (const Mention& m : mentions_) std::memcpy(&bytes_[m.offset], &numbers[m.entry], 4);
  }

  // --- leaves ---------------------------------------------------------------------------------------------------------
  void integer(Value v) {
    bool negative;
    const uint64_t* limbs;
    uint64_t size, small;
    if (v.isInlineInt()) {
      int64_t n = v.asInlineInt();
      if (n >= INT32_MIN && n <= INT32_MAX) {
        byte(kInt);
        return int32(n);
      }
      negative = n < 0;
      small = negative ? -static_cast<uint64_t>(n) : static_cast<uint64_t>(n);
      limbs = &small;
      size = 1;
    } else {
      const auto* big = v.as<BigInt>();
      negative = big->isNegative();
      limbs = big->limbs;
      size = big->size;
    }
    uint64_t bits = size * 64 - static_cast<uint64_t>(std::countl_zero(limbs[size - 1]));
    uint64_t digits = (bits + kDigitBits - 1) / kDigitBits;
    if (digits > INT32_MAX) return fail(Problem::kUnmarshallable);
    byte(kLong);
    int32(negative ? -static_cast<int64_t>(digits) : static_cast<int64_t>(digits));
    for (uint64_t i = 0, bit = 0; i < digits; i++, bit += kDigitBits) {
      uint64_t digit = limbs[bit / 64] >> bit % 64;
      if (bit % 64 > 64 - kDigitBits && bit / 64 + 1 < size) digit |= limbs[bit / 64 + 1] << (64 - bit % 64);
      byte(digit & 0xff);
      byte(digit >> 8 & 0x7f);
    }
  }
  void floating(double d) {
    byte(version_ > 1 ? kBinaryFloat : kFloat);
    version_ > 1 ? binary(d) : text(d);
  }
  void complex(const Complex* c) {
    byte(version_ > 1 ? kBinaryComplex : kComplex);
    version_ > 1 ? binary(c->real) : text(c->real);
    version_ > 1 ? binary(c->imaginary) : text(c->imaginary);
  }
  // CPython shares the characters up to 255 but interns only those that names are made of.
  static bool isInterned(const Str* s) { return s->isInterned() && (s->length != 1 || looksLikeName(s)); }
  void string(const Str* s) {
    if (version_ >= 4 && s->isAscii()) {
      bool isShort = s->length < 256;
      if (isInterned(s))
        byte(isShort ? kShortAsciiInterned : kAsciiInterned);
      else
        byte(isShort ? kShortAscii : kAscii);
      if (!isShort) return sized(s->asciiView());
      byte(static_cast<uint32_t>(s->length));
      out_.append(s->asciiView());
      return;
    }
    byte(version_ >= 3 && isInterned(s) ? kInterned : kUnicode);
    sized(strToUtf8(s));
  }

  // --- containers -----------------------------------------------------------------------------------------------------
  void items(std::span<const Value> values) {
    for (Value v : values) {
      object(v);
      if (problem_ != Problem::kNone) return;
    }
  }
  void tuple(const Tuple* t) {
    if (version_ >= 4 && t->length < 256) {
      byte(kSmallTuple);
      byte(static_cast<uint32_t>(t->length));
    } else {
      byte(kTuple);
      length(t->length);
    }
    items(t->values());
  }
  void dict(const Dict* d) {
    byte(kDict);
    uint64_t position = 0;
    Value key, value;
    while (problem_ == Problem::kNone && dictNext(d, position, key, value)) {
      object(key);
      object(value);
    }
    byte(kNull);
  }
  // In the order of what the items are marshalled as: the hash seed must not show.
  void set(const Set* s) {
    byte(typeOf(Value::of(s)) == types.frozenset ? kFrozenSet : kSet);
    length(s->used);
    struct Item {
      std::string bytes;
      uint64_t position;
    };
    std::vector<Item> order;
    uint64_t position = 0, before = 0;
    Value key;
    for (; setNext(s, position, key); before = position) {
      Writer alone(thread_, version_);
      alone.depth_ = depth_;
      alone.object(key);
      if (alone.problem() != Problem::kNone) return fail(alone.problem());
      alone.numberShared();
      order.push_back({std::move(alone.bytes_), before});
    }
    std::sort(order.begin(), order.end(), [](const Item& a, const Item& b) {
      return a.bytes != b.bytes ? a.bytes < b.bytes : a.position < b.position;
    });
    for (const Item& item : order) {
      uint64_t at = item.position;
      setNext(s, at, key);
      object(key);
      if (problem_ != Problem::kNone) return;
    }
  }
  void code(const Code* c) {
    byte(kCode);
    for (uint32_t n : {c->argumentCount, c->positionalOnlyCount, c->keywordOnlyCount, c->stackSize, c->codeFlags})
      int32(n);
    object(Value::of(c->code.get()), true);  // CPython makes it anew and keeps it
    for (const Cell* field :
         {static_cast<const Cell*>(c->constants.get()), static_cast<const Cell*>(c->names.get()),
          static_cast<const Cell*>(c->localsplusNames.get()), static_cast<const Cell*>(c->localsplusKinds.get())})
      object(Value::of(field));
    object(Value::of(c->filename.get()), true);  // the caller's as well
    object(Value::of(c->name.get()));
    object(Value::of(c->qualname.get()));
    int32(c->firstLine);
    object(Value::of(c->lineTable.get()));
    object(Value::of(c->exceptionTable.get()));
  }

  // --- any object -----------------------------------------------------------------------------------------------------
  void object(Value v, bool isShared = false) {
    if (v.isNone()) return byte(kNone);
    if (v.isTrue()) return byte(kTrue);
    if (v.isFalse()) return byte(kFalse);
    if (v.isEllipsis()) return byte(kEllipsis);
    if (depth_ >= kMaximumDepth) return fail(Problem::kTooDeep);
    if (nativeStackExhausted(thread_)) return fail(Problem::kStack);
    if (v.isCell() && v.as<Type>() == exceptions.StopIteration) return byte(kStopIteration);
    if (mentioned(v, isShared)) return;
    depth_++;
    fresh(v);
    depth_--;
  }
  void fresh(Value v) {
    if (v.isInlineInt()) return integer(v);
    if (v.isInlineFloat() || v.isFloatZero()) return floating(floatValue(v));
    std::string_view buffer;
    if (!v.isCell()) return fail(Problem::kUnmarshallable);
    Type* type = typeOf(v);
    switch (v.asCell()->kind) {
      case Kind::kInt: return integer(v);
      case Kind::kFloat: return floating(v.as<HeapFloat>()->value);
      case Kind::kComplex: return complex(v.as<Complex>());
      case Kind::kStr: return string(v.as<Str>());
      case Kind::kTuple:
        if (type == types.tuple) return tuple(v.as<Tuple>());
        break;
      case Kind::kList:
        if (type == types.list) {
          byte(kList);
          length(v.as<List>()->length);
          return items(v.as<List>()->values());
        }
        break;
      case Kind::kDict:
        if (type == types.dict) return dict(v.as<Dict>());
        break;
      case Kind::kSet:
        if (type == types.set || type == types.frozenset) return set(v.as<Set>());
        break;
      case Kind::kCode: return code(v.as<Code>());
      default: break;
    }
    if (!bufferView(v, buffer)) return fail(Problem::kUnmarshallable);
    byte(kBytes);
    sized(buffer);
  }

  Thread& thread_;
  const int version_;
  ByteBuilder out_;
  std::string bytes_;  // the result
  std::vector<Entry> entries_;
  std::vector<Mention> mentions_;
  std::vector<uint32_t> table_;  // open addressing: index of an entry + 1
  unsigned depth_ = 0;
  Problem problem_ = Problem::kNone;
};

}  // namespace

Fallible<Bytes*> marshal(Thread& thread, Value value, int version) {
  try {
    Writer writer(thread, version);
    writer.writeWhole(value);
    switch (writer.problem()) {
      case Writer::Problem::kNone: return makeBytes(thread, writer.bytes());
      case Writer::Problem::kUnmarshallable: return raise(thread, exceptions.ValueError, "unmarshallable object");
      case Writer::Problem::kTooDeep:
        return raise(thread, exceptions.ValueError, "object too deeply nested to marshal");
      case Writer::Problem::kStack: return raiseRecursionError(thread);
      case Writer::Problem::kMemory: break;
    }
  } catch (const std::bad_alloc&) {}
  return raiseMemoryError(thread);
}

}  // namespace krait
