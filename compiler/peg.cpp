// Reads the notation of syntax_grammar.cpp into tables. The text is our own, so errors in it are assertions.
#include "compiler/peg.h"

#include <cassert>
#include <map>

namespace krait {

namespace {

TokenKind tokenOfSpelling(std::string_view text) {
  static const std::map<std::string_view, TokenKind> kinds = {
#define X(name, spelling) {spelling, TokenKind::name},
    KRAIT_KEYWORDS(X) KRAIT_OPERATORS(X)
#undef X
  };
  auto found = kinds.find(text);
  assert(found != kinds.end());
  return found->second;
}

}  // namespace

class PegGrammar::Reader {
 public:
  Reader(PegGrammar& grammar, std::string_view text) : grammar_(grammar), text_(text) {}

  // Names first, so that rules may refer to later ones.
  void declareRules() {
    forEachRule([this](std::string_view header, std::string_view) {
      PegRule rule;
      rule.sharesMemo = header.ends_with('*');
      if (rule.sharesMemo) header.remove_suffix(1);
      rule.name = header;
      grammar_.indexes_.emplace(header, static_cast<uint16_t>(grammar_.rules_.size()));
      grammar_.rules_.push_back(std::move(rule));
    });
  }

  void readRules() {
    size_t index = 0;
    forEachRule([&](std::string_view, std::string_view body) {
      rest_ = body;
      std::vector<PegAlternative> alternatives = readAlternatives();
      grammar_.rules_[index++].alternatives = std::move(alternatives);
    });
  }

 private:
  // A rule begins at a line that is not indented and has a colon after its name.
  template <typename Body>
  void forEachRule(Body body) {
    size_t at = 0;
    while (at < text_.size()) {
      if (text_[at] == '\n') {
        at++;
        continue;
      }
      size_t colon = text_.find(':', at);
      size_t end = colon + 1;
      // To the next line that is not indented.
      for (;;) {
        end = text_.find('\n', end);
        if (end == text_.npos || end + 1 >= text_.size()) {
          end = text_.size();
          break;
        }
        end++;
        if (text_[end] != ' ') break;
      }
      body(text_.substr(at, colon - at), text_.substr(colon + 1, end - colon - 1));
      at = end;
    }
  }

