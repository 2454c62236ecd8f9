"""what is the map of all topics? where each lies, and the names of the areas"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from assistant.discovery.layout import DIGITS, Places, keep_places, lay_out, read_places
from assistant.location import AnchorJson, anchor_json
from index.library import Library
from index.markdown import visible_text, without_formulas
from index.records import Topic
from index.retrieval import all_centred
from index.text import Word, called, compared, function_words, has_run, stemmed_words

SMALLEST_CLUSTER: Final = 3
"""Topics that an area has at least, however small the library."""
CLUSTER_ROOT: Final = 0.5
"""A cluster has at least half the square root of all topics, so that a map has a few dozen names at any size."""

NAMING_WORDS: Final = 3
"""Words that name an area."""
NAMED_BY: Final = 40
"""Topics nearest to a cluster's centre that it is named by."""
TITLE_WEIGHT: Final = 3
"""The weight of a word in a title; a word in an entry has 1."""

MIN_CONTAINED: Final = 0.1
"""The share of an area's topics that a word of its name stands in: a long list in one of them names no area."""

_KEY: Final = re.compile(r"(?=\D*\d)[0-9a-fA-F]{4,}")
"""A part of a checksum, a colour or a long number: `573E7A`."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_URL: Final = re.compile(r"\b(?:[a-z][a-z+.-]*://|www\.)\S+", re.IGNORECASE)

_KANA: Final = "\u30a1-\u30fa\u30fc"
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff"
_HIRAGANA: Final = re.compile("[\u3041-\u3096]")
"""The script of Japanese endings and particles."""
_HANGUL: Final = "\uac00-\ud7a3"
_RUN_OF_ONE_KIND: Final = re.compile(rf"[{_KANA}]{{2,}}|(?<![{_HAN}])[{_HAN}]{{2,6}}(?![{_HAN}])|[{_HANGUL}]{{2,}}")
"""A run that counts as a word of Japanese or Korean, for lack of a dictionary; a longer run of Han characters is a
Chinese sentence."""

NEAREST_HITS: Final = 5
"""Topics between which a question is placed."""


@dataclass(frozen=True, slots=True)
class Point:
    """A topic on the map."""

    row_id: int
    id: str
    """Stable as long as the topic's file, headings and order stay."""
    subject: str
    topic: str
    x: float
    """0 to 1, from left to right."""
    y: float
    """0 to 1, upwards."""
    cluster: int | None
    """The index of its cluster on the map; None for a topic in no cluster."""
    path: str
    line: int
    parents: tuple[str, ...] = ()
    anchor: AnchorJson | None = None
    """Where it stands in a document that is no note."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Topics that lie together."""

    name: str
    """Words that distinguish its topics from the others, as the notes write them."""
    size: int
    x: float
    """The centre of its topics, 0 to 1 from left to right."""
    y: float


