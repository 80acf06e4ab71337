"""Generates a JSON document, then parses and serialises it, character by character, with a recursive-descent parser.

The grammar is ECMA-404 / RFC 8259; a workload of string scanning, slicing and small dictionaries.
"""

import sys

ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
ESCAPED = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
LITERALS = {"true": True, "false": False, "null": None}
BLANKS = " \t\n\r"
DIGITS = "0123456789"


class JsonError(ValueError):
    """Bad input, with the line and column where it was noticed."""

    def __init__(self, message, text, position):
        line = text.count("\n", 0, position) + 1
        column = position - text.rfind("\n", 0, position)
        super().__init__(f"{message}: line {line} column {column}")


class Parser:
    """A recursive-descent parser over one string."""

    def __init__(self, text):
        self.text = text
        self.position = 0

    def parse(self):
        value = self.value()
        self.skip_blanks()
        if self.position != len(self.text):
            self.fail("extra data")
        return value

    def fail(self, message):
        raise JsonError(message, self.text, self.position)

    def peek(self):
        if self.position >= len(self.text):
            return ""
        return self.text[self.position]

    def skip_blanks(self):
        text, position, end = self.text, self.position, len(self.text)
        while position < end and text[position] in BLANKS:
            position += 1
        self.position = position

    def value(self):
        self.skip_blanks()
        char = self.peek()
        if char == "{":
            return self.object()
        if char == "[":
            return self.array()
        if char == '"':
            return self.string()
        if char == "-" or (char and char in DIGITS):
            return self.number()
        for word, value in LITERALS.items():
            if self.text.startswith(word, self.position):
                self.position += len(word)
                return value
        self.fail("expected a value")

    def object(self):
        result = {}
        self.position += 1
        self.skip_blanks()
        if self.peek() == "}":
            self.position += 1
            return result
        while True:
            self.skip_blanks()
            if self.peek() != '"':
                self.fail("expected a key")
            key = self.string()
            self.skip_blanks()
            if self.peek() != ":":
                self.fail("expected ':'")
            self.position += 1
            result[key] = self.value()
            if self.ends_list("}"):
                return result

    def array(self):
        result = []
        self.position += 1
        self.skip_blanks()
        if self.peek() == "]":
            self.position += 1
            return result
        while True:
            result.append(self.value())
            if self.ends_list("]"):
                return result

    def ends_list(self, closer):
        """Consume a comma (false) or the closing bracket (true)."""
        self.skip_blanks()
        char = self.peek()
        if char != "," and char != closer:
            self.fail(f"expected ',' or '{closer}'")
        self.position += 1
        return char == closer

    def string(self):
        text, end = self.text, len(self.text)
        position = start = self.position + 1
        parts = []
        while position < end:
            char = text[position]
            if char == '"':
                parts.append(text[start:position])
                self.position = position + 1
                return "".join(parts)
            if char == "\\":
                parts.append(text[start:position])
                self.position = position + 1
                parts.append(self.escape())
                position = start = self.position
            elif char < " ":
                self.position = position
                self.fail("control character in a string")
            else:
                position += 1
        self.position = end
        self.fail("unterminated string")

    def escape(self):
        char = self.peek()
        if char == "u":
            code = self.hexadecimal()
            if 0xD800 <= code < 0xDC00 and self.text.startswith("\\u", self.position):
                self.position += 1
                code = 0x10000 + ((code - 0xD800) << 10) + (self.hexadecimal() - 0xDC00)
            return chr(code)
        if char not in ESCAPES:
            self.fail("invalid escape")
        self.position += 1
        return ESCAPES[char]

    def hexadecimal(self):
        """The four digits after the 'u' at the current position."""
        digits = self.text[self.position + 1 : self.position + 5]
        if len(digits) != 4:
            self.fail("truncated \\u escape")
        try:
            code = int(digits, 16)
        except ValueError:
            self.fail("invalid \\u escape")
        self.position += 5
        return code

    def number(self):
        start = self.position
        if self.peek() == "-":
            self.position += 1
        if self.peek() == "0":
            self.position += 1
        else:
            self.digits()
        is_integer = True
        if self.peek() == ".":
            is_integer = False
            self.position += 1
            self.digits()
        if self.peek() in ("e", "E"):
            is_integer = False
            self.position += 1
            if self.peek() in ("+", "-"):
                self.position += 1
            self.digits()
        literal = self.text[start : self.position]
        return int(literal) if is_integer else float(literal)

    def digits(self):
        text, end = self.text, len(self.text)
        position = self.position
        while position < end and text[position] in DIGITS:
            position += 1
        if position == self.position:
            self.fail("expected a digit")
        self.position = position


