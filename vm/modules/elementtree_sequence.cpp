// Elements as sequences of their children.
#include "vm/builtins/list.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/elementtree.h"
#include "vm/modules/elementtree_internal.h"
#include "vm/modules/native_arguments.h"

namespace krait {
namespace {

Element* self_(Value v) { return v.as<Element>(); }

Fallible<Value> elementLength(Thread&, Value self) {
  return Value::inlineInt(static_cast<int64_t>(self_(self)->count));
}

KRAIT_COLD Raised raiseNoIndex(Thread& thread) {
  return raise(thread, exceptions.TypeError, "element indices must be integers");
}
// The position that an integer key means, counted from the end when negative. May be out of range.
Fallible<int64_t> positionOf(Thread& thread, Element* e, Value key) {
  int64_t i;
  if (key.isInlineInt()) [[likely]] {
    i = key.asInlineInt();
  } else {
    if (specialMethod(key, Special::k__index__).isUnbound()) return raiseNoIndex(thread);
    i = TRY(indexAsInt64(thread, key, exceptions.IndexError));
  }
  return i < 0 ? i + static_cast<int64_t>(e->count) : i;
}
bool isWithin(const Element* e, int64_t i) { return static_cast<uint64_t>(i) < e->count; }

Fallible<SliceBounds> boundsOf(Thread& thread, Element* e, Value slice) {
  SliceBounds bounds = TRY(unpackSlice(thread, slice.as<Slice>()));
  adjustSlice(bounds, static_cast<int64_t>(e->count));
  return bounds;
}

Fallible<Value> getChild(Thread& thread, Value self, Value key) {
  Element* e = self_(self);
  if (key.isInlineInt() && static_cast<uint64_t>(key.asInlineInt()) < e->count) [[likely]]
    return e->children->slots[key.asInlineInt()];
  if (isKind(key, Kind::kSlice)) {
    SliceBounds bounds = TRY(boundsOf(thread, e, key));
    List* list = TRY(makeListWithCapacity(thread, static_cast<uint64_t>(bounds.length)));
    for (int64_t i = 0, at = bounds.start; i < bounds.length; i++, at += bounds.step)
      TRY(listAppend(thread, list, isWithin(e, at) ? e->children->slots[at] : Value::none()));
    return Value::of(list);
  }
  int64_t i = TRY(positionOf(thread, e, key));
  if (!isWithin(e, i)) return raise(thread, exceptions.IndexError, "child index out of range");
  return e->children->slots[i];
}

// Replaces the children [start, stop) by `items`.
Fallible<void> replaceRange(Thread& thread, Element* e, uint64_t start, uint64_t stop, std::span<const Value> items) {
  uint64_t before = e->count, removed = stop - start, after = before - removed + items.size();
  if (after > 0) TRY(reserveChildren(thread, e, after));
  if (e->children == nullptr) return {};
  Value* slots = e->children->slots;
  if (items.size() < removed) {
    for (uint64_t i = stop; i < before; i++) slots[i - removed + items.size()] = slots[i];
    for (uint64_t i = after; i < before; i++) slots[i] = Value::inlineInt(0);
  } else {
    for (uint64_t i = before; i > stop; i--) slots[i - 1 - removed + items.size()] = slots[i - 1];
  }
  for (uint64_t i = 0; i < items.size(); i++) slots[start + i] = items[i];
  e->count = after;
  return {};
}

Fallible<void> deleteSlice(Thread& thread, Element* e, SliceBounds bounds) {
  if (bounds.length == 0) return {};
  if (bounds.step < 0) {
    bounds.start += bounds.step * (bounds.length - 1);
    bounds.step = -bounds.step;
  }
  auto start = static_cast<uint64_t>(bounds.start), step = static_cast<uint64_t>(bounds.step);
  auto length = static_cast<uint64_t>(bounds.length);
  if (step == 1) return replaceRange(thread, e, start, start + length, {});
  Value* slots = e->children->slots;
  uint64_t to = start, left = length, next = start;
  for (uint64_t i = start; i < e->count; i++) {
    if (left > 0 && i == next) {
      left--;
      next += step;
    } else {
      slots[to++] = slots[i];
    }
  }
  for (uint64_t i = to; i < e->count; i++) slots[i] = Value::inlineInt(0);
  e->count = to;
  return {};
}

// The items of a sequence that is to be assigned, as a list of elements.
Fallible<List*> elementsOf(Thread& thread, Value items) {
  if (toList(items) == nullptr && toTuple(items) == nullptr && specialMethod(items, Special::k__iter__).isUnbound() &&
      specialMethod(items, Special::k__getitem__).isUnbound())
    return raiseTypeError(thread, "expected sequence, not \"{}\"", nameOf(items));
  List* list = TRY(listFromIterable(thread, items));
  return list;
}

Fallible<Value> setChild(Thread& thread, Value self, Value key, Value value) {
  Element* e = self_(self);
  if (isKind(key, Kind::kSlice)) {
    SliceBounds bounds = TRY(boundsOf(thread, e, key));
    List* items = TRY(elementsOf(thread, value));
    adjustSlice(bounds = TRY(unpackSlice(thread, key.as<Slice>())), static_cast<int64_t>(e->count));
    if (bounds.step != 1 && static_cast<int64_t>(items->length) != bounds.length)
      return raiseValueError(thread, "attempt to assign sequence of size {} to extended slice of size {}",
                             items->length, bounds.length);
    for (const Value& item : items->values()) (void)TRY(requireElement(thread, item));
    if (bounds.step == 1) {
      auto start = static_cast<uint64_t>(bounds.start);
      TRY(replaceRange(thread, e, start, start + static_cast<uint64_t>(bounds.length), items->values()));
    } else {
      for (int64_t i = 0, at = bounds.start; i < bounds.length; i++, at += bounds.step)
        e->children->slots[at] = items->storage->slots[i];
    }
    return Value::none();
  }
  int64_t i = TRY(positionOf(thread, e, key));
  if (!isWithin(e, i)) return raise(thread, exceptions.IndexError, "child assignment index out of range");
  (void)TRY(requireElement(thread, value));
  e->children->slots[i] = value;
  return Value::none();
}

Fallible<Value> deleteChild(Thread& thread, Value self, Value key) {
  Element* e = self_(self);
  if (isKind(key, Kind::kSlice)) {
    TRY(deleteSlice(thread, e, TRY(boundsOf(thread, e, key))));
    return Value::none();
  }
  int64_t i = TRY(positionOf(thread, e, key));
  if (!isWithin(e, i)) return raise(thread, exceptions.IndexError, "child assignment index out of range");
  eraseChild(e, static_cast<uint64_t>(i));
  return Value::none();
}

// --- methods ----------------------------------------------------------------------------------------------------------

// An argument that must be an element, in the words of the method.
Fallible<Value> elementArgument(Thread& thread, Value v, const char* what) {
  if (toElement(v) != nullptr) return v;
  return raiseTypeError(thread, "{} must be xml.etree.ElementTree.Element, not {}", what,
                        v.isNone() ? "None" : nameOf(v));
}

Fallible<Value> append(Thread& thread, Value self, Value child) {
  (void)TRY(elementArgument(thread, child, "append() argument"));
  TRY(appendChild(thread, self_(self), child));
  return Value::none();
}

Fallible<Value> extend(Thread& thread, Value self, Value children) {
  List* items = TRY(elementsOf(thread, children));
  for (uint64_t i = 0; i < items->length; i++) {
    Value child = items->storage->slots[i];
    (void)TRY(requireElement(thread, child));
    TRY(appendChild(thread, self_(self), child));
  }
  return Value::none();
}

Fallible<Value> insert(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "Element.insert"));
  TRY(arguments.count(thread, "insert", 2, 2));
  int64_t at = TRY(ssizeArgument(thread, arguments[0]));
  (void)TRY(elementArgument(thread, arguments[1], "insert() argument 2"));
  Element* e = self_(self);
  auto count = static_cast<int64_t>(e->count);
  if (at < 0) at = std::max<int64_t>(0, at + count);
  TRY(insertChild(thread, e, static_cast<uint64_t>(std::min(at, count)), arguments[1]));
  return Value::none();
}

