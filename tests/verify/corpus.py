"""Every code object that comes back from marshal is sound: python3.11's own compiler makes no other. Run by krait.

    krait corpus.py FOLDER STRIDE    every STRIDE-th .py file below FOLDER
"""

import marshal
import os
import sys
import types
import warnings

import _testinternalcapi

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tools"))

from python_files import python_files  # noqa: E402  (its folder is known only now)


def code_objects(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from code_objects(constant)


warnings.simplefilter("ignore")
passed = failed = 0
for path in list(python_files([sys.argv[1]]))[::int(sys.argv[2])]:
    try:
        with open(path, "rb") as file:
            module = compile(file.read(), path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, UnicodeDecodeError):
        continue
    for code in code_objects(marshal.loads(marshal.dumps(module))):
        try:
            _testinternalcapi.verify_code(code)
            passed += 1
        except ValueError as error:
            failed += 1
            print(f"FAIL {path}: {error}")
print(f"{passed} passed, {failed} failed")
