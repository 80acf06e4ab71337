"""Makes random programs that compile, for the comparison of code objects: each from one seed, never to be run.

    generate.py SEED            prints the program of that seed

What a program means does not matter; what matters is that every construct meets every other: nested scopes, exits through
`finally` and `with`, jumps over long bodies, more names and constants than a byte counts, folded constants, odd layouts.
"""

import random
import sys

from expressions import Expressions


class Program(Expressions):
    def __init__(self, seed):
        super().__init__(random.Random(seed))
        self.lines = []
        self.depth = 0  # of indentation
        self.budget = self.pick(20, 40, 80, 200)  # statements still to be made
        self.in_loop = False
        self.in_star_handler = False
        self.returns = False  # a `return` may stand here
        self.returns_value = True
        self.is_huge = False  # the next block begins with many names

    def text(self):
        if self.chance(10):
            self.line(self.pick('"""What it is for."""', "'doc'", "b'no doc'", "'a' 'b'", "'fold' + 'ed'"))
        if self.chance(12):
            self.line(f"from __future__ import {self.pick('annotations', 'annotations', 'division', 'generator_stop')}")
            self.annotations_are_strings = "annotations" in self.lines[-1]
        if self.chance(4):
            self.many()
        while self.budget > 0:
            self.statement()
        if self.chance(30):
            self.lines[-1] = self.lines[-1].rstrip("\n")
        return "".join(self.lines)

    # --- layout -------------------------------------------------------------------------------------------------------
    def line(self, text):
        self.lines.append(" " * self.depth + text.replace("\n", "\n" + " " * self.random.randrange(0, 9)) + "\n")
        if self.chance(3):
            self.lines.append(self.pick("\n", "\n\n\n", "# a comment\n", "        # one further in\n", "\f\n"))

    def block(self, count=None, first=None):
        """The body of a compound statement, whose header is the last line."""
        if first is None and not self.is_huge and self.lines[-1].endswith(":\n") and self.chance(8):
            simple = "; ".join(self.simple() for _ in range(self.pick(1, 1, 2)))
            self.lines[-1] = f"{self.lines[-1][:-1]} {simple}\n"
            return
        step = self.pick(1, 2, 4, 4, 8)
        self.depth += step
        for text in first or []:
            self.line(text)
        if self.is_huge:
            self.is_huge = False
            self.many()
        for _ in range(count or self.pick(1, 1, 2, 3, 5)):
            self.statement()
        self.depth -= step

    # --- statements ---------------------------------------------------------------------------------------------------
    def statement(self):
        self.budget -= 1
        nested = ["if_"] * 4 + ["for_"] * 3 + ["while_", "while_", "try_", "try_", "try_", "with_", "with_", "match"]
        nested += ["function", "function", "class_", "try_star"]
        if self.depth < 40 and len(self.scopes) < 5 and self.budget > 0 and self.chance(45):
            getattr(self, self.one_of(nested))()
        elif self.chance(1):
            self.padding()
        else:
            count = self.pick(1, 1, 1, 1, 2, 3)
            self.line("; ".join(self.simple() for _ in range(count)) + (";" if self.chance(3) else ""))

    def simple(self):
        kinds = ["assign"] * 8 + ["augment", "augment", "expression", "expression", "call", "call", "delete", "raises"]
        kinds += ["passes", "annotate", "imports", "asserts", "chain", "unpack", "constant"]
        if self.in_loop and self.chance(25):
            return self.pick("break", "continue")
        if self.returns and self.chance(18):
            return self.leave()
        return getattr(self, self.one_of(kinds))()

    def leave(self):
        if self.in_star_handler:
            return "pass"
        if not self.returns_value or self.chance(25):
            return "return"
        return f"return {self.pick(self.constant_value(), self.expression(2), self.expression(1), self.starred_items())}"

    def assign(self):
        value = f"(yield {self.expression(1)})" if self.may_yield() and self.chance(8) else self.expression(self.pick(1, 2, 3))
        return f"{self.target()} = {value}"

    def chain(self):
        targets = " = ".join(self.target() for _ in range(self.pick(2, 2, 3, 5)))
        return f"{targets} = {self.expression(2)}"

    def unpack(self):
        values = ", ".join(self.expression(1) for _ in range(self.pick(2, 2, 3, 4)))
        count = values.count(", ") + 1
        targets = [self.name_to_bind() for _ in range(min(count, 5))]
        if self.chance(35):
            targets[self.random.randrange(len(targets))] = "*" + self.name_to_bind()
        nested = f"[{targets[0]}, ({', '.join(targets)},)], {self.name_to_bind()}"
        return f"{self.pick(', '.join(targets), nested, '(' + ', '.join(targets) + ',)')} = {values}"

    def augment(self):
        operator = self.pick("+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@")
        target = self.pick(self.name_to_bind(), f"{self.atom()}.{self.attribute()}", f"{self.atom()}[{self.subscript()}]")
        return f"{target} {operator}= {self.expression(2)}"

    def annotate(self):
        if self.annotations_are_strings or not self.is_function:
            annotation = self.pick("int", "'text'", "list[int]", "a.b | None", "dict[str, tuple[int, ...]]", "x if y else z")
        else:
            annotation = self.pick("int", "'text'", "list[int]", "a.b | None")
        name = f"v{self.fresh()}"
        target = self.pick(name, name, f"({name})", f"{self.name()}.{self.attribute()}", f"{self.name()}[{self.subscript()}]")
        return f"{target}: {annotation}" + (f" = {self.expression(2)}" if self.chance(50) else "")

    def constant(self):
        return self.pick(self.constant_value(), f"{self.name_to_bind()} = {self.folded()}", f"{self.name_to_bind()} = {self.folded()}")

    def delete(self):
        targets = [self.name_to_bind(), f"{self.atom()}.{self.attribute()}", f"{self.atom()}[{self.subscript()}]"]
        targets.append(f"({self.name_to_bind()}, [{self.name_to_bind()}])")
        return "del " + ", ".join(self.random.sample(targets, self.pick(1, 1, 2)))

    def raises(self):
        return self.pick("raise", f"raise {self.expression(1)}", f"raise {self.expression(1)} from {self.atom()}")

    def passes(self):
        return "pass"

    def imports(self):
        if len(self.scopes) == 1 and self.chance(5):
            return "from m import *"
        return self.pick(
            "import m", "import m.n.o", "import m.n.o as d", "import m as e, k", "from . import u", "from ...a.b import c as d, e",
            "from m import (n as o,\np)", "from .m import q",
        )  # fmt: skip

    def asserts(self):
        return f"assert {self.expression(2)}" + (f", {self.expression(1)}" if self.chance(40) else "")

    def if_(self):
        self.line(f"if {self.condition()}:")
        self.block()
        for _ in range(self.pick(0, 0, 0, 1, 2)):
            self.line(f"elif {self.condition()}:")
            self.block(1)
        if self.chance(35):
            self.line("else:")
            self.block()

    def condition(self):
        return self.pick(*["0", "1", "True", "None", "__debug__", "not __debug__", "''"]) if self.chance(8) else self.expression(3)

    def body_of_loop(self):
        saved, self.in_loop = self.in_loop, True
        self.block()
        self.in_loop = saved
        if self.chance(20):
            self.line("else:")
            self.block(1)

    def for_(self):
        word = "async for" if self.is_async and self.chance(30) else "for"
        self.line(f"{word} {self.loop_target()} in {self.pick(self.expression(2), self.starred_items(), '[1, 2]', '{1, 2}')}:")
        self.body_of_loop()

    def while_(self):
        self.line(f"while {self.condition()}:")
        self.body_of_loop()

    def with_(self):
        word = "async with" if self.is_async and self.chance(30) else "with"
        items = []
        for _ in range(self.pick(1, 1, 1, 2, 3)):
            target = self.pick("", "", f" as {self.name_to_bind()}", f" as ({self.name_to_bind()}, {self.name_to_bind()})")
            items.append(self.expression(1, grouped=True) + (target or f" as {self.atom()}.{self.attribute()}"))
        joined = ", ".join(items)
        self.line(f"{word} ({joined},):" if self.chance(15) else f"{word} {joined}:")
        self.block()

    def try_(self):
        self.line("try:")
        self.block()
        handlers = self.pick(0, 1, 1, 1, 2, 3)
        for number in range(handlers):
            last = number == handlers - 1
            kind = self.pick(f" {self.name()}", f" {self.name()} as e", f" ({self.name()}, {self.name()}) as e{self.fresh()}")
            self.line(f"except{'' if last and self.chance(25) else kind}:")
            self.block()
        if handlers and self.chance(25):
            self.line("else:")
            self.block()
        if not handlers or self.chance(30):
            self.line("finally:")
            self.block()

    def try_star(self):
        self.line("try:")
        self.block()
        for _ in range(self.pick(1, 1, 2)):
            self.line(f"except* {self.name()}{self.pick('', ' as e')}:")
            saved = self.in_loop, self.in_star_handler
            self.in_loop, self.in_star_handler = False, True
            self.block()
            self.in_loop, self.in_star_handler = saved
        if self.chance(25):
            self.line("else:")
            self.block(1)
        if self.chance(25):
            self.line("finally:")
            self.block(1)

    def match(self):
        self.line(f"match {self.pick(self.expression(2), self.starred_items())}:")
        self.depth += 2
        count = self.pick(1, 2, 3, 5)
        for number in range(count):
            guard = f" if {self.expression(2)}" if self.chance(25) else ""
            if number == count - 1 and self.chance(50):
                self.line(f"case {self.pick('_', self.capture())}:")
            else:
                self.captured = 0
                pattern = self.pattern(self.pick(1, 2, 3))
                # What always matches may only come last.
                if not guard and not pattern.startswith(("[", "{", "C(", "m.C(")):
                    pattern = f"[{pattern}]"
                self.line(f"case {pattern}{guard}:")
            self.block()
        self.depth -= 2

    # --- scopes -------------------------------------------------------------------------------------------------------
    def decorators(self):
        for _ in range(self.pick(0, 0, 0, 1, 2)):
            self.line(f"@{self.pick(self.name(), self.name() + '.' + self.attribute(), self.expression(1, grouped=True))}")

    def function(self):
        self.decorators()
        is_async = self.chance(25)
        name = self.name_to_bind()
        parameters = self.parameters(True)
        returns = f" -> {self.pick('int', 'None', chr(39) + 'T' + chr(39), 'a.b[c]')}" if self.chance(25) else ""
        self.line(f"{'async ' if is_async else ''}def {name}({parameters}){returns}:")
        saved = self.in_loop, self.in_star_handler, self.returns, self.returns_value
        self.enter("function", is_async)
        self.in_loop, self.in_star_handler, self.returns = False, False, True
        # A coroutine that yields is a generator, which returns no value.
        self.yields = self.chance(30)
        self.returns_value = not (is_async and self.yields)
        first = [self.pick('"""Says it."""', "'doc'")] if self.chance(20) else []
        if self.chance(15):
            first.append(f"global g{self.fresh()}, G{self.random.randrange(9)}")
            self.bind(first[-1].split()[1].rstrip(","))
        outer = self.bound_outside()
        if outer and self.chance(30):
            first.append(f"nonlocal {outer}")
            self.declare_nonlocal(outer)
        if self.chance(40):
            own = f"own{self.fresh()}"
            first.append(f"{own} = {self.expression(1)}")
            self.bind(own)
            self.scopes[-1].cells.append(own)
        self.is_huge = self.chance(2)
        self.block(None, first or None)
        self.leave_scope()
        self.in_loop, self.in_star_handler, self.returns, self.returns_value = saved

    def class_(self):
        self.decorators()
        bases = self.pick("", "()", f"({self.name()})", f"({self.name()}, metaclass={self.name()})", f"(*{self.name()}, **{self.name()})")
        self.line(f"class {self.name_to_bind()}{bases}:")
        saved = self.in_loop, self.in_star_handler, self.returns
        self.enter("class", False)
        self.in_loop = self.in_star_handler = self.returns = False
        self.block(self.pick(1, 2, 4), [self.pick('"""A class."""', "limit = 3", "__slots__ = ()")] if self.chance(40) else None)
        self.leave_scope()
        self.in_loop, self.in_star_handler, self.returns = saved

    # --- size ---------------------------------------------------------------------------------------------------------
    def padding(self):
        """A body over which jumps need EXTENDED_ARG, now and then two of them."""
        count = self.pick(30, 60, 60, 120, 120, 300) if self.random.randrange(400) else 15000
        self.line(f"{self.pick('if', 'while')} {self.expression(1)}:")
        self.depth += 1
        for number in range(count):
            self.line(self.pick(f"{self.name()}.m(1)", f"{self.name()}[{number}] = {self.name()} + {number}", "x = y = z"))
        self.depth -= 1
        if self.chance(40):
            self.line("else:")
            self.depth += 1
            for number in range(self.pick(40, 130)):
                self.line(f"{self.name()}({number})")
            self.depth -= 1

    def many(self):
        """More names, constants or locals than an operand of one byte can tell apart."""
        count = self.pick(250, 257, 300, 600)
        start = self.random.randrange(5)
        for number in range(0, count, 6):
            part = range(start + number, start + number + 6)
            choice = self.random.randrange(5)
            if choice == 0:
                self.line("; ".join(f"n{i} = {i}" for i in part))
            elif choice == 1:
                self.line(", ".join(f"o.a{i}" for i in part) + " = " + ", ".join(f"'s{i}'" for i in part))
            elif choice == 2:
                self.line(f"o.call{number}(" + ", ".join(f"k{i}={i}.5" for i in part) + ")")
            elif choice == 3:
                self.line("[" + ", ".join(f"u{i} + {i}j" for i in part) + "]")
            else:
                self.line(f"import i{number}.j; w{number} = lambda: n{number}")


def make(seed):
    return Program(seed).text()


if __name__ == "__main__":
    sys.stdout.write(make(int(sys.argv[1])))
