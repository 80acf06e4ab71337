# Every handler of pyexpat is called with what it should get, in the right order; exceptions come out of Parse().
import traceback

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


document = b"""<?xml version="1.0" encoding="iso-8859-1" standalone="no"?>
<?pi data?><!-- comment -->
<!DOCTYPE q SYSTEM "foo" [
<!ELEMENT root (#PCDATA|a)*>
<!ELEMENT b (a,(c|d)+,e?)*>
<!ELEMENT c EMPTY>
<!ATTLIST root attr1 CDATA #REQUIRED attr2 CDATA #IMPLIED attr3 CDATA "d" attr4 CDATA #FIXED "z">
<!NOTATION n SYSTEM "http://x">
<!NOTATION n2 PUBLIC "pub" "http://x">
<!ENTITY acirc "&#226;">
<!ENTITY ext SYSTEM "entity.file">
<!ENTITY unp SYSTEM "ue" NDATA n>
<!ENTITY % pe "x">
%pe2;
]>
<root attr1="v1" xmlns="u" xmlns:p="w"><p:sub/>&acirc;&ext;&skipped;<![CDATA[cd]]></root>"""
handlers = """StartElement EndElement ProcessingInstruction CharacterData UnparsedEntityDecl NotationDecl StartNamespaceDecl
EndNamespaceDecl Comment StartCdataSection EndCdataSection Default DefaultHandlerExpand NotStandalone ExternalEntityRef
StartDoctypeDecl EndDoctypeDecl EntityDecl XmlDecl ElementDecl AttlistDecl SkippedEntity""".split()
attributes = [name if name.endswith("Expand") else name + "Handler" for name in handlers]

for buffered in (False, True):
    for name in attributes:
        x = pyexpat.ParserCreate(namespace_separator="!")
        x.SetParamEntityParsing(2)
        x.buffer_text = buffered

        def fail(*arguments):
            show(name, arguments)
            raise ValueError(1)

        setattr(x, name, fail)
        try:
            show(x.Parse(document, 1))
        except ValueError as error:
            entry = error.__traceback__.tb_next
            code = entry.tb_frame.f_code
            show(code.co_name, entry.tb_lineno, code.co_filename, code.co_firstlineno, entry.tb_frame.f_locals)
            show(entry.tb_next.tb_frame.f_code.co_name, entry.tb_frame.f_back)
        except pyexpat.ExpatError as error:
            show(name, str(error))
        show(getattr(x, name), x.ErrorCode, x.CurrentLineNumber)

x = pyexpat.ParserCreate(namespace_separator="!")
x.SetParamEntityParsing(2)
x.SetBase("/b")
for name in attributes:
    if name != "DefaultHandler":

        def handle(*arguments, name=name):
            if name == "ExternalEntityRefHandler" and arguments[0]:  # the order of the namespaces is any
                arguments = sorted(arguments[0].split("\f")), *arguments[1:]
            show(name, arguments)
            return 1

        setattr(x, name, handle)
attempt(x.Parse, document, 1)
show(x.intern)

for result in (0, 1, None, "a", 2, 2**80, True, 1.5, object()):
    for name in ("NotStandaloneHandler", "ExternalEntityRefHandler"):
        x = pyexpat.ParserCreate()
        x.SetParamEntityParsing(2)
        setattr(x, name, lambda *arguments: result)
        attempt(x.Parse, document, 1)
        show(x.ErrorCode, getattr(x, name))

x = pyexpat.ParserCreate()
x.StartElementHandler = 1
attempt(x.Parse, b"<a/>", 1)
for encoding in ("koi8-r", "nosuch", "cp037", "hex", "latin-1", "utf-8", "us-ascii", "cp1252"):
    x = pyexpat.ParserCreate()
    x.CharacterDataHandler = show
    attempt(x.Parse, b'<?xml version="1.0" encoding="%s"?><a>\xe0</a>' % encoding.encode(), 1)

x = pyexpat.ParserCreate(namespace_separator=" ")
x.namespace_prefixes = 1
x.StartElementHandler = x.EndElementHandler = show
attempt(x.Parse, '<p:a xmlns:p="u" p:q="1"/>', 1)

plain = document.replace(b"&skipped;", b"").replace(b'standalone="no"', b"").replace(b"%pe2;", b"")
for specified in (True, False):
    x = pyexpat.ParserCreate()
    x.specified_attributes = specified
    x.ordered_attributes = True
    x.StartElementHandler = show
    attempt(x.Parse, plain, 1)
    print(list(x.intern))

x = pyexpat.ParserCreate()


def external(context, base, system, public):
    y = x.ExternalEntityParserCreate(context)
    show(y.StartElementHandler is show, y.buffer_text, y.intern is x.intern, y.ordered_attributes, y.buffer_size)
    attempt(y.Parse, b"<z/>text", 1)
    return 1


x.ExternalEntityRefHandler = external
x.StartElementHandler = x.CharacterDataHandler = show
x.buffer_text = x.ordered_attributes = True
x.buffer_size = 77
attempt(x.Parse, document.replace(b"&skipped;", b""), 1)

x = pyexpat.ParserCreate()


def change(*arguments):
    show(arguments)
    x.EndElementHandler = lambda name: show("end", name)
    x.CharacterDataHandler = None


x.StartElementHandler = change
x.CharacterDataHandler = show
attempt(x.Parse, "<a>x<b>y</b></a>", 1)

x = pyexpat.ParserCreate()
show(x.Parse("<a>"), x.ErrorCode, x.ErrorLineNumber, x.ErrorColumnNumber, x.ErrorByteIndex, x.CurrentByteIndex)


def broken(*arguments):
    raise KeyError(arguments)


x.StartElementHandler = broken
attempt(x.Parse, "<b>")
attempt(x.Parse, "</b></a>", 1)


def collect(size, pieces):
    x = pyexpat.ParserCreate()
    x.buffer_text = True
    x.buffer_size = size
    x.CharacterDataHandler = lambda text: show("text", text, x.buffer_used)
    x.StartElementHandler = lambda *arguments: show(arguments, x.GetInputContext())
    for i, piece in enumerate(pieces):
        attempt(x.Parse, piece, i == len(pieces) - 1)
        show(x.buffer_used)


collect(8192, ['<a>abc&amp;d<b k="1"/>e\nf</a>'])
collect(3, ["<a>abcdefghi&amp;d<b/>e\nf</a>"])
collect(10, ["<a>abc", "\u20ac\xe9", "d<b>", "tail\n\n", "</b>x</a>"])
x = pyexpat.ParserCreate()
x.buffer_text = True
x.CharacterDataHandler = show
x.Parse("<a>abc")
x.buffer_size = 10
x.Parse("def")
x.buffer_text = False
x.Parse("ghi")
x.buffer_text = True
x.Parse("jkl")
x.CharacterDataHandler = None
show(x.buffer_used)

x = pyexpat.ParserCreate()
x.StartElementHandler = broken
try:
    x.Parse("<a/>", 1)
except KeyError as error:
    entries = traceback.extract_tb(error.__traceback__)
    print([(entry.name, entry.filename.rpartition("/")[2]) for entry in entries])

big = "<r>" + "".join(f"<e{i % 40} a{i % 7}='{i}'>text {i}</e{i % 40}>" for i in range(20000)) + "</r>"
counts = {}


def count(name, attributes):
    counts[name] = counts.get(name, 0) + len(attributes)


x = pyexpat.ParserCreate()
x.StartElementHandler = count
show(x.Parse(big, True), len(counts), sum(counts.values()), len(x.intern))
