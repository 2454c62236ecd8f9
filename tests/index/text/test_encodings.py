"""Text in the encodings that notes come in, and what is no text."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.encodings import HOLDS_NULS, LATIN_1, NOT_TEXT, Decoded, decode

TEXT = "# Café\n\nNaïve – “quoted” text, 5 €.\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (TEXT.encode(), ""),
        (b"\xef\xbb\xbf" + TEXT.encode(), ""),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), ""),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), ""),
        (TEXT.encode("utf-16-le"), "no byte order mark: read as UTF-16"),
        (TEXT.encode("utf-16-be"), "no byte order mark: read as UTF-16"),
        (TEXT.encode("cp1252"), LATIN_1),
    ],
)
def test_a_text_is_read_in_each_encoding_and_what_was_guessed_is_told(content: bytes, reason: str) -> None:
    assert decode(content) == Decoded(TEXT, reason)


def test_bytes_that_mean_nothing_to_windows_are_read_as_the_standard_does() -> None:
    assert decode(b"caf\xe9 " * 20 + b"\x81").text == "caf\xe9 " * 20 + "\x81"


@pytest.mark.parametrize(
    "content",
    [
        b"text\0more",
        b"\0" * 40,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xfe\0\0t\0\0\0",
        "漢字のメモ\0".encode("utf-16-le"),
    ],
)
def test_a_file_with_nul_bytes_is_no_text(content: bytes) -> None:
    assert decode(content) == Decoded(None, HOLDS_NULS)


def test_bytes_at_random_are_no_text_even_without_a_nul() -> None:
    content = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(64)).replace(b"\0", b"")
    assert decode(content) == Decoded(None, NOT_TEXT)


def test_a_broken_utf16_file_is_read_in_part() -> None:
    assert decode(b"\xff\xfea\0b\0\x00") == Decoded("ab\ufffd", "some of it is not UTF-16")


def test_an_empty_file_is_an_empty_text() -> None:
    assert decode(b"") == Decoded("")


@given(st.binary())
def test_any_bytes_are_a_text_or_give_a_reason(content: bytes) -> None:
    text, reason = decode(content)
    assert text is not None or reason
