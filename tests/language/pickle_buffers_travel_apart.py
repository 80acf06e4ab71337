# PickleBuffer, buffer_callback and buffers: protocol 5 with data outside the pickle.
import array
import pickle
from pickle import PickleBuffer


def attempt(label, function):
    try:
        print(label, "->", repr(function()))
    except Exception as e:
        print(label, type(e).__name__, e)


for arguments in ((), (1,), ("x",), (b"x", 1)):
    attempt("make", lambda: PickleBuffer(*arguments))
buffer = PickleBuffer(b"abc")
print(bytes(buffer), bytes(buffer.raw()), memoryview(buffer).obj, memoryview(buffer).readonly)
buffer.release()
buffer.release()
for function in (buffer.raw, lambda: memoryview(buffer), lambda: bytes(buffer), lambda: pickle.dumps(buffer, 5), lambda: PickleBuffer(buffer)):
    attempt("released", function)
strided = PickleBuffer(memoryview(b"abcdef")[::2])
attempt("raw", strided.raw)
attempt("dumps", lambda: pickle.dumps(strided, 5))
print(bytes(strided), memoryview(strided).strides)
numbers = PickleBuffer(array.array("i", [1, 2]))
print(memoryview(numbers).format, numbers.raw().format, pickle.dumps(numbers, 5))
content = bytearray(b"abc")
held = PickleBuffer(content)
attempt("held", lambda: content.append(1))
held.release()
attempt("free", lambda: content.append(1))
attempt("subclass", lambda: type("X", (PickleBuffer,), {}))
attempt("attribute", lambda: setattr(PickleBuffer(b""), "x", 1))
attempt("protocol", lambda: pickle.dumps(PickleBuffer(b""), 4))
for callback in (None, lambda b: None, lambda b: 1, lambda b: 1 / 0, 3, lambda b: b.release()):
    attempt("callback", lambda: pickle.dumps([PickleBuffer(b"ab"), PickleBuffer(bytearray(b"cd"))], 5, buffer_callback=callback))
same = PickleBuffer(b"zz")
print(pickle.dumps([same, same], 5), pickle.dumps([same, same], 5, buffer_callback=lambda b: None))
data = pickle.dumps([PickleBuffer(b"ab"), PickleBuffer(bytearray(b"cd"))], 5, buffer_callback=lambda b: None)
attempt("loads", lambda: pickle.loads(data, buffers=[b"x", bytearray(b"y")]))
attempt("loads", lambda: bytes(pickle.loads(data, buffers=[bytearray(b"x"), b"y"])[0]))
for buffers in ([b"x"], [], (), None, iter([1, 2]), (1 / 0 for i in (1,))):
    attempt("loads", lambda: pickle.loads(data, buffers=buffers))
attempt("loads", lambda: pickle.loads(data))


class Wide:
    def __init__(self, data):
        self.data = data

    def __reduce_ex__(self, protocol):
        if protocol >= 5:
            return Wide, (PickleBuffer(self.data),)
        return Wide, (bytes(self.data),)


buffers = []
wide = [Wide(bytearray(100000)), Wide(b"q" * 100000)]
data = pickle.dumps(wide, 5, buffer_callback=buffers.append)
print(len(data), len(buffers), [len(b.raw()) for b in buffers])
back = pickle.loads(data, buffers=buffers)
print([type(w.data).__name__ for w in back], back[0].data is buffers[0])
for protocol in (4, 5):
    data = pickle.dumps(wide, protocol)
    print(len(data), [type(w.data).__name__ for w in pickle.loads(data)])
