# atexit: order, arguments, unregistering, errors; before finalisers and before output is flushed.
import atexit
import sys


def shown(what):
    try:
        return what()
    except Exception as e:
        return type(e).__name__, str(e)


class Equal:
    def __init__(self, n):
        self.n = n

    def __call__(self, *a, **k):
        print("called", self.n, a, k)

    def __eq__(self, other):
        return self.n == getattr(other, "n", None)

    __hash__ = None


print(shown(atexit.register), shown(lambda: atexit.register(1)), shown(atexit.unregister), shown(lambda: atexit._clear(1)))
print(atexit.register(print, "first", "registered", sep="-") is print, atexit._ncallbacks())
atexit.register(Equal(1), 1, a=2)
atexit.register(Equal(2))
atexit.register(Equal(1), "again")
atexit.unregister(Equal(1))
atexit.unregister(Equal(7))
print(atexit._ncallbacks() >= 2)
atexit._run_exitfuncs()
print(atexit._ncallbacks(), atexit._run_exitfuncs())

atexit.register(lambda: setattr(sys, "unraisablehook", sys.__unraisablehook__))
sys.unraisablehook = lambda a: print("unraisable:", a.exc_type.__name__, a.exc_value, a.err_msg, a.object.__name__)


def bad():
    raise ValueError("at exit")


def more():
    print("registers more, too late")
    atexit.register(print, "registered while running")


@atexit.register
def decorated():
    print("decorated")


class Last:
    def __del__(self):
        print("finalised after all that")


kept = Last()
atexit.register(bad)
atexit.register(more)
atexit.register(sys.exit, 3)
print("end of the program")
