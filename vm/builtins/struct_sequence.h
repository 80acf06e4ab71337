// Struct sequences: tuples whose items have names, and that may have further named fields (time.struct_time,
// sys.version_info, os.stat_result).
#pragma once
#include <span>

#include "vm/operations.h"

namespace krait {

// What a struct sequence type looks like; static data, because the type keeps a pointer to it.
struct StructSequence {
  const char* module;
  const char* name;
  const char* doc;  // may be null
  // Visible fields (the tuple's items) first, hidden ones behind. A null name is an item without one.
  std::span<const char* const> fields;
  uint32_t visible;
  bool instantiable = true;  // sys.flags and the like are not
  static constexpr uint32_t kMaxFields = 40;
};

// At start-up or when a module is made; a failure is fatal.
Type* makeStructSequenceType(Thread& thread, const StructSequence& description);
// An instance from all fields, hidden ones included.
Fallible<Value> makeStructSequence(Thread& thread, Type* type, std::span<const Value> fields);

}  // namespace krait
