// list.sort: a stable natural merge sort with galloping (Peters' timsort) whose merges follow the powersort policy
// (Munro & Wild 2018), with comparisons specialised for lists of one type.
//
// The items are sorted in place in a ValueArray that nothing else refers to while the list itself looks empty. At any
// moment, also after an exception, that array and the merge buffer together hold every item, and the array alone does
// whenever this file is left.
#include <algorithm>
#include <cstring>

#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list_internal.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait {

namespace {

enum class Order : int8_t { kRaised = -1, kNotLess = 0, kLess = 1 };

// --- comparisons: is a < b? ------------------------------------------------------------------------------------------

struct LessInlineInt {
  KRAIT_INLINE Order operator()(Value a, Value b) const {
    return static_cast<Order>(static_cast<int64_t>(a.bits()) < static_cast<int64_t>(b.bits()));
  }
};
struct LessFloat {
  KRAIT_INLINE Order operator()(Value a, Value b) const { return static_cast<Order>(floatValue(a) < floatValue(b)); }
};
struct LessStr {
  // The first characters as a number that compares as they do; what is behind a short text counts as zeros. Cells are
  // of 16 bytes, so that eight can be read of any text in its own cell. Requires one byte a character, and some.
  KRAIT_INLINE static uint64_t prefixOf(const Str* text) {
    uint64_t word;
    std::memcpy(&word, text->inlineText, sizeof word);
    word = __builtin_bswap64(word);
    return text->length < 8 ? word & ~uint64_t{0} << (64 - 8 * text->length) : word;
  }
  KRAIT_INLINE static bool hasPrefix(const Str* text) { return !(text->flags & Str::kInBuffer) && text->length != 0; }
  KRAIT_INLINE Order operator()(Value a, Value b) const {
    const Str *x = a.as<Str>(), *y = b.as<Str>();
    if (x->width == 1 && y->width == 1) [[likely]] {
      if (hasPrefix(x) && hasPrefix(y)) {
        uint64_t first = prefixOf(x), second = prefixOf(y);
        if (first != second) return static_cast<Order>(first < second);
        if (x->length <= 8 || y->length <= 8) return static_cast<Order>(x->length < y->length);
      }
      int order = std::memcmp(x->data(), y->data(), std::min(x->length, y->length));
      return static_cast<Order>(order != 0 ? order < 0 : x->length < y->length);
    }
    return static_cast<Order>(strCompare(x, y) < 0);
  }
};
struct LessAny {
  Thread& thread;
  Order operator()(Value a, Value b) const {
    Fallible<bool> less = compareTruth(thread, Comparison::kLess, a, b);
    return less.isRaised() ? Order::kRaised : static_cast<Order>(less.value());
  }
};
// Tuples whose first items are all of one simple type: these decide nearly always.
template <class LessFirst>
struct LessTuple {
  Thread& thread;
  LessFirst lessFirst;
  Order operator()(Value a, Value b) const {
    Value x = a.as<Tuple>()->items[0], y = b.as<Tuple>()->items[0];
    if (lessFirst(x, y) == Order::kLess) return Order::kLess;
    if (lessFirst(y, x) == Order::kLess) return Order::kNotLess;
    Fallible<Value> less = compareTuples(thread, Comparison::kLess, a.as<Tuple>(), b.as<Tuple>());
    if (less.isRaised()) return Order::kRaised;
    if (less.value().isBool()) return static_cast<Order>(less.value().isTrue());
    Fallible<bool> truth = isTrue(thread, less.value());
    return truth.isRaised() ? Order::kRaised : static_cast<Order>(truth.value());
  }
};

// --- the sorter ------------------------------------------------------------------------------------------------------

// A stretch of the array to sort: keys, and the values that travel with them when there is a key function.
struct Slots {
  Value* keys;
  Value* values;  // null: the keys are the values
  Slots operator+(int64_t n) const { return {keys + n, values == nullptr ? nullptr : values + n}; }
};

void copySlots(Slots to, Slots from, int64_t n) {
  std::memmove(to.keys, from.keys, n * sizeof(Value));
  if (to.values != nullptr) std::memmove(to.values, from.values, n * sizeof(Value));
}
KRAIT_INLINE void copySlot(Slots to, Slots from) {
  *to.keys = *from.keys;
  if (to.values != nullptr) *to.values = *from.values;
}
void reverseSlots(Slots slots, int64_t n) {
  std::reverse(slots.keys, slots.keys + n);
  if (slots.values != nullptr) std::reverse(slots.values, slots.values + n);
}

template <class Less>
class Sorter {
 public:
  Sorter(Thread& thread, Slots all, int64_t length, Less less)
      : thread_(thread), all_(all), length_(length), less_(less) {}

