# User methods called from inside container operations change the container: the operation copes or says so.

items = []


class Clears:
    def __init__(self, result):
        self.result = result

    def __eq__(self, other):
        items.clear()
        return self.result

    def __hash__(self):
        return 1


class Grows:
    def __eq__(self, other):
        items.append(1)
        return len(items) > 50

    def __repr__(self):
        if len(items) < 20:
            items.append("grown while shown")
        return "Grows"


def attempt(function):
    try:
        return function()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for result in (False, True):
    for name, function in (
        ("in", lambda: 5 in items), ("index", lambda: items.index(5)), ("count", lambda: items.count(5)),
        ("remove", lambda: items.remove(5)), ("equal", lambda: items == [5, 5, 5]),
        ("less", lambda: items < [5, 5, 6]),
        ("sorted", lambda: sorted(items, key=lambda x: items.clear() or 1) and "sorted")
    ):
        items[:] = [Clears(result), 1, 2]
        print(name, result, attempt(function), len(items))
items[:] = [Grows()]
print(attempt(lambda: 5 in items), len(items) > 1)
items[:] = [Grows()]
print(attempt(lambda: repr(items)), len(items))
items[:] = [Grows()]


class KeyClears:
    table = {}

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 7

    def __eq__(self, other):
        KeyClears.table.clear()
        return self.n == other.n


table = KeyClears.table
for name, function in (
    ("get", lambda: table.get(KeyClears(2))), ("in", lambda: KeyClears(2) in table),
    ("set", lambda: table.__setitem__(KeyClears(2), "x")), ("pop", lambda: table.pop(KeyClears(2), "default")),
    ("setdefault", lambda: table.setdefault(KeyClears(2), "new"))
):
    table.clear()
    table[KeyClears(1)] = "one"
    print(name, attempt(function), len(table) < 3)


class HashGrows:
    def __hash__(self):
        table[len(table)] = 1
        return 3


table.clear()
for i in range(20):
    attempt(lambda: table.__setitem__(HashGrows(), i))
print(len(table))
target = {}


class Keys:
    def keys(self):
        target["added by keys"] = 1
        return ["a", "b"]

    def __getitem__(self, key):
        target[key + " seen"] = 1
        return key


target.update(Keys())
print(target)


def generator():
    yield 1
    items.append("from the generator")
    yield 2


items[:] = [0]
items.extend(generator())
print(items)
items[:] = [0, 1, 2]
items[1:2] = generator()
print(items)
items[:] = [1, 2, 3]
print([items.pop() for x in items], items)
items[:] = [1, 2, 3, 4]
print(list(map(lambda x: items.remove(x) or x, items)), items)
items[:] = [3, 1, 2]


class Mutates:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        items.append(0)
        return self.n < other.n


items[:] = [Mutates(i) for i in (3, 1, 2)]
print(attempt(items.sort), len(items))
s = {1, 2, 3}


class SetChanges:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        s.clear()
        return False


print(SetChanges() in s, len(s))
s.update([1, 2, 3])
s.add(SetChanges())
print(len(s))


class Index:
    def __index__(self):
        items.clear()
        return 1


items[:] = [1, 2, 3]
print(attempt(lambda: items[Index()]))
items[:] = [1, 2, 3]
print(attempt(lambda: items.__setitem__(Index(), 5)), items)
items[:] = [1, 2, 3]
print(attempt(lambda: items[Index():]), items)
items[:] = [1, 2, 3]
print(attempt(lambda: items.insert(Index(), 9)), items)
items[:] = [1, 2, 3]
print(attempt(lambda: items.pop(Index())), items)
items[:] = [1, 2, 3]
print(attempt(lambda: items * Index()), items)


class Str:
    __repr__ = lambda self: "Str"

    def __str__(self):
        items.clear()
        return "s"


items[:] = [Str(), "b"]
print("%s %s" % (items[0], items), attempt(lambda: "{0[0]} {0}".format([Str()])))
items[:] = ["a", "b", "c"]


class JoinIter:
    def __iter__(self):
        for x in items:
            if len(items) < 6:
                items.append("z")
            yield x


print("".join(JoinIter()), len(items))


class Attr:
    def __getattr__(self, name):
        setattr(self, name, f"cached {name}")
        return "first"


a = Attr()
print(a.x, a.x, vars(a))


class DelSelf:
    def __set_name__(self, owner, name):
        delattr(owner, name)


class Owner:
    gone = DelSelf()


print(hasattr(Owner, "gone"))


class Bool:
    def __bool__(self):
        items.clear()
        return True


items[:] = [Bool(), 2, 3]
print(all(items), items)
items[:] = [Bool(), 2, 3]
print(list(filter(None, items)).__len__(), items)
d = {1: 1, 2: 2, 3: 3}


class Value:
    def __eq__(self, other):
        d.clear()
        return True


print({1: Value()} == {1: Value()}, len(d))
d = {1: Value(), 2: 2}
print(attempt(lambda: d == {1: 5, 2: 2}), len(d))
print(attempt(lambda: max([3, 1, 2], key=lambda x: items.append(x) or -x)), items)
