// What the parts of module pyexpat share: the parser object and its handlers.
#pragma once
#include "vm/modules/expat_support.h"

namespace krait {

// X(attribute, the function's name in tracebacks, CPython's line of it, expat's setter)
#define KRAIT_EXPAT_HANDLERS(X)                                                                    \
  X(StartElementHandler, StartElement, 417, XML_SetStartElementHandler)                            \
  X(EndElementHandler, EndElement, 469, XML_SetEndElementHandler)                                  \
  X(ProcessingInstructionHandler, ProcessingInstruction, 473, XML_SetProcessingInstructionHandler) \
  X(CharacterDataHandler, CharacterData, 282, XML_SetCharacterDataHandler)                         \
  X(UnparsedEntityDeclHandler, UnparsedEntityDecl, 479, XML_SetUnparsedEntityDeclHandler)          \
  X(NotationDeclHandler, NotationDecl, 619, XML_SetNotationDeclHandler)                            \
  X(StartNamespaceDeclHandler, StartNamespaceDecl, 629, XML_SetStartNamespaceDeclHandler)          \
  X(EndNamespaceDeclHandler, EndNamespaceDecl, 636, XML_SetEndNamespaceDeclHandler)                \
  X(CommentHandler, Comment, 641, XML_SetCommentHandler)                                           \
  X(StartCdataSectionHandler, StartCdataSection, 645, XML_SetStartCdataSectionHandler)             \
  X(EndCdataSectionHandler, EndCdataSection, 649, XML_SetEndCdataSectionHandler)                   \
  X(DefaultHandler, Default, 653, XML_SetDefaultHandler)                                           \
  X(DefaultHandlerExpand, DefaultHandlerExpand, 657, XML_SetDefaultHandlerExpand)                  \
  X(NotStandaloneHandler, NotStandalone, 661, XML_SetNotStandaloneHandler)                         \
  X(ExternalEntityRefHandler, ExternalEntityRef, 666, XML_SetExternalEntityRefHandler)             \
  X(StartDoctypeDeclHandler, StartDoctypeDecl, 681, XML_SetStartDoctypeDeclHandler)                \
  X(EndDoctypeDeclHandler, EndDoctypeDecl, 689, XML_SetEndDoctypeDeclHandler)                      \
  X(EntityDeclHandler, EntityDecl, 491, XML_SetEntityDeclHandler)                                  \
  X(XmlDeclHandler, XmlDecl, 508, XML_SetXmlDeclHandler)                                           \
  X(ElementDeclHandler, ElementDecl, 583, XML_SetElementDeclHandler)                               \
  X(AttlistDeclHandler, AttlistDecl, 598, XML_SetAttlistDeclHandler)                               \
  X(SkippedEntityHandler, SkippedEntity, 611, XML_SetSkippedEntityHandler)

enum ExpatHandler : unsigned {
#define KRAIT_EXPAT_HANDLER(attribute, name, line, set) kOn##name,
  KRAIT_EXPAT_HANDLERS(KRAIT_EXPAT_HANDLER)
#undef KRAIT_EXPAT_HANDLER
      kExpatHandlerCount
};

struct XmlParser : NativeObject {
  ExpatHandle* handle;
  Thread* thread;                             // of the Parse() that is under way
  Field<Value> interned;                      // the dict `intern`, or None
  Field<Value> handlers[kExpatHandlerCount];  // unbound where not set
  char* text;                                 // buffer_text: what is collected; null when off
  int32_t textSize, textUsed;
  bool ordersAttributes, skipsDefaulted, keepsPrefixes;
  bool isParsing, isInHandler;
  XML_Parser expat() const { return handle->parser; }
};
extern const NativeTraits kXmlParserTraits;
struct ExpatTypes {
  Type *parser, *error;
};
inline ExpatTypes expatTypes;

Fallible<XmlParser*> allocateXmlParser(Thread& thread);
Raised raiseExpatError(Thread& thread, XmlParser* parser, int code);
// Calls the character handler with what is collected.
Fallible<void> flushXmlText(Thread& thread, XmlParser* parser);

// pyexpat_handlers.cpp
// Tells expat which handlers there are.
void installXmlHandler(XmlParser* parser, unsigned handler);
Fallible<void> setXmlHandler(Thread& thread, XmlParser* parser, unsigned handler, Value function);
void declareXmlHandlers(TypeBuilder& type);

// pyexpat_parser.cpp
void declareXmlParser(Thread& thread);
Fallible<Value> createXmlParser(Thread& thread, Value, const Arguments& arguments);

}  // namespace krait
