# Decimals from every kind of object, their text, their arithmetic and its rounding.
import copy
import pickle
from decimal import *
from fractions import Fraction


def attempt(f, *arguments, **keywords):
    try:
        return f(*arguments, **keywords)
    except Exception as e:
        return f"{type(e).__module__}.{type(e).__name__}: {e}"


for v in ("0", "-0", "1.50", "-1e-7", "1E+5", " 12_3.4 ", "\u0661.\u0662", "nan12", "-sNaN", "inf", "-Infinity", "0e-10",
          "1e999999999999999999", "1e1000000000000000000", "", ".", "1e", "1 2", "--1", "NaN-1", "\ud800", "1\0"):
    print(ascii(v), attempt(Decimal, v))
for v in (0, -7, 10**40, True, 0.1, -0.0, 1e-320, float("inf"), (0, (1, 2, 3), -2), (1, (), "F"), (0, [1], "n"), (0, (), 3),
          (2, (1,), 0), (0, (10,), 0), (0, (1,), "x"), (0, (1,)), [1], None, b"1", 1j, Fraction(1, 2)):
    print(repr(v), attempt(Decimal, v))
print(attempt(Decimal), attempt(Decimal, 1, 2), attempt(Decimal, 1, foo=2), attempt(Decimal, value="2", context=None))
print(Decimal.from_float(0.5), attempt(Decimal.from_float, "1"))

samples = [Decimal(s) for s in ("0", "-0.00", "1", "-1", "7", "0.1", "355", "113", "-2.50", "1E+20", "12345678901234567890123456789",
                                "9.999999999999999999999999999", "1e-30", "-987654321.123456789", "Infinity", "NaN5")]
for a in samples:
    print(str(a), repr(a), -a, +a, abs(a), bool(a), a.as_tuple(), a.adjusted(), attempt(int, a), attempt(float, a),
          attempt(round, a), attempt(round, a, 2), attempt(a.as_integer_ratio))
    for b in samples:
        print(a, b, attempt(lambda: a + b), attempt(lambda: a - b), attempt(lambda: a * b), attempt(lambda: a / b),
              attempt(lambda: a // b), attempt(lambda: a % b), attempt(divmod, a, b), a == b, attempt(lambda: a < b),
              attempt(lambda: a >= b), a.compare_total(b), attempt(a.max, b), attempt(a.min, b))
for n in (0, 1, -3, 2**62, -(2**70), 10**30, True):
    d = Decimal("1.25")
    print(n, d + n, n + d, d - n, n - d, d * n, n * d, attempt(lambda: d / n), n / d, d == n, d < n, n < d)
print(attempt(lambda: Decimal(1) + 1.5), attempt(lambda: "a" * Decimal(2)), attempt(lambda: Decimal(1) < "a"))
print(Decimal("0.5") == 0.5, Decimal("0.1") == 0.1, Decimal("0.1") < 0.1, Decimal(2) == 2 + 0j, Decimal("0.5") == Fraction(1, 2),
      Decimal("0.3") < Fraction(1, 3), attempt(lambda: Decimal(1) < 1j), Decimal("nan") == 1, attempt(lambda: Decimal("nan") < 1))
print([hash(Decimal(s)) == hash(v) for s, v in (("1.5", 1.5), ("-7", -7), ("1e5", 10**5), ("0.25", Fraction(1, 4)), ("-1", -1))])
print(hash(Decimal("1e999999999999999999")), hash(Decimal("-Infinity")), attempt(hash, Decimal("sNaN")))

print("functions")
for s in ("2", "0.5", "1", "10", "1000", "1e-10", "1.0000001", "123.456", "0", "-1", "Infinity", "NaN"):
    d = Decimal(s)
    print(s, attempt(d.exp), attempt(d.ln), attempt(d.log10), attempt(d.sqrt), attempt(d.logb), d.number_class())
for a, b in (("2", "10"), ("2", "-1"), ("1.1", "100"), ("3", "2.5"), ("9", "0.5"), ("-3", "3"), ("0", "0"), ("0", "-1"), ("-8", "0.5"),
             ("1.00", "3"), ("10", "-2"), ("1E+3", "5"), ("2", "1e10"), ("2", "-1e10"), ("Infinity", "-1"), ("1", "Infinity")):
    print(a, b, attempt(pow, Decimal(a), Decimal(b)))
print(pow(Decimal(2), 10, 1000), pow(2, Decimal(10), 1000), attempt(pow, Decimal(2), 3, 0), attempt(pow, Decimal(2), -3, 5))

print("exponents and digits")
d = Decimal("-1234567.891")
print(d.quantize(Decimal("0.01")), d.quantize(Decimal("1e3"), rounding=ROUND_UP), attempt(d.quantize, Decimal("1e-40")), attempt(d.quantize, "1"))
print(d.to_integral(), d.to_integral_exact(ROUND_FLOOR), d.to_integral_value(rounding=ROUND_CEILING), attempt(d.to_integral, "x"))
print(d.normalize(), Decimal("1000").normalize(), Decimal("-0.000").normalize(), d.next_plus(), d.next_minus(), d.next_toward(0))
print(d.scaleb(3), d.remainder_near(10), d.fma(2, Decimal("0.5")), Decimal(123).shift(2), Decimal(123).rotate(-1), d.copy_sign(1))
print(Decimal(1101).logical_and(1011), Decimal(1101).logical_or(1011), Decimal(1101).logical_xor(1011), Decimal(1).logical_invert())
print(Decimal("1E+4").to_eng_string(), Decimal("1E+4").same_quantum(Decimal("2E+4")), d.__floor__(), d.__ceil__(), d.__trunc__())
print(d.real, d.imag, d.conjugate(), complex(d), d.radix(), d.canonical(), d.is_signed(), d.is_normal(), d.is_subnormal())

print("text")
for spec in ("", ".2f", ",.2f", "020,.1f", "e", ".3E", "g", ".3g", "%", ".1%", "+", " ", "^20", "*<20", "=+20", "z.0f", "n", "x", ".", "10.2q"):
    print(spec, *(attempt(format, Decimal(s), spec) for s in ("1234567.891", "-0.0004", "0", "1E+10", "-Infinity", "NaN1")), sep=" | ")
print(Decimal("1234567.5").__format__("n", {"decimal_point": ",", "thousands_sep": ".", "grouping": "\3\2"}))

print("copies")
class Money(Decimal):
    def __new__(cls, v, unit="EUR"):
        self = super().__new__(cls, v)
        self.unit = unit
        return self
m = Money("1.50", "USD")
print(m, repr(m), m.unit, type(m + 1).__name__, type(m.copy_abs()).__name__, type(Money.from_float(0.5)).__name__, m.__reduce__())
for protocol in range(6):
    print([pickle.loads(pickle.dumps(Decimal(s), protocol)) for s in ("1.50", "-Infinity", "sNaN3")])
print(copy.copy(d) is d, copy.deepcopy(d) is d, Decimal(d) is d, Decimal.__module__, DecimalTuple(0, (1,), 2))
