"""A template engine: templates are lexed, parsed into a tree, optimised and rendered with filters, loops and inheritance.

The dialect is the common one of web templates: `{{ value | filter }}`, `{% if %}`, `{% for %}`, `{% set %}`, `{% block %}`,
`{% extends %}`, `{% include %}`, `{% macro %}`. A workload of string scanning, many small classes, dictionaries of scopes,
generators of text and joining.
"""

import sys

# --- tokens ----------------------------------------------------------------------------------------------------------------
TEXT, NAME, NUMBER, STRING, OPERATOR, OPEN, CLOSE, END = (
    "text", "name", "number", "string", "operator", "open", "close", "end")
OPERATORS = ("==", "!=", "<=", ">=", "//", "<", ">", "+", "-", "*", "/", "%", "~", "|", ".", ",", "(", ")", "[", "]", ":", "=")
WORDS = {"and", "or", "not", "in", "is", "true", "false", "none"}


class TemplateError(Exception):
    """A fault of a template, with the line where it is."""

    def __init__(self, message, line):
        super().__init__(f"line {line}: {message}")
        self.line = line


class Token:
    __slots__ = ("kind", "value", "line")

    def __init__(self, kind, value, line):
        self.kind = kind
        self.value = value
        self.line = line


class Lexer:
    """Cuts a template into text, and what stands between {{ }} or {% %} into tokens; {# #} is dropped."""

    def __init__(self, source):
        self.source = source
        self.position = 0
        self.line = 1

    def tokens(self):
        source = self.source
        while self.position < len(source):
            start = self.next_tag()
            if start > self.position:
                yield self.text_until(start)
            if start >= len(source):
                break
            opening = source[start : start + 2]
            self.position = start + 2
            if opening == "{#":
                self.skip_comment()
                continue
            yield Token(OPEN, opening, self.line)
            yield from self.inside("}}" if opening == "{{" else "%}")
        yield Token(END, None, self.line)

    def next_tag(self):
        position = self.position
        while True:
            position = self.source.find("{", position)
            if position < 0:
                return len(self.source)
            if self.source[position + 1 : position + 2] in ("{", "%", "#"):
                return position
            position += 1

    def text_until(self, end):
        text = self.source[self.position : end]
        token = Token(TEXT, text, self.line)
        self.line += text.count("\n")
        self.position = end
        return token

    def skip_comment(self):
        end = self.source.find("#}", self.position)
        if end < 0:
            raise TemplateError("a comment does not end", self.line)
        self.line += self.source.count("\n", self.position, end)
        self.position = end + 2

    def inside(self, closing):
        source = self.source
        while True:
            while self.position < len(source) and source[self.position].isspace():
                self.line += source[self.position] == "\n"
                self.position += 1
            if self.position >= len(source):
                raise TemplateError(f"expected {closing}", self.line)
            if source.startswith(closing, self.position):
                self.position += 2
                yield Token(CLOSE, closing, self.line)
                return
            yield self.one_token(source[self.position])

    def one_token(self, char):
        source, start = self.source, self.position
        if char.isalpha() or char == "_":
            end = start + 1
            while source[end].isalnum() or source[end] == "_":
                end += 1
            self.position = end
            word = source[start:end]
            return Token(OPERATOR if word in WORDS else NAME, word, self.line)
        if char.isdigit():
            end = start + 1
            while source[end].isdigit() or (source[end] == "." and source[end + 1].isdigit()):
                end += 1
            self.position = end
            text = source[start:end]
            return Token(NUMBER, float(text) if "." in text else int(text), self.line)
        if char in "'\"":
            end = source.find(char, start + 1)
            if end < 0:
                raise TemplateError("a string does not end", self.line)
            self.position = end + 1
            return Token(STRING, source[start + 1 : end], self.line)
        for operator in OPERATORS:
            if source.startswith(operator, start):
                self.position = start + len(operator)
                return Token(OPERATOR, operator, self.line)
        raise TemplateError(f"unexpected {char!r}", self.line)


# --- expressions -------------------------------------------------------------------------------------------------------------
class Literal:
    def __init__(self, value):
        self.value = value

    def evaluate(self, scope):
        return self.value


class Lookup:
    def __init__(self, name):
        self.name = name

    def evaluate(self, scope):
        return scope.lookup(self.name)


