// decimal.Context: its attributes, the mappings of its flags and traps, and the current context.
#include "vm/builtins/dict.h"
#include "vm/builtins/list.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/contextvars.h"
#include "vm/modules/decimal_object.h"
#include "vm/names.h"

namespace krait::decimal {

static void traceContext(Cell* cell, Marker& marker) {
  auto* context = static_cast<Context*>(cell);
  marker.mark(context->trapsView);
  marker.mark(context->flagsView);
}
static void traceSignalDict(Cell* cell, Marker& marker) { marker.mark(static_cast<SignalDict*>(cell)->context); }
namespace {
struct Manager : NativeObject {
  Field<Context*> local, outer;
};
void traceManager(Cell* cell, Marker& marker) {
  marker.mark(static_cast<Manager*>(cell)->local);
  marker.mark(static_cast<Manager*>(cell)->outer);
}
}  // namespace
const NativeTraits contextTraits{"decimal.Context", traceContext, nullptr};
const NativeTraits signalDictTraits{"decimal.SignalDictMixin", traceSignalDict, nullptr};
const NativeTraits managerTraits{"decimal.ContextManager", traceManager, nullptr};

Signal signals[kSignalCount] = {
    {"InvalidOperation", kInvalid | 0x20, nullptr},
    {"FloatOperation", kFloatOperation, nullptr},
    {"DivisionByZero", kDivisionByZero, nullptr},
    {"Overflow", kOverflow, nullptr},
    {"Underflow", kUnderflow, nullptr},
    {"Subnormal", kSubnormal, nullptr},
    {"Inexact", kInexact, nullptr},
    {"Rounded", kRounded, nullptr},
    {"Clamped", kClamped, nullptr},
};
struct Condition {
  const char* name;
  uint32_t bit;
  Type* type;
};
static Condition conditions[] = {
    {"InvalidOperation", kInvalidOperation, nullptr},   {"DivisionImpossible", kDivisionImpossible, nullptr},
    {"DivisionUndefined", kDivisionUndefined, nullptr}, {"ConversionSyntax", kConversionSyntax, nullptr},
    {"InvalidContext", kInvalidContext, nullptr},
};
static constexpr const char* kRoundingNames[] = {"ROUND_UP",      "ROUND_DOWN",      "ROUND_CEILING",   "ROUND_FLOOR",
                                                 "ROUND_HALF_UP", "ROUND_HALF_DOWN", "ROUND_HALF_EVEN", "ROUND_05UP"};
static_assert(std::size(kRoundingNames) == static_cast<size_t>(Rounding::kCount));
static Str* roundingNames[std::size(kRoundingNames)];

// --- signals ----------------------------------------------------------------------------------------------------------
Fallible<void> makeSignals(Thread& thread, ModuleBuilder& builder) {
  auto make = [&](const char* name, std::initializer_list<Value> bases) {
    Dict* contents = startUp(makeDict(thread));
    // A str of its own for each, as pickles show.
    startUp(dictSetStr(thread, contents, names.dunder_module, Value::of(startUp(makeStr(thread, "decimal")))));
    Type* type = startUp(makeClass(thread, types.type, startUp(intern(thread, name)), startUp(makeTuple(thread, bases)),
                                   contents, nullptr, nullptr))
                     .as<Type>();
    builder.constant(name, Value::of(type));
    return keepType(type);
  };
  auto of = [](Type* type) { return Value::of(type); };
  Type* root = make("DecimalException", {of(exceptions.ArithmeticError)});
  auto signal = [&](const char* name) -> Type*& {
    for (Signal& s : signals)
      if (std::string_view(s.name) == name) return s.type;
    failStartUp();
  };
  for (const char* name : {"Clamped", "Rounded", "Inexact", "Subnormal", "InvalidOperation"})
    signal(name) = make(name, {of(root)});
  signal("DivisionByZero") = make("DivisionByZero", {of(root), of(exceptions.ZeroDivisionError)});
  signal("Overflow") = make("Overflow", {of(signal("Inexact")), of(signal("Rounded"))});
  signal("Underflow") = make("Underflow", {of(signal("Inexact")), of(signal("Rounded")), of(signal("Subnormal"))});
  signal("FloatOperation") = make("FloatOperation", {of(root), of(exceptions.TypeError)});
  Type* invalid = signal("InvalidOperation");
  for (Condition& condition : conditions) {
    if (std::string_view(condition.name) == "InvalidOperation") {
      condition.type = invalid;
    } else if (std::string_view(condition.name) == "DivisionUndefined") {
      condition.type = make(condition.name, {of(invalid), of(exceptions.ZeroDivisionError)});
    } else {
      condition.type = make(condition.name, {of(invalid)});
    }
  }
  return {};
}

Fallible<void> raiseStatus(Thread& thread, Context* context, uint32_t status) {
  if (status & kNoMemory) return raiseMemoryError(thread);
  uint32_t trapped = status & context->traps;
  Type* type = nullptr;
  List* all = TRY(makeListWithCapacity(thread, 0));
  for (const Condition& condition : conditions)
    if (trapped & condition.bit) TRY(listAppend(thread, all, Value::of(condition.type)));
  for (const Signal& signal : signals) {
    if ((trapped & signal.bits) == 0) continue;
    if (type == nullptr) type = signal.type;
    if (&signal != signals) TRY(listAppend(thread, all, Value::of(signal.type)));
  }
  return raiseWithArgument(thread, type, Value::of(all));
}

KRAIT_COLD static Raised raiseNotASignal(Thread& thread) {
  return raise(thread, exceptions.KeyError,
               "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n"
               "   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]");
}
static const Signal* findSignal(Value v) {
  for (const Signal& signal : signals)
    if (v.is(Value::of(signal.type))) return &signal;
  return nullptr;
}
static Fallible<uint32_t> bitsFromList(Thread& thread, Value list) {
  uint32_t bits = 0;
  for (Value item : list.as<List>()->values()) {
    const Signal* signal = findSignal(item);
    if (signal == nullptr) return raiseNotASignal(thread);
    bits |= signal->bits;
  }
  return bits;
}
static Fallible<uint32_t> bitsFromDict(Thread& thread, Value v) {
  if (const SignalDict* view = toSignalDict(v); view != nullptr) return view->bits();
  Dict* dict = toDict(v);
  if (dict == nullptr) return raiseTypeError(thread, "argument must be a signal dict");
  if (dict->length != kSignalCount) return raise(thread, exceptions.KeyError, "invalid signal dict");
  uint32_t bits = 0;
  uint64_t position = 0;
  Value key, value;
  while (dictNext(dict, position, key, value)) {
    const Signal* signal = findSignal(key);
    if (signal == nullptr) return raiseNotASignal(thread);
    if (TRY(isTrue(thread, value))) bits |= signal->bits;
  }
  return bits;
}
static Fallible<uint32_t> bitsFromAny(Thread& thread, Value v) {
  return isKind(v, Kind::kList) ? bitsFromList(thread, v) : bitsFromDict(thread, v);
}
static Fallible<Value> signalList(Thread& thread, uint32_t bits) {
  List* list = TRY(makeListWithCapacity(thread, 0));
  for (const Signal& signal : signals)
    if (bits & signal.bits) TRY(listAppend(thread, list, Value::of(signal.type)));
  return Value::of(list);
}

// --- rounding ---------------------------------------------------------------------------------------------------------
Fallible<Rounding> roundingArgument(Thread& thread, Value v) {
  if (Str* name = toStr(v); name != nullptr) {
    for (size_t i = 0; i < std::size(roundingNames); i++)
      if (name == roundingNames[i] || strEquals(name, roundingNames[i])) return static_cast<Rounding>(i);
  }
  return raiseTypeError(thread,
                        "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n"
                        "   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]");
}

// --- the current context ----------------------------------------------------------------------------------------------
Fallible<Context*> makeContext(Thread& thread, Type* type, const Context* like) {
  auto* context = TRY(allocate<Context>(thread, Kind::kNative, type->instanceShape));
  context->traits = &contextTraits;
  context->trapsView = Value::unbound();
  context->flagsView = Value::unbound();
  context->settings = like->settings;
  context->traps = like->traps;
  context->status = like->status;
  return context;
}

Fallible<Context*> currentContextSlow(Thread& thread) {
  Value found = TRY(contextVariableValue(thread, state.variable));
  Context* context = found.isUnbound() ? nullptr : toContext(found);
  if (context == nullptr) {
    context = TRY(makeContext(thread, state.context, state.defaults));
    context->status = 0;
    TRY(setContextVariable(thread, state.variable, Value::of(context)));
  }
  current = {thread.context, contextVersion, context};
  return context;
}
Fallible<Context*> currentContext(Thread& thread) {
  if (current.version == contextVersion && current.threadContext.is(thread.context)) [[likely]]
    return current.context;
  return currentContextSlow(thread);
}
Fallible<Context*> contextArgument(Thread& thread, Value v) {
  if (v.isUnbound() || v.isNone()) return currentContext(thread);
  Context* context = toContext(v);
  if (context == nullptr) return raiseTypeError(thread, "optional argument must be a context");
  return context;
}

namespace {

// --- SignalDict -------------------------------------------------------------------------------------------------------
Fallible<Value> makeView(Thread& thread, Type* type, Context* context, bool isTraps) {
  auto* view = TRY(allocate<SignalDict>(thread, Kind::kNative, type->instanceShape));
  view->traits = &signalDictTraits;
  view->context = context;
  view->isTraps = isTraps;
  return Value::of(view);
}
// One that belongs to no context of the program.
Fallible<Value> viewNew(Thread& thread, Value type, const Arguments&) {
  Context* own = TRY(makeContext(thread, state.context, state.defaults));
  own->traps = 0;
  return makeView(thread, type.as<Type>(), own, true);
}
Fallible<Value> viewInit(Thread&, Value, const Arguments&) { return Value::none(); }
Fallible<Value> viewLength(Thread&, Value) { return Value::inlineInt(kSignalCount); }
Fallible<Value> viewIterate(Thread& thread, Value) {
  Tuple* all = TRY(makeTupleUninitialised(thread, kSignalCount));
  for (int i = 0; i < kSignalCount; i++) all->items[i] = Value::of(signals[i].type);
  return iterate(thread, Value::of(all));
}
Fallible<Value> viewGetItem(Thread& thread, Value self, Value key) {
  const Signal* signal = findSignal(key);
  if (signal == nullptr) return raiseNotASignal(thread);
  return Value::boolean((toSignalDict(self)->bits() & signal->bits) != 0);
}
Fallible<Value> viewSetItem(Thread& thread, Value self, Value key, Value value) {
  const Signal* signal = findSignal(key);
  if (signal == nullptr) return raiseNotASignal(thread);
  bool on = TRY(isTrue(thread, value));
  uint32_t& bits = toSignalDict(self)->bits();
  bits = on ? bits | signal->bits : bits & ~signal->bits;
  return Value::none();
}
Fallible<Value> viewDeleteItem(Thread& thread, Value, Value) {
  return raiseValueError(thread, "signal keys cannot be deleted");
}
Fallible<Value> viewCopy(Thread& thread, Value self) {
  Dict* dict = TRY(makeDict(thread));
  for (const Signal& signal : signals)
    TRY(dictSet(thread, dict, Value::of(signal.type), Value::boolean((toSignalDict(self)->bits() & signal.bits) != 0)));
  return Value::of(dict);
}
Fallible<Value> viewRepr(Thread& thread, Value self) {
  std::string text = "{";
  for (const Signal& signal : signals) {
    if (text.size() > 1) text += ", ";
    text += fmt::format("<class 'decimal.{}'>:{}", signal.name,
                        (toSignalDict(self)->bits() & signal.bits) != 0 ? "True" : "False");
  }
  return makeStrValue(thread, text + "}");
}
uint32_t signalsIn(uint32_t bits) {
  uint32_t found = 0;
  for (const Signal& signal : signals)
    if (bits & signal.bits) found |= signal.bits;
  return found;
}
template <bool wantsEqual>
Fallible<Value> viewCompare(Thread& thread, Value self, Value other) {
  if (toSignalDict(other) == nullptr && toDict(other) == nullptr) return Value::notImplemented();
  auto bits = bitsFromDict(thread, other);
  if (bits.isRaised()) {
    if (!pendingMatches(thread, exceptions.KeyError)) return Raised{};
    clearException(thread);
    return Value::notImplemented();
  }
  bool isEqual = signalsIn(bits.value()) == signalsIn(toSignalDict(self)->bits());
  return Value::boolean(isEqual == wantsEqual);
}

// --- Context: attributes ----------------------------------------------------------------------------------------------
Context& contextOf(Value v) { return *v.as<Context>(); }

Fallible<int64_t> integerSetting(Thread& thread, Value v) {
  if (v.isUnbound()) return raise(thread, exceptions.AttributeError, "context attributes cannot be deleted");
  if (!isInt(v)) return raiseTypeError(thread, "an integer is required");
  return ssizeArgument(thread, v);
}
Fallible<void> setPrecision(Thread& thread, Value self, Value v) {
  int64_t n = TRY(integerSetting(thread, v));
  if (n < 1 || n > kMaxPrecision) return raiseValueError(thread, "valid range for prec is [1, MAX_PREC]");
  contextOf(self).settings.precision = n;
  return {};
}
Fallible<void> setEmin(Thread& thread, Value self, Value v) {
  int64_t n = TRY(integerSetting(thread, v));
  if (n > 0 || n < kMinExponent) return raiseValueError(thread, "valid range for Emin is [MIN_EMIN, 0]");
  contextOf(self).settings.emin = n;
  return {};
}
Fallible<void> setEmax(Thread& thread, Value self, Value v) {
  int64_t n = TRY(integerSetting(thread, v));
  if (n < 0 || n > kMaxExponent) return raiseValueError(thread, "valid range for Emax is [0, MAX_EMAX]");
  contextOf(self).settings.emax = n;
  return {};
}
Fallible<void> setCapitals(Thread& thread, Value self, Value v) {
  int64_t n = TRY(integerSetting(thread, v));
  if (n != 0 && n != 1) return raiseValueError(thread, "valid values for capitals are 0 or 1");
  contextOf(self).settings.capitals = n == 1;
  return {};
}
Fallible<void> setClamp(Thread& thread, Value self, Value v) {
  int64_t n = TRY(integerSetting(thread, v));
  if (n != 0 && n != 1) return raiseValueError(thread, "valid values for clamp are 0 or 1");
  contextOf(self).settings.clamp = n == 1;
  return {};
}
Fallible<void> setRounding(Thread& thread, Value self, Value v) {
  if (v.isUnbound()) return raise(thread, exceptions.AttributeError, "context attributes cannot be deleted");
  contextOf(self).settings.rounding = TRY(roundingArgument(thread, v));
  return {};
}
Fallible<void> setTraps(Thread& thread, Value self, Value v) {
  if (v.isUnbound()) return raise(thread, exceptions.AttributeError, "context attributes cannot be deleted");
  contextOf(self).traps = TRY(bitsFromDict(thread, v));
  return {};
}
Fallible<void> setFlags(Thread& thread, Value self, Value v) {
  if (v.isUnbound()) return raise(thread, exceptions.AttributeError, "context attributes cannot be deleted");
  contextOf(self).status = TRY(bitsFromDict(thread, v));
  return {};
}
Fallible<Value> getPrecision(Thread& thread, Value self) { return makeInt(thread, contextOf(self).settings.precision); }
Fallible<Value> getEmin(Thread& thread, Value self) { return makeInt(thread, contextOf(self).settings.emin); }
Fallible<Value> getEmax(Thread& thread, Value self) { return makeInt(thread, contextOf(self).settings.emax); }
Fallible<Value> getCapitals(Thread&, Value self) { return Value::inlineInt(contextOf(self).settings.capitals); }
Fallible<Value> getClamp(Thread&, Value self) { return Value::inlineInt(contextOf(self).settings.clamp); }
Fallible<Value> getRounding(Thread&, Value self) {
  return Value::of(roundingNames[static_cast<size_t>(contextOf(self).settings.rounding)]);
}
Fallible<Value> getTraps(Thread& thread, Value self) {
  if (contextOf(self).trapsView.get().isUnbound())
    contextOf(self).trapsView = TRY(makeView(thread, state.signalDict, &contextOf(self), true));
  return contextOf(self).trapsView.get();
}
Fallible<Value> getFlags(Thread& thread, Value self) {
  if (contextOf(self).flagsView.get().isUnbound())
    contextOf(self).flagsView = TRY(makeView(thread, state.signalDict, &contextOf(self), false));
  return contextOf(self).flagsView.get();
}
Fallible<Value> contextEtiny(Thread& thread, Value self) { return makeInt(thread, contextOf(self).settings.etiny()); }
Fallible<Value> contextEtop(Thread& thread, Value self) { return makeInt(thread, contextOf(self).settings.etop()); }

// --- Context: construction --------------------------------------------------------------------------------------------
constexpr int kContextArguments = 8;
// prec, rounding, Emin, Emax, capitals, clamp, flags, traps: those that are given and not None.
Fallible<void> configure(Thread& thread, Value self, const Value* given) {
  using Setter = Fallible<void> (*)(Thread&, Value, Value);
  constexpr Setter kSetters[] = {setPrecision, setRounding, setEmin, setEmax, setCapitals, setClamp};
  for (size_t i = 0; i < std::size(kSetters); i++)
    if (!given[i].isUnbound() && !given[i].isNone()) TRY(kSetters[i](thread, self, given[i]));
  if (!given[7].isUnbound() && !given[7].isNone()) contextOf(self).traps = TRY(bitsFromAny(thread, given[7]));
  if (!given[6].isUnbound() && !given[6].isNone()) contextOf(self).status = TRY(bitsFromAny(thread, given[6]));
  return {};
}
Fallible<Value> contextNew(Thread& thread, Value type, const Arguments&) {
  return Value::of(TRY(makeContext(thread, type.as<Type>(), state.defaults)));
}
Fallible<Value> contextInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      nullptr, {"prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"}, 0};
  Value given[kContextArguments];
  TRY(kParameters.bind(thread, arguments, given));
  TRY(configure(thread, self, given));
  return Value::none();
}
Fallible<Value> contextCopy(Thread& thread, Value self) {
  return Value::of(TRY(makeContext(thread, state.context, &contextOf(self))));
}

