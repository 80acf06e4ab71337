// The grammar of str.format's template: literal text, replacement fields and the parts of a field's name.
#pragma once
#include "vm/builtins/str.h"

namespace krait {

// One step through a template: literal text, then perhaps a field. All positions are characters of the template.
struct TemplatePiece {
  uint64_t literalStart, literalEnd;  // a doubled brace appears once, at the end of its piece
  bool hasField;
  uint64_t nameStart, nameEnd;
  uint32_t conversion;  // 'r', 's', 'a' ...; 0 when there is none
  uint64_t specStart, specEnd;
  bool specHasFields;
};
class TemplateParser {
 public:
  TemplateParser(const Str* text, uint64_t start, uint64_t end) : text_(text), position_(start), end_(end) {}
  // False at the end. ValueError in CPython's wording.
  Fallible<bool> next(Thread& thread, TemplatePiece& piece);

 private:
  Fallible<void> parseField(Thread& thread, TemplatePiece& piece);
  const Str* text_;
  uint64_t position_, end_;
};

// One `.attribute` or `[key]` of a field's name.
struct FieldStep {
  bool isAttribute;
  int64_t number;  // of [0]; -1 when it is not a number
  uint64_t start, end;
};
class FieldSteps {
 public:
  FieldSteps(const Str* text, uint64_t start, uint64_t end);
  // What comes before the first '.' or '['; number -1 when it is not one.
  Fallible<FieldStep> first(Thread& thread);
  Fallible<bool> next(Thread& thread, FieldStep& step);

 private:
  Fallible<int64_t> number(Thread& thread, uint64_t start, uint64_t end) const;
  const Str* text_;
  uint64_t start_, position_, end_;
};

}  // namespace krait
