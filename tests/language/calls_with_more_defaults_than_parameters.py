# __defaults__ may be longer than the parameters; % on bytes takes no text for a mapping.
def f(a, b=1):
    return a, b


f.__defaults__ = (5, 6, 7)
for arguments in ((), (1,), (1, 2), (1, 2, 3)):
    try:
        print(f(*arguments))
    except TypeError as error:
        print(error)

for pattern in (b"ab", bytearray(b"ab"), b"%%", "ab"):
    for argument in ("", "x", b"", b"x", {}, [], (), None):
        try:
            print(pattern, argument, pattern % argument)
        except TypeError as error:
            print(pattern, argument, error)
