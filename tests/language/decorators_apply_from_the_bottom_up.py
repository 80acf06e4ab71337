# Decorators of functions, methods and classes: order, arguments, arbitrary expressions, and the name bound last.

log = []


def note(name):
    log.append(f"evaluate {name}")

    def decorate(target):
        log.append(f"apply {name} to {target.__name__}")
        return target

    return decorate


@note("outer")
@note("inner")
def decorated():
    return "value"


print(log, decorated())
log.clear()


@note("class outer")
@note("class inner")
class Decorated:
    @note("method")
    def method(self):
        return "m"

    @staticmethod
    @note("static")
    def static(x):
        return x

    @classmethod
    @note("classmethod")
    def klass(cls):
        return cls.__name__


print(log, Decorated().method(), Decorated.static(3), Decorated.klass())


def replace_with(value):
    return lambda target: value


@replace_with(42)
def number():
    pass


@replace_with("gone")
class Gone:
    pass


print(number, Gone)


def counted(function):
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return function(*args, **kwargs)

    wrapper.calls = 0
    wrapper.__name__ = function.__name__
    return wrapper


@counted
def add(a, b=1):
    return a + b


print(add(1), add(1, b=5), add.calls, add.__name__)


class Memoize:
    def __init__(self, function):
        self.function, self.cache = function, {}

    def __call__(self, *args):
        if args not in self.cache:
            self.cache[args] = self.function(*args)
        return self.cache[args]

    def __get__(self, instance, owner):
        return lambda *args: self(instance, *args)


@Memoize
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), len(fib.cache))


class Host:
    @Memoize
    def twice(self, n):
        return n * 2

    @property
    @counted
    def computed(self):
        return "computed"


host = Host()
print(host.twice(4), host.twice(4), host.computed, host.computed, Host.computed.fget.calls)
registry = {}
decorators = [lambda f: registry.setdefault(f.__name__, f)]


@decorators[0]
def registered():
    return 1


@(lambda f: (registry.update({"lambda": f}), f)[1])
def by_lambda():
    return 2


@registry.get("missing") or (lambda f: f)
def conditional():
    return 3


@(chosen := lambda f: f)
def by_walrus():
    return 4


print(sorted(registry), registered(), by_lambda(), conditional(), by_walrus(), chosen is not None)
try:
    @undefined_decorator
    def never():
        pass
except NameError as error:
    print(error)
try:
    @5
    def never():
        pass
except TypeError as error:
    print(error)


def raising(target):
    raise ValueError(f"refused {target.__name__}")


try:
    @raising
    def never():
        pass
except ValueError as error:
    print(error)
print("never" in globals(), decorated.__code__.co_firstlineno, Decorated.method.__code__.co_firstlineno)


def with_arguments(*args, **kwargs):
    def decorate(function):
        return lambda *inner, **named: (args, kwargs, function(*inner, **named))

    return decorate


@with_arguments(1, 2, key="value")
def target(*args, **named):
    return args, named


print(target(3, z=4))
