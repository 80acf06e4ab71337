# Name resolution: local, enclosing, global, builtin; global and nonlocal; cells shared between closures.

x = "global"


def reads():
    return x


def shadows():
    x = "local"
    return x, globals()["x"]


def sets_global():
    global x, made_here
    x = "changed"
    made_here = 1


def counter():
    count = 0

    def increment(by=1):
        nonlocal count
        count += by
        return count

    def read():
        return count

    return increment, read


print(reads(), shadows())
sets_global()
print(x, made_here)
increment, read = counter()
other, _ = counter()
print(
    increment(), increment(5), read(), other(), read(), increment.__closure__[0].cell_contents,
    increment.__code__.co_freevars, counter.__code__.co_cellvars
)
functions = [lambda: i for i in range(3)]
print([f() for f in functions])
functions = [lambda i=i: i for i in range(3)]
print([f() for f in functions])
functions = []
for n in range(3):
    def make(n):
        return lambda: n
    functions.append(make(n))
n = 99
print([f() for f in functions], [(lambda: n)() for n in range(3)], n)


def deep():
    a = 1

    def level1():
        b = 2

        def level2():
            nonlocal a
            a += b
            c = [a * k + b for k in range(3)]
            return c, (lambda: a + b)()

        return level2

    return level1()() + (a,)


print(deep())


def unbound(flag):
    if flag:
        value = 1
    return value


def free_unbound():
    def inner():
        return late
    try:
        inner()
    except NameError as error:
        print(type(error).__name__, error)
    late = 5
    print(inner())
    del late
    try:
        inner()
    except NameError as error:
        print(type(error).__name__, error)
    try:
        print(late)
    except UnboundLocalError as error:
        print(type(error).__name__, error)


print(unbound(True))
try:
    unbound(False)
except UnboundLocalError as error:
    print(error, error.name if hasattr(error, "name") else "")
free_unbound()
try:
    no_such_name
except NameError as error:
    print(error, error.name)


class Scope:
    x = "class"
    y = x + "!"
    values = [x for _ in range(1)]

    def method(self):
        return x

    def get(self):
        return self.x, __class__.__name__

    try:
        comprehension = [y for _ in range(1)]
    except NameError as error:
        comprehension = str(error)


print(Scope.y, Scope.values, Scope().method(), Scope().get(), Scope.comprehension)


def class_in_function():
    x = "enclosing"

    class Inner:
        z = x
        x = "own"

        def m(self):
            return x

    class Later:
        nonlocal x
        x = "rebound"

    return Inner.z if hasattr(Inner, "z") else None, Inner.x, Inner().m(), x


try:
    print(class_in_function())
except NameError as error:
    print(error)
len = lambda value: "shadowed"
print(len([1]))
del len
print(len([1]))


def deletes():
    a = 1
    del a
    try:
        a
    except UnboundLocalError as error:
        return str(error)


def conditional_global():
    global created
    if True:
        created = [1]
    return created


print(deletes(), conditional_global() is created, sorted(k for k in globals() if k.startswith("made")))
print((lambda: (yielded := 5) + yielded)(), [y := 1, y**2], [last := v for v in range(3)], last)


def walrus():
    values = [half := v // 2 for v in (2, 4, 6)]
    return values, half


print(walrus(), any((hit := v) > 2 for v in [1, 2, 3, 4]), hit)
cell = (lambda v: lambda: v)(7).__closure__[0]
print(cell.cell_contents, type(cell).__name__)
cell.cell_contents = 8
print(cell.cell_contents, cell == (lambda v: lambda: v)(8).__closure__[0])
del cell.cell_contents
try:
    cell.cell_contents
except ValueError as error:
    print(error)
