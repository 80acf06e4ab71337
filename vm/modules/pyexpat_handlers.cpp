// pyexpat: expat's callbacks, which call the handlers written in Python.
#include <algorithm>

#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/native_traceback.h"
#include "vm/modules/pyexpat_internal.h"

namespace krait {
namespace {

struct HandlerFace {
  const char *attribute, *name;
  int line;
};
constexpr HandlerFace kHandlers[] = {
#define KRAIT_EXPAT_HANDLER(attribute, name, line, set) {#attribute, #name, line},
    KRAIT_EXPAT_HANDLERS(KRAIT_EXPAT_HANDLER)
#undef KRAIT_EXPAT_HANDLER
};

XmlParser* parserOf(void* data) { return static_cast<XmlParser*>(data); }

int refuseEntity(XML_Parser, const XML_Char*, const XML_Char*, const XML_Char*, const XML_Char*) {
  return XML_STATUS_ERROR;
}
void dropText(void*, const XML_Char*, int) {}

// An exception is pending: the parsing ends, nothing is called any more.
void forgetHandlers(XmlParser* p) {
  for (unsigned i = 0; i < kExpatHandlerCount; i++) {
    if (p->handlers[i].get().isUnbound()) continue;
    p->handlers[i] = Value::unbound();
    installXmlHandler(p, i);
  }
  XML_SetExternalEntityRefHandler(p->expat(), refuseEntity);
  (void)XML_StopParser(p->expat(), XML_FALSE);
}

// --- arguments --------------------------------------------------------------------------------------------------------

Fallible<Value> textOrNone(Thread& thread, const XML_Char* text) {
  if (text == nullptr) return Value::none();
  return Value::of(TRY(makeStr(thread, text)));
}
// The one object of `intern` for this text.
Fallible<Value> internedText(Thread& thread, XmlParser* p, const XML_Char* text) {
  Value made = text == nullptr ? Value::none() : Value::of(TRY(findExpatName(thread, text, false)));
  Dict* dict = toDict(p->interned);
  if (dict == nullptr) return made;
  if (text != nullptr) {
    Value known = dictGetStr(dict, made.as<Str>());
    if (!known.isUnbound()) return known;
  }
  return dictSetDefault(thread, dict, made, made);
}

Fallible<Value> contentModel(Thread& thread, const XML_Content* model) {
  KRAIT_CHECK_NATIVE_STACK(thread, " in _conv_content_model");
  Tuple* children = TRY(makeTupleUninitialised(thread, model->numchildren));
  for (unsigned i = 0; i < model->numchildren; i++) children->items[i] = TRY(contentModel(thread, &model->children[i]));
  Value name = TRY(textOrNone(thread, model->name));
  return Value::of(TRY(
      makeTuple(thread, {Value::inlineInt(model->type), Value::inlineInt(model->quant), name, Value::of(children)})));
}

// --- calling ----------------------------------------------------------------------------------------------------------

Fallible<Value> callHandler(Thread& thread, XmlParser* p, unsigned handler, std::span<const Value> arguments) {
  bool before = p->isInHandler;
  p->isInHandler = true;
  Fallible<Value> result = call(thread, p->handlers[handler].get(), arguments);
  p->isInHandler = before;
  if (result.isRaised())
    addNativeTraceback(thread, kHandlers[handler].name, "../Modules/pyexpat.c", kHandlers[handler].line);
  return result;
}

// Runs a callback's body unless an exception is pending or its handler has gone; collected text comes first.
// `body` gives the result of the handler's call; a failure of any kind ends all calling.
template <class Body>
bool handle(XmlParser* p, unsigned handler, Body body) {
  Thread& thread = *p->thread;
  if (isPending(thread) || p->handlers[handler].get().isUnbound()) return false;
  Fallible<void> outcome = [&]() -> Fallible<void> {
    TRY(flushXmlText(thread, p));
    if (p->handlers[handler].get().isUnbound()) return {};
    TRY(body(thread));
    return {};
  }();
  if (!outcome.isRaised()) return true;
  forgetHandlers(p);
  return false;
}
template <class... Make>
void handleWith(void* data, unsigned handler, Make... make) {
  XmlParser* p = parserOf(data);
  handle(p, handler, [&](Thread& thread) -> Fallible<Value> {
    Value arguments[sizeof...(make) + 1];
    std::fill(std::begin(arguments), std::end(arguments), Value::none());
    // From the last to the first, which is the order that `intern` shows.
    size_t i = sizeof...(make);
    bool raised = false;
    auto step = [&](auto& one) {
      Fallible<Value> made = one(thread, p);
      if (made.isRaised()) return raised = true;
      arguments[--i] = made.value();
      return false;
    };
    auto all = [&](auto& self, auto& first, auto&... rest) -> void {
      if constexpr (sizeof...(rest) > 0) self(self, rest...);
      if (!raised) step(first);
    };
    if constexpr (sizeof...(make) > 0) all(all, make...);
    if (raised) return Raised{};
    return callHandler(thread, p, handler, {arguments, sizeof...(make)});
  });
}
auto plain(const XML_Char* text) {
  return [text](Thread& thread, XmlParser*) { return textOrNone(thread, text); };
}
auto interned(const XML_Char* text) {
  return [text](Thread& thread, XmlParser* p) { return internedText(thread, p, text); };
}
auto number(int i) {
  return [i](Thread&, XmlParser*) -> Fallible<Value> { return Value::inlineInt(i); };
}

Fallible<Value> callCharacterHandler(Thread& thread, XmlParser* p, std::string_view text) {
  Value argument = Value::of(TRY(makeStr(thread, text)));
  Fallible<Value> result = callHandler(thread, p, kOnCharacterData, {&argument, 1});
  if (result.isRaised()) forgetHandlers(p);
  return result;
}

// --- callbacks --------------------------------------------------------------------------------------------------------

void onStartElement(void* data, const XML_Char* name, const XML_Char** attributes) {
  XmlParser* p = parserOf(data);
  handle(p, kOnStartElement, [&](Thread& thread) -> Fallible<Value> {
    int count = 0;
    if (p->skipsDefaulted)
      count = XML_GetSpecifiedAttributeCount(p->expat());
    else
      while (attributes[count] != nullptr) count += 2;
    Value arguments[2] = {Value::none(), Value::none()};
    if (p->ordersAttributes) {
      List* list = TRY(makeListWithCapacity(thread, static_cast<uint64_t>(count)));
      arguments[1] = Value::of(list);
      for (int i = 0; i < count; i += 2) {
        TRY(listAppend(thread, list, TRY(internedText(thread, p, attributes[i]))));
        TRY(listAppend(thread, list, Value::of(TRY(makeStr(thread, attributes[i + 1])))));
      }
    } else {
      Dict* dict = TRY(makeDict(thread));
      arguments[1] = Value::of(dict);
      for (int i = 0; i < count; i += 2) {
        Value key = TRY(internedText(thread, p, attributes[i]));
        Value value = Value::of(TRY(makeStr(thread, attributes[i + 1])));
        TRY(dictSet(thread, dict, key, value));
      }
    }
    arguments[0] = TRY(internedText(thread, p, name));
    return callHandler(thread, p, kOnStartElement, arguments);
  });
}
void onEndElement(void* data, const XML_Char* name) { handleWith(data, kOnEndElement, interned(name)); }
void onProcessingInstruction(void* data, const XML_Char* target, const XML_Char* text) {
  handleWith(data, kOnProcessingInstruction, interned(target), plain(text));
}

void onCharacterData(void* data, const XML_Char* text, int length) {
  XmlParser* p = parserOf(data);
  Thread& thread = *p->thread;
  if (isPending(thread)) return;
  Fallible<void> outcome = [&]() -> Fallible<void> {
    if (p->text != nullptr) {
      if (length > p->textSize - p->textUsed) {
        TRY(flushXmlText(thread, p));
        if (p->handlers[kOnCharacterData].get().isUnbound()) return {};
      }
      if (p->text != nullptr && length <= p->textSize - p->textUsed) {
        std::copy_n(text, length, p->text + p->textUsed);
        p->textUsed += length;
        return {};
      }
      p->textUsed = 0;
    }
    if (p->handlers[kOnCharacterData].get().isUnbound()) return {};
    TRY(callCharacterHandler(thread, p, {text, static_cast<size_t>(length)}));
    return {};
  }();
  if (outcome.isRaised()) forgetHandlers(p);
}

void onUnparsedEntityDecl(void* data, const XML_Char* entity, const XML_Char* base, const XML_Char* systemId,
                          const XML_Char* publicId, const XML_Char* notation) {
  handleWith(data, kOnUnparsedEntityDecl, interned(entity), interned(base), interned(systemId), interned(publicId),
             interned(notation));
}
void onNotationDecl(void* data, const XML_Char* notation, const XML_Char* base, const XML_Char* systemId,
                    const XML_Char* publicId) {
  handleWith(data, kOnNotationDecl, interned(notation), interned(base), interned(systemId), interned(publicId));
}
void onStartNamespaceDecl(void* data, const XML_Char* prefix, const XML_Char* uri) {
  handleWith(data, kOnStartNamespaceDecl, interned(prefix), interned(uri));
}
void onEndNamespaceDecl(void* data, const XML_Char* prefix) { handleWith(data, kOnEndNamespaceDecl, interned(prefix)); }
void onComment(void* data, const XML_Char* text) { handleWith(data, kOnComment, plain(text)); }
void onStartCdataSection(void* data) { handleWith(data, kOnStartCdataSection); }
void onEndCdataSection(void* data) { handleWith(data, kOnEndCdataSection); }
void onAny(void* data, unsigned handler, const XML_Char* text, int length) {
  XmlParser* p = parserOf(data);
  handle(p, handler, [&](Thread& thread) -> Fallible<Value> {
    Value argument = Value::of(TRY(makeStr(thread, {text, static_cast<size_t>(length)})));
    return callHandler(thread, p, handler, {&argument, 1});
  });
}
void onDefault(void* data, const XML_Char* text, int length) { onAny(data, kOnDefault, text, length); }
void onDefaultHandlerExpand(void* data, const XML_Char* text, int length) {
  onAny(data, kOnDefaultHandlerExpand, text, length);
}

// What a handler says that answers with a number.
int answer(XmlParser* p, unsigned handler, std::span<const Value> arguments) {
  int answered = XML_STATUS_ERROR;
  handle(p, handler, [&](Thread& thread) -> Fallible<Value> {
    Value result = TRY(callHandler(thread, p, handler, arguments));
    Fallible<int64_t> number = longArgument(thread, result);  // when it is none, the handlers stay
    if (!number.isRaised()) answered = static_cast<int>(number.value());
    return result;
  });
  return answered;
}
int onNotStandalone(void* data) { return answer(parserOf(data), kOnNotStandalone, {}); }
// Its first argument is the parser: XML_SetExternalEntityRefHandlerArg is not used.
int onExternalEntityRef(XML_Parser parser, const XML_Char* context, const XML_Char* base, const XML_Char* systemId,
                        const XML_Char* publicId) {
  XmlParser* p = parserOf(XML_GetUserData(parser));
  Thread& thread = *p->thread;
  if (isPending(thread) || p->handlers[kOnExternalEntityRef].get().isUnbound()) return XML_STATUS_ERROR;
  Value arguments[4];
  Fallible<void> made = [&]() -> Fallible<void> {
    arguments[3] = TRY(internedText(thread, p, publicId));
    arguments[2] = TRY(internedText(thread, p, systemId));
    arguments[1] = TRY(internedText(thread, p, base));
    arguments[0] = TRY(textOrNone(thread, context));
    return {};
  }();
  if (made.isRaised()) {
    forgetHandlers(p);
    return XML_STATUS_ERROR;
  }
  return answer(p, kOnExternalEntityRef, arguments);
}

void onStartDoctypeDecl(void* data, const XML_Char* name, const XML_Char* systemId, const XML_Char* publicId,
                        int hasInternalSubset) {
  handleWith(data, kOnStartDoctypeDecl, interned(name), interned(systemId), interned(publicId),
             number(hasInternalSubset));
}
void onEndDoctypeDecl(void* data) { handleWith(data, kOnEndDoctypeDecl); }
void onEntityDecl(void* data, const XML_Char* name, int isParameter, const XML_Char* value, int length,
                  const XML_Char* base, const XML_Char* systemId, const XML_Char* publicId, const XML_Char* notation) {
  auto content = [value, length](Thread& thread, XmlParser*) -> Fallible<Value> {
    if (value == nullptr) return Value::none();
    return Value::of(TRY(makeStr(thread, {value, static_cast<size_t>(length)})));
  };
  handleWith(data, kOnEntityDecl, interned(name), number(isParameter), content, interned(base), interned(systemId),
             interned(publicId), interned(notation));
}
void onXmlDecl(void* data, const XML_Char* version, const XML_Char* encoding, int standalone) {
  handleWith(data, kOnXmlDecl, plain(version), plain(encoding), number(standalone));
}
void onElementDecl(void* data, const XML_Char* name, XML_Content* model) {
  auto content = [model](Thread& thread, XmlParser*) { return contentModel(thread, model); };
  handleWith(data, kOnElementDecl, interned(name), content);
  XML_FreeContentModel(parserOf(data)->expat(), model);
}
void onAttlistDecl(void* data, const XML_Char* element, const XML_Char* attribute, const XML_Char* type,
                   const XML_Char* value, int isRequired) {
  handleWith(data, kOnAttlistDecl, interned(element), interned(attribute), plain(type), plain(value),
             number(isRequired));
}
void onSkippedEntity(void* data, const XML_Char* name, int isParameter) {
  handleWith(data, kOnSkippedEntity, interned(name), number(isParameter));
}

// --- attributes -------------------------------------------------------------------------------------------------------

template <unsigned kHandler>
Fallible<Value> getHandler(Thread&, Value self) {
  Value function = self.as<XmlParser>()->handlers[kHandler].get();
  return function.isUnbound() ? Value::none() : function;
}
template <unsigned kHandler>
Fallible<void> setHandler(Thread& thread, Value self, Value function) {
  return setXmlHandler(thread, self.as<XmlParser>(), kHandler, function);
}

}  // namespace

void installXmlHandler(XmlParser* parser, unsigned handler) {
  bool isSet = !parser->handlers[handler].get().isUnbound();
  XML_Parser expat = parser->expat();
  switch (handler) {
#define KRAIT_EXPAT_HANDLER(attribute, name, line, set) \
  case kOn##name: set(expat, isSet ? on##name : nullptr); break;
    KRAIT_EXPAT_HANDLERS(KRAIT_EXPAT_HANDLER)
#undef KRAIT_EXPAT_HANDLER
    default: break;
  }
}

Fallible<void> setXmlHandler(Thread& thread, XmlParser* parser, unsigned handler, Value function) {
  if (function.isUnbound()) return raise(thread, exceptions.RuntimeError, "Cannot delete attribute");
  if (handler == kOnCharacterData) {
    parser->thread = &thread;
    TRY(flushXmlText(thread, parser));  // what was collected is the old one's
  }
  parser->handlers[handler] = function.isNone() ? Value::unbound() : function;
  // Expat may be about to call the one that goes while it walks through a run of text.
  if (function.isNone() && handler == kOnCharacterData && parser->isInHandler)
    XML_SetCharacterDataHandler(parser->expat(), dropText);
  else
    installXmlHandler(parser, handler);
  return {};
}

Fallible<void> flushXmlText(Thread& thread, XmlParser* parser) {
  if (parser->text == nullptr || parser->textUsed == 0) return {};
  if (!parser->handlers[kOnCharacterData].get().isUnbound()) {
    KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
    auto length = static_cast<size_t>(parser->textUsed);
    TRY(callCharacterHandler(thread, parser, {parser->text, length}));
  }
  parser->textUsed = 0;
  return {};
}

void declareXmlHandlers(TypeBuilder& type) {
#define KRAIT_EXPAT_HANDLER(attribute, name, line, set) \
  type.getter(#attribute, getHandler<kOn##name>, setHandler<kOn##name>);
  KRAIT_EXPAT_HANDLERS(KRAIT_EXPAT_HANDLER)
#undef KRAIT_EXPAT_HANDLER
}

}  // namespace krait
