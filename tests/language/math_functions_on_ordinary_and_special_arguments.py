# The math module: values rounded to 12 digits where libm may differ in the last place, and the errors of each domain.

import math

inf, nan = math.inf, math.nan
print(math.pi, math.e, math.tau, math.inf, math.nan)
for name in (
    "sqrt", "exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
    "cosh", "tanh", "asinh", "acosh", "atanh", "gamma", "lgamma", "erf", "erfc", "degrees", "radians", "fabs", "cbrt",
    "exp2"
):
    function = getattr(math, name)
    results = []
    for argument in (0, 0.5, 1, -1, 2.25, 10, -2.5, 1000, inf, -inf, nan):
        try:
            results.append("%.12g" % function(argument))
        except (ValueError, OverflowError) as error:
            results.append(f"{type(error).__name__}({error})")
    print(name, *results)
for name in ("floor", "ceil", "trunc"):
    function = getattr(math, name)
    print(name, [function(x) for x in (1.5, -1.5, 0.0, -0.0, 1e20, 7, -7, 2**62 + 0.0, 1e300 / 1e290)])
    for bad in (inf, nan, "a"):
        try:
            function(bad)
        except Exception as error:
            print(type(error).__name__, error)
print(
    math.pow(2, 0.5), math.pow(0, 0), math.atan2(1, -1), math.atan2(-0.0, -1), math.hypot(3, 4), math.hypot(1, 2, 2),
    math.hypot(), math.dist((0, 0), (3, 4))
)
print(
    math.fmod(7, -3), math.fmod(-7, 3), math.remainder(7, 4), math.remainder(5, 2), math.modf(-2.75), math.frexp(10),
    math.frexp(0.0), math.ldexp(0.75, 4)
)
print(
    math.copysign(3, -0.0), math.isnan(nan), math.isinf(-inf), math.isfinite(1e308), math.isclose(1, 1 + 1e-10),
    math.isclose(1, 1.1, rel_tol=0.2), math.isclose(0, 1e-9, abs_tol=1e-8)
)
print(
    math.fsum([0.1] * 10), math.fsum([1e100, 1.0, -1e100]), math.fsum([]), math.prod([1, 2, 3, 4]),
    math.prod([1.5, 2], start=2), math.prod([])
)
print(
    math.gcd(), math.gcd(12), math.gcd(12, -18), math.gcd(0, 0), math.gcd(10**30, 10**20 * 7), math.gcd(12, 18, 27),
    math.lcm(4, 6), math.lcm(), math.lcm(0, 5), math.lcm(2**62, 3)
)
print(
    [math.factorial(n) for n in (0, 1, 5, 20, 25)], math.comb(10, 3), math.comb(3, 10), math.comb(100, 50),
    math.perm(5), math.perm(5, 2), math.perm(2, 5)
)
print(
    [math.isqrt(n) for n in (0, 1, 15, 16, 17, 2**62, 10**40, 10**40 - 1)], math.log(8, 2), math.log(10**400) // 1,
    math.log2(2**2000), math.log10(10**300)
)
print(
    math.nextafter(1.0, 2.0), math.nextafter(0.0, -1.0), math.ulp(1.0), math.ulp(0.0), math.sqrt(2**62),
    math.sqrt(True)
)
for call in (
    "sqrt(-1)", "log(0)", "log(-1)", "log(2, 1)", "log()", "factorial(-1)", "factorial(1.5)", "isqrt(-1)",
    "comb(-1, 2)", "fmod(1, 0)", "fmod(inf, 1)", "pow(0, -1)", "pow(-1, 0.5)", "pow(10, 400)", "exp(1000)",
    "gcd(1.5)", "sqrt('a')", "sqrt()", "sqrt(1, 2)", "acos(2)", "ldexp(1.0, 5000)", "floor(None)", "prod(['a', 'b'])",
    "fsum(['a'])", "hypot('a')", "dist((1,), (1, 2))", "tan(inf)", "gamma(0)", "sqrt(10**400)", "sin(x=1)"
):
    try:
        print(call, "=", eval("math." + call.replace("inf", "math.inf")))
    except Exception as error:
        print(call, "->", type(error).__name__, error)


class Rounds:
    def __floor__(self):
        return "floored"

    def __ceil__(self):
        return "ceiled"

    def __trunc__(self):
        return "truncated"

    def __float__(self):
        return 6.25


print(math.floor(Rounds()), math.ceil(Rounds()), math.trunc(Rounds()), math.sqrt(Rounds()))
