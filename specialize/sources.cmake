# Every source of the adaptive layer; alphabetical.
set(KRAIT_SPECIALIZE_SOURCES adapt.cpp adaptive_code.cpp families/calls.cpp families/shapes.cpp miss_reasons.cpp
  observe.cpp policy.cpp profile.cpp report.cpp statistics.cpp statistics_output.cpp tables.cpp word_view.cpp)
