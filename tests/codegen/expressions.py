"""Random expressions, targets, patterns and parameters, and the scopes that say what may stand where."""

ATTRIBUTES = ["a", "b", "value", "__private", "__dunder__", "größe", "a_rather_long_name_of_an_attribute"]
GLOBALS = ["a", "b", "c", "x", "y", "z", "f", "g", "iter", "len", "super", "Ω", "__hidden", "name_of_some_length"]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"]
COMPARISONS = ["<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "is not"]
TEXTS = ["'t'", '"double"', "'line\\n'", "'\\x41\\u1234\\U0001F600'", "'''triple\n'quoted' '''", "r'\\raw'", "'größe'", "''", "u'u'", "'%s of %r'"]
BYTES = ["b'b'", "rb'\\b'", "b''", "b'\\x00\\xff'"]
NUMBERS = ["0", "1", "2", "3", "255", "256", "0x_ff", "0o17", "0b101", "10**2", "1_000_000", "2147483648", "123456789012345678901234567890"]
FLOATS = ["0.5", "1e10", "1e-320", ".5", "3.", "1e400", "-0.0", "2j", "1.5e3j"]


class Scope:
    def __init__(self, kind, is_async):
        self.kind = kind  # module, class, function, lambda, comprehension
        self.is_async = is_async
        self.names = []
        self.cells = []  # bound at the top of a function, for `nonlocal` further in
        self.yields = False


class Expressions:
    def __init__(self, randomness):
        self.random = randomness
        self.scopes = [Scope("module", False)]
        self.count = 0
        self.captured = 0
        self.annotations_are_strings = False

    # --- chance -------------------------------------------------------------------------------------------------------
    def chance(self, percent):
        return self.random.randrange(100) < percent

    def pick(self, *choices):
        return choices[self.random.randrange(len(choices))]

    def one_of(self, choices):
        return choices[self.random.randrange(len(choices))]

    def fresh(self):
        self.count += 1
        return self.count

    # --- scopes -------------------------------------------------------------------------------------------------------
    def enter(self, kind, is_async):
        self.scopes.append(Scope(kind, is_async))

    def leave_scope(self):
        self.scopes.pop()

    @property
    def yields(self):
        return self.scopes[-1].yields

    @yields.setter
    def yields(self, value):
        self.scopes[-1].yields = value

    @property
    def is_async(self):
        return self.scopes[-1].is_async and self.scopes[-1].kind == "function"

    @property
    def is_function(self):
        return self.scopes[-1].kind == "function"

    def may_yield(self):
        return self.scopes[-1].kind == "function" and self.scopes[-1].yields

    def bind(self, name):
        self.scopes[-1].names.append(name)
        return name

    def declare_nonlocal(self, name):
        self.scopes[-1].names.append(name)

    def bound_outside(self):
        for scope in reversed(self.scopes[:-1]):
            if scope.kind == "function" and scope.cells:
                return self.one_of(scope.cells)
        return None

    def name(self):
        names = [name for scope in self.scopes for name in scope.names[-6:]]
        return self.one_of(names) if names and self.chance(60) else self.one_of(GLOBALS)

    def name_to_bind(self):
        """A name that no `global` or `nonlocal` statement of a later line can be about."""
        if self.scopes[-1].names and self.chance(40):
            return self.one_of(self.scopes[-1].names)
        return self.bind(f"{self.pick('v', 'w', 'local', '__v', 'é')}{self.random.randrange(12)}")

    def attribute(self):
        return self.one_of(ATTRIBUTES)

    # --- targets ------------------------------------------------------------------------------------------------------
    def target(self):
        choice = self.random.randrange(10)
        if choice < 6:
            return self.name_to_bind()
        if choice < 8:
            return f"{self.atom()}.{self.attribute()}"
        if choice == 8:
            return f"{self.atom()}[{self.subscript()}]"
        return f"{self.name_to_bind()}, {self.pick('', '*')}{self.name_to_bind()}"

    def loop_target(self):
        names = [self.name_to_bind() for _ in range(3)]
        return self.pick(names[0], names[0], f"{names[0]}, {names[1]}", f"({names[0]}, [{names[1]}, *{names[2]}])", f"{self.atom()}.{self.attribute()}")

    # --- constants ----------------------------------------------------------------------------------------------------
    def constant_value(self):
        return self.one_of(self.pick(NUMBERS, FLOATS, TEXTS, BYTES, ["None", "True", "False", "...", "()"]))

    def folded(self, size=0):
        """Something that is computed at compile time, or nearly."""
        small = [self.pick("0", "1", "2", "7", "0.5", "-3", "True", "1j") for _ in range(3)]
        choice = self.random.randrange(9)
        if choice == 0:
            return f"{small[0]} {self.one_of(BINARY[:-1])} {small[1]} {self.one_of(BINARY[:3])} {small[2]}"
        if choice == 1:
            return f"({', '.join(self.constant_value() for _ in range(self.pick(1, 2, 4)))},)"
        if choice == 2:
            return f"{self.name()} in {self.pick('[1, 2, 3]', '{1, 2.0, 3}', '{}', '{a, 1}', '[]', '(1, [2])')}"
        if choice == 3:
            return f"{self.one_of(TEXTS)} % ({self.name()}, {self.constant_value()})"
        if choice == 4:
            return f"{self.pick('(1, 2, 3)', repr('text'), '(1, (2,))')}[{self.pick('0', '-1', '9', ':2')}]"
        if choice == 5:
            return f"not {self.pick('a in b', 'a is b', '1', 'a == b', 'not a', '()')}"
        if choice == 6:
            return f"-{small[0].lstrip('-')} ** -{small[1].lstrip('-')}"
        if choice == 7:
            return self.pick("'a' * 5000", "(1, 2) * 3", "'ab' * 20", "2 ** 200", "1 << 127", "'x' 'y' b'' if 0 else 1".replace(" b''", ""))
        return self.pick("(1, 2) if 1 else 3", "__debug__", "1 if __debug__ else 2", "1 and 2 or 3", "a if not b else c", "''.join(['a'])")

    # --- expressions --------------------------------------------------------------------------------------------------
    def atom(self):
        return self.name() if self.chance(75) else self.pick("a", "self", "(a)", "[a]", "f()", "x.y", "'text'.b".split(".", 1)[0] + ".b")

    def separated(self, items):
        """Joined by commas; sometimes over several lines, as only brackets allow."""
        comma = self.pick(", ", ", ", ", ", ",", ",\n", ",  # why\n") if len(items) > 1 else ", "
        return comma.join(items)

    def starred_items(self):
        items = [self.pick("", "", "*") + self.name() for _ in range(self.pick(2, 3))]
        return ", ".join(items)

    def expression(self, size=3, grouped=False):
        kinds = ["plain"] * 4
        if size > 0:
            kinds += ["binary"] * 3 + ["compare"] * 2 + ["boolean"] * 3 + ["call"] * 5 + ["attribute_of"] * 3 + ["display"] * 3
            kinds += ["unary", "conditional", "conditional", "subscripted", "subscripted", "comprehension", "comprehension"]
            kinds += ["lambda_", "formatted", "formatted", "folded", "walrus", "await_", "spread"]
        text = getattr(self, self.one_of(kinds))(size - 1)
        return f"({text})" if grouped and not text.isidentifier() else text

    def part(self, size):
        return self.expression(size, grouped=True)

    def plain(self, size):
        return self.name() if self.chance(65) else self.constant_value()

    def binary(self, size):
        return f" {self.one_of(BINARY)} ".join(self.part(size) for _ in range(self.pick(2, 2, 2, 3, 6)))

    def compare(self, size):
        text = self.part(size)
        for _ in range(self.pick(1, 1, 1, 2, 3)):
            text += f" {self.one_of(COMPARISONS)} {self.part(size)}"
        return text

    def boolean(self, size):
        word = self.pick(" and ", " or ")
        parts = [self.pick("", "", "", "not ") + self.part(size) for _ in range(self.pick(2, 2, 3, 4))]
        text = word.join(parts)
        return text if self.chance(70) else f"{text}{self.pick(' and ', ' or ')}{self.part(size)}"

    def unary(self, size):
        return f"{self.pick('-', '+', '~', 'not ')}{self.part(size)}"

    def conditional(self, size):
        return f"{self.part(size)} if {self.part(size)} else {self.part(size)}"

    def attribute_of(self, size):
        base = self.atom()
        line = "" if self.chance(90) else "\n"
        return f"({base}{line}.{self.attribute()})" if line else f"{base}.{self.attribute()}"

    def subscripted(self, size):
        return f"{self.atom()}[{self.subscript()}]"

    def subscript(self, size=1):
        index = self.part(0)
        return self.pick(index, index, f"{index}:", f":{index}", "::-1", f"{index}:{index}:2", ":", f"{index}, :", f"*{self.name()}, 1", f"...,{index}")

    def call(self, size=1):
        function = self.pick(self.name(), self.name(), f"{self.atom()}.{self.attribute()}", f"{self.atom()}.{self.attribute()}", f"({self.part(size)})")
        arguments = [self.part(size) for _ in range(self.pick(0, 1, 1, 2, 3))]
        if self.chance(3):
            arguments = [self.plain(0) for _ in range(self.pick(20, 29, 31, 40))]
        if self.chance(15):
            arguments.insert(self.random.randrange(len(arguments) + 1), f"*{self.name()}")
        keywords = [f"{self.pick('k', 'key', 'größe')}{self.fresh()}={self.part(size)}" for _ in range(self.pick(0, 0, 0, 1, 2))]
        if self.chance(2):
            keywords = [f"k{self.fresh()}={number}" for number in range(self.pick(12, 16, 20))]
        if self.chance(10):
            keywords.insert(self.random.randrange(len(keywords) + 1), f"**{self.name()}")
        if self.chance(6):
            return f"{function}({self.comprehension_of(size)})"
        return f"{function}({self.separated(arguments + keywords)})"

    def display(self, size):
        choice = self.random.randrange(8)
        count = self.pick(0, 1, 2, 3, 5) if self.chance(94) else self.pick(29, 30, 31, 40)
        value = self.part if count < 10 else self.plain
        small = min(size, 1)
        if choice < 2:
            return f"[{self.separated([value(small) for _ in range(count)])}]"
        if choice < 4:
            items = [value(small) for _ in range(count)]
            return f"({self.separated(items)}{',' if count == 1 else ''})"
        if choice == 4:
            return "{" + self.separated([value(small) for _ in range(max(count, 1))]) + "}"
        pairs = [f"{self.pick(self.constant_value(), value(0))}: {value(small)}" for _ in range(count)]
        if choice == 5 and self.chance(50):
            pairs.insert(self.random.randrange(len(pairs) + 1), f"**{self.name()}")
        if choice == 6:
            pairs = [f"'k{number}': {value(small)}" for number in range(count)]
        return "{" + self.separated(pairs) + "}"

    def spread(self, size):
        items = [self.pick("", "*", "*") + self.part(0) for _ in range(self.pick(1, 2, 3, 4))]
        choice = self.random.randrange(3)
        joined = self.separated(items)
        return f"[{joined}]" if choice == 0 else "{" + joined + "}" if choice == 1 else f"({joined},)"

    def comprehension_of(self, size):
        """The inside of a generator expression; names it binds are its own."""
        outermost = self.part(0)
        word = "async for" if self.is_async and self.chance(20) else "for"
        self.enter("comprehension", False)
        item = self.bind(f"i{self.random.randrange(4)}")
        text = f"{word} {self.pick(item, item, f'{item}, (j, *k)')} in {outermost}"
        if self.chance(25):
            text += f" for {self.bind('j')} in {self.name()}"
        for _ in range(self.pick(0, 0, 1, 1, 2)):
            text += f" if {self.part(min(size, 1))}"
        element = self.part(min(size, 1))
        self.leave_scope()
        return f"{element}{self.pick(' ', ' ', chr(10))}{text}"

    def comprehension(self, size):
        inside = self.comprehension_of(size)
        choice = self.random.randrange(4)
        if choice == 0:
            return f"[{inside}]"
        if choice == 1:
            return "{" + inside + "}"
        if choice == 2:
            return "{" + f"{self.name()}: {inside}" + "}"
        return f"({inside})"

    def lambda_(self, size):
        parameters = self.parameters(False)
        self.enter("lambda", False)
        body = self.part(size)
        self.leave_scope()
        return f"lambda{' ' if parameters else ''}{parameters}: {body}"

    def parameters(self, annotated):
        def one(name, default):
            annotation = f": {self.pick('int', repr('T'), 'a.b')}" if annotated and self.chance(20) else ""
            return f"{name}{annotation}" + (f"{' = ' if annotation else '='}{self.part(0)}" if default else "")

        names = [f"p{number}" for number in range(self.pick(0, 0, 1, 1, 2, 3, 5))]
        first = self.random.randrange(len(names) + 1) if self.chance(35) else len(names)
        parts = [one(name, number >= first) for number, name in enumerate(names)]
        if names and self.chance(12):
            parts.insert(self.random.randrange(1, len(parts) + 1), "/")
        star = self.pick("", "", "", "*rest", "*")
        if star:
            parts.append(star + (": *Ts" if annotated and star != "*" and self.chance(10) else ""))
            count = self.pick(0, 1, 2) if star != "*" else self.pick(1, 2)
            parts += [one(f"k{number}", self.chance(60)) for number in range(count)]
        if self.chance(12):
            parts.append("**others")
        return ", ".join(parts)

    def formatted(self, size):
        text = self.pick("f'", "f'", "rf'", "F'")
        for _ in range(self.pick(1, 1, 2, 3) if self.chance(97) else 32):
            text += self.pick("", "a ", "{{", "}}", "é")
            spec = self.pick("", "", "", ":>3", ":{w}", ":{w!r}.{p}", ":%Y")
            text += "{" + self.pick(self.name(), "a.b", "a[0]", "f(a, b)", "(a, *b)", "a if b else c", "x + 1") + self.pick("", "", "=", "!r", "!s", "!a") + spec + "}"
        return f"{text}' {self.pick('', '', repr('more'))}".rstrip()

    def walrus(self, size):
        kinds = [scope.kind for scope in self.scopes]
        # In a comprehension it binds outside, which a class body does not allow; an iterable may hold none at all.
        if "comprehension" in kinds:
            return self.plain(size)
        return f"({self.name_to_bind()} := {self.part(size)})"

    def await_(self, size):
        return f"await {self.atom()}" if self.is_async else self.plain(size)

    # --- patterns -----------------------------------------------------------------------------------------------------
    def capture(self):
        self.captured += 1
        return self.bind(f"m{self.captured}")

    def pattern(self, size):
        if size == 0:
            return self.pick("_", self.capture(), "0", "-1", "1+2j", "'text'", "None", "True", "a.b", "a.b.c", "b'x'")
        choice = self.random.randrange(8)
        if choice == 0:
            return f"[{', '.join(self.sequence_patterns(size))}]"
        if choice == 1:
            return f"({', '.join(self.sequence_patterns(size))},)" if self.chance(70) else "()"
        if choice == 2:
            keys = self.random.sample(["'k'", "1", "None", "a.b", "-2", "'l'"], self.pick(0, 1, 2))
            pairs = [f"{key}: {self.pattern(size - 1)}" for key in keys]
            return "{" + ", ".join(pairs + ([f"**{self.capture()}"] if self.chance(30) else [])) + "}"
        if choice == 3:
            positional = [self.pattern(size - 1) for _ in range(self.pick(0, 1, 2))]
            named = [f"{name}={self.pattern(size - 1)}" for name in self.random.sample(["x", "y", "z"], self.pick(0, 1, 2))]
            return f"{self.pick('C', 'm.C')}({', '.join(positional + named)})"
        if choice == 4:
            literals = ["1", "'a'", "None", "a.b", "[1, 2]", "{'k': 3}", "C()", "(4 | 5)"]
            return "(" + " | ".join(self.random.sample(literals, self.pick(2, 3))) + ")"
        if choice == 5:
            names = [self.capture(), self.capture()]
            return f"([{names[0]}, {names[1]}] | {{'k': {names[1]}, 'l': {names[0]}}})"
        if choice == 6:
            return f"({self.pattern(size - 1)}) as {self.capture()}" if self.chance(40) else self.pattern(size - 1)
        return self.pattern(0)

    def sequence_patterns(self, size):
        parts = [self.pattern(size - 1) for _ in range(self.pick(0, 1, 2, 3))]
        if self.chance(40):
            parts.insert(self.random.randrange(len(parts) + 1), self.pick("*_", f"*{self.capture()}"))
        return parts or ["_"]
