# Module _csv: dialects, the reader, the writer.

import _csv
from _csv import *
import sys
import io
def t(s):
    try: print(s,'->',ascii(eval(s)))
    except BaseException as e: print(s,'!',type(e).__name__,ascii(str(e)))
def R(text,**k): return list(reader(text.splitlines(True) if isinstance(text,str) else text,**k))
def W(rows,*a,**k):
    s=io.StringIO(newline='')
    w=writer(s,*a,**k); r=[w.writerow(x) for x in rows]; return s.getvalue(), r
for s in ['type(reader([]))','type(writer(io.StringIO()))','Error.__module__,Error.__mro__','__doc__','_csv.__version__',
 'Dialect().delimiter','Dialect().quotechar, Dialect().escapechar, Dialect().lineterminator, Dialect().quoting, Dialect().skipinitialspace, Dialect().strict, Dialect().doublequote',
 'Dialect(delimiter=5)','Dialect(delimiter="")','Dialect(delimiter="ab")','Dialect(delimiter=None)','Dialect(quotechar="ab")','Dialect(quotechar=5)','Dialect(quotechar="")','Dialect(quotechar=None,quoting=0).quoting','Dialect(quotechar=None,quoting=1)','Dialect(quoting=5)','Dialect(quoting="x")','Dialect(escapechar="")','Dialect(escapechar=5)','Dialect(escapechar=None).escapechar','Dialect(lineterminator=5)','Dialect(lineterminator=None)','Dialect(lineterminator="").lineterminator','Dialect(x=1)','Dialect("nope")','Dialect(strict=1).strict','Dialect(doublequote=[]).doublequote','Dialect(Dialect(delimiter=";")).delimiter','Dialect(skipinitialspace="x").skipinitialspace','Dialect(delimiter="\\U0001f600").delimiter',
 'register_dialect()','register_dialect(5)','register_dialect("x")','register_dialect("y",delimiter=";")','get_dialect("y").delimiter','get_dialect("z")','get_dialect(5)','list_dialects()','unregister_dialect("y")','unregister_dialect("y")','list_dialects()','unregister_dialect(5)','register_dialect("q",5)','register_dialect("q",delimiter="xx")','list_dialects(1)',
 'field_size_limit()','field_size_limit(5)','R("abcdefgh")','field_size_limit(131072)','field_size_limit("x")','field_size_limit(1,2)',
 'reader()','reader(5)','reader([],"nope")','reader([],x=1)','reader([b"x"]).__next__()','reader([5]).__next__()','R("a,b\\nc,d")','R("a,\\"b,c\\"\\n")','R("a,\\"b\\"\\"c\\"")','R("a,\\"b\\"c")','R("a,\\"b\\"c",strict=True)','R("a,\\"b",strict=True)','R("a,\\"b")','R("a\\"b,c")','R("a,\\\\,b",escapechar="\\\\")','R("a\\\\",escapechar="\\\\")','R("a\\\\",escapechar="\\\\",strict=True)','R("1,2.5,\\"3\\"",quoting=QUOTE_NONNUMERIC)','R("x,1",quoting=QUOTE_NONNUMERIC)','R(",,",quoting=QUOTE_NONNUMERIC)','R("\\"a\\",b",quoting=QUOTE_NONE)','R("a, b",skipinitialspace=True)','R("a, \\"b\\"",skipinitialspace=True)','R("\\n\\na\\n")','R(["a\\rb\\n"])','R(["a\\r\\n","b\\r"])','R(["a\\n\\nb"])','R(["\\"a\\n","b\\",c\\n"])','R(["a\\0b"])','R(["\\"a\\0b\\""])','R("")','R([""])','R([",",""])','R("a;b",delimiter=";")','R("a\\tb","x")','R("\'a,b\',c",quotechar="\'")','R("a\\\\\\nb",escapechar="\\\\")','R(["\\"a\\\\\\n","b\\""],escapechar="\\\\")','R(["abc,\\"def\\n"])','R("\\"a\\" ,b")','R("\\"ab\\\\\\"c\\"",escapechar="\\\\",doublequote=False)','reader(["a"],delimiter=";").dialect.delimiter','[ (r.line_num,x,r.line_num) for r in [reader(["a","\\"b\\n","c\\""])] for x in r]','R(["a,b\\n","\\u1234,\\U0001f600"])',
 'W([[1,"a",None,2.5,True]])','W([["a,b","c\\"d","e\\nf"," g","\\r"]])','W([[]])','W([[""]])','W([[None]])','W([["",""]])','W([["a"]],quoting=QUOTE_ALL)','W([["a",1,2.5]],quoting=QUOTE_NONNUMERIC)','W([["a,b"]],quoting=QUOTE_NONE)','W([["a,b"]],quoting=QUOTE_NONE,escapechar="\\\\")','W([["a\\"b"]],quoting=QUOTE_NONE,escapechar="\\\\")','W([["a\\"b"]],quoting=QUOTE_NONE,quotechar=None)','W([["a\\"b"]],doublequote=False)','W([["a\\"b"]],doublequote=False,escapechar="\\\\")','W([["a\\\\b"]],escapechar="\\\\")','W([["a\\nb"]],quoting=QUOTE_NONE,escapechar="\\\\")','W([[""]],quoting=QUOTE_NONE)','W([["a"]],lineterminator="!")','W([["a!b"]],lineterminator="!")','W(["abc"])','W([5])','W([{"a":1}])','W([(1,2)])','W([iter([1,2])])','writer(5)','writer()','writer(io.StringIO()).writerows([[1],[2]])','writer(io.StringIO()).writerows(5)','writer(io.StringIO()).writerows([5])','writer(io.StringIO()).dialect.lineterminator','W([["a b"]],delimiter=" ")','W([["x",1.0,1e300,-0.0]])','W([["\\u1234","\\U0001f600,"]])','W([[" a"]],skipinitialspace=True)','W([["a"," "]],delimiter=" ",skipinitialspace=True)','writer(io.StringIO()).writerow()','W([[float("nan")]],quoting=QUOTE_NONNUMERIC)','W([["\'"]],quotechar="\'")','W([["a"],[""]])','W([["\\""]],quoting=QUOTE_NONE)','W([["a\\0"]])','__import__("copy").copy(Dialect())','__import__("pickle").dumps(Dialect())']: t(s)
