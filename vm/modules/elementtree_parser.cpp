// XMLParser: expat's events become elements straight away when a TreeBuilder receives them, else calls of the target.
#include "vm/builtins/codecs.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/deque.h"
#include "vm/modules/elementtree_internal.h"
#include "vm/modules/native_arguments.h"
#include "vm/names.h"

namespace krait {
namespace {

// The target's methods that are called, found when the parser is made.
#define KRAIT_TARGET_METHODS(X) \
  X(start)                      \
  X(end)                        \
  X(data)                       \
  X(comment)                    \
  X(pi)                         \
  X(close)                      \
  X(doctype)                    \
  X(start_ns)                   \
  X(end_ns)
enum TargetMethod : unsigned {
#define KRAIT_TARGET_METHOD(name) kCall_##name,
  KRAIT_TARGET_METHODS(KRAIT_TARGET_METHOD)
#undef KRAIT_TARGET_METHOD
      kTargetMethods
};
constexpr const char* kMethodNames[] = {
#define KRAIT_TARGET_METHOD(name) #name,
    KRAIT_TARGET_METHODS(KRAIT_TARGET_METHOD)
#undef KRAIT_TARGET_METHOD
};

struct ElementParser : NativeObject {
  ExpatHandle* handle;  // null before __init__ and after close()
  uint64_t bytesRead;
  bool isClosed;
  ExpatPlace closedAt;
  Thread* thread;                        // of the call that is under way
  Field<Value> target, entity;           // None before __init__
  Field<Value> methods[kTargetMethods];  // unbound where the target has none
  bool isPlain;                          // the target is a TreeBuilder, not of a subclass
  bool isParsing;
  XML_Parser expat() const { return handle->parser; }
  TreeBuilder* builder() const { return target.get().as<TreeBuilder>(); }
};
void traceParser(Cell* cell, Marker& marker) {
  auto* p = static_cast<ElementParser*>(cell);
  marker.mark(p->target);
  marker.mark(p->entity);
  for (const Field<Value>& method : p->methods) marker.mark(method);
}
void finaliseParser(Cell* cell) { releaseExpatHandle(static_cast<ElementParser*>(cell)->handle); }
constexpr NativeTraits kTraits{"xml.etree.ElementTree.XMLParser", traceParser, finaliseParser};

ElementParser* self_(Value v) { return v.as<ElementParser>(); }
ElementParser* parserOf(void* data) { return static_cast<ElementParser*>(data); }
bool has(const ElementParser* p, TargetMethod method) { return !p->methods[method].get().isUnbound(); }

// Callbacks have nowhere to report failure to: the exception stays pending and the next ones do nothing.
template <class Body>
void handle(void* data, Body body) {
  ElementParser* p = parserOf(data);
  Thread& thread = *p->thread;
  if (isPending(thread)) return;
  (void)body(thread, p).isRaised();
}
Fallible<Value> fixedName(Thread& thread, const char* name) {
  return Value::of(TRY(findExpatName(thread, name, true)));
}
Fallible<Value> textOf_(Thread& thread, const char* text) {
  return Value::of(TRY(makeStr(thread, text == nullptr ? "" : text)));
}

// --- expat's events ---------------------------------------------------------------------------------------------------

void onStart(void* data, const XML_Char* name, const XML_Char** attributes) {
  handle(data, [&](Thread& thread, ElementParser* p) -> Fallible<Value> {
    if (!p->isPlain && !has(p, kCall_start)) return Value::none();
    Value tag = TRY(fixedName(thread, name)), attrib = Value::unbound();
    if (attributes[0] != nullptr || !p->isPlain) {
      Dict* dict = TRY(makeDict(thread));
      attrib = Value::of(dict);
      for (; attributes[0] != nullptr; attributes += 2) {
        Value key = TRY(fixedName(thread, attributes[0]));
        TRY(dictSetStr(thread, dict, key.as<Str>(), TRY(textOf_(thread, attributes[1]))));
      }
    }
    if (p->isPlain) return builderStart(thread, p->builder(), tag, attrib);
    return call(thread, p->methods[kCall_start], tag, attrib);
  });
}
void onEnd(void* data, const XML_Char* name) {
  handle(data, [&](Thread& thread, ElementParser* p) -> Fallible<Value> {
    if (p->isPlain) return builderEnd(thread, p->builder(), Value::none());
    if (!has(p, kCall_end)) return Value::none();
    return call(thread, p->methods[kCall_end], TRY(fixedName(thread, name)));
  });
}
void onData(void* data, const XML_Char* text, int length) {
  std::string_view bytes(text, static_cast<size_t>(length));
  handle(data, [&](Thread& thread, ElementParser* p) -> Fallible<Value> {
    if (p->isPlain) {
      TRY(builderText(thread, p->builder(), bytes));
      return Value::none();
    }
    if (!has(p, kCall_data)) return Value::none();
    return call(thread, p->methods[kCall_data], Value::of(TRY(makeStr(thread, bytes))));
  });
}
// Whether nobody would ever see the comment or instruction that the builder makes: the usual case.
bool wouldVanish(const TreeBuilder* b, ElementEvent event) {
  bool isComment = event == kCommentEvent;
  Value factory = isComment ? b->commentFactory : b->piFactory;
  Value usual = isComment ? elementFactories().comment : elementFactories().pi;
  if (!factory.isNone() && (!factory.is(usual) || (isComment ? b->insertsComments : b->insertsPis))) return false;
  return b->report.get().isUnbound() || b->events[event].get().isUnbound();
}
void onComment(void* data, const XML_Char* text) {
  handle(data, [&](Thread& thread, ElementParser* p) -> Fallible<Value> {
    if (p->isPlain && wouldVanish(p->builder(), kCommentEvent)) return Value::none();
    Value comment = TRY(textOf_(thread, text));
    if (p->isPlain) return builderComment(thread, p->builder(), comment);
    if (!has(p, kCall_comment)) return Value::none();
    return call(thread, p->methods[kCall_comment], comment);
  });
}
void onPi(void* data, const XML_Char* target, const XML_Char* text) {
  handle(data, [&](Thread& thread, ElementParser* p) -> Fallible<Value> {
    if (p->isPlain && wouldVanish(p->builder(), kPiEvent)) return Value::none();
    Value name = TRY(textOf_(thread, target)), content = TRY(textOf_(thread, text));
    if (p->isPlain) return builderPi(thread, p->builder(), name, content);
    if (!has(p, kCall_pi)) return Value::none();
    return call(thread, p->methods[kCall_pi], name, content);
  });
}
void onStartNamespace(void* data, const XML_Char* prefix, const XML_Char* uri) {
  handle(data, [&](Thread& thread, ElementParser* p) -> Fallible<Value> {
    if (p->isPlain && p->builder()->events[kStartNsEvent].get().isUnbound()) return Value::none();
    if (!p->isPlain && !has(p, kCall_start_ns)) return Value::none();
    Value prefixText = TRY(textOf_(thread, prefix)), uriText = TRY(textOf_(thread, uri));
    if (!p->isPlain) return call(thread, p->methods[kCall_start_ns], prefixText, uriText);
    Value pair = Value::of(TRY(makeTuple(thread, {prefixText, uriText})));
    TRY(reportEvent(thread, p->builder(), kStartNsEvent, pair));
    return pair;
  });
}
void onEndNamespace(void* data, const XML_Char* prefix) {
  handle(data, [&](Thread& thread, ElementParser* p) -> Fallible<Value> {
    if (p->isPlain) {
      TRY(reportEvent(thread, p->builder(), kEndNsEvent, Value::none()));
      return Value::none();
    }
    if (!has(p, kCall_end_ns)) return Value::none();
    return call(thread, p->methods[kCall_end_ns], TRY(textOf_(thread, prefix)));
  });
}

void onDoctype(void* data, const XML_Char* name, const XML_Char* systemId, const XML_Char* publicId, int) {
  handle(data, [&](Thread& thread, ElementParser* p) -> Fallible<Value> {
    if (!has(p, kCall_doctype)) {
      if (TRY(getAttributeOrUnbound(thread, Value::of(p), TRY(intern(thread, "doctype")))).isUnbound())
        return Value::none();
      TRY(warn(thread, exceptions.RuntimeWarning,
               "The doctype() method of XMLParser is ignored.  Define doctype() method on the TreeBuilder target."));
      return Value::none();
    }
    Value arguments[3] = {TRY(textOf_(thread, name)), Value::none(), Value::none()};
    if (publicId != nullptr) arguments[1] = TRY(textOf_(thread, publicId));
    if (systemId != nullptr) arguments[2] = TRY(textOf_(thread, systemId));
    return call(thread, p->methods[kCall_doctype], arguments);
  });
}

// What no other handler takes: references to entities that expat does not know are looked up in `entity`.
void onDefault(void* data, const XML_Char* text, int length) {
  if (length < 2 || text[0] != '&') return;
  std::string_view reference(text, static_cast<size_t>(length));
  handle(data, [&](Thread& thread, ElementParser* p) -> Fallible<Value> {
    Value key = Value::of(TRY(makeStr(thread, reference.substr(1, reference.size() - 2))));
    Value value = Value::unbound();
    if (Dict* entities = toDict(p->entity)) value = TRY(dictGet(thread, entities, key));
    if (value.isUnbound()) {
      ExpatPlace place = expatPlace(p->expat());
      place.code = XML_ERROR_UNDEFINED_ENTITY;
      return raiseParseError(
          thread, place, fmt::format("undefined entity {}: line {}, column {}", reference, place.line, place.column));
    }
    if (p->isPlain) {
      TRY(builderData(thread, p->builder(), value));
      return value;
    }
    if (!has(p, kCall_data)) return Value::none();
    return call(thread, p->methods[kCall_data], value);
  });
}
int onUnknownEncoding(void* data, const XML_Char* name, XML_Encoding* info) {
  return readEncoding(*parserOf(data)->thread, name, info);
}

// --- making -----------------------------------------------------------------------------------------------------------

Fallible<Value> parserNew(Thread& thread, Value type, const Arguments&) {
  auto* p = TRY(allocate<ElementParser>(thread, Kind::kNative, type.as<Type>()->instanceShape));
  p->traits = &kTraits;
  p->target = p->entity = Value::none();
  for (Field<Value>& method : p->methods) method = Value::unbound();
  if (!heap.registerFinaliser(thread, p)) return raiseMemoryError(thread);
  return Value::of(p);
}

Fallible<Value> parserInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"XMLParser", {"*", "target", "encoding"}, 0};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  std::string encoding;
  bool hasEncoding = !v[1].isUnbound() && !v[1].isNone();
  if (hasEncoding) {
    if (toStr(v[1]) == nullptr)
      return raiseTypeError(thread, "XMLParser() argument 'encoding' must be str or None, not {}",
                            argumentTypeName(v[1]));
    encoding = TRY(utf8Argument(thread, v[1], "XMLParser() argument 'encoding'"));
  }
  ElementParser* p = self_(self);
  if (p->isParsing) return raise(thread, exceptions.RuntimeError, "the parser is already parsing");
  Value target = v[0].isUnbound() || v[0].isNone() ? TRY(makeTreeBuilder(thread)) : v[0];
  Value methods[kTargetMethods];
  for (unsigned i = 0; i < kTargetMethods; i++) {
    // A plain builder is not called through its methods.
    methods[i] = isPlainBuilder(target) && i != kCall_doctype
                     ? Value::none()
                     : TRY(getAttributeOrUnbound(thread, target, TRY(intern(thread, kMethodNames[i]))));
  }
  Value entity = Value::of(TRY(makeDict(thread)));
  if (p->isParsing) return raise(thread, exceptions.RuntimeError, "the parser is already parsing");
  const char* encodingName = hasEncoding ? encoding.c_str() : nullptr;
  ExpatHandle* made = recycledExpatHandle(encodingName);
  if (made == nullptr) {
    XML_Parser fresh = createExpat(encodingName, "}");
    if (fresh == nullptr) return raiseMemoryError(thread);
    made = makeExpatHandle(fresh, nullptr);
    if (made == nullptr) return raiseMemoryError(thread);
  }
  XML_Parser expat = made->parser;
  releaseExpatHandle(p->handle);
  p->handle = made;
  p->bytesRead = 0;
  p->isClosed = false;
  p->thread = &thread;
  p->target = target;
  p->entity = entity;
  p->isPlain = isPlainBuilder(target);
  for (unsigned i = 0; i < kTargetMethods; i++) p->methods[i] = methods[i];
  XML_SetUserData(expat, p);
  XML_SetElementHandler(expat, onStart, onEnd);
  XML_SetDefaultHandlerExpand(expat, onDefault);
  XML_SetCharacterDataHandler(expat, onData);
  if (!p->isPlain && (has(p, kCall_start_ns) || has(p, kCall_end_ns)))
    XML_SetNamespaceDeclHandler(expat, onStartNamespace, onEndNamespace);
  if (has(p, kCall_comment)) XML_SetCommentHandler(expat, onComment);
  if (has(p, kCall_pi)) XML_SetProcessingInstructionHandler(expat, onPi);
  XML_SetStartDoctypeDeclHandler(expat, onDoctype);
  XML_SetUnknownEncodingHandler(expat, onUnknownEncoding, p);
  return Value::none();
}

