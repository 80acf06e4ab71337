// TreeBuilder: a tree out of starts, ends and texts.
#include <new>

#include "vm/builtins/dict.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/deque.h"
#include "vm/modules/elementtree_internal.h"
#include "vm/modules/native_arguments.h"
#include "vm/names.h"

namespace krait {
namespace {

TreeBuilder* self_(Value v) { return v.as<TreeBuilder>(); }

void traceBuilder(Cell* cell, Marker& marker) {
  auto* b = static_cast<TreeBuilder*>(cell);
  marker.mark(b->root);
  marker.mark(b->current);
  marker.mark(b->last);
  marker.mark(b->open);
  marker.mark(b->elementFactory);
  marker.mark(b->commentFactory);
  marker.mark(b->piFactory);
  marker.mark(b->pieces);
  marker.mark(b->blanks);
  marker.mark(b->report);
  for (const Field<Value>& event : b->events) marker.mark(event);
}
void finaliseBuilder(Cell* cell) { delete static_cast<TreeBuilder*>(cell)->text; }

// comment, pi
RootVector& factories() {
  static auto* const kept = [] {
    auto* made = new RootVector;
    if (!made->push(Value::none()) || !made->push(Value::none())) failStartUp();
    return made;
  }();
  return *kept;
}

Fallible<TreeBuilder*> allocateBuilder(Thread& thread, Type* type) {
  auto* b = TRY(allocate<TreeBuilder>(thread, Kind::kNative, type->instanceShape));
  b->traits = &kTreeBuilderTraits;
  b->root = b->current = b->last = Value::none();
  b->elementFactory = b->commentFactory = b->piFactory = Value::none();
  b->report = Value::unbound();
  for (Field<Value>& event : b->events) event = Value::unbound();
  if (!heap.registerFinaliser(thread, b)) return raiseMemoryError(thread);
  b->text = new (std::nothrow) std::string;
  if (b->text == nullptr) return raiseMemoryError(thread);
  return b;
}

// A ValueArray as a stack.
Fallible<void> push(Thread& thread, Field<ValueArray*>& array, uint64_t& used, Value v) {
  if (array == nullptr || used == array->length) {
    ValueArray* larger = TRY(allocateArray(thread, used == 0 ? 16 : used * 2));
    for (uint64_t i = 0; i < used; i++) larger->slots[i] = array->slots[i];
    array = larger;
  }
  array->slots[used++] = v;
  return {};
}

// --- text -------------------------------------------------------------------------------------------------------------

// The str of what expat gave. Line ends with indentation come again and again: one str serves for all that are equal.
Fallible<Value> makeText(Thread& thread, TreeBuilder* b, std::string_view utf8) {
  constexpr uint64_t kLongest = 64;
  if (utf8.size() >= kLongest || utf8.find_first_not_of(" \n\t") != std::string_view::npos)
    return Value::of(TRY(makeStr(thread, utf8)));
  if (b->blanks == nullptr) b->blanks = TRY(allocateArray(thread, kLongest));
  Value known = b->blanks->slots[utf8.size()];
  if (isKind(known, Kind::kStr) && known.as<Str>()->asciiView() == utf8) return known;
  Value made = Value::of(TRY(makeStrAscii(thread, utf8)));
  b->blanks->slots[utf8.size()] = made;
  return made;
}

Fallible<Value> joinPieces(Thread& thread, std::span<const Value> pieces) {
  for (size_t i = 0; i < pieces.size(); i++) {
    if (toStr(pieces[i]) == nullptr)
      return raiseTypeError(thread, "sequence item {}: expected str instance, {} found", i, nameOf(pieces[i]));
  }
  StrBuilder text;
  for (const Value& piece : pieces) text.append(toStr(piece));
  return Value::of(TRY(text.build(thread)));
}

// What has been collected, none of which is left: unbound when there is nothing.
Fallible<Value> takeText(Thread& thread, TreeBuilder* b) {
  if (b->pieceCount == 0) {
    if (b->text->empty()) return Value::unbound();
    Value made = TRY(makeText(thread, b, *b->text));
    b->text->clear();
    return made;
  }
  if (!b->text->empty()) {
    TRY(push(thread, b->pieces, b->pieceCount, Value::of(TRY(makeStr(thread, *b->text)))));
    b->text->clear();
  }
  ValueArray* pieces = b->pieces;
  uint64_t count = b->pieceCount;
  b->pieces = nullptr;
  b->pieceCount = 0;
  if (count == 1) return pieces->slots[0];
  return joinPieces(thread, {pieces->slots, count});
}

// Text goes to the last element: inside it, or behind it when it is closed.
Fallible<void> flushSlow(Thread& thread, TreeBuilder* b) {
  Value text = TRY(takeText(thread, b));
  if (text.isUnbound() || b->last.get().isNone()) return {};
  Value last = b->last;
  if (Element* e = toElement(last); e != nullptr && typeOf(last) == elementTypes.element) {
    Field<Value>& place = b->lastIsClosed ? e->tail : e->text;
    if (!place.get().isNone()) {
      Value both[] = {place.get(), text};
      text = TRY(joinPieces(thread, both));
    }
    place = text;
    return {};
  }
  Str* name = b->lastIsClosed ? TRY(intern(thread, "tail")) : names.text;
  Value before = TRY(getAttribute(thread, last, name));
  if (!before.isNone()) {
    Value both[] = {before, text};
    text = TRY(joinPieces(thread, both));
  }
  return setAttribute(thread, last, name, text);
}
Fallible<void> flush(Thread& thread, TreeBuilder* b) {
  if (b->pieceCount == 0 && b->text->empty()) return {};
  return flushSlow(thread, b);
}

Fallible<void> addChild(Thread& thread, Value parent, Value child) {
  if (typeOf(parent) == elementTypes.element) {
    (void)TRY(requireElement(thread, child));
    return appendChild(thread, parent.as<Element>(), child);
  }
  (void)TRY(callMethod(thread, parent, names.append, {&child, 1}));
  return {};
}

}  // namespace

const NativeTraits kTreeBuilderTraits{"xml.etree.ElementTree.TreeBuilder", traceBuilder, finaliseBuilder};

ElementFactories elementFactories() { return {factories()[0], factories()[1]}; }

Fallible<Value> setElementFactories(Thread& thread, Value comment, Value pi) {
  if (!comment.isNone() && !isCallable(comment))
    return raiseTypeError(thread, "Comment factory must be callable, not {}", nameOf(comment));
  if (!pi.isNone() && !isCallable(pi)) return raiseTypeError(thread, "PI factory must be callable, not {}", nameOf(pi));
  Value before = Value::of(TRY(makeTuple(thread, {factories()[0], factories()[1]})));
  factories()[0] = comment;
  factories()[1] = pi;
  return before;
}

Fallible<Value> makeTreeBuilder(Thread& thread) {
  return Value::of(TRY(allocateBuilder(thread, elementTypes.builder)));
}

Fallible<void> reportEvent(Thread& thread, TreeBuilder* b, ElementEvent event, Value what) {
  if (b->report.get().isUnbound() || b->events[event].get().isUnbound()) return {};
  Value pair = Value::of(TRY(makeTuple(thread, {b->events[event].get(), what})));
  if (Deque* queue = toDeque(b->report)) return dequePush(thread, queue, pair);
  (void)TRY(call(thread, b->report, pair));
  return {};
}

Fallible<Value> builderStart(Thread& thread, TreeBuilder* b, Value tag, Value attributes) {
  TRY(flush(thread, b));
  Value node;
  if (b->elementFactory.get().isNone()) {
    node = Value::of(TRY(makeElement(thread, tag, attributes)));
  } else {
    if (attributes.isUnbound()) attributes = Value::of(TRY(makeDict(thread)));
    node = TRY(call(thread, b->elementFactory, tag, attributes));
  }
  b->lastIsClosed = false;
  if (!b->current.get().isNone()) {
    TRY(addChild(thread, b->current, node));
  } else {
    if (!b->root.get().isNone()) return raise(thread, elementTypes.parseError, "multiple elements on top level");
    b->root = node;
  }
  TRY(push(thread, b->open, b->depth, b->current));
  b->current = b->last = node;
  TRY(reportEvent(thread, b, kStartEvent, node));
  return node;
}

Fallible<Value> builderEnd(Thread& thread, TreeBuilder* b, Value) {
  TRY(flush(thread, b));
  if (b->depth == 0) return raise(thread, exceptions.IndexError, "pop from empty stack");
  Value node = b->current;
  b->last = node;
  b->lastIsClosed = true;
  b->current = b->open->slots[--b->depth];
  b->open->slots[b->depth] = Value::inlineInt(0);
  TRY(reportEvent(thread, b, kEndEvent, node));
  return node;
}

Fallible<void> builderData(Thread& thread, TreeBuilder* b, Value data) {
  if (b->last.get().isNone()) return {};  // in front of the first element
  if (!b->text->empty()) {
    TRY(push(thread, b->pieces, b->pieceCount, Value::of(TRY(makeStr(thread, *b->text)))));
    b->text->clear();
  }
  return push(thread, b->pieces, b->pieceCount, data);
}
Fallible<void> builderText(Thread&, TreeBuilder* b, std::string_view utf8) {
  if (!b->last.get().isNone()) b->text->append(utf8);
  return {};
}

// Puts a comment or an instruction into the tree.
static Fallible<void> insertSingle(Thread& thread, TreeBuilder* b, bool inserts, Value node) {
  if (!inserts || b->current.get().isNone()) return {};
  TRY(flush(thread, b));
  TRY(addChild(thread, b->current, node));
  b->last = node;
  b->lastIsClosed = true;
  return {};
}
Fallible<Value> builderComment(Thread& thread, TreeBuilder* b, Value text) {
  Value node = text;
  if (!b->commentFactory.get().isNone()) {
    node = TRY(call(thread, b->commentFactory, text));
    TRY(insertSingle(thread, b, b->insertsComments, node));
  }
  TRY(reportEvent(thread, b, kCommentEvent, node));
  return node;
}
Fallible<Value> builderPi(Thread& thread, TreeBuilder* b, Value target, Value text) {
  Value node;
  if (b->piFactory.get().isNone()) {
    node = Value::of(TRY(makeTuple(thread, {target, text})));
  } else {
    node = TRY(call(thread, b->piFactory, target, text));
    TRY(insertSingle(thread, b, b->insertsPis, node));
  }
  TRY(reportEvent(thread, b, kPiEvent, node));
  return node;
}
Value builderClose(TreeBuilder* b) { return b->root; }

namespace {

// --- methods ----------------------------------------------------------------------------------------------------------

Fallible<Value> builderNew(Thread& thread, Value type, const Arguments&) {
  return Value::of(TRY(allocateBuilder(thread, type.as<Type>())));
}
Fallible<Value> builderInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "TreeBuilder", {"element_factory", "*", "comment_factory", "pi_factory", "insert_comments", "insert_pis"}, 0};
  Value v[5];
  TRY(kParameters.bind(thread, arguments, v));
  bool comments = TRY(truthOr(thread, v[3], false)), pis = TRY(truthOr(thread, v[4], false));
  TreeBuilder* b = self_(self);
  b->elementFactory = v[0].isUnbound() ? Value::none() : v[0];
  b->commentFactory = v[1].isUnbound() || v[1].isNone() ? elementFactories().comment : v[1];
  b->piFactory = v[2].isUnbound() || v[2].isNone() ? elementFactories().pi : v[2];
  b->insertsComments = comments;
  b->insertsPis = pis;
  return Value::none();
}

