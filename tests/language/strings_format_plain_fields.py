# Percent fields and f-string parts that need no options: ints, strings of every width, and what looks like them.


class S(str):
    pass


for f,a in [('%d %s',(1,'a')),('%s',('x',)),('%s %s',(1,)),('%d',('x',)),('%s%%',(5,)),('é%sł',('ü',)),('%d',(2**62,)),('%d',(-2**62,)),('%d',(True,)),('%s',S('q')),('%s%s',(S('q'),'z')),('%',(1,)),('%s %d %s',('a',1)),('a',(1,)),('%(a)s',{'a':1}),('%s',{'a':1}),('%5d|%-4s|',(3,'a')),('\u0142%s',('\U0001f600',))]:
    try:
        print(ascii(f % a))
    except Exception as e:
        print(type(e).__name__, e)
    try:
        print(f.encode('utf-8', 'surrogatepass') % a)
    except Exception as e:
        print(type(e).__name__, e)
for x in (0,7,-7,10,-10,12345678901234567,2**62-1,-2**62,2**62): print(str(x), repr(x), f'{x}', f'{x}{"é"}', f'{x}ł{x}', f'{"" }{""}', f'{"a"}{""}', f'{x:>5}', f'{x!r}{True}')
e='é';b='b'
print(f'{e}{b}'.isascii(), f'{b}{b}'.isascii(), ('a'+'é').isascii(), ('a'*20+'é'*30).encode())
