# UTF-7, the registry of codecs, and codecs that are written in Python.

import codecs,_codecs
def t(s):
    try: print(s,'->',ascii(eval(s)))
    except BaseException as e: print(s,'!',type(e).__name__,ascii(str(e)))
for s in ['a','+','a+b','\u20ac','a\u2260\u0391.','Hi Mom \u263a!','\U0001f600','~\\','\t\n\r ','!"#$%&*;<=>@[]^_`{|}','\u20acA','\u20ac-','\u20ac+','\u20ac1','\u20ac/','\u20ac.','\ud800','\ud800\udc00','\0','\x7f','+\u20ac+','\xe9'*5,"'(),-./:?",'\u20ac~']:
    t('_codecs.utf_7_encode(%a)'%s)
for b in [b'a',b'+-',b'+IKw-',b'+IKw',b'+IKw.',b'+IKwA',b'+',b'+I',b'+IK',b'+IKwg-',b'+2D3eAA-',b'+2D0-',b'+2D0',b'+3gA-',b'\xff',b'a\xff',b'+IKw\xff',b'+/-',b'+AAAA-',b'+AGE-b',b'+AGEAYg-',b'a+b',b'++-',b'+-+-',b'+@',b'+IKw-x',b'~\\',b'+IKwA-',b'+A-',b'+AA-', b'+IKy-a',b'+IKx-',b'+2ADYAA-',b'+2AA-a',b'+2D0gqA-',b'abc+IKw-def+',b'+1',b'+1-',b'+11-',b'+111-',b'+IKwgrA',b'a+////,+IKw-']:
    t('_codecs.utf_7_decode(%r)'%b); t('_codecs.utf_7_decode(%r,"strict",True)'%b); t('_codecs.utf_7_decode(%r,"replace",True)'%b); t('_codecs.utf_7_decode(%r,"ignore",True)'%b)
t('"\\u20ac".encode("utf-7")'); t('b"+IKw-".decode("utf-7")')
t('_codecs.utf_7_encode(5)'); t('_codecs.utf_7_decode("x")')

for text in ("abc", "é€", "\U0001f600", "a\udc80b", ""):
    for encoding in ("cp1252", "utf-7", "utf-8-sig", "punycode", "idna", "iso8859-15", "koi8-r", "utf-16", "mac-roman", "cp037", "rot13", "hex", "unknown-codec", "UTF-8", "Latin 1"):
        for errors in ("strict", "replace", "xmlcharrefreplace", "surrogateescape", "no-such-handler"):
            try:
                made = text.encode(encoding, errors)
                print(encoding, errors, made, ascii(made.decode(encoding, errors)))
            except (LookupError, UnicodeError, TypeError) as error:
                print(encoding, errors, type(error).__name__, ascii(str(error)))
t('codecs.encode("abc", "rot13")'); t('codecs.decode(b"6162", "hex")'); t('codecs.encode(b"ab", "hex")'); t('codecs.encode(b"a", "base64")')
t('codecs.decode("zz", "hex")'); t('codecs.lookup("utf8").name'); t('codecs.lookup("nope")'); t('codecs.lookup(5)')
t('list(codecs.iterencode("aé", "utf-16-le"))'); t('list(codecs.iterdecode([b"\xc3", b"\xa9"], "utf-8"))')
t('codecs.getincrementaldecoder("utf-8")().decode(b"\xe2\x82")')
for name in ("utf-8", "utf-16", "utf-32", "utf-7", "cp1252", "shift", "utf-8-sig", "ascii", "latin-1", "unicode_escape", "raw_unicode_escape"):
    try:
        data = "aé\u0101\n".encode(name, "backslashreplace")
        decoder = codecs.getincrementaldecoder(name)("replace")
        pieces = [decoder.decode(data[i : i + 1]) for i in range(len(data))] + [decoder.decode(b"", True)]
        print(name, data, ascii(pieces))
    except LookupError as error:
        print(error)


def search(name):
    if name == "doubled":
        return codecs.CodecInfo(lambda s, errors="strict": ((s + s).encode(), len(s)), lambda b, errors="strict": (bytes(b).decode()[::2], len(b)), name=name)
    if name == "broken":
        return (1, 2, 3)
    if name == "odd":
        return codecs.CodecInfo(lambda s, errors="strict": 5, lambda b, errors="strict": (b, 1), name=name)


codecs.register(search)
t('"ab".encode("doubled")'); t('b"abab".decode("Doubled")'); t('"a".encode("broken")'); t('"a".encode("odd")'); t('b"a".decode("odd")')
codecs.unregister(search)
t('"ab".encode("doubled")'); t('codecs.register(5)')


def handler(error):
    return ("<%s>" % error.reason, error.end)


codecs.register_error("mine", handler)
t('"aé".encode("ascii", "mine")'); t('b"a\xff".decode("utf-8", "mine")'); t('"a€".encode("cp1250", "mine")'); t('codecs.lookup_error("mine") is handler')
t('codecs.lookup_error("none")'); t('codecs.register_error("x", 5)')
with codecs.open("sample", "w", "utf-16") as f:
    f.write("zeile é\n")
    f.write("zwei\n")
with codecs.open("sample", "r", "utf-16") as f:
    print(ascii(f.read()), ascii(open("sample", "rb").read()))
for encoding in ("utf-16", "cp1252", "utf-7", "utf-8-sig", "utf-32-be"):
    with open("sample", "w", encoding=encoding) as f:
        f.write("é1\nzwei\n")
        f.write("drei\n")
    with open("sample", "a", encoding=encoding) as f:
        f.write("vier")
    with open("sample", encoding=encoding) as f:
        first = f.readline()
        place = f.tell()
        rest = f.read()
        f.seek(place)
        print(encoding, ascii(first), ascii(rest), rest == f.read(), open("sample", "rb").read())
