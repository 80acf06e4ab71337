# cmath, fractions, decimal, statistics, datetime and graphlib of the library.
import cmath
import datetime
import decimal
import fractions
import graphlib
import statistics
from decimal import Decimal
from fractions import Fraction


def rounded(z):
    if isinstance(z, tuple):
        return tuple(map(rounded, z))
    return f"{z:.10g}"


values = [0, 1, -1, 1j, -1j, 0.5, 2, 1 + 1j, -1 - 1j, 3 - 4j, -0.0, complex(-0.0, -0.0), complex(-2, -0.0), 700, 2.5 + 1e-20j]
values += [complex(a, b) for a in (float("inf"), -float("inf"), 1.0) for b in (float("inf"), 2.0, -0.0)] + [float("nan"), 800 + 1j]
for name in sorted(n for n in dir(cmath) if not n.startswith("_") and callable(getattr(cmath, n)) and n not in ("isclose", "rect")):
    results = []
    for z in values:
        try:
            result = getattr(cmath, name)(z)
            results.append(rounded(result) if not isinstance(result, bool) else result)
        except (ValueError, OverflowError) as error:
            results.append(type(error).__name__)
    print(name, *results)
print(rounded(cmath.rect(2, 1)), cmath.isclose(1, 1 + 1e-10j), cmath.isclose(1, 2), cmath.infj, cmath.pi, cmath.nanj)
for bad in (lambda: cmath.sqrt("a"), lambda: cmath.rect(1, cmath.inf), lambda: cmath.log(1, 0), lambda: cmath.isclose(1, 1, abs_tol=-1)):
    try:
        bad()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
print(Fraction(3, 4) + Fraction(1, 4), Fraction("0.125"), Fraction(0.1).limit_denominator(100), Fraction(7, 3) // 1, Fraction(-7, 3) % 2)
print(hash(Fraction(1, 2)) == hash(0.5), Fraction(1, 3) < 0.34, round(Fraction(22, 7), 3), Fraction(2) ** -3, float(Fraction(1, 3)))
print(Decimal("1.10") + Decimal("2.205"), Decimal(1) / 7, Decimal("1E+5").normalize(), Decimal("3.14159").quantize(Decimal("0.01")))
with decimal.localcontext() as context:
    context.prec = 50
    print(Decimal(2).sqrt(), Decimal(1).exp())
for bad in (lambda: Decimal(1) / 0, lambda: Decimal("x"), lambda: Decimal("sNaN") + 1):
    try:
        bad()
    except decimal.DecimalException as error:
        print(type(error).__name__)
print(statistics.mean([1, 2, 3, 4]), statistics.median([5, 1, 3]), statistics.stdev([1, 2, 3, 4]), statistics.mode("aab"))
print(statistics.quantiles(range(1, 11), n=4), statistics.NormalDist(10, 2).inv_cdf(0.9), statistics.fmean([1.5, 2.5]), statistics.variance([1, 5]))
print(statistics.linear_regression([1, 2, 3], [2, 4, 6]), statistics.correlation([1, 2, 3], [3, 2, 1]), statistics.harmonic_mean([40, 60]))
day = datetime.date(2024, 2, 28)
print(day + datetime.timedelta(2), day.isoformat(), day.strftime("%A %d %B %Y"), tuple(day.isocalendar()), day.replace(year=2023).toordinal())
moment = datetime.datetime(2024, 3, 10, 12, 30, 15, 500, tzinfo=datetime.timezone.utc)
print(moment, moment.astimezone(datetime.timezone(datetime.timedelta(hours=-5, minutes=30))), moment.timestamp(), repr(moment))
print(datetime.datetime.fromisoformat("2024-01-02T03:04:05+02:00"), datetime.datetime.strptime("5/6/23", "%d/%m/%y"), moment - moment)
print(datetime.timedelta(days=1, seconds=-1), datetime.timedelta(hours=5) / datetime.timedelta(hours=2), max(day, datetime.date(2025, 1, 1)))
for bad in (lambda: datetime.date(2023, 2, 29), lambda: moment < datetime.datetime(2024, 1, 1), lambda: datetime.date.fromisoformat("x")):
    try:
        bad()
    except (ValueError, TypeError) as error:
        print(type(error).__name__)
print(list(graphlib.TopologicalSorter({"d": "bc", "b": "a", "c": "a"}).static_order())[::3])
try:
    list(graphlib.TopologicalSorter({1: [2], 2: [1]}).static_order())
except graphlib.CycleError as error:
    print("CycleError", sorted(error.args[1]))
