"""Describes programs to standard output, under whichever interpreter runs this: what run.py compares.

    describe.py dis|table FILE…

`dis`: what dis.dis writes. `table`: the symbol table, scope by scope. A line that opens with a form feed names the file
whose description follows.
"""

import dis
import io
import re
import symtable
import sys

ADDRESS = re.compile(r"0x[0-9a-f]+")
HASHES = re.compile(r"frozenset\(\{(.*?)\}\)")


def listing(source, path):
    """dis.dis of the whole program, without addresses; items of frozensets, whose order is that of hashes, sorted."""
    text = io.StringIO()
    dis.dis(compile(source, path, "exec", dont_inherit=True), file=text)
    text = ADDRESS.sub("0x", text.getvalue())
    return HASHES.sub(lambda match: "frozenset({" + ", ".join(sorted(match[1].split(", "))) + "})", text)


def table(scope, depth=0):
    """One line per scope and per name in it."""
    indent = "  " * depth
    kind = scope.get_type()
    yield f"{indent}{kind} {scope.get_name()} line {scope.get_lineno()}"
    yield f"{indent} {scope.is_optimized()} {scope.is_nested()} {scope.has_children()}"
    if kind == "function":
        parts = ("parameters", "locals", "frees", "globals", "nonlocals")
        for part in parts:
            names = getattr(scope, "get_" + part)()
            yield f"{indent} {part} {sorted(names) if part != 'parameters' else names}"
    elif kind == "class":
        yield f"{indent} methods {scope.get_methods()}"
    for name in sorted(scope.get_identifiers()):
        symbol = scope.lookup(name)
        questions = [question for question in sorted(dir(symbol)) if question.startswith("is_")]
        answers = [question[3:] for question in questions if getattr(symbol, question)()]
        yield f"{indent} {name} {' '.join(answers)} {len(symbol.get_namespaces())}"
    for child in scope.get_children():
        yield from table(child, depth + 1)


def description(what, path):
    with open(path, "rb") as file:
        source = file.read()
    try:
        if what == "dis":
            return listing(source, path)
        return "\n".join(table(symtable.symtable(source, path, "exec"))) + "\n"
    except (SyntaxError, ValueError, RecursionError) as error:
        return f"{type(error).__name__}: {error}\n"


def main():
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    for path in sys.argv[2:]:
        print("\f" + path)
        print(description(sys.argv[1], path), end="")


main()
