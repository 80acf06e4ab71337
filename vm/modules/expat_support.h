// What pyexpat and _elementtree share: the life of an expat parser, its input, its names and its encodings.
#pragma once
#include <expat.h>

#include "vm/builtins/bytes.h"
#include "vm/builtins/str.h"
#include "vm/operations.h"

namespace krait {

// An expat parser that lives as long as a cell uses it or a parser of one of its external entities exists, whatever
// the order in which the collector finds their cells dead.
struct ExpatHandle {
  XML_Parser parser;
  ExpatHandle* parent;  // null, or the parser that this one reads an external entity for
  uint32_t uses;
};
// Null when memory is exhausted; then `parser` has been freed.
ExpatHandle* makeExpatHandle(XML_Parser parser, ExpatHandle* parent);
void releaseExpatHandle(ExpatHandle* handle);  // may be null
// The same for a parser of namespaces that nobody refers to any more and that has read no more than `bytesRead`: a few
// wait for recycledExpatHandle(), which costs a tenth of a new one. Null when none waits.
void recycleExpatHandle(ExpatHandle* handle, uint64_t bytesRead);
ExpatHandle* recycledExpatHandle(const char* encoding);

// A fresh parser of documents, salted as dicts are; null when memory is exhausted. `separator`: null without
// namespaces.
XML_Parser createExpat(const char* encoding, const char* separator);

// The bytes of something to parse. A str's are UTF-8, which the parser is told. Copied where Python code that runs in
// between could change them; a str or bytes object must stay reachable.
class ExpatInput {
 public:
  Fallible<void> set(Thread& thread, XML_Parser parser, Value data);
  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
  ByteBuilder copy_;
};
// Feeds it piece by piece, so that no length exceeds an int and signals are looked at. An exception of a handler is
// pending on the thread when this returns, which only fails on its own account when a signal's handler raises.
Fallible<XML_Status> feedExpat(Thread& thread, XML_Parser parser, std::string_view bytes, bool isFinal);

// For XML_SetUnknownEncodingHandler(parser, readEncoding, &thread slot): single-byte encodings of the codecs.
// Raises (and returns XML_STATUS_ERROR) for unknown ones and those of several bytes.
int readEncoding(Thread& thread, const char* name, XML_Encoding* info);

// The interned str of a name; a namespace's "uri}local" becomes "{uri}local" when `braces`. Names are few and come
// often: a small cache stands in front of the interned strings.
Fallible<Str*> findExpatName(Thread& thread, const char* name, bool braces);

// Where a parser stands and what is wrong there.
struct ExpatPlace {
  int code;
  int64_t line, column;
};
ExpatPlace expatPlace(XML_Parser parser);
// "mismatched tag: line 1, column 5"
std::string expatMessage(const ExpatPlace& place);
const char* expatErrorText(int code);

}  // namespace krait
