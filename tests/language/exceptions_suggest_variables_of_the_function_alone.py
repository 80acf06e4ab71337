# "Did you mean" looks at co_varnames, set or not, then at globals; cells of other functions are not among them.
import sys
gxyz3 = 1


def attempt(f):
    try:
        f()
    except NameError:
        sys.excepthook(*sys.exc_info())


def a():
    gxyzc = 1
    lambda: gxyzc
    gxyz1


def b():
    gxyzd = 1
    gxyz1


def c():
    gxyz1
    gxyze = 1


def d(gxyzp):
    lambda: gxyzp
    gxyz1


def e():
    def inner():
        gxyzf
        gxyz1
    gxyzf = 1
    inner()


def f():
    del gxyzg
    if 0:
        gxyzg = 1


def g():
    inn = lambda: gxyzg
    gxyzc = 4
    if 0:
        gxyzg = 1
    inn()


def h():
    gxyzg
    gxyzh = 4
    if 0:
        gxyzg = 1


def i():
    def inn():
        gxyzl = 1
        gxyzg
    gxyzh = 4
    if 0:
        gxyzg = 1
    inn()


for x in (a, b, c, lambda: d(1), e, f, g, h, i):
    attempt(x)
