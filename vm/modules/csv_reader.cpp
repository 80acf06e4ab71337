// csv.reader: lines to lists of fields, by a machine that takes one character at a time.
#include <new>

#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/modules/csv_internal.h"

namespace krait {
namespace {

enum class State : uint8_t {
  kStartRecord,
  kStartField,
  kEscaped,
  kInField,
  kInQuoted,
  kEscapedInQuoted,
  kQuoteInQuoted,
  kEatLineEnd,
  kAfterEscapedLineEnd,
};
constexpr uint32_t kEndOfLine = kNoCharacter - 1;  // behind the last character of every line

struct Reader : NativeObject {
  Field<Value> lines, dialect;
  Field<List*> fields;
  StrBuilder* field;  // being read
  int64_t lineNumber;
  State state;
  bool isNumeric;
};
void traceReader(Cell* cell, Marker& marker) {
  auto* r = static_cast<Reader*>(cell);
  marker.mark(r->lines);
  marker.mark(r->dialect);
  marker.mark(r->fields);
}
void finaliseReader(Cell* cell) { delete static_cast<Reader*>(cell)->field; }
constexpr NativeTraits kTraits{"reader", traceReader, finaliseReader};

Reader* self_(Value v) { return v.as<Reader>(); }

Fallible<void> addCharacter(Thread& thread, Reader* r, uint32_t c) {
  if (static_cast<int64_t>(r->field->length()) >= csvFieldLimit) {
    return raiseCsvError(thread, "field larger than field limit ({})", csvFieldLimit);
  }
  r->field->appendCharacter(c);
  return {};
}

Fallible<void> saveField(Thread& thread, Reader* r) {
  Value field = Value::of(TRY(r->field->build(thread)));
  r->field->clear();
  if (r->isNumeric) {
    r->isNumeric = false;
    field = TRY(floatFromObject(thread, field));
  }
  return listAppend(thread, r->fields, field);
}

bool isLineEnd(uint32_t c) { return c == '\n' || c == '\r' || c == kEndOfLine; }

// The field is over because the line is.
Fallible<void> endField(Thread& thread, Reader* r, uint32_t c) {
  TRY(saveField(thread, r));
  r->state = c == kEndOfLine ? State::kStartRecord : State::kEatLineEnd;
  return {};
}

Fallible<void> inField(Thread& thread, Reader* r, const CsvDialect* d, uint32_t c) {
  if (isLineEnd(c)) return endField(thread, r, c);
  if (c == d->escapeCharacter) {
    r->state = State::kEscaped;
  } else if (c == d->delimiter) {
    TRY(saveField(thread, r));
    r->state = State::kStartField;
  } else {
    r->state = State::kInField;
    return addCharacter(thread, r, c);
  }
  return {};
}

Fallible<void> startField(Thread& thread, Reader* r, const CsvDialect* d, uint32_t c) {
  if (isLineEnd(c)) return endField(thread, r, c);
  if (c == d->quoteCharacter && d->quoting != kQuoteNone) {
    r->state = State::kInQuoted;
  } else if (c == d->escapeCharacter) {
    r->state = State::kEscaped;
  } else if (c == ' ' && d->skipsInitialSpace) {
    r->state = State::kStartField;
  } else if (c == d->delimiter) {
    TRY(saveField(thread, r));
    r->state = State::kStartField;
  } else {
    if (d->quoting == kQuoteNonnumeric) r->isNumeric = true;
    r->state = State::kInField;
    return addCharacter(thread, r, c);
  }
  return {};
}

Fallible<void> process(Thread& thread, Reader* r, const CsvDialect* d, uint32_t c) {
  switch (r->state) {
    case State::kStartRecord:
      if (c == kEndOfLine) return {};
      if (c == '\n' || c == '\r') {
        r->state = State::kEatLineEnd;
        return {};
      }
      return startField(thread, r, d, c);
    case State::kStartField: return startField(thread, r, d, c);
    case State::kEscaped:
      if (c == '\n' || c == '\r') {
        r->state = State::kAfterEscapedLineEnd;
        return addCharacter(thread, r, c);
      }
      r->state = State::kInField;
      return addCharacter(thread, r, c == kEndOfLine ? '\n' : c);
    case State::kAfterEscapedLineEnd:
      if (c == kEndOfLine) return {};
      return inField(thread, r, d, c);
    case State::kInField: return inField(thread, r, d, c);
    case State::kInQuoted:
      if (c == kEndOfLine) return {};
      if (c == d->escapeCharacter) {
        r->state = State::kEscapedInQuoted;
      } else if (c == d->quoteCharacter && d->quoting != kQuoteNone) {
        r->state = d->doublesQuotes ? State::kQuoteInQuoted : State::kInField;
      } else {
        return addCharacter(thread, r, c);
      }
      return {};
    case State::kEscapedInQuoted:
      r->state = State::kInQuoted;
      return addCharacter(thread, r, c == kEndOfLine ? '\n' : c);
    case State::kQuoteInQuoted:
      if (d->quoting != kQuoteNone && c == d->quoteCharacter) {
        r->state = State::kInQuoted;
        return addCharacter(thread, r, c);
      }
      if (c == d->delimiter) {
        TRY(saveField(thread, r));
        r->state = State::kStartField;
        return {};
      }
      if (isLineEnd(c)) return endField(thread, r, c);
      if (!d->strict) {
        r->state = State::kInField;
        return addCharacter(thread, r, c);
      }
      {
        StrBuilder message;
        message.append("'").appendCharacter(d->delimiter).append("' expected after '");
        message.appendCharacter(d->quoteCharacter).append("'");
        return raiseWithArgument(thread, csvTypes.error, Value::of(TRY(message.build(thread))));
      }
    case State::kEatLineEnd:
      if (c == '\n' || c == '\r') return {};
      if (c == kEndOfLine) {
        r->state = State::kStartRecord;
        return {};
      }
      return raiseCsvError(thread,
                           "new-line character seen in unquoted field - do you need to open the file in "
                           "universal-newline mode?");
  }
  return {};
}

// A run of plain characters inside a field goes in at once; the position behind it is returned.
uint64_t takeRun(Reader* r, const CsvDialect* d, const Str* line, uint64_t i) {
  bool quoted = r->state == State::kInQuoted;
  if (!quoted && r->state != State::kInField) return i;
  uint64_t end = i,
           room = static_cast<uint64_t>(std::max<int64_t>(0, csvFieldLimit)) -
                  std::min<uint64_t>(r->field->length(), static_cast<uint64_t>(std::max<int64_t>(0, csvFieldLimit)));
  withText(line, [&](auto* text, uint64_t length) {
    uint64_t stop = std::min(length, i + std::min(room, length - i));
    while (end < stop) {
      uint32_t c = text[end];
      if (c == d->escapeCharacter) break;
      if (quoted ? c == d->quoteCharacter : (c == d->delimiter || c == '\n' || c == '\r')) break;
      end++;
    }
  });
  if (end != i) r->field->append(line, i, end);
  return end;
}

// A field that begins at `i` and ends in front of a delimiter, with nothing in it that needs the machine, is taken from
// the line as it is: plain, or between quotes. The position behind the delimiter, or `i`: the machine must do it.
Fallible<uint64_t> takeField(Thread& thread, Reader* r, const CsvDialect* d, const Str* line, uint64_t i) {
  bool begins = r->state == State::kStartField || r->state == State::kStartRecord;
  bool isOrdinary = d->delimiter != d->quoteCharacter && d->delimiter != '\n' && d->delimiter != '\r';
  if (!begins || !isOrdinary || line->width != 1 || d->quoting == kQuoteNonnumeric) return i;
  const uint8_t* text = line->data();
  bool quoted = text[i] == d->quoteCharacter && d->quoting != kQuoteNone;
  if (!quoted && text[i] == ' ' && d->skipsInitialSpace) return i;
  uint64_t start = quoted ? i + 1 : i, end = start;
  for (; end < line->length; end++) {
    uint32_t c = text[end];
    if (c == d->escapeCharacter) return i;
    if (quoted ? c == d->quoteCharacter : c == d->delimiter) break;
    if (!quoted && (c == '\n' || c == '\r')) return i;
  }
  uint64_t delimiter = quoted ? end + 1 : end;
  if (delimiter >= line->length || text[delimiter] != d->delimiter) return i;
  if (static_cast<int64_t>(end - start) > csvFieldLimit) return i;
  Str* field = TRY(makeStrLatin1(thread, text + start, end - start));
  TRY(listAppend(thread, r->fields, Value::of(field)));
  r->state = State::kStartField;
  return delimiter + 1;
}

Fallible<Value> readerNext(Thread& thread, Value self) {
  Reader* r = self_(self);
  r->fields = TRY(makeListWithCapacity(thread, 0));
  r->field->clear();
  r->state = State::kStartRecord;
  r->isNumeric = false;
  auto* d = r->dialect.get().as<CsvDialect>();
  do {
    Value next = TRY(krait::next(thread, r->lines));
    if (next.isUnbound()) {
      if (r->field->length() == 0 && r->state != State::kInQuoted) return next;
      if (d->strict) return raiseCsvError(thread, "unexpected end of data");
      TRY(saveField(thread, r));
      break;
    }
    const Str* line = toStr(next);
    if (line == nullptr) {
      return raiseCsvError(thread, "iterator should return strings, not {} (the file should be opened in text mode)",
                           nameOf(next));
    }
    r->lineNumber++;
    for (uint64_t i = 0; i < line->length;) {
      uint64_t behind = TRY(takeField(thread, r, d, line, i));
      if (behind != i) {
        i = behind;
        continue;
      }
      i = takeRun(r, d, line, i);
      if (i < line->length) TRY(process(thread, r, d, line->at(i++)));
    }
    TRY(process(thread, r, d, kEndOfLine));
  } while (r->state != State::kStartRecord);
  List* fields = r->fields;
  r->fields = nullptr;
  return Value::of(fields);
}

Fallible<Value> readerIter(Thread&, Value self) { return self; }
Fallible<Value> getDialect(Thread&, Value self) { return self_(self)->dialect.get(); }
Fallible<Value> getLineNumber(Thread& thread, Value self) { return makeInt(thread, self_(self)->lineNumber); }

}  // namespace

Fallible<Value> csvReader(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "", 1, 2));
  auto* r = TRY(allocate<Reader>(thread, Kind::kNative, csvTypes.reader->instanceShape));
  r->traits = &kTraits;
  if (!heap.registerFinaliser(thread, r)) return raiseMemoryError(thread);
  r->field = new (std::nothrow) StrBuilder;
  if (r->field == nullptr) return raiseMemoryError(thread);
  r->lines = TRY(iterate(thread, arguments[0]));
  Value dialect = arguments.positional == 2 ? arguments[1] : Value::unbound();
  r->dialect = TRY(makeCsvDialect(thread, dialect, arguments.first + arguments.positional, arguments.keywordNames));
  return Value::of(r);
}

void declareCsvReader(TypeBuilder& type) {
  type.module("_csv")
      .doc("CSV reader")
      .special("__iter__", readerIter)
      .next(readerNext)
      .getter("dialect", getDialect)
      .getter("line_num", getLineNumber);
}

}  // namespace krait
