# Sums, differences, quotients, comparisons and hashes of date, time, datetime and timedelta; rounding and overflow.
import operator
import random
from datetime import date, datetime, time, timedelta, timezone, tzinfo


def show(source):
    try:
        result = eval(source)
        print(source, "->", type(result).__name__, repr(result))
    except Exception as error:
        print(source, "!!", type(error).__name__, error)


class Day(date):
    pass


class Moment(datetime):
    pass


class Length(timedelta):
    pass


class Zone(tzinfo):
    def __init__(self, offset, dst=timedelta(0), name="zone"):
        self.offset, self.change, self.name = offset, dst, name

    def utcoffset(self, moment):
        return self.offset

    def dst(self, moment):
        return self.change

    def tzname(self, moment):
        return self.name


class Folding(tzinfo):
    def utcoffset(self, moment):
        return timedelta(hours=2 - moment.fold)


class Ratio(float):
    def as_integer_ratio(self):
        return answer


utc = timezone.utc
d = timedelta(1, 2, 3)
day = date(2020, 1, 2)
x = datetime(2020, 1, 2, 3, 4, 5, 6)
z = x.replace(tzinfo=utc)
t = time(1, 2, 3, 4)
for source in """d + 1 | d + d | d - d | d + day | day + d | d - day | day - d | day - day | day - x | x - day | x + d | d + x | x - d
x - x | x + x | day + 1 | day + day | 1 - day | z - x | x - z | date.max + timedelta(1) | date.min - timedelta(1)
datetime.max + timedelta.resolution | datetime.min - timedelta.resolution | x + timedelta.max | x - timedelta.max
date(2020, 2, 28) + timedelta(1) | date(2019, 2, 28) + timedelta(1) | date(2020, 12, 31) + timedelta(1) | date(2020, 3, 1) - timedelta(1)
day + timedelta(days=-1, hours=23) | d * 2 | 2 * d | d * 1.5 | 1.5 * d | d * 'a' | d * 10**30 | d * float('nan') | d * float('inf')
d * 1e300 | d / 2 | d / d | d / 0 | d / 0.0 | d / timedelta(0) | d // timedelta(0) | d // 0 | d // 2 | d // d | d // 1.5 | d % d
d % 2 | d % timedelta(0) | divmod(d, timedelta(seconds=7)) | divmod(d, 2) | divmod(d, timedelta(0)) | 2 / d | 2 // d | d / 1.5
d / float('nan') | -d | +d | abs(-d) | bool(timedelta(0)) | bool(d) | timedelta.max + timedelta.resolution | -timedelta.max
timedelta(0, 0, 3) / 2 | timedelta(0, 0, 5) / 2 | timedelta(0, 0, -3) / 2 | timedelta(0, 0, -5) / 2 | timedelta(0, 0, 5) / -2
timedelta(0, 0, 5) // -2 | timedelta(0, 0, 5) / 10**40 | timedelta(0, 0, -5) // 10**40 | timedelta(0, 0, 5) / 1e-300
timedelta(0, 0, 1) * 2**64 | timedelta(0, 0, 1) * 2**67 | timedelta(0, 0, 1) * 0.5 | timedelta(0, 0, 3) * 0.5 | timedelta(0) * 1e300
timedelta.max // timedelta.resolution | timedelta.max / timedelta.resolution | divmod(timedelta.min, timedelta(0, 0, 7))
d.total_seconds() | timedelta.max.total_seconds() | timedelta.min.total_seconds() | datetime.max - datetime.min
type(Length(1) + d) | type(-Length(1)) | type(+Length(1)) | type(Length(1) * 2) | type(Day(2020, 1, 1) + d) | type(Moment.min + d)
type(Day(2020, 1, 1) - day) | type(d + Moment.min) | d < 1 | d < day | d == 1 | d != 1 | d < timedelta(2) | day < 3 | day < x | x < day
x == day | day == x | x < z | x == z | x != z | x < 3 | t < 3 | t < t.replace(tzinfo=utc) | t == t.replace(tzinfo=utc) | t < time(5)
Day(2020, 1, 2) == x | x == Day(2020, 1, 2) | Day(2020, 1, 2) < x | day.__eq__(x) | date.__sub__(x, x) | date.__add__(x, d)
time(1, tzinfo=timezone(timedelta(microseconds=5))) == time(1, tzinfo=utc) | time(12, tzinfo=Zone(timedelta(hours=2))) < time(11, tzinfo=utc)
time(1, tzinfo=Zone(None)) == time(1) | z == Zone | x.replace(tzinfo=Zone(None)) == x | x.replace(tzinfo=Zone(None)) - x
z.replace(tzinfo=timezone.max) - z.replace(tzinfo=timezone.min) | z == x.replace(hour=5, tzinfo=timezone(timedelta(hours=2)))
datetime(2020, 1, 1, tzinfo=Folding()) == datetime(2019, 12, 31, 22, tzinfo=utc) | datetime(2020, 1, 1, tzinfo=Folding()) <= datetime(2019, 12, 31, 22, tzinfo=utc)
datetime(2020, 1, 1, tzinfo=Folding()) == datetime(2020, 1, 1, fold=1, tzinfo=Folding()) | x.replace(tzinfo=Zone(timedelta(1))) < z
x.replace(tzinfo=Zone(5)) == z | x.replace(tzinfo=Zone('a')) - z | day.__radd__(d) | day.__rsub__(d) | day.__rsub__(day) | x.__rsub__(x)
d.__rsub__(d) | d.__rsub__(day) | d.__rtruediv__(d) | d.__rmod__(d) | d.__rdivmod__(timedelta(5)) | d.__add__(3) | d.__mul__('a')
""".replace("\n", " | ").split(" | "):
    if source:
        show(source)

