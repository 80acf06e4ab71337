// The callee-saved registers, put where the conservative scan of the native stack can see them.
#pragma once
#include <csetjmp>
#include <cstdint>

namespace krait {

// A local of this type holds the caller's callee-saved registers; the scan begins at its address. __builtin_unwind_init
// and __builtin_frame_address do not do: the registers are saved below the frame address. setjmp alone mangles rbp.
struct SpilledRegisters {
  [[gnu::always_inline]] SpilledRegisters() {
#if defined(__x86_64__)
    asm volatile(
        "movq %%rbx, 0(%0)\n\tmovq %%rbp, 8(%0)\n\tmovq %%r12, 16(%0)\n\t"
        "movq %%r13, 24(%0)\n\tmovq %%r14, 32(%0)\n\tmovq %%r15, 40(%0)"
        :
        : "r"(words)
        : "memory");
#else
    setjmp(buffer);
#endif
  }
  union {
    uint64_t words[6];
    std::jmp_buf buffer;
  };
};

}  // namespace krait
