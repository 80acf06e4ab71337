// Finds signatures in their lists, which are read into a table when the first is asked for.
#include "vm/builtins/signatures.h"

#include <string>
#include <string_view>
#include <unordered_map>

#include "vm/builtins/str.h"

namespace krait {
namespace {

struct Signature {
  std::string_view key;
  const char* text;
};
#define SIGNATURE(key, text) {key, text},
constexpr Signature kSignatures[] = {
#include "vm/builtins/signatures.def"
#include "vm/modules/signatures.def"
};
#undef SIGNATURE

const char* find(const std::string& key) {
  static const auto* table = [] {
    auto* made = new std::unordered_map<std::string_view, const char*>;
    for (const Signature& signature : kSignatures) made->emplace(signature.key, signature.text);
    return made;
  }();
  auto found = table->find(key);
  return found == table->end() ? nullptr : found->second;
}

}  // namespace

const char* signatureOf(const Builtin* builtin) {
  std::string name = strToUtf8(builtin->name);
  if (builtin->face == Builtin::kSlotWrapper) return find("slot " + name);
  if (builtin->face == Builtin::kConstructor) return "($type, *args, **kwargs)";
  Value owner = builtin->owner;
  if (isKind(owner, Kind::kType)) return find(strToUtf8(owner.as<Type>()->name) + "." + name);
  const Str* module = toStr(owner);
  if (module == nullptr || strEqualsUtf8(module, "builtins")) return find(name);
  return find(strToUtf8(module) + "." + name);
}

const char* signatureOf(const Type* type) {
  if (type->typeFlags & Type::kHeapType) return nullptr;
  return find("class " + strToUtf8(type->name));
}

}  // namespace krait
