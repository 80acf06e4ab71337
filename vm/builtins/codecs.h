// Text to bytes and back: the codecs written in C++, their error handlers, and file names.
#pragma once
#include <string>
#include <string_view>

#include "vm/builtins/bytes.h"
#include "vm/builtins/str.h"

namespace krait {

enum class Codec : uint8_t {
  kUtf8,
  kUtf8Sig,
  kAscii,
  kLatin1,
  kUtf16,  // with a byte order mark
  kUtf16Le,
  kUtf16Be,
  kUtf32,
  kUtf32Le,
  kUtf32Be,
  kUnicodeEscape,
  kRawUnicodeEscape,
  kOther,  // not here: a codec of the library
};
// The codec that a name stands for: case, '-', '_' and blanks do not matter; the common aliases are known.
Codec findCodec(std::string_view name);
// Whether it may be given to encodeStr() and decodeBytes() as it is, without what an argument has to be checked for.
inline bool namesBuiltInCodec(std::string_view name) {
  return name.find('\0') == std::string_view::npos && findCodec(name) != Codec::kOther;
}
// The name CPython's exceptions give it.
const char* codecName(Codec codec);

Fallible<void> encodeText(Thread& thread, const Str* s, Codec codec, std::string_view errors, ByteBuilder& out);
// Decodes as much as is complete: without `final`, an unfinished sequence at the end is left. `consumed` bytes are
// done.
Fallible<void> decodeText(Thread& thread, std::string_view bytes, Codec codec, std::string_view errors, bool final,
                          StrBuilder& out, uint64_t& consumed);

// --- the registry (codec_registry.cpp) --------------------------------------------------------------------------------
// The pending exception of a codec (0: that encoded, 1: decoded), named in one of the same class where it is plain
// enough.
Raised explainCodecFailure(Thread& thread, std::string_view encoding, int which);
// The CodecInfo of an encoding, from the search functions; importing the package `encodings` registers the library's.
// LookupError: unknown encoding: x.
Fallible<Value> lookUpCodec(Thread& thread, std::string_view name);
// codecs.register and unregister.
Fallible<void> registerCodecSearch(Thread& thread, Value function);
Fallible<void> unregisterCodecSearch(Thread& thread, Value function);
// Encoder (0) or decoder (1) of a CodecInfo, called for `object`: the result without the length.
Fallible<Value> runCodec(Thread& thread, Value object, std::string_view encoding, std::string_view errors, int which);
// LookupError unless the codec is one of text: "'rot13' is not a text encoding; use codecs.encode() to handle ..."
Fallible<void> requireTextCodec(Thread& thread, Value info, std::string_view encoding, const char* alternative);

// --- error handlers (codec_errors.cpp) --------------------------------------------------------------------------------
struct EncodeError {
  const Str* text;
  const char* codec;
  uint64_t start, end;  // what cannot be encoded
  const char* reason;
};
// Deals with the characters [start, end) as the handler says: text to encode in their stead goes to `replacement`,
// bytes to `bytes`; the position to continue at is returned.
Fallible<uint64_t> handleEncodeError(Thread& thread, const EncodeError& error, std::string_view handler,
                                     StrBuilder& replacement, ByteBuilder& bytes);
KRAIT_COLD Raised raiseEncodeError(Thread& thread, const EncodeError& error);
struct DecodeError {
  std::string_view bytes;
  const char* codec;
  uint64_t start, end;
  const char* reason;
};
// `replaced`, when not null, receives the bytes object that a registered handler left in the exception.
Fallible<uint64_t> handleDecodeError(Thread& thread, const DecodeError& error, std::string_view handler,
                                     StrBuilder& out, Value* replaced = nullptr);
// codecs.register_error and lookup_error: unbound when nothing is registered under that name.
Fallible<void> registerErrorHandler(Thread& thread, std::string_view name, Value handler);
Value registeredErrorHandler(std::string_view name);

// --- file names -------------------------------------------------------------------------------------------------------
// The bytes of a path: str (UTF-8, surrogateescape), bytes or os.PathLike. ValueError: embedded null byte.
Fallible<std::string> encodeFilename(Thread& thread, Value path);
Fallible<Str*> decodeFilename(Thread& thread, std::string_view bytes);

}  // namespace krait
