// Reads the strategy from the command line or the environment.
#include "specialize/policy.h"

#include <charconv>

namespace krait {
namespace {

struct NamedPolicy {
  std::string_view name;
  Policy::Kind kind;
  uint8_t entries;
  bool eager;
};
constexpr NamedPolicy kPolicies[] = {
    {"none", Policy::kNone, 1, false},
    {"quicken", Policy::kQuicken, 1, false},
    {"inline-cache", Policy::kInlineCache, 1, false},
    {"polymorphic:2", Policy::kPolymorphic, 2, false},
    {"polymorphic:4", Policy::kPolymorphic, 4, false},
    {"polymorphic:8", Policy::kPolymorphic, 8, false},
    {"eager", Policy::kInlineCache, 1, true},
};

bool setTunable(std::string_view item, std::string& problem) {
  size_t equals = item.find('=');
  std::string_view name = item.substr(0, equals);
#define KRAIT_TUNABLE(member, option, value)                                                                        \
  if (name == option && equals != std::string_view::npos) {                                                         \
    std::string_view digits = item.substr(equals + 1);                                                              \
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), specializeTuning.member);     \
    if (error == std::errc{} && end == digits.data() + digits.size() && specializeTuning.member <= 0xffff)          \
      return true;                                                                                                  \
    problem =                                                                                                       \
        "-X specialize: " + std::string(option) + " takes a number up to 65535, not '" + std::string(digits) + "'"; \
    return false;                                                                                                   \
  }
  KRAIT_TUNABLES(KRAIT_TUNABLE)
#undef KRAIT_TUNABLE
  problem = "-X specialize: unknown threshold '" + std::string(item) + "'; they are";
#define KRAIT_TUNABLE(member, option, value) problem += " " option "=" #value;
  KRAIT_TUNABLES(KRAIT_TUNABLE)
#undef KRAIT_TUNABLE
  return false;
}

bool setNamedPolicy(std::string_view name, std::string& problem) {
  constexpr std::string_view kSuper = "+super", kProfile = "profile:";
  Policy chosen;
  chosen.superinstructions = name.size() > kSuper.size() && name.ends_with(kSuper);
  if (chosen.superinstructions) name.remove_suffix(kSuper.size());
  if (name.starts_with(kProfile)) {
    chosen.profile = name.substr(kProfile.size());
    // A word that observes too early, a store before the shape that it makes exists, is asked again at once.
    specializeTuning.backoffFirst = 0;
    policy = chosen;
    return true;
  }
  for (const NamedPolicy& known : kPolicies) {
    if (known.name != name) continue;
    chosen.kind = known.kind;
    chosen.entries = known.entries;
    chosen.eager = known.eager;
    policy = chosen;
    return true;
  }
  problem = "-X specialize: unknown policy '" + std::string(name) + "'; they are";
  for (const NamedPolicy& known : kPolicies) problem += " " + std::string(known.name);
  problem += " profile:FILE, each with or without +super";
  return false;
}

}  // namespace

bool setPolicy(std::string_view text, std::string& problem) {
  bool first = true;
  while (first || !text.empty()) {
    size_t comma = text.find(',');
    std::string_view item = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    bool isTunable = item.find('=') != std::string_view::npos;
    if (!(isTunable ? setTunable(item, problem) : setNamedPolicy(item, problem))) return false;
    first = false;
  }
  return true;
}

std::string policyName() {
  std::string name;
  if (!policy.profile.empty()) {
    name = "profile:" + policy.profile;
  } else {
    for (const NamedPolicy& known : kPolicies)
      if (known.kind == policy.kind && known.entries == policy.entries && known.eager == policy.eager)
        name = known.name;
  }
  return policy.superinstructions ? name + "+super" : name;
}

}  // namespace krait
