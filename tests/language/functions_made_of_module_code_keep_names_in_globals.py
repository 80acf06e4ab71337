# types.FunctionType of code that is no function's: its names live in the globals.
import types

space = {"y": 5}
function = types.FunctionType(compile("x = 1\nz = y\nprint(sorted(k for k in locals() if k[0] != '_'))", "m", "exec"), space)
print(function(), space["x"], space["z"], function.__globals__ is space)


def make():
    class A:
        a = 1
        b = a + 1

    return A


body = next(constant for constant in make.__code__.co_consts if isinstance(constant, types.CodeType))
space = {"__name__": "m"}
print(types.FunctionType(body, space)(), space["a"], space["b"], space["__module__"], space["__qualname__"])

space = {"n": 0}
count = types.FunctionType(compile("n = n + 1\nm: int = n\ndel m", "m", "exec"), space)


def loop():
    for _ in range(100):
        count()


loop()
print(space["n"], "m" in space, space["__annotations__"])

try:
    count(1)
except TypeError as error:
    print(error)


class Holder:
    pass


Holder.run = types.FunctionType(compile("here = 1", "m", "exec"), space)
try:
    Holder().run()
except TypeError as error:
    print(error)
Holder.run()
print(space["here"])