std::string signalNames(uint32_t bits) {
  static constexpr const char* kByBit[] = {"Clamped",          "InvalidOperation", "DivisionByZero", "InvalidOperation",
                                           "InvalidOperation", "InvalidOperation", "Inexact",        "InvalidOperation",
                                           "InvalidOperation", "InvalidOperation", "FloatOperation", "Overflow",
                                           "Rounded",          "Subnormal",        "Underflow"};
  std::string text;
  bool saidInvalid = false;
  for (size_t i = 0; i < std::size(kByBit); i++) {
    if ((bits >> i & 1) == 0) continue;
    bool isInvalid = (signals[0].bits >> i & 1) != 0;
    if (isInvalid && saidInvalid) continue;
    saidInvalid |= isInvalid;
    if (!text.empty()) text += ", ";
    text += kByBit[i];
  }
  return text;
}
Fallible<Value> contextRepr(Thread& thread, Value self) {
  const Context& c = contextOf(self);
  return makeStrValue(thread,
                      fmt::format("Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={}, clamp={}, "
                                  "flags=[{}], traps=[{}])",
                                  c.settings.precision, kRoundingNames[static_cast<size_t>(c.settings.rounding)],
                                  c.settings.emin, c.settings.emax, static_cast<int>(c.settings.capitals),
                                  static_cast<int>(c.settings.clamp), signalNames(c.status), signalNames(c.traps)));
}
Fallible<Value> contextReduce(Thread& thread, Value self) {
  Value flags = TRY(signalList(thread, contextOf(self).status)), traps = TRY(signalList(thread, contextOf(self).traps));
  Value items[] = {TRY(getPrecision(thread, self)),
                   TRY(getRounding(thread, self)),
                   TRY(getEmin(thread, self)),
                   TRY(getEmax(thread, self)),
                   TRY(getCapitals(thread, self)),
                   TRY(getClamp(thread, self)),
                   flags,
                   traps};
  Value arguments = Value::of(TRY(makeTuple(thread, items)));
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), arguments})));
}
Fallible<Value> clearFlags(Thread&, Value self) {
  contextOf(self).status = 0;
  return Value::none();
}
Fallible<Value> clearTraps(Thread&, Value self) {
  contextOf(self).traps = 0;
  return Value::none();
}
Fallible<Value> contextSizeOf(Thread&, Value) { return Value::inlineInt(96); }

