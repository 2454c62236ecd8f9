"""Answers and topics as HTML that shows every text faithfully and lets none of it run."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from assistant.answer import Answer, Evidence, ReadAs, Related, SubAnswer, TopicResult
from assistant.discovery.overview import Contents, Listed
from assistant.feedback import Feedback
from assistant.place import Place
from assistant.ui.views.answer import answer_html, cards_html, copied, snippet, spoken
from assistant.ui.views.feedback import GivenFeedback, reactions_html
from assistant.ui.views.filters import filters_html
from assistant.ui.views.messages import Link, chips_html, message_html
from assistant.ui.views.topic import Beside, back_html, related_chips, related_html, topic_html
from index.catalog import StoredTopic
from index.records import Entry, Topic
from tests.assistant.ui.html import HOSTILE, assert_harmless

HERE = Place("q")


def card(text: str = "Rebase. Push.", title: str = "Merging") -> TopicResult:
    return TopicResult(
        id=text,
        subject=text,
        topic=title,
        slot="How",
        score=0.5,
        text=text,
        highlights=((0, min(7, len(text))),),
        why=(text,),
        path=text,
        line=3,
        entries={"What": text, "How": text},
    )


def answer(text: str = "Rebase. Push.", *, answered: bool = True) -> Answer:
    evidence = Evidence(text, text, text, "How", text, 3) if answered else None
    return Answer(text, answered, 0.93, "How", evidence, (card(text, text), card(text, text)), (), 1.0)


def stored(text: str = "Rebase. Push.", title: str = "Merging") -> StoredTopic:
    topic = Topic(text, title, (Entry("What", text, 2), Entry("How", text, 3)), 1, (text,), (text,), text)
    return StoredTopic(text, text, text, topic)


def related(text: str) -> Beside:
    return Beside(Related(text, text, 0.5, (text,), text, text, 3), Place(text, topic=text), text)


def test_table_that_answers_is_shown_as_one_with_how_much_of_it_is_left_out() -> None:
    evidence = Evidence("| what | price |\n|---|---|\n| rum | 5 |", "Bar", "Prices", None, "bar.md", 7, more=8)
    html = answer_html(replace(answer(), answer=evidence), HERE)
    assert "<th>what</th>" in html
    assert "<td>rum</td>" in html
    assert "… 8 more" in html
    assert "more" not in answer_html(replace(answer(), answer=replace(evidence, more=0)), HERE)


@pytest.mark.parametrize("answered", [True, False])
def test_what_a_word_was_read_as_is_shown_with_a_link_that_takes_it_as_typed(answered: bool) -> None:
    read = replace(answer(answered=answered), read_as=(ReadAs("<b>Brandl</b>", "Brandt"),))
    html = answer_html(read, Place("q", subject="S", topic="t"))
    assert "“&lt;b&gt;Brandl&lt;/b&gt;” read as “Brandt”." in html
    assert '<a href="?q=q&amp;subject=S&amp;typed=1">Ask as typed</a>' in html
    assert "Ask as typed" not in answer_html(replace(read, read_as=()), HERE)


def test_filter_is_said_once_and_where_there_is_none_nothing_is() -> None:
    filtered = replace(answer(), filter="tag:bread")
    assert "Only notes tagged #bread were searched." in answer_html(filtered, HERE)
    assert "Only notes" not in answer_html(replace(filtered, note="There is no topic for tag:bread."), HERE)
    assert "Only notes" not in answer_html(answer(), HERE)


def test_closed_card_names_its_slots_with_the_best_first() -> None:
    html = cards(replace(answer(answered=False), hits=(card(),)))
    assert "<summary>How · What</summary>" in html


def test_list_that_a_sentence_introduces_is_shown_as_a_list() -> None:
    text = "Who pays:\n- Ann\n- Bob"
    html = answer_html(replace(answer(), answer=Evidence(text, "Club", "Fees", None, "club.md", 3)), HERE)
    assert "<li>Ann</li>\n<li>Bob</li>" in html


def cards(given: Answer, place: Place = HERE) -> str:
    return cards_html(given, place, GivenFeedback())


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("answered", [True, False])
def test_hostile_note_or_question_is_text_and_nothing_else(text: str, answered: bool) -> None:
    given = answer(text, answered=answered)
    place = Place(text, subject=text, topic=text)
    assert_harmless(answer_html(given, place) + cards(given, place) + message_html(text))
    assert_harmless(reactions_html(given, GivenFeedback({text: Feedback.USEFUL})) + back_html(place))
    listed = Listed(1, text, text, text, text, 3), Listed(2, "b", "b", "b", "b", 3)
    assert_harmless(filters_html(Contents(listed, {}), given.hits, place))
    assert_harmless(topic_html(stored(text, text), card(text, text)) + related_html([related(text)]))
    assert_harmless(chips_html(text, [Link(text, place, text, text)]))


def test_card_of_the_answer_shows_it_in_its_place_and_no_second_time() -> None:
    html = cards(answer())
    assert html.count("<details>") == 2
    assert html.count("The answer in its place") == 1
    assert html.count('class="ta-snippet"') == 1
    assert html.count("best match") == 1
    # a screen reader says the words of a heading as they stand: without spaces, it would say "1Merging"
    assert re.search(r'>1</span> <a [^>]*>[^<]*</a> <span class="ta-badge">best match</span></h2>', html)


def test_answer_names_its_slot_its_source_and_how_sure_it_is() -> None:
    html = answer_html(answer(), HERE)
    assert '<span class="ta-slot">How</span>Rebase. Push.</div>' in html
    assert '<span><a class="ta-source" href="#ta-1" aria-label="[1] source">[1]</a> Rebase. Push.</span>' in html
    assert "very likely the answer (93\u00a0%)" in html


def test_best_slot_stands_first_with_the_answering_sentence_marked() -> None:
    html = cards(Answer("q", True, 0.9, "How", None, (card(),), (), 1.0))
    entries = html.partition("<details")[2]
    assert entries.count("<mark>") == 1
    assert '<div class="ta-slot">How</div><div class="ta-text"><p><mark>Rebase.</mark> Push.</p>' in entries
    assert entries.index(">How<") < entries.index(">What<")


def test_card_leads_to_its_topic_and_keeps_question_and_filters() -> None:
    html = cards(answer("x"), Place("why?", subject="A&B", slot="How"))
    assert 'href="?q=why%3F&amp;subject=A%26B&amp;slot=how&amp;topic=x"' in html


def test_card_names_all_headings_above_its_topic() -> None:
    given = replace(answer(), hits=(replace(card(), subject="Setup", parents=("<Linux>",)),))
    assert "<span>Setup › &lt;Linux&gt;</span>" in cards(given)


def test_card_of_a_heading_without_a_text_does_not_say_it_twice() -> None:
    bare = replace(card("upstream: **Git**", "upstream: Git"), entries={"": "upstream: **Git**"}, slot=None)
    html = cards(replace(answer(answered=False), hits=(bare, card())))
    assert html.count("upstream: Git") == 1
    assert html.count("<details>") == html.count("ta-snippet") == 1


def test_chance_that_rounds_to_none_is_told_as_less_than_one() -> None:
    assert "right in less than 1 of 100 cases" in answer_html(replace(answer(answered=False), confidence=0.002), HERE)


def test_unanswered_question_says_so_and_opens_nothing() -> None:
    given = answer(answered=False)
    assert "Your notes don’t say." in answer_html(given, HERE)
    html = cards(given)
    assert "The nearest topics" in html
    assert "<details open>" not in html
    assert "best match" not in html


def test_unanswered_question_says_what_it_was_limited_to() -> None:
    html = answer_html(answer(answered=False), Place("q", subject="Python", slot="How"))
    assert 'Only Python and How was searched. <a href="?q=q">Search everything</a>' in html


def test_list_of_topics_says_what_alone_was_searched() -> None:
    topics = replace(answer(answered=False), kind="topics", note="2 topics speak of git.")
    assert "was searched" not in answer_html(topics, HERE)
    assert "Only notes tagged #rye, without “wheat” were searched." in answer_html(
        replace(topics, filter="tag:rye -wheat"), HERE
    )


def test_topic_marks_the_sentence_in_the_slot_that_answered_and_nowhere_else() -> None:
    html = topic_html(stored(), card())
    assert html.count("<mark>") == 1
    assert html.count("ta-best") == 1
    assert html.index(">What<") < html.index(">How<") < html.index("<mark>")


def test_topic_that_no_question_led_to_has_nothing_marked() -> None:
    html = topic_html(stored(), None)
    assert "<mark>" not in html
    assert "ta-best" not in html


def test_related_topic_says_what_both_speak_of() -> None:
    html = related_html([Beside(Related("Git", "Rebase", 0.5, ("commits",), "r1", "git.md", 3), Place(topic="r1"))])
    assert 'href="?topic=r1"' in html
    assert "both speak of commits" in html


def test_related_topics_of_one_title_are_told_apart_and_others_are_not() -> None:
    one, other = (Related("README", "Setup", 0.5, (), path, path, 3) for path in ("a/README.md", "b/README.md"))
    given = [Beside(one, Place(), "a/README.md"), Beside(other, Place(), "b/README.md"), related("Rebase")]
    assert "Setup</a>" in related_html(given)
    assert "<span>README</span><span>b/README.md</span>" in related_html(given)
    assert 'Setup <span class="ta-apart">· b/README.md</span></a>' in related_chips(given)
    alone = Beside(Related("Git", "Rebase", 0.5, (), "r1", "git.md", 3), Place())
    assert "ta-apart" not in related_chips([alone])
    assert 'span class="ta-apart">· Rye bread</span>' in related_chips([replace(alone, other_note="Rye bread")])
    assert "git.md" not in related_html([alone])


def test_link_inside_a_title_does_not_end_the_link_around_it() -> None:
    html = chips_html("See", [Link("[a](https://b) `c`", Place("q"))])
    assert html.count("<a ") == 1
    assert ">a <code>c</code></a>" in html


def test_copied_answer_names_its_source() -> None:
    assert copied(Evidence("Rebase.", "Git", "Merging", "How", "git.md", 3)) == "Rebase.\n— Git: Merging (git.md:3)"


def test_screen_reader_is_told_the_answer_or_that_there_is_none() -> None:
    assert spoken(answer("Rebase.")) == "Answered by Rebase.: Rebase. 2 topics."
    assert spoken(answer("[[Rebase|It]] **helps**.")).endswith(": It helps. 2 topics.")
    assert spoken(answer(answered=False)) == "Your notes don’t say. 2 nearest topics."


def test_snippet_is_one_line_cut_between_words() -> None:
    assert snippet("one\n\ntwo") == "one two"
    assert snippet("word " * 100).endswith("word …")


def test_snippet_tells_rows_of_a_table_apart() -> None:
    table = "| Flour | Amount |\n|---|---|\n| Rye | 400 g |\n| Wheat | 100 g |\n"
    html = cards(replace(answer(), hits=(card(), replace(card(table), highlights=()))))
    [shown] = re.findall(r'<p class="ta-snippet">(.*?)</p>', html)
    assert shown == "Flour Amount · Rye 400 g · Wheat 100 g"


def test_snippet_is_never_cut_through_a_link_or_code() -> None:
    links = "Read:\n\n" + "\n".join(f"- [Number {number}](a-long-way/to/number-{number}.md)" for number in range(30))
    html = cards(replace(answer(), hits=(card(), replace(card(links), highlights=()))))
    [shown] = re.findall(r'<p class="ta-snippet">(.*?)</p>', html)
    assert shown.startswith("Read: Number 0 · Number 1")
    assert shown.endswith(" …")
    assert "a-long-way" not in shown


def test_snippet_has_whole_formulas_to_be_drawn_and_none_in_part() -> None:
    formula = "$a^2 + b^2 = c^2$ and "
    html = cards(replace(answer(), hits=(card(), replace(card(f"Since {formula * 20}"), highlights=()))))
    [shown] = re.findall(r'<p class="ta-snippet">(.*?)</p>', html)
    assert shown.count('<code class="math">$a^2 + b^2 = c^2$</code>') == shown.count("$") // 2 > 5
    assert shown.endswith("and …")


def test_snippet_of_nothing_but_a_formula_is_the_formula() -> None:
    formula = rf"$$\begin{{align}} {'a + ' * 80}a \end{{align}}$$"
    html = cards(replace(answer(), hits=(card(), replace(card(formula), highlights=()))))
    assert f'<p class="ta-snippet"><code class="math">{formula}</code></p>' in html
    html = cards(replace(answer(), hits=(card(), replace(card(f"So:\n{formula}\nholds."), highlights=()))))
    assert '<p class="ta-snippet">So: …</p>' in html


def test_snippet_of_a_text_without_spaces_is_cut_anywhere() -> None:
    assert snippet("字" * 300) == f"{'字' * 220} …"
    assert snippet("See " + "字" * 300) == f"See {'字' * 216} …"
    assert snippet("And so on …") == "And so on …"


def passage(text: str, topic: str = "Rebase") -> Evidence:
    return Evidence(text, "Git", topic, None, "git.md", 3)


def test_two_questions_are_answered_one_below_the_other_each_with_its_own_source() -> None:
    parts = (SubAnswer("how", True, 0.9, passage("Rebase.")), SubAnswer("who", True, 0.8, passage("Ann.", "People")))
    hits = tuple(replace(card(), topic=topic, id=topic, path="git.md", subject="Git") for topic in ("Rebase", "People"))
    html = answer_html(replace(answer(), parts=parts, answer=parts[0].answer, hits=hits), HERE)
    assert html.index("how") < html.index("Rebase.</div>") < html.index('href="#ta-1"') < html.index("who")
    assert html.index("Ann.</div>") < html.index('href="#ta-2"')


def test_half_that_the_notes_do_not_answer_is_named() -> None:
    parts = (SubAnswer("how", True, 0.9, passage("Rebase.")), SubAnswer("who <i>", False, 0.1, None))
    html = answer_html(replace(answer(), parts=parts), HERE)
    assert 'who &lt;i&gt;</p><p class="ta-sentence">Your notes don’t say.</p>' in html


def test_note_that_says_otherwise_is_named_with_its_place() -> None:
    given = replace(answer(), others=(passage("It is 1122.", "Gate"),), note="Another note says otherwise.")
    html = answer_html(given, HERE)
    assert "Another note says otherwise.</p>" in html
    assert "It is 1122." in html
    assert "git.md:3" in html
    assert "Another note says otherwise." in spoken(given)


def test_keyword_is_no_question_and_nothing_claims_to_be_the_answer() -> None:
    given = replace(answer(answered=False), kind="topics", note="2 topics speak of git.")
    assert "2 topics speak of git." in answer_html(given, HERE)
    assert "don’t say" not in answer_html(given, HERE)
    assert "nearest" not in cards(given)
    assert spoken(given) == "2 topics speak of git."


def test_list_of_what_the_library_holds_claims_no_probability() -> None:
    html = answer_html(replace(answer(), kind="contents", answer=passage("2 topics:\n\n- **A**\n- **B**")), HERE)
    assert "<li><strong>A</strong></li>" in html
    assert "likely" not in html


def test_keyword_is_marked_among_the_words_around_it() -> None:
    text = f"{'before ' * 30}the kiln <b>is</b> hot {'after ' * 60}"
    at = text.index("kiln")
    html = cards(
        replace(answer(answered=False), kind="topics", hits=(replace(card(text), highlights=((at, at + 4),)),))
    )
    [shown] = re.findall(r'<p class="ta-snippet">(.*?)</p>', html)
    assert "before the <mark>kiln</mark> is hot after" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")


def test_subject_that_the_title_repeats_is_not_said_once_more() -> None:
    named = replace(card("Look away.", "Twenty-Twenty Rule"), subject="twenty twenty rule", path="eyes.md")
    html = cards(replace(answer(), hits=(named,)))
    assert '<div class="ta-meta"><span><code>eyes.md:3</code></span>' in html
    below = cards(replace(answer(), hits=(replace(named, parents=("Breaks",)),)))
    assert "<span>twenty twenty rule › Breaks</span>" in below
    evidence = Evidence("Look away.", "twenty twenty rule", "Twenty-Twenty Rule", None, "eyes.md", 3)
    assert copied(evidence) == "Look away.\n— Twenty-Twenty Rule (eyes.md:3)"


def test_lone_item_shows_no_list_sign_in_a_snippet_and_is_an_item_where_it_answers() -> None:
    item = replace(card("- [ ] Order the *worktop*"), highlights=(), entries={})
    html = cards(replace(answer(answered=False), hits=(replace(item, entries={"How": item.text}),)))
    assert '<p class="ta-snippet">Order the worktop</p>' in html
    evidence = Evidence("3. Tell the *channel*", "Deploy", "Roll back", None, "deploy.md", 3)
    assert '<ol start="3">\n<li>Tell the <em>channel</em></li>' in answer_html(replace(answer(), answer=evidence), HERE)


def test_marked_lines_without_spaces_are_shown_once() -> None:
    text = "Clang\n```\n-fsanitize=address\n```\n\nMSVC\n```\n/fsanitize=address\n```"
    marked = replace(card(), text=text, highlights=((0, text.index("\n\n")),), entries={"How": text})
    html = cards(replace(answer(answered=False), hits=(marked,)))
    assert '<p class="ta-snippet"><mark>Clang -fsanitize=address</mark></p>' in html
