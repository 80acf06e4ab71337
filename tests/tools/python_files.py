"""The .py files below folders: what the checks over a whole library go through, in the same order everywhere."""

import os


def python_files(paths):
    """The files among `paths`, and the .py files below the folders among them, sorted by folder and name."""
    for path in paths:
        if os.path.isfile(path):
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".py"))
