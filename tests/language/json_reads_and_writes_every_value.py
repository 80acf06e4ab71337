# Module _json, and json on top of it.

import _json
from json import scanner, encoder, decoder
def t(s):
    try: print(s,'->',repr(eval(s)))
    except BaseException as e: print(s,'!',type(e).__name__,e)
class C: pass
ctx=decoder.JSONDecoder()
ms=_json.make_scanner
me=_json.make_encoder
def mk(**k):
    d=dict(markers={},default=lambda o: 'D'+repr(o),encoder=encoder.encode_basestring_ascii,indent=None,key_separator=': ',item_separator=', ',sort_keys=False,skipkeys=False,allow_nan=True); d.update(k)
    return me(d['markers'],d['default'],d['encoder'],d['indent'],d['key_separator'],d['item_separator'],d['sort_keys'],d['skipkeys'],d['allow_nan'])
import sys
for x in ['ms','me','ms()','ms(5)','ms(ctx)("[1]",0)','ms(ctx)("[1] x",1)','ms(ctx)("",0)','ms(ctx)("x",-1)','ms(ctx)(5,0)','ms(ctx)("nul",0)','ms(ctx)("[1,]",0)','ms(ctx)("[1 2]",0)','ms(ctx)("{",0)','ms(ctx)("{\\"a\\"}",0)','ms(ctx)("{\\"a\\":}",0)','ms(ctx)("{\\"a\\":1,}",0)','ms(ctx)("{1:2}",0)','ms(ctx)("{\\"a\\":1 \\"b\\"}",0)','ms(ctx)("[",0)','ms(ctx)("-",0)','ms(ctx)("-Infinity",0)','ms(ctx)("NaN",0)','ms(ctx)("01",0)','ms(ctx)("1.",0)','ms(ctx)("1.5e",0)','ms(ctx)("1.5e+10",0)','ms(ctx)("-0",0)','ms(ctx)("-0.0",0)','ms(ctx)("1E5",0)','ms(ctx)("123456789012345678901234567890",0)','ms(ctx)(string="1",idx=0)','ms(ctx).strict','ms(ctx).object_hook','ms(ctx).object_pairs_hook','ms(ctx).parse_float','ms(ctx).parse_int','ms(ctx).memo',
 '_json.scanstring("abc\\"",0)','_json.scanstring("abc",0)','_json.scanstring("a\\\\u12\\"",0)','_json.scanstring("a\\\\x\\"",0)','_json.scanstring("a\\n\\"",0)','_json.scanstring("a\\n\\"",0,False)','_json.scanstring("\\\\ud834\\\\udd20\\"",0)','_json.scanstring("\\\\ud834x\\"",0)','_json.scanstring("\\\\udd20\\"",0)','_json.scanstring("\\\\",0)','_json.scanstring(5,0)','_json.scanstring("x\\"",5)','_json.scanstring("\\"",-1)','_json.scanstring("\\\\ud834\\\\u12\\"",0)','_json.scanstring("\\\\n\\\\t\\\\/\\\\b\\\\f\\\\r\\\\\\\\\\"",0)','_json.scanstring("\\u1234\\U0001f600\\"z",0)',
 '_json.encode_basestring("a\\"\\n\\x00\\u1234\\x7f")','_json.encode_basestring_ascii("a\\"\\n\\x00\\u1234\\U0001f600\\ud800\\x7f")','_json.encode_basestring(5)','_json.encode_basestring_ascii(5)',
 'me()','mk(markers=5)','mk()([1,2],0)','mk()({1:2,"a":[None,True,False,1.5,float("inf"),-0.0]},0)','mk(allow_nan=False)(float("nan"),0)','mk(allow_nan=False)([float("inf")],0)','mk()(C,0)','mk(default=lambda o:{}[o])(C,0)','mk(sort_keys=True)({"b":1,"a":2},0)','mk(sort_keys=True)({"b":1,1:2},0)','mk()({(1,):2},0)','mk(skipkeys=True)({(1,):2,"x":1},0)','mk()({None:1,True:2,False:3,1.5:4,10**30:5},0)','mk(encoder=encoder.encode_basestring)("\\u1234",0)','mk(encoder=lambda s:"<"+s+">")({"a":"b"},0)','mk(encoder=lambda s:5)({"a":"b"},0)','mk(indent=2)([1],0)','mk()((),0)','mk()([],0)','mk()({},0)','mk()(())','mk(item_separator=5)','mk().markers','mk().indent','mk().sort_keys','mk().skipkeys','mk().key_separator','mk().item_separator', 'mk().encoder is encoder.encode_basestring_ascii','mk(markers=None).markers']: t(x)
l=[]; l.append(l)
try: mk()(l,0)
except ValueError as e: print(e)
d={}; d['a']=d
try: mk()(d,0)
except ValueError as e: print(e)
class I(int):
    def __repr__(self): return 'I'
    def __str__(self): return 'S'
class F(float):
    def __repr__(self): return 'F'
class S(str): pass
class D(dict): pass
class L(list): pass
print(mk()([I(5),F(2.5),S('x'),D(a=1),L([1]),{I(5):1,F(2.5):2,S('k'):3}],0))
class Enc:
    def items(self): return [(1,2)]
class D2(dict):
    def items(self): return [('z',1)]
print(mk()(D2(a=1),0), mk()(D2(),0))

import json

seed = 1


def rand(n):
    global seed
    seed = (seed * 1103515245 + 12345) % 2**31
    return (seed >> 8) % n


def value(depth):
    kind = rand(9 if depth else 6)
    if kind == 0:
        return [None, True, False][rand(3)]
    if kind == 1:
        return rand(10**6) - 500000
    if kind == 2:
        return (rand(10**6) - 500000) / 64
    if kind in (3, 4):
        return "".join(chr([rand(128), rand(256), rand(0x3000), 0x1F600 + rand(64)][rand(4)]) for _ in range(rand(8)))
    if kind == 5:
        return -(10 ** rand(40))
    if kind == 6:
        return [value(depth - 1) for _ in range(rand(5))]
    return {value(0) if rand(2) else str(rand(5)): value(depth - 1) for _ in range(rand(5))}


for i in range(150):
    v = value(4)
    text = json.dumps(v)
    print(text, json.dumps(v, ensure_ascii=False).encode(), json.dumps(v, indent=1).count("\n"))
    again = json.loads(text)
    assert json.dumps(again) == text or not isinstance(v, dict), text
for text in ("", " ", "[1, 2", "[1,, 2]", '{"a": 1,}', "{'a': 1}", "nan", "[NaN, Infinity, -Infinity]", "1 2", '"\\ud800"', '"\t"', "tru", "[" * 3, "\ufeff1", '{"a":1,"a":2}', "-", "1e400", "0x1"):
    try:
        print(repr(text), ascii(json.loads(text)))
    except json.JSONDecodeError as error:
        print(repr(text), error, error.lineno, error.colno, error.pos)
print(json.loads('{"a": [1, 2.5]}', parse_int=lambda s: "i" + s, parse_float=lambda s: "f" + s))
print(json.loads('{"a": {"b": 1}}', object_hook=lambda d: sorted(d)), json.loads('{"a": 1}', object_pairs_hook=list))
for nested in ("[" * 100000, '{"":' * 100000):
    try:
        json.loads(nested)
    except RecursionError as error:
        print(type(error).__name__)
