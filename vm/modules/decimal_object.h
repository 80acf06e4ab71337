// The classes Decimal and Context as cells, and what the files of the module decimal share.
#pragma once
#include "vm/modules/decimal_number.h"
#include "vm/modules/native_arguments.h"

namespace krait::decimal {

// A coefficient of up to two words lies in the cell.
struct Decimal : NativeObject {
  int64_t exponent;
  Field<ByteArray*> large;
  mp_limb_t small[2];
  uint32_t size;  // limbs, normalised
  Form form;
  bool negative;
  const mp_limb_t* limbs() const { return size <= 2 ? small : reinterpret_cast<const mp_limb_t*>(large.get()->bytes); }
  Number number() const { return Number(form, negative, exponent, limbs(), size); }
};

struct Context : NativeObject {
  Settings settings;
  uint32_t traps, status;
  Field<Value> trapsView, flagsView;  // SignalDicts, made when asked for; unbound before
};

// The mapping that a context's traps and flags are.
struct SignalDict : NativeObject {
  Field<Context*> context;
  bool isTraps;
  uint32_t& bits() const { return isTraps ? context->traps : context->status; }
};

extern const NativeTraits decimalTraits, contextTraits, signalDictTraits, managerTraits;
struct ModuleState {
  Type *decimal, *context, *signalMixin, *manager;
  Type* signalDict;  // made in Python's way, from the mixin and MutableMapping
  Type *decimalTuple, *rational;
  Value variable;  // the context variable
  Context *defaults, *basic, *extended;
};
inline ModuleState state;

KRAIT_INLINE Decimal* toDecimal(Value v) {
  return isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &decimalTraits ? v.as<Decimal>() : nullptr;
}
KRAIT_INLINE Context* toContext(Value v) {
  return isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &contextTraits ? v.as<Context>() : nullptr;
}
KRAIT_INLINE SignalDict* toSignalDict(Value v) {
  return isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &signalDictTraits ? v.as<SignalDict>() : nullptr;
}

// --- making -----------------------------------------------------------------------------------------------------------
// All zero: the number 0.
KRAIT_INLINE Fallible<Decimal*> allocateDecimal(Thread& thread, Type* type) {
  auto* decimal = TRY(allocate<Decimal>(thread, Kind::kNative, type->instanceShape));
  decimal->traits = &decimalTraits;
  return decimal;
}
KRAIT_INLINE Fallible<Value> makeSmall(Thread& thread, Type* type, bool negative, Wide c, int64_t exponent) {
  Decimal* decimal = TRY(allocateDecimal(thread, type));
  decimal->negative = negative;
  decimal->exponent = exponent;
  decimal->small[0] = static_cast<uint64_t>(c);
  decimal->small[1] = static_cast<uint64_t>(c >> 64);
  decimal->size = decimal->small[1] != 0 ? 2 : decimal->small[0] != 0;
  return Value::of(decimal);
}
Fallible<Value> makeDecimal(Thread& thread, const Number& number, Type* type = state.decimal);
Fallible<Value> copyDecimal(Thread& thread, const Decimal* from, Type* type = state.decimal);
// The exact value of an int.
Fallible<Value> decimalFromInt(Thread& thread, Value intValue, Type* type = state.decimal);
// Of a double, exactly.
void setFromDouble(Number& r, double d);
// Any object that Decimal() takes. Exactly, or as the context rounds.
Fallible<Value> decimalFromObject(Thread& thread, Type* type, Value v, Context* context, bool exactly);
Fallible<Value> decimalFromFloat(Thread& thread, Type* type, Value v, Context* context, bool exactly);
// A Decimal or an int as a Decimal; null for other objects.
Fallible<Value> operandOrUnbound(Thread& thread, Value v);
Fallible<Value> operandOrRaise(Thread& thread, Value v);  // TypeError

// --- contexts ---------------------------------------------------------------------------------------------------------
Fallible<Context*> currentContextSlow(Thread& thread);
struct CurrentContext {
  Value threadContext;
  uint64_t version;
  Context* context;
};
inline CurrentContext current{Value::unbound(), 0, nullptr};
uint64_t currentVersion();
Fallible<Context*> currentContext(Thread& thread);
// None and a missing argument stand for the current one.
Fallible<Context*> contextArgument(Thread& thread, Value v);
Fallible<Context*> makeContext(Thread& thread, Type* type, const Context* like);
// Notes what happened and raises it if it is trapped.
KRAIT_COLD Fallible<void> raiseStatus(Thread& thread, Context* context, uint32_t status);
KRAIT_INLINE Fallible<void> noteStatus(Thread& thread, Context* context, uint32_t status) {
  context->status |= status & ~uint32_t{kNoMemory};
  if ((status & (context->traps | kNoMemory)) != 0) [[unlikely]]
    return raiseStatus(thread, context, status);
  return {};
}
Fallible<Rounding> roundingArgument(Thread& thread, Value v);

// --- operations -------------------------------------------------------------------------------------------------------
Fallible<Value> applyUnary(Thread& thread, Context* context, Unary operation, Value a);
Fallible<Value> applyBinary(Thread& thread, Context* context, Binary operation, Value a, Value b);
Fallible<Value> addDecimals(Thread& thread, Context* context, Value a, Value b);  // Decimals or ints
Fallible<Value> subtractDecimals(Thread& thread, Context* context, Value a, Value b);
Fallible<Value> multiplyDecimals(Thread& thread, Context* context, Value a, Value b);
Fallible<Value> divideDecimals(Thread& thread, Context* context, Value a, Value b);
Fallible<Value> quantizeDecimals(Thread& thread, Context* context, Value a, Value b);
Fallible<Value> divmodDecimals(Thread& thread, Context* context, Value a, Value b);
Fallible<Value> powerDecimals(Thread& thread, Context* context, Value a, Value b, Value modulusOrUnbound);
Fallible<Value> compareDecimals(Thread& thread, Comparison comparison, Value self, Value other);
Fallible<Value> hashDecimal(Thread& thread, Value self);
Fallible<Value> decimalToInt(Thread& thread, Value self, Rounding rounding);
Fallible<Value> formatDecimal(Thread& thread, Value self, const Arguments& arguments);
Fallible<Value> decimalText(Thread& thread, Value self, const Context* context, bool engineering);
KRAIT_COLD Raised raiseNoConversion(Thread& thread, Value v);

void declareOperators(TypeBuilder& builder);
void declareDecimalMethods(TypeBuilder& builder);
void declareContextMethods(TypeBuilder& builder);
void declareContexts(Thread& thread);  // Context, SignalDict, the manager
void addContextFunctions(ModuleBuilder& builder);
// The classes of exceptions, by signal; added to the module.
Fallible<void> makeSignals(Thread& thread, ModuleBuilder& builder);

inline constexpr int kSignalCount = 9;
struct Signal {
  const char* name;
  uint32_t bits;
  Type* type;
};
extern Signal signals[kSignalCount];

}  // namespace krait::decimal
