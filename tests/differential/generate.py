"""Makes programs, each from one seed, that stress what specialised instructions rely on.

A program has classes, functions with hot sites, and edits: changes of classes, instances, globals and functions.
Phases call the functions with a few kinds of values, long enough for the sites to specialise; then the values change.
A clock runs the edits, wherever `step()` happens to be called: in a phase, in a method, in a getter, in an operator.
"""

from grammar import DATA, GLOBALS, METHODS, NAMES, NATIVES, NUMBERS, PROPERTIES, SMALL, STRINGS, Grammar
from texts import PRELUDE, RECURSION, SUPPORT

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


class Generator(Grammar):
    # --- definitions --------------------------------------------------------------------------------------------------
    def function(self, name):
        usual = ("number", "number", "object", "object", "sequence", "mapping", "string")
        kinds = [self.pick(*usual) for _ in range(self.pick(1, 2, 3))]
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
            computed = self.expression("number", 1)
            self.line(f"return {self.pick(attribute, attribute + ' + 1', computed, self.leaf('number'))}")
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
            own = "return self.a if name != 'a' else 3"
            self.line(self.pick("return name", "return 5", "raise AttributeError(name)", "step(); return 9", own))
        self.depth -= 1

    def class_definition(self, name):
        bases = self.random.sample(self.classes, min(len(self.classes), self.pick(0, 0, 1, 1, 1, 2)))
        bases.sort(key=self.classes.index, reverse=True)  # the newest first keeps the linearisation possible
        meta = ["metaclass=Meta"] if self.chance(12) else []
        self.line(f"class {name}({', '.join(bases + meta)}):" if bases or meta else f"class {name}:")
        self.depth += 1
        if self.chance(18):
            slots = self.random.sample(DATA, self.pick(1, 2, 3, 4))
            if not bases and self.chance(40):
                slots.append("__dict__")
            self.line(f"__slots__ = ({', '.join(map(repr, slots))},)")
            names = [attribute for attribute in NAMES if attribute not in slots]
        else:
            names = NAMES
        if not bases or self.chance(40):
            parameters = self.pick("a=1, b=2", "a=1, b=2", "a=1, *, b=2", "a=1, b=2, **rest", "*rest, a=1, b=3")
            self.line(f"def __init__(self, {parameters}):")
            self.depth += 1
            chosen = self.random.sample(DATA, self.pick(2, 2, 3, 4))
            for attribute in chosen if self.chance(30) else sorted({"a", "b", *chosen}):
                self.line(f"self.{attribute} = {self.pick('a', 'b', 'a', self.one_of(SMALL))}")
            if self.chance(8):
                self.line("super().__init__()")
            if self.chance(4):
                self.line(f"return {self.pick('None', 'a', 'step()')}")
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
        allowed = ["__add__", "__eq__", "__lt__", "__getitem__", "__len__", "__bool__", "__contains__", "__iter__"]
        for operator in self.random.sample(allowed, self.pick(0, 0, 1, 2)):
            self.operator(operator)
        self.depth -= 1
        self.line("")
        self.natives.append(name)

    # --- edits --------------------------------------------------------------------------------------------------------
    def class_value(self):
        """What may become a class attribute."""
        return self.pick(
            self.one_of(NUMBERS), self.one_of(STRINGS), "lambda self, *rest: 11", "lambda self, x=0: self.a",
            "property(lambda self: 12)", "property(lambda self: self.a)", "staticmethod(lambda *rest: 13)",
            "classmethod(lambda cls, *rest: cls.__name__)", "len", "f0", "Descriptor(8)", "ReadOnly(6)", "str", "None",
            "WriteOnly()", "(lambda self: (step(), 14)[1])",
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
        built_ins = "len abs isinstance range min sum str int enumerate type sorted".split()
        built_in = self.one_of(built_ins)
        kind = rng.randrange(40)
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
            replacement = self.pick("{}", "{'a': 21}", "{'b': 1, 'a': 2, 'm': 3}", "dict(taken[0])")
            self.line(f"{obj}.__dict__ = {replacement}")
        elif kind == 18:
            self.line(f"{obj}.__dict__[{attribute!r}] = {self.pick(self.one_of(SMALL), 'lambda *rest: 22')}")
        elif kind == 19:
            change = self.pick(f"pop({attribute!r}, 0)", "clear()", "update(a=1, c=2)", "update({1: 2})")
            self.line(f"{obj}.__dict__.{change}")
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
            defaults = self.pick("__defaults__ = (1, 2)", "__defaults__ = None", "__defaults__ = (5,)")
            self.line(f"{function}.{self.pick(defaults, defaults, '__kwdefaults__ = None')}")
        elif kind == 30:
            self.line(f"Meta.{self.pick('a', 'm', 'zz', 'p')} = {self.class_value()}")
        elif kind == 31:
            replacement = self.pick("lambda *rest, **named: 33", self.one_of(self.functions)[0])
            self.line(f"globals()[{function!r}] = {replacement}")
        elif kind == 32:
            letters = self.pick("abcdefghijkl", "ab", "mnopq")
            self.line(f"for name in {letters!r}: setattr({self.pick(obj, obj, cls)}, name, 1)")
        elif kind == 33:
            value = self.pick(
                "lambda self, *rest, **named: None",
                "lambda self, a=5: setattr(self, 'a', a)",
                "lambda self, *rest: 1",
                f"{other}.__init__",
                "object.__init__",
            )
            self.line(f"{cls}.__init__ = {value}")
        elif kind == 34:
            self.line(f"del {cls}.{self.pick('__init__', '__init__', '__new__')}")
        elif kind == 35:
            made = self.pick("object.__new__(cls)", f"object.__new__({other})", "(step(), object.__new__(cls))[1]", "5")
            self.line(f"{cls}.__new__ = lambda cls, *rest, **named: {made}")
        elif kind == 36:
            method = self.pick("__call__", "__instancecheck__")
            self.line(f"{self.pick('Meta', cls)}.{method} = lambda *rest, **named: 42")
        elif kind == 37:
            self.line(f"{cls}.__class__ = property(lambda self: {self.pick('int', other, 'str')})")
        elif kind == 38:
            method = self.pick("__str__", "__repr__", "__next__", "__missing__", "__format__", "__reversed__")
            self.line(f"{cls}.{method} = lambda self, *rest: {self.pick(repr('shown'), '6', 'self.a')}")
        else:
            self.line(f"globals()[{cls!r}] = {self.pick(f'type({cls!r}, ({cls},), dict(a=41))', other, 'Plain')}")

    # --- phases -------------------------------------------------------------------------------------------------------
    def value_for(self, kind):
        if self.chance(6):
            kind = self.pick("number", "string", "sequence", "object", "mapping")
        self.scope = {}
        if kind == "object":
            return self.instance() if self.chance(33) else f"objects[{self.random.randrange(6)}]"
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
        arguments = [
            f"values_{i}[i % {len(values)}]" if len(values) > 1 or self.chance(70) else "i"
            for i, values in enumerate(pairs)
        ]
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
