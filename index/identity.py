"""the id of a topic: it stays while file, headings and order do, and no other topic of the library has it"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.records import Document


class Place(NamedTuple):
    """Where a file stands."""

    source: str
    path: str


class Identities:
    """Gives the topics of the files that have changed their ids."""

    def __init__(
        self,
        holders: Callable[[Sequence[str]], Iterable[tuple[str, Place]]],
        changed: Iterable[tuple[Place, Document]],
        removed: Iterable[Place],
    ) -> None:
        """Take what tells which files held some ids until now, and all the files that have changed or are gone."""
        self._holders = holders
        self._wanted = {place: set(stable_ids(document)) for place, document in changed}
        self._wanted |= {place: set() for place in removed}
        self._given: set[str] = set()

    def identified(self, place: Place, document: Document) -> Document:
        """Return a file with the ids of its topics; one that another file has got has a mark of the file after it.

        A mark once given stays, though the other file may be gone: questions were learned under it.
        """
        mark = hashlib.blake2b("\0".join(place).encode(), digest_size=4).hexdigest()
        plain = list(stable_ids(document))
        marked = [f"{id_}-{mark}" for id_ in plain]
        held = list(self._holders(plain + marked))
        own = {id_ for id_, holder in held if holder == place}
        taken = {
            id_
            for id_, holder in held
            if holder != place
            and id_ in self._wanted.get(holder, {id_})
            and not (id_ in own and holder in self._wanted)  # two held it: it stays with the one that is read first
        }
        ids = [
            other if other in own or id_ in taken or id_ in self._given else id_
            for id_, other in zip(plain, marked, strict=True)
        ]
        self._given.update(ids)
        topics = (replace(topic, id=id_) for topic, id_ in zip(document.topics, ids, strict=True))
        return replace(document, topics=tuple(topics))


def stable_ids(document: Document) -> Iterator[str]:
    """Yield an id for each topic that stays while the file's path and the topic's headings do.

    A topic's own id is kept as it is. Topics under the same headings are told apart by their order.
    """
    seen: Counter[str] = Counter()
    for topic in document.topics:
        key = f"{document.path}\0{topic.heading_path}"
        seen[key] += 1
        yield topic.id or hashlib.blake2b(f"{key}\0{seen[key]}".encode(), digest_size=8).hexdigest()
