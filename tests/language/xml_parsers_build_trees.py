# TreeBuilder and XMLParser make elements out of events, and report errors, events and entities.
import _elementtree
import io
import warnings
import xml.etree.ElementTree as ET

import re


def show(*values):
    print(*[re.sub("0x[0-9a-f]+", "0x", v if isinstance(v, str) else repr(v)) for v in values])


def attempt(function, *arguments, **keywords):
    try:
        show(function(*arguments, **keywords))
    except Exception as error:
        places = [getattr(error, name) for name in ("code", "lineno", "offset", "position") if hasattr(error, name)]
        show(type(error).__name__, str(error), *places)


TreeBuilder, XMLParser = ET.TreeBuilder, ET.XMLParser
attempt(TreeBuilder, 1, 2)
attempt(TreeBuilder, x=1)
attempt(TreeBuilder, insert_comments=[])
b = TreeBuilder()
for arguments in [(), ("a", 1), ("a", None), ("a", {})]:
    attempt(b.start, *arguments)
attempt(b.data, 1)
attempt(b.end, "z")
attempt(b.close)
show(b.close().text)
b = TreeBuilder()
attempt(b.close)
attempt(b.end, "a")
attempt(b.data, "x")
b = TreeBuilder()
b.start("a", {})
b.data("x")
attempt(b.close)
b.end("a")
b.data("tail")
attempt(b.start, "b", {})
b = TreeBuilder()
for name, arguments in [("comment", "x"), ("pi", "x"), ("pi", "xy"), ("pi", ()), ("pi", ("x", None)), ("close", ())]:
    attempt(getattr(b, name), *arguments)
b = TreeBuilder(insert_comments=True, insert_pis=True)
attempt(b.comment, "x")
b.start("r", {})
attempt(b.comment, "x")
attempt(b.pi, "p", "q")
b.data("tail")
b.end("r")
show(ET.tostring(b.close()))


def factory(name, result=None):
    return lambda *arguments: show(name, arguments) or result


b = TreeBuilder(comment_factory=factory("comment"), pi_factory=factory("pi"))
attempt(b.comment, "x")
attempt(b.pi, "p")
attempt(b.pi, "p", "q")
b = TreeBuilder(comment_factory=factory("comment", 3), insert_comments=True)
b.start("a", {})
attempt(b.comment, "x")


class Node:
    text = tail = None

    def __init__(self, tag, attributes):
        show("Node", tag, attributes)

    def append(self, node):
        show("append", type(node).__name__)


b = TreeBuilder(element_factory=Node)
b.start("a", {"x": 1})
b.data("x")
b.data("y")
b.start("b", {})
b.end("b")
b.data("u")
b.end("a")
show(b.close().text)
b = TreeBuilder(element_factory=lambda *arguments: ["x"])
attempt(b.start, "a", {"x": 1})
attempt(b.start, "b", {})
attempt(b.data, "x")
attempt(b.end, "b")
d = {"a": 1}
show(TreeBuilder().start("a", d).attrib is d)
b = TreeBuilder()
b.start("a", {})
for text in "xyz":
    b.data(text)
    b.comment(text)
b.end("a")
show(b.close().text)
attempt(TreeBuilder(1).start, "a", {})
show(ET.fromstring("<a>x<!-- c -->y<?p q?>z</a>").text)


def parse(text, **keywords):
    parser = XMLParser(**keywords)
    parser.feed(text)
    return parser.close()


attempt(XMLParser, 1)
attempt(XMLParser, x=1)
attempt(XMLParser, encoding=1)
attempt(XMLParser, encoding="nosuch")
attempt(parse, "<a/>", encoding="nosuch")
attempt(parse, b"<a/>", encoding="nosuch")
show(parse(b"<a>\xe9</a>", encoding="iso-8859-1").text, parse(b"<a>\xe9</a>", encoding="koi8-r").text)
for text in ("", "<a>", "<a></b>", "<a>&foo;</a>", "<!DOCTYPE a><a>&foo;</a>", '<!DOCTYPE a SYSTEM "x"><a>&foo;</a>', 1, None,
             b"", "\ud800", '<a b="1" b="2"/>', "<a>" + "<b>" * 10, "<a/><b/>", "<a xmlns:x='u'><y:b/></a>", "<a>\0</a>"):
    attempt(parse, text)
p = XMLParser()
p.entity["foo"] = "bar"
p.feed('<!DOCTYPE a SYSTEM "x"><a>x&foo;y&foo;</a>')
show(p.close().text)
attempt(p.close)
attempt(p.feed, "x")
attempt(p.feed)
p = XMLParser.__new__(XMLParser)
for action in (lambda: p.feed("x"), p.close, lambda: p._setevents([], []), lambda: p._parse_whole(1), lambda: p.version,
               lambda: p.target, lambda: p.entity):
    attempt(action)
