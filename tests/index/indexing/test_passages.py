"""Passages: they fit the model, cover every entry in order, and keep code and tables whole."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.indexing.passages import TokenSpans, split_spans, topic_passages
from index.markdown.plain import visible, visible_text
from index.records import SLOTS, Entry, Passage, Span, Topic
from tests.index.hostile import texts


def words(text: str) -> list[tuple[int, int]]:
    return [word.span() for word in re.finditer(r"\S+", text)]


def letters(text: str) -> list[tuple[int, int]]:
    return [(position, position + 1) for position in range(len(text))]


def topic(*entries: str, title: str = "Rebase", asked_as: tuple[str, ...] = ()) -> Topic:
    labelled = tuple(Entry(slot, text, 1) for slot, text in zip(SLOTS, entries, strict=False))
    return Topic("Git", title, labelled, 1, asked_as=asked_as)


def test_an_entry_that_fits_is_one_passage_below_its_headings() -> None:
    assert topic_passages(topic("Replays commits."), 20, words) == [
        Passage("entry", "Git > Rebase > Replays commits.", 0, 0, 16)
    ]


def test_slot_labels_are_never_embedded() -> None:
    passages = topic_passages(topic("Replays.", "Run it.", "A repository."), 20, words)
    assert [passage.text for passage in passages] == [
        "Git > Rebase > Replays.",
        "Git > Rebase > Run it.",
        "Git > Rebase > A repository.",
        "Git > Rebase > Replays.\nRun it.\nA repository.",
    ]
    assert [(passage.kind, passage.entry) for passage in passages] == [
        ("entry", 0),
        ("entry", 1),
        ("entry", 2),
        ("topic", None),
    ]


def test_what_the_front_matter_says_is_a_passage_of_its_own() -> None:
    told = replace(topic("Replays commits."), fields=(("author", "Ann"), ("tags", "git, vcs")))
    assert topic_passages(told, 20, words)[-1] == Passage("asked", "Git > Rebase > author: Ann; tags: git, vcs")


def test_what_is_embedded_is_seen_and_its_span_is_that_of_the_markdown() -> None:
    written = "See [the **guide**](https://example.org). %%not yet%%\n\n> [!tip] Then [[Rebase|do it]].[^1]"
    parts = topic_passages(topic(written), 8, words)  # the headings take 4 words, so each sentence is a passage
    assert [part.text for part in parts] == ["Git > Rebase > See the guide. \n\n", "Git > Rebase > Then do it."]
    assert [written[part.start : part.end] for part in parts] == [
        "See [the **guide**](https://example.org). %%not yet%%\n\n",
        "> [!tip] Then [[Rebase|do it]].[^1]",
    ]


def test_an_entry_of_which_nothing_is_seen_is_found_by_its_headings() -> None:
    assert topic_passages(topic("<!-- later -->"), 20, words) == [Passage("entry", "Git > Rebase > ", 0, 0, 14)]


SHORT = """
import sys
from index.indexing.passages import topic_passages
from index.records import Entry, Topic
topic_passages(Topic("Git", "Rebase", (Entry("What", "Replays commits.", 1),), 1), 20, lambda text: [(0, len(text))])
print("langchain_text_splitters" in sys.modules)
"""


def test_entries_that_all_fit_do_not_wait_for_langchain() -> None:
    done = subprocess.run([sys.executable, "-c", SHORT], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"


def test_a_whole_topic_that_does_not_fit_is_no_passage() -> None:
    # the headings take 4 words, so 8 leave room for 4: each entry of 3 fits, both together do not
    passages = topic_passages(topic("one two three", "four five six"), 8, words)
    assert [passage.kind for passage in passages] == ["entry", "entry"]


def test_a_topic_of_one_entry_is_not_embedded_twice() -> None:
    assert [passage.kind for passage in topic_passages(topic("one two"), 20, words)] == ["entry"]


def test_asked_as_phrases_stand_alone_and_last() -> None:
    passages = topic_passages(topic("Replays.", asked_as=("linear history", "move my branch")), 20, words)
    assert passages[1:] == [Passage("asked", "linear history"), Passage("asked", "move my branch")]


def test_an_asked_as_phrase_that_is_too_long_is_cut() -> None:
    passages = topic_passages(topic("Replays.", asked_as=("one two three four five six seven",)), 6, words)
    assert [passage.text for passage in passages if passage.kind == "asked"] == [
        "one two three four five six ",
        "seven",
    ]


def test_a_heading_that_repeats_the_one_above_is_embedded_once() -> None:
    assert topic_passages(topic("Text.", title="Git"), 20, words)[0].text == "Git > Text."


def test_a_long_heading_is_searched_on_its_own() -> None:
    # "Git > a b c d e" is 7 words of 12: more than half, so the entry gets all 12 for itself
    passages = topic_passages(topic("one two three", title="a b c d e"), 12, words)
    assert passages == [Passage("entry", "one two three", 0, 0, 13), Passage("topic", "Git > a b c d e")]


def test_a_long_entry_is_cut_between_sentences_and_repeats_a_little() -> None:
    text = "One two three. Four five. Six seven eight. Nine ten."
    # 6 words at most, of which a sixth, one word, may repeat: no sentence is that short
    assert [text[start:end] for start, end in split_spans(text, 6, words)] == [
        "One two three. Four five. ",
        "Six seven eight. Nine ten.",
    ]
    # of 12 words two may: the sentence of two stands in both
    text = "Ab. Cd ef gh ij kl mn op qr. St uv. Wx yz ab cd."
    assert [text[start:end] for start, end in split_spans(text, 12, words)] == [
        "Ab. Cd ef gh ij kl mn op qr. St uv. ",
        "St uv. Wx yz ab cd.",
    ]


def test_a_sentence_that_does_not_fit_is_cut_between_words_and_a_word_between_letters() -> None:
    assert split_spans("one two three four five", 2, words) == [(0, 8), (8, 19), (19, 23)]
    assert split_spans("abcdefg", 3, letters) == [(0, 3), (3, 6), (6, 7)]


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ("```sh\ngit fetch\n\n# One. Two. Three.\ngit rebase\n```", "git fetch\n\n# One. Two. Three.\ngit rebase\n"),
        ("| a. B | c |\n|---|---|\n| d. E | f |", "  a. B   c  \n  d. E   f  "),
    ],
)
def test_a_block_that_fits_stays_whole_between_sentences(block: str, shown: str) -> None:
    text = f"First comes this. Then that, too.\n\n{block}\n\nAfter it comes more. And more again."
    room = len(words("Git > Rebase > ")) + len(words(shown)) + 2
    parts = topic_passages(topic(text), room, words)
    assert any(shown in part.text and block in text[part.start : part.end] for part in parts)


def test_a_block_that_does_not_fit_is_cut_between_its_lines() -> None:
    text = "Before that.\n\na b c\nd e f\ng h i\n"
    assert [text[start:end] for start, end in split_spans(text, 4, words, [(14, 32)])] == [
        "Before that.\n\n",
        "a b c\n",
        "d e f\n",
        "g h i\n",
    ]


def test_a_slice_with_more_tokens_than_it_had_in_the_text_is_cut_again() -> None:
    def tokens(text: str) -> list[tuple[int, int]]:  # a word is one token, if only with its first letter
        return [word.span() for word in re.finditer(r"[A-Z][a-z]*|[a-z]", text)]

    # without its first letter, the rest of a word that was cut apart counts letter by letter
    spans = split_spans("Abcdef Gh", 1, tokens, [(0, 2)])
    assert spans == [(0, 2), (2, 3), (3, 4), (4, 5), (5, 7), (7, 9)]


def test_a_tokenizer_that_puts_a_token_nowhere_ends_all_the_same() -> None:
    """Some put one before the first letter, which then is in no slice that is counted."""

    def spans(text: str) -> list[Span]:
        return [(0, 0), *((place, place + 1) for place in range(len(text)))] if text else []

    found = split_spans("a" * 20, 10, spans)
    assert "".join("a" * (end - start) for start, end in found)
    assert (found[0][0], found[-1][1]) == (0, 20)
    assert max(len(spans("a" * (end - start))) for start, end in found) <= 10


def test_each_text_is_read_by_the_tokenizer_a_few_times_however_long_it_is() -> None:
    read: list[str] = []

    def tokens(text: str) -> list[tuple[int, int]]:
        read.append(text)
        return words(text)

    parts = topic_passages(topic("One two three four. " * 200), 24, tokens)
    # the headings, the entry, and each part once more to be sure that it fits
    assert len(read) == 2 + len(parts)


def test_text_that_repeats_itself_is_covered_to_its_end() -> None:
    text = "Again and again. " * 20
    spans = split_spans(text, 10, words)
    assert uncovered(spans, len(text)) == []


def uncovered(spans: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return the gaps that spans leave in a text."""
    edges = [(0, 0), *spans, (length, length)]
    return [(end, start) for (_, end), (start, _) in pairwise(edges) if start > end]


