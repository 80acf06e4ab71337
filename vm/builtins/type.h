// Classes: type objects, method resolution, the table of special methods, and how built-in types are declared.
#pragma once
#include <initializer_list>

#include "vm/object.h"

namespace krait {

struct Tuple;
struct Dict;
struct Str;
struct Builtin;
struct Arguments;

// The special methods that operations look up on the class: Type::special(…) is one load. CPython's slots, but the
// same for built-in and Python classes: the dictionary entry is the definition, this table is a cache of it.
#define KRAIT_SPECIAL_METHODS(X) \
  X(__new__)                     \
  X(__init__)                    \
  X(__del__)                     \
  X(__repr__)                    \
  X(__str__)                     \
  X(__format__)                  \
  X(__bytes__)                   \
  X(__hash__)                    \
  X(__bool__)                    \
  X(__lt__)                      \
  X(__le__)                      \
  X(__eq__)                      \
  X(__ne__)                      \
  X(__gt__)                      \
  X(__ge__)                      \
  X(__getattribute__)            \
  X(__getattr__)                 \
  X(__setattr__)                 \
  X(__delattr__)                 \
  X(__dir__)                     \
  X(__get__)                     \
  X(__set__)                     \
  X(__delete__)                  \
  X(__set_name__)                \
  X(__call__)                    \
  X(__len__)                     \
  X(__length_hint__)             \
  X(__getitem__)                 \
  X(__setitem__)                 \
  X(__delitem__)                 \
  X(__missing__)                 \
  X(__iter__)                    \
  X(__next__)                    \
  X(__reversed__)                \
  X(__contains__)                \
  X(__add__)                     \
  X(__sub__)                     \
  X(__mul__)                     \
  X(__matmul__)                  \
  X(__truediv__)                 \
  X(__floordiv__)                \
  X(__mod__)                     \
  X(__divmod__)                  \
  X(__pow__)                     \
  X(__lshift__)                  \
  X(__rshift__)                  \
  X(__and__)                     \
  X(__xor__)                     \
  X(__or__)                      \
  X(__radd__)                    \
  X(__rsub__)                    \
  X(__rmul__)                    \
  X(__rmatmul__)                 \
  X(__rtruediv__)                \
  X(__rfloordiv__)               \
  X(__rmod__)                    \
  X(__rdivmod__)                 \
  X(__rpow__)                    \
  X(__rlshift__)                 \
  X(__rrshift__)                 \
  X(__rand__)                    \
  X(__rxor__)                    \
  X(__ror__)                     \
  X(__iadd__)                    \
  X(__isub__)                    \
  X(__imul__)                    \
  X(__imatmul__)                 \
  X(__itruediv__)                \
  X(__ifloordiv__)               \
  X(__imod__)                    \
  X(__ipow__)                    \
  X(__ilshift__)                 \
  X(__irshift__)                 \
  X(__iand__)                    \
  X(__ixor__)                    \
  X(__ior__)                     \
  X(__neg__)                     \
  X(__pos__)                     \
  X(__abs__)                     \
  X(__invert__)                  \
  X(__complex__)                 \
  X(__int__)                     \
  X(__float__)                   \
  X(__index__)                   \
  X(__round__)                   \
  X(__trunc__)                   \
  X(__floor__)                   \
  X(__ceil__)                    \
  X(__enter__)                   \
  X(__exit__)                    \
  X(__await__)                   \
  X(__aiter__)                   \
  X(__anext__)                   \
  X(__aenter__)                  \
  X(__aexit__)                   \
  X(__instancecheck__)           \
  X(__subclasscheck__)           \
  X(__subclasses__)              \
  X(__mro_entries__)             \
  X(__class_getitem__)           \
  X(__prepare__)                 \
  X(__init_subclass__)           \
  X(__sizeof__)                  \
  X(__reduce__)                  \
  X(__reduce_ex__)

enum class Special : uint8_t {
#define KRAIT_SPECIAL(name) k##name,
  KRAIT_SPECIAL_METHODS(KRAIT_SPECIAL)
#undef KRAIT_SPECIAL
      kCount
};
inline constexpr unsigned kSpecialCount = static_cast<unsigned>(Special::kCount);

struct Type : Object {  // overflow: attributes that a metaclass instance keeps beside `dict` are in `dict` itself
  Field<Str*> name;     // unqualified
  Field<Str*> qualname;
  Field<Value> module;  // str, or unbound
  Field<Tuple*> bases;
  Field<Tuple*> mro;                     // linearised, self first
  Field<Type*> base;                     // the "best base": layout comes from here
  Field<Dict*> dict;                     // the class namespace; entries are read through their location (shape.h)
  Field<Shape*> instanceShape;           // root shape of new instances
  Field<Shape*> dictionaryShape;         // for instances in dictionary mode; made on demand
  Field<ValueArray*> subclasses;         // Values of types; Python classes among them weakly (lifetimes.h)
  Field<Value> special_[kSpecialCount];  // unbound where the class has none
  Kind instanceKind;                     // layout of instances
  Kind payloadKind;                      // for payload instances: kInt, kStr ...; else kFree
  uint16_t slotCount;                    // __slots__ of this class and its bases
  uint32_t typeFlags;
  uint8_t cacheClears;  // times that inline caches had to be cleared because of this class
  uint8_t inlineHint;   // inline slots for attributes of new instances; learnt from the instances that grew

