"""the address of a page <-> what it shows: the question, its filters, the topic that is open"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from index.records import SLOT_NAMED, Slot


@dataclass(frozen=True, slots=True)
class Place:
    """What a page shows; an empty field adds nothing to the address."""

    question: str = ""
    subject: str = ""
    slot: Slot | None = None
    topic: str = ""
    """The id of the topic that is open."""
    is_whole: bool = False
    """Whether the note of that topic is shown as a whole."""
    as_typed: bool = False
    """Whether no word of the question is to be taken for a misspelling."""
    filter: str = ""
    """Which notes are searched, as it is typed."""
    after: str = ""
    """The question before it, in full, with which it is read where it leans on that one."""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Place:
        """Return the place that an address names; what it cannot mean is left out."""
        return cls(
            question=parameters.get("q", "").strip(),
            subject=parameters.get("subject", ""),
            slot=SLOT_NAMED.get(parameters.get("slot", "").lower()),
            topic=parameters.get("topic", ""),
            as_typed=parameters.get("typed") == "1",
            is_whole=parameters.get("whole") == "1",
            filter=parameters.get("filter", "").strip(),
            after=parameters.get("after", "").strip(),
        )

    @classmethod
    def of_link(cls, link: str) -> Place:
        """Return the place that a link within the pages leads to.

        >>> Place.of_link("?q=what+is+GitOps%3F&slot=what") == Place("what is GitOps?", slot="What")
        True
        """
        return cls.of(dict(parse_qsl(link.partition("?")[2])))

    @property
    def parameters(self) -> dict[str, str]:
        """The same as an address holds it."""
        slot = self.slot.lower() if self.slot else ""
        named = {"q": self.question, "subject": self.subject, "slot": slot, "topic": self.topic}
        named |= {"whole": "1" if self.is_whole else "", "typed": "1" if self.as_typed else "", "after": self.after}
        named["filter"] = self.filter
        return {name: value for name, value in named.items() if value}

    @property
    def link(self) -> str:
        """A link that leads here from any place of the same page."""
        return f"?{urlencode(self.parameters)}"

    def opening(self, topic: str) -> Place:
        """Return the same place with a topic open."""
        return replace(self, topic=topic, is_whole=False)

    @property
    def whole(self) -> Place:
        """The same place with the note of the open topic shown as a whole."""
        return replace(self, is_whole=True)

    @property
    def closed(self) -> Place:
        """The same place with no topic open."""
        return self.opening("")
