"""a room's face that imports a name when it is first used, so that nothing else is loaded (PEP 562)"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path


def lazy_face(package: str, init_file: str) -> Callable[[str], object]:
    """Return the `__getattr__` of a package which offers what its `__init__` imports under `if TYPE_CHECKING:`.

    Type checkers and tests read these imports as they stand; at run time, a module is imported when a name of it is
    first used. So `from index.sources import find_files` brings nothing of what reads documents.
    """
    homes = dict(_homes(Path(init_file).read_text(encoding="utf-8")))

    def offer(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, attribute = homes[name]
        value = getattr(import_module(module), attribute)
        setattr(sys.modules[package], name, value)  # the next time it is there like any other
        return value

    return offer


def _homes(source: str) -> Iterator[tuple[str, tuple[str, str]]]:
    r"""Yield each name that is imported for type checkers, with its module and what it is called there.

    >>> dict(_homes("if TYPE_CHECKING:\n    from index.catalog.links import links as links_from"))
    {'links_from': ('index.catalog.links', 'links')}
    """
    for block in ast.parse(source).body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            imports = (node for node in block.body if isinstance(node, ast.ImportFrom))
            for node in imports:
                yield from ((alias.asname or alias.name, (str(node.module), alias.name)) for alias in node.names)