class D:
    delimiter=';'; quotechar="'"; doublequote=False; skipinitialspace=True; lineterminator='X'; quoting=QUOTE_MINIMAL; escapechar='\\'; strict=True
d=Dialect(D); print(d.delimiter,d.quotechar,d.doublequote,d.skipinitialspace,d.lineterminator,d.quoting,d.escapechar,d.strict)
d=Dialect(D,delimiter='|'); print(d.delimiter,d.quotechar)
class D2: delimiter=None
t('Dialect(D2)')
class Bad:
    def __str__(self): raise ZeroDivisionError
t('W([[Bad()]])')
class It:
    def __iter__(self): raise ZeroDivisionError
t('W([It()])'); t('R(It())')
r=reader(['a','b']); print(next(r), r.line_num, next(r), r.line_num); t('next(r)'); print(iter(r) is r)

seed = 3


def rand(n):
    global seed
    seed = (seed * 1103515245 + 12345) % 2**31
    return (seed >> 8) % n


for quoting in (QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE):
    for options in ({}, {"delimiter": ";", "quotechar": "'"}, {"doublequote": False, "escapechar": "!"}, {"lineterminator": "\n", "escapechar": "\\"}):
        for _ in range(20):
            row = ["".join("ab,;'\"!\\ \n\r\u20ac"[rand(12)] for _ in range(rand(6))) for _ in range(rand(4))]
            out = io.StringIO(newline="")
            try:
                writer(out, quoting=quoting, **options).writerow(row)
            except Error as error:
                print(quoting, row, error)
                continue
            text = out.getvalue()
            try:
                back = list(reader(io.StringIO(text, newline=""), quoting=quoting, **options))
            except (Error, ValueError) as error:
                back = error
            print(quoting, ascii(text), ascii(back))
