"""The passage that answers, and the words that are shared."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assistant.answering.passage import TokenAlignment, align, align_in_place, best_passage, like_words, shared_words
from index.indexing.passages import topic_passages
from index.records import Entry, Span, Tokens, Topic
from index.retrieval.late_interaction import QueryTerms, query_terms
from index.text.words import stems
from tests.fakes import TokenEncoder, WordCountEncoder

TEXT = "Backups run nightly. Restore them with one command. Ask the team for the key."


def asked(question: str, encoder: WordCountEncoder, rarity: Mapping[str, float] | None = None) -> QueryTerms:
    return query_terms(question, encoder.tokens(question), rarity.__getitem__ if rarity else lambda _: 1.0)


def sentence(
    question: str,
    encoder: WordCountEncoder,
    *,
    text: str = TEXT,
    passage: tuple[int, int] | None = None,
    title: str = "",
) -> str:
    alignment = align(asked(question, encoder), text, encoder)
    return best_passage(alignment, passage or (0, len(text)), stems(title)).text


def test_best_passage_speaks_most_of_what_is_asked(encoder: WordCountEncoder) -> None:
    assert sentence("which command restores a backup?", encoder) == "Restore them with one command."


def test_best_passage_lies_in_the_passage_that_matched(encoder: WordCountEncoder) -> None:
    text = "Backups run nightly.\n\nBackups cost little."
    assert sentence("which backups?", encoder, text=text, passage=(22, 42)) == "Backups cost little."
    assert sentence("which backups run?", encoder, text=text, passage=(22, 42)) == "Backups run nightly."


def test_text_without_a_sentence_stands_for_itself(encoder: WordCountEncoder) -> None:
    assert sentence("backups", encoder, text="#backups") == "backups"


def test_a_rarer_word_decides_which_sentence_it_is(encoder: WordCountEncoder) -> None:
    alignment = align(asked("backups of the team", encoder, {"backup": 1.0, "team": 3.0}), TEXT, encoder)
    assert best_passage(alignment, (0, len(TEXT)), frozenset()).text.startswith("Ask the team")


def test_question_of_stop_words_gets_the_first_paragraph(encoder: WordCountEncoder) -> None:
    assert sentence("what is it?", encoder, text=f"{TEXT}\n\nThat is all.") == TEXT


def test_words_of_the_headings_do_not_decide_which_sentence_it_is(encoder: WordCountEncoder) -> None:
    text = "An index fund holds all shares of an index. Yearly costs are low."
    assert sentence("costs of an index fund", encoder, text=text) == "An index fund holds all shares of an index."
    assert sentence("costs of an index fund", encoder, text=text, title="Index fund") == "Yearly costs are low."


def test_another_year_is_not_the_one_asked_for(encoder: WordCountEncoder) -> None:
    """However like it the model takes it: here as .9, of the two thirds that the year counts."""
    text = "- Lantern of 2030: a whale\n- Parade of 2031: a moon"
    alignment = align(asked("lantern in 2031", encoder, {"lantern": 1.0, "2031": 2.0}), text, encoder)
    near = alignment.similarity.copy()
    near[1, [text[slice(*span)] for span in alignment.spans].index("2030")] = 0.9
    shown = best_passage(alignment._replace(similarity=near), (0, len(text)), frozenset())
    assert shown.text == "Parade of 2031: a moon"


RIVALS = "Save a snapshot now.\n\nNobody reads this line.\n\nRestore a snapshot now."


def test_the_runner_up_is_shown_as_well_where_it_says_nearly_as_much(encoder: WordCountEncoder) -> None:
    alignment = align(asked("snapshot now", encoder), RIVALS, encoder)
    shown = best_passage(alignment, (0, len(RIVALS)), frozenset())
    assert shown.text == "Save a snapshot now.\n\nRestore a snapshot now."
    assert [RIVALS[slice(*span)] for span in shown.spans] == ["Save a snapshot now.", "Restore a snapshot now."]


def test_a_runner_up_that_says_less_or_is_long_is_not_shown(encoder: WordCountEncoder) -> None:
    assert sentence("restore a snapshot now", encoder, text=RIVALS) == "Restore a snapshot now."
    long = RIVALS.replace("Save a snapshot now.", f"Save a snapshot now{' and then some' * 30}.")
    assert len(sentence("snapshot now", encoder, text=long).split("\n\n")) == 1


def test_where_only_the_headings_are_asked_for_the_first_paragraph_answers(encoder: WordCountEncoder) -> None:
    text = "It holds all shares.\n\nAn index fund follows an index."
    assert sentence("index fund", encoder, text=text, title="Index fund") == "It holds all shares."


def test_sentence_with_a_number_is_preferred_where_one_is_asked_for(encoder: WordCountEncoder) -> None:
    text = "Hold the razor lightly.\n\nTilt it by 30 degrees."
    assert sentence("at what angle is it held?", encoder, text=text) == "Tilt it by 30 degrees."
    assert sentence("where is it held?", encoder, text=text).startswith("Hold the razor lightly.")


def test_echo_of_the_question_is_no_answer_where_a_whole_sentence_says_as_much(encoder: WordCountEncoder) -> None:
    text = "Torn tyres. Patch torn tyres from the inside."
    assert sentence("torn tyres", encoder, text=text) == "Patch torn tyres from the inside."


def test_line_of_links_is_no_answer_where_a_sentence_says_something(encoder: WordCountEncoder) -> None:
    text = "[Torn tyres, how to patch them](torn.md) | [[Tyres]]\n\nPatch tyres from the inside."
    assert sentence("patch torn tyres", encoder, text=text) == "Patch tyres from the inside."


def test_shared_words_are_shown_as_the_topic_writes_them(encoder: WordCountEncoder) -> None:
    topic = Topic("DevOps", "Merging", (Entry("How", "Conflicts: rebase, then merge again.", 2),), 1)
    assert shared_words(asked("how do I merge a conflict?", encoder), topic) == ("Merging", "Conflicts")


class Synonyms(WordCountEncoder):
    """A model that reads one word as another."""

    def tokens(self, text: str) -> Tokens:
        return super().tokens(text.replace("rapid", "quick"))  # as long, so that what stands where stays


def test_word_that_means_what_is_asked_is_named_as_the_text_writes_it() -> None:
    model = Synonyms()
    assert like_words(asked("quick recovery", model), "A rapid restore, rapid at last.", model) == ("rapid",)


def test_number_that_is_like_the_one_asked_for_is_not_named() -> None:
    class Numbers(WordCountEncoder):
        def tokens(self, text: str) -> Tokens:
            return super().tokens(text.replace("75", "550"))

    assert like_words(asked("code 550", Numbers()), "Restart 75 times.", Numbers()) == ()


def test_word_that_the_text_holds_itself_is_not_named_for_another(encoder: WordCountEncoder) -> None:
    assert like_words(asked("restore", encoder), "Restored.", encoder) == ()


HEADED = Topic("Care", "Pump", (Entry(None, "Oil **it** at dusk.\n\nThen it rests.", 2),), 1)


class WordTokens(TokenEncoder):
    """A model whose tokens are words wherever it is asked for them."""

    def token_spans(self, text: str) -> list[Span]:
        return list(self.tokens(text).spans)


def in_place(question: str, topic: Topic) -> TokenAlignment | None:
    """Return an entry as it is read where its words stand, by signs of tokens as a library keeps them."""
    model = WordTokens(max_tokens=400)
    [passage] = [one for one in topic_passages(topic, 400, model.token_spans) if one.kind == "entry"]
    [binary_tokens] = model.encode_documents([passage.text]).binary_tokens
    wanted = query_terms(question, model.encode_query(question)[1], lambda _: 1.0)
    return align_in_place(wanted, topic, topic.entries[0].text, [((0, passage.end), binary_tokens.tobytes())], model)


def test_words_are_read_where_they_stand_in_the_entry_as_it_is_written() -> None:
    alignment = in_place("dusk", HEADED)
    assert alignment is not None
    text = HEADED.entries[0].text
    assert alignment.nearest((0, text.index("\n")))[0] > alignment.nearest((text.index("Then"), len(text)))[0]


TABLE_HEAD = "| Boat | Berth | Keeper | Painted |\n|---|---|---|---|\n"
BOATS = TABLE_HEAD + "".join(f"| Falcon {number} | B{number} | Ann | May |\n" for number in range(300))


def test_row_far_down_a_large_table_is_shown_below_its_head(encoder: WordCountEncoder) -> None:
    """However many rows stand before it, and though the stretch that matched best is somewhere else."""
    row = "| Wagtail | Pier | Bob | May |"
    text = TABLE_HEAD + "| Falcon | Pier | Ann | June |\n" * 287 + f"{row}\n" + "| Falcon | Pier | Ann | June |\n" * 12
    assert sentence("who is the keeper of the wagtail?", encoder, text=text, passage=(0, 400)) == TABLE_HEAD + row


def test_rows_of_a_large_table_are_read_in_place_though_the_head_stands_in_front() -> None:
    topic = Topic("Club", "Boats", (Entry(None, BOATS, 2),), 1)
    model = WordTokens(max_tokens=60)
    passages = [one for one in topic_passages(topic, 60, model.token_spans) if one.kind == "entry"]
    binary_tokens = [
        tokens.tobytes() for tokens in model.encode_documents([one.text for one in passages]).binary_tokens
    ]
    wanted = query_terms("287", model.encode_query("287")[1], lambda _: 1.0)
    places = [(one.start, one.end) for one in passages]
    alignment = align_in_place(wanted, topic, BOATS, zip(places, binary_tokens, strict=True), model)
    assert alignment is not None
    assert {BOATS[slice(*span)] for span in alignment.spans} >= {str(number) for number in range(300)}
    row = BOATS.index("| Falcon 287")
    assert alignment.nearest((row, row + 20))[0] > alignment.nearest((row - 300, row - 1))[0]


def test_passage_that_was_embedded_otherwise_tells_nothing() -> None:
    model = TokenEncoder()
    wanted = query_terms("dusk", model.encode_query("dusk")[1], lambda _: 1.0)
    binary_tokens = np.zeros((3, model.dimension // 8), np.uint8).tobytes()
    assert align_in_place(wanted, HEADED, HEADED.entries[0].text, [((0, 38), binary_tokens)], model) is None


def test_command_is_preferred_to_a_description_where_something_to_do_is_asked_for(encoder: WordCountEncoder) -> None:
    text = "Show the weather.\n\n- Show the weather of tomorrow:\n\n`sky --next`"
    alignment = align(asked("show the weather", encoder), text, encoder)
    assert best_passage(alignment, (0, len(text)), frozenset(), doing=1.0).text.endswith("`sky --next`")
    shown = best_passage(alignment, (0, len(text)), frozenset())
    assert text[slice(*shown.span)] == "Show the weather."


def test_sentence_is_preferred_to_code_where_a_meaning_is_asked_for(encoder: WordCountEncoder) -> None:
    text = "```sh\nset lantern\n```\n\nThe lantern lights the way."
    alignment = align(asked("what does the lantern do?", encoder), text, encoder)
    assert best_passage(alignment, (0, len(text)), frozenset()).text == "The lantern lights the way."
    assert "set lantern" in best_passage(alignment, (0, len(text)), frozenset(), doing=1.0).text
