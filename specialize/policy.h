// The strategy of specialisation, a value chosen at run time, so that strategies are compared in one binary.
//
//   none            no counters: what prepare() made is what runs
//   quicken         forms that are decided by operand types alone; no inline caches
//   inline-cache    monomorphic inline caches with exponential back-off
//   polymorphic:N   up to N (2, 4, 8) shapes at a place, then megamorphic: the generic form and its global cache
//   eager           inline-cache, at the first execution
//   profile:FILE    replays the specialisation state that -X specialize-save=FILE wrote
//   ...+super       and superinstructions
#pragma once
#include <string>
#include <string_view>

#include "specialize/tuning.h"

namespace krait {

struct Policy {
  enum Kind : uint8_t { kNone, kQuicken, kInlineCache, kPolymorphic } kind = kInlineCache;
  uint8_t entries = 1;  // shapes a place may know
  bool eager = false;   // no warm-up, no first-attempt delay
  bool superinstructions = true;
  std::string profile;  // file to replay; empty: none
};
inline Policy policy;

// Reads "polymorphic:4+super,warm-up=2"; sets `policy` and `specializeTuning`. On failure false, and `problem` says
// why.
bool setPolicy(std::string_view text, std::string& problem);
// The text that setPolicy would read, without tuning.
std::string policyName();

}  // namespace krait