  // False: an exception is pending, and the slots are some permutation of what they were.
  bool sort() {
    if (length_ < 2) return true;
    int64_t minimum = minimumRun(length_);
    for (int64_t at = 0; at < length_;) {
      int64_t run = countRun(at);
      if (run < 0) return false;
      if (run < minimum) {
        int64_t forced = std::min(minimum, length_ - at);
        if (!insertionSort(at, at + run, at + forced)) return false;
        run = forced;
      }
      if (!pushRun(at, run)) return false;
      at += run;
    }
    while (pendingCount_ > 1)
      if (!mergeTop()) return false;
    return true;
  }

 private:
  static constexpr int64_t kMinimumGallop = 7;
  static constexpr int kMaxPending = 85;
  struct Run {
    int64_t start, length;
    int power;
  };

  // Between 32 and 64, such that length / result is a power of two or just below one.
  static int64_t minimumRun(int64_t n) {
    int64_t dropped = 0;
    while (n >= 64) {
      dropped |= n & 1;
      n >>= 1;
    }
    return n + dropped;
  }

  // Length of the run that begins at `at`; a strictly descending one is reversed. -1: raised.
  int64_t countRun(int64_t at) {
    Value* keys = all_.keys;
    int64_t end = at + 1;
    if (end == length_) return 1;
    Order first = less_(keys[end], keys[end - 1]);
    if (first == Order::kRaised) return -1;
    for (end++; end < length_; end++) {
      Order order = less_(keys[end], keys[end - 1]);
      if (order == Order::kRaised) return -1;
      if (order != first) break;
    }
    if (first == Order::kLess) reverseSlots(all_ + at, end - at);
    return end - at;
  }

