// A small packrat interpreter of parsing expression grammars, the slow second reader of programs that do not parse.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/token.h"

namespace krait {

// What an element of an alternative does; see syntax_grammar.cpp for the notation.
struct PegElement {
  enum class Kind : uint8_t { Token, SoftKeyword, AnySoftKeyword, NotEqual, Strings, Rule, Group, Cut };
  enum class Modifier : uint8_t { None, Optional, Star, Plus, Gather, And, Not, Forced };

  Kind kind = Kind::Token;
  Modifier modifier = Modifier::None;
  TokenKind token = TokenKind::EndMarker;      // Token
  TokenKind separator = TokenKind::EndMarker;  // Gather
  char label = 0;
  uint16_t target = 0;    // Rule: its index; Group: its index
  std::string_view text;  // SoftKeyword; the name of a Rule
};

struct PegAction {
  std::string_view name;  // empty: none
  char first = 0;
  char second = 0;
  std::string message;
};

struct PegAlternative {
  std::vector<PegElement> elements;
  PegAction action;
  bool isMistake = false;
};

struct PegRule {
  std::string_view name;
  std::vector<PegAlternative> alternatives;
  // Its results are kept whether or not mistakes are being looked for, as CPython does for some rules: then a result
  // found without looking hides the mistakes in it.
  bool sharesMemo = false;
  bool isExpression = false;  // what it matches is one node of the AST
};

class PegGrammar {
 public:
  explicit PegGrammar(std::string_view text);

  const PegRule& rule(uint16_t index) const { return rules_[index]; }
  const std::vector<PegAlternative>& group(uint16_t index) const { return groups_[index]; }
  uint16_t indexOf(std::string_view name) const { return indexes_.at(name); }
  size_t ruleCount() const { return rules_.size(); }

 private:
  class Reader;
  std::vector<PegRule> rules_;
  std::vector<std::vector<PegAlternative>> groups_;
  std::unordered_map<std::string_view, uint16_t> indexes_;
};

}  // namespace krait
