# fork, exec, waiting, pipes, spawning and what the system says of processes.
import posix
import errno


def attempt(function, *arguments, **keywords):
    try:
        print(function.__name__, arguments, keywords, "->", function(*arguments, **keywords))
    except Exception as error:
        print(function.__name__, arguments, keywords, "!!", type(error).__name__, error)


def outcome(pid):
    return posix.waitstatus_to_exitcode(posix.waitpid(pid, 0)[1])


hooks = []
posix.register_at_fork(before=lambda: hooks.append("before 1"), after_in_parent=lambda: hooks.append("parent"))
posix.register_at_fork(before=lambda: hooks.append("before 2"), after_in_child=lambda: hooks.append("child"))
reading, writing = posix.pipe()
print("before", flush=True)
pid = posix.fork()
if pid == 0:
    posix.close(reading)
    posix.write(writing, repr(hooks).encode())
    posix._exit(7)
posix.close(writing)
print(posix.read(reading, 1000), hooks, outcome(pid))
posix.close(reading)

pid = posix.fork()
if pid == 0:
    objects = [str(i) for i in range(100000)]
    posix._exit(len(set(objects)) // 1000)
print(outcome(pid))

pid = posix.fork()
if pid == 0:
    posix.execv("/bin/sh", ["sh", "-c", "exit 5"])
print(outcome(pid))
pid = posix.fork()
if pid == 0:
    posix.execve("/bin/sh", ["sh", "-c", "exit $NUMBER"], {"NUMBER": "9"})
print(outcome(pid))
pid = posix.fork()
if pid == 0:
    posix.kill(posix.getpid(), 9)
found, status, usage = posix.wait4(pid, 0)
print(found == pid, posix.WIFSIGNALED(status), posix.WTERMSIG(status), posix.WIFEXITED(status), len(usage), type(usage))
print(posix.system("exit 3") >> 8, posix.WEXITSTATUS(posix.system("exit 4")))

reading, writing = posix.pipe()
pid = posix.posix_spawn("/bin/sh", ["sh", "-c", "echo $X; pwd"], {"X": "spawned"},
                        file_actions=[(posix.POSIX_SPAWN_DUP2, writing, 1), (posix.POSIX_SPAWN_CLOSE, writing)],
                        setsigmask=[2, 15], setsigdef=[13], setpgroup=0)
posix.close(writing)
print(outcome(pid), posix.read(reading, 1000).split(b"\n")[0])
print(outcome(posix.posix_spawnp("true", ["true"], {})))
attempt(posix.posix_spawn, "/nonexistent", ["x"], {})
attempt(posix.posix_spawn, "/bin/true", [], {})
attempt(posix.posix_spawn, "/bin/true", 5, {})
attempt(posix.posix_spawn, "/bin/true", ["x"], 5)
attempt(posix.posix_spawn, "/bin/true", ["x"], {}, file_actions=[(9,)])
attempt(posix.posix_spawn, "/bin/true", ["x"], {}, setsigmask=[99999])
attempt(posix.execv, "/nonexistent", ["x"])
attempt(posix.execv, "/nonexistent", [])
attempt(posix.execv, "/nonexistent", [""])
attempt(posix.execv, "/nonexistent", 5)
attempt(posix.execve, "/nonexistent", ["x"], {"a=b": "c"})
attempt(posix.execve, "/nonexistent", ["x"], 5)
attempt(posix.waitpid, 1, 0)
attempt(posix.register_at_fork)
attempt(posix.register_at_fork, before=5)
for status in (0, 9, 0x7F, 0xFF00, 0xFFFF):
    attempt(posix.waitstatus_to_exitcode, status)
attempt(posix.kill, 2**40, 1)
attempt(posix.kill, "x", 1)

print(posix.getppid() > 0, posix.getpgid(0) == posix.getpgrp(), posix.getuid() == posix.getresuid()[0])
print(posix.getgid() in [posix.getgid(), *posix.getgroups()], posix.getsid(0) > 0, posix.cpu_count() > 0)
print(posix.uname().sysname, len(posix.times()), type(posix.times()), len(posix.getloadavg()))
print(posix.sched_getaffinity(0) <= set(range(4096)), posix.sched_getscheduler(0), posix.sched_getparam(0))
print(posix.sched_param(5), posix.sched_get_priority_max(posix.SCHED_FIFO))
attempt(posix.sched_setaffinity, 0, [-1])
attempt(posix.sched_setaffinity, 0, ["x"])
attempt(posix.sched_setscheduler, 0, 0, 5)
attempt(posix.setgroups, 5)
attempt(posix.setuid, "x")
attempt(posix.setgid, -5)
print(len(posix.urandom(10)), len(posix.getrandom(5)), posix.urandom(0))
attempt(posix.urandom, -1)
attempt(posix.putenv, "a=b", "c")
attempt(posix.unsetenv, "")
posix.putenv("ADDED", "value")
print(posix.WEXITSTATUS(posix.system('test "$ADDED" = value')), b"PATH" in posix.environ, b"ADDED" in posix.environ)
fd = posix.memfd_create("memory")
posix.write(fd, b"0123456789")
other = posix.memfd_create("other")
print(posix.copy_file_range(fd, other, 4, 2), posix.pread(other, 10, 0), posix.sendfile(other, fd, 0, 3), posix.pread(other, 10, 0))
event = posix.eventfd(5)
posix.eventfd_write(event, 2)
print(posix.eventfd_read(event), posix.strerror(errno.ENOENT), errno.errorcode[2], len(errno.errorcode))
print(sorted((name, number) for name, number in vars(errno).items() if name[0] == "E"))
attempt(posix.getrandom, -1)
attempt(posix.get_terminal_size, fd)
attempt(posix.ttyname, fd)
print(posix.ctermid(), posix.getpriority(posix.PRIO_PROCESS, 0), posix.nice(0))
