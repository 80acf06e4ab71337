"""A round-robin scheduler of native coroutines: tasks, queues, locks, timers on a virtual clock, cancellation.

A workload of `async def`, `await`, `async with`, `async for` and custom awaitables; the event loop is this file's own,
so that what is measured is the interpreter and not a library.
"""

import sys


class Suspend:
    """Awaiting it hands `request` to the scheduler and returns what the scheduler answers."""

    __slots__ = ("request",)

    def __init__(self, request):
        self.request = request

    def __await__(self):
        return (yield self.request)


class Cancelled(Exception):
    pass


class Task:
    def __init__(self, number, coroutine):
        self.number = number
        self.coroutine = coroutine
        self.waiters = []
        self.result = None
        self.error = None
        self.done = False
        self.answer = None
        self.cancelling = False

    def __await__(self):
        if not self.done:
            yield ("join", self)
        if self.error is not None:
            raise self.error
        return self.result


class Scheduler:
    def __init__(self):
        self.ready = []
        self.sleeping = []
        self.now = 0
        self.switches = 0
        self.created = 0

    def spawn(self, coroutine):
        self.created += 1
        task = Task(self.created, coroutine)
        self.ready.append(task)
        return task

    def wake(self, task, answer=None):
        task.answer = answer
        self.ready.append(task)

    def finish(self, task, result, error):
        task.done = True
        task.result = result
        task.error = error
        for waiter in task.waiters:
            self.wake(waiter)
        task.waiters.clear()

    def step(self, task):
        self.switches += 1
        try:
            if task.cancelling:
                task.cancelling = False
                request = task.coroutine.throw(Cancelled())
            else:
                request = task.coroutine.send(task.answer)
        except StopIteration as stop:
            self.finish(task, stop.value, None)
        except Cancelled as error:
            self.finish(task, None, error)
        else:
            task.answer = None
            self.serve(task, request)

    def serve(self, task, request):
        kind = request[0]
        if kind == "pass":
            self.ready.append(task)
        elif kind == "sleep":
            self.insert_sleeper(self.now + request[1], task)
        elif kind == "join":
            if request[1].done:
                self.ready.append(task)
            else:
                request[1].waiters.append(task)
        elif kind == "wait":
            request[1].append(task)
        else:
            raise RuntimeError(f"unknown request {kind}")

    def insert_sleeper(self, time, task):
        """Keeps the sleepers in order of time, first come first served."""
        low, high = 0, len(self.sleeping)
        while low < high:
            middle = (low + high) // 2
            if self.sleeping[middle][0] <= time:
                low = middle + 1
            else:
                high = middle
        self.sleeping.insert(low, (time, task))

    def cancel(self, task):
        if task.done:
            return
        task.cancelling = True
        for index, (_, sleeper) in enumerate(self.sleeping):
            if sleeper is task:
                del self.sleeping[index]
                self.ready.append(task)
                break

    def run(self, coroutine):
        main = self.spawn(coroutine)
        while not main.done:
            batch, self.ready = self.ready, []
            for task in batch:
                self.step(task)
            if not self.ready:
                if not self.sleeping:
                    break
                self.now = self.sleeping[0][0]
                while self.sleeping and self.sleeping[0][0] == self.now:
                    self.ready.append(self.sleeping.pop(0)[1])
        if not main.done:
            raise RuntimeError("deadlock")
        if main.error is not None:
            raise main.error
        return main.result


class Queue:
    """Holds up to `limit` items; putters and getters wait their turn."""

    def __init__(self, scheduler, limit):
        self.scheduler = scheduler
        self.limit = limit
        self.items = []
        self.getters = []
        self.putters = []

    async def put(self, item):
        while len(self.items) >= self.limit:
            await Suspend(("wait", self.putters))
        self.items.append(item)
        if self.getters:
            self.scheduler.wake(self.getters.pop(0))

    async def get(self):
        while not self.items:
            await Suspend(("wait", self.getters))
        item = self.items.pop(0)
        if self.putters:
            self.scheduler.wake(self.putters.pop(0))
        return item

    def __aiter__(self):
        return self

    async def __anext__(self):
        item = await self.get()
        if item is None:
            raise StopAsyncIteration
        return item


class Lock:
    def __init__(self, scheduler):
        self.scheduler = scheduler
        self.held = False
        self.waiting = []
        self.contended = 0

    async def __aenter__(self):
        while self.held:
            self.contended += 1
            await Suspend(("wait", self.waiting))
        self.held = True
        return self

    async def __aexit__(self, kind, value, traceback):
        self.held = False
        if self.waiting:
            self.scheduler.wake(self.waiting.pop(0))
        return False


async def produce(queue, first, number):
    for value in range(first, first + number):
        await queue.put(value)
        if value % 5 == 0:
            await Suspend(("pass",))


async def transform(source, target):
    async for value in source:
        await target.put(value * value % 1009)


async def consume(queue, lock, totals, key):
    async for value in queue:
        async with lock:
            totals[key] = totals.get(key, 0) + value
            if value % 17 == 0:
                await Suspend(("pass",))


async def numbers(limit, pause):
    """An asynchronous generator."""
    for value in range(limit):
        if value % pause == 0:
            await Suspend(("sleep", 1 + value % 3))
        yield value


async def summed(limit, pause):
    return sum([value async for value in numbers(limit, pause) if value & 1])


async def sleeper(log, period):
    try:
        while True:
            await Suspend(("sleep", period))
            log.append(period)
    except Cancelled:
        log.append(-period)
        raise


async def fan_out(scheduler, depth):
    """A binary tree of tasks; every inner one awaits its two children."""
    if depth == 0:
        await Suspend(("pass",))
        return 1
    left = scheduler.spawn(fan_out(scheduler, depth - 1))
    right = scheduler.spawn(fan_out(scheduler, depth - 1))
    return await left + await right


async def session(scheduler, number):
    raw, squared = Queue(scheduler, 4), Queue(scheduler, 3)
    lock = Lock(scheduler)
    totals, log = {}, []
    periodic = [scheduler.spawn(sleeper(log, period)) for period in (2, 3, 5)]
    producers = [scheduler.spawn(produce(raw, 100 * index, number)) for index in range(3)]
    workers = [scheduler.spawn(transform(raw, squared)) for _ in range(2)]
    consumers = [scheduler.spawn(consume(squared, lock, totals, key)) for key in "abc"]
    sums = [scheduler.spawn(summed(number, pause)) for pause in (3, 4)]
    for producer in producers:
        await producer
    for _ in workers:
        await raw.put(None)
    for worker in workers:
        await worker
    for _ in consumers:
        await squared.put(None)
    for consumer in consumers:
        await consumer
    partial = [await task for task in sums]
    leaves = await scheduler.spawn(fan_out(scheduler, 5))
    cancelled = 0
    for task in periodic:
        scheduler.cancel(task)
        try:
            await task
        except Cancelled:
            cancelled += 1
    return sum(totals.values()), partial, leaves, cancelled, len(log), lock.contended


def main(rounds):
    switches = created = 0
    results = set()
    for _ in range(rounds):
        scheduler = Scheduler()
        total, partial, leaves, cancelled, ticks, contended = scheduler.run(session(scheduler, 60))
        results.add((total, *partial, leaves, cancelled, ticks, contended, scheduler.now))
        switches += scheduler.switches
        created += scheduler.created
    if len(results) != 1:
        raise RuntimeError(f"the rounds differ: {results}")
    print("result:", *results.pop())
    print("tasks:", created)
    print("switches:", switches)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
