// Fills the shapes of exact built-in classes once they exist.
#include "vm/exact_shapes.h"

#include "vm/builtins/type.h"

namespace krait {

void initialiseExactShapes() {
  auto of = [](const Type* type) {
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(type->instanceShape.get()));
  };
  exactShapes.list = of(types.list);
  exactShapes.tuple = of(types.tuple);
  exactShapes.dict = of(types.dict);
  exactShapes.str = of(types.str);
  exactShapes.bytes = of(types.bytes);
  exactShapes.set = of(types.set);
  exactShapes.frozenset = of(types.frozenset);
  exactShapes.module = of(types.module);
  exactShapes.super = of(types.super);
  exactShapes.method = of(types.method);
  exactShapes.rangeIterator = of(types.rangeIterator);
  exactShapes.listIterator = of(types.listIterator);
  exactShapes.tupleIterator = of(types.tupleIterator);
  exactShapes.generator = of(types.generator);
  exactShapes.coroutine = of(types.coroutine);
  exactShapes.slice = of(types.slice);
  exactShapes.type = of(types.type);
}

}  // namespace krait
