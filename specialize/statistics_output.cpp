// What was counted, as a table for a terminal, as JSON, and as the lines of CPython's pystats builds; and the calls
// that switch counting off and on.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "specialize/policy.h"
#include "specialize/statistics.h"
#include "vm/builtins/builtin.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/str.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

using nlohmann::ordered_json;

const char* nameOf(unsigned op) { return kOpNames[op]; }
const char* nameOf(Op op) { return op == Op::kCount ? "all families" : kOpNames[static_cast<unsigned>(op)]; }

// Why code that is not warm was not asked, in the policy's words.
const char* deferralText(unsigned deferral) {
  if (deferral != static_cast<unsigned>(Deferral::kNotWarm)) return kDeferralTexts[deferral];
  if (!policy.profile.empty()) return "the profile leaves it generic, or the code is not warm";
  return policy.kind == Policy::kNone ? "the policy observes nothing" : kDeferralTexts[deferral];
}

std::vector<unsigned> outcomeShares(const FamilyCounts& f) {
  return tenths({f.hit, f.miss, f.deferred, f.unspecialisable});
}

std::string percent(unsigned tenth) { return fmt::format("{}.{}", tenth / 10, tenth % 10); }

uint64_t sum(const uint64_t* counts, unsigned n) {
  uint64_t all = 0;
  for (unsigned i = 0; i < n; i++) all += counts[i];
  return all;
}

std::string row(const FamilyCounts& f) {
  auto shares = outcomeShares(f);
  std::string text = fmt::format("{:<28}{:>14}", nameOf(f.base), f.executed);
  for (unsigned share : shares) text += fmt::format("{:>9}", percent(share));
  return text + fmt::format("{:>10}{:>10}{:>8}\n", f.successes + f.extensions, sum(f.failures.data(), kFailureCount),
                            f.deopts);
}

struct Reason {
  std::string text;
  uint64_t count;
};
std::string reasonTable(const std::string& title, std::vector<Reason> reasons) {
  std::vector<uint64_t> counts;
  for (const Reason& reason : reasons) counts.push_back(reason.count);
  auto shares = tenths(counts);
  std::string text;
  std::vector<size_t> order(reasons.size());
  for (size_t i = 0; i < order.size(); i++) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return counts[a] != counts[b] ? counts[a] > counts[b] : a < b; });
  for (size_t i : order)
    if (counts[i] != 0) text += fmt::format("  {:<62}{:>14}{:>9}\n", reasons[i].text, counts[i], percent(shares[i]));
  return text.empty() ? text : fmt::format("\n{:<64}{:>14}{:>9}\n{}", title, "count", "%", text);
}

// One table of reasons for all families: "FAMILY: reason".
template <class Parts, class Text>
std::string reasons(const std::string& title, const std::vector<FamilyCounts>& families, Parts parts, Text text) {
  std::vector<Reason> found;
  for (const FamilyCounts& f : families) {
    const auto& counts = parts(f);
    for (unsigned i = 0; i < counts.size(); i++)
      if (counts[i] != 0) found.push_back({fmt::format("{}: {}", nameOf(f.base), text(i)), counts[i]});
  }
  return reasonTable(title, std::move(found));
}

struct OpPair {
  Op first, second;
  uint64_t count;
};
// Most frequent first.
std::vector<OpPair> pairs() {
  std::vector<OpPair> found;
  for (unsigned a = 0; a < kAllOpCount; a++)
    for (unsigned b = 0; b < kAllOpCount; b++)
      if (uint64_t n = statistics.pair(static_cast<Op>(a), static_cast<Op>(b)); n != 0)
        found.push_back({static_cast<Op>(a), static_cast<Op>(b), n});
  std::sort(found.begin(), found.end(), [](const OpPair& a, const OpPair& b) {
    return a.count != b.count ? a.count > b.count : std::pair(a.first, a.second) < std::pair(b.first, b.second);
  });
  return found;
}

