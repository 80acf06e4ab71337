// The module binascii: uuencoded and quoted-printable text (RFC 1521).
#include "vm/modules/binascii.h"

namespace krait {
namespace {

// --- uuencoding -------------------------------------------------------------------------------------------------------

Fallible<Value> b2aUu(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"b2a_uu", {"data", "/", "*", "backtick"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  std::string_view bytes = TRY(requireBuffer(thread, v[0]));
  bool backtick = TRY(truthOr(thread, v[1], false));
  if (bytes.size() > 45) return raise(thread, binasciiError, "At most 45 bytes at once");
  auto digit = [&](uint32_t six) { return backtick && six == 0 ? '`' : static_cast<char>(' ' + six); };
  std::string out;
  out += digit(static_cast<uint32_t>(bytes.size()));
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; k++) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0u);
    }
    for (int shift = 18; shift >= 0; shift -= 6) out += digit(group >> shift & 63);
  }
  return makeBytesValue(thread, out + '\n');
}

// A line that ends too early reads as if blanks followed.
Fallible<Value> a2bUu(Thread& thread, Value data) {
  std::string_view text = TRY(asciiArgument(thread, data));
  size_t wanted = text.empty() ? 32 : (static_cast<uint8_t>(text[0]) - ' ') & 63;
  std::string out;
  size_t i = text.empty() ? 0 : 1;
  uint32_t held = 0;
  int bits = 0;
  while (out.size() < wanted) {
    uint32_t six = 0;
    if (i < text.size()) {
      auto c = static_cast<uint8_t>(text[i]);
      if (c == '\n' || c == '\r') {
        six = 0;  // stays at the end of the line
      } else {
        if (c < ' ' || c > ' ' + 64) return raise(thread, binasciiError, "Illegal char");
        six = (c - ' ') & 63u;
        i++;
      }
    }
    held = held << 6 | six;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>(held >> bits & 0xff);
    }
  }
  for (; i < text.size(); i++) {
    char c = text[i];
    if (c != ' ' && c != '`' && c != '\n' && c != '\r') return raise(thread, binasciiError, "Trailing garbage");
  }
  return makeBytesValue(thread, out);
}

// --- quoted-printable -------------------------------------------------------------------------------------------------

constexpr size_t kLineLength = 76;

int hexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Fallible<Value> a2bQp(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"a2b_qp", {"data", "header"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  std::string_view text = TRY(asciiArgument(thread, v[0]));
  bool header = TRY(truthOr(thread, v[1], false));
  ByteBuilder out;
  for (size_t i = 0; i < text.size();) {
    char c = text[i++];
    if (c == '_' && header) {
      out.push_back(' ');
    } else if (c != '=') {
      out.push_back(c);
    } else if (i >= text.size()) {
      break;
    } else if (text[i] == '\n' || text[i] == '\r') {  // a line that continues
      while (i < text.size() && text[i] != '\n') i++;
      if (i < text.size()) i++;
    } else if (text[i] == '=') {
      out.push_back('=');
      i++;
    } else if (i + 1 < text.size() && hexValue(text[i]) >= 0 && hexValue(text[i + 1]) >= 0) {
      out.push_back(static_cast<char>(hexValue(text[i]) << 4 | hexValue(text[i + 1])));
      i += 2;
    } else {
      out.push_back('=');
    }
  }
  return Value::of(TRY(out.build(thread)));
}

struct QuotedPrintable {
  std::string_view text;
  bool quotesTabs, isText, isHeader, usesCrLf;
  std::string out;
  size_t column = 0;

  bool mustQuote(size_t i) const {
    auto c = static_cast<uint8_t>(text[i]);
    bool isLast = i + 1 == text.size();
    if (c > 126 || c == '=' || (isHeader && c == '_')) return true;
    if (c == '.' && column == 0) return isLast || text[i + 1] == '\n' || text[i + 1] == '\r' || text[i + 1] == '\0';
    if (c == '\r' || c == '\n') return !isText;
    if (c == '\t' || c == ' ') return isLast || quotesTabs;
    return c < 33;
  }
  void endLine() {
    out += usesCrLf ? "\r\n" : "\n";
    column = 0;
  }
  void softBreak() {
    out += '=';
    endLine();
  }
  void quote(char c) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    out += '=';
    out += kDigits[static_cast<uint8_t>(c) >> 4];
    out += kDigits[static_cast<uint8_t>(c) & 15];
  }
  void run() {
    for (size_t i = 0; i < text.size();) {
      char c = text[i];
      if (mustQuote(i)) {
        if (column + 3 >= kLineLength) softBreak();
        quote(c);
        column += 3;
        i++;
      } else if (isText && (c == '\n' || (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n'))) {
        if (!out.empty() && (out.back() == ' ' || out.back() == '\t')) {  // blanks may not end a line
          char blank = out.back();
          out.pop_back();
          quote(blank);
        }
        endLine();
        i += c == '\r' ? 2 : 1;
      } else {
        if (i + 1 != text.size() && text[i + 1] != '\n' && column + 1 >= kLineLength) softBreak();
        column++;
        out += isHeader && c == ' ' ? '_' : c;
        i++;
      }
    }
  }
};

Fallible<Value> b2aQp(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"b2a_qp", {"data", "quotetabs", "istext", "header"}, 1};
  Value v[4];
  TRY(kParameters.bind(thread, arguments, v));
  std::string_view text = TRY(requireBuffer(thread, v[0]));
  QuotedPrintable encoder{};
  encoder.text = text;
  encoder.quotesTabs = TRY(truthOr(thread, v[1], false));
  encoder.isText = TRY(truthOr(thread, v[2], true));
  encoder.isHeader = TRY(truthOr(thread, v[3], false));
  size_t newline = text.find('\n');  // the first line tells how lines end
  encoder.usesCrLf = newline != std::string_view::npos && newline > 0 && text[newline - 1] == '\r';
  encoder.run();
  return makeBytesValue(thread, encoder.out);
}

}  // namespace

void addTextEncodings(ModuleBuilder& builder) {
  builder.variadic("b2a_uu", b2aUu).function("a2b_uu", a2bUu).variadic("a2b_qp", a2bQp).variadic("b2a_qp", b2aQp);
}

}  // namespace krait
