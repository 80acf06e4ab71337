# isoformat, fromisoformat, strftime, repr, str, ctime, timetuple, isocalendar, and pickles of every protocol.
import copy
import pickle
import random
from datetime import date, datetime, time, timedelta, timezone, tzinfo


def show(source):
    try:
        result = eval(source)
        print(ascii(source), "->", type(result).__name__, ascii(result))
    except Exception as error:
        print(ascii(source), "!!", type(error).__name__, ascii(str(error)))


class Day(date):
    pass


class Clock(time):
    pass


class Moment(datetime):
    pass


class Length(timedelta):
    pass


class Zone(tzinfo):
    def __init__(self, offset=None, dst=None, name=None):
        self.offset, self.change, self.name = offset, dst, name

    def utcoffset(self, moment):
        return self.offset

    def dst(self, moment):
        return self.change

    def tzname(self, moment):
        return self.name

    def __repr__(self):
        return "Zone()"


class Initial(tzinfo):
    def __init__(self, *arguments):
        self.arguments = arguments

    def __getinitargs__(self):
        return 1, 2


class Name(str):
    def replace(self, *arguments):
        return replacement


utc = timezone.utc
d = timedelta(1, 2, 3)
day = date(2020, 1, 2)
x = datetime(2020, 1, 2, 3, 4, 5, 6)
z = x.replace(tzinfo=utc)
t = time(1, 2, 3, 4)
for source in r"""str(d) | repr(d) | repr(timedelta(0)) | repr(timedelta(0, 1)) | repr(timedelta(-1, 1, 1)) | str(timedelta(-1, 1, 1)) | str(timedelta(1)) | str(timedelta(2)) | repr(Length(1)) | f'{Length(1)}'
format(d, 'x') | day.ctime() | x.ctime() | str(day) | str(x) | str(z) | str(t) | repr(t) | repr(time(1)) | repr(time(1, 2, fold=1)) | repr(Clock(1, 2, 3, tzinfo=utc, fold=1))
repr(x) | repr(z) | repr(Moment(2020, 1, 1)) | repr(datetime(2020, 1, 1, 0, 0, 1, fold=1, tzinfo=utc)) | repr(Day(1, 2, 3)) | day.isoformat() | day.isoformat(1)
x.isoformat(1) | x.isoformat('ab') | x.isoformat('\u1234') | x.isoformat(' ', 'hours') | x.isoformat(' ', 'minutes') | x.isoformat(' ', 'seconds') | x.isoformat(' ', 'milliseconds')
x.isoformat(' ', 'microseconds') | x.isoformat(timespec='auto') | x.isoformat(timespec='x') | x.isoformat(timespec=1) | x.isoformat(timespec='\x00') | x.isoformat(foo=1) | x.isoformat('a', 'auto', 3)
x.isoformat(timespec=None) | x.isoformat(sep=None) | t.isoformat('x') | t.isoformat(timespec='hours') | t.isoformat('hours', 2) | t.isoformat(1) | z.isoformat()
x.replace(tzinfo=Zone(timedelta(seconds=-3661))).isoformat() | x.replace(tzinfo=timezone(timedelta(0, -3661, 5))).isoformat() | t.replace(tzinfo=Zone(timedelta(1))).isoformat()
day.strftime(1) | day.strftime() | day.strftime('%Y %z %Z %f %%') | day.strftime(format='%Y') | day.strftime('%') | day.strftime('') | day.strftime('%z%') | z.strftime('%Y-%m-%d %H:%M:%S.%f %z %Z')
x.replace(tzinfo=timezone(timedelta(0, -3661, 5))).strftime('%z|%Z') | x.replace(tzinfo=Zone(name='%Y%%')).strftime('%z|%Z') | t.strftime('%Y-%m-%d %H:%M:%S.%f %z %Z %j')
day.strftime('\ud800') | day.strftime('\u1234%Y') | day.strftime('a\x00b') | day.strftime('%%z %%%z') | x.strftime('%a %A %b %B %j %U %W %G-%V-%u %p %I %y') | format(day, '') | format(day, '%Y') | day.__format__(1)
day.__format__() | day.__format__(format='') | t.__format__('%H') | x.__format__('%H %f') | day.timetuple() | x.timetuple() | x.utctimetuple() | x.replace(tzinfo=timezone(timedelta(hours=5))).utctimetuple()
x.replace(tzinfo=Zone(timedelta(0), timedelta(hours=1))).timetuple().tm_isdst | x.replace(tzinfo=Zone(timedelta(0), timedelta(0))).timetuple().tm_isdst | datetime.min.replace(tzinfo=timezone(timedelta(hours=5))).utctimetuple()
day.isocalendar() | day.isocalendar().week | day.isocalendar() == (2020, 1, 4) | day.isocalendar()[1:] | hash(day.isocalendar()) == hash((2020, 1, 4)) | type(day.isocalendar())(1, 2, 3) | type(day.isocalendar())()
type(day.isocalendar())(1, 2, 3, 4) | type(day.isocalendar())(year=1, week=2, weekday='a') | date(2021, 1, 3).isocalendar() | date(9999, 12, 31).isocalendar() | date(1, 1, 1).isocalendar() | date(2018, 12, 31).isocalendar()
x.replace(tzinfo=Zone(3)).utcoffset() | x.replace(tzinfo=Zone(timedelta(-1))).utcoffset() | x.replace(tzinfo=Zone(timedelta(-1, 1))).utcoffset() | x.replace(tzinfo=Zone(dst=7)).dst() | x.replace(tzinfo=Zone(name=7)).tzname()
x.replace(tzinfo=tzinfo()).utcoffset() | x.replace(tzinfo=tzinfo()).tzname() | t.replace(tzinfo=tzinfo()).dst() | (t.utcoffset(), t.dst(), t.tzname(), x.utcoffset(), x.dst(), x.tzname()) | (z.utcoffset(), z.dst(), z.tzname())
tzinfo().fromutc(3) | tzinfo().fromutc(x) | tzinfo().fromutc(3, 4) | (lambda zone: zone.fromutc(x.replace(tzinfo=zone)))(Zone()) | (lambda zone: zone.fromutc(x.replace(tzinfo=zone)))(Zone(timedelta(hours=1)))
(lambda zone: zone.fromutc(x.replace(tzinfo=zone)))(Zone(timedelta(hours=2), timedelta(hours=1))) | utc.fromutc(x) | utc.fromutc(z) | timezone.max.fromutc(3) | utc.utcoffset(3) | utc.tzname(3) | utc.dst(3) | utc.utcoffset()
z.astimezone(timezone(timedelta(hours=1))) | z.astimezone(utc) is z | z.astimezone(3) | z.astimezone(Zone()) | datetime.max.replace(tzinfo=utc).astimezone(timezone.max) | Moment(2020, 1, 1, tzinfo=utc).astimezone(timezone.max) | z.astimezone(foo=1)
str(timezone(timedelta(hours=1, seconds=2, microseconds=3))) | repr(timezone(timedelta(hours=-1), 'a')) | timezone(timedelta(hours=1)) == timezone(timedelta(hours=1), 'x') | timezone.max < utc | z.timestamp() | datetime.min.replace(tzinfo=utc).timestamp()
day.__reduce__() | x.__reduce__() | z.__reduce__() | x.replace(fold=1).__reduce_ex__(3) | x.replace(fold=1).__reduce_ex__(4) | x.__reduce_ex__('a') | x.__reduce_ex__() | t.replace(fold=1, tzinfo=utc).__reduce_ex__(4) | t.__reduce__()
d.__reduce__() | utc.__reduce__() | timezone(timedelta(hours=1), 'a').__reduce_ex__(2) | Initial().__reduce__() | tzinfo().__reduce__() | Zone().__reduce__() | day.isocalendar().__reduce__()
date(b'\x07\xe4\x01\x02') | date('\x07\xe4\x01\x02') | date(b'\x07\xe4\x0d\x02') | date('\x07\u1234\x01\x02') | date(b'abc') | time(b'\x81\x02\x03\x00\x00\x04') | time(b'\x01\x02\x03\x00\x00\x04', 3) | time(b'\x19\x02\x03\x00\x00\x04')
time('\x01\x02\x03\x00\x00\u1234') | datetime(b'\x07\xe4\x81\x02\x03\x04\x05\x00\x00\x06', utc) | datetime('\x07\xe4\x01\x02\x03\x04\x05\x00\x00\x06') | datetime(b'\x07\xe4\x01\x02\x03\x04\x05\x00\x00\x06', 3) | datetime(bytearray(10))
date(b'\xff\xff\x01\xff') | date(b'\xff\xff\x01\xff').isoformat() | date(b'\xff\xff\x01\xff').ctime() | date(b'\x00\x00\x01\xff').toordinal() | date(b'\x00\x00\x01\xff').isocalendar() | date(b'\x00\x00\x01\xff') + d
datetime(b'\xff\xff\x01\xff\xff\xff\xff\xff\xff\xff') | datetime(b'\xff\xff\x01\xff\xff\xff\xff\xff\xff\xff').isoformat() | datetime(b'\xff\xff\x01\xff\xff\xff\xff\xff\xff\xff') + d | time(b'\x01\xff\xff\xff\xff\xff').replace()
date.fromisoformat(1) | time.fromisoformat(b'') | datetime.fromisoformat() | datetime.fromisoformat('2020-01-01', 1)
""".replace("\n", " | ").split(" | "):
    if source:
        show(source)

