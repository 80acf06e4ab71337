// What is known of a callee before it is called.
#include "specialize/families/calls.h"

#include "specialize/adapt.h"

namespace krait {

namespace calls {

  uint32_t codeVersion(Code* code) {
    static uint32_t last = 0;
    if (code->version == 0 && last != UINT32_MAX) code->version = ++last;
    return code->version;
  }
  Pc bodyOf(const PreparedCode* prepared) {
    return prepared->entry + (ownOpAt(prepared->entry) == Op::RESUME ? wordUnits(Op::RESUME) : 0);
  }
  bool hasDeoptimised(const Unit* word) { return failureAt(word) == 0 && backoffAt(word) != 0; }
  bool isCold(const PreparedCode* prepared) { return ownOpAt(prepared->entry) == ops::RESUME_WARM_UP; }

}  // namespace calls

}  // namespace krait
