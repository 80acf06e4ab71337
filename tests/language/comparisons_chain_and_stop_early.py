# Chained comparisons evaluate each operand once and stop at the first false link; identity and membership chain too.

log = []


def v(x):
    log.append(x)
    return x


def show(value):
    print(value, log)
    log.clear()


show(v(1) < v(2) < v(3))
show(v(1) < v(0) < v(3))
show(v(1) < v(2) > v(0) != v(5))
show(v(3) == v(3) == v(3.0))
show(v(1) in v([1, 2]) == v(True))
show(v(2) is v(2) is not v(None))
show(v(1) < v(2) and v(3) > v(4) or v(5))
show(not v(1) < v(2))
show((v(1) < v(2)) == v(True))
show(v(0) not in v([]) != v(0))
show(v(5) > v(4) > v(3) > v(2) > v(1))
show([v(i) < v(i + 1) < v(2) for i in range(3)])


class Loud:
    def __init__(self, name, result):
        self.name, self.result = name, result

    def __lt__(self, other):
        print(self.name, "<", getattr(other, "name", other))
        return self.result

    def __eq__(self, other):
        print(self.name, "==", getattr(other, "name", other))
        return self.result

    def __bool__(self):
        print("bool", self.name)
        return True


print(Loud("a", [1]) < Loud("b", "") < Loud("c", 0))
print(Loud("a", []) < Loud("b", 1) < Loud("c", 1))
print(Loud("a", Loud("r", 1)) < Loud("b", "last") < Loud("c", 0))
print(
    1 == 1.0 == True, 1 < 2 < 3 < 4, 1 < 3 < 2, "a" < "b" < "c", (1 < 2) < 2, 1 < (2 < 2), not 1 == 2, [] is not None,
    None is None is None
)
x = 5
print(0 < x < 10, 0 < x > 3, x == 5 in [5], x in [1, 5] and x not in [2], 1 <= x <= 5 <= 5, x if 1 < x < 10 else -x)
if 1 < x < 3:
    print("small")
elif 3 < x <= 5:
    print("medium")
while 0 < x < 10:
    x += 2
print(x)
for expression in (
    "1 < 'a' < 2", "1 < 2 < 'a'", "3 < 2 < 'a'", "None < None", "[] < {}", "object() >= 1", "1 in 5", "1 in 'a'",
    "None in 'a'", "(lambda: 0) > 1", "{} > {}", "range(2) < range(3)", "slice(1) < 1", "int < str", "len < 5",
    "NotImplemented < 1", "... > ..."
):
    try:
        print(expression, "=", eval(expression))
    except TypeError as error:
        print(expression, "->", error)
print(
    [] == [], [] is [], () == (), None == 0, "" == 0, [] == False, 0 == False, object() == 1, int == int, len is len,
    (1, [2]) == (1, [2])
)
