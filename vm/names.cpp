// Interns the strings that C++ code uses by name.
#include "vm/names.h"

#include <cstdio>

#include "vm/builtins/interned.h"

namespace krait {
namespace {

Str* internOrDie(Thread& thread, std::string_view text) {
  auto name = internForever(thread, text);
  if (name.isRaised()) {
    fputs("krait: not enough memory to start\n", stderr);
    exit(1);
  }
  return name.value();
}

}  // namespace

void initialiseNames(Thread& thread) {
#define KRAIT_NAME(name) names.dunder_##name = internOrDie(thread, "__" #name "__");
  KRAIT_DUNDER_NAMES(KRAIT_NAME)
#undef KRAIT_NAME
#define KRAIT_NAME(name) names.name = internOrDie(thread, #name);
  KRAIT_PLAIN_NAMES(KRAIT_NAME)
#undef KRAIT_NAME
}

}  // namespace krait
