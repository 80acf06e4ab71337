// The one 64-bit word that every Python value is, and the only file that knows its bits.
//
//   bits 2..0   meaning                    payload
//   x x 0       inline int                 bits >> 1, 63-bit two's complement: -2^62 .. 2^62-1
//   0 0 1       pointer to a heap cell     bits - 1 (cells are 16-byte aligned; field access folds the -1)
//   x 1 1       inline float               rotate right by 3, subtract the bias: 2^-255 <= |x| < 2^257
//   1 0 1       immediate                  None, False, True, NotImplemented, Ellipsis, unbound, error, 0.0, -0.0
//
// Ints come first because Python programs are mostly ints: one test bit, `add; jo`, no untagging for + - & | ^ and
// comparison. Floats are self-tagged (Melancon, Serrano & Feeley 2025): the rotation makes the exponent the tag, so
// nothing is lost inside the common magnitudes; the two zeroes are immediates, other magnitudes, infinities and NaN are
// heap cells (NaN so that identity and `in` behave as in CPython). NaN-boxing was rejected: it narrows inline ints.
// The all-zero word is the int 0, so zeroed memory is always safe to trace.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#define KRAIT_INLINE [[gnu::always_inline]] inline
#define KRAIT_COLD [[gnu::noinline, gnu::cold]]

namespace krait {

struct Cell;

class Value {
 public:
  Value() = default;  // uninitialised on purpose: hot paths pay for nothing
  KRAIT_INLINE constexpr explicit Value(uint64_t bits) : bits_(bits) {}
  KRAIT_INLINE uint64_t constexpr bits() const { return bits_; }

  // --- ints ---------------------------------------------------------------------------------------------------------
  static constexpr int64_t kMinInlineInt = -(int64_t{1} << 62), kMaxInlineInt = (int64_t{1} << 62) - 1;
  KRAIT_INLINE static constexpr bool fitsInlineInt(int64_t i) { return i >= kMinInlineInt && i <= kMaxInlineInt; }
  // Requires fitsInlineInt(i).
  KRAIT_INLINE static constexpr Value inlineInt(int64_t i) { return Value(static_cast<uint64_t>(i) << 1); }
  KRAIT_INLINE constexpr bool isInlineInt() const { return (bits_ & 1) == 0; }
  KRAIT_INLINE constexpr int64_t asInlineInt() const { return static_cast<int64_t>(bits_) >> 1; }
  KRAIT_INLINE static constexpr bool bothInlineInts(Value a, Value b) { return ((a.bits_ | b.bits_) & 1) == 0; }

  // --- floats -------------------------------------------------------------------------------------------------------
  KRAIT_INLINE constexpr bool isInlineFloat() const { return (bits_ & 3) == 3; }
  KRAIT_INLINE double asInlineFloat() const { return std::bit_cast<double>(std::rotr(bits_, 3) - kFloatBias); }
  // The self-tagged form of d; only valid when the result isInlineFloat().
  KRAIT_INLINE static Value tagFloat(double d) { return Value(std::rotl(std::bit_cast<uint64_t>(d) + kFloatBias, 3)); }
  KRAIT_INLINE constexpr bool isFloatZero() const { return (bits_ & ~kNegativeZeroBit) == kPositiveZero; }
  KRAIT_INLINE static constexpr Value floatZero(bool negative) {
    return Value(negative ? kPositiveZero | kNegativeZeroBit : kPositiveZero);
  }
  // Only valid when isFloatZero().
  KRAIT_INLINE constexpr double asFloatZero() const { return bits_ == kPositiveZero ? 0.0 : -0.0; }

  // --- pointers -----------------------------------------------------------------------------------------------------
  KRAIT_INLINE constexpr bool isCell() const { return ((bits_ - 1) & 7) == 0; }
  KRAIT_INLINE Cell* asCell() const { return reinterpret_cast<Cell*>(bits_ - 1); }
  template <class T>
  KRAIT_INLINE T* as() const {  // unchecked: the caller has looked at the kind
    return reinterpret_cast<T*>(bits_ - 1);
  }
  KRAIT_INLINE static Value of(const void* cell) { return Value(reinterpret_cast<uint64_t>(cell) + 1); }