@dataclass(frozen=True, slots=True)
class TopicMap:
    """All topics of one revision of a library."""

    revision: int
    points: tuple[Point, ...]
    clusters: tuple[Cluster, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        plain = asdict(self)
        plain["points"] = [{"topic_id": point.pop("row_id"), **point} for point in plain["points"]]
        return plain


def topic_map(library: Library) -> TopicMap:
    """Return the map of a library; topics of the previous map keep their places."""
    snapshot = library.snapshot()
    row_ids, vectors = all_centred(snapshot)
    heads = library.reader.headings()
    is_there = np.isin(row_ids, list(heads))
    row_ids, vectors = row_ids[is_there], vectors[is_there]
    headings = [heads[id_] for id_ in row_ids.tolist()]
    subjects = called(Counter(head.subject for head in headings))
    ids = [head.topic_id for head in headings]
    before = read_places(library)
    places = lay_out(ids, vectors, before)
    if list(before) != ids:
        keep_places(library, ids, places)
    labels = _labels(places)
    points = tuple(
        Point(
            id_,
            head.topic_id,
            subjects[head.subject],
            head.title,
            x,
            y,
            label if label >= 0 else None,
            head.path,
            head.line,
            head.parents,
            anchor_json(head.anchor),
        )
        for id_, head, (x, y), label in zip(
            row_ids.tolist(), headings, np.round(places.astype(float), DIGITS).tolist(), labels.tolist(), strict=True
        )
    )
    return TopicMap(snapshot.revision, points, _clusters(library, row_ids, places, labels))


def place(library: Library, drawn: TopicMap, question: str) -> tuple[float, float] | None:
    """Return the coordinates of a question on a map, between its nearest topics; None if no topic is found.

    Raises:
        QuestionError: the question is longer than the model reads.

    """
    points = {point.id: point for point in drawn.points}
    near = [
        (points[hit.id], max(hit.score, 1e-3)) for hit in library.search(question, NEAREST_HITS) if hit.id in points
    ]
    if not near:
        return None
    # squared, so that the best topic has the most weight
    x, y = np.average([(point.x, point.y) for point, _ in near], axis=0, weights=[score**2 for _, score in near])
    return float(x), float(y)


def _labels(places: Places) -> npt.NDArray[np.int64]:
    """Return the cluster of each topic (HDBSCAN), -1 for a topic in none."""
    least = max(SMALLEST_CLUSTER, round(CLUSTER_ROOT * math.sqrt(len(places))))
    if len(places) < 2 * least:
        return np.full(len(places), -1)
    from sklearn.cluster import HDBSCAN  # imported here: it takes seconds, and answers do not need it

    return np.asarray(HDBSCAN(least, cluster_selection_method="leaf", copy=True).fit_predict(places), dtype=np.int64)


def _clusters(
    library: Library, row_ids: npt.NDArray[np.int64], places: Places, labels: npt.NDArray[np.int64]
) -> tuple[Cluster, ...]:
    middles = [places[labels == label].mean(axis=0) for label in range(labels.max(initial=-1) + 1)]
    members = [
        _central(row_ids[labels == label], places[labels == label], middle) for label, middle in enumerate(middles)
    ]
    names = cluster_names([[stored.topic for stored in library.topics(ids).values()] for ids in members])
    return tuple(
        Cluster(name, int((labels == label).sum()), round(float(middle[0]), DIGITS), round(float(middle[1]), DIGITS))
        for label, (name, middle) in enumerate(zip(names, middles, strict=True))
    )


def _central(ids: npt.NDArray[np.int64], places: Places, middle: Places) -> list[int]:
    order = np.argsort(np.linalg.norm(places - middle, axis=1), kind="stable")[:NAMED_BY]
    return [int(id_) for id_ in ids[order]]


def cluster_names(clusters: Sequence[Sequence[Topic]]) -> list[str]:
    """Return a name for each cluster: its most telling words, as its topics write them.

    A word tells the more, the oftener it stands in the cluster and the rarer in the others (class-based tf-idf,
    Grootendorst 2022), and the fewer of them speak of it at all: what each note of a template says names no area. One
    that stands in most topics of several clusters tells nothing.
    """
    common = _common([topic for topics in clusters for topic in topics]) if len(clusters) > 1 else set()
    counted = [_counted(topics, common) for topics in clusters]
    everywhere = Counter[str]()
    for words in counted:
        everywhere.update({stem: forms.total() for stem, forms in words.items()})
    average = everywhere.total() / max(len(clusters), 1)
    areas = Counter(stem for words in counted for stem in words)
    rare = {
        stem: math.log(1 + average / total) * math.log(1 + len(clusters) / areas[stem])
        for stem, total in everywhere.items()
    }
    return [_area_name(words, rare) for words in counted]


def _area_name(words: Mapping[str, Counter[str]], rare: Mapping[str, float]) -> str:
    worth = {stem: forms.total() * rare[stem] for stem, forms in words.items()}
    best = sorted(worth, key=lambda stem: (-worth[stem], stem))[:NAMING_WORDS]
    return " · ".join(words[stem].most_common(1)[0][0] for stem in best)


def _common(topics: Sequence[Topic]) -> set[str]:
    """Return the stems that most of the topics hold."""
    counts = Counter(stem for topic in topics for stem in _stems_for_names(_prose("\n".join(topic.texts))))
    return {stem for stem, count in counts.items() if count > len(topics) / 2}


def _counted(topics: Sequence[Topic], common: Set[str]) -> Mapping[str, Counter[str]]:
    """Return the stems that may name the topics, each with the counts of its written forms.

    Stems in fewer than a tenth of the topics are left out, unless there are no others.
    """
    empty = function_words("\n".join(_prose(text) for topic in topics for text in topic.texts))
    words: dict[str, Counter[str]] = {}
    holders = Counter[str]()
    for topic in topics:
        ignored = common | _stems_for_names(topic.subject)
        topic_forms = {stem: forms for stem, forms in _stem_forms(topic, empty).items() if stem not in ignored}
        holders.update(topic_forms.keys())
        for stem, forms in topic_forms.items():
            words.setdefault(stem, Counter()).update(forms)
    shared = {stem: forms for stem, forms in words.items() if holders[stem] >= MIN_CONTAINED * len(topics)}
    return shared or words


def _stem_forms(topic: Topic, empty: Set[str]) -> Mapping[str, Counter[str]]:
    """Return the visible stems of a topic without function words, each with the counts of its written forms."""
    words: dict[str, Counter[str]] = {}
    for text, weight in ((topic.title, TITLE_WEIGHT), *((entry.text, 1) for entry in topic.entries)):
        prose = _prose(text)
        for stem, start, end in _words_for_names(prose):
            word = prose[start:end]
            if word.lower() not in empty and _may_name_area(word):
                words.setdefault(stem, Counter())[word] += weight
    return words


def _stems_for_names(prose: str) -> frozenset[str]:
    return frozenset(word.stem for word in _words_for_names(prose))


def _words_for_names(prose: str) -> Iterator[Word]:
    """Yield the words of a text that may name an area: in scripts without spaces, whole runs of one kind.

    >>> [word.stem for word in _words_for_names("暗証番号とパイプライン: notes")]
    ['暗証番号', 'パイプライン', 'note']
    """
    runs = list(_RUN_OF_ONE_KIND.finditer(prose)) if has_run(prose) else []
    yield from (Word(compared(run[0]), *run.span()) for run in runs)
    in_runs = {place for run in runs for place in range(*run.span())}
    for word in stemmed_words(prose):
        if in_runs.isdisjoint(range(word.start, word.end)) and not _HIRAGANA.search(word.stem):
            yield word


def _prose(markdown: str) -> str:
    """Return what a person sees of Markdown, without bare addresses and formulas.

    >>> _prose("[The guide](https://example.org/g) <!-- soon --> is at https://example.org/g too.")
    'The guide  is at   too.'
    """
    return _URL.sub(" ", without_formulas(visible_text(markdown)))


def _may_name_area(word: str) -> bool:
    """Return whether a word can stand in a name: no number, key or symbol, and of two letters only an acronym.

    In a script without case, two letters are a word.

    >>> [_may_name_area(word) for word in ("Git", "CI", "of", "573E7A", "2024", "==", "x86")]
    [True, True, False, False, False, False, True]
    """
    if _KEY.fullmatch(word) or not _LETTER.search(word):
        return False
    return len(word) > 2 or (len(word) == 2 and word == word.upper())
