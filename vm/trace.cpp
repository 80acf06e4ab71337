// The references of every kind of cell, and the roots of the interpreter.
#include "vm/trace.h"

#include "vm/attribute_cache.h"
#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/complex.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/float.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/function.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/int.h"
#include "vm/builtins/interned.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/mappingproxy.h"
#include "vm/builtins/module.h"
#include "vm/builtins/range.h"
#include "vm/builtins/set.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/super.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/lookup_cache.h"
#include "vm/names.h"
#include "vm/prepared.h"
#include "vm/runtime.h"

namespace krait {
namespace {

template <class... F>
void markAll(Marker& marker, const F&... fields) {
  (marker.mark(fields), ...);
}

// A class knows its Python subclasses without keeping them; those of C++ may have no other owner.
void traceSubclasses(Type* t, Marker& marker) {
  ValueArray* array = t->subclasses;
  if (array == nullptr) return;
  marker.markAlone(array);
  for (uint64_t i = 0; i < array->length; i++) {
    if (array->slots[i].isCell() && !(array->slots[i].as<Type>()->typeFlags & Type::kHeapType))
      marker.mark(array->slots[i]);
  }
}

void traceType(Type* t, Marker& marker) {
  markAll(marker, t->name, t->qualname, t->module, t->bases, t->mro, t->base, t->dict, t->instanceShape,
          t->dictionaryShape);
  traceSubclasses(t, marker);
  // Those of classes in C++ lie in the dictionaries of the class and its bases, for good.
  if (t->typeFlags & Type::kHeapType) marker.markRange(reinterpret_cast<const Value*>(t->special_), kSpecialCount);
}

void traceInstance(Instance* instance, Marker& marker) {
  const Shape* shape = instance->shape();
  if (shape == nullptr) return;  // allocated this moment
  uint32_t slots = shape->inlineCapacity + ((instance->flags & Instance::kHasPayload) ? 1 : 0);
  marker.markRange(reinterpret_cast<const Value*>(instance->slots), slots);
}

}  // namespace

bool isAtom(const Cell* cell) {
  switch (cell->kind) {
    case Kind::kInt:
    case Kind::kFloat:
    case Kind::kComplex:
    case Kind::kStr:
    case Kind::kBytes:
    case Kind::kByteArray: return true;
    default: return false;
  }
}

bool neverChanges(const Cell* cell) {
  if (isAtom(cell)) return true;
  switch (cell->kind) {
    case Kind::kTuple:
    case Kind::kRange:
    case Kind::kSlice: return true;
    case Kind::kCode:  // but for its filename: setFilename() says so
    case Kind::kBuiltin:
    case Kind::kMember: return static_cast<const Object*>(cell)->overflow.get() == nullptr;
    default: return false;
  }
}

void traceCell(Cell* cell, Marker& marker) {
  // Neighbours on the mark stack mostly share their shape.
  if (cell->shape_ != marker.lastShape) {
    marker.lastShape = cell->shape_;
    marker.mark(static_cast<const Cell*>(cell->shape()));
  }
  switch (cell->kind) {
    case Kind::kFree:
    case Kind::kByteArray:
    case Kind::kStrBuffer:
    case Kind::kInt:
    case Kind::kFloat:
    case Kind::kComplex:
    case Kind::kBytes:
    case Kind::kCount: return;
    case Kind::kStr:
      if (cell->flags & Str::kInBuffer) marker.mark(static_cast<Str*>(cell)->buffer());
      return;
    case Kind::kValueArray: {
      auto* array = static_cast<ValueArray*>(cell);
      marker.markRange(array->slots, array->length);
      return;
    }
    case Kind::kDictKeys: {
      auto* keys = static_cast<DictKeys*>(cell);
      for (uint32_t i = 0; i < keys->entryCount; i++)
        marker.markRange(reinterpret_cast<const Value*>(&keys->entries[i].key), 2);
      return;
    }
    case Kind::kSetTable: {
      auto* table = static_cast<SetTable*>(cell);
      for (uint64_t i = 0; i < table->size; i++) marker.mark(table->entries[i].key);
      return;
    }
    case Kind::kShape: {
      auto* s = static_cast<Shape*>(cell);
      markAll(marker, s->type, s->parent, s->name, s->names, s->transitions, s->onlyChildName, s->onlyChild, s->index);
      return;
    }
    case Kind::kTuple: {
      auto* tuple = static_cast<Tuple*>(cell);
      marker.markRange(reinterpret_cast<const Value*>(tuple->items), tuple->length);
      return;
    }
    case Kind::kRange: {
      auto* r = static_cast<Range*>(cell);
      markAll(marker, r->start, r->stop, r->step, r->length);
      return;
    }
    case Kind::kSlice: {
      auto* s = static_cast<Slice*>(cell);
      markAll(marker, s->start, s->stop, s->step);
      return;
    }
    case Kind::kDictView: marker.mark(static_cast<DictView*>(cell)->dict); return;
    case Kind::kMappingProxy: marker.mark(static_cast<MappingProxy*>(cell)->mapping); return;
    case Kind::kCellvar: marker.mark(static_cast<Cellvar*>(cell)->content); return;
    case Kind::kTraceback: {
      auto* t = static_cast<Traceback*>(cell);
      markAll(marker, t->next, t->frame);
      return;
    }
    default: break;
  }
  // What follows begins as an Object.
  marker.mark(static_cast<Object*>(cell)->overflow);
  switch (cell->kind) {
    case Kind::kInstance:
    case Kind::kNamespace: traceInstance(static_cast<Instance*>(cell), marker); return;
    case Kind::kType: traceType(static_cast<Type*>(cell), marker); return;
    case Kind::kNative: {
      const NativeTraits* traits = static_cast<NativeObject*>(cell)->traits;
      if (traits != nullptr && traits->trace != nullptr) traits->trace(cell, marker);
      return;
    }
    case Kind::kByteBuffer: marker.mark(static_cast<Bytearray*>(cell)->storage); return;
    case Kind::kList: marker.mark(static_cast<List*>(cell)->storage); return;
    case Kind::kDict: marker.mark(static_cast<Dict*>(cell)->keys); return;
    case Kind::kSet: marker.mark(static_cast<Set*>(cell)->table); return;
    case Kind::kIterator: {
      auto* i = static_cast<Iterator*>(cell);
      markAll(marker, i->source, i->extra);
      return;
    }
    case Kind::kCode: {
      auto* c = static_cast<Code*>(cell);
      markAll(marker, c->code, c->constants, c->names, c->localsplusNames, c->localsplusKinds, c->filename, c->name,
              c->qualname, c->lineTable, c->exceptionTable);
      return;
    }
    case Kind::kFunction: {
      auto* f = static_cast<Function*>(cell);
      markAll(marker, f->code, f->globals, f->builtins, f->closure, f->defaults, f->kwdefaults, f->annotations, f->name,
              f->qualname, f->doc, f->module);
      return;
    }
    case Kind::kBuiltin: {
      auto* b = static_cast<Builtin*>(cell);
      markAll(marker, b->name, b->owner, b->self, b->doc);
      return;
    }
    case Kind::kMethod: {
      auto* m = static_cast<Method*>(cell);
      markAll(marker, m->function, m->self);
      return;
    }
    case Kind::kProperty: {
      auto* p = static_cast<Property*>(cell);
      markAll(marker, p->get, p->set, p->del, p->doc, p->name);
      return;
    }
    case Kind::kStaticMethod:
    case Kind::kClassMethod: marker.mark(static_cast<Wrapper*>(cell)->callable); return;
    case Kind::kMember: {
      auto* m = static_cast<Member*>(cell);
      markAll(marker, m->name, m->owner);
      return;
    }
    case Kind::kSuper: {
      auto* s = static_cast<Super*>(cell);
      markAll(marker, s->start, s->self, s->selfType);
      return;
    }
    case Kind::kModule: marker.mark(static_cast<Module*>(cell)->dict); return;
    case Kind::kGenerator: {
      auto* g = static_cast<Generator*>(cell);
      markAll(marker, g->function, g->code, g->name, g->qualname, g->frameObject, g->origin, g->handled.exception);
      // While the frame is on the stack, what was saved is no longer true, and nothing of it may be seen again.
      if ((g->flags & Generator::kOnStack) && g->saved.get() != nullptr)
        for (uint64_t i = 0; i < g->saved->length; i++) g->saved->slots[i] = Value::inlineInt(0);
      g->flags &= static_cast<uint8_t>(~Generator::kOnStack);
      marker.mark(g->saved);
      return;
    }
    case Kind::kFrame: {
      auto* f = static_cast<FrameObject*>(cell);
      markAll(marker, f->function, f->code, f->back, f->locals, f->localsDict, f->generator, f->trace);
      return;
    }
    case Kind::kException: {
      auto* e = static_cast<Exception*>(cell);
      markAll(marker, e->arguments, e->cause, e->context, e->traceback);
      for (const Field<Value>& field : e->fields) marker.mark(field);
      return;
    }
    default: return;
  }
}

// A struct of pointers to cells.
template <class T>
static void markPointers(Marker& marker, const T& all) {
  static_assert(sizeof(T) % sizeof(const Cell*) == 0);
  const Cell* const* first = reinterpret_cast<const Cell* const*>(&all);
  for (size_t i = 0; i < sizeof(T) / sizeof(const Cell*); i++) marker.mark(first[i]);
}

void traceGlobals(Marker& marker) {
  markPointers(marker, types);
  markPointers(marker, exceptions);
  markPointers(marker, names);
  marker.markConservatively(&runtime, &runtime + 1);
}

size_t fixedCellSize(Kind kind) {
  switch (kind) {
    case Kind::kByteBuffer: return sizeof(Bytearray);
    case Kind::kList: return sizeof(List);
    case Kind::kDict: return sizeof(Dict);
    case Kind::kSet: return sizeof(Set);
    case Kind::kIterator: return sizeof(Iterator);
    case Kind::kProperty: return sizeof(Property);
    case Kind::kStaticMethod:
    case Kind::kClassMethod: return sizeof(Wrapper);
    case Kind::kSuper: return sizeof(Super);
    case Kind::kModule: return sizeof(Module);
    default: return 0;
  }
}

void finaliseCell(Cell* cell) {
  switch (cell->kind) {
    case Kind::kCode: releasePrepared(static_cast<Code*>(cell)); return;
    case Kind::kNative: {
      const NativeTraits* traits = static_cast<NativeObject*>(cell)->traits;
      if (traits != nullptr && traits->finalise != nullptr) traits->finalise(cell);
      return;
    }
    default: return;
  }
}

void beforeSweep() {
  forgetDeadInterned();
  // Entries of an earlier epoch are dead: nobody asks what they point to.
  if (++lookupEpoch != 0) return;
  clearLookupCache();
  clearAttributeCache();
  lookupEpoch = 1;
}

}  // namespace krait
