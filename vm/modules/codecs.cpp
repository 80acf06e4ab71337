// Module _codecs: the registry of codecs and error handlers, and the codecs written in C++ one by one.
#include "vm/builtins/codecs.h"

#include "vm/builtins/codec_utf7.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/import.h"
#include "vm/modules/codecs_charmap.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

// --- the registry -----------------------------------------------------------------------------------------------------
Fallible<Value> codecsRegister(Thread& thread, Value function) {
  TRY(registerCodecSearch(thread, function));
  return Value::none();
}
Fallible<Value> codecsUnregister(Thread& thread, Value function) {
  TRY(unregisterCodecSearch(thread, function));
  return Value::none();
}
Fallible<Value> codecsLookup(Thread& thread, Value name) {
  const Str* text = TRY(strArgument(thread, name, "lookup", 0));
  return lookUpCodec(thread, strToUtf8(text));
}
template <int kWhich>
Fallible<Value> codecsRun(Thread& thread, Value, const Arguments& arguments) {
  static constexpr const char* kNames[] = {"encode", "decode"};
  static constexpr Parameters kParameters{kNames[kWhich], {"obj", "encoding", "errors"}, 1};
  Value bound[3];
  TRY(kParameters.bind(thread, arguments, bound));
  std::string encoding = TRY(textArgument(thread, bound[1], kNames[kWhich], "encoding", "utf-8"));
  std::string errors = TRY(textArgument(thread, bound[2], kNames[kWhich], "errors", "strict"));
  return runCodec(thread, bound[0], encoding, errors, kWhich);
}

// --- error handlers ---------------------------------------------------------------------------------------------------
Fallible<Value> handlerResult(Thread& thread, Value replacement, uint64_t position) {
  return Value::of(TRY(makeTuple(thread, {replacement, TRY(makeInt(thread, static_cast<int64_t>(position)))})));
}

// codecs.ignore_errors and its like: the built-in handler `name` applied to an exception.
// A text attribute of the exception, which Python code may have set to anything.
Fallible<Str*> textAttribute(Thread& thread, Value exception, const char* name) {
  Str* text = toStr(TRY(getAttribute(thread, exception, name)));
  if (text == nullptr) return raiseTypeError(thread, "{} attribute must be unicode", name);
  return text;
}

Fallible<Value> applyHandler(Thread& thread, std::string_view name, Value exception) {
  bool encoding = isInstanceOf(exception, exceptions.UnicodeEncodeError);
  bool decoding = isInstanceOf(exception, exceptions.UnicodeDecodeError);
  bool translating = isInstanceOf(exception, exceptions.UnicodeTranslateError);
  if (name == "strict") {
    if (!isException(exception)) return raise(thread, exceptions.TypeError, "codec must pass exception instance");
    return raiseInstance(thread, exception);
  }
  if (!encoding && !decoding && !translating) {
    return raiseTypeError(thread, "don't know how to handle {} in error callback", nameOf(exception));
  }
  Value object = TRY(getAttribute(thread, exception, "object"));
  auto start = static_cast<uint64_t>(TRY(sizeArgument(thread, TRY(getAttribute(thread, exception, "start")))));
  auto end = static_cast<uint64_t>(TRY(sizeArgument(thread, TRY(getAttribute(thread, exception, "end")))));
  std::string codec;
  if (!translating) codec = strToUtf8(TRY(textAttribute(thread, exception, "encoding")));
  std::string reason = strToUtf8(TRY(textAttribute(thread, exception, "reason")));
  StrBuilder text;
  if (decoding) {
    if (toBytes(object) == nullptr) return raise(thread, exceptions.TypeError, "object attribute must be bytes");
    std::string_view bytes = viewOf(toBytes(object));
    end = std::min<uint64_t>(end, bytes.size());
    start = std::min(start, end);
    uint64_t position = TRY(handleDecodeError(thread, {bytes, codec.c_str(), start, end, reason.c_str()}, name, text));
    return handlerResult(thread, Value::of(TRY(text.build(thread))), position);
  }
  const Str* s = toStr(object);
  if (s == nullptr) return raise(thread, exceptions.TypeError, "object attribute must be unicode");
  end = std::min<uint64_t>(end, s->length);
  start = std::min(start, end);
  if (translating && name == "replace") {
    text.appendRepeated(0xfffd, end - start);
    return handlerResult(thread, Value::of(TRY(text.build(thread))), end);
  }
  ByteBuilder bytes;
  uint64_t position = TRY(handleEncodeError(thread, {s, codec.c_str(), start, end, reason.c_str()}, name, text, bytes));
  Value replacement = bytes.view().empty() ? Value::of(TRY(text.build(thread))) : Value::of(TRY(bytes.build(thread)));
  return handlerResult(thread, replacement, position);
}

