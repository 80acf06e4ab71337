// What happens to text that cannot be encoded and to bytes that cannot be decoded.
#include <cstring>

#include "vm/builtins/codecs.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str_repr.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/unicode.h"

namespace krait {
namespace {

enum class Handler : uint8_t {
  kStrict,
  kIgnore,
  kReplace,
  kBackslashreplace,
  kXmlcharrefreplace,
  kNamereplace,
  kSurrogateescape,
  kSurrogatepass,
  kRegistered,
};
Handler handlerOf(std::string_view name) {
  static constexpr std::pair<std::string_view, Handler> kHandlers[] = {
      {"strict", Handler::kStrict},
      {"ignore", Handler::kIgnore},
      {"replace", Handler::kReplace},
      {"backslashreplace", Handler::kBackslashreplace},
      {"xmlcharrefreplace", Handler::kXmlcharrefreplace},
      {"namereplace", Handler::kNamereplace},
      {"surrogateescape", Handler::kSurrogateescape},
      {"surrogatepass", Handler::kSurrogatepass},
  };
  for (auto [known, handler] : kHandlers) {
    if (known == name) return handler;
  }
  return Handler::kRegistered;
}

// Pairs of name and callable.
RootVector& registeredHandlers() {
  static RootVector* const handlers = new RootVector;
  return *handlers;
}

Fallible<Value> makeEncodeException(Thread& thread, const EncodeError& error) {
  Value arguments[5] = {Value::of(TRY(makeStr(thread, error.codec))), Value::of(error.text),
                        TRY(makeInt(thread, static_cast<int64_t>(error.start))),
                        TRY(makeInt(thread, static_cast<int64_t>(error.end))),
                        Value::of(TRY(makeStr(thread, error.reason)))};
  return call(thread, Value::of(exceptions.UnicodeEncodeError), arguments);
}
Fallible<Value> makeDecodeException(Thread& thread, const DecodeError& error) {
  Value arguments[5] = {Value::of(TRY(makeStr(thread, error.codec))), Value::of(TRY(makeBytes(thread, error.bytes))),
                        TRY(makeInt(thread, static_cast<int64_t>(error.start))),
                        TRY(makeInt(thread, static_cast<int64_t>(error.end))),
                        Value::of(TRY(makeStr(thread, error.reason)))};
  return call(thread, Value::of(exceptions.UnicodeDecodeError), arguments);
}
Raised raiseDecodeError(Thread& thread, const DecodeError& error) {
  return raiseInstance(thread, TRY(makeDecodeException(thread, error)));
}

// Calls a handler that Python code registered: it returns (replacement, position to continue at).
struct HandlerResult {
  Value replacement;
  uint64_t position;
};
Fallible<HandlerResult> callRegistered(Thread& thread, std::string_view name, Value exception, uint64_t length,
                                       bool decoding) {
  Value handler = registeredErrorHandler(name);
  Value result = TRY(call(thread, handler, exception));
  Tuple* pair = toTuple(result);
  bool fits = pair != nullptr && pair->length == 2 && isInt(pair->items[1]) &&
              (toStr(pair->items[0]) != nullptr || (!decoding && toBytes(pair->items[0]) != nullptr));
  if (!fits) {
    return raise(thread, exceptions.TypeError,
                 decoding ? "decoding error handler must return (str, int) tuple"
                          : "encoding error handler must return (str/bytes, int) tuple");
  }
  int64_t position = TRY(sizeArgument(thread, pair->items[1])), end = static_cast<int64_t>(length);
  int64_t absolute = position < 0 ? position + end : position;
  if (absolute < 0 || absolute > end) {
    return raiseFormat(thread, exceptions.IndexError, "position {} from error handler out of bounds", position);
  }
  return HandlerResult{pair->items[0], static_cast<uint64_t>(absolute)};
}

Raised raiseUnknownHandler(Thread& thread, std::string_view name) {
  return raiseFormat(thread, exceptions.LookupError, "unknown error handler name '{}'", name);
}

bool isSurrogate(uint32_t c) { return (c & ~0x7ffU) == 0xd800; }

// "utf-16-le": bytes of a unit and the order of them; 0 for codecs whose surrogates cannot be passed.
struct UnitForm {
  int bytes;
  bool bigEndian;
};
UnitForm unitForm(std::string_view codec) {
  if (codec == "utf-8") return {3, false};
  if (codec.starts_with("utf-16")) return {2, codec.ends_with("be")};
  if (codec.starts_with("utf-32")) return {4, codec.ends_with("be")};
  return {0, false};
}

bool passSurrogate(uint32_t c, UnitForm form, ByteBuilder& bytes) {
  if (!isSurrogate(c) || form.bytes == 0) return false;
  if (form.bytes == 3) {
    appendWtf8(bytes, c);
    return true;
  }
  for (int i = 0; i < form.bytes; i++) {
    int shift = 8 * (form.bigEndian ? form.bytes - 1 - i : i);
    bytes.appendByte(c >> shift & 0xff);
  }
  return true;
}

// The surrogate whose bytes stand at `start`, or 0.
uint32_t surrogateAt(std::string_view bytes, uint64_t start, UnitForm form) {
  auto size = static_cast<uint64_t>(form.bytes);
  if (size == 0 || bytes.size() - start < size) return 0;
  auto byte = [&](uint64_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(bytes[start + i])); };
  uint32_t c = 0;
  if (size == 3) {
    if (byte(0) != 0xed || (byte(1) & 0xe0) != 0xa0 || (byte(2) & 0xc0) != 0x80) return 0;
    c = 0xd000 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
  } else {
    for (uint64_t i = 0; i < size; i++) c |= byte(i) << (8 * (form.bigEndian ? size - 1 - i : i));
  }
  return isSurrogate(c) ? c : 0;
}

}  // namespace

