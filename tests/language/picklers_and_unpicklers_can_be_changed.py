# Subclasses and attributes of Pickler and Unpickler: persistent ids, find_class, reducer_override, tables, memos.
import _pickle
import copyreg
import io
import pickle


def attempt(label, function):
    try:
        print(label, "->", repr(function()))
    except Exception as e:
        print(label, type(e).__name__, e)


def dumps(cls, value, protocol=4, **attributes):
    file = io.BytesIO()
    pickler = cls(file, protocol)
    for name, attribute in attributes.items():
        setattr(pickler, name, attribute)
    pickler.dump(value)
    return file.getvalue()


class C:
    pass


class Persistent(pickle.Pickler):
    def persistent_id(self, obj):
        return {1: "é", 2: ("id", 2), 3: "three"}.get(obj) if type(obj) is int else None


for protocol in (0, 1, 2, 4):
    for value in (1, 2, 3, [3, 4, "x"]):
        attempt((protocol, value), lambda: dumps(Persistent, value, protocol))


class Finding(pickle.Unpickler):
    def persistent_load(self, pid):
        return "persistent", pid

    def find_class(self, module, name):
        print("find", module, name)
        return super().find_class(module, name) if name != "C" else dict


for data in (b"Pabc\n.", b"P\xff\n.", b"K\x01Q.", b"P.", pickle.dumps(C), pickle.dumps(C, 2), pickle.dumps(C()), pickle.dumps(len, 0)):
    attempt(data, lambda: Finding(io.BytesIO(data)).load())


class Overriding(pickle.Pickler):
    def reducer_override(self, obj):
        if obj is C:
            return str, ("C!",)
        if obj is len:
            return "C"
        if obj is print:
            return 5
        return NotImplemented


for value in (C, C(), [1, C], len, print):
    attempt("override", lambda: dumps(Overriding, value))


class Table(pickle.Pickler):
    dispatch_table = {C: lambda obj: (str, ("from the table",))}


attempt("table", lambda: pickle.loads(dumps(Table, [C(), 1])))
attempt("table", lambda: pickle.loads(dumps(pickle.Pickler, C(), dispatch_table={C: lambda obj: (int, ("7",))})))
attempt("table", lambda: dumps(pickle.Pickler, C(), dispatch_table=7))
copyreg.pickle(C, lambda obj: (float, ("2.5",)))
attempt("copyreg", lambda: pickle.loads(pickle.dumps(C())))
del copyreg.dispatch_table[C]
copyreg.add_extension("__main__", "C", 300)
attempt("extension", lambda: [pickle.dumps(C, protocol) for protocol in (1, 2, 4)])
attempt("extension", lambda: pickle.loads(pickle.dumps(C, 2)))
for code in (0, "x", 2**40, 2**31 - 1, 5):
    copyreg._extension_registry["__main__", "C"] = code
    attempt("code", lambda: pickle.dumps(C))
copyreg._extension_registry["__main__", "C"] = 300
copyreg.remove_extension("__main__", "C", 300)
copyreg._inverted_registry[5] = 3
attempt("inverted", lambda: pickle.loads(b"\x82\x05."))
del copyreg._inverted_registry[5]

# Memos.
file = io.BytesIO()
pickler = pickle.Pickler(file)
value = ["a", ("b", "a")]
pickler.dump(value)
first = file.getvalue()
pickler.dump(value)
print(file.getvalue()[len(first) :])
print(sorted(number for number, obj in pickler.memo.copy().values()))
print(pickler.memo.copy()[id(value)][1] is value)
other = pickle.Pickler(io.BytesIO())
other.memo = pickler.memo
print(other.memo.copy() == pickler.memo.copy())
other.memo = {id(value): (3, value)}
print([number for number, obj in other.memo.copy().values()])
pickler.clear_memo()
print(pickler.memo.copy(), pickler.memo.__reduce__())
for memo in (1, None, {1: 2}, {1: (2,)}, {1: ("a", 2)}):
    attempt("memo", lambda: setattr(pickler, "memo", memo))
unpickler = pickle.Unpickler(io.BytesIO(first))
unpickler.load()
print(unpickler.memo.copy())
for memo in (1, None, {-1: 2}, {"a": 2}, {2**70: 1}):
    attempt("memo", lambda: setattr(unpickler, "memo", memo))
many = [str(i) for i in range(5000)]
pickler.dump(many)
print(len(pickler.memo.copy()))
other.memo = pickler.memo
print(len(other.memo.copy()))
attempt("no memo", lambda: hash(pickler.memo))
attempt("no memo", lambda: type(pickler.memo)())

