"""Simplifies, differentiates and evaluates expression trees with structural pattern matching, and runs a tiny machine.

A workload of `match`: class patterns with positional and keyword parts, sequences with stars, mappings with rests,
alternatives, guards, values and literals.
"""

import sys


class Number:
    __match_args__ = ("value",)
    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class Variable:
    __match_args__ = ("name",)
    __slots__ = ("name",)

    def __init__(self, name):
        self.name = name


class Binary:
    __match_args__ = ("operator", "left", "right")
    __slots__ = ("operator", "left", "right")

    def __init__(self, operator, left, right):
        self.operator = operator
        self.left = left
        self.right = right


class Call:
    __match_args__ = ("function", "argument")
    __slots__ = ("function", "argument")

    def __init__(self, function, argument):
        self.function = function
        self.argument = argument


ZERO, ONE, TWO = Number(0), Number(1), Number(2)


def simplify(tree):
    match tree:
        case Number() | Variable():
            return tree
        case Call(function, argument):
            return Call(function, simplify(argument))
        case Binary(operator, left, right):
            return simplify_binary(operator, simplify(left), simplify(right))
    raise TypeError(f"not an expression: {tree!r}")


def simplify_binary(operator, left, right):
    match operator, left, right:
        case "+", Number(a), Number(b):
            return Number(a + b)
        case "-", Number(a), Number(b):
            return Number(a - b)
        case "*", Number(a), Number(b):
            return Number(a * b)
        case "+", Number(value=0), other:
            return other
        case "+" | "-", other, Number(value=0):
            return other
        case "*", Number(0), _:
            return ZERO
        case "*", _, Number(0):
            return ZERO
        case "*", Number(1), other:
            return other
        case "*" | "^", other, Number(1):
            return other
        case "^", _, Number(0):
            return ONE
        case "*", Number(a), Binary("*", Number(b), rest):
            return Binary("*", Number(a * b), rest)
        case "+", Binary("*", Number(a), Variable(x)), Binary("*", Number(b), Variable(y)) if x == y:
            return Binary("*", Number(a + b), Variable(x))
        case "-", Variable(x), Variable(y) if x == y:
            return ZERO
        case _:
            return Binary(operator, left, right)


def derive(tree, by):
    match tree:
        case Number():
            return ZERO
        case Variable(name):
            return ONE if name == by else ZERO
        case Binary("+" | "-" as operator, left, right):
            return Binary(operator, derive(left, by), derive(right, by))
        case Binary("*", left, right):
            return Binary("+", Binary("*", derive(left, by), right), Binary("*", left, derive(right, by)))
        case Binary("^", _, Number(0)):
            return ZERO
        case Binary("^", base, Number(1)):
            return derive(base, by)
        case Binary("^", base, Number(power)):
            return Binary("*", Binary("*", Number(power), Binary("^", base, Number(power - 1))), derive(base, by))
        case Call("square", argument):
            return Binary("*", Binary("*", TWO, argument), derive(argument, by))
        case Call("negate", argument):
            return Call("negate", derive(argument, by))
    raise TypeError(f"cannot derive {tree!r}")


def evaluate(tree, environment):
    match tree:
        case Number(value):
            return value
        case Variable(name):
            return environment[name]
        case Binary("+", left, right):
            return evaluate(left, environment) + evaluate(right, environment)
        case Binary("-", left, right):
            return evaluate(left, environment) - evaluate(right, environment)
        case Binary("*", left, right):
            return evaluate(left, environment) * evaluate(right, environment)
        case Binary("^", left, right):
            return evaluate(left, environment) ** evaluate(right, environment)
        case Call(function="square", argument=argument):
            return evaluate(argument, environment) ** 2
        case Call(function="negate", argument=argument):
            return -evaluate(argument, environment)
    raise TypeError(f"cannot evaluate {tree!r}")


def size(tree):
    match tree:
        case Binary(left=left, right=right):
            return 1 + size(left) + size(right)
        case Call(argument=argument):
            return 1 + size(argument)
        case _:
            return 1


