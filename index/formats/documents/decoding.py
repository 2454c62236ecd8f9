"""bytes of a document -> text: what it declares, or else UTF-8, UTF-16 or UTF-32, or else Windows' Latin-1"""

from __future__ import annotations

import codecs
import encodings
import pkgutil
from contextlib import suppress

from index.formats.documents.blocks import Unreadable


def load_encodings() -> None:
    """Load every encoding that Python knows: it loads each when it is first named, which is too late."""
    for module in pkgutil.iter_modules(encodings.__path__):
        with suppress(LookupError):  # those of other systems
            codecs.lookup(module.name)


def decoded(content: bytes, declared: str = "") -> str:
    r"""Return the text of a file.

    >>> decoded("naïve".encode("cp1252")), decoded("é".encode("koi8-r", "replace"), "koi8-r")
    ('naïve', '?')

    Raises:
        Unreadable: it is no text.

    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),  # it begins with the mark of UTF-16
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if b"\0" in content:
        raise Unreadable("not a text file (it holds NUL bytes)")
    for encoding in ("utf-8", declared):
        try:
            return content.decode(encoding) if encoding else content.decode("cp1252", "replace")
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1252", "replace")
