# `n *= "ab"` repeats the text like `n * "ab"`, except when the left operand could itself be a sequence.
class Plain:
    pass


class Number(int):
    pass


def generator():
    yield


values = [Plain(), Number(2), {}, set(), frozenset(), None, 1.5, True, 2, Plain, int, len, generator(), generator, range(3)]
values += [{}.keys(), {}.values(), iter([]), slice(1), 2j, Exception(), NotImplemented, memoryview(b"a"), bytearray(b"a"), (1,)]
for left in values:
    for right in ("ab", [1], (2,), b"x"):
        for operation in ("left * right", "left *= right"):
            names = {"left": left, "right": right}
            try:
                exec("left = " + operation if "=" not in operation else operation, names)
                print(names["left"])
            except TypeError as error:
                print(type(left).__name__, operation, error)
