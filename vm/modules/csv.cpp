// Module _csv: dialects and their registry.
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/csv_internal.h"
#include "vm/modules/registry.h"
#include "vm/names.h"

namespace krait {
namespace {

void traceDialect(Cell* cell, Marker& marker) { marker.mark(static_cast<CsvDialect*>(cell)->lineTerminator); }
constexpr NativeTraits kDialectTraits{"Dialect", traceDialect, nullptr};
CsvDialect* self_(Value v) { return v.as<CsvDialect>(); }

// [0] the registered dialects, [1..] types.
RootVector& roots() {
  static RootVector* const vector = new RootVector;
  return *vector;
}

Fallible<uint32_t> characterOption(Thread& thread, Value v, const char* name, uint32_t otherwise, bool mayBeNone) {
  if (v.isUnbound()) return otherwise;
  if (v.isNone() && mayBeNone) return kNoCharacter;
  const Str* s = toStr(v);
  if (s == nullptr) {
    return raiseTypeError(thread, "\"{}\" must be string{}, not {}", name, mayBeNone ? " or None" : "", nameOf(v));
  }
  if (s->length != 1) return raiseTypeError(thread, "\"{}\" must be a 1-character string", name);
  return s->at(0);
}
Fallible<bool> flagOption(Thread& thread, Value v, bool otherwise) {
  return v.isUnbound() ? Fallible<bool>(otherwise) : isTrue(thread, v);
}

constexpr const char* kOptions[] = {"delimiter", "doublequote", "escapechar",       "lineterminator",
                                    "quotechar", "quoting",     "skipinitialspace", "strict"};

// `options` in the order of kOptions, unbound where not given; `type` is the class to make.
Fallible<Value> makeDialect(Thread& thread, Type* type, Value dialect, Value* options) {
  bool anyGiven = false;
  for (int i = 0; i < 8; i++) anyGiven = anyGiven || !options[i].isUnbound();
  if (!dialect.isUnbound() && !dialect.isNone()) {
    if (toStr(dialect) != nullptr) {
      dialect = TRY(dictGet(thread, csvDialects(), dialect));
      if (dialect.isUnbound()) return raiseCsvError(thread, "unknown dialect");
    }
    if (!anyGiven && typeOf(dialect) == csvTypes.dialect && type == csvTypes.dialect) return dialect;
    for (int i = 0; i < 8; i++) {
      if (!options[i].isUnbound()) continue;
      auto found = getAttribute(thread, dialect, kOptions[i]);
      if (found.isRaised()) {
        clearException(thread);
      } else {
        options[i] = found.value();
      }
    }
  }
  auto* d = TRY(allocate<CsvDialect>(thread, Kind::kNative, type->instanceShape));
  d->traits = &kDialectTraits;
  d->lineTerminator = Value::of(TRY(intern(thread, "\r\n")));
  d->delimiter = TRY(characterOption(thread, options[0], "delimiter", ',', false));
  d->doublesQuotes = TRY(flagOption(thread, options[1], true));
  d->escapeCharacter = TRY(characterOption(thread, options[2], "escapechar", kNoCharacter, true));
  if (!options[3].isUnbound()) {
    if (options[3].isNone()) return raiseTypeError(thread, "lineterminator must be set");
    if (toStr(options[3]) == nullptr) return raiseTypeError(thread, "\"lineterminator\" must be a string");
    d->lineTerminator = Value::of(toStr(options[3]));
  }
  d->quoteCharacter = TRY(characterOption(thread, options[4], "quotechar", '"', true));
  int64_t quoting = kQuoteMinimal;
  if (!options[5].isUnbound()) {
    if (!isInt(options[5])) return raiseTypeError(thread, "\"quoting\" must be an integer");
    quoting = TRY(sizeArgument(thread, options[5]));
  }
  d->skipsInitialSpace = TRY(flagOption(thread, options[6], false));
  d->strict = TRY(flagOption(thread, options[7], false));
  if (quoting < kQuoteMinimal || quoting > kQuoteNone) return raiseTypeError(thread, "bad \"quoting\" value");
  if (options[4].isNone() && options[5].isUnbound()) quoting = kQuoteNone;
  if (quoting != kQuoteNone && d->quoteCharacter == kNoCharacter) {
    return raiseTypeError(thread, "quotechar must be set if quoting enabled");
  }
  d->quoting = static_cast<CsvQuoting>(quoting);
  return Value::of(d);
}

// Keyword arguments into `options`.
Fallible<void> takeOptions(Thread& thread, const Value* values, Tuple* names, Value* options, Value* dialect) {
  for (int i = 0; i < 8; i++) options[i] = Value::unbound();
  if (names == nullptr) return {};
  for (uint64_t k = 0; k < names->length; k++) {
    const Str* name = toStr(names->items[k]);
    int which = 0;
    while (which < 8 && !strEqualsUtf8(name, kOptions[which])) which++;
    if (which < 8) {
      options[which] = values[k];
    } else if (dialect != nullptr && strEqualsUtf8(name, "dialect")) {
      *dialect = values[k];
    } else {
      fmt::memory_buffer buffer;
      return raiseTypeError(thread, "'{}' is an invalid keyword argument for this function", textOf(name, buffer));
    }
  }
  return {};
}

Fallible<Value> dialectNew(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional > 1) TRY(arguments.count(thread, "", 0, 1));
  Value dialect = arguments.positional == 1 ? arguments[0] : Value::unbound(), options[8];
  TRY(takeOptions(thread, arguments.first + arguments.positional, arguments.keywordNames, options, &dialect));
  return makeDialect(thread, self.as<Type>(), dialect, options);
}

Fallible<Value> characterValue(Thread& thread, uint32_t c) {
  if (c == kNoCharacter) return Value::none();
  return Value::of(TRY(makeStrOfCharacter(thread, c)));
}
Fallible<Value> getDelimiter(Thread& thread, Value self) { return characterValue(thread, self_(self)->delimiter); }
Fallible<Value> getQuoteCharacter(Thread& thread, Value self) {
  return characterValue(thread, self_(self)->quoteCharacter);
}
Fallible<Value> getEscapeCharacter(Thread& thread, Value self) {
  return characterValue(thread, self_(self)->escapeCharacter);
}
Fallible<Value> getLineTerminator(Thread&, Value self) { return self_(self)->lineTerminator.get(); }
Fallible<Value> getQuoting(Thread&, Value self) { return Value::inlineInt(self_(self)->quoting); }
Fallible<Value> getDoubleQuote(Thread&, Value self) { return Value::boolean(self_(self)->doublesQuotes); }
Fallible<Value> getSkipInitialSpace(Thread&, Value self) { return Value::boolean(self_(self)->skipsInitialSpace); }
Fallible<Value> getStrict(Thread&, Value self) { return Value::boolean(self_(self)->strict); }
Fallible<Value> refuseReduction(Thread& thread, Value, const Arguments&) {
  return raiseTypeError(thread, "cannot pickle 'Dialect' instances");
}

// --- the registry -----------------------------------------------------------------------------------------------------
Fallible<Value> registerDialect(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "", 1, 2));
  if (toStr(arguments[0]) == nullptr) return raiseTypeError(thread, "dialect name must be a string");
  Value dialect = arguments.positional == 2 ? arguments[1] : Value::unbound();
  Value made = TRY(makeCsvDialect(thread, dialect, arguments.first + arguments.positional, arguments.keywordNames));
  TRY(dictSet(thread, csvDialects(), arguments[0], made));
  return Value::none();
}
Fallible<Value> unregisterDialect(Thread& thread, Value name) {
  if (!TRY(dictDelete(thread, csvDialects(), name))) return raiseCsvError(thread, "unknown dialect");
  return Value::none();
}
Fallible<Value> getDialect(Thread& thread, Value name) {
  Value found = TRY(dictGet(thread, csvDialects(), name));
  if (found.isUnbound()) return raiseCsvError(thread, "unknown dialect");
  return found;
}
Fallible<Value> listDialects(Thread& thread, Value, const Arguments& arguments) {
  if (arguments.positional != 0) {
    return raiseTypeError(thread, "_csv.list_dialects() takes no arguments ({} given)", arguments.positional);
  }
  return Value::of(TRY(listFromIterable(thread, Value::of(csvDialects()))));
}
Fallible<Value> fieldSizeLimit(Thread& thread, Value, const Arguments& arguments) {
  if (arguments.positional > 1) {
    return raiseTypeError(thread, "field_size_limit() takes at most 1 argument ({} given)", arguments.positional);
  }
  int64_t before = csvFieldLimit;
  if (arguments.positional == 1) {
    if (!isInt(arguments[0])) return raiseTypeError(thread, "limit must be an integer");
    auto limit = toInt64(arguments[0]);
    if (!limit) return raise(thread, exceptions.OverflowError, "Python int too large to convert to C long");
    csvFieldLimit = *limit;
  }
  return makeInt(thread, before);
}

