# csv.reader: fields that are taken from the line at once beside those that need its machine, in every dialect.
import csv
import itertools

LINES = ["a,b,c\n", "a,b", "", "\n", ",", ",,\n", '"a","b"\n', '"a,b",c,\n', '"a""b",c\n', '"a"b,c\n', '"a" ,b\n', 'a"b,c\n', '"open,b\n', 'close",c\n',
         " a, b ,c\n", ' "a", "b"\n', "a\\,b,c\n", '"a\\"b",c\n', "'a,b',c\n", "a;b,c\n", "a\tb\tc\n", "1,2.5,\"x\"\n", "\xe9,\xff,b\n", "\u20ac,b,\U0001f600\n",
         "a\0b,c\n", "a,b\r\n", "a,b\r", "a\rb,c\n", "x,y\nz,w\n", '"l1\nl2",c\n', "a b c\n", "\\\n", '""\n', '"",""\n', '"', ',"']
OPTIONS = [{}, {"delimiter": ";"}, {"delimiter": "\t"}, {"delimiter": " "}, {"delimiter": " ", "skipinitialspace": True}, {"quotechar": "'"},
           {"quotechar": None, "quoting": csv.QUOTE_NONE}, {"quoting": csv.QUOTE_NONE, "escapechar": "\\"}, {"escapechar": "\\"},
           {"doublequote": False, "escapechar": "\\"}, {"doublequote": False}, {"skipinitialspace": True}, {"strict": True}, {"quoting": csv.QUOTE_NONNUMERIC},
           {"escapechar": '"'}, {"quoting": csv.QUOTE_ALL}]
for options in OPTIONS:
    print(options)
    for line in LINES:
        for lines in ([line], [line, "p,q\n"]):
            rows = []
            try:
                reader = csv.reader(lines, **options)
                for row in reader:
                    rows.append(row)
                print("  ", ascii(line), ascii(rows), reader.line_num)
            except Exception as error:
                print("  ", ascii(line), ascii(rows), type(error).__name__, error)
old = csv.field_size_limit(4)
for line in ("abcd,e\n", "abcde,f\n", '"abcd",e\n', '"abcde",e\n', "a,abcdef", '"ab""cd",e', ",,"):
    try:
        print(list(csv.reader([line])))
    except csv.Error as error:
        print(error)
csv.field_size_limit(old)
long = "x" * 5000
print([len(f) for f in next(csv.reader([f'{long},"{long}",{long}"{long}\n']))])
for count, width in itertools.product((1, 7), (1, 300)):
    print(len(list(csv.reader([",".join(["v" * width] * count)] * 3))))
for digits in ("7" * 127, "7" * 128, "7" * 129, "1_" * 70 + "1", "0" * 130 + "9", "-" + "9" * 40, "z" * 60, "f" * 128, "1" * 128):
    for base in (2, 8, 10, 16, 36, 0):
        try:
            value = int(digits, base)
            print(base, value % 1000003, value.bit_length(), value < 0)
        except ValueError as error:
            print(base, len(str(error)))
