// Lets the topology certificate find each op's entry in a loop whose labels nobody else takes the address of.
//
// The switch loop puts KRAIT_TOPOLOGY_ENTRY(name) behind each `case`, and lists KRAIT_TOPOLOGY_ADDRESS(name) in a static
// table named kraitDispatchTable. Measured with g++ 12 and clang 19 on 387 entries: the machine code of the loop is
// identical with and without. Rejected: a record per case in a section of its own, by inline assembly, which changed
// clang's block order.
#pragma once

#define KRAIT_TOPOLOGY_ENTRY(name) entry_##name:
#define KRAIT_TOPOLOGY_ADDRESS(name) &&entry_##name