Fallible<Value> strictErrors(Thread& thread, Value e) { return applyHandler(thread, "strict", e); }
Fallible<Value> ignoreErrors(Thread& thread, Value e) { return applyHandler(thread, "ignore", e); }
Fallible<Value> replaceErrors(Thread& thread, Value e) { return applyHandler(thread, "replace", e); }
Fallible<Value> xmlcharrefreplaceErrors(Thread& thread, Value e) {
  return applyHandler(thread, "xmlcharrefreplace", e);
}
Fallible<Value> backslashreplaceErrors(Thread& thread, Value e) { return applyHandler(thread, "backslashreplace", e); }
Fallible<Value> namereplaceErrors(Thread& thread, Value e) { return applyHandler(thread, "namereplace", e); }
Fallible<Value> surrogateescapeErrors(Thread& thread, Value e) { return applyHandler(thread, "surrogateescape", e); }
Fallible<Value> surrogatepassErrors(Thread& thread, Value e) { return applyHandler(thread, "surrogatepass", e); }

Fallible<void> registerBuiltinHandlers(Thread& thread) {
  const struct {
    const char* name;
    const char* function;
    Native1 handler;
  } handlers[] = {{"strict", "strict_errors", strictErrors},
                  {"ignore", "ignore_errors", ignoreErrors},
                  {"replace", "replace_errors", replaceErrors},
                  {"xmlcharrefreplace", "xmlcharrefreplace_errors", xmlcharrefreplaceErrors},
                  {"backslashreplace", "backslashreplace_errors", backslashreplaceErrors},
                  {"namereplace", "namereplace_errors", namereplaceErrors},
                  {"surrogateescape", "surrogateescape", surrogateescapeErrors},
                  {"surrogatepass", "surrogatepass", surrogatepassErrors}};
  for (auto [name, function, handler] : handlers) {
    if (!registeredErrorHandler(name).isUnbound()) continue;
    TRY(registerErrorHandler(thread, name, Value::of(TRY(makeBuiltin(thread, function, handler)))));
  }
  return {};
}

Fallible<Value> codecsRegisterError(Thread& thread, Value name, Value handler) {
  const Str* text = TRY(strArgument(thread, name, "register_error", 1));
  if (!isCallable(handler)) return raise(thread, exceptions.TypeError, "handler must be callable");
  TRY(registerErrorHandler(thread, strToUtf8(text), handler));
  return Value::none();
}
Fallible<Value> codecsLookupError(Thread& thread, Value name) {
  std::string text = strToUtf8(TRY(strArgument(thread, name, "lookup_error", 0)));
  Value handler = registeredErrorHandler(text);
  if (handler.isUnbound()) {
    return raiseFormat(thread, exceptions.LookupError, "unknown error handler name '{}'", text);
  }
  return handler;
}

// --- one function per codec -------------------------------------------------------------------------------------------
Fallible<Value> withLength(Thread& thread, Value result, uint64_t length) {
  return handlerResult(thread, result, length);
}

Fallible<std::string> errorsArgument(Thread& thread, const Arguments& arguments, uint32_t i, const char* function) {
  if (arguments.positional <= i || arguments[i].isNone()) return std::string("strict");
  return textArgument(thread, arguments[i], function, "errors", "strict");
}

