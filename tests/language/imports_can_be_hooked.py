# Finders and loaders of a program's own: sys.meta_path, sys.path_hooks, their caches, and what importlib offers around
# them.

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import types

sys.path.insert(0, os.getcwd())


def write(path, text):
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def attempt(action, *arguments, **keywords):
    try:
        print(action(*arguments, **keywords))
    except Exception as error:
        print(type(error).__name__, error, getattr(error, "name", None))


# --- sys.meta_path -----------------------------------------------------------------------------------------------------
class TextFinder(importlib.abc.MetaPathFinder):
    sources = {
        "made": "print('running', __name__, __spec__.origin); value = 1",
        "made_package": "from . import inner; value = inner.value + 1",
        "made_package.inner": "value = 10; from made_package import __name__ as above",
        "broken": "before = 1; raise ValueError('in the module')",
        "replaces": "import sys; sys.modules[__name__] = 'anything at all'",
        "removes": "import sys; del sys.modules[__name__]",
    }

    def find_spec(self, name, path, target=None):
        print("find_spec", name, path, target)
        if name not in self.sources:
            return None
        is_package = name == "made_package"
        return importlib.util.spec_from_loader(name, TextLoader(self.sources[name]), origin="<text>",
                                               is_package=is_package)


class TextLoader(importlib.abc.Loader):
    def __init__(self, source):
        self.source = source

    def create_module(self, spec):
        print("create", spec.name)
        return None

    def exec_module(self, module):
        exec(self.source, vars(module))

    def __repr__(self):
        return "<TextLoader>"


finder = TextFinder()
sys.meta_path.insert(0, finder)
import made
import made_package.inner

print(made.value, made_package.value, made_package.inner.above, made, made_package)
print(made.__spec__)
attempt(importlib.import_module, "broken")
print("broken" in sys.modules)
import replaces

print(replaces)
attempt(importlib.import_module, "removes")
attempt(importlib.import_module, "absent")
attempt(importlib.import_module, "made_package.absent")
attempt(importlib.import_module, "made.absent")
attempt(importlib.import_module, ".inner", "made_package")
attempt(importlib.import_module, ".inner")
attempt(importlib.import_module, "..inner", "made_package")
attempt(importlib.import_module, "")
print(importlib.reload(made) is made)
attempt(importlib.reload, "made")
del sys.modules["made"]
attempt(importlib.reload, made)
sys.modules["stopped"] = None
attempt(importlib.import_module, "stopped")
attempt(importlib.import_module, "stopped.inner")
sys.meta_path.remove(finder)


class BareFinder:
    pass


sys.meta_path.append(BareFinder())
attempt(importlib.import_module, "still_absent")
sys.meta_path.pop()


# --- create_module may give any module -------------------------------------------------------------------------------
class OwnModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return f"made up: {name}"


class OwnLoader(importlib.abc.Loader):
    def create_module(self, spec):
        return OwnModule(spec.name)

    def exec_module(self, module):
        module.real = True


class NoExec:
    def create_module(self, spec):
        return None


own = importlib.util.module_from_spec(importlib.machinery.ModuleSpec("own", OwnLoader()))
own.__spec__.loader.exec_module(own)
print(own.real, own.anything, own.__loader__.__class__.__name__, own.__package__)
print(importlib.util.module_from_spec(importlib.machinery.ModuleSpec("half", NoExec())).__name__)


# --- sys.path_hooks ---------------------------------------------------------------------------------------------------
class MemoryFinder:
    def __init__(self, path):
        if not path.startswith("memory:"):
            raise ImportError("not mine")
        self.path = path

    def find_spec(self, name, target=None):
        print("asked", self.path, name)
        if name == "remembered":
            return importlib.machinery.ModuleSpec(name, TextLoader("where = __spec__.origin"), origin=self.path)

    def invalidate_caches(self):
        print("invalidated", self.path)


sys.path_hooks.append(MemoryFinder)
sys.path.append("memory:one")
import remembered

print(remembered.where, type(sys.path_importer_cache["memory:one"]).__name__)
importlib.invalidate_caches()
sys.path_hooks.remove(MemoryFinder)
sys.path.remove("memory:one")
sys.path_importer_cache.pop("memory:one", None)
sys.path.append("memory:two")
attempt(importlib.import_module, "remembered_not")
print(sys.path_importer_cache["memory:two"])
sys.path.remove("memory:two")

# --- files ------------------------------------------------------------------------------------------------------------
write("plain.py", "import sys\nname = __name__\ncount = globals().get('count', 0) + 1\n")
importlib.invalidate_caches()
import plain

print(plain.name, plain.count, os.path.basename(plain.__file__), plain.__spec__.loader.__class__.__name__)
print(importlib.reload(plain).count, plain.__spec__.loader.get_source("plain").count("\n"),
      plain.__spec__.loader.is_package("plain"), plain.__loader__.get_filename() == plain.__file__)
write("space/one/thing.py", "x = 1\n")
write("space/two/__init__.py", "y = 2\n")
importlib.invalidate_caches()
import space.one.thing
import space.two

print(space.one.thing.x, space.two.y, space.__file__, type(space.__path__).__name__, len(list(space.__path__)),
      type(space.__loader__).__name__, space.__spec__.origin, str(space).partition(" (")[0])
spec = importlib.util.spec_from_file_location("by_location", "plain.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print(module.name, module.count, "by_location" in sys.modules)
lazy_spec = importlib.util.spec_from_file_location("lazy", "plain.py")
lazy_spec.loader = importlib.util.LazyLoader(lazy_spec.loader)
lazy = importlib.util.module_from_spec(lazy_spec)
lazy_spec.loader.exec_module(lazy)
print(type(lazy).__name__, lazy.count, type(lazy).__name__)
print(importlib.util.resolve_name("..a.b", "one.two"), importlib.util.resolve_name("top", None))
print(importlib.util.source_hash(b"x = 1").hex(), importlib.util.MAGIC_NUMBER)

# --- __import__ replaced ------------------------------------------------------------------------------------------------
import builtins

original = builtins.__import__


def watching(name, *rest):
    print("import", name, [type(each).__name__ for each in rest], rest[2:])
    return original(name, *rest)


builtins.__import__ = watching
import plain as again
from os import path, sep as separator


def inside():
    import os.path as p
    from space.two import y
    return p is path, y


print(again is plain, inside())
builtins.__import__ = original
attempt(original, "plain", level=-1)
attempt(original, "")
attempt(original, 3)
attempt(original, "x", {}, {}, ["y"], 1)
attempt(original, "x", {"__package__": ""}, {}, ["y"], 1)
attempt(original, "x", {"__package__": 3}, {}, ["y"], 1)
attempt(original, "x", {"__package__": "space"}, {}, ["y"], 2)
attempt(original, "x", {"__package__": "nowhere_at_all"}, {}, ["y"], 1)
attempt(original, "two", {"__package__": "space"}, {}, ["y"], 1)
attempt(original, "two.deep", {"__package__": "space"}, {}, [], 1)
attempt(original, "os", {}, {}, [1])
attempt(original, "space", {}, {}, [1])
