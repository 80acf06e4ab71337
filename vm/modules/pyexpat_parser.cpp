// pyexpat: the parser object, its attributes and methods.
#include <climits>
#include <cstring>

#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/text.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/pyexpat_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

constexpr int32_t kDefaultTextSize = 8192;

XmlParser* self_(Value v) { return v.as<XmlParser>(); }

void traceParser(Cell* cell, Marker& marker) {
  auto* p = static_cast<XmlParser*>(cell);
  marker.mark(p->interned);
  for (const Field<Value>& handler : p->handlers) marker.mark(handler);
}
void finaliseParser(Cell* cell) {
  auto* p = static_cast<XmlParser*>(cell);
  releaseExpatHandle(p->handle);
  free(p->text);
}

int readUnknownEncoding(void* data, const XML_Char* name, XML_Encoding* info) {
  return readEncoding(*static_cast<XmlParser*>(data)->thread, name, info);
}

// --- parsing ----------------------------------------------------------------------------------------------------------

// Marks the parser as busy. Expat's own state does not survive being entered again.
class Parsing {
 public:
  explicit Parsing(XmlParser* parser) : parser_(parser) { parser_->isParsing = true; }
  ~Parsing() { parser_->isParsing = false; }

 private:
  XmlParser* parser_;
};
Fallible<void> enter(Thread& thread, XmlParser* p) {
  if (p->isParsing) return raise(thread, exceptions.RuntimeError, "the parser is already parsing");
  p->thread = &thread;
  return {};
}
Fallible<Value> afterwards(Thread& thread, XmlParser* p, XML_Status status) {
  if (isPending(thread)) return Raised{};
  if (status == XML_STATUS_ERROR) return raiseExpatError(thread, p, XML_GetErrorCode(p->expat()));
  TRY(flushXmlText(thread, p));
  return Value::inlineInt(status);
}

