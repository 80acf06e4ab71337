// Arguments that methods of str, bytes and bytearray have in common.
#include "vm/builtins/text.h"

#include "vm/builtins/int.h"

namespace krait {

Fallible<int64_t> sizeArgument(Thread& thread, Value v) {
  if (v.isInlineInt()) return v.asInlineInt();
  if (auto i = toInt64(TRY(index(thread, v)))) return *i;
  return raise(thread, exceptions.OverflowError, "Python int too large to convert to C ssize_t");
}

namespace {
// An index of a range: None or missing give `otherwise`; huge ones are clipped.
Fallible<int64_t> rangeIndex(Thread& thread, Value v, int64_t otherwise) {
  if (v.isUnbound() || v.isNone()) return otherwise;
  if (v.isInlineInt()) return v.asInlineInt();
  if (!isInt(v) && specialMethod(v, Special::k__index__).isUnbound()) {
    return raise(thread, exceptions.TypeError, "slice indices must be integers or None or have an __index__ method");
  }
  return indexAsInt64(thread, v);
}
}  // namespace

Fallible<TextRange> textRange(Thread& thread, Value start, Value end, int64_t length) {
  int64_t first = TRY(rangeIndex(thread, start, 0));
  int64_t last = TRY(rangeIndex(thread, end, length));
  if (first < 0) first = first + length < 0 ? 0 : first + length;
  if (last > length) last = length;
  if (last < 0) last = last + length < 0 ? 0 : last + length;
  return TextRange{first, last};
}

std::string_view argumentTypeName(Value v) { return v.isNone() ? "None" : nameOf(v); }

Fallible<std::string> textArgument(Thread& thread, Value v, const char* function, const char* parameter,
                                   const char* otherwise) {
  if (v.isUnbound()) return std::string(otherwise);
  const Str* s = toStr(v);
  if (s == nullptr) {
    return raiseTypeError(thread, "{}() argument '{}' must be str, not {}", function, parameter, argumentTypeName(v));
  }
  std::string text = s->isAscii() ? std::string(s->asciiView()) : strToUtf8(s);
  if (text.find('\0') != std::string::npos) {
    return raise(thread, exceptions.ValueError, "embedded null character");
  }
  return text;
}

Fallible<const Str*> strArgument(Thread& thread, Value v, const char* function, int position) {
  if (const Str* s = toStr(v)) return s;
  if (position == 0) return raiseTypeError(thread, "{}() argument must be str, not {}", function, argumentTypeName(v));
  return raiseTypeError(thread, "{}() argument {} must be str, not {}", function, position, argumentTypeName(v));
}

}  // namespace krait