  // --- immediates ---------------------------------------------------------------------------------------------------
  KRAIT_INLINE static constexpr Value none() { return Value(kNone); }
  KRAIT_INLINE static constexpr Value boolean(bool b) { return Value(kFalse + (static_cast<uint64_t>(b) << 3)); }
  KRAIT_INLINE static constexpr Value notImplemented() { return Value(kNotImplemented); }
  KRAIT_INLINE static constexpr Value ellipsis() { return Value(kEllipsis); }
  // A local, slot or dict entry that holds nothing; also CPython's NULL on the evaluation stack. Never seen by Python.
  KRAIT_INLINE static constexpr Value unbound() { return Value(kUnbound); }
  // "An exception is pending on the thread", as a word. Never stored anywhere.
  KRAIT_INLINE static constexpr Value error() { return Value(kError); }
  KRAIT_INLINE constexpr bool isNone() const { return bits_ == kNone; }
  KRAIT_INLINE constexpr bool isTrue() const { return bits_ == kTrue; }
  KRAIT_INLINE constexpr bool isFalse() const { return bits_ == kFalse; }
  KRAIT_INLINE constexpr bool isBool() const { return (bits_ & ~uint64_t{8}) == kFalse; }
  KRAIT_INLINE constexpr bool isNotImplemented() const { return bits_ == kNotImplemented; }
  KRAIT_INLINE constexpr bool isEllipsis() const { return bits_ == kEllipsis; }
  KRAIT_INLINE constexpr bool isUnbound() const { return bits_ == kUnbound; }
  KRAIT_INLINE constexpr bool isError() const { return bits_ == kError; }
  KRAIT_INLINE constexpr bool isImmediate() const { return (bits_ & 7) == 5; }
  // The index of an immediate in kind tables; requires isImmediate().
  KRAIT_INLINE constexpr unsigned immediateIndex() const { return static_cast<unsigned>(bits_ >> 3); }

  // Identity: Python's `is`, which for inline values is equality of the words.
  KRAIT_INLINE constexpr bool is(Value other) const { return bits_ == other.bits_; }

  enum : uint64_t {
    kFalse = 0x05,
    kTrue = 0x0d,
    kNone = 0x15,
    kNotImplemented = 0x1d,
    kEllipsis = 0x25,
    kUnbound = 0x2d,
    kError = 0x35,
    kPositiveZero = 0x45,
    kNegativeZeroBit = 0x08,
  };

 private:
  static constexpr uint64_t kFloatBias = uint64_t{3} << 60;
  uint64_t bits_;
};

static_assert(sizeof(Value) == 8 && std::is_trivially_copyable_v<Value>);
static_assert(Value::inlineInt(Value::kMinInlineInt).asInlineInt() == Value::kMinInlineInt);
static_assert(Value::inlineInt(Value::kMaxInlineInt).asInlineInt() == Value::kMaxInlineInt);
static_assert(Value::boolean(false).isFalse() && Value::boolean(true).isTrue());
static_assert(!Value::none().isBool() && !Value::floatZero(true).isBool() && Value::floatZero(true).isFloatZero());

// "An exception is pending": what a function that fails returns, whatever its result type.
struct Raised {};

// A T, or Raised. The exception itself is on the thread; a Fallible says only that one is pending.
template <class T>
class [[nodiscard]] Fallible {
 public:
  KRAIT_INLINE Fallible(T value) : value_(value), raised_(false) {}
  KRAIT_INLINE Fallible(Raised) : value_(), raised_(true) {}
  KRAIT_INLINE bool isRaised() const { return raised_; }
  KRAIT_INLINE T value() const { return value_; }  // requires !isRaised()

 private:
  T value_;
  bool raised_;
};
template <>
class [[nodiscard]] Fallible<Value> {  // one register: the error immediate stands for Raised
 public:
  KRAIT_INLINE Fallible(Value value) : value_(value) {}
  KRAIT_INLINE Fallible(Raised) : value_(Value::error()) {}
  KRAIT_INLINE bool isRaised() const { return value_.isError(); }
  KRAIT_INLINE Value value() const { return value_; }
  KRAIT_INLINE Value orError() const { return value_; }  // the word, error immediate included

 private:
  Value value_;
};
template <class T>
class [[nodiscard]] Fallible<T*> {  // one register: null stands for Raised
 public:
  KRAIT_INLINE Fallible(T* value) : value_(value) {}
  KRAIT_INLINE Fallible(Raised) : value_(nullptr) {}
  KRAIT_INLINE bool isRaised() const { return value_ == nullptr; }
  KRAIT_INLINE T* value() const { return value_; }

 private:
  T* value_;
};
template <>
class [[nodiscard]] Fallible<void> {
 public:
  KRAIT_INLINE Fallible() : raised_(false) {}
  KRAIT_INLINE Fallible(Raised) : raised_(true) {}
  KRAIT_INLINE bool isRaised() const { return raised_; }
  KRAIT_INLINE void value() const {}

 private:
  bool raised_;
};

// TRY(expression): its value, or return Raised from the enclosing function. A statement expression, because no function
// can return from its caller:   Str* s = TRY(toStr(thread, v));
#define TRY(...)                            \
  ({                                        \
    auto tryResult_ = (__VA_ARGS__);        \
    if (tryResult_.isRaised()) [[unlikely]] \
      return ::krait::Raised{};             \
    tryResult_.value();                     \
  })

}  // namespace krait
