# ZoneInfo: offsets, names and folds around transitions, caches, pickles, files that are no zones.
import copy
import io
import pickle
import zoneinfo
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo


class Other(ZoneInfo):
    pass


def show(source):
    try:
        print(source, "->", repr(eval(source)))
    except Exception as error:
        print(source, "!!", type(error).__name__, error)


paris = ZoneInfo("Europe/Paris")
for key in ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kolkata", "Africa/Casablanca", "Europe/Dublin"):
    zone = ZoneInfo(key)
    total = 0
    for year in (1800, 1911, 1945, 1970, 2020, 2037, 2038, 2050, 9998):
        moment = datetime(year, 1, 1, tzinfo=timezone.utc)
        for _ in range(40):
            local = moment.astimezone(zone)
            back = local.astimezone(timezone.utc)
            total += local.fold + (back == moment)
            moment += timedelta(days=9, minutes=37)
        print(key, local, local.tzname(), local.dst(), total)
    for fields in ((2020, 10, 25, 2, 30), (2020, 3, 29, 2, 30), (2050, 11, 6, 1, 30)):
        for fold in (0, 1):
            moment = datetime(*fields, fold=fold, tzinfo=zone)
            print(moment.utcoffset(), moment.dst(), moment.tzname(), moment.timestamp())
    print(time(1, tzinfo=zone).utcoffset(), zone.tzname(None), zone, repr(zone))
for source in """ZoneInfo() | ZoneInfo('nope') | ZoneInfo('Europe/Paris', 1) | ZoneInfo('Europe/Paris') is paris | ZoneInfo.no_cache('Europe/Paris') is paris
Other('Europe/Paris') is Other('Europe/Paris') | Other('Europe/Paris') is paris | paris.utcoffset(3) | paris.fromutc(3) | paris.fromutc(datetime(2020, 1, 1))
paris.key | pickle.loads(pickle.dumps(paris)) is paris | copy.copy(paris) is paris | paris.__reduce__()[1] | ZoneInfo.from_file(3) | ZoneInfo.from_file()
ZoneInfo.from_file(io.BytesIO(b'abc')) | ZoneInfo.clear_cache(1) | ZoneInfo.clear_cache(only_keys=3) | ZoneInfo.clear_cache(only_keys=['Europe/Paris'])
ZoneInfo('Europe/Paris') is paris | timezone.__base__.__new__(ZoneInfo)""".replace("\n", " | ").split(" | "):
    show(source)
data = open("/usr/share/zoneinfo/Europe/Paris", "rb").read()
own = ZoneInfo.from_file(io.BytesIO(data), key="own")
print(own, own.utcoffset(datetime(2020, 7, 1)))
try:
    pickle.dumps(own)
except pickle.PicklingError as error:
    print(error)
