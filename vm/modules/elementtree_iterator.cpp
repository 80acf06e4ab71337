// What Element.iter() and Element.itertext() return: a walk through a tree in document order.
#include "vm/builtins/type_internal.h"
#include "vm/modules/elementtree_internal.h"
#include "vm/modules/native_arguments.h"

namespace krait {
namespace {

struct ElementIterator : NativeObject {
  Field<Value> root;         // unbound once it has been visited
  Field<Value> tag;          // None: any
  Field<Value> leaf;         // the element given last when it had no children; unbound
  Field<ValueArray*> stack;  // pairs: an element, the number of its next child
  uint64_t depth;            // pairs in use
  bool givesTexts;
};
void traceIterator(Cell* cell, Marker& marker) {
  auto* it = static_cast<ElementIterator*>(cell);
  marker.mark(it->root);
  marker.mark(it->tag);
  marker.mark(it->leaf);
  marker.mark(it->stack);
}
constexpr NativeTraits kTraits{"_elementtree._element_iterator", traceIterator, nullptr};

Fallible<void> push(Thread& thread, ElementIterator* it, Value element) {
  uint64_t used = it->depth * 2;
  if (it->stack == nullptr || used == it->stack->length) {
    ValueArray* larger = TRY(allocateArray(thread, used == 0 ? 16 : used * 2));
    for (uint64_t i = 0; i < used; i++) larger->slots[i] = it->stack->slots[i];
    it->stack = larger;
  }
  it->stack->slots[used] = element;
  it->stack->slots[used + 1] = Value::inlineInt(0);
  it->depth++;
  return {};
}

KRAIT_INLINE Fallible<bool> isText(Thread& thread, Value text) {
  if (text.isNone()) return false;
  if (isKind(text, Kind::kStr)) [[likely]]
    return text.as<Str>()->length != 0;
  return isTrue(thread, text);
}

// A leaf goes onto the stack only if it has got children by the time that it is left: most elements are leaves.
Fallible<Value> advance(Thread& thread, Value self) {
  auto* it = self.as<ElementIterator>();
  for (uint64_t steps = 1;; steps++) {
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread));
    if (Value leaf = it->leaf; !leaf.isUnbound()) {
      it->leaf = Value::unbound();
      auto* element = leaf.as<Element>();
      if (element->count > 0) [[unlikely]] {
        TRY(push(thread, it, leaf));
      } else if (it->givesTexts) {
        Value tail = element->tail;
        if (TRY(isText(thread, tail))) return tail;
      }
    }
    Value element;
    if (it->depth == 0) {
      if (it->root.get().isUnbound()) return Value::unbound();
      element = it->root;
      it->root = Value::unbound();
      TRY(push(thread, it, element));
    } else {
      Value* top = &it->stack->slots[it->depth * 2 - 2];
      auto* parent = top[0].as<Element>();
      auto next = static_cast<uint64_t>(top[1].asInlineInt());
      if (next >= parent->count) {
        top[0] = Value::inlineInt(0);
        it->depth--;
        if (!it->givesTexts || it->depth == 0) continue;  // the root's tail is no part of it
        Value tail = parent->tail;
        if (TRY(isText(thread, tail))) return tail;
        continue;
      }
      element = parent->children->slots[next];
      top[1] = Value::inlineInt(static_cast<int64_t>(next) + 1);
      if (element.as<Element>()->count == 0)
        it->leaf = element;
      else
        TRY(push(thread, it, element));
    }
    if (it->givesTexts) {
      Value text = element.as<Element>()->text;
      if (TRY(isText(thread, text))) return text;
      continue;
    }
    if (it->tag.get().isNone()) return element;
    Value tag = element.as<Element>()->tag;
    if (tag.is(it->tag) || TRY(equals(thread, tag, it->tag))) return element;
  }
}
Fallible<Value> iteratorSelf(Thread&, Value self) { return self; }

Fallible<Value> makeIterator(Thread& thread, Value root, Value tag, bool givesTexts) {
  auto* it = TRY(allocate<ElementIterator>(thread, Kind::kNative, elementTypes.iterator->instanceShape));
  it->traits = &kTraits;
  it->root = root;
  it->tag = tag;
  it->leaf = Value::unbound();
  it->givesTexts = givesTexts;
  return Value::of(it);
}

}  // namespace

Fallible<Value> iterateElements(Thread& thread, Value root, Value tag) {
  return makeIterator(thread, root, tag, false);
}
Fallible<Value> iterateTexts(Thread& thread, Value root) { return makeIterator(thread, root, Value::none(), true); }

void declareElementIterator(Thread& thread) {
  elementTypes.iterator = keepType(TypeBuilder(thread, "_element_iterator", types.object, Kind::kNative)
                                       .module("_elementtree")
                                       .special("__iter__", iteratorSelf)
                                       .next(advance)
                                       .build());
}

}  // namespace krait
