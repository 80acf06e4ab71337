// UnicodeEncodeError, UnicodeDecodeError and UnicodeTranslateError: which characters could not be converted, and why.
#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/exception_internal.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"

namespace krait {
namespace {

using F = ExceptionField;

KRAIT_COLD Raised raiseArgumentType(Thread& thread, int number, Value given) {
  return raiseTypeError(thread, "argument {} must be str, not {}", number, nameOf(given));
}

// The fields in the order of the arguments; translating has no encoding.
Fallible<void> take(Thread& thread, Value self, const Arguments& arguments, bool hasEncoding, bool ofBytes) {
  auto* e = exceptionOf(self);
  TRY(refuseKeywords(thread, typeOf(self), arguments));
  TRY(keepArguments(thread, e, arguments));
  uint32_t wanted = hasEncoding ? 5 : 4, at = 0;
  if (arguments.positional != wanted)
    return raiseTypeError(thread, "function takes exactly {} arguments ({} given)", wanted, arguments.positional);
  if (hasEncoding) {
    if (toStr(arguments[0]) == nullptr) return raiseArgumentType(thread, 1, arguments[0]);
    e->fields[F::kEncoding] = arguments[at++];
  }
  Value object = arguments[at++];
  if (!ofBytes && toStr(object) == nullptr) return raiseArgumentType(thread, static_cast<int>(at), object);
  int64_t start = TRY(indexAsInt64(thread, arguments[at], exceptions.OverflowError));
  int64_t end = TRY(indexAsInt64(thread, arguments[at + 1], exceptions.OverflowError));
  if (toStr(arguments[at + 2]) == nullptr)
    return raiseArgumentType(thread, static_cast<int>(at) + 3, arguments[at + 2]);
  if (ofBytes && toBytes(object) == nullptr) {
    if (!isKind(object, Kind::kByteBuffer))
      return raiseTypeError(thread, "a bytes-like object is required, not '{}'", nameOf(object));
    auto* buffer = object.as<Bytearray>();
    const char* data = buffer->length == 0 ? "" : reinterpret_cast<const char*>(buffer->storage->bytes);
    object = Value::of(TRY(makeBytes(thread, {data, buffer->length})));
  }
  e->fields[F::kUnicodeObject] = object;
  e->fields[F::kStart] = TRY(makeInt(thread, start));
  e->fields[F::kEnd] = TRY(makeInt(thread, end));
  e->fields[F::kReason] = arguments[at + 2];
  return {};
}
Fallible<Value> encodeInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(take(thread, self, arguments, true, false));
  return Value::none();
}
Fallible<Value> decodeInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(take(thread, self, arguments, true, true));
  return Value::none();
}
Fallible<Value> translateInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(take(thread, self, arguments, false, false));
  return Value::none();
}

// start and end are kept inside the object when they are shown.
struct Range {
  int64_t start, end, length;
};
Range rangeOf(const Exception* e, int64_t length) {
  int64_t start = toInt64(fieldOrNone(e, F::kStart)).value_or(0), end = toInt64(fieldOrNone(e, F::kEnd)).value_or(0);
  if (start < 0) start = 0;
  if (start >= length) start = length > 0 ? length - 1 : 0;
  if (end < 1) end = 1;
  if (end > length) end = length;
  return {start, end, length};
}
int64_t objectLength(const Exception* e) {
  Value object = fieldOrNone(e, F::kUnicodeObject);
  if (Str* s = toStr(object)) return static_cast<int64_t>(s->length);
  if (Bytes* b = toBytes(object)) return static_cast<int64_t>(b->length);
  return 0;
}

std::string escaped(uint32_t c) {
  if (c <= 0xff) return fmt::format("\\x{:02x}", c);
  if (c <= 0xffff) return fmt::format("\\u{:04x}", c);
  return fmt::format("\\U{:08x}", c);
}

Fallible<Value> finish(Thread& thread, const Exception* e, StrBuilder& builder) {
  builder.append(TRY(str(thread, fieldOrNone(e, F::kReason))));
  return Value::of(TRY(builder.build(thread)));
}
void appendPlace(StrBuilder& builder, const Range& range) {
  builder.append(fmt::format(" in position {}-{}: ", range.start, range.end - 1));
}

