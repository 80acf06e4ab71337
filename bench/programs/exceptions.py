"""Exceptions are raised, caught, chained, filtered and cleaned up after, at several depths of the stack.

Measures what a program pays that uses exceptions for its control flow: raising through frames, `finally`, `with`,
matching by class and by tuple, `else`, re-raising and `raise ... from`.
"""

import sys


class ParseError(Exception):
    def __init__(self, position, reason):
        super().__init__(position, reason)
        self.position = position
        self.reason = reason


class EmptyInput(ParseError):
    pass


class Overflow(ParseError, ArithmeticError):
    pass


class ResourceLog:
    """Counts what was opened and closed; swallows what it is told to swallow."""

    def __init__(self):
        self.opened = self.closed = self.swallowed = 0

    def resource(self, swallow=()):
        return Resource(self, swallow)


class Resource:
    def __init__(self, log, swallow):
        self.log = log
        self.swallow = swallow

    def __enter__(self):
        self.log.opened += 1
        return self

    def __exit__(self, kind, value, traceback):
        self.log.closed += 1
        if kind is not None and self.swallow and issubclass(kind, self.swallow):
            self.log.swallowed += 1
            return True
        return False


def parse_number(text):
    if not text:
        raise EmptyInput(0, "empty")
    value = 0
    for position, char in enumerate(text):
        if not "0" <= char <= "9":
            raise ParseError(position, f"unexpected {char!r}")
        value = value * 10 + ord(char) - 48
    if value > 9999:
        raise Overflow(len(text), "too large")
    return value


def descend(depth, action, argument):
    """Calls action(argument) `depth` frames further down; every second frame has a finally clause."""
    if depth == 0:
        return action(argument)
    if depth & 1:
        try:
            return descend(depth - 1, action, argument)
        finally:
            tally["finally"] += 1
    return descend(depth - 1, action, argument)


def classify(text):
    try:
        value = descend(6, parse_number, text)
    except EmptyInput:
        return "empty"
    except (Overflow, ZeroDivisionError) as error:
        return f"overflow at {error.position}"
    except ParseError as error:
        return f"{error.reason} at {error.position}"
    else:
        return str(value)


def lookup_with_fallback(table, key):
    try:
        return table[key]
    except KeyError:
        try:
            return table[key.lower()]
        except KeyError as error:
            raise LookupError(f"no {key}") from error


def chained(table, key):
    try:
        lookup_with_fallback(table, key)
    except LookupError as error:
        cause = error.__cause__
        return type(cause).__name__, isinstance(cause.__context__, KeyError), str(error)
    return None


def with_resources(log, text):
    with log.resource((EmptyInput,)), log.resource():
        return parse_number(text)
    return -1


def reraised(text):
    try:
        try:
            return parse_number(text)
        except ParseError as error:
            error.reason += "!"
            raise
    except ParseError as error:
        return error.reason


def first_index(items, wanted):
    """The index by iterating until StopIteration, without a for loop."""
    iterator = iter(items)
    index = 0
    while True:
        try:
            item = next(iterator)
        except StopIteration:
            return -1
        if item == wanted:
            return index
        index += 1


INPUTS = ("17", "", "4x2", "12345", "0", "9999", "99999", "abc", "31415", " 7", "8080", "6 6")
tally = {"finally": 0}


def main(rounds):
    log = ResourceLog()
    table = {"alpha": 1, "beta": 2}
    counts = {}
    for _ in range(rounds):
        for text in INPUTS:
            answer = classify(text)
            counts[answer] = counts.get(answer, 0) + 1
            try:
                with_resources(log, text)
            except ParseError as error:
                key = type(error).__name__
                counts[key] = counts.get(key, 0) + 1
            reason = reraised(text)
            counts[reason] = counts.get(reason, 0) + 1
        for key in ("alpha", "ALPHA", "gamma"):
            found = chained(table, key)
            counts[found] = counts.get(found, 0) + 1
        counts["index"] = counts.get("index", 0) + first_index(INPUTS, "31415") + first_index(INPUTS, "absent")
    for key, count in counts.items():
        print(key, count)
    print("opened", log.opened, "closed", log.closed, "swallowed", log.swallowed)
    print("finally", tally["finally"])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6000)
