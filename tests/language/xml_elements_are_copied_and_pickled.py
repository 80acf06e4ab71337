# Elements are copied, deeply and shallowly, and pickled.
import copy
import pickle
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


def dump(element):
    return ET.tostring(element)


x = ET.fromstring('<a b="1">x<c d="&#8364;"><e/>in</c>t<!-- no --></a>')
y = copy.copy(x)
show(dump(y), y[0] is x[0], y is x, y.attrib is x.attrib)
y = copy.deepcopy(x)
show(dump(y), y[0] is x[0], y.attrib is x.attrib)
y.set("b", "2")
y[0].text = "changed"
show(dump(x), dump(y))
attempt(x.__deepcopy__, 1)
attempt(x.__deepcopy__)
attempt(x.__deepcopy__, {})
attempt(x.__copy__)

shared = ET.Element("shared", {"k": "v"})
x = ET.Element("top", {"list": [1, [2]], "n": 5})
x.append(shared)
x.append(shared)
x.text = ["a", "b"]
y = copy.deepcopy(x)
show(y[0] is y[1], y[0] is shared, y.attrib, y.attrib["list"] is x.attrib["list"], y.text, y.text is x.text)
both = copy.deepcopy([x, x[0]])
show(both[0][0] is both[1])


class Derived(ET.Element):
    pass


d = Derived("d", {"a": "b"})
d.extra = 5
d.append(ET.Element("child"))
for made in (copy.copy(d), copy.deepcopy(d)):
    show(type(made), dump(made))
for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
    for element in (ET.fromstring("<a b='1'>x<c/>t</a>"), d, ET.Element("e")):
        again = pickle.loads(pickle.dumps(element, protocol))
        show(protocol, type(again), dump(again), len(again))
for protocol in (0, 1):
    attempt(pickle.dumps, ET.Element("a"), protocol)

e = ET.Element("r", {"a": "b"})
e.append(ET.Element("c"))
e.text = "x"
show(e.__getstate__(), ET.Element("q").__getstate__())
for state in (
    1,
    "x",
    {},
    {"tag": 1},
    {"tag": "z", "_children": 1},
    {"tag": "z", "_children": [1]},
    {"tag": "z", "foo": 1},
    {"tag": "z", "attrib": {}, "text": 3, "tail": 4, "_children": [], "foo": 3},
    {"tag": "z", "attrib": {"q": 1}, "text": 3, "tail": 4, "_children": [ET.Element("u")]},
):
    e = ET.Element("r", {"a": "b"})
    e.append(ET.Element("c"))
    attempt(e.__setstate__, state)
    if not isinstance(state, dict) or "foo" not in state:
        show(e.tag, e.text, e.tail)
show(e.attrib, [child.tag for child in e])
show(e.__reduce_ex__(2)[1:3])
for name in ("TreeBuilder", "XMLParser"):
    attempt(pickle.dumps, getattr(ET, name)())
    attempt(copy.copy, getattr(ET, name)())
attempt(copy.copy, ET.Element("a").iter())

wide = ET.Element("wide")
for i in range(60):
    child = ET.SubElement(wide, f"c{i % 7}", n=str(i))
    ET.SubElement(child, "leaf").text = str(i)
again = pickle.loads(pickle.dumps(wide))
show(len(again), dump(again) == dump(wide) == dump(copy.deepcopy(wide)))
