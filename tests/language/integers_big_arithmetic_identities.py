# Arithmetic identities over operands of one to some thousand digits, where the algorithms of a big-integer library change.

seed = 1


def random_bits(bits):
    global seed
    n = 0
    for _ in range(0, bits, 48):
        seed = (seed * 25214903917 + 11) % 2**48
        n = n << 48 | seed
    return n >> (-bits % 48)


def checksum(n):
    return n % (2**61 - 1) ^ n % 1000003


SIZES = [1, 5, 30, 31, 32, 59, 60, 61, 62, 63, 64, 65, 120, 127, 128, 129, 250, 600, 1000, 2000, 4000, 9000, 20000]
total = 0
for i, bits in enumerate(SIZES):
    for other in SIZES[max(0, i - 6) : i + 7]:
        a, b = random_bits(bits) - random_bits(bits // 2 + 1), random_bits(other) + 1
        c = random_bits(min(bits, other)) + 3
        if (a + b) * (a - b) != a * a - b * b:
            print("difference of squares", bits, other)
        if (a + b) * c != a * c + b * c or a * b != b * a or -a * b != -(a * b):
            print("distribution", bits, other)
        q, r = divmod(a, b)
        if q * b + r != a or not 0 <= r < b or a // b != q or a % b != r or divmod(-a, b) != (-(a // b) - (r > 0), (b - r) % b) or (a * b + r) // b != a:
            print("division", bits, other)
        if (a << 77) >> 77 != a or (a << other) != a * 2**other or (a >> 13) != a // 8192 or (a & b) + (a | b) != a + b or a ^ b ^ b != a or ~a != -a - 1:
            print("bits", bits, other)
        if bits < 14000 and (int(str(a)) != a or int(hex(a), 16) != a or int(bin(a), 2) != a or int(oct(a), 8) != a or int(f"{a:_}") != a or int(f"{a:,}".replace(",", "")) != a):
            print("text", bits, other)
        if pow(c, 5, b) != c**5 % b or pow(a, 2) != a * a:
            print("power", bits, other)
        size = (abs(a).bit_length() + 8) // 8
        if int.from_bytes(
            a.to_bytes(size, "little", signed=True), "little", signed=True
        ) != a or abs(a).bit_count() != bin(a).count("1"):
            print("bytes", bits, other)
        total = (total * 31 + checksum(a * b) + checksum(q) + checksum(a - b)) % (2**61 - 1)
print(total)
for digits in (1, 9, 10, 18, 19, 20, 38, 39, 100, 500, 1000, 4000):
    n = int("7" * digits)
    print(digits, n % 97, n**3 % 10**9, str(n)[-4:], (n * n) >> (3 * digits))


def isqrt(n):
    x = 1 << (n.bit_length() + 1) // 2
    while True:
        y = (x + n // x) // 2
        if y >= x:
            return x
        x = y


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def pi_digits(n):
    """Digits of pi by Gibbons' spigot."""
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    out = []
    while len(out) < n:
        if 4 * q + r - t < m * t:
            out.append(str(m))
            q, r, m = 10 * q, 10 * (r - m * t), 10 * (3 * q + r) // t - 10 * m
        else:
            q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2
    return "".join(out)


def is_prime(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    for a in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        if a % n == 0:
            continue
        x = pow(a, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


print(isqrt(10**200) == 10**100, isqrt(2 * 10**100), gcd(2**200 * 3**50, 6**100) == 2**100 * 3**50)
print(pi_digits(200))
print([p for p in range(2, 60) if is_prime(p)], is_prime(2**127 - 1), is_prime(2**128 + 1), is_prime(10**50 + 151))
e, term, k = 10**120, 10**120, 1
while term:
    term //= k
    e, k = e + term, k + 1
print(str(e)[:100])
factorial = 1
for i in range(1, 400):
    factorial *= i
print(sum(map(int, str(factorial))), len(str(factorial)), factorial % (10**9 + 7), (factorial >> 1000) % 1000)
print(
    (1 << 5000) % 997, pow(3, 10**30, 10**15), -pow(2, 4001) // 3 % 10**12, (10**1000 // 7) % 10**20,
    10**300 - 1 == int("9" * 300)
)
