# Generators and coroutines: made, resumed, sent to, thrown into, delegated to and closed.
import asyncio


def numbers(n):
    try:
        for i in range(n):
            received = yield i
    except ValueError:
        yield "caught"
    finally:
        last = 1


def delegates():
    result = yield from numbers(1)
    return result


first = numbers(2)
next(first)
first.send("sent")
first.throw(ValueError("thrown"))
first.close()
unstarted = numbers(1)
unstarted.close()
print(list(delegates()), sum(x for x in (1, 2)))


async def pause(x):
    await asyncio.sleep(0)
    return x


async def stream():
    yield 1
    yield await pause(2)


async def main():
    async with asyncio.Lock() as lock:
        pass
    return [x async for x in stream()]


print(asyncio.run(main()))
