// Reading co_linetable and co_exceptiontable (formats: CPython 3.11's documentation of both tables).
#include "vm/builtins/bytes.h"
#include "vm/code.h"
#include "vm/exception_table.h"

namespace krait {
namespace {

// Walks the location entries of co_linetable.
class LocationReader {
 public:
  explicit LocationReader(const Code* code)
      : at_(code->lineTable->data), end_(at_ + code->lineTable->length), line_(static_cast<int>(code->firstLine)) {}

  // The next entry; false at the end.
  bool next() {
    if (at_ >= end_) return false;
    start_ = after_;
    uint8_t head = *at_++;
    int form = head >> 3 & 15;
    after_ = start_ + ((head & 7) + 1) * 2;
    position_ = {-1, -1, -1, -1};
    if (form == 15) return true;  // no location
    if (form == 14) {             // long form
      line_ = sum(line_, static_cast<uint32_t>(readSigned()));
      position_.line = line_;
      position_.endLine = sum(line_, readUnsigned());
      position_.column = sum(static_cast<int>(readUnsigned()), ~uint32_t{0});
      position_.endColumn = sum(static_cast<int>(readUnsigned()), ~uint32_t{0});
      return true;
    }
    if (form == 13) {  // line only
      line_ = sum(line_, static_cast<uint32_t>(readSigned()));
      position_.line = position_.endLine = line_;
      return true;
    }
    if (form >= 10) {  // one line, columns as bytes
      line_ = sum(line_, static_cast<uint32_t>(form - 10));
      position_.column = readByte();
      position_.endColumn = readByte();
    } else {  // short form: this line, column 0..79
      int second = readByte();
      position_.column = form * 8 + (second >> 4);
      position_.endColumn = position_.column + (second & 15);
    }
    position_.line = position_.endLine = line_;
    return true;
  }
  int start() const { return start_; }
  int after() const { return after_; }
  const SourcePosition& position() const { return position_; }

 private:
  // Tables of foreign origin may say anything: lines wrap around.
  static int sum(int line, uint32_t more) { return static_cast<int>(static_cast<uint32_t>(line) + more); }
  int readByte() { return at_ < end_ ? *at_++ : 0; }
  uint32_t readUnsigned() {
    uint32_t value = 0;
    for (int shift = 0; shift < 32 && at_ < end_; shift += 6) {
      uint8_t byte = *at_++;
      value |= static_cast<uint32_t>(byte & 0x3f) << shift;
      if (!(byte & 0x40)) break;
    }
    return value;
  }
  int readSigned() {
    uint32_t value = readUnsigned();
    return (value & 1) ? -static_cast<int>(value >> 1) : static_cast<int>(value >> 1);
  }
  const uint8_t* at_;
  const uint8_t* end_;
  int line_, start_ = 0, after_ = 0;
  SourcePosition position_{};
};

}  // namespace

SourcePosition positionAt(const Code* code, int offset) {
  LocationReader reader(code);
  while (reader.next())
    if (offset >= reader.start() && offset < reader.after()) return reader.position();
  return {-1, -1, -1, -1};
}

int lineAt(const Code* code, int offset) {
  if (offset < 0) return static_cast<int>(code->firstLine);
  return positionAt(code, offset).line;
}

bool forEachLocation(const Code* code, bool (*visit)(void*, int start, int end, const SourcePosition&), void* context) {
  LocationReader reader(code);
  while (reader.next())
    if (!visit(context, reader.start(), reader.after(), reader.position())) return false;
  return true;
}

bool findHandler(const Code* code, int offset, ExceptionHandler& handler) {
  uint32_t unit = static_cast<uint32_t>(offset) / 2;
  ExceptionTableReader reader(code);
  reader.skipTo(unit);
  for (ExceptionTableEntry entry; reader.next(entry);) {
    if (entry.start > unit) return false;  // entries are sorted
    if (unit < entry.start + entry.length) {
      handler = {static_cast<int>(entry.target * 2), static_cast<int>(entry.depth), entry.pushesLasti};
      return true;
    }
  }
  return false;
}

}  // namespace krait