COUNTERS = st.sampled_from([words, letters])


@settings(deadline=None, max_examples=300)
@given(texts(), COUNTERS, st.integers(1, 40))
def test_spans_cover_any_text_in_order_without_a_gap(text: str, tokens: TokenSpans, most: int) -> None:
    spans = split_spans(text, most, tokens)
    assert uncovered(spans, len(text)) == []
    assert spans == sorted(spans)
    assert all(len(tokens(text[start:end])) <= most for start, end in spans)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(texts(), min_size=1, max_size=3), texts(2), st.lists(texts(3), max_size=2), COUNTERS, st.integers(4, 60)
)
def test_every_passage_of_any_topic_fits_and_is_a_slice_of_what_is_seen_of_its_entry(
    entries: list[str], title: str, asked_as: list[str], tokens: TokenSpans, most: int
) -> None:
    made = topic(*entries, title=title, asked_as=tuple(asked_as))
    passages = topic_passages(made, most, tokens)
    assert all(len(tokens(passage.text)) <= most for passage in passages)
    for position, text in enumerate(entries):
        parts = [passage for passage in passages if passage.entry == position]
        assert uncovered([(part.start, part.end) for part in parts], len(text)) == []
        seen = visible_text(text)
        assert all(part.text.removeprefix(f"{made.heading_path} > ") in seen for part in parts)


