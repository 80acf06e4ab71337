# Breaking out of a loop and closing by hand: finally blocks and with blocks of a suspended generator run exactly once.

log = []


class Resource:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        log.append(f"open {self.name}")
        return self

    def __exit__(self, kind, value, traceback):
        log.append(f"close {self.name} {kind.__name__ if kind else None}")


def lines(name):
    with Resource(name) as resource:
        for i in range(100):
            yield f"{resource.name}{i}"


g = lines("a")
for line in g:
    if line == "a2":
        break
print(log)
g.close()
g.close()
print(log, list(g))
log.clear()


def nested():
    with Resource("outer"):
        with Resource("inner"), Resource("second"):
            try:
                yield 1
            finally:
                log.append("finally")
        yield "never"


g = nested()
next(g)
g.close()
print(log)
log.clear()
g = nested()
next(g)
try:
    g.throw(LookupError("thrown in"))
except LookupError as error:
    print(error, log)
log.clear()


def delegating():
    try:
        yield from nested()
    finally:
        log.append("delegating finally")


g = delegating()
next(g)
g.close()
print(log)
log.clear()


def deep(n):
    try:
        if n:
            yield from deep(n - 1)
        else:
            yield "bottom"
    finally:
        log.append(n)


g = deep(5)
print(next(g), g.close(), log)
log.clear()


def consumer(limit):
    source = deep(2)
    try:
        for value in source:
            if limit:
                return value
    finally:
        source.close()


print(consumer(True), log)
log.clear()


def chained():
    source = lines("chain")
    try:
        for value in source:
            yield value.upper()
    finally:
        source.close()


g = chained()
print(next(g), next(g), g.close(), log)


def return_in_finally():
    try:
        yield 1
    finally:
        return "swallowed"


g = return_in_finally()
next(g)
print(g.close())
g = return_in_finally()
next(g)
try:
    g.throw(ValueError)
except StopIteration as stop:
    print(stop.value)


def loop_with_finally():
    for i in range(3):
        try:
            yield i
        finally:
            log.append(f"finally {i}")


log.clear()
print(list(loop_with_finally()), log)
log.clear()
g = loop_with_finally()
next(g), next(g)
g.close()
print(log)
