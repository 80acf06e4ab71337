# while and for with else, break and continue at every depth, modified loop variables and iterables.


def search(needle, haystack):
    for index, item in enumerate(haystack):
        if item == needle:
            result = f"found at {index}"
            break
    else:
        result = "not found"
    return result


print(search(3, [1, 2, 3]), search(9, [1, 2, 3]), search(1, []))
n = 0
while n < 3:
    n += 1
    if n == 2:
        continue
    print("while", n)
else:
    print("while else", n)
while n:
    n -= 1
    if n == 1:
        break
else:
    print("never")
while False:
    print("never")
else:
    print("else of an empty while")
for x in ():
    pass
else:
    print("else of an empty for")
for i in range(3):
    for j in range(3):
        if j == 2:
            break
        if i == 1:
            continue
        print(i, j, end="; ")
    else:
        print("inner else")
        continue
    if i == 2:
        break
else:
    print("outer else")
print("\nafter", i, j)
for i in range(5):
    i *= 10
    print(i, end=" ")
print(i)
items = [1, 2, 3]
for item in items:
    items = [9, 9]
    print(item, end=" ")
print(items)
for a, (b, *c) in [(1, "xyz"), (2, "w")]:
    print(a, b, c)


class Target:
    pass


target = Target()
for target.x in range(3):
    print(target.x, end=" ")
slots = [0, 0]
for slots[1] in "ab":
    print(slots)
for i, slots[i] in enumerate([7, 8]):
    pass
print(slots, i)
for line in "a", "b":
    print(line)
for x in 1, *[2, 3], 4:
    print(x, end=" ")
print()


def primes(limit):
    found = []
    for n in range(2, limit):
        for p in found:
            if n % p == 0:
                break
        else:
            found.append(n)
    return found


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


print(primes(50), [collatz(n) for n in (1, 7, 27, 97)], gcd(1071, 462))


def early_return():
    while True:
        for i in range(10):
            if i == 5:
                return i
        else:
            return "else"


def nested_breaks():
    trace = []
    while True:
        while True:
            trace.append("inner")
            break
        else:
            trace.append("inner else")
        trace.append("outer")
        if len(trace) > 5:
            break
    return trace


def condition_order():
    trace = []

    def check(value):
        trace.append(value)
        return value

    while check(len(trace) < 4) and check(True):
        if len(trace) > 3:
            continue
    return trace


def big_loop():
    total = 0
    for i in range(100000):
        if i % 3 == 0:
            continue
        if i > 90000:
            break
        total += i & 7
    return total, i


def counters():
    i = j = k = 0
    while i < 10:
        i += 1
        j = 0
        while j < 10:
            j += 1
            if (i + j) % 2:
                continue
            k += i * j
    return i, j, k


print(early_return(), nested_breaks(), condition_order(), big_loop(), counters())
data = {1: "a", 2: "b"}
for key in data:
    print(key, data[key], end=" ")
for key, value in data.items():
    print(key, value, end=" ")
for character in "é☃":
    print(ord(character), end=" ")
for byte in b"ab":
    print(byte, end=" ")
print()
i = 100
for i in range(0):
    pass
print(i)
del i
for i in []:
    pass
print("i" in globals())
if 0:
    print("never")
elif "":
    print("never")
elif []:
    print("never")
else:
    print("else of if")
if 1: print("one line"); print("two statements")
while 1: break
for _ in "x": print("one-line for")
for source in (
    "break", "continue", "if 1: break", "def f(): break", "class C: continue", "for x in y: def f(): break",
    "for x in y:\n    class C:\n        break", "while 1:\n    def f():\n        continue",
    "for x in y: pass\nelse: break", "for x in y:\n    lambda: break", "else: pass", "for x in y", "while",
    "for in y: pass", "for x y: pass", "for f() in y: pass", "for 5 in y: pass", "while 1: pass else: pass", "if 1:",
    "elif 1: pass"
):
    try:
        compile(source, "<s>", "exec")
        print(repr(source), "compiles")
    except SyntaxError as error:
        print(repr(source), "->", type(error).__name__, error.msg, error.lineno, error.offset)
