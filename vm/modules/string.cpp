// Module _string: the parts of str.format that string.Formatter is built from.
#include "vm/builtins/format_string.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

Fallible<Str*> textArgument(Thread& thread, Value v) {
  if (Str* s = toStr(v)) return s;
  return raiseTypeError(thread, "expected str, got {}", nameOf(v));
}

// An iterator over (literal, field name, format specification, conversion).
Fallible<Value> formatterParser(Thread& thread, Value format) {
  Str* text = TRY(textArgument(thread, format));
  List* pieces = TRY(makeListWithCapacity(thread, 0));
  TemplateParser parser(text, 0, text->length);
  TemplatePiece piece;
  while (TRY(parser.next(thread, piece))) {
    Value literal = Value::of(TRY(substring(thread, text, piece.literalStart, piece.literalEnd)));
    Value name = Value::none(), spec = Value::none(), conversion = Value::none();
    if (piece.hasField) {
      name = Value::of(TRY(substring(thread, text, piece.nameStart, piece.nameEnd)));
      spec = Value::of(TRY(substring(thread, text, piece.specStart, piece.specEnd)));
      if (piece.conversion != 0) conversion = Value::of(TRY(makeStrOfCharacter(thread, piece.conversion)));
    }
    TRY(listAppend(thread, pieces, Value::of(TRY(makeTuple(thread, {literal, name, spec, conversion})))));
  }
  return iterate(thread, Value::of(pieces));
}

// (first, iterator over (is attribute, name or number)).
Fallible<Value> formatterFieldNameSplit(Thread& thread, Value name) {
  Str* text = TRY(textArgument(thread, name));
  auto valueOf = [&](const FieldStep& step, bool mayBeNumber) -> Fallible<Value> {
    if (mayBeNumber && step.number >= 0) return makeInt(thread, step.number);
    return Value::of(TRY(substring(thread, text, step.start, step.end)));
  };
  FieldSteps steps(text, 0, text->length);
  FieldStep step = TRY(steps.first(thread));
  Value first = TRY(valueOf(step, true));
  List* rest = TRY(makeListWithCapacity(thread, 0));
  while (TRY(steps.next(thread, step))) {
    Value key = TRY(valueOf(step, !step.isAttribute));
    TRY(listAppend(thread, rest, Value::of(TRY(makeTuple(thread, {Value::boolean(step.isAttribute), key})))));
  }
  return Value::of(TRY(makeTuple(thread, {first, TRY(iterate(thread, Value::of(rest)))})));
}

}  // namespace

Module* moduleString(Thread& thread) {
  return ModuleBuilder(thread, "_string", "string helper module")
      .function("formatter_parser", formatterParser)
      .function("formatter_field_name_split", formatterFieldNameSplit)
      .build();
}

}  // namespace krait