  static constexpr uint32_t kHeapType = 1;              // made by a class statement or type(); attributes may be set
  static constexpr uint32_t kBaseType = 2;              // may be subclassed
  static constexpr uint32_t kHasDict = 4;               // instances take arbitrary attributes
  static constexpr uint32_t kAbstract = 8;              // __abstractmethods__ is non-empty
  static constexpr uint32_t kDefaultGetattribute = 16;  // no __getattribute__/__getattr__ override: fast attribute path
  static constexpr uint32_t kDefaultSetattr = 32;
  static constexpr uint32_t kInstantiable = 64;  // type.__new__ of it is allowed ("cannot create 'X' instances" if not)
  static constexpr uint32_t kIsException = 128;  // BaseException or below
  static constexpr uint32_t kSequencePattern = 256, kMappingPattern = 512;  // match statement
  static constexpr uint32_t kDefaultInit = 1024;         // __new__ is object's and __init__ is object's
  static constexpr uint32_t kImmediateInstances = 2048;  // NoneType, bool ...: no cell
  static constexpr uint32_t kHasWeakref = 4096;          // instances may be referred to weakly
  static constexpr uint32_t kInlineCached = 8192;        // inline caches rely on lookups in this class
  static constexpr uint32_t kAttributeFlags = kHasDict | kHasWeakref | kIsException;  // passed on to subclasses

