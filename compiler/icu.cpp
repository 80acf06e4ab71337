// Normal forms and foreign encodings, by ICU.
#include "compiler/icu.h"

#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include <vector>

#include "vm/wtf8.h"

namespace krait::icu {

namespace {

void appendUtf16(std::string& out, const UChar* text, size_t size) {
  for (size_t i = 0; i < size;) {
    UChar32 character;
    U16_NEXT(text, i, size, character);
    appendWtf8(out, static_cast<uint32_t>(character));
  }
}

std::vector<UChar> toUtf16(std::string_view utf8) {
  std::vector<UChar> out;
  out.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size();) {
    uint32_t c = nextWtf8(utf8, i);
    if (c >= 0x10000) out.push_back(U16_LEAD(c));
    out.push_back(c < 0x10000 ? static_cast<UChar>(c) : U16_TRAIL(c));
  }
  return out;
}

}  // namespace

std::string normalizeNfkc(std::string_view utf8) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* normalizer = unorm2_getNFKCInstance(&status);
  if (U_FAILURE(status)) return std::string(utf8);
  std::vector<UChar> from = toUtf16(utf8);
  std::vector<UChar> to(from.size() * 2 + 16);
  for (;;) {
    status = U_ZERO_ERROR;
    int32_t size = unorm2_normalize(normalizer, from.data(), static_cast<int32_t>(from.size()), to.data(),
                                    static_cast<int32_t>(to.size()), &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) {
      to.resize(static_cast<size_t>(size) + 1);
      continue;
    }
    if (U_FAILURE(status)) return std::string(utf8);
    std::string out;
    appendUtf16(out, to.data(), static_cast<size_t>(size));
    return out;
  }
}

ConversionError toUtf8(std::string_view bytes, std::string_view encoding, std::string& utf8, size_t& position) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(std::string(encoding).c_str(), &status);
  if (U_FAILURE(status)) return ConversionError::UnknownEncoding;
  ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  const char* from = bytes.data();
  const char* end = from + bytes.size();
  std::vector<UChar> buffer(4096);
  std::vector<UChar> whole;  // surrogate pairs may straddle buffers
  bool malformed = false;
  for (;;) {
    UChar* to = buffer.data();
    status = U_ZERO_ERROR;
    ucnv_toUnicode(converter, &to, buffer.data() + buffer.size(), &from, end, nullptr, true, &status);
    whole.insert(whole.end(), buffer.data(), to);
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    malformed = U_FAILURE(status);
    break;
  }
  ucnv_close(converter);
  if (malformed) {
    position = static_cast<size_t>(from - bytes.data());
    if (position > 0) position--;
    return ConversionError::Malformed;
  }
  appendUtf16(utf8, whole.data(), whole.size());
  return ConversionError::None;
}

}  // namespace krait::icu
