"""Makes a program smaller while it keeps a property: deletes statements, unwraps blocks, simplifies expressions."""

import ast
import time


class Minimiser:
    """`holds(text)` says whether a program still has the property; it is asked at most until `seconds` have passed."""

    def __init__(self, text, holds, seconds):
        self.text = text
        self.holds = holds
        self.deadline = time.monotonic() + seconds

    def run(self):
        plain = self.normalised(self.text)
        if plain is None or not self.holds(plain):
            return self.text
        self.text = plain
        before = None
        while before != self.text and not self.is_late():
            before = self.text
            self.delete_statements()
            self.try_each(self.unwrappings)
            self.try_each(self.simplifications)
        return self.text

    def is_late(self):
        return time.monotonic() > self.deadline

    @staticmethod
    def normalised(text):
        try:
            return ast.unparse(ast.parse(text)) + "\n"
        except (SyntaxError, ValueError, RecursionError):
            return None

    def accept(self, tree):
        """Keep the changed tree if it still compiles to a program with the property."""
        try:
            text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
            compile(text, "candidate", "exec")
        except (SyntaxError, ValueError, RecursionError):
            return False
        if text == self.text or not self.holds(text):
            return False
        self.text = text
        return True

    @staticmethod
    def bodies(tree):
        """Every list of statements, outermost first, as (node, field)."""
        for node in ast.walk(tree):
            for field in ("body", "orelse", "finalbody", "handlers"):
                if isinstance(getattr(node, field, None), list):
                    yield node, field

    def delete_statements(self):
        """Delta debugging on each list of statements: halves, quarters, ... single statements."""
        number = 0
        while not self.is_late():
            places = list(self.bodies(ast.parse(self.text)))
            if number >= len(places):
                return
            chunk = max(len(getattr(*places[number])) // 2, 1)
            while chunk and not self.is_late():
                position = 0
                while not self.is_late():
                    tree = ast.parse(self.text)
                    node, field = list(self.bodies(tree))[number]
                    statements = getattr(node, field)
                    if position >= len(statements):
                        break
                    kept = statements[:position] + statements[position + chunk :]
                    if not kept and field == "body" and not isinstance(node, ast.Module):
                        kept = [ast.Pass()]
                    setattr(node, field, kept)
                    if not self.accept(tree):
                        position += chunk
                chunk //= 2
            number += 1

    def try_each(self, changes):
        """Apply the changes that `changes(tree)` yields, each to a fresh tree, keeping those that hold."""
        number = 0
        while not self.is_late():
            tree = ast.parse(self.text)
            for position, change in enumerate(changes(tree)):
                if position == number:
                    change()
                    break
            else:
                return
            if not self.accept(tree):
                number += 1

    def unwrappings(self, tree):
        """A compound statement becomes what is in it."""
        for node, field in list(self.bodies(tree)):
            for position, statement in enumerate(getattr(node, field)):
                inside = getattr(statement, "body", None)
                is_definition = isinstance(statement, (ast.FunctionDef, ast.ClassDef))
                if isinstance(inside, list) and not is_definition and not isinstance(statement, ast.ExceptHandler):

                    def change(node=node, field=field, position=position, inside=inside):
                        statements = getattr(node, field)
                        setattr(node, field, statements[:position] + inside + statements[position + 1 :])

                    yield change

    def simplifications(self, tree):
        """An expression becomes one of its parts, or None; a sequence of arguments or items loses one."""
        for node in list(ast.walk(tree)):
            for field, value in list(ast.iter_fields(node)):
                if isinstance(value, ast.expr) and isinstance(getattr(value, "ctx", ast.Load()), ast.Load):
                    parts = [part for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr)]
                    if not isinstance(value, ast.Constant):
                        parts.append(ast.Constant(None))
                    for part in parts:
                        yield lambda node=node, field=field, part=part: setattr(node, field, part)
                elif isinstance(value, list) and value and isinstance(value[0], (ast.expr, ast.keyword)):
                    for position in range(len(value)):
                        yield lambda value=value, position=position: value.pop(position)


def minimise(text, holds, seconds=60):
    return Minimiser(text, holds, seconds).run()
