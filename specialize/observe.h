// Observers: each looks at a family's operands and names the form that fits, its cache filled in.
#pragma once
#include "specialize/forms.h"
#include "specialize/policy.h"
#include "vm/prepared.h"

namespace krait {

// Why an attempt found no form; kept in the word (4 bits, per family) and counted by the statistics.
enum class Failure : uint8_t {
#define FAILURE(name, text) name,
#include "specialize/failures.def"
#undef FAILURE
  kCount
};
extern const char* const kFailureTexts[];

// A place in the program that wants to be specialised. Observers take no Thread&: they neither allocate nor raise.
struct Site {
  Unit* word;
  Value* sp;  // the inputs lie below
  Frame* frame;
  Op generic;
  template <class C>
  C& cache() const {
    return cacheAs<C>(word);
  }
  Value top(int n = 1) const { return sp[-n]; }
  uint32_t oparg() const { return word[1].operand; }
  Str* name() const { return (word + word[1].offset)->value.as<Str>(); }
};

struct Observation {
  Op form = Op::kCount;  // kCount: none
  Failure failure = Failure::kNone;
  Observation(Op f) : form(f) {}
  Observation(Failure why) : failure(why) {}
};

// The form for this site under the policy.
Observation observe(Site site);

// Inline caches are about to rely on lookups in `type`. False: the class changes too often.
bool relyOn(Type* type);

}  // namespace krait
