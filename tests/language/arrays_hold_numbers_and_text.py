# Module array: every type code, its limits, slices, conversions and pickles.
import array
A=array.array
a=A('i',[1,2,3])
cases='''A()
A(1)
A('z')
A('ii')
A('i','abc')
A('u','abc')
A('i',b'123')
A('i',b'12345678')
A('i',[1.5])
A('i',[1<<40])
A('i',[-1<<40])
A('I',[-1])
A('I',[1<<40])
A('b',[200])
A('B',[-1])
A('B',[256])
A('h',[40000])
A('H',[-1])
A('H',[70000])
A('l',[1<<70])
A('L',[-1])
A('L',[1<<70])
A('q',[1<<70])
A('Q',[-1])
A('Q',[1<<70])
A('f',['x'])
A('d',[1,2.5])
A('u',[1])
A('u',['ab'])
A('u',A('i'))
A('i',A('u'))
A('i',A('d',[1.5]))
A('i',x=1)
a[10]
a['x']
a[1:2]
a[::2]
a.__setitem__(10,1)
a.__setitem__(slice(0,1),[1])
a.__setitem__(slice(0,1),A('d',[1]))
a.__setitem__(slice(0,3,2),A('i',[1]))
a.__delitem__(5)
a+[1]
a+A('d')
a+A('i',[9])
a*2
2*a
a*'x'
a.append('x')
a.extend(5)
a.extend(A('d'))
a.extend([1,'x'])
a.fromlist(5)
a.fromlist([1,'x'])
a.frombytes('abc')
a.frombytes(b'123')
a.tounicode()
a.fromunicode('x')
A('u','ab').tounicode()
A('u').fromunicode(1)
a.index(99)
a.index(2,2)
a.remove(99)
a.pop(10)
A('i').pop()
a.count(1)
a.buffer_info()[1]
a.byteswap()
a.typecode,a.itemsize
repr(a)
repr(A('u','a\u1234'))
repr(A('d'))
a==A('d',[1,2,3])
a<A('i',[1,2,4])
a<[1]
hash(a)
a.__reduce_ex__(3)
a.__reduce_ex__(2)
A('u','ab').__reduce_ex__(3)
A('d',[1.0]).__reduce_ex__(3)
a.__copy__()
a.__deepcopy__({})
type(iter(a))
iter(a).__reduce__()
5 in a
memoryview(a).format
memoryview(A('u','ab')).format
array.typecodes
array._array_reconstructor(A,'i',19,b'')
array._array_reconstructor(A,'i',-1,b'')
array._array_reconstructor(A,'i',22,b'')
array._array_reconstructor(int,'i',2,b'')
array._array_reconstructor(A,'z',2,b'')
array._array_reconstructor(A,'i',2,'x')
array._array_reconstructor(A,'i',8,b'abc')
array._array_reconstructor(A,'i',5,b'\\0\\0\\0\\1')
array._array_reconstructor(A,'d',14,b'\\0\\0\\0\\1')
a.tofile(5)
a.fromfile(5,1)
a.__class_getitem__(int)
a.__iadd__([1])
a.insert('x',1)
a.insert(-100,5)
A.__module__
array.ArrayType is A
a.tolist()
a.tobytes()
a.reverse()'''
for c in cases.splitlines():
    a=A('i',[1,2,3])
    try: print(c,'->',eval(c))
    except Exception as e: print(c,'!', type(e).__name__, e)


class S(A):
    pass


cases='''A('b',[40000])
A('b',[1<<40])
A('b',[1<<70])
A('h',[1<<40])
A('h',[1<<70])
A('i',[1<<70])
A('i',[-1<<70])
A('I',[1<<70])
A('B',[1<<40])
A('B',[1<<70])
A('H',[1<<40])
A('H',[1<<70])
A('B',['x'])
A('H',[1.5])
A('I',[1.5])
A('L',['x'])
A('Q',['x'])
A('q',[1.5])
A('f',[1e300])
S('i',[1],x=5)
S('i',[1])
S('i',[1])+A('i',[2])
S('i',[1])[0:1]
S('i',[1])*2
S('i',[1]).__copy__()
S('i',[1]).__reduce_ex__(3)
a.index(2,0,1)
a.index(2,-2)
a.index(2,'x')
a.__iadd__(A('d'))
a.__imul__(2)
a.__imul__(-1)
a.__contains__(2.0)
a.__delitem__(slice(0,2))
a.__delitem__('x')
a.__setitem__('x',1)
a.__setitem__(slice(1,1),a)
a.__setitem__(0,'x')
a.pop('x')
a.pop(-1)
A('u','\U0010ffff')[0]
A('u',b'\\xff\\xff\\xff\\xff')[0]
A('i',iter([1,2]))
A('i',bytearray(4))
A('i',memoryview(b'1234'))
A('u',['a','b'])
A('u',b'a\\0\\0\\0')
A('i',5)
A('i',(1,2))
A('u',5)
array._array_reconstructor()
array._array_reconstructor(A,'ii',2,b'')
array._array_reconstructor(A,'f',15,b'\\x3f\\x80\\0\\0')
array._array_reconstructor(A,'q',10,b'\\xff'*8)
array._array_reconstructor(A,'u',18,b'a\\0b\\0')
array._array_reconstructor(A,'L',10,b'a\\0b\\0a\\0b\\0')
memoryview(A('u','ab'))[0]
memoryview(A('u','ab')).itemsize
a.extend(a)
a.extend('x')
a.__lt__(5)
a.__eq__(5)
a != [1,2,3]
bytes(a)
a.frombytes(a)
a.__setstate__
iter(a).__setstate__(2)
iter(a).__setstate__('x')
a.__reduce_ex__('x')
a.__reduce__()
a.insert(1)
a.insert(1,'x')
A('d',[float('nan')])==A('d',[float('nan')])
A('b',b'ab')==A('B',b'ab')
A('f',[1.5]).tolist()
A('z',[1])
A('i',None)'''
for c in cases.splitlines():
    a=A('i',[1,2,3])
    try: print(c,'->',eval(c))
    except BaseException as e: print(c,'!', type(e).__name__, e)

v = memoryview(a)
for action in ("a.append(1)", "a.pop()", "a.extend(a)", "a.__delitem__(0)", "a.frombytes(b'1234')"):
    try:
        print(action, eval(action))
    except BufferError as error:
        print(action, error)
v[1] = 77
print(a, v.tolist(), bytes(v))
v.release()
a.append(5)
print(a, list(a), a[::-1], a[1:3], sum(a))
for start in (None, 0, 1, 3, -1):
    for stop in (None, 0, 2, 9, -1):
        for step in (None, 1, 2, -1, -2):
            x = A("b", range(7))
            part = x[start:stop:step]
            y = A("b", x)
            del y[start:stop:step]
            z = A("b", x)
            z[start:stop:step] = part
            print(part.tolist(), y.tolist(), z == x)