Fallible<void> prepare(Thread& thread) {
  if (!roots().empty()) return {};
  if (!roots().push(Value::of(TRY(makeDict(thread))))) return raiseMemoryError(thread);
  Dict* ns = TRY(makeDict(thread));
  TRY(dictSetStr(thread, ns, names.dunder_module, Value::of(TRY(intern(thread, "_csv")))));
  Tuple* bases = TRY(makeTuple(thread, {Value::of(exceptions.Exception)}));
  auto keep = [](Type* type) { return roots().push(Value::of(type)); };
  csvTypes.error =
      TRY(makeClass(thread, types.type, TRY(intern(thread, "Error")), bases, ns, nullptr, nullptr)).as<Type>();
  bool kept = keep(csvTypes.error);
  csvTypes.dialect = TypeBuilder(thread, "Dialect", types.object, Kind::kNative)
                         .module("_csv")
                         .doc("CSV dialect\n\nThe Dialect type records CSV dialect options.")
                         .flags(Type::kBaseType | Type::kInstantiable)
                         .constructor(dialectNew)
                         .variadic("__reduce__", refuseReduction)
                         .variadic("__reduce_ex__", refuseReduction)
                         .getter("delimiter", getDelimiter)
                         .getter("doublequote", getDoubleQuote)
                         .getter("escapechar", getEscapeCharacter)
                         .getter("lineterminator", getLineTerminator)
                         .getter("quotechar", getQuoteCharacter)
                         .getter("quoting", getQuoting)
                         .getter("skipinitialspace", getSkipInitialSpace)
                         .getter("strict", getStrict)
                         .build();
  kept = keep(csvTypes.dialect) && kept;
  TypeBuilder reader(thread, "reader", types.object, Kind::kNative);
  declareCsvReader(reader);
  csvTypes.reader = reader.build();
  kept = keep(csvTypes.reader) && kept;
  TypeBuilder writer(thread, "writer", types.object, Kind::kNative);
  declareCsvWriter(writer);
  csvTypes.writer = writer.build();
  kept = keep(csvTypes.writer) && kept;
  return kept ? Fallible<void>() : raiseMemoryError(thread);
}

}  // namespace