// Whether a superinstruction may contain the op at all: an adaptive word is nothing that lasts.
bool mayBeFused(Op op) {
  OpClass kind = kRelations[static_cast<unsigned>(op)].kind;
  return kind == OpClass::kForm || (kind == OpClass::kBase && adaptiveOf(op) == op);
}
// ... and begin with it: it always goes on to the next word.
bool mayBegin(Op op) {
  const Facts& facts = kFacts[static_cast<unsigned>(op)];
  return mayBeFused(op) && !facts.branches && !facts.takesRegisters;
}

template <class Texts>
ordered_json named(const uint64_t* counts, unsigned n, Texts text) {
  ordered_json object = ordered_json::object();
  for (unsigned i = 0; i < n; i++)
    if (counts[i] != 0) object[text(i)] = counts[i];
  return object;
}
auto inTexts(const char* const* texts) {
  return [texts](unsigned i) { return std::string(texts[i]); };
}

ordered_json familyJson(const FamilyCounts& f) {
  ordered_json json = {{"executed", f.executed},
                       {"hit", f.hit},
                       {"miss", f.miss},
                       {"deferred", f.deferred},
                       {"unspecialisable", f.unspecialisable}};
  auto shares = outcomeShares(f);
  json["percent"] = {{"hit", percent(shares[0])},
                     {"miss", percent(shares[1])},
                     {"deferred", percent(shares[2])},
                     {"unspecialisable", percent(shares[3])}};
  uint64_t failed = sum(f.failures.data(), kFailureCount);
  json["attempts"] = f.successes + failed;
  json["successes"] = f.successes;
  json["extensions"] = f.extensions;
  json["failures"] = failed;
  json["deopts"] = f.deopts;
  json["failure_kinds"] = named(f.failures.data(), kFailureCount, inTexts(kFailureTexts));
  json["unspecialisable_by"] = named(f.unspecialisableBy.data(), kFailureCount, inTexts(kFailureTexts));
  json["deferred_by"] = named(f.deferredBy.data(), kDeferralCount, [](unsigned i) { return deferralText(i); });
  json["miss_by"] = named(f.misses.data(), kMissCount, inTexts(kMissTexts));
  json["deopts_by"] = named(f.deoptsBy.data(), kDeoptCount, inTexts(kDeoptTexts));
  return json;
}

ordered_json opJson(const Counters& c, unsigned op) {
  ordered_json json = {{"executed", c.executed[op]}, {"stands_for", nameOf(kBaseOp[op])}};
  const OpRelation& relation = kRelations[op];
  if (relation.kind == OpClass::kForm) {
    json["form_of"] = nameOf(relation.generic);
    json["hit"] = c.hits[op];
    json["miss_by"] = named(c.misses[op], kMissCount, inTexts(kMissTexts));
    json["successes"] = c.successes[op];
    json["extensions"] = c.extensions[op];
    json["deopts_by"] = named(c.deopts[op], kDeoptCount, inTexts(kDeoptTexts));
  } else if (adaptiveOf(static_cast<Op>(op)) != static_cast<Op>(op)) {
    json["unspecialisable_by"] = named(c.unspecialisable[op], kFailureCount, inTexts(kFailureTexts));
    json["deferred_by"] = named(c.deferred[op], kDeferralCount, [](unsigned i) { return deferralText(i); });
    json["failure_kinds"] = named(c.failures[op], kFailureCount, inTexts(kFailureTexts));
  }
  json["may_begin_superinstruction"] = mayBegin(static_cast<Op>(op));
  json["may_end_superinstruction"] = mayBeFused(static_cast<Op>(op));
  return json;
}

}  // namespace

