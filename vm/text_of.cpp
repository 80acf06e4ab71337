// Names and text for messages.
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/type.h"
#include "vm/errors.h"

namespace krait {

std::string_view textOf(const Str* s, fmt::memory_buffer& buffer) {
  if (s->isAscii()) return s->asciiView();
  buffer.clear();
  for (uint64_t i = 0; i < s->length; i++) appendWtf8(buffer, s->at(i));
  return {buffer.data(), buffer.size()};
}

std::string_view nameOf(const Type* type) {
  const Str* name = type->name;
  if (name == nullptr) return "?";
  const Str* module = (type->typeFlags & Type::kHeapType) == 0 ? toStr(type->module) : nullptr;
  bool isQualified = module != nullptr && !strEqualsUtf8(module, "builtins");
  if (name->isAscii() && !isQualified) return name->asciiView();
  // Rare names are put together here; a few buffers are enough, because messages are built at once.
  static thread_local fmt::memory_buffer buffers[4];
  static thread_local unsigned next;
  fmt::memory_buffer& buffer = buffers[next++ % 4];
  buffer.clear();
  if (isQualified) {
    for (uint64_t i = 0; i < module->length; i++) appendWtf8(buffer, module->at(i));
    buffer.push_back('.');
  }
  for (uint64_t i = 0; i < name->length; i++) appendWtf8(buffer, name->at(i));
  return {buffer.data(), buffer.size()};
}

std::string_view nameOf(Value v) { return nameOf(typeOf(v)); }

}  // namespace krait