Fallible<Value> parse(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"Parse", {"data", "isfinal", "/"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  bool isFinal = v[1].isUnbound() ? false : TRY(intArgument(thread, v[1])) != 0;
  XmlParser* p = self_(self);
  TRY(enter(thread, p));
  ExpatInput input;
  TRY(input.set(thread, p->expat(), v[0]));
  Parsing parsing(p);
  XML_Status status = TRY(feedExpat(thread, p->expat(), input.bytes(), isFinal));
  return afterwards(thread, p, status);
}

Fallible<Value> parseFile(Thread& thread, Value self, Value file) {
  constexpr int kPiece = 2048;
  XmlParser* p = self_(self);
  Value read = TRY(getAttributeOrUnbound(thread, file, names.read));
  if (read.isUnbound()) return raise(thread, exceptions.TypeError, "argument must have 'read' attribute");
  for (;;) {
    Value piece = TRY(call(thread, read, Value::inlineInt(kPiece)));
    std::string_view bytes;
    if ((toBytes(piece) == nullptr && !isInstanceOf(piece, types.bytearray)) || !bufferView(piece, bytes))
      return raiseTypeError(thread, "read() did not return a bytes object (type={})", nameOf(piece));
    if (bytes.size() > kPiece)
      return raiseValueError(thread, "read() returned too much data: {} bytes requested, {} returned", kPiece,
                             bytes.size());
    TRY(enter(thread, p));
    Parsing parsing(p);
    void* buffer = XML_GetBuffer(p->expat(), kPiece);
    if (buffer == nullptr) return raiseExpatError(thread, p, XML_GetErrorCode(p->expat()));
    memcpy(buffer, bytes.data(), bytes.size());
    bool isFinal = bytes.empty();
    XML_Status status = XML_ParseBuffer(p->expat(), static_cast<int>(bytes.size()), isFinal);
    if (isPending(thread)) return Raised{};
    if (status == XML_STATUS_ERROR || isFinal) return afterwards(thread, p, status);
    TRY(pollEvalBreaker(thread));
  }
}

// --- methods ----------------------------------------------------------------------------------------------------------

Fallible<Value> setBase(Thread& thread, Value self, Value base) {
  std::string text = TRY(utf8Argument(thread, base, "SetBase() argument"));
  if (XML_SetBase(self_(self)->expat(), text.c_str()) == XML_STATUS_ERROR) return raiseMemoryError(thread);
  return Value::none();
}
Fallible<Value> getBase(Thread& thread, Value self) {
  const XML_Char* base = XML_GetBase(self_(self)->expat());
  return base == nullptr ? Value::none() : TRY(makeStrValue(thread, base));
}

Fallible<Value> getInputContext(Thread& thread, Value self) {
  XmlParser* p = self_(self);
  if (!p->isInHandler) return Value::none();
  int offset, size;
  const char* text = XML_GetInputContext(p->expat(), &offset, &size);
  if (text == nullptr || offset > size) return Value::none();
  return makeBytesValue(thread, {text + offset, static_cast<size_t>(size - offset)});
}

Fallible<Value> createForEntity(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"ExternalEntityParserCreate", {"context", "encoding", "/"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  std::string context, encoding;
  bool hasContext = !v[0].isNone(), hasEncoding = !v[1].isUnbound();
  if (hasContext) {
    if (toStr(v[0]) == nullptr)
      return raiseTypeError(thread, "ExternalEntityParserCreate() argument 1 must be str or None, not {}",
                            argumentTypeName(v[0]));
    context = TRY(utf8Argument(thread, v[0], "ExternalEntityParserCreate() argument 1"));
  }
  if (hasEncoding) encoding = TRY(utf8Argument(thread, v[1], "ExternalEntityParserCreate() argument 2"));
  XmlParser* p = self_(self);
  XmlParser* made = TRY(allocateXmlParser(thread));
  XML_Parser expat = XML_ExternalEntityParserCreate(p->expat(), hasContext ? context.c_str() : nullptr,
                                                    hasEncoding ? encoding.c_str() : nullptr);
  if (expat == nullptr) return raiseMemoryError(thread);
  XML_SetUserData(expat, made);
  XML_SetUnknownEncodingHandler(expat, readUnknownEncoding, made);
  made->handle = makeExpatHandle(expat, p->handle);
  if (made->handle == nullptr) return raiseMemoryError(thread);
  made->thread = &thread;
  made->interned = p->interned.get();
  made->textSize = p->textSize;
  made->ordersAttributes = p->ordersAttributes;
  made->skipsDefaulted = p->skipsDefaulted;
  made->keepsPrefixes = p->keepsPrefixes;
  if (p->text != nullptr) {
    made->text = static_cast<char*>(malloc(static_cast<size_t>(made->textSize)));
    if (made->text == nullptr) return raiseMemoryError(thread);
  }
  for (unsigned i = 0; i < kExpatHandlerCount; i++) {
    made->handlers[i] = p->handlers[i].get();
    if (!made->handlers[i].get().isUnbound()) installXmlHandler(made, i);
  }
  return Value::of(made);
}

Fallible<Value> setParamEntityParsing(Thread& thread, Value self, Value flag) {
  int mode = TRY(intArgument(thread, flag));
  return Value::inlineInt(XML_SetParamEntityParsing(self_(self)->expat(), static_cast<XML_ParamEntityParsing>(mode)));
}

Fallible<Value> useForeignDtd(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"UseForeignDTD", {"flag", "/"}, 0};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  bool flag = TRY(truthOr(thread, v[0], true));
  XML_Error error = XML_UseForeignDTD(self_(self)->expat(), flag ? XML_TRUE : XML_FALSE);
  if (error != XML_ERROR_NONE) return raiseExpatError(thread, self_(self), error);
  return Value::none();
}

// --- attributes -------------------------------------------------------------------------------------------------------

Raised refuseDeletion(Thread& thread) { return raise(thread, exceptions.RuntimeError, "Cannot delete attribute"); }

template <auto kField>
Fallible<Value> getFlag(Thread&, Value self) {
  return Value::boolean(self_(self)->*kField);
}
template <auto kField>
Fallible<void> setFlag(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return refuseDeletion(thread);
  self_(self)->*kField = TRY(isTrue(thread, value));
  return {};
}
Fallible<void> setKeepsPrefixes(Thread& thread, Value self, Value value) {
  TRY(setFlag<&XmlParser::keepsPrefixes>(thread, self, value));
  XML_SetReturnNSTriplet(self_(self)->expat(), self_(self)->keepsPrefixes);
  return {};
}

Fallible<void> replaceTextBuffer(Thread& thread, XmlParser* p, int32_t size) {
  p->thread = &thread;
  TRY(flushXmlText(thread, p));
  char* fresh = static_cast<char*>(malloc(static_cast<size_t>(size)));
  if (fresh == nullptr) return raiseMemoryError(thread);
  free(p->text);
  p->text = fresh;
  p->textSize = size;
  p->textUsed = 0;
  return {};
}
Fallible<Value> getBuffersText(Thread&, Value self) { return Value::boolean(self_(self)->text != nullptr); }
Fallible<void> setBuffersText(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return refuseDeletion(thread);
  XmlParser* p = self_(self);
  if (TRY(isTrue(thread, value))) {
    if (p->text == nullptr) return replaceTextBuffer(thread, p, p->textSize);
    return {};
  }
  if (p->text == nullptr) return {};
  p->thread = &thread;
  TRY(flushXmlText(thread, p));
  free(p->text);
  p->text = nullptr;
  p->textUsed = 0;
  return {};
}
Fallible<Value> getTextSize(Thread&, Value self) { return Value::inlineInt(self_(self)->textSize); }
Fallible<void> setTextSize(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return refuseDeletion(thread);
  if (!isInt(value)) return raiseTypeError(thread, "buffer_size must be an integer");
  std::optional<int64_t> size = toInt64(value);
  XmlParser* p = self_(self);
  if (!size) return raise(thread, exceptions.OverflowError, "Python int too large to convert to C long");
  if (*size == p->textSize) return {};
  if (*size <= 0) return raiseValueError(thread, "buffer_size must be greater than zero");
  if (*size > INT_MAX) return raiseValueError(thread, "buffer_size must not be greater than {}", INT_MAX);
  if (p->text != nullptr) return replaceTextBuffer(thread, p, static_cast<int32_t>(*size));
  p->textSize = static_cast<int32_t>(*size);
  return {};
}
Fallible<Value> getTextUsed(Thread&, Value self) { return Value::inlineInt(self_(self)->textUsed); }
Fallible<Value> getIntern(Thread&, Value self) { return self_(self)->interned.get(); }

template <auto kAsk>
Fallible<Value> getNumber(Thread& thread, Value self) {
  return makeInt(thread, static_cast<int64_t>(kAsk(self_(self)->expat())));
}

}  // namespace

