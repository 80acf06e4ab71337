// What the sources of the module time share.
#pragma once
#include <ctime>

#include "vm/builtins/module.h"
#include "vm/operations.h"

namespace krait {

inline constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;

// Seconds as an int or float in nanoseconds (away from zero) or whole seconds (floor). OverflowError and
// ValueError in CPython's wording.
Fallible<int64_t> nanosecondsArgument(Thread& thread, Value seconds);
Fallible<int64_t> wholeSecondsArgument(Thread& thread, Value seconds);

// Adds struct_time, gmtime, localtime, mktime, strftime, strptime, asctime, ctime, tzset and the time zone's names.
Fallible<void> addCalendar(Thread& thread, ModuleBuilder& builder);

}  // namespace krait
