"""the id of a topic: it goes with the topic wherever that is moved, and no other topic of the library has it"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import Final, NamedTuple, TypeAlias, TypeVar

from index.records import Document, DocumentKey, Topic, Trait
from index.text import PLAIN_WORD, is_jsonl

Value = TypeVar("Value")

TELLING: Final = 40
"""Characters of a text from which on it tells which topic it is: many say "to do" or "see above"."""


_HEADING_NUMBER: Final = re.compile(r"(?:^|(?<=> ))\(?\d+(?:\.\d+)*[.):]*\s+")
"""A number at the beginning of a heading, as those before reader version 10 left it out of the title."""

Spot: TypeAlias = tuple[DocumentKey, int]
"""A topic by its file and its position there."""

Key: TypeAlias = bytes | tuple[Hashable, ...]
MakeKey: TypeAlias = Callable[[DocumentKey, Trait], Key]


def trait(topic: Topic) -> Trait:
    """Return what a topic is known by."""
    text = "\0".join(entry.text for entry in topic.entries)
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() if len(text) >= TELLING else b""
    return Trait(topic.id, topic.heading_path, topic.title, digest)


def carried(
    old: Mapping[DocumentKey, Sequence[Trait]], new: Mapping[DocumentKey, Sequence[Trait]]
) -> dict[Spot, tuple[DocumentKey, str]]:
    """Return which topics are those that stood somewhere before, each with the place it comes from and its id.

    What says the same is the same topic, first where it stands in the same file under the same headings, then under
    the same title, then anywhere if no other says it; then, what stands under the same headings of the same file, and
    at last under headings that are the same but for numbers and marks which a reader before this one left out.
    """
    going = [(place, trait_) for place, traits in old.items() for trait_ in traits]
    coming = {(place, number): trait_ for place, traits in new.items() for number, trait_ in enumerate(traits)}
    paired: dict[Spot, tuple[DocumentKey, str]] = {}
    for pairing in _ROUNDS:
        offered = _grouped((pairing.old(place, trait_), (place, trait_)) for place, trait_ in going)
        wanted = _grouped((pairing.new(spot[0], trait_), spot) for spot, trait_ in coming.items())
        for known in offered.keys() & wanted.keys():
            if pairing.is_sure(len(offered[known]), len(wanted[known])):
                for (place, trait_), spot in zip(offered[known], wanted[known], strict=False):
                    paired[spot] = place, trait_.id
                    del coming[spot]
        taken = {id_ for _, id_ in paired.values()}
        going = [(place, trait_) for place, trait_ in going if trait_.id not in taken]
    return paired


class _Pairing(NamedTuple):
    """By what a topic of before and one of now are held to be the same, and of how many such topics."""

    old: MakeKey
    new: MakeKey
    is_sure: Callable[[int, int], bool] = lambda old, new: True


def _by(key: MakeKey, is_sure: Callable[[int, int], bool] = lambda old, new: True) -> _Pairing:
    return _Pairing(key, key, is_sure)


_ROUNDS: Final = (
    _by(lambda place, trait_: (place, trait_.heading, trait_.text)),
    _by(lambda _, trait_: trait_.text and (trait_.title, trait_.text)),
    _by(lambda _, trait_: trait_.text, is_sure=lambda old, new: old == new == 1),
    _by(lambda place, trait_: (place, trait_.heading)),
    _Pairing(
        lambda place, trait_: (place, *PLAIN_WORD.findall(trait_.heading)),
        lambda place, trait_: (place, *PLAIN_WORD.findall(_HEADING_NUMBER.sub("", trait_.heading))),
        is_sure=lambda old, new: old == new,
    ),
)


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        if key:  # a text that says too little is no key
            groups.setdefault(key, []).append(value)
    return groups


class TopicIdAssigner:
    """Gives the topics of the files that have changed their ids."""

    def __init__(
        self,
        holders: Callable[[Sequence[str]], Iterable[tuple[str, DocumentKey]]],
        changed: Iterable[tuple[DocumentKey, Document]],
        old: Mapping[DocumentKey, Sequence[Trait]],
    ) -> None:
        """Take what tells which files held some ids until now, all the files that have changed, and what was there.

        `old` holds the topics that the changed files had, and those of the files that are gone.
        """
        documents = dict(changed)
        self._holders = holders
        self._wanted = {place: set(topic_ids_of(document)) for place, document in documents.items()}
        self._wanted |= {place: set() for place in old if place not in documents}
        new = {place: [trait(topic) for topic in document.topics] for place, document in documents.items()}
        self._carried = carried(_without_jsonl(old), _without_jsonl(new))
        self._given: set[str] = {id_ for _, id_ in self._carried.values()}
        self.moved = {
            place
            for (new_place, _), (place, _) in self._carried.items()
            if place != new_place
            for place in (place, new_place)
        }
        """The files between which topics have moved."""

    def identified(self, place: DocumentKey, document: Document) -> Document:
        """Return a file with the ids of its topics; one that another file has got has a mark of the file after it.

        A mark once given stays, though the other file may be gone: questions were learned under it.
        """
        mark = hashlib.blake2b("\0".join(place).encode(), digest_size=4).hexdigest()
        plain = list(topic_ids_of(document))
        marked = [f"{id_}-{mark}" for id_ in plain]
        holders = list(self._holders(plain + marked))
        own = {id_ for id_, holder in holders if holder == place}
        taken = {
            id_
            for id_, holder in holders
            if holder != place
            and id_ in self._wanted.get(holder, {id_})
            and not (id_ in own and holder in self._wanted)  # two held it: it stays with the one that is read first
        }
        ids: list[str] = []
        for number, (id_, other) in enumerate(zip(plain, marked, strict=True)):
            _, known = self._carried.get((place, number), (place, ""))
            ids.append(known or self._free(id_, other, taken, is_marked=other in own))
            self._given.add(ids[-1])
        self.moved |= {spot for id_, holder in holders if id_ in ids and holder != place for spot in (place, holder)}
        topics = (replace(topic, id=id_) for topic, id_ in zip(document.topics, ids, strict=True))
        return replace(document, topics=tuple(topics))

    def _free(self, plain: str, marked: str, taken: set[str], *, is_marked: bool) -> str:
        numbered = (f"{marked}-{number}" for number in count(2))
        candidates = chain([marked] if is_marked else [plain, marked], numbered)
        return next(id_ for id_ in candidates if id_ not in taken and id_ not in self._given)


def _without_jsonl(topics: Mapping[DocumentKey, Sequence[Trait]]) -> dict[DocumentKey, Sequence[Trait]]:
    """Leave out the files whose topics have ids of their own."""
    return {place: traits for place, traits in topics.items() if not is_jsonl(place.path)}


def name_topics(document: Document) -> list[tuple[str, Trait]]:
    """Return the id that each topic of a file has if nothing is known of it, and what it is known by."""
    return list(zip(topic_ids_of(document), map(trait, document.topics), strict=True))


def topic_ids_of(document: Document) -> Iterator[str]:
    """Yield an id for each topic that is not known from before, by the file's path and the topic's headings.

    A topic that has an id keeps it. Topics under the same headings are told apart by their order.
    """
    seen: Counter[str] = Counter()
    for topic in document.topics:
        key = f"{document.path}\0{topic.heading_path}"
        seen[key] += 1
        yield topic.id or hashlib.blake2b(f"{key}\0{seen[key]}".encode(), digest_size=8).hexdigest()
