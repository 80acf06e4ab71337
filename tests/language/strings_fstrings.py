# f-strings: expressions, conversions, nested specs, quotes, the = form, multi-line and errors.

name, value, width, items = "world", 42, 8, [1, 2, 3]
print(
    f"hello {name}", f"{value}", f"{value + 1} {value * 2!r}", f"{name!r} {name!s} {'é'!a}", F"{1}" f"{2}" "3{4}",
    f"{{}} {{{value}}}", f""
)
print(f"{value:5}|{value:<5}|{value:^{width}}|{value:>{width}.1f}|{value:{'0'}{width}}|{value:#x}|{3.14159:.{2}f}")
print(
    f"{value=}", f"{value = }", f"{value=:5}", f"{name=!s}", f"{name=!r:>10}", f"{ value + 1 = }", f"{items[0]=}",
    f"{len(items)=}", f"{'a'=}"
)
print(
    f"{items} {items[1]} {items[-1]:03d} {items!r:>15}", f"{(lambda x: x * 2)(3)}", f"{[x * 2 for x in items]}",
    f"{ {'a': 1}['a'] }", f"{'yes' if value else 'no'}", f"{value if value > 1 else 0}"
)
print(f"{'nested ' + f'{name}'}", f'{"double"}', f"""{'triple'} {name}
second {value}""", f'''{
    value
}''')
print(
    rf"\n{value}\t", fr"{name}\d", f"\n".encode(), f"\x41{value}\u2603", f"\N{SNOWMAN}{value}", f"{value!r:^{width}}",
    f"{1,}", f"{1, 2}", f"{*items, 4}"
)
print(
    f"{(yield_ := 5)} {yield_}", f"{value:%}", f"{True}", f"{None}", f"{...}", f"{-value}", f"{not value}",
    f"{value != 1}", f"{value >= 1}", f"{value == 42}", f"{value<50}"
)


class Formats:
    def __format__(self, spec):
        return f"[{spec}]"

    def __str__(self):
        return "str"


thing = Formats()
print(
    f"{thing}", f"{thing:abc}", f"{thing!s:>5}", f"{thing:{value}}", f"{thing:a{value}b{name}c}", f"{thing:{{}}}",
    f"{thing:%Y-%m-%d}", f"{thing!s}", f"{thing: }"
)


def outer():
    captured = "closure"

    def inner():
        return f"{captured!r} {[captured for _ in range(2)]}"

    return inner()


print(
    outer(), f"{'a' 'b'}", f"{value}" "%s" % 1, "%s" f"{value}" % 2, f"{'{'}", f"{'}'}", f"{':'}", f"{'!'}",
    f"{'a' if 'a' != 'b' else 'c'}"
)
total = ""
for i in range(5):
    total += f"{i}:{i * i:>3};"
print(
    total, f"{f'{1}' + f'{2}'}", f"{value:{width}}" == format(value, "8"), f"{1e10:.3e} {10**10:,}",
    f"{'x':*^{2 * 3}}"
)
for source in (
    "f'{'", "f'}'", "f'{}'", "f'{ }'", "f'{a b}'", "f'{1!x}'", "f'{1!}'", "f'{1:{2:{3}}}'", "f'{lambda x: 1}'",
    "f'{a\\b}'", "f'{#}'", "f'{1'", "f'{[}'", "f'{)}'", "f'{!r}'", "f'{=}'", "f'{1=!}'", "f'{undefined}'",
    "f'{1:d!r}'", "f'{\"a\":d}'", "f'{*1}'", "f'{1 +}'", "f'{yield}'", "f'{(1}'", "f'{a$b}'", "f'{1!rr}'"
):
    try:
        print(source, "->", eval(source))
    except Exception as error:
        print(source, "->", type(error).__name__, str(error).split(" (<")[0])