class Attribute:
    """`value.name`: an item of a mapping, else an attribute; missing ones are empty."""

    def __init__(self, value, name):
        self.value = value
        self.name = name

    def evaluate(self, scope):
        value = self.value.evaluate(scope)
        if isinstance(value, dict):
            return value.get(self.name, "")
        return getattr(value, self.name, "")


class Item:
    def __init__(self, value, key):
        self.value = value
        self.key = key

    def evaluate(self, scope):
        try:
            return self.value.evaluate(scope)[self.key.evaluate(scope)]
        except (KeyError, IndexError):
            return ""


class Unary:
    def __init__(self, operator, operand):
        self.operator = operator
        self.operand = operand

    def evaluate(self, scope):
        value = self.operand.evaluate(scope)
        return not value if self.operator == "not" else -value


class Logical:
    def __init__(self, operator, left, right):
        self.operator = operator
        self.left = left
        self.right = right

    def evaluate(self, scope):
        value = self.left.evaluate(scope)
        if self.operator == "and":
            return self.right.evaluate(scope) if value else value
        return value if value else self.right.evaluate(scope)


BINARY = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "in": lambda a, b: a in b,
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "//": lambda a, b: a // b, "%": lambda a, b: a % b, "~": lambda a, b: to_text(a) + to_text(b),
}


class Binary:
    def __init__(self, operator, left, right):
        self.function = BINARY[operator]
        self.left = left
        self.right = right

    def evaluate(self, scope):
        return self.function(self.left.evaluate(scope), self.right.evaluate(scope))


class Filter:
    def __init__(self, name, value, arguments, line):
        if name not in FILTERS:
            raise TemplateError(f"no filter is called {name}", line)
        self.function = FILTERS[name]
        self.value = value
        self.arguments = arguments

    def evaluate(self, scope):
        return self.function(self.value.evaluate(scope), *[argument.evaluate(scope) for argument in self.arguments])


class Invocation:
    """A call of a macro or of a Python function."""

    def __init__(self, function, arguments):
        self.function = function
        self.arguments = arguments

    def evaluate(self, scope):
        function = self.function.evaluate(scope)
        arguments = [argument.evaluate(scope) for argument in self.arguments]
        if isinstance(function, Macro):
            return function.expand(scope, arguments)
        return function(*arguments)


class Safe(str):
    """Text that is not escaped again."""

    __slots__ = ()


def escape(value):
    if isinstance(value, Safe):
        return value
    text = to_text(value)
    if "&" in text or "<" in text or ">" in text or '"' in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return Safe(text)


def to_text(value):
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    return value if isinstance(value, str) else str(value)


def truncate(value, length=20):
    text = to_text(value)
    return text if len(text) <= length else text[: length - 3].rstrip() + "..."


def group_thousands(value):
    digits, negative = str(abs(value)), value < 0
    parts = []
    while digits:
        parts.append(digits[-3:])
        digits = digits[:-3]
    return "-" * negative + ",".join(reversed(parts))


FILTERS = {
    "upper": lambda value: to_text(value).upper(), "lower": lambda value: to_text(value).lower(),
    "title": lambda value: to_text(value).title(), "length": len, "first": lambda value: value[0],
    "last": lambda value: value[-1], "join": lambda value, separator="": separator.join(map(to_text, value)),
    "default": lambda value, other: value if value else other, "safe": Safe, "escape": escape, "truncate": truncate,
    "thousands": group_thousands, "sort": sorted, "reverse": lambda value: list(reversed(value)), "sum": sum,
    "replace": lambda value, old, new: to_text(value).replace(old, new), "items": lambda value: list(value.items()),
    "round": lambda value, digits=0: round(value, digits), "center": lambda value, width: to_text(value).center(width),
}


# --- statements --------------------------------------------------------------------------------------------------------------
class Text:
    def __init__(self, text):
        self.text = text

    def render(self, scope):
        yield self.text


class Output:
    def __init__(self, expression):
        self.expression = expression

    def render(self, scope):
        yield escape(self.expression.evaluate(scope))


