# TypeErrors of calls, with the traceback's lines, at places that have called the same function correctly many times.

N = 60


def report(f, *args, **kwargs):
    try:
        print("no error:", f(*args, **kwargs))
    except TypeError as error:
        print(f"{type(error).__name__}: {error}")
        place = error.__traceback__
        while place is not None:
            print("   ", place.tb_frame.f_code.co_name, place.tb_lineno)
            place = place.tb_next


def two(a, b):
    return a + b


def optional(a, b=2, *, c=3):
    if a == "raise":
        raise TypeError("from inside")
    return a, b, c


class Thing:
    def __init__(self, a, b=2):
        if a == "raise":
            raise TypeError("from inside __init__")
        self.a = a

    def method(self, x):
        if x == "raise":
            raise TypeError("from inside method")
        return x


def place_function(f, x):
    return f(
        x,
        1,
    )


def place_default(f, x):
    return f(x)


def place_keyword(f, x):
    return f(x, b=5)


def place_only(f, x):
    return f(x, c=5)


def place_method(o, x):
    return o.method(x)


def place_bound(m, x):
    return m(x)


def place_class(cls, x):
    return cls(x)


thing = Thing(1)
for i in range(N):
    place_function(two, i)
    place_default(optional, i)
    place_keyword(optional, i)
    place_only(optional, i)
    place_method(thing, i)
    place_bound(thing.method, i)
    place_class(Thing, i)

report(place_function, lambda a: a, 1)
report(place_function, lambda a, b, c: a, 1)
report(place_function, two, "x")
report(place_default, lambda: 1, 1)
report(place_default, two, 1)
report(place_default, optional, "raise")
report(place_keyword, lambda x: x, 1)
report(place_keyword, lambda b, x: x, 1)
report(place_keyword, lambda b: b, 1)
report(place_keyword, optional, "raise")
report(place_only, two, 1)
report(place_only, optional, "raise")
report(place_method, thing, "raise")
report(place_method, Thing, 5)
report(place_bound, thing.method, "raise")
report(place_bound, thing, 5)
report(place_class, Thing, "raise")
report(place_class, 5, 5)
report(place_class, type("Needs", (), {"__init__": lambda self: None}), 5)
report(place_class, type("Plain", (), {}), 5)


# *args, **kwargs and every mixture
def everything(a, b=2, /, c=3, *args, d, e=5, **kwargs):
    return a, b, c, args, d, e, sorted(kwargs.items())


def mixtures(x):
    return [
        everything(x, d=1),
        everything(x, 1, 2, 3, 4, d=5),
        everything(x, c=9, d=1, z=8, y=7),
        everything(x, d=1, e=x, a=4, b=6),
    ]


for i in range(N):
    result = mixtures(i)
print(result)


def many(a, b, c, d, e, f, g, h, i=9, j=10, k=11, l=12, m=13, n=14, o=15, p=16, q=17, r=18):
    return a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r


def call_many(x):
    return (
        many(x, 2, 3, 4, 5, 6, 7, 8, r=1, q=2, i=3),
        many(h=1, g=2, f=3, e=4, d=5, c=6, b=7, a=8),
        many(x, h=1, g=2, f=3, e=4, d=5, c=6, b=7, i=1, j=2, k=3, l=4, m=5, n=6, o=7, p=8),
    )


for i in range(N):
    result = call_many(i)
print(result)


# cells among the parameters, generators, and arguments that collect garbage
def cells(a, b=1, *, c=2):
    def inner():
        return a, b, c

    a += 1
    return inner


def generate(a, b=1, *, c=2):
    yield a
    yield b
    yield c


for i in range(N):
    result = cells(i, c=5)(), cells(i)(), list(generate(i, c=9)), list(generate(i)), list(generate(c=1, b=2, a=3))
print(result)