std::string statisticsTable(const Counters& c) {
  auto families = familyCounts(c);
  std::string text = fmt::format(
      "specialisation under {}: {} canonical instructions, {} dispatches, {} allocations ({} bytes), {} collections\n\n"
      "{:<28}{:>14}{:>9}{:>9}{:>9}{:>9}{:>10}{:>10}{:>8}\n",
      policyName(), c.canonicalInstructions, c.dispatches, c.cells, c.bytes, c.collections, "family", "executed",
      "hit %", "miss %", "defer %", "unspec %", "successes", "failures", "deopts");
  for (const FamilyCounts& f : families) text += row(f);
  text += row(total(families));
  text += reasons(
      "misses", families, [](const FamilyCounts& f) -> auto& { return f.misses; }, inTexts(kMissTexts));
  text += reasons(
      "unspecialisable", families, [](const FamilyCounts& f) -> auto& { return f.unspecialisableBy; },
      inTexts(kFailureTexts));
  std::vector<Reason> unserved;
  for (const auto& [what, count] : statistics.unservedOperands()) unserved.push_back({what, count});
  text += reasonTable("unspecialisable, by what the last attempt saw", std::move(unserved));
  text += reasons(
      "deferred", families, [](const FamilyCounts& f) -> auto& { return f.deferredBy; },
      [](unsigned i) { return deferralText(i); });
  text += reasons(
      "failed attempts", families, [](const FamilyCounts& f) -> auto& { return f.failures; }, inTexts(kFailureTexts));
  text += reasons(
      "deoptimisations", families, [](const FamilyCounts& f) -> auto& { return f.deoptsBy; }, inTexts(kDeoptTexts));
  text += fmt::format("\ntransitions, from canonical instruction");
  for (const char* name : kTransitionNames) text += fmt::format("{:>14}", name);
  text += "\n";
  for (unsigned span = 0; span < c.timeline.used(); span++) {
    text += fmt::format("{:>39}", span * c.timeline.width());
    for (unsigned t = 0; t < kTransitionCount; t++)
      text += fmt::format("{:>14}", c.timeline.at(span, static_cast<Transition>(t)));
    text += "\n";
  }
  text += fmt::format("\n{:<64}{:>14}\n", "pairs that a superinstruction could run", "count");
  unsigned shown = 0;
  for (const OpPair& pair : pairs()) {
    if (!mayBegin(pair.first) || !mayBeFused(pair.second)) continue;
    text += fmt::format("  {:<62}{:>14}\n", fmt::format("{}, {}", nameOf(pair.first), nameOf(pair.second)), pair.count);
    if (++shown == 20) break;
  }
  return text;
}

std::string statisticsJson(const Counters& c) {
  auto families = familyCounts(c);
  ordered_json json = {{"format", "krait statistics 1"},
                       {"policy", policyName()},
                       {"canonical_instructions", c.canonicalInstructions},
                       {"dispatches", c.dispatches},
                       {"allocations", {{"cells", c.cells}, {"bytes", c.bytes}, {"collections", c.collections}}}};
  json["total"] = familyJson(total(families));
  for (const FamilyCounts& f : families) json["families"][nameOf(f.base)] = familyJson(f);
  for (unsigned op = 0; op < kOpCount; op++) {
    uint8_t number = kCanonicalNumber[op];
    if (kBaseOp[op] == static_cast<Op>(op) && c.canonical[number] != 0)
      json["canonical"][nameOf(op)] = c.canonical[number];
  }
  for (unsigned op = 0; op < kAllOpCount; op++)
    if (c.executed[op] != 0 || c.successes[op] != 0) json["ops"][nameOf(op)] = opJson(c, op);
  for (const auto& [what, count] : statistics.unservedOperands())
    if (count != 0) json["unspecialisable_operands"][what] = count;
  ordered_json list = ordered_json::array();
  for (const OpPair& pair : pairs()) list.push_back({nameOf(pair.first), nameOf(pair.second), pair.count});
  json["pairs"] = list;
  ordered_json spans = ordered_json::array(), last = ordered_json::object();
  for (unsigned span = 0; span < c.timeline.used(); span++) {
    ordered_json entry = {{"from", span * c.timeline.width()}};
    for (unsigned t = 0; t < kTransitionCount; t++)
      entry[kTransitionNames[t]] = c.timeline.at(span, static_cast<Transition>(t));
    spans.push_back(entry);
  }
  for (unsigned t = 0; t < kTransitionCount; t++)
    last[kTransitionNames[t]] = c.timeline.last(static_cast<Transition>(t));
  json["transitions"] = {{"width", c.timeline.width()}, {"spans", spans}, {"last", last}};
  return json.dump(1) + "\n";
}

