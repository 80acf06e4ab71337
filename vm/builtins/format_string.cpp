// Parsing of str.format's templates.
#include "vm/builtins/format_string.h"

#include "vm/unicode.h"

namespace krait {

Fallible<bool> TemplateParser::next(Thread& thread, TemplatePiece& piece) {
  if (position_ >= end_) return false;
  piece = {};
  piece.literalStart = position_;
  while (position_ < end_) {
    uint32_t c = text_->at(position_++);
    if (c != '{' && c != '}') continue;
    bool atEnd = position_ >= end_;
    if (!atEnd && text_->at(position_) == c) {  // doubled: one brace ends the piece
      piece.literalEnd = position_++;
      return true;
    }
    if (c == '}') return raise(thread, exceptions.ValueError, "Single '}' encountered in format string");
    if (atEnd) return raise(thread, exceptions.ValueError, "Single '{' encountered in format string");
    piece.literalEnd = position_ - 1;
    piece.hasField = true;
    TRY(parseField(thread, piece));
    return true;
  }
  piece.literalEnd = position_;
  return true;
}

// Just behind '{': name, conversion, specification, '}'.
Fallible<void> TemplateParser::parseField(Thread& thread, TemplatePiece& piece) {
  piece.nameStart = position_;
  bool inBrackets = false;
  uint32_t c = 0;
  for (;; position_++) {
    if (position_ >= end_) return raise(thread, exceptions.ValueError, "expected '}' before end of string");
    c = text_->at(position_);
    if (c == '{') return raise(thread, exceptions.ValueError, "unexpected '{' in field name");
    if (c == '[') {
      inBrackets = true;
    } else if (c == ']') {
      inBrackets = false;
    } else if (!inBrackets && (c == '}' || c == ':' || c == '!')) {
      break;
    }
  }
  piece.nameEnd = position_++;
  piece.specStart = piece.specEnd = position_;
  if (c == '}') return {};
  if (c == '!') {
    if (position_ >= end_) {
      return raise(thread, exceptions.ValueError, "end of string while looking for conversion specifier");
    }
    piece.conversion = text_->at(position_++);
    if (position_ < end_) {
      c = text_->at(position_++);
      if (c == '}') return {};
      if (c != ':') return raise(thread, exceptions.ValueError, "expected ':' after conversion specifier");
    }
  }
  piece.specStart = position_;
  for (int depth = 0; position_ < end_; position_++) {
    c = text_->at(position_);
    if (c == '{') {
      piece.specHasFields = true;
      depth++;
    } else if (c == '}' && depth-- == 0) {
      piece.specEnd = position_++;
      return {};
    }
  }
  return raise(thread, exceptions.ValueError, "unmatched '{' in format spec");
}

FieldSteps::FieldSteps(const Str* text, uint64_t start, uint64_t end)
    : text_(text), start_(start), position_(start), end_(end) {
  while (position_ < end_ && text_->at(position_) != '.' && text_->at(position_) != '[') position_++;
}

Fallible<int64_t> FieldSteps::number(Thread& thread, uint64_t start, uint64_t end) const {
  if (start >= end) return -1;
  int64_t value = 0;
  for (uint64_t i = start; i < end; i++) {
    int digit = unicode::decimalValue(text_->at(i));
    if (digit < 0) return -1;
    if (value > (INT64_MAX - digit) / 10) {
      return raise(thread, exceptions.ValueError, "Too many decimal digits in format string");
    }
    value = value * 10 + digit;
  }
  return value;
}

Fallible<FieldStep> FieldSteps::first(Thread& thread) {
  return FieldStep{false, TRY(number(thread, start_, position_)), start_, position_};
}

Fallible<bool> FieldSteps::next(Thread& thread, FieldStep& step) {
  if (position_ >= end_) return false;
  uint32_t c = text_->at(position_++);
  uint64_t start = position_;
  if (c == '.') {
    while (position_ < end_ && text_->at(position_) != '.' && text_->at(position_) != '[') position_++;
    step = {true, -1, start, position_};
  } else if (c == '[') {
    while (position_ < end_ && text_->at(position_) != ']') position_++;
    if (position_ >= end_) return raise(thread, exceptions.ValueError, "Missing ']' in format string");
    step = {false, TRY(number(thread, start, position_)), start, position_};
    position_++;
  } else {
    return raise(thread, exceptions.ValueError, "Only '.' or '[' may follow ']' in format field specifier");
  }
  if (step.start == step.end) return raise(thread, exceptions.ValueError, "Empty attribute in format string");
  return true;
}

}  // namespace krait
