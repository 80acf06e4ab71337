// json.encoder's c_make_encoder: objects to JSON text without indentation.
#include <cmath>

#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/functions.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/json_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

struct Encoder : NativeObject {
  Field<Value> markers, otherwise, encoder, indent, keySeparator, itemSeparator;
  bool sortsKeys, skipsKeys, allowsNan;
  enum : uint8_t { kPython, kPlain, kAscii } strings;  // what `encoder` is
};
void traceEncoder(Cell* cell, Marker& marker) {
  auto* e = static_cast<Encoder*>(cell);
  for (Field<Value>* field :
       {&e->markers, &e->otherwise, &e->encoder, &e->indent, &e->keySeparator, &e->itemSeparator}) {
    marker.mark(*field);
  }
}
constexpr NativeTraits kTraits{"Encoder", traceEncoder, nullptr};

Encoder* self_(Value v) { return v.as<Encoder>(); }

constexpr char kDigits[] = "0123456789abcdef";

void appendUnicodeEscape(StrBuilder& out, uint32_t unit) {
  char text[6] = {
      '\\', 'u', kDigits[unit >> 12 & 15], kDigits[unit >> 8 & 15], kDigits[unit >> 4 & 15], kDigits[unit & 15]};
  out.append(std::string_view(text, 6));
}

bool isPlain(uint32_t c, bool ascii) { return c >= 32 && c != '"' && c != '\\' && (!ascii || c < 127); }

void appendQuoted(StrBuilder& out, const Str* s, bool ascii) {
  out.appendCharacter('"');
  uint64_t start = 0;
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    if (isPlain(c, ascii)) continue;
    out.append(s, start, i);
    start = i + 1;
    switch (c) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '\t': out.append("\\t"); break;
      case '\f': out.append("\\f"); break;
      case '\b': out.append("\\b"); break;
      default:
        if (c < 0x10000) {
          appendUnicodeEscape(out, c);
        } else {
          appendUnicodeEscape(out, 0xd7c0 + (c >> 10));
          appendUnicodeEscape(out, 0xdc00 + (c & 0x3ff));
        }
    }
  }
  out.append(s, start, s->length);
  out.appendCharacter('"');
}

Fallible<Value> quoted(Thread& thread, Value text, bool ascii) {
  const Str* s = toStr(text);
  if (s == nullptr) return raiseTypeError(thread, "first argument must be a string, not {}", nameOf(text));
  StrBuilder out;
  appendQuoted(out, s, ascii);
  return Value::of(TRY(out.build(thread)));
}

// --- values -----------------------------------------------------------------------------------------------------------
Fallible<void> encodeAny(Thread& thread, Encoder* e, StrBuilder& out, Value v);

Fallible<void> encodeText(Thread& thread, Encoder* e, StrBuilder& out, Value v) {
  if (e->strings != Encoder::kPython) {
    appendQuoted(out, toStr(v), e->strings == Encoder::kAscii);
    return {};
  }
  Value made = TRY(call(thread, e->encoder, v));
  const Str* s = toStr(made);
  if (s == nullptr) return raiseTypeError(thread, "encoder() must return a string, not {}", nameOf(made));
  out.append(s);
  return {};
}

Fallible<void> appendFloat(Thread& thread, Encoder* e, StrBuilder& out, double d) {
  if (std::isfinite(d)) {
    out.append(floatRepr(d));
    return {};
  }
  if (!e->allowsNan) {
    return raise(thread, exceptions.ValueError, "Out of range float values are not JSON compliant");
  }
  out.append(std::isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
  return {};
}

// Notes that a container is being encoded; "Circular reference detected" when it is already.
Fallible<Value> enter(Thread& thread, Encoder* e, Value container) {
  if (e->markers.get().isNone()) return Value::unbound();
  Value id = TRY(identityOf(thread, container));
  Dict* markers = e->markers.get().as<Dict>();
  if (TRY(dictContains(thread, markers, id))) {
    return raise(thread, exceptions.ValueError, "Circular reference detected");
  }
  TRY(dictSet(thread, markers, id, container));
  return id;
}
Fallible<void> leave(Thread& thread, Encoder* e, Value id) {
  if (!id.isUnbound()) TRY(dictDelete(thread, e->markers.get().as<Dict>(), id));
  return {};
}

Fallible<void> encodeSequence(Thread& thread, Encoder* e, StrBuilder& out, Value v) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while encoding a JSON object");
  auto view = [v]() -> std::span<const Value> {
    return toTuple(v) != nullptr ? toTuple(v)->values() : toList(v)->values();
  };
  if (view().empty()) {
    out.append("[]");
    return {};
  }
  Value id = TRY(enter(thread, e, v));
  out.appendCharacter('[');
  const Str* separator = toStr(e->itemSeparator);
  for (uint64_t i = 0; i < view().size(); i++) {
    if (i != 0) out.append(separator);
    TRY(encodeAny(thread, e, out, view()[i]));
  }
  out.appendCharacter(']');
  return leave(thread, e, id);
}