const NativeTraits kXmlParserTraits{"pyexpat.xmlparser", traceParser, finaliseParser};

Fallible<XmlParser*> allocateXmlParser(Thread& thread) {
  auto* p = TRY(allocate<XmlParser>(thread, Kind::kNative, expatTypes.parser->instanceShape));
  p->traits = &kXmlParserTraits;
  for (Field<Value>& handler : p->handlers) handler = Value::unbound();
  p->interned = Value::none();
  p->textSize = kDefaultTextSize;
  if (!heap.registerFinaliser(thread, p)) return raiseMemoryError(thread);
  return p;
}

Raised raiseExpatError(Thread& thread, XmlParser* parser, int code) {
  ExpatPlace place = expatPlace(parser->expat());
  place.code = code;
  Value message = TRY(makeStrValue(thread, expatMessage(place)));
  Value error = TRY(call(thread, Value::of(expatTypes.error), message));
  TRY(setAttribute(thread, error, names.code, Value::inlineInt(code)));
  TRY(setAttribute(thread, error, names.offset, Value::inlineInt(place.column)));
  TRY(setAttribute(thread, error, names.lineno, Value::inlineInt(place.line)));
  return raiseInstance(thread, error);
}

Fallible<Value> createXmlParser(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"ParserCreate", {"encoding", "namespace_separator", "intern"}, 0};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  std::string texts[2];
  bool given[2];
  for (int i = 0; i < 2; i++) {
    const char* name = i == 0 ? "encoding" : "namespace_separator";
    given[i] = !v[i].isUnbound() && !v[i].isNone();
    if (!given[i]) continue;
    if (toStr(v[i]) == nullptr)
      return raiseTypeError(thread, "ParserCreate() argument '{}' must be str or None, not {}", name,
                            argumentTypeName(v[i]));
    texts[i] = TRY(utf8Argument(thread, v[i], "ParserCreate() argument"));
  }
  if (given[1] && texts[1].size() > 1)
    return raiseValueError(thread, "namespace_separator must be at most one character, omitted, or None");
  Value interned = v[2];
  if (interned.isUnbound())
    interned = Value::of(TRY(makeDict(thread)));
  else if (!interned.isNone() && toDict(interned) == nullptr)
    return raise(thread, exceptions.TypeError, "intern must be a dictionary");
  XmlParser* p = TRY(allocateXmlParser(thread));
  p->interned = interned;
  XML_Parser expat = createExpat(given[0] ? texts[0].c_str() : nullptr, given[1] ? texts[1].c_str() : nullptr);
  if (expat == nullptr) return raiseMemoryError(thread);
  p->handle = makeExpatHandle(expat, nullptr);
  if (p->handle == nullptr) return raiseMemoryError(thread);
  p->thread = &thread;
  XML_SetUserData(expat, p);
  XML_SetUnknownEncodingHandler(expat, readUnknownEncoding, p);
  return Value::of(p);
}

