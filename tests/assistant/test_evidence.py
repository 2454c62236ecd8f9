"""The sentence that answers, and the words that are shared."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.evidence import best_sentence, coverage, like_words, read, shared_words, wanted
from index.records import Entry, Tokens, Topic
from tests.fakes import WordCountEncoder

TEXT = "Backups run nightly. Restore them with one command. Ask the team for the key."


class SilentEncoder(WordCountEncoder):
    """A model whose tokeniser drops everything."""

    def tokens(self, text: str) -> Tokens:
        return Tokens([], np.zeros((0, self.dimension), np.float32))


def sentence(question: str, passage: tuple[int, int], encoder: WordCountEncoder) -> str:
    asked = wanted(question, encoder, lambda _: 1.0)
    return TEXT[slice(*best_sentence(asked, TEXT, passage, read(asked, TEXT, encoder)))]


def test_best_sentence_speaks_most_of_what_is_asked(encoder: WordCountEncoder) -> None:
    assert sentence("which command restores a backup?", (0, len(TEXT)), encoder) == "Restore them with one command."


def test_best_sentence_lies_in_the_passage_that_matched(encoder: WordCountEncoder) -> None:
    assert sentence("which command restores?", (0, 20), encoder) == "Backups run nightly."


def test_passage_without_a_whole_sentence_stands_for_itself(encoder: WordCountEncoder) -> None:
    assert sentence("backups", (8, 12), encoder) == TEXT[8:12]


def test_a_rarer_word_decides_which_sentence_it_is(encoder: WordCountEncoder) -> None:
    rarities = {"backup": 1.0, "team": 3.0}
    asked = wanted("backups of the team", encoder, lambda stem: rarities[stem])
    assert TEXT[slice(*best_sentence(asked, TEXT, (0, len(TEXT)), read(asked, TEXT, encoder)))].startswith(
        "Ask the team"
    )


def test_question_of_stop_words_gets_the_first_sentence(encoder: WordCountEncoder) -> None:
    assert sentence("what is it?", (0, len(TEXT)), encoder) == "Backups run nightly."


def test_coverage_says_how_far_each_word_is_spoken_of(encoder: WordCountEncoder) -> None:
    asked = wanted("restore pizza", encoder, lambda _: 1.0)
    assert coverage(asked, TEXT, encoder) == pytest.approx([1.0, 0.0], abs=0.3)
    assert coverage(asked, "", encoder) == pytest.approx([0.0, 0.0])


def test_word_in_another_form_counts_in_full_and_no_other_word_does(encoder: WordCountEncoder) -> None:
    asked = wanted("restoring", encoder, lambda _: 1.0)
    assert coverage(asked, "Restored.", encoder).tolist() == [1.0]
    assert coverage(asked, "Kept.", encoder).max() < 1.0


def test_sign_that_the_model_reads_no_piece_of_counts_as_not_covered(encoder: WordCountEncoder) -> None:
    asked = wanted("restore", SilentEncoder(), lambda _: 1.0)
    assert coverage(asked, "Kept.", encoder).tolist() == [0.0]


def test_shared_words_are_shown_as_the_topic_writes_them(encoder: WordCountEncoder) -> None:
    topic = Topic("DevOps", "Merging", (Entry("How", "Conflicts: rebase, then merge again.", 2),), 1)
    asked = wanted("how do I merge a conflict?", encoder, lambda _: 1.0)
    assert shared_words(asked, topic) == ("Merging", "Conflicts")


class Synonyms(WordCountEncoder):
    """A model that reads one word as another."""

    def tokens(self, text: str) -> Tokens:
        return super().tokens(text.replace("rapid", "quick"))  # as long, so that what stands where stays


def test_word_that_means_what_is_asked_is_named_as_the_text_writes_it() -> None:
    model = Synonyms()
    asked = wanted("quick recovery", model, lambda _: 1.0)
    text = "A rapid restore."
    assert like_words(asked, text, read(asked, text, model)) == ("rapid",)


def test_word_that_the_text_holds_itself_is_not_named_for_another(encoder: WordCountEncoder) -> None:
    asked = wanted("restore", encoder, lambda _: 1.0)
    assert like_words(asked, "Restored.", read(asked, "Restored.", encoder)) == ()
