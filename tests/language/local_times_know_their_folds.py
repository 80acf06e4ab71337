# Local time through the system's zone database: timestamps, folds, gaps, astimezone; zones that misbehave.
import os
import time
from datetime import date, datetime, timedelta, timezone, tzinfo

for zone in ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kolkata"):
    os.environ["TZ"] = zone
    time.tzset()
    print(zone)
    for start in (1603584000, 1585440000, 1604203200, 1586012400, 0, -2**31, 4102444800):
        for step in range(0, 4 * 3600, 1800):
            moment = datetime.fromtimestamp(start + step)
            print(moment, moment.fold, moment.timestamp() == start + step, moment.astimezone().tzname(), end="; ")
        print()
    for fields in ((2020, 10, 25, 2, 30), (2020, 3, 29, 2, 30), (2020, 11, 1, 1, 30), (2020, 3, 8, 2, 30), (1900, 1, 1), (2500, 7, 1)):
        for fold in (0, 1):
            moment = datetime(*fields, fold=fold)
            print(moment.timestamp(), moment.astimezone(timezone.utc), repr(moment.astimezone().tzinfo), moment.astimezone().utcoffset())
    for moment in (datetime.min, datetime.max):
        for ask in (datetime.timestamp, datetime.astimezone):
            try:
                print(ask(moment))
            except Exception as error:
                print(type(error).__name__, error)
    for stamp in (253402300799, 253402300800, -62135596800, 1e12, -1e12, 2**62):
        for cls in (date, datetime):
            try:
                print(cls.fromtimestamp(stamp))
            except Exception as error:
                print(type(error).__name__, error)


class Endless(tzinfo):
    def utcoffset(self, moment):
        return moment.utcoffset()

    def dst(self, moment):
        return timedelta(0)


class Raising(tzinfo):
    def utcoffset(self, moment):
        raise KeyError("offset")

    tzname = dst = utcoffset


class Returning(tzinfo):
    def utcoffset(self, moment):
        return timedelta(0)

    def fromutc(self, moment):
        return "not a moment"


class Numbers(datetime):
    def __new__(cls, *arguments, **keywords):
        return 5 if "done" in globals() else datetime.__new__(cls, *arguments, **keywords)


number = Numbers(2020, 1, 1, tzinfo=timezone.max)
done = True
endless = datetime(2020, 1, 1, tzinfo=Endless())
raising = datetime(2020, 1, 1, tzinfo=Raising())
aware = datetime(2020, 1, 1, tzinfo=timezone.utc)
for name, action in {
    "compare": lambda m: m < aware,
    "equal": lambda m: m == aware,
    "subtract": lambda m: m - aware,
    "hash": hash,
    "str": str,
    "strftime": lambda m: m.strftime("%z"),
    "utctimetuple": lambda m: m.utctimetuple(),
    "astimezone": lambda m: m.astimezone(timezone.max),
    "timestamp": lambda m: m.timestamp(),
}.items():
    for moment in (endless, raising):
        try:
            print(name, action(moment))
        except Exception as error:
            print(name, type(error).__name__)
print(aware.astimezone(Returning()), datetime.fromtimestamp(0, Returning()))
for action in (lambda: number + timedelta(1), lambda: number.replace(day=2), lambda: Numbers.now()):
    try:
        print(repr(action()))
    except Exception as error:
        print(type(error).__name__, error)


class Changing(tzinfo):
    """Makes garbage while it is asked."""

    def utcoffset(self, moment):
        [str(i) for i in range(50)]
        return timedelta(minutes=len([object() for _ in range(90)]))

    def dst(self, moment):
        return timedelta(minutes=30)

    def tzname(self, moment):
        return "".join(["c", "h"])


changing = [datetime(2020, 1, day, tzinfo=Changing()) for day in range(1, 20)]
print(sorted(changing)[0], len({*changing}), max(changing) - aware, changing[3].astimezone(Changing()), changing[0].strftime("%z %Z"))