Fallible<Value> encodeOrTranslateStr(Thread& thread, Value self, bool encoding) {
  auto* e = exceptionOf(self);
  Str* object = toStr(fieldOrNone(e, F::kUnicodeObject));
  if (object == nullptr) return Value::of(emptyStr());
  Range range = rangeOf(e, static_cast<int64_t>(object->length));
  StrBuilder builder;
  if (encoding) builder.append("'").append(TRY(str(thread, fieldOrNone(e, F::kEncoding)))).append("' codec ");
  builder.append(encoding ? "can't encode character" : "can't translate character");
  if (range.start < range.length && range.end == range.start + 1) {
    uint32_t c = object->at(static_cast<uint64_t>(range.start));
    builder.append(fmt::format(" '{}' in position {}: ", escaped(c), range.start));
  } else {
    builder.append("s");
    appendPlace(builder, range);
  }
  return finish(thread, e, builder);
}
Fallible<Value> encodeStrText(Thread& thread, Value self) { return encodeOrTranslateStr(thread, self, true); }
Fallible<Value> translateStrText(Thread& thread, Value self) { return encodeOrTranslateStr(thread, self, false); }
Fallible<Value> decodeStrText(Thread& thread, Value self) {
  auto* e = exceptionOf(self);
  Bytes* object = toBytes(fieldOrNone(e, F::kUnicodeObject));
  if (object == nullptr) return Value::of(emptyStr());
  Range range = rangeOf(e, static_cast<int64_t>(object->length));
  StrBuilder builder;
  builder.append("'").append(TRY(str(thread, fieldOrNone(e, F::kEncoding)))).append("' codec can't decode byte");
  if (range.start < range.length && range.end == range.start + 1) {
    builder.append(fmt::format(" {:#04x} in position {}: ", object->data[range.start], range.start));
  } else {
    builder.append("s");
    appendPlace(builder, range);
  }
  return finish(thread, e, builder);
}

// Reading start and end gives them as codecs' error handlers want them: inside the object.
Fallible<Value> getStart(Thread& thread, Value self) {
  auto* e = exceptionOf(self);
  if (e->fields[F::kStart].get().isUnbound()) return Value::inlineInt(0);
  return makeInt(thread, rangeOf(e, objectLength(e)).start);
}
Fallible<Value> getEnd(Thread& thread, Value self) {
  auto* e = exceptionOf(self);
  if (e->fields[F::kEnd].get().isUnbound()) return Value::inlineInt(0);
  return makeInt(thread, rangeOf(e, objectLength(e)).end);
}
template <unsigned index>
Fallible<void> setIndex(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raiseTypeError(thread, "can't delete numeric/char attribute");
  exceptionOf(self)->fields[index] = TRY(makeInt(thread, TRY(indexAsInt64(thread, value, exceptions.OverflowError))));
  return {};
}

TypeBuilder& withFields(TypeBuilder& builder, bool encoding) {
  if (encoding) builder.getter("encoding", getField<F::kEncoding>, setField<F::kEncoding>);
  return builder.getter("object", getField<F::kUnicodeObject>, setField<F::kUnicodeObject>)
      .getter("start", getStart, setIndex<F::kStart>)
      .getter("end", getEnd, setIndex<F::kEnd>)
      .getter("reason", getField<F::kReason>, setField<F::kReason>);
}

}  // namespace

void declareUnicodeErrors(Thread& thread) {
  withFields(TypeBuilder(thread, exceptions.UnicodeEncodeError)
                 .specialVariadic("__init__", encodeInit)
                 .special("__str__", encodeStrText),
             true)
      .build();
  withFields(TypeBuilder(thread, exceptions.UnicodeDecodeError)
                 .specialVariadic("__init__", decodeInit)
                 .special("__str__", decodeStrText),
             true)
      .build();
  withFields(TypeBuilder(thread, exceptions.UnicodeTranslateError)
                 .specialVariadic("__init__", translateInit)
                 .special("__str__", translateStrText),
             false)
      .build();
}

}  // namespace krait
