// repr(), str(), ascii() and format() of values of any type.
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/names.h"
#include "vm/operations.h"

namespace krait {

Fallible<Str*> repr(Thread& thread, Value v) {
  if (isKind(v, Kind::kStr)) return strRepr(thread, v.as<Str>());
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  Value method = specialMethod(v, Special::k__repr__);
  if (method.isUnbound() || method.isNone()) method = types.object->special(Special::k__repr__);
  if (thread.recursionRemaining <= 0) return raiseRecursionError(thread, " while getting the repr of an object");
  thread.recursionRemaining--;  // a nested object is as deep as a call is
  Fallible<Value> shown = callSpecial(thread, method, v);
  thread.recursionRemaining++;
  Value result = TRY(shown);
  if (Str* text = toStr(result)) return text;
  return raiseTypeError(thread, "__repr__ returned non-string (type {})", nameOf(result));
}

Fallible<Str*> str(Thread& thread, Value v) {
  if (isKind(v, Kind::kStr)) return v.as<Str>();
  if (v.isInlineInt()) return intToText(thread, v);
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the str of an object");
  Value method = specialMethod(v, Special::k__str__);
  if (method.isUnbound() || method.isNone() || method.is(types.object->special(Special::k__str__)))
    return repr(thread, v);
  Value result = TRY(callSpecial(thread, method, v));
  if (Str* text = toStr(result)) return text;
  return raiseTypeError(thread, "__str__ returned non-string (type {})", nameOf(result));
}

Fallible<Str*> ascii(Thread& thread, Value v) {
  Str* text = TRY(repr(thread, v));
  if (text->isAscii()) return text;
  StrBuilder builder;
  for (uint64_t i = 0; i < text->length; i++) {
    uint32_t c = text->at(i);
    if (c < 0x80) {
      builder.appendCharacter(c);
    } else if (c <= 0xff) {
      builder.append(fmt::format("\\x{:02x}", c));
    } else if (c <= 0xffff) {
      builder.append(fmt::format("\\u{:04x}", c));
    } else {
      builder.append(fmt::format("\\U{:08x}", c));
    }
  }
  return builder.build(thread);
}

Fallible<Str*> format(Thread& thread, Value v, Value specification) {
  if (specification.isUnbound()) specification = Value::of(emptyStr());
  Str* spec = toStr(specification);
  if (spec == nullptr)
    return raiseTypeError(thread, "Format specifier must be a string, not {}", nameOf(specification));
  if (spec->length == 0) {
    if (isKind(v, Kind::kStr)) return v.as<Str>();
    if (v.isInlineInt()) return intToText(thread, v);
  }
  Value method = specialMethod(v, Special::k__format__);
  if (method.isUnbound()) return raiseTypeError(thread, "Type {} doesn't define __format__", nameOf(v));
  Value result = TRY(callSpecial(thread, method, v, Value::of(spec)));
  if (Str* text = toStr(result)) return text;
  return raiseTypeError(thread, "__format__ must return a str, not {}", nameOf(result));
}

// --- recursive reprs --------------------------------------------------------------------------------------------------
// The objects being shown, innermost first. The guards are on the native stack, so the collector sees what they hold.
static thread_local ReprGuard* innermostGuard = nullptr;

ReprGuard::ReprGuard(Thread&, Value object) : object_(object), previous_(innermostGuard), entered_(true) {
  for (ReprGuard* guard = previous_; guard != nullptr; guard = guard->previous_)
    if (guard->object_.is(object)) {
      entered_ = false;
      return;
    }
  innermostGuard = this;
}
ReprGuard::~ReprGuard() {
  if (entered_) innermostGuard = previous_;
}

}  // namespace krait
