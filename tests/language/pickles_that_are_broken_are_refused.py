# What no pickler writes: truncated, misplaced and hostile instructions, from memory and from files.
import io
import pickle

DATA = [
    b'', b'.', b'x.', b'\xff.', b'(.', b'N', b'K', b'K.', b'J123', b'M1', b'I1', b'I\n.', b'Ia\n.', b'I00\n.',
    b'I01\n.', b'I1\n.', b'I001\n.', b'I0x1f\n.', b'I99999999999999999999999\n.', b'I 5 \n.', b'L5L\n.', b'L5\n.',
    b'L\n.', b'La\n.', b'LL\n.', b'F1.5\n.', b'Fx\n.', b'F\n.', b'F 1.5 \n.', b'F1e999\n.', b'G1234567.', b'Sabc\n.',
    b"S'abc'\n.", b"S'abc\n.", b'S"a\\x41\\n"\n.', b"S'\xff'\n.", b'S\n.', b"S'\n.", b"S'a\\xz'\n.",
    b'T\x01\x00\x00\x00a.', b'T\t\x00\x00\x00a.', b'U\x01\xff.', b'U\x01a.', b'Va\\u0041\n.', b'Va\\ud800\xe9\n.',
    b'Va\\uz\n.', b'V', b'X\x01\x00\x00\x00a.', b'X\x01\x00\x00\x00\xff.', b'X\x03\x00\x00\x00\xed\xa0\x80.',
    b'\x8d\xff\xff\xff\xff\xff\xff\xff\xffa.', b'\x8e\xff\xff\xff\xff\xff\xff\xff\xffa.',
    b'\x96\xff\xff\xff\xff\xff\xff\xff\xffa.', b'\x96\x02\x00\x00\x00\x00\x00\x00\x00ab.', b'\x97.', b'\x98.',
    b'N\x98.', b'C\x01a\x98.', b'\x8a\x00.', b'\x8a\x01\xff.', b'\x8a\naaaaaaaaaa.', b'\x8b\xff\xff\xff\xff.',
    b'\x8b\x01\x00\x00\x00a.', b't.', b'(t.', b'\x85.', b'N\x86.', b'NN\x87.', b'(\x85.', b'N(\x86.', b'(d.',
    b'(Nd.', b'(NNd.', b'(]Nd.', b'(l.', b'l.', b'Na.', b'a.', b'N(a.', b']a.', b']Na.', b'NNa.', b'](e.', b'e.',
    b'(e.', b'N(e.', b'N(Ne.', b'}(u.', b'}(Nu.', b'}(NNu.', b'}(]Nu.', b'N(NNu.', b'N(u.', b'}NNs.', b'}Ns.',
    b'NNNs.', b's.', b'\x8f(\x90.', b'\x8f(N\x90.', b'\x8f(]\x90.', b'N(N\x90.', b'N(\x90.', b'(\x91.', b'(]\x91.',
    b'\x91.', b'0.', b'N0.', b'(0.', b'N(0.', b'1.', b'(1.', b'2.', b'N2.', b'N(2.', b'(2.', b'g0\n.', b'h\x00.',
    b'j\x00\x00\x00\x00.', b'ga\n.', b'g-1\n.', b'g\n.', b'p0\n.', b'Np0\n.', b'Np-1\n.', b'Npa\n.', b'Nq\x00h\x00.',
    b'q\x00.', b'Nr\x00\x00\x00\x00j\x00\x00\x00\x00.', b'Nr\x00\x00\x01\x00j\x00\x00\x01\x00.', b'\x94.',
    b'N\x94h\x00\x86.', b'(\x94.', b'Nq\x05\x94h\x05.', b'c\n\n.', b'cos\n.', b'c', b'cos\nnope\n.',
    b'cno_mod\nx\n.', b'c\xff\nx\n.', b'c__builtin__\nxrange\n.', b'\x80\x03c__builtin__\nxrange\n.',
    b'cos\npath.join\n.', b'\x93.', b'NN\x93.', b'\x8c\x02osN\x93.', b'\x8c\x02os\x8c\x04nope\x93.',
    b'\x8c\x02os\x8c\tpath.join\x93.', b'\x80\x04\x8c\x02os\x8c\tpath.nope\x93.',
    b'\x80\x04\x8c\x02os\x8c\x08<locals>\x93.', b'R.', b'NR.', b'NNR.', b'N)R.', b'cbuiltins\nlist\n)R.',
    b'cbuiltins\nlist\n(R.', b'cbuiltins\nlist\n(](NeRR.', b'cbuiltins\nlist\nNR.', b'cbuiltins\nint\nC\x01a\x85R.',
    b'\x81.', b'N\x81.', b'NN\x81.', b'N)\x81.', b'cbuiltins\nlist\nN\x81.', b'cbuiltins\nlist\n)\x81.',
    b'cbuiltins\nlen\n)\x81.', b'cbuiltins\nint\n)\x81.', b'\x92.', b'NNN\x92.', b'cbuiltins\nint\nNN\x92.',
    b'cbuiltins\nint\n)N\x92.', b'cbuiltins\nint\n)}\x92.', b'cbuiltins\nlen\n)}\x92.',
    b'cbuiltins\nint\n)}(Vx\nK\x05u\x92.', b'cbuiltins\nint\n)}(K\x05K\x05u\x92.', b'(o.', b'o.',
    b'(cbuiltins\nlist\no.', b'(Vabc\ncbuiltins\nlist\no.', b'(cbuiltins\nlist\nVabc\no.', b'(No.', b'(NNo.',
    b'(ibuiltins\nlist\n.', b'(ios\nnope\n.', b'(Vabc\nibuiltins\nlist\n.', b'ibuiltins\nlist\n.',
    b'(i\xff\nlist\n.', b'(ibuiltins\n', b'(cbuiltins\nlen\no.', b'b.', b'Nb.', b'N}b.', b'NNb.', b'NK\x05b.',
    b']}b.', b']}(Va\nNub.', b'cbuiltins\nException\n)\x81}(Va\nK\x05ub.', b'cbuiltins\nException\n)\x81K\x05b.',
    b'cbuiltins\nException\n)\x81}}\x86b.', b'cbuiltins\nobject\n)\x81}}\x86b.',
    b'cbuiltins\nobject\n)\x81NK\x05\x86b.', b'cbuiltins\nobject\n)\x81K\x05N\x86b.',
    b'cbuiltins\nobject\n)\x81N}(Va\nNu\x86b.', b'cbuiltins\nobject\n)\x81}(Va\nNub.', b'Pabc\n.', b'P\xff\n.', b'P',
    b'NQ.', b'Q.', b'\x80.', b'\x80\x06.', b'\x80\x05N.', b'\x80', b'\x95\x00\x00\x00\x00\x00\x00\x00\x00N.',
    b'\x95\x01\x00\x00\x00\x00\x00\x00\x00N.', b'\x95\t\x00\x00\x00\x00\x00\x00\x00N.',
    b'\x95\x02\x00\x00\x00\x00\x00\x00\x00N.', b'\x95\xff\xff\xff\xff\xff\xff\xff\xffN.',
    b'\x95\x01\x00\x00\x00\x00\x00\x00\x00K\x01.', b'\x95',
    b'\x95\x0c\x00\x00\x00\x00\x00\x00\x00N\x95\x01\x00\x00\x00\x00\x00\x00\x00N.', b'\x82\x00.', b'\x82\x01.',
    b'\x83\x00\x00.', b'\x84\xff\xff\xff\xff.', b'\x84\x00\x00\x00\x00.', b'\x84\x01\x00\x00\x00.', b'\x89.',
    b'\x88.', b'((((.', b'N(NN', b'(N1N.', b'\x8c\x05ab.', b'N\x00.', b"N'.", b'N\x7f.', b'N\xc3\xa9.', b'N\n.',
    b'(K\x01K\x02\x86.', b'(K\x01\x85.', b']((Ke.', b'](K\x01(e.', b'](K\x01(ee.', b'((t.',
    b'cbuiltins\nobject\n)(.', b'K\x01(K\x02.',
]


