// The numbers of the canonical instructions as a type, shared by the compiler that emits them and the VM that runs
// them.
#pragma once

#include <cstdint>

namespace krait {

enum class Opcode : std::uint8_t {
#define INSTRUCTION(name, number) name = number,
#include "vm/instructions.def"
#undef INSTRUCTION
};

/// Opcodes from this number on use their oparg; below it the oparg byte is zero.
inline constexpr int kHaveArgument = 90;

}  // namespace krait
