# format(), f-strings and % for floats: every presentation type, sign, width, grouping and precision.

values = [0.0, -0.0, 1.0, -1.5, 3.14159265, 1234567.891, 1e-7, 1e22, 0.5, 99.995, float("inf"), float("-nan"), 2.5e-310]
for value in values:
    print(" ".join(f"[{value:{spec}}]" for spec in (
        "", "f", "e", "g", "n", "%", ".0f", ".1f", ".3e", ".3g", ".0e", ".0g", "G", "E", "F"
    )))
for spec in (
    "10", "<10", ">10", "^10", "=10", "010", "+", " ", "-", "+.2f", " .2f", "*^12.2f", "=+12.2f", "012.3f", ",",
    ",.2f", "_.2f", "015,.2f", "#g", "#.0f", "#.0e", "z", "z.1f", ".10", ".17", ".3", "20.15", "+e", "x<9.1%", ".20f",
    ".50g"
):
    print(spec, *(f"[{value:{spec}}]" for value in (1234.5678, -0.04, 1e10)))
for spec in ("d", "x", "s", "c", ",_", ".", "..2f", "5.f", ",n", ".2d", "q", "0>+ f"):
    try:
        print(spec, format(1.5, spec))
    except ValueError as error:
        print(spec, "->", error)
print("%f %e %g %F %E %G" % ((1234.5678,) * 6))
print("%.0f|%.1f|%10.2f|%-10.2f|%010.2f|%+.2f|% .2f|%#.0f|%.3g|%#.3g" % ((2.5,) * 10))
print(
    "%f %e %g" % (float("inf"), float("nan"), float("-inf")), "%.2f" % 10**3, "%.1f" % True, "%s %r" % (1.5, 0.1),
    "%d" % 2.9, "%*.*f" % (9, 3, 2.71828)
)
for value in (0.5, 1.5, 2.5, 0.125, 0.375, 1e15 + 0.5, 2.675, 1.45):
    print("%.0f %.1f %.2f" % (value, value, value))
print(f"{1e100:.0f}")
print(f"{123456789.0:.3} {123456789.0:.9} {0.0001:.1} {0.00001:.1} {1e16:} {1e15:} {100000.0:g} {1000000.0:g}")
print(f"{1e-5!r:>10} {3.0!s:<6}| {2.0:{10}.{3}f} {-1.0:=+08.2f} {float('inf'):010} {float('nan'):+} {float('inf'):,.2f}")
for template, argument in (("%f", "a"), ("%.2f", None), ("%e", [1]), ("%d", "1"), ("%d", None), ("%g", 10**400)):
    try:
        print(template % argument)
    except Exception as error:
        print(type(error).__name__, error)
