# pwd, grp, resource, fcntl, termios' errors, _stat and _locale.
import _locale
import _stat
import fcntl
import grp
import posix
import pwd
import resource
import syslog
import termios


def attempt(function, *arguments, **keywords):
    try:
        print(function.__name__, str(arguments)[:70], keywords, "->", function(*arguments, **keywords))
    except Exception as error:
        print(function.__name__, str(arguments)[:70], keywords, "!!", type(error).__name__, error, error.args)


for module in (_locale, _stat, fcntl, resource, syslog, termios):
    print(module.__name__, [(name, getattr(module, name)) for name in sorted(dir(module)) if isinstance(getattr(module, name), int)])
    print([name for name in sorted(dir(module)) if name[:2] != "__" and callable(getattr(module, name))])
root = pwd.getpwuid(0)
print(root, root.pw_name, pwd.getpwnam("root") == root, root in pwd.getpwall(), type(root))
print(grp.getgrgid(0).gr_name, grp.getgrnam("root").gr_gid, grp.getgrgid(0) in grp.getgrall())
attempt(pwd.getpwnam, "nosuchuser")
attempt(pwd.getpwuid, 2**40)
attempt(pwd.getpwuid, -1)
attempt(pwd.getpwuid, "x")
attempt(pwd.getpwnam, 5)
attempt(grp.getgrgid, 1.5)
attempt(grp.getgrnam, "nosuchgroup")
soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
print(resource.getrlimit(resource.RLIMIT_CORE)[0], resource.prlimit(0, resource.RLIMIT_CORE)[0], resource.getpagesize())
usage = resource.getrusage(resource.RUSAGE_SELF)
print(len(usage), usage.ru_maxrss > 0, type(usage), type(usage.ru_utime))
attempt(resource.getrlimit, 99)
attempt(resource.setrlimit, resource.RLIMIT_CORE, (10, 5))
attempt(resource.setrlimit, resource.RLIMIT_CORE, (5,))
attempt(resource.setrlimit, resource.RLIMIT_CORE, 5)
attempt(resource.getrusage, 99)
fd = posix.open("file", posix.O_RDWR | posix.O_CREAT)
print(fcntl.fcntl(fd, fcntl.F_GETFD), fcntl.fcntl(fd, fcntl.F_SETFD, 0), fcntl.fcntl(fd, fcntl.F_GETFD))
fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 10, 5)
other = posix.open("file", posix.O_RDWR)
attempt(fcntl.flock, other, fcntl.LOCK_EX | fcntl.LOCK_NB)
attempt(fcntl.lockf, fd, 77)
attempt(fcntl.fcntl, "x", 1)
attempt(fcntl.fcntl, fd, 1, b"x" * 2000)
attempt(fcntl.fcntl, fd)
attempt(fcntl.fcntl, fd, 2**40)
reading, writing = posix.pipe()
posix.write(writing, b"abc")
buffer = bytearray(4)
print(fcntl.ioctl(reading, termios.FIONREAD, buffer), buffer, fcntl.ioctl(reading, termios.FIONREAD, b"\0\0\0\0"))
attempt(fcntl.ioctl, fd, termios.TIOCGWINSZ, 0)
master, slave = posix.openpty()
attributes = termios.tcgetattr(slave)
print(len(attributes), len(attributes[6]), attributes[6][termios.VINTR])
attributes[3] &= ~termios.ICANON
termios.tcsetattr(slave, termios.TCSANOW, attributes)
print(termios.tcgetattr(slave)[6][termios.VMIN], termios.tcgetattr(slave)[3] & termios.ICANON)
termios.tcsetwinsize(slave, (30, 100))
print(termios.tcgetwinsize(slave), posix.get_terminal_size(slave), posix.isatty(slave))
attempt(termios.tcgetattr, fd)
attempt(termios.tcsetattr, slave, 0, [])
attempt(termios.tcsetattr, slave, 0, [1] * 7)
attempt(termios.tcgetattr, "x")
for mode in (0o100644, 0o40755, 0o120777, 0o104755, 0o102644, 0o41777, 0o10600, 0o140000, 0o20666, 0o60600, 0):
    print(_stat.filemode(mode), _stat.S_ISDIR(mode), _stat.S_ISREG(mode), _stat.S_ISLNK(mode), oct(_stat.S_IMODE(mode)), oct(_stat.S_IFMT(mode)))
attempt(_stat.S_ISDIR, -1)
attempt(_stat.S_ISDIR, 2**40)
attempt(_stat.S_ISDIR, "x")
print(_locale.localeconv(), _locale.setlocale(_locale.LC_ALL, "C"), _locale.setlocale(_locale.LC_NUMERIC))
attempt(_locale.setlocale, _locale.LC_ALL, "nosuch")
attempt(_locale.setlocale, 99)
attempt(_locale.nl_langinfo, 99999)
print(_locale.strcoll("a", "b") < 0, _locale.strcoll("b", "a") > 0, _locale.strxfrm("abc"), _locale.gettext("text"))
print(syslog.LOG_MASK(3), syslog.LOG_UPTO(3))
posix.unlink("file")
