# Module struct: every format, every limit, every error text.

import struct
for f in 'bBhHiIlLqQnNP':
    for p in ('','@','<','>'):
        if p in '<>' and p and f in 'nNP': continue
        for v in (1<<70, -(1<<70), 1<<63,-(1<<63)-1, 1<<64, -1, 300, 40000, 1<<31,1<<32,'x',1.5, None):
            try: struct.pack(p+f, v)
            except Exception as e: print(p+f, v, type(e).__name__, e)
for a in [('c',b'ab'),('c','a'),('s','a'),('p',1),('f',1e300),('e',1e6),('f','x'),('d',None),('?',5),('d',10**400),('<d',10**400),('<f',1e300),('>e',65520.0)]:
    try: print(a,struct.pack(*a))
    except Exception as e: print(a, type(e).__name__, e)
for f in ['5','z','i5',b'i\0','i\0i','99999999999999999999i','9223372036854775807i','<n', 5, 'é', '9223372036854775807s','9223372036854775807xx']:
    try: print(f,struct.calcsize(f))
    except Exception as e: print(repr(f), type(e).__name__, e)
S=struct.Struct
b=bytearray(10)
for c in ['struct.pack()','struct.pack("i")','struct.pack("i",1,2)','struct.unpack("i",b"123")','struct.unpack("i")','struct.unpack_from("i",b"123")','struct.unpack_from("i",b"1234567",5)','struct.unpack_from("i",b"1234567",-3)','struct.unpack_from("i",b"1234567",-9)','struct.pack_into("i")','struct.pack_into("i",b)','struct.pack_into("i",b,0)','struct.pack_into("i",b,8,1)','struct.pack_into("i",b,-2,1)','struct.pack_into("i",b,-12,1)','struct.pack_into("i",b"1234",0,1)','struct.pack_into("i",b,"x",1)','struct.iter_unpack("i",b"123")','struct.iter_unpack("",b"123")','S("i").pack()','S("i").unpack(1)','S()','S("i").size','S(b"i").format','S("i").pack_into()','struct.iter_unpack("i",b"12345678").__length_hint__()','struct.unpack_from("i",b"1234",1<<70)','struct.pack_into("i",b,1<<70,1)','S.__new__(S).size','S.__new__(S).pack(1)','S.__new__(S).format','struct.unpack("i","abcd")','struct._clearcache()','S("i").unpack_from()','S("i").unpack_from(b"12345",offset=1)','list(struct.iter_unpack("<hx",b"123456"))','struct.unpack("3p4pp",b"\\x02abc\\x09bcd\\0")','type(struct.iter_unpack("i",b""))', 'struct.__all__']:
    try: print(c,'->',eval(c))
    except Exception as e: print(c, type(e), e)

seed = 5


def byte():
    global seed
    seed = (seed * 1103515245 + 12345) % 2**31
    return seed >> 16 & 255


for f in "bBhHiIlLqQefd?":
    for order in "@=<>!":
        for count in ("", "3"):
            size = struct.calcsize(order + count + f)
            for _ in range(5):
                data = bytes(byte() for _ in range(size))
                values = struct.unpack(order + count + f, data)
                try:
                    again = struct.pack(order + count + f, *values)
                except OverflowError as error:
                    again = error
                print(order + count + f, data, values, again)
print(struct.pack("c5s0s3pxh?", b"a", b"hello", b"", b"abcdef", 7, [1]), struct.calcsize("bxi3cd"))
for x in (0.0, -0.0, 1.0, 65504.0, 6e-8, 1e-8, 5.960464477539063e-08, 2.9802322387695312e-08, 2.98023223876953125e-08, 0.333251953125, 1 / 3, 2049.0, 2051.0, float("inf"), float("nan")):
    print(x, struct.pack("<e", x), struct.unpack("<e", struct.pack("<e", x)))
class Sub(S):
    pass
sub = Sub("2h")
sub.extra = [1]
print(sub.extra, sub.pack(1, 2), sub.unpack_from(b"abcdef", 2), sub.size, sub.format)
