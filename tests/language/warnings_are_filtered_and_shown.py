# Module warnings over the native machinery: filters, registries, stack levels, how a warning is shown.

import sys
import warnings

print(warnings.filters, warnings.defaultaction, warnings.onceregistry)


def attempt(action, *arguments, **keywords):
    try:
        print(action(*arguments, **keywords))
    except BaseException as error:
        print(type(error).__name__, error)


def recorded(action, repeat=1):
    with warnings.catch_warnings(record=True) as log:
        action(log)
    return [(type(w.message).__name__, str(w.message), w.category.__name__, w.lineno > 0, w.source) for w in log]


def levels():
    warnings.warn("here")
    warnings.warn("caller", stacklevel=2)
    warnings.warn("far away", stacklevel=100)
    warnings.warn("nowhere", stacklevel=0)


for name in ("default", "always", "ignore", "once", "module", "error"):
    def action(log, name=name):
        warnings.simplefilter(name)
        for i in range(3):
            try:
                warnings.warn(f"{name} {i // 2}", DeprecationWarning)
            except DeprecationWarning as error:
                print("raised", error)
        warnings.warn("plain text") if name != "error" else None
    print(name, recorded(action))


def by_pattern(log):
    warnings.resetwarnings()
    warnings.filterwarnings("ignore", message="the .* one", category=UserWarning)
    warnings.filterwarnings("error", category=RuntimeWarning, lineno=0)
    warnings.filterwarnings("always", module="__main__", append=True)
    warnings.warn("the first one")
    warnings.warn("another one")
    try:
        warnings.warn("run", RuntimeWarning)
    except RuntimeWarning as error:
        print("raised", repr(error))
    print(warnings.filters)


print(recorded(by_pattern))
print(recorded(lambda log: (warnings.simplefilter("always"), levels())))


class Own(UserWarning):
    def __str__(self):
        return "its own text"


def instances(log):
    warnings.simplefilter("always")
    warnings.warn(Own("x"))
    warnings.warn(Own("x"), DeprecationWarning)
    warnings.warn_explicit("explicit", SyntaxWarning, "file.py", 7)
    warnings.warn_explicit("explicit", SyntaxWarning, "file.py", 7, module="m", registry={}, source=5)
    warnings.warn_explicit(Own("x"), None, "", 0)


print(recorded(instances))

registry = {}
with warnings.catch_warnings(record=True) as log:
    warnings.simplefilter("default")
    for line in (1, 1, 2):
        warnings.warn_explicit("same", UserWarning, "a.py", line, registry=registry)
    print(len(log), sorted(str(key) for key in registry if key != "version"))
    warnings._filters_mutated()
    warnings.warn_explicit("same", UserWarning, "a.py", 1, registry=registry)
    print(len(log))

attempt(warnings.warn)
attempt(warnings.warn, "x", int)
attempt(warnings.warn, "x", 3)
attempt(warnings.warn, "x", UserWarning, "level")
attempt(warnings.warn_explicit, "x", UserWarning, 3, 4)
attempt(warnings.warn_explicit, "x", UserWarning, "f", 4, registry=3)
attempt(warnings.warn_explicit, "x", UserWarning, "f", 4, module_globals=3)
attempt(warnings.simplefilter, "perhaps")
with warnings.catch_warnings():
    warnings.filters.insert(0, "no filter")
    warnings._filters_mutated()
    attempt(warnings.warn, "x")
with warnings.catch_warnings():
    warnings.filters.insert(0, ("strange", None, Warning, None, 0))
    warnings._filters_mutated()
    attempt(warnings.warn, "y")

shown = []
warnings.showwarning = lambda *arguments: shown.append(arguments[:2])
warnings.simplefilter("always")
warnings.warn("through showwarning")
print(shown)
del warnings.showwarning
warnings.warn("on stderr")
warnings.warn("on stderr, from a file that is not there" and "text\nof two lines", ResourceWarning)
print(warnings.formatwarning("text", UserWarning, "nofile.py", 3, "  the line\n"))
sys.stderr.flush()