Dict* csvDialects() { return roots()[0].as<Dict>(); }

Fallible<Value> makeCsvDialect(Thread& thread, Value dialect, const Value* keywordValues, Tuple* keywordNames) {
  Value options[8];
  TRY(takeOptions(thread, keywordValues, keywordNames, options, dialect.isUnbound() ? &dialect : nullptr));
  return makeDialect(thread, csvTypes.dialect, dialect, options);
}

Module* moduleCsv(Thread& thread) {
  if (prepare(thread).isRaised()) return nullptr;
  auto version = makeStr(thread, "1.0");
  if (version.isRaised()) return nullptr;
  return ModuleBuilder(thread, "_csv", "Tables of text, as CSV files hold them.")
      .constant("__version__", Value::of(version.value()))
      .constant("_dialects", Value::of(csvDialects()))
      .constant("Error", Value::of(csvTypes.error))
      .constant("Dialect", Value::of(csvTypes.dialect))
      .constant("Reader", Value::of(csvTypes.reader))
      .constant("Writer", Value::of(csvTypes.writer))
      .constant("QUOTE_MINIMAL", Value::inlineInt(kQuoteMinimal))
      .constant("QUOTE_ALL", Value::inlineInt(kQuoteAll))
      .constant("QUOTE_NONNUMERIC", Value::inlineInt(kQuoteNonnumeric))
      .constant("QUOTE_NONE", Value::inlineInt(kQuoteNone))
      .variadic("reader", csvReader)
      .variadic("writer", csvWriter)
      .variadic("register_dialect", registerDialect)
      .function("unregister_dialect", unregisterDialect)
      .function("get_dialect", getDialect)
      .variadic("list_dialects", listDialects)
      .variadic("field_size_limit", fieldSizeLimit)
      .build();
}

}  // namespace krait
