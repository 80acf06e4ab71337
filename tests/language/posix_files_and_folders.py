# Files by path and by descriptor, listing, times, links and what stat says of them.
import posix


def attempt(function, *arguments, **keywords):
    try:
        print(function.__name__, arguments, keywords, "->", function(*arguments, **keywords))
    except Exception as error:
        print(function.__name__, arguments, keywords, "!!", type(error).__name__, error,
              getattr(error, "filename", None), getattr(error, "filename2", None))


print(len(dir(posix)), all(isinstance(value, int) for value in posix.sysconf_names.values()))
for name in sorted(name for name in dir(posix) if name[0] != "_"):
    value = getattr(posix, name)
    if isinstance(value, int) and not isinstance(value, bool):
        print(name, value, end=" ")
    elif callable(value):
        print(name, type(value).__name__, end=" ")
print()
print(sorted(posix.confstr_names.items()), sorted(posix.pathconf_names.items()))
print(sorted(posix.sysconf_names.items()))
print(posix._have_functions)

posix.mkdir("folder")
posix.chdir("folder")
fd = posix.open("a", posix.O_RDWR | posix.O_CREAT, 0o640)
print(posix.write(fd, b"hello, "), posix.write(fd, bytearray(b"world")), posix.write(fd, memoryview(b"!")))
print(posix.lseek(fd, 0, 0), posix.read(fd, 5), posix.pread(fd, 5, 7), posix.read(fd, 100), posix.read(fd, 100))
print(posix.pwrite(fd, b"HE", 0), posix.writev(fd, [b"x", b"", bytearray(b"yz")]), posix.fstat(fd).st_size)
buffers = [bytearray(3), bytearray(20)]
print(posix.preadv(fd, buffers, 0), buffers, posix.pwritev(fd, [b"q"], 1), posix.pread(fd, 3, 0))
posix.ftruncate(fd, 4)
print(posix.stat("a").st_size, oct(posix.stat("a").st_mode), posix.isatty(fd), posix.get_inheritable(fd))
posix.set_inheritable(fd, True)
print(posix.get_inheritable(fd), posix.get_blocking(fd))
posix.set_blocking(fd, False)
print(posix.get_blocking(fd))
posix.fsync(fd)
copy = posix.dup(fd)
print(posix.get_inheritable(copy), posix.dup2(fd, copy), posix.get_inheritable(copy), posix.dup2(fd, copy, False))
posix.close(copy)
posix.close(fd)
attempt(posix.close, fd + 100)

posix.utime("a", (1.5, 2.25))
info = posix.stat("a")
print(info.st_mtime, info.st_mtime_ns, info.st_atime_ns, info[7:9], len(info), info.n_fields, info.n_unnamed_fields)
posix.utime("a", ns=(10**18 + 1, -5))
print(posix.stat("a").st_atime_ns, posix.stat("a").st_mtime_ns, posix.stat("a").st_mtime)
print(type(info), type(info).__module__, posix.stat_result(range(10)).st_mtime, posix.stat_result(range(19)).st_mtime)
print(posix.stat_result(range(10)), posix.stat_result(range(10)).st_mtime_ns)
posix.symlink("a", "link")
posix.link("a", "hard")
print(posix.readlink("link"), posix.readlink(b"link"), posix.stat("link") == posix.stat("a"), posix.stat("a").st_nlink)
print(posix.lstat("link").st_size, posix.stat("link", follow_symlinks=False).st_size)
posix.rename("hard", "soft")
posix.replace("soft", "b")
posix.chmod("b", 0o600)
print(oct(posix.stat("b").st_mode), posix.access("b", posix.R_OK), posix.access("zz", posix.F_OK))
print(sorted(posix.listdir()), sorted(posix.listdir(b".")), sorted(posix.listdir(".")))
with posix.scandir() as entries:
    for entry in sorted(entries, key=lambda entry: entry.name):
        print(entry, entry.name, entry.path, entry.is_file(), entry.is_dir(), entry.is_symlink(),
              entry.is_file(follow_symlinks=False), entry.stat().st_size, entry.inode() == entry.stat(follow_symlinks=False).st_ino,
              posix.fspath(entry))
print([entry.path for entry in posix.scandir(b"../folder/")][0].startswith(b"../folder/"))
here = posix.open(".", posix.O_RDONLY)
print(sorted(posix.listdir(here)), posix.stat("a", dir_fd=here).st_size, sorted(e.path for e in posix.scandir(here)))
posix.mkdir("deep", dir_fd=here)
posix.rmdir("deep", dir_fd=here)
posix.fchdir(here)
posix.close(here)
posix.mkfifo("pipe")
print(oct(posix.stat("pipe").st_mode))
for name in posix.listdir():
    posix.unlink(name)
print(posix.getcwd().endswith("/folder"), posix.getcwdb().endswith(b"/folder"))
posix.chdir("..")
posix.rmdir("folder")
name = "\udcff\xe9"
posix.close(posix.open(name, posix.O_CREAT | posix.O_WRONLY))
print(ascii(posix.listdir()), posix.listdir(b"."))
posix.remove(name)

missing = "/nonexistent/file"
for function in (posix.stat, posix.lstat, posix.unlink, posix.rmdir, posix.chdir, posix.listdir, posix.scandir,
                 posix.readlink, posix.mkdir, posix.statvfs, posix.mkfifo):
    attempt(function, missing)
    attempt(function, 1.5)
    if function not in (posix.listdir, posix.scandir):
        attempt(function)
for function in (posix.rename, posix.replace, posix.link, posix.symlink):
    attempt(function, missing, b"/nonexistent/other")
    attempt(function, 1, 2)
attempt(posix.open, missing, "x")
attempt(posix.open, missing, 2**40)
attempt(posix.chown, missing, -1, 2**33)
attempt(posix.chown, missing, "x", 1)
attempt(posix.utime, missing, 1)
attempt(posix.utime, missing, (1, "x"))
attempt(posix.utime, missing, (1, 2), ns=(1, 2))
attempt(posix.truncate, missing, 2**70)
attempt(posix.stat, "a\0b")
attempt(posix.stat, 2**70)
attempt(posix.stat, 1, dir_fd=3)
attempt(posix.stat, 1, follow_symlinks=False)
attempt(posix.stat, "/", dir_fd="x")
attempt(posix.fsync, "x")
attempt(posix.fsync, -1)
attempt(posix.read, 0, -1)
attempt(posix.write, 1, "text")
attempt(posix.readv, 0, [b"immutable"])
attempt(posix.lseek, 0, 2**70, 0)
attempt(posix.sysconf, "x")
attempt(posix.getpid, 1)
for path in ("", "/", "//", "///a", "../..", "a/../..", "./", "a//b", "/../x", ".", "a/.", "\u1234/../x", "//a/../../b/./c//"):
    print(repr(posix._path_normpath(path)), end=" ")
print()


class Path:
    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return self.path


try:
    posix.stat(Path("/nonexistent"))
except OSError as error:
    print(error)
for path in ("text", b"bytes", Path("text"), Path(5), 5):
    try:
        print(posix.fspath(path))
    except TypeError as error:
        print(error)
for make in (posix.DirEntry, type(posix.scandir())):
    attempt(make)
