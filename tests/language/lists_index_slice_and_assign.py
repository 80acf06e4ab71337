# List indexing, slicing, slice assignment and deletion, with every kind of step and complaint.

numbers = list(range(10))
for key in (
    "2:5", ":3", "7:", "::2", "1::3", "::-1", "8:2:-2", "-3:", ":-3", "100:", "-100:2", "5:5", "5:2", "2:5:-1", ":",
    "-1:-4:-1", "None:None:None", "True:3", "::10**30", "10**30::-1"
):
    print(key, eval(f"numbers[{key}]"), end=" ")
print()
for statement in (
    "x[1:3] = 'ab'", "x[1:3] = []", "x[2:2] = [7, 8, 9]", "x[:] = range(3)", "x[::2] = [0] * 5",
    "x[::-1] = range(10)", "x[8:] = [1, 2, 3, 4]", "x[-2:] = ()", "x[5:2] = ['in']", "x[1:8:3] = 'abc'", "x[1:1] = x",
    "x[2:4] = x[6:]", "x[20:] = [1]", "x[-20:1] = 'z'", "del x[0]", "del x[-1]", "del x[2:5]", "del x[::2]",
    "del x[::-3]", "del x[:]", "del x[5:2]", "del x[1:9:4]", "x[0], x[-1] = x[-1], x[0]", "x[3] += 100", "x += 'ab'",
    "x *= 2", "x[1:3] += [5]", "x[:2] *= 2", "x += (1,)", "x *= 0", "x *= -1", "x[::2] = [1]", "x[::-1] = [1, 2]",
    "x[0:3] = 5", "x[10] = 1", "x[-11] = 1", "x['a'] = 1", "x[1.5]", "x[None]", "x[10]", "x[-11]", "x[::0]",
    "x['a':]", "del x[10]", "del x['a']", "del x[::0]", "x[1, 2]", "x += 5", "x *= 1.5", "x + (1,)", "x * 'a'",
    "x + 1", "x - [1]", "x[10**30]", "x[10**30] = 1", "x[::2] = 5"
):
    x = list(range(10))
    try:
        exec(statement)
        print(statement, x)
    except Exception as error:
        print(statement, "->", type(error).__name__, error, x == list(range(10)))
nested = [[0] * 3] * 2
nested[0][1] = 5
print(nested, nested[0] is nested[1], [1, 2] + [3], [1] * 3, 2 * [1, 2], [] * 5, [1, 2] * True)
a = b = [1]
a += [2]
print(b, a is b)
a = a + [3]
print(b, a is b)


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class BadIndex:
    def __index__(self):
        return "x"


print(
    numbers[Index(3)], numbers[Index(-2):], numbers[: Index(2)], numbers[True], numbers[slice(1, 4)],
    numbers[slice(None, None, Index(4))]
)
for bad in (BadIndex(), slice(BadIndex(), None), slice(None, None, BadIndex()), 2.0):
    try:
        numbers[bad]
    except TypeError as error:
        print(error)
print(
    [1, [2, [3, []]]], list("abc"), list(), list((1, 2)), list({3: 1}), [*range(3), *"ab"], [1, 2] == [1, 2],
    [1, 2] != [1, 3], [1, 2] < [1, 3], [1] < [1, 0], [2] > [1, 9], [] <= [], [1, 2] == (1, 2)
)
recursive = [1]
recursive.append(recursive)
print(recursive, [recursive], recursive[1][1][0])
for expression in ("[1] < (1,)", "[1] < ['a']", "[object()] < [1]", "[[1], 'a'] < [[1], 2]", "hash([])", "[1] > 1"):
    try:
        print(eval(expression))
    except TypeError as error:
        print(expression, "->", error)
