"""Whole asyncio programs: gather, groups, timeouts, queues, locks, streams, threads, cancellation, debug mode."""
import asyncio
import contextvars
import itertools


async def worker(name, queue, results):
    while True:
        item = await queue.get()
        await asyncio.sleep(0)
        results.append((name, item))
        queue.task_done()


async def queues():
    queue, results = asyncio.Queue(3), []
    workers = [asyncio.create_task(worker(i, queue, results), name=f"w{i}") for i in range(3)]
    for i in range(12):
        await queue.put(i)
    await queue.join()
    for task in workers:
        task.cancel()
    print(sorted(item for _, item in results), await asyncio.gather(*workers, return_exceptions=True))
    heap = asyncio.PriorityQueue()
    for i in (3, 1, 2):
        heap.put_nowait(i)
    print([await heap.get() for _ in range(3)])


async def fibonacci(n):
    if n < 2:
        await asyncio.sleep(0)
        return n
    a, b = await asyncio.gather(fibonacci(n - 1), fibonacci(n - 2))
    return a + b


async def groups():
    async def fail(n):
        await asyncio.sleep(0)
        raise ValueError(n)

    async def failing():
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fail(1))
                group.create_task(fail(2))
                waiting = group.create_task(asyncio.sleep(100))
        except* ValueError as error:
            print(sorted(e.args for e in error.exceptions), waiting.cancelled())

    await asyncio.create_task(failing())
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fibonacci(i)) for i in range(7)]
    print([task.result() for task in tasks])


async def timeouts():
    try:
        async with asyncio.timeout(0.001):
            await asyncio.sleep(10, "late")
    except TimeoutError as error:
        print("timeout", error.args, type(error.__cause__).__name__)
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.001)
    except TimeoutError as error:
        print("wait_for", error.args)
    print(await asyncio.wait_for(asyncio.sleep(0, "value"), 1))
    done, pending = await asyncio.wait([asyncio.create_task(asyncio.sleep(0, 1)), asyncio.create_task(asyncio.sleep(9))],
                                       return_when=asyncio.FIRST_COMPLETED)
    print([task.result() for task in done], len(pending))
    for task in pending:
        task.cancel()
    shielded = asyncio.create_task(asyncio.sleep(0.001, "kept"))
    try:
        await asyncio.wait_for(asyncio.shield(shielded), 0)
    except TimeoutError:
        print("shielded", await shielded)


async def locks():
    lock, order = asyncio.Lock(), []

    async def enter(n):
        async with lock:
            order.append(n)
            await asyncio.sleep(0)
            order.append(n)

    await asyncio.gather(*map(enter, range(5)))
    print(order)
    semaphore, most, now = asyncio.Semaphore(2), 0, 0

    async def limited():
        nonlocal most, now
        async with semaphore:
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*[limited() for _ in range(9)])
    print(most, now)
    event, condition = asyncio.Event(), asyncio.Condition()
    waiters = [asyncio.create_task(event.wait()) for _ in range(3)]
    await asyncio.sleep(0)
    event.set()
    print(await asyncio.gather(*waiters))

    async def notified():
        async with condition:
            await condition.wait()
            return "notified"

    waiter = asyncio.create_task(notified())
    await asyncio.sleep(0)
    async with condition:
        condition.notify_all()
    print(await waiter)


async def streams():
    async def serve(reader, writer):
        while line := await reader.readline():
            writer.write(line.upper())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def client(n):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answers = []
        for i in range(4):
            writer.write(f"line {n} {i}\n".encode() * (i + 1))
            for _ in range(i + 1):
                answers.append(await reader.readline())
        writer.write(b"x" * 30000 + b"\n")
        answers.append(len(await reader.readexactly(30001)))
        writer.close()
        await writer.wait_closed()
        return answers[0], answers[-2:]

    print(await asyncio.gather(*map(client, range(3))))
    server.close()
    await server.wait_closed()


async def threads():
    loop = asyncio.get_running_loop()
    print(await asyncio.to_thread(sum, [1, 2, 3]), await loop.run_in_executor(None, str, 5))
    future = asyncio.run_coroutine_threadsafe(asyncio.sleep(0, "threadsafe"), loop)
    print(await asyncio.wrap_future(future))


variable = contextvars.ContextVar("variable", default="none")


async def contexts():
    async def change(value):
        variable.set(value)
        await asyncio.sleep(0)
        return variable.get()

    print(await asyncio.gather(change("a"), change("b")), variable.get())
    context = contextvars.copy_context()
    await asyncio.create_task(change("c"), context=context)
    print(context[variable], variable.get())


async def cancellation():
    async def stubborn():
        for attempt in itertools.count():
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError as error:
                if attempt == 2:
                    raise
                print("ignored", error.args, asyncio.current_task().cancelling())

    task = asyncio.create_task(stubborn())
    for i in range(3):
        await asyncio.sleep(0)
        task.cancel(f"m{i}")
    try:
        await task
    except asyncio.CancelledError as error:
        print("cancelled", error.args, task.cancelled(), task.cancelling())


async def generators():
    async def count(n):
        try:
            for i in range(n):
                await asyncio.sleep(0)
                yield i
        finally:
            await asyncio.sleep(0)
            print("closed")

    print([i async for i in count(4)])
    numbers = count(9)
    print(await anext(numbers), await anext(numbers))
    await numbers.aclose()
    for future in asyncio.as_completed([asyncio.sleep(0.002, "b"), asyncio.sleep(0, "a")]):
        print(await future)


async def main():
    for part in (queues, groups, timeouts, locks, streams, threads, contexts, cancellation, generators):
        print("--", part.__name__)
        await asyncio.create_task(part(), name=part.__name__)
    print(len(asyncio.all_tasks()), asyncio.current_task().get_name().startswith("Task-"))


asyncio.run(main())


async def debugged():
    asyncio.get_running_loop().slow_callback_duration = 1000  # however slow this run is
    await locks()


asyncio.run(debugged(), debug=True)


class CountingTask(asyncio.Task):
    made = 0

    def __init__(self, *arguments, **keywords):
        type(self).made += 1
        super().__init__(*arguments, **keywords)


async def with_factory():
    asyncio.get_running_loop().set_task_factory(
        lambda loop, coro, context=None: CountingTask(coro, loop=loop, context=context))
    print(await fibonacci(8), CountingTask.made)


asyncio.run(with_factory())

# What is thrown into a generator or a coroutine keeps its own context.
def recording():
    while True:
        try:
            yield
        except Exception as error:
            print(repr(error), repr(error.__context__))


try:
    raise KeyError("handled")
except KeyError:
    g = recording()
    next(g)
    g.throw(ValueError(1))
    g.throw(ValueError)
    inner = ValueError(2)
    inner.__context__ = TypeError(3)
    g.throw(inner)
    g.close()
