# What pyexpat's parsers take, refuse and tell about themselves.
import copy
import pickle

import pyexpat
import re


def show(*values):
    print(*[re.sub("0x[0-9a-f]+", "0x", v if isinstance(v, str) else repr(v)) for v in values])


def attempt(function, *arguments, **keywords):
    try:
        show(function(*arguments, **keywords))
    except Exception as error:
        places = [getattr(error, name) for name in ("code", "lineno", "offset", "position") if hasattr(error, name)]
        show(type(error).__name__, str(error), *places)


create = pyexpat.ParserCreate
for arguments in [(1,), ("utf-8", 1), ("utf-8", "ab"), ("utf-8", ""), (None, None, 1), (None, None, None), ("nosuch",), (1, 2, 3, 4)]:
    attempt(create, *arguments)
attempt(create, a=1)
attempt(create, namespace_separator=b"1")
attempt(create, namespace_separator="\xe9")
attempt(create, namespace_separator="\0")

x = create()
for arguments in [(), (1,), (None,), ("a", 1, 2), ("<a>", object()), (b"<b>\xff",), ("x",)]:
    attempt(x.Parse, *arguments)
for encoding in ("nosuch", "utf-16", "iso-8859-1"):
    attempt(create(encoding).Parse, "<a/>", 1)
attempt(create("nosuch").Parse, b"<a/>", 1)
attempt(create("iso-8859-1").Parse, b"<a>\xe9</a>", True)
x = create()
attempt(x.Parse, "<a/>", 1)
attempt(x.Parse, "<a/>", 1)
attempt(create().Parse, "\ud800")
for data in (bytearray(b"<a/>"), memoryview(b"<a/>"), "<\xe9/>", "<a>\u20ac\U0001f600</a>"):
    attempt(create().Parse, data, True)

x = create()
for base in (1, "x\xe9", "a\0b", "\ud800"):
    attempt(x.SetBase, base)
    attempt(x.GetBase)
attempt(x.SetBase)
attempt(x.GetInputContext)
attempt(x.UseForeignDTD, 1, 2)
attempt(x.UseForeignDTD)
attempt(x.Parse, "<a/>")
attempt(x.UseForeignDTD, 0)
attempt(x.SetParamEntityParsing, 1)
x = create()
for flag in (2, "a", 7, 2**40):
    attempt(x.SetParamEntityParsing, flag)
for arguments in [(), (1,), (None,), ("a", 1), ("a", None), ("a", "utf-8"), ("a\0",)]:
    attempt(x.ExternalEntityParserCreate, *arguments)

names = """buffer_size buffer_used buffer_text namespace_prefixes ordered_attributes specified_attributes intern ErrorCode
CurrentLineNumber StartElementHandler CharacterDataHandler""".split()
for name in names:
    for value in (1, "a", None, -1, 0, 2**40, 2**80, True, 512):
        try:
            setattr(x, name, value)
            show(name, value, getattr(x, name))
        except Exception as error:
            show(name, value, type(error).__name__, str(error))
    try:
        delattr(x, name)
        show("deleted", name, getattr(x, name))
    except Exception as error:
        show(name, type(error).__name__, str(error))


class File:
    def __init__(self, content):
        self.content = content

    def read(self, size):
        content, self.content = self.content, b""
        show("read", size)
        return content


class NoFile:
    read = 1


for content in (b"<a/>", "<a/>", bytearray(b"<a/>"), 1, None, b"<a/>" * 10000, memoryview(b"<a/>"), b"<a>"):
    attempt(create().ParseFile, File(content))
attempt(create().ParseFile, NoFile())
attempt(create().ParseFile, 1)
for code in (3, 0, 43, 44, 1000, "a", -1, 2**40):
    attempt(pyexpat.ErrorString, code)

attempt(pyexpat.XMLParserType)
try:
    type("Derived", (pyexpat.XMLParserType,), {})
except TypeError as error:
    print(error)
error = pyexpat.ExpatError("a")
print(error.args, repr(error), pyexpat.error is pyexpat.ExpatError, pyexpat.ExpatError.__mro__)
attempt(lambda: error.code)
x = create(intern={})
attempt(lambda: x.foo)
attempt(setattr, x, "foo", 1)
attempt(copy.copy, x)
attempt(pickle.dumps, x)
print(create(intern=None).intern, create().intern)
print(sorted(name for name in dir(pyexpat) if not name.startswith("__") and name != "expat_CAPI"))
print(sorted(name for name in dir(x) if not name.startswith("__")))
print(pyexpat.native_encoding, sorted(name for name, _ in pyexpat.features))
print({k: v for k, v in vars(pyexpat.model).items() if k.startswith("XML")})
print({k: v for k, v in vars(pyexpat.errors).items() if not k.startswith("__")})
import pyexpat.errors as errors, pyexpat.model as model  # noqa: E402, E401

print(errors.__name__, errors.messages[3], errors.codes[errors.XML_ERROR_SYNTAX])
