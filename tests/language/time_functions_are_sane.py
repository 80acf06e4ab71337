# time: clocks move forward, sleep sleeps, struct_time converts; nothing printed depends on the moment.

import time

start, cpu, monotonic, counter = time.time(), time.process_time(), time.monotonic(), time.perf_counter()
sum(range(10000))
time.sleep(0.02)
print(
    time.time() >= start + 0.015, time.process_time() >= cpu, time.monotonic() >= monotonic + 0.015,
    time.perf_counter() >= counter + 0.015, time.process_time() - cpu < 5
)
print(
    type(time.time()).__name__, type(time.time_ns()).__name__, type(time.monotonic_ns()).__name__,
    type(time.perf_counter_ns()).__name__, type(time.process_time_ns()).__name__, time.time() > 1.6e9,
    abs(time.time_ns() / 1e9 - time.time()) < 5
)
t = time.gmtime(0)
print(
    t, t.tm_year, t[0], len(t), t.tm_wday, t.tm_yday, t.tm_isdst, tuple(t), time.gmtime(1700000000.9)[:6],
    time.gmtime(86400 * 365).tm_year
)
print(
    time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1700000000)), time.strftime("%j %a %b %d %%", time.gmtime(0)),
    time.asctime(time.gmtime(0)), time.strftime("%y%m%d", (2020, 2, 3, 4, 5, 6, 0, 34, 0))
)
print(
    time.mktime(time.localtime(1000000)) == 1000000.0, time.localtime(0)[:1][0] in (1969, 1970),
    isinstance(time.timezone, int), len(time.tzname), time.daylight in (0, 1)
)
values = [time.monotonic() for _ in range(1000)]
print(values == sorted(values), time.sleep(0), time.sleep(0.001))
for call in (
    "time.sleep(-1)", "time.sleep('a')", "time.sleep()", "time.gmtime('a')", "time.strftime(5)",
    "time.strftime('%Y', (1, 2))", "time.nope", "time.sleep(float('nan'))", "time.gmtime(10**30)",
    "time.struct_time((1, 2))", "time.struct_time(range(9)).tm_mon", "time.asctime((1,))", "time.time(1)",
    "time.gmtime(float('inf'))"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
