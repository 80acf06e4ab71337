# Module unicodedata and the predicates of str agree with Unicode 14 for every character; ucd_3_2_0 with Unicode 3.2.

import unicodedata


def digest(values):
    """A number that changes with any of the values, and with their order."""
    total = 0
    for value in values:
        for c in value:
            total = (total * 1000003 ^ ord(c)) % 2305843009213693951
        total = (total * 31 + 7) % 2305843009213693951
    return total


step = 0x400
old = unicodedata.ucd_3_2_0
for first in list(range(0, 0x3400, step)) + [0x4C00, 0xA000, 0xA400, 0xA800, 0xAC00, 0xD400, 0xF800, 0xFC00]:
    characters = [chr(i) for i in range(first, first + step)]
    for database in (unicodedata, old):
        print(
            hex(first),
            digest(database.category(c) + database.bidirectional(c) + database.east_asian_width(c) for c in characters),
            digest(str((database.combining(c), database.mirrored(c), database.decomposition(c))) for c in characters),
            digest(str((database.decimal(c, None), database.digit(c, None), database.numeric(c, None))) for c in characters),
            digest(str(database.name(c, None)) for c in characters),
            [digest(database.normalize(form, c) for c in characters) for form in ("NFC", "NFD", "NFKC", "NFKD")],
        )
    print(digest(str((c.isalpha(), c.isnumeric(), c.islower(), c.isprintable(), c.isidentifier())) for c in characters))

for action in (
    "name('\\0')",
    "name('ab')",
    "name(5)",
    "name('\\0', 7)",
    "lookup('nothing')",
    "lookup('latin small letter a')",
    "lookup('KEYCAP DIGIT ONE')",
    "lookup('LATIN SMALL LETTER R WITH TILDE')",
    "lookup('TANGUT IDEOGRAPH-17000')",
    "decimal('a')",
    "digit('a')",
    "numeric('a')",
    "numeric('½')",
    "numeric('四')",
    "decimal('²', 'none')",
    "digit('²')",
    "category('')",
    "category(b'a')",
    "normalize('NFX', 'é')",
    "normalize('NFC', 5)",
    "normalize(5, 'a')",
    "normalize('NFD', 'é\\ud800\\udc00é').encode('utf-8', 'surrogatepass')",
    "is_normalized('NFC', 'e\\u0301')",
    "is_normalized('NFD', 'e\\u0301')",
    "is_normalized('NFKC', '')",
    "unidata_version",
    "ucd_3_2_0.unidata_version",
    "ucd_3_2_0.normalize('NFC', '\\U0002f868').encode('unicode_escape')",
    "decomposition('가')",
    "decomposition('½')",
    "normalize('NFC', '한글') == '한글'",
):
    try:
        print(action, "=", repr(eval("unicodedata." + action)).encode("unicode_escape"))
    except (ValueError, TypeError, KeyError) as error:
        print(action, "->", type(error).__name__, error)
print("\N{LATIN SMALL LETTER E WITH ACUTE}\N{ALERT}".encode("unicode_escape"))
