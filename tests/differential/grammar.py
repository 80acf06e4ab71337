"""Random expressions and statements for generated programs, mostly of the kinds that the places around them expect."""

import random

NUMBERS = (
    "0 1 2 3 7 -1 -5 255 256 257 2**30 2**31-1 2**47 2**48-1 -2**48 2**50 2**61-1 2**62 2**63-1 2**63 -2**63 2**64 "
    "10**20 -10**25 0.0 -0.0 0.5 1.5 -2.25 1e300 1e-300 True False float('inf')"
).split()
SMALL = "0 1 2 3 4 5 -1 -2 7 12".split()
STRINGS = r"'' 'a' 'b' 'ab' 'spam' 'x' '\xe9' '\u65e5\u672c' '\U0001f600z' '12'".split()
DATA = ["a", "b", "c", "d"]
METHODS = ["m", "n"]
PROPERTIES = ["p", "q"]
NAMES = DATA + METHODS + PROPERTIES
GLOBALS = ["g0", "g1", "g2", "g3"]
ARITHMETIC = ["+", "-", "*", "+", "-", "//", "%", "/", "&", "|", "^", "<<", ">>", "**"]
COMPARISONS = ["<", "<=", "==", "!=", ">", ">=", "is", "is not"]
NATIVES = {"Int": "int", "Float": "float", "Str": "str", "List": "list", "Dict": "dict", "Tuple": "tuple"}