// False for keys that are skipped.
Fallible<bool> encodeKey(Thread& thread, Encoder* e, StrBuilder& out, Value key) {
  if (toStr(key) != nullptr) {
    TRY(encodeText(thread, e, out, key));
    return true;
  }
  StrBuilder text;
  if (isFloat(key)) {
    TRY(appendFloat(thread, e, text, floatValue(key)));
  } else if (key.isTrue() || key.isFalse() || key.isNone()) {
    text.append(key.isTrue() ? "true" : key.isFalse() ? "false" : "null");
  } else if (isInt(key)) {
    text.append(TRY(intToText(thread, *toInt(key))));
  } else if (e->skipsKeys) {
    return false;
  } else {
    return raiseTypeError(thread, "keys must be str, int, float, bool or None, not {}", nameOf(key));
  }
  TRY(encodeText(thread, e, out, Value::of(TRY(text.build(thread)))));
  return true;
}

Fallible<void> encodeItem(Thread& thread, Encoder* e, StrBuilder& out, Value key, Value value, bool& isFirst) {
  // A key that is skipped leaves no separator behind: its text is made apart when it may be skipped.
  bool maySkip = e->skipsKeys && toStr(key) == nullptr;
  if (maySkip) {
    StrBuilder probe;
    if (!TRY(encodeKey(thread, e, probe, key))) return {};
  }
  if (!isFirst) out.append(toStr(e->itemSeparator));
  isFirst = false;
  TRY(encodeKey(thread, e, out, key));
  out.append(toStr(e->keySeparator));
  return encodeAny(thread, e, out, value);
}

Fallible<void> encodeDict(Thread& thread, Encoder* e, StrBuilder& out, Value v) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while encoding a JSON object");
  Dict* dict = toDict(v);
  if (dict->length == 0) {
    out.append("{}");
    return {};
  }
  Value id = TRY(enter(thread, e, v));
  out.appendCharacter('{');
  bool isFirst = true;
  if (e->sortsKeys || typeOf(v) != types.dict) {
    Value pairs = TRY(callMethod(thread, v, names.items, {}));
    List* items = TRY(listFromIterable(thread, pairs));
    if (e->sortsKeys) TRY(listSort(thread, items, Value::none(), false));
    for (uint64_t i = 0; i < items->length; i++) {
      Tuple* pair = toTuple(items->storage->slots[i]);
      if (pair == nullptr || pair->length != 2) {
        return raise(thread, exceptions.ValueError, "items must return 2-tuples");
      }
      TRY(encodeItem(thread, e, out, pair->items[0], pair->items[1], isFirst));
    }
  } else {
    uint64_t position = 0;
    Value key, value;
    while (dictNext(dict, position, key, value)) TRY(encodeItem(thread, e, out, key, value, isFirst));
  }
  out.appendCharacter('}');
  return leave(thread, e, id);
}

