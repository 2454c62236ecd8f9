"""A misspelt word is read as the word of the library that was meant, and no other word is touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import Library
from index.text.spelling import Replaced, bases, correct, mend, respelled
from tests.fakes import WordCountEncoder

KNOWN = {"python": 3, "pylons": 9, "prometheus": 1, "pause": 4, "build": 5, "strategy": 2, "strategic": 8}


def vocabulary(letter: str) -> dict[str, int]:
    return {word: topics for word, topics in KNOWN.items() if word[0] == letter}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("pyhton", "python"),  # two letters changed places
        ("pythn", "python"),  # one is missing
        ("pythhon", "python"),  # one too many
        ("pythen", "python"),  # another one
        ("biuld", "build"),
        ("promethues", "prometheus"),
        ("promtheuss", "prometheus"),  # two mistakes in a long word
        ("stratgy", "strategy"),  # nearer than strategic, which more topics hold
    ],
)
def test_misspelt_word_is_corrected(wrong: str, right: str) -> None:
    assert correct([wrong], vocabulary) == {wrong: right}


@pytest.mark.parametrize(
    ("wrong", "right"), [("teh", "the"), ("hwo", "how"), ("thier", "their"), ("becuase", "because")]
)
def test_stop_word_with_letters_that_changed_places_is_corrected(wrong: str, right: str) -> None:
    assert correct([wrong], lambda letter: {"tier": 9} if letter == "t" else {}) == {wrong: right}


@pytest.mark.parametrize(
    "word",
    [
        "ot",  # too short to tell
        "parse",  # a word of five with another letter is mostly another word
        "pyt",  # too short
        "mython",  # another first letter
        "phytonic",  # too far
        "yeast",
    ],
)
def test_word_that_is_near_to_none_stays(word: str) -> None:
    assert correct([word], vocabulary) == {}


def test_of_two_equally_near_words_the_one_that_more_topics_hold_is_meant() -> None:
    assert correct(["merce"], lambda letter: {"merge": 1, "mercer": 2, "merced": 3}) == {"merce": "merced"}


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("munching", "mulching"),  # munch and mulch are two words
        ("sneezing", "squeezing"),  # two letters apart, and sneeze is no long word
        ("shingles", "shines"),
        ("dolor", "door"),  # one too many of so few
    ],
)
def test_word_stays_that_is_long_only_by_its_ending_or_not_at_all(word: str, near: str) -> None:
    assert correct([word], lambda letter: {near: 3}) == {}


def test_letter_left_out_is_likelier_than_one_too_many_and_that_than_another() -> None:
    known = {"gardens": 1, "garde": 5, "gardon": 9}
    assert correct(["garden"], lambda letter: known) == {"garden": "gardens"}
    assert correct(["garden"], lambda letter: {"garde": 5, "gardon": 9}) == {"garden": "garde"}


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("pager", ["page"]),
        ("runner", ["run", "runn"]),
        ("runer", ["rune"]),  # no form of run
        ("munching", ["munch", "munche"]),
        ("sadness", ["sad"]),
        ("shingles", ["shingle"]),
        ("dictionarys", []),  # it would be dictionaries
        ("be", []),
    ],
)
def test_forms_of_words_are_led_back_by_the_rules_for_endings(word: str, forms: list[str]) -> None:
    assert bases(word) == forms


def test_only_unknown_words_are_mended_and_all_else_stays() -> None:
    def is_known(word: str) -> bool:
        return word == "biuld"

    text = "Why does Pyhton  biuld `pyhton.run` with pyhton_path, pyhton-3 and pyhton?"
    mended = "Why does python  biuld `pyhton.run` with pyhton_path, pyhton-3 and python?"
    assert mend(text, is_known, vocabulary).text == mended


class PieceCountEncoder(WordCountEncoder):
    """Reads in one piece the words that it knows, and any other one in two."""

    def count_tokens(self, text: str) -> int:
        return sum(1 if word in {"how", "the", "branch", "brunch", "settler"} else 2 for word in text.split())


@pytest.fixture
def spelling(library_of: Callable[..., Library], notes: Path) -> Library:
    """Return a library whose model does not know every word."""
    return library_of(notes, PieceCountEncoder(max_tokens=80))


def test_misspelt_question_finds_what_the_right_one_finds(spelling: Library) -> None:
    wrong, right = "how to setle confilcts", "how to settle conflicts"
    assert spelling.query(wrong).text == right
    assert [(hit.id, hit.score) for hit in spelling.search(wrong)] == [
        (hit.id, hit.score) for hit in spelling.search(right)
    ]


def test_word_that_the_model_knows_is_no_misspelling(spelling: Library) -> None:
    assert spelling.query("how is the brunch").text == "how is the brunch"
    assert spelling.query("how is the branhc").text == "how is the branch"


def test_word_in_another_form_is_known(spelling: Library) -> None:
    assert spelling.query("brunching settlers").text == "brunching settlers"
    assert spelling.query("conflicting decorator").text == "conflicting decorator"


def test_what_is_quoted_is_not_corrected(spelling: Library) -> None:
    assert spelling.query('"confilcts" and `setle` confilcts').text == '"confilcts" and `setle` confilcts'


def test_people_s_ways_to_ask_teach_no_spelling(spelling: Library) -> None:
    spelling.learn("how to solve the confilcts", spelling.search("Decorators", 1)[0].id)
    assert spelling.query("the confilcst").text == "the conflicts"


def test_what_was_put_right_is_told_with_how_it_differs() -> None:
    known = {"brandt": 1, "python": 3}
    [name, slip] = mend("ask Brandl about Pyhton", lambda word: word in {"about"}, lambda letter: known).replaced
    assert name == Replaced("Brandl", "brandt", is_slip=False, is_name=True)
    assert slip == Replaced("Pyhton", "python", is_slip=True, is_name=True)
    [titled] = mend("is Dr. Brandl in", lambda word: word != "brandl", lambda letter: known).replaced
    assert titled.is_name
    [first] = mend("Brandl. Who?", lambda word: False, lambda letter: known).replaced
    assert not first.is_name


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("implmented", "implement"),
        ("configrued", "configure"),
        ("shfit-left", "shift-left"),
        ("re-biuld it", "re-build it"),
    ],
)
def test_form_of_a_word_and_words_that_a_hyphen_joins_are_mended(wrong: str, right: str) -> None:
    known = {"implement": 1, "configure": 1, "shift": 1, "left": 1, "build": 1}
    assert mend(wrong, known.__contains__, lambda letter: known).text == right


@pytest.mark.parametrize(
    ("typed", "held", "read"),
    [("Mueller", "müller", "müller"), ("Schröder", "schroeder", "schroeder"), ("blue shoes", "shoes", "blue shoes")],
)
def test_umlaut_is_read_as_the_library_writes_it(typed: str, held: str, read: str) -> None:
    assert respelled(typed, held.__eq__) == read


def test_question_is_taken_as_typed_where_that_is_wanted(spelling: Library) -> None:
    mended, typed = (spelling.find("how to setle confilcts", as_typed=taken).query for taken in (False, True))
    assert [(word.typed, word.read) for word in mended.replaced] == [("setle", "settle"), ("confilcts", "conflicts")]
    assert (typed.text, typed.replaced) == ("how to setle confilcts", ())


def test_name_that_was_replaced_may_be_another_s_where_words_have_no_capitals(spelling: Library) -> None:
    assert spelling.query("how does Conary settle").other_names == {"canary"}
    assert spelling.query("how does Confilcts settle").other_names == frozenset()  # a slip
    assert spelling.query("how does Conflirts settle").other_names == frozenset()  # so long a name is no other one
    assert spelling.query("conary settle").other_names == frozenset()
    assert spelling.query("wie hat der Conary settle").other_names == frozenset()
