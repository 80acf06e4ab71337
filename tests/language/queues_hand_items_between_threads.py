# queue: _queue.SimpleQueue, and the classes of the library on top of threading.
import _queue
import queue
import threading


def attempt(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except BaseException as error:
        print(type(error).__name__, error)


simple = _queue.SimpleQueue()
print(_queue.Empty.__mro__, queue.Empty is _queue.Empty, _queue.SimpleQueue, queue.SimpleQueue is _queue.SimpleQueue)
attempt(simple.put)
attempt(simple.put, 1, 2, 3, 4)
attempt(simple.put, 1, foo=1)
attempt(simple.put, 1, block=False, timeout=None)
print(simple.qsize(), simple.empty(), simple.get(), simple.empty())
attempt(simple.get, False)
attempt(simple.get, True, -1)
attempt(simple.get, True, 0.01)
attempt(simple.get, timeout='a')
attempt(simple.get, True, None, 3)
attempt(simple.get_nowait)
attempt(simple.put_nowait, 5)
attempt(simple.get_nowait)
attempt(_queue.SimpleQueue, 1)


class Derived(_queue.SimpleQueue):
    pass


derived = Derived()
derived.name = 'has attributes'
print(derived.name, _queue.SimpleQueue[int])

for make in _queue.SimpleQueue, lambda: queue.Queue(10), queue.LifoQueue, queue.PriorityQueue:
    q = make()
    received = []

    def consume():
        while (item := q.get()) >= 0:
            received.append(item)

    consumers = [threading.Thread(target=consume) for _ in range(3)]
    for thread in consumers:
        thread.start()
    for i in range(1000):
        q.put(i)
    while not q.empty():
        pass
    for thread in consumers:
        q.put(-1)
    for thread in consumers:
        thread.join()
    print(sorted(received) == list(range(1000)))

# The ring keeps its order while it grows in the middle.
for round in range(3):
    for i in range(100):
        simple.put((round, i))
    taken = [simple.get() for i in range(50)]
    print(taken[0], taken[-1], simple.qsize())
print([simple.get() for i in range(150)][-1])
full = queue.Queue(1)
full.put(1)
attempt(full.put_nowait, 2)
attempt(full.get)
attempt(full.get_nowait)
full.task_done()
attempt(full.task_done)
full.join()
