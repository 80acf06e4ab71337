// What operations know of datetime's objects.
#pragma once
#include <optional>

#include "vm/value.h"

namespace krait {

// The hash that a date, time, datetime or timedelta (not of a subclass) has computed before.
std::optional<int64_t> keptMomentHash(Value native);

}  // namespace krait
