// Struct sequences: instances with a tuple inside; fields beyond the tuple live in the instance's slots.
#include "vm/builtins/struct_sequence.h"

#include <array>
#include <utility>

#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"

namespace krait {

namespace {
struct Known {
  Type* type;
  const StructSequence* description;
};
}  // namespace
static constexpr size_t kMaxTypes = 64;
static Known known[kMaxTypes];
static size_t knownCount = 0;

// Keeps the types of `known` alive: a module's attribute may be deleted.
static RootVector& knownRoots() {
  static RootVector roots;
  return roots;
}

static const StructSequence& descriptionOf(const Type* type) {
  size_t i = 0;
  while (known[i].type != type) i++;
  return *known[i].description;
}

static Tuple* itemsOf(Value self) { return toTuple(self); }

// --- fields ---------------------------------------------------------------------------------------------------------

template <size_t I>
static Fallible<Value> getField(Thread&, Value self) {
  Tuple* items = itemsOf(self);
  if (I < items->length) return items->items[I].get();
  return self.as<Instance>()->slots[I - items->length].get();
}
template <size_t... I>
static constexpr std::array<NativeGetter, sizeof...(I)> fieldGetters(std::index_sequence<I...>) {
  return {getField<I>...};
}
static constexpr auto kFieldGetters = fieldGetters(std::make_index_sequence<StructSequence::kMaxFields>());

// The i-th field that has a name; what repr calls the i-th item, as in CPython (os.stat_result's times rely on it).
static const char* nthName(const StructSequence& description, uint64_t n) {
  for (const char* name : description.fields) {
    if (name != nullptr && n-- == 0) return name;
  }
  return "?";
}

static Fallible<Value> reprOf(Thread& thread, Value self) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  const StructSequence& description = descriptionOf(typeOf(self));
  Tuple* items = itemsOf(self);
  StrBuilder text;
  if (std::string_view(description.module) != "builtins") text.append(description.module).append(".");
  text.append(description.name).append("(");
  for (uint64_t i = 0; i < items->length; i++) {
    if (i > 0) text.append(", ");
    Str* item = TRY(repr(thread, items->items[i]));
    text.append(nthName(description, i)).append("=").append(item);
  }
  return Value::of(TRY(text.append(")").build(thread)));
}

static Fallible<Value> reduce(Thread& thread, Value self) {
  const StructSequence& description = descriptionOf(typeOf(self));
  Tuple* items = itemsOf(self);
  Tuple* copy = TRY(makeTuple(thread, items->values()));
  Dict* hidden = TRY(makeDict(thread));
  for (uint32_t i = description.visible; i < description.fields.size(); i++) {
    Str* name = TRY(intern(thread, description.fields[i]));
    TRY(dictSetStr(thread, hidden, name, self.as<Instance>()->slots[i - description.visible]));
  }
  Tuple* arguments = TRY(makeTuple(thread, {Value::of(copy), Value::of(hidden)}));
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), Value::of(arguments)})));
}

// --- making ---------------------------------------------------------------------------------------------------------

Fallible<Value> makeStructSequence(Thread& thread, Type* type, std::span<const Value> fields) {
  uint64_t visible = descriptionOf(type).visible;
  Tuple* items = TRY(makeTuple(thread, fields.first(visible)));
  Value instance = TRY(allocatePayloadInstance(thread, type, Value::of(items)));
  for (uint64_t i = visible; i < fields.size(); i++) instance.as<Instance>()->slots[i - visible] = fields[i];
  return instance;
}

// T(sequence, dict): the sequence may also give hidden fields, the dict only those that it does not.
static Fallible<Value> newInstance(Thread& thread, Value type, const Arguments& arguments) {
  const StructSequence& description = descriptionOf(type.as<Type>());
  static constexpr Parameters kParameters{"structseq", {"sequence", "dict"}, 1};
  Value given[2];
  TRY(kParameters.bind(thread, arguments, given));
  if (!isIterator(given[0]) && specialMethod(given[0], Special::k__iter__).isUnbound() &&
      specialMethod(given[0], Special::k__getitem__).isUnbound()) {
    return raise(thread, exceptions.TypeError, "constructor requires a sequence");
  }
  Tuple* sequence = TRY(tupleFromIterable(thread, given[0]));
  Dict* more = nullptr;
  if (!given[1].isUnbound()) {
    more = toDict(given[1]);
    if (more == nullptr) {
      return raiseTypeError(thread, "{}.{}() takes a dict as second arg, if any", description.module, description.name);
    }
  }
  uint64_t total = description.fields.size(), visible = description.visible, length = sequence->length;
  if (length < visible || length > total) {
    const char* bound = visible == total ? "a" : length < visible ? "an at least" : "an at most";
    return raiseTypeError(thread, "{}.{}() takes {} {}-sequence ({}-sequence given)", description.module,
                          description.name, bound, length < visible ? visible : total, length);
  }
  Value fields[StructSequence::kMaxFields];
  for (uint64_t i = 0; i < total; i++) {
    fields[i] = i < length ? sequence->items[i].get() : Value::none();
    if (i >= length && more != nullptr) {
      Str* name = TRY(intern(thread, description.fields[i]));
      Value value = TRY(dictGet(thread, more, Value::of(name)));
      if (!value.isUnbound()) fields[i] = value;
    }
  }
  return makeStructSequence(thread, type.as<Type>(), std::span<const Value>(fields, total));
}

static Fallible<Value> refuseInstance(Thread& thread, Value type, const Arguments&) {
  const StructSequence& description = descriptionOf(type.as<Type>());
  return raiseTypeError(thread, "cannot create '{}.{}' instances", description.module, description.name);
}

Type* makeStructSequenceType(Thread& thread, const StructSequence& description) {
  uint32_t total = static_cast<uint32_t>(description.fields.size()), hidden = total - description.visible;
  if (knownCount == kMaxTypes || total > StructSequence::kMaxFields) failStartUp();
  TypeBuilder builder(thread, description.name, types.tuple, Kind::kInstance);
  builder.module(description.module)
      .constructor(description.instantiable ? newInstance : refuseInstance)
      .special("__repr__", reprOf)
      .method("__reduce__", reduce);
  if (description.doc != nullptr) builder.doc(description.doc);
  Type* type = builder.build();
  type->payloadKind = Kind::kTuple;
  type->slotCount = static_cast<uint16_t>(hidden);
  type->instanceShape = startUp(makeRootShape(thread, type, hidden));
  uint32_t unnamed = 0;
  Tuple* matchArguments = nullptr;
  for (uint32_t i = 0; i < total; i++) {
    if (description.fields[i] == nullptr) {
      unnamed++;
    } else {
      builder.constant(description.fields[i],
                       makeReadOnlyMember(thread, type, description.fields[i], kFieldGetters[i]));
    }
  }
  matchArguments = startUp(makeTupleUninitialised(thread, description.visible - unnamed));
  for (uint32_t i = 0; i < description.visible - unnamed; i++) {
    matchArguments->items[i] = Value::of(startUp(intern(thread, nthName(description, i))));
  }
  builder.constant("n_sequence_fields", Value::inlineInt(description.visible))
      .constant("n_fields", Value::inlineInt(total))
      .constant("n_unnamed_fields", Value::inlineInt(unnamed))
      .constant("__match_args__", Value::of(matchArguments))
      .build();
  if (!knownRoots().push(Value::of(type))) failStartUp();
  known[knownCount++] = {type, &description};
  return type;
}

}  // namespace krait