Fallible<Value> data(Thread& thread, Value self, Value text) {
  TRY(builderData(thread, self_(self), text));
  return Value::none();
}
Fallible<Value> start(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "TreeBuilder.start"));
  TRY(arguments.count(thread, "start", 2, 2));
  if (toDict(arguments[1]) == nullptr)
    return raiseTypeError(thread, "start() argument 2 must be dict, not {}",
                          arguments[1].isNone() ? "None" : nameOf(arguments[1]));
  return builderStart(thread, self_(self), arguments[0], arguments[1]);
}
Fallible<Value> end(Thread& thread, Value self, Value tag) { return builderEnd(thread, self_(self), tag); }
Fallible<Value> comment(Thread& thread, Value self, Value text) { return builderComment(thread, self_(self), text); }
Fallible<Value> pi(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "TreeBuilder.pi"));
  TRY(arguments.count(thread, "pi", 1, 2));
  Value text = arguments.positional == 2 ? arguments[1] : Value::none();
  return builderPi(thread, self_(self), arguments[0], text);
}
Fallible<Value> close(Thread&, Value self) { return builderClose(self_(self)); }

}  // namespace

void declareTreeBuilder(Thread& thread) {
  elementTypes.builder = keepType(TypeBuilder(thread, "TreeBuilder", types.object, Kind::kNative)
                                      .module("xml.etree.ElementTree")
                                      .flags(Type::kBaseType | Type::kInstantiable)
                                      .constructor(builderNew)
                                      .specialVariadic("__init__", builderInit)
                                      .method("data", data)
                                      .variadic("start", start)
                                      .method("end", end)
                                      .method("comment", comment)
                                      .variadic("pi", pi)
                                      .method("close", close)
                                      .build());
}

}  // namespace krait
