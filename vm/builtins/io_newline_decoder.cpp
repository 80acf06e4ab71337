// io.IncrementalNewlineDecoder: universal newlines around another decoder, or around text.
#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"

namespace krait {
namespace {

struct NewlineDecoder : NativeObject {
  Field<Value> decoder;  // unbound before __init__
  NewlineState state;
};
void traceDecoder(Cell* cell, Marker& marker) { marker.mark(static_cast<NewlineDecoder*>(cell)->decoder); }
constexpr NativeTraits kTraits{"IncrementalNewlineDecoder", traceDecoder, nullptr};

Fallible<NewlineDecoder*> self_(Thread& thread, Value v) {
  auto* d = v.as<NewlineDecoder>();
  if (d->decoder.get().isUnbound()) {
    return raise(thread, exceptions.ValueError, "IncrementalNewlineDecoder.__init__() not called");
  }
  return d;
}

Fallible<Value> decoderNew(Thread& thread, Value self, const Arguments&) {
  auto* d = TRY(allocate<NewlineDecoder>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  d->traits = &kTraits;
  d->decoder = Value::unbound();
  return Value::of(d);
}
Fallible<Value> decoderInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"IncrementalNewlineDecoder", {"decoder", "translate", "errors"}, 2};
  Value bound[3];
  TRY(kParameters.bind(thread, arguments, bound));
  auto* d = self.as<NewlineDecoder>();
  bool translates = TRY(isTrue(thread, bound[1]));
  d->decoder = bound[0];
  d->state = NewlineState{};
  d->state.translates = translates;
  return Value::none();
}
Fallible<Value> decoderDecode(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"decode", {"input", "final"}, 1};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  NewlineDecoder* d = TRY(self_(thread, self));
  bool final = !bound[1].isUnbound() && TRY(isTrue(thread, bound[1]));
  Value input = bound[0];
  if (!d->decoder.get().isNone()) {
    Value parts[] = {input, Value::boolean(final)};
    input = TRY(callNamed(thread, d->decoder, "decode", parts));
  }
  Str* text = toStr(input);
  if (text == nullptr) {
    return raiseTypeError(thread, "decoder should return a string result, not '{}'", nameOf(input));
  }
  return Value::of(TRY(decodeNewlines(thread, d->state, text, final)));
}
Fallible<Value> decoderReset(Thread& thread, Value self) {
  NewlineDecoder* d = TRY(self_(thread, self));
  d->state.seen = 0;
  d->state.pendingReturn = false;
  if (!d->decoder.get().isNone()) return callNamed(thread, d->decoder, "reset");
  return Value::none();
}
// The state is the wrapped decoder's with a bit for the \r that is held back.
Fallible<Value> decoderGetstate(Thread& thread, Value self) {
  NewlineDecoder* d = TRY(self_(thread, self));
  Value buffer = Value::of(TRY(makeBytes(thread, {}))), flag = Value::inlineInt(0);
  if (!d->decoder.get().isNone()) {
    Value given = TRY(callNamed(thread, d->decoder, "getstate"));
    Tuple* state = toTuple(given);
    if (state == nullptr) return raise(thread, exceptions.TypeError, "illegal decoder state");
    if (state->length != 2 || !isInt(state->items[1])) {
      return raise(thread, exceptions.TypeError, "illegal decoder state");
    }
    buffer = state->items[0];
    flag = *toInt(state->items[1]);
  }
  Value bits = TRY(intLeftShift(thread, flag, Value::inlineInt(1)));
  if (d->state.pendingReturn) bits = TRY(intOr(thread, bits, Value::inlineInt(1)));
  return Value::of(TRY(makeTuple(thread, {buffer, bits})));
}
Fallible<Value> decoderSetstate(Thread& thread, Value self, Value given) {
  NewlineDecoder* d = TRY(self_(thread, self));
  Tuple* state = toTuple(given);
  if (state == nullptr) return raise(thread, exceptions.TypeError, "state argument must be a tuple");
  if (state->length != 2 || !isInt(state->items[1])) {
    return raise(thread, exceptions.TypeError, "setstate(): illegal state argument");
  }
  Value flag = *toInt(state->items[1]);
  d->state.pendingReturn = TRY(isTrue(thread, TRY(intAnd(thread, flag, Value::inlineInt(1)))));
  if (!d->decoder.get().isNone()) {
    Value rest = TRY(intRightShift(thread, flag, Value::inlineInt(1)));
    Value inner = Value::of(TRY(makeTuple(thread, {state->items[0], rest})));
    return callNamed(thread, d->decoder, "setstate", {&inner, 1});
  }
  return Value::none();
}
Fallible<Value> decoderNewlines(Thread& thread, Value self) {
  return newlinesSeen(thread, TRY(self_(thread, self))->state.seen);
}

}  // namespace

void initialiseNewlineDecoder(Thread& thread) {
  fileTypes.newlineDecoder = TypeBuilder(thread, "IncrementalNewlineDecoder", types.object, Kind::kNative)
                                 .module("_io")
                                 .flags(Type::kBaseType | Type::kInstantiable)
                                 .constructor(decoderNew)
                                 .specialVariadic("__init__", decoderInit)
                                 .variadic("decode", decoderDecode)
                                 .method("reset", decoderReset)
                                 .method("getstate", decoderGetstate)
                                 .method("setstate", decoderSetstate)
                                 .getter("newlines", decoderNewlines)
                                 .build();
}

}  // namespace krait
