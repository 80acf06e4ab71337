// What Pattern.sub and Pattern.subn have in common.
#pragma once
#include "vm/modules/sre.h"

namespace krait::sre {
// pattern.sub(*arguments), or with `withCount` pattern.subn(*arguments).
Fallible<Value> substitute(Thread& thread, Pattern* pattern, const Arguments& arguments, const char* function,
                           bool withCount);
}  // namespace krait::sre
