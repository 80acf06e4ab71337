# The hash modules: digests, copies, attributes and errors.
import _blake2
import _md5
import _sha1
import _sha256
import _sha3
import _sha512


def attempt(function, *arguments, **keywords):
    try:
        print(function.__name__, str(arguments)[:60], keywords, "->", function(*arguments, **keywords))
    except Exception as error:
        print(function.__name__, str(arguments)[:60], keywords, "!!", type(error).__name__, error)


long = bytes(range(256)) * 40
for make in (_md5.md5, _sha1.sha1, _sha256.sha224, _sha256.sha256, _sha512.sha384, _sha512.sha512, _sha3.sha3_224,
             _sha3.sha3_256, _sha3.sha3_384, _sha3.sha3_512, _blake2.blake2b, _blake2.blake2s):
    print(make().hexdigest(), make(b"abc").hexdigest(), make(long).hexdigest())
    h = make(b"start")
    print(h.name, h.digest_size, h.block_size, type(h).__name__, type(h).__module__)
    for n in (0, 1, 55, 56, 63, 64, 65, 71, 72, 103, 104, 111, 112, 127, 128, 129, 135, 136, 143, 144, 200, 1000):
        h.update(long[:n])
    c = h.copy()
    h.update(bytearray(b"more"))
    c.update(memoryview(b"less"))
    print(h.hexdigest(), c.hexdigest(), h.digest() == bytes.fromhex(h.hexdigest()), h.digest() == h.digest())
    attempt(make, "text")
    attempt(make, 5)
    attempt(make, b"a", b"b")
    attempt(make, data=b"x")
    attempt(h.update)
    attempt(h.digest, 1)
    print(make(b"", usedforsecurity=False).hexdigest()[:8])
for shake in (_sha3.shake_128, _sha3.shake_256):
    h = shake(b"data")
    h.update(long)
    print(h.hexdigest(10), h.digest(500) == shake(b"data" + long).digest(500), h.hexdigest(400), h.digest(0), h.digest_size)
    print(h._rate_bits, h._capacity_bits, h._suffix, h.copy().hexdigest(5))
    attempt(h.digest, -1)
    attempt(h.digest, "x")
    attempt(h.digest, 2**30)
    attempt(h.digest)
for make in (_blake2.blake2b, _blake2.blake2s):
    print(make(b"m", digest_size=5).hexdigest(), make(b"m", key=b"k").hexdigest(), make(b"m", salt=b"s", person=b"p").hexdigest())
    print(make(b"m", fanout=2, depth=2, leaf_size=100, node_offset=3, node_depth=1, inner_size=16, last_node=True).hexdigest())
    print(make(long * 5, key=b"k" * make.MAX_KEY_SIZE).hexdigest(), make.SALT_SIZE, make.PERSON_SIZE, make.MAX_DIGEST_SIZE)
    for keywords in (dict(digest_size=0), dict(digest_size=65), dict(key=b"x" * 65), dict(salt=b"x" * 17),
                     dict(person=b"x" * 17), dict(fanout=256), dict(fanout=-1), dict(depth=0), dict(leaf_size=-1),
                     dict(leaf_size=2**32), dict(node_offset=2**64), dict(node_offset=-1), dict(node_depth=256),
                     dict(inner_size=65), dict(key=5), dict(digest_size="x")):
        attempt(make, b"", **keywords)
attempt(type(_md5.md5()))
