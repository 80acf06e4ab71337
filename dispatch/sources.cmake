# What every dispatch shares: everything here but the loops and main.cpp.
set(KRAIT_DISPATCH_SOURCES options.cpp)
