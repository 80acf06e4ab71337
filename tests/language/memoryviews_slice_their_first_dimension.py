# Slices, keys and assignments on memoryviews of several dimensions and of none: what works and how the rest is refused.


def attempt(label, action):
    try:
        print(label, action())
    except (TypeError, ValueError, NotImplementedError, IndexError, OverflowError) as error:
        print(label, type(error).__name__, error)


def describe(result):
    if not isinstance(result, memoryview):
        return result
    return (
        result.tolist(), result.shape, result.strides, result.nbytes, len(result), result.c_contiguous,
        result.f_contiguous, result.contiguous
    )


def store(view, key, value):
    view[key] = value
    return view.tolist()


numbers = bytearray(range(24))
views = {
    "none": memoryview(b"a").cast("B", []),
    "one": memoryview(numbers),
    "two": memoryview(numbers).cast("B", [4, 6]),
    "three": memoryview(numbers).cast("B", [2, 3, 4]),
    "shorts": memoryview(numbers).cast("h", [3, 4]),
    "empty": memoryview(b""),
}
keys = [
    slice(None, None, 2), slice(0, 0), slice(None, None, -1), slice(1, 3), slice("a"), slice(None, None, 0), 0, -1, 9, (),
    (0,), (1, -1), (0, 0, 3), (1, 9), (slice(0, 1),), (slice(0, 1), slice(0, 1)), (0, slice(0, 1)), (slice("a"), slice(1)),
    ..., (...,), None, "a", 1.5, True
]
for name, view in views.items():
    for key in keys:
        attempt(f"{name}[{key}]", lambda: describe(view[key]))
for name in ("two", "three", "none"):
    target = memoryview(bytearray(views[name].tobytes())).cast("B", views[name].shape)
    for key in keys:
        for value in (7, b"ab", None, views["two"][0:2]):
            if isinstance(value, memoryview):
                attempt(f"{name}[{key}] = a view", lambda: store(target, key, value))
            else:
                attempt(f"{name}[{key}] = {value!r}", lambda: store(target, key, value))
attempt("one from two", lambda: store(memoryview(bytearray(12)), slice(0, 12), views["two"][0:2]))

# A view of a view, and what needs its bytes in order.
rows = views["two"][::2]
backwards = views["shorts"][::-2]
rows[1, 2] = 99
print(numbers[14], rows[1, 2], rows[::-1].tolist(), backwards[0, 1], backwards.strides)
for order in ("C", "F", "A", None):
    print(order, rows.tobytes(order), backwards.tobytes(order=order))
for order in ("c", "", "CF", 1):
    attempt(f"order {order!r}", lambda: rows.tobytes(order))
print(bytes(rows), bytearray(backwards), bytes(views["one"][::5]), rows.hex(":"))
print(rows == memoryview(rows.tobytes()).cast("B", [2, 6]), rows == views["two"], views["two"][0:0] == views["two"][1:1])
attempt("cast rows", lambda: rows.cast("B"))
print(views["two"][1:3].cast("B").tolist(), views["two"][2:].cast("h", [6]).tolist())
attempt("cast to three", lambda: views["two"].cast("B", [2, 3, 4]))
attempt("cast nothing", lambda: views["two"][0:0].cast("B"))
for shape in ([0], [-1], ["a"], [2**70], "ab", 5, [1] * 65, [5, 5], [24], (2, 12), [1] * 64):
    attempt("shape", lambda: describe(views["one"].cast("B", shape))[1:4])
