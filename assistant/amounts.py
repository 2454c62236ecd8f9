"""how many, how large, how long: amounts in words"""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return how many there are of something.

    >>> counted(1, "topic"), counted(1200, "topic")
    ('1 topic', '1,200 topics')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def size_words(size: int) -> str:
    """Return bytes as a person reads them.

    >>> size_words(1_500_000), size_words(900)
    ('1.5 MB', '1 kB')
    """
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{-(-size // 1000):,} kB"


def duration_words(seconds: float) -> str:
    """Return a time that is still to come, as exactly as anybody can know it.

    >>> [duration_words(seconds) for seconds in (2, 47, 200, 8000)]
    ['a few seconds', 'about 50 s', 'about 3 min', 'about 2 h']
    """
    if seconds < 5:
        return "a few seconds"
    if seconds < 90:
        return f"about {-(-round(seconds) // 10) * 10} s"
    if seconds < 5400:
        return f"about {round(seconds / 60)} min"
    return f"about {round(seconds / 3600)} h"