Fallible<void> requireParser(Thread& thread, const ElementParser* p) {
  if (p->handle != nullptr) return {};
  if (p->isClosed) {
    ExpatPlace place = p->closedAt;
    place.code = XML_ERROR_FINISHED;
    return raiseParseError(thread, place, expatMessage(place));
  }
  return raiseValueError(thread, "XMLParser.__init__() wasn't called");
}

// --- parsing ----------------------------------------------------------------------------------------------------------

Fallible<void> feedBytes(Thread& thread, ElementParser* p, std::string_view bytes, bool isFinal) {
  if (p->isParsing) return raise(thread, exceptions.RuntimeError, "the parser is already parsing");
  p->thread = &thread;
  p->isParsing = true;
  p->bytesRead += bytes.size();
  Fallible<XML_Status> fed = feedExpat(thread, p->expat(), bytes, isFinal);
  p->isParsing = false;
  if (fed.isRaised() || isPending(thread)) return Raised{};
  if (fed.value() == XML_STATUS_ERROR) {
    ExpatPlace place = expatPlace(p->expat());
    return raiseParseError(thread, place, expatMessage(place));
  }
  return {};
}

// The end of the document. What expat keeps is given back at once: who makes many parsers need not wait for the
// collector, and the only thing a parser says from now on is that parsing is finished.
Fallible<void> finish(Thread& thread, ElementParser* p) {
  TRY(feedBytes(thread, p, {}, true));
  p->closedAt = expatPlace(p->expat());
  p->isClosed = true;
  recycleExpatHandle(p->handle, p->bytesRead);
  p->handle = nullptr;
  return {};
}

