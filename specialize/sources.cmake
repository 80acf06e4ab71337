# Every source of the adaptive layer; alphabetical.
set(KRAIT_SPECIALIZE_SOURCES adapt.cpp miss_reasons.cpp observe.cpp policy.cpp
statistics.cpp statistics_output.cpp tables.cpp)
