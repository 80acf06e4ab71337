# Modules, packages, data and programs in zip files: zipimport, and runpy over it.

import os
import runpy
import sys
import zipimport

sys.dont_write_bytecode = True


def write_zip(path, files):
    """A zip file without compression; its checksums are not looked at."""
    body = b""
    directory = b""
    for name, content in files.items():
        name = name.encode()
        content = content.encode() if isinstance(content, str) else content
        common = b"".join([
            (20).to_bytes(2, "little"), bytes(2), bytes(2), (0).to_bytes(2, "little"), (0x5821).to_bytes(2, "little"),
            bytes(4), len(content).to_bytes(4, "little"), len(content).to_bytes(4, "little"),
            len(name).to_bytes(2, "little"), bytes(2)
        ])
        directory += b"PK\1\2" + (20).to_bytes(2, "little") + common + bytes(2) + bytes(2) + bytes(2) + bytes(4)
        directory += len(body).to_bytes(4, "little") + name
        body += b"PK\3\4" + common + name + content
    count = len(files).to_bytes(2, "little")
    end = b"PK\5\6" + bytes(4) + count + count + len(directory).to_bytes(4, "little")
    end += len(body).to_bytes(4, "little") + bytes(2)
    with open(path, "wb") as file:
        file.write(body + directory + end)


write_zip("stuff.zip", {
    "top.py": "value = 1\ndef f():\n    raise ValueError('from the zip file')\n",
    "pack/__init__.py": "from . import inner\n",
    "pack/inner.py": "value = 2\n",
    "pack/data.txt": "some data",
    "bad.py": "x = = 1\n",
    "deep/": "",
    "deep/er/": "",
    "deep/er/one.py": "value = 3\n",
})
path = os.path.join(os.getcwd(), "stuff.zip")
sys.path.insert(0, path)
import deep.er.one
import pack.inner
import top

for module in (top, pack, pack.inner, deep.er.one):
    print(module.__name__, module.__file__.replace(path, "<zip>"), type(module.__loader__).__name__,
          getattr(module, "value", None), hasattr(module, "__path__"), module.__spec__.parent)
try:
    top.f()
except ValueError as error:
    print(error, error.__traceback__.tb_next.tb_frame.f_code.co_filename.replace(path, "<zip>"))
try:
    import bad
except SyntaxError as error:
    print(error.msg, error.lineno, error.filename.replace(path, "<zip>"))
importer = zipimport.zipimporter(path)
print(str(importer).replace(path, "<zip>"), importer.archive == path, repr(importer.prefix))
print(importer.get_data("pack/data.txt"), importer.is_package("pack"), importer.is_package("top"))
print(importer.get_source("top").splitlines()[0], importer.get_filename("pack").replace(path, "<zip>"))
print(importer.find_spec("nothing"), importer.find_spec("top").origin.replace(path, "<zip>"))
print(str(zipimport.zipimporter(os.path.join(path, "pack"))).replace(path, "<zip>"))
for bad in ("nowhere.zip", __file__, "", 3):
    try:
        zipimport.zipimporter(bad)
    except Exception as error:
        print(type(error).__name__, str(error).replace(__file__, "<file>"))
for action in (importer.get_source, importer.get_code, importer.is_package, importer.get_filename):
    try:
        action("nothing")
    except zipimport.ZipImportError as error:
        print(action.__name__, error)
try:
    importer.get_data("nothing")
except OSError as error:
    print(error)

program = os.path.join(os.getcwd(), "program.zip")
write_zip(program, {
    "__main__.py": "import sys, helper\nprint('main of', __name__, helper.h, __spec__.name, __package__ == '')\nx = 5\n",
    "helper.py": "h = 'help'\n",
})
result = runpy.run_path(program, run_name="run")
print(result["x"], result["__name__"], "helper" in sys.modules, program in sys.path)
with open("plain.py", "w") as file:
    file.write("print(__name__, __file__[-8:], __package__, __spec__ and __spec__.name)\ny = 1\n")
print(sorted(key for key in runpy.run_path("plain.py", {"given": 1}) if not key.startswith("__")))
sys.path.insert(0, os.getcwd())
print(runpy.run_module("plain", run_name="called")["y"], runpy.run_module("top", alter_sys=True)["value"])
for wrong in ("no_such_module", "pack", "pack.nothing", ".relative"):
    try:
        runpy.run_module(wrong)
    except ImportError as error:
        print(type(error).__name__, error)