Fallible<Value> feed(Thread& thread, Value self, Value data) {
  ElementParser* p = self_(self);
  TRY(requireParser(thread, p));
  ExpatInput input;
  TRY(input.set(thread, p->expat(), data));
  TRY(feedBytes(thread, p, input.bytes(), false));
  return Value::none();
}

Fallible<Value> close(Thread& thread, Value self) {
  ElementParser* p = self_(self);
  TRY(requireParser(thread, p));
  TRY(finish(thread, p));
  if (p->isPlain) return builderClose(p->builder());
  if (has(p, kCall_close)) return call(thread, p->methods[kCall_close]);
  return Value::none();
}

Fallible<Value> parseWhole(Thread& thread, Value self, Value file) {
  constexpr int kPiece = 64 * 1024;
  ElementParser* p = self_(self);
  TRY(requireParser(thread, p));
  Value read = TRY(getAttribute(thread, file, names.read));
  for (;;) {
    Value piece = TRY(call(thread, read, Value::inlineInt(kPiece)));
    ByteBuilder encoded;
    std::string_view bytes;
    if (const Str* text = toStr(piece)) {
      if (text->length == 0) break;
      TRY(encodeText(thread, text, Codec::kUtf8, "surrogatepass", encoded));
      if (encoded.failed()) return raiseMemoryError(thread);
      bytes = encoded.view();
    } else if (typeOf(piece) == types.bytes && piece.as<Bytes>()->length > 0) {
      bytes = viewOf(piece.as<Bytes>());
    } else {
      break;
    }
    TRY(feedBytes(thread, p, bytes, false));
  }
  TRY(finish(thread, p));
  return p->isPlain ? builderClose(p->builder()) : Value::none();
}

