// Short texts of values. What a class defines (__repr__, properties) is never asked: only cells of built-in layout are
// read.
#include "dispatch/trace_values.h"

#include <fmt/core.h>

#include <string_view>
#include <vector>

#include "vm/builtins/bytes.h"
#include "vm/builtins/complex.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/float.h"
#include "vm/builtins/function.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/range.h"
#include "vm/builtins/set.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/code.h"
#include "vm/names.h"
#include "vm/unicode.h"

namespace krait {
namespace {

constexpr uint64_t kTextLength = 24;  // characters of a str, bytes of a bytes
constexpr unsigned kItems = 5;        // of a container
constexpr int kNesting = 2;
constexpr uint64_t kExactLimbs = 8;  // longer ints are described

std::string textOf(Value v, int nesting);

std::string plain(const Str* text) {
  std::string utf8 = strToUtf8(text);
  for (char& c : utf8)
    if (static_cast<unsigned char>(c) < ' ') c = '?';
  return utf8;
}
std::string nameText(Value name) {
  const Str* text = toStr(name);
  return text == nullptr ? "?" : plain(text);
}

// `onlyAscii`: as in bytes.
void appendEscaped(std::string& out, uint32_t c, char quote, bool onlyAscii) {
  if (c == static_cast<unsigned char>(quote) || c == '\\') {
    out += '\\';
    out += static_cast<char>(c);
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c < ' ' || c == 0x7f) {
    out += fmt::format("\\x{:02x}", c);
  } else if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (onlyAscii || !unicode::isPrintable(c)) {
    out += c < 0x100     ? fmt::format("\\x{:02x}", c)
           : c < 0x10000 ? fmt::format("\\u{:04x}", c)
                         : fmt::format("\\U{:08x}", c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    if (c < 0x10000) {
      out += static_cast<char>(0xe0 | c >> 12);
    } else {
      out += static_cast<char>(0xf0 | c >> 18);
      out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    }
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

template <class At>
std::string quoted(uint64_t length, bool onlyAscii, At at) {
  char quote = '\'';
  for (uint64_t i = 0; i < length && i < kTextLength; i++) {
    if (at(i) == '"') {
      quote = '\'';
      break;
    }
    if (at(i) == '\'') quote = '"';
  }
  std::string out(1, quote);
  for (uint64_t i = 0; i < length && i < kTextLength; i++) appendEscaped(out, at(i), quote, onlyAscii);
  if (length > kTextLength) out += "...";
  return out + quote;
}

// Decimal digits by repeated division; the middle of many digits is left out.
std::string bigText(const BigInt* big) {
  const char* sign = big->isNegative() ? "-" : "";
  if (big->size > kExactLimbs)
    return fmt::format("<{}int of {} bits>", sign, big->size * 64 - __builtin_clzll(big->limbs[big->size - 1]));
  std::vector<uint64_t> limbs(big->limbs, big->limbs + big->size);
  std::string digits;
  while (!limbs.empty()) {
    unsigned __int128 rest = 0;
    for (size_t i = limbs.size(); i-- > 0;) {
      rest = rest << 64 | limbs[i];
      limbs[i] = static_cast<uint64_t>(rest / 1000000000);
      rest %= 1000000000;
    }
    while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
    std::string part = std::to_string(static_cast<uint64_t>(rest));
    digits.insert(0, limbs.empty() ? part : std::string(9 - part.size(), '0') + part);
  }
  if (digits.size() > 40)
    digits = fmt::format("{}...{} ({} digits)", digits.substr(0, 10), digits.substr(digits.size() - 10), digits.size());
  return sign + digits;
}

std::string items(std::span<const Value> values, int nesting) {
  std::string out;
  for (size_t i = 0; i < values.size(); i++) {
    if (i == kItems) return out + fmt::format(", ...{} more", values.size() - i);
    out += (i == 0 ? "" : ", ") + textOf(values[i], nesting);
  }
  return out;
}

std::string setText(const Set* set, int nesting) {
  std::string out;
  uint64_t position = 0;
  unsigned shown = 0;
  for (Value key; setNext(set, position, key); shown++) {
    if (shown == kItems) return out + fmt::format(", ...{} more", set->used - shown);
    out += (shown == 0 ? "" : ", ") + textOf(key, nesting);
  }
  return out;
}

std::string dictText(const Dict* dict, int nesting) {
  const DictKeys* keys = dict->keys;
  std::string out;
  unsigned shown = 0;
  for (uint32_t i = 0; keys != nullptr && i < keys->entryCount; i++) {
    const DictEntry& entry = keys->entries[i];
    if (entry.key.get().isUnbound()) continue;
    if (shown == kItems) return "{" + out + fmt::format(", ...{} more}}", dict->length - shown);
    out += (shown++ == 0 ? "" : ", ") + textOf(entry.key, nesting) + ": " + textOf(entry.value, nesting);
  }
  return "{" + out + "}";
}

std::string moduleText(const Module* module) {
  Value name = module->dict.get() == nullptr ? Value::unbound() : dictGetStr(module->dict, names.dunder_name);
  return name.isUnbound() ? "<module>" : fmt::format("<module {}>", nameText(name));
}

// Containers whose type is exactly the built-in one; empty for everything else.
std::string containerText(Value v, const Type* type, int nesting) {
  bool isDeep = nesting >= kNesting;
  if (type == types.tuple) {
    std::span<const Value> values = v.as<Tuple>()->values();
    if (isDeep && !values.empty()) return "(...)";
    return "(" + items(values, nesting + 1) + (values.size() == 1 ? ",)" : ")");
  }
  if (type == types.list) {
    std::span<const Value> values = v.as<List>()->values();
    return isDeep && !values.empty() ? "[...]" : "[" + items(values, nesting + 1) + "]";
  }
  if (type == types.dict) {
    if (isDeep && v.as<Dict>()->length != 0) return "{...}";
    return dictText(v.as<Dict>(), nesting + 1);
  }
  if (type == types.set || type == types.frozenset) {
    const Set* set = v.as<Set>();
    std::string body = set->used == 0 ? "" : "{" + (isDeep ? "..." : setText(set, nesting + 1)) + "}";
    if (type == types.set) return body.empty() ? "set()" : body;
    return "frozenset(" + body + ")";
  }
  return "";
}

std::string numberText(Value v, const Type* type) {
  if (type == types.int_) return v.isInlineInt() ? std::to_string(v.asInlineInt()) : bigText(v.as<BigInt>());
  if (type == types.float_) return floatRepr(floatValue(v));
  const Complex* z = v.as<Complex>();
  auto part = [](double d) {
    std::string text = floatRepr(d);
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
  };
  std::string imaginary = part(z->imaginary);
  if (imaginary[0] != '-') imaginary = "+" + imaginary;
  return "(" + part(z->real) + imaginary + "j)";
}

std::string calledText(Value v) {
  switch (v.asCell()->kind) {
    case Kind::kFunction: return fmt::format("<function {}>", nameText(v.as<Function>()->qualname));
    case Kind::kBuiltin: return fmt::format("<built-in {}>", plain(v.as<Builtin>()->name));
    case Kind::kMethod: {
      Value function = v.as<Method>()->function;
      if (isKind(function, Kind::kFunction))
        return fmt::format("<method {}>", nameText(function.as<Function>()->qualname));
      if (isKind(function, Kind::kBuiltin)) return fmt::format("<method {}>", plain(function.as<Builtin>()->name));
      return "<method>";
    }
    case Kind::kType: return fmt::format("<class {}>", plain(v.as<Type>()->name));
    case Kind::kCode: return fmt::format("<code {}>", plain(v.as<Code>()->qualname));
    case Kind::kGenerator: return fmt::format("<{} {}>", plain(typeOf(v)->name), plain(v.as<Generator>()->qualname));
    case Kind::kModule: return moduleText(v.as<Module>());
    default: return "";
  }
}

std::string textOf(Value v, int nesting) {
  if (v.isUnbound()) return "NULL";
  if (v.isNone()) return "None";
  if (v.isTrue()) return "True";
  if (v.isFalse()) return "False";
  if (v.isError()) return "<error>";
  const Type* type = typeOf(v);
  if (type == types.int_ || type == types.float_ || type == types.complex) return numberText(v, type);
  if (!v.isCell()) return v.isEllipsis() ? "Ellipsis" : v.isNotImplemented() ? "NotImplemented" : plain(type->name);
  if (type == types.str) {
    const Str* text = v.as<Str>();
    return quoted(text->length, false, [&](uint64_t i) { return text->at(i); });
  }
  if (type == types.bytes) {
    const Bytes* bytes = v.as<Bytes>();
    return "b" + quoted(bytes->length, true, [&](uint64_t i) { return uint32_t{bytes->data[i]}; });
  }
  if (std::string container = containerText(v, type, nesting); !container.empty()) return container;
  if (type == types.range) {
    const Range* range = v.as<Range>();
    std::string step = textOf(range->step, nesting);
    return fmt::format("range({}, {}{})", textOf(range->start, nesting), textOf(range->stop, nesting),
                       step == "1" ? "" : ", " + step);
  }
  if (type == types.slice) {
    const Slice* slice = v.as<Slice>();
    return fmt::format("slice({}, {}, {})", textOf(slice->start, nesting), textOf(slice->stop, nesting),
                       textOf(slice->step, nesting));
  }
  if (isKind(v, Kind::kCellvar)) {
    Value content = v.as<Cellvar>()->content;
    if (content.isUnbound()) return "<empty cell>";
    return nesting >= kNesting ? "<cell>" : fmt::format("<cell {}>", textOf(content, nesting + 1));
  }
  if (isException(v)) {
    const Tuple* arguments = v.as<Exception>()->arguments;
    if (nesting >= kNesting || arguments == nullptr) return plain(type->name) + "(...)";
    return plain(type->name) + "(" + items(arguments->values(), nesting + 1) + ")";
  }
  if (std::string called = calledText(v); !called.empty()) return called;
  return fmt::format("<{}{}>", plain(type->name), (type->typeFlags & Type::kHeapType) ? " object" : "");
}

}  // namespace

std::string shortText(Value v) { return textOf(v, 0); }

}  // namespace krait
