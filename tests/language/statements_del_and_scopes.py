# del of names, attributes, items, slices and nested targets, and what reading afterwards says.

a, b, c, d = 1, 2, 3, 4
del a
del b, (c, [d])
for name in "abcd":
    print(name, name in globals(), end=" ")
print()
try:
    a
except NameError as error:
    print(error)
try:
    del a
except NameError as error:
    print(error)


class Holder:
    attribute = 1

    def __delattr__(self, name):
        print("delattr", name)

    def __delitem__(self, key):
        print("delitem", key)


h = Holder()
del h.x, h[1], h[1:2], h["k", ...]
items = [[1, 2], {"k": [3, 4, 5]}]
del items[1]["k"][0], items[0][:]
del (items[1]["k"][-1])
print(items)
del Holder.attribute
try:
    del Holder.attribute
except AttributeError as error:
    print(error)


def local(flag):
    x = 1
    if flag:
        del x
    try:
        return x
    except UnboundLocalError as error:
        return str(error)


def double():
    y = 1
    del y
    try:
        del y
    except UnboundLocalError as error:
        print(error)
    y = 2
    return y


def closure():
    z = 1

    def inner():
        return z

    del z
    try:
        return inner()
    except NameError as error:
        return str(error)


def nonlocal_delete():
    w = 1

    def inner():
        nonlocal w
        del w

    inner()
    try:
        return w
    except NameError as error:
        return f"{type(error).__name__}: {error}"


def global_delete():
    global made
    made = 1
    del made
    try:
        made
    except NameError as error:
        return str(error)


def loop_variable():
    for i in range(3):
        if i == 1:
            del i
            break
    try:
        return i
    except UnboundLocalError as error:
        return str(error)


def parameters(p, *args, **kwargs):
    del p, args, kwargs
    return sorted(locals())


def in_loop():
    results = []
    for n in range(3):
        value = n
        del value
        results.append("value" in locals())
    return results


print(
    local(False), local(True), double(), closure(), nonlocal_delete(), global_delete(), loop_variable(),
    parameters(1, 2, k=3), in_loop()
)
print = print
del print
print("the builtin is visible again")
for source in (
    "del 5", "del f()", "del a + b", "del (a, 1)", "del 'x'", "del", "del None", "del a, *b", "del [a, b], (c)",
    "del ()", "del []", "del x if y else z", "del lambda: 0", "del f(x).y", "del f(x)[0]", "del (yield)",
    "del a.b, c[0]", "del {}", "del a := 1", "del a = 1", "del (a for a in b)", "del True", "del x.y()"
):
    try:
        compile(source, "<s>", "exec")
        print(source, "compiles")
    except SyntaxError as error:
        print(source, "->", error.msg)


class Body:
    x = 1
    y = 2
    del x
    try:
        del nope
    except NameError as error:
        message = str(error)


print(hasattr(Body, "x"), Body.y, Body.message)
d = {i: str(i) for i in range(6)}
for key in list(d):
    if key % 2:
        del d[key]
print(d)
try:
    del d[1]
except KeyError as error:
    print(repr(error))
text = "immutable"
for statement in (
    "del text[0]", "del text.upper", "del (1, 2)[0]", "del d.items", "del len.__name__", "del [].x", "del None.x"
):
    try:
        exec(statement)
    except (TypeError, AttributeError) as error:
        print(statement, "->", type(error).__name__, error)