// --- events -----------------------------------------------------------------------------------------------------------

constexpr const char* kEventNames[] = {"start", "end", "start-ns", "end-ns", "comment", "pi"};
static_assert(std::size(kEventNames) == kEvents);

Fallible<Value> setEvents(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "XMLParser._setevents"));
  TRY(arguments.count(thread, "_setevents", 1, 2));
  ElementParser* p = self_(self);
  TRY(requireParser(thread, p));
  if (!p->isPlain)
    return raise(thread, exceptions.TypeError, "event handling only supported for ElementTree.TreeBuilder targets");
  Value queue = arguments[0], wanted = arguments.positional == 2 ? arguments[1] : Value::none();
  Value append = TRY(getAttribute(thread, queue, names.append));
  TreeBuilder* b = p->builder();
  bool isDeque = toDeque(queue) != nullptr && typeOf(queue) == dequeType;
  b->report = isDeque ? queue : append;
  for (Field<Value>& event : b->events) event = Value::unbound();
  if (wanted.isNone()) {
    b->events[kEndEvent] = Value::of(TRY(intern(thread, "end")));
    return Value::none();
  }
  if (toList(wanted) == nullptr && toTuple(wanted) == nullptr && specialMethod(wanted, Special::k__iter__).isUnbound())
    return raise(thread, exceptions.TypeError, "events must be a sequence");
  List* list = TRY(listFromIterable(thread, wanted));
  for (uint64_t i = 0; i < list->length; i++) {
    Value name = list->storage->slots[i];
    const Str* text = toStr(name);
    const Bytes* bytes = toBytes(name);
    if (text == nullptr && bytes == nullptr) return raise(thread, exceptions.ValueError, "invalid events sequence");
    std::string utf8 = text != nullptr ? strToUtf8(text) : std::string(viewOf(bytes));
    unsigned event = 0;
    while (event < kEvents && utf8 != kEventNames[event]) event++;
    switch (event) {
      case kEvents: return raiseValueError(thread, "unknown event '{}'", utf8);
      case kStartNsEvent:
      case kEndNsEvent: XML_SetNamespaceDeclHandler(p->expat(), onStartNamespace, onEndNamespace); break;
      case kCommentEvent: XML_SetCommentHandler(p->expat(), onComment); break;
      case kPiEvent: XML_SetProcessingInstructionHandler(p->expat(), onPi); break;
      default: break;
    }
    b->events[event] = text != nullptr ? name : Value::of(TRY(intern(thread, utf8)));
  }
  return Value::none();
}

