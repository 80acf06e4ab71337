# Hot code that reads globals and builtins sees every rebinding, deletion, shadowing and replaced namespace.

import builtins

value = 1
saved_len = len


def read():
    return value


def measure():
    return len([1, 2, 3])


seen = []
for step in range(100):
    seen.append(read())
    if step == 20:
        value = 2
    if step == 40:
        globals()["value"] = 3
    if step == 60:
        exec("value = 4")
    if step == 80:
        value = "text"
print([(seen[i], i) for i in range(len(seen)) if i == 0 or seen[i] != seen[i - 1]])
seen = []
for step in range(120):
    try:
        seen.append(measure())
    except TypeError as error:
        seen.append(str(error))
    if step == 20:
        len = lambda x: "shadowed"
    if step == 40:
        del len
    if step == 60:
        builtins.len = lambda x: "replaced builtin"
    if step == 80:
        del builtins.len
        builtins.len = lambda x: sum(1 for _ in x) * 100
    if step == 100:
        builtins.len = 5
builtins.len = saved_len
print([(seen[i], i) for i in range(120) if i == 0 or seen[i] != seen[i - 1]], len([1]))


def missing():
    try:
        return later
    except NameError as error:
        return str(error)


seen = []
for step in range(60):
    seen.append(missing())
    if step == 20:
        later = "defined"
    if step == 40:
        del later
print([(seen[i], i) for i in range(60) if i == 0 or seen[i] != seen[i - 1]])


def increment():
    global counter
    counter += 1
    return counter


counter = 0
for _ in range(100):
    increment()
counter = 0.5
for _ in range(10):
    increment()
counter = 2**62 - 5
for _ in range(10):
    increment()
print(counter)
space_a, space_b = {"x": "a"}, {"x": "b"}
source = "def f():\n    return x\n"
exec(source, space_a)
exec(source, space_b)
f_a, f_b = space_a["f"], space_b["f"]
print([(f_a(), f_b()) for _ in range(40)][-1])
space_a["x"] = "changed"
del space_b["x"]
print(f_a())
try:
    f_b()
except NameError as error:
    print(error)
function_type = type(read)
shared_code = (lambda: x).__code__
functions = [function_type(shared_code, {"x": i}) for i in range(10)]
print([f() for _ in range(10) for f in functions][-10:], [f() for f in functions for _ in range(20)][::20])


def uses_many():
    return abs(-1), min(2, 1), str(3), int("4"), isinstance(5, int), range(6)[5]


for _ in range(50):
    result = uses_many()
print(result)
str = lambda x: "my str"
isinstance = lambda a, b: "my isinstance"
print(uses_many())
del str, isinstance
print(uses_many())


def adds_globals():
    for i in range(200):
        globals()[f"made_{i}"] = i
        if read() != value:
            return "wrong"
    return sum(globals()[f"made_{i}"] for i in range(200))


print(adds_globals())
for i in range(200):
    del globals()[f"made_{i}"]
print(read(), "made_5" in globals())


class Namespace(dict):
    def __getitem__(self, key):
        return f"<{key}>"


print(eval("[a, b]", {}, Namespace()), [eval("x", {"x": i}) for i in range(5)])
custom = {"__builtins__": {"len": lambda x: "custom builtins", "range": range}}
exec("def g():\n    return len([])\nresult = [g() for _ in range(30)]", custom)
print(custom["result"][-1])
try:
    exec("def h():\n    return abs(1)\nh()", custom)
except NameError as error:
    print(error)
__builtins__ = {"print": print}
print(read())