for answer in (5, (), (1, 2, 3), [1, 2], (1.0, 2), (3, 2), (-3, -2), (1, 0), (1 << 1000, 1)):
    print(str(answer)[:20])
    show("d * Ratio(1.5)")
    show("d / Ratio(1.5)")

# Hashes agree with equality, whatever the zone and the fold.
east = timezone(timedelta(hours=3))
print(hash(z) == hash(x.replace(hour=6, tzinfo=east)), hash(x) == hash(x.replace(fold=1)), hash(t) == hash(t.replace(fold=1)))
print(hash(t.replace(tzinfo=utc)) == hash(t.replace(hour=4, tzinfo=east)), hash(d) == hash(Length(1, 2, 3)), hash(d) == hash((1, 2, 3)))
print(hash(x.replace(tzinfo=Zone(None))) == hash(x), hash(day) == hash(Day(2020, 1, 2)), hash(utc) == hash(timedelta(0)))
print(len({day, Day(2020, 1, 2), x, x.replace(fold=1), z, x.replace(hour=6, tzinfo=east), d, t, t.replace(fold=1)}))
print(hash(z), hash(d), hash(east), hash(t.replace(tzinfo=east)))
first = datetime(2020, 1, 1, fold=1, tzinfo=Folding())
print(hash(first) == hash(first.replace(fold=0)))

random.seed(5)
for _ in range(300):
    a = timedelta(random.randint(-999, 999), random.randint(-10**6, 10**6), random.randint(-10**9, 10**9))
    b = timedelta(random.choice([0, 1, random.randint(-10**8, 10**8)]), random.randint(-10**5, 10**5), random.randint(0, 10**6))
    number = random.choice([1, 2, -3, 7, random.randint(-10**6, 10**6), random.random() * 10, -0.5, 1e-9, 1e5])
    line = []
    for f in (operator.add, operator.sub, operator.truediv, operator.floordiv, operator.mod, divmod, operator.lt, operator.eq):
        try:
            line.append(repr(f(a, b)))
        except Exception as error:
            line.append(f"{type(error).__name__} {error}")
    for f in (operator.mul, operator.truediv, operator.floordiv):
        try:
            line.append(repr(f(b, number)))
        except Exception as error:
            line.append(f"{type(error).__name__} {error}")
    print(*line, hash(a), str(a), a.total_seconds(), datetime(2020, 1, 1) + a, date(2020, 3, 1) - a)
for _ in range(200):
    x = datetime.min + timedelta(seconds=random.randrange(315537897600), microseconds=random.randrange(10**6))
    y = datetime.min + timedelta(seconds=random.randrange(315537897600))
    zone = timezone(timedelta(minutes=random.randint(-1439, 1439)))
    print(x, x - y, x < y, x.isocalendar()[:], x.weekday(), x.toordinal(), date.fromordinal(x.toordinal()) == x.date(),
          hash(x.replace(tzinfo=zone)), x.replace(tzinfo=zone).timestamp(), x.timetuple()[:])
