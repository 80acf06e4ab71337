"""Sorts records by keys of every kind, with the built-in sort and with sorts written in Python.

Keys that are attributes, tuples, lower-cased strings, negated numbers and comparison methods; stability is relied on
and checked; heap sort, merge sort and quick sort work on lists of integers.
"""

import sys

NAMES = ("Ada", "bruno", "Clara", "dmitri", "Elif", "farid", "Grete", "hugo", "Ines", "jonas", "Kim", "lars")


class Person:
    def __init__(self, number, name, age, score):
        self.number = number
        self.name = name
        self.age = age
        self.score = score

    def __lt__(self, other):
        if self.age != other.age:
            return self.age < other.age
        return self.score < other.score

    def __eq__(self, other):
        return self.age == other.age and self.score == other.score

    __hash__ = None


def random_numbers(number, seed):
    state = seed
    for _ in range(number):
        state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        yield state >> 33


def make_people(number):
    people = []
    for index, draw in enumerate(random_numbers(number, 99)):
        name = NAMES[draw % len(NAMES)] + str(draw // 7 % 40)
        people.append(Person(index, name, 18 + draw // 11 % 70, draw % 10007 / 8.0))
    return people


def check_order(items, key):
    previous = None
    for item in items:
        current = key(item)
        if previous is not None and current < previous:
            raise RuntimeError("not sorted")
        previous = current


def checksum(people):
    result = 0
    for position, person in enumerate(people):
        result = (result * 33 + person.number * (position + 1)) & 0xFFFFFFFF
    return result


def sort_people(people):
    by_age = sorted(people, key=lambda person: person.age)
    by_name = sorted(people, key=lambda person: person.name.lower())
    by_both = sorted(people, key=lambda person: (person.name, -person.age))
    twice = sorted(sorted(people, key=lambda person: person.score), key=lambda person: person.age, reverse=True)
    naturally = sorted(people)
    check_order(by_name, lambda person: person.name.lower())
    check_order(naturally, lambda person: (person.age, person.score))
    return [checksum(order) for order in (by_age, by_name, by_both, twice, naturally)]


def heap_sort(items):
    """Floyd's bottom-up heap construction, then repeated removal of the maximum."""

    def sift_down(root, end):
        value = items[root]
        child = 2 * root + 1
        while child < end:
            if child + 1 < end and items[child] < items[child + 1]:
                child += 1
            if value >= items[child]:
                break
            items[root] = items[child]
            root, child = child, 2 * child + 1
        items[root] = value

    for root in range(len(items) // 2 - 1, -1, -1):
        sift_down(root, len(items))
    for end in range(len(items) - 1, 0, -1):
        items[0], items[end] = items[end], items[0]
        sift_down(0, end)


def merge_sort(items):
    if len(items) <= 1:
        return items
    middle = len(items) // 2
    left, right = merge_sort(items[:middle]), merge_sort(items[middle:])
    merged = []
    i = j = 0
    while i < len(left) and j < len(right):
        if right[j] < left[i]:
            merged.append(right[j])
            j += 1
        else:
            merged.append(left[i])
            i += 1
    merged.extend(left[i:])
    merged.extend(right[j:])
    return merged


def quick_sort(items, low, high):
    while low < high:
        pivot = items[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while pivot < items[j]:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        if j - low < high - i:
            quick_sort(items, low, j)
            low = i
        else:
            quick_sort(items, i, high)
            high = j


def main(number):
    for sum_of_order in sort_people(make_people(number)):
        print("order:", sum_of_order)
    numbers = list(random_numbers(number, 7))
    expected = sorted(numbers)
    heaped, quick = numbers[:], numbers[:]
    heap_sort(heaped)
    quick_sort(quick, 0, len(quick) - 1)
    if not (heaped == expected == quick == merge_sort(numbers)):
        raise RuntimeError("the sorts disagree")
    print("median:", expected[len(expected) // 2])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25000)