class Grammar:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.depth = 0
        self.classes = []
        self.natives = []
        self.functions = []  # (name, kinds of the parameters, is a generator)
        self.edits = []
        self.scope = {}  # local name -> kind, of the function that is being written
        self.loops = 0
        self.nesting = 0
        self.in_generator = False
        self.temporaries = 0

    # --- text ---------------------------------------------------------------------------------------------------------
    def line(self, text):
        self.lines.append("    " * self.depth + text)

    def pick(self, *choices):
        return self.random.choice(choices)

    def one_of(self, sequence):
        return self.random.choice(sequence)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def local(self, kind):
        names = [name for name, known in self.scope.items() if known == kind]
        return self.one_of(names) if names else None

    # --- expressions --------------------------------------------------------------------------------------------------
    def any_value(self, size=1):
        kind = self.pick("number", "number", "string", "sequence", "object", "mapping", "number")
        return self.expression(kind, size)

    def expression(self, kind, size=2):
        if size <= 0 or self.chance(12):
            return self.leaf(kind)
        return getattr(self, kind)(size - 1)

    def leaf(self, kind):
        name = self.local(kind)
        if name is not None and self.chance(75):
            return name
        if kind == "number":
            return self.pick(self.one_of(NUMBERS), self.one_of(SMALL), self.one_of(SMALL), self.one_of(GLOBALS))
        if kind == "string":
            return self.one_of(STRINGS)
        if kind == "sequence":
            tuples = self.pick("(1, 2.5, 'x')", "(4, 5)")
            return self.pick("[1, 2, 3]", "[0] * 4", "[]", "[3, [1], 'q']", tuples, "'abc'", "range(5)")
        if kind == "mapping":
            return self.pick("{}", "{'a': 1, 'b': 2}", "{1: 2, 3: 4}", "dict(a=3)", "{'x': 0, 1: 'one', 2.0: 3}")
        if kind == "callable":
            return self.pick("len", "abs", "str", "f0", "(lambda x, y=2: x)", "type", *self.classes[:1])
        return self.instance()

    def instance(self):
        if not self.classes:
            return "None"
        name = self.one_of(self.classes + self.classes + self.natives)
        if name in NATIVES:
            return f"{name}({self.native_argument(name)})"
        return f"{name}({self.pick('', '', self.one_of(SMALL), '1, b=2', 'b=4, a=3', '2, 3')})"

    def native_argument(self, name):
        if name in ("Int", "Float"):
            return self.one_of(SMALL)
        return {"Str": "'sub'", "List": "[1, 2]", "Dict": "{'a': 1}", "Tuple": "(1, 2)"}[name]

    def number(self, size):
        choice = self.random.randrange(19)
        if choice < 5:
            operator = self.one_of(ARITHMETIC)
            right = self.expression("number", size)
            if operator in ("<<", ">>", "**"):
                right = self.pick("1", "2", "3", f"({right}) % 5")
            return f"({self.expression('number', size)} {operator} {right})"
        if choice == 5:
            return f"{self.expression('object', size - 1)}.{self.one_of(NAMES)}"
        if choice == 6:
            return f"{self.leaf('object')}.{self.one_of(DATA)}"
        if choice == 7:
            return f"{self.leaf('object')}.{self.one_of(METHODS)}({self.arguments(size)})"
        if choice == 8:
            index = self.expression("number", size) if self.chance(30) else self.one_of(SMALL)
            return f"{self.leaf('sequence')}[{index}]"
        if choice == 9:
            return f"{self.leaf('mapping')}[{self.pick(*STRINGS[1:4], '1', '2', self.expression('number', 0))}]"
        if choice == 10 and self.functions:
            return self.call(size)
        if choice == 11:
            return f"len({self.expression(self.pick('sequence', 'string', 'mapping', 'object'), size)})"
        if choice == 12:
            return f"({self.condition(size)})"
        if choice == 13:
            yes, no = self.expression("number", size), self.expression("number", size)
            return f"({yes} if {self.condition(size)} else {no})"
        if choice == 14:
            function = self.one_of("abs int float bool hash type str len ord next iter callable".split())
            return f"{function}({self.expression('number', size)})"
        if choice == 15:
            function = self.pick("min", "max")
            return f"{function}({self.expression('number', size)}, {self.expression('number', size)})"
        if choice == 16:
            return f"sum({self.comprehension(size)})"
        if choice == 17:
            return f"{self.pick('-', '~', '+')}{self.leaf('number')}"
        return self.one_of(GLOBALS)

    def condition(self, size):
        choice = self.random.randrange(8)
        if choice < 3:
            left, right = self.expression("number", size), self.expression("number", size)
            return f"{left} {self.one_of(COMPARISONS[:6])} {right}"
        if choice == 3:
            return f"{self.any_value(size)} {self.pick('==', '!=', '==', 'is', 'is not')} {self.any_value(size)}"
        if choice == 4:
            container = self.leaf(self.pick("sequence", "mapping", "string", "object"))
            return f"{self.any_value(0)} {self.pick('in', 'not in')} {container}"
        if choice == 5:
            wanted = self.pick("int", "str", "(int, float)", "list", *self.classes)
            return f"isinstance({self.any_value(size)}, {wanted})"
        if choice == 6:
            return f"{self.pick('', 'not ')}{self.any_value(0)}"
        return f"{self.condition(0)} {self.pick('and', 'or')} {self.condition(0)}"

    def string(self, size):
        choice = self.random.randrange(8)
        if choice < 2:
            return f"({self.leaf('string')} + {self.expression('string', size)})"
        if choice == 2:
            return f"({self.leaf('string')} * {self.pick('0', '1', '2', '3')})"
        if choice == 3:
            return f"str({self.expression('number', size)})"
        if choice == 4:
            return f"{self.leaf('string')}[{self.pick('0', '-1', '1:', ':2', '::-1', '1')}]"
        if choice == 5:
            method = self.pick("upper()", "lower()", "strip()", "join([])", "replace(chr(97), chr(98))")
            return f"{self.leaf('string')}.{method}"
        if choice == 6:
            return "f'{" + self.local_or("number", "7") + "}-{" + self.local_or("string", "g1") + "!r}'"
        return f"{self.leaf('object')}.{self.one_of(NAMES)}"

    def local_or(self, kind, other):
        return self.local(kind) or other

    def sequence(self, size):
        choice = self.random.randrange(8)
        if choice == 0:
            return f"[{self.any_value(size)}, {self.any_value(0)}]"
        if choice == 1:
            return f"({self.any_value(size)}, {self.any_value(0)})"
        if choice == 2:
            return f"({self.leaf('sequence')} + {self.leaf('sequence')})"
        if choice == 3:
            return self.comprehension(size)
        if choice == 4:
            return f"{self.leaf('sequence')}[{self.pick('1:', ':2', '::2', '-2:', '0:1')}]"
        if choice == 5:
            return f"list({self.leaf(self.pick('sequence', 'mapping', 'string'))})"
        if choice == 6:
            return f"list({self.pick('enumerate', 'reversed', 'zip')}({self.leaf('sequence')}))"
        return f"sorted({self.leaf('sequence')})"

    def comprehension(self, size):
        source = self.pick("range(4)", self.leaf("sequence"), "range(2, 9, 3)", self.leaf("mapping"))
        saved = dict(self.scope)
        self.scope["v"] = "number"
        body = self.expression("number", min(size, 1))
        test = f" if {self.condition(0)}" if self.chance(25) else ""
        self.scope = saved
        return f"[{body} for v in {source}{test}]"

    def mapping(self, size):
        if self.chance(50):
            first = f"{self.leaf('string')}: {self.any_value(size)}"
            return "{" + f"{first}, {self.one_of(SMALL)}: {self.any_value(0)}" + "}"
        return f"dict({self.leaf('mapping')}, a={self.any_value(0)})"

    def object(self, size):
        choice = self.random.randrange(12)
        if choice < 9:
            return self.leaf("object")
        if choice == 9:
            return f"type({self.leaf('object')})"
        if choice == 10 and self.classes:
            return self.one_of(self.classes)
        return self.instance()

    def callable(self, size):
        return self.leaf("callable")

    def arguments(self, size):
        values = [self.any_value(max(size - 1, 0)) if self.chance(25) else self.expression("number", max(size - 1, 0))]
        if self.chance(20):
            values.append(self.any_value(0))
        if self.chance(8):
            values = []
        if self.chance(12):
            values.append(self.pick("x=1", "k=2", "y=3"))
        if self.chance(5):
            values.append("*(1,)" if "=" not in (values[-1] if values else "") else "**{'z': 1}")
        return ", ".join(values)

    def call(self, size):
        name, kinds, _ = self.one_of(self.functions)
        values = [self.expression(kind, max(size - 1, 0)) for kind in kinds]
        if values and self.chance(10):
            values.pop()
        if values and self.chance(15):
            values[-1] = f"{'xyz'[len(values) - 1]}={values[-1]}"
        if self.chance(15):
            values.append(f"k={self.any_value(0)}")
        return f"{name}({', '.join(values)})"

    # --- statements ---------------------------------------------------------------------------------------------------
    def block(self, count, size=2):
        self.depth += 1
        self.nesting += 1
        before = len(self.lines)
        for _ in range(count):
            if self.nesting == 1 and self.chance(55):
                self.guarded_statement(size)
            else:
                self.statement(size)
        if len(self.lines) == before:
            self.line("pass")
        self.nesting -= 1
        self.depth -= 1

    def guarded_statement(self, size):
        """A statement whose failure does not keep the rest of the function from running."""
        self.line("try:")
        self.depth += 1
        before = len(self.lines)
        self.statement(size)
        if len(self.lines) == before:
            self.line("pass")
        self.depth -= 1
        self.line("except Exception as error:")
        self.line(f"    fail({before}, error)" if self.chance(50) else "    pass")

    def statement(self, size=2):
        kinds = ["assign"] * 6 + ["augment"] * 4 + ["store"] * 4 + ["expression"] * 2 + ["unpack", "delete", "globals_"]
        if self.nesting < 4:
            kinds += ["if_", "if_", "while_", "try_", "with_"] + ["for_"] * 3
        if self.loops:
            kinds += ["leave"]
        if self.chance(8):
            kinds = ["return_", "raise_", "step_", "step_"]
        if self.in_generator and self.chance(30):
            kinds = ["yield_"]
        getattr(self, "statement_" + self.one_of(kinds).rstrip("_"))(size)

    def target(self, kind):
        name = self.local(kind)
        if name is None or self.chance(25):
            name = f"t{self.random.randrange(4)}"
        return name

    def statement_assign(self, size):
        kind = self.pick("number", "number", "number", "string", "sequence", "object", "mapping")
        value, name = self.expression(kind, size), self.target(kind)
        self.line(f"{name} = {f'clip({value})' if self.loops and self.chance(60) else value}")
        self.scope[name] = kind

    def statement_augment(self, size):
        kind = self.pick("number", "number", "number", "string", "sequence")
        name = self.local(kind)
        if name is None:
            return self.statement_assign(size)
        operator = self.one_of(["+", "-", "+", "*", "&", "|", "//", "%"]) if kind == "number" else "+"
        self.line(f"{name} {operator}= {self.expression(kind, size)}")
        if self.loops:
            self.line(f"{name} = clip({name})")

    def statement_store(self, size):
        value = self.any_value(size) if self.chance(30) else f"clip({self.expression('number', size)})"
        choice = self.random.randrange(8)
        if choice < 4:
            self.line(f"{self.leaf('object')}.{self.one_of(NAMES if self.chance(20) else DATA)} = {value}")
        elif choice == 4:
            self.line(f"{self.leaf('object')}.{self.one_of(DATA)} += {self.one_of(SMALL)}")
        elif choice == 5 and self.local("sequence"):
            self.line(f"{self.local('sequence')}[{self.pick('0', '1', '-1', '0:1', self.leaf('number'))}] = {value}")
        elif choice == 6 and self.local("mapping"):
            self.line(f"{self.local('mapping')}[{self.pick(self.leaf('string'), self.one_of(SMALL))}] = {value}")
        elif self.local("sequence"):
            name = self.local("sequence")
            self.line(f"{name}.{self.pick('append', 'append', 'extend', 'insert')}({self.pick(value, '0, 1', '[1]')})")
            self.line(f"if len({name}) > 30: del {name}[4:]")

    def statement_expression(self, size):
        if self.chance(60) and self.functions:
            self.line(self.call(size))
        else:
            self.line(f"{self.leaf('object')}.{self.one_of(METHODS)}({self.arguments(size)})")

    def statement_unpack(self, size):
        names = [f"t{self.random.randrange(4)}" for _ in range(self.pick(2, 2, 3))]
        star = self.chance(15)
        pair = f"({self.leaf('number')}, {self.leaf('number')})"
        source = self.expression("sequence", size) if self.chance(60) else pair
        if star:
            names[-1] = "*" + names[-1]
        self.line(f"{', '.join(names)} = {source}")
        for name in names:
            self.scope[name.lstrip("*")] = "sequence" if name[0] == "*" else "number"

    def statement_delete(self, size):
        if self.chance(40):
            self.line(f"del {self.leaf('object')}.{self.one_of(DATA)}")
        elif self.chance(20) and self.local("mapping"):
            self.line(f"del {self.local('mapping')}[{self.leaf('string')}]")

    def statement_globals(self, size):
        name = self.one_of(GLOBALS)
        self.line(f"globals()[{name!r}] = {self.expression('number', 1)}")

    def statement_step(self, size):
        self.line("step()")

    def statement_if(self, size):
        self.line(f"if {self.condition(size)}:")
        self.block(self.pick(1, 1, 2), size)
        if self.chance(40):
            self.line("else:")
            self.block(1, size)

    def statement_while(self, size):
        name = f"w{self.temporaries}"
        self.temporaries += 1
        self.line(f"{name} = 0")
        self.line(f"while {name} < {self.pick('3', '5', '8')}:")
        self.depth += 1
        self.line(f"{name} += 1")
        self.depth -= 1
        self.scope[name] = "number"
        self.loop_body(size)

    def loop_body(self, size):
        self.loops += 1
        self.block(self.pick(1, 2, 2, 3), size)
        self.loops -= 1
        if self.chance(15):
            self.line("else:")
            self.block(1, size)

    def statement_for(self, size):
        name = f"i{self.nesting}"
        choice = self.random.randrange(10)
        targets = name
        if choice < 3:
            source = f"range({self.pick('4', '6', '1, 7, 2', '5, 0, -1', '10')})"
        elif choice < 5:
            source = self.expression("sequence", 1)
        elif choice == 5:
            source, targets = f"enumerate({self.leaf('sequence')})", f"j{self.nesting}, {name}"
        elif choice == 6:
            source, targets = f"zip({self.leaf('sequence')}, {self.leaf('sequence')})", f"j{self.nesting}, {name}"
        elif choice == 7:
            mapping = self.leaf("mapping")
            source = self.pick(f"{mapping}", f"{mapping}.values()", f"{mapping}.keys()", f"{mapping}.items()")
        elif choice == 8 and any(generator for _, _, generator in self.functions):
            name_, kinds, _ = self.one_of([function for function in self.functions if function[2]])
            source = f"{name_}({', '.join(self.leaf(kind) for kind in kinds)})"
        else:
            source = self.leaf(self.pick("object", "string", "sequence"))
        self.line(f"for {targets} in {source}:")
        self.scope[name] = "number"
        if targets != name:
            self.scope[f"j{self.nesting}"] = "number"
        if self.chance(15):
            self.change_while_iterating(name, source)
        self.loop_body(size)

    def change_while_iterating(self, item, source):
        names = [known for known, kind in self.scope.items() if kind in ("sequence", "mapping") and known in source]
        if names:
            container = self.one_of(names)
            changes = ("pop()", "append(1)", "clear()", "insert(0, 2)", "update(zz=1)", "popitem()", "setdefault(5, 6)")
            condition = f"{item} == {self.one_of(SMALL)}" if self.chance(70) else self.condition(1)
            self.line(f"    if {condition} and len({container}) < 30: {container}.{self.one_of(changes)}")

    def statement_leave(self, size):
        self.line(f"if {self.condition(1)}:")
        self.depth += 1
        self.line(self.pick("break", "continue"))
        self.depth -= 1

    def statement_try(self, size):
        self.line("try:")
        self.block(self.pick(1, 2), size)
        # When a dropped generator runs its `finally` is up to the collector.
        if self.in_generator or self.chance(80):
            caught = self.pick("Exception", "(TypeError, AttributeError)", "AttributeError", "ArithmeticError")
            self.line(f"except {caught} as error:")
            self.depth += 1
            self.line(f"t{self.random.randrange(4)} = str(error)[:0]")
            self.depth -= 1
            if self.chance(20):
                self.line("else:")
                self.block(1, size)
            if not self.in_generator and self.chance(20):
                self.line("finally:")
                self.block(1, size)
        else:
            self.line("finally:")
            self.block(1, size)

    def statement_with(self, size):
        if self.in_generator:
            return self.statement_assign(size)
        self.line(f"with {self.leaf('object')}:")
        self.block(1, size)

    def statement_return(self, size):
        self.line(f"if {self.condition(1)}:")
        self.depth += 1
        self.line(f"return {self.any_value(size)}")
        self.depth -= 1

    def statement_raise(self, size):
        self.line(f"if {self.condition(1)}:")
        self.depth += 1
        error = self.pick("ValueError", "KeyError", "StopIteration", "AttributeError")
        self.line(f"raise {error}({self.leaf('string')})")
        self.depth -= 1

    def statement_yield(self, size):
        self.line(self.pick("", "", f"t{self.random.randrange(4)} = ") + f"yield {self.any_value(size)}")
