# m[i] and m[i] = v for every sort of view, exporter, index and value.
import array


class Index:
    def __init__(self, i):
        self.i = i

    def __index__(self):
        return self.i


def attempt(action):
    try:
        return action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def put(view, index, value):
    view[index] = value
    return view[index]


base = bytearray(range(16))
for view in (memoryview(base), memoryview(base)[3:12], memoryview(base)[::-1], memoryview(base)[12:2:-3], memoryview(base)[4:4]):
    for index in (0, 1, -1, 3, -4, 15, 16, -16, -17, True, Index(2), 1 << 70, -(1 << 70), 1.0, None, "x", (0,), (0, 0), ()):
        shown = index.i if isinstance(index, Index) else index
        print(len(view), shown, attempt(lambda: view[index]), attempt(lambda: put(view, index, 200)))
    for value in (0, 255, 256, -1, True, Index(9), 1.5, "a", b"a", None, 1 << 80):
        print("value", value if not isinstance(value, Index) else "Index", attempt(lambda: put(view, 0, value)))
    print(list(view), sum(view), max(view, default=None), bytes(base).hex())

print(attempt(lambda: put(memoryview(b"abc"), 0, 1)), memoryview(b"abc")[1], list(memoryview(b"abc")), sum(memoryview(b"abc")))
for code in "bBhHiIlLqQfd":
    items = array.array(code, [1, 2, 3, 4])
    view = memoryview(items)
    print(code, view[0], view[-1], attempt(lambda: put(view, 1, 100)), attempt(lambda: put(view, 1, -100)), attempt(lambda: put(view, 2, 1 << 40)),
          attempt(lambda: view[4]), list(view), list(view[::-2]), items.tolist())
cast = memoryview(bytearray(8)).cast("c")
print(cast[0], put(cast, 0, b"z"), attempt(lambda: put(cast, 0, 5)), list(cast)[:2])
grid = memoryview(bytearray(range(12))).cast("B", (3, 4))
print(grid[1, 2], attempt(lambda: grid[1]), attempt(lambda: put(grid, (2, 3), 99)), attempt(lambda: put(grid, 0, 9)), attempt(lambda: iter(grid)))

walked = memoryview(bytearray(b"walk"))
steps = iter(walked)
print(next(steps), next(steps))
walked.release()
print(attempt(lambda: next(steps)), attempt(lambda: walked[0]), attempt(lambda: put(walked, 0, 1)), attempt(lambda: list(walked)))
print(list(zip(memoryview(b"ab"), memoryview(b"cde"))), [x for x in memoryview(b"")])
held = bytearray(b"held")
view = memoryview(held)
print(attempt(lambda: held.append(1)), view[3])
del view
held.append(33)
print(held)


class Sub(bytearray):
    def __getitem__(self, i):
        return "never"


print(memoryview(Sub(b"sub"))[0], memoryview(Sub(b"sub"))[-1], sum(memoryview(Sub(b"s"))), sum(bytearray(b"\xff" * 300)), sum(b"ab", 1 << 50), sum(b"ab", 1 << 70), sum(b"ab", 0.5))


class Walk(bytes):
    def __iter__(self):
        return iter((1, 2))


print(sum(Walk(b"zzz")), sum(b"", 4), sum(bytearray()), attempt(lambda: sum(b"ab", b"")), attempt(lambda: sum(b"ab", [])))
target = bytearray(10)
target[::3] = b"abcd"
target[8:0:-4] = b"xy"
print(target, attempt(lambda: target.__setitem__(slice(None, None, 2), b"abc")), attempt(lambda: target.__setitem__(slice(None, None, 0), b"abc")))
target[1::2] = target[::2]
target[2:4] = b"longer"
target[::-1] = bytes(target)
print(target)