Raised raiseEncodeError(Thread& thread, const EncodeError& error) {
  return raiseInstance(thread, TRY(makeEncodeException(thread, error)));
}

Fallible<uint64_t> handleEncodeError(Thread& thread, const EncodeError& error, std::string_view name,
                                     StrBuilder& replacement, ByteBuilder& bytes) {
  Handler handler = handlerOf(name);
  for (uint64_t i = error.start; i < error.end; i++) {
    uint32_t c = error.text->at(i);
    switch (handler) {
      case Handler::kStrict: return raiseEncodeError(thread, error);
      case Handler::kIgnore: break;
      case Handler::kReplace: replacement.appendCharacter('?'); break;
      case Handler::kBackslashreplace: appendBackslashEscape(replacement, c); break;
      case Handler::kXmlcharrefreplace: {
        fmt::memory_buffer text;
        fmt::format_to(std::back_inserter(text), "&#{};", c);
        replacement.append(std::string_view(text.data(), text.size()));
        break;
      }
      case Handler::kNamereplace: {
        std::string characterName = unicode::nameOfCharacter(c);
        if (characterName.empty()) {
          appendBackslashEscape(replacement, c);
        } else {
          replacement.append("\\N{").append(characterName).appendCharacter('}');
        }
        break;
      }
      case Handler::kSurrogateescape:
      case Handler::kSurrogatepass: {
        bool isEscape = handler == Handler::kSurrogateescape;
        UnitForm form = unitForm(error.codec);
        bool bytesStandAlone = form.bytes == 0 || form.bytes == 3;
        if (isEscape && c >= 0xdc80 && c <= 0xdcff && bytesStandAlone) {
          bytes.appendByte(c - 0xdc00);
        } else if (isEscape || !passSurrogate(c, form, bytes)) {
          return i == error.start ? raiseEncodeError(thread, error) : Fallible<uint64_t>(i);
        }
        break;
      }
      case Handler::kRegistered: {
        if (registeredErrorHandler(name).isUnbound()) return raiseUnknownHandler(thread, name);
        Value exception = TRY(makeEncodeException(thread, error));
        HandlerResult result = TRY(callRegistered(thread, name, exception, error.text->length, false));
        if (const Str* text = toStr(result.replacement)) {
          replacement.append(text);
        } else {
          bytes.append(viewOf(toBytes(result.replacement)));
        }
        return result.position;
      }
    }
  }
  return error.end;
}

