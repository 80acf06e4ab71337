# Where the ^ goes when an operand is in parentheses, is a display, or touches its operator.
import sys

a, s = 1, "abc"


def attempt(action):
    try:
        action()
    except TypeError:
        sys.excepthook(*sys.exc_info())


attempt(lambda: (a) + s)
attempt(lambda: (a + 2) * 2 + s)
attempt(lambda: (abs(a)) + s)
attempt(lambda: ((a)) + s)
attempt(lambda: ( a )+s)  # fmt: skip
attempt(lambda: (-a)//s)  # fmt: skip
attempt(lambda: a+s)  # fmt: skip
attempt(lambda: a+(s))  # fmt: skip
attempt(lambda: a+(s,))  # fmt: skip
attempt(lambda: a+())  # fmt: skip
attempt(lambda: (a, a)+(s))  # fmt: skip
attempt(lambda: () + s)
attempt(lambda: ((a, 2)) + [s])
attempt(lambda: a-(v for v in s))  # fmt: skip
attempt(lambda: (v for v in s)-(a))  # fmt: skip
attempt(lambda: [a]+(s))  # fmt: skip
attempt(lambda: a**(s))  # fmt: skip
attempt(lambda: -a ** s)
attempt(lambda: a<<s)  # fmt: skip
attempt(lambda: "+" + (a) + s)
