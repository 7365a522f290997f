"""The blocks, one file a family. Importing this package imports every file of it, which fills `registry.FORMS`."""

from importlib import import_module
from pkgutil import iter_modules

for _file in iter_modules(__path__):
    import_module(f"{__name__}.{_file.name}")
