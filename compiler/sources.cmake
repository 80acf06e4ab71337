# The sources of the compiler's first half: text to AST.
set(KRAIT_COMPILER_FRONT_SOURCES arena.cpp)
