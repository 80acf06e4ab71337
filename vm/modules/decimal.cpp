// Module _decimal: the class Decimal, contexts and signals.
#include "vm/builtins/type_internal.h"
#include "vm/import.h"
#include "vm/modules/decimal_object.h"
#include "vm/modules/registry.h"
#include "vm/names.h"

namespace krait::decimal {
namespace {

Fallible<Value> decimalNew(Thread& thread, Value type, const Arguments& arguments) {
  Value given[2] = {Value::unbound(), Value::unbound()};
  if (arguments.positional == 1 && arguments.keywordNames == nullptr) {
    given[0] = arguments[0];
  } else {
    static constexpr Parameters kParameters{nullptr, {"value", "context"}, 0};
    TRY(kParameters.bind(thread, arguments, given));
  }
  if (given[0].isInlineInt() && given[1].isUnbound()) return decimalFromInt(thread, given[0], type.as<Type>());
  Context* context = TRY(contextArgument(thread, given[1]));
  if (given[0].isUnbound()) return makeSmall(thread, type.as<Type>(), false, 0, 0);
  return decimalFromObject(thread, type.as<Type>(), given[0], context, true);
}

Fallible<Value> attributeOf(Thread& thread, const char* module, const char* name) {
  Value imported = TRY(importModule(thread, TRY(intern(thread, module))));
  return getAttribute(thread, imported, name);
}

// What is made of the library's classes: the named tuple, the mapping, the place among the numbers.
Fallible<void> joinLibrary(Thread& thread) {
  Value name = Value::of(TRY(intern(thread, "DecimalTuple")));
  Value fields = Value::of(TRY(makeStr(thread, "sign digits exponent")));
  Value tuple = TRY(call(thread, TRY(attributeOf(thread, "collections", "namedtuple")), name, fields));
  TRY(setAttribute(thread, tuple, names.dunder_module, Value::of(TRY(intern(thread, "decimal")))));
  state.decimalTuple = keepType(tuple.as<Type>());
  Value number = TRY(attributeOf(thread, "numbers", "Number"));
  Value self = Value::of(state.decimal);
  TRY(callMethod(thread, number, TRY(intern(thread, "register")), {&self, 1}));
  state.rational = keepType(TRY(attributeOf(thread, "numbers", "Rational")).as<Type>());
  Value mapping = TRY(attributeOf(thread, "_collections_abc", "MutableMapping"));
  Value bases = Value::of(TRY(makeTuple(thread, {Value::of(state.signalMixin), mapping})));
  Value dictionary = TRY(call(thread, Value::of(types.dict)));
  Value made =
      TRY(call(thread, Value::of(typeOf(mapping)), Value::of(TRY(intern(thread, "SignalDict"))), bases, dictionary));
  state.signalDict = keepType(made.as<Type>());
  return {};
}

}  // namespace
}  // namespace krait::decimal

namespace krait {

Module* moduleDecimal(Thread& thread) {
  using namespace decimal;
  if (state.decimal == nullptr) {
    TypeBuilder builder(thread, "Decimal", types.object, Kind::kNative);
    builder.module("decimal")
        .flags(Type::kBaseType)
        .doc(
            "Decimal(value='0', context=None): a decimal floating-point number, made exactly of an int, a float, a "
            "str, a tuple or a Decimal.")
        .constructor(decimalNew);
    declareOperators(builder);
    declareDecimalMethods(builder);
    state.decimal = keepType(builder.build());
    declareContexts(thread);
  }
  ModuleBuilder builder(thread, "_decimal",
                        "Decimal numbers, as the General Decimal Arithmetic Specification has them.");
  if (signals[0].type == nullptr && makeSignals(thread, builder).isRaised()) return nullptr;
  if (state.signalDict == nullptr && joinLibrary(thread).isRaised()) return nullptr;
  addContextFunctions(builder);
  auto text = [&](const char* of) { return Value::of(startUp(makeStr(thread, of))); };
  auto number = [&](int64_t of) { return startUp(makeInt(thread, of)); };
  return builder.constant("Decimal", Value::of(state.decimal))
      .constant("Context", Value::of(state.context))
      .constant("DecimalTuple", Value::of(state.decimalTuple))
      .constant("DefaultContext", Value::of(state.defaults))
      .constant("BasicContext", Value::of(state.basic))
      .constant("ExtendedContext", Value::of(state.extended))
      .constant("HAVE_THREADS", Value::boolean(true))
      .constant("HAVE_CONTEXTVAR", Value::boolean(true))
      .constant("MAX_PREC", number(kMaxPrecision))
      .constant("MAX_EMAX", number(kMaxExponent))
      .constant("MIN_EMIN", number(kMinExponent))
      .constant("MIN_ETINY", number(kMinEtiny))
      .constant("__version__", text("1.70"))
      .constant("__libmpdec_version__", text("2.5.1"))
      .build();
}

}  // namespace krait
