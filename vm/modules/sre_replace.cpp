// Pattern.sub and subn: text with the matches replaced.
#include "vm/modules/sre_replace.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/import.h"
#include "vm/modules/sre.h"

namespace krait::sre {
namespace {

// The new text, of the kind of the old one. What is put into it counts its pieces, because a piece of the wrong type is
// reported by number, as str.join would.
class Output {
 public:
  explicit Output(const Subject& subject) : subject_(subject) {}
  void addPart(int64_t from, int64_t to) {
    pieces_++;
    append(from, to);
  }
  void append(int64_t from, int64_t to) {
    auto start = static_cast<uint64_t>(from), count = static_cast<uint64_t>(to - from);
    if (subject_.isBytes)
      bytes_.append({static_cast<const char*>(subject_.text) + start, count});
    else
      text_.append(toStr(subject_.string), start, start + count);
  }
  void append(Value literal) {
    std::string_view view;
    if (!subject_.isBytes)
      text_.append(toStr(literal));
    else if (bufferView(literal, view))
      bytes_.append(view);
  }
  bool accepts(Value piece) const {
    std::string_view view;
    return subject_.isBytes ? bufferView(piece, view) : toStr(piece) != nullptr;
  }
  void add(Value piece) {
    if (accepts(piece)) {
      append(piece);
    } else if (wrong_.isUnbound()) {
      wrong_ = piece;
      wrongAt_ = pieces_;
    }
    pieces_++;
  }
  Fallible<Value> build(Thread& thread) {
    if (!wrong_.isUnbound()) {
      return raiseTypeError(thread, "sequence item {}: expected {}, {} found", wrongAt_,
                            subject_.isBytes ? "a bytes-like object" : "str instance", nameOf(wrong_));
    }
    if (subject_.isBytes) return Value::of(TRY(bytes_.build(thread)));
    return Value::of(TRY(text_.build(thread)));
  }

 private:
  const Subject& subject_;
  StrBuilder text_;
  ByteBuilder bytes_;
  int64_t pieces_ = 0, wrongAt_ = 0;
  Value wrong_ = Value::unbound();
};

bool hasBackslash(Value replacement) {
  if (const Str* text = toStr(replacement)) {
    return withText(text, [](const auto* t, uint64_t length) {
      for (uint64_t i = 0; i < length; i++) {
        if (t[i] == '\\') return true;
      }
      return false;
    });
  }
  std::string_view bytes;
  return !bufferView(replacement, bytes) || bytes.find('\\') != std::string_view::npos;
}

// A replacement with groups in it: (where in the literals, group) pairs, and the literals, None where a group stands.
struct Template {
  List *groups = nullptr, *literals = nullptr;
  bool isUsable = false;
  // `parts` as re._parser.parse_template makes them, when they have their usual form.
  Template(Value parts, const Output& output, const Program& program) {
    const Tuple* pair = toTuple(parts);
    if (pair == nullptr || pair->length != 2) return;
    groups = toList(pair->items[0]);
    literals = toList(pair->items[1]);
    if (groups == nullptr || literals == nullptr) return;
    size_t next = 0;
    for (size_t i = 0; i < literals->length; i++) {
      Value literal = literals->storage->slots[i];
      if (!literal.isNone()) {
        if (!output.accepts(literal)) return;
        continue;
      }
      const Tuple* group = next < groups->length ? toTuple(groups->storage->slots[next]) : nullptr;
      next++;
      if (group == nullptr || group->length != 2) return;
      Value at = group->items[0], number = group->items[1];
      if (!at.is(Value::inlineInt(static_cast<int64_t>(i))) || !number.isInlineInt()) return;
      if (number.asInlineInt() < 0 || number.asInlineInt() > program.groups) return;
    }
    isUsable = next == groups->length;
  }
  void fill(const Matcher& matcher, Output& output) const {
    size_t next = 0;
    for (size_t i = 0; i < literals->length; i++) {
      Value literal = literals->storage->slots[i];
      if (!literal.isNone()) {
        output.append(literal);
        continue;
      }
      int64_t from, to;
      auto group = toTuple(groups->storage->slots[next++])->items[1].get().asInlineInt();
      if (matcher.groupSpan(static_cast<uint32_t>(group), from, to)) output.append(from, to);
    }
  }
};

}  // namespace

Fallible<Value> substitute(Thread& thread, Pattern* pattern, const Arguments& arguments, const char* function,
                           bool withCount) {
  const Parameters parameters{function, {"repl", "string", "count"}, 2};
  Value bound[3];
  TRY(parameters.bind(thread, arguments, bound));
  int64_t limit = bound[2].isUnbound() ? 0 : TRY(sizeArgument(thread, bound[2]));
  Value replacement = bound[0], string = bound[1], parts = Value::unbound();
  bool calls = isCallable(replacement);
  if (!calls && hasBackslash(replacement)) {
    Value re = TRY(importModule(thread, TRY(intern(thread, "re"))));
    Value given[] = {Value::of(pattern), replacement};
    Value made = TRY(callMethod(thread, re, TRY(intern(thread, "_subx")), given));
    calls = isCallable(made);
    if (calls) {  // the parts are in re's cache now: filling them in here spares a Python call for each match
      Value swapped[] = {replacement, Value::of(pattern)};
      parts = TRY(callMethod(thread, re, TRY(intern(thread, "_compile_repl")), swapped));
    }
    replacement = made;
  }
  Subject subject;
  TRY(subject.open(thread, pattern, string));
  Matcher matcher;
  TRY(aim(thread, matcher, pattern, subject, 0, INT64_MAX));
  Output output(subject);
  Template filled(parts, output, *pattern->program);
  int64_t done = 0, count = 0;
  while (limit == 0 || count < limit) {
    if (!TRY(matcher.search(thread))) break;
    if (done < matcher.matchStart) output.addPart(done, matcher.matchStart);
    if (filled.isUsable) {
      filled.fill(matcher, output);
    } else if (calls) {
      Value match = TRY(makeMatch(thread, pattern, matcher, string, 0, subject.length));
      Value piece = TRY(call(thread, replacement, match));
      if (!piece.isNone()) output.add(piece);
    } else {
      output.add(replacement);
    }
    done = matcher.matchEnd;
    count++;
    matcher.advance();
  }
  Value result;
  if (count == 0) {
    result = TRY(slice(thread, string, 0, subject.length));
  } else {
    if (done < subject.length) output.addPart(done, subject.length);
    result = TRY(output.build(thread));
  }
  if (!withCount) return result;
  return Value::of(TRY(makeTuple(thread, {result, Value::inlineInt(count)})));
}

}  // namespace krait::sre