Fallible<Value> getVersion(Thread& thread, Value) {
  XML_Expat_Version v = XML_ExpatVersionInfo();
  return makeStrValue(thread, fmt::format("Expat {}.{}.{}", v.major, v.minor, v.micro));
}
Fallible<Value> getTarget(Thread&, Value self) { return self_(self)->target.get(); }
Fallible<Value> getEntity(Thread&, Value self) { return self_(self)->entity.get(); }

}  // namespace

Raised raiseParseError(Thread& thread, const ExpatPlace& place, std::string_view message) {
  Value text = TRY(makeStrValue(thread, message));
  Value error = TRY(call(thread, Value::of(elementTypes.parseError), text));
  Value position = Value::of(TRY(makeTuple(thread, {Value::inlineInt(place.line), Value::inlineInt(place.column)})));
  TRY(setAttribute(thread, error, names.code, Value::inlineInt(place.code)));
  TRY(setAttribute(thread, error, TRY(intern(thread, "position")), position));
  return raiseInstance(thread, error);
}

void declareElementParser(Thread& thread) {
  elementTypes.parser = keepType(TypeBuilder(thread, "XMLParser", types.object, Kind::kNative)
                                     .module("xml.etree.ElementTree")
                                     .flags(Type::kBaseType | Type::kInstantiable)
                                     .constructor(parserNew)
                                     .specialVariadic("__init__", parserInit)
                                     .method("feed", feed)
                                     .method("close", close)
                                     .method("_parse_whole", parseWhole)
                                     .variadic("_setevents", setEvents)
                                     .getter("entity", getEntity, refuseAssignment)
                                     .getter("target", getTarget, refuseAssignment)
                                     .getter("version", getVersion)
                                     .build());
}

}  // namespace krait