// --- functions --------------------------------------------------------------------------------------------------------
Fallible<Value> getContext(Thread& thread) { return Value::of(TRY(currentContext(thread))); }

Fallible<void> makeCurrent(Thread& thread, Context* context) {
  if (context == state.defaults || context == state.basic || context == state.extended) {
    context = TRY(makeContext(thread, state.context, context));
    context->status = 0;
  }
  return setContextVariable(thread, state.variable, Value::of(context));
}
Fallible<Value> setContext(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "decimal.setcontext"));
  if (arguments.positional != 1)
    return raiseTypeError(thread, "decimal.setcontext() takes exactly one argument ({} given)", arguments.positional);
  Context* context = toContext(arguments[0]);
  if (context == nullptr) return raiseTypeError(thread, "argument must be a context");
  TRY(makeCurrent(thread, context));
  return Value::none();
}
Fallible<Value> localContext(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      nullptr, {"ctx", "prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"}, 0};
  Value given[1 + kContextArguments];
  TRY(kParameters.bind(thread, arguments, given));
  Context* outer = TRY(currentContext(thread));
  Context* like = TRY(contextArgument(thread, given[0]));
  Context* local = TRY(makeContext(thread, state.context, like));
  TRY(configure(thread, Value::of(local), given + 1));
  auto* manager = TRY(allocate<Manager>(thread, Kind::kNative, state.manager->instanceShape));
  manager->traits = &managerTraits;
  manager->local = local;
  manager->outer = outer;
  return Value::of(manager);
}
Fallible<Value> managerEnter(Thread& thread, Value self) {
  Context* local = self.as<Manager>()->local;
  TRY(makeCurrent(thread, local));
  return Value::of(local);
}
Fallible<Value> managerExit(Thread& thread, Value self, const Arguments&) {
  TRY(makeCurrent(thread, self.as<Manager>()->outer));
  return Value::none();
}

}  // namespace

