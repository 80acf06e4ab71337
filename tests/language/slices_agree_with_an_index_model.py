# Reading, assigning and deleting slices of every sequence agrees with a model that walks the indices one by one.


def indices(start, stop, step, length):
    step = 1 if step is None else step
    if step > 0:
        start = 0 if start is None else (max(start + length, 0) if start < 0 else min(start, length))
        stop = length if stop is None else (max(stop + length, 0) if stop < 0 else min(stop, length))
    else:
        start = length - 1 if start is None else (max(start + length, -1) if start < 0 else min(start, length - 1))
        stop = -1 if stop is None else (max(stop + length, -1) if stop < 0 else min(stop, length - 1))
    result = []
    while (step > 0 and start < stop) or (step < 0 and start > stop):
        result.append(start)
        start += step
    return result


BOUNDS = [None, -9, -5, -4, -1, 0, 1, 3, 4, 5, 9, 2**70, -(2**70)]
STEPS = [None, 1, 2, 3, 7, -1, -2, -3, 2**70, -(2**70)]
sequences = [
    [10, 11, 12, 13, 14], (10, 11, 12, 13, 14), "abcde", "aé☃𝄞e", b"abcde", range(5), range(20, 3, -4), [], "", (),
    range(0), ["one"]
]
checked = 0
for sequence in sequences:
    items = [sequence[i : i + 1] if isinstance(sequence, (str, bytes)) else sequence[i] for i in range(len(sequence))]
    for start in BOUNDS:
        for stop in BOUNDS:
            for step in STEPS:
                expected = [items[i] for i in indices(start, stop, step, len(items))]
                result = sequence[start:stop:step]
                if isinstance(result, str):
                    same = result == "".join(expected)
                elif isinstance(result, bytes):
                    same = result == b"".join(expected)
                else:
                    same = list(result) == expected and type(result) is type(sequence)
                if not same or list(range(len(items)))[slice(start, stop, step)] != indices(start, stop, step, len(items)) or list(range(*slice(start, stop, step).indices(len(items)))) != indices(start, stop, step, len(items)):
                    print("wrong", repr(sequence), start, stop, step, repr(result))
                checked += 1
print("read", checked)
checked = refused = 0
for length in (0, 1, 4, 6):
    for start in BOUNDS[:-2]:
        for stop in BOUNDS[:-2]:
            for step in (None, 1, 2, 3, -1, -2):
                for new in ([], ["x"], ["x", "y"], ["x", "y", "z"]):
                    values = list(range(length))
                    places = indices(start, stop, step, length)
                    if step in (None, 1):
                        first = 0 if start is None else (max(start + length, 0) if start < 0 else min(start, length))
                        last = length if stop is None else (max(stop + length, 0) if stop < 0 else min(stop, length))
                        expected = values[:first] + new + values[max(first, last) :]
                        values[start:stop:step] = new
                    elif len(new) == len(places):
                        expected = values[:]
                        for place, item in zip(places, new):
                            expected[place] = item
                        values[start:stop:step] = new
                    else:
                        try:
                            values[start:stop:step] = new
                            print("accepted", length, start, stop, step, new)
                        except ValueError:
                            refused += 1
                        expected = values
                    if values != expected:
                        print("wrong assignment", length, start, stop, step, new, values, expected)
                    checked += 1
                values = list(range(length))
                expected = [i for i in values if i not in indices(start, stop, step, length)]
                del values[start:stop:step]
                if values != expected:
                    print("wrong deletion", length, start, stop, step, values)
                checked += 1
print("changed", checked, "refused", refused)
