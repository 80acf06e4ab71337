// list's named methods: append, extend, insert, pop, remove, index, sort ...
#include <algorithm>
#include <cstring>

#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list_internal.h"
#include "vm/builtins/sequence.h"

namespace krait {

static Fallible<Value> listAppendMethod(Thread& thread, Value self, Value item) {
  TRY(listAppend(thread, self.as<List>(), item));
  return Value::none();
}

static Fallible<Value> listExtendMethod(Thread& thread, Value self, Value iterable) {
  TRY(listExtend(thread, self.as<List>(), iterable));
  return Value::none();
}

// Items move by one place; short distances are not worth a call.
static void moveUp(Value* from, Value* end) {
  if (end - from > 16) {
    std::memmove(from + 1, from, static_cast<size_t>(end - from) * sizeof(Value));
  } else {
    for (Value* slot = end; slot > from; slot--) *slot = slot[-1];
  }
}
static void moveDown(Value* to, Value* end) {  // [to + 1, end) to `to`
  if (end - to > 16) {
    std::memmove(to, to + 1, static_cast<size_t>(end - to - 1) * sizeof(Value));
  } else {
    for (Value* slot = to; slot + 1 < end; slot++) *slot = slot[1];
  }
}

static Fallible<Value> listInsert(Thread& thread, Value self, Value position, Value item) {
  List* list = self.as<List>();
  int64_t at =
      position.isInlineInt() ? position.asInlineInt() : TRY(indexAsInt64(thread, position, exceptions.OverflowError));
  int64_t length = static_cast<int64_t>(list->length);
  if (at < 0) at = std::max<int64_t>(0, at + length);
  at = std::min(at, length);
  if (list->length == list->capacity) TRY(listReserve(thread, list, list->length + 1));
  list->flags &= ~kListSorting;
  Value* slots = list->storage->slots;
  moveUp(slots + at, slots + length);
  slots[at] = item;
  list->length++;
  return Value::none();
}

static Fallible<Value> listPop(Thread& thread, Value self, Value positionOrUnbound) {
  List* list = self.as<List>();
  int64_t at = -1;
  if (positionOrUnbound.isInlineInt())
    at = positionOrUnbound.asInlineInt();
  else if (!positionOrUnbound.isUnbound())
    at = TRY(indexAsInt64(thread, positionOrUnbound, exceptions.IndexError));
  if (list->length == 0) return raise(thread, exceptions.IndexError, "pop from empty list");
  if (at < 0) at += static_cast<int64_t>(list->length);
  if (static_cast<uint64_t>(at) >= list->length) return raise(thread, exceptions.IndexError, "pop index out of range");
  Value* slots = list->storage->slots;
  Value item = slots[at];
  if (list->length > list->capacity / 2 || list->capacity <= 16) [[likely]] {
    moveDown(slots + at, slots + list->length);
    slots[--list->length] = Value::inlineInt(0);
    list->flags &= ~kListSorting;
    return item;
  }
  TRY(listReplaceRange(thread, list, at, at + 1, {}));
  return item;
}

static Fallible<Value> listRemove(Thread& thread, Value self, Value element) {
  List* list = self.as<List>();
  int64_t i = TRY(sequenceFind(thread, self, element, 0, INT64_MAX));
  if (i < 0) return raiseValueError(thread, "list.remove(x): x not in list");
  if (static_cast<uint64_t>(i) < list->length) TRY(listReplaceRange(thread, list, i, i + 1, {}));
  return Value::none();
}

static Fallible<Value> listIndex(Thread& thread, Value self, Value element, Value startOrUnbound, Value stopOrUnbound) {
  uint64_t length = self.as<List>()->length;
  int64_t start = TRY(searchBound(thread, startOrUnbound, 0, length));
  int64_t stop = TRY(searchBound(thread, stopOrUnbound, INT64_MAX, length));
  int64_t i = TRY(sequenceFind(thread, self, element, start, stop));
  if (i >= 0) return Value::inlineInt(i);
  Str* text = TRY(repr(thread, element));
  fmt::memory_buffer buffer;
  return raiseValueError(thread, "{} is not in list", textOf(text, buffer));
}

static Fallible<Value> listCount(Thread& thread, Value self, Value element) {
  return Value::inlineInt(TRY(sequenceCount(thread, self, element)));
}

static Fallible<Value> listReverse(Thread&, Value self) {
  List* list = self.as<List>();
  if (list->length > 1) std::reverse(list->storage->slots, list->storage->slots + list->length);
  return Value::none();
}

static Fallible<Value> listClearMethod(Thread&, Value self) {
  listClear(self.as<List>());
  return Value::none();
}

static Fallible<Value> listCopy(Thread& thread, Value self) {
  return Value::of(TRY(makeList(thread, self.as<List>()->values())));
}

static Fallible<Value> listSortMethod(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kSort{"sort", {"*", "key", "reverse"}, 0};
  Value bound[2];
  TRY(kSort.bind(thread, arguments, bound));
  bool reverse = false;
  if (!bound[1].isUnbound()) {
    if (bound[1].isBool()) {
      reverse = bound[1].isTrue();
    } else {
      reverse = TRY(indexAsInt64(thread, bound[1], exceptions.OverflowError)) != 0;
    }
  }
  TRY(listSort(thread, self.as<List>(), bound[0].isUnbound() ? Value::none() : bound[0], reverse));
  return Value::none();
}

void declareListMethods(TypeBuilder& builder) {
  builder.method("clear", listClearMethod)
      .method("copy", listCopy)
      .method("append", listAppendMethod)
      .method("insert", listInsert)
      .method("extend", listExtendMethod)
      .method("pop", listPop, 1)
      .method("remove", listRemove)
      .method("index", listIndex, 2)
      .method("count", listCount)
      .method("reverse", listReverse)
      .variadic("sort", listSortMethod)
      .classMethod("__class_getitem__", classGetItemAlias);
}

}  // namespace krait
