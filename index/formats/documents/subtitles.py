"""subtitles -> blocks: the sentences that are said, each with the time at which it begins (home of webvtt-py)"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import webvtt

from index.formats.documents.blocks import Anchor, Block, Extract, Unreadable, literal
from index.formats.documents.decoding import decoded
from index.formats.documents.limits import Limits

SECTION: Final = 300
"""Seconds that a topic is long, about: what is said within five minutes is about one thing."""
PAUSE: Final = 4.0
"""Seconds without a word that end a paragraph."""
SENTENCES: Final = 5
"""Sentences of a paragraph."""

_END_OF_SENTENCE: Final = re.compile(r"[.!?…][\"'”’)]*$")
_FORMAT_TAG: Final = re.compile(r"<[^>]*>|\{\\[^}]*\}")


class _Sentence(NamedTuple):
    """A sentence, and when it is said."""

    text: str
    start: float
    end: float
    voice: str


def read(content: bytes, limits: Limits) -> Extract:
    """Return what is said, sentence by sentence.

    Raises:
        Unreadable: it is no text, or holds no times.

    """
    text = decoded(content).lstrip("\ufeff")
    kind = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
    try:
        cues = webvtt.from_buffer(io.StringIO(text), format=kind).captions
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError, ValueError) as error:
        raise Unreadable("damaged: no subtitles") from error
    return Extract(list(_blocks(list(_spoken_sentences(cues)))))


def _spoken_sentences(cues: Sequence[webvtt.Caption]) -> Iterator[_Sentence]:
    """Yield the sentences, joined from the cues that each is parted into."""
    sentence: _Sentence | None = None
    before = ""
    for cue in cues:
        text = " ".join(html.unescape(_FORMAT_TAG.sub("", cue.text)).split())
        start, end = _seconds(cue.start), _seconds(cue.end)
        if not text or text == before:
            continue
        text, before = _without_repeated(text, before), text
        voice = cue.voice or ""
        if sentence and (
            _END_OF_SENTENCE.search(sentence.text) or start - sentence.end > PAUSE or voice != sentence.voice
        ):
            yield sentence
            sentence = None
        sentence = (
            _Sentence(f"{sentence.text} {text}", sentence.start, end, voice)
            if sentence
            else _Sentence(text, start, end, voice)
        )
    if sentence:
        yield sentence


def _without_repeated(text: str, before: str) -> str:
    """Return a cue without what it repeats of the one before, as subtitles that roll upwards do."""
    lines = before.split()
    words = text.split()
    longest = next((size for size in range(min(len(lines), len(words) - 1), 2, -1) if lines[-size:] == words[:size]), 0)
    return " ".join(words[longest:])


def _seconds(time: str) -> float:
    parts = [float(part.replace(",", ".")) for part in time.split(":")]
    return float(sum(part * 60.0**place for place, part in enumerate(reversed(parts))))


def _blocks(sentences: Sequence[_Sentence]) -> Iterator[Block]:
    is_long = bool(sentences) and sentences[-1].end > 2 * SECTION
    section, in_paragraph = -1, 0
    before: _Sentence | None = None
    for sentence in sentences:
        anchor: Anchor = (("time", _clock(sentence.start)),)
        is_new = before is None or sentence.voice != before.voice or sentence.start - before.end > PAUSE
        if is_long and int(sentence.start // SECTION) > section:
            section, is_new = int(sentence.start // SECTION), True
            yield Block(f"From {_clock(sentence.start)}", anchor, 1)
        is_new = is_new or in_paragraph >= SENTENCES
        voice = (
            f"**{literal(sentence.voice)}:** "
            if sentence.voice and (before is None or sentence.voice != before.voice)
            else ""
        )
        yield Block(voice + literal(sentence.text), anchor, joint="\n\n" if is_new else " ")
        in_paragraph = 1 if is_new else in_paragraph + 1
        before = sentence


def _clock(seconds: float) -> str:
    """Return a time as players show it.

    >>> _clock(723.4)
    '00:12:03'
    """
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
