"""which questions do the notes not answer? alike ones together, each group with a stub to fill in"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from string import ascii_lowercase
from typing import Any, Final

from assistant.answering import ask
from assistant.feedback.gibberish import MIN_TOLD, bigrams, is_gibberish, is_unheard_of
from assistant.feedback.journal import AskedQuestion, Feedback, Journal
from index.errors import QuestionError
from index.library import Library
from index.text import stem, title_key

CONSIDERED: Final = 300
"""Questions that are asked again, in a second or two, to see whether the notes answer them now."""

DIFFERENCE: Final = 0.5
"""The mean cosine distance up to which questions are one group. On the answerable questions of the tuning half of
`tests/cases/questions.jsonl` groups agree best with topics from 0.5 to 0.55 (adjusted Rand index .38; .30 at 0.4 and
.34 at 0.6), and at 0.5 fewer of them mix topics.
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions alike that the notes do not answer."""

    questions: tuple[str, ...]
    """Each once, the most asked first."""
    count: int
    """How often they were asked, all together."""
    stub: str
    """A topic to fill in, as Markdown: title, What, How, Example, and the questions as ways to ask for it."""

    @property
    def title(self) -> str:
        """The title of the topic to fill in."""
        return title(self.questions[0])

    @property
    def ways(self) -> list[str]:
        """The questions as the stub names them: each a way to ask for its topic."""
        return ways(self.questions)

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def find_gaps(library: Library, journal: Journal) -> list[Gap]:
    """Return what the notes leave unanswered at present, the most asked first.

    Every question that went unanswered, or whose answer was marked as wrong, is asked again: what a note answers by
    now is no gap any more. Nor is what was dismissed, or what asks for nothing. Words that nobody knows are one once
    they are asked a second time, or noted.
    """
    wrong = {(title_key(mark.question), mark.topic_id) for mark in journal.marks() if mark.feedback is Feedback.WRONG}
    noted = {question for question, _ in wrong}
    asks_nothing, is_unheard = _gibberish(library), _unheard_of(library)

    def is_meant(question: AskedQuestion) -> bool:
        is_certain = question.times > 1 or title_key(question.question) in noted
        return not asks_nothing(question.question) and (is_certain or not is_unheard(question.question))

    questions = [question for question in journal.unanswered(CONSIDERED) if is_meant(question)]
    unanswered = [question for question in questions if _is_open(library, question.question, wrong)]
    gaps = [_gap(group) for group in _alike(library, unanswered)]
    return sorted(gaps, key=lambda gap: -gap.count)


def _gibberish(library: Library) -> Callable[[str], bool]:
    """Return what tells whether a question asks for nothing, by the words of a library."""
    lexical = library.lexical()
    words = [word for letter in ascii_lowercase for word in lexical.words_with(letter)]
    seen = bigrams(words)
    return lambda question: is_gibberish(question, lexical.holds, seen, len(words))


def _unheard_of(library: Library) -> Callable[[str], bool]:
    """Return what tells whether neither a library nor its model knows any word of a question."""
    lexical, tokenizer = library.lexical(), library.encoder.tokenizer

    def is_known(word: str) -> bool:
        return lexical.holds(stem(word)) or (len(word) >= MIN_TOLD and tokenizer.count_tokens(word) == 1)

    return lambda question: is_unheard_of(question, is_known)


def _is_open(library: Library, question: str, wrong: set[tuple[str, str]]) -> bool:
    try:
        answer = ask(library, library.narrowed(question).text or question, limit=1)  # of all notes
    except QuestionError:
        return False  # it names a subject that is gone, or is longer than the present model reads
    return not answer.answered or (title_key(question), answer.hits[0].id) in wrong


def _alike(library: Library, questions: Sequence[AskedQuestion]) -> list[list[AskedQuestion]]:
    if len(questions) < 2:
        return [list(questions)] if questions else []
    # it brings scikit-learn, a second to import, which nothing else needs here
    from sklearn.cluster import AgglomerativeClustering

    vectors = library.encoder.encode_queries([question.question for question in questions])
    clusters = AgglomerativeClustering(
        n_clusters=None,
        metric="cosine",
        linkage="average",
        distance_threshold=1 - library.encoder.calibration.questions.back(1 - DIFFERENCE),
    ).fit_predict(vectors)
    groups = defaultdict(list)
    for question, cluster in zip(questions, clusters.tolist(), strict=True):
        groups[cluster].append(question)
    return list(groups.values())


def _gap(group: Sequence[AskedQuestion]) -> Gap:
    questions = tuple(question.question for question in group)
    return Gap(questions, sum(question.times for question in group), stub(questions))


def stub(questions: Sequence[str]) -> str:
    """Return a topic to fill in that answers some questions, the first of which gives its title.

    >>> print(stub(["How do I rotate a TLS certificate?", "new certificate; how"]))
    ## Rotate a TLS certificate
    *What:*
    <BLANKLINE>
    *How:*
    <BLANKLINE>
    *Example:*
    <BLANKLINE>
    *Also asked as:* How do I rotate a TLS certificate?; new certificate, how
    <BLANKLINE>
    """
    return (
        f"## {title(questions[0])}\n*What:*\n\n*How:*\n\n*Example:*\n\n*Also asked as:* {'; '.join(ways(questions))}\n"
    )


def ways(questions: Sequence[str]) -> list[str]:
    """Return questions as ways to ask, each on one line and without the sign that stands between them."""
    return [" ".join(question.replace(";", ",").split()) for question in questions]


_QUESTION_OPENING: Final = re.compile(
    r"""(?:(?:how|where|when|why|what)\s+)?(?:do|does|did|can|could|should|would|must|will)\s+(?:i|we|you|one)\s+
    |how\s+to\s+
    |(?:what|who|where|how)(?:'s|’s|\s+is|\s+are|\s+was|\s+were)\s+(?:(?:an?|the)\s+)?
    |(?:please\s+)?(?:explain|describe|show\s+me|tell\s+me\s+about)\s+(?:(?:an?|the)\s+)?""",
    re.IGNORECASE | re.VERBOSE,
)


def title(question: str) -> str:
    """Return a title made from a question: what it asks about, without how it asks.

    >>> title("what is the blast radius of a deployment?")
    'Blast radius of a deployment'
    """
    whole = " ".join(question.split()).strip(" ?!.#")
    rest = _QUESTION_OPENING.sub("", whole, count=1) if _QUESTION_OPENING.match(whole) else whole
    return (rest[:1].upper() + rest[1:]) or question