for replacement in (3, "ok", "a%Y", None):
    show("x.replace(tzinfo=Zone(dst=timedelta(0), name=Name('a%Y'))).strftime('[%Z]')")

texts = """2020-01-02 20200102 2020-1-2 2020/01/02 2020-0102 202001-02 2020-W01 2020W01 2020-W01-4 2020W014 2020-W011 2020W01-4 2020-W54-1
2021-W53-1 2020-W01-0 2020-W01-8 0000-W01-1 9999-W52-7 2020-13-01 2020-02-30 0000-01-01 2020-001 20200102xx 2020W014xx a 2020-01-02T 2020-01-02T25
2020-01-02T03 2020-01-02T0304 2020-01-02T03:04 2020-01-02T030405 2020-01-02T03:04:05 2020-01-02T03:0405 2020-01-02T0304:05 2020-01-02T3:04
2020-01-02T03:04:05.1 2020-01-02T03:04:05,123456789 2020-01-02T030405. 2020-01-02T03.5 2020-01-02T03:04:05:06 2020-01-02T03:04Z 2020-01-02T03:04z
2020-01-02T03:04Zx 2020-01-02T03:04+01 2020-01-02T03:04-0130 2020-01-02T03:04+01:30:15.25 2020-01-02T03:04+24:00 2020-01-02T03:04+ 2020-01-02T03:04+1
2020-01-02T03:04-00:00 2020W01403 2020W01-03 2020-W01-03 2020-W01-4-03 2020W0103 2020W01T03 20200102030405 2020-01-02\u123403:04 2020-01-02\ud80003:04
03 0304 03:04 T03:04 TT03 T 030405.5 03:04:05.5.5 03:04:05.abc 03:04:05.1234567a 03:04+01 03Z 24:00 03:04:60 03:04:05+-1 \u06603 03:04:05\u1234 12\xe9-34:56""".split()
for text in texts:
    text = text.encode("ascii").decode("unicode_escape")
    for cls in (date, time, datetime, Day, Clock, Moment):
        try:
            result = repr(cls.fromisoformat(text))
        except ValueError as error:
            result = str(error)
        print(ascii(text), cls.__name__, ascii(result))