  void skipBlanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  bool accept(std::string_view text) {
    skipBlanks();
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  std::vector<PegAlternative> readAlternatives() {
    std::vector<PegAlternative> out;
    bool isMistake = false;
    if (accept("?")) {
      isMistake = true;
    } else {
      accept("|");
    }
    for (;;) {
      PegAlternative alternative;
      alternative.isMistake = isMistake;
      readElements(alternative);
      out.push_back(std::move(alternative));
      if (accept("|")) {
        isMistake = false;
      } else if (accept("?")) {
        isMistake = true;
      } else {
        return out;
      }
    }
  }

  void readElements(PegAlternative& alternative) {
    for (;;) {
      skipBlanks();
      if (rest_.empty() || rest_[0] == '|' || rest_[0] == '?' || rest_[0] == ')') return;
      if (accept("=>")) {
        readAction(alternative.action);
        return;
      }
      alternative.elements.push_back(readElement());
    }
  }

  void readAction(PegAction& action) {
    action.name = readWord();
    auto operand = [this](char& label) {
      skipBlanks();
      if (rest_.size() > 1 && rest_[0] >= 'a' && rest_[0] <= 'd' && (rest_[1] == ' ' || rest_[1] == '\n')) {
        label = rest_[0];
        rest_.remove_prefix(1);
      }
    };
    operand(action.first);
    operand(action.second);
    if (!accept("\"")) return;
    while (rest_[0] != '"') {
      if (rest_[0] == '\\') rest_.remove_prefix(1);
      action.message += rest_[0];
      rest_.remove_prefix(1);
    }
    rest_.remove_prefix(1);
  }

  std::string_view readWord() {
    skipBlanks();
    size_t size = 0;
    while (size < rest_.size() && (rest_[size] == '_' || (rest_[size] >= 'a' && rest_[size] <= 'z') ||
                                   (rest_[size] >= 'A' && rest_[size] <= 'Z'))) {
      size++;
    }
    std::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return word;
  }

  PegElement readElement() {
    skipBlanks();
    char label = 0;
    if (rest_.size() > 1 && rest_[0] >= 'a' && rest_[0] <= 'd' && rest_[1] == '=') {
      label = rest_[0];
      rest_.remove_prefix(2);
    }
    auto prefix = PegElement::Modifier::None;
    if (accept("&&")) {
      prefix = PegElement::Modifier::Forced;
    } else if (accept("&")) {
      prefix = PegElement::Modifier::And;
    } else if (accept("!")) {
      prefix = PegElement::Modifier::Not;
    }
    PegElement element = readPrimary();
    element.label = label;
    if (prefix != PegElement::Modifier::None) {
      element.modifier = prefix;
    } else if (rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      PegElement item = readPrimary();
      item.modifier = PegElement::Modifier::Gather;
      item.separator = element.token;
      item.label = label;
      assert(rest_.starts_with('+'));
      rest_.remove_prefix(1);
      return item;
    } else if (rest_.starts_with('?')) {
      // A blank before a question mark makes it a bar.
      rest_.remove_prefix(1);
      element.modifier = PegElement::Modifier::Optional;
    } else if (rest_.starts_with('*')) {
      rest_.remove_prefix(1);
      element.modifier = PegElement::Modifier::Star;
    } else if (rest_.starts_with('+')) {
      rest_.remove_prefix(1);
      element.modifier = PegElement::Modifier::Plus;
    }
    return element;
  }

  PegElement readPrimary() {
    skipBlanks();
    PegElement element;
    char first = rest_[0];
    if (first == '~') {
      rest_.remove_prefix(1);
      element.kind = PegElement::Kind::Cut;
      return element;
    }
    if (first == '(') {
      rest_.remove_prefix(1);
      std::vector<PegAlternative> alternatives = readAlternatives();
      bool closed = accept(")");
      assert(closed);
      static_cast<void>(closed);
      element.kind = PegElement::Kind::Group;
      element.target = static_cast<uint16_t>(grammar_.groups_.size());
      grammar_.groups_.push_back(std::move(alternatives));
      return element;
    }
    if (first == '\'' || first == '"') {
      size_t end = rest_.find(first, 1);
      element.text = rest_.substr(1, end - 1);
      rest_.remove_prefix(end + 1);
      if (first == '"') {
        element.kind = PegElement::Kind::SoftKeyword;
      } else {
        element.token = tokenOfSpelling(element.text);
      }
      return element;
    }
    std::string_view word = readWord();
    assert(!word.empty());
    static const std::map<std::string_view, TokenKind> kTerminals = {
        {"NAME", TokenKind::Name},           {"NUMBER", TokenKind::Number},           {"STRING", TokenKind::String},
        {"NEWLINE", TokenKind::Newline},     {"INDENT", TokenKind::Indent},           {"DEDENT", TokenKind::Dedent},
        {"ENDMARKER", TokenKind::EndMarker}, {"TYPE_COMMENT", TokenKind::TypeComment}};
    if (auto terminal = kTerminals.find(word); terminal != kTerminals.end()) {
      element.token = terminal->second;
    } else if (word == "SOFT_KEYWORD") {
      element.kind = PegElement::Kind::AnySoftKeyword;
    } else if (word == "NOT_EQUAL") {
      element.kind = PegElement::Kind::NotEqual;
    } else if (word == "STRINGS") {
      element.kind = PegElement::Kind::Strings;
    } else {
      element.kind = PegElement::Kind::Rule;
      element.target = grammar_.indexOf(word);
      element.text = word;
    }
    return element;
  }

  PegGrammar& grammar_;
  std::string_view text_;
  std::string_view rest_;
};

PegGrammar::PegGrammar(std::string_view text) {
  Reader reader(*this, text);
  reader.declareRules();
  reader.readRules();
  for (std::string_view name :
       {"star_expressions", "star_expression", "expression", "expression_without_mistakes", "disjunction", "bitwise_or",
        "named_expression", "star_named_expression", "yield_expr", "starred_expression", "bad_annotation_target"}) {
    rules_[indexOf(name)].isExpression = true;
  }
}

}  // namespace krait
