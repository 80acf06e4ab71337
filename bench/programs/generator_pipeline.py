"""Records flow through a chain of generators: read, parse, filter, join, window, reduce.

A workload of `yield`, `yield from`, generator expressions and `send`, in which no list of all records ever exists.
"""

import sys

STATIONS = ("north", "south", "east", "west", "center")


def readings(number):
    """Lines of text as a device would send them: station, tick, value, and now and then a line that makes no sense."""
    state = 12345
    for tick in range(number):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        station = STATIONS[(state >> 16) % len(STATIONS)]
        if state % 97 == 0:
            yield f"# noise {state & 255}"
        else:
            yield f"{station},{tick},{(state >> 8) % 2000 - 1000}"


def parsed(lines):
    for line in lines:
        if line.startswith("#"):
            continue
        station, tick, value = line.split(",")
        yield station, int(tick), int(value)


def calibrated(records, offsets):
    for station, tick, value in records:
        yield station, tick, value + offsets[station]


def plausible(records, limit):
    return (record for record in records if -limit <= record[2] <= limit)


def grouped(records, size):
    group = []
    for record in records:
        group.append(record)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def flattened(groups):
    for group in groups:
        yield from group


def sliding_sums(records, width):
    """(station, sum of its last `width` values) for every record."""
    windows = {}
    for station, _, value in records:
        window = windows.get(station)
        if window is None:
            window = windows[station] = [0] * width
        window.append(value)
        del window[0]
        yield station, sum(window)


def running_statistics():
    """A coroutine: send a number, get (count, minimum, maximum, total) so far."""
    count = total = 0
    low = high = None
    answer = None
    while True:
        value = yield answer
        count += 1
        total += value
        low = value if low is None or value < low else low
        high = value if high is None or value > high else high
        answer = (count, low, high, total)


def depth_first(node):
    """Every leaf below a node (a tuple), by nested delegation."""
    if isinstance(node, tuple):
        for child in node:
            yield from depth_first(child)
    else:
        yield node


def nested(depth, start):
    if depth == 0:
        return start
    return (nested(depth - 1, start * 2), start, nested(depth - 1, start * 2 + 1))


def main(number):
    offsets = {station: 10 * index for index, station in enumerate(STATIONS)}
    records = plausible(calibrated(parsed(readings(number)), offsets), 900)
    records = flattened(grouped(records, 16))
    statistics = {}
    results = {}
    for station, value in sliding_sums(records, 8):
        collector = statistics.get(station)
        if collector is None:
            collector = statistics[station] = running_statistics()
            next(collector)
        results[station] = collector.send(value)
    for station in STATIONS:
        print(station, *results.get(station, ()))
    tree = nested(10, 1)
    print("leaves:", sum(1 for _ in depth_first(tree)), sum(leaf for leaf in depth_first(tree)))
    for collector in statistics.values():
        collector.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300000)
