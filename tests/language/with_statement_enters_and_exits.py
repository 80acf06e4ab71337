# with: order of __enter__ and __exit__, suppression, several managers, targets, control flow and errors in either method.

log = []


class Manager:
    def __init__(self, name, suppress=False, enter_error=None, exit_error=None):
        self.name, self.suppress, self.enter_error, self.exit_error = name, suppress, enter_error, exit_error

    def __enter__(self):
        log.append(f"enter {self.name}")
        if self.enter_error:
            raise self.enter_error
        return self.name.upper()

    def __exit__(self, kind, value, traceback):
        log.append(f"exit {self.name} {kind.__name__ if kind else None} {value!r} {traceback is not None}")
        if self.exit_error:
            raise self.exit_error
        return self.suppress


def report(function):
    log.clear()
    try:
        result = function()
    except BaseException as error:
        result = f"{error!r} context {error.__context__!r}"
    print(function.__name__, result, log)


def plain():
    with Manager("a") as value:
        log.append(value)
    return "done"


def several():
    with Manager("a") as a, Manager("b") as b, Manager("c"):
        log.append(a + b)


def parenthesised():
    with (
        Manager("a") as a,
        Manager("b"),
    ):
        log.append(a)


def raising():
    with Manager("a"):
        raise ValueError("v")


def suppressing():
    with Manager("a", suppress=True):
        raise ValueError("v")
    return "after"


def inner_suppresses():
    with Manager("a"), Manager("b", suppress=1):
        raise KeyError("k")
    return "after"


def outer_suppresses():
    with Manager("a", suppress=True), Manager("b"):
        raise KeyError("k")
    return "after"


def enter_fails():
    with Manager("a"), Manager("b", enter_error=OSError("no entry")):
        log.append("unreachable")


def exit_fails():
    with Manager("a"), Manager("b", exit_error=OSError("no exit")):
        log.append("body")


def exit_fails_during_error():
    with Manager("a"), Manager("b", exit_error=OSError("no exit")):
        raise ValueError("body")


def returning():
    with Manager("a"):
        return "value"


def return_suppressed():
    with Manager("a", suppress=True):
        raise ValueError
        return "not this"


def loops():
    result = []
    for i in range(4):
        with Manager(str(i)):
            if i == 1:
                continue
            if i == 2:
                break
            result.append(i)
    return result


def target_forms():
    values = [0, 0]
    with Manager("a") as values[0], Manager("bc") as (x, y), Manager("d") as report.attribute:
        return values, x, y, report.attribute


def bad_target():
    with Manager("abc") as (x, y):
        log.append("unreachable")


def nested_with_try():
    try:
        with Manager("a"):
            try:
                with Manager("b"):
                    1 / 0
            finally:
                log.append("finally")
    except ZeroDivisionError:
        return "caught"


def system_exit():
    with Manager("a"):
        raise SystemExit(3)


def exit_truthy_without_error():
    with Manager("a", suppress=True):
        pass
    return "fine"


for function in (
    plain, several, parenthesised, raising, suppressing, inner_suppresses, outer_suppresses, enter_fails, exit_fails,
    exit_fails_during_error, returning, return_suppressed, loops, target_forms, bad_target, nested_with_try,
    system_exit, exit_truthy_without_error
):
    report(function)


class NoEnter:
    def __exit__(self, *details):
        pass


class NoExit:
    def __enter__(self):
        pass


class OnInstance:
    def __init__(self):
        self.__enter__ = lambda: None
        self.__exit__ = lambda *details: None


class Static:
    @staticmethod
    def __enter__():
        return "static enter"

    @classmethod
    def __exit__(cls, *details):
        log.append(cls.__name__)


class FewArguments:
    def __enter__(self):
        pass

    def __exit__(self):
        pass


class NoTruth:
    def __bool__(self):
        raise ArithmeticError("no truth")


class ReturnsNoTruth:
    def __enter__(self):
        pass

    def __exit__(self, *details):
        return NoTruth()


for manager in (NoEnter(), NoExit(), OnInstance(), FewArguments(), 5, None, open, Manager):
    try:
        with manager:
            print("entered")
    except Exception as error:
        print(type(error).__name__, error)
try:
    with ReturnsNoTruth():
        raise ValueError
except ArithmeticError as error:
    print(error, repr(error.__context__))
with ReturnsNoTruth():
    print("truth is not asked for without an error")
log.clear()
with Static() as value:
    print(value)
print(log)


class Lookup:
    def __getattribute__(self, name):
        log.append(f"instance lookup {name}")
        return object.__getattribute__(self, name)

    def __enter__(self):
        return 1

    def __exit__(self, *details):
        return None


log.clear()
with Lookup() as entered:
    pass
print(entered, log)


class Transaction:
    def __init__(self):
        self.data, self.saved = {"n": 1}, None

    def __enter__(self):
        self.saved = dict(self.data)
        return self.data

    def __exit__(self, kind, value, traceback):
        if kind is not None:
            self.data.clear()
            self.data.update(self.saved)
        return kind is ValueError


transaction = Transaction()
with transaction as data:
    data["n"] = 2
with transaction as data:
    data["n"] = 3
    raise ValueError
print(transaction.data)
with Manager("x") as Manager.last, transaction:
    print(Manager.last)
