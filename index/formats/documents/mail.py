"""mail -> blocks: messages below what they are about, one conversation after the other"""

from __future__ import annotations

import email
import importlib
import pkgutil
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from index.formats.documents.blocks import PARAGRAPH, Anchor, Block, Extract, Unreadable, literal, one_line
from index.formats.documents.decoding import load_encodings
from index.formats.documents.html import Ids, page_blocks
from index.formats.documents.limits import Limits

_FROM: Final = re.compile(rb"^From [^\r\n]*\d{2}:\d{2}[^\r\n]*\r?\n", re.MULTILINE)
"""The line that begins a message in an mbox (RFC 4155)."""
_REPLY: Final = re.compile(r"^(?:(?:re|fwd?|aw|wg|antw|sv|vs|tr)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_ANGLED_ADDRESS: Final = re.compile(r"(?<=\S)\s*<[^>]*>")
"""An address behind a name."""
_HEADER: Final = re.compile(rb"(?:From|To|Subject|Date|Received|Return-Path|Message-ID|MIME-Version):", re.IGNORECASE)
_SIGNATURE: Final = re.compile(r"^-- ?$.*", re.MULTILINE | re.DOTALL)
_QUOTED_REPLY: Final = re.compile(
    r"(?:^[^\n]{0,120}(?:wrote|schrieb|écrit)[^\n]{0,120}:\s*\n+)?(?:^>[^\n]*\n?)+\s*\Z", re.MULTILINE
)
"""What a reply repeats of the message before, at its end."""


class _Message(NamedTuple):
    number: int
    """Counted from 1."""
    mail: EmailMessage
    day: str
    """As 2024-05-01; empty where it has no date."""


def prepare() -> None:
    """Load every encoding, for a message may be in any, and what reads mail when it is first needed."""
    load_encodings()
    for module in pkgutil.iter_modules(email.__path__):
        importlib.import_module(f"email.{module.name}")


def read(content: bytes, limits: Limits) -> Extract:
    """Return the messages of a file, those of a conversation together.

    Raises:
        Unreadable: it holds no message.

    """
    sources = _messages(content)
    if not any(_HEADER.search(source[:4096]) for source in sources):
        raise Unreadable("damaged: no mail")
    taken = [_message(number, source) for number, source in enumerate(sources[: limits.members], start=1)]
    part = (
        f"read in part: the first {limits.members:,} of {len(sources):,} messages" if len(sources) > len(taken) else ""
    )
    attached = sum(len(list(_attachments(message.mail))) for message in taken)
    told = f"{attached:,} attachment{'' if attached == 1 else 's'} not read" if attached else ""
    problem = "; ".join(filter(None, (part, told)))
    return Extract([block for thread in _threads(taken) for block in _thread_blocks(thread)], problem=problem)


def _messages(content: bytes) -> list[bytes]:
    begins = [match.end() for match in _FROM.finditer(content)] if content.startswith(b"From ") else []
    if not begins:
        return [content]
    ends = [match.start() for match in _FROM.finditer(content)][1:]
    return [content[begin:end] for begin, end in zip(begins, [*ends, len(content)], strict=True)]


def _message(number: int, source: bytes) -> _Message:
    mail = message_from_bytes(source, policy=policy.default)
    return _Message(number, mail, _day(_header(mail, "date")))


def _header(mail: EmailMessage, name: str) -> str:
    """Return a header on one line; nothing of one that cannot be understood."""
    try:
        return one_line(str(mail.get(name, "")))
    except Exception:  # of what strangers write into headers, the library raises whatever it likes
        return ""


def _day(date: str) -> str:
    with suppress(ValueError, TypeError, OverflowError):
        sent: datetime = parsedate_to_datetime(date)
        return sent.date().isoformat()
    return ""


def _threads(messages: Sequence[_Message]) -> list[list[_Message]]:
    """Return messages of the same subject together, in the order in which each conversation begins."""
    threads: dict[str, list[_Message]] = {}
    for message in messages:
        subject = _subject(message.mail)
        threads.setdefault(subject.casefold() or f"\0{message.number}", []).append(message)
    return list(threads.values())


def _subject(mail: EmailMessage) -> str:
    return _REPLY.sub("", _header(mail, "subject"))


def _thread_blocks(thread: Sequence[_Message]) -> Iterator[Block]:
    is_single = len(thread) == 1
    yield Block(_subject(thread[0].mail) or "No subject", _message_anchor(thread[0]), 1)
    for message in thread:
        if not is_single:
            yield Block(", ".join(filter(None, (_sender(message.mail), message.day))), _message_anchor(message), 2)
        yield Block(_header_lines(message), _message_anchor(message))
        yield from _body_blocks(message, keeps_quotes=is_single)


def _sender(mail: EmailMessage) -> str:
    return re.sub(r"\s*<[^>]*>|\"", "", _header(mail, "from")) or "Somebody"


def _header_lines(message: _Message) -> str:
    """Return who wrote to whom, and when."""
    parts = ((name, _ANGLED_ADDRESS.sub("", _header(message.mail, name))) for name in ("From", "To", "Cc", "Date"))
    return literal("; ".join(f"{name}: {value}" for name, value in parts if value))


def _body_blocks(message: _Message, *, keeps_quotes: bool) -> Iterator[Block]:
    anchor = _message_anchor(message)
    part = message.mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return
    try:
        text = str(part.get_content())
    except (LookupError, ValueError, KeyError):  # an encoding that nobody knows
        payload = part.get_payload(decode=True)
        text = payload.decode("latin-1") if isinstance(payload, bytes) else ""
    if part.get_content_subtype() == "html":
        for block in page_blocks(LexborHTMLParser(text), Ids()):
            yield block._replace(anchor=anchor, level=0, text=f"**{block.text}**" if block.level else block.text)
        return
    text = _SIGNATURE.sub("", text.replace("\r\n", "\n"))
    text = text if keeps_quotes else _QUOTED_REPLY.sub("", text)
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.strip():
            yield Block(_markdown_paragraph(paragraph.strip("\n")), anchor, joint=PARAGRAPH)


def _markdown_paragraph(paragraph: str) -> str:
    """Return a paragraph as Markdown; what it quotes stays a quote."""
    lines = [line.strip() for line in paragraph.split("\n")]
    return "\n".join(f"> {literal(line.lstrip('> '))}" if line.startswith(">") else literal(line) for line in lines)


def _attachments(mail: EmailMessage) -> Iterator[EmailMessage]:
    with suppress(Exception):  # of a message put together wrongly, nobody knows what is attached
        yield from mail.iter_attachments()


def _message_anchor(message: _Message) -> Anchor:
    day: Anchor = (("date", message.day),) if message.day else ()
    return (("message", message.number), *day)