Fallible<void> encodeAny(Thread& thread, Encoder* e, StrBuilder& out, Value v) {
  if (v.isNone()) {
    out.append("null");
  } else if (v.isBool()) {
    out.append(v.isTrue() ? "true" : "false");
  } else if (toStr(v) != nullptr) {
    return encodeText(thread, e, out, v);
  } else if (v.isInlineInt()) {
    char text[24];
    auto end = fmt::format_to(text, "{}", v.asInlineInt());
    out.append(std::string_view(text, static_cast<size_t>(end - text)));
  } else if (isFloat(v)) {
    return appendFloat(thread, e, out, floatValue(v));
  } else if (isInt(v)) {
    out.append(TRY(intToText(thread, *toInt(v))));
  } else if (toList(v) != nullptr || toTuple(v) != nullptr) {
    return encodeSequence(thread, e, out, v);
  } else if (toDict(v) != nullptr) {
    return encodeDict(thread, e, out, v);
  } else {
    Value id = TRY(enter(thread, e, v));
    Value other = TRY(call(thread, e->otherwise, v));
    KRAIT_CHECK_NATIVE_STACK(thread, " while encoding a JSON object");
    TRY(encodeAny(thread, e, out, other));
    return leave(thread, e, id);
  }
  return {};
}

// --- the class --------------------------------------------------------------------------------------------------------
Fallible<Value> encoderNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"make_encoder",
                                          {"markers", "default", "encoder", "indent", "key_separator", "item_separator",
                                           "sort_keys", "skipkeys", "allow_nan"},
                                          9};
  Value bound[9];
  TRY(kParameters.bind(thread, arguments, bound));
  for (int i : {4, 5}) {
    if (toStr(bound[i]) == nullptr) {
      return raiseTypeError(thread, "make_encoder() argument {} must be str, not {}", i + 1,
                            argumentTypeName(bound[i]));
    }
  }
  if (!bound[0].isNone() && toDict(bound[0]) == nullptr) {
    return raiseTypeError(thread, "make_encoder() argument 1 must be dict or None, not {}", nameOf(bound[0]));
  }
  bool flags[3];
  for (int i = 0; i < 3; i++) flags[i] = TRY(isTrue(thread, bound[6 + i]));
  auto* e = TRY(allocate<Encoder>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  e->traits = &kTraits;
  e->markers = bound[0];
  e->otherwise = bound[1];
  e->encoder = bound[2];
  e->indent = bound[3];
  e->keySeparator = bound[4];
  e->itemSeparator = bound[5];
  e->sortsKeys = flags[0];
  e->skipsKeys = flags[1];
  e->allowsNan = flags[2];
  e->strings = Encoder::kPython;
  if (isKind(bound[2], Kind::kBuiltin)) {
    void* function = bound[2].as<Builtin>()->function;
    if (function == reinterpret_cast<void*>(jsonEncodeString)) e->strings = Encoder::kPlain;
    if (function == reinterpret_cast<void*>(jsonEncodeAscii)) e->strings = Encoder::kAscii;
  }
  return Value::of(e);
}

Fallible<Value> encoderCall(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"_iterencode", {"obj", "_current_indent_level"}, 2};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  StrBuilder out;
  TRY(encodeAny(thread, self_(self), out, bound[0]));
  Value text = Value::of(TRY(out.build(thread)));
  return Value::of(TRY(makeList(thread, {&text, 1})));
}

template <Field<Value> Encoder::*kField>
Fallible<Value> get(Thread&, Value self) {
  return (self_(self)->*kField).get();
}
Fallible<Value> getSortKeys(Thread&, Value self) { return Value::boolean(self_(self)->sortsKeys); }
Fallible<Value> getSkipKeys(Thread&, Value self) { return Value::boolean(self_(self)->skipsKeys); }

}  // namespace

Fallible<Value> jsonEncodeString(Thread& thread, Value text) { return quoted(thread, text, false); }
Fallible<Value> jsonEncodeAscii(Thread& thread, Value text) { return quoted(thread, text, true); }

void declareJsonEncoder(TypeBuilder& type) {
  type.module("_json")
      .doc("Writes objects as JSON text, in pieces.")
      .flags(Type::kBaseType | Type::kInstantiable)
      .constructor(encoderNew)
      .specialVariadic("__call__", encoderCall)
      .getter("markers", get<&Encoder::markers>)
      .getter("default", get<&Encoder::otherwise>)
      .getter("encoder", get<&Encoder::encoder>)
      .getter("indent", get<&Encoder::indent>)
      .getter("key_separator", get<&Encoder::keySeparator>)
      .getter("item_separator", get<&Encoder::itemSeparator>)
      .getter("sort_keys", getSortKeys)
      .getter("skipkeys", getSkipKeys);
}

}  // namespace krait
