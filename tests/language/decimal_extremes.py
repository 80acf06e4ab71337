# Decimals of many digits and of enormous exponents: exact where they must be, quick where the result is short.
from decimal import *


def attempt(f, *arguments, **keywords):
    try:
        return f(*arguments, **keywords)
    except (ArithmeticError, ValueError, TypeError) as e:
        return f"{type(e).__name__}: {e}"
    except MemoryError:
        return "MemoryError"


D = Decimal
huge, tiny = D("1e999999999999999999"), D("1e-1999999999999999997")
print(huge > tiny, huge == tiny, D(1) + D("1e-999999999"), D("1e999999") - 1, hash(huge), hash(tiny), huge.adjusted())
print(attempt(lambda: huge + 1), attempt(lambda: huge * huge), tiny * tiny, float(huge), float(tiny), int(tiny))
print(tiny.to_integral(), str(tiny), repr(huge))
print(attempt(huge.exp), D("-1e999999999999999999").exp(), attempt(huge.ln), huge.log10(), attempt(huge.sqrt), D("1e999998").sqrt())
print(attempt(lambda: D(2) ** huge), D(2) ** huge.copy_negate(), attempt(lambda: D("1e-5") ** huge.copy_negate()), D(1) ** huge, attempt(lambda: huge // 3), attempt(lambda: huge % 3))
print(attempt(lambda: D(3) % D("1e20")), D(7).remainder_near(D("1e900")), D("1e900").compare(D("1e-900")))
widest = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
setcontext(widest)
print(D(4) / 2, D(1) / 8, D(400) ** -1, D(144).sqrt(), D("0.25").sqrt(), D(10) ** 20, D(3) * D("1.5"), D(2).compare(3))
print(attempt(lambda: D(1) / 3), attempt(D(2).sqrt), attempt(D(5).next_plus))
print(D("0.1") + 10**50, divmod(D(10**40), 7), D(10**40) % 7)

setcontext(Context(prec=1000))
a = D(2).sqrt()
print(a, a * a, 1 / a, a.exp(), a.ln(), a.log10(), a ** D("0.5"), sep="\n")
setcontext(Context(prec=20000, Emax=MAX_EMAX, Emin=MIN_EMIN))
x = D(10) ** 19999 - 1
print(hash(x), hash(x * x), len(str(x / 7)), (x / 7).quantize(D(1)) % 1000, int(x) == 10**19999 - 1, D(int(x)) == x, x + 1 == D("1e19999"))
with localcontext(prec=400):
    y = D(2).ln()
print(str(y)[-40:], x.as_tuple().digits[:3], (x // 3) % 100000, x.sqrt().quantize(D("1e9900")), len(format(x, ",")))
with localcontext(prec=50):
    print(+x, x * x, x / 3, x.normalize(), y, y ** 100)
