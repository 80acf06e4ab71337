"""Makes programs, each from one seed, that stress what specialised instructions rely on.

A program has classes, functions with hot sites, and edits: changes of classes, instances, globals, builtins and functions.
Phases call the functions with a few kinds of values, long enough for the sites to specialise; then the values change.
A clock runs the edits, wherever `step()` happens to be called: in a phase, in a method, in a getter, in an operator.
"""

import random

PRELUDE = '''\
import builtins
import sys


def harness(print, type, repr, len, sorted, int, float, str, list, tuple, dict, set, bool, range, isinstance, hook, Problem):
    def text(value, depth=0):
        kind = type(value)
        if kind is int:
            return repr(value) if -(10**30) < value < 10**30 else f"big {value % 1000003}"
        if kind is str:
            return repr(value) if len(value) < 60 else f"{value[:50]!r}+{len(value)}"
        if kind is float or kind is bool or value is None:
            return repr(value)
        if depth < 3 and (kind is list or kind is tuple):
            return kind.__name__ + "(" + ", ".join([text(item, depth + 1) for item in value[:8]]) + f") {len(value)}"
        if depth < 3 and kind is dict:
            return "{" + ", ".join([text(key, depth + 1) + ": " + text(value[key], depth + 1) for key in list(value)[:8]]) + "}"
        if depth < 3 and kind is set:
            return "{" + ", ".join(sorted([text(item, depth + 1) for item in value])) + "}"
        return f"<{kind.__name__}>"

    def note(label, value):
        print(label, text(value))

    tracebacks = 0

    def fail(label, error):
        nonlocal tracebacks
        words = str(error)
        trail = []
        link = error.__traceback__
        while link is not None and len(trail) < 12:
            trail.append(f"{link.tb_frame.f_code.co_name}:{link.tb_lineno}")
            link = link.tb_next
        print(label, type(error).__name__, words if " at 0x" not in words else "", *trail)
        tracebacks += 1
        if tracebacks <= 3 and not isinstance(error, RecursionError) and " at 0x" not in words:
            hook(type(error), error, error.__traceback__)

    def clip(value):
        kind = type(value)
        if kind is int and not -(2**70) < value < 2**70:
            return value % 1000003
        if (kind is str or kind is list or kind is tuple) and len(value) > 40:
            return value[:5]
        return value

    count = 0
    schedule = {}

    def step():
        nonlocal count
        count += 1
        edit = schedule.get(count)
        if edit is not None:
            try:
                edit()
                print("edit", edit.__name__)
            except Problem as error:
                fail("edit", error)

    return note, fail, clip, step, schedule


note, fail, clip, step, schedule = harness(
    print, type, repr, len, sorted, int, float, str, list, tuple, dict, set, bool, range, isinstance, sys.excepthook, Exception
)
'''

