# //, %, divmod and / follow floor semantics for every combination of signs and sizes.

values = [
    0, 1, -1, 2, -2, 3, -3, 7, -7, 10, -10, 2**30, -(2**30), 2**61 - 1, -(2**61), 2**62, -(2**62), 2**63, -(2**63)
]
values += [2**64 + 3, -(2**64) - 3, 10**30, -(10**30), 10**60 + 7]

checksum = 0
for a in values:
    for b in values:
        if b == 0:
            continue
        q, r = divmod(a, b)
        if q != a // b or r != a % b or q * b + r != a or abs(r) >= abs(b) or (r and (r < 0) != (b < 0)):
            print("wrong", a, b, q, r)
        checksum = (checksum * 31 + q * 7 + r) % (10**18 + 9)
print(checksum)

for a, b in ((7, 2), (-7, 2), (7, -2), (-7, -2), (6, 3), (-6, 3), (0, 5), (0, -5)):
    print(a, b, a // b, a % b, divmod(a, b), a / b)

print(-(2**61) // -1, -(2**62) // -1, -(2**63) // -1, -(2**63) % -1)
print(divmod(-(10**30), 7), divmod(10**30, -7), divmod(10**30, 10**15), divmod(10**15, 10**30))
print(-1 // 10**30, -1 % 10**30, 1 // -(10**30), 1 % -(10**30))
print((10**100 + 1) // (10**50 + 1), (10**100 + 1) % (10**50 + 1))

for a, b in (
    (1, 3), (2**53 + 1, 1), (2**54 + 3, 2), (10**400, 10**399), (1, 10**320), (3 * 10**200, 2 * 10**200), (-1, 7)
):
    print(a / b)

for expression in ("1 // 0", "1 % 0", "divmod(1, 0)", "1 / 0", "10**30 // 0", "10**30 % 0", "10**30 / 0", "0 / 0",
                   "10**400 / 1", "1 % True", "True // False", "pow(0, -1)", "0 ** -1"):
    try:
        print(expression, "=", eval(expression))
    except (ZeroDivisionError, OverflowError) as error:
        print(expression, "->", type(error).__name__, error)

print(True + True, True - 5, True * 7, False // 3, True % 2, -True, ~True, +True)
print(7 // 2 * 2 + 7 % 2, -7 // 2 * 2 + -7 % 2)
