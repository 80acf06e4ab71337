# Positional, default, keyword, keyword-only, positional-only, *args and **kwargs in definitions and in calls.


def plain(a, b, c):
    return a, b, c


def defaults(a, b=2, c=3):
    return a, b, c


def variadic(a, *args, b=5, **kwargs):
    return a, args, b, kwargs


def keyword_only(*, x, y=2):
    return x, y


def positional_only(a, b=2, /, c=3, *, d=4):
    return a, b, c, d


def everything(a, /, b, c=3, *args, d, e=5, **kwargs):
    return a, b, c, args, d, e, kwargs


print(
    plain(1, 2, 3), plain(1, c=3, b=2), plain(*[1, 2], 3), plain(*(1,), *(2, 3)), plain(**{"a": 1, "b": 2, "c": 3}),
    plain(1, **{"c": 3}, b=2), plain(c=1, *[2, 3])
)
print(defaults(1), defaults(1, 5), defaults(1, c=9), defaults(c=1, a=2), defaults(*"xy"), defaults(b=7, **{"a": 1}))
print(
    variadic(1), variadic(1, 2, 3), variadic(1, 2, b=3, z=4, y=5), variadic(a=1, q=2),
    variadic(*range(5), **{"b": "B", "k": "K"}), variadic(1, *[], **{})
)
print(
    keyword_only(x=1), keyword_only(y=5, x=1), keyword_only(**{"x": 9}), positional_only(1),
    positional_only(1, 5, c=6, d=7), positional_only(1, 2, 3)
)
print(
    everything(1, 2, d=4), everything(1, 2, 3, 4, 5, d=6, e=7, f=8), everything(1, b=2, d=3, a="kw"),
    everything(*range(6), d=0, **{"z": 26})
)


def kwargs_order(**kwargs):
    return list(kwargs.items())


print(
    kwargs_order(z=1, a=2, m=3), kwargs_order(**{"q": 1}, r=2, **{"s": 3}),
    kwargs_order(**{"not an identifier": 1, "": 2})
)


def positional_name_in_kwargs(a, /, **kwargs):
    return a, kwargs


print(positional_name_in_kwargs(1, a=2))
evaluations = []


def e(value):
    evaluations.append(value)
    return value


plain(e(1), c=e(2), b=e(3))
variadic(e(4), *[e(5)], b=e(6), **{"k": e(7)})
e(plain)(e(8), *e([9]), **{e("c"): e(10)})
print([v if v is not plain else "plain" for v in evaluations])


def mutable_default(value, bucket=[]):
    bucket.append(value)
    return bucket


print(mutable_default(1), mutable_default(2), mutable_default(3, []), mutable_default(4))
n = 1


def evaluated_once(value=n):
    return value


n = 2
print(
    evaluated_once(), plain.__defaults__, defaults.__defaults__, keyword_only.__kwdefaults__, everything.__defaults__,
    everything.__kwdefaults__
)
defaults.__defaults__ = (20, 30)
print(defaults(1))
defaults.__defaults__ = None
try:
    defaults(1)
except TypeError as error:
    print(error)
keyword_only.__kwdefaults__ = {"x": "X", "y": "Y"}
print(keyword_only())


class Callable:
    def __call__(self, *args, **kwargs):
        return args, kwargs

    def method(self, a, b=2, *args, **kwargs):
        return a, b, args, kwargs

    @classmethod
    def build(cls, *args):
        return cls.__name__, args

    @staticmethod
    def free(*args, **kwargs):
        return args, kwargs


c = Callable()
print(
    c(1, x=2), c.method(1), c.method(*[1, 2, 3], z=4), Callable.method(c, 5), Callable.build(1), c.build(2),
    c.free(1, k=2), Callable.free()
)
bound = c.method
print(
    bound("late"), bound.__self__ is c, bound.__func__ is Callable.method, (lambda *a, **k: (a, k))(1, b=2),
    (lambda a, b=2, /, *c, d, **e: (a, b, c, d, e))(1, d=4)
)
many = {f"k{i}": i for i in range(300)}
print(
    len(kwargs_order(**many)), len(variadic(0, *range(1000))[1]), sum((lambda *a: a)(*range(500))), max(*range(10)),
    dict(**many)["k299"]
)


def annotated(a: int, b: "text" = "x", *args: tuple, c: float = 1.5, **kwargs: dict) -> list:
    return a


print(annotated.__annotations__, annotated(1), annotated.__name__, annotated.__qualname__)


class Keys:
    def keys(self):
        return ["a", "b"]

    def __getitem__(self, key):
        return key * 2


print(kwargs_order(**Keys()), kwargs_order(**Keys(), c=1))