// X_encode(text, errors=None) -> (bytes, length)
template <Codec kCodec>
Fallible<Value> encodeWith(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "encode", 1, 3));
  const Str* text = TRY(strArgument(thread, arguments[0], "encode", 1));
  std::string errors = TRY(errorsArgument(thread, arguments, 1, "encode"));
  Codec codec = kCodec;
  if (arguments.positional == 3) {  // utf_16_encode and utf_32_encode: byteorder -1, 0, 1
    int64_t order = TRY(sizeArgument(thread, arguments[2]));
    if (kCodec == Codec::kUtf16 && order != 0) codec = order < 0 ? Codec::kUtf16Le : Codec::kUtf16Be;
    if (kCodec == Codec::kUtf32 && order != 0) codec = order < 0 ? Codec::kUtf32Le : Codec::kUtf32Be;
  }
  ByteBuilder out;
  TRY(encodeText(thread, text, codec, errors, out));
  return withLength(thread, Value::of(TRY(out.build(thread))), text->length);
}

// X_decode(data, errors=None, final=False) -> (text, bytes consumed)
template <Codec kCodec, bool kAlwaysFinal = false>
Fallible<Value> decodeWith(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "decode", 1, 3));
  std::string errors = TRY(errorsArgument(thread, arguments, 1, "decode"));
  bool final = kAlwaysFinal || (arguments.positional == 3 && TRY(isTrue(thread, arguments[2])));
  std::string_view bytes;
  Value data = arguments[0];
  bool isEscape = kCodec == Codec::kUnicodeEscape || kCodec == Codec::kRawUnicodeEscape;
  if (isEscape && toStr(data) != nullptr) data = TRY(encodeStr(thread, toStr(data), "utf-8", "strict"));
  bytes = TRY(requireBuffer(thread, data));
  if (isEscape && arguments.positional < 3) final = true;
  StrBuilder out;
  uint64_t consumed = 0;
  TRY(decodeText(thread, bytes, kCodec, errors, final, out, consumed));
  return withLength(thread, Value::of(TRY(out.build(thread))), consumed);
}

// utf_16_ex_decode(data, errors, byteorder, final) -> (text, consumed, byteorder): the order once a mark has told it.
template <bool kWide>
Fallible<Value> exDecode(Thread& thread, Value, const Arguments& arguments) {
  constexpr size_t kUnit = kWide ? 4 : 2;
  TRY(arguments.count(thread, "ex_decode", 1, 4));
  std::string errors = TRY(errorsArgument(thread, arguments, 1, "ex_decode"));
  int64_t order = arguments.positional < 3 ? 0 : TRY(sizeArgument(thread, arguments[2]));
  bool final = arguments.positional == 4 && TRY(isTrue(thread, arguments[3]));
  std::string_view bytes = TRY(requireBuffer(thread, arguments[0]));
  uint64_t skipped = 0, consumed = 0;
  if (order == 0 && bytes.size() >= kUnit) {
    std::string_view little = kWide ? std::string_view("\xff\xfe\0\0", 4) : std::string_view("\xff\xfe", 2);
    std::string_view big = kWide ? std::string_view("\0\0\xfe\xff", 4) : std::string_view("\xfe\xff", 2);
    if (bytes.starts_with(little)) order = -1;
    if (bytes.starts_with(big)) order = 1;
    if (order != 0) skipped = kUnit;
  }
  Codec codec =
      kWide ? (order > 0 ? Codec::kUtf32Be : Codec::kUtf32Le) : (order > 0 ? Codec::kUtf16Be : Codec::kUtf16Le);
  StrBuilder out;
  TRY(decodeText(thread, bytes.substr(skipped), codec, errors, final, out, consumed));
  Value text = Value::of(TRY(out.build(thread)));
  Value count = TRY(makeInt(thread, static_cast<int64_t>(consumed + skipped)));
  return Value::of(TRY(makeTuple(thread, {text, count, Value::inlineInt(order)})));
}

