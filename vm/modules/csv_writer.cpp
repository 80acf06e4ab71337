// csv.writer: rows to lines.
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/modules/csv_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

struct Writer : NativeObject {
  Field<Value> write, dialect;
};
void traceWriter(Cell* cell, Marker& marker) {
  marker.mark(static_cast<Writer*>(cell)->write);
  marker.mark(static_cast<Writer*>(cell)->dialect);
}
constexpr NativeTraits kTraits{"writer", traceWriter, nullptr};

Writer* self_(Value v) { return v.as<Writer>(); }

bool isNumber(Value v) {
  return isInt(v) || isFloat(v) || isKind(v, Kind::kComplex) || !specialMethod(v, Special::k__index__).isUnbound() ||
         !specialMethod(v, Special::k__int__).isUnbound() || !specialMethod(v, Special::k__float__).isUnbound();
}

// Appends a field, quoted when it has to be or `quoted` says so.
Fallible<void> appendField(Thread& thread, const CsvDialect* d, StrBuilder& line, const Str* field, bool quoted) {
  const Str* terminator = toStr(d->lineTerminator);
  auto isSpecial = [&](uint32_t c) {
    if (c == d->delimiter || c == d->escapeCharacter || c == d->quoteCharacter) return true;
    for (uint64_t i = 0; i < terminator->length; i++) {
      if (terminator->at(i) == c) return true;
    }
    return false;
  };
  uint64_t first = 0;
  while (first < field->length && !isSpecial(field->at(first))) first++;
  if (first == field->length) {
    if (quoted) line.appendCharacter(d->quoteCharacter);
    line.append(field);
    if (quoted) line.appendCharacter(d->quoteCharacter);
    return {};
  }
  StrBuilder text;
  for (uint64_t i = 0; i < field->length; i++) {
    uint32_t c = field->at(i);
    if (isSpecial(c)) {
      bool escapes = d->quoting == kQuoteNone || c == d->escapeCharacter;
      if (!escapes && c == d->quoteCharacter) {
        if (d->doublesQuotes) {
          text.appendCharacter(c);
        } else {
          escapes = true;
        }
      }
      if (!escapes) quoted = true;
      if (escapes) {
        if (d->escapeCharacter == kNoCharacter) {
          return raiseCsvError(thread, "need to escape, but no escapechar set");
        }
        text.appendCharacter(d->escapeCharacter);
      }
    }
    text.appendCharacter(c);
  }
  if (quoted) line.appendCharacter(d->quoteCharacter);
  line.append(TRY(text.build(thread)));
  if (quoted) line.appendCharacter(d->quoteCharacter);
  return {};
}

Fallible<Value> writeRow(Thread& thread, Value self, Value row) {
  Writer* w = self_(self);
  const auto* d = w->dialect.get().as<CsvDialect>();
  auto iterator = iterate(thread, row);
  if (iterator.isRaised()) {
    if (!pendingMatches(thread, exceptions.TypeError)) return Raised{};
    clearException(thread);
    return raiseCsvError(thread, "iterable expected, not {}", nameOf(row));
  }
  StrBuilder line;
  uint64_t fields = 0;
  for (;;) {
    Value field = TRY(next(thread, iterator.value()));
    if (field.isUnbound()) break;
    bool quoted = d->quoting == kQuoteAll || (d->quoting == kQuoteNonnumeric && !isNumber(field));
    if (fields++ != 0) line.appendCharacter(d->delimiter);
    const Str* text = field.isNone() ? emptyStr() : toStr(field) != nullptr ? toStr(field) : TRY(str(thread, field));
    TRY(appendField(thread, d, line, text, quoted));
  }
  if (fields > 0 && line.length() == 0) {  // one empty field: an empty line would read as no field
    if (d->quoting == kQuoteNone) return raiseCsvError(thread, "single empty field record must be quoted");
    line.appendCharacter(d->quoteCharacter).appendCharacter(d->quoteCharacter);
  }
  line.append(toStr(d->lineTerminator));
  return call(thread, w->write, Value::of(TRY(line.build(thread))));
}
Fallible<Value> writeRows(Thread& thread, Value self, Value rows) {
  Value iterator = TRY(iterate(thread, rows));
  for (;;) {
    Value row = TRY(next(thread, iterator));
    if (row.isUnbound()) return Value::none();
    TRY(writeRow(thread, self, row));
  }
}
Fallible<Value> getDialect(Thread&, Value self) { return self_(self)->dialect.get(); }

}  // namespace

Fallible<Value> csvWriter(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "", 1, 2));
  Value write = TRY(getAttributeOrUnbound(thread, arguments[0], names.write));
  if (write.isUnbound() || !isCallable(write)) {
    return raiseTypeError(thread, "argument 1 must have a \"write\" method");
  }
  auto* w = TRY(allocate<Writer>(thread, Kind::kNative, csvTypes.writer->instanceShape));
  w->traits = &kTraits;
  w->write = write;
  Value dialect = arguments.positional == 2 ? arguments[1] : Value::unbound();
  w->dialect = TRY(makeCsvDialect(thread, dialect, arguments.first + arguments.positional, arguments.keywordNames));
  return Value::of(w);
}

void declareCsvWriter(TypeBuilder& type) {
  type.module("_csv")
      .doc("CSV writer")
      .method("writerow", writeRow)
      .method("writerows", writeRows)
      .getter("dialect", getDialect);
}

}  // namespace krait
