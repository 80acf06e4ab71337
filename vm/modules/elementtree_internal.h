// What the parts of module _elementtree share: elements, tree builders, and how trees grow.
#pragma once
#include <string>

#include "vm/modules/expat_support.h"

namespace krait {

struct Element : NativeObject {
  Field<Value> tag, text, tail;
  Field<Value> attributes;      // unbound until there are some or somebody asks; then a dict
  Field<ValueArray*> children;  // slots not in use are the int 0
  uint64_t count, capacity;     // children
  bool hasExtra;                // what CPython would have allocated: seen in sizeof only
};
extern const NativeTraits kElementTraits;

struct ElementTypes {
  Type *element, *iterator, *builder, *parser, *parseError;
};
inline ElementTypes elementTypes;
KRAIT_INLINE Element* toElement(Value v) {
  bool is = isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &kElementTraits;
  return is ? v.as<Element>() : nullptr;
}

// An element without content; `attributes` is a dict that becomes its own, or unbound.
Fallible<Element*> makeElement(Thread& thread, Value tag, Value attributes);
// "expected an Element, not "int"" unless `child` is one.
Fallible<Element*> requireElement(Thread& thread, Value child);
Fallible<void> appendChild(Thread& thread, Element* parent, Value child);
Fallible<void> insertChild(Thread& thread, Element* parent, uint64_t at, Value child);
void eraseChild(Element* parent, uint64_t at);
// Makes room for `capacity` children in all.
Fallible<void> reserveChildren(Thread& thread, Element* parent, uint64_t capacity);
// The dict of attributes, made now when there is none.
Fallible<Value> attributesOf(Thread& thread, Element* element);

void declareElementSequence(TypeBuilder& type);                          // elementtree_sequence.cpp
void declareElementSearch(TypeBuilder& type);                            // elementtree_search.cpp
void declareElementCopies(TypeBuilder& type);                            // elementtree_copy.cpp
void declareElementIterator(Thread& thread);                             // elementtree_iterator.cpp
Fallible<Value> iterateElements(Thread& thread, Value root, Value tag);  // tag None: every element
Fallible<Value> iterateTexts(Thread& thread, Value root);

// What XMLPullParser wants to hear of.
enum ElementEvent : unsigned { kStartEvent, kEndEvent, kStartNsEvent, kEndNsEvent, kCommentEvent, kPiEvent, kEvents };
struct TreeBuilder : NativeObject {
  Field<Value> root, current, last;  // None where there is none; `last` receives text
  Field<ValueArray*> open;           // elements around the current one
  uint64_t depth;
  bool lastIsClosed;                       // text is its tail
  Field<Value> elementFactory;             // None: Element
  Field<Value> commentFactory, piFactory;  // None: texts are passed on
  bool insertsComments, insertsPis;
  // Text that waits: bytes of UTF-8 from a parser, which come after `pieces`.
  std::string* text;
  Field<ValueArray*> pieces;
  uint64_t pieceCount;
  Field<ValueArray*> blanks;     // strs of white space by their length
  Field<Value> report;           // what appends to the queue of events; unbound: nobody listens
  Field<Value> events[kEvents];  // names of events; unbound where nobody listens
};
extern const NativeTraits kTreeBuilderTraits;
KRAIT_INLINE bool isPlainBuilder(Value v) { return v.isCell() && typeOf(v) == elementTypes.builder; }

Fallible<Value> makeTreeBuilder(Thread& thread);
// `attributes`: a dict that becomes the element's, or unbound.
Fallible<Value> builderStart(Thread& thread, TreeBuilder* builder, Value tag, Value attributes);
Fallible<Value> builderEnd(Thread& thread, TreeBuilder* builder, Value tag);
Fallible<void> builderData(Thread& thread, TreeBuilder* builder, Value data);
Fallible<void> builderText(Thread& thread, TreeBuilder* builder, std::string_view utf8);
Fallible<Value> builderComment(Thread& thread, TreeBuilder* builder, Value text);
Fallible<Value> builderPi(Thread& thread, TreeBuilder* builder, Value target, Value text);
Value builderClose(TreeBuilder* builder);
// Puts (name of the event, what) into the queue, when somebody listens.
Fallible<void> reportEvent(Thread& thread, TreeBuilder* builder, ElementEvent event, Value what);
void declareTreeBuilder(Thread& thread);
// The functions that make comments and processing instructions where a builder has none of its own; None at first.
struct ElementFactories {
  Value comment, pi;
};
ElementFactories elementFactories();
Fallible<Value> setElementFactories(Thread& thread, Value comment, Value pi);

void declareElementParser(Thread& thread);
Raised raiseParseError(Thread& thread, const ExpatPlace& place, std::string_view message);

}  // namespace krait