NUMBERS = (
    "0 1 2 3 7 -1 -5 255 256 257 2**30 2**31-1 2**47 2**48-1 -2**48 2**50 2**61-1 2**62 2**63-1 2**63 -2**63 2**64 10**20 "
    "-10**25 0.0 -0.0 0.5 1.5 -2.25 1e300 1e-300 True False float('inf')"
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
OPERATORS = {
    "__add__": "self, other",
    "__radd__": "self, other",
    "__sub__": "self, other",
    "__mul__": "self, other",
    "__iadd__": "self, other",
    "__and__": "self, other",
    "__eq__": "self, other",
    "__lt__": "self, other",
    "__le__": "self, other",
    "__contains__": "self, other",
    "__getitem__": "self, other",
    "__setitem__": "self, other, value",
    "__len__": "self",
    "__bool__": "self",
    "__call__": "self, *others",
    "__iter__": "self",
    "__neg__": "self",
    "__index__": "self",
    "__enter__": "self",
    "__exit__": "self, *others",
    "__hash__": "self",
}


class Generator:
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
            return self.pick("[1, 2, 3]", "(1, 2.5, 'x')", "[0] * 4", "[]", "'abc'", "range(5)", "(4, 5)", "[3, [1], 'q']")
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
        return f"{name}({self.pick('', '', self.one_of(SMALL), '1, b=2')})"

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
            return f"{self.leaf('sequence')}[{self.expression('number', size) if self.chance(30) else self.one_of(SMALL)}]"
        if choice == 9:
            return f"{self.leaf('mapping')}[{self.pick(*STRINGS[1:4], '1', '2', self.expression('number', 0))}]"
        if choice == 10 and self.functions:
            return self.call(size)
        if choice == 11:
            return f"len({self.expression(self.pick('sequence', 'string', 'mapping', 'object'), size)})"
        if choice == 12:
            return f"({self.condition(size)})"
        if choice == 13:
            return f"({self.expression('number', size)} if {self.condition(size)} else {self.expression('number', size)})"
        if choice == 14:
            function = self.pick("abs", "int", "float", "bool", "hash")
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
            return f"{self.any_value(0)} {self.pick('in', 'not in')} {self.leaf(self.pick('sequence', 'mapping', 'string', 'object'))}"
        if choice == 5:
            return f"isinstance({self.any_value(size)}, {self.pick('int', 'str', '(int, float)', 'list', *self.classes)})"
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
            return f"{self.leaf('string')}.{self.pick('upper()', 'lower()', 'strip()', 'join([])', 'replace(chr(97), chr(98))')}"
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
            return "{" + f"{self.leaf('string')}: {self.any_value(size)}, {self.one_of(SMALL)}: {self.any_value(0)}" + "}"
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
        kinds = ["assign"] * 6 + ["augment"] * 4 + ["store"] * 4 + ["expression_statement"] * 2 + ["unpack", "delete", "globals_"]
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
        self.statement_expression_statement(size)

    def statement_expression_statement(self, size):
        if self.chance(60) and self.functions:
            self.line(self.call(size))
        else:
            self.line(f"{self.leaf('object')}.{self.one_of(METHODS)}({self.arguments(size)})")

    def statement_unpack(self, size):
        names = [f"t{self.random.randrange(4)}" for _ in range(self.pick(2, 2, 3))]
        star = self.chance(15)
        source = self.expression("sequence", size) if self.chance(60) else f"({self.leaf('number')}, {self.leaf('number')})"
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
        self.loop_body(size)

    def statement_leave(self, size):
        self.line(f"if {self.condition(1)}:")
        self.depth += 1
        self.line(self.pick("break", "continue"))
        self.depth -= 1

    def statement_try(self, size):
        self.line("try:")
        self.block(self.pick(1, 2), size)
        if self.chance(80):
            caught = self.pick("Exception", "(TypeError, AttributeError)", "AttributeError", "ZeroDivisionError", "IndexError")
            self.line(f"except {caught} as error:")
            self.depth += 1
            self.line(f"t{self.random.randrange(4)} = str(error)[:0]")
            self.depth -= 1
            if self.chance(20):
                self.line("else:")
                self.block(1, size)
            if self.chance(20):
                self.line("finally:")
                self.block(1, size)
        else:
            self.line("finally:")
            self.block(1, size)

    def statement_with(self, size):
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
        self.line(f"raise {self.pick('ValueError', 'KeyError', 'StopIteration', 'AttributeError')}({self.leaf('string')})")
        self.depth -= 1

    def statement_yield(self, size):
        self.line(self.pick("", "", f"t{self.random.randrange(4)} = ") + f"yield {self.any_value(size)}")

    # --- definitions --------------------------------------------------------------------------------------------------
    def function(self, name):
        kinds = [self.pick("number", "number", "object", "object", "sequence", "mapping", "string") for _ in range(self.pick(1, 2, 3))]
        names = ["x", "y", "z"][: len(kinds)]
        self.scope = dict(zip(names, kinds))
        parameters = list(names)
        for i in range(len(names) - 1, self.pick(len(names) - 2, len(names) - 1), -1):
            parameters[i] += f"={self.one_of(SMALL)}" if self.chance(50) else ""
        parameters = fix_defaults(parameters)
        if self.chance(35):
            parameters += [self.pick("*", "*rest"), "k=5"]
            self.scope["k"] = "number"
        self.in_generator = self.chance(18)
        self.line(f"def {name}({', '.join(parameters)}):")
        saved = self.functions
        self.block(self.random.randrange(2, 7))
        self.depth += 1
        if self.in_generator:
            self.line(f"yield {self.any_value(1)}")
        elif self.chance(20):
            self.line(f"inner = lambda v=1: ({self.any_value(1)}, v)")
            self.line("return inner(2)")
        else:
            self.line(f"return {self.any_value(2)}")
        self.depth -= 1
        self.line("")
        self.functions = saved + [(name, kinds, self.in_generator)]
        self.in_generator = False
        self.scope = {}

    def method_body(self, parameters, result="number"):
        self.scope = {name: "number" for name in parameters if name != "self"}
        self.scope["self"] = "object"
        self.depth += 1
        if self.chance(15):
            self.line("step()")
        if self.chance(30):
            self.line(f"self.{self.one_of(DATA)} = {self.leaf('number')}")
        if self.chance(10):
            self.statement(1)
        if result == "number":
            attribute = f"self.{self.one_of(DATA)}"
            self.line(f"return {self.pick(attribute, attribute + ' + 1', self.expression('number', 1), self.leaf('number'))}")
        else:
            self.line(f"return {result}")
        self.depth -= 1
        self.scope = {}

    def member(self, name):
        """A method, property or class attribute of the class that is being written."""
        if name in DATA or self.chance(10):
            self.line(f"{name} = {self.pick(self.one_of(NUMBERS), self.one_of(STRINGS), '[1, 2]', 'Descriptor(3)')}")
        elif name in METHODS:
            decorator = self.pick("", "", "", "", "staticmethod", "classmethod")
            if decorator:
                self.line("@" + decorator)
            first = {"": "self, ", "staticmethod": "", "classmethod": "self, "}[decorator]
            self.line(f"def {name}({first}x=1{self.pick('', '', ', y=2', ', *rest', ', *, k=3')}):")
            if decorator == "staticmethod":
                self.depth += 1
                self.line(f"return {self.pick('x', '(x, 1)', 'x + 1' )}")
                self.depth -= 1
            else:
                self.method_body(["x"])
        else:
            self.line("@property")
            self.line(f"def {name}(self):")
            self.method_body([])
            if self.chance(50):
                self.line(f"@{name}.setter")
                self.line(f"def {name}(self, value):")
                self.depth += 1
                self.line(f"self.{self.one_of(DATA)} = value")
                self.depth -= 1

    def operator(self, name, prefix=""):
        parameters = OPERATORS[name]
        self.line(f"def {prefix or name}({parameters}):")
        result = {
            "__len__": self.pick("2", "0", "len(self.__class__.__name__)", "-1"),
            "__bool__": self.pick("True", "False", "self.a", "1"),
            "__iter__": self.pick("iter([1, 2])", "iter((self.a, 3))", "self"),
            "__index__": self.pick("1", "0", "2"),
            "__enter__": "self",
            "__exit__": self.pick("None", "True", "False"),
            "__hash__": self.pick("1", "hash('q') * 0", "2"),
            "__eq__": self.pick("True", "self is other", "NotImplemented", "1"),
            "__lt__": self.pick("True", "NotImplemented", "self.a", "'yes'"),
        }.get(name, "number")
        if result == "number" and self.chance(30):
            result = self.pick("NotImplemented", "self", "(self.a, 1)", "'op'")
        if name == "__getitem__":  # or iterating it would never end
            self.line("    if other.__class__ is int and other > 5: raise IndexError(other)")
        self.method_body([part for part in parameters.replace("*", "").split(", ")], result)

    def hook(self, name, prefix=""):
        if name == "__setattr__":
            self.line(f"def {prefix or name}(self, name, value):")
            self.depth += 1
            self.line(self.pick("object.__setattr__(self, name, value)", "self.__dict__[name] = value"))
            self.depth -= 1
            return
        self.line(f"def {prefix or name}(self, name):")
        self.depth += 1
        if name == "__getattribute__":
            self.line("if name == 'b': return 77")
            self.line("return object.__getattribute__(self, name)")
        else:
            self.line("if name[:2] == '__': raise AttributeError(name)")
            self.line(self.pick("return name", "return 5", "raise AttributeError(name)", "step(); return 9", "return self.a if name != 'a' else 3"))
        self.depth -= 1

    def class_definition(self, name):
        bases = self.random.sample(self.classes, min(len(self.classes), self.pick(0, 0, 1, 1, 1, 2)))
        bases.sort(key=self.classes.index, reverse=True)  # the newest first keeps the linearisation possible
        meta = ["metaclass=Meta"] if self.chance(12) else []
        self.line(f"class {name}({', '.join(bases + meta)}):" if bases or meta else f"class {name}:")
        self.depth += 1
        if self.chance(18):
            slots = self.random.sample(DATA, self.pick(1, 2, 3, 4)) + (["__dict__"] if not bases and self.chance(40) else [])
            self.line(f"__slots__ = ({', '.join(map(repr, slots))},)")
            names = [attribute for attribute in NAMES if attribute not in slots]
        else:
            names = NAMES
        if not bases or self.chance(40):
            self.line("def __init__(self, a=1, b=2):")
            self.depth += 1
            chosen = self.random.sample(DATA, self.pick(2, 2, 3, 4))
            for attribute in chosen if self.chance(30) else sorted({"a", "b", *chosen}):
                self.line(f"self.{attribute} = {self.pick('a', 'b', 'a', self.one_of(SMALL))}")
            if self.chance(8):
                self.line("super().__init__()")
            self.depth -= 1
        common = {"m": 85, "n": 60, "p": 60, "q": 40, "c": 60, "d": 60}
        members = [attribute for attribute in names if self.chance(common.get(attribute, 12) if not bases else 35)]
        for attribute in members:
            self.member(attribute)
        for operator in self.random.sample(sorted(OPERATORS), self.pick(0, 1, 3, 5)):
            self.operator(operator)
        for hook in ("__getattr__", "__setattr__", "__getattribute__"):
            if self.chance({"__getattr__": 14, "__setattr__": 7, "__getattribute__": 4}[hook]):
                self.hook(hook)
        self.line("pass")
        self.depth -= 1
        self.line("")
        self.classes.append(name)

    def native_class(self, name):
        self.line(f"class {name}({NATIVES[name]}):")
        self.depth += 1
        for attribute in self.random.sample(METHODS + PROPERTIES, 2):
            self.member(attribute)
        self.line("a = 4")
        allowed = ["__add__", "__eq__", "__lt__", "__getitem__", "__len__", "__bool__", "__contains__", "__iter__", "__iadd__"]
        for operator in self.random.sample(allowed, self.pick(0, 0, 1, 2)):
            self.operator(operator)
        self.depth -= 1
        self.line("")
        self.natives.append(name)

    # --- edits --------------------------------------------------------------------------------------------------------
    def class_value(self):
        """What may become a class attribute."""
        return self.pick(
            self.one_of(NUMBERS), self.one_of(STRINGS), "lambda self, *rest: 11", "lambda self, x=0: self.a", "Descriptor(8)",
            "property(lambda self: 12)", "property(lambda self: self.a)", "staticmethod(lambda *rest: 13)",
            "classmethod(lambda cls, *rest: cls.__name__)", "len", "f0", "ReadOnly(6)", "str", "None", "(lambda self: (step(), 14)[1])",
            "property(lambda self: 1, lambda self, value: None)",
        )  # fmt: skip

    def edit(self, name):
        self.line(f"def {name}():")
        self.depth += 1
        for _ in range(self.pick(1, 1, 2)):
            self.edit_statement()
        self.depth -= 1
        self.line("")
        self.edits.append(name)

    def edit_statement(self):
        rng = self.random
        cls = self.one_of(self.classes)
        other = self.one_of(self.classes)
        obj = f"objects[{rng.randrange(6)}]"
        attribute = self.one_of(NAMES)
        function = self.one_of(self.functions)[0]
        built_in = self.pick("len", "abs", "isinstance", "range", "min", "sum", "str", "int", "enumerate", "type", "sorted")
        kind = rng.randrange(34)
        if kind < 6:
            self.line(f"{cls}.{attribute} = {self.class_value()}")
        elif kind < 9:
            self.line(f"del {cls}.{attribute}")
        elif kind == 9:
            self.line(f"{cls}.__bases__ = ({self.pick(other, 'Plain', f'{other}, Plain')},)")
        elif kind < 12:
            self.line(f"{obj}.__class__ = {self.pick(cls, other, 'Plain')}")
        elif kind == 12:
            operator = rng.choice(sorted(OPERATORS))
            self.operator(operator, "special")
            self.line(f"{cls}.{operator} = {self.pick('special', 'special', 'special', 'None')}")
        elif kind == 13:
            self.line(f"del {cls}.{rng.choice(sorted(OPERATORS))}")
        elif kind == 14:
            hook = self.pick("__getattr__", "__getattr__", "__setattr__", "__getattribute__")
            self.hook(hook, "special")
            self.line(f"{cls}.{hook} = special")
        elif kind == 15:
            self.line(f"del {cls}.{self.pick('__getattr__', '__setattr__', '__getattribute__')}")
        elif kind == 16:
            self.line(f"taken.append({obj}.__dict__)")
        elif kind == 17:
            self.line(f"{obj}.__dict__ = {self.pick('{}', repr({'a': 21}), repr({'b': 1, 'a': 2, 'm': 3}), 'dict(taken[0])')}")
        elif kind == 18:
            self.line(f"{obj}.__dict__[{attribute!r}] = {self.pick(self.one_of(SMALL), 'lambda *rest: 22')}")
        elif kind == 19:
            self.line(f"{obj}.__dict__.{self.pick(f'pop({attribute!r}, 0)', 'clear()', 'update(a=1, c=2)', 'update({1: 2})')}")
        elif kind == 20:
            self.line(f"{obj}.{attribute} = {self.pick(self.one_of(SMALL), 'lambda *rest: 23', repr('text'))}")
        elif kind == 21:
            self.line(f"del {obj}.{attribute}")
        elif kind == 22:
            self.line(f"globals()[{self.one_of(GLOBALS)!r}] = {self.pick(self.one_of(NUMBERS), 'len', repr('word'))}")
        elif kind == 23:
            name = self.one_of(GLOBALS)
            self.line(f"globals().pop({name!r}, None)")
            if self.chance(60):
                self.line(f"builtins.{name} = {self.one_of(SMALL)}")
        elif kind == 24:
            self.line(f"globals()[{built_in!r}] = {self.pick('lambda *rest: 31', f'builtins.{built_in}', '7')}")
        elif kind == 25:
            self.line(f"globals().pop({built_in!r}, None)")
        elif kind == 26:
            self.line(f"saved.setdefault({built_in!r}, builtins.{built_in})")
            self.line(f"builtins.{built_in} = {self.pick('lambda *rest, **named: 32', f'saved[{built_in!r}]')}")
        elif kind == 27:
            self.line("for name in saved: setattr(builtins, name, saved[name])")
        elif kind == 28:
            self.line(f"{function}.__code__ = {self.one_of(self.functions)[0]}.__code__")
        elif kind == 29:
            self.line(f"{function}.{self.pick('__defaults__ = (1, 2)', '__defaults__ = None', '__kwdefaults__ = None', '__defaults__ = (5,)')}")
        elif kind == 30:
            self.line(f"Meta.{self.pick('a', 'm', 'zz', 'p')} = {self.class_value()}")
        elif kind == 31:
            self.line(f"globals()[{function!r}] = {self.pick('lambda *rest, **named: 33', self.one_of(self.functions)[0])}")
        elif kind == 32:
            self.line(f"for name in {self.pick('abcdefghijkl', 'ab', 'mnopq')!r}: setattr({self.pick(obj, obj, cls)}, name, 1)")
        else:
            self.line(f"globals()[{cls!r}] = {self.pick(f'type({cls!r}, ({cls},), dict(a=41))', other, 'Plain')}")

    # --- phases -------------------------------------------------------------------------------------------------------
    def value_for(self, kind):
        if self.chance(6):
            kind = self.pick("number", "string", "sequence", "object", "mapping")
        self.scope = {}
        if kind == "object":
            return self.pick(f"objects[{self.random.randrange(6)}]", f"objects[{self.random.randrange(6)}]", self.instance())
        if kind == "number" and self.natives and self.chance(8):
            return f"{self.one_of(self.natives)}()"
        if kind == "sequence" and self.chance(40):
            return f"lists[{self.random.randrange(3)}]"
        return self.leaf(kind)

    def phase(self, number):
        name, kinds, is_generator = self.one_of(self.functions)
        pairs = [[self.value_for(kind) for _ in range(self.pick(1, 1, 2, 3))] for kind in kinds]
        self.line(f"def phase_{number}():")
        self.depth += 1
        for i, values in enumerate(pairs):
            self.line(f"values_{i} = [{', '.join(values)}]")
        self.line(f"for i in range({self.pick(12, 20, 30, 60)}):")
        self.depth += 1
        if self.chance(60):
            self.line("step()")
        self.line("try:")
        arguments = [f"values_{i}[i % {len(values)}]" if len(values) > 1 or self.chance(70) else "i" for i, values in enumerate(pairs)]
        if self.chance(12):
            arguments[-1] = f"{'xyz'[len(arguments) - 1]}={arguments[-1]}"
        result = f"{name}({', '.join(arguments)})"
        if is_generator:
            result = self.pick(f"[v for _, v in zip(range(6), {result})]", f"next({result})")
        self.line(f"    note({number}, {result})")
        self.line("except Exception as error:")
        self.line(f"    fail({number}, error)")
        self.depth -= 2
        self.line("")

    def program(self):
        self.lines = PRELUDE.splitlines() + ["", ""]
        for i, name in enumerate(GLOBALS):
            self.line(f"{name} = {self.one_of(SMALL) if i < 3 else self.one_of(NUMBERS)}")
        self.lines += SUPPORT.splitlines()
        for i in range(self.random.randrange(2, 6)):
            self.class_definition(f"K{i}")
        for name in self.random.sample(sorted(NATIVES), self.pick(0, 1, 2)):
            self.native_class(name)
        self.scope = {}
        for i in range(self.random.randrange(2, 7)):
            self.function(f"f{i}")
        if self.chance(25):
            self.lines += RECURSION.splitlines()
            self.functions.append(("deep", ["number", "object"], False))
        for i in range(self.random.randrange(2, 10)):
            self.edit(f"edit_{i}")
        self.line(f"objects = [{', '.join(f'attempt(lambda: {self.instance()})' for _ in range(6))}]")
        self.line("lists = [[1, 2, 3], [1.5, 'a', None, 4], [[0, 1], [2, 3]]]")
        phases = self.random.randrange(3, 9)
        for i in range(phases):
            self.phase(i)
        for name in self.edits:
            self.line(f"schedule[{self.random.randrange(3, 40 * phases)}] = {name}")
        for i in range(phases + 2):
            self.line(f"attempt(phase_{i if i < phases else self.random.randrange(phases)})")
            if self.chance(40):
                self.line(f"attempt({self.one_of(self.edits)})")
        if self.chance(10):
            self.line(f"phase_{self.random.randrange(phases)}.missing({self.leaf('number')})")
        return "\n".join(self.lines) + "\n"


SUPPORT = '''

class Meta(type):
    zz = 3

    @property
    def p(cls):
        return "meta p"


class Plain:
    pass


class Descriptor:
    def __init__(self, value):
        self.value = value

    def __get__(self, owner, cls=None):
        return self.value if owner is None else (self.value, cls.__name__)


class ReadOnly(Descriptor):
    def __set__(self, owner, value):
        raise AttributeError("read only")


def attempt(action):
    try:
        return action()
    except Exception as error:
        fail("attempt", error)
        return Plain()


taken = [{"a": 51}]
saved = {}

'''

RECURSION = '''

def deep(x, y):
    if x == "stop":
        return y.a
    return deep(x + 1 if x < 30 else "stop", y)

'''


def fix_defaults(parameters):
    """Gives every parameter after the first with a default one of its own."""
    seen = False
    for i, parameter in enumerate(parameters):
        seen = seen or "=" in parameter
        if seen and "=" not in parameter:
            parameters[i] += "=1"
    return parameters


def generate(seed):
    return Generator(seed).program()
