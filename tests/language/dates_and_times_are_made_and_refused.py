# Constructors, alternative constructors and their errors: argument counts, types, ranges, subclasses.
import datetime as module
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone, tzinfo


def show(source, **names):
    try:
        result = eval(source, globals(), names)
        print(source, "->", type(result).__name__, repr(result))
    except Exception as error:
        print(source, "!!", type(error).__name__, error)


class Day(date):
    pass


class Clock(time):
    pass


class Moment(datetime):
    pass


class Logged(datetime):
    def __new__(cls, *arguments, **keywords):
        print("  made from", arguments, keywords)
        return datetime.__new__(cls, *arguments, **keywords)


class Length(timedelta):
    pass


class Odd(datetime):
    def __new__(cls, *arguments):
        return len(arguments)


class Index:
    def __index__(self):
        return 7


utc = timezone.utc
for source in """date() | date(1) | date(1, 2) | date(1, 2, 3, 4) | date(1, 2, day=3) | date(1, 2, 3, day=3)
date(1, 2, other=3) | date(0, 1, 1) | date(10000, 1, 1) | date(1, 0, 1) | date(1, 13, 1) | date(1, 2, 29)
date(4, 2, 29) | date(1900, 2, 29) | date(2000, 2, 29) | date(1.0, 1, 1) | date('1') | date(None, 1, 1)
date(2**31, 1, 1) | date(-2**31 - 1, 1, 1) | date(2**70, 1, 1) | date(Index(), Index(), Index()) | date(True, True, True)
time() | time(24) | time(-1) | time(1, 60) | time(1, 1, 60) | time(1, 1, 1, 1000000) | time(1, 1, 1, 1, 5)
time(1, 1, 1, 1, utc) | time(1, 1, 1, 1, None, 0) | time(fold=1) | time(fold=2) | time(fold='a') | time(minute=3)
datetime() | datetime(1, 1) | datetime(2020, 2, 30) | datetime(2020, 1, 1, 25) | datetime(2020, 1, 1, tzinfo=utc, fold=1)
datetime(2020, 1, 1, 1, 1, 1, 1, None, 1) | datetime(2020, 1, 1, tzinfo='utc') | datetime(2020, 1, 1, fold=-1)
datetime('a') | datetime(2020, 'b') | datetime(x=1) | datetime(2020, 1, 1, 2, hour=2)
timedelta() | timedelta(1, 2, 3, 4, 5, 6, 7) | timedelta(1, 2, 3, 4, 5, 6, 7, 8) | timedelta(foo=1) | timedelta('1')
timedelta(None) | timedelta(1j) | timedelta(0.5, 0.5, 0.5) | timedelta(microseconds=0.5) | timedelta(microseconds=1.5)
timedelta(microseconds=2.5) | timedelta(milliseconds=0.0005, microseconds=0.5) | timedelta(10**9) | timedelta(-10**9)
timedelta(2**70) | timedelta(2**70, -2**70 * 86400) | timedelta(float('nan')) | timedelta(float('inf')) | timedelta(1e300)
timedelta(days=10**50, hours=-24 * 10**50) | timedelta(weeks=0.1, days=0.1, hours=0.1) | timedelta(days=True)
timezone() | timezone(3) | timezone(timedelta(0)) | timezone(timedelta(0), 'zero') | timezone(timedelta(hours=24))
timezone(timedelta(hours=-24)) | timezone(timedelta(hours=1), None) | timezone(timedelta(hours=1), 'a', 'b')
timezone(timedelta(0)) is utc | timezone(Length(0)) is utc | timezone(Length(hours=1)) | UTC is utc | (MINYEAR, MAXYEAR)
date.fromordinal(1) | date.fromordinal(0) | date.fromordinal(3652060) | date.fromordinal(2**40) | date.fromordinal('a')
date.fromordinal() | Day.fromordinal(700000) | Moment.fromordinal(700000) | Odd.fromordinal(5) | Logged.fromordinal(5)
date.fromisocalendar(2020, 53, 7) | date.fromisocalendar(2021, 53, 7) | date.fromisocalendar(2020, 0, 1)
date.fromisocalendar(2020, 1, 8) | date.fromisocalendar(0, 1, 1) | date.fromisocalendar(9999, 52, 7)
date.fromisocalendar(2**40, 1, 1) | date.fromisocalendar(1, 1) | date.fromisocalendar(year=2020, week=1, day=2)
Moment.fromisocalendar(2020, 1, 2) | date.fromtimestamp() | date.fromtimestamp('a') | date.fromtimestamp(1e300)
date.fromtimestamp(float('nan')) | date.fromtimestamp(1e14) | date.fromtimestamp(2**62) | date.fromtimestamp(1, 2)
datetime.utcfromtimestamp(0.5e-6) | datetime.utcfromtimestamp(1.5e-6) | datetime.utcfromtimestamp(-0.5e-6)
datetime.utcfromtimestamp(0.9999999) | datetime.utcfromtimestamp(-1) | datetime.utcfromtimestamp(253402300799)
datetime.utcfromtimestamp(253402300800) | datetime.utcfromtimestamp(-62135596800) | datetime.utcfromtimestamp(-62135596801)
datetime.utcfromtimestamp(2**70) | datetime.utcfromtimestamp('a') | datetime.utcfromtimestamp(None)
datetime.fromtimestamp(1e9, utc) | datetime.fromtimestamp(1e9, tz=3) | datetime.fromtimestamp() | Odd.fromtimestamp(3, utc)
Logged.fromtimestamp(1e9 + 0.25, utc) | Logged.utcfromtimestamp(5) | Moment.fromtimestamp(1e9, utc)
datetime.now(3) | datetime.now(1, 2) | datetime.now(zone=utc) | datetime.now(utc).tzinfo | datetime.utcnow(1) | date.today(1)
type(Day.today()) | type(Moment.today()) | type(Moment.now()) | type(Moment.now(utc)) | Odd.now()
datetime.combine() | datetime.combine(date(1, 2, 3)) | datetime.combine(1, time()) | datetime.combine(date(1, 2, 3), 1)
datetime.combine(date(1, 2, 3), time(4, 5, tzinfo=utc, fold=1)) | datetime.combine(date(1, 2, 3), time(4), utc)
datetime.combine(date(1, 2, 3), time(4), 5) | Logged.combine(datetime(1, 2, 3), time(4, fold=1)) | Moment.combine(date=date.min, time=time.max)
datetime.strptime('2020-05', '%Y-%m') | Logged.strptime('2020 +0130', '%Y %z') | datetime.strptime('x', '%Y')
datetime.strptime(1, '%Y') | datetime.strptime('1') | datetime.strptime('1', 1) | datetime.strptime('2020 x', '%Y')
date(2020, 1, 2).replace(year=2021) | date(2020, 2, 29).replace(2021) | date(2020, 1, 2).replace(1, 2, 3, 4)
date(2020, 1, 2).replace(foo=1) | Day(2020, 1, 2).replace(day=5) | Clock(1, 2).replace(3) | time(1).replace(tzinfo=5)
time(1, 2, 3, 4, utc, fold=1).replace(tzinfo=None) | time(1).replace(1, 2, 3, 4, None, 1) | time(1).replace(fold=3)
Logged(2020, 1, 1).replace(hour=5) | datetime(2020, 1, 1).replace(2021, 2, 3, 4, 5, 6, 7, utc, fold=1)
datetime(2020, 1, 1).replace(month=13) | datetime(2020, 1, 1, fold=1).replace() | object.__new__(date) | object.__new__(timedelta)
date.__new__(datetime, 1, 1, 1) | date.__new__(int, 1, 1, 1) | tzinfo.__new__(timezone) | datetime.__new__(Moment, 1, 1, 1)
type('C', (timezone,), {}) | type('C', (datetime, date), {}) | type('C', (date, datetime), {}) | type('C', (date, int), {})
tzinfo(1, 2, x=3).__class__ | Length(3) | Length(days=1, seconds=5) | date.min | date.max | time.max | datetime.max
timedelta.min | timedelta.max | timezone.min | timezone.max | time.resolution | Moment.max | date.fromtimestamp.__text_signature__
""".replace("\n", " | ").split(" | "):
    if source:
        show(source)

print([name for name in module.__all__], sorted(name for name in vars(module) if name.endswith("API")))
for cls in (date, time, datetime, timedelta, tzinfo, timezone, type(date.min.isocalendar())):
    print(cls.__module__, cls.__qualname__, cls.__bases__, cls.__basicsize__, bool(cls.__doc__))
    print(sorted(name for name in vars(cls)))
moment = Moment(2020, 1, 2)
day = Day(2020, 1, 2)
moment.note = "attributes"
print(moment.note, moment.__dict__)
for target, name, value in ((moment, "year", 1), (date.min, "day", 1), (timedelta(1), "days", 2), (date.min, "foo", 1)):
    try:
        setattr(target, name, value)
    except AttributeError as error:
        print(error)
try:
    day.__class__ = Moment
except TypeError as error:
    print(error)