void declareXmlParser(Thread& thread) {
  TypeBuilder type(thread, "xmlparser", types.object, Kind::kNative);
  type.module("pyexpat")
      .doc("XML parser")
      .variadic("Parse", parse)
      .method("ParseFile", parseFile)
      .method("SetBase", setBase)
      .method("GetBase", getBase)
      .method("GetInputContext", getInputContext)
      .variadic("ExternalEntityParserCreate", createForEntity)
      .method("SetParamEntityParsing", setParamEntityParsing)
      .variadic("UseForeignDTD", useForeignDtd)
      .getter("intern", getIntern, refuseAssignment)
      .getter("ErrorCode", getNumber<XML_GetErrorCode>)
      .getter("ErrorLineNumber", getNumber<XML_GetErrorLineNumber>)
      .getter("ErrorColumnNumber", getNumber<XML_GetErrorColumnNumber>)
      .getter("ErrorByteIndex", getNumber<XML_GetErrorByteIndex>)
      .getter("CurrentLineNumber", getNumber<XML_GetCurrentLineNumber>)
      .getter("CurrentColumnNumber", getNumber<XML_GetCurrentColumnNumber>)
      .getter("CurrentByteIndex", getNumber<XML_GetCurrentByteIndex>)
      .getter("buffer_size", getTextSize, setTextSize)
      .getter("buffer_text", getBuffersText, setBuffersText)
      .getter("buffer_used", getTextUsed)
      .getter("namespace_prefixes", getFlag<&XmlParser::keepsPrefixes>, setKeepsPrefixes)
      .getter("ordered_attributes", getFlag<&XmlParser::ordersAttributes>, setFlag<&XmlParser::ordersAttributes>)
      .getter("specified_attributes", getFlag<&XmlParser::skipsDefaulted>, setFlag<&XmlParser::skipsDefaulted>);
  declareXmlHandlers(type);
  expatTypes.parser = keepType(type.build());
}

}  // namespace krait