p = XMLParser()
show(p.version.startswith("Expat "), p.target, p.entity)
for name in ("version", "target", "entity"):
    attempt(setattr, p, name, 1)


class Target:
    def start(self, *arguments):
        show("start", arguments)

    def end(self, *arguments):
        show("end", arguments)

    def data(self, *arguments):
        show("data", arguments)

    def comment(self, *arguments):
        show("comment", arguments)

    def pi(self, *arguments):
        show("pi", arguments)

    def start_ns(self, *arguments):
        show("start_ns", arguments)

    def end_ns(self, *arguments):
        show("end_ns", arguments)

    def doctype(self, *arguments):
        show("doctype", arguments)

    def close(self):
        return "closed"


attempt(parse, """<?xml version="1.0"?><!DOCTYPE a PUBLIC "p" "s"><a xmlns="u" xmlns:q="w" q:x="1" y="2">te
xt&amp;u<q:b/><!-- c --><?pi d e?><?z?>tail<![CDATA[cd]]></a>""", target=Target())
attempt(parse, '<!DOCTYPE a SYSTEM "s"><a xmlns=""/>', target=Target())
attempt(parse, "<!DOCTYPE a><a/>", target=Target())
attempt(parse, '<!DOCTYPE a PUBLIC "p" "s"><a>x</a>', target=object())


class Parser(XMLParser):
    def doctype(self, *arguments):
        show("never", arguments)


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    p = Parser()
    p.feed('<!DOCTYPE a PUBLIC "p" "s"><a/>')
    attempt(p.close)
    show([(w.category, str(w.message)) for w in caught])


class Builder(TreeBuilder):
    def data(self, text):
        super().data(text.upper())


show(ET.tostring(parse("<a>x<b/>y</a>", target=Builder())))


class Failing:
    def start(self, *arguments):
        raise ValueError("start")


p = XMLParser(target=Failing())
attempt(p.feed, "<a/>")
attempt(p.feed, "<b/>")
attempt(p.close)
p = XMLParser(target=Failing())
for text in ("<a>", "<b>", "</b></a>"):
    attempt(p.feed, text)
attempt(p.close)


class Refusing:
    @property
    def start(self):
        raise ValueError("property")


attempt(XMLParser, target=Refusing())
attempt(XMLParser(target=Target())._setevents, [], [])
for arguments in [(1,), ([], 1), ([], ["foo"]), ([], [1]), ([], [b"start"]), ([],), ()]:
    attempt(XMLParser()._setevents, *arguments)
every = ("start", "end", "start-ns", "end-ns", "comment", "pi")
for events in (every, None, ["end-ns"], ["start"], ["comment", "pi"]):
    queue = []
    p = XMLParser()
    p._setevents(queue, events)
    p.feed('<a xmlns:x="u" xmlns="">t<!--c--><x:b/><?p q?></a>')
    show([(event, getattr(what, "tag", what)) for event, what in queue])
    show(p.close())
for file in (io.StringIO("<a>x\u20ac</a>"), io.BytesIO(b"<a>x</a>"), 1, io.BytesIO(b""), io.BytesIO(b"<a>")):
    attempt(XMLParser()._parse_whole, file)
attempt(XMLParser(target=Target())._parse_whole, io.BytesIO(b"<a>x</a>"))
attempt(_elementtree._set_factories, 1)
attempt(_elementtree._set_factories, 1, 2)
attempt(_elementtree._set_factories, None, 2)
show(_elementtree._set_factories(ET.Comment, ET.PI))
show(parse('<a xmlns:x="http://e" x:y="1"><x:b x:z="3"/></a>').attrib)
p = XMLParser()
for piece in ("<a>", "\xe9", "\u20ac", "\U0001f600", "</a>"):
    p.feed(piece)
show(p.close().text)
p = XMLParser()
show(p.__init__(), p.__init__(encoding="utf-8"))
p.feed("<a/>")
p.__init__()
p.feed("<b/>")
show(p.close())

rows = "".join(f'<row id="{i}" kind="k{i % 5}">\n  <name>n{i}</name>\n  <v\xe9>{i / 7}</v\xe9>\n</row>\n' for i in range(3000))
root = ET.fromstring(f"<table>\n{rows}</table>")
show(len(root), sum(1 for _ in root.iter()), root[2999].findtext("name"), root[5].get("kind"), len("".join(root.itertext())))
show(ET.tostring(root, "unicode") == f"<table>\n{rows}</table>", len(root.findall("row")), root.find("row/v\xe9").text)
show(len(root.findall("row[@kind='k3']")), [r.get("id") for r in root.iterfind("./row[name='n7']")])
