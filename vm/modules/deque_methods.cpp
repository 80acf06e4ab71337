// collections.deque: its named methods.
#include "vm/builtins/descriptors.h"
#include "vm/builtins/int.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/deque.h"

namespace krait {
namespace {

Fallible<Value> append(Thread& thread, Value self, Value item) {
  TRY(dequePush(thread, self.as<Deque>(), item));
  return Value::none();
}
Fallible<Value> appendLeft(Thread& thread, Value self, Value item) {
  TRY(dequePushLeft(thread, self.as<Deque>(), item));
  return Value::none();
}

KRAIT_COLD Raised raiseEmpty(Thread& thread) { return raise(thread, exceptions.IndexError, "pop from an empty deque"); }
Fallible<Value> pop(Thread& thread, Value self) {
  if (self.as<Deque>()->length == 0) return raiseEmpty(thread);
  return dequePop(self.as<Deque>());
}
Fallible<Value> popLeft(Thread& thread, Value self) {
  if (self.as<Deque>()->length == 0) return raiseEmpty(thread);
  return dequePopLeft(self.as<Deque>());
}

Fallible<Value> extend(Thread& thread, Value self, Value iterable) {
  TRY(dequeExtend(thread, self.as<Deque>(), iterable, false));
  return Value::none();
}
Fallible<Value> extendLeft(Thread& thread, Value self, Value iterable) {
  TRY(dequeExtend(thread, self.as<Deque>(), iterable, true));
  return Value::none();
}
Fallible<Value> clear(Thread&, Value self) {
  dequeClear(self.as<Deque>());
  return Value::none();
}

Fallible<Value> copy(Thread& thread, Value self) {
  Deque* deque = self.as<Deque>();
  if (typeOf(self) == dequeType) {
    Deque* made = TRY(makeDeque(thread, dequeType, deque->maxLength));
    Value result = Value::of(made);
    for (uint64_t i = 0; i < deque->length; i++) TRY(dequePush(thread, made, deque->at(i)));
    return result;
  }
  Value type = Value::of(typeOf(self));
  Value made = deque->maxLength < 0 ? TRY(call(thread, type, self))
                                    : TRY(call(thread, type, self, TRY(makeInt(thread, deque->maxLength))));
  if (toDeque(made) != nullptr) return made;
  return raiseTypeError(thread, "{}() must return a deque, not {}", nameOf(typeOf(self)), nameOf(made));
}

Fallible<Value> count(Thread& thread, Value self, Value element) {
  Deque* deque = self.as<Deque>();
  uint64_t version = deque->version;
  int64_t found = 0;
  for (uint64_t i = 0; i < deque->length; i++) {
    if (TRY(equals(thread, deque->at(i), element))) found++;
    if (deque->version != version) return raiseDequeMutated(thread);
  }
  return Value::inlineInt(found);
}

KRAIT_COLD Raised raiseNotFound(Thread& thread, Value element) {
  fmt::memory_buffer buffer;
  return raiseValueError(thread, "{} is not in deque", textOf(TRY(repr(thread, element)), buffer));
}

Fallible<Value> indexOf(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "deque.index"));
  if (arguments.positional < 1 || arguments.positional > 3) {
    return raiseTypeError(thread, "index() takes {} ({} given)",
                          arguments.positional < 1 ? "at least 1 argument" : "at most 3 arguments",
                          arguments.positional);
  }
  Deque* deque = self.as<Deque>();
  Value given[2] = {Value::unbound(), Value::unbound()};
  for (uint32_t i = 1; i < arguments.positional; i++) given[i - 1] = arguments[i];
  uint64_t version = deque->version, length = deque->length;
  int64_t start = TRY(searchBound(thread, given[0], 0, length));
  int64_t stop = TRY(searchBound(thread, given[1], static_cast<int64_t>(length), length));
  for (int64_t i = start; i < stop && static_cast<uint64_t>(i) < deque->length; i++) {
    if (TRY(equals(thread, deque->at(static_cast<uint64_t>(i)), arguments[0]))) return Value::inlineInt(i);
    if (deque->version != version) return raiseDequeMutated(thread);
  }
  return raiseNotFound(thread, arguments[0]);
}

