# super().method at one place, called often, while receivers, layouts and classes change.


class Base:
    def name(self):
        return "base"

    def total(self, n):
        return n


class Left(Base):
    def name(self):
        return "left+" + super().name()

    def total(self, n):
        return super().total(n) + 1


class Right(Base):
    def name(self):
        return "right+" + super().name()


class Both(Left, Right):
    def name(self):
        return "both+" + super().name()

    def total(self, n):
        return super().total(n) * 2


def repeat(object, times=40):
    seen = set()
    for n in range(times):
        seen.add((object.name(), object.total(n) - n))
    return sorted(seen)[:4], len(seen)


print(repeat(Left()))
print(repeat(Both()))
print(repeat(Left()))

# a class in the middle of the order gains, changes and loses the method
Right.total = lambda self, n: n + 100
print(repeat(Both())[1], Both().total(1))
Right.total = lambda self, n: n + 200
print(Both().total(1))
del Right.total
print(Both().total(1))
Base.name = lambda self: "new base"
print(repeat(Both())[0][0])

# the instance gets attributes: its layout changes, also in mid-method
class Growing(Base):
    def __init__(self, n):
        super().__init__()
        for i in range(n):
            setattr(self, f"a{i}", i)

    def total(self, n):
        self.grown = n
        return super().total(n)


print([Growing(n).total(n) for n in range(30)])

# one function, one place, many classes: __class__ is a cell of its own for each
def make(base, mark):
    class Derived(base):
        def name(self):
            return mark + super().name()

    return Derived


chain = Base
for mark in "abcdef":
    chain = make(chain, mark)
    for _ in range(20):
        text = chain().name()
    print(text)
print([cls().name() for cls in reversed(chain.__mro__[:-1])])

# an attribute that hides the method, a property, a static method, a missing one
class Odd(Left):
    def go(self):
        return super().name()


for _ in range(30):
    Odd().go()
Left.name = property(lambda self: lambda: "from a property")
print(Odd().go())
Left.name = staticmethod(lambda: "static")
print(Odd().go())
Left.name = classmethod(lambda cls: cls.__name__)
print(Odd().go())
del Left.name
print(Odd().go())
del Base.name
try:
    Odd().go()
except AttributeError as error:
    print(error)

# super objects that were made elsewhere, bound to a class, or not bound
def call_total(proxy):
    return proxy.total(5)


left = Left()
for _ in range(30):
    call_total(super(Left, left))
print(call_total(super(Left, Both())), call_total(super(Both, Both())), call_total(left))
try:
    call_total(super(Left, Left))
except TypeError as error:
    print(error)
try:
    call_total(super(Left))
except AttributeError as error:
    print(error)

# the class of an instance is replaced in mid-run
class Other(Base):
    def total(self, n):
        return -n


class Holder(Left):
    def total(self, n):
        if n == 25:
            self.__class__ = Swapped
        return super().total(n)


class Swapped(Holder):
    pass


holder = Holder()
print([holder.total(n) for n in range(20, 30)], type(holder).__name__)
Holder.__bases__ = (Other,)
print([holder.total(n) for n in range(3)])