class Serializer:
    """Writes a value as JSON: compact, or with `indent` spaces per level."""

    def __init__(self, indent=None):
        self.indent = indent
        self.parts = []

    def dump(self, value):
        self.parts = []
        self.write(value, 0)
        return "".join(self.parts)

    def write(self, value, level):
        if value is None:
            self.parts.append("null")
        elif value is True:
            self.parts.append("true")
        elif value is False:
            self.parts.append("false")
        elif isinstance(value, str):
            self.write_string(value)
        elif isinstance(value, (int, float)):
            self.parts.append(repr(value))
        elif isinstance(value, dict):
            self.write_object(value, level)
        elif isinstance(value, (list, tuple)):
            self.write_array(value, level)
        else:
            raise TypeError(f"{type(value).__name__} has no JSON form")

    def break_line(self, level):
        if self.indent is not None:
            self.parts.append("\n" + " " * (self.indent * level))

    def write_object(self, value, level):
        self.parts.append("{")
        separator = ""
        for key, item in value.items():
            self.parts.append(separator)
            separator = ","
            self.break_line(level + 1)
            self.write_string(key)
            self.parts.append(":" if self.indent is None else ": ")
            self.write(item, level + 1)
        if value:
            self.break_line(level)
        self.parts.append("}")

    def write_array(self, value, level):
        self.parts.append("[")
        separator = ""
        for item in value:
            self.parts.append(separator)
            separator = ","
            self.break_line(level + 1)
            self.write(item, level + 1)
        if value:
            self.break_line(level)
        self.parts.append("]")

    def write_string(self, value):
        self.parts.append('"')
        for char in value:
            if char in ESCAPED:
                self.parts.append(ESCAPED[char])
            elif " " <= char <= "~":
                self.parts.append(char)
            else:
                self.write_code(ord(char))
        self.parts.append('"')

    def write_code(self, code):
        if code >= 0x10000:
            code -= 0x10000
            self.parts.append("\\u%04x" % (0xD800 + (code >> 10)))
            code = 0xDC00 + (code & 0x3FF)
        self.parts.append("\\u%04x" % code)


class Generator:
    """Makes the same document for the same size on every run."""

    WORDS = ["alpha", "bêta", 'quote "gamma"', "back\\slash", "tab\tbed", "line\nbreak", "snow ☃", "music 𝄞", ""]

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % limit

    def words(self, count):
        return " ".join(self.WORDS[self.below(len(self.WORDS))] for _ in range(count))

    def record(self, identity):
        return {
            "id": identity,
            "name": self.words(4),
            "active": self.below(2) == 1,
            "balance": (self.below(2000001) - 1000000) / 64,
            "ratio": self.below(1000) * 1e-12,
            "parent": None if identity == 0 else self.below(identity),
            "tags": [self.words(1) for _ in range(self.below(5))],
            "position": {"x": self.below(100) - 50, "y": self.below(100) - 50},
            "path": [[i, [i * i]] for i in range(3)],
        }

    def document(self, records):
        return {"version": 1, "empty": [{}, [], ""], "records": [self.record(i) for i in range(records)]}


def checksum(text):
    total = 0
    for index, char in enumerate(text):
        total = (total * 31 + ord(char) + index) & 0xFFFFFFFF
    return total


def check_errors():
    """The parser must refuse what the grammar refuses, and say where."""
    bad = ["", "[1,]", "[1 2]", '{"a" 1}', "{a:1}", '"abc', '"\\q"', '"\\u12"', "01", "1.", "1e", "-", "tru", "[1]\n]"]
    messages = []
    for text in bad:
        try:
            Parser(text).parse()
        except JsonError as error:
            messages.append(str(error))
        else:
            raise RuntimeError(f"accepted {text!r}")
    return messages


def main(records):
    document = Generator(2023).document(records)
    compact = Serializer().dump(document)
    parsed = Parser(compact).parse()
    if parsed != document:
        raise RuntimeError("the document changed on its way through the compact form")
    indented = Serializer(indent=2).dump(parsed)
    if Parser(indented).parse() != document:
        raise RuntimeError("the document changed on its way through the indented form")
    messages = check_errors()
    print("records:", len(parsed["records"]))
    print("compact:", len(compact), checksum(compact))
    print("indented:", len(indented), checksum(indented))
    print("balance: %.6f" % sum(record["balance"] for record in parsed["records"]))
    print("refused:", len(messages), checksum("\n".join(messages)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6000)
