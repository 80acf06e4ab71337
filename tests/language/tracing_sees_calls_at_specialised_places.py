# A trace or profile function that comes when calls are specialised already still sees every call's events.

import sys


class Simple:
    def __init__(self, n, extra=0):
        self.n = n

    def go(self):
        if self.n:
            return Simple(self.n - 1).go()
        return "bottom"

    @property
    def value(self):
        return self.n

    def __add__(self, other):
        return self.n + other

    def __getitem__(self, key):
        return key

    def __len__(self):
        return self.n

    def __contains__(self, item):
        return item == self.n

    def __bool__(self):
        return self.n > 1

    def __exit__(self, *details):
        return False

    def __enter__(self):
        return self


class Keywords:
    def __init__(self, *, a, b=2):
        self.a = a


class Failure(Exception):
    def __init__(self, text):
        self.text = text


def plain(n):
    return n


def defaults(a, b=1, c=2):
    return a


def general(*arguments, **keywords):
    return arguments


def count(n):
    for i in range(n):
        yield i


def everything(n):
    thing = Simple(n)
    plain(n)
    defaults(n)
    defaults(n, c=5)
    general(n, k=n)
    method = thing.go
    method()
    thing.go()
    thing.value
    thing + 1
    thing[2]
    len(thing)
    3 in thing
    if thing:
        pass
    with thing:
        pass
    Keywords(a=n)
    Failure("text")
    generator = count(2)
    next(generator)
    generator.send(None)
    generator.close()
    for i in count(2):
        pass
    return thing


for _ in range(100):
    everything(3)
events = []


def tracer(frame, event, argument):
    events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


sys.settrace(tracer)
everything(2)
sys.settrace(None)
print(len(events))
for event in events:
    print(*event)
events = []
sys.setprofile(lambda frame, event, argument: events.append((frame.f_code.co_name, event)))
everything(1)
sys.setprofile(None)
print(events)
for _ in range(30):
    everything(2)
print(sys.gettrace(), sys.getprofile())