Fallible<Value> insert(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "deque.insert"));
  if (arguments.positional != 2)
    return raiseTypeError(thread, "insert() takes exactly 2 arguments ({} given)", arguments.positional);
  int64_t i = TRY(indexAsInt64(thread, arguments[0], exceptions.OverflowError));
  Deque* deque = self.as<Deque>();
  int64_t length = static_cast<int64_t>(deque->length);
  if (deque->maxLength >= 0 && length >= deque->maxLength)
    return raise(thread, exceptions.IndexError, "deque already at its maximum size");
  if (i < 0) i = std::max<int64_t>(0, i + length);
  i = std::min(i, length);
  if (i <= length / 2) {
    TRY(dequePushLeft(thread, deque, arguments[1]));
    for (int64_t j = 0; j < i; j++) deque->at(static_cast<uint64_t>(j)) = deque->at(static_cast<uint64_t>(j) + 1);
  } else {
    TRY(dequePush(thread, deque, arguments[1]));
    for (int64_t j = length; j > i; j--) deque->at(static_cast<uint64_t>(j)) = deque->at(static_cast<uint64_t>(j) - 1);
  }
  deque->at(static_cast<uint64_t>(i)) = arguments[1];
  return Value::none();
}

Fallible<Value> removeOne(Thread& thread, Value self, Value element) {
  Deque* deque = self.as<Deque>();
  uint64_t version = deque->version, length = deque->length;
  for (uint64_t i = 0; i < length; i++) {
    bool equal = TRY(equals(thread, deque->at(i), element));
    if (deque->version != version) return raise(thread, exceptions.IndexError, "deque mutated during iteration");
    if (!equal) continue;
    TRY(dequeErase(thread, deque, i));
    return Value::none();
  }
  return raiseNotFound(thread, element);
}

Fallible<Value> reverse(Thread&, Value self) {
  Deque* deque = self.as<Deque>();
  if (deque->length < 2) return Value::none();
  for (uint64_t i = 0, j = deque->length - 1; i < j; i++, j--) std::swap(deque->at(i), deque->at(j));
  return Value::none();
}

Fallible<Value> rotate(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "deque.rotate"));
  TRY(arguments.count(thread, "deque.rotate", 0, 1));
  int64_t steps = arguments.positional == 0 ? 1 : TRY(indexAsInt64(thread, arguments[0], exceptions.OverflowError));
  dequeRotate(self.as<Deque>(), steps);
  return Value::none();
}

Fallible<Value> reduce(Thread& thread, Value self) {
  Value state = TRY(callMethod(thread, self, TRY(intern(thread, "__getstate__")), {}));
  Value items = TRY(iterate(thread, self)), none = Value::of(emptyTuple());
  Value arguments = none;
  if (self.as<Deque>()->maxLength >= 0) {
    Value bound = TRY(makeInt(thread, self.as<Deque>()->maxLength));
    arguments = Value::of(TRY(makeTuple(thread, {none, bound})));
  }
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), arguments, state, items})));
}

Fallible<Value> sizeOf(Thread&, Value self) {
  return Value::inlineInt(static_cast<int64_t>(sizeof(Deque) + self.as<Deque>()->capacity * sizeof(Value)));
}

Fallible<Value> maxLength(Thread& thread, Value self) {
  int64_t bound = self.as<Deque>()->maxLength;
  return bound < 0 ? Value::none() : TRY(makeInt(thread, bound));
}

}  // namespace

void declareDequeMethods(TypeBuilder& builder) {
  builder.method("append", append)
      .method("appendleft", appendLeft)
      .method("pop", pop)
      .method("popleft", popLeft)
      .method("extend", extend)
      .method("extendleft", extendLeft)
      .method("clear", clear)
      .method("copy", copy)
      .method("__copy__", copy)
      .method("count", count)
      .variadic("index", indexOf)
      .variadic("insert", insert)
      .method("remove", removeOne)
      .method("reverse", reverse)
      .variadic("rotate", rotate)
      .method("__reduce__", reduce)
      .method("__sizeof__", sizeOf)
      .getter("maxlen", maxLength);
}

}  // namespace krait
