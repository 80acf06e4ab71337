# What every dispatch shares: everything here but the loops and main.cpp.
set(KRAIT_DISPATCH_SOURCES
  interactive.cpp
  line_reader.cpp
  options.cpp
  path_config.cpp
  run.cpp
  start.cpp
  trace_describe.cpp
  trace_exec.cpp
  trace_page.cpp
  trace_text.cpp
  trace_values.cpp
)
