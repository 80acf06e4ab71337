# Small, boundary and big integers agree under + - *, including where an inline representation overflows.

edges = []
for power in (0, 1, 7, 8, 15, 16, 29, 30, 31, 32, 52, 53, 59, 60, 61, 62, 63, 64, 65, 127, 128, 200):
    for delta in (-1, 0, 1):
        edges.append(2**power + delta)
        edges.append(-(2**power) + delta)

checksum = 0
for a in edges:
    for b in edges:
        total, difference, product = a + b, a - b, a * b
        if total - b != a or difference + b != a or (b and product // b != a):
            print("inconsistent", a, b)
        checksum = (checksum * 1000003 + total * 3 + difference * 5 + product * 7) % (2**89 - 1)
print(len(edges), checksum)

for base in (2**61, 2**62, 2**63, 2**64, 2**65):
    print(base - 1, base, base + 1)
    print(-base - 1, -base, -base + 1)
    print((base - 1) + 1, (base + 1) - 1, base + base, base - base, base * base)
    print((base - 1) * -1, -base + base, -(-base), +base)

n = 1
for i in range(1, 30):
    n *= i
    print(i, n)
for i in range(29, 0, -1):
    n //= i
print(n)

x = 2**61 - 2
for _ in range(5):
    x += 1
    print(x, -x, x * x)
x = -(2**61) + 2
for _ in range(5):
    x -= 1
    print(x, -x, abs(x))

a = 123456789012345678901234567890
b = 987654321098765432109876543210
print(a + b, a - b, b - a, a * b, -a * b, a * -b, -a * -b)
print(a * 0, 0 * a, a * 1, a * -1, a + 0, a - a)
print(3**400 * 7**300 - 7**300 * 3**400)
print((10**50 + 1) * (10**50 - 1))
print((2**3000 - 1) * (2**2999 + 1) % (10**40))
