# ast.parse(feature_version=): what each minor version did not have yet, and in which words it is refused.
import ast
import warnings

warnings.simplefilter("ignore")
PROGRAMS = [
    "x: int = 1\n", "(x): int = 1\n", "x.y: int\n", "f'{x}'\n", "f'{x=}'\n", "async def f(): pass\n",
    "async def f():\n async for x in y: pass\n", "async def f():\n async with x: pass\n", "async def f(): await x\n",
    "async def f():\n await x\nawait = 1\n", "async def f():\n def g():\n  await x\n async\n",
    "async def f(): await x\nasync = await\n", "async def f(\n a=await): pass\n", "async \\\n def f(): pass\n",
    "async def f():\n  # c\n\n  await x\n# d\nawait\n", "async(def)\n", "if 1:\n async def f(): await x\n await\n",
    "async def f(): return [x async for x in y]\n", "a @ b\n", "a @= b\n", "1_000\n", "def f(a, /): pass\n",
    "def f(a, /, b, **c): pass\n", "lambda a, /: 1\n", "(x := 1)\n", "if x := 1: pass\n", "with (a as b): pass\n",
    "with (a, b): pass\n", "with (a): pass\n", "async def f():\n async with (a as b): pass\n",
    "match x:\n case 1: pass\n", "try: pass\nexcept* A: pass\n", "a[*b]\n", "def f(*a: *b): pass\n",
    "@a.b[1]\ndef f(): pass\n", "async = 1\n", "await = 1\n", "def f():\n async = 1\n", "def await(): pass\n",
    "import async\n", "for x in *a, b: pass\n", "f'{1_0}'\n", "x = 0777\n",
]
for version in [None, (3, 0), (3, 4), (3, 5), (3, 6), (3, 7), (3, 8), (3, 9), (3, 10), (3, 11), (3, 13), 4, 7, -1]:
    for program in PROGRAMS:
        try:
            print(version, repr(program), ast.dump(ast.parse(program, feature_version=version)))
        except SyntaxError as error:
            print(version, repr(program), error.args)
for version in [(4, 0), (2, 7), (3,), "x", (3, 4, 5), 2.5]:
    try:
        print(ast.dump(ast.parse("x", feature_version=version)))
    except Exception as error:
        print(version, repr(error))
