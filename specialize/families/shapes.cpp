// Looks up what the attribute families cache: slots of instances, entries of modules.
#include "specialize/families/shapes.h"

#include "vm/builtins/bytes.h"
#include "vm/builtins/list.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait {

namespace shapes {

  OwnSlot ownSlot(const Cell* cell, const Str* name) {
    const Shape* shape = cell->shape();
    if (!hasAttributes(cell) || shape->isDictionary || cell->kind == Kind::kModule || cell->kind == Kind::kType)
      return {false, 0, PolymorphicEntry::kInline};
    int64_t slot = findSlot(shape, name);
    if (slot < 0 || slot > UINT16_MAX) return {false, 0, PolymorphicEntry::kInline};
    if (slot < shape->inlineCapacity) return {true, static_cast<uint16_t>(slot), PolymorphicEntry::kInline};
    return {true, static_cast<uint16_t>(slot - shape->inlineCapacity), PolymorphicEntry::kOverflow};
  }

  const Field<Value>* moduleLocation(Module* module, const Str* name, uint32_t& version) {
    Dict* dict = module->dict;
    if (!dict->allStrings) return nullptr;
    DictEntry* entry = dictFindStr(dict, name);
    if (entry == nullptr) return nullptr;
    version = dictKeysVersion(dict);
    return version == 0 ? nullptr : &entry->value;
  }

  uint16_t lengthOffset(Value container) {
    if (!container.isCell()) return 0;
    auto offset = [&](const auto& field) {
      return static_cast<uint16_t>(reinterpret_cast<uintptr_t>(&field) -
                                   reinterpret_cast<uintptr_t>(container.asCell()));
    };
    uint32_t shape = container.asCell()->shape_;
    if (shape == exactShapes.list) return offset(container.as<List>()->length);
    if (shape == exactShapes.tuple) return offset(container.as<Tuple>()->length);
    if (shape == exactShapes.str) return offset(container.as<Str>()->length);
    if (shape == exactShapes.dict) return offset(container.as<Dict>()->length);
    if (shape == exactShapes.bytes) return offset(container.as<Bytes>()->length);
    if (shape == exactShapes.set || shape == exactShapes.frozenset) return offset(container.as<Set>()->used);
    return 0;
  }

}  // namespace shapes

}  // namespace krait
