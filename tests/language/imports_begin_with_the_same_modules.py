# flags: -I -S
# What is in sys.modules before the first line of a program, and how each of these modules says where it comes from.

import sys

print(list(sys.modules))
for name, module in list(sys.modules.items()):
    spec = getattr(module, "__spec__", None)
    print(name, "|", str(module).partition(" at 0x")[0], "|", spec is not None and (spec.name, spec.origin, spec.parent,
          spec.has_location, spec.submodule_search_locations))
    print("   ", getattr(module, "__file__", "no file"), getattr(module, "__package__", "no package"),
          type(getattr(module, "__loader__", None)).__name__, hasattr(module, "__cached__"))
print([importer.__name__ for importer in sys.meta_path])
print([getattr(hook, "__qualname__", hook) for hook in sys.path_hooks])
print(sorted((path, type(importer).__name__) for path, importer in sys.path_importer_cache.items()))
print([path for path in sys.path if not path.endswith("lib-dynload")])
print(sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, sys.platlibdir, sys.flags.isolated)
print({name: value for name, value in vars(sys.modules["__main__"]).items() if name.startswith("__") and
       name not in ("__file__", "__loader__", "__builtins__")})
print(__file__.endswith("imports_begin_with_the_same_modules.py"), type(__loader__).__name__, __builtins__)

import importlib.util
import os

for name in ("os", "importlib.util", "importlib", "abc", "json", "json.decoder", "sys", "_imp", "zipimport"):
    found = importlib.util.find_spec(name)
    print(found.name, found.origin, found.parent, found.has_location, type(found.loader).__name__,
          found.cached is not None, found.submodule_search_locations)
print(os.__file__, os.path.__file__, os.path.__name__, sys.modules["os.path"] is os.path)
print(importlib.util.find_spec("no_such_module"), importlib.util.find_spec("json.no_such_module"))
try:
    importlib.util.find_spec("sys.nothing")
except ModuleNotFoundError as error:
    print(error, error.name, error.path)