class Plain:
    def __init__(self, data):
        self.file = io.BytesIO(data)

    def read(self, size):
        return self.file.read(size)

    def readline(self):
        return self.file.readline()


class Peeking(Plain):
    def peek(self, size):
        return self.file.getvalue()[self.file.tell() : self.file.tell() + size]

    def readinto(self, buffer):
        return self.file.readinto(buffer)


def attempt(label, function, *arguments, **keywords):
    try:
        print(label, "->", repr(function(*arguments, **keywords)))
    except Exception as e:
        print(label, type(e).__name__, e)


for data in DATA:
    attempt(data, pickle.loads, data)
    attempt("bytearray", pickle.loads, bytearray(data))
    attempt("plain", pickle.load, Plain(data))
    attempt("peek", pickle.load, Peeking(data + b"rest"))
    file = io.BytesIO(data + b"rest")
    attempt("file", pickle.load, file)
    print(file.tell())
    if data[:1] in b"STU":
        attempt("bytes", pickle.loads, data, encoding="bytes")
        attempt("latin-1", pickle.loads, data, encoding="latin-1")
        attempt("replace", pickle.loads, data, errors="replace")
whole = pickle.dumps({"a": [1, 2.5, "\xe9"], b"b": (None, True, {3}, 2**70), "x": 5}, 5)
for cut in range(len(whole)):
    attempt(cut, pickle.loads, whole[:cut])
for i in range(len(whole)):
    changed = bytearray(whole)
    changed[i] ^= 0x55
    try:
        pickle.loads(changed)
    except Exception:
        pass
print("done")
