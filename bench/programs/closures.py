"""Functions that make functions: counters, composition, currying, memoisation, Church numerals, a small parser library.

A workload of free variables (`LOAD_DEREF`), of cells that are written (`nonlocal`), and of calls to closures of many
depths.
"""

import sys


def make_counter(step):
    count = 0

    def increment(times=1):
        nonlocal count
        count += step * times
        return count

    def reset():
        nonlocal count
        count = 0

    return increment, reset


def compose(*functions):
    def composed(value):
        for function in functions:
            value = function(value)
        return value

    return composed


def curry(function, arity):
    def collect(arguments):
        if len(arguments) == arity:
            return function(*arguments)
        return lambda argument: collect(arguments + (argument,))

    return collect(())


def memoised(function):
    known = {}

    def lookup(argument):
        if argument not in known:
            known[argument] = function(argument)
        return known[argument]

    return lookup


# --- Church numerals ---------------------------------------------------------------------------------------------------
def church(number):
    """The function that applies f `number` times."""
    if number == 0:
        return lambda f: lambda x: x
    previous = church(number - 1)
    return lambda f: lambda x: f(previous(f)(x))


def plus(a, b):
    return lambda f: lambda x: a(f)(b(f)(x))


def times(a, b):
    return lambda f: a(b(f))


def to_int(numeral):
    return numeral(lambda n: n + 1)(0)


# --- parser combinators: a parser takes (text, position) and returns (value, position), or None --------------------------
def char_of(allowed):
    def parse(text, position):
        if position < len(text) and text[position] in allowed:
            return text[position], position + 1
        return None

    return parse


def many(parser):
    def parse(text, position):
        values = []
        while (found := parser(text, position)) is not None:
            value, position = found
            values.append(value)
        return values, position

    return parse


def sequence(*parsers):
    def parse(text, position):
        values = []
        for parser in parsers:
            found = parser(text, position)
            if found is None:
                return None
            value, position = found
            values.append(value)
        return values, position

    return parse


def either(*parsers):
    def parse(text, position):
        for parser in parsers:
            found = parser(text, position)
            if found is not None:
                return found
        return None

    return parse


def mapped(parser, function):
    def parse(text, position):
        found = parser(text, position)
        if found is None:
            return None
        return function(found[0]), found[1]

    return parse


def arithmetic():
    """A parser that evaluates sums and products of integers and parentheses."""

    def expression(text, position):
        return whole(text, position)

    digits = char_of("0123456789")
    number = mapped(sequence(digits, many(digits)), lambda found: int(found[0] + "".join(found[1])))
    group = mapped(sequence(char_of("("), expression, char_of(")")), lambda found: found[1])
    atom = either(number, group)

    def fold(operator):
        def evaluate(found):
            value, rest = found
            for sign, operand in rest:
                value = operator(sign, value, operand)
            return value

        return evaluate

    product = mapped(sequence(atom, many(sequence(char_of("*%"), atom))),
                     fold(lambda sign, a, b: a * b if sign == "*" else a % (b or 1)))
    whole = mapped(sequence(product, many(sequence(char_of("+-"), product))),
                   fold(lambda sign, a, b: a + b if sign == "+" else a - b))
    return whole


def main(rounds):
    increment, reset = make_counter(3)
    pipeline = compose(lambda x: x + 1, lambda x: x * 2, lambda x: x - 3, lambda x: x & 1023)
    volume = curry(lambda a, b, c: a * b + c, 3)
    collatz = memoised(lambda n: 0 if n == 1 else 1 + collatz(n // 2 if n % 2 == 0 else 3 * n + 1))
    calculate = arithmetic()
    text = "(1+2)*(3+4*(5+6%4))-7*(8-(9+10))+123*45%67"
    total = 0
    for turn in range(rounds):
        for value in range(40):
            increment()
            total += pipeline(value) + volume(value)(turn % 7)(1)
        total += increment(2)
        if turn % 10 == 9:
            reset()
        total += to_int(plus(times(church(6), church(7)), church(turn % 5)))
        value, end = calculate(text, 0)
        if end != len(text):
            raise RuntimeError(f"the text was parsed up to {end}")
        total += value
        total += collatz(turn + 1)
    print("rounds:", rounds)
    print("total:", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3500)
