# encode and decode with the usual codecs and error handlers.

text = "aé☃𝄞"
for codec in ("utf-8", "utf8", "UTF_8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
    data = text.encode(codec)
    print(codec, data, data.decode(codec) == text)
print(
    text.encode(), "é".encode("latin-1"), "abc".encode("ascii"), "é".encode("iso-8859-1"), b"caf\xc3\xa9".decode(),
    b"\xe9".decode("latin1"), str(b"abc", "ascii"), str(b"abc")
)
for codec in ("ascii", "latin-1"):
    for handler in ("strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace"):
        try:
            print(codec, handler, text.encode(codec, handler))
        except UnicodeEncodeError as error:
            print(codec, handler, error, error.encoding, error.start, error.end, error.reason, ascii(error.object))
for data in (
    b"\xff", b"a\x80b", b"\xc3", b"\xe2\x98", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf0\x9d\x84",
    b"ab\xc3(", b"\xe2\x28\xa1"
):
    for handler in ("strict", "ignore", "replace", "backslashreplace", "surrogateescape"):
        try:
            print(data, handler, ascii(data.decode("utf-8", handler)))
        except UnicodeDecodeError as error:
            print(data, handler, error, error.start, error.end, error.reason)
print(
    b"\xff\xfe".decode("utf-8", "surrogateescape").encode("utf-8", "surrogateescape"),
    "\ud800".encode("utf-8", "surrogatepass"), ascii(b"\xed\xa0\x80".decode("utf-8", "surrogatepass"))
)
for call in (
    "'\\ud800'.encode()", "'a'.encode('no-such')", "'a'.encode('ascii', 5)", "'é'.encode('ascii', 'nope')",
    "b'a'.decode('no-such')", "b'\\xff'.decode('ascii')", "str(b'a', 'ascii', 'x', 1)", "str('a', 'ascii')",
    "str(1, 'ascii')", "'a'.decode()", "b'a'.encode()", "bytes('é')", "bytes('é', 'ascii')", "bytes('é', 'utf-8')",
    "bytes('é', encoding='latin-1')", "str(object=b'x', encoding='utf-8')", "str(errors='x')"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
error = UnicodeDecodeError("codec", b"abc", 1, 2, "because")
print(error, error.args, error.object)
error = UnicodeEncodeError("codec", "aéb", 1, 3, "because")
print(error, error.args)
print(issubclass(UnicodeDecodeError, ValueError), UnicodeError.__mro__)
