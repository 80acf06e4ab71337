# stdin: first line\nsecond  line \n\nnumbers 1 2 3\nrest one\nrest two\nunterminated
# input() and sys.stdin: prompts, blank lines, end of file, and reading the rest.

import sys

print(repr(input()))
print(repr(input("prompt> ")))
print(repr(input()))
print([int(word) for word in input("").split()[1:]])
print(repr(sys.stdin.readline()), repr(sys.stdin.read(4)))
print(list(sys.stdin))
for _ in range(2):
    try:
        print(repr(input("at the end> ")))
    except EOFError as error:
        print(type(error).__name__, error)
print(repr(sys.stdin.read()), sys.stdin.readline() == "", sys.stdin.fileno(), sys.stdin.name, sys.stdin.isatty())
for call in ("input(1, 2)", "input(prompt=1)"):
    try:
        eval(call)
    except TypeError as error:
        print(error)
