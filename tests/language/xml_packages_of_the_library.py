# The library's XML packages on top of expat: ElementTree, iterparse, pull parsers, minidom, SAX, pulldom, plistlib, RPC.
import io
import plistlib
import xml.etree.ElementTree as ET
import xml.sax
import xml.sax.handler
import xmlrpc.client
from datetime import datetime
from xml.dom import minidom, pulldom

text = """<?xml version='1.0' encoding='utf-8'?>
<!DOCTYPE shop [<!ENTITY co "Company &#169;">]>
<shop xmlns="http://shop" xmlns:m="http://money">
  <item id="1"><name>B\xe9b\xe9 &amp; co</name><m:price cur="EUR">1.50</m:price></item>
  <!-- nothing --><?go now?>
  <item id="2"><name>&co;</name><m:price cur="USD"/><![CDATA[<raw>]]></item>
</shop>"""
ns = {"s": "http://shop", "m": "http://money"}
root = ET.fromstring(text.encode())
print(ET.tostring(root).decode())
print(ET.tostring(root, encoding="unicode", default_namespace=None))
print([e.tag for e in root.iter()], [e.text for e in root.findall("s:item/s:name", ns)])
print(root.find("s:item[@id='2']/m:price", ns).attrib, root.findtext("s:item/m:price", namespaces=ns))
print("".join(root.itertext()).split())
tree = ET.ElementTree(root)
ET.indent(tree, "\t")
out = io.BytesIO()
tree.write(out, encoding="iso-8859-1", xml_declaration=True)
print(out.getvalue())
print(ET.canonicalize(text, strip_text=True))
for event, element in ET.iterparse(io.BytesIO(text.encode()), events=("start", "end", "start-ns", "end-ns", "comment", "pi")):
    print(event, getattr(element, "tag", element) if event in ("start", "end") else type(element).__name__)
pull = ET.XMLPullParser(["end"])
for i in range(0, len(text), 50):
    pull.feed(text[i : i + 50].replace("encoding='utf-8'", ""))
    print([element.tag.rpartition("}")[2] for _, element in pull.read_events()])
pull.close()
for broken in ("<a>", "<a", "</a>", "<a>&x;</a>", "<a b=c/>"):
    try:
        ET.XML(broken)
    except ET.ParseError as error:
        print(error, error.code, error.position)
document, ids = ET.XMLID("<a id='x'><b id='y'/></a>")
print(sorted(ids), ids["y"] is document[0])
print(ET.tostring(ET.fromstringlist(["<a>", "<b/>", "</a>"])))

dom = minidom.parseString(text.encode())
print(dom.toxml())
items = dom.getElementsByTagNameNS("http://shop", "item")
print([item.getAttribute("id") for item in items], [node.nodeName for node in items[1].childNodes], dom.doctype.name)
print(minidom.parseString("<a><b>t</b><c/></a>").toprettyxml(indent=" "))


class Handler(xml.sax.handler.ContentHandler):
    def startElement(self, name, attributes):
        print("start", name, dict(attributes), self.locator.getLineNumber(), self.locator.getColumnNumber())

    def startElementNS(self, name, qname, attributes):
        print("start", name, qname, {k: attributes[k] for k in attributes.getNames()})

    def endElement(self, name):
        print("end", name)

    def characters(self, content):
        print("characters", repr(content))

    def processingInstruction(self, target, data):
        print("instruction", target, data)

    def setDocumentLocator(self, locator):
        self.locator = locator


xml.sax.parseString(text.encode(), Handler())
parser = xml.sax.make_parser()
parser.setFeature(xml.sax.handler.feature_namespaces, True)
parser.setContentHandler(Handler())
parser.parse(io.BytesIO(text.encode()))
try:
    xml.sax.parseString(b"<a><b></a>", Handler())
except xml.sax.SAXParseException as error:
    print(error, error.getLineNumber(), error.getColumnNumber())

for event, node in pulldom.parseString("<a><b c='d'>t</b><e/></a>"):
    print(event, node.nodeName)

value = {"a": [1, 2.5, True, "\xe9"], "b": b"bytes" * 9, "d": datetime(2020, 1, 2, 3, 4, 5), "n": {"x": {}}, "big": 2**63}
packed = plistlib.dumps(value)
print(packed.decode())
print(plistlib.loads(packed) == value)
for bad in (b"<plist><dict><key>x</key></dict></plist>", b"<plist><foo/></plist>", b"<plist>"):
    try:
        print(plistlib.loads(bad, fmt=plistlib.FMT_XML))
    except Exception as error:
        print(type(error).__name__, error)

call = xmlrpc.client.dumps((1, "two", [3.0, None, {"k": b"v"}], datetime(2020, 1, 1)), "method", allow_none=True)
print(xmlrpc.client.loads(call, use_builtin_types=True))
try:
    xmlrpc.client.loads(xmlrpc.client.dumps(xmlrpc.client.Fault(4, "bad")))
except xmlrpc.client.Fault as fault:
    print(fault)
