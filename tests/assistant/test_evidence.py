"""The sentence that answers, and the words that are shared."""

from __future__ import annotations

from assistant.evidence import Place, best_sentences, shared_words
from index.records import Entry, Topic
from tests.fakes import WordCountEncoder

TEXT = "Backups run nightly. Restore them with one command. Ask the team for the key."


def test_best_sentence_is_the_one_nearest_to_the_question(encoder: WordCountEncoder) -> None:
    (span,) = best_sentences("which command restores a backup?", [Place("Ops", TEXT, (0, len(TEXT)))], encoder)
    assert TEXT[slice(*span)] == "Restore them with one command."


def test_best_sentence_lies_in_the_passage_that_matched(encoder: WordCountEncoder) -> None:
    first_sentence = (0, 20)
    (span,) = best_sentences("which command restores?", [Place("Ops", TEXT, first_sentence)], encoder)
    assert TEXT[slice(*span)] == "Backups run nightly."


def test_passage_without_a_whole_sentence_stands_for_itself(encoder: WordCountEncoder) -> None:
    assert best_sentences("backups", [Place("Ops", TEXT, (8, 12))], encoder) == [(8, 12)]


def test_every_text_gets_its_own_sentence(encoder: WordCountEncoder) -> None:
    places = [Place("Ops", TEXT, (0, len(TEXT))), Place("Keys", "Keys rotate. Commands do not.", (0, 29))]
    spans = best_sentences("which command?", places, encoder)
    assert [place.text[slice(*span)] for place, span in zip(places, spans, strict=True)] == [
        "Restore them with one command.",
        "Commands do not.",
    ]


def test_no_texts_give_no_sentences(encoder: WordCountEncoder) -> None:
    assert best_sentences("anything", [], encoder) == []


def test_shared_words_are_shown_as_the_topic_writes_them() -> None:
    topic = Topic("DevOps", "Merging", (Entry("How", "Conflicts: rebase, then merge again.", 2),), 1)
    assert shared_words("how do I merge a conflict?", topic) == ("Merging", "Conflicts")
