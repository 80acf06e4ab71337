// What pyexpat and _elementtree share: the life of an expat parser, its input, its names and its encodings.
#include "vm/modules/expat_support.h"

#include <fmt/format.h>

#include <cstring>
#include <new>

#include "vm/builtins/codecs.h"
#include "vm/builtins/text.h"

namespace krait {

// What a parser takes at least, buffers and tables together.
static constexpr int64_t kParserBytes = 4 * 1024;

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

// --- recycling --------------------------------------------------------------------------------------------------------

static constexpr size_t kMostRecycled = 4;
static ExpatHandle* recycled[kMostRecycled];  // [0, recycledCount): under the interpreter lock
static size_t recycledCount = 0;

static void salt(XML_Parser parser) {
  static const auto secret = static_cast<unsigned long>(hashBytes("expat", 5)) | 1;  // 0 would ask the system for one
  XML_SetHashSalt(parser, secret);
}

void recycleExpatHandle(ExpatHandle* handle, uint64_t bytesRead) {
  constexpr uint64_t kModest = 1 << 20;  // what has read more may have grown
  if (recycledCount == kMostRecycled || bytesRead > kModest || handle->uses != 1 || handle->parent != nullptr) {
    releaseExpatHandle(handle);
    return;
  }
  recycled[recycledCount++] = handle;
}
ExpatHandle* recycledExpatHandle(const char* encoding) {
  if (recycledCount == 0) return nullptr;
  ExpatHandle* handle = recycled[--recycledCount];
  if (XML_ParserReset(handle->parser, encoding) == XML_FALSE) {
    releaseExpatHandle(handle);
    return nullptr;
  }
  salt(handle->parser);
  return handle;
}

XML_Parser createExpat(const char* encoding, const char* separator) {
  XML_Parser parser = XML_ParserCreate_MM(encoding, nullptr, separator);
  if (parser == nullptr) return nullptr;
  salt(parser);
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

namespace {

constexpr size_t kNames = 256, kLongestName = 64;

size_t hashName(std::string_view name) {
  uint64_t word = name.size();
  if (name.size() >= 8) {
    uint64_t first, last;
    memcpy(&first, name.data(), 8);
    memcpy(&last, name.data() + name.size() - 8, 8);
    word ^= first * 31 ^ last;
  } else {
    for (char c : name) word = word << 8 | static_cast<uint8_t>(c);
  }
  return (word * 0x9e3779b97f4a7c15) >> 56;
}
static_assert(kNames == 256);

// Strs by the hash of the text that expat gave: of names as they are, then of those in braces.
RootVector* names() {
  static RootVector* const kept = []() -> RootVector* {
    auto* made = new RootVector;
    for (size_t i = 0; i < 2 * kNames; i++)
      if (!made->push(Value::none())) return nullptr;
    return made;
  }();
  return kept;
}

}  // namespace

Fallible<Str*> findExpatName(Thread& thread, const char* text, bool braces) {
  std::string_view name(text);
  if (braces && name.find('}') == std::string_view::npos) braces = false;
  Value* entry = nullptr;
  if (name.size() <= kLongestName && names() != nullptr) {
    entry = &(*names())[hashName(name) + (braces ? kNames : 0)];
    if (isKind(*entry, Kind::kStr)) {  // only ASCII gets in
      std::string_view known = entry->as<Str>()->asciiView();
      if (braces) known.remove_prefix(1);
      if (known == name) return entry->as<Str>();
    }
  }
  Str* made;
  if (braces) {
    StrBuilder expanded;
    expanded.append("{").append(name);
    made = TRY(intern(thread, TRY(expanded.build(thread))));
  } else {
    made = TRY(intern(thread, name));
  }
  if (entry != nullptr && made->isAscii()) *entry = Value::of(made);
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