void declareContexts(Thread& thread) {
  static RootVector* const kept = new RootVector;
  auto keep = [](Value v) {
    if (!kept->push(v)) failStartUp();
  };
  for (size_t i = 0; i < std::size(kRoundingNames); i++) {
    roundingNames[i] = startUp(intern(thread, kRoundingNames[i]));
    keep(Value::of(roundingNames[i]));
  }
  TypeBuilder builder(thread, "Context", types.object, Kind::kNative);
  builder.module("decimal")
      .flags(Type::kBaseType)
      .doc("The precision, rounding, limits and traps of decimal arithmetic.")
      .constructor(contextNew)
      .special("__repr__", contextRepr)
      .specialVariadic("__init__", contextInit);
  declareContextMethods(builder);
  state.context = keepType(builder.method("Etiny", contextEtiny)
                               .method("Etop", contextEtop)
                               .method("clear_flags", clearFlags)
                               .method("clear_traps", clearTraps)
                               .method("__copy__", contextCopy)
                               .method("__reduce__", contextReduce)
                               .method("copy", contextCopy)
                               .method("__sizeof__", contextSizeOf)
                               .getter("prec", getPrecision, setPrecision)
                               .getter("Emax", getEmax, setEmax)
                               .getter("Emin", getEmin, setEmin)
                               .getter("rounding", getRounding, setRounding)
                               .getter("capitals", getCapitals, setCapitals)
                               .getter("clamp", getClamp, setClamp)
                               .getter("traps", getTraps, setTraps)
                               .getter("flags", getFlags, setFlags)
                               .build());
  state.signalMixin = keepType(TypeBuilder(thread, "SignalDictMixin", types.object, Kind::kNative)
                                   .module("decimal")
                                   .flags(Type::kBaseType)
                                   .constructor(viewNew)
                                   .special("__repr__", viewRepr)
                                   .special("__eq__", viewCompare<true>)
                                   .special("__ne__", viewCompare<false>)
                                   .special("__iter__", viewIterate)
                                   .specialVariadic("__init__", viewInit)
                                   .special("__len__", viewLength)
                                   .special("__getitem__", viewGetItem)
                                   .special("__setitem__", viewSetItem)
                                   .special("__delitem__", viewDeleteItem)
                                   .method("copy", viewCopy)
                                   .unhashable()
                                   .build());
  state.manager = keepType(TypeBuilder(thread, "ContextManager", types.object, Kind::kNative)
                               .module("decimal")
                               .method("__enter__", managerEnter)
                               .variadic("__exit__", managerExit)
                               .build());
  state.variable = startUp(makeContextVariable(thread, "decimal_context"));
  keep(state.variable);
  constexpr uint32_t kUsual = kInvalid | 0x20 | kDivisionByZero | kOverflow;
  auto* seed = startUp(allocate<Context>(thread, Kind::kNative, state.context->instanceShape));
  seed->traits = &contextTraits;
  seed->trapsView = Value::unbound();
  seed->flagsView = Value::unbound();
  seed->settings = {28, 999999, -999999, Rounding::kHalfEven, false, true};
  seed->traps = kUsual;
  state.defaults = seed;
  keep(Value::of(seed));
  state.basic = startUp(makeContext(thread, state.context, seed));
  keep(Value::of(state.basic));
  state.basic->settings.precision = 9;
  state.basic->settings.rounding = Rounding::kHalfUp;
  state.basic->traps = kUsual | kUnderflow | kClamped;
  state.extended = startUp(makeContext(thread, state.context, seed));
  keep(Value::of(state.extended));
  state.extended->settings.precision = 9;
  state.extended->traps = 0;
}

void addContextFunctions(ModuleBuilder& builder) {
  builder.variadic("getcontext", nullary<"decimal.getcontext", getContext>)
      .variadic("setcontext", setContext)
      .variadic("localcontext", localContext);
  for (Str* name : roundingNames) builder.constant(strToUtf8(name).c_str(), Value::of(name));
}

}  // namespace krait::decimal
