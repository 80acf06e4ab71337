# faulthandler: stacks on demand, at a signal, after a time, and when the program crashes.
import faulthandler
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time


def attempt(function, *arguments, **keywords):
    try:
        print(function.__name__, function(*arguments, **keywords))
    except BaseException as error:
        print(function.__name__, type(error).__name__, error)


def plain(text):
    return re.sub('0x[0-9a-f]+', '0x', text).replace(__file__, 'FILE')


def written(action):
    with tempfile.TemporaryFile('w+') as file:
        action(file)
        file.seek(0)
        return plain(file.read())


def inner(file, **keywords):
    faulthandler.dump_traceback(file, **keywords)


print(written(lambda file: inner(file, all_threads=False)))
print(written(lambda file: inner(file)))
started, done = threading.Event(), threading.Event()


def waits():
    started.set()
    done.wait()


thread = threading.Thread(target=waits)
thread.start()
started.wait()
text = written(inner)
print(text.count('(most recent call first):'), 'in waits' in text, 'Current thread' in text)
done.set()
thread.join()

attempt(faulthandler.enable, -1)
attempt(faulthandler.enable, 'x')
attempt(faulthandler.enable, 1, 2, 3)
attempt(faulthandler.is_enabled)
attempt(faulthandler.disable)
attempt(faulthandler.enable)
attempt(faulthandler.is_enabled)
attempt(faulthandler.disable)
attempt(faulthandler.register, 0)
attempt(faulthandler.register, 11)
attempt(faulthandler.register, 9)
attempt(faulthandler.register, 'x')
attempt(faulthandler.register)
attempt(faulthandler.unregister, 10)
attempt(faulthandler.dump_traceback_later, -1)
attempt(faulthandler.dump_traceback_later, 'x')
attempt(faulthandler.dump_traceback_later)
attempt(faulthandler.cancel_dump_traceback_later)
attempt(faulthandler.dump_traceback, -1)


def kills():
    os.kill(os.getpid(), signal.SIGUSR1)


def registered(file):
    faulthandler.register(signal.SIGUSR1, file, all_threads=False)
    kills()
    print(faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))


print(written(registered))


def later(file):
    faulthandler.dump_traceback_later(0.05, file=file)
    time.sleep(0.3)
    faulthandler.dump_traceback_later(100, file=file)
    faulthandler.cancel_dump_traceback_later()


print(written(later))
for how in '_sigsegv', '_sigabrt', '_read_null':
    script = f'import faulthandler\ndef crash():\n    faulthandler.{how}()\n'
    for extra, options in ('faulthandler.enable()\ncrash()', []), ('crash()', ['-X', 'faulthandler']):
        ended = subprocess.run([sys.executable, *options, '-c', script + extra], capture_output=True, text=True)
        print(ended.returncode, plain(ended.stderr))
script = 'import faulthandler, time\nfaulthandler.dump_traceback_later(0.05, exit=True)\ntime.sleep(100)'
ended = subprocess.run([sys.executable, '-c', script], capture_output=True, text=True)
print(ended.returncode, plain(ended.stderr))
