"""The same loops over receivers of one class, of two to four, and of twelve.

Separates what a call site costs when it is monomorphic, polymorphic and megamorphic: methods, attributes, properties,
operators and callables, as in the studies of inline caches since Hoelzle, Chambers and Ungar (1991).
"""

import sys


class Shape:
    """What all shapes share; `sides` is a class attribute, `scale` an instance attribute."""

    sides = 0

    def __init__(self, size):
        self.size = size
        self.scale = 1

    def area(self):
        raise NotImplementedError

    def describe(self):
        return self.sides * 1000 + self.area()

    @property
    def doubled(self):
        return self.size * 2

    def __add__(self, other):
        return self.area() + other.area()

    def __call__(self, factor):
        return self.size * factor


def make_class(sides):
    """A class of its own, with a method of its own and a layout of its own."""

    class Polygon(Shape):
        def __init__(self, size):
            super().__init__(size)
            setattr(self, f"tag{sides}", sides)

        def area(self):
            return self.size * sides + self.scale

    Polygon.sides = sides
    Polygon.__name__ = Polygon.__qualname__ = f"Polygon{sides}"
    return Polygon


CLASSES = [make_class(sides) for sides in range(3, 15)]


def receivers(kinds, number):
    """`number` shapes of `kinds` classes in a fixed, shuffled order."""
    result = []
    state = 7
    for index in range(number):
        state = (state * 75 + 74) % 65537
        result.append(CLASSES[state % kinds](index % 10))
    return result


def sum_methods(shapes):
    total = 0
    for shape in shapes:
        total += shape.area()
    return total


def sum_inherited(shapes):
    total = 0
    for shape in shapes:
        total += shape.describe()
    return total


def sum_attributes(shapes):
    total = 0
    for shape in shapes:
        total += shape.size + shape.sides
        shape.scale = 1
    return total


def sum_properties(shapes):
    total = 0
    for shape in shapes:
        total += shape.doubled
    return total


def sum_operators(shapes):
    total = 0
    previous = shapes[0]
    for shape in shapes:
        total += previous + shape
        previous = shape
    return total


def sum_calls(callables):
    total = 0
    for function in callables:
        total += function(3)
    return total


LOOPS = (sum_methods, sum_inherited, sum_attributes, sum_properties, sum_operators, sum_calls)


def main(rounds):
    for kinds in (1, 2, 4, 12):
        shapes = receivers(kinds, 1000)
        totals = [0] * len(LOOPS)
        for _ in range(rounds):
            for index, loop in enumerate(LOOPS):
                totals[index] += loop(shapes)
        print(f"{kinds:>2} classes:", *totals)
    callables = [abs, float, lambda x: x + 1, CLASSES[0](2), CLASSES[1](3).__call__, int, complex] * 150
    print("callables:", sum(sum_calls(callables) for _ in range(rounds)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 130)