Fallible<uint64_t> handleDecodeError(Thread& thread, const DecodeError& error, std::string_view name, StrBuilder& out,
                                     Value* replaced) {
  switch (handlerOf(name)) {
    case Handler::kStrict: return raiseDecodeError(thread, error);
    case Handler::kIgnore: return error.end;
    case Handler::kReplace: out.appendCharacter(0xfffd); return error.end;
    case Handler::kBackslashreplace:
      for (uint64_t i = error.start; i < error.end; i++) {
        appendBackslashEscape(out, static_cast<uint8_t>(error.bytes[i]));
      }
      return error.end;
    case Handler::kXmlcharrefreplace:
    case Handler::kNamereplace:
      return raise(thread, exceptions.TypeError, "don't know how to handle UnicodeDecodeError in error callback");
    case Handler::kSurrogateescape: {
      uint64_t i = error.start;
      for (; i < error.end && static_cast<uint8_t>(error.bytes[i]) >= 0x80; i++) {
        out.appendCharacter(0xdc00U + static_cast<uint8_t>(error.bytes[i]));
      }
      return i == error.start ? raiseDecodeError(thread, error) : Fallible<uint64_t>(i);
    }
    case Handler::kSurrogatepass: {
      UnitForm form = unitForm(error.codec);
      uint32_t c = surrogateAt(error.bytes, error.start, form);
      if (c == 0) return raiseDecodeError(thread, error);
      out.appendCharacter(c);
      return error.start + static_cast<uint64_t>(form.bytes);
    }
    case Handler::kRegistered: break;
  }
  if (registeredErrorHandler(name).isUnbound()) return raiseUnknownHandler(thread, name);
  Value exception = TRY(makeDecodeException(thread, error));
  HandlerResult result = TRY(callRegistered(thread, name, exception, error.bytes.size(), true));
  out.append(toStr(result.replacement));
  if (replaced != nullptr) {
    *replaced = TRY(getAttribute(thread, exception, TRY(intern(thread, "object"))));
    if (toBytes(*replaced) == nullptr) return raiseTypeError(thread, "exception attribute object must be bytes");
  }
  return result.position;
}

Fallible<void> registerErrorHandler(Thread& thread, std::string_view name, Value handler) {
  RootVector& handlers = registeredHandlers();
  for (size_t i = 0; i < handlers.size(); i += 2) {
    if (strEqualsUtf8(handlers[i].as<Str>(), name)) {
      handlers[i + 1] = handler;
      return {};
    }
  }
  Str* key = TRY(intern(thread, name));
  if (!handlers.push(Value::of(key)) || !handlers.push(handler)) return raiseMemoryError(thread);
  return {};
}

Value registeredErrorHandler(std::string_view name) {
  RootVector& handlers = registeredHandlers();
  for (size_t i = 0; i + 1 < handlers.size(); i += 2) {
    if (strEqualsUtf8(handlers[i].as<Str>(), name)) return handlers[i + 1];
  }
  return Value::unbound();
}

// --- file names -------------------------------------------------------------------------------------------------------
Fallible<std::string> encodeFilename(Thread& thread, Value path) {
  Value given = path;
  if (toStr(path) == nullptr && toBytes(path) == nullptr) {
    Value method = lookupOnType(typeOf(path), TRY(intern(thread, "__fspath__")));
    if (method.isUnbound()) {
      return raiseTypeError(thread, "expected str, bytes or os.PathLike object, not {}", nameOf(path));
    }
    path = TRY(callSpecial(thread, method, path));
    if (toStr(path) == nullptr && toBytes(path) == nullptr) {
      return raiseTypeError(thread, "expected {}.__fspath__() to return str or bytes, not {}", nameOf(given),
                            nameOf(path));
    }
  }
  std::string bytes;
  if (const Str* s = toStr(path)) {
    if (s->isAscii()) {
      bytes = std::string(s->asciiView());
    } else {
      ByteBuilder out;
      TRY(encodeText(thread, s, Codec::kUtf8, "surrogateescape", out));
      if (out.failed()) return raiseMemoryError(thread);
      bytes = std::string(out.view());
    }
  } else {
    bytes = std::string(viewOf(toBytes(path)));
  }
  if (bytes.find('\0') != std::string::npos) return raise(thread, exceptions.ValueError, "embedded null byte");
  return bytes;
}

Fallible<Str*> decodeFilename(Thread& thread, std::string_view bytes) {
  StrBuilder out;
  uint64_t consumed;
  TRY(decodeText(thread, bytes, Codec::kUtf8, "surrogateescape", true, out, consumed));
  return out.build(thread);
}

}  // namespace krait
