// What the parts of module _csv share: dialects and errors.
#pragma once
#include "vm/operations.h"

namespace krait {

enum CsvQuoting : int8_t { kQuoteMinimal, kQuoteAll, kQuoteNonnumeric, kQuoteNone };
inline constexpr uint32_t kNoCharacter = 0xffffffff;

struct CsvDialect : NativeObject {
  Field<Value> lineTerminator;                          // str
  uint32_t delimiter, quoteCharacter, escapeCharacter;  // kNoCharacter: None
  CsvQuoting quoting;
  bool doublesQuotes, skipsInitialSpace, strict;
};
struct CsvTypes {
  Type *error, *dialect, *reader, *writer;
};
inline CsvTypes csvTypes;
inline int64_t csvFieldLimit = 131072;

template <class... A>
Raised raiseCsvError(Thread& thread, fmt::format_string<A...> format, A&&... arguments) {
  return raiseFormat(thread, csvTypes.error, format, std::forward<A>(arguments)...);
}
// The dialect that reader() and writer() work with: a name, an object with attributes, or unbound; keywords change it.
Fallible<Value> makeCsvDialect(Thread& thread, Value dialect, const Value* keywordValues, Tuple* keywordNames);
Dict* csvDialects();  // registered, by name

void declareCsvReader(TypeBuilder& type);  // csv_reader.cpp
void declareCsvWriter(TypeBuilder& type);  // csv_writer.cpp
Fallible<Value> csvReader(Thread& thread, Value, const Arguments& arguments);
Fallible<Value> csvWriter(Thread& thread, Value, const Arguments& arguments);

}  // namespace krait
