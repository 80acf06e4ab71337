// The str class: construction, operators, indexing, iteration, format specifications.
#include "vm/builtins/bytes.h"
#include "vm/builtins/format_spec.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/str_methods.h"
#include "vm/builtins/text.h"

namespace krait {
namespace {

// --- construction -----------------------------------------------------------------------------------------------------
Fallible<Value> decodeArgument(Thread& thread, Value object, Value encodingValue, Value errorsValue) {
  std::string encoding = TRY(textArgument(thread, encodingValue, "str", "encoding", "utf-8"));
  std::string errors = TRY(textArgument(thread, errorsValue, "str", "errors", "strict"));
  if (object.isUnbound()) return Value::of(emptyStr());
  if (toStr(object) != nullptr) return raise(thread, exceptions.TypeError, "decoding str is not supported");
  std::string_view bytes;
  if (!bufferView(object, bytes)) {
    return raiseTypeError(thread, "decoding to str: need a bytes-like object, {} found", nameOf(object));
  }
  return decodeBytes(thread, bytes, encoding, errors);
}

// str(x) of an object: __str__ may return an instance of a subclass, which is then the result itself.
Fallible<Value> textOfObject(Thread& thread, Value object) {
  if ((typeOf(object)->typeFlags & Type::kHeapType) == 0) return Value::of(TRY(str(thread, object)));
  Value method = specialMethod(object, Special::k__str__);
  if (method.isUnbound() || method.isNone()) return Value::of(TRY(str(thread, object)));
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the str of an object");
  Value text = TRY(callSpecial(thread, method, object));
  if (toStr(text) == nullptr) {
    return raiseTypeError(thread, "__str__ returned non-string (type {})", nameOf(text));
  }
  return text;
}

constexpr Parameters kStr{"str", {"object", "encoding", "errors"}, 0};
Fallible<Value> strNew(Thread& thread, Value self, const Arguments& arguments) {
  Value text;
  if (arguments.positional == 1 && arguments.keywordCount() == 0) [[likely]] {
    text = TRY(textOfObject(thread, arguments[0]));
  } else {
    Value bound[3];
    TRY(kStr.bind(thread, arguments, bound));
    if (!bound[1].isUnbound() || !bound[2].isUnbound()) {
      text = TRY(decodeArgument(thread, bound[0], bound[1], bound[2]));
    } else {
      text = bound[0].isUnbound() ? Value::of(emptyStr()) : TRY(textOfObject(thread, bound[0]));
    }
  }
  Type* type = self.as<Type>();
  return type == types.str ? Fallible<Value>(text) : allocatePayloadInstance(thread, type, Value::of(toStr(text)));
}

// --- the protocol of every object -------------------------------------------------------------------------------------
Fallible<Value> strDunderRepr(Thread& thread, Value self) { return Value::of(TRY(strRepr(thread, toStr(self)))); }
Fallible<Value> strDunderStr(Thread&, Value self) { return Value::of(toStr(self)); }
Fallible<Value> strDunderHash(Thread& thread, Value self) { return makeInt(thread, strHash(toStr(self))); }
Fallible<Value> strLength(Thread&, Value self) { return Value::inlineInt(static_cast<int64_t>(toStr(self)->length)); }
Fallible<Value> strIter(Thread& thread, Value self) {
  return makeIterator(thread, types.strIterator, Value::of(toStr(self)));
}
Fallible<Value> strGetnewargs(Thread& thread, Value self) {
  return Value::of(TRY(makeTuple(thread, {Value::of(toStr(self))})));
}
// CPython's numbers: a header of 48 (ASCII) or 72 bytes and the text with a terminator.
Fallible<Value> strSizeof(Thread&, Value self) {
  const Str* s = toStr(self);
  uint64_t header = s->isAscii() ? 48 : 72;
  return Value::inlineInt(static_cast<int64_t>(header + (s->length + 1) * s->width));
}

template <Comparison kComparison>
Fallible<Value> strCompareWith(Thread&, Value self, Value other) {
  const Str* a = toStr(self);
  const Str* b = toStr(other);
  if (b == nullptr) return Value::notImplemented();
  switch (kComparison) {
    case Comparison::kEqual: return Value::boolean(strEquals(a, b));
    case Comparison::kNotEqual: return Value::boolean(!strEquals(a, b));
    case Comparison::kLess: return Value::boolean(strCompare(a, b) < 0);
    case Comparison::kLessEqual: return Value::boolean(strCompare(a, b) <= 0);
    case Comparison::kGreater: return Value::boolean(strCompare(a, b) > 0);
    case Comparison::kGreaterEqual: return Value::boolean(strCompare(a, b) >= 0);
  }
  return Value::notImplemented();
}

// --- operators --------------------------------------------------------------------------------------------------------
Fallible<Value> strAdd(Thread& thread, Value self, Value other) {
  Str* right = toStr(other);
  if (right == nullptr) {
    return raiseTypeError(thread, "can only concatenate str (not \"{}\") to str", nameOf(other));
  }
  return Value::of(TRY(concatenate(thread, toStr(self), right)));
}
Fallible<Value> strMultiply(Thread& thread, Value self, Value factor) {
  Str* s = toStr(self);
  uint64_t times = TRY(repetitionCount(thread, factor, s->length, "repeated string is too long"));
  return Value::of(TRY(repeatStr(thread, s, static_cast<int64_t>(times))));
}
Fallible<Value> strRemainder(Thread& thread, Value self, Value arguments) {
  return Value::of(TRY(formatPercent(thread, toStr(self), arguments)));
}
Fallible<Value> strReflectedRemainder(Thread& thread, Value self, Value format) {
  Str* text = toStr(format);
  if (text == nullptr) return Value::notImplemented();
  return Value::of(TRY(formatPercent(thread, text, self)));
}

// Every step-th character: the text need not keep its width.
template <class C>
Fallible<Str*> everyNth(Thread& thread, const C* text, SliceBounds bounds) {
  StrBuilder out;
  for (uint64_t i = 0, at = static_cast<uint64_t>(bounds.start); i < static_cast<uint64_t>(bounds.length);
       i++, at += static_cast<uint64_t>(bounds.step))
    out.appendCharacter(text[at]);
  return out.build(thread);
}

Fallible<Value> strGetItem(Thread& thread, Value self, Value key) {
  Str* s = toStr(self);
  auto length = static_cast<int64_t>(s->length);
  if (isKind(key, Kind::kSlice)) {
    SliceBounds bounds = TRY(resolveSlice(thread, key.as<Slice>(), length));
    if (bounds.length <= 0) return Value::of(emptyStr());
    if (bounds.step == 1) {
      auto start = static_cast<uint64_t>(bounds.start);
      return Value::of(TRY(substring(thread, s, start, start + static_cast<uint64_t>(bounds.length))));
    }
    return Value::of(TRY(withText(s, [&](const auto* text, uint64_t) { return everyNth(thread, text, bounds); })));
  }
  int64_t i;
  if (key.isInlineInt()) [[likely]] {
    i = key.asInlineInt();
  } else {
    if (!isInt(key) && specialMethod(key, Special::k__index__).isUnbound()) {
      return raiseTypeError(thread, "string indices must be integers, not '{}'", nameOf(key));
    }
    i = TRY(indexAsInt64(thread, key, exceptions.IndexError));
  }
  if (i < 0) i += length;
  if (i < 0 || i >= length) return raise(thread, exceptions.IndexError, "string index out of range");
  return Value::of(TRY(makeStrOfCharacter(thread, s->at(static_cast<uint64_t>(i)))));
}

}  // namespace

void initialiseStr(Thread& thread) {
  TypeBuilder type(thread, types.str);
  type.flags(Type::kBaseType)
      .doc("str(object=''), str(bytes, encoding, errors): a text, or the text that an object is shown as.")
      .constructor(strNew)
      .special("__repr__", strDunderRepr)
      .special("__str__", strDunderStr)
      .special("__hash__", strDunderHash)
      .special("__len__", strLength)
      .special("__iter__", strIter)
      .special("__getitem__", strGetItem)
      .special("__add__", strAdd, 0, true)
      .special("__mul__", strMultiply, 0, true)
      .special("__rmul__", strMultiply, 0, true)
      .special("__mod__", strRemainder)
      .special("__rmod__", strReflectedRemainder)
      .special("__eq__", strCompareWith<Comparison::kEqual>)
      .special("__ne__", strCompareWith<Comparison::kNotEqual>)
      .special("__lt__", strCompareWith<Comparison::kLess>)
      .special("__le__", strCompareWith<Comparison::kLessEqual>)
      .special("__gt__", strCompareWith<Comparison::kGreater>)
      .special("__ge__", strCompareWith<Comparison::kGreaterEqual>)
      .method("__getnewargs__", strGetnewargs)
      .method("__sizeof__", strSizeof);
  declareStrSearchMethods(type);
  declareStrSplitMethods(type);
  declareStrCaseMethods(type);
  declareStrLayoutMethods(type);
  declareStrFormatMethods(type);
  type.build();
}

}  // namespace krait
