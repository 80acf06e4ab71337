# _thread and threading: starting, joining, locks of every kind, thread-local data, errors, and the end of the program.
import _thread
import gc
import sys
import threading
import time


def attempt(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except BaseException as error:
        print(type(error).__name__, error)


def run(*functions):
    threads = [threading.Thread(target=f) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


# Several threads count without losing anything, switching in the middle of loops.
sys.setswitchinterval(1e-4)
counts = {}


def count(i):
    x = 0
    for _ in range(60000):
        x += 1
    counts[i] = x


run(*[lambda i=i: count(i) for i in range(4)])
print(sorted(counts.items()))
sys.setswitchinterval(0.005)

# Allocation, exceptions, generators and deep recursion in all of them at once.
results = []


def work():
    total = 0
    for i in range(3000):
        total += len([i] * 10) + len({i: str(i)})
        try:
            try:
                raise KeyError(i)
            except KeyError:
                raise ValueError(i)
        except ValueError as error:
            assert error.__context__.args == (i,)
            assert sys.exc_info()[1] is error
        assert sys.exc_info() == (None, None, None)
        total += sum(x for x in range(5))
    results.append(total)


run(work, work, work, gc.collect)
print(results)


def recurse(n=0):
    return recurse(n + 1)


def too_deep():
    try:
        recurse()
    except RecursionError as error:
        print(error)
    nested = []
    for i in range(100000):
        nested = [nested]
    try:
        repr(nested)
    except RecursionError:
        print('native recursion, too')


run(too_deep)
_thread.stack_size(256 * 1024)
run(too_deep)
attempt(_thread.stack_size, 0)
for size in -1, 1, 'x', 2 ** 80:
    attempt(_thread.stack_size, size)

# Locks.
lock = _thread.allocate_lock()
recursive = _thread.RLock()
print(_thread.LockType, _thread.RLock, _thread.error, _thread.TIMEOUT_MAX)
attempt(lock.acquire, False, 1)
attempt(lock.acquire, True, -2)
attempt(lock.acquire, True, 1e20)
attempt(lock.acquire, True, float('nan'))
attempt(lock.acquire, 1, 2, 3)
attempt(lock.acquire, foo=1)
attempt(lock.release)
attempt(_thread.LockType)
with lock:
    print(lock.locked(), lock.acquire(False), lock.acquire(timeout=0.01))
print(lock.locked(), repr(lock).split(' object')[0])
attempt(recursive.release)
attempt(recursive._release_save)
attempt(recursive._acquire_restore, 1)
attempt(recursive._acquire_restore, (1,))
attempt(recursive._acquire_restore, ('a', 1))
with recursive:
    with recursive:
        print(recursive._is_owned(), 'count=2' in repr(recursive))
        state = recursive._release_save()
        print(state == (2, threading.get_ident()), recursive._is_owned())
        recursive._acquire_restore(state)
run(lambda: attempt(recursive.release))
number = 0


def increment():
    global number
    for i in range(500):
        with recursive:
            old = number
            number = old + 1


run(*[increment] * 4)
print(number)
lock.acquire()
threading.Timer(0.02, lock.release).start()
print(lock.acquire(timeout=10))
lock.release()

# What stands on the locks.
event = threading.Event()
run(event.set, lambda: print('set', event.wait(10)))
barrier = threading.Barrier(3)
passed = []
run(*[lambda: passed.append(barrier.wait() >= 0)] * 3)
print(passed)
condition = threading.Condition()
items = []


def produce():
    for i in range(100):
        with condition:
            items.append(i)
            condition.notify()


def consume():
    seen = 0
    while seen < 100:
        with condition:
            condition.wait_for(lambda: items, 10)
            seen += len(items)
            items.clear()
    print('consumed', seen)


run(produce, consume)
semaphore = threading.Semaphore(2)
print(semaphore.acquire(), semaphore.acquire(), semaphore.acquire(timeout=0.01))

# Thread-local data.
local = threading.local()
local.x = 1


def other():
    print(hasattr(local, 'x'))
    local.x = 2
    print(local.__dict__)


run(other)
print(local.__dict__)


class Local(threading.local):
    shared = 'class'

    def __init__(self, value):
        self.value = value
        print('made', value)

    @property
    def double(self):
        return self.value * 2


mine = Local(7)
mine.value = 8
run(lambda: print(mine.value, mine.double, mine.shared))
print(mine.value, mine.double)
attempt(lambda: mine.missing)
attempt(lambda: setattr(mine, '__dict__', {}))
attempt(lambda: delattr(mine, 'missing'))
attempt(threading.local, 1)


class Failing(threading.local):
    def __init__(self):
        if threading.current_thread() is not threading.main_thread():
            raise ValueError('not here')


failing = Failing()
run(lambda: (attempt(lambda: failing.x), attempt(lambda: failing.x)))

# Errors.
attempt(_thread.start_new_thread, 1, ())
attempt(_thread.start_new_thread, len, 1)
attempt(_thread.start_new_thread, len, (), 1)
attempt(_thread.start_new_thread, len)
attempt(_thread.interrupt_main, 100)
attempt(_thread.exit)
attempt(_thread._excepthook, 1)
sys.stderr = sys.stdout


def fails():
    raise ValueError('in a thread')


thread = threading.Thread(target=fails, name='failing')
thread.start()
thread.join()
run(sys.exit)
threading.excepthook = lambda args: print('hook', args.exc_type, args.exc_value, args.thread is not None)
run(fails)

# Who is there.
print(threading.active_count(), threading.main_thread().name, _thread._count())
print(threading.get_ident() == threading.main_thread().ident, threading.get_native_id() > 0)
print(len(sys._current_frames()), list(sys._current_exceptions().values()))
ready, done = threading.Event(), threading.Event()


def waits():
    ready.set()
    done.wait()


thread = threading.Thread(target=waits)
thread.start()
ready.wait()
frame = sys._current_frames()[thread.ident]
names = set()
while frame is not None:
    names.add(frame.f_code.co_name)
    frame = frame.f_back
print('waits' in names, 'run' in names, thread.is_alive())
done.set()
thread.join()
print(thread.is_alive())


def traced():
    return 1


calls = []
threading.settrace(lambda frame, event, arg: calls.append(frame.f_code.co_name) if event == 'call' else None)
run(traced)
threading.settrace(None)
print('traced' in calls, sys.gettrace())

# The program waits for threads that are no daemons.
def late():
    time.sleep(0.05)
    print('late')


threading.Thread(target=late).start()
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
print('main ends')
