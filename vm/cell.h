// The header of every heap cell, the list of cell kinds, and `Field`, the only way a cell refers to another.
#pragma once
#include "vm/value.h"

namespace krait {

struct Thread;
struct Shape;
struct Type;

// What a cell is laid out as. A Python class of its own does not get a kind: its instances are kInstance, or the kind
// of the built-in class whose layout they extend. The second column is the C++ struct, the third the header.
#define KRAIT_CELL_KINDS(X)                                                                            \
  X(Free, Cell)                 /* not allocated */                                                    \
  X(ValueArray, ValueArray)     /* storage of lists, overflow slots, saved generator frames: heap.h */ \
  X(ByteArray, ByteArray)       /* raw storage without Values: heap.h */                               \
  X(StrBuffer, StrBuffer)       /* append-only buffer shared by strings: builtins/str.h */             \
  X(DictKeys, DictKeys)         /* builtins/dict.h */                                                  \
  X(SetTable, SetTable)         /* builtins/set.h */                                                   \
  X(Shape, Shape)               /* shape.h */                                                          \
  X(Instance, Instance)         /* object.h */                                                         \
  X(Type, Type)                 /* builtins/type.h */                                                  \
  X(Int, BigInt)                /* builtins/int.h; inline ints have no cell */                         \
  X(Float, HeapFloat)           /* builtins/float.h; inline floats have no cell */                     \
  X(Complex, Complex)           /* builtins/complex.h */                                               \
  X(Str, Str)                   /* builtins/str.h */                                                   \
  X(Bytes, Bytes)               /* builtins/bytes.h */                                                 \
  X(ByteBuffer, Bytearray)      /* builtins/bytearray.h */                                             \
  X(Tuple, Tuple)               /* builtins/tuple.h */                                                 \
  X(List, List)                 /* builtins/list.h */                                                  \
  X(Dict, Dict)                 /* builtins/dict.h */                                                  \
  X(DictView, DictView)         /* builtins/dict.h */                                                  \
  X(MappingProxy, MappingProxy) /* builtins/mappingproxy.h */                                          \
  X(Set, Set)                   /* builtins/set.h; set and frozenset */                                \
  X(Range, Range)               /* builtins/range.h */                                                 \
  X(Slice, Slice)               /* builtins/slice.h */                                                 \
  X(Iterator, Iterator)         /* builtins/iterators.h: every built-in iterator */                    \
  X(Cellvar, Cellvar)           /* builtins/function.h: a closure's cell */                            \
  X(Code, Code)                 /* code.h */                                                           \
  X(Function, Function)         /* builtins/function.h */                                              \
  X(Builtin, Builtin)           /* builtins/builtin.h: functions and method descriptors in C++ */      \
  X(Method, Method)             /* builtins/function.h: bound methods, Python's and built-in */        \
  X(Property, Property)         /* builtins/descriptors.h */                                           \
  X(StaticMethod, Wrapper)      /* builtins/descriptors.h */                                           \
  X(ClassMethod, Wrapper)       /* builtins/descriptors.h */                                           \
  X(Member, Member)             /* builtins/descriptors.h: __slots__ and native fields */              \
  X(Super, Super)               /* builtins/super.h */                                                 \
  X(Module, Module)             /* builtins/module.h */                                                \
  X(Generator, Generator)       /* builtins/generator.h: generators and coroutines */                  \
  X(Frame, FrameObject)         /* builtins/frame.h */                                                 \
  X(Traceback, Traceback)       /* builtins/traceback.h */                                             \
  X(Exception, Exception)       /* builtins/exception.h */                                             \
  X(Namespace, Instance)        /* types.SimpleNamespace */                                            \
  X(Native, NativeObject)       /* heap.h: a cell with its own trace and finalise functions */

enum class Kind : uint8_t {
#define KRAIT_KIND(name, type) k##name,
  KRAIT_CELL_KINDS(KRAIT_KIND)
#undef KRAIT_KIND
      kCount
};

// 8 bytes in front of every cell. Shapes live below 4 GiB, so that the 32-bit `shape` is the address itself: a guard is
// one 32-bit compare with the header, and following it costs no arithmetic.
struct Cell {
  uint32_t shape_;  // address of the Shape; 0 for storage cells that no Python value points to
  Kind kind;
  uint8_t flags;  // meaning per kind
  uint16_t aux;   // meaning per kind
  KRAIT_INLINE Shape* shape() const { return reinterpret_cast<Shape*>(static_cast<uintptr_t>(shape_)); }
  KRAIT_INLINE void setShape(const Shape* s) { shape_ = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(s)); }
};
static_assert(sizeof(Cell) == 8);

// A reference held inside a cell. Stores go through `set`, the one place where a write barrier can stand.
template <class T>
class Field;
template <>
class Field<Value> {
 public:
  KRAIT_INLINE Value get() const { return value_; }
  KRAIT_INLINE operator Value() const { return value_; }
  KRAIT_INLINE void set(Value v) { value_ = v; }
  KRAIT_INLINE Field& operator=(Value v) {
    set(v);
    return *this;
  }

 private:
  Value value_;
};
template <class T>
class Field<T*> {  // may be null
 public:
  KRAIT_INLINE T* get() const { return pointer_; }
  KRAIT_INLINE operator T*() const { return pointer_; }
  KRAIT_INLINE T* operator->() const { return pointer_; }
  KRAIT_INLINE void set(T* p) { pointer_ = p; }
  KRAIT_INLINE Field& operator=(T* p) {
    set(p);
    return *this;
  }

 private:
  T* pointer_;
};

KRAIT_INLINE bool isKind(Value v, Kind kind) { return v.isCell() && v.asCell()->kind == kind; }

}  // namespace krait