def random_tree(depth, state):
    """An expression of at most this depth, and the generator's next state."""
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    choice = (state >> 16) % 8
    if depth == 0 or choice == 0:
        if choice & 1:
            return Variable("xyz"[(state >> 20) % 3]), state
        return Number((state >> 18) % 4), state
    if choice == 1:
        argument, state = random_tree(depth - 1, state)
        return Call("negate" if state & 256 else "square", argument), state
    if choice == 2:
        base, state = random_tree(depth - 1, state)
        return Binary("^", base, Number((state >> 16) % 3)), state
    left, state = random_tree(depth - 1, state)
    right, state = random_tree(depth - 1, state)
    return Binary("+-**+"[choice - 3], left, right), state


# --- a machine whose instructions are tuples, and events that are dictionaries -----------------------------------------
def run_machine(program, registers):
    at = steps = 0
    stack = []
    while True:
        steps += 1
        match program[at]:
            case ("push", int(value)):
                stack.append(value)
            case ("push", str(name)):
                stack.append(registers[name])
            case ("pop", name):
                registers[name] = stack.pop()
            case ("add" | "sub" | "mul" as operation,):
                right, left = stack.pop(), stack.pop()
                stack.append(left + right if operation == "add" else left - right if operation == "sub" else left * right)
            case ("jump", target):
                at = target
                continue
            case ("branch", condition, target):
                if (stack.pop() > 0) == condition:
                    at = target
                    continue
            case ("halt",):
                return steps
            case unknown:
                raise ValueError(f"unknown instruction {unknown}")
        at += 1


FACTORIAL = (
    ("push", 1), ("pop", "product"),
    ("push", "n"), ("branch", False, 13),
    ("push", "product"), ("push", "n"), ("mul",), ("pop", "product"),
    ("push", "n"), ("push", 1), ("sub",), ("pop", "n"),
    ("jump", 2),
    ("halt",),
)


def handle(event, totals):
    match event:
        case {"kind": "move", "path": [first, *_, last]}:
            totals["moved"] += abs(last - first)
        case {"kind": "move", "path": [_]}:
            totals["idle"] += 1
        case {"kind": "pay", "amount": int() | float() as amount, **rest} if amount > 0:
            totals["paid"] += int(amount) + len(rest)
        case {"kind": "text", "body": str(body)}:
            totals["characters"] += len(body)
        case {"kind": kind}:
            totals[kind] = totals.get(kind, 0) + 1
        case _:
            totals["other"] += 1


EVENTS = (
    {"kind": "move", "path": [1, 5, 9]}, {"kind": "move", "path": [4]}, {"kind": "move", "path": (7, 2)},
    {"kind": "pay", "amount": 12, "from": "a", "to": "b"}, {"kind": "pay", "amount": 0.5}, {"kind": "pay", "amount": -3},
    {"kind": "text", "body": "some words"}, {"kind": "text", "body": None}, {"kind": "tick"}, {"nothing": 1}, [1, 2],
)


def main(rounds):
    state = 2024
    before = after = total = 0
    for turn in range(rounds):
        tree, state = random_tree(6, state)
        derived = derive(tree, "x")
        simple = simplify(derived)
        environment = {"x": turn % 5 + 1, "y": turn % 3, "z": 2}
        value = evaluate(simple, environment)
        if value != evaluate(derived, environment):
            raise RuntimeError("simplifying changed the value")
        before += size(derived)
        after += size(simple)
        total = (total * 7 + value) % 1000000007
    print("nodes:", before, "->", after)
    print("total:", total)
    steps = 0
    totals = {"moved": 0, "idle": 0, "paid": 0, "characters": 0, "other": 0}
    for turn in range(rounds):
        registers = {"n": turn % 12 + 1}
        steps += run_machine(FACTORIAL, registers)
        for event in EVENTS:
            handle(event, totals)
    print("steps:", steps, "last product:", registers["product"])
    print(totals)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4000)
