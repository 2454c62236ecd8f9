"""packed documents: looked at before anything is unpacked, so that no bomb goes off"""

from __future__ import annotations

import io
import zipfile
from typing import Final

from index.formats.documents.blocks import Unreadable
from index.formats.documents.limits import Limits

ENCRYPTED: Final = 0x1
"""The flag of a member that needs a password."""

SMALL: Final = 2**20
"""Bytes up to which it does not matter how well something was packed: an empty picture shrinks to nothing."""

_DECLARED: Final = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
"""How a declaration of a document type begins: entities that grow without end are declared in one."""


def open_archive(content: bytes, limits: Limits) -> zipfile.ZipFile:
    """Return an archive none of whose members is more than the limits allow.

    Raises:
        Unreadable: it is damaged, encrypted, or too large when it is unpacked.

    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable("damaged: not the packed file that its name promises, or not all of one") from error
    members = archive.infolist()
    if len(members) > limits.members:
        raise Unreadable(f"holds {len(members):,} packed files, of at most {limits.members:,}")
    for member in members:
        _check(member, limits)
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked_megabytes * 2**20:
        raise Unreadable(f"unpacks to more than {limits.unpacked_megabytes:,} MB")
    if unpacked > SMALL and unpacked > limits.ratio * len(content):
        raise Unreadable(f"unpacks to more than {limits.ratio} times its size")
    return archive


def _check(member: zipfile.ZipInfo, limits: Limits) -> None:
    parts = member.filename.replace("\\", "/").split("/")
    if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in parts[0]:
        raise Unreadable("holds a packed file whose name leads out of it")
    if member.flag_bits & ENCRYPTED:
        raise Unreadable("encrypted: save it without a password to have it read")
    if member.file_size > SMALL and member.file_size > limits.ratio * max(member.compress_size, 1):
        raise Unreadable(f"unpacks to more than {limits.ratio} times its size")


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a member of an archive.

    Raises:
        Unreadable: it is not there, or damaged.

    """
    try:
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise Unreadable("damaged: a part of it is missing or cannot be unpacked") from error
    except Exception as error:  # each way of packing has errors of its own
        raise Unreadable("damaged: a part of it cannot be unpacked") from error


def open_office(content: bytes, limits: Limits, part: str) -> zipfile.ZipFile:
    """Return a document of Office that has a part of this name, and no part with a document type declaration.

    Raises:
        Unreadable: as with any archive; it is none of Office, is encrypted, or declares a type.

    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("encrypted, or of an old format: save it anew without a password to have it read")
    archive = open_archive(content, limits)
    if part not in archive.namelist():
        raise Unreadable("damaged: no document of the kind that its name promises")
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")) and any(word in member(archive, name) for word in _DECLARED):
            raise Unreadable("declares a document type, as none of Office does: it may grow without end")
    return archive


def embedded_told(archive: zipfile.ZipFile) -> str:
    """Return what is said of what a document of Office holds beside its text; nothing where it holds nothing."""
    names = archive.namelist()
    embedded = sum("/embeddings/" in name for name in names)
    told = [f"{embedded:,} embedded file{'' if embedded == 1 else 's'} not read"] if embedded else []
    return "; ".join([*told, *(["macros not read"] if any(name.endswith("vbaProject.bin") for name in names) else [])])
