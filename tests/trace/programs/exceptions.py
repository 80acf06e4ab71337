# Exceptions: raised, caught by an entry of the exception table, passed on through frames, and one that nobody catches.
def divide(a, b):
    return a / b


def cleans(value):
    try:
        return divide(1, value)
    except ZeroDivisionError as error:
        raise ValueError("no") from error
    finally:
        value = None


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return kind is KeyError


try:
    cleans(0)
except (TypeError, ValueError):
    pass
with Manager() as manager:
    {}["missing"]
try:
    raise ExceptionGroup("group", [OSError(2), TypeError("t")])
except* OSError:
    pass
except* TypeError as group:
    pass
for item in iter([1]):
    try:
        continue
    finally:
        item += 1
try:
    unbound
except NameError:
    pass


def outer():
    divide(1, 0)


outer()
