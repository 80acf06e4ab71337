// The compiler's own value of a literal, so that neither the AST nor the code generator holds heap Values to be rooted.
#pragma once

#include <gmp.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/arena.h"

namespace krait {

struct CodeUnit;

enum class ConstantKind : uint8_t {
  None,
  False,
  True,
  Ellipsis,
  Int,  // small: fits int64_t; otherwise limbs
  Float,
  Complex,
  Str,  // WTF-8: UTF-8 in which lone surrogates are encoded too
  Bytes,
  Tuple,
  FrozenSet,  // elements distinct by constant key, in source order
  Code,
};

// A value of 24 bytes; everything it points to lives in the compilation's arena.
class Constant {
 public:
  constexpr Constant() : kind_(ConstantKind::None), integer_(0) {}

  static Constant none() { return Constant(); }
  static Constant boolean(bool value) { return Constant(value ? ConstantKind::True : ConstantKind::False); }
  static Constant ellipsis() { return Constant(ConstantKind::Ellipsis); }
  static Constant integer(int64_t value);
  // `limbs` is the magnitude, least significant limb first, already in the arena; leading zero limbs are dropped and
  // whatever fits int64_t becomes small, so that each integer has one form.
  static Constant bigInteger(const mp_limb_t* limbs, size_t count, bool negative);
  static Constant floating(double value);
  static Constant complex(double real, double imaginary);
  static Constant str(std::string_view text);
  static Constant bytes(std::string_view data);
  static Constant tuple(ArenaSpan<const Constant> items);
  static Constant frozenSet(ArenaSpan<const Constant> items);
  static Constant code(const CodeUnit* unit);

  ConstantKind kind() const { return kind_; }
  bool is(ConstantKind kind) const { return kind_ == kind; }
  bool isNumber() const { return is(ConstantKind::Int) || is(ConstantKind::Float) || is(ConstantKind::Complex); }

  // Int only.
  bool isSmallInt() const { return kind_ == ConstantKind::Int && !big_; }
  bool isBigInt() const { return kind_ == ConstantKind::Int && big_; }
  bool isNegative() const { return big_ ? negative_ : integer_ < 0; }
  int64_t smallInt() const { return integer_; }
  const mp_limb_t* limbs() const { return limbs_; }
  size_t limbCount() const { return size_; }

  double floating() const { return real_; }  // Float
  double real() const { return real_; }      // Complex
  double imaginary() const { return imaginary_; }
  std::string_view text() const { return {text_, size_}; }  // Str, Bytes
  ArenaSpan<const Constant> items() const { return {items_, size_}; }
  const CodeUnit* code() const { return code_; }

  // The truth value Python gives it; Code is true.
  bool isTrue() const;

  // Whether it is a float or complex that does not equal itself. Of two such, CPython asks whether they are one object:
  // then they come from one node of the AST, whose number tells.
  bool isNan() const;
  uint32_t nodeOfNan() const { return nodeOfNan_; }
  void setNodeOfNan(uint32_t node) { nodeOfNan_ = node; }

 private:
  explicit constexpr Constant(ConstantKind kind) : kind_(kind), integer_(0) {}

  ConstantKind kind_;
  bool big_ = false;
  bool negative_ = false;
  uint32_t nodeOfNan_ = 0;
  union {
    int64_t integer_;
    double real_;
    const char* text_;
    const mp_limb_t* limbs_;
    const Constant* items_;
    const CodeUnit* code_;
  };
  union {
    size_t size_ = 0;
    double imaginary_;
  };
};
static_assert(sizeof(Constant) == 24);

// The key by which co_consts merges: type-aware, so 1, 1.0, True and 0.0, -0.0 are distinct, in tuples too; a NaN
// equals itself and no other; frozensets compare as sets; Code compares by identity.
bool sameConstantKey(const Constant& a, const Constant& b);
size_t hashConstantKey(const Constant& constant);

// Reads the digits (no prefix, no underscores) of an integer literal in base 2, 8, 10 or 16.
// Never calls an allocating function of GMP: the limbs come from the arena.
Constant integerFromDigits(Arena& arena, std::string_view digits, int base);

// repr() of the constant as Python 3.11 writes it. Strings keep printable characters and escape the others.
// Code and frozensets are written as Python's repr of them would begin; they never come from source.
void appendRepr(std::string& out, const Constant& constant);

}  // namespace krait