random.seed(11)
letters = "0123456789-+:.,TWZ "
for _ in range(600):
    text = list(random.choice(["2020-02-29T12:34:56.123456+05:30", "20200229T123456,5Z", "2020-W09-6T12", "12:34:56+01", "2020-02-29"]))
    for _ in range(random.randint(0, 2)):
        text[random.randrange(len(text))] = random.choice(letters)
    text = "".join(text)
    line = []
    for cls in (date, time, datetime):
        try:
            line.append(str(cls.fromisoformat(text)))
        except ValueError as error:
            line.append(str(error))
    print(text, *line)

values = [day, Day(1, 2, 3), t, t.replace(fold=1, tzinfo=utc), Clock(5), x, z, x.replace(fold=1), Moment(2020, 1, 1, tzinfo=timezone.max), d, Length(5), utc,
          timezone(timedelta(hours=2), "name"), day.isocalendar(), Initial(7)]
for value in values:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        data = pickle.dumps(value, protocol)
        again = pickle.loads(data)
        same = again == value if not isinstance(value, Initial) else again.arguments
        print(type(again).__name__, same, getattr(again, "fold", None), len(data), data[-30:])
    print(copy.copy(value) == value, copy.deepcopy(value) is value)
moment = Moment(2020, 1, 1)
moment.extra = 5
print(hasattr(pickle.loads(pickle.dumps(moment)), "extra"), copy.copy(utc) is utc)
for state in (b"cdatetime\ndate\n(U\x04\x07\xe4\x01\x02tR.", b"cdatetime\ndatetime\n(U\n\x07\xe4\x01\x02\x03\x04\x05\x00\x00\x06tR.", b"cdatetime\ntime\n(U\x06\x01\x02\x03\x00\x00\x04tR."):
    for encoding in ("ASCII", "latin1", "bytes"):
        try:
            print(encoding, repr(pickle.loads(state, encoding=encoding)))
        except Exception as error:
            print(encoding, type(error).__name__, error)
