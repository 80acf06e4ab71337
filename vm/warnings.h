// The state of the warnings machinery, and its two functions with all they can be told.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Dict;

// -b: 1 warns where bytes meet str, 2 (-bb) raises BytesWarning there.
inline int bytesWarningLevel = 0;

// filters (list), onceregistry (dict) and defaultaction (str) of module _warnings; the module warnings, once imported,
// has its own names for them.
struct WarningDefaults {
  Value filters, onceRegistry, defaultAction;
};
Fallible<WarningDefaults> warningDefaults(Thread& thread);
// Registries from before this call are out of date.
void warningFiltersChanged();

// warnings.warn(): `category` a class, ignored when the message is a Warning. source: unbound or None when there is
// none.
Fallible<void> warnFrom(Thread& thread, Value message, Value category, int64_t stackLevel, Value source);
// warnings.warn_explicit().
struct WarningPlace {
  Value filename;  // str
  int64_t line = 0;
  Value module = Value::unbound();      // unbound: made from the file name
  Value registry = Value::unbound();    // dict, None or unbound
  Value sourceLine = Value::unbound();  // str, or unbound: read from the file
};
Fallible<void> warnAt(Thread& thread, Value message, Value category, const WarningPlace& place, Value source);

}  // namespace krait