class Body:
    """Statements one after another; neighbouring texts have been joined."""

    def __init__(self, statements):
        self.statements = []
        for statement in statements:
            if isinstance(statement, Text) and self.statements and isinstance(self.statements[-1], Text):
                self.statements[-1] = Text(self.statements[-1].text + statement.text)
            else:
                self.statements.append(statement)

    def render(self, scope):
        for statement in self.statements:
            yield from statement.render(scope)


class If:
    def __init__(self, branches, otherwise):
        self.branches = branches
        self.otherwise = otherwise

    def render(self, scope):
        for condition, body in self.branches:
            if condition.evaluate(scope):
                yield from body.render(scope)
                return
        if self.otherwise is not None:
            yield from self.otherwise.render(scope)


class LoopState:
    """What `loop` is inside a loop."""

    def __init__(self, length):
        self.length = length
        self.index0 = -1

    @property
    def index(self):
        return self.index0 + 1

    @property
    def first(self):
        return self.index0 == 0

    @property
    def last(self):
        return self.index0 == self.length - 1

    def cycle(self, *values):
        return values[self.index0 % len(values)]


class For:
    def __init__(self, names, sequence, body, otherwise):
        self.names = names
        self.sequence = sequence
        self.body = body
        self.otherwise = otherwise

    def render(self, scope):
        items = list(self.sequence.evaluate(scope))
        if not items:
            if self.otherwise is not None:
                yield from self.otherwise.render(scope)
            return
        inner = Scope(scope)
        loop = LoopState(len(items))
        inner.set("loop", loop)
        for item in items:
            loop.index0 += 1
            if len(self.names) == 1:
                inner.set(self.names[0], item)
            else:
                for name, part in zip(self.names, item):
                    inner.set(name, part)
            yield from self.body.render(inner)


class Set:
    def __init__(self, name, expression):
        self.name = name
        self.expression = expression

    def render(self, scope):
        scope.set(self.name, self.expression.evaluate(scope))
        return iter(())


class Block:
    """A named part that a template which extends this one may replace."""

    def __init__(self, name, body):
        self.name = name
        self.body = body

    def render(self, scope):
        yield from scope.block(self.name, self.body).render(Scope(scope))


class Include:
    def __init__(self, name):
        self.name = name

    def render(self, scope):
        yield from scope.engine().get(self.name).body.render(Scope(scope))


class Macro:
    def __init__(self, name, parameters, body):
        self.name = name
        self.parameters = parameters
        self.body = body

    def render(self, scope):
        scope.set(self.name, self)
        return iter(())

    def expand(self, scope, arguments):
        inner = Scope(scope.root())
        for index, (name, default) in enumerate(self.parameters):
            inner.set(name, arguments[index] if index < len(arguments) else default.evaluate(scope))
        return Safe("".join(self.body.render(inner)))


class Scope:
    """Names that hide those of the scope around it."""

    def __init__(self, outer, values=None):
        self.outer = outer
        self.values = {} if values is None else values

    def lookup(self, name):
        scope = self
        while scope is not None:
            if name in scope.values:
                return scope.values[name]
            scope = scope.outer
        return ""

    def set(self, name, value):
        self.values[name] = value

    def root(self):
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope

    def engine(self):
        return self.root().values["__engine__"]

    def block(self, name, default):
        return self.root().values["__blocks__"].get(name, default)


# --- the parser ----------------------------------------------------------------------------------------------------------------
LEVELS = (("or",), ("and",), ("==", "!=", "<", ">", "<=", ">=", "in"), ("+", "-", "~"), ("*", "/", "//", "%"))