# The mode without a memo.
nested = [1]
for i in range(100):
    nested = [nested]
print(len(dumps(pickle.Pickler, nested, fast=True)), dumps(pickle.Pickler, ["a", "a", {1: (2,)}, {3}], fast=1))
nested.append(nested)
attempt("cycle", lambda: len(dumps(pickle.Pickler, nested, fast=0)))
try:
    dumps(pickle.Pickler, nested, fast=1)
except ValueError as e:
    print(str(e)[:70])

# Attributes and uninitialised objects.
for name in ("bin", "fast", "memo", "persistent_id", "dispatch_table", "other"):
    attempt("delete " + name, lambda: delattr(pickler, name))
    attempt("set " + name, lambda: setattr(pickler, name, "x"))
for name in ("memo", "persistent_load", "other"):
    attempt("delete " + name, lambda: delattr(unpickler, name))
    attempt("set " + name, lambda: setattr(unpickler, name, "x"))
print(pickler.bin, pickler.fast)


class NoInit(pickle.Pickler):
    def __init__(self):
        pass


class NoInitU(pickle.Unpickler):
    def __init__(self):
        pass


attempt("dump", lambda: NoInit().dump(1))
attempt("load", lambda: NoInitU().load())
attempt("persistent", lambda: NoInit().persistent_id)
attempt("persistent", lambda: NoInitU().persistent_load)
attempt("clear", lambda: NoInit().clear_memo())
for arguments in ((), (1,), (io.BytesIO(), 9), (io.BytesIO(), -1), (io.BytesIO(), "a"), (io.BytesIO(), 1, 2, 3, 4)):
    attempt("Pickler", lambda: type(pickle.Pickler(*arguments)).__name__)
for arguments in ((), (1,), (io.BytesIO(), 1)):
    attempt("Unpickler", lambda: type(pickle.Unpickler(*arguments)).__name__)
for function, arguments, keywords in (
    (pickle.dumps, (), {}), (pickle.dumps, (1, 2, 3), {}), (pickle.dumps, (1,), {"foo": 2}), (pickle.dumps, (1, 6), {}),
    (pickle.dumps, (1, "a"), {}), (pickle.dumps, (1, 1.5), {}), (pickle.dumps, (1, 2**70), {}),
    (pickle.dumps, (1, 4), {"buffer_callback": len}), (pickle.dump, (1,), {}), (pickle.dump, (1, 2), {}),
    (pickle.load, (1,), {}), (pickle.loads, (), {}), (pickle.loads, ("x",), {}), (pickle.loads, (1,), {}),
    (pickle.loads, (b"N.", b""), {}), (pickle.loads, (b"N.",), {"encoding": 1}), (pickle.loads, (b"N.",), {"errors": "a\0"}),
    (pickle.loads, (b"N.",), {"buffers": 3}), (pickle.loads, (memoryview(b"N.x"),), {}), (pickle.loads, (memoryview(b"N0.x")[::2],), {})):
    attempt(function.__name__, lambda: function(*arguments, **keywords))
print(pickle.Pickler is _pickle.Pickler, pickle.PickleError.__module__, pickle.PicklingError.__mro__)
print(pickle.PickleBuffer, pickle.Pickler, type(pickler.memo), type(unpickler.memo))

# What reductions may not be.
class R:
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return self.value

    def __repr__(self):
        return "R"


def new(*arguments):
    pass


def new_ex(*arguments):
    pass


new.__name__ = "__newobj__"
new_ex.__name__ = "__newobj_ex__"
for value in (1, None, (), (1,), (len,), (1, 2), (len, 1), (len, (), None, 1), (len, (), None, None, 1), (len, (), None, None, None, 1),
              (len, (), 1, 2, 3, 4, 5), (len, (), None, [1]), (len, (), None, None, iter([3])), (len, (), None, None, iter([(1, 2), 3])),
              (new, ()), (new, (1,)), (new, (int,)), (new, (R,)), (new_ex, ()), (new_ex, (1, 2, 3)), (new_ex, (R, 2, 3)),
              (new_ex, (R, (), 3)), (new_ex, (R, (), {"a": 1})), "nope", "a.b", "pickle"):
    for protocol in (2, 4):
        attempt("reduce", lambda: len(pickle.dumps(R(value), protocol)))


class Local:
    __qualname__ = "Nope"


class Foreign:
    __module__ = "no_such_module"


def local():
    class X:
        pass

    return X


class É:
    pass


for value in (Local, Foreign, local(), pickle, (i for i in ())):
    attempt("global", lambda: pickle.dumps(value))
for protocol in range(5):
    attempt("name", lambda: pickle.dumps(É, protocol))
