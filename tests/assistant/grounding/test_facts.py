"""A hard fact stands in the source, or it is wrong."""

from __future__ import annotations

import pytest

from assistant.grounding import missing_facts

SOURCE = (
    "Ada runs `make all` in /srv/build every 12 hours, on version 3.11 of the tool, since 4 March 2024. It takes five "
    "minutes, reads config.toml and writes to https://example.org/log; MAX_JOBS is 8. Bern pays 1,200 euros."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "It takes 5 minutes and runs every twelve hours.",
        "Ada has used version 3.11 since 2024-03-04.",
        "`make all` reads `config.toml` in /srv/build.",
        "MAX_JOBS is eight, and the log is at https://example.org/log.",
        "It costs 1200 euro in Bern.",
        "The build is quick.",
    ],
)
def test_a_fact_of_the_source_is_found_however_it_is_written(sentence: str) -> None:
    assert missing_facts(sentence, SOURCE) == ()


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("It takes 15 minutes.", "15"),
        ("It takes five hours.", "five"),
        ("It runs on version 3.12.", "3.12"),
        ("It has run since 5 March 2024.", "2024-03-05"),
        ("Says Grace, it is quick, and so says Grace.", "Grace"),
        ("Run `make most`.", "make most"),
        ("It reads setup.toml.", "setup.toml"),
        ("It lies in /srv/builds.", "/srv/builds"),
        ("The log is at https://example.org/logs.", "https://example.org/logs"),
        ("Set MIN_JOBS to 8.", "MIN_JOBS"),
        ("The build costs 1,300 euros.", "1,300"),
        ("Use it with --force.", "--force"),
        ("Copy it to S3.", "S3"),
        ("The QA is quick.", "QA"),
    ],
)
def test_a_fact_that_the_source_lacks_is_named(sentence: str, missing: str) -> None:
    assert missing in missing_facts(sentence, SOURCE)


def test_capitals_make_no_names_in_a_language_that_gives_them_to_nouns() -> None:
    source = "Der Teig ruht im Kühlschrank, damit die Hefe langsam arbeitet und das Brot besser schmeckt."
    assert missing_facts("Im Kühlschrank wird der Geschmack besser.", source) == ()
