# os, shutil, tempfile, pathlib, glob, fnmatch, random, platform and getpass of the standard library.
import glob
import os
import pathlib
import platform
import random
import shutil
import stat
import tempfile

print(os.name, os.sep, os.path.join("a", "b"), os.path.normpath("a/../b//c"), os.fsencode("\udcff\xe9"), ascii(os.fsdecode(b"\xff")))
print(os.supports_dir_fd >= {os.open, os.stat}, os.supports_fd >= {os.listdir}, os.supports_follow_symlinks >= {os.stat})
os.environ["KRAIT_TEST"] = "value"
print(os.environ["KRAIT_TEST"], os.getenv("KRAIT_TEST"), os.environb[b"KRAIT_TEST"], os.popen if False else None)
del os.environ["KRAIT_TEST"]
print("KRAIT_TEST" in os.environ)
os.makedirs("top/middle/leaf")
for name in ("top/one.txt", "top/middle/two.txt", "top/middle/leaf/three.py"):
    with open(name, "w") as file:
        file.write(name)
print([(root, sorted(folders), sorted(files)) for root, folders, files in sorted(os.walk("top"))])
print([(root, sorted(files)) for root, folders, files in sorted(os.walk("top", topdown=False))])
print(sorted((root, sorted(files)) for root, folders, files, fd in os.fwalk("top")))
print(os.path.getsize("top/one.txt"), os.path.isdir("top"), os.path.isfile("top"), os.path.islink("top"), os.path.exists("x"))
print(sorted(glob.glob("top/**/*.txt", recursive=True)), sorted(glob.glob("top/*")), glob.glob("top/[a-o]*"))
shutil.copytree("top", "copy")
print(sorted(os.listdir("copy")), open("copy/one.txt").read())
shutil.copy("top/one.txt", "copied")
shutil.copymode("top/one.txt", "copied")
shutil.move("copied", "moved")
print(os.path.exists("copied"), open("moved").read(), shutil.disk_usage(".").total > 0, shutil.which("sh") is not None)
os.symlink("moved", "link")
print(os.path.realpath("link") == os.path.realpath("moved"), os.path.samefile("link", "moved"), os.readlink("link"))
shutil.rmtree("copy")
print(os.path.exists("copy"))
try:
    shutil.rmtree("nothing")
except FileNotFoundError as error:
    print(error)
try:
    os.makedirs("top")
except FileExistsError as error:
    print(error)
os.makedirs("top", exist_ok=True)
path = pathlib.Path("top")
print(path / "one.txt", sorted(str(p) for p in path.rglob("*")), (path / "one.txt").read_text(), path.is_dir())
(path / "bytes").write_bytes(b"123")
print((path / "bytes").stat().st_size, (path / "bytes").suffix, path.resolve().name, path.joinpath("a", "..", "b"))
(path / "bytes").rename(path / "renamed")
(path / "renamed").unlink()
print(sorted(p.name for p in path.iterdir()), pathlib.PurePosixPath("/a/b.tar.gz").suffixes, stat.filemode(path.stat().st_mode))
with tempfile.TemporaryDirectory(dir=".") as folder:
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(b"temporary")
        file.flush()
        print(os.path.getsize(file.name), os.path.dirname(file.name) == os.path.abspath(folder) or file.name.startswith(folder))
    print(os.listdir(folder))
print(os.path.exists(folder))
with tempfile.TemporaryFile() as file:
    file.write(b"abc")
    file.seek(0)
    print(file.read())
fd, name = tempfile.mkstemp(dir=".")
os.write(fd, b"x")
os.close(fd)
os.remove(name)
with tempfile.SpooledTemporaryFile(max_size=10) as file:
    file.write(b"12345678901")
    file.seek(0)
    print(file.read())
random.seed(7)
print(random.sample(range(1000), 10), random.shuffle(list(range(10))), random.choice("abc"), random.SystemRandom().random() < 1)
print(platform.system(), platform.machine() == os.uname().machine, platform.python_version_tuple()[:2])
print(os.get_terminal_size is not None, shutil.get_terminal_size((80, 24)).columns > 0, os.cpu_count() > 0)
print(os.path.commonpath(["/a/b", "/a/c"]), os.path.relpath("/a/b", "/a/c"), os.path.expanduser("~root") == "/root")
print(os.stat("moved")[:3] == tuple(os.stat("moved"))[:3], os.stat_result is type(os.stat(".")), os.path.expandvars("$NOTHING/x"))
with os.fdopen(os.open("moved", os.O_RDONLY)) as file:
    print(file.read())
with os.scandir(".") as entries:
    print(sorted(entry.name for entry in entries))