  KRAIT_INLINE Value special(Special s) const { return special_[static_cast<unsigned>(s)].get(); }
};

// Every built-in class, filled in by initialiseTypes(). Roots.
#define KRAIT_BUILTIN_TYPES(X) \
  X(object)                    \
  X(type)                      \
  X(int_)                      \
  X(bool_)                     \
  X(float_)                    \
  X(complex)                   \
  X(str)                       \
  X(bytes)                     \
  X(bytearray)                 \
  X(tuple)                     \
  X(list)                      \
  X(dict)                      \
  X(dictKeys)                  \
  X(dictValues)                \
  X(dictItems)                 \
  X(mappingproxy)              \
  X(set)                       \
  X(frozenset)                 \
  X(range)                     \
  X(slice)                     \
  X(none)                      \
  X(notImplemented)            \
  X(ellipsis)                  \
  X(function)                  \
  X(builtinFunction)           \
  X(methodDescriptor)          \
  X(slotWrapper)               \
  X(classMethodDescriptor)     \
  X(method)                    \
  X(property)                  \
  X(staticmethod)              \
  X(classmethod)               \
  X(memberDescriptor)          \
  X(getsetDescriptor)          \
  X(super)                     \
  X(module)                    \
  X(cell)                      \
  X(code)                      \
  X(frame)                     \
  X(traceback)                 \
  X(generator)                 \
  X(coroutine)                 \
  X(asyncGenerator)            \
  X(enumerate)                 \
  X(zip)                       \
  X(map)                       \
  X(filter)                    \
  X(reversed)                  \
  X(sequenceIterator)          \
  X(callableIterator)          \
  X(listIterator)              \
  X(listReverseIterator)       \
  X(tupleIterator)             \
  X(rangeIterator)             \
  X(longRangeIterator)         \
  X(strIterator)               \
  X(bytesIterator)             \
  X(bytearrayIterator)         \
  X(dictKeyIterator)           \
  X(dictValueIterator)         \
  X(dictItemIterator)          \
  X(dictReverseKeyIterator)    \
  X(dictReverseValueIterator)  \
  X(dictReverseItemIterator)   \
  X(setIterator)               \
  X(textFile)                  \
  X(binaryFile)                \
  X(simpleNamespace)           \
  X(memoryview)                \
  X(methodWrapper)             \
  X(genericAlias)              \
  X(unionType)                 \
  X(strAsciiIterator)
struct Types {
#define KRAIT_TYPE(name) Type* name;
  KRAIT_BUILTIN_TYPES(KRAIT_TYPE)
#undef KRAIT_TYPE
  Type* ofImmediate[10];  // by Value::immediateIndex()
};
inline Types types;

KRAIT_INLINE Type* typeOf(Value v) {
  if (v.isCell()) [[likely]]
    return v.asCell()->shape()->type;
  if (v.isInlineInt()) return types.int_;
  if (v.isInlineFloat()) return types.float_;
  return types.ofImmediate[v.immediateIndex()];
}

// --- lookups
// ---------------------------------------------------------------------------------------------------------- The class
// attribute `name` (interned) along the method resolution order, or unbound. Cached globally. No allocation.
Value lookupOnType(const Type* type, const Str* name);
bool isSubtype(const Type* type, const Type* of);  // real subclassing (no __subclasscheck__)
KRAIT_INLINE bool isInstanceOf(Value v, const Type* type) { return typeOf(v) == type || isSubtype(typeOf(v), type); }
// True for an object whose class defines __set__ or __delete__: it goes before the instance's own attributes.
bool isDataDescriptor(Value v);
Str* specialName(Special s);
// The special method that an interned name is, or kCount: interned names carry it in their header (Cell::aux).
KRAIT_INLINE Special specialOfName(const Str* name) {
  uint16_t number = reinterpret_cast<const Cell*>(name)->aux;
  return number == 0 ? Special::kCount : static_cast<Special>(number - 1);
}

// --- making classes
// --------------------------------------------------------------------------------------------------- type(name, bases,
// namespace, **keywords): computes metaclass-free class creation: best base, C3 order ("Cannot create a consistent
// method resolution\norder (MRO) for bases ..."), __slots__, __classcell__, __set_name__, __init_subclass__.
Fallible<Value> makeClass(Thread& thread, Type* metatype, Str* name, Tuple* bases, Dict* ns, Value* keywordValues,
                          Tuple* keywordNames);
// After any change of type->dict: refreshes the special-method tables of the class and its subclasses and, when the set
// of keys or a descriptor changed, bumps the lookup epoch.
Fallible<void> setTypeAttribute(Thread& thread, Type* type, Str* name, Value value);
Fallible<void> deleteTypeAttribute(Thread& thread, Type* type, Str* name);
// A fresh instance of `type` with its layout (the default object.__new__), attributes unset.
Fallible<Value> allocateInstance(Thread& thread, Type* type);
// ... with a built-in value inside (subclasses of int, str, ...).
Fallible<Value> allocatePayloadInstance(Thread& thread, Type* type, Value payload);
// The shape of `type`'s instances in dictionary mode that have `inlineCapacity` slots in the cell.
Fallible<Shape*> dictionaryShapeOf(Thread& thread, Type* type, uint32_t inlineCapacity);
// Recomputes the special-method table and the flags derived from it, of `type` and all its subclasses.
void refreshSpecialMethods(Type* type);
// type(...)'s general course: __new__, then __init__ when an instance of the class came back.
Fallible<Value> instantiate(Thread& thread, Type* type, const Arguments& arguments);
// The class attribute `name` of a class object, as type.__getattribute__ finds it.
Fallible<Value> getTypeAttribute(Thread& thread, Type* type, Str* name);
// "Foo" or "pkg.Foo": what messages and reprs show.
Fallible<Str*> typeFullName(Thread& thread, const Type* type);

// --- declaring built-in types
// ----------------------------------------------------------------------------------------- Native function types.
// Fixed: one to five Values, self first for methods; trailing ones may be optional (unbound when missing). Variadic:
// everything else.
using Native1 = Fallible<Value> (*)(Thread&, Value);
using Native2 = Fallible<Value> (*)(Thread&, Value, Value);
using Native3 = Fallible<Value> (*)(Thread&, Value, Value, Value);
using Native4 = Fallible<Value> (*)(Thread&, Value, Value, Value, Value);
using Native5 = Fallible<Value> (*)(Thread&, Value, Value, Value, Value, Value);
using NativeVariadic = Fallible<Value> (*)(Thread&, Value self, const Arguments&);
using NativeGetter = Fallible<Value> (*)(Thread&, Value self);
using NativeSetter = Fallible<void> (*)(Thread&, Value self, Value valueOrUnbound);  // unbound: delete

// Declares one built-in type; used only at start-up, when every failure is fatal (out of memory).
//   TypeBuilder(thread, "list", types.object, Kind::kList).flags(Type::kBaseType)
//       .method("append", listAppend).method("pop", listPop, 1).variadic("sort", listSort).special("__len__",
//       listLength)
class TypeBuilder {
 public:
  TypeBuilder(Thread& thread, const char* name, Type* base, Kind instanceKind, Type* metatype = nullptr);
  // Builds onto a type that already exists (object, type and str are made first).
  TypeBuilder(Thread& thread, Type* existing);
  TypeBuilder& flags(uint32_t typeFlags);
  TypeBuilder& module(const char* module);
  // `optional`: how many trailing parameters may be missing.
  TypeBuilder& method(const char* name, Native1 f);  // self only
  TypeBuilder& method(const char* name, Native2 f, int optional = 0);
  TypeBuilder& method(const char* name, Native3 f, int optional = 0);
  TypeBuilder& method(const char* name, Native4 f, int optional = 0);
  TypeBuilder& method(const char* name, Native5 f, int optional = 0);
  TypeBuilder& variadic(const char* name, NativeVariadic f);
  // As method(), but shown as <slot wrapper ...>: for dunder methods. `sequence`: binary operators that CPython has as
  // sequence operations (list + list), tried after the right operand's reflected method.
  TypeBuilder& special(const char* name, Native1 f);
  TypeBuilder& special(const char* name, Native2 f, int optional = 0, bool sequence = false);
  TypeBuilder& special(const char* name, Native3 f, int optional = 0);
  TypeBuilder& specialVariadic(const char* name, NativeVariadic f);
  // __next__ of built-in iterators: returns unbound when exhausted; Python sees StopIteration.
  TypeBuilder& next(Native1 f);
  TypeBuilder& constructor(NativeVariadic f);  // __new__: self is the class to make
  TypeBuilder& classMethod(const char* name, NativeVariadic f);
  TypeBuilder& staticMethod(const char* name, NativeVariadic f);
  TypeBuilder& getter(const char* name, NativeGetter get, NativeSetter set = nullptr);
  TypeBuilder& constant(const char* name, Value value);
  TypeBuilder& doc(const char* text);
  TypeBuilder& unhashable();  // __hash__ = None
  Type* build();              // fills the special-method table

 private:
  void add(const char* name, Value value);
  Thread& thread_;
  Type* type_;
};

// Start-up, in this order: skeletons of object, type, str, tuple, dict and of what TypeBuilder itself makes (a
// TypeBuilder that names one of them completes it), then the methods of object and type.
void bootstrapTypes(Thread& thread);
void initialiseObject(Thread& thread);
void initialiseType(Thread& thread);

}  // namespace krait
