// Saves and replays which instructions are specialised.
#include "specialize/profile.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <tuple>

#include "specialize/policy.h"
#include "specialize/word_view.h"
#include "vm/builtins/str.h"
#include "vm/code.h"

namespace krait {
namespace {

constexpr const char* kFormat = "krait profile 1";

using nlohmann::ordered_json;

struct Place {
  std::string file, name;
  uint32_t line;
  auto operator<=>(const Place&) const = default;
};
struct Entry {
  std::string hash;
  std::vector<int> offsets;
  bool met = false;
};
// Several code objects may share a place: lambdas on one line.
std::multimap<Place, Entry> profile;
std::vector<std::string> changed;  // places whose code is another one now

Place placeOf(const Code* code) { return {strToUtf8(code->filename), strToUtf8(code->qualname), code->firstLine}; }
std::string hashText(const Code* code) { return fmt::format("{:016x}", codeHash(code)); }

std::string reason() { return std::strerror(errno); }

// Ends in nlohmann's exceptions where the text has another structure.
bool read(const std::string& text, std::string& problem) {
  auto json = ordered_json::parse(text);
  if (json.at("format") != kFormat) {
    problem = "its format is another one";
    return false;
  }
  std::string file = policy.profile;
  bool super = policy.superinstructions;
  if (!setPolicy(json.at("policy").get<std::string>(), problem)) return false;
  policy.profile = file;
  policy.superinstructions = super;
  policy.eager = false;
  for (const auto& code : json.at("code")) {
    Entry entry{code.at("hash"), {}};
    for (const auto& word : code.at("words")) entry.offsets.push_back(word.at(0));
    std::sort(entry.offsets.begin(), entry.offsets.end());
    profile.emplace(Place{code.at("file"), code.at("qualname"), code.at("first_line")}, std::move(entry));
  }
  return true;
}

// The policy's name without what a profile does not decide.
std::string strategyName() {
  Policy full = policy;
  policy.profile.clear();
  policy.superinstructions = false;
  std::string name = policyName();
  policy = full;
  return name;
}

}  // namespace

bool saveProfile(const std::string& path, std::string& problem) {
  ordered_json codes = ordered_json::array();
  RootVector called;
  findCalledCode(called);
  for (Value each : called) {
    Code* code = each.as<Code>();
    ordered_json words = ordered_json::array();
    forEachWord(code->prepared, [&](Pc word) {
      WordState state = stateOf(word);
      if (state == WordState::kSpecialised || state == WordState::kPolymorphic)
        words.push_back({offsetOf(code, word), kOpNames[static_cast<unsigned>(ownOpAt(word))]});
    });
    if (words.empty()) continue;
    Place place = placeOf(code);
    codes.push_back({{"file", place.file},
                     {"qualname", place.name},
                     {"first_line", place.line},
                     {"hash", hashText(code)},
                     {"words", words}});
  }
  // One word a line would be long; one code object a line is what a diff wants.
  std::string text = fmt::format("{{\"format\": \"{}\", \"policy\": \"{}\", \"code\": [", kFormat, strategyName());
  for (size_t i = 0; i < codes.size(); i++)
    text += fmt::format("{}\n  {}", i == 0 ? "" : ",",
                        codes[i].dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  std::ofstream out(path);
  out << text << "\n]}\n";
  if (out.flush()) return true;
  problem = fmt::format("cannot write the profile '{}': {}", path, reason());
  return false;
}

bool loadProfile(const std::string& path, std::string& problem) {
  errno = 0;
  std::ifstream in(path);
  std::stringstream text;
  if (in) text << in.rdbuf();
  if (!in || !text) {
    problem = fmt::format("cannot read the profile '{}': {}", path, errno != 0 ? reason() : "it is empty");
    return false;
  }
  std::string why;
  try {
    if (read(text.str(), why)) return true;
  } catch (const nlohmann::json::exception& error) {
    why = error.what();
  }
  problem = fmt::format("'{}' is not a profile that -X specialize-save=FILE wrote: {}", path, why);
  return false;
}

const std::vector<int>* profiledOffsets(const Code* code) {
  auto [first, last] = profile.equal_range(placeOf(code));
  if (first == last) return nullptr;
  std::string hash = hashText(code);
  for (auto at = first; at != last; ++at) {
    if (at->second.hash != hash) continue;
    at->second.met = true;
    return &at->second.offsets;
  }
  changed.push_back(fmt::format("{}:{}: {}", first->first.file, first->first.line, first->first.name));
  return nullptr;
}

std::string profileNotes() {
  std::string text;
  for (const std::string& place : changed) text += "krait: profile: ignored, its code has changed: " + place + "\n";
  size_t unmet = static_cast<size_t>(
      std::count_if(profile.begin(), profile.end(), [](const auto& entry) { return !entry.second.met; }));
  if (unmet != 0)
    text += fmt::format("krait: profile: {} of {} code objects had no part in this run\n", unmet, profile.size());
  return text;
}

}  // namespace krait
