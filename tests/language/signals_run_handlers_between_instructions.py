# _signal and signal: handlers in Python, timers, masks, waiting, and what blocking calls make of an interruption.
import _signal
import os
import signal
import threading
import time


def attempt(function, *arguments, **keywords):
    try:
        print(function.__name__, function(*arguments, **keywords))
    except BaseException as error:
        print(function.__name__, type(error).__name__, error)


seen = []


def handler(number, frame):
    seen.append((number, frame.f_code.co_name))


print(signal.signal(signal.SIGUSR1, handler), signal.getsignal(signal.SIGUSR1) is handler)


def interrupted():
    os.kill(os.getpid(), signal.SIGUSR1)
    for i in range(10):
        pass


interrupted()
signal.raise_signal(signal.SIGUSR1)
print(seen)
print(signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGPIPE), signal.getsignal(signal.SIGTERM))

# A handler's exception comes out where the program was.
def raises(number, frame):
    raise LookupError('from the handler')


signal.signal(signal.SIGUSR1, raises)
try:
    signal.raise_signal(signal.SIGUSR1)
except LookupError as error:
    print(error)
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt as error:
    print('KeyboardInterrupt', error.args)

# A sleep goes on after a handler, and ends with its exception.
signal.signal(signal.SIGALRM, lambda *ignored: print('alarm'))
start = time.monotonic()
signal.setitimer(signal.ITIMER_REAL, 0.02)
time.sleep(0.1)
print(time.monotonic() - start >= 0.1)
signal.signal(signal.SIGALRM, raises)
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    time.sleep(100)
except LookupError:
    print('sleep ended')
lock = threading.Lock()
lock.acquire()
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    lock.acquire()
except LookupError:
    print('wait ended')
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    while True:
        pass
except LookupError:
    print('loop ended')

# Threads: handlers run in the main one.
where = []
signal.signal(signal.SIGUSR2, lambda *ignored: where.append(threading.current_thread() is threading.main_thread()))
thread = threading.Thread(target=lambda: os.kill(os.getpid(), signal.SIGUSR2))
thread.start()
thread.join()
while not where:
    time.sleep(0.001)
print(where)


def elsewhere():
    attempt(signal.signal, signal.SIGUSR1, signal.SIG_DFL)
    attempt(signal.set_wakeup_fd, -1)


thread = threading.Thread(target=elsewhere)
thread.start()
thread.join()
import _thread
try:
    _thread.interrupt_main()
    for i in range(1000):
        pass
except KeyboardInterrupt:
    print('interrupted main')

# Masks and waiting.
print(signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1]))
signal.raise_signal(signal.SIGUSR1)
print(signal.sigpending(), signal.sigwait([signal.SIGUSR1]), signal.sigpending())
signal.raise_signal(signal.SIGUSR1)
information = signal.sigtimedwait([signal.SIGUSR1], 10)
print(information.si_signo, information.si_pid == os.getpid(), len(information), type(information))
print(signal.sigtimedwait([signal.SIGUSR1], 0))
signal.signal(signal.SIGUSR1, handler)
print(signal.pthread_sigmask(signal.SIG_SETMASK, []))
signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
print(seen[-1])

# A byte for each signal.
reader, writer = os.pipe()
os.set_blocking(writer, False)
os.set_blocking(reader, False)
print(signal.set_wakeup_fd(writer))
signal.raise_signal(signal.SIGUSR1)
print(os.read(reader, 10), signal.set_wakeup_fd(-1) == writer)
attempt(signal.set_wakeup_fd, reader + 1000)
attempt(signal.set_wakeup_fd, 'x')
attempt(signal.set_wakeup_fd)

# Timers.
print(signal.alarm(100), signal.alarm(0))
print(signal.setitimer(signal.ITIMER_REAL, 50, 2.5), signal.getitimer(signal.ITIMER_REAL)[1])
signal.setitimer(signal.ITIMER_REAL, 0)
print(signal.getitimer(signal.ITIMER_REAL))
attempt(signal.setitimer, 9, 1)
attempt(signal.setitimer, 0, -1)
print(signal.ItimerError.__mro__)

# Arguments.
for number in 0, 65, 9, 'x', 2 ** 40:
    attempt(_signal.signal, number, signal.SIG_IGN)
    attempt(_signal.getsignal, number)
    attempt(_signal.siginterrupt, number, True)
    attempt(_signal.strsignal, number)
attempt(_signal.signal, 10, 5)
attempt(_signal.signal, 10)
attempt(_signal.raise_signal, 65)
attempt(_signal.pthread_sigmask, 9, [])
attempt(_signal.pthread_sigmask, 0, [0])
attempt(_signal.pthread_sigmask, 0, 5)
attempt(_signal.sigtimedwait, [10], -1)
attempt(_signal.sigwait, [65])
attempt(_signal.default_int_handler, 1, 2, 3)
attempt(_signal.default_int_handler, 'a', None)
attempt(_signal.default_int_handler, 2, None)
attempt(_signal.pidfd_send_signal, 1, 2, 3)
attempt(_signal.pthread_kill, 'a', 1)
print(signal.strsignal(11), len(signal.valid_signals()), signal.Signals.SIGTERM in signal.valid_signals())
print(signal.Signals(2), signal.SIGINT, signal.SIG_DFL, signal.default_int_handler)
print({name: getattr(_signal, name) for name in dir(_signal) if name.startswith(('SIG', 'ITIMER_', 'NSIG'))})