// CPython counts what its adaptive instructions wait as deferred, whatever the last attempt said, and what runs before
// the code is warm as executions of the generic instruction.
std::string statisticsPystats(const Counters& c) {
  std::string text;
  auto put = [&](const char* op, const std::string& what, uint64_t count) {
    if (count != 0) text += fmt::format("opcode[{}].{} : {}\n", op, what, count);
  };
  for (const FamilyCounts& f : familyCounts(c)) {
    const char* name = nameOf(f.base);
    uint64_t unquickened = f.deferredBy[static_cast<unsigned>(Deferral::kNotWarm)];
    put(name, "specializable", 1);
    put(name, "specialization.success", f.successes);
    put(name, "specialization.failure", sum(f.failures.data(), kFailureCount));
    put(name, "specialization.hit", f.hit);
    put(name, "specialization.deferred", f.deferred - unquickened + f.unspecialisable);
    put(name, "specialization.miss", f.miss);
    put(name, "specialization.deopt", f.deopts);
    for (unsigned i = 0; i < kFailureCount; i++)
      put(name, fmt::format("specialization.failure_kinds[{}]", i), f.failures[i]);
    put(name, "execution_count", unquickened);
  }
  for (unsigned op = 0; op < kAllOpCount; op++) {
    bool isGenericOfFamily =
        kRelations[op].kind == OpClass::kBase && adaptiveOf(static_cast<Op>(op)) != static_cast<Op>(op);
    if (!isGenericOfFamily) put(nameOf(op), "execution_count", c.executed[op]);
  }
  for (const OpPair& pair : pairs())
    put(nameOf(pair.first), fmt::format("pair_count[{}]", nameOf(pair.second)), pair.count);
  text += fmt::format("Object allocations : {}\n", c.cells);
  return text;
}

void writeStatistics(Thread& thread, const std::string& path) {
  const Counters& counters = statistics.counters(thread);
  if (path.empty()) {
    std::fputs(statisticsTable(counters).c_str(), stderr);
    return;
  }
  std::ofstream out(path);
  out << (path.ends_with(".json")  ? statisticsJson(counters)
          : path.ends_with(".txt") ? statisticsPystats(counters)
                                   : statisticsTable(counters));
  if (!out.flush()) std::fputs(fmt::format("krait: cannot write {}\n", path).c_str(), stderr);
}

namespace {

Fallible<Value> statsOn(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "_stats_on", 0, 0));
  statistics.start(thread);
  return Value::none();
}
Fallible<Value> statsOff(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "_stats_off", 0, 0));
  statistics.stop(thread);
  return Value::none();
}
Fallible<Value> statsClear(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "_stats_clear", 0, 0));
  statistics.clear(thread);
  return Value::none();
}
Fallible<Value> statsDump(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "_stats_dump", 0, 0));
  writeStatistics(thread, statisticsPath);
  return Value::none();
}

}  // namespace

Fallible<void> installStatistics(Thread& thread) {
  constexpr std::pair<const char*, NativeVariadic> kCalls[] = {
      {"_stats_on", statsOn}, {"_stats_off", statsOff}, {"_stats_clear", statsClear}, {"_stats_dump", statsDump}};
  for (const auto& [name, function] : kCalls) {
    Builtin* builtin = TRY(makeBuiltin(thread, name, function));
    TRY(dictSetStr(thread, runtime.sys, TRY(intern(thread, name)), Value::of(builtin)));
  }
  return {};
}

}  // namespace krait
