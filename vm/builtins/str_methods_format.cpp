// str.format and str.format_map: replacement fields evaluated against arguments.
#include "vm/builtins/dict.h"
#include "vm/builtins/format_string.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str_methods.h"
#include "vm/builtins/tuple.h"

namespace krait {
namespace {

class Formatter {
 public:
  // Fields come from `arguments`, or, when that is null, from `mapping` (format_map).
  Formatter(Thread& thread, Str* text, const Arguments* arguments, Value mapping)
      : thread_(thread), text_(text), arguments_(arguments), mapping_(mapping) {}

  // Fields may be nested once: in the specification of another field.
  Fallible<void> expand(StrBuilder& out, uint64_t start, uint64_t end, int depth) {
    if (depth == 0) return raise(thread_, exceptions.ValueError, "Max string recursion exceeded");
    TemplateParser parser(text_, start, end);
    TemplatePiece piece;
    while (TRY(parser.next(thread_, piece))) {
      out.append(text_, piece.literalStart, piece.literalEnd);
      if (piece.hasField) TRY(expandField(out, piece, depth));
    }
    return {};
  }

 private:
  Fallible<void> expandField(StrBuilder& out, const TemplatePiece& piece, int depth) {
    Value value = TRY(fieldValue(piece));
    if (piece.conversion != 0) value = Value::of(TRY(convert(value, piece.conversion)));
    Str* spec = emptyStr();
    if (piece.specHasFields) {
      StrBuilder expanded;
      TRY(expand(expanded, piece.specStart, piece.specEnd, depth - 1));
      spec = TRY(expanded.build(thread_));
    } else if (piece.specStart != piece.specEnd) {
      spec = TRY(substring(thread_, text_, piece.specStart, piece.specEnd));
    }
    if (spec->length == 0 && typeOf(value) == types.str) {
      out.append(value.as<Str>());
    } else {
      out.append(TRY(format(thread_, value, Value::of(spec))));
    }
    return {};
  }

  Fallible<Str*> convert(Value value, uint32_t conversion) {
    switch (conversion) {
      case 'r': return repr(thread_, value);
      case 's': return str(thread_, value);
      case 'a': return ascii(thread_, value);
      default:
        if (conversion > 32 && conversion < 127) {
          return raiseValueError(thread_, "Unknown conversion specifier {}", static_cast<char>(conversion));
        }
        return raiseValueError(thread_, "Unknown conversion specifier \\x{:x}", conversion);
    }
  }

  Fallible<Value> fieldValue(const TemplatePiece& piece) {
    FieldSteps steps(text_, piece.nameStart, piece.nameEnd);
    FieldStep step = TRY(steps.first(thread_));
    bool isEmpty = step.start == step.end;
    if (isEmpty || step.number >= 0) TRY(checkNumbering(isEmpty, step.number));
    Value value = step.number >= 0 ? TRY(positional(step.number)) : TRY(named(step));
    while (TRY(steps.next(thread_, step))) {
      if (step.number >= 0 && !step.isAttribute) {
        value = TRY(getItem(thread_, value, TRY(makeInt(thread_, step.number))));
        continue;
      }
      Str* name = TRY(substring(thread_, text_, step.start, step.end));
      value = step.isAttribute ? TRY(getAttribute(thread_, value, TRY(intern(thread_, name))))
                               : TRY(getItem(thread_, value, Value::of(name)));
    }
    return value;
  }

  // {} numbers itself; {0} is numbered by hand; a template does one or the other.
  Fallible<void> checkNumbering(bool isEmpty, int64_t& number) {
    if (arguments_ == nullptr) return {};
    if (numbering_ == Numbering::kUnknown) numbering_ = isEmpty ? Numbering::kAutomatic : Numbering::kManual;
    if (isEmpty && numbering_ == Numbering::kManual) {
      return raise(thread_, exceptions.ValueError,
                   "cannot switch from manual field specification to automatic field numbering");
    }
    if (!isEmpty && numbering_ == Numbering::kAutomatic) {
      return raise(thread_, exceptions.ValueError,
                   "cannot switch from automatic field numbering to manual field specification");
    }
    if (isEmpty) number = nextNumber_++;
    return {};
  }

  Fallible<Value> positional(int64_t number) {
    if (arguments_ == nullptr) {
      return raise(thread_, exceptions.ValueError, "Format string contains positional fields");
    }
    if (number >= static_cast<int64_t>(arguments_->positional)) {
      return raiseFormat(thread_, exceptions.IndexError, "Replacement index {} out of range for positional args tuple",
                         number);
    }
    return (*arguments_)[static_cast<uint32_t>(number)];
  }

  Fallible<Value> named(const FieldStep& step) {
    if (arguments_ == nullptr) {
      if (step.start == step.end) {
        return raise(thread_, exceptions.ValueError, "Format string contains positional fields");
      }
      return getItem(thread_, mapping_, Value::of(TRY(substring(thread_, text_, step.start, step.end))));
    }
    Str* name = TRY(substring(thread_, text_, step.start, step.end));
    for (uint32_t i = 0; i < arguments_->keywordCount(); i++) {
      if (strEquals(toStr(arguments_->keywordNames->items[i]), name)) {
        return arguments_->first[arguments_->positional + i];
      }
    }
    return raiseWithArgument(thread_, exceptions.KeyError, Value::of(name));
  }

  enum class Numbering : uint8_t { kUnknown, kAutomatic, kManual };
  Thread& thread_;
  Str* text_;
  const Arguments* arguments_;
  Value mapping_;
  Numbering numbering_ = Numbering::kUnknown;
  int64_t nextNumber_ = 0;
};

Fallible<Value> expandTemplate(Thread& thread, Value self, const Arguments* arguments, Value mapping) {
  KRAIT_CHECK_NATIVE_STACK(thread, " in str.format");
  Str* text = toStr(self);
  StrBuilder out;
  TRY(Formatter(thread, text, arguments, mapping).expand(out, 0, text->length, 2));
  return Value::of(TRY(out.build(thread)));
}

Fallible<Value> strFormat(Thread& thread, Value self, const Arguments& arguments) {
  return expandTemplate(thread, self, &arguments, Value::none());
}
Fallible<Value> strFormatMap(Thread& thread, Value self, Value mapping) {
  return expandTemplate(thread, self, nullptr, mapping);
}
Fallible<Value> strDunderFormat(Thread& thread, Value self, Value spec) {
  Str* specification = toStr(spec);
  if (specification == nullptr) {
    return raiseTypeError(thread, "__format__() argument must be str, not {}", nameOf(spec));
  }
  if (specification->length == 0) {
    return Value::of(isKind(self, Kind::kStr) ? self.as<Str>() : TRY(str(thread, self)));
  }
  return Value::of(TRY(formatStr(thread, toStr(self), specification)));
}

}  // namespace

void declareStrFormatMethods(TypeBuilder& type) {
  type.variadic("format", strFormat).method("format_map", strFormatMap).special("__format__", strDunderFormat);
}

}  // namespace krait
