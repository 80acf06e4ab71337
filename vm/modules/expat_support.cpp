// What pyexpat and _elementtree share: the life of an expat parser, its input, its names and its encodings.
#include "vm/modules/expat_support.h"

#include <fmt/format.h>

#include <cstring>
#include <new>

#include "vm/builtins/codecs.h"
#include "vm/builtins/text.h"

namespace krait {

// What a parser takes at least, buffers and tables together.
static constexpr int64_t kParserBytes = 16 * 1024;

ExpatHandle* makeExpatHandle(XML_Parser parser, ExpatHandle* parent) {
  auto* handle = new (std::nothrow) ExpatHandle{parser, parent, 1};
  if (handle == nullptr) {
    XML_ParserFree(parser);
    return nullptr;
  }
  if (parent != nullptr) parent->uses++;
  heap.accountExternal(kParserBytes);
  return handle;
}

void releaseExpatHandle(ExpatHandle* handle) {
  while (handle != nullptr && --handle->uses == 0) {
    ExpatHandle* parent = handle->parent;
    XML_ParserFree(handle->parser);
    heap.accountExternal(-kParserBytes);
    delete handle;
    handle = parent;
  }
}

XML_Parser createExpat(const char* encoding, const char* separator) {
  XML_Parser parser = XML_ParserCreate_MM(encoding, nullptr, separator);
  if (parser == nullptr) return nullptr;
  static const auto salt = static_cast<unsigned long>(hashBytes("expat", 5));
  XML_SetHashSalt(parser, salt | 1);  // 0 would ask the system for one
  return parser;
}

Fallible<void> ExpatInput::set(Thread& thread, XML_Parser parser, Value data) {
  if (const Str* text = toStr(data)) {
    if (text->isAscii()) {
      bytes_ = text->asciiView();
    } else {
      TRY(encodeText(thread, text, Codec::kUtf8, "strict", copy_));
      if (copy_.failed()) return raiseMemoryError(thread);
      bytes_ = copy_.view();
    }
    (void)XML_SetEncoding(parser, "utf-8");
    return {};
  }
  std::string_view bytes = TRY(requireBuffer(thread, data));
  if (toBytes(data) != nullptr) {
    bytes_ = bytes;
    return {};
  }
  copy_.append(bytes);
  if (copy_.failed()) return raiseMemoryError(thread);
  bytes_ = copy_.view();
  return {};
}

Fallible<XML_Status> feedExpat(Thread& thread, XML_Parser parser, std::string_view bytes, bool isFinal) {
  constexpr size_t kPiece = 1 << 20;
  while (bytes.size() > kPiece) {
    XML_Status status = XML_Parse(parser, bytes.data(), kPiece, 0);
    if (status == XML_STATUS_ERROR || isPending(thread)) return status;
    TRY(pollEvalBreaker(thread));
    bytes.remove_prefix(kPiece);
  }
  return XML_Parse(parser, bytes.data(), static_cast<int>(bytes.size()), isFinal);
}

static Fallible<void> fillEncoding(Thread& thread, const char* name, XML_Encoding* info) {
  char every[256];
  for (int i = 0; i < 256; i++) every[i] = static_cast<char>(i);
  Value decoded = TRY(decodeBytes(thread, {every, sizeof every}, name, "replace"));
  const Str* text = toStr(decoded);
  if (text == nullptr || text->length != 256)
    return raise(thread, exceptions.ValueError, "multi-byte encodings are not supported");
  constexpr uint32_t kReplacement = 0xfffd;
  for (unsigned i = 0; i < 256; i++) {
    uint32_t c = text->at(i);
    info->map[i] = c == kReplacement ? -1 : static_cast<int>(c);
  }
  info->data = nullptr;
  info->convert = nullptr;
  info->release = nullptr;
  return {};
}

int readEncoding(Thread& thread, const char* name, XML_Encoding* info) {
  if (isPending(thread)) return XML_STATUS_ERROR;
  return fillEncoding(thread, name, info).isRaised() ? XML_STATUS_ERROR : XML_STATUS_OK;
}

// --- names ------------------------------------------------------------------------------------------------------------

static unsigned hashName(const char* name, size_t length) {
  uint64_t word = length;
  if (length >= 8) {
    uint64_t first, last;
    memcpy(&first, name, 8);
    memcpy(&last, name + length - 8, 8);
    word ^= first * 31 ^ last;
  } else {
    for (size_t i = 0; i < length; i++) word = word << 8 | static_cast<uint8_t>(name[i]);
  }
  return static_cast<unsigned>((word * 0x9e3779b97f4a7c15) >> 56);
}
static_assert(ExpatNames::kEntries == 256);

Fallible<Str*> ExpatNames::find(Thread& thread, Field<ValueArray*>& cache, const char* name, bool braces) {
  size_t length = strlen(name);
  if (cache == nullptr) cache = TRY(allocateArray(thread, kEntries));
  Value& entry = cache->slots[hashName(name, length)];
  bool isExpanded = braces && memchr(name, '}', length) != nullptr;
  if (isKind(entry, Kind::kStr)) {
    Str* known = entry.as<Str>();
    if (known->isAscii()) {
      std::string_view text = known->asciiView();
      if (isExpanded && !text.empty() && text[0] == '{') {
        if (text.substr(1) == std::string_view(name, length)) return known;
      } else if (!isExpanded && text == std::string_view(name, length)) {
        return known;
      }
    }
  }
  Str* made;
  if (isExpanded) {
    StrBuilder text;
    text.append("{").append(std::string_view(name, length));
    made = TRY(intern(thread, TRY(text.build(thread))));
  } else {
    made = TRY(intern(thread, std::string_view(name, length)));
  }
  cache->slots[hashName(name, length)] = Value::of(made);
  return made;
}

// --- errors -----------------------------------------------------------------------------------------------------------

ExpatPlace expatPlace(XML_Parser parser) {
  return {XML_GetErrorCode(parser), static_cast<int64_t>(XML_GetErrorLineNumber(parser)),
          static_cast<int64_t>(XML_GetErrorColumnNumber(parser))};
}
const char* expatErrorText(int code) { return XML_ErrorString(static_cast<XML_Error>(code)); }
std::string expatMessage(const ExpatPlace& place) {
  const char* text = expatErrorText(place.code);
  return fmt::format("{}: line {}, column {}", text == nullptr ? "" : text, place.line, place.column);
}

}  // namespace krait
