# hashlib, gzip, zipfile and tarfile of the standard library.
import gzip
import hashlib
import io
import tarfile
import zipfile
import zlib

for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s"):
    print(name, hashlib.new(name, b"data").hexdigest(), getattr(hashlib, name)(b"more").hexdigest()[:16])
print(hashlib.shake_128(b"x").hexdigest(8))

data = b"some text " * 1000
print(gzip.decompress(gzip.compress(data)) == data, zlib.decompress(zlib.compress(data)) == data)
with gzip.open("file.gz", "wt") as file:
    file.write("line 1\nline 2\n")
with gzip.open("file.gz", "rt") as file:
    print(file.readlines())
with zipfile.ZipFile("archive.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("a.txt", "text " * 100)
    archive.writestr("folder/b.bin", bytes(1000))
with zipfile.ZipFile("archive.zip") as archive:
    print(archive.namelist(), archive.read("a.txt")[:10], archive.testzip(), archive.getinfo("folder/b.bin").file_size)
for mode in ("", "gz", "bz2", "xz"):
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode=f"w:{mode}") as archive:
        info = tarfile.TarInfo("name")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    memory.seek(0)
    with tarfile.open(fileobj=memory, mode="r:*") as archive:
        print(mode, archive.getnames(), archive.extractfile("name").read() == data)