class Parser:
    """Recursive descent over the tokens of one template."""

    def __init__(self, source):
        self.tokens = list(Lexer(source).tokens())
        self.at = 0
        self.parent = None
        self.blocks = {}

    @property
    def token(self):
        return self.tokens[self.at]

    def advance(self):
        token = self.tokens[self.at]
        self.at += 1
        return token

    def accept(self, value):
        if self.token.kind in (OPERATOR, NAME, CLOSE) and self.token.value == value:
            return self.advance()
        return None

    def expect(self, value):
        token = self.accept(value)
        if token is None:
            raise TemplateError(f"expected {value}, found {self.token.value!r}", self.token.line)
        return token

    def name(self):
        if self.token.kind != NAME:
            raise TemplateError(f"expected a name, found {self.token.value!r}", self.token.line)
        return self.advance().value

    def template(self):
        body, _ = self.body(())
        return Template(body, self.blocks, self.parent)

    def body(self, ends):
        """Statements up to a tag that starts with one of `ends`, which is returned, too."""
        statements = []
        while True:
            token = self.advance()
            if token.kind == TEXT:
                statements.append(Text(token.value))
            elif token.kind == END:
                if ends:
                    raise TemplateError(f"expected {' or '.join(ends)}", token.line)
                return Body(statements), None
            elif token.value == "{{":
                statements.append(Output(self.expression()))
                self.expect("}}")
            else:
                word = self.name()
                if word in ends:
                    return Body(statements), word
                statement = self.statement(word, token.line)
                if statement is not None:
                    statements.append(statement)

    def statement(self, word, line):
        parse = getattr(self, "parse_" + word, None)
        if parse is None:
            raise TemplateError(f"no tag is called {word}", line)
        return parse()

    def parse_if(self):
        branches, otherwise = [], None
        word = "if"
        while word in ("if", "elif"):
            condition = self.expression()
            self.expect("%}")
            body, word = self.body(("elif", "else", "endif"))
            branches.append((condition, body))
        if word == "else":
            self.expect("%}")
            otherwise, _ = self.body(("endif",))
        self.expect("%}")
        return If(branches, otherwise)

    def parse_for(self):
        names = [self.name()]
        while self.accept(","):
            names.append(self.name())
        self.expect("in")
        sequence = self.expression()
        self.expect("%}")
        body, word = self.body(("else", "endfor"))
        otherwise = None
        if word == "else":
            self.expect("%}")
            otherwise, _ = self.body(("endfor",))
        self.expect("%}")
        return For(names, sequence, body, otherwise)

    def parse_set(self):
        name = self.name()
        self.expect("=")
        expression = self.expression()
        self.expect("%}")
        return Set(name, expression)

    def parse_block(self):
        name = self.name()
        self.expect("%}")
        body, _ = self.body(("endblock",))
        self.expect("%}")
        self.blocks[name] = body
        return Block(name, body)

    def parse_extends(self):
        self.parent = self.advance().value
        self.expect("%}")

    def parse_include(self):
        name = self.advance().value
        self.expect("%}")
        return Include(name)

    def parse_macro(self):
        name = self.name()
        parameters = []
        self.expect("(")
        while not self.accept(")"):
            parameter, default = self.name(), Literal("")
            if self.accept("="):
                default = self.expression()
            parameters.append((parameter, default))
            self.accept(",")
        self.expect("%}")
        body, _ = self.body(("endmacro",))
        self.expect("%}")
        return Macro(name, parameters, body)

    def expression(self, level=0):
        if level == len(LEVELS):
            return self.unary()
        left = self.expression(level + 1)
        while self.token.kind == OPERATOR and self.token.value in LEVELS[level]:
            operator = self.advance().value
            right = self.expression(level + 1)
            left = fold(Logical(operator, left, right) if level < 2 else Binary(operator, left, right))
        return left

    def unary(self):
        for operator in ("not", "-"):
            if self.accept(operator):
                return fold(Unary(operator, self.unary()))
        return self.postfix(self.primary())

    def primary(self):
        token = self.advance()
        if token.kind == NAME:
            return Lookup(token.value)
        if token.kind in (NUMBER, STRING):
            return Literal(token.value)
        if token.value in ("true", "false", "none"):
            return Literal({"true": True, "false": False, "none": None}[token.value])
        if token.value == "(":
            inner = self.expression()
            self.expect(")")
            return inner
        if token.value == "[":
            items = self.arguments("]")
            return Invocation(Literal(lambda *values: list(values)), items)
        raise TemplateError(f"unexpected {token.value!r}", token.line)

    def postfix(self, value):
        while True:
            if self.accept("."):
                value = Attribute(value, self.name())
            elif self.accept("["):
                value = Item(value, self.expression())
                self.expect("]")
            elif self.accept("("):
                value = Invocation(value, self.arguments(")"))
            elif self.accept("|"):
                line = self.token.line
                name = self.name()
                value = Filter(name, value, self.arguments(")") if self.accept("(") else [], line)
            else:
                return value

    def arguments(self, closing):
        arguments = []
        while not self.accept(closing):
            arguments.append(self.expression())
            if not self.accept(","):
                self.expect(closing)
                break
        return arguments