@settings(deadline=None, max_examples=300)
@given(texts(), st.integers(4, 60))
def test_a_code_block_or_table_that_fits_is_whole_in_some_passage(text: str, most: int) -> None:
    seen = visible(text)
    spans = split_spans(seen.text, most, letters, seen.blocks)
    for begin, finish in seen.blocks:
        if finish - begin <= most:
            assert any(start <= begin and finish <= end for start, end in spans)


def test_bullet_stays_with_its_item_where_a_list_is_split() -> None:
    text = "- one two three\n- four five six\n- seven eight nine"
    spans = split_spans(text, 5, words)
    assert [text[start:end].split()[0] for start, end in spans] == ["-"] * len(spans)
    assert len(spans) == 3


def test_what_the_front_matter_repeats_or_says_in_codes_is_not_embedded() -> None:
    fields = (("about", "Replays commits"), ("uid", "a1b2-ccc"), ("ms.topic", "reference"), ("notes", "long " * 50))
    assert len(topic_passages(replace(topic("Replays commits."), fields=fields), 20, words)) == 1


SHELVES = "\n".join(f"| Jar {number} | Shelf {number % 7} | Ann |" for number in range(300))
PANTRY = f"What stands where.\n\n| Jar | Place | Filled by |\n|---|---|---|\n{SHELVES}\n\nWash them first."


def test_what_is_cut_from_within_a_large_table_has_its_head_in_front() -> None:
    parts = topic_passages(topic(PANTRY), 60, words)  # the headings take 4 words, the head 4, a row 5
    inside = [part for part in parts if PANTRY[part.start :].lstrip().startswith(("| Jar 1", "| Jar 2"))]
    assert len(inside) > 20
    for part in inside:
        head, first, *_ = part.text.split("\n")
        assert head.split() == ["Git", ">", "Rebase", ">", "Jar", "Place", "Filled", "by"]
        assert first.split() == PANTRY[part.start : part.end].strip().split("\n")[0].replace("|", " ").split()
    assert uncovered([(part.start, part.end) for part in parts], len(PANTRY)) == []
    assert max(len(words(part.text)) for part in parts) <= 60
    assert sum("Filled by" in part.text for part in parts) == len(parts)  # once each: none has it twice
    assert all(part.text.count("Filled by") == 1 for part in parts)


def test_tables_that_fit_are_embedded_as_they_stand() -> None:
    small = "| Jar | Place |\n|---|---|\n| Plum | Shelf |\n"
    text = f"{small}\n{'Wash each jar first. ' * 12}\n\n{small}"
    assert [part.text.count("Place") for part in topic_passages(topic(text), 30, words)] == [1, 0, 1]


def test_head_that_would_leave_the_rows_no_room_is_not_repeated() -> None:
    wide = " ".join(f"column{number}" for number in range(20))
    text = f"| {wide} | Place |\n|---|---|\n" + "\n".join(f"| Jar {number} | Shelf |" for number in range(40))
    parts = topic_passages(topic(text), 40, words)
    assert sum("column7" in part.text for part in parts) == 1


@settings(deadline=None, max_examples=100)
@given(st.lists(texts(3), min_size=1, max_size=4), st.lists(texts(3), min_size=20, max_size=40), st.integers(8, 60))
def test_every_passage_of_a_large_table_fits(heads: list[str], cells: list[str], most: int) -> None:
    def row(values: list[str]) -> str:
        return f"| {' | '.join(' '.join(value.replace('|', '').split()) for value in values)} |"

    text = "\n".join([row(heads), row(["---"] * len(heads)), *(row([cell] * len(heads)) for cell in cells)])
    for tokens in (words, letters):
        parts = topic_passages(topic(text), most, tokens)
        assert all(len(tokens(part.text)) <= most for part in parts)
        assert uncovered([(part.start, part.end) for part in parts if part.kind == "entry"], len(text)) == []
