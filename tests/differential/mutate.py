"""Changes existing programs at random: other constants, operators and names, statements repeated, moved and edited."""

import ast
import copy
import random

CONSTANTS = [0, 1, -1, 2, 255, 2**31, 2**47, 2**48 - 1, 2**62, 2**63, 10**20, 0.5, -0.0, True, False, None]
CONSTANTS += ["", "a", "spam", (), (1, 2)]
OPERATORS = [ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod, ast.Div, ast.BitAnd, ast.BitOr, ast.BitXor]
COMPARISONS = [ast.Lt, ast.LtE, ast.Eq, ast.NotEq, ast.Gt, ast.GtE, ast.Is, ast.IsNot, ast.In, ast.NotIn]
# What a class, an instance or the globals may suffer anywhere; `{0}` is a name that the program uses.
EDITS = [
    "{0}.{1} = {2}",
    "del {0}.{1}",
    "type({0}).{1} = {2}",
    "type({0}).__getattr__ = lambda self, name: {2}",
    "type({0}).{1} = property(lambda self: {2})",
    "type({0}).{1} = lambda *rest: {2}",
    "{0}.__dict__['{1}'] = {2}",
    "{0}.__dict__ = {{'{1}': {2}}}",
    "{0}.__class__ = type('Other', (type({0}),), {{'{1}': {2}}})",
    "globals()['{0}'] = {2}",
    "globals().pop('{0}', None)",
    "{0}.__defaults__ = ({2},)",
    "{0} = {2}",
    "del {0}",
    "{0}.append({2})",
    "{0}.clear()",
    "{0}[{2}] = {2}",
]


class Mutation:
    def __init__(self, text, seed):
        self.random = random.Random(seed)
        self.tree = ast.parse(text)

    def text(self):
        for _ in range(self.random.choice((1, 1, 2, 3, 5, 8))):
            changes = (self.constant, self.operator, self.edit, self.edit, self.repeat, self.swap, self.loop, self.name)
            self.random.choice(changes)()
        return ast.unparse(ast.fix_missing_locations(self.tree)) + "\n"

    def nodes(self, *kinds):
        return [node for node in ast.walk(self.tree) if isinstance(node, kinds)]

    def bodies(self):
        found = []
        for node in ast.walk(self.tree):
            for field in ("body", "orelse"):
                statements = getattr(node, field, None)
                if isinstance(statements, list) and statements:
                    found.append(statements)
        return found

    def constant(self):
        every = self.nodes(ast.Constant)
        constants = [node for node in every if not isinstance(node.value, str) or len(node.value) < 3]
        if constants:
            node = self.random.choice(constants)
            # A loop that runs 2**62 times shows nothing.
            small = isinstance(node.value, int) and node.value > 8
            node.value = self.random.choice([3, 20, 50, 120]) if small else self.random.choice(CONSTANTS)
            node.kind = None

    def operator(self):
        nodes = self.nodes(ast.BinOp, ast.AugAssign, ast.Compare)
        if nodes:
            node = self.random.choice(nodes)
            if isinstance(node, ast.Compare):
                node.ops[0] = self.random.choice(COMPARISONS)()
            else:
                node.op = self.random.choice(OPERATORS)()

    def edit(self):
        names = sorted({node.id for node in self.nodes(ast.Name)} - {"print", "range"})
        attributes = sorted({node.attr for node in self.nodes(ast.Attribute)}) or ["a"]
        if not names:
            return
        value = repr(self.random.choice(CONSTANTS))
        text = self.random.choice(EDITS).format(self.random.choice(names), self.random.choice(attributes), value)
        if self.random.random() < 0.7:
            text = f"try:\n    {text}\nexcept Exception as problem:\n    print(type(problem).__name__)"
        if self.random.random() < 0.4:
            counter = self.random.choice(names)
            text = f"if {counter} == {self.random.choice((3, 9, 17, 40))}:\n    " + text.replace("\n", "\n    ")
        statements = self.random.choice(self.bodies())
        statements.insert(self.random.randrange(len(statements) + 1), ast.parse(text).body[0])

    def repeat(self):
        statements = self.random.choice(self.bodies())
        statement = copy.deepcopy(self.random.choice(statements))
        statements.insert(self.random.randrange(len(statements) + 1), statement)

    def swap(self):
        first, second = self.random.choice(self.bodies()), self.random.choice(self.bodies())
        i, j = self.random.randrange(len(first)), self.random.randrange(len(second))
        first[i], second[j] = copy.deepcopy(second[j]), copy.deepcopy(first[i])

    def loop(self):
        statements = self.random.choice(self.bodies())
        position = self.random.randrange(len(statements))
        loop = ast.parse(f"for again in range({self.random.choice((2, 20, 60))}): pass").body[0]
        loop.body = [copy.deepcopy(statements[position])]
        if not isinstance(loop.body[0], (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            statements[position] = loop

    def name(self):
        names = [node for node in self.nodes(ast.Name) if isinstance(node.ctx, ast.Load)]
        if names:
            self.random.choice(names).id = self.random.choice(names).id


def mutate(text, seed):
    """A changed program that compiles; the same text if none of several attempts did."""
    for attempt in range(8):
        try:
            changed = Mutation(text, f"{seed}/{attempt}").text()
            compile(changed, "mutation", "exec")
            return changed
        except (SyntaxError, ValueError, RecursionError):
            continue
    return text
