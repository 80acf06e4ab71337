// How the int sources see any int as sign and limbs, and how they make results: the bridge between words and GMP's mpn.
#pragma once
#include <gmp.h>

#include "vm/builtins/int.h"

namespace krait {

static_assert(sizeof(mp_limb_t) == 8 && GMP_NUMB_BITS == 64 && std::is_same_v<mp_limb_t, uint64_t>);

// No int may have more limbs: 2^40 bytes is the heap's largest cell.
inline constexpr uint64_t kMaxLimbs = (Heap::kMaxCellBytes - sizeof(BigInt)) / sizeof(mp_limb_t);

// Sign and magnitude of an int. Lives on the native stack, where the collector sees `limbs`; it points into itself for
// inline ints and is therefore not copyable.
class LimbView {
 public:
  KRAIT_INLINE explicit LimbView(Value intValue) {
    if (intValue.isInlineInt()) {
      int64_t i = intValue.asInlineInt();
      negative = i < 0;
      small_ = negative ? -static_cast<uint64_t>(i) : static_cast<uint64_t>(i);
      limbs = &small_;
      size = small_ != 0;
    } else {
      const BigInt* big = intValue.as<BigInt>();
      negative = big->isNegative();
      limbs = big->limbs;
      size = big->size;
    }
  }
  LimbView(const LimbView&) = delete;
  LimbView& operator=(const LimbView&) = delete;
  uint64_t bits() const { return size == 0 ? 0 : size * 64 - static_cast<unsigned>(__builtin_clzll(limbs[size - 1])); }

  const mp_limb_t* limbs;
  uint64_t size;  // normalised: the top limb is not zero
  bool negative;

 private:
  mp_limb_t small_ = 0;
};

// A cell with room for `limbs` limbs, to be completed by finishInt. MemoryError when too large.
Fallible<BigInt*> allocateInt(Thread& thread, uint64_t limbs);
// Normalises: drops leading zeroes and returns an inline int where the value fits one.
Value finishInt(BigInt* cell, uint64_t size, bool negative);

// GMP takes the scratch memory of large operations from malloc and aborts the process when there is none. Asks whether
// four times `limbs` can be had, and raises MemoryError when not. Small operations use the native stack.
KRAIT_COLD Fallible<void> reserveScratchSlow(Thread& thread, uint64_t limbs);
KRAIT_INLINE Fallible<void> reserveScratch(Thread& thread, uint64_t limbs) {
  if (limbs > 1000) [[unlikely]]
    return reserveScratchSlow(thread, limbs);
  return {};
}

// The number as an mpz that borrows the limbs; never to be written or cleared.
inline mpz_srcptr borrowMpz(mpz_ptr header, const LimbView& view) {
  return mpz_roinit_n(header, view.limbs,
                      view.negative ? -static_cast<mp_size_t>(view.size) : static_cast<mp_size_t>(view.size));
}
// An owned mpz; its memory is GMP's.
class OwnedMpz {
 public:
  OwnedMpz() { mpz_init(value_); }
  ~OwnedMpz() { mpz_clear(value_); }
  OwnedMpz(const OwnedMpz&) = delete;
  OwnedMpz& operator=(const OwnedMpz&) = delete;
  operator mpz_ptr() { return value_; }
  Fallible<Value> toInt(Thread& thread) const {
    return makeIntFromLimbs(thread, mpz_limbs_read(value_), mpz_size(value_), mpz_sgn(value_) < 0);
  }

 private:
  mpz_t value_;
};

}  // namespace krait
