# abc.ABCMeta: abstract methods, registration, hooks, caches that forget, and patterns of match.
import abc
import gc
import weakref
import _abc


def shown(what):
    try:
        return what()
    except BaseException as e:
        return type(e).__name__, str(e)


class Base(abc.ABC):
    @abc.abstractmethod
    def one(self):
        return "base one"

    @property
    @abc.abstractmethod
    def two(self):
        pass

    @classmethod
    @abc.abstractmethod
    def three(cls):
        pass

    @staticmethod
    @abc.abstractmethod
    def four():
        pass

    def concrete(self):
        return self.one()


class Half(Base):
    def one(self):
        return super().one() + "!"

    two = 2


class Full(Half):
    three = four = None


print(sorted(Base.__abstractmethods__), sorted(Half.__abstractmethods__), Full.__abstractmethods__)
print(shown(Base), shown(Half), Full().concrete())
Half.three = Half.four = 1
print(shown(Half))
print(shown(abc.update_abstractmethods(Half)) is not None, Half.__abstractmethods__)

# Registration.
class A(metaclass=abc.ABCMeta):
    pass


class B:
    pass


class C(B):
    pass


print(isinstance(B(), A), issubclass(B, A), A.register(B) is B, isinstance(B(), A), issubclass(C, A), isinstance(C(), A))
print(A.register(int), isinstance(3, A), isinstance(True, A), isinstance("x", A), issubclass(bool, (str, A)))
print(A.register(A) is A, shown(lambda: A.register(3)), shown(lambda: B.register), shown(lambda: issubclass(3, A)))


class D(A):
    pass


print(shown(lambda: D.register(A)), issubclass(D, A), issubclass(B, D))
D.register(str)
print(isinstance("x", A), isinstance("x", D), issubclass(str, A))
before = abc.get_cache_token()
print(type(before).__name__, A.register(float), abc.get_cache_token() - before)


class E(A):
    pass


E.register(B)
print(issubclass(C, E), isinstance(C(), E))

# Hooks.
class Hooked(metaclass=abc.ABCMeta):
    calls = []

    @classmethod
    def __subclasshook__(cls, other):
        cls.calls.append(other.__name__)
        if cls is not Hooked:
            return NotImplemented
        return hasattr(other, "hook") or NotImplemented if other is not bytes else False


class WithHook:
    hook = 1


print(isinstance(WithHook(), Hooked), isinstance(WithHook(), Hooked), isinstance(b"", Hooked), isinstance(b"", Hooked))
print(Hooked.calls, issubclass(int, Hooked), issubclass(int, Hooked), Hooked.calls)


class Wrong(metaclass=abc.ABCMeta):
    @classmethod
    def __subclasshook__(cls, other):
        return 3


class Raises(metaclass=abc.ABCMeta):
    @classmethod
    def __subclasshook__(cls, other):
        raise KeyError("hook")


print(shown(lambda: isinstance(1, Wrong)), shown(lambda: issubclass(int, Raises)))


class Liar:
    @property
    def __class__(self):
        return int


print(isinstance(Liar(), A), isinstance(Liar(), D))


class Bad:
    __class__ = 5


print(shown(lambda: isinstance(Bad(), A)))

# What the module keeps: weakly.
class Temporary:
    pass


w = weakref.ref(Temporary)
A.register(Temporary)
isinstance(Temporary(), D)
isinstance(Temporary(), A)
registry, cache, negative, version = _abc._get_dump(A)
print(len(registry), any(r() is Temporary for r in registry), any(r() is Temporary for r in cache), type(version).__name__)
del Temporary, registry, cache, negative
gc.collect()
print(w(), all(r() is not None for part in _abc._get_dump(A)[:3] for r in part))
_abc._reset_caches(A)
print(_abc._get_dump(A)[1:3])
_abc._reset_registry(A)
print(_abc._get_dump(A)[0], isinstance(B(), A), isinstance("x", A))
print(shown(lambda: _abc._get_dump(int)), shown(lambda: _abc._abc_init(3)), shown(lambda: _abc._abc_subclasscheck(A, 3)))
print(type(A._abc_impl).__name__, shown(lambda: _abc._abc_instancecheck(type("T", (), {"_abc_impl": 1}), 1)))
lines = []
A._dump_registry(type('File', (), {'write': lambda self, text: lines.append(text.split(':')[0])})())
print(lines)
A._abc_caches_clear()
A._abc_registry_clear()

# match asks whether a class is a sequence or a mapping.
import collections.abc


def kind(x):
    match x:
        case [*_]:
            return "sequence"
        case {}:
            return "mapping"
        case _:
            return "neither"


class Seq(collections.abc.Sequence):
    def __len__(self):
        return 0

    def __getitem__(self, i):
        raise IndexError


class Map(collections.abc.Mapping):
    def __len__(self):
        return 0

    def __getitem__(self, i):
        raise KeyError

    def __iter__(self):
        return iter(())


class Registered:
    __len__, __getitem__ = Seq.__len__, Seq.__getitem__


class Child(Registered):
    pass


print(kind(Seq()), kind(Map()), kind(Registered()), kind(Child()))
collections.abc.Sequence.register(Registered)
print(kind(Registered()), kind(Child()), kind(type("New", (Child,), {})()))
collections.abc.Mapping.register(Child)
print(kind(Registered()), kind(Child()), kind("text"), kind(b""), kind({}), kind(range(0)), kind({1}))


def both():
    class Both(metaclass=abc.ABCMeta):
        __abc_tpflags__ = 1 << 5 | 1 << 6


print(shown(both), hasattr(collections.abc.Sequence, "__abc_tpflags__"))
