# ast.parse(type_comments=True): where type comments may stand, what counts as one, and the ignores.
import ast

COMMENTS = [
    "# type: int", "#type: int", "#\ttype:\tint", "# type:int", "# type:  int  ", "# type : int", "# Type: int",
    "# type: ignore", "# type: ignore[abc]", "# type: ignore # x", "# type: ignored", "# type:ignore", "# type: ignore_",
    "# type: ignoreé", "# type: ignore123", "# type: ignore-x", "# type: ", "# type:", "# type: (int) -> str",
    "## type: int", "# type: int # noqa", "# type: List[int]  # é", "# type: \tignore", "# type: \u00a0x", "#\x0ctype: x",
]
FRAMES = ["x = 1 %s\n", "x = 1 %s", "def f(a):\n  %s\n  pass\n", "def f(a): %s\n  pass\n", "%s\nx = 1\n", "x = 1\n%s"]
PROGRAMS = [
    "with a: T\n pass\n", "with a as b: T\n pass\n", "with (a as b): T\n pass\n", "with (a): T\n pass\n",
    "with (a, b): T\n pass\n", "with (a, b) as c: T\n pass\n", "async def f():\n  async with a: T\n   pass\n",
    "async def f(): T\n  async for a in b: T\n   pass\n", "async def f():\n  async with (a as b): T\n   pass\n",
    "if x: T\n pass\n", "x = 1; y = 2 T\n", "x = 1; T\n", "x = y = 2 T\n", "x: int = 1 T\n", "x += 1 T\n", "x T\n",
    "x = ( T\n 1)\n", "x = (1 T\n )\n", "class A: T\n pass\n", "def f( T\n a): pass\n", "def f(a, T\n b): pass\n",
    "def f(a, T\n  b T\n ): pass\n", "def f(a=1, T\n  b=2 T\n ): pass\n", "def f(a T\n , b): pass\n",
    "def f(*, T\n a): pass\n", "def f(*a, T\n b): pass\n", "def f(*a T\n ): pass\n", "def f(**a T\n): pass\n",
    "def f(**a, T\n): pass\n", "def f(a, T\n /, T\n b, T\n *, T\n c, T\n **d T\n): pass\n",
    "def f(a, T\n /, b): pass\n", "def f(a, T\n *c, T\n d=1, T\n **e): T\n pass\n", "def f(a):\n T\n T\n pass\n",
    "def f(a): T\n T\n pass\n", "def f(a): pass T\n", "def f(a): x = 1 T\n", "def f(a):\n T\npass\n",
    "def f(a):\nT\n pass\n", "def f(a):\n    T\n pass\n", "def f(a):\n\n T\n pass\n", "def f(a):\n # c\n T\n pass\n",
    "lambda a, T\n b: 1\n", "(lambda a, T\n b: 1)\n", "f(a, T\n b)\n", "while 1: T\n pass\n",
    "for x in y: T\n pass\nelse: T\n pass\n", "for x in y:\n T\n pass\n", "T\n", "\nT\n", "x = 1\n\n T\n",
    "if 1:\n x = 1 T\n y = 2 T\n T\n", "@a\nT\ndef f(): pass\n", "x = '''\nT\n''' T\n", "def f(a,\n T\n b): pass",
    "def f(a, T\n T\n b): pass", "async def f(\n a, T\n):\n  T\n  pass\n", "def f(): T", "def f(a,b=1, T\n c): pass\n",
    "def f(* a: *b, T\n c): pass\n", "x = 1 T é\ny = 2 2\n", "for x in y: T\npass\n", "def f():\n T\n",
    "x = 1 T\r\ny = 2\n",
]
SIGNATURES = [
    "()->x", "(a)->b", "(*a)->b", "(**a)->b", "(a,b,*c,**d)->e", "(a,)->b", "(*a,b)->c", "(**a,*b)->c", "(a)->b,c",
    "(a)->", "a->b", "(a", "(...)->int", "() -> int # x", "\n() -> int", " () -> int", "() -> int x", "(a b)->c", "",
    "(x:=1)->y", "(\n a\n)->b", "() -> *a", "(é)->é", "(a) # type: ignore\n -> b",
]


def show(text, **how):
    try:
        print(repr(text), ast.dump(ast.parse(text, **how), include_attributes=True))
    except SyntaxError as error:
        print(repr(text), type(error).__name__, error.args)


for comment in COMMENTS:
    for frame in FRAMES:
        show(frame % comment, type_comments=True)
        if frame.startswith("x = 1"):
            show(frame % comment, type_comments=True, mode="single")
for program in PROGRAMS:
    show(program.replace("T", "# type: int"), type_comments=True)
    show(program.replace("T", "# type: ignore[x]"), type_comments=True)
    show(program.replace("T", "# type: int"))
for signature in SIGNATURES:
    show(signature, mode="func_type")
    show(signature, mode="func_type", type_comments=True)
# What is a comment to the compiler makes no difference to it.
tree = ast.parse("def f(a):  # type: (int) -> int\n    x = a + 1  # type: int\n    return x\n", type_comments=True)
space = {}
exec(compile(tree, "f", "exec"), space)
print(space["f"](2))
again = ast.parse("x = 1", type_comments=True)
again.type_ignores.append(ast.TypeIgnore(1, "[a]"))
again.body[0].type_comment = "T"
print(ast.unparse(again))
