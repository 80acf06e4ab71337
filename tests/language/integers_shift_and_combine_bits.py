# << >> & | ^ ~ treat integers as infinite two's complement.

values = [
    0, 1, -1, 5, -5, 255, -256, 2**30, -(2**30), 2**60 + 12345, 2**61, -(2**61), 2**62 - 1, -(2**62), 2**63, 2**64 - 1
]
values += [-(2**64), 2**100 + 2**50 + 1, -(2**100) - 2**50 - 1]

checksum = 0
for a in values:
    for b in values:
        conjunction, disjunction, exclusive = a & b, a | b, a ^ b
        if conjunction + disjunction != a + b or exclusive != disjunction - conjunction or ~(~a & ~b) != disjunction:
            print("wrong", a, b)
        checksum = (checksum * 131 + conjunction * 3 + disjunction * 5 + exclusive * 7) % (2**61 - 1)
    for shift in (0, 1, 2, 29, 30, 31, 59, 60, 61, 62, 63, 64, 65, 100, 200):
        left, right = a << shift, a >> shift
        if left >> shift != a or left != a * 2**shift or right != a // 2**shift:
            print("wrong shift", a, shift)
        checksum = (checksum * 131 + left + right) % (2**61 - 1)
print(checksum)

for a in values:
    print(a, ~a, a & 0xFF, a | 0xFF, a ^ -1, a >> 3, a << 3)

print(-1 >> 1000, 1 >> 1000, -1 << 100, 1 << 100, 0 << 10**20, 0 >> 10**20, 5 >> 10**20, -5 >> 10**20)
print(True & True, True | False, True ^ True, ~False, True & 3, True << 3, 6 & True)
print(0xF0 & 0x3C, 0xF0 | 0x3C, 0xF0 ^ 0x3C, 0xF0 & ~0x30)
print((1 << 64) - 1 & -(1 << 32), (1 << 61) ^ (1 << 62), -(1 << 61) | 1)

for expression in (
    "1 << -1", "1 >> -1", "10**30 << -1", "1 << 1.0", "1.0 & 1", "1 | 'a'", "~1.5", "1 << 10**30", "'a' >> 2"
):
    try:
        print(expression, "=", eval(expression))
    except Exception as error:
        print(expression, "->", type(error).__name__, error)

x = 0b1011
x <<= 70
x |= 1
x ^= 3
x >>= 2
x &= ~(1 << 68)
print(x, bin(x), x.bit_length(), x.bit_count())
