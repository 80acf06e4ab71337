// Four tiny loops whose dispatch sites are known: what the topology certificate must say of each is in classify.py.
//
// SHARED: one indirect jump serves every entry. OWN: every entry ends in its own. MERGED: like OWN, but two entries end
// in the same one. SPILL: like OWN, and a hot handler goes through the native stack. Assembly, because a compiler may
// do to these loops the very things that the certificate is there to find.
extern "C" {
extern const char* const kOpNames[];
const char* const kOpNames[] = {"LOAD_FAST", "STORE_FAST", "POP_TOP",  "LOAD_CONST", "COPY",
                                "SWAP",      "NOP",        "CALL_ONE", "RAISE_ONE",  "PUSH_NULL"};
}
[[gnu::used]] static const char* const* const keep = kOpNames;

#if defined(SHARED)
#define NEXT "  jmp common\n"
#define COMMON "common: jmp *(%rdi)\n"
#else
#define NEXT "  jmp *(%rdi)\n"
#define COMMON ""
#endif
#if defined(MERGED)
#define NEXT_OF_2 "  jmp tail\n"
#else
#define NEXT_OF_2 NEXT
#endif
#if defined(SPILL)
#define SPILL_OF_0 "  movq %rdi, 8(%rsp)\n"
#else
#define SPILL_OF_0 ""
#endif

// clang-format off
asm("  .text\n"
    "  .type interpret, @function\n"
    "interpret:\n"
    "  jmp *%rdi\n"
    COMMON
    "E0: addq $8, %rdi\n" SPILL_OF_0 NEXT
    "E1: addq $16, %rdi\n" NEXT
    "E2: addq $24, %rdi\n" NEXT_OF_2
    "E3: addq $32, %rdi\n"
    "tail:\n" NEXT
    "E4: subq $8, %rdi\n  jne 1f\n  call interpret\n1:\n" NEXT
    "E5: subq $16, %rdi\n" NEXT
    "E6:" NEXT
    "E7: call interpret\n" NEXT
    "E8: call interpret\n  ret\n"
    "E9: incq %rdi\n" NEXT
    "  .size interpret, .-interpret\n"
    "  .section .rodata\n"
    "  .type kraitDispatchTable, @object\n"
    "kraitDispatchTable: .quad E0, E1, E2, E3, E4, E5, E6, E7, E8, E9\n"
    "  .size kraitDispatchTable, .-kraitDispatchTable\n"
    "  .text\n");
// clang-format on

int main() { return keep == nullptr; }
