# select, poll and epoll.
import posix
import select


def attempt(function, *arguments, **keywords):
    try:
        print(function.__name__, str(arguments)[:70], keywords, "->", function(*arguments, **keywords))
    except Exception as error:
        print(function.__name__, str(arguments)[:70], keywords, "!!", type(error).__name__, error)


class File:
    def __init__(self, descriptor):
        self.descriptor = descriptor

    def fileno(self):
        return self.descriptor

    def __repr__(self):
        return "File"


reading, writing = posix.pipe()
base = reading
print(select.select([reading], [], [], 0), [x == writing for x in select.select([], [writing], [], 0)[1]])
posix.write(writing, b"x")
file = File(reading)
print(select.select([file], [], [file], None)[0] == [file], select.select((reading,), {}, set(), 5)[0] == [reading])
poll = select.poll()
poll.register(file, select.POLLIN)
poll.register(writing)
print([(fd - base, events) for fd, events in poll.poll()])
poll.modify(writing, 0)
print([(fd - base, events) for fd, events in poll.poll(0)], [(fd - base, events) for fd, events in poll.poll(1.5)])
poll.unregister(reading)
print(poll.poll(1))
with select.epoll() as epoll:
    epoll.register(reading, select.EPOLLIN)
    epoll.register(writing, eventmask=select.EPOLLOUT | select.EPOLLET)
    print(sorted((fd - base, events) for fd, events in epoll.poll(1)), [(fd - base, e) for fd, e in epoll.poll(0, 5)])
    epoll.modify(reading, 0)
    print(epoll.poll(timeout=0), epoll.closed)
    epoll.unregister(reading)
    for arguments in ((reading,), ("x",), (-1,), ()):
        attempt(epoll.unregister, *arguments)
    attempt(epoll.register, writing)
    attempt(epoll.poll, "x")
    attempt(epoll.poll, 0, 0)
    attempt(epoll.poll, float("nan"))
    attempt(epoll.poll, 1e300)
print(epoll.closed)
attempt(epoll.poll)
attempt(epoll.fileno)
attempt(select.epoll, -5)
attempt(select.epoll, 1, 1)
attempt(select.select, 1, [], [])
attempt(select.select, [1.5], [], [])
attempt(select.select, [-1], [], [])
attempt(select.select, [5000], [], [])
attempt(select.select, [], [], [], "x")
attempt(select.select, [], [], [], -1)
attempt(select.select, [], [])
attempt(poll.register, 1, -1)
attempt(poll.register, 1, 2**20)
attempt(poll.register, 1, "x")
attempt(poll.modify, 500, 1)
attempt(poll.unregister, 500)
attempt(poll.poll, "x")
attempt(poll.poll, 2**40)
attempt(type(poll))
print({name: getattr(select, name) for name in dir(select) if name.isupper()})