def fold(node):
    """A node whose operands are all literals becomes the literal of its value."""
    operands = [node.operand] if isinstance(node, Unary) else [node.left, node.right]
    if all(isinstance(operand, Literal) for operand in operands):
        return Literal(node.evaluate(None))
    return node


class Template:
    def __init__(self, body, blocks, parent):
        self.body = body
        self.blocks = blocks
        self.parent = parent


class Engine:
    """Templates by name, parsed when they are first asked for."""

    def __init__(self, sources):
        self.sources = sources
        self.templates = {}

    def get(self, name):
        template = self.templates.get(name)
        if template is None:
            template = self.templates[name] = Parser(self.sources[name]).template()
        return template

    def render(self, name, **values):
        template = self.get(name)
        blocks = dict(template.blocks)
        while template.parent is not None:
            template = self.get(template.parent)
            for block, body in template.blocks.items():
                blocks.setdefault(block, body)
        scope = Scope(None, {"__engine__": self, "__blocks__": blocks, **values})
        return "".join(template.body.render(scope))


# --- what is rendered ----------------------------------------------------------------------------------------------------------
SOURCES = {
    "base": """<!doctype html>
<title>{% block title %}Shop{% endblock %}</title>
{% include 'menu' %}
{% block content %}nothing here{% endblock %}
<footer>{{ pages | default(1) }} page{% if pages != 1 %}s{% endif %}, {{ 24 * 60 }} minutes</footer>
""",
    "menu": """<nav>{% for entry in menu %}<a href="/{{ entry | lower }}">{{ entry }}</a>{% if not loop.last %} | {% endif %}{% endfor %}</nav>""",
    "list": """{% extends 'base' %}{# the page of all products #}
{% block title %}{{ shop.name | upper }}: {{ products | length }} products{% endblock %}
{% block content %}
{% macro price(amount, currency='EUR') %}<b>{{ amount / 100 }}</b> {{ currency }}{% endmacro %}
<table>
{% for product in products %}
  <tr class="{{ loop.cycle('odd', 'even') }}"><td>{{ loop.index }}<td>{{ product.name | truncate(18) }}
  <td>{{ price(product.cents) }}{% if product.cents > 5000 and product.stock %} <i>free delivery</i>{% elif not product.stock %} sold out{% else %}{% endif %}
  <td>{% for tag, weight in product.tags | items %}{{ tag }}{% if weight > 1 %}&times;{{ weight }}{% endif %} {% else %}none{% endfor %}
  {% set worth = product.cents * product.stock %}<td>{{ worth | thousands }}
{% else %}<tr><td>empty
{% endfor %}
</table>
{{ shop.motto }} {{ shop.motto | safe }} {{ missing.attribute | default('no value') }} {{ -3 + 10 // 4 * 2 ~ '!' }}
{% endblock %}""",
}

BROKEN = ("{% if x %}never ends", "{{ 'open }}", "{% unknown %}", "{{ x | nofilter }}", "{{ 1 + }}", "line\n{# comment")


class Shop:
    name = "Krämer & Söhne"
    motto = "<em>always open</em>"


def make_products(number):
    products = []
    state = 5
    for index in range(number):
        state = (state * 75 + 74) % 65537
        tags = {tag: state % 5 % (position + 2) for position, tag in enumerate(("new", "sale", "bulk")) if state >> position & 1}
        name = f"Product <{index}> " + "with a long name" * (state % 3)
        products.append({"name": name, "cents": state % 9000, "stock": state % 4, "tags": tags})
    return products


def main(rounds):
    engine = Engine(SOURCES)
    products = make_products(40)
    length = checksum = 0
    for turn in range(rounds):
        if turn % 10 == 0:
            engine = Engine(SOURCES)
        page = engine.render("list", shop=Shop(), products=products[: turn % 40 + 1], menu=["Home", "Shop", "About"], pages=turn)
        length += len(page)
        checksum = (checksum * 31 + sum(map(ord, page[::7]))) & 0xFFFFFFFF
    print(engine.render("list", shop=Shop(), products=products[:2], menu=["Home", "About"]))
    for source in BROKEN:
        try:
            Parser(source).template()
        except TemplateError as error:
            print(error)
    print("characters:", length)
    print("checksum:", checksum)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
