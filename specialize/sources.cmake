# Every source of the adaptive layer; alphabetical.
set(KRAIT_SPECIALIZE_SOURCES adapt.cpp observe.cpp policy.cpp tables.cpp)