  // Binary insertion: [start, sorted) is sorted, extends it to [start, end).
  bool insertionSort(int64_t start, int64_t sorted, int64_t end) {
    Value* keys = all_.keys;
    for (; sorted < end; sorted++) {
      Value pivot = keys[sorted];
      int64_t low = start, high = sorted;
      while (low < high) {
        int64_t middle = low + ((high - low) >> 1);
        Order order = less_(pivot, keys[middle]);
        if (order == Order::kRaised) return false;
        if (order == Order::kLess) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      std::memmove(keys + low + 1, keys + low, (sorted - low) * sizeof(Value));
      keys[low] = pivot;
      if (all_.values != nullptr) {
        Value value = all_.values[sorted];
        std::memmove(all_.values + low + 1, all_.values + low, (sorted - low) * sizeof(Value));
        all_.values[low] = value;
      }
    }
    return true;
  }

  // The powersort node power between two adjacent runs: the first bit in which the midpoints' fractions differ.
  int nodePower(const Run& left, int64_t rightLength) const {
    int64_t a = 2 * left.start + left.length, b = a + left.length + rightLength;
    int power = 0;
    for (;;) {
      power++;
      if (a >= length_) {
        a -= length_;
        b -= length_;
      } else if (b >= length_) {
        return power;
      }
      a <<= 1;
      b <<= 1;
    }
  }

  bool pushRun(int64_t start, int64_t length) {
    if (pendingCount_ > 0) {
      int power = nodePower(pending_[pendingCount_ - 1], length);
      while (pendingCount_ > 1 && pending_[pendingCount_ - 2].power > power)
        if (!mergeTop()) return false;
      pending_[pendingCount_ - 1].power = power;
    }
    pending_[pendingCount_++] = {start, length, 0};
    return true;
  }

  // Merges the two topmost runs.
  bool mergeTop() {
    Run &left = pending_[pendingCount_ - 2], right = pending_[pendingCount_ - 1];
    int64_t leftStart = left.start, leftLength = left.length;
    left.length += right.length;
    pendingCount_--;
    Slots a = all_ + leftStart, b = all_ + right.start;
    // What of `left` is already in place, what of `right` already is.
    int64_t skip = gallopRight(*b.keys, a.keys, leftLength, 0);
    if (skip < 0) return false;
    a = a + skip;
    leftLength -= skip;
    if (leftLength == 0) return true;
    int64_t rightLength = gallopLeft(a.keys[leftLength - 1], b.keys, right.length, right.length - 1);
    if (rightLength < 0) return false;
    if (rightLength == 0) return true;
    return leftLength <= rightLength ? mergeLow(a, leftLength, b, rightLength)
                                     : mergeHigh(a, leftLength, b, rightLength);
  }

  // Number of items of the sorted keys[0, n) that come before `key`: those < key. The search widens from `hint`.
  int64_t gallopLeft(Value key, const Value* keys, int64_t n, int64_t hint) {
    return gallop(n, hint, [&](int64_t i) { return less_(keys[i], key); });
  }
  // ... those <= key.
  int64_t gallopRight(Value key, const Value* keys, int64_t n, int64_t hint) {
    return gallop(n, hint, [&](int64_t i) {
      Order order = less_(key, keys[i]);
      return order == Order::kRaised ? order : order == Order::kLess ? Order::kNotLess : Order::kLess;
    });
  }
  // The partition point of `isBefore` over [0, n): exponential steps away from `hint`, then bisection.
  template <class IsBefore>
  int64_t gallop(int64_t n, int64_t hint, IsBefore isBefore) {
    Order order = isBefore(hint);
    if (order == Order::kRaised) return -1;
    int64_t low, high;  // isBefore(low - 1) holds, isBefore(high) does not
    if (order == Order::kLess) {
      int64_t offset = 1;
      low = hint + 1;
      for (;;) {
        int64_t at = hint + offset;
        if (at >= n) {
          high = n;
          break;
        }
        order = isBefore(at);
        if (order == Order::kRaised) return -1;
        if (order == Order::kNotLess) {
          high = at;
          break;
        }
        low = at + 1;
        offset = (offset << 1) + 1;
      }
    } else {
      int64_t offset = 1;
      high = hint;
      for (;;) {
        int64_t at = hint - offset;
        if (at < 0) {
          low = 0;
          break;
        }
        order = isBefore(at);
        if (order == Order::kRaised) return -1;
        if (order == Order::kLess) {
          low = at + 1;
          break;
        }
        high = at;
        offset = (offset << 1) + 1;
      }
    }
    while (low < high) {
      int64_t middle = low + ((high - low) >> 1);
      order = isBefore(middle);
      if (order == Order::kRaised) return -1;
      if (order == Order::kLess) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // The merge buffer with room for n slots. False: MemoryError.
  bool makeBuffer(int64_t n) {
    if (bufferLength_ >= n) return true;
    int64_t words = all_.values == nullptr ? n : 2 * n;
    Fallible<ValueArray*> array = allocateArray(thread_, static_cast<uint64_t>(words));
    if (array.isRaised()) return false;
    buffer_ = array.value();
    bufferLength_ = n;
    return true;
  }
  Slots buffer() const { return {buffer_->slots, all_.values == nullptr ? nullptr : buffer_->slots + bufferLength_}; }

  // Merges a[0, na) and b[0, nb), adjacent, na <= nb: a moves to the buffer, the result grows from the left. Whatever
  // happens, the rest of the buffer fills the gap before `b`.
  bool mergeLow(Slots a, int64_t na, Slots b, int64_t nb) {
    if (!makeBuffer(na)) return false;
    Slots out = a, left = buffer();
    copySlots(left, a, na);
    auto take = [&](Slots& from, int64_t& count, int64_t n) {
      copySlots(out, from, n);
      out = out + n;
      from = from + n;
      count -= n;
    };
    auto finish = [&](bool ok) {
      if (ok && na == 1) take(b, nb, nb);  // a's last item is known to come after all of b
      copySlots(out, left, na);
      return ok;
    };
    take(b, nb, 1);  // known: b[0] < a[0]
    while (na > 1 && nb > 0) {
      int64_t leftWins = 0, rightWins = 0;
      while (na > 1 && nb > 0 && leftWins < minimumGallop_ && rightWins < minimumGallop_) {
        Order order = less_(*b.keys, *left.keys);
        if (order == Order::kRaised) return finish(false);
        if (order == Order::kLess) {
          copySlot(out, b);
          b = b + 1, nb--, rightWins++, leftWins = 0;
        } else {
          copySlot(out, left);
          left = left + 1, na--, leftWins++, rightWins = 0;
        }
        out = out + 1;
      }
      if (na <= 1 || nb == 0) break;
      minimumGallop_++;
      do {
        minimumGallop_ -= minimumGallop_ > 1;
        leftWins = gallopRight(*b.keys, left.keys, na, 0);
        if (leftWins < 0) return finish(false);
        take(left, na, leftWins);
        if (na <= 1) break;
        take(b, nb, 1);
        if (nb == 0) break;
        rightWins = gallopLeft(*left.keys, b.keys, nb, 0);
        if (rightWins < 0) return finish(false);
        take(b, nb, rightWins);
        if (nb == 0) break;
        take(left, na, 1);
      } while (na > 1 && (leftWins >= kMinimumGallop || rightWins >= kMinimumGallop));
      minimumGallop_++;
    }
    return finish(true);
  }

  // The mirror image for na > nb: b moves to the buffer, the result grows from the right.
  bool mergeHigh(Slots a, int64_t na, Slots b, int64_t nb) {
    if (!makeBuffer(nb)) return false;
    Slots out = b + nb, right = buffer();  // `out` is one past the next slot to fill
    copySlots(right, b, nb);
    auto take = [&](Slots from, int64_t& count, int64_t n) {
      out = out + -n;
      count -= n;
      copySlots(out, from + count, n);
    };
    auto finish = [&](bool ok) {
      if (ok && nb == 1) take(a, na, na);  // b's first item is known to come before all of a
      copySlots(out + -nb, right, nb);
      return ok;
    };
    take(a, na, 1);  // known: a's last > b's last
    while (na > 0 && nb > 1) {
      int64_t leftWins = 0, rightWins = 0;
      while (na > 0 && nb > 1 && leftWins < minimumGallop_ && rightWins < minimumGallop_) {
        Order order = less_(right.keys[nb - 1], a.keys[na - 1]);
        if (order == Order::kRaised) return finish(false);
        out = out + -1;
        if (order == Order::kLess) {
          copySlot(out, a + (na - 1));
          na--, leftWins++, rightWins = 0;
        } else {
          copySlot(out, right + (nb - 1));
          nb--, rightWins++, leftWins = 0;
        }
      }
      if (na == 0 || nb <= 1) break;
      minimumGallop_++;
      do {
        minimumGallop_ -= minimumGallop_ > 1;
        int64_t before = gallopRight(right.keys[nb - 1], a.keys, na, na - 1);
        if (before < 0) return finish(false);
        leftWins = na - before;
        take(a, na, leftWins);
        if (na == 0) break;
        take(right, nb, 1);
        if (nb <= 1) break;
        before = gallopLeft(a.keys[na - 1], right.keys, nb, nb - 1);
        if (before < 0) return finish(false);
        rightWins = nb - before;
        take(right, nb, rightWins);
        if (nb <= 1) break;
        take(a, na, 1);
      } while (na > 0 && nb > 1 && (leftWins >= kMinimumGallop || rightWins >= kMinimumGallop));
      minimumGallop_++;
    }
    return finish(true);
  }

  Thread& thread_;
  Slots all_;
  int64_t length_;
  Less less_;
  int64_t minimumGallop_ = kMinimumGallop;
  ValueArray* buffer_ = nullptr;
  int64_t bufferLength_ = 0;
  Run pending_[kMaxPending];
  int pendingCount_ = 0;
};

// --- choosing the comparison -----------------------------------------------------------------------------------------

enum class Homogeneous { kNo, kInlineInts, kFloats, kStrs, kTuples };

Homogeneous classOf(Value v) {
  if (v.isInlineInt()) return Homogeneous::kInlineInts;
  Type* type = typeOf(v);
  if (type == types.float_) return Homogeneous::kFloats;
  if (type == types.str) return Homogeneous::kStrs;
  if (type == types.tuple && v.as<Tuple>()->length > 0) return Homogeneous::kTuples;
  return Homogeneous::kNo;
}

// What all of key(0) … key(n-1) are.
template <class Key>
Homogeneous classOfAll(int64_t n, Key key) {
  Homogeneous common = classOf(key(0));
  for (int64_t i = 1; i < n && common != Homogeneous::kNo; i++)
    if (classOf(key(i)) != common) return Homogeneous::kNo;
  return common;
}

template <class Less>
[[gnu::noinline]] bool sortWith(Thread& thread, Slots slots, int64_t n, Less less) {
  return Sorter<Less>(thread, slots, n, less).sort();
}

bool sortSlots(Thread& thread, Slots slots, int64_t n) {
  switch (classOfAll(n, [&](int64_t i) { return slots.keys[i]; })) {
    case Homogeneous::kInlineInts: return sortWith(thread, slots, n, LessInlineInt{});
    case Homogeneous::kFloats: return sortWith(thread, slots, n, LessFloat{});
    case Homogeneous::kStrs: return sortWith(thread, slots, n, LessStr{});
    case Homogeneous::kTuples:
      switch (classOfAll(n, [&](int64_t i) { return slots.keys[i].as<Tuple>()->items[0].get(); })) {
        case Homogeneous::kInlineInts: return sortWith(thread, slots, n, LessTuple<LessInlineInt>{thread, {}});
        case Homogeneous::kFloats: return sortWith(thread, slots, n, LessTuple<LessFloat>{thread, {}});
        case Homogeneous::kStrs: return sortWith(thread, slots, n, LessTuple<LessStr>{thread, {}});
        default: break;
      }
      break;
    case Homogeneous::kNo: break;
  }
  return sortWith(thread, slots, n, LessAny{thread});
}

// Keys of all values, by calling the key function. Null: raised.
Fallible<ValueArray*> computeKeys(Thread& thread, const ValueArray* storage, int64_t n, Value key) {
  ValueArray* keys = TRY(allocateArray(thread, static_cast<uint64_t>(n)));
  for (int64_t i = 0; i < n; i++) keys->slots[i] = TRY(call(thread, key, storage->slots[i]));
  return keys;
}

}  // namespace

Fallible<void> listSort(Thread& thread, List* list, Value key, bool reverse) {
  uint64_t length = list->length, capacity = list->capacity;
  ValueArray* storage = list->storage;
  int64_t n = static_cast<int64_t>(length);
  // While Python code may run the list looks empty; whoever mutates it is told afterwards.
  list->length = list->capacity = 0;
  list->storage.set(nullptr);
  list->flags |= kListSorting;
  bool ok = true;
  if (n > 0) {
    Slots slots{storage->slots, nullptr};
    ValueArray* keys = nullptr;  // stays on this frame: it keeps the keys alive
    if (!key.isNone()) {
      Fallible<ValueArray*> made = computeKeys(thread, storage, n, key);
      ok = !made.isRaised();
      keys = made.value();
      if (ok) slots = {keys->slots, storage->slots};
    }
    if (ok) {
      // Reversed before and after, so that equal items keep their order.
      if (reverse) reverseSlots(slots, n);
      ok = sortSlots(thread, slots, n);
      if (reverse) reverseSlots(slots, n);
    }
    asm volatile("" : : "r"(keys), "r"(storage));  // both live until here, as pointers the collector can see
  }
  bool modified = (list->flags & kListSorting) == 0;
  list->flags &= ~kListSorting;
  list->length = length;
  list->capacity = capacity;
  list->storage.set(storage);
  if (!ok) return Raised{};
  if (modified) return raiseValueError(thread, "list modified during sort");
  return {};
}

}  // namespace krait