Fallible<Value> utf7Encode(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "utf_7_encode", 1, 2));
  const Str* text = TRY(strArgument(thread, arguments[0], "utf_7_encode", 1));
  TRY(errorsArgument(thread, arguments, 1, "utf_7_encode"));
  ByteBuilder out;
  encodeUtf7(text, out);
  return withLength(thread, Value::of(TRY(out.build(thread))), text->length);
}
Fallible<Value> utf7Decode(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "utf_7_decode", 1, 3));
  std::string errors = TRY(errorsArgument(thread, arguments, 1, "utf_7_decode"));
  bool final = arguments.positional == 3 && TRY(isTrue(thread, arguments[2]));
  std::string_view bytes = TRY(requireBuffer(thread, arguments[0]));
  uint64_t complete = final ? bytes.size() : completeUtf7(bytes), consumed;
  StrBuilder out;
  TRY(decodeUtf7(thread, bytes.substr(0, complete), errors, final, out, consumed));
  return withLength(thread, Value::of(TRY(out.build(thread))), complete);
}

Fallible<Value> readbufferEncode(Thread& thread, Value data, Value) {
  if (const Str* s = toStr(data)) {
    std::string text = strToUtf8(s);
    return withLength(thread, Value::of(TRY(makeBytes(thread, text))), text.size());
  }
  std::string_view bytes = TRY(requireBuffer(thread, data));
  return withLength(thread, Value::of(TRY(makeBytes(thread, bytes))), bytes.size());
}

}  // namespace

Module* moduleCodecs(Thread& thread) {
  if (registerBuiltinHandlers(thread).isRaised()) return nullptr;
  return ModuleBuilder(thread, "_codecs")
      .function("register", codecsRegister)
      .function("unregister", codecsUnregister)
      .function("lookup", codecsLookup)
      .variadic("encode", codecsRun<0>)
      .variadic("decode", codecsRun<1>)
      .function("register_error", codecsRegisterError)
      .function("lookup_error", codecsLookupError)
      .variadic("utf_7_encode", utf7Encode)
      .variadic("utf_7_decode", utf7Decode)
      .variadic("utf_8_encode", encodeWith<Codec::kUtf8>)
      .variadic("utf_8_decode", decodeWith<Codec::kUtf8>)
      .variadic("ascii_encode", encodeWith<Codec::kAscii>)
      .variadic("ascii_decode", decodeWith<Codec::kAscii, true>)
      .variadic("latin_1_encode", encodeWith<Codec::kLatin1>)
      .variadic("latin_1_decode", decodeWith<Codec::kLatin1, true>)
      .variadic("utf_16_encode", encodeWith<Codec::kUtf16>)
      .variadic("utf_16_decode", decodeWith<Codec::kUtf16>)
      .variadic("utf_16_le_encode", encodeWith<Codec::kUtf16Le>)
      .variadic("utf_16_le_decode", decodeWith<Codec::kUtf16Le>)
      .variadic("utf_16_be_encode", encodeWith<Codec::kUtf16Be>)
      .variadic("utf_16_be_decode", decodeWith<Codec::kUtf16Be>)
      .variadic("utf_16_ex_decode", exDecode<false>)
      .variadic("utf_32_encode", encodeWith<Codec::kUtf32>)
      .variadic("utf_32_decode", decodeWith<Codec::kUtf32>)
      .variadic("utf_32_le_encode", encodeWith<Codec::kUtf32Le>)
      .variadic("utf_32_le_decode", decodeWith<Codec::kUtf32Le>)
      .variadic("utf_32_be_encode", encodeWith<Codec::kUtf32Be>)
      .variadic("utf_32_be_decode", decodeWith<Codec::kUtf32Be>)
      .variadic("utf_32_ex_decode", exDecode<true>)
      .variadic("unicode_escape_encode", encodeWith<Codec::kUnicodeEscape>)
      .variadic("unicode_escape_decode", decodeWith<Codec::kUnicodeEscape>)
      .variadic("raw_unicode_escape_encode", encodeWith<Codec::kRawUnicodeEscape>)
      .variadic("raw_unicode_escape_decode", decodeWith<Codec::kRawUnicodeEscape>)
      .function("readbuffer_encode", readbufferEncode, 1)
      .variadic("charmap_encode", charmapEncode)
      .variadic("charmap_decode", charmapDecode)
      .function("charmap_build", charmapBuild)
      .variadic("escape_encode", escapeEncode)
      .variadic("escape_decode", escapeDecode)
      .build();
}

}  // namespace krait
