"""Facets of notes as links that narrow an answer and widen it again."""

from __future__ import annotations

import re

from assistant.discovery import Contents, Facet, Listed
from assistant.place import Place
from assistant.ui.filters import filters_html

CONTENTS = Contents((Listed(1, "a", "Bread", "Rye", "rye.md", 1),), {})
FACETS = [Facet("food", "folder:food", 8), Facet("#<b>rye</b>", 'tag:"<b>rye</b> bread"', 2)]


def links(place: Place) -> dict[str, tuple[Place, bool]]:
    found = re.findall(r'<a href="([^"]*)"([^>]*)>(.*?)</a>', str(filters_html(CONTENTS, [], place, FACETS)))
    return {label: (Place.of_link(link.replace("&amp;", "&")), "true" in current) for link, current, label in found}


def test_facet_narrows_the_place_and_escapes_what_notes_are_called() -> None:
    found = links(Place("knead"))
    assert found == {
        "food 8": (Place("knead", filter="folder:food"), False),
        "#&lt;b&gt;rye&lt;/b&gt; 2": (Place("knead", filter='tag:"<b>rye</b> bread"'), False),
    }


def test_chosen_facet_leads_back_out_and_one_that_was_typed_stays_to_be_taken_off() -> None:
    found = links(Place("knead", filter="folder:food after:2026-09"))
    assert found["food 8"] == (Place("knead", filter="after:2026-09"), True)
    assert found["after:2026-09"] == (Place("knead", filter="folder:food"), True)