Fallible<Value> removeChild(Thread& thread, Value self, Value child) {
  (void)TRY(elementArgument(thread, child, "remove() argument"));
  Element* e = self_(self);
  for (uint64_t i = 0; i < e->count; i++) {
    if (e->children->slots[i].is(child)) {
      eraseChild(e, i);
      return Value::none();
    }
  }
  for (uint64_t i = 0; i < e->count; i++) {  // elements that compare equal are subclasses' affair
    if (!TRY(equals(thread, e->children->slots[i], child))) continue;
    if (i < e->count) eraseChild(e, i);
    return Value::none();
  }
  return raiseValueError(thread, "list.remove(x): x not in list");
}

}  // namespace

bool isPlainElement(Value v) {
  if (toElement(v) == nullptr) return false;
  return specialMethod(v, Special::k__getitem__).is(elementTypes.element->special(Special::k__getitem__));
}
Value elementChild(Value element, uint64_t i) {
  const Element* e = self_(element);
  return i < e->count ? e->children->slots[i] : Value::unbound();
}

void declareElementSequence(TypeBuilder& type) {
  type.special("__len__", elementLength)
      .special("__getitem__", getChild)
      .special("__setitem__", setChild)
      .special("__delitem__", deleteChild)
      .method("append", append)
      .method("extend", extend)
      .variadic("insert", insert)
      .method("remove", removeChild);
}

}  // namespace krait
