# The traceback names every frame and marks with carets the part of the line that failed.

import sys


class Thing:
    attribute = None

    def method(self, *args):
        return self

    def fails(self):
        raise ValueError("in a method")

    @property
    def broken(self):
        return self.attribute.missing

    def __add__(self, other):
        raise TypeError("no addition here")

    def __getitem__(self, key):
        raise LookupError(key)

    def __iter__(self):
        raise RuntimeError("no iteration")

    def __enter__(self):
        raise OSError("cannot enter")

    def __exit__(self, *details):
        pass

    def __contains__(self, item):
        raise KeyError(item)

    def __bool__(self):
        raise ArithmeticError("no truth")

    def __call__(self):
        raise NotImplementedError


thing, zero, none, items, mapping = Thing(), 0, None, [1, 2, 3], {"a": {"b": None}}


def binary():
    return 1 + 2 * (3 / zero) - 4


def binary_whole():
    return (1 + 2) / zero


def subscript():
    return mapping["a"]["b"]["c"]["d"]


def attribute():
    return thing.method().attribute.missing.more


def call():
    return len(items) + int("not a number") + 5


def call_with_many_arguments():
    return thing.method(1, 2, thing.method(none(3), 4), key=5)


def several_lines():
    return thing.method(
        1,
        2 + "a",
        3,
    )


def operator_on_several_lines():
    value = (
        1
        + zero
        + none
    )
    return value


def comparison():
    return 1 < 2 < "a" < 3


def unary():
    return 1 + -none


def store():
    items[0], none.x, items[1] = 1, 2, 3


def delete():
    del items[0], mapping["zz"], items[1]


def augmented():
    items[10] += 1


def unpacking():
    (a, b), c = (1, 2, 3), 4


def loop():
    for item in zero:
        pass


def comprehension():
    return [item / zero for item in items if item]


def nested_generator():
    return sum(item // zero for item in items)


def conditional():
    return 1 if thing else 2


def boolean():
    return items and thing and items


def fstring():
    return f"{items} {none + 1} {zero}"


def lambda_call():
    return (lambda value: value.nope)(5)


def property_read():
    return thing.broken


def slicing():
    return items[1:2] + thing[1:2]


def power():
    return 2 ** zero ** none


def keyword_call():
    return binary(extra=1)


def with_statement():
    with thing as value:
        pass


def assertion():
    assert zero == 1, f"zero is {zero}"


def raising():
    raise ValueError("text") from None


def imported():
    import no_such_module_here


def name():
    return items + undefined_name


def membership():
    return 5 in items or 5 in thing


def walrus():
    return (value := none + 1)


def unicode_line():
    return "日本語", "é", none.é, "☃"


def very_long_line():
    return [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, none + 29, 30]


def starred():
    return [*items, *zero]


def dict_display():
    return {"a": 1, **items}


def class_body():
    class Local:
        field = 1 / zero


def decorated():
    @none
    def inner():
        pass


def default_argument():
    def inner(a=zero.nope):
        pass


def format_call():
    return "{} {}".format(1) % 5


def call_star():
    return thing.method(*zero, **items)


def instance_call():
    return [thing()]


def matrix():
    return items @ items


def delete_attribute():
    del thing.nope


def global_store():
    none[0] = items[0]


def two_statements():
    a = 1; b = a / zero; c = 2


for function in (
    binary, binary_whole, subscript, attribute, call, call_with_many_arguments, several_lines,
    operator_on_several_lines, comparison, unary, store, delete, augmented, unpacking, loop, comprehension,
    nested_generator, conditional, boolean, fstring, lambda_call, property_read, slicing, power, keyword_call,
    with_statement, assertion, raising, imported, name, membership, walrus, unicode_line, very_long_line, starred,
    dict_display, class_body, decorated, default_argument, format_call, call_star, instance_call, matrix,
    delete_attribute, global_store, two_statements, thing.fails
):
    try:
        function()
        print("no error from", function.__name__)
    except Exception:
        sys.excepthook(*sys.exc_info())
