// Places in dicts, for native code that reads a value and writes another in its place.
#pragma once
#include "vm/builtins/dict.h"

namespace krait {

struct DictPlace {
  DictEntry* entry;  // null: missing. Valid until the key table changes or Python code runs
};
Fallible<DictPlace> dictFindHashed(Thread& thread, Dict* dict, Value key, int64_t hash);

}  // namespace krait
