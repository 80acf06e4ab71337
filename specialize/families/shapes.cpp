// Looks up what the attribute families cache: slots of instances, entries of modules.
#include "specialize/families/shapes.h"

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

}  // namespace shapes

}  // namespace krait
