# ** and pow(): small, big and negative exponents, results that turn into floats, and the three-argument form.

for base in (-3, -2, -1, 0, 1, 2, 3, 10):
    print(base, [base**e for e in range(8)])
print(2**61, 2**62, 2**63, 2**64, 2**65, (-2) ** 61, (-2) ** 62, (-2) ** 63, (-2) ** 64)
print(2**-1, 10**-3, (-2) ** -3, 1**-1, 7**-2)
print(3**200)
print(-(2**2), (-2) ** 2, 2**3**2, 2**-(1))
print((10**20) ** 5, (10**20) ** 0, (-(10**20)) ** 3)
print(0**0, pow(0, 0), pow(5, 0, 1), pow(5, 0, 7))

for b, e, m in ((2, 10, 1000), (3, 100, 7), (7, 2**64, 1000003), (-3, 3, 7), (3, 3, -7), (-3, 3, -7), (10, 0, 1),
                (2, 1000, 10**9 + 7), (12345678901234567890, 98765432109876543210, 10**18 + 9), (5, 1, 5), (0, 5, 3)):
    print(pow(b, e, m), end=" ")
print()
for a, m in ((3, 7), (10, 17), (2, 2**89 - 1), (-3, 7), (3, -7), (1, 1), (65537, 10**30 + 57)):
    inverse = pow(a, -1, m)
    print(inverse, a * inverse % m, pow(a, -3, m))

for expression in ("pow(2, -1, 4)", "pow(2, 5, 0)", "pow(2, 1.5, 3)", "pow(2.0, 2, 3)", "pow('a', 2)", "2 ** 'a'",
                   "0 ** -1", "0.0 ** -1", "pow(2)", "pow(1, 2, 3, 4)", "pow(base=2, exp=5)", "pow(2, exp=5, mod=7)",
                   "pow(0, -5)", "pow(6, -2, 9)", "pow(True, 2)", "True ** True", "pow(2, 3, None)"):
    try:
        value = eval(expression)
        print(expression, "=", value, type(value).__name__)
    except Exception as error:
        print(expression, "->", type(error).__name__, error)

print(7**77 % 10**20, len(str(7**777)), 2**0.5, (-8) ** 2.0, 4**-0.5)
n = 3
n **= 4
n **= 2
print(n)
