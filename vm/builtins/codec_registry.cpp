// The registry of codecs: search functions, and what they found.
#include "vm/builtins/codecs.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/list.h"
#include "vm/builtins/tuple.h"
#include "vm/import.h"

namespace krait {
namespace {

// [0] list of search functions, [1] dict of what they found by normalised name.
RootVector& registry() {
  static RootVector* const roots = new RootVector;
  return *roots;
}
Fallible<void> prepareRegistry(Thread& thread) {
  if (registry().size() == 2) return {};
  Value functions = Value::of(TRY(makeListWithCapacity(thread, 0)));
  Value found = Value::of(TRY(makeDict(thread)));
  if (!registry().push(functions) || !registry().push(found)) return raiseMemoryError(thread);
  return {};
}
List* functions() { return registry()[0].as<List>(); }
Dict* found() { return registry()[1].as<Dict>(); }

// What search functions are given: lower case; letters, digits and '.' stay, runs of anything else are one '_'.
Fallible<Str*> normalisedName(Thread& thread, std::string_view name) {
  std::string text;
  bool gap = false;
  for (char c : name) {
    bool isKept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
    if (!isKept && !(static_cast<uint8_t>(c) & 0x80)) {
      gap = true;
      continue;
    }
    if (gap && !text.empty()) text += '_';
    gap = false;
    if (!(static_cast<uint8_t>(c) & 0x80)) text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return intern(thread, text);
}

}  // namespace

// The pending exception of a codec says which codec it was: CPython wraps it, keeping its class, when it has one
// argument at most and no state of its own.
Raised explainCodecFailure(Thread& thread, std::string_view encoding, int which) {
  if (thread.exception.isUnbound() || !isException(thread.exception)) return Raised{};
  Value error = thread.exception;
  Type* type = typeOf(error);
  // Built-in classes have wrappers of their own around the same function.
  auto isInherited = [type](Special special) {
    Value own = lookupOnType(type, specialName(special));
    Value base = lookupOnType(exceptions.Exception, specialName(special));
    if (own.is(base)) return true;
    return isKind(own, Kind::kBuiltin) && isKind(base, Kind::kBuiltin) &&
           own.as<Builtin>()->function == base.as<Builtin>()->function;
  };
  bool isPlain = isInherited(Special::k__init__) && isInherited(Special::k__new__);
  for (Type* special :
       {exceptions.OSError, exceptions.SyntaxError, exceptions.ImportError, exceptions.MemoryError,
        exceptions.NameError, exceptions.AttributeError, exceptions.StopIteration, exceptions.UnicodeDecodeError,
        exceptions.UnicodeEncodeError, exceptions.UnicodeTranslateError}) {
    isPlain = isPlain && !isSubtype(type, special);
  }
  const Exception* exception = error.as<Exception>();
  if (!isPlain || exception->arguments->length > 1) return Raised{};
  if (exception->arguments->length == 1 && toStr(exception->arguments->items[0]) == nullptr) return Raised{};
  if (exception->overflow.get() != nullptr) return Raised{};
  takeException(thread);
  std::string text = strToUtf8(TRY(str(thread, error)));
  static_cast<void>(raiseInstance(thread, error));
  fmt::memory_buffer message;
  fmt::format_to(std::back_inserter(message), "{} with '{}' codec failed ({}: {})",
                 which == 0 ? "encoding" : "decoding", encoding, nameOf(type), text);
  return raiseFromPending(thread, type, {message.data(), message.size()});
}

Fallible<Value> lookUpCodec(Thread& thread, std::string_view name) {
  TRY(prepareRegistry(thread));
  Str* key = TRY(normalisedName(thread, name));
  Value cached = dictGetStr(found(), key);
  if (!cached.isUnbound()) return cached;
  if (functions()->length == 0) TRY(importModule(thread, TRY(intern(thread, "encodings"))));
  for (uint64_t i = 0; i < functions()->length; i++) {
    Value info = TRY(call(thread, functions()->storage->slots[i], Value::of(key)));
    if (info.isNone()) continue;
    if (toTuple(info) == nullptr || toTuple(info)->length != 4) {
      return raise(thread, exceptions.TypeError, "codec search functions must return 4-tuples");
    }
    TRY(dictSetStr(thread, found(), key, info));
    return info;
  }
  return raiseFormat(thread, exceptions.LookupError, "unknown encoding: {}", name);
}

Fallible<void> registerCodecSearch(Thread& thread, Value function) {
  if (!isCallable(function)) return raise(thread, exceptions.TypeError, "argument must be callable");
  TRY(prepareRegistry(thread));
  return listAppend(thread, functions(), function);
}

Fallible<void> unregisterCodecSearch(Thread& thread, Value function) {
  TRY(prepareRegistry(thread));
  List* list = functions();
  for (uint64_t i = 0; i < list->length; i++) {
    if (!list->storage->slots[i].is(function)) continue;
    for (uint64_t k = i + 1; k < list->length; k++) list->storage->slots[k - 1] = list->storage->slots[k];
    list->length--;
    dictClear(found());
    break;
  }
  return {};
}

Fallible<Value> runCodec(Thread& thread, Value object, std::string_view encoding, std::string_view errors, int which) {
  Value info = TRY(lookUpCodec(thread, encoding));
  Value handler = errors.empty() ? Value::unbound() : Value::of(TRY(makeStr(thread, errors)));
  Value arguments[] = {object, handler};
  auto result = call(thread, toTuple(info)->items[static_cast<size_t>(which)].get(),
                     {arguments, errors.empty() ? size_t{1} : size_t{2}});
  if (result.isRaised()) return explainCodecFailure(thread, encoding, which);
  Tuple* pair = toTuple(result.value());
  if (pair == nullptr || pair->length != 2) {
    return raiseTypeError(thread, "{} must return a tuple (object, integer)", which == 0 ? "encoder" : "decoder");
  }
  return pair->items[0].get();
}

Fallible<void> requireTextCodec(Thread& thread, Value info, std::string_view encoding, const char* alternative) {
  if (typeOf(info) == types.tuple) return {};
  Value isText = TRY(getAttributeOrUnbound(thread, info, TRY(intern(thread, "_is_text_encoding"))));
  if (isText.isUnbound() || TRY(isTrue(thread, isText))) return {};
  return raiseFormat(thread, exceptions.LookupError, "'{}' is not a text encoding; use {} to handle arbitrary codecs",
                     encoding, alternative);
}

}  // namespace krait
