# Augmented assignment on names, attributes, items and slices; in-place methods, fallbacks and evaluation order.

log = []


class InPlace:
    def __init__(self, value):
        self.value = value

    def __iadd__(self, other):
        log.append("iadd")
        self.value += other
        return self

    def __imul__(self, other):
        return NotImplemented

    def __mul__(self, other):
        log.append("mul")
        return InPlace(self.value * other)

    def __isub__(self, other):
        return "replaced"

    def __repr__(self):
        return f"InPlace({self.value})"


a = b = InPlace(1)
a += 5
print(a, a is b)
a *= 2
print(a, b, a is b)
a -= 1
print(a, log)


class Reflected:
    def __radd__(self, other):
        return f"radd {other}"

    def __rpow__(self, other):
        return f"rpow {other}"


n = 5
n += Reflected()
print(n)
n = 5
n **= Reflected()
print(n)
for operator in ("+", "-", "*", "/", "//", "%", "**", ">>", "<<", "&", "^", "|", "@"):
    scope = {"x": 13}
    try:
        exec(f"x {operator}= 3", scope)
        print(operator, scope["x"])
    except TypeError as error:
        print(operator, error)
for operator in ("+", "-", "*", "/", "//", "%", "**", ">>", "<<", "&", "^", "|", "@"):
    for left, right in ((object(), 1), ("a", None), (1, [])):
        try:
            exec(f"left {operator}= right")
            print(operator, left)
        except TypeError as error:
            print(operator, error)
print(log.clear())


def side(value):
    log.append(value)
    return value


data = {"k": [1, 2, 3]}
side(data)["k"][side(0)] += side(10)
print(data, [entry if isinstance(entry, int) else "data" for entry in log])


class Box:
    def __init__(self):
        self.gets = 0

    @property
    def value(self):
        self.gets += 1
        return 10

    @value.setter
    def value(self, new):
        print("set", new)


box = Box()
box.value += 5
box.value *= 2
print(box.gets)
items = [1, 2, 3]
items[1:] += [4]
items[0] -= 1
items[-1] <<= 3
print(items)
text = "a"
text += "b"
text *= 3
print(text)
t = (1,)
t += (2,)
s = {1}
alias = s
s |= {2}
s &= {2, 3}
print(t, s, alias is s)
x = True
x += True
x /= 4
print(x, end=" ")
y = 7
y //= 2
y %= 2
y |= 6
y ^= 1
y &= 5
print(y)


def local():
    total = 0
    for i in range(5):
        total += i
        total *= 2
    return total


def unbound():
    missing += 1


print(local())
try:
    unbound()
except UnboundLocalError as error:
    print(error)
try:
    undefined_name += 1
except NameError as error:
    print(error)
try:
    box.missing += 1
except AttributeError as error:
    print(error)
try:
    {}["k"] += 1
except KeyError as error:
    print(repr(error))
counts = {}
for word in "the cat the dog the end".split():
    counts[word] = counts.get(word, 0) + 1
counts["the"] -= 1
print(counts)
