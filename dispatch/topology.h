// Keeps dispatch sites what a loop's source says they are, and lets the topology certificate find the entries.
//
// The switch loop puts KRAIT_TOPOLOGY_ENTRY(name) behind each `case`, and lists KRAIT_TOPOLOGY_ADDRESS(name) in a
// static table named kraitDispatchTable. Measured with g++ 12 and clang 19 on 387 entries: the machine code of the loop
// is identical with and without. Rejected: a record per case in a section of its own, by inline assembly, which changed
// clang's block order.
//
// The threaded loops put KRAIT_DISTINCT(name) in front of each jump: no instruction, but no two ends of handlers are
// alike for clang any more. Without it clang 19 gives all handlers that poll the eval-breaker one shared jump; g++ 12
// does not need it and would pay an instruction for it.
#pragma once

#define KRAIT_TOPOLOGY_ENTRY(name) entry_##name:
#define KRAIT_TOPOLOGY_ADDRESS(name) &&entry_##name
#if defined(__clang__)
#define KRAIT_DISTINCT(name) asm volatile("" : : "i"(static_cast<int>(ops::name)))
#else
#define KRAIT_DISTINCT(name) static_cast<void>(0)
#endif
